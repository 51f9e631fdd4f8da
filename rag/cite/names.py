"""A full name to what is sorted by and what stands behind it: "García López, María José".

Which of three words is a surname no rule knows for every language. Where nothing tells, the last word
is the surname, as English has it; a name of a body is never turned round.
"""

import re
from dataclasses import dataclass

from rag.fold import fold
from rag.reading.names import HONORIFICS, PARTICLES, names_something

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v"})
_CREDENTIALS = re.compile(
    r"(?i),\s*(?:ph\.?\s?d\.?|m\.?d\.?|esq\.?|j\.?d\.?|m\.?a\.?|m\.?b\.?a\.?|dds|cbe|obe|kc|qc)\b.*$"
)
# First names that are Spanish and hardly anything else: what opens with one may have two surnames.
_SPANISH = frozenset(
    "maria jose juan luis carlos jorge manuel francisco miguel rafael pedro pablo antonio fernando "
    "alejandro alejandra andres beatriz carmen carolina cecilia diego eduardo emilio enrique ernesto "
    "esteban felipe federico gabriela gerardo gonzalo guadalupe guillermo gustavo hector ignacio ines "
    "isabel ivan jaime javier joaquin josefina juana julio leopoldo leticia lorena lourdes lucia luisa "
    "marcela marcelo margarita mariana mariano marta mauricio mercedes nicolas octavio olga paulina pilar "
    "ramon raquel raul rebeca ricardo roberto rocio rodolfo rodrigo rosario ruben santiago sergio silvia "
    "susana teresa tomas valentina vicente ximena yolanda agustin alfonso alfredo alvaro amparo armando "
    "arturo augusto camilo catalina cesar concepcion consuelo dolores edgar elisa ezequiel fabiola fidel "
    "genaro horacio joaquina jimena lorenzo magdalena matias maximiliano milagros nestor noemi omar "
    "rigoberto rogelio soledad trinidad xavier esperanza eugenia eugenio".split()
)
# Those that are first names elsewhere as well: amid a name they are no surname ("Ana María Caridad").
_FIRST_NAMES = _SPANISH | frozenset(
    "ana angel alberto andrea claudia cristina daniel daniela david elena eva gabriel gloria hugo jesus "
    "julia julian laura leonardo marco marcos marina mario martha martin monica natalia nora oscar "
    "patricia paula rosa salvador samuel sandra sara simon sofia valeria vanessa victor victoria virginia "
    "leonora alicia aurora blanca camila elsa emilia fatima irene leon norma sebastian ursula esther".split()
)
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
        short = " ".join(
            "-".join(f"{piece[0].upper()}." for piece in word.split("-") if piece)
            if word[0].isupper()
            else word
            for word in self.given.split()
        )
        return ", ".join(part for part in (self.family, short, self.suffix) if part)


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
    at = _surname(words, language)
    return Name(" ".join(words[at:]), " ".join(words[:at]), suffix, whole)


def is_body(name: str) -> bool:
    """Whether a name is a body's, an office's or nobody's in particular: "Reuters Staff", "El País"."""
    words = name.split()
    if re.search(r"\d|&", name) or names_something(tuple(fold(word).rstrip(".,") for word in words[1:])):
        return True
    small = [word for word in words if word[0].islower() and fold(word) not in PARTICLES]
    return bool(small) or (len(words) > 1 and fold(words[0]) in {"the", "el", "la", "los", "las", "le"})


def _surname(words: list[str], language: str) -> int:
    """The place of the first word of the surname."""
    at = len(words) - 1
    if language.startswith("pt"):
        return at  # Portuguese sorts by the last word: "Silva, Luiz Inácio Lula da"
    if at > 1 and fold(words[at - 1]) in ("y", "e", "i"):
        at -= 2  # "Ortega y Gasset"
    elif at > 1 and _two_surnames(words, at, language):
        at -= 1
    while at > 1 and fold(words[at - 1]) in PARTICLES and fold(words[at - 1]) not in ("y", "e"):
        at -= 1
    return at


def _two_surnames(words: list[str], at: int, language: str) -> bool:
    """Whether the last two words are surnames, as in Spanish: where the first name is Spanish."""
    before = words[at - 1]
    both = all(_LOOKS_SPANISH.search(word) for word in (before, words[at]))
    spanish = language.startswith("es") or fold(words[0]) in _SPANISH or both
    is_first_name = fold(before) in _FIRST_NAMES or len(before.rstrip(".")) == 1 or fold(before) in PARTICLES
    return spanish and not is_first_name
