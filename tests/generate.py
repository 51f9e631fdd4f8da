"""Interviews in the layout of the seed article, generated with what they must be read as."""

from dataclasses import dataclass

from hypothesis import strategies as st

from rag.reading import make_article
from rag.reading.facts import Facts
from rag.records import Article, Person

NAMES = ("Ana Caridad", "Keith Mines", "Rosa Peña", "John O’Neil", "Li Wei")
_WORDS = [
    "oil",
    "sanctions",
    "talks",
    "Venezuela",
    "relief",
    "trust",
    "U.S.",
    "$12",
    "billion",
    "3.5",
    "percent",
    "the",
    "a",
    "of",
    "this",
    "“hard”",
    "Maduro’s",
    "co-operation",
    "élite",
    "石油",
    "نفط",
    "e.g.",
    "it",
    "has",
    "another",
]
_GAPS = ("\n\n", "\n", "\r\n\r\n", "\n \n", "\n\u00a0\n\n", "\n\n\n")


@dataclass(frozen=True)
class Told:
    """A generated interview: its article, and who said which paragraphs to which question."""

    article: Article
    turns: tuple[tuple[str, str | None, tuple[str, ...]], ...]


@st.composite
def sentences(draw: st.DrawFn, ending: str = ".") -> str:
    """A sentence that opens with a lower-case pronoun after its first word, so it is no heading."""
    middle = draw(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8))
    opening = draw(st.sampled_from(("We", "They", "It", "Another", "Progress")))
    return f"{opening} said {' '.join(middle)}{ending}"


@st.composite
def interviews(draw: st.DrawFn) -> Told:
    """An interview of one to five turns; every paragraph is unlike all others."""
    people = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    gap = draw(st.sampled_from(_GAPS))
    told: list[tuple[str, str | None, tuple[str, ...]]] = []
    lines: list[str] = []
    number = 0
    asked: str | None = None

    def paragraph() -> str:
        nonlocal number
        number += 1
        body = draw(st.lists(sentences(), min_size=1, max_size=3))
        space = draw(st.sampled_from((" ", "  ", "\u00a0")))
        return space.join([f"Point {number} is this.", *body])

    for _ in range(draw(st.integers(0, 2))):
        lines.append(paragraph())
    for turn in range(draw(st.integers(1, 5))):
        if draw(st.booleans()):
            asked = draw(sentences(f" {turn}?"))
            lines.append(asked)
        speaker = draw(st.sampled_from(people))
        said = tuple(paragraph() for _ in range(draw(st.integers(1, 4))))
        lines += [f"{speaker}: {said[0]}", *said[1:]]
        told.append((speaker, asked, said))
    if draw(st.booleans()):
        lines += ["Related Publications", paragraph(), f"{people[0]}: {paragraph()}"]
    tail = draw(st.sampled_from(("", " ", "\u00a0")))
    text = (tail + gap).join(lines) + tail
    made = make_article(text, Facts(id="made", people=tuple(map(Person, people))), "made")
    return Told(made, tuple(told))


def interview(*lines: str, people: tuple[str, ...] = ("Ana Caridad", "Keith Mines"), **facts: str) -> Article:
    """An article of these paragraphs."""
    stated = Facts(**{"id": "made", **facts}, people=tuple(map(Person, people)))
    return make_article("\n\n".join(lines), stated, "made")
