"""A quote's place as the W3C's TextQuoteSelector, and the place that a selector has in a text.

Nothing is anchored by guess: words that are there twice, or between other words than they were, are
told as drift.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rag.errors import InputError
from rag.records import Quote, Span

# So many characters on either side tell a quote from the same words elsewhere, but where a text
# repeats itself; then twice as many, and so on.
CONTEXT = 32

Drift = Literal["gone", "moved", "ambiguous"]


@dataclass(frozen=True, slots=True)
class Located:
    """Where the words are; or `drift`, why they are nowhere for certain.

    "gone": the words are not there; "moved": they are, but between other words; "ambiguous": they are
    there more than once, and nothing tells which is meant.
    """

    span: Span | None = None
    drift: Drift | None = None


def selector(quote: Quote) -> dict[str, str]:
    """The TextQuoteSelector of a quote, with context enough to be found at this place alone."""
    # The context doubles, so all searches together read no more than a few times the text.
    text, span = quote.article.text, quote.span
    context = CONTEXT
    while True:
        made = {
            "type": "TextQuoteSelector",
            "exact": quote.text,
            "prefix": text[max(0, span.start - context) : span.start],
            "suffix": text[span.end : span.end + context],
        }
        if locate(made, text).span == span or context >= len(text):
            return made
        context *= 2


def locate(selected: Mapping[str, Any], text: str) -> Located:
    """Where a selector's words are in a text; InputError where it is no TextQuoteSelector."""
    exact, prefix, suffix = _parts(selected)
    at = text.find(exact)
    if at < 0:
        return Located(drift="gone")
    whole = prefix + exact + suffix
    first = text.find(whole)
    if first < 0:
        return Located(drift="moved")
    if text.find(whole, first + 1) >= 0:
        return Located(drift="ambiguous")
    return Located(Span(first + len(prefix), first + len(prefix) + len(exact)))


def _parts(selected: Mapping[str, Any]) -> tuple[str, str, str]:
    expected = 'expected {"type": "TextQuoteSelector", "exact": …, "prefix": …, "suffix": …}'
    if not isinstance(selected, Mapping):
        raise InputError(f"the selector is a JSON {type(selected).__name__}; {expected}")
    if selected.get("type", "TextQuoteSelector") != "TextQuoteSelector":
        raise InputError(f"the selector is a {str(selected['type'])[:40]!r}; {expected}")
    found = []
    for key in ("exact", "prefix", "suffix"):
        value = selected.get(key, "")
        if not isinstance(value, str):
            raise InputError(f"the selector's {key} is a JSON {type(value).__name__}; {expected}")
        found.append(value)
    if not found[0]:
        raise InputError(f"the selector has no exact words; {expected}")
    return found[0], found[1], found[2]
