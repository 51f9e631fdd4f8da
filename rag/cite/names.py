"""A full name to what is sorted by and what stands behind it: "García López, María José".

Which of three words is a surname no rule knows for every language. Where nothing tells, the last word
is the surname, as English has it; a name of a body is never turned round.
"""

import re
from dataclasses import dataclass

from rag.fold import fold
from rag.reading.names import HONORIFICS, OFFICES, PARTICLES, names_something

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v"})
_CREDENTIALS = re.compile(
    r"(?i),\s*(?:ph\.?\s?d\.?|m\.?d\.?|esq\.?|j\.?d\.?|m\.?a\.?|m\.?b\.?a\.?|dds|cbe|obe|kc|qc)\b.*$"
)
# First names that are Spanish and hardly anything else: what opens with one may have two surnames.
_SPANISH = frozenset(
    "maria jose juan luis carlos jorge manuel francisco miguel rafael pedro pablo antonio fernando "
    "alejandro alejandra andres beatriz carmen carolina cecilia delcy diego diosdado eduardo emilio enrique "
    "ernesto hernan moises ramiro "
    "esteban felipe federico gabriela gerardo gonzalo guadalupe guillermo gustavo hector ignacio ines "
    "isabel jaime javier joaquin josefina juana julio leopoldo leticia lorena lourdes lucia luisa "
    "marcela marcelo margarita mariana mariano marta mauricio mercedes nicolas octavio paulina pilar "
    "ramon raquel raul rebeca ricardo roberto rocio rodolfo rodrigo rosario ruben santiago sergio silvia "
    "susana teresa tomas valentina vicente ximena yolanda agustin alfonso alfredo alvaro amparo armando "
    "arturo augusto camilo catalina cesar concepcion consuelo dolores ezequiel fabiola fidel "
    "genaro horacio joaquina jimena lorenzo magdalena matias maximiliano milagros nestor noemi "
    "rigoberto rogelio soledad trinidad esperanza eugenia eugenio".split()
)
# Those that are first names elsewhere as well: amid a name they are no surname ("Ana María Caridad").
_FIRST_NAMES = _SPANISH | frozenset(
    "ana angel alberto andrea claudia cristina daniel daniela david elena eva gabriel gloria hugo jesus "
    "julia julian laura leonardo marco marcos marina mario martha martin monica natalia nora oscar "
    "patricia paula rosa salvador samuel sandra sara simon sofia valeria vanessa victor victoria virginia "
    "leonora alicia aurora blanca camila elsa emilia fatima irene leon norma sebastian ursula esther "
    "edgar elisa ivan olga omar xavier angeles belen corina".split()
)
# Words that are in the names of bodies alone, beside those that no person's name has.
_BODIES = frozenset(
    "nations rights watch without borders sans frontieres jazeera welle spokesperson organization "
    "organisation organizacion alliance federation coalition confederation authority agence agencia agentur "
    "police force forces army navy corps league chamber embassy consulate newsroom editors".split()
)
# Words of bodies' names that are surnames as well: behind first names alone they are ("Ji-sung Park").
_SURNAMES = frozenset("park west north church law coach head".split())
# A small particle that is written on to its surname: "al-Assad", "d'Arc".
_JOINED = re.compile(r"(?i)(?:al|el|ad|as|ash|at|d|l|dell|dall)['’-](?=\w)")
# A ruler's number: no suffix, and no surname ("Louis XIV").
_NUMBER = re.compile(r"[IVX]{2,}")
# How Spanish surnames end, or are written, and others seldom.
_LOOKS_SPANISH = re.compile(r"(?i)(?:[aeiou]z|[áéíóúñ]\w*)$|ñ|í")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its parts. A body, or a person with one name, has all in `family`."""

    family: str
    given: str = ""
    suffix: str = ""
    whole: str = ""
    body: bool = False

    @property
    def inverted(self) -> str:
        """As bibliographies sort it: "King, Martin Luther, Jr."."""
        return ", ".join(part for part in (self.family, self.given, self.suffix) if part)

    @property
    def initials(self) -> str:
        """As APA has it: "Caridad, A. M.", "Sartre, J.-P."."""
        # "J.K." are two initials.
        words = re.sub(r"\.(?=\w)", ". ", self.given).split()
        short = " ".join(word if word in PARTICLES else _initial(word) for word in words)
        return ", ".join(part for part in (self.family, short, self.suffix) if part)


def _initial(word: str) -> str:
    """A given name cut short; APA 7, 9.8: "J.-L." for "Jean-Luc", but "K." for "Ki-moon"."""
    pieces = [piece for piece in word.split("-") if piece] or [word]
    return "-".join(f"{piece[0]}." for at, piece in enumerate(pieces) if at == 0 or piece[0].isupper())


def split(name: str, language: str = "en") -> Name:
    """The parts of a full name; `language` is that of the article, whose habit it follows."""
    whole = " ".join(name.split())
    words = _CREDENTIALS.sub("", whole).replace(",", " ").split()
    if is_body(whole):
        return Name(whole, whole=whole, body=True)
    while len(words) > 1 and fold(words[0]).rstrip(".") in HONORIFICS:
        words.pop(0)
    suffix = words.pop() if len(words) > 2 and fold(words[-1]).rstrip(".") in _SUFFIXES else ""
    suffix = suffix.rstrip(".") + "." if fold(suffix).rstrip(".") in ("jr", "sr") else suffix
    if len(words) == 1:
        return Name(words[0], "", suffix, whole)
    if len(words) == 2 and _NUMBER.fullmatch(words[1]):
        return Name(" ".join(words), whole=whole)
    at = _surname(words, language)
    return Name(" ".join(words[at:]), " ".join(words[:at]), suffix, whole)


def is_body(name: str) -> bool:
    """Whether a name is a body's, an office's or nobody's in particular: "Reuters Staff", "El País"."""
    words = name.split()
    folded = [fold(word).rstrip(".,") for word in words]
    surname = len(words) in (2, 3) and folded[-1] in _SURNAMES and not names_something(folded[:-1])
    telling = folded[1:-1] if surname else folded[1:]
    if re.search(r"\d|&", name) or names_something(telling) or _BODIES.intersection(folded):
        return True
    small = [
        word
        for word in words
        if word[0].islower() and fold(word) not in PARTICLES and not _JOINED.match(word)
    ]
    # Some people write themselves small: "bell hooks".
    own = len(small) == len(words) == 2 and folded[0] not in OFFICES | {"the", "a", "an"}
    return bool(small and not own) or (
        len(words) > 1 and fold(words[0]) in {"the", "el", "la", "los", "las", "le"}
    )


