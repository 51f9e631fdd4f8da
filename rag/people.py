"""Who a question names: a speaker, whose words alone may answer, or somebody who does not speak.

A name counts as a speaker's when every word of it fits one speaker's name, so "Keith Richards" is
not Keith Mines. One typing slip is allowed where the sentence expects a name ("does Cardad say") or
where the word is too long to be another one by chance.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.fold import fold
from rag.language import FUNCTION_WORDS, Language
from rag.slips import KEPT, apart, begins, near

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")
_HONORIFICS = frozenset(
    """
    mr mrs ms miss dr prof professor ambassador sir madam sra sr señor señora
    """.split()
)

# Words that are never a name, so that a name ends before them and does not begin with them.
_NEVER = frozenset(
    """
    a an the and or but of in on at to for from by with about as is are was were be been do does
    did has have had will would can could should may might must what which who whom whose when
    where why how that this these those it its he she they them him her his their we us our you
    your i me my not no yes if so than then there here say says said saying think thinks thought
    believe believes view views opinion opinions position stance take mention mentions mentioned
    tell according please also any anyone anybody everyone everybody someone somebody people
    person experts expert speaker speakers article interview interviewer interviewee text author
    authors both either each one ones side sides all some other others else ever really actually
    exactly just only still now today give show find quote quotes summarize summarise explain
    describe compare ask answer anything something nothing everything country countries
    government question hi hello hey thanks dear besides except than apart
    """.split()
)
_SPEECH = (
    r"(?:say|think|believe|argue|claim|mention|suggest|recommend|describe|explain|note|feel|see|view|"
    r"propose|predict|warn|expect|mean|suppose|advise|assess|stress|discuss|talk|speak|comment|tell|"
    r"state|characteri[sz]e|address|cite|want|advocate|favou?r|call|give|respond|answer|reckon|"
    r"make of|point out|raise|identify|list|name|frame|judge|rate|urge|see)"
)
_X = r"(?P<x>[^\W\d_][\w.’'-]*(?: [^\W\d_][\w.’'-]*){0,3}?)"
_OPINION = (
    r"(?:(?:view|opinion|position|stance|thought|comment|assessment|perspective|word|quote|statement|"
    r"remark|argument|analysis|answer|advice|recommendation)s?|take|analyses)"
)
_AUXILIARY = r"(?:do|does|did|would|has|have|had|can|could|is|was|will|should)"
_ASKS = r"(?:what|who|how|why|when|where|which|is|are|was|did|does|do|should|would)"
_SAYS = r"(?:says|said|thinks|thought|believes|argue[sd]|(?:mention|claim|suggest|recommend)(?:s|ed))"
# Only a person does these, so even a lower-case word before them is one: "does trump say".
_PERSONAL = re.compile(
    r"\W+(?:really |actually |also |ever )*(?:say|think|believe|argue|claim|suggest|recommend)", re.I
)
# Places where a name is the one whose words are wanted.
_ATTRIBUTED = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        # does X say
        rf"\b{_AUXILIARY} {_X} (?:really |actually |also |ever |even )*{_SPEECH}(?:s|d|ed|ing|n)?\b",
        # according to X
        rf"\baccording to {_X}(?=[,?.!:;]|$| {_ASKS}\b)",
        # X's view
        rf"(?:^|\b(?:what|how|is|are|was|were|to|of|on|and|about|me|give|with|summari[sz]e|in) )"
        rf"(?:is |are |was |were )?{_X}(?:['’]s?|s['’])? (?:own )?{_OPINION}\b",
        # the view of X
        rf"(?<!['’]s )(?<!s['’] )\b{_OPINION} (?:of|by|from) {_X}"
        r"(?=[,?.!:;]|$| (?:on|about|regarding|concerning)\b)",
        # what X says
        rf"(?:^|\b(?:what|why|how|when|where|that) ){_X} {_SAYS}\b",
        # what about X, and X, who is X
        rf"^(?:(?:and|but|so|ok|okay) )?(?:what|how) about {_X}\??$",
        rf"^(?:and|but|ask|only) {_X}(?:,|\?|$)",
        rf"^who (?:is|was) {_X}\??$",
    )
)
_ONE = re.compile(r"(?i)\bdoes $")
_EXCLUDED = re.compile(r"(?i)\b(?:besides|except(?: for)?|other than|apart from|aside from|but not|not)\s+$")
# Lower-case words after these are no names: "the mines", "are there mines".
_DETERMINERS = frozenset(
    """
    the a an these those any some many more most few no which there all its their our his her my
    your
    """.split()
)

_COMPOUNDS = frozenset("land gold coal silver copper iron salt diamond sea anti-personnel".split())

# Capitalised words inside a sentence; at its start a capital tells nothing.
_CAPITALS = re.compile(r"(?<=[^.?!:] )[^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w’'-]+)*")
# Words that begin alike are one name: "Russians" and "Russia", "Chinese" and "China".
ROOT = 4
# Seats of government that stand for the government itself, which a text may name otherwise.
_SEATS = frozenset(
    """
    washington moscow kremlin beijing brussels london paris berlin madrid rome tehran ankara havana
    bogota brasilia lima quito caracas white house pentagon capitol hill oval office
    """.split()
)


def _spanish(pattern: str) -> re.Pattern[str]:
    """The pattern for text in any case, typed with its accents or without."""
    plain = {"á": "[aá]", "é": "[eé]", "í": "[ií]", "ó": "[oó]", "ú": "[uú]"}
    return re.compile("".join(plain.get(letter, letter) for letter in pattern), re.I)


_DICE = (
    r"(?:dice|dijo|ha dicho|piensa|pensaba|cree|opina|sostiene|afirma|argumenta|sugiere|recomienda|propone|"
    r"aconseja|asegura|advierte)"
)
_DICEN = (
    rf"(?:{_DICE}|dicen|dijeron|han dicho|piensan|creen|opinan|sostienen|afirman|argumentan|sugieren|"
    r"recomiendan|proponen|aconsejan|aseguran|advierten|menciona[n]?|describen?|explican?|señalan?|ven?|"
    r"consideran?|predicen?|esperan?|evalúan?|subrayan?|destacan?|habla[n]?|comentan?|quieren?|defienden?|"
    r"responden?|citan?|califican?|juzgan?|entienden?)"
)
_Y_SIGUE = (
    r"(?=[,?.!:;)]|$| (?:sobre|de|del|acerca|respecto|en|con|a|al|que|para|por|el|la|los|las|cuando|si)\b)"
)
_OPINIÓN = (
    r"(?:opini[oó]n|opiniones|postura|posición|visión|punto de vista|análisis|valoración|comentarios?|"
    r"palabras|argumentos?|recomendación|recomendaciones|respuestas?|tesis|juicio|perspectiva)"
)
_ATTRIBUTED_ES = tuple(
    _spanish(pattern)
    for pattern in (
        # qué dice X sobre
        rf"\b{_DICEN} {_X}{_Y_SIGUE}",
        # lo que X dice, ¿X cree que …?
        rf"(?:^[¿¡]?|\b(?:qué|cómo|cuándo|dónde|si) ){_X} (?:no |también |realmente )?{_DICEN}\b",
        # según X
        rf"\b(?:según|de acuerdo con|a juicio de|en opinión de) {_X}"
        r"(?=[,?.!:;]|$| (?:qué|cómo|cuál|cuáles|cuándo|cuánt[ao]s?|quién|quiénes|dónde|por|hay|es|son)\b)",
        # la opinión de X sobre
        rf"\b{_OPINIÓN} (?:de|que tiene) {_X}{_Y_SIGUE}",
        # ¿y X?, ¿quién es X?
        rf"^[¿¡]?(?:y|e|pero|qué hay de|qué pasa con|pregúnta(?:le)? a|solo|quién es|quién era) {_X}\??$",
    )
)
_DETERMINERS_ES = frozenset(
    """
    el la los las un una unos unas este esta estos estas ese esa esos esas su sus nuestra nuestro
    mucha muchas mucho muchos poca pocas pocos mas hay sin cada otra otras otro otros de
    """.split()
)
# Spanish words that a capital does not make a name: those that ask, join and say, and offices.
_NEVER_ES = FUNCTION_WORDS["es"] | frozenset(
    fold(word)
    for word in """
    señor señora don doña doctor doctora embajador presidente presidenta ministro ministra papa rey
    gobierno estado país países nación gente persona personas experto expertos experta expertas
    analista analistas autor autora autores artículo entrevista entrevistas entrevistado entrevistados
    entrevistador texto opinión opiniones postura posición visión pregunta respuesta cita citas
    palabras acuerdo ambos ninguno alguien nadie dime dame explica explíqueme háblame hable resume
    resuma resumen muestra muéstrame compara describe menciona mencionan cree creen dicho asamblea
    nacional constitución congreso parlamento ministerio tribunal supremo corte suprema senado partido
    banco central mundial fondo monetario internacional departamento tesoro consejo electoral iglesia
    guerra fría fuerzas armadas ejército oposición norte sur este oeste oriente occidente mar río
    siento quisiera quiero saber necesito existe existen ocurre ocurrió pasa pasó sucede según
    """.split()
)
# What a Spanish question calls places and bodies whose English names do not begin alike.
_NAMES_ES = {
    fold(spanish): english
    for spanish, english in re.findall(
        r"(\S+)=(\S+)",
        """
        alemania=germany españa=spain inglaterra=england reino=kingdom unido=united unidos=united
        unidas=united estados=states naciones=nations unión=union turquía=turkey ucrania=ukraine
        suiza=switzerland suecia=sweden noruega=norway bélgica=belgium grecia=greece polonia=poland
        hungría=hungary japón=japan corea=korea filipinas=philippines egipto=egypt marruecos=morocco
        argelia=algeria sudáfrica=africa latinoamérica=latin sudamérica=america norteamérica=america
        hispanoamérica=america brasil=brazil siria=syria líbano=lebanon jordania=jordan nueva=new
        caribe=caribbean ginebra=geneva onu=un otan=nato oea=oas eeuu=us ee=us uu=us ue=eu fmi=imf
        bid=idb opep=opec cpi=icc colombiano=colombia esequibo=essequibo casa=white blanca=house
        moscú=moscow pekín=beijing bruselas=brussels londres=london parís=paris habana=havana
        teherán=tehran pentágono=pentagon capitolio=capitol roma=rome china=china irán=iran
        """,
    )
}


@dataclass(frozen=True, slots=True)
class _Grammar:
    """How a language shows whom a question is about."""

    attributed: tuple[re.Pattern[str], ...]
    never: frozenset[str]
    determiners: frozenset[str]
    excluded: re.Pattern[str]  # before a name whose words are not wanted
    one: re.Pattern[str]  # before a name that must be one person's
    personal_before: re.Pattern[str]  # only a person does these
    personal_after: re.Pattern[str]
    joins: frozenset[str] = frozenset()  # words between two names
    guesses: bool = True  # a lower-case word anywhere may be a slip of a name


_NOTHING = re.compile(r"(?!)")
_ENGLISH = _Grammar(
    *(_ATTRIBUTED, _NEVER, _DETERMINERS, _EXCLUDED, _ONE, _NOTHING, _PERSONAL),
    joins=frozenset({"and", "or"}),
)
# "Calidad" and "minas" are a letter from "Caridad" and "Mines", and no English vocabulary has them.
_SPANISH = _Grammar(
    attributed=_ATTRIBUTED_ES,
    never=_NEVER_ES,
    determiners=_DETERMINERS_ES,
    excluded=_spanish(r"\b(?:además de|excepto|salvo|aparte de|menos|pero no|que no sea|no)\s+$"),
    one=_spanish(rf"\b{_DICE} $"),
    personal_before=_spanish(rf"\b{_DICE} $"),
    personal_after=_spanish(rf"\W+(?:no |también )?{_DICE}\b"),
    joins=frozenset({"y", "e", "o", "u", "ni"}),
    guesses=False,
)


def _grammar(language: Language) -> _Grammar:
    """The grammar of a language; one without its own has English's, and its own words to ask with."""
    if language in ("en", "es"):
        return _SPANISH if language == "es" else _ENGLISH
    return replace(_ENGLISH, never=_NEVER | FUNCTION_WORDS[language], guesses=False)


