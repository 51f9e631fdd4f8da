"""What stands around a quote in every format: fixed wording of ours, and which quotes are set apart."""

from urllib.parse import quote as percent
from urllib.parse import urlsplit

from rag.brief.pins import Pinned, Resolved
from rag.cite import Citation, Run, cite
from rag.fold import fold
from rag.records import Span

# From so many words on a quotation is set apart and has no marks (Chicago 18, 12.10: 100; APA 7, 8.27: 40;
# MLA 9, 6.35: four lines).
BLOCK_WORDS = 40

UNKNOWN = "Speaker unknown"
REPORTED = "In this quote the speaker gives words of others: {}"
INTERPRETED = "Spoken through an interpreter."
NOTE = "Note: "
SOURCES = "Sources"
# Word calls a file damaged that holds a longer address; a quote of Chinese can make one.
LONGEST_ADDRESS = 2_000
_ADDRESS_SIGNS = ":/?#[]@!$&'()*+,;=%~"


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


def address(pin: Pinned) -> str | None:
    """Where a click leads: the article at the quote's words, or the article alone where that is too long.

    None where the article has no address on the web: any other could start a program.
    """
    for each in (pin.link, pin.quote.article.url):
        whole = percent(each, safe=_ADDRESS_SIGNS) if each else ""
        try:
            parts = urlsplit(whole)
            sound = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:  # half an IPv6 address
            return None
        if sound and len(whole) <= LONGEST_ADDRESS:
            return whole
    return None


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
    articles = {each.quote.article.id: each for each in brief.pins}
    made = (cite(each.quote, each.cast, "chicago-bibliography") for each in articles.values())
    # Twice in the archive, the same interview is one source all the same.
    entries = {entry.text: entry for entry in made}
    return [entries[text] for text in sorted(entries, key=lambda text: (fold(text), text))]