def _surname(words: list[str], language: str) -> int:
    """The place of the first word of the surname."""
    at = len(words) - 1
    if language.startswith("pt"):
        return at  # Portuguese sorts by the last word: "Silva, Luiz Inácio Lula da"
    if at > 1 and fold(words[at - 1]) in ("y", "e", "i"):
        at -= 2  # "Ortega y Gasset"
    elif at > 1 and _two_surnames(words, at, language):
        at -= 1
    last = at
    while at > 1 and fold(words[at - 1]) in PARTICLES and fold(words[at - 1]) not in ("y", "e"):
        at -= 1
    if at == 1 and words[0].islower() and fold(words[0]) in PARTICLES:
        return 0  # a surname alone: "de la Cruz"
    # "Fernández de la Vega", "Vieira de Mello": the first of two surnames stands before the particle.
    if 1 < at < last and _two_surnames([*words[:at], words[last]], at, language):
        at -= 1
    return at


def _two_surnames(words: list[str], at: int, language: str) -> bool:
    """Whether the last two words are surnames, as in Spanish: where the first name is Spanish."""
    before = words[at - 1]
    both = all(_LOOKS_SPANISH.search(word) for word in (before, words[at]))
    spanish = language.startswith("es") or fold(words[0]) in _SPANISH or both
    is_first_name = fold(before) in _FIRST_NAMES or len(before.rstrip(".")) == 1 or fold(before) in PARTICLES
    return spanish and not is_first_name
