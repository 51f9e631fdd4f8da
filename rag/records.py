"""The frozen records that every step takes and returns, and the protocols between them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of character offsets in an article's stored text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span runs forward from 0 or later, not {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """The characters of `text` that the span covers."""
        return text[self.start : self.end]

    def covers(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks: full name, the role a source states, or None, and what labels call them."""

    name: str
    role: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Article:
    """One document as it was received. `text` never changes after it was read."""

    id: str
    text: str = field(repr=False)
    language: str = "en"
    people: tuple[Person, ...] = ()
    publisher: str | None = None
    title: str | None = None
    date: str | None = None  # as precisely as a source states it: "2022", "2022-03", "2022-03-10"
    url: str | None = None

    @cached_property
    def version(self) -> str:
        """SHA-256 of the stored text, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    def role(self, name: str | None) -> str | None:
        """The role of the person of that full name, or None where no source states one."""
        return next((person.role for person in self.people if person.name == name), None)


BlockKind = Literal["question", "answer", "speech", "other"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of an article: what it is, and whose words it holds.

    A "question" is the interviewer's, a reporter's, the audience's; an "answer" is to the question last
    put; "speech" is somebody's words where nothing says who asks and who answers; "other" (captions,
    teasers, headings) is nobody's speech and can never be quoted. `speaker` is None where nobody is
    named. `label` is as printed, None where the words carry on what stands before. `quoted` is a block
    quotation.
    """

    span: Span
    kind: BlockKind
    speaker: str | None = None
    label: str | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's uninterrupted answer. `speaker` is None when unknown: it is never guessed.

    `reported` are the words in it that the speaker gives as somebody else's; `interpreted`, whether
    an interpreter gave the speaker's.
    """

    speaker: str | None
    asked: Span | None
    paragraphs: tuple[Span, ...]
    reported: tuple[Span, ...] = ()
    interpreted: bool = False

    def holds(self, span: Span, text: str) -> bool:
        """Whether every character of `span` is this turn's own, blank space between aside."""
        at = span.start
        for paragraph in self.paragraphs:
            if at >= span.end:
                break
            if paragraph.end <= at:
                continue
            if text[at : max(at, paragraph.start)].strip():
                return False
            at = max(at, min(paragraph.end, span.end))
        return span.start < span.end and not text[at : span.end].strip()


@dataclass(frozen=True, slots=True)
class Cast:
    """Full names of those who answer in an article, and of those who only ask, in order."""

    interviewees: tuple[str, ...] = ()
    interviewers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """What is found: one whole sentence of one turn, as a span of the article's text."""

    article: int  # position of the article in the index
    turn: int  # position of the turn in the article
    paragraph: int  # position of the paragraph in the turn
    span: Span


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, by its number in the index, and how well it fits the question.

    `score` fuses the views; once read, it is the probability that the passage answers. `nearness`
    is the vectors' view alone, a cosine;
    `words` is the words' view alone: the share of the question's telling words that the passage
    holds, weighted by rarity.
    """

    passage: int
    score: float
    nearness: float
    words: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which article some words stand."""

    article: Article
    span: Span


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of one turn. The text is always sliced from the article, never kept beside it.

    `also` are the other articles in which the same person's same words are printed again. `core` is
    the sentence in it that answers, where it holds more than that.
    """

    article: Article
    turn: Turn
    span: Span
    score: float
    also: tuple[Place, ...] = ()
    core: Span | None = None

    def __post_init__(self) -> None:
        if not self.turn.holds(self.span, self.article.text):
            raise ValueError(f"{self.span} is not wholly one turn's words in {self.article.id!r}")

    @property
    def text(self) -> str:
        """The words, exactly `article.text[start:end]`."""
        return self.span.of(self.article.text)

    @property
    def speaker(self) -> str | None:
        """Full name of the one who said it, or None when unknown."""
        return self.turn.speaker

    @property
    def role(self) -> str | None:
        """The speaker's role, or None where no source states one."""
        return self.article.role(self.turn.speaker)

    @property
    def reported(self) -> tuple[Span, ...]:
        """Where in the article's text words of the quote are given as somebody else's, in order."""
        inside = (each for each in self.turn.reported if each.overlaps(self.span))
        return tuple(Span(max(each.start, self.span.start), min(each.end, self.span.end)) for each in inside)

    def shares(self, other: "Quote") -> bool:
        """Whether the two quotes have words in common, of the same place."""
        return self.article.id == other.article.id and self.span.overlaps(other.span)

    @property
    def asked(self) -> str | None:
        """The interviewer's question that it answers, or None where none was put."""
        return self.turn.asked.of(self.article.text) if self.turn.asked else None


Status = Literal["answered", "declined"]


@dataclass(frozen=True, slots=True)
class Side:
    """What one of several speakers who are set side by side says; no quotes where nothing."""

    person: Person
    message: str
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question. Only `quotes` speak; `message` is fixed wording of ours.

    `related` holds near misses, never the answer; `suggestions` are the interviewer's own
    questions, where they help a reader on. `understood` is what a follow-up was taken to ask, None
    where it is the question itself. `sides` are these quotes by speaker, where several are to be
    set side by side, and who of them says nothing. `language` is that of our own words.
    """

    question: str
    status: Status
    message: str
    quotes: tuple[Quote, ...] = ()
    related: tuple[Quote, ...] = ()
    suggestions: tuple[str, ...] = ()
    understood: str | None = None
    sides: tuple[Side, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of ranked hits: those that answer, best first, and the near misses.

    `certainty` is the probability that the best one answers; wording depends on it.
    """

    answers: tuple[Hit, ...]
    related: tuple[Hit, ...]
    certainty: float = 0.0


class Encoder(Protocol):
    """Text to vectors."""

    @property
    def name(self) -> str:
        """What `--model` was given."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 that tells these weights from any others."""

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """Unit row vectors of passages, shape (len(texts), dimension), float32."""

    def encode_questions(self, texts: Sequence[str]) -> "Vectors":
        """Unit row vectors of questions, of the same shape."""

    def load(self) -> None:
        """Nothing; afterwards the first question need not wait for the weights."""


@dataclass(frozen=True, slots=True)
class Among:
    """Which passages compete: those of these speakers (full names) and articles (numbers); None: all."""

    speakers: frozenset[str] | None = None
    articles: frozenset[int] | None = None


class Store(Protocol):
    """Where passages are looked for. It puts them up by the numbers that the index gives them.

    What they say, who says it and how well they fit is not its business: that stands in the index, so a
    quote is a slice of the stored text, and scores alike, whatever the store.
    """

    def put_up(self, row: "Vectors", question: str, count: int, among: Among) -> list[int]:
        """The `count` passages nearest to a question's vector, then the `count` that share most of its words.

        Best first each, and none twice.
        """

    def near(self, row: "Vectors", count: int) -> list[int]:
        """The `count` passages nearest to a vector, nearest first."""


class Progress(Protocol):
    """Told how far a long step has come."""

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` pieces are finished."""
