"""Pinned quotes to a document with footnotes: Word, Markdown, HTML, JSON."""

from collections.abc import Callable, Mapping
from pathlib import Path

from rag.brief.pins import MAX_BYTES, MOST_PINS, Brief, Pin, Pinned, Resolved, parse, resolve
from rag.errors import InputError

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "MOST_PINS",
    "Brief",
    "Pin",
    "Pinned",
    "Resolved",
    "export",
    "format_of",
    "parse",
    "resolve",
]

FORMATS = ("docx", "md", "html", "json")


def export(brief: Resolved, kind: str) -> bytes:
    """The document's bytes; `kind` is one of FORMATS (InputError)."""
    # Each format when it is wanted: Word's library takes a while to import.
    from rag.brief import data, docx, html, markdown

    makers: Mapping[str, Callable[[Resolved], bytes]] = {
        "docx": docx.write,
        "md": markdown.write,
        "html": html.write,
        "json": data.write,
    }
    if kind not in makers:
        raise InputError(f"no format {kind[:20]!r}; expected one of: {', '.join(FORMATS)}")
    return makers[kind](brief)


def format_of(path: Path) -> str:
    """Which of FORMATS a file's ending means; InputError for any other."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise InputError(f"{path.name} ends in {path.suffix!r}; expected .docx, .md, .html or .json")
    return kind
