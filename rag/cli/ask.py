"""`onrecord ask`: one question, or a batch of them."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.answers import as_json, as_text, citing
from rag.batch import FILTERS, row_of
from rag.cli.shared import BAD, OK, complain, open_bot, put, with_style
from rag.errors import BatchError, InputError, QuestionError

if TYPE_CHECKING:
    from rag.answers import Citing
    from rag.bot import Bot

# More than any batch a person writes; kept so that a stray device cannot fill the memory.
MAX_BATCH_LINE = 1_000_000


def commands(add: Any) -> None:
    """Nothing; the command is known."""
    ask = add.add_parser("ask", help="answer a question with quotes")
    ask.add_argument(
        "question", nargs="?", metavar="QUESTION", help="the question; without it, standard input"
    )
    ask.add_argument("--speaker", metavar="NAME", help="only this person's words may answer")
    ask.add_argument("--article", metavar="ID", help="only this article's words may answer")
    ask.add_argument(
        "--since", metavar="DATE", help="only articles from then on: 2022, 2022-03 or 2022-03-10"
    )
    ask.add_argument("--until", metavar="DATE", help="only articles up to then")
    ask.add_argument(
        "--order",
        choices=("best", "newest"),
        default="best",
        help="which of two equals is first (%(default)s)",
    )
    ask.add_argument("--json", action="store_true", help="one JSON object a question")
    with_style(ask, "--cite", default=None)
    ask.add_argument(
        "--batch",
        metavar="FILE",
        help='JSON lines {"id", "question", "history"?, "speaker"?, "article"?, "since"?, "until"?}; '
        "- is standard input",
    )
    ask.set_defaults(run=_ask)


def _ask(arguments: argparse.Namespace) -> int:
    if arguments.batch is not None and arguments.question is not None:
        raise InputError("both a question and --batch were given; expected one of them")
    if arguments.batch is not None:
        return _ask_batch(arguments)
    question = arguments.question if arguments.question is not None else _standard_input()
    from rag.bot import checked

    checked(question)  # a bad question is told before anything is loaded
    bot = open_bot(arguments.index)
    answer = bot.ask(question, order=arguments.order, **_filters(arguments, {}))
    citation = citing(arguments.cite, bot.index.held)
    put(
        json.dumps(as_json(None, answer, citation), ensure_ascii=False)
        if arguments.json
        else as_text(answer, citation)
    )
    return OK


def _filters(arguments: argparse.Namespace, row: dict[str, Any]) -> dict[str, Any]:
    """What may answer: as the row says, else as the command line does."""
    return {key: getattr(arguments, key) if row.get(key) is None else row[key] for key in FILTERS}


def _ask_batch(arguments: argparse.Namespace) -> int:
    """Answers every line that can be; each bad line is named, and makes the exit code 2."""
    lines = _batch_lines(arguments.batch)
    bot: Bot | None = None
    citation: Citing | None = None
    bad = False
    for number, line in lines:
        if not line.strip():
            continue
        row: dict[str, Any] = {}
        try:
            row = row_of(line)
            bot = bot or open_bot(arguments.index)
            citation = citing(row.get("cite") or arguments.cite, bot.index.held)
            answer = bot.ask(
                row["question"],
                order=row.get("order") or arguments.order,
                history=row.get("history") or (),
                **_filters(arguments, row),
            )
        except InputError as error:
            if not isinstance(error, BatchError | QuestionError) and not any(
                row.get(key) for key in (*FILTERS, "cite")
            ):
                raise  # what is wrong stands on the command line, for every row
            complain(f"line {number}: {error}")
            bad = True
            if isinstance(error, BatchError):
                continue
            from rag.records import Answer

            answer = Answer(row["question"], "declined", str(error))
        if arguments.json:
            put(json.dumps(as_json(row.get("id"), answer, citation), ensure_ascii=False))
        else:
            put(f"{row['question']}\n\n{as_text(answer, citation)}\n")
    return BAD if bad else OK


def _batch_lines(file: str) -> Iterator[tuple[int, bytes]]:
    """Numbered lines, as they come."""
    try:
        with sys.stdin.buffer if file == "-" else Path(file).open("rb") as stream:
            number = 0
            while line := stream.readline(MAX_BATCH_LINE):
                number += 1
                if number == 1 and _is_binary(line):
                    raise InputError(f"the batch {file!r} is binary; expected a file of JSON lines")
                yield number, line
                while line and len(line) == MAX_BATCH_LINE and not line.endswith(b"\n"):
                    line = stream.readline(MAX_BATCH_LINE)  # the rest of a line that is too long
    except OSError as error:
        raise InputError(
            f"the batch {file!r} cannot be read ({error.strerror}); expected a file of JSON lines"
        ) from None


def _is_binary(line: bytes) -> bool:
    """Whether bytes are no text at all: they hold control characters and are not UTF-8, or a NUL."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return any(byte < 32 and byte not in b"\t\r\n" for byte in line)
    return b"\0" in line


def _standard_input() -> str:
    if sys.stdin is None or sys.stdin.isatty():
        raise QuestionError('no question was given; expected onrecord ask "QUESTION"')
    from rag.bot import MAX_QUESTION

    data = sys.stdin.buffer.read(4 * MAX_QUESTION + 1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if len(data) > 4 * MAX_QUESTION:
            return data.decode("utf-8", "replace")  # too long, whatever it is
        raise QuestionError("standard input is not UTF-8 text; expected a question in words") from None
