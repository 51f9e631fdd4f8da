"""The server for models, asked by the protocol's own client: over stdin and stdout, and over HTTP."""

import asyncio
import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, TextResourceContents
from starlette.testclient import TestClient

from rag import Interviews, OnRecordError
from rag import index as index_store
from rag.answers import as_json, quote_json
from rag.bot import MAX_QUESTION, Bot
from rag.check import check, read_draft
from rag.check.report import as_json as checked_json
from rag.cite import selector
from rag.encoder import OnnxEncoder
from rag.report import article_json, row_json
from rag.web import mcp as served
from rag.web.tokens import Tokens, new
from tests.conftest import CARIDAD, MINES, ROOT

QUESTION = "Have both sides been playing hard to get?"
QUOTE = "usip-venezuela-2022:2379-2420:93e21bd6ea89"
WORDS = "Until now, both have played “hard to get”"
DECLINED = "What do they say about tourism?"
TOOLS = ["ask", "compare", "cite", "check_draft", "list_articles"]
GARDEN = "What grows in the garden?\n\nAda Ash: Nothing but ash trees grows in the garden.\n"
# Seconds in which a machine that does other things too starts a server, or answers.
PATIENCE = 60
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
HEADERS = {"content-type": "application/json", "accept": "application/json, text/event-stream"}


class Talk:
    """A client that stays connected; its calls are made from anywhere and wait for the answer."""

    def __init__(self, connect: Callable[[], Client]) -> None:
        self.client: Client
        self._loop = asyncio.new_event_loop()
        self._connected: Future[None] = Future()
        self._end = asyncio.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._live(connect)))
        self._thread.start()
        self._connected.result(PATIENCE)

    async def _live(self, connect: Callable[[], Client]) -> None:
        try:
            async with connect() as self.client:
                self._connected.set_result(None)
                await self._end.wait()
        except BaseException as error:
            if self._connected.done():
                raise
            self._connected.set_exception(error)

    def do(self, work: Callable[[Client], Awaitable[Any]]) -> Any:
        """What a call gives."""

        async def done() -> Any:
            return await work(self.client)

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result(PATIENCE)

    def call(self, tool: str, /, **arguments: Any) -> CallToolResult:
        """What a tool gives."""
        given: CallToolResult = self.do(lambda client: client.call_tool(tool, arguments))
        return given

    def close(self) -> None:
        """Ends the connection."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(PATIENCE)


def command(folder: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "rag.cli", "--index", str(folder), "mcp", *more]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def address(index_folder: Path) -> Iterator[str]:
    """Where the server over HTTP is."""
    argv = command(index_folder, "--http", "--port", str(free_port()))
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield line.removeprefix("On Record: ").strip()
        process.terminate()
        assert process.stdout.read() == ""


@pytest.fixture(scope="module")
def over_stdio(index_folder: Path) -> Iterator[Talk]:
    program, *arguments = command(index_folder)
    told = StdioServerParameters(command=program, args=arguments, cwd=ROOT)
    talk = Talk(lambda: Client(told, mode="legacy"))
    yield talk
    talk.close()


@pytest.fixture(scope="module")
def over_http(address: str, over_stdio: Talk) -> Iterator[Talk]:
    talk = Talk(lambda: Client(address))
    yield talk
    talk.close()


@pytest.fixture(scope="module", params=["over_stdio", "over_http"])
def talk(request: pytest.FixtureRequest) -> Talk:
    """A client of a real server, over either way, and with the older and the newer way to begin."""
    found: Talk = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def interviews(bot: Bot, index_folder: Path) -> Interviews:
    """The same interviews, asked in Python."""
    loaded: Future[Bot] = Future()
    loaded.set_result(bot)
    return Interviews(bot.index, loaded, index_folder)


def told(result: CallToolResult) -> str:
    """The text beside the JSON."""
    (content,) = result.content
    assert content.type == "text"
    return content.text


def same(result: CallToolResult, row: Any) -> bool:
    """Whether a tool's JSON is this, byte for byte."""
    assert not result.is_error, told(result)
    return json.dumps(result.structured_content) == json.dumps(row)


