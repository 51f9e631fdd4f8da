"""What the page does for a writer: cites a quote, keeps a brief, checks a draft.

The browser keeps ids and notes; every word of a quote comes from the stored text at that moment.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from rag.brief import FORMATS, MOST_PINS, export, parse, resolve
from rag.brief.trim import parts
from rag.check import check, read_draft
from rag.cite import cite
from rag.errors import OnRecordError
from rag.index import Index
from rag.quotes import quote_of
from rag.records import Article, Span
from rag.web.given import fields
from rag.web.page import desk as page
from rag.web.page.text import Voices, notice
from rag.web.settings import MAX_UPLOAD, UPLOADS, Settings

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

    def __init__(self, index: Index, bot: "Future[Bot]", voice: Voices, settings: Settings) -> None:
        self._bot, self._voice, self._settings = bot, voice, settings
        self._held = index.held

    def cite(self, wanted: object) -> dict[str, str]:
        """The citation of {"quote", "style"} as text and as HTML, or what is wrong under "error"."""
        row = fields(wanted)
        try:
            quote = quote_of(str(row.get("quote")), self._held)
            made = cite(quote, self._held[quote.article.id].cast, str(row.get("style")))
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
        row = fields(wanted)
        kind = str(row.get("kind"))
        try:
            made = resolve(parse(json.dumps(row.get("brief")).encode("utf-8"), "the brief"), self._held)
            data = export(made, kind)
        except OnRecordError as error:
            return {"error": str(error)}
        name = (
            "".join(char if char.isalnum() else "-" for char in made.title.lower())[:60].strip("-") or "brief"
        )
        return file_of(name, kind, data)

    def check(self, text: object) -> str:
        """What came of each quotation in a draft, as HTML."""
        words = str(text)
        if len(words) > MOST_PASTED:
            return notice(
                f"the draft has {len(words):,} characters; expected at most {MOST_PASTED:,}: "
                "check it with `onrecord check FILE`"
            )
        return self._checked(words.encode("utf-8", "replace"), "the draft", ".md")

    def check_file(self, wanted: object) -> str:
        """What came of each quotation in the file {"name", "data"}, its bytes in base64, as HTML."""
        row = fields(wanted)
        name, data = str(row.get("name"))[-80:], str(row.get("data"))
        suffix = PurePath(name).suffix.lower()
        if not self._settings.uploads:
            return notice("files are not taken here; put the draft's text into the box")
        if suffix not in UPLOADS:
            return notice(f"the file {name!r} ends in {suffix!r}; expected {', '.join(UPLOADS)}")
        if len(data) > MAX_UPLOAD * 4 // 3 + 4:
            return notice(
                f"the file {name!r} is longer than {MAX_UPLOAD:,} bytes; check it with `onrecord check`"
            )
        try:
            plain = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            return notice(f"the file {name!r} came damaged; choose it again")
        return self._checked(plain, name, suffix)

    def _checked(self, data: bytes, name: str, suffix: str) -> str:
        try:
            draft = read_draft(data, name, suffix)
            found = check(draft, list(self._held.values()), self._near)
        except OnRecordError as error:
            return notice(str(error))
        return page.checked(found, draft, self._voice)

    def _near(self, words: str) -> tuple[Article, Span, str | None] | None:
        return self._bot.result().near(words)


def file_of(name: str, kind: str, data: bytes) -> dict[str, str]:
    """A document as the page's scripts save it: its name, its type, its bytes in base64."""
    return {
        "name": f"{name}.{kind}",
        "type": MEDIA[kind],
        "data": base64.b64encode(data).decode("ascii"),
    }


def formats() -> Sequence[tuple[str, str]]:
    """What a brief can be exported to, and what each is called."""
    return list(zip(FORMATS, ("Word", "Markdown", "HTML", "JSON"), strict=True))
