"""People's names: what one looks like, whose it may be, and which ones a text mentions.

A name is compared by its parts, folded. Nothing here guesses: where two people fit, none does.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rag.fold import fold
from rag.records import Span

PARTICLES = frozenset(
    "de del della di da dos das do du des la las los le y e von vom zu van der den ter ten bin ibn ben al el "
    "abu af av zum".split()
)
HONORIFICS = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady hon rev fr sr sra srta don dona senor senora "
    "senorita herr frau hr fr mme mlle m monsieur madame maitre dott sig signor signora dra doctor doctora "
    "doutor doutora sen rep gen col lt capt sgt".split()
)
OFFICES = frozenset(
    "president vice prime minister secretary senator representative congressman congresswoman chairman "
    "chairwoman chair chairperson speaker governor mayor ambassador judge justice general colonel admiral "
    "commissioner director spokesperson spokesman spokeswoman attorney premier chancellor counsel witness "
    "presidente presidenta vicepresidente vicepresidenta ministro ministra primer primera secretario "
    "secretaria senador senadora diputado diputada gobernador gobernadora alcalde alcaldesa director "
    "directora canciller embajador embajadora portavoz vocera vocero juez jueza comisionado comisionada "
    "fiscal president presidente le la ministre prasident prasidentin kanzler kanzlerin minister ministerin "
    "under deputy acting press senior administration official state".split()
)
# Capitalised words that are in no person's name: offices, kinds of bodies, the calendar.
_NO_NAMES = (
    OFFICES
    | frozenset(
        "university institute college school department ministry agency office bureau committee council "
        "commission association foundation society company corporation corp inc ltd llc gmbh group center "
        "centre program programme project team teams working special interest news times post journal "
        "magazine press house senate congress parliament court bank fund union party states kingdom city "
        "county street avenue park lab labs laboratory laboratories museum library hospital church network "
        "media studio studios records radio television tv podcast show episode conference summit festival "
        "award prize standards act law bill report book series blog service services system systems world "
        "national international federal american european global general public digital open source data "
        "science sciences research technology technologies engineering management marketing design designer "
        "engineer engineers developer developers manager lead leader officer founder cofounder founding ceo "
        "cto cfo coo author editor writer reporter journalist scientist researcher fellow analyst consultant "
        "architect artist curator coach head chief executive technical professor lecturer maintainer staff "
        "member members user users experience product software hardware advocate partner postdoc student "
        "hi hello hey dear thank thanks welcome hola gracias "
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
        "august september october november december new north south east west saint questions question "
        "answers answer interview interviews conversation spotlight part chapter introduction summary "
        "universidad instituto ministerio gobierno republica estados unidos nacional entrevista centro "
        "universite ecole universitat universidade the this that these those a an and or but so if in on at "
        "of for from with to by as is are was were we our us i it its he she they you your my his her their "
        "there here what when where why how who which yes no not after before during since while although "
        "both all each every some many most any other another first last next one two three four five six "
        "seven eight nine ten today yesterday recently currently however also then now en el un una es y o "
        "por para con que los las como pero si no esta este esto".split()
    )
) - frozenset("may june april august general judge chase".split())

# Every blank: what `\s` matches, for those who strip. The last one is the ideographic space.
BLANKS = "".join(char for char in map(chr, range(0x3001)) if char.isspace())
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*\.?")
_INITIAL = re.compile(r"[^\W\d_]\.?")


@lru_cache(maxsize=4096)
def parts(name: str) -> tuple[str, ...]:
    """The folded words of a name, honorifics, offices and particles kept, points dropped."""
    cleaned = "".join(
        " " if unicodedata.category(c) in {"Cf", "Zs", "Cc"} else c for c in name.replace("\u00ad", "")
    )
    return tuple(
        word for word in re.split(r"[\s]+", fold(cleaned).replace(".", " ").strip(" '\"*_,;")) if word
    )


def core(name: str) -> tuple[str, ...]:
    """The parts that tell one person from another: no honorifics, no offices, no article before them."""
    kept = list(parts(name))
    while kept and (
        kept[0] in HONORIFICS or kept[0] in OFFICES or kept[0] in {"the", "el", "la", "der", "die"}
    ):
        # "La Toya", "El Hadji" are names; "la ministra" is none.
        if kept[0] in {"el", "la"} and not (len(kept) > 1 and (kept[1] in HONORIFICS or kept[1] in OFFICES)):
            break
        kept.pop(0)
    while len(kept) > 2 and kept[-1] in OFFICES:
        kept.pop()
    return tuple(kept)


def names_something(words: Iterable[str]) -> bool:
    """Whether one of the folded words is in no person's name: a body, a place, a day."""
    return any(word in _NO_NAMES and word not in OFFICES and word not in PARTICLES for word in words)


def shaped_like_a_name(text: str, *, most: int = 6) -> bool:
    """Whether the words could be somebody's name: each capitalised or a particle, no digits."""
    tokens = text.split()
    if not 1 <= len(tokens) <= most:
        return False
    named = 0
    for at, token in enumerate(tokens):
        bare = token.strip("\"'“”‘’.,")
        if not bare or not re.fullmatch(r"(?:[^\W\d_]|[.'’\-\u00ad\u200c\u200d]|[\u0300-\u036f])+", bare):
            return False
        if fold(bare) in PARTICLES and bare[0].islower() and at:
            continue
        capital = re.sub(r"^(?:d|l|o|al|el)['’-](?=[^\W\d_])", "", bare)
        if capital[0].islower():
            return False
        named += 1
    return named > 0