def _other_names(asked: Language, told: Language) -> Mapping[str, str] | None:
    """Names of places as the articles' language has them, or None where they cannot be compared."""
    if asked == told:
        return None if asked == "de" else {}  # German begins every noun with a capital
    return _NAMES_ES if (asked, told) == ("es", "en") else None


# Names of fewer letters than this are too near to other words for a slip to be told; names of just
# as many need a place for a name.
SHORTEST_SLIP = 3
# The shortest word of the articles that a name in the question may be a slip of.
LONG_WORD = 5


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a question names. `speakers` are full names; `stranger` is nobody known here, as typed.

    `asker` is the full name of somebody whose words are wanted and who only asks.
    """

    speakers: frozenset[str]
    stranger: str | None
    rest: str  # the question without the speakers' names
    absent: str | None = None  # a name in the question that the articles never mention, as typed
    asker: str | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive words of the question that may name one person."""

    start: int
    end: int
    words: tuple[str, ...]
    typed: str
    attributed: bool
    one: bool = False  # the verb shows that it is one person: "does … say"


@dataclass(frozen=True, slots=True)
class _Roster:
    """What names tell by themselves, whatever is asked: the words of each, and who has a word."""

    words: Mapping[str, tuple[str, ...]]
    holders: Mapping[str, tuple[str, ...]]
    parts: frozenset[str]

    def near(self, word: str) -> set[str]:
        """The words of names that a word may be a slip of."""
        return _near(word, self.parts)

    def like(self, words: Sequence[str]) -> Iterable[str]:
        """The names that can fit these words: those with the first of them, or one a slip away."""
        whole = next((word for word in words if len(word) > 1 or len(words) == 1), None)
        if whole is None:
            return self.words  # initials alone
        return {name for part in {whole, *self.near(whole)} for name in self.holders.get(part, ())}


