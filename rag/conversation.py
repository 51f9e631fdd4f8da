"""A follow-up to the question it stands for, from the questions before it. English and Spanish, by rules.

A follow-up leaves something out: its topic ("why?"), all but its topic ("and oil?"), or a name behind
a pronoun ("when did they meet?"). What it leaves out is taken from the question before it, which was
itself understood in the same way. A question with a topic of its own is never touched.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.fold import fold
from rag.language import language_of
from rag.people import named, speaker_named
from rag.slips import KEPT
from rag.smalltalk import kind_of

# A conversation hardly turns on what was asked longer ago than this.
REMEMBERED = 20
# An earlier question is shown and searched up to here; more would outweigh the new one.
LONGEST_TOPIC = 300
# "And" with more words than this behind it is a statement, no topic.
LONGEST_FRAGMENT = 6
# A question of so many words of its own is found without what its "this" points to.
ENOUGH = 5
# Among more speakers than this a "she" does not tell who is meant.
MOST_NEAR = 8
# A name or a thing of more words than this does not take a pronoun's place.
LONGEST_NAME = 5

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’-][^\W_]+)*")
_LEAD = re.compile(
    r"(?i)^[\s¿¡]*(?P<lead>(?:(?:and|but|or|so|ok|okay|well|then|also|now|oh|ah|right|yes|please|"
    r"thanks|thank you|thx|great|gracias|no(?=,)|sorry|i meant?|rather|"
    r"y|pero|entonces|bueno|pues|vale|ahora|sí|perdón|digo|quiero decir)\b[\s,.…¿¡-]*)*)"
)
# Behind "and oil?", "no, oil", "I meant oil" stands a topic and no statement.
_JOINED = re.compile(r"(?i)\b(?:and|but|or|no|sorry|i meant?|rather|y|pero|perdón|digo|quiero decir)\b")
# "What about oil?", "¿Y qué hay del petróleo?": what stands behind is the new topic.
_ABOUT = re.compile(
    r"(?i)^(?:(?:what|how) about|what if it is|qu[eé] (?:hay|pasa|tal|me dices|dices|ocurre|sucede)"
    r"(?: (?:del?|con|sobre|acerca del?)\b)?)\s*"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ASKING = _set(
    """
    what who whom whose which when where why how
    que quien quienes cual cuales cuando donde adonde como cuanto cuanta cuantos cuantas
    """
)
_AUXILIARY = _set(
    """
    do does did is are was were be been being am has have had will would can could should may might
    must shall isn't aren't wasn't weren't don't doesn't didn't hasn't haven't won't wouldn't can't
    couldn't shouldn't
    es son fue fueron era eran sera serian seria esta estan estaba estaban estuvo estuvieron ha han
    habia habian hay hubo habra puede pueden podria podrian debe deben deberia ser estar haber
    """
)
_JOINING = _set(
    """
    a an the of to in on at by for with from about as and or but if than into over up out off during
    through between among because like under
    el la los las un una unos unas de del al en con por para sobre segun desde hasta y e o u pero si
    sin entre acerca respecto porque bajo
    """
)
_PERSON = _set("he she him her his hers ella")
_PEOPLE = _set("they them their theirs ellos ellas le les su sus suyo suya")
_THING = _set("it its ello lo")
_POINTING = _set(
    "this that these those eso esto esos esas esa ese este estos estas aquello aquel aquella aquellos"
)
_PLACE = _set("there alli ahi alla")
_SUBJECT = _set("he she they it ella ellos ellas ello")
_OWNING = _set("his hers their theirs its su sus suyo suya")
_PRONOUNS = _PERSON | _PEOPLE | _THING | _POINTING | _PLACE
_SAYING = _set(
    """
    say says said saying think thinks thought thinking believe believes believed argue argues argued
    mention mentions mentioned claim claims claimed suggest suggests suggested agree agrees agreed
    agreeing disagree disagrees disagreed comment comments commented tell tells told talk talked
    feel feels felt see sees saw speak speaks spoke explain explains explained note notes noted
    describe describes described view views opinion opinions position stance take perspective according
    recommend recommends recommended expect expects expected propose proposes proposed
    compare compares compared contrast differ differs compara comparar comparalos comparalas
    dice dicen dijo dijeron decir digan piensa piensan penso pensaba pensar opina opinan opino opinar cree
    creen creyo creer afirma afirman afirmo sostiene sostienen menciona mencionan menciono comenta
    comentan comento explica explican explico opinion opiniones postura vision coincide coinciden
    propone proponen recomienda recomiendan describe describen
    """
)
# When something is, told from what was asked before; it is kept when the earlier question is taken up.
_WHEN = _set(
    """
    today now then before after afterwards afterward later earlier next since until till previously
    ago ever yet already still
    hoy ahora antes despues luego entonces siguiente posteriormente anteriormente todavia aun ya
    """
)
_FURTHER = _set(
    """
    else more another other others further additional elaborate continue
    mas otro otra otros otras ademas continua continue sigue seguir
    """
)
_EMPTY = _set(
    """
    not no yes so too very also just only really actually exactly again here please back
    most much many both all any some each such same own every anything something nothing anyone
    anybody everyone everybody someone thing things one ones first second third last former latter
    happen happens happened happening come comes came go goes went going on mean means meant meaning know
    knows true sure certain correct repeat give show me you i we us your my let's can't keep come
    long often far soon example instance idea
    himself herself itself themselves
    si no tambien solo muy aqui mucho mucha muchos muchas ambos ambas todo todos toda todas algo nada
    alguien alguno alguna algunos cada mismo misma cosa cosas primero primera segundo segunda tercero
    ultimo ultima pasa paso pasaba ocurre ocurrio sucede sucedio significa verdad seguro cierto
    correcto repite repetir exactamente se me nos te yo tu usted dime ejemplo tanto tanta tantos tantas tan
    menos eh cuentame hablame sabe saber
    """
)
_NO_TOPIC = _ASKING | _AUXILIARY | _JOINING | _PRONOUNS | _SAYING | _WHEN | _FURTHER | _EMPTY
# Nouns that name the kind of answer wanted: "what year?", "which countries?".
_HOW_MUCH = _set("how cuanto cuanta cuantos cuantas como than")
_ANSWER_KIND = _set(
    """
    year years month day days date time place city country countries people person persons percent
    percentage share number numbers amount name names kind kinds sort type way ways extent reason
    reasons purpose cause causes examples detail details result results consequence consequences effect
    effects evidence proof source sources difference quote quotes part side terms
    conditions speaker speakers expert experts
    ano anos mes dia dias fecha hora lugar ciudad pais paises gente persona personas porcentaje numero
    cantidad nombre nombres tipo forma manera razon razones motivo motivos causa causas ejemplos detalle
    detalles resultado resultados consecuencia consecuencias prueba pruebas fuente fuentes diferencia
    cita citas medida
    """
)
# Given names that go with one of "he" and "she", so that neither is taken for the wrong speaker. One
# that is not here, or goes with both, decides nothing.
_MEN = _set(
    """
    keith john james robert michael william david richard joseph thomas charles daniel matthew anthony mark
    paul steven andrew kenneth george joshua kevin brian edward ronald timothy jason jeffrey ryan jacob
    gary nicholas eric jonathan stephen larry justin scott peter philip henry frank simon martin
    juan jose luis carlos jorge pedro miguel antonio manuel francisco javier alejandro rafael fernando
    diego pablo sergio andres ricardo eduardo roberto nicolas hugo ahmed mohammed ali omar hassan ivan
    """
)
_WOMEN = _set(
    """
    ana anna mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy margaret
    emily michelle amanda melissa deborah stephanie rebecca laura helen sharon cynthia kathleen amy angela
    anne ruth katherine catherine christine samantha janet julia emma olivia sophia jane alice rachel
    maria carmen isabel lucia elena rosa teresa pilar marta cristina paula beatriz silvia gabriela
    daniela valentina mariana carolina natalia fatima aisha olga irina
    """
)
# Where one clause ends and the next begins, so that a pronoun may mean what stands before.
_BOUNDARY = _set(
    """
    that if because when before after and but or to while although though until who which whether where
    que si porque cuando antes despues y pero o para mientras aunque hasta quien donde
    """
)
_NUMBERS = _set(
    """
    two three four five six seven eight nine ten few several dos tres cuatro cinco seis siete ocho nueve
    diez unos hace
    """
)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_MANY = _set("people both two police government opposition administration sides gente gobierno oposicion")
_SOMEBODY = _set(
    """
    president leader minister man woman official ambassador envoy head chief candidate prisoner ally
    somebody someone anybody anyone person
    presidente presidenta lider ministro ministra hombre mujer embajador enviado jefe candidato preso
    aliado persona
    """
)
_DETERMINERS = _set("the a an this that these those el la los las un una")
_BEFORE_A_PLACE = _DETERMINERS | _set("in from to at into en desde a hacia")
# Nouns behind "this" that point to the day or to the page and not to an earlier question.
_HERE_AND_NOW = _set(
    """
    year month week day time moment point article interview text page piece conversation century
    decade days weeks times
    ano mes semana dia momento articulo entrevista texto pagina
    """
)
# "Why", "since when", "by how much": these go before a yes-or-no question and make a whole one of it.
_OPENS = re.compile(
    r"(?P<opens>why|when|where|how|(?:since|until|till) when|(?:for )?how (?:long|often|soon)|by how much|"
    r"(?:with|to|from|by|for) whom|in what way|to what extent|for what (?:reason|purpose)|"
    r"por que|cuando|donde|como|(?:desde|hasta) cuando|para que|con quien|a quien|de que (?:manera|forma)|"
    r"cuanto tiempo|desde donde|adonde)"
    r"(?: (?:so|exactly|is|was|are|were|did|does|do|has|has been|it|this|that|they|he|she|"
    r"happen|happened|exactamente|es|fue|eso|esto|asi|ha sido|paso|ocurrio))*"
)
_SAME_WORD = {"how so": "how", "how come": "why", "what for": "why", "como asi": "como"}
_SPEECH = (
    r"(?:say|think|believe|argue|claim|mention|suggest|recommend|describe|explain|note|feel|see|view|"
    r"propose|expect|agree|disagree|comment|talk|speak|make of)"
)
_THEIR_VIEW = r"(?:views?|opinions?|position|stance|take|perspective|assessment|advice|words?|argument)"
# A person whose words are wanted, by pronoun: "what does she say", "his view", "¿qué opina sobre".
_SPEAKS = re.compile(
    rf"(?i)\b(?:do|does|did|would|has|have|had|can|could|is|was) (?P<en>he|she) "
    rf"(?:really |actually |also |ever |even )*{_SPEECH}(?:s|d|ed|ing|n)?\b"
    rf"|\baccording to (?P<to>him|her)\b|\b(?P<own>his|her) {_THEIR_VIEW}\b"
    r"|\b(?P<says>he|she) (?:says|said|thinks|thought|believes|argue[sd]|mentions|mentioned)\b"
    r"|\bsegún (?P<segun>él|ella)\b|\b(?P<su>su) (?:opinión|opinion|postura|visión|posición)\b"
    r"|\b(?:dice|piensa|opina|cree|menciona|comenta|propone|recomienda)(?P<es> él| ella)?"
    r"(?= (?:sobre|de|del|acerca|al respecto|respecto)\b|\s*\?*$)"
)
# "What do they say", "what does it say": the speakers or the article, whoever was asked about before.
_ALL_SPEAK = re.compile(
    rf"(?i)\b(?:do|does|did|would|has|have|can) (?:they|it|this) "
    rf"(?:really |actually |also |ever |even )*{_SPEECH}(?:ed|d)?\b|\b(?:dicen|opinan|piensan)\b|"
    r"\bcompare (?:them|both)\b"
)
# What is asked of all who speak, though the question before was put to one: "do they agree?", "compare".
_OF_ALL = re.compile(
    r"(?i)\b(?:compare|contrast|versus|vs|side by side|comp[aá]ra(?:r|los|las)?|lado a lado|ambos|los dos|"
    r"est[aá]n de acuerdo|coinciden|discrepan|difieren|dicen|opinan|piensan|"
    rf"(?:they|both|the two)(?: of them)? (?:\w+ )?{_SPEECH}|(?:they|both|the two)(?: of them)? differ)\b"
)
# "It" that means nothing: what it is stands behind, "would it take to fix …", "is it true that …".
_IT_IS_BEHIND = re.compile(r"(?i)\bit\b[^?]*\b(?:to|that|if|whether|for)\s+\w")
# Spanish leaves a subject out: nothing but a verb stands behind these words, "¿cuándo se reunieron?".
_VERB_ALONE = re.compile(
    r"^(?:(?:desde|hasta|a|de|con|para|por) )?(?:cuando|donde|adonde|como|por que|para que|que|quien|"
    r"cuantos|cuantas|cuanto)(?: no)?(?: (?:se|lo|la|los|las|le|les|nos))*"
    r" (?:(?:ha|han|habia|habian|fue|fueron|esta|estan|estaba|estaban) )?"
    r"(?P<verb>[^\W\d_]+(?:aron|ieron|aban|ian|an|en|aba|ia|ado|ido|o|a|e))"
    r"(?: (?:ahora|hoy|entonces|despues|antes|alli|ahi|exactamente|ya))*$"
)
_CLITIC = re.compile(
    r"\b(?:quien|quienes|cuantos|cuantas|cuanto|que|cuando|donde|como|no|se) (?P<clitic>lo|la|los|las)"
    r" [^\W\d_]+(?: (?:ahora|hoy|entonces|ya|alli))?$"
)
# "What does X say about" takes a new topic behind it.
_FRAME = re.compile(
    r"(?i)^(?P<frame>.*\b(?:say|says|said|think|thinks|thought|view|views|opinion|position|stance|feel|talk|"
    r"mention|agree|disagree|differ|dice|dicen|piensa|piensan|opina|opinan|opinión|dijo|acuerdo|coinciden|"
    r"discrepan)\b.*?\b(?:about|on|of|over|regarding|concerning|sobre|de|en|acerca de|respecto a)) "
    r"(?P<topic>.+?)[\s?!.]*$"
)
_PREPOSITION = re.compile(
    r"(?i)^(?P<word>in|on|at|from|with|by|since|for|to|about|en|de|desde|con|por|para|sobre) "
)

# Where the one who is asked now takes the place of all who were asked before.
_THEY = re.compile(
    r"(?i)\b(?P<do>do|did|does|have|are) (?:they|both(?: of them)?|the (?:two )?(?:speakers|experts))\b"
)
_DICE = r"(?P<dice>dice|piensa|opina|cree|propone|recomienda)"
_DICEN = re.compile(rf"(?i)\b{_DICE}n\b(?: (?:ambos|los dos|ellos)\b)?")


@dataclass(frozen=True, slots=True)
class Understood:
    """What is really asked, and of whom where a follow-up says so (full names, else none).

    `question` says it all by itself. `resolved` is False where something is left out that no earlier
    question tells.
    """

    question: str
    speakers: frozenset[str] = frozenset()
    further: int = 0  # how often more was asked for; the quotes of so many answers were given already
    resolved: bool = True

    @property
    def told(self) -> str:
        """The question with the names it is put to, for people to read."""
        missing = [name for name in sorted(self.speakers) if name not in self.question]
        if len(missing) == 1 and (they := _THEY.search(self.question)):
            do = they["do"]
            does = {"do": "does", "Do": "Does", "have": "has", "are": "is", "Are": "Is"}.get(do, do)
            return f"{self.question[: they.start()]}{does} {missing[0]}{self.question[they.end() :]}"
        if len(missing) == 1 and (say := _DICEN.search(self.question)):
            return f"{self.question[: say.end('dice')]} {missing[0]}{self.question[say.end() :]}"
        return f"{', '.join(missing)}: {self.question}" if missing else self.question


@dataclass(frozen=True, slots=True)
class _Thread:
    """What a follow-up can take up: the last question as understood, and the one it grew from."""

    last: Understood
    about: str  # empty where nothing but a name was asked

    def single(self, speakers: Sequence[str]) -> frozenset[str]:
        """The one speaker that the last question was put to, or nobody."""
        who = self.last.speakers or _speakers_in(self.last.question, speakers)
        return who if len(who) == 1 else frozenset()


@dataclass(frozen=True, slots=True)
class _Token:
    """One word of a question, and its place."""

    word: str  # folded, without a possessive
    start: int
    end: int
    typed: str

    @property
    def capital(self) -> bool:
        """Whether it may be a name; "I" is none."""
        return self.typed[0].isupper() and self.typed != "I"


def resolve(question: str, history: Sequence[str], speakers: Sequence[str]) -> Understood:
    """What the question asks, `history` being the questions before it, oldest first.

    One that stands alone is taken as it is.
    """
    thread: _Thread | None = None
    for earlier in history[-REMEMBERED:]:
        thread = _follow(earlier, thread, speakers)[1] or thread
    return _follow(question, thread, speakers)[0]


def _follow(
    question: str, thread: _Thread | None, speakers: Sequence[str]
) -> tuple[Understood, _Thread | None]:
    """The question as understood, and what the next one can take up (None: what this one could)."""
    alone = Understood(question)
    lead, own = _without_lead(question)
    tokens = _tokens(own)
    about = thread.about if thread else ""
    if kind_of(question) and not (about and _asks_back(own, tokens)):
        return alone, None
    who = _name_alone(own, lead, speakers)
    content = [t for t in _content(tokens) if not (who and _of(t.word, who))]
    timed = any(t.word in ("ago", "since", "in", "by", "en", "desde", "hace") for t in tokens)
    kinds = [
        t for t in content if t.word in _ANSWER_KIND or (t.word in _NUMBERS and timed) or _YEAR.match(t.word)
    ]
    if who and len(content) > len(kinds):
        content = []  # a slip in the name
    pronoun = any(t.word in _PERSON | _PEOPLE | _THING for t in tokens)
    whole = pronoun or (_PREPOSITION.match(own) and not any(t.word in _ASKING for t in tokens))
    if not content or (len(content) == len(kinds) and about and not whole):
        if not thread or not about:
            if who:
                return alone, _Thread(Understood(question, who), "")
            return (replace(alone, resolved=False), None) if tokens else (alone, None)
        return _taken_up(own, lead, tokens, who, thread, speakers)
    if thread is None or not about:
        return _said_by_one(alone, thread, speakers)
    if _more_of_the_same(tokens, content, thread):
        further = replace(thread.last, further=thread.last.further + 1)
        return further, _Thread(further, about)
    if topic := _fragment(own, lead, tokens, speakers):
        framed = _in_frame(topic, about)
        understood = Understood(framed, _kept(thread, framed, speakers))
        return understood, _Thread(understood, framed)
    if _ALL_SPEAK.search(own) or _SPEAKS.search(own):
        pointing = [t for t in _pointing(own, tokens) if t.word not in _PERSON | _PEOPLE | _THING]
        if not pointing:
            return _said_by_one(alone, thread, speakers)
    else:
        pointing = _pointing(own, tokens)
    if len(content) >= ENOUGH and all(t.word in _POINTING for t in pointing):
        pointing = []
    if pointing or _VERB_ALONE.match(fold(own.strip(" ?!.¿¡"))):
        pointed = _pointed(own, tokens, pointing, thread, speakers)
        understood = Understood(pointed)
        return understood, _Thread(understood, pointed)
    return alone, _Thread(alone, question)


# --- which kind of follow-up -----------------------------------------------------------------------


def _without_lead(question: str) -> tuple[str, str]:
    """Whether "and" or its like opens the question, as typed, and what stands behind."""
    match = _LEAD.match(question)
    lead = match["lead"] if match else ""
    own = question[match.end() :] if match else question
    if not _WORD.search(own):
        return "", question.strip(" ¿¡")
    return lead, own.strip(" ¿¡")


def _asks_back(own: str, tokens: Sequence[_Token]) -> bool:
    """Whether what is small talk as a first question asks about an answer: who says so, who they are."""
    words = [t.word for t in tokens]
    points = any(word in _PRONOUNS for word in words)
    asks_who = any(word in ("who", "whose", "quien", "quienes") for word in words)
    return (points and asks_who and len(words) <= LONGEST_FRAGMENT) or (
        bool(words) and set(words) <= {"more", "else", "mas"}
    )


def _name_alone(own: str, lead: str, speakers: Sequence[str]) -> frozenset[str]:
    """The one speaker that a question without a topic names: "Caridad?", "does Caridad agree?"."""
    text = _ABOUT.sub("", own).strip(" ?!.,¿¡")
    told = [t for t in _tokens(text) if t.word not in _NO_TOPIC or _of(t.word, speakers)]
    may_name = bool(told) and len(text.split()) <= LONGEST_FRAGMENT
    who = speaker_named(text, speakers) if may_name else frozenset()
    if len(who) == 1:
        return who
    tokens = _tokens(own)
    spoken = any(t.word in _SAYING or t.word in _PRONOUNS or t.word in ("else", "acuerdo") for t in tokens)
    rest = _content(tokens)
    who = speaker_named(" ".join(t.typed for t in rest), speakers) if rest and (spoken or lead) else who
    return who if len(who) == 1 else frozenset()


def _more_of_the_same(tokens: Sequence[_Token], content: Sequence[_Token], thread: _Thread) -> bool:
    """Whether more is asked for on a topic that the last question had: "what else about oil?"."""
    asked = {t.word for t in _tokens(thread.about)}
    joined = [t.word for t in tokens if t.start < content[0].start]
    while joined and joined[-1] in _DETERMINERS:
        joined.pop()
    on = bool(joined) and joined[-1] in ("about", "on", "of", "regarding", "sobre", "de", "del", "acerca")
    more = set(joined) & _FURTHER and not set(joined) & _HOW_MUCH
    return on and bool(more) and all(t.word in asked for t in content)


def _fragment(own: str, lead: str, tokens: Sequence[_Token], speakers: Sequence[str]) -> str:
    """The new topic that a follow-up consists of ("and oil?", "what about oil?"), or nothing."""
    about = _ABOUT.match(own)
    if not (about or _JOINED.search(lead) or _PREPOSITION.match(own)):
        return ""
    topic = own[about.end() :] if about else re.sub(r"(?i)^(?:about|sobre|acerca de) ", "", own)
    topic = topic.strip(" ?!.,¿¡")
    inside = _tokens(topic)
    parts = _parts(tuple(speakers))
    whole = any(t.word in _AUXILIARY | _ASKING for t in inside)
    if whole or len(inside) > LONGEST_FRAGMENT or any(t.word in parts for t in inside):
        return ""
    return "" if any(t.word in _PERSON | _PEOPLE | {"its", "it"} for t in inside) else topic


# A keyword has none of these.
_OF_A_SENTENCE = _PRONOUNS | _SUBJECT | _OWNING | _SAYING | _WHEN | _FURTHER | _EMPTY | _HOW_MUCH
# "Tell me about oil": as bare a topic as "oil".
_TELL = re.compile(
    r"(?i)^(?:(?:please )?(?:tell|talk)(?: to)?(?: me| us)?(?: something| more)? (?:about|of)|"
    r"(?:anything|something) (?:on|about)|"
    r"(?:h[aá]blame|cu[eé]ntame|dime)(?: algo| m[aá]s)? (?:del?|sobre|acerca del?))\s+"
)


def bare_topic(question: str) -> str:
    """The topic that a question consists of ("what about oil?", "oil", "tell me about oil"), or nothing."""
    own = question.strip(" ?!.,¿¡")
    about = _ABOUT.match(own) or _TELL.match(own)
    topic = own[about.end() :].strip(" ?!.,¿¡") if about else own
    words = [token.word for token in _tokens(topic)]
    if not 0 < len(words) <= LONGEST_FRAGMENT or any(word in _AUXILIARY | _ASKING for word in words):
        return ""
    return topic if about or not any(word in _OF_A_SENTENCE for word in words) else ""


def _pointing(own: str, tokens: Sequence[_Token]) -> list[_Token]:
    """The pronouns that mean something outside this question."""
    return [t for n, t in enumerate(tokens) if _points(own, tokens, n)]


def _points(own: str, tokens: Sequence[_Token], n: int) -> bool:
    """Whether the word is a pronoun for which nothing in the question itself can stand."""
    word = tokens[n].word
    before, after = tokens[:n], tokens[n + 1 :]
    if tokens[n].typed.lower() == "él":
        return True
    if word in _POINTING:
        return _is_demonstrative(word, before, after)
    if word in _PLACE:
        existential = bool(before) and before[-1].word in _AUXILIARY and bool(after)
        ends = all(t.word in _NO_TOPIC for t in after)
        return ends and not existential and not _names(before)
    if word == "it" and _IT_IS_BEHIND.search(own[tokens[n].start :]):
        return False
    if word in ("lo", "la", "los", "las"):
        clitic = _CLITIC.search(fold(own.strip(" ?!.¿¡")))
        return bool(clitic) and clitic is not None and clitic["clitic"] == word
    if word in ("le", "les"):
        return not any(t.word in ("a", "al") for t in after)
    if word in _PERSON:
        fits = [n for n, t in enumerate(before) if t in _names(before) or t.word in _SOMEBODY]
    elif word in _PEOPLE:
        fits = [n for n, t in enumerate(before) if _is_many(t)]
        fits += [n for n, t in enumerate(before) if t in _names(before)] if len(_names(before)) > 1 else []
        fits += [n for n, t in enumerate(before) if t in _names(before)] if word in ("su", "sus") else []
    elif word in _THING:
        fits = [n for n, t in enumerate(before) if t.word not in _NO_TOPIC]
    else:
        return False
    return not any(_reaches(tokens, at, n) for at in fits)


def _reaches(tokens: Sequence[_Token], at: int, n: int) -> bool:
    """Whether the pronoun at `n` can mean the word at `at` of the same question.

    An object is never its own subject ("who backs him"), nor the subject what the question word asks
    for ("how many prisoners did they free"), unless a new clause has begun between the two.
    """
    word, last = tokens[n].word, tokens[n - 1].word
    owning = word in _OWNING or (
        word == "her" and n + 1 < len(tokens) and tokens[n + 1].word not in _NO_TOPIC
    )
    if owning:
        return True
    between = {t.word for t in tokens[at + 1 : n - 1]}
    if last in ("with", "between", "among") and n > 1 and tokens[n - 2].word not in _NO_TOPIC:
        return tokens[n].word in _PEOPLE  # "what they bring with them"
    if word in _SUBJECT and last in _BOUNDARY | {"whom"}:
        return True
    ends = n + 1 == len(tokens) or tokens[n + 1].word in _JOINING
    opens_clause = word in _SUBJECT and last not in _AUXILIARY and last not in _JOINING
    return bool(between & _BOUNDARY) or (opens_clause and not (word == "it" and ends))


def _is_demonstrative(word: str, before: Sequence[_Token], after: Sequence[_Token]) -> bool:
    """Whether "this", "that" and their like point, and do not join a clause or mean the day."""
    if (
        after
        and after[0].word in _HERE_AND_NOW
        and word in ("this", "these", "este", "esta", "estos", "estas")
    ):
        return False
    if word in ("those", "these") and after and after[0].word in ("who", "that", "which"):
        return False
    if word != "that":
        return True
    # "Does that help?", but "what did they do that kept …".
    opens = (_AUXILIARY - {"do"}) | _JOINING | _ASKING | {"before", "after", "since"}
    joined = not before or before[-1].word in opens
    return not after or joined or all(t.word in _WHEN | _EMPTY for t in after)


def _is_many(token: _Token) -> bool:
    plural = token.word.endswith("s") and not token.word.endswith(("ss", "us", "is"))
    return token.word in _MANY or (plural and token.word not in _NO_TOPIC)


# --- what it stands for ----------------------------------------------------------------------------


def _taken_up(
    own: str,
    lead: str,
    tokens: Sequence[_Token],
    who: frozenset[str],
    thread: _Thread,
    speakers: Sequence[str],
) -> tuple[Understood, _Thread | None]:
    """A question without a topic of its own: the last one again, put in another way."""
    words = [t.word for t in tokens]
    said = any(word in _SAYING for word in words)
    asking = [word for word in words if word in _ASKING]
    others = _the_others(words, own, thread, speakers)
    to = who or others
    by = to or _spoken_of(own, thread, speakers)
    last = thread.last
    if set(words) <= {"yes", "no", "si", "not"}:
        return Understood(own, resolved=False), None
    how_much = set(asking) & _HOW_MUCH
    own_words = " ".join(words[:2])
    if _OF_ALL.search(own) and not others:
        asked = _to_all(thread.about, speakers)
        return Understood(asked), _Thread(Understood(asked), asked)
    if to and to != thread.single(speakers):
        asked = _to(thread.about, to, speakers)
        understood = Understood(_put(own, asked) if _why(words) and not _ABOUT.match(own) else asked, to)
        return understood, _Thread(understood, asked)
    if not how_much and (set(words) & _FURTHER or set(words) <= _JOINING or own_words == "go on"):
        further = replace(last, further=last.further + 1)
        return further, _Thread(further, thread.about)
    if _SPEAKS.search(own) and thread.single(speakers) and not by:
        pointed = f"{own} ({_topic(_end(thread.about)[0], speakers)})"
        understood = Understood(pointed)
        return understood, _Thread(understood, pointed)
    again = replace(last, further=0, speakers=by or last.speakers)
    whose = {"who", "whom", "whose", "quien", "quienes", "where", "donde", "que", "what"}
    source = (said or "segun" in words) and set(asking) <= whose
    spoken = said and not _why(words)
    lone = words in (["what"], ["que"])
    plain = lone or (not asking and not set(words) & _WHEN and (who or not _content(tokens)))
    if source or spoken or plain:
        return again, _Thread(again, thread.about)
    pointing = [t for t in tokens if t.word in _PRONOUNS or t.typed.lower() == "él"]
    makes_one = _tokens(thread.about)[0].word in _AUXILIARY
    if pointing and not (makes_one and _OPENS.fullmatch(fold(own.strip(" ?!.,¿¡")))):
        pointed = _pointed(own, tokens, pointing, thread, speakers)
        understood = Understood(pointed, by)
    else:
        understood = Understood(_put(own, thread.about), again.speakers)
    return understood, _Thread(understood, thread.about)


def _why(words: Iterable[str]) -> bool:
    """Whether more than whose words it is is asked: why, when, how."""
    return bool(set(words) & {"why", "when", "how", "cuando", "como"}) or "por que" in " ".join(words)


def _the_others(words: Sequence[str], own: str, thread: _Thread, speakers: Sequence[str]) -> frozenset[str]:
    """The speakers besides the one asked before, where "the other one" or "and she?" can mean nobody else."""
    if _ABOUT.sub("", own).strip(" ?!.,¿¡").lower() in ("he", "him", "she", "her", "él", "ella"):
        return _meant_by(own, thread, speakers)
    other = set(words) & {"other", "others", "otro", "otra", "otros", "otras"}
    definite = set(words) & {"the", "el", "la", "los", "las"}
    asked = thread.single(speakers)
    return frozenset(speakers) - asked if other and definite and asked and len(speakers) > 1 else frozenset()


def _said_by_one(
    alone: Understood, thread: _Thread | None, speakers: Sequence[str]
) -> tuple[Understood, _Thread]:
    """The question with "he" or "she" taken for the one speaker asked before; unchanged without one."""
    match = _SPEAKS.search(alone.question)
    who = _spoken_of(alone.question, thread, speakers) if thread else frozenset()
    if not (match and who) or _speakers_in(alone.question, speakers):
        return alone, _Thread(alone, alone.question)
    (name,) = who
    group = next((group for group, text in match.groupdict().items() if text), None)
    text = alone.question
    if group:
        start, end = match.span(group)
        typed = text[start:end].lower()
        if typed in ("his", "su") or group == "own":
            put = f"{name}'s" if typed != "su" else typed
        else:
            put = " " * (typed[0] == " ") + name
        text = text[:start] + put + text[end:]
    understood = Understood(text, who)
    return understood, _Thread(understood, text)


def _spoken_of(own: str, thread: _Thread, speakers: Sequence[str]) -> frozenset[str]:
    """The one speaker whose words a pronoun asks for."""
    return _meant_by(own, thread, speakers) if _SPEAKS.search(own) else frozenset()


def _meant_by(own: str, thread: _Thread, speakers: Sequence[str]) -> frozenset[str]:
    """The speaker whom "he" or "she" can mean: the only one asked before, or the one other whom it fits."""
    asked = thread.single(speakers)
    if not any(_fits(own, name) is False for name in asked):
        return asked
    others = [name for name in speakers[: MOST_NEAR + 1] if _fits(own, name)]
    return frozenset(others) if len(others) == 1 and len(speakers) <= MOST_NEAR else frozenset()


def _fits(own: str, name: str) -> bool | None:
    """Whether the "he" or "she" of a question goes with a name; None where that is not known."""
    given = {t.word for t in _tokens(name)[:-1]}
    words = {t.word for t in _tokens(own)}
    he = bool(words & {"he", "him", "his"}) or "él" in own.lower().split()
    she = bool(words & {"she", "her", "hers", "ella"})
    man, woman = bool(given & _MEN), bool(given & _WOMEN)
    return (man if he else woman) if he != she and man != woman else None


def _to(question: str, who: frozenset[str], speakers: Sequence[str]) -> str:
    """The question with the name of the one it was put to changed for another's."""
    asked = _speakers_in(question, speakers)
    if len(asked) != 1 or len(who) != 1 or asked == who:
        return question
    run = [t for t in _tokens(question) if _of(t.word, asked)]
    (name,) = who
    if not run or fold(question[run[0].start : run[-1].end]).count(" ") != len(run) - 1:
        return question
    end = run[-1].start + len(re.sub(r"['’]s$", "", run[-1].typed))
    owning = re.match(r"['’]s?(?!\w)", question[end:])
    if owning:
        name, end = _owning(name), end + owning.end()
    return question[: run[0].start] + name + question[end:]


