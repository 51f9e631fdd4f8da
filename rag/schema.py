"""What programs read, everywhere alike: the JSON of answers, quotes, articles, citations and checks.

These are typed dictionaries, so that making one costs nothing; `schemas` turns them into JSON Schema.
Fields are only ever added; what takes one away, or changes what it means, raises VERSION.
"""

import sys
from typing import Any, Literal, NotRequired

# pydantic, which makes the schemas, reads the standard library's only from 3.12 on.
if sys.version_info >= (3, 12):
    from typing import TypedDict
else:
    from typing_extensions import TypedDict

VERSION = 1

Speaker = str | None
# What comes of a quotation in a draft.
Verdict = Literal[
    "exact",
    "typography",
    "altered",
    "wrong_speaker",
    "stitched",
    "cut",
    "question",
    "reported",
    "paraphrase",
    "not_found",
]


class PlaceJSON(TypedDict):
    """Where the same person's same words are printed again."""

    article: str
    start: int
    end: int


class QuoteJSON(TypedDict):
    """Somebody's words: `text` is exactly characters `start` to `end` of the article's stored text."""

    text: str
    speaker: Speaker  # null: unknown
    role: str | None
    article: str
    start: int
    end: int
    asked: str | None  # the interviewer's question
    score: float  # the probability that it answers
    link: str | None  # to the article, at these words
    title: str | None
    date: str | None
    reported: list[list[int]]  # [start, end] of what the speaker gives as somebody else's words
    interpreted: bool
    also: list[PlaceJSON]
    id: str
    core: list[int] | None  # [start, end] of the sentence that answers, where the quote holds more
    citation: NotRequired[str]  # where a style was asked for


class SideJSON(TypedDict):
    """What one of several people says, who are set side by side; no quotes where nothing."""

    speaker: str
    role: str | None
    message: str
    quotes: list[QuoteJSON]


class AnswerJSON(TypedDict):
    """What came of a question. Only `quotes` speak; `message` is fixed wording of ours."""

    id: Any  # the asker's own
    question: str
    status: Literal["answered", "declined"]
    message: str
    quotes: list[QuoteJSON]  # best first, empty when declined
    related: list[QuoteJSON]  # near misses, never the answer
    suggestions: list[str]  # the interviewers' own questions, where they help on
    understood: str | None  # what a follow-up was taken to ask
    sides: list[SideJSON]
    language: str  # of our own words
    schema: int  # VERSION


class RowJSON(TypedDict):
    """An article in a list."""

    id: str
    date: str | None
    title: str | None
    people: list[str]
    words: int


class PersonJSON(TypedDict):
    """Somebody who speaks in an article."""

    name: str
    role: str | None
    aliases: list[str]
    words: int


class TurnJSON(TypedDict):
    """One person's uninterrupted answer: characters `start` to `end` of the stored text."""

    speaker: Speaker
    label: str | None
    asked: str | None
    start: int
    end: int
    words: int
    opening: str


class ArticleJSON(TypedDict):
    """An article: what is known of it, and who speaks when."""

    id: str
    title: str | None
    date: str | None
    publisher: str | None
    url: str | None
    language: str
    people: list[PersonJSON]
    words: int
    turns: list[TurnJSON]


class ArticlesJSON(TypedDict):
    """Some of the articles, in order; `next` is where to go on from, null at the end."""

    articles: list[RowJSON]
    total: int
    next: int | None


class CitedJSON(TypedDict):
    """A quote with its citation and its place as a W3C TextQuoteSelector."""

    quote: QuoteJSON
    style: str
    text: str
    html: str
    selector: dict[str, Any]


class DifferenceJSON(TypedDict):
    """Where a draft's words are not the stored ones."""

    kind: str
    draft: str
    source: str
    marked: bool


class SourceJSON(TypedDict):
    """Where the words of a draft's quotation stand."""

    article: str
    start: int
    end: int


class FindingJSON(TypedDict):
    """What came of one quotation of a draft."""

    text: str
    start: int
    end: int
    verdict: Verdict
    credited: str | None
    said_by: str | None
    source: SourceJSON | None
    suggestion: str | None
    ok: bool
    differences: list[DifferenceJSON]
    notes: list[str]
    paragraph: int
    line: int
    column: int
    citation: str | None
    link: str | None


class CheckedJSON(TypedDict):
    """Every quotation of a draft, in order. `draft` is what the offsets are of, where no file is."""

    quotations: list[FindingJSON]
    draft: NotRequired[str]


SHAPES: dict[str, Any] = {
    "answer": AnswerJSON,
    "article": ArticleJSON,
    "articles": ArticlesJSON,
    "cited": CitedJSON,
    "checked": CheckedJSON,
}


def schemas() -> dict[str, Any]:
    """One JSON Schema (2020-12) with every shape under `$defs`, and which of them programs meet first."""
    from pydantic import TypeAdapter

    definitions: dict[str, Any] = {}
    for shape in SHAPES.values():
        made = TypeAdapter(shape).json_schema()
        definitions |= made.pop("$defs", {})
        definitions[shape.__name__] = made
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"On Record, version {VERSION}",
        "anyOf": [{"$ref": f"#/$defs/{shape.__name__}"} for shape in SHAPES.values()],
        "$defs": dict(sorted(definitions.items())),
    }
