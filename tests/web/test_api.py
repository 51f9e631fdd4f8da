"""The interface for programs over HTTP: the same answers, who may ask, how often, and how faults are told."""

import json
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote as escaped

import jsonschema
import pytest
from prometheus_client.parser import text_string_to_metric_families

from rag.answers import as_json
from rag.bot import Bot
from rag.cli import main
from rag.errors import InputError, ServeError
from rag.schema import schemas
from rag.web.api.bodies import QUESTION, QUOTE_ID
from rag.web.api.limits import Limits
from rag.web.api.problems import KINDS
from rag.web.settings import MAX_BODY
from rag.web.tokens import SCOPES, Tokens, new
from tests.web.serving import free_port, request, serving

PROBLEM = "application/problem+json"
SITE = "https://app.example.org"


def wait_until_ready(url: str) -> None:
    """Nothing, once questions are answered at once."""
    for _ in range(600):
        if request(url, "GET", "/readyz")[0] == 200:
            return
        time.sleep(0.1)
    pytest.fail("not ready after a minute")


@pytest.fixture(scope="module")
def ready(url: str) -> str:
    """Where the page is served, once the models are loaded."""
    wait_until_ready(url)
    return url


@pytest.fixture(scope="module")
def guarded(
    page_index: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, dict[str, str]]]:
    """Where a page is whose programs need tokens; a token for each scope, and one for two of them."""
    file = tmp_path_factory.mktemp("tokens") / "tokens"
    tokens = {scope: new(file, f"has-{scope}", [scope]) for scope in SCOPES}
    tokens["both"] = new(file, "has-both", ["ask", "cite"])
    with serving(page_index, "--tokens", str(file), "--rate", "30", "--origin", SITE) as address:
        wait_until_ready(address)
        yield address, tokens


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def post(url: str, path: str, row: object, **headers: str) -> tuple[int, Any, dict[str, str]]:
    """Status, what the JSON holds, and headers."""
    body = row if isinstance(row, bytes | str) else json.dumps(row)
    status, text, sent = request(url, "POST", path, body, **headers)
    return status, json.loads(text), sent


def problem(found: tuple[int, Any, dict[str, str]], kind: str) -> dict[str, Any]:
    """The problem that was told, which is of that kind and has all that RFC 9457 wants."""
    status, row, headers = found
    assert headers["content-type"] == PROBLEM
    assert row["type"] == f"/api/problems/{kind}"
    assert row["status"] == status == KINDS[kind].status
    assert row["title"] == KINDS[kind].title
    assert "\n" not in row["detail"]
    assert row["detail"]
    result: dict[str, Any] = row
    return result


# --- the same answers --------------------------------------------------------------------------------


def test_an_answer_is_the_bots_byte_for_byte(ready, bot):
    _, text, headers = request(ready, "POST", "/api/ask", json.dumps(QUESTION))
    assert headers["content-type"] == "application/json"
    assert text == json.dumps(as_json(1, bot.ask(QUESTION["question"])), ensure_ascii=False)
    row = json.loads(text)
    article = bot.index.articles[0].text
    assert [each["text"] for each in row["quotes"]] == [
        article[each["start"] : each["end"]] for each in row["quotes"]
    ]


def test_a_conversation_and_filters_are_understood(ready):
    asked = {"question": "And Caridad?", "history": ["What does Keith Mines say about sanctions?"]}
    assert post(ready, "/api/ask", asked)[1]["understood"] is not None
    row = post(ready, "/api/ask", {"question": "What about oil?", "speaker": "mines"})[1]
    assert {each["speaker"] for each in row["quotes"]} <= {"Keith Mines"}
    row = post(ready, "/api/ask", {**QUESTION, "since": "2023"})[1]
    assert (row["status"], row["quotes"]) == ("declined", [])


def test_an_answer_by_its_address_can_be_kept_until_the_articles_change(ready):
    path = f"/api/ask?question={escaped(str(QUESTION['question']))}"
    status, text, headers = request(ready, "GET", path)
    assert status == 200
    assert json.loads(text)["quotes"]
    again = request(ready, "GET", path, **{"if-none-match": f'W/"x", {headers["etag"]}'})
    assert (again[0], again[1], again[2]["etag"]) == (304, "", headers["etag"])
    other = request(ready, "GET", f"{path}&speaker=mines", **{"if-none-match": headers["etag"]})
    assert other[0] == 200
    assert other[2]["etag"] != headers["etag"]