def _owning(name: str) -> str:
    """The name of whose something is."""
    return name + ("'" if name.endswith("s") else "'s")


def _to_all(question: str, speakers: Sequence[str]) -> str:
    """The question put to all who speak, where it was put to one by name: "What do they say about …?"."""
    for name in (form for full in _speakers_in(question, speakers) for form in (full, *full.split())):
        does = re.search(rf"\b(?P<does>does|has|is|did) {re.escape(name)}\b(?!['’]| [A-Z])", question)
        if does:
            do = {"does": "do", "has": "have", "is": "are"}.get(does["does"], does["does"])
            return f"{question[: does.start()]}{do} they{question[does.end() :]}"
        if dice := re.search(rf"(?i)\b{_DICE} {re.escape(name)}\b", question):
            return f"{question[: dice.end('dice')]}n{question[dice.end() :]}"
    return question


def _kept(thread: _Thread, framed: str, speakers: Sequence[str]) -> frozenset[str]:
    """Whom a question in the frame of the last one is put to where its text does not say so."""
    return thread.last.speakers if not _speakers_in(framed, speakers) else frozenset()


def _put(own: str, about: str) -> str:
    """The earlier question under the new question word: "Why did …?" or "How many: What …?"."""
    text = own.strip(" ?!.,¿¡")
    plain = fold(text)
    match = _OPENS.fullmatch(_SAME_WORD.get(plain, plain))
    first = next(iter(_tokens(about)), None)
    if match and first and (first.word in _AUXILIARY or (_is_spanish(about) and first.word not in _ASKING)):
        opens = match["opens"]
        opens = text[: len(opens)] if fold(text[: len(opens)]) == opens else opens
        base = about.lstrip(" ¿¡")
        name = first.capital and first.word not in _NO_TOPIC and not _is_spanish(about)
        base = base if name else base[:1].lower() + base[1:]
        return ("¿" if _is_spanish(about) else "") + f"{opens[:1].upper()}{opens[1:]} {base}"
    return f"{text[:1].upper()}{text[1:]}: {about}"