def wrong(result: CallToolResult) -> str:
    """The one line that a tool's error is."""
    line = told(result)
    assert result.is_error
    assert result.structured_content is None
    assert line.strip()
    assert "\n" not in line
    assert not re.search(r"Traceback|pydantic|\.py\b", line)
    return line


# --- what a model is told ------------------------------------------------------------------------


def test_a_model_is_told_to_use_the_words_unchanged(talk):
    """The instructions and every tool's description say so, and that an unknown speaker stays unknown."""
    tools = talk.do(lambda client: client.list_tools()).tools
    assert [tool.name for tool in tools] == TOOLS
    for text in (talk.client.instructions, *(tool.description for tool in tools)):
        for rule in ("unchanged", "unknown", "declined", "never an instruction"):
            assert rule in text


def test_every_tool_has_schemas_that_are_some(talk):
    """Both schemas are sound, nothing but what they name is taken, and nothing is changed by asking."""
    for tool in talk.do(lambda client: client.list_tools()).tools:
        for schema in (tool.input_schema, tool.output_schema):
            jsonschema.Draft202012Validator.check_schema(schema)
            assert schema["type"] == "object"
        assert tool.input_schema["additionalProperties"] is False
        assert all("description" in each for each in tool.input_schema["properties"].values())
        assert tool.annotations.read_only_hint


# --- the tools -----------------------------------------------------------------------------------


ASKED: list[dict[str, Any]] = [
    {"question": QUESTION},
    {"question": DECLINED},
    {"question": "What do they think about sanctions?"},
    {"question": "¿Qué dice Caridad de las sanciones?"},
    {"question": QUESTION, "speaker": "mines", "article": "usip-venezuela-2022", "since": "2022"},
    {"question": "And Caridad?", "history": ["What about sanctions?"]},
    {"question": "Hello"},
]


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked["question"])
def test_an_answer_is_the_one_that_python_gets(talk, interviews, asked):
    """The JSON is that of Interviews.ask byte for byte; every quote stands beside it with its name and id."""
    answer = interviews.ask(asked["question"], **{k: v for k, v in asked.items() if k != "question"})
    result = talk.call("ask", **asked)
    assert same(result, as_json(None, answer))
    text = told(result)
    assert text.startswith(f"status: {answer.status}\n")
    shown = [quote for side in answer.sides for quote in side.quotes] or answer.quotes or answer.related
    for quote in shown:
        row = quote_json(quote)
        assert f"[{row['id']}] {quote.speaker} ({quote.role}):\n{quote.text}\n[/{row['id']}]\n" in text
        assert f"link: {row['link']}" in text


def test_a_declined_answer_tells_near_misses_from_answers(talk):
    """Nothing is quoted as an answer; what is near stands under a line that says what it is."""
    result = talk.call("ask", question=DECLINED)
    assert result.structured_content["status"] == "declined"
    assert result.structured_content["quotes"] == []
    text = told(result)
    assert text.index("Near misses, never the answer:") < text.index("[usip-venezuela-2022:")


def test_a_quote_comes_with_its_citation_where_a_style_is_asked_for(talk, interviews):
    """The citation is in the JSON and in the text; a style may be called as people call it."""
    citing = lambda quote: interviews.cite(quote, "apa").text.rstrip()  # noqa: E731
    result = talk.call("ask", question=QUESTION, cite="APA")
    assert same(result, as_json(None, interviews.ask(QUESTION), citing))
    assert f"citation: {result.structured_content['quotes'][0]['citation']}" in told(result)


def test_speakers_are_compared(talk, interviews):
    """The sides are those of Interviews.compare, and who says nothing is told."""
    answer = interviews.compare("sanctions", ["Mines", "Caridad"])
    result = talk.call("compare", topic="sanctions", speakers=["Mines", "Caridad"])
    assert same(result, as_json(None, answer))
    for side in answer.sides:
        assert (side.quotes[0].text if side.quotes else side.message) in told(result)
    assert same(talk.call("compare", topic="sanctions"), as_json(None, interviews.compare("sanctions")))


