"""One answer, whoever asks: the command line, HTTP, MCP and Python give the same quotes, byte for byte."""

import json
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from rag.answers import as_json, cited_json
from rag.cli import main
from tests.conftest import ROOT
from tests.test_mcp import Talk, command
from tests.web.serving import request, serving

ASKED = 100


def asked() -> list[dict[str, Any]]:
    """A hundred questions of every kind, spread over the development set; follow-ups with what was before."""
    lines = (ROOT / "tests" / "questions" / "dev.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    step = len(rows) / ASKED
    picked = [rows[int(at * step)] for at in range(ASKED)]
    return [
        {"id": row["id"], "question": row["question"], "history": row.get("history") or []} for row in picked
    ]


ROWS = asked()


def plain(answer: dict[str, Any]) -> str:
    """An answer's JSON but for the asker's own id."""
    return json.dumps({**answer, "id": None}, ensure_ascii=False)


@pytest.fixture(scope="module")
def in_python(bot) -> list[str]:
    return [plain(dict(as_json(None, bot.ask(row["question"], history=row["history"])))) for row in ROWS]


def test_the_questions_are_many_and_of_every_kind(in_python):
    answers = [json.loads(answer) for answer in in_python]
    assert len({row["id"] for row in ROWS}) == ASKED
    assert sum(bool(row["history"]) for row in ROWS) >= 4
    assert sum(answer["status"] == "answered" for answer in answers) >= 40
    assert sum(answer["status"] == "declined" for answer in answers) >= 20


def test_the_command_line_gives_the_same(in_python, index_folder, tmp_path, capfd):
    batch = tmp_path / "batch.jsonl"
    batch.write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    assert main(["--index", str(index_folder), "ask", "--batch", str(batch), "--json"]) == 0
    found = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [row["id"] for row in found] == [row["id"] for row in ROWS]
    assert [plain(row) for row in found] == in_python


def test_http_gives_the_same_one_by_one_and_as_a_batch(in_python, index_folder):
    with serving(index_folder) as url:
        body = "".join(json.dumps(row) + "\n" for row in ROWS)
        lines = request(url, "POST", "/api/ask/batch", body)[1].splitlines()
        assert [plain(json.loads(line)) for line in lines] == in_python
        for row, answer in list(zip(ROWS, in_python, strict=True))[::5]:
            text = request(url, "POST", "/api/ask", json.dumps(row))[1]
            assert plain(json.loads(text)) == answer


def test_mcp_gives_the_same(in_python, index_folder):
    python, *arguments = command(index_folder)
    talk = Talk(lambda: Client(StdioServerParameters(command=python, args=arguments, cwd=str(ROOT))))
    try:
        for row, answer in zip(ROWS, in_python, strict=True):
            found = talk.call("ask", question=row["question"], history=row["history"])
            assert plain(dict(found.structured_content or {})) == answer
    finally:
        talk.close()


def test_a_citation_is_the_same_everywhere(bot, index_folder):
    from rag import Interviews

    interviews = Interviews.open(index_folder)
    quote = bot.ask("Have both sides been playing hard to get?").quotes[0]
    name = "usip-venezuela-2022:2379-2420:93e21bd6ea89"
    in_python = cited_json(quote, interviews.cite(name, "apa"))
    with serving(index_folder) as url:
        over_http = request(url, "POST", "/api/cite", json.dumps({"quote": name, "style": "apa"}))[1]
    assert {**json.loads(over_http), "quote": {}} == {**in_python, "quote": {}}
