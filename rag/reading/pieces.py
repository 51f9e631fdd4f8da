"""Paragraphs as a format shows them to the stored text and its pieces: the one place that sets offsets."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag.reading.document import Kind, Piece
from rag.records import Span

# A rule has no words, yet it parts what stands before it from what follows: it is stored as printed.
RULE = "* * *"
BETWEEN = "\n\n"
# Whom a format states where it names the others and leaves this one blank: nobody, and least of all the one
# before, to whom words without a label would else be given.
NOBODY = "Unknown speaker"
# "* * *", "-----", "~~~": a line of marks parts what stands around it.
_MARKS = re.compile(r"([*_=~•–—-])(?:[ \t]*\1){2,}")

_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
# Without width; between letters they may part words of a script without blanks, so there they stay.
_UNSEEN = re.compile(r"(?<!\w)[\ufeff\u200b\u2060\0]+|[\ufeff\u200b\u2060\0]+(?!\w)|\0")
_HALVES = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one paragraph in one print."""

    text: str
    bold: bool = False
    slanted: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph before it has its place in the stored text."""

    kind: Kind
    runs: tuple[Run, ...]
    speaker: str | None = None
    depth: int = 0

    @property
    def text(self) -> str:
        """Its words, unsqueezed."""
        return "".join(run.text for run in self.runs)

    @property
    def slanted(self) -> bool:
        """Whether all its words are in italics."""
        return all(run.slanted for run in self.runs if any(map(str.isalnum, run.text)))


def part(kind: Kind, text: str, speaker: str | None = None, depth: int = 0) -> Part:
    """A paragraph of plain words."""
    return Part(kind, (Run(text),), speaker, depth)


def is_rule(line: str) -> bool:
    """Whether a line is nothing but a row of marks."""
    return bool(_MARKS.fullmatch(line))


def squeeze(text: str) -> str:
    """The text on one line with single blanks; other characters, non-breaking spaces too, stay."""
    return _BLANKS.sub(" ", text).strip()


def assemble(parts: Iterable[Part]) -> tuple[str, tuple[Piece, ...]]:
    """The stored text, an empty line between paragraphs, and one piece for each that has words."""
    texts: list[str] = []
    pieces: list[Piece] = []
    at = 0
    for each in parts:
        text, bold = _line(each)
        if not text:
            continue
        at += len(BETWEEN) if texts else 0
        pieces.append(
            Piece(
                Span(at, at + len(text)),
                "rule" if each.kind == "paragraph" and is_rule(text) else each.kind,
                tuple(Span(at + start, at + end) for start, end in bold),
                _whole(squeeze(each.speaker or "")) or None,
                each.depth,
                each.slanted,
            )
        )
        texts.append(text)
        at += len(text)
    return BETWEEN.join(texts), tuple(pieces)


def _whole(text: str) -> str:
    """The text without half characters, which JSON can hold and no file can."""
    return _HALVES.sub("\ufffd", text)


def _line(each: Part) -> tuple[str, list[tuple[int, int]]]:
    """The paragraph's text on one line (code keeps its lines) and where it is bold."""
    if each.kind == "code":
        return _whole(_UNSEEN.sub("", each.text)).strip("\n").rstrip(), []
    line = ""
    bold: list[tuple[int, int]] = []
    made: list[str] = []
    length = 0
    blank = True  # whether what stands before is a blank, so that another one is too many
    for run in each.runs:
        text = _whole(_BLANKS.sub(" ", _UNSEEN.sub("", run.text)))
        if blank:
            text = text.lstrip(" ")
        if not text:
            continue
        if run.bold and text.strip():
            start = length + len(text) - len(text.lstrip())
            bold.append((start, length + len(text.rstrip())))
        made.append(text)
        length += len(text)
        blank = text.endswith(" ")
    line = "".join(made)
    cut = len(line) - len(line.lstrip())
    line = line.strip()
    inside = ((max(0, start - cut), min(end - cut, len(line))) for start, end in bold)
    return line, _joined(line, [(start, end) for start, end in inside if start < end])


def _joined(line: str, bold: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Bold stretches with only blanks between them as one."""
    joined: list[tuple[int, int]] = []
    for start, end in bold:
        if joined and not line[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