def test_people_are_compared(ready):
    status, row, _ = post(ready, "/api/compare", {"topic": "sanctions", "id": "x"})
    assert status == 200
    assert [side["speaker"] for side in row["sides"]] == ["Keith Mines", "Ana Caridad"]
    assert row["id"] == "x"
    told = problem(post(ready, "/api/compare", {"topic": "oil", "speakers": ["Mines"]}), "unknown-speaker")
    assert "Keith Mines" in told["detail"]


def test_a_batch_comes_back_line_by_line_in_order(ready, bot):
    rows = [
        QUESTION,
        {"id": 2, "question": "What do they say about tourism?"},
        {"id": 3, "question": ""},
        {"id": 4, "question": "Oil?", "speaker": "Nobody Known"},
    ]
    lines = [json.dumps(row) for row in rows]
    body = "\n".join([lines[0], "no JSON", "", *lines[1:]])
    status, text, headers = request(ready, "POST", "/api/ask/batch", body)
    assert (status, headers["content-type"]) == (200, "application/x-ndjson")
    found = [json.loads(line) for line in text.splitlines()]
    assert text.splitlines()[0] == json.dumps(as_json(1, bot.ask(QUESTION["question"])), ensure_ascii=False)
    assert (found[1]["type"], found[1]["line"]) == ("/api/problems/bad-json", 2)
    assert [row["id"] for row in found if "id" in row] == [1, 2, 3, 4]
    assert [row["status"] for row in found if "id" in row] == ["answered", "declined", "declined", "declined"]
    assert "empty" in found[3]["message"]
    assert "Keith Mines" in found[4]["message"]


def test_the_first_line_of_a_long_batch_is_there_before_the_last_is_answered(ready):
    import http.client
    from urllib.parse import urlsplit

    rows = [{"id": at, "question": f"What is said about oil, case {at}?"} for at in range(40)]
    connection = http.client.HTTPConnection(urlsplit(ready).netloc, timeout=60)
    begun = time.monotonic()
    connection.request("POST", "/api/ask/batch", "\n".join(map(json.dumps, rows)))
    response = connection.getresponse()
    assert json.loads(response.readline())["id"] == 0
    first = time.monotonic() - begun
    assert [json.loads(line)["id"] for line in response.read().splitlines()] == list(range(1, 40))
    assert first < (time.monotonic() - begun) / 2
    connection.close()


def test_articles_are_listed_page_by_page_and_read_whole(ready, bot):
    row = json.loads(request(ready, "GET", "/api/articles")[1])
    assert (row["total"], row["next"], [each["id"] for each in row["articles"]]) == (
        1,
        None,
        ["usip-venezuela-2022"],
    )
    assert json.loads(request(ready, "GET", "/api/articles?from=1&limit=1")[1])["articles"] == []
    status, text, headers = request(ready, "GET", "/api/articles/usip-venezuela-2022/text")
    article = bot.index.articles[0]
    assert (status, text, headers["etag"]) == (200, article.text, f'"{article.version}"')
    whole = json.loads(request(ready, "GET", "/api/articles/usip-venezuela-2022")[1])
    assert whole["turns"][0]["speaker"] == "Keith Mines"
    for path in ("/api/articles/none", "/api/articles/none/text"):
        status, text, headers = request(ready, "GET", path)
        problem((status, json.loads(text), headers), "unknown-article")


def test_a_quote_is_cited_and_a_drifted_one_is_told(ready, bot):
    status, row, _ = post(ready, "/api/cite", {"quote": QUOTE_ID, "style": "apa"})
    assert status == 200
    assert (row["style"], row["quote"]["text"]) == ("apa", "Until now, both have played “hard to get”")
    assert row["selector"]["exact"] == row["quote"]["text"]
    by_address = request(ready, "GET", f"/api/cite?quote={escaped(QUOTE_ID)}&style=apa")
    assert json.loads(by_address[1]) == row
    problem(post(ready, "/api/cite", {"quote": "../../etc/passwd"}), "unknown-quote")
    problem(post(ready, "/api/cite", {"quote": QUOTE_ID[:-12] + "0" * 12}), "drifted")
    problem(post(ready, "/api/cite", {"quote": QUOTE_ID, "style": "harvard"}), "bad-input")