def _in_frame(topic: str, about: str) -> str:
    """The earlier question with the new topic in the place of its own, or beside it."""
    about = _pointed_to(about)
    if match := _FRAME.match(about):
        topic = _PREPOSITION.sub("", topic) if _PREPOSITION.match(topic) else topic
        end = about[match.end("topic") :]
        return f"{match['frame']} {topic}{end}"
    text, end = _end(about)
    tokens, new = _tokens(text), _tokens(topic)
    preposition = _PREPOSITION.match(topic)
    if preposition:
        kind = r"\d+" if any(t.word.isdigit() for t in new) else r"[^\W\d_a-z]\w*" if _names(new) else r"(?!)"
        place = re.search(rf"\b{preposition['word'].lower()} (?:(?:the|el|la) )?{kind}(?: {kind})*", text)
        if place:
            return f"{text[: place.start()]}{topic}{text[place.end() :]}{end}"
        return f"{text} {topic}{end}"
    told = [t for t in new if t.word not in _DETERMINERS]
    # A Spanish question may begin with its verb, whose capital makes no name of it.
    runs = _runs(tokens[1:] if _is_spanish(about) else tokens)
    swapped = None
    if told and all(t.capital for t in told) and len(runs) == 1:
        swapped = runs[0]
    elif told and all(t.word.isdigit() for t in told):
        numbers = [t for t in tokens if t.word.isdigit()]
        swapped = (numbers[0].start, numbers[0].end) if len(numbers) == 1 else None
    elif not any(t.capital for t in told) and not runs:
        swapped = _thing(text, tokens)
    if swapped:
        start, stop = swapped
        own_article = new[0].word in _DETERMINERS
        if own_article and (before := re.search(r"(?i)\b(?:the|a|an|el|la|los|las) $", text[:start])):
            start = before.start()
        return f"{text[:start]}{topic}{text[stop:]}{end}"
    text = re.sub(r"\? (?:And|¿Y) [^?]+$", "", text)  # of several topics set beside it the last counts
    return f"{text}{end or '?'} {'¿Y' if _is_spanish(about) else 'And'} {topic}?"


