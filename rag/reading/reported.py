"""Where in a turn the speaker gives words of others: block quotations, and speech in quotation marks."""

import re
from collections.abc import Iterator

from rag.records import Span

# Fewer words in quotation marks are a title or a turn of phrase, more often than anybody's speech.
LEAST_WORDS = 4

_PAIRS = (
    re.compile(r"“(?P<words>[^“”]+)(?:”|\Z)"),
    re.compile(r"„(?P<words>[^„“”]+)[“”]"),
    re.compile(r"«(?P<words>[^«»]+)(?:»|\Z)"),
    # A straight mark opens behind a blank and closes behind a letter or a point.
    re.compile(r'(?<![^\s(\[—–])"(?P<words>[^\s"][^"]*)(?:"(?!\w)|\Z)'),
    # As an apostrophe it stands between letters; it closes speech behind a point.
    re.compile(r"(?<!\w)‘(?P<words>[^‘]+?[.?!,…])’(?!\w)"),
)
# Behind these, and behind nothing, words in quotation marks stand alone.
_BEFORE_SPEECH, _BETWEEN = ".?!…:,", "(—–-"
_SENTENCES = re.compile(r"[.?!…]['’]?\s+[^\W\d_a-z]")
_THROUGH = re.compile(
    r"(?i)(?:through|via|by|with|con|a trav[eé]s de|mediante|par|[uü]ber)\s+(?:\w+\s+){0,2}?"
    r"(?:interpret\w*|translat\w*|int[eé]rpret\w*|traduc\w*|traduit\w*|dolmetsch\w*)"
)


def reported(paragraph: str) -> tuple[Span, ...]:
    """The stretches in quotation marks, marks and all, that are somebody's speech and no mere phrase.

    They have words enough, and stand as sentences do: at a sentence's start, behind a colon or a comma,
    or with the end of a sentence inside. What opens and is not closed goes on to the paragraph's end.
    """
    found: list[Span] = []
    for each in sorted(_stretches(paragraph)):
        if not found or each.start >= found[-1].end:
            found.append(each)
    return tuple(found)


def _stretches(paragraph: str) -> Iterator[Span]:
    for pair in _PAIRS:
        for match in pair.finditer(paragraph):
            words = match["words"]
            if len(words.split()) < LEAST_WORDS:
                continue
            if _alone(paragraph, match.start()) or _SENTENCES.search(words):
                yield Span(match.start(), match.end())


def _alone(paragraph: str, at: int) -> bool:
    """Whether what opens there is at a sentence's start, or behind a colon or a comma."""
    while at and (paragraph[at - 1].isspace() or paragraph[at - 1] in _BETWEEN):
        at -= 1
    return not at or paragraph[at - 1] in _BEFORE_SPEECH


def through_interpreter(label: str | None) -> bool:
    """Whether a printed label says that an interpreter gives the words: "Ana Ruiz (through translator)"."""
    return bool(label and _THROUGH.search(label))
