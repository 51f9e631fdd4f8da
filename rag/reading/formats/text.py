"""Plain text: kept character for character, a paragraph is a line."""

import re

from rag.reading.decode import decode
from rag.reading.document import Document, Piece
from rag.reading.pieces import is_rule
from rag.records import Span

_LINE = re.compile(r"[^\r\n]+")


def read(data: bytes, name: str) -> Document:
    """The file's text, and each line that has words as a piece."""
    text, told = decode(data, name)
    return parse(text, told)


def parse(text: str, told: tuple[str, ...] = ()) -> Document:
    """The document of `text`, which is stored unchanged."""
    lines = (_trim(match) for match in _LINE.finditer(text))
    return Document(
        text,
        tuple(
            Piece(span, "rule" if is_rule(span.of(text)) else "paragraph")
            for span in lines
            if span.start < span.end
        ),
        left_out=told,
    )


def _trim(match: re.Match[str]) -> Span:
    """The line without the blank space around it, non-breaking spaces included."""
    line = match.group()
    start = match.start() + len(line) - len(line.lstrip())
    return Span(start, max(start, match.start() + len(line.rstrip())))