def test_a_quote_is_cited_by_its_id(talk, interviews):
    """The words come again with their citation and their place."""
    quote = interviews.quote(QUOTE)
    made = interviews.cite(quote, "mla")
    row = {
        "quote": quote_json(quote),
        "style": "mla",
        "text": made.text,
        "html": made.html,
        "selector": selector(quote),
    }
    result = talk.call("cite", quote=QUOTE, style="mla")
    assert same(result, row)
    assert WORDS in told(result)
    assert made.text.strip() in told(result)


def test_a_draft_is_checked(talk, interviews):
    """Each quotation comes back as `onrecord check` has it."""
    text = (ROOT / "docs" / "examples" / "draft.md").read_text("utf-8")
    draft = read_draft(text.encode(), "the draft", ".md")
    found = check(draft, list(interviews.held.values()), interviews.bot.near)
    result = talk.call("check_draft", draft=text, style="apa")
    assert same(result, checked_json(found, draft, interviews.held, "apa"))
    assert "wrong speaker" in told(result)
    assert f"said by {CARIDAD}, not by {MINES}" in told(result)


def test_articles_are_listed(talk, interviews, article):
    """The rows are those of `onrecord list`; date and words leave some out."""
    (spoken,) = interviews.held.values()
    assert same(talk.call("list_articles"), {"articles": [row_json(spoken)], "total": 1, "next": None})
    for narrowed, total in (
        ({"words": "keith venezuela"}, 1),
        ({"words": "keith brazil"}, 0),
        ({"since": "2022-03", "until": "2022"}, 1),
        ({"since": "2023"}, 0),
        ({"from": 1}, 1),
    ):
        listed = talk.call("list_articles", **narrowed).structured_content
        assert (listed["total"], listed["next"]) == (total, None)
        assert bool(listed["articles"]) == (total == 1 and narrowed != {"from": 1})


def test_whatever_a_tool_gives_fits_its_schema(talk):
    """The JSON of every tool is valid under the schema that it was offered with."""
    schemas = {tool.name: tool.output_schema for tool in talk.do(lambda client: client.list_tools()).tools}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("ask", {"question": QUESTION, "cite": "bibtex"}),
        ("ask", {"question": DECLINED}),
        ("compare", {"topic": "sanctions"}),
        ("cite", {"quote": QUOTE}),
        ("check_draft", {"draft": "Mines says: “Until now, both have played hard to get.”"}),
        ("list_articles", {}),
    ]
    for name, arguments in calls:
        jsonschema.Draft202012Validator(schemas[name]).validate(
            talk.call(name, **arguments).structured_content
        )


# --- the articles --------------------------------------------------------------------------------


def test_an_article_is_read_as_a_resource(talk, interviews, article):
    """It is listed with its facts; its JSON has the stored text, of which every turn is a part."""
    (listed,) = talk.do(lambda client: client.list_resources()).resources
    assert (listed.uri, listed.name) == (f"onrecord://article/{article.id}", article.id)
    (content,) = talk.do(lambda client: client.read_resource(listed.uri)).contents
    row = json.loads(content.text)
    assert row == {**article_json(interviews.article(article.id)), "text": article.text}
    assert row["text"][row["turns"][0]["start"] :].startswith(row["turns"][0]["opening"].removesuffix(" …"))


@pytest.mark.parametrize("name", ["nothing", "..%2F..%2Fetc%2Fpasswd", "%00", "a" * 10_000])
def test_what_is_no_article_is_not_read(talk, name):
    """An id that no article has, or that is a path, is refused in one line."""
    with pytest.raises(MCPError) as caught:
        talk.do(lambda client: client.read_resource(f"onrecord://article/{name}"))
    assert "\n" not in caught.value.message
    assert not re.search(r"Traceback|\.py\b", caught.value.message)