def _pointed(
    own: str, tokens: Sequence[_Token], pointing: Sequence[_Token], thread: _Thread, speakers: Sequence[str]
) -> str:
    """The question with what its pronoun means in its place, or beside it where that is not certain.

    Who was asked before is meant by "he" as well as whom that question names.
    """
    about = thread.about
    text, _ = _end(_pointed_to(about))
    topic = _topic(text.lstrip("¿¡ "), speakers)
    if len(pointing) == 1:
        pronoun = pointing[0]
        there = _tokens(topic)
        place = None
        if pronoun.word in _PERSON or pronoun.typed.lower() == "él":
            runs = _runs(there[1:] if _is_spanish(about) else there, people=True)
            who = _meant_by(own, thread, speakers)
            place = runs[0] if len(runs) == 1 and not who & thread.single(speakers) else None
            if who and not runs:
                (topic,) = who
                place = (0, len(topic))
        elif pronoun.word in {"they", "them", "their", "it", "its"}:
            place = _thing(topic, there)
        if place and len(topic[slice(*place)].split()) <= LONGEST_NAME:
            meant = topic[slice(*place)]
            next_word = next((t.word for t in tokens if t.start > pronoun.end), "")
            owning = pronoun.word in _OWNING or (pronoun.word == "her" and next_word not in _NO_TOPIC | {""})
            return own[: pronoun.start] + (_owning(meant) if owning else meant) + own[pronoun.end :]
    opens = "¿" if own.endswith("?") and (_is_spanish(own) or _is_spanish(about)) else ""
    return f"{opens}{own[:1].upper()}{own[1:]} ({topic[:LONGEST_TOPIC]})"


