"""A quote's id, and the quote that an id names: sliced again from the stored text each time."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rag.errors import QuoteDrifted, UnknownArticle, UnknownQuote
from rag.fold import visible
from rag.records import Quote, Span

if TYPE_CHECKING:
    from rag.index.parts import Spoken

# So much of a text's SHA-256 tells it from every other version that an archive will ever hold.
VERSION_DIGITS = 12

_ID = re.compile(r"(?P<article>.+):(?P<start>\d{1,9})-(?P<end>\d{1,9}):(?P<version>[0-9a-f]{12})", re.DOTALL)
_EXPECTED = "expected ARTICLE:START-END:VERSION, as `onrecord ask --json` has it under `id`"


def id_of(quote: Quote) -> str:
    """The quote's name: its article, its place there, and the version of the text that it was cut from."""
    version = quote.article.version[:VERSION_DIGITS]
    return f"{quote.article.id}:{quote.span.start}-{quote.span.end}:{version}"


def quote_of(name: str, held: Mapping[str, "Spoken"]) -> Quote:
    """The quote of that name out of the articles held, by id. It is no answer, so its score is 1.

    UnknownQuote where the name is none, or its place no one person's words; UnknownArticle where there
    is no such article; QuoteDrifted where the article's text is not the one that the quote was cut from.
    """
    match = _ID.fullmatch(name.strip())
    if match is None:
        raise UnknownQuote(f"the quote's id is {visible(name)[:80]!r}; {_EXPECTED}")
    if (spoken := held.get(match["article"])) is None:
        raise UnknownArticle(f"no article {visible(match['article'])[:80]!r}; see `onrecord list`")
    version = spoken.article.version[:VERSION_DIGITS]
    if match["version"] != version:
        raise QuoteDrifted(
            f"the article {spoken.article.id!r} has changed since the quote {visible(name.strip())[:80]!r} "
            f"was taken from it (its text is version {version} now); ask again and take the quote anew"
        )
    quote = quote_at(spoken, int(match["start"]), int(match["end"]))
    if quote is None:
        raise UnknownQuote(
            f"characters {match['start']} to {match['end']} of {spoken.article.id!r} are not one person's "
            "words; expected a quote's id as an answer has it"
        )
    return quote


def quote_at(spoken: "Spoken", start: int, end: int) -> Quote | None:
    """The words there as a quote, or None where they are not all one turn's."""
    if not 0 <= start < end <= len(spoken.article.text):
        return None
    span = Span(start, end)
    turn = next((each for each in spoken.turns if each.holds(span, spoken.article.text)), None)
    return Quote(spoken.article, turn, span, 1.0) if turn else None