def test_many_articles_are_listed_in_pages(tmp_path, monkeypatch):
    """Each page names the next; an id in any letters is a good address; a cursor of no page is refused."""
    for name in ("garden", "jardín"):
        (tmp_path / f"{name}.txt").write_text(GARDEN.replace("garden", name), "utf-8")
    index_store.build_to(tmp_path / "index", sorted(tmp_path.glob("*.txt")), OnnxEncoder())
    opened = Interviews.open(tmp_path / "index")
    monkeypatch.setattr(served, "RESOURCES", 1)

    async def pages() -> tuple[list[str], list[str], dict[str, Any]]:
        async with Client(served.Server(opened)) as client:
            first = await client.list_resources()
            second = await client.list_resources(cursor=first.next_cursor)
            assert second.next_cursor is None
            listed = [*first.resources, *second.resources]
            texts = [(await client.read_resource(each.uri)).contents[0] for each in listed]
            for cursor in ("-1", "x", "²", "9" * 30):
                with pytest.raises(MCPError, match="cursor"):
                    await client.list_resources(cursor=cursor)
            page = (await client.call_tool("list_articles", {"limit": 1})).structured_content
            read = [json.loads(each.text)["id"] for each in texts if isinstance(each, TextResourceContents)]
            return [each.name for each in listed], read, page or {}

    names, read, page = asyncio.run(pages())
    assert names == read == [each.id for each in opened.articles]
    assert len(set(names)) == 2
    assert (page["total"], page["next"]) == (2, 1)


# --- what goes wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "arguments", "line"),
    [
        ("ask", {}, "question: Field required"),
        ("ask", {"question": 3}, "question: Input should be a valid string"),
        ("ask", {"question": " "}, "the question is empty"),
        ("ask", {"question": "x" * (MAX_QUESTION + 1)}, "expected at most 1,000: shorten it"),
        ("ask", {"question": "x" * 1_000_000}, "the question has 1,000,000 characters"),
        ("ask", {"question": QUESTION, "speaker": "Biden"}, "Biden"),
        ("ask", {"question": QUESTION, "article": "../index"}, "no article '../index'"),
        ("ask", {"question": QUESTION, "since": "yesterday"}, "expected YYYY"),
        ("ask", {"question": QUESTION, "cite": "vogue"}, "no citation style 'vogue'"),
        ("ask", {"question": QUESTION, "history": "Why?"}, "history"),
        ("ask", {"question": QUESTION, "history": [3]}, "history.0"),
        ("ask", {"question": QUESTION, "speakr": "Mines"}, "ask takes no 'speakr'"),
        ("ask", {"question": QUESTION, "self": None}, "ask takes no 'self'"),
        ("compare", {"topic": "sanctions", "speakers": ["Mines"]}, "only Keith Mines"),
        ("cite", {"quote": "../../etc/passwd:0-3:93e21bd6ea89"}, "no article '../../etc/passwd'"),
        ("cite", {"quote": "usip-venezuela-2022:0-9:000000000000"}, "has changed since"),
        ("cite", {"quote": "usip-venezuela-2022:0-9:93e21bd6ea89"}, "not one person's words"),
        ("cite", {"quote": "x" * 100_000}, "at most 1000 characters"),
        ("check_draft", {"draft": ""}, "holds no text"),
        ("check_draft", {"draft": "x" * 600_001}, "at most 600000 characters"),
        ("list_articles", {"limit": 101}, "less than or equal to 100"),
        ("list_articles", {"from": -1}, "greater than or equal to 0"),
        ("list_articles", {"from_": 1}, "takes no 'from_'"),
        ("nothing\nat all", {}, "no tool 'nothing at all'; expected one of: ask"),
    ],
)
def test_a_mistake_is_told_in_one_line(talk, tool, arguments, line):
    """Whatever is wrong with a call, its line says what, and nothing else gets out."""
    assert line in wrong(talk.call(tool, **arguments))


def alone(interviews: Interviews, work: Callable[[Client], Awaitable[Any]]) -> Any:
    """What a client of a server in this process is given."""

    async def done() -> Any:
        async with Client(served.Server(interviews)) as client:
            return await asyncio.wait_for(work(client), PATIENCE)

    return asyncio.run(done())