def _pointed_to(about: str) -> str:
    """What stands in brackets beside an earlier question, so that none is ever put into another's."""
    within = re.search(r"\? \((?P<topic>.+)\)$", about)
    return within["topic"] if within else about


def _topic(text: str, speakers: Sequence[str]) -> str:
    """What the earlier question is about, without whom it was put to."""
    if not _speakers_in(text, speakers):
        return text
    if match := _FRAME.match(text):
        return match["topic"]
    return named(text, speakers, frozenset(), lambda word: True, language_of(text, "en")).rest


# --- names and words -------------------------------------------------------------------------------


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(_folded(match.group()), match.start(), match.end(), match.group())
        for match in _WORD.finditer(text)
    ]


def _folded(typed: str) -> str:
    """The word folded; of "that's", "they're" and "he'd" the pronoun."""
    word = fold(typed)
    if word.endswith("n't"):
        return word
    if typed in ("US", "U.S."):
        return "usa"  # not "us"
    return word.split("'")[0].replace(".", "")


def _content(tokens: Sequence[_Token]) -> list[_Token]:
    """The words that say what a question is about."""
    agreed = {n for n, t in enumerate(tokens) if t.word == "acuerdo" and n > 1 and tokens[n - 1].word == "de"}
    agreed = {n for n in agreed if tokens[n - 2].word.startswith("est")}  # "¿está de acuerdo?"
    return [t for n, t in enumerate(tokens) if t.word not in _NO_TOPIC and n not in agreed]


