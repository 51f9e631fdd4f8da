"""What stands around a quote in every format: fixed wording of ours, and which quotes are set apart."""

from rag.brief.pins import Pinned, Resolved
from rag.cite import Citation, Run, cite
from rag.records import Span

# From so many words on a quotation is set apart and has no marks (Chicago 18, 12.10: 100; APA 7, 8.27: 40;
# MLA 9, 6.35: four lines).
BLOCK_WORDS = 40

UNKNOWN = "Speaker unknown"
REPORTED = "In this quote the speaker gives words of others: {}"
INTERPRETED = "Spoken through an interpreter."
NOTE = "Note: "
SOURCES = "Sources"


def is_block(pin: Pinned) -> bool:
    """Whether a quote is set apart: it is long, of several paragraphs, or has marks of its own in it.

    Within marks those would have to become single ones, and a quote's words are never edited.
    """
    marked = any(mark in pin.text for mark in '“”"')
    return marked or len(pin.text.split()) > BLOCK_WORDS or len(paragraphs(pin)) > 1


def paragraphs(pin: Pinned) -> list[str]:
    """The kept words by paragraph; an ellipsis joins what is not neighbours."""
    return [each.strip("\r\n") for each in pin.text.splitlines() if each.strip()]


def who(pin: Pinned) -> str:
    """Who speaks, with the role that a source states."""
    quote = pin.quote
    if quote.speaker is None:
        return UNKNOWN
    return f"{quote.speaker}, {quote.role}" if quote.role else quote.speaker


def footnote(pin: Pinned) -> tuple[Run, ...]:
    """The citation, and the question where the quote cannot be understood without."""
    runs = pin.citation.runs
    return (*runs, Run(f" Asked: “{' '.join(pin.asked.split())}”")) if pin.asked else runs


def marks(pin: Pinned) -> list[str]:
    """What a reader of the quote has to know about whose words it holds."""
    text = pin.quote.article.text
    told = [REPORTED.format(" … ".join(_words(each, text) for each in pin.reported))] if pin.reported else []
    return [*told, INTERPRETED] if pin.quote.turn.interpreted else told


def _words(span: Span, text: str) -> str:
    return " ".join(span.of(text).split())


def sources(brief: Resolved) -> list[Citation]:
    """The bibliography, for the style that has one: each interview once, sorted."""
    if brief.brief.style != "chicago":
        return []
    entries = {
        each.quote.article.id: cite(each.quote, each.cast, "chicago-bibliography") for each in brief.pins
    }
    return sorted(entries.values(), key=lambda entry: entry.text.casefold())
