"""Somebody's draft to its text and paragraphs, markup told from words and every offset kept."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from rag.errors import ArticleError, DraftError
from rag.records import Span

# A book of 1,000 pages has three million characters; a Word file with its pictures, more bytes.
MAX_CHARACTERS = 10_000_000
MAX_BYTES = 100_000_000
ENDINGS = (".docx", ".md", ".txt", ".html")
_ALIKE = {".markdown": ".md", ".htm": ".html", ".text": ".txt"}

Kind = Literal["text", "heading", "block", "note"]
# What stands for a character of markup: it is in no word and parts none.
NOTHING = "\u00ad"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: "block" is a block quotation's, "note" a footnote's, whose mark is `name`."""

    span: Span
    kind: Kind = "text"
    name: str | None = None


@dataclass(frozen=True)
class Draft:
    """A draft. `plain` is `text` with markup blotted out, of the same length.

    `marks` are the places in the text where a footnote's number stands, and its name.
    """

    text: str
    plain: str = field(repr=False)
    paragraphs: tuple[Paragraph, ...]
    marks: tuple[tuple[int, str], ...] = ()

    def place(self, offset: int) -> tuple[int, int, int]:
        """Paragraph, line and column of an offset, each from 1."""
        paragraph = bisect_right(self.starts, offset)
        line = bisect_right(self._lines, offset)
        return max(1, paragraph), line, offset - self._lines[line - 1] + 1

    @cached_property
    def starts(self) -> list[int]:
        """Where each paragraph begins, in order."""
        return [each.span.start for each in self.paragraphs]

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]


class Growing:
    """A draft as it is put together, paragraph by paragraph."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.paragraphs: list[Paragraph] = []
        self.marks: list[tuple[int, str]] = []

    def put(
        self, words: str, kind: Kind = "text", name: str | None = None, marks: Sequence[tuple[int, str]] = ()
    ) -> None:
        """Puts a paragraph to it; `marks` are where notes' numbers stand in its words."""
        if not words.strip():
            return
        if self.parts:
            self.parts.append("\n\n")
            self.length += 2
        self.paragraphs.append(Paragraph(Span(self.length, self.length + len(words)), kind, name))
        self.marks += [(self.length + at, each) for at, each in marks]
        self.parts.append(words)
        self.length += len(words)

    def draft(self) -> Draft:
        """What was put together."""
        text = "".join(self.parts)
        return Draft(text, text, tuple(self.paragraphs), tuple(self.marks))


def read_draft(data: bytes, name: str, ending: str) -> Draft:
    """The draft of these bytes; DraftError where its kind is not known or it cannot be read."""
    ending = _ALIKE.get(ending.lower(), ending.lower())
    if ending not in ENDINGS:
        raise DraftError(f"{name} ends in {ending or 'nothing'!r}; expected one of {', '.join(ENDINGS)}")
    if len(data) > MAX_BYTES:
        raise DraftError(f"{name} has {len(data):,} bytes; expected at most {MAX_BYTES:,}: check it in parts")
    try:
        draft = _read(data, name, ending)
    except ArticleError as error:
        raise DraftError(str(error)) from None
    if len(draft.text) > MAX_CHARACTERS:
        raise DraftError(
            f"{name} has {len(draft.text):,} characters; expected at most {MAX_CHARACTERS:,}: "
            "check it in parts"
        )
    if not draft.text.strip():
        raise DraftError(f"{name} holds no text; expected a draft with quotations")
    return draft


def _read(data: bytes, name: str, ending: str) -> Draft:
    from rag.check.formats import docx, html, markdown, text
    from rag.reading.decode import decode, decode_page

    if ending == ".docx":
        return docx.read(data, name)
    if ending == ".html":
        return html.parse(decode_page(data, name)[0])
    words = decode(data, name)[0]
    return markdown.parse(words) if ending == ".md" else text.parse(words)
