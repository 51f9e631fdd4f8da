"""`onrecord check`: what a draft quotes, held against the articles."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.cli.shared import OK, WRONG, put, read_given, with_style
from rag.errors import DraftError

if TYPE_CHECKING:
    from rag.check import Draft
    from rag.records import Article, Span


# Endings of drafts whose text is the file's own.
OWN_TEXT = (".md", ".markdown", ".txt", ".text")


def commands(add: Any) -> None:
    """Nothing; the command is known."""
    check = add.add_parser(
        "check", help="check each quotation of a draft; exit code 1 when something is wrong"
    )
    check.add_argument("draft", metavar="DRAFT", help="a .docx, .md, .txt or .html file; - reads Markdown")
    with_style(check)
    check.add_argument("--json", action="store_true", help="as one JSON object")
    check.set_defaults(run=_check)


def _check(arguments: argparse.Namespace) -> int:
    from rag import index
    from rag.check import check
    from rag.check.report import as_json, as_text

    draft = _draft(arguments.draft)
    held = index.held(arguments.index)
    near = _Near(arguments.index)
    found = check(draft, list(held.values()), near)
    if arguments.json:
        told = as_json(found, draft, held, arguments.style)
        if not arguments.draft.lower().endswith(OWN_TEXT) and arguments.draft != "-":
            told["draft"] = draft.text  # what the offsets are of; else they are of the file as it is
        put(json.dumps(told, ensure_ascii=False))
    else:
        put(as_text(found, draft, held, arguments.style, arguments.draft))
    return OK if all(finding.ok for finding in found) else WRONG


def _draft(name: str) -> "Draft":
    from rag.check import read_draft
    from rag.check.draft import MAX_BYTES

    if Path(name).is_dir():
        raise DraftError(f"{name} is a folder; expected a draft: a .docx, .md, .txt or .html file")
    data = read_given(name, MAX_BYTES + 1, "draft", "check its name")
    return read_draft(data, *(("standard input", ".md") if name == "-" else (name, Path(name).suffix)))


class _Near:
    """The passage that words are near; the model is loaded when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bot: Any = None

    def __call__(self, words: str) -> "tuple[Article, Span, str | None] | None":
        from rag.bot import Bot

        self.bot = self.bot or Bot.open(self.folder)
        found: tuple[Article, Span, str | None] | None = self.bot.near(words)
        return found