def test_a_draft_is_checked_as_json_as_markdown_and_as_html(ready):
    words = "Mines says: “Until now, both have played ‘hard to get.’”"
    as_row = post(ready, "/api/check", {"draft": words})[1]
    as_text = json.loads(
        request(ready, "POST", "/api/check", words.encode(), **{"content-type": "text/markdown"})[1]
    )
    assert as_row == as_text
    assert [each["said_by"] for each in as_row["quotations"]] == ["Keith Mines"]
    page = f"<p>{words}</p>".encode()
    as_page = json.loads(request(ready, "POST", "/api/check", page, **{"content-type": "text/html"})[1])
    found = as_page["quotations"][0]
    assert as_page["draft"][found["start"] : found["end"]] == found["text"]
    problem(post(ready, "/api/check", words.encode(), **{"content-type": "image/png"}), "wrong-type")
    problem(post(ready, "/api/check", "{"), "bad-json")
    problem(post(ready, "/api/check", {"draft": 3}), "bad-input")


# --- what all of it looks like -----------------------------------------------------------------------


def test_every_answer_is_of_the_published_schema(ready):
    schema = schemas()
    assert json.loads(request(ready, "GET", "/api/schema")[1]) == schema
    found = {
        "AnswerJSON": post(ready, "/api/ask", {**QUESTION, "cite": "apa"})[1],
        "ArticleJSON": json.loads(request(ready, "GET", "/api/articles/usip-venezuela-2022")[1]),
        "ArticlesJSON": json.loads(request(ready, "GET", "/api/articles")[1]),
        "CitedJSON": post(ready, "/api/cite", {"quote": QUOTE_ID})[1],
        "CheckedJSON": post(
            ready, "/api/check", {"draft": "He said “up to $12 billion” and “no such words”."}
        )[1],
    }
    for name, row in found.items():
        whole = {"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]}
        jsonschema.Draft202012Validator(whole).validate(row)
        assert row.keys() <= schema["$defs"][name]["properties"].keys()


def test_the_description_has_every_route_and_its_examples_are_answered(ready):
    told = json.loads(request(ready, "GET", "/api/openapi.json")[1])
    assert told["openapi"].startswith("3.")
    assert len(told["paths"]) == 13
    asked = 0
    for path, methods in told["paths"].items():
        for method, route in methods.items():
            assert route["summary"]
            for kind, content in route.get("requestBody", {}).get("content", {}).items():
                if "example" not in content:
                    continue
                example = content["example"]
                body = example if isinstance(example, str) else json.dumps(example)
                status, _, _ = request(ready, method.upper(), path, body, **{"content-type": kind})
                assert status == 200, path
                asked += 1
    assert asked == 5
    shown = told["paths"]["/api/ask"]["post"]["responses"]["200"]["content"]["application/json"]
    assert shown["schema"] == {"$ref": "#/components/schemas/AnswerJSON"}
    assert _but_score(post(ready, "/api/ask", QUESTION)[1]) == _but_score(shown["example"])


def _but_score(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer but for its probability, which another processor may round otherwise."""
    return {**answer, "quotes": [{**quote, "score": round(quote["score"], 2)} for quote in answer["quotes"]]}


def test_every_kind_of_problem_is_explained(ready):
    for name, kind in KINDS.items():
        row = json.loads(request(ready, "GET", f"/api/problems/{name}")[1])
        assert (row["status"], row["title"]) == (kind.status, kind.title)
        assert row["help"].endswith(".")


@pytest.mark.parametrize(
    ("method", "path", "body", "kind"),
    [
        ("GET", "/api/nothing", None, "not-found"),
        ("GET", "/api/problems/none", None, "not-found"),
        ("GET", "/api/ask", None, "bad-input"),
        ("GET", "/api/ask?question=", None, "bad-question"),
        ("GET", "/api/ask?question=x&order=worst", None, "bad-input"),
        ("DELETE", "/api/ask", None, "wrong-method"),
        ("POST", "/api/ask", "{", "bad-json"),
        ("POST", "/api/ask", "[]", "bad-input"),
        ("POST", "/api/ask", "{}", "bad-input"),
        ("POST", "/api/ask", '{"question": 3}', "bad-input"),
        ("POST", "/api/ask", '{"question": "Oil?", "speeker": "Mines"}', "bad-input"),
        ("POST", "/api/ask", '{"question": "Oil?", "since": "yesterday"}', "bad-input"),
        ("POST", "/api/ask", '{"question": "Oil?", "article": "none"}', "unknown-article"),
        ("POST", "/api/ask", '{"question": "Oil?", "cite": "harvard"}', "bad-input"),
        ("POST", "/api/ask", json.dumps({"question": "x" * 1001}), "bad-question"),
        ("GET", "/api/articles?limit=1000", None, "bad-input"),
        ("GET", "/api/ask?question=Oil&speeker=Mines", None, "bad-input"),
        ("GET", "/api/articles?from=-1", None, "bad-input"),
    ],
)
def test_bad_requests_are_told_as_problems(ready, method, path, body, kind):
    status, text, headers = request(ready, method, path, body)
    problem((status, json.loads(text), headers), kind)


def test_json_that_is_called_something_else_is_told_what_it_must_be_called(ready):
    form = {"content-type": "application/x-www-form-urlencoded"}
    told = problem(post(ready, "/api/ask", QUESTION, **form), "wrong-type")
    assert "application/json" in told["detail"]


def test_a_body_that_is_too_long_is_a_problem_too(ready):
    problem(post(ready, "/api/ask", json.dumps({"question": "x" * MAX_BODY})), "too-long")


# --- who may, and how often --------------------------------------------------------------------------


def test_without_a_token_only_how_the_server_is_can_be_asked(guarded):
    url, _ = guarded
    for path in (
        "/api/ask?question=Oil",
        "/api/articles",
        f"/api/cite?quote={escaped(QUOTE_ID)}",
        "/metrics",
    ):
        for headers in ({}, bearer("onrecord_wrong"), {"authorization": "Basic eDp5"}):
            status, text, sent = request(url, "GET", path, **headers)
            problem((status, json.loads(text), sent), "no-token")
            assert sent["www-authenticate"].startswith("Bearer")
    assert request(url, "GET", "/readyz")[0] == request(url, "GET", "/healthz")[0] == 200
    assert request(url, "GET", "/")[0] == 200  # the page is for people


def test_a_token_lets_its_holder_do_what_it_is_for_and_nothing_else(guarded):
    url, tokens = guarded
    wanted = {
        "ask": ("POST", "/api/ask", QUESTION),
        "articles": ("GET", "/api/articles", None),
        "cite": ("POST", "/api/cite", {"quote": QUOTE_ID}),
        "check": ("POST", "/api/check", {"draft": "“Oil.”"}),
        "metrics": ("GET", "/metrics", None),
    }
    for name, token in tokens.items():
        for scope, (method, path, row) in wanted.items():
            body = None if row is None else json.dumps(row)
            status, _, _ = request(url, method, path, body, **bearer(token))
            assert status == (200 if name == scope or (name == "both" and scope in ("ask", "cite")) else 403)


def test_who_asks_too_often_is_told_when_to_come_back(guarded):
    url, tokens = guarded
    statuses = []
    for _ in range(40):
        status, text, headers = request(url, "GET", "/api/articles", **bearer(tokens["articles"]))
        statuses.append(status)
    assert statuses.count(429) >= 5
    assert 1 <= int(headers["retry-after"]) <= 60
    problem((status, json.loads(text), headers), "too-many")
    assert request(url, "POST", "/api/ask", json.dumps(QUESTION), **bearer(tokens["both"]))[0] == 200


def test_a_bucket_fills_up_again_and_is_of_one_client():
    now = [0.0]
    limits = Limits(60, clock=lambda: now[0])
    assert [limits.wait("a") for _ in range(60)] == [0.0] * 60
    assert limits.wait("a") == 1.0
    assert limits.wait("b") == 0.0
    now[0] = 1.0
    assert limits.wait("a") == 0.0
    assert limits.wait("a") == 1.0
    now[0] = 10_000.0
    assert [limits.wait("a") for _ in range(61)][-1] == 1.0


def test_another_sites_scripts_may_ask_only_where_it_was_named(ready, guarded):
    status, text, headers = request(ready, "GET", "/api/articles", origin=SITE)
    problem((status, json.loads(text), headers), "refused")
    assert "access-control-allow-origin" not in headers
    url, tokens = guarded
    preflight = request(url, "OPTIONS", "/api/ask", origin=SITE)
    assert preflight[0] == 204
    assert "authorization" in preflight[2]["access-control-allow-headers"]
    status, _, headers = request(
        url, "POST", "/api/ask", json.dumps(QUESTION), origin=SITE, **bearer(tokens["ask"])
    )
    assert (status, headers["access-control-allow-origin"], headers["vary"]) == (200, SITE, "origin")
    assert request(url, "GET", "/", origin=SITE)[0] == 403  # the page is nobody else's
    assert request(url, "GET", "/api/articles", origin="https://evil.example")[0] == 403


def test_on_the_web_programs_are_served_only_with_tokens(page_index, tmp_path):
    web = ("--public", "--site", "https://ask.example.org", "--host", "127.0.0.1")
    with serving(page_index, *web) as url:
        for path in ("/api", "/api/ask?question=Oil", "/metrics", "/api/openapi.json"):
            assert request(url, "GET", path)[0] == 404
        assert request(url, "GET", "/healthz")[0] == 200
    token = new(tmp_path / "tokens", "app", ["ask"])
    with serving(page_index, *web, "--tokens", str(tmp_path / "tokens")) as url:
        wait_until_ready(url)
        assert post(url, "/api/ask", QUESTION, **bearer(token))[1]["quotes"]
        assert request(url, "GET", "/api/articles")[0] == 401


def test_a_page_with_passwords_asks_programs_for_them_where_there_are_no_tokens(page_index, tmp_path):
    accounts = tmp_path / "accounts"
    accounts.write_text("ana:secret\n", "utf-8")
    with serving(page_index, "--accounts", str(accounts)) as url:
        wait_until_ready(url)
        assert request(url, "GET", "/api/articles")[0] == 401
        assert request(url, "GET", "/metrics")[0] == 401
        assert request(url, "GET", "/api/articles", authorization="Basic YW5hOnNlY3JldA==")[0] == 200
    new(tmp_path / "tokens", "app", ["articles"])
    with serving(page_index, "--accounts", str(accounts), "--tokens", str(tmp_path / "tokens")) as url:
        assert request(url, "GET", "/api/articles", authorization="Basic YW5hOnNlY3JldA==")[0] == 401
        assert request(url, "GET", "/")[0] == 401


def test_a_token_is_shown_once_and_only_its_hash_is_kept(tmp_path, capsys):
    file = tmp_path / "tokens"
    assert main(["token", str(file), "ana@example.org", "--scope", "ask", "--scope", "metrics"]) == 0
    out, err = capsys.readouterr()
    token = out.strip()
    assert token not in file.read_text("utf-8") + err
    assert Tokens.read(file).scopes(f"Bearer {token}") == frozenset({"ask", "metrics"})
    assert Tokens.read(file).scopes(f"Bearer {token}x") is None
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(InputError, match="no scope 'all'"):
        new(file, "ana", ["all"])
    with pytest.raises(InputError, match="the name is"):
        new(file, "ana maria", ["ask"])


@pytest.mark.parametrize("text", ["", "# nothing\n", "ana ask x\n", f"ana all {'0' * 64}\n", "\udcff"])
def test_a_file_that_holds_no_tokens_is_refused(tmp_path, text):
    (tmp_path / "tokens").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ServeError):
        Tokens.read(tmp_path / "tokens")
    with pytest.raises(ServeError):
        Tokens.read(tmp_path / "none")


# --- the server itself -------------------------------------------------------------------------------


def test_the_metrics_count_questions_declines_and_seconds_by_step(ready):
    def read() -> dict[str, float]:
        text = request(ready, "GET", "/metrics")[1]
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return {f"{each.name}{sorted(each.labels.items())}": each.value for each in samples}

    before = read()
    post(ready, "/api/ask", {"question": "What do they say about tourism in 1999?"})
    after = read()
    declined = "onrecord_questions_total[('status', 'declined'), ('surface', 'http')]"
    assert after[declined] == before.get(declined, 0) + 1
    for step in ("embed", "find", "read"):
        count = f"onrecord_step_seconds_count[('step', '{step}')]"
        assert after[count] > before.get(count, 0)
    assert after["onrecord_ready[]"] == 1
    assert after["onrecord_index_articles[]"] == 1
    assert 0 < after["onrecord_index_age_seconds[]"] < 86_400
    assert not any("tourism" in name for name in after)


def test_many_programs_at_once_get_what_one_gets(ready):
    rows = [
        {"id": at, "question": f"What is said about {topic}?"}
        for at, topic in enumerate(["oil", "Russia"] * 20)
    ]
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda row: post(ready, "/api/ask", row)[1], rows))
    for row in found:
        assert {**row, "id": 0} == {**found[row["id"] % 2], "id": 0}


def test_nothing_is_logged_by_default_and_questions_only_where_that_was_chosen(page_index, tmp_path):
    words = "Did the ambassador of Atlantis meet them?"
    for options, events, kept in (
        ((), False, False),
        (("--log",), True, False),
        (("--log-questions",), True, True),
    ):
        with served_with_log(page_index, tmp_path / "log", *options) as url:
            wait_until_ready(url)
            post(url, "/api/ask", {"question": words})
            request(url, "GET", f"/api/ask?question={escaped(words)}")
            notice = "keeps a record of the questions" in request(url, "GET", "/config")[1]
        lines = (tmp_path / "log").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        assert bool(rows) == events
        assert ("Atlantis" in "".join(lines)) == kept
        assert notice == kept
        if events:
            asked = [row for row in rows if row["event"] == "asked"]
            assert len(asked) == 2
            assert all(row["surface"] == "http" and row["seconds"] >= 0 for row in asked)
            assert all({"time", "level", "event"} <= row.keys() for row in rows)


def served_with_log(folder: Path, log: Path, *options: str) -> Any:
    """The page, with what it writes to standard error in a file."""
    import subprocess
    import sys
    from contextlib import contextmanager

    @contextmanager
    def served() -> Iterator[str]:
        port = free_port()
        command = [
            sys.executable,
            "-m",
            "rag.cli",
            "--index",
            str(folder),
            "chat",
            "--port",
            str(port),
            *options,
        ]
        with log.open("wb") as file, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=file) as server:
            try:
                assert server.stdout is not None
                assert server.stdout.readline().startswith(b"On Record: ")
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()

    return served()


def test_a_fault_of_the_servers_tells_neither_trace_nor_words(page_index, tmp_path):
    with served_with_log(page_index, tmp_path / "log") as url:
        for body in ('{"data": "Atlantis", "fn_name": "ask", "component_id": 999999}', "Atlantis"):
            status, text, _ = request(url, "POST", "/gradio_api/component_server/", body)
            assert status in (400, 404, 422, 500)
            assert "Traceback" not in text
    log = (tmp_path / "log").read_text("utf-8")
    assert "Atlantis" not in log
    assert "Traceback" not in log


def test_a_page_and_its_programs_see_what_another_process_adds(tmp_path):
    import shutil

    from rag import index as index_store
    from rag.encoder import OnnxEncoder
    from tests.conftest import SEED

    folder = tmp_path / "index"
    index_store.build_to(folder, [SEED], OnnxEncoder())
    talk = tmp_path / "garden.txt"
    talk.write_text(
        "What grows in the garden?\n\nAda Ash: Nothing but ash trees grows in the garden.\n\n"
        "Why is that so?\n\nAda Ash: The soil is poor, and it was there before us.\n",
        "utf-8",
    )
    shutil.copytree(folder, tmp_path / "copy")
    with serving(folder) as url:
        wait_until_ready(url)
        old = request(url, "GET", "/api/articles")[2]["etag"]
        assert main(["--index", str(folder), "add", str(talk)]) == 0
        stop, failed = threading.Event(), []

        def go_on_asking() -> None:
            while not stop.is_set():
                if post(url, "/api/ask", QUESTION)[1].get("status") != "answered":
                    failed.append(1)

        beside = threading.Thread(target=go_on_asking)
        beside.start()
        for _ in range(300):
            status, text, headers = request(url, "GET", "/api/articles", **{"if-none-match": old})
            if status == 200:
                break
            time.sleep(0.1)
        stop.set()
        beside.join()
        assert failed == []
        assert json.loads(text)["total"] == 2
        assert headers["etag"] != old
        row = post(url, "/api/ask", {"question": "What grows in the garden?"})[1]
        assert row["quotes"][0]["speaker"] == "Ada Ash"
        for _ in range(100):
            if "2 articles" in request(url, "GET", "/config")[1]:
                break
            time.sleep(0.1)
        assert "2 articles" in request(url, "GET", "/config")[1]  # whoever opens the page sees both


def test_the_bot_is_no_part_of_the_interface_and_can_be_used_alone():
    """What programs get over HTTP stands on the same surface that Python programs use."""
    source = Path(__file__).parents[2] / "rag" / "web" / "api" / "app.py"
    assert not re.search(r"from rag\.bot import|Bot\(", source.read_text("utf-8"))
    assert Bot.__name__ == "Bot"