def test_a_crash_tells_a_client_nothing(bot, index_folder):
    """The text of an error that nobody raised on purpose stays here; a model that is not there is told."""
    for error, line in (
        (ValueError("secret"), "Error executing tool ask"),
        (OnRecordError("no model"), "no model"),
    ):
        failed: Future[Bot] = Future()
        failed.set_exception(error)
        broken = Interviews(bot.index, failed, index_folder)
        assert wrong(alone(broken, lambda client: client.call_tool("ask", {"question": QUESTION}))) == line


def test_a_client_is_served_while_the_models_load(bot, index_folder):
    """Tools and articles are listed meanwhile; a question waits, and nobody else waits for it."""
    loading: Future[Bot] = Future()
    interviews = Interviews(bot.index, loading, index_folder)

    async def work(client: Client) -> CallToolResult:
        asked = asyncio.create_task(client.call_tool("ask", {"question": QUESTION}))
        await asyncio.sleep(0.1)
        assert len((await client.list_tools()).tools) == len(TOOLS)
        assert (await client.call_tool("list_articles", {})).structured_content
        assert not asked.done()
        loading.set_result(bot)
        return await asked

    assert WORDS in told(alone(interviews, work))


def test_no_article_can_end_its_own_quote(bot, interviews):
    """The line that ends a quote has digits of the whole text's hash, which no text can hold."""
    answer = interviews.ask(QUESTION)
    closing = f"[/{quote_json(answer.quotes[0])['id']}]"
    assert closing not in answer.quotes[0].article.text
    assert served._read(answer, None).count(closing) == 1


# --- stdin and stdout ----------------------------------------------------------------------------


def test_standard_output_carries_the_protocol_alone_and_its_end_ends_the_process(index_folder):
    """Whatever a client sends, each line is JSON-RPC; the process ends by itself, without a traceback."""
    call = {"name": "ask", "arguments": {"question": QUESTION}}
    lines: list[Any] = [
        INITIALIZE,
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call},
        {"jsonrpc": "2.0", "id": 3, "method": "no/such/method"},
        [1, 2],
    ]
    sent = "".join(f"{json.dumps(each)}\n" for each in lines) + "no JSON\n\x00\ud800\n"
    with subprocess.Popen(
        command(index_folder), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(sent.encode("utf-8", "surrogatepass"))
        process.stdin.flush()
        rows: list[dict[str, Any]] = []
        while not {1, 2, 3} <= {row.get("id") for row in rows}:
            rows.append(json.loads(process.stdout.readline()))
        out, err = process.communicate(timeout=PATIENCE)  # closes its standard input
    rows += map(json.loads, out.splitlines())
    assert all(row["jsonrpc"] == "2.0" for row in rows)
    answer = next(row["result"] for row in rows if row.get("id") == 2)
    assert answer["structuredContent"]["quotes"][0]["text"] == WORDS
    assert process.returncode == 0
    assert b"Traceback" not in err


def test_an_index_that_cannot_be_used_is_told_in_one_line(run, tmp_path):
    """A missing and a stale index end the command before anything is served."""
    code, out, err = run("mcp", index=tmp_path / "none")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("onrecord: no index")
    garden = tmp_path / "garden.txt"
    garden.write_text(GARDEN, "utf-8")
    index_store.build_to(tmp_path / "index", [garden], OnnxEncoder())
    garden.write_text(GARDEN.replace("ash trees", "oaks"), "utf-8")
    code, out, err = run("mcp", index=tmp_path / "index")
    assert (code, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        (("--port", "7861"), "--port was given without --http"),
        (("--tokens", "x"), "--tokens was given without --http"),
        (("--http", "--host", "0.0.0.0"), "needs --tokens FILE"),
        (("--http", "--host", "::"), "needs --tokens FILE"),
        (("--http", "--host", "archive.example.org"), "needs --tokens FILE"),
        (("--http", "--tokens", "/nothing/there"), "cannot be read"),
        (("--http", "--site", "example"), "expected an address"),
        (("--http", "--port", "0"), "expected a number from 1 to 65535"),
    ],
)
def test_what_cannot_be_served_is_told_in_one_line(run, flags, line):
    """Nobody outside this machine is let in without tokens, and no flag is left unheard."""
    code, out, err = run("mcp", *flags)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert line in err


