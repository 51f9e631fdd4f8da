"""A brief as it is kept (JSON) to the quotes it pins, each cut from the stored text at that moment."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.brief import trim
from rag.cite import Citation, cite, link, style_of
from rag.errors import InputError, QuoteDrifted, UnknownArticle, UnknownQuote
from rag.quotes import id_of, quote_at, quote_of
from rag.records import Cast, Quote, Span

if TYPE_CHECKING:
    from rag.index.parts import Spoken

# More quotes than any brief has; each is a page of its own in the end.
MOST_PINS = 1_000
# 1,000 pins with long notes take five megabytes.
MAX_BYTES = 20_000_000
MAX_NOTE = 20_000
MAX_TITLE = 500
# As BCP 47 has it, which is what Word and HTML take: "en", "es-419".
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")

_KEYS = {"title", "style", "language", "pins"}
_PIN_KEYS = {"quote", "note", "keep"}


@dataclass(frozen=True, slots=True)
class At:
    """Where a quote stands, as older answers have it: article and offsets, no version of the text."""

    article: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pin:
    """A quote's id or place, the writer's own note on it, and the sentences that are kept (all if none).

    `text` is what the writer saw, None where it is not told.
    """

    quote: str | At
    note: str = ""
    keep: tuple[Span, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """What a writer pinned, in order."""

    pins: tuple[Pin, ...]
    title: str | None = None
    style: str = "chicago"
    language: str = "en"


@dataclass(frozen=True)
class Pinned:
    """A pinned quote, cut from the text anew. `stretches` are what is kept of it, in order."""

    quote: Quote
    cast: Cast
    note: str
    stretches: tuple[Span, ...]
    citation: Citation
    asked: str | None
    warnings: tuple[str, ...]

    @property
    def text(self) -> str:
        """The kept words; an ellipsis stands for what is cut between them."""
        return " … ".join(each.of(self.quote.article.text) for each in self.stretches)

    @property
    def link(self) -> str | None:
        """The article at these words."""
        return link(self.quote)

    @property
    def reported(self) -> tuple[Span, ...]:
        """Words of the kept ones that the speaker gives as somebody else's."""
        return tuple(
            Span(max(each.start, part.start), min(each.end, part.end))
            for part in self.stretches
            for each in self.quote.reported
            if part.overlaps(each)
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and lines of ours that stand before the pin of that number, from 1."""

    before: int
    heading: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resolved:
    """A brief whose every quote is there, word for word. A conversation has sections, a brief none."""

    brief: Brief
    pins: tuple[Pinned, ...]
    sections: tuple[Section, ...] = ()

    def sections_before(self, number: int) -> list[Section]:
        """The sections right before the pin of that number; of one more than there are, those at the end."""
        return [each for each in self.sections if each.before == number]

    @property
    def title(self) -> str:
        """What it is called."""
        return self.brief.title or "On the record"

    @property
    def warnings(self) -> list[tuple[int, str]]:
        """Every warning with the number of its quote, from 1."""
        return [(at, each) for at, pin in enumerate(self.pins, 1) for each in pin.warnings]


def resolve(brief: Brief, held: Mapping[str, "Spoken"]) -> Resolved:
    """The brief with each quote cut from the stored text again; it stops at the first that is not there.

    QuoteDrifted where an article has changed since, UnknownQuote, UnknownArticle, and InputError for a
    cut that is none; each names the pin.
    """
    return Resolved(brief, tuple(_pinned(at, pin, brief, held) for at, pin in enumerate(brief.pins, 1)))


def _pinned(number: int, pin: Pin, brief: Brief, held: Mapping[str, "Spoken"]) -> Pinned:
    try:
        quote = _quote(pin, held)
        if pin.text is not None and pin.text != quote.text:
            raise QuoteDrifted(
                f"its words are not those of the article {quote.article.id!r} there; "
                "ask again and pin it anew"
            )
        stretches = trim.kept(quote, pin.keep)
    except InputError as error:
        raise type(error)(f"quote {number} of the brief: {error}") from None
    who = held[quote.article.id].cast
    asked = quote.asked if trim.depends(quote, stretches[0].start) else None
    return Pinned(
        quote,
        who,
        pin.note,
        stretches,
        cite(quote, who, brief.style),
        asked,
        trim.warnings(quote, stretches) if pin.keep else (),
    )


def _quote(pin: Pin, held: Mapping[str, "Spoken"]) -> Quote:
    if isinstance(pin.quote, str):
        return quote_of(pin.quote, held)
    # Without a version only the words can tell whether the article has changed.
    place = pin.quote
    if place.article not in held:
        raise UnknownArticle(f"no article {place.article[:80]!r}; see `onrecord list`")
    quote = quote_at(held[place.article], place.start, place.end)
    if quote is None:
        raise UnknownQuote(
            f"characters {place.start} to {place.end} of {place.article[:80]!r} are not one person's words; "
            "expected `start` and `end` as an answer has them"
        )
    return quote


# --- as it is kept -------------------------------------------------------------------------------


def parse(data: bytes, name: str) -> Brief:
    """The brief in a JSON file; InputError that names what is wrong, and in which pin."""
    expected = 'expected {"title": …, "pins": [{"quote": ID, "note": …}, …]}'
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{name} has over {MAX_BYTES:,} bytes; expected a brief of at most {MOST_PINS:,} quotes"
        )
    try:
        row = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise InputError(f"{name} is no JSON; {expected}") from None
    if isinstance(row, list):
        row = {"pins": row}
    elif isinstance(row, dict) and "pins" not in row and isinstance(row.get("quotes"), list):
        row = {"title": row.get("question"), "pins": row["quotes"]}  # an answer of `onrecord ask --json`
    if not isinstance(row, dict) or not isinstance(row.get("pins"), list):
        raise InputError(f"{name} holds no list of pins; {expected}")
    if unknown := sorted(set(row) - _KEYS):
        raise InputError(f"{name} has {unknown[0][:40]!r}; expected only {', '.join(sorted(_KEYS))}")
    if not row["pins"]:
        raise InputError(f"{name} pins no quote; pin some and export it again")
    if len(row["pins"]) > MOST_PINS:
        raise InputError(f"{name} has {len(row['pins']):,} pins; expected at most {MOST_PINS:,}: make it two")
    title, style = _text(row, "title", name, MAX_TITLE), _text(row, "style", name, 40)
    try:
        style = style_of(style or "chicago")
    except InputError as error:
        raise InputError(f"{name}: {error}") from None
    language = _text(row, "language", name, 20) or "en"
    if not _LANGUAGE.fullmatch(language):
        raise InputError(f"{name}: language is {language!r}; expected a code such as 'en' or 'es'")
    pins = tuple(_pin(each, f"{name}: pin {at}") for at, each in enumerate(row["pins"], 1))
    return Brief(pins, title or None, style, language)


def _pin(row: Any, where: str) -> Pin:
    if isinstance(row, str):
        return Pin(row)
    if not isinstance(row, dict):
        raise InputError(
            f"{where} is a JSON {type(row).__name__}; expected a quote's id, or an object with it"
        )
    note = _text(row, "note", where, MAX_NOTE) or ""
    keep = _keep(row.get("keep"), where)
    if "quote" in row:
        if unknown := sorted(set(row) - _PIN_KEYS - _SHOWN):
            raise InputError(f"{where} has {unknown[0][:40]!r}; expected only {', '.join(sorted(_PIN_KEYS))}")
        given = row["quote"]
        if isinstance(given, str):
            return Pin(given, note, keep, _seen(row, where))
        if isinstance(given, dict):
            texts = {_seen(each, where) for each in (row, given)} - {None}
            if len(texts) > 1:
                raise InputError(f"{where} has two texts that differ; expected the quote's words, once")
            row = {**given, "text": next(iter(texts), None)}
    if isinstance(row.get("id"), str):  # a quote as an answer has it
        return Pin(row["id"], note, keep, _seen(row, where))
    article, start, end = (row.get(key) for key in ("article", "start", "end"))
    # Not isinstance: true and false are integers too.
    if isinstance(article, str) and type(start) is int and type(end) is int:
        return Pin(At(article, start, end), note, keep, _seen(row, where))
    raise InputError(f"{where} names no quote; expected its id under `quote`")


# What an exported brief tells of each quote besides; it is told anew each time, and never read back.
_SHOWN = {
    "text",
    "speaker",
    "role",
    "asked",
    "article",
    "start",
    "end",
    "citation",
    "link",
    "warnings",
    "shown",
}


def _seen(row: Mapping[str, Any], where: str) -> str | None:
    if not isinstance(row.get("text"), str | None):
        raise InputError(f"{where}: text is a JSON {type(row['text']).__name__}; expected the quote's words")
    return row.get("text")


def _text(row: Mapping[str, Any], key: str, where: str, most: int) -> str | None:
    value = row.get(key)
    if not isinstance(value, str | None):
        raise InputError(f"{where}: {key} is a JSON {type(value).__name__}; expected text")
    if value is not None and len(value) > most:
        raise InputError(f"{where}: {key} has {len(value):,} characters; expected at most {most:,}")
    # Half characters cannot be written to any file.
    return value.encode("utf-8", "replace").decode("utf-8") if value is not None else None


def _keep(value: Any, where: str) -> tuple[Span, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise InputError(f"{where}: keep is a JSON {type(value).__name__}; expected [[start, end], …]")
    return tuple(_span(each, where) for each in value)


def _span(each: Any, where: str) -> Span:
    whole = isinstance(each, list) and len(each) == 2 and all(type(end) is int for end in each)
    if not whole or not 0 <= each[0] < each[1]:
        raise InputError(f"{where}: keep holds {str(each)[:40]}; expected [start, end] in characters")
    return Span(*each)


def kept_as(brief: Brief, pins: Sequence[Pinned]) -> dict[str, Any]:
    """The brief as it is kept, with what each quote says beside it."""
    return {
        "title": brief.title,
        "style": brief.style,
        "language": brief.language,
        "pins": [
            {
                "quote": id_of(pin.quote),
                "note": pin.note,
                "keep": [[each.start, each.end] for each in pin.stretches]
                if pin.stretches != (pin.quote.span,)
                else None,
                "text": pin.quote.text,
                "shown": pin.text,
                "speaker": pin.quote.speaker,
                "role": pin.quote.role,
                "asked": pin.quote.asked,
                "article": pin.quote.article.id,
                "start": pin.quote.span.start,
                "end": pin.quote.span.end,
                "citation": pin.citation.text,
                "link": pin.link,
                "warnings": list(pin.warnings),
            }
            for pin in pins
        ],
    }
