"""What a paragraph shows by its print: bold, a question, the words of its language, where labels cut it."""

import re
from collections.abc import Iterable
from dataclasses import replace

from rag.fold import fold
from rag.reading.document import Piece
from rag.records import Span

# A paragraph is in bold when this share of its letters is: links inside often are not.
BOLD = 0.85

_IMPERATIVE = re.compile(
    r"(?i)[\W\d_]*(?:please,? |so,? |and |now,? |first,? |finally,? |then |can you |could you )*"
    r"(?:tell (?:us|me)|describe|explain|talk (?:to us|about|us through)|walk (?:us|me)|give (?:us|me)|"
    r"share (?:with us|some|your)|introduce yourself|"
    r"cu[eé]nt[ea]nos|h[aá]bl[ea]nos|descr[ií]b[ea]nos|expl[ií]qu[ea]nos|parlez[- ]nous|racontez|"
    r"erz[aä]hlen sie)\b"
)


def words_of(text: str) -> frozenset[str]:
    """The folded words that the text prints in lower case: they are the language's, no names."""
    return frozenset(
        fold(word) for word in re.findall(r"(?<![^\W_])[^\W\d_]+(?:['’][^\W\d_]+)?", text) if word.islower()
    )


def stretches(piece: Piece) -> tuple[Span, ...]:
    """What is bold in a piece, counted from its start."""
    return tuple(
        Span(
            max(each.start, piece.span.start) - piece.span.start,
            min(each.end, piece.span.end) - piece.span.start,
        )
        for each in piece.bold
        if each.overlaps(piece.span)
    )


def bold_share(paragraph: str, bold: Iterable[Span]) -> float:
    """The share of a paragraph's letters and digits that is printed in bold."""
    every = sum(c.isalnum() for c in paragraph)
    return sum(c.isalnum() for each in bold for c in each.of(paragraph)) / every if every else 0.0


def asks(paragraph: str) -> bool:
    """Whether a paragraph ends in a question, or asks for something."""
    end = paragraph.rstrip(" \u00a0\"'”’»*_)]")
    return end.endswith(("?", "？", "؟", ";?")) or bool(_IMPERATIVE.match(paragraph))


def inside(names: Iterable[str]) -> re.Pattern[str] | None:
    """The blank between a sentence's end and a label with a colon, amid a paragraph; None without names."""
    found = sorted({name for name in names if len(name) > 1}, key=len, reverse=True)
    if not found:
        return None
    either = "|".join(map(re.escape, found))
    return re.compile(rf"(?<=[.?!…”\"’)\]])\s+(?=(?:{either})(?:\s*\([^()]*\))?\s*[:：])")


def cut(piece: Piece, text: str, blanks: re.Pattern[str] | None) -> list[Piece]:
    """The piece, parted at those blanks."""
    if piece.kind in ("heading", "rule", "code", "caption") or blanks is None:
        return [piece]
    parted: list[Piece] = []
    at = piece.span.start
    for gap in blanks.finditer(piece.span.of(text)):
        end, start = piece.span.start + gap.start(), piece.span.start + gap.end()
        if len(text[at:end].split()) < 2:
            continue  # "Dr. Ann Lee:" is one label
        parted.append(replace(piece, span=Span(at, end), speaker=piece.speaker if not parted else None))
        at = start
    return [
        *parted,
        replace(piece, span=Span(at, piece.span.end), speaker=piece.speaker if not parted else None),
    ]