def initials(name: str) -> frozenset[str]:
    """The initials that the name may be cut to, folded: with and without particles and hyphens."""
    first, *rest = [word for word in core(name) if word] or [""]
    # No particle opens a name: "Della Marsh".
    if not any(word not in PARTICLES for word in rest):
        return frozenset()
    found = set()
    for hyphens in (True, False):
        for particles in (True, False):
            kept = [first, *(word for word in rest if particles or word not in PARTICLES)]
            pieces = [
                piece for word in kept for piece in (re.split(r"[-]", word) if hyphens else [word]) if piece
            ]
            found.add("".join(piece[0] for piece in pieces))
            if len(pieces) > 2:
                found.add(pieces[0][0] + pieces[-1][0])
    return frozenset(found)


def fits(label: str, name: str) -> bool:
    """Whether a label may stand for the person of that full name: the name, a part of it, its initials."""
    short, full = core(label), core(name)
    if not short or not full:
        return False
    if short == full:
        return True
    if len(short) == 1:
        word = short[0]
        if len(full) > 1 and len(word) > 1 and word in full and word not in PARTICLES:
            return True
        return label.strip(" .").isupper() and 2 <= len(word) <= 4 and word in initials(name)
    if len(full) == 1:
        return False
    surname = _surname(full)
    if " ".join(short) == surname:
        return True
    # "A. Ruiz" may be Ana Ruiz.
    first = short[0] == full[0] or (len(short[0]) == 1 and full[0].startswith(short[0]))
    return _within(short, full) and first


def same_person(one: str, other: str) -> bool:
    """Whether two full names are one: equal, or one leaves out middle names of the other."""
    a, b = core(one), core(other)
    if a == b:
        return True
    if len(a) < 2 or len(b) < 2:
        return False
    short, full = sorted((a, b), key=len)
    return short[0] == full[0] and _within(short, full)


def distinct(names: Iterable[str]) -> list[str]:
    """The names, one for each person: the fuller one, and not in capitals where it is printed otherwise.

    A first name or a surname alone is whoever alone has it.
    """
    kept: list[str] = []
    for name in sorted((" ".join(each.split()) for each in names), key=lambda name: len(core(name)) < 2):
        if len(core(name)) < 2 and sum(_part_of(name, each) for each in kept) == 1:
            continue
        at = next((i for i, each in enumerate(kept) if same_person(each, name)), None)
        if at is None:
            kept.append(name)
        elif kept[at].isupper() and not name.isupper():
            kept[at] = name
    return kept


def _part_of(single: str, name: str) -> bool:
    words = core(single)
    return len(words) == 1 and words[0] in core(name)


def _surname(full: Sequence[str]) -> str:
    """The last word of the name with the particles before it."""
    at = len(full) - 1
    while at > 1 and full[at - 1] in PARTICLES:
        at -= 1
    return " ".join(full[at:])


def _within(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether the words of `short` stand in `full` in their order; an initial stands for its word."""
    left = iter(full)
    return all(
        any(word == each or (len(word) == 1 and each.startswith(word)) for each in left) for word in short
    )


def one_of(label: str, names: Iterable[str]) -> str | None:
    """The one person that the label may stand for; None where nobody fits, or more than one does."""
    fitting = distinct(name for name in names if fits(label, name))
    exact = [name for name in fitting if core(name) == core(label)]
    if len(exact) == 1 and len(core(label)) > 1:
        return exact[0]
    return fitting[0] if len(fitting) == 1 else None


_RUN = re.compile(r"[^\s,;:()\[\]“”\"!?/|—–]+")
_SENTENCE_START = re.compile(r"(?:^|[.?!:…\n]|[.?!]['’”\")\]])\s*[\W\d_]*$")


def names_in(text: str, common: frozenset[str] = frozenset()) -> list[tuple[str, Span]]:
    """The full names that a text seems to mention, in order, and where; `common` are words of the language.

    Two or more capitalised words in a row, no office, body or day among them.
    """
    found: list[tuple[str, Span]] = []
    run: list[tuple[str, Span]] = []
    for match in _RUN.finditer(text):
        token = match.group()
        bare = re.sub(r"['’]s$", "", token.rstrip(".") if len(token) > 3 else token)
        if run and text[run[-1][1].end : match.start()].strip():
            found += _named(text, run, common)
            run = []
        if _in_a_name(bare, bool(run)):
            run.append((bare, Span(match.start(), match.start() + len(bare))))
            if bare == token or _INITIAL.fullmatch(token):
                continue
        found += _named(text, run, common)
        run = []
    return found + _named(text, run, common)


def _in_a_name(token: str, begun: bool) -> bool:
    folded = fold(token).rstrip(".")
    if token in PARTICLES:
        return begun
    if not token or not shaped_like_a_name(token) or folded in _NO_NAMES or folded in HONORIFICS:
        return False
    return not (len(token.rstrip(".")) > 1 and token.isupper() and "." not in token)


def _named(text: str, run: list[tuple[str, Span]], common: frozenset[str]) -> list[tuple[str, Span]]:
    """The run as a name, without a sentence's first word before it and particles after it."""
    if run and fold(run[0][0]) in common and _SENTENCE_START.search(text[: run[0][1].start][-40:]):
        run = run[1:]
    while run and run[-1][0] in PARTICLES:
        run = run[:-1]
    whole = [word for word, _ in run if word not in PARTICLES and not _INITIAL.fullmatch(word)]
    if len(whole) < 2 or len(run) > 6 or all(fold(word) in common for word in whole):
        return []
    return [(" ".join(word for word, _ in run), Span(run[0][1].start, run[-1][1].end))]
