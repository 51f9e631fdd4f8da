"""Turns to passages: whole sentences, offsets kept; and how a quote grows around one."""

import re
from collections.abc import Sequence

import sentencex

from rag.records import Passage, Span, Turn

# Openings and phrases that cannot be understood without the sentence before.
_LEANS = re.compile(
    r"(?i)(?:(?:and|but|so|or|yet|still|also|then|perhaps|again),? )*"
    r"(?:it|its|this|that|these|those|they|them|their|he|him|his|she|her|such|another|"
    r"the (?:former|latter|other|others|same)|both|neither|either|here|there)(?:\W|$)"
)
_LEANS_LATER = re.compile(
    r"(?i)\b(?:all|both|each|either|most|neither|none|one|some) of (?:these|those|them)\b|"
    r"\bdo(?:es|ing)? (?:this|that|so)\b"
)

# One sentence is always brought along; more only while the quote stays this short. Over the
# development questions the median quote then has 31 words (`make eval` prints it).
MAX_GROWN_WORDS = 60

# What the reader reads at once: about 110 word pieces, a third of a question's time on one core.
WINDOW_WORDS = 85


def sentences(text: str, paragraph: Span, language: str = "en") -> tuple[Span, ...]:
    """The spans of the paragraph's sentences in order, without the blank space around them."""
    found = []
    for sentence in sentencex.get_sentence_boundaries(language, paragraph.of(text)):
        words = sentence["text"].strip()
        if words:
            start = paragraph.start + sentence["start_index"] + sentence["text"].index(words)
            found.append(Span(start, start + len(words)))
    return tuple(found)


def passages(article: int, text: str, turns: tuple[Turn, ...], language: str) -> tuple[Passage, ...]:
    """Every sentence of every turn as a passage; `article` is the article's place in the index."""
    return tuple(
        Passage(article, number, place, span)
        for number, turn in enumerate(turns)
        for place, paragraph in enumerate(turn.paragraphs)
        for span in sentences(text, paragraph, language)
    )


def leans(sentence: str) -> bool:
    """Whether a sentence needs the one before it to be understood ("It has…", "This would…")."""
    return bool(_LEANS.match(sentence) or _LEANS_LATER.search(sentence))


def grow(text: str, turn: Turn, span: Span, sentences_before: tuple[Span, ...]) -> Span:
    """The quote for a sentence: with the sentence before it, of the same turn, where it leans.

    `sentences_before` are the turn's sentences up to `span`, in the order of the text.
    """
    grown = span
    for before in reversed(sentences_before):
        wider = Span(before.start, span.end)
        if not leans(grown.of(text)) or not turn.holds(wider, text):
            break
        if grown != span and len(wider.of(text).split()) > MAX_GROWN_WORDS:
            break
        grown = wider
    return grown


def windows(sizes: Sequence[int], most: int = WINDOW_WORDS) -> tuple[range, ...]:
    """Neighbours in groups of about equal length and at most `most` words, as positions.

    `sizes` are the sentences' words in order; every sentence is in one group. A sentence longer
    than `most` stands alone.
    """
    aim = sum(sizes) / max(1, -(-sum(sizes) // most))
    found, start, held = [], 0, 0
    for at, size in enumerate(sizes):
        if at > start and (held + size > most or held + size / 2 > aim):
            found.append(range(start, at))
            start, held = at, 0
        held += size
    if start < len(sizes):
        found.append(range(start, len(sizes)))
    return tuple(found)
