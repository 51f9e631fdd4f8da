"""Plain text: kept character for character, a paragraph is a line; wrapped lines are joined first."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from rag.reading.decode import decode
from rag.reading.document import Document, Piece
from rag.reading.lines import is_finished, label, labels
from rag.reading.pieces import is_rule
from rag.records import Span

_LINE = re.compile(r"[^\r\n]+")
_PRINTED = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")

# The end of a line in a table of contents.
_LEADER = re.compile(r"(?<!\.)\.{4,}+\s*+\d*+\s*$")

# A text is wrapped when no line is longer than a page is wide and most lines that go on below are full: the
# next line's first word would not have fitted. Typewriters and mail give 60 to 80 characters; a paragraph on
# one line has hundreds. From so many such places on: fewer are chance.
WIDEST = 110
NARROWEST = 40
FULL = 0.8
MANY = 4
# This share of the lines is no longer than the width: an address may be.
WITHIN = 0.98


def read(data: bytes, name: str) -> Document:
    """The file's text, unchanged but for the ends of wrapped lines, and its paragraphs."""
    text, told = decode(data, name)
    width = _width(text)
    return parse(_joined(text, width) if width else text, told)


def parse(text: str, told: tuple[str, ...] = ()) -> Document:
    """The document of `text` as it is stored, each line that has words a piece."""
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


def _width(text: str) -> int | None:
    """How wide the text is wrapped, None where a line is a paragraph."""
    lines = [line.rstrip() for line in text.splitlines()]
    lengths = sorted(len(line) for line in lines if line)
    if not lengths or (width := lengths[int(WITHIN * (len(lengths) - 1))]) > WIDEST:
        return None
    # A line that goes on below ends in the middle of a sentence.
    goes_on = [
        (line, after)
        for line, after in pairwise(lines)
        if after.strip() and line.strip() and not is_finished(line) and after.lstrip()[0].islower()
    ]
    full = sum(len(line) >= NARROWEST and _is_full(line, after, width) for line, after in goes_on)
    return width if full >= MANY and full >= FULL * len(goes_on) else None


def _is_full(line: str, after: str, width: int) -> bool:
    """Whether the next line's first word would not have fitted, or hardly."""
    return len(line) + 1 + len(after.split(maxsplit=1)[0]) > 0.9 * width


def _joined(text: str, width: int) -> str:
    """The text with a blank where a line goes on below."""
    printed = [(match[1], match[2]) for match in _PRINTED.finditer(text)]
    known = labels(line for line, _ in printed)
    left = _left([line for line, _ in printed])
    made: list[str] = []
    before = ""  # the printed line that the open paragraph ends in
    for line, end in _lines(printed):
        if made and _goes_on(before, line, width, known, left):
            made[-2:] = [made[-2].rstrip() + " " + line.strip(), end]
        else:
            made += [line, end]
        before = line
    return "".join(made)


def _lines(printed: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The lines and their ends; nothing stands after the last."""
    return ((line, end) for line, end in printed if line or end)


def _left(lines: list[str]) -> int:
    """How far lines that go on amid a sentence are set in, most often."""
    found = Counter(
        _indent(line)
        for before, line in pairwise(lines)
        if line.strip() and line.lstrip()[0].islower() and before.strip() and not is_finished(before)
    )
    return found.most_common(1)[0][0] if found else 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _goes_on(before: str, line: str, width: int, known: frozenset[str], left: int) -> bool:
    """Whether a printed line carries on the paragraph of the one before it."""
    if not before.strip() or not line.strip() or is_rule(before.strip()) or is_rule(line.strip()):
        return False
    if _LEADER.search(before):
        return False
    named = label(line)
    if named is not None and (is_finished(before) or named in known):
        return False
    if _indent(line) > left and (is_finished(before) or _indent(line) == _indent(before)):
        return False  # the first line of a paragraph is set in
    return _is_full(before.rstrip(), line, width)