def test_a_port_that_is_taken_is_told_in_one_line(run):
    """The line says which, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, err = run("mcp", "--http", "--port", str(taken.getsockname()[1]))
    assert (code, err.count("\n")) == (2, 1)
    assert "is in use" in err


# --- HTTP ----------------------------------------------------------------------------------------


def test_two_clients_at_once_are_answered_as_one_is(address, interviews):
    """Each of two clients that both ask gets its own answers, the same as alone."""
    talks = [Talk(lambda: Client(address)), Talk(lambda: Client(address, mode="legacy"))]
    questions = [QUESTION, "What about sanctions?", DECLINED, "What is said about oil?"]
    try:
        with ThreadPoolExecutor(8) as pool:
            asked = [(talk, question) for question in questions for talk in talks]
            results = list(pool.map(lambda each: each[0].call("ask", question=each[1]), asked))
    finally:
        for talk in talks:
            talk.close()
    for (_, question), result in zip(asked, results, strict=True):
        assert same(result, as_json(None, interviews.ask(question)))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "{own}"}, 200),
        ({"host": "evil.example"}, 421),
        ({"host": "127.0.0.1.evil.example"}, 421),
        ({"host": "evil.example:80", "origin": "http://evil.example"}, 421),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:1"}, 403),
        ({"origin": "null"}, 403),
        ({"content-type": "text/plain"}, 400),
    ],
)
def test_a_foreign_site_cannot_ask(address, headers, status):
    """A name that was made to lead here, and a page of another site, are refused."""
    own = address.removesuffix(served.PATH)
    given = HEADERS | {name: value.format(own=own) for name, value in headers.items()}
    assert httpx.post(address, json=INITIALIZE, headers=given, timeout=PATIENCE).status_code == status


def test_a_body_that_is_too_long_is_refused(address):
    """It is 413 whether or not the length is told before; a draft of the longest kind is none."""
    body = b"x" * (served.MAX_BODY + 1)
    assert httpx.post(address, content=body, headers=HEADERS, timeout=PATIENCE).status_code == 413
    parts = (body[at : at + 100_000] for at in range(0, len(body), 100_000))
    assert httpx.post(address, content=parts, headers=HEADERS, timeout=PATIENCE).status_code == 413
    longest = json.dumps({"draft": "“ж”" * (served.MAX_DRAFT // 3)})
    assert len(longest) < served.MAX_BODY


@contextmanager
def asking(app: Any) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://127.0.0.1:7861", headers=HEADERS) as client:
        yield client


def test_a_token_with_the_scope_is_needed_where_tokens_are_given(interviews, tmp_path):
    """Without one it is 401, with one for something else 403."""
    file = tmp_path / "tokens"
    right, other = new(file, "ada", ["mcp"]), new(file, "bo", ["ask"])
    with asking(served.application(interviews, 7861, scopes=Tokens.read(file).scopes)) as client:
        for token, status in ((right, 200), (other, 403), ("nothing", 401), (None, 401)):
            headers = {"authorization": f"Bearer {token}"} if token else {}
            answer = client.post(served.PATH, json=INITIALIZE, headers=headers)
            assert answer.status_code == status
            assert ("www-authenticate" in answer.headers) == (status == 401)
            assert answer.text.count("\n") == 0


def test_a_site_that_was_named_may_be_asked(interviews):
    """Under the address that was told it answers, also a page of that site; under another it does not."""
    with asking(served.application(interviews, 7861, ["https://ask.example.org"])) as client:
        for host, origin, status in (
            ("ask.example.org", "https://ask.example.org", 200),
            ("ask.example.org", "https://evil.example.org", 403),
            ("evil.example.org", "https://ask.example.org", 421),
        ):
            given = {"host": host, "origin": origin}
            assert client.post(served.PATH, json=INITIALIZE, headers=given).status_code == status


def test_the_server_needs_no_page():
    """Serving models loads nothing of the page."""
    code = "import sys, rag.web.mcp; sys.exit('gradio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
    code = "import sys, rag.cli; rag.cli._parser(); sys.exit('mcp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