def _end(question: str) -> tuple[str, str]:
    """A question without its closing marks, and these."""
    text = question.rstrip(" ?!.")
    return text, question[len(text) :].strip()


def _of(word: str, who: Iterable[str]) -> bool:
    """Whether the word is a part of one of these names."""
    return word in _parts(tuple(who))


@lru_cache(KEPT)
def _parts(names: tuple[str, ...]) -> frozenset[str]:
    """The words of these names: in an archive they are too many to be looked at for each question."""
    return frozenset(t.word for name in names for t in _tokens(name))


def _speakers_in(question: str, speakers: Sequence[str]) -> frozenset[str]:
    """The speakers whom a question names."""
    return named(question, speakers, frozenset(), lambda word: True, language_of(question, "en")).speakers


def _names(tokens: Sequence[_Token]) -> list[_Token]:
    """The words with a capital that are more than the beginning of a sentence."""
    return [t for t in tokens if t.capital and t.word not in _NO_TOPIC]


def _runs(tokens: Sequence[_Token], *, people: bool = False) -> list[tuple[int, int]]:
    """Where the names stand; with `people` only those that may be a person's."""
    runs: list[list[_Token]] = []
    before: dict[int, str] = {}
    for n, token in enumerate(tokens):
        if not token.capital or token.word in _NO_TOPIC:
            continue
        if runs and runs[-1][-1] is tokens[n - 1] and n:
            runs[-1].append(token)
        else:
            runs.append([token])
            before[token.start] = tokens[n - 1].word if n else ""
    if people:
        runs = [
            run
            for run in runs
            if before[run[0].start] not in _BEFORE_A_PLACE
            and not all(t.typed.replace(".", "").isupper() for t in run)
        ]
    return [(run[0].start, run[-1].start + len(re.sub(r"['’]s?$", "", run[-1].typed))) for run in runs]


def _thing(text: str, tokens: Sequence[_Token]) -> tuple[int, int] | None:
    """Where the one thing stands that a question is about, its article included, if it ends with it."""
    told = [n for n, t in enumerate(tokens) if t.word not in _NO_TOPIC]
    if not told or told[-1] != len(tokens) - 1 or told[-1] - told[0] != len(told) - 1:
        return None
    first = told[0]
    if not first:
        return tokens[0].start, tokens[-1].end
    if tokens[first - 1].word not in _JOINING | {"there", "hay"}:
        return None
    first -= tokens[first - 1].word in _DETERMINERS
    return tokens[first].start, tokens[-1].end


def _is_spanish(text: str) -> bool:
    """Whether a question is Spanish, so that what is made of it is, too."""
    return language_of(text, "en") == "es"
