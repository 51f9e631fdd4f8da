"""An answer as programs read it, and as a person reads it in a terminal."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from rag.schema import VERSION, AnswerJSON, CitedJSON, QuoteJSON

if TYPE_CHECKING:
    from rag.cite import Citation
    from rag.index.parts import Spoken
    from rag.records import Answer, Quote
    from rag.wording import Wording

    # A quote to its citation in the style that was asked for.
    Citing = Callable[[Quote], str]


def as_json(question_id: Any, answer: "Answer", citing: "Citing | None" = None) -> AnswerJSON:
    """The answer as programs read it."""
    return {
        "id": question_id,
        "question": answer.question,
        "status": answer.status,
        "message": answer.message,
        "quotes": [quote_json(quote, citing) for quote in answer.quotes],
        "related": [quote_json(quote, citing) for quote in answer.related],
        "suggestions": list(answer.suggestions),
        "understood": answer.understood,
        "sides": [
            {
                "speaker": side.person.name,
                "role": side.person.role,
                "message": side.message,
                "quotes": [quote_json(quote, citing) for quote in side.quotes],
            }
            for side in answer.sides
        ],
        "language": answer.language,
        "schema": VERSION,
    }


def quote_json(quote: "Quote", citing: "Citing | None" = None) -> QuoteJSON:
    """A quote as programs read it, with its citation where one is asked for."""
    from rag.cite import link
    from rag.quotes import id_of

    row: QuoteJSON = {
        "text": quote.text,
        "speaker": quote.speaker,
        "role": quote.role,
        "article": quote.article.id,
        "start": quote.span.start,
        "end": quote.span.end,
        "asked": quote.asked,
        "score": quote.score,
        "link": link(quote),
        "title": quote.article.title,
        "date": quote.article.date,
        "reported": [[each.start, each.end] for each in quote.reported],
        "interpreted": quote.turn.interpreted,
        "also": [
            {"article": place.article.id, "start": place.span.start, "end": place.span.end}
            for place in quote.also
        ],
        "id": id_of(quote),
        "core": [quote.core.start, quote.core.end] if quote.core else None,
    }
    if citing:
        row["citation"] = citing(quote)
    return row


def citing(style: str | None, held: "Mapping[str, Spoken]") -> "Citing | None":
    """What makes a quote's citation; None where no style is asked for, InputError for none that is known."""
    if style is None:
        return None
    from rag.cite import cite, style_of

    known = style_of(style)
    return lambda quote: cite(quote, held[quote.article.id].cast, known).text.rstrip()


def cited_json(quote: "Quote", made: "Citation") -> CitedJSON:
    """A quote with its citation as programs read it."""
    from rag.cite import selector

    return {
        "quote": quote_json(quote),
        "style": made.style,
        "text": made.text.rstrip(),
        "html": made.html,
        "selector": selector(quote),
    }


def as_text(answer: "Answer", citing: "Citing | None" = None) -> str:
    """The answer as a person reads it in a terminal."""
    from rag import wording

    say = wording.of(answer.language)
    parts = [say.understood.format(answer.understood)] if answer.understood else []
    parts.append(answer.message)
    if answer.sides:
        for side in answer.sides:
            parts += [] if side.quotes else [side.message]
            parts += [_quote_text(quote, say, citing) for quote in side.quotes]
    else:
        parts += [_quote_text(quote, say, citing) for quote in answer.quotes]
    if answer.related and answer.status == "declined":
        parts.append(say.near)
        parts += [_quote_text(quote, say, citing) for quote in answer.related]
    parts += ["\n".join(f"  - {question}" for question in answer.suggestions)] if answer.suggestions else []
    return "\n\n".join(parts)


def _quote_text(quote: "Quote", say: "Wording", citing: "Citing | None") -> str:
    from rag.quotes import id_of

    who = quote.speaker or say.unknown
    lines = [f"{who} ({quote.role})" if quote.role else who]
    lines += [f"  | {line}" if line.strip() else "  |" for line in quote.text.splitlines()]
    if quote.asked:
        lines.append(f"  {say.asked.format(quote.asked)}")
    if quote.article.title:
        lines.append(f"  {quote.article.title}" + (f", {quote.article.date}" if quote.article.date else ""))
    lines.append(f"  {say.place.format(quote.article.id, quote.span.start, quote.span.end)}")
    lines.append(f"  id: {id_of(quote)}")
    lines += [f"  {mark}" for mark in say.marks(quote)]
    if quote.also:
        lines.append(f"  {say.also.format(', '.join(place.article.id for place in quote.also))}")
    lines += [f"  {line}" for line in citing(quote).splitlines()] if citing else []
    return "\n".join(lines)
