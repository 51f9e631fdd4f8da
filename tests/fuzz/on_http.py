"""Requests to the interface for programs: any body, any type, any address that is its own."""

import json
from collections.abc import Hashable
from concurrent.futures import Future
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from starlette.testclient import TestClient

from rag.bot import Bot
from rag.interviews import Interviews
from rag.quotes import id_of, quote_at
from rag.web.api.app import made
from rag.web.api.problems import KINDS
from rag.web.asking import Asking
from rag.web.metrics import Metrics
from rag.web.settings import Settings
from tests.fuzz.mutation import in_json
from tests.fuzz.target import Stage, hold, target

# Every few of them a question, so that all routes have their turn.
_POSTS: tuple[tuple[str, str], ...] = (
    ("/api/ask", '{"id": 1, "question": "What about oil?", "history": ["And gold?"], "cite": "apa"}'),
    (
        "/api/ask",
        '{"question": "Oil?", "speaker": "Mines", "since": "2022", "until": "2023", "order": "newest"}',
    ),
    ("/api/ask/batch", '{"id": 1, "question": "Oil?"}\n\n{"id": 2, "question": "Gold?", "article": "small"}'),
    ("/api/compare", '{"topic": "oil", "speakers": ["Mines", "Caridad"]}'),
    ("/api/cite", '{"quote": "QUOTE", "style": "apa"}'),
    ("/api/check", '{"draft": "Mines says “Oil is scarce.”", "style": "mla"}'),
)
_GETS = (
    "/api/ask?question=Oil&cite=bibtex",
    "/api/articles?from=0&limit=1",
    "/api/articles/small",
    "/api/articles/small/text",
    "/api/cite?quote=QUOTE&style=ris",
    "/api/problems/drifted",
)


def _seeds(stage: Stage) -> list[bytes]:
    spoken = stage.small.held["small"]
    found = quote_at(spoken, *_first(spoken.turns[0].paragraphs[0]))
    name = id_of(found) if found else ""
    rows: list[dict[str, Any]]
    rows = [{"path": path, "body": body.replace("QUOTE", name)} for path, body in _POSTS]
    rows += [{"path": path.replace("QUOTE", quote(name)), "body": None} for path in _GETS]
    rows.append({"path": "/api/check", "body": "<p>Mines says “Oil is scarce.”</p>", "type": "text/html"})
    return [json.dumps(row).encode() for row in rows]


def _first(span: Any) -> tuple[int, int]:
    return span.start, span.end


@lru_cache(1)
def _client(stage: Stage) -> TestClient:
    """The interface over the small article."""
    loaded: Future[Bot] = Future()
    loaded.set_result(stage.cheap)
    asking = Asking(Interviews(stage.small, loaded, stage.folder / "none"), Metrics())
    return TestClient(made(asking, Settings(rate=1_000_000)), raise_server_exceptions=True)


@target("http", _seeds, in_json)
def http(stage: Stage, data: bytes) -> Hashable:
    """An answer or a problem, each as it is published; never a fault of the server's."""
    try:
        row = json.loads(data)
    except (ValueError, RecursionError):
        row = {"path": "/api/ask", "body": data.decode("utf-8", "replace")}
    if not isinstance(row, dict):
        row = {"path": "/api/ask", "body": json.dumps(row)}
    path, body = row.get("path"), row.get("body")
    path = path if isinstance(path, str) and path.startswith("/api") else "/api/ask"
    kind = row.get("type")
    kind = kind if isinstance(kind, str) and kind.isascii() and kind.isprintable() else "application/json"
    sent = None if body is None else (body if isinstance(body, str) else json.dumps(body))
    response = _client(stage).request(
        "GET" if sent is None else "POST",
        quote(path[:2_000].encode("utf-8", "replace"), safe="/?&=%"),
        content=None if sent is None else sent.encode("utf-8", "replace"),
        headers={"content-type": kind[:200]},
    )
    found = response.headers["content-type"].partition(";")[0]
    hold(response.status_code != 500, "the server failed")
    if response.status_code >= 400:
        problem = response.json()
        name = str(problem["type"]).removeprefix("/api/problems/")
        hold(found == "application/problem+json", "a refusal is no problem")
        hold(name in KINDS and problem["status"] == response.status_code, "a problem is of no known kind")
        hold(bool(problem["detail"].strip()) and "\n" not in problem["detail"], "a detail is not one line")
        return name
    if found == "application/x-ndjson":
        for line in response.content.splitlines():
            json.loads(line)
    elif found == "application/json":
        _check(stage, response.json())
    return response.status_code, found, path.partition("?")[0]


def _check(stage: Stage, row: dict[str, Any]) -> None:
    """Nothing, or Broken: every quote in an answer is a slice."""
    quotes = [*row.get("quotes", ()), *row.get("related", ())]
    for each in quotes:
        text = stage.small.held[each["article"]].article.text
        hold(each["text"] == text[each["start"] : each["end"]], "a quote is no slice of its article")
