"""Questions with all that can be asked beside them, and batches of them."""

import contextlib
import io
import json
import sys
from collections.abc import Hashable, Iterator
from typing import Any
from unittest import mock

from rag.answers import as_json, as_text
from rag.cli import main
from rag.dates import between, within
from rag.records import Answer
from tests.fuzz.mutation import in_json, in_json_lines
from tests.fuzz.target import Stage, check_quote, hold, target, written

_ASKED: tuple[dict[str, Any], ...] = (
    {"question": "What does Keith Mines say about oil and sanctions?"},
    {
        "question": "And what about the talks?",
        "history": ["What is said about relief?", "Who is Ana Caridad?"],
    },
    {"question": "Anything else?", "history": ["What is said about oil?"], "order": "newest"},
    {"question": "Do Mines and Caridad agree on elections?", "since": "2022-03", "until": "2022-12-31"},
    {"question": "oil", "speaker": "caridad", "article": "usip-venezuela-2022"},
    {"question": "¿Qué dice Ana Caridad sobre el petróleo?", "since": "2021"},
    {"question": "Hello! Who are you?"},
    {"question": "what did biden say abuot opec"},
    {"question": "compare what they say about trust", "history": ["What about her?", "oil", "and him?"]},
)


def _seeds(stage: Stage) -> list[bytes]:
    return [json.dumps(each).encode() for each in _ASKED]


def asked(data: bytes) -> dict[str, Any]:
    """What is asked, of the types that `Bot.ask` takes; what is no JSON is a question itself."""
    try:
        row = json.loads(data)
    except (ValueError, RecursionError):
        row = data.decode("utf-8", "surrogateescape")
    if not isinstance(row, dict):
        row = {"question": str(row)}
    history = row.get("history") if isinstance(row.get("history"), list) else []
    return {
        "question": row["question"] if isinstance(row.get("question"), str) else "oil",
        "history": [each for each in history or [] if isinstance(each, str)],
        "order": row.get("order") if row.get("order") in ("best", "newest") else "best",
        **{
            key: row[key] for key in ("speaker", "article", "since", "until") if isinstance(row.get(key), str)
        },
    }


@target("questions", _seeds, in_json)
def questions(stage: Stage, data: bytes) -> Hashable:
    """An answer, every quote of it a slice under its turn's name, by whom and when it was asked for."""
    given = asked(data)
    answer = stage.bot.ask(given.pop("question"), **given)
    check_answer(answer, stage)
    for quote in answer.quotes:
        hold(given.get("article") in (None, quote.article.id), "an article was not asked for")
        if given.keys() & {"since", "until"}:
            time = between(given.get("since"), given.get("until"))
            hold(within(quote.article.date, time), "a quote is of another time")
    return answer.status, answer.language, len(answer.quotes), len(answer.sides), answer.message[:20]


def check_answer(answer: Answer, stage: Stage) -> None:
    """Nothing, or Broken."""
    held = stage.bot.index.held
    of_sides = [quote for side in answer.sides for quote in side.quotes]
    for quote in (*answer.quotes, *answer.related, *of_sides):
        check_quote(quote, held)
    for side in answer.sides:
        hold(all(quote.speaker == side.person.name for quote in side.quotes), "a side says another's words")
    hold(
        (answer.status == "answered") == bool(answer.quotes),
        "an answer without quotes, or quotes without one",
    )
    written(as_json(None, answer))
    as_text(answer).encode("utf-8", "replace")


@target("relevance", _seeds, in_json)
def relevance(stage: Stage, data: bytes) -> Hashable:
    """A nearness for each sentence, from 0 to 1."""
    given = asked(data)
    own = stage.bot.index.articles[0]
    found = stage.bot.relevance(given["question"], given.get("article", own.id), given["history"])
    hold(len(found) == len(stage.bot.index.passages), "a sentence has no nearness")
    hold(all(0 <= near <= 1 for _, _, near in found), "a nearness is not between 0 and 1")
    return sum(near > 0.5 for _, _, near in found) > 0, any(near for _, _, near in found)


@target("compares", _seeds, in_json)
def compares(stage: Stage, data: bytes) -> Hashable:
    """Whether it sets people side by side."""
    given = asked(data)
    return stage.bot.compares(given["question"], given["history"])


def _batch(stage: Stage) -> list[bytes]:
    rows = [json.dumps({"id": at, **each}, ensure_ascii=at % 2 == 0) for at, each in enumerate(_ASKED)]
    rows += ['{"id": "x", "question": "oil?", "article": "small"}', "", '{"question": "Is gold scarce?"}']
    return ["\n".join(rows[at : at + 4]).encode() for at in range(0, len(rows), 3)]


@target("batch", _batch, in_json_lines)
def batch(stage: Stage, data: bytes) -> Hashable:
    """`onrecord ask --batch -`: a line of JSON for each line that is one, and a word on each other."""
    with mock.patch("rag.cli.ask.open_bot", return_value=stage.cheap):
        code, out, err = commanded(["ask", "--json", "--batch", "-"], data)
    rows = [json.loads(line, parse_constant=_no_constant) for line in out.split("\n") if line.strip()]
    hold(len(rows) <= data.count(b"\n") + 1, "more answers than lines")
    hold((code == 0) == (not err), "the exit code does not fit what was said")
    return code, min(len(rows), 3), err[:40]


def _no_constant(name: str) -> None:
    hold(False, f"{name} was written, which is no JSON")


def commanded(argv: list[str], stdin: bytes = b"") -> tuple[object, str, str]:
    """The exit code of a command, and its standard output and error; what is said is one line each time."""
    with _streams(stdin) as (out, err):
        try:
            code: object = main(argv)
        except SystemExit as stop:
            code = stop.code
    said = out.getvalue().decode("utf-8")  # whatever comes of it can be read
    told = err.getvalue()
    hold(code in (0, 1, 2), f"the exit code is {code}")
    hold(code != 2 or told.startswith("onrecord: "), "nothing is said of what is wrong")
    return code, said, told


@contextlib.contextmanager
def _streams(stdin: bytes) -> Iterator[tuple[io.BytesIO, io.StringIO]]:
    out, err = io.BytesIO(), io.StringIO()
    taken = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    shown = io.TextIOWrapper(out, "utf-8", write_through=True)
    with mock.patch.multiple(sys, stdin=taken, stdout=shown, stderr=err):
        yield out, err
        shown.flush()
        shown.detach()
