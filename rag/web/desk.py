"""What the page does for a writer: cites a quote, keeps a brief, checks a draft.

The browser keeps ids and notes; every word of a quote comes from the stored text at that moment.
"""

import base64
import json
from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from rag.brief import FORMATS, MOST_PINS, export, parse, resolve
from rag.brief.trim import parts
from rag.check import check, read_draft
from rag.cite import cite
from rag.errors import OnRecordError
from rag.index import Index
from rag.quotes import quote_of
from rag.records import Article, Span
from rag.web import page

if TYPE_CHECKING:
    from rag.bot import Bot

# A draft of 200 pages has some 500,000 characters; what is longer is checked by the command.
MOST_PASTED = 600_000
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown",
    "html": "text/html",
    "json": "application/json",
}


class Desk:
    """Answers the page's scripts. What a browser sends may be forged: each value is checked here."""

    def __init__(self, index: Index, bot: "Future[Bot]", voice: page.Voices) -> None:
        self._bot, self._voice = bot, voice
        self._held = index.held

    def cite(self, wanted: object) -> dict[str, str]:
        """The citation of {"quote", "style"} as text and as HTML, or what is wrong under "error"."""
        given = wanted if isinstance(wanted, dict) else {}
        try:
            quote = quote_of(str(given.get("quote")), self._held)
            made = cite(quote, self._held[quote.article.id].cast, str(given.get("style")))
        except OnRecordError as error:
            return {"error": str(error)}
        return {"text": made.text, "html": made.html}

    def pins(self, rows: object) -> list[dict[str, Any]]:
        """Each pinned quote as HTML with its sentences, or what is wrong with it under "error"."""
        return [self._pin(row) for row in rows[:MOST_PINS]] if isinstance(rows, list) else []

    def _pin(self, row: object) -> dict[str, Any]:
        try:
            (pin,) = resolve(parse(json.dumps({"pins": [row]}).encode("utf-8"), "the brief"), self._held).pins
        except OnRecordError as error:
            return {"error": str(error).removeprefix("quote 1 of the brief: ")}
        text = pin.quote.article.text
        return {
            "html": page.pinned(pin, self._voice),
            "who": pin.quote.speaker or "",
            "parts": [
                {
                    "start": part.start,
                    "end": part.end,
                    "text": part.of(text),
                    "kept": any(each.covers(part) for each in pin.stretches),
                }
                for part in parts(pin.quote)
            ],
            "warnings": list(pin.warnings),
        }

    def export(self, wanted: object) -> dict[str, str]:
        """The document of {"brief", "kind"} in base64 with name and type, or what is wrong under "error"."""
        given = wanted if isinstance(wanted, dict) else {}
        kind = str(given.get("kind"))
        try:
            made = resolve(parse(json.dumps(given.get("brief")).encode("utf-8"), "the brief"), self._held)
            data = export(made, kind)
        except OnRecordError as error:
            return {"error": str(error)}
        name = (
            "".join(char if char.isalnum() else "-" for char in made.title.lower())[:60].strip("-") or "brief"
        )
        return {
            "name": f"{name}.{kind}",
            "type": MEDIA[kind],
            "data": base64.b64encode(data).decode("ascii"),
        }

    def check(self, text: object) -> str:
        """What came of each quotation in a draft, as HTML."""
        words = str(text)
        if len(words) > MOST_PASTED:
            return page.notice(
                f"the draft has {len(words):,} characters; expected at most {MOST_PASTED:,}: "
                "check it with `onrecord check FILE`"
            )
        try:
            draft = read_draft(words.encode("utf-8", "replace"), "the draft", ".md")
            found = check(draft, list(self._held.values()), self._near)
        except OnRecordError as error:
            return page.notice(str(error))
        return page.checked(found, draft, self._voice)

    def _near(self, words: str) -> tuple[Article, Span, str | None] | None:
        return self._bot.result().near(words)


def formats() -> Sequence[tuple[str, str]]:
    """What a brief can be exported to, and what each is called."""
    return list(zip(FORMATS, ("Word", "Markdown", "HTML", "JSON"), strict=True))