@lru_cache(KEPT)
def _roster(names: tuple[str, ...]) -> _Roster:
    """What these names tell: in an archive they are too many to be looked at anew for each question."""
    words = {name: _name_words(name) for name in names}
    holders: dict[str, list[str]] = {}
    for name, own in words.items():
        for part in own:
            holders.setdefault(part, []).append(name)
    return _Roster(words, {part: tuple(held) for part, held in holders.items()}, frozenset(holders))


def named(
    question: str,
    speakers: Sequence[str],
    known: Set[str],
    is_word: Callable[[str], bool],
    asked: Language = "en",
    told: Language = "en",
    askers: Sequence[str] = (),
) -> Named:
    """Whom the question names. `known` are the folded words of the articles' own text.

    `askers` are those who only ask the questions: their names count where words of theirs are wanted.
    `is_word` tells an ordinary word (folded) from one that can only be a slip or a name; `asked` is
    the question's language, `told` the articles'.
    """
    grammar = _grammar(asked)
    ordinary = is_word if grammar.guesses else lambda word: True
    found: dict[str, bool] = {}
    spans: list[tuple[int, int]] = []
    stranger: str | None = None
    asker: str | None = None
    excluded: frozenset[str] = frozenset()
    cast, asking_cast = _roster(tuple(speakers)), _roster(tuple(askers))
    known = frozenset(known)
    for run in _runs(question, _roster((*speakers, *askers)), known, grammar):
        who = _who(run, cast, ordinary)
        if who and not _is_common_noun(run, question, grammar):
            spans.append((run.start, run.end))
            if grammar.excluded.search(question[: run.start]):
                excluded |= who
                continue
            for name in who:
                found[name] = found.get(name, False) or run.attributed
        elif run.attributed and len(asking := _who(run, asking_cast, lambda word: True)) == 1:
            spans.append((run.start, run.end))
            (asker,) = asking
        elif stranger is None and _is_stranger(run, question, cast.parts, known, grammar):
            stranger = run.typed
    if len(found) > 1 and (subjects := {name for name, attributed in found.items() if attributed}):
        found = dict.fromkeys(subjects, True)
    if excluded and not found:
        found = dict.fromkeys(set(speakers) - excluded, False)
    rest = question
    for start, end in sorted(spans, reverse=True):
        rest = rest[:start] + rest[end:]
    rest = re.sub(r"(?:^|\s+)(?:['’]s?|s['’])(?=\s|$)", "", rest)
    rest = " ".join(rest.split()).lstrip(",:; ")
    names = _other_names(asked, told)
    absent = None if names is None else _absent(rest, known, grammar.never, names)
    if found:
        return Named(frozenset(found), None, rest, absent)
    return Named(frozenset(), None if asker else stranger, rest, absent, asker)


