"""A conversation as a document: each question, our words, and the quotes with their sources."""

import json
from collections.abc import Mapping, Sequence

from rag import wording
from rag.answers import as_json
from rag.brief import Brief, Pin, export, resolve
from rag.brief.pins import Resolved, Section
from rag.cite import cite
from rag.index.parts import Spoken
from rag.quotes import id_of
from rag.records import Answer, Quote

TITLE = "A conversation on the record"


def document(answers: Sequence[Answer], held: Mapping[str, Spoken], kind: str, style: str) -> bytes:
    """The conversation's bytes; `kind` is one of rag.brief.FORMATS (InputError). Quotes are cut anew."""
    if kind == "json":

        def citing(quote: Quote) -> str:
            return cite(quote, held[quote.article.id].cast, style).text.rstrip()

        rows = [as_json(number, answer, citing) for number, answer in enumerate(answers, 1)]
        whole = {"title": TITLE, "style": style, "conversation": rows}
        return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
    pins: list[Pin] = []
    sections: list[Section] = []
    for answer in answers:
        sections.append(Section(len(pins) + 1, answer.question.strip(), tuple(_lines(answer))))
        pins += [Pin(id_of(quote)) for quote in answer.quotes]
    found = resolve(Brief(tuple(pins), TITLE, style), held)
    return export(Resolved(found.brief, found.pins, tuple(sections)), kind)


def _lines(answer: Answer) -> list[str]:
    """What we say under a question."""
    understood = (
        [wording.of(answer.language).understood.format(answer.understood)] if answer.understood else []
    )
    return [*understood, answer.message, *(side.message for side in answer.sides if not side.quotes)]
