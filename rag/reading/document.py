"""What every format module makes of a file: its text, its paragraphs as they are shown, what is stated."""

from dataclasses import dataclass
from typing import Literal

from rag.records import Span

Kind = Literal["paragraph", "heading", "rule", "item", "quote", "code", "caption", "cue"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph, as the format shows it."""

    span: Span  # in the stored text; pieces are in order and do not overlap
    kind: Kind
    bold: tuple[Span, ...] = ()  # what is printed in bold, in the stored text's offsets; neighbours joined
    speaker: str | None = None  # a name that the format itself states: a cue's voice, a table's column
    depth: int = 0  # nesting of a list item, or the level of a heading
    slanted: bool = False  # all its words are printed in italics


@dataclass(frozen=True, slots=True)
class Found:
    """One fact and where it was found: "front matter", "meta og:title", "flag"."""

    field: str
    value: str
    where: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read."""

    text: str  # the stored text, decided once
    pieces: tuple[Piece, ...]
    found: tuple[Found, ...] = ()  # title, date, …; "person" for each person stated; "author"; "about"
    left_out: tuple[str, ...] = ()  # what was not kept, and why, in plain words