def speaker_named(name: str, speakers: Sequence[str]) -> frozenset[str]:
    """The speakers that a name alone can mean: surname, first name or both, any case, one slip."""
    words = _name_words(name)
    run = _Run(0, len(name), words, name, attributed=True, one=True)
    return _who(run, _roster(tuple(speakers)), lambda word: False) if words else frozenset()


def _runs(question: str, cast: _Roster, known: Set[str], grammar: _Grammar) -> list[_Run]:
    """Stretches of the question that may name somebody, in order; attributed ones come first."""
    runs: list[_Run] = []
    for pattern in grammar.attributed:
        for match in pattern.finditer(question):
            runs.extend(_split(question, *match.span("x"), cast.parts, grammar, attributed=True, known=known))
    shouting = _shouts(question)
    start = end = -1
    for match in _WORD.finditer(question):
        word = _bare(match.group())
        exact = word in cast.parts
        capital = match.group()[0].isupper() and not shouting and word not in grammar.never
        slip = (
            grammar.guesses
            and word not in known
            and any(len(part) > SHORTEST_SLIP for part in cast.near(word))
        )
        if not (exact or capital or slip):
            continue
        if end >= 0 and question[end : match.start()] == " " and (capital or exact):
            end = match.end()
            continue
        if end >= 0:
            runs.extend(_split(question, start, end, cast.parts, grammar, attributed=False, known=known))
        start, end = match.span()
    if end >= 0:
        runs.extend(_split(question, start, end, cast.parts, grammar, attributed=False, known=known))
    kept: list[_Run] = []
    for run in runs:
        if not any(run.start < other.end and other.start < run.end for other in kept):
            kept.append(run)
    return kept


def _split(
    question: str,
    start: int,
    end: int,
    parts: Set[str],
    grammar: _Grammar,
    *,
    attributed: bool,
    known: Set[str],
) -> list[_Run]:
    """The runs in a stretch: cut at words that are never a name, and at topics of the article."""
    runs: list[_Run] = []
    here: list[re.Match[str]] = []

    def close() -> None:
        if here:
            a, b = here[0].start(), here[-1].end()
            b -= question[a:b].endswith(".")
            b -= 2 * question[a:b].endswith(("'s", "’s"))
            words = tuple(_bare(match.group()) for match in here)
            words = tuple(word for word in words if word not in _HONORIFICS)
            if words:
                one = bool(grammar.one.search(question[:a]))
                runs.append(_Run(a, b, words, question[a:b], attributed, one))
            here.clear()

    for match in _WORD.finditer(question, start, end):
        word = _bare(match.group())
        never = word in grammar.never
        topic = not never and word in known and word not in parts
        if topic or never:
            if attributed and word not in grammar.joins:
                here.clear()  # "Maduro's dog" is one phrase about a topic, no name beside it
            attributed = attributed and not topic
            close()
            continue
        here.append(match)
    close()
    return runs


def _who(run: _Run, cast: _Roster, is_word: Callable[[str], bool]) -> frozenset[str]:
    """The speakers whose name fits every word of the run; the fewest slips win."""
    best: dict[str, int] = {}
    for name in cast.like(run.words):
        slips = _fit(run, cast.words[name], is_word)
        if slips is not None:
            best[name] = slips
    fewest = min(best.values(), default=0)
    return frozenset(name for name, slips in best.items() if slips == fewest)


def _fit(run: _Run, parts: tuple[str, ...], is_word: Callable[[str], bool]) -> int | None:
    """How many slips make the run a part of this name, or None when it is another's."""
    left, slips = list(parts), 0
    for word in run.words:
        initial = len(word) == 1 and len(run.words) > 1
        same = next((part for part in left if part == word or (initial and part[0] == word)), None)
        if same:
            left.remove(same)
            continue
        near = next((part for part in left if _slip(word, part)), None)
        if near is None or slips or not _may_slip(run, near, is_word(word)):
            return None
        left.remove(near)
        slips += 1
    return slips


def _may_slip(run: _Run, part: str, ordinary: bool) -> bool:
    """Whether a word near a name may be a slip in it, and not the word that it is ("miners")."""
    if len(run.words) > 1:
        return True
    if run.attributed:
        return not (ordinary and run.typed.islower()) or run.one
    return len(part) > SHORTEST_SLIP and not ordinary


def _is_common_noun(run: _Run, question: str, grammar: _Grammar) -> bool:
    """Whether a lower-case word that looks like a surname is none: "the mines", "land mines"."""
    plain = run.typed.islower() or _shouts(question)
    if len(run.words) > 1 or not plain:
        return False
    before = [_bare(match.group()) for match in _WORD.finditer(question[: run.start])]
    return bool(before) and (before[-1] in grammar.determiners or before[-1] in _COMPOUNDS)


def _is_stranger(run: _Run, question: str, parts: Set[str], known: frozenset[str], grammar: _Grammar) -> bool:
    """Whether the run names a person who neither speaks nor is spoken of."""
    if any(word not in parts and _is_known(word, known) for word in run.words):
        return False
    capitals = all(word[0].isupper() for word in run.typed.split())
    shares_a_name = len(run.words) > 1 and capitals and any(word in parts for word in run.words)
    before = question[: run.start].split()
    after_determiner = bool(before) and fold(before[-1]) in grammar.determiners
    if run.attributed and run.typed.islower():
        does = grammar.personal_after.match(question, run.end)
        done = grammar.personal_before.search(question[: run.start])
        return bool(does or done) and not after_determiner
    return (run.attributed or shares_a_name) and not after_determiner


def _absent(question: str, known: frozenset[str], never: Set[str], names: Mapping[str, str]) -> str | None:
    """The first name in the question that is nowhere in the articles: capitals inside a sentence.

    `names` are the articles' own words for what the question calls otherwise.
    """
    if _shouts(question):
        return None
    for name in _CAPITALS.finditer(question):
        bare = (_bare(match.group()) for match in _WORD.finditer(name.group()))
        words = [names.get(word, word) for word in bare]
        if not any(word in never or word in _SEATS or _is_known(word, known) for word in words):
            return name.group().removesuffix("'s").removesuffix("’s")
    return None


def _is_known(word: str, known: frozenset[str]) -> bool:
    """Whether the articles have the word, one that begins alike, or one a typing slip away."""
    root = word[:ROOT]
    return (
        word in known
        or (len(root) == ROOT and begins(root, known))
        or (len(word) >= LONG_WORD and bool(_near(word, known)))
    )


def _name_words(name: str) -> tuple[str, ...]:
    words = (_bare(match.group()) for match in _WORD.finditer(name))
    return tuple(word for word in words if word not in _HONORIFICS)


def _bare(word: str) -> str:
    """Folded, without a possessive or a full stop."""
    return fold(word).removesuffix(".").removesuffix("'s").removesuffix("'")


def _slip(word: str, part: str) -> bool:
    """Whether one letter added, lost, changed or swapped makes one of the other."""
    return min(len(word), len(part)) >= SHORTEST_SLIP and apart(word, part)


def _near(word: str, known: frozenset[str]) -> set[str]:
    """The known words that a word may be a slip of."""
    return {each for each in near(word, known) if min(len(word), len(each)) >= SHORTEST_SLIP}


def _shouts(question: str) -> bool:
    """Whether capitals tell nothing: all capitals, or Every Word Begins With One."""
    words = [match.group() for match in _WORD.finditer(question)]
    capital = sum(word[0].isupper() for word in words)
    long = [word for word in words if len(word) > 1]
    return len(words) > 2 and (capital > 0.8 * len(words) or all(word.isupper() for word in long))
