"""Hostile use: what a client may send, what an archive may hold, and who is let in."""

import asyncio
import base64
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect

from rag import index as index_store
from rag import reports
from rag.bot import Bot
from rag.encoder import OnnxEncoder
from rag.errors import InputError
from rag.interviews import Interviews
from rag.quotes import id_of
from rag.reader import TrainedReader
from rag.reading import read
from rag.records import Article, Person
from rag.web import app
from rag.web.desk import Desk
from rag.web.guard import Guard
from rag.web.page.text import voices
from rag.web.settings import MAX_BODY, MAX_PUBLIC_BODY, MAX_UPLOAD, Settings
from tests.web.conftest import PATIENCE
from tests.web.serving import ask, build, free_port, request, serving

PASSWD = Path("/etc/passwd")
SECRET = PASSWD.read_text().splitlines()[0] if PASSWD.exists() else "root:x:0:0"
FILE = {"path": str(PASSWD), "url": f"file://{PASSWD}", "meta": {"_type": "gradio.FileData"}}
MARKUP = (
    "<img src=https://example.com/a.png onerror=window.ran=1> ${window.ran=1} {{window.ran=1}} $x^2$ "
    "**bold** <script>window.ran=1</script>"
)


def parts(url: str, **headers: str) -> dict[str, tuple[int, list[str]]]:
    """The page's parts with their ids, and what each may be asked."""
    config = json.loads(request(url, "GET", "/config", **headers)[1])
    return {
        each["props"]["elem_id"]: (each["id"], each["props"].get("server_fns") or [])
        for each in config["components"]
        if each["type"] == "html"
    }


def call(url: str, part: int, function: str, data: object, **headers: str) -> tuple[int, str]:
    body = json.dumps({"data": data, "fn_name": function, "component_id": part, "session_hash": "s"})
    return request(url, "POST", "/gradio_api/component_server", body, **headers)[:2]


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}


LET_IN = basic("ana", "secret")


# --- what a client may send ------------------------------------------------------------------------


def test_no_event_of_gradios_own_is_there_to_be_crafted(url):
    assert json.loads(request(url, "GET", "/config")[1])["dependencies"] == []


def test_no_function_of_any_part_reads_a_file_that_a_client_names(url):
    forged: list[object] = [
        FILE,
        [FILE],
        {"question": FILE, "history": [FILE, {"role": "user", "content": FILE}], "chosen": {"speaker": FILE}},
        {"question": "Who spoke about oil?", "history": [FILE], "chosen": {"article": str(PASSWD)}},
        {"question": "Who?", "chosen": {"article": "../../../../etc/passwd"}},
        {"article": "../../../../etc/passwd", "question": "Who?"},
        {"quote": f"{PASSWD}:0-9:000000000000", "style": "plain"},
        {"brief": {"pins": [{"quote": f"{PASSWD}:0-9:000000000000"}]}, "kind": "json"},
        {"turns": [{"question": "Who?", "history": [FILE]}], "kind": "../../etc/passwd"},
        {"name": str(PASSWD), "data": FILE},
        {"words": FILE, "who": FILE, "from": FILE},
        str(PASSWD),
    ]
    tried = 0
    for number, functions in parts(url).values():
        for function in functions:
            for data in forged:
                status, text = call(url, number, function, data)
                assert SECRET not in text
                assert status == 200, (function, data)
                tried += 1
    assert tried > 100
    for path in (
        "/gradio_api/file=",
        "/file=",
        "/gradio_api/file=../../../..",
        "/gradio_api/stream/x/",
        "/static/",
    ):
        status, text, _ = request(url, "GET", f"{path}{PASSWD}")
        assert SECRET not in text
        assert status in (403, 404, 405)


@pytest.mark.parametrize(
    "path",
    [
        *(f"/gradio_api/file={each}" for each in ("%2Fetc%2Fpasswd", "..%2f..%2f..%2fetc%2fpasswd")),
        *(f"/gradio_api/file={each}" for each in ("file:///etc/passwd", "/proc/self/environ", "~/.bashrc")),
        *(f"/{each}/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd" for each in ("static", "assets", "svelte")),
        *(f"/{each}//etc/passwd" for each in ("static", "assets", "svelte", "gradio_api/file")),
        "/gradio_api/custom_component/html/client/..%2f..%2f..%2fetc/passwd",
        "/gradio_api/stream/s/..%2f..%2fetc/1/playlist-file",
        "/gradio_api/stream/s/r/1/..%2f..%2f..%2fetc%2fpasswd.ts",
        "/gradio_api/vibe-code",
        "/pwa_icon/..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_path_leads_out_to_a_file(url, path):
    status, text, _ = request(url, "GET", path)
    assert SECRET not in text
    assert "PATH=" not in text
    assert 400 <= status < 500


@pytest.mark.parametrize(
    "path",
    [
        "/upload",
        "/gradio_api/upload/",
        "/gradio_api/%75pload",
        "/gradio_api/upload?upload_id=x",
        "/gradio_api/process_recording",
        "/gradio_api/component_server",
    ],
)
def test_no_route_takes_a_file(url, path):
    number, _ = parts(url)["talk"]
    fields = {"component_id": str(number), "session_hash": "s", "fn_name": "complete"}
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    for name in ("files", "video"):
        body += (
            f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="a.mp4"\r\n'
            "Content-Type: video/mp4\r\n\r\nfilm\r\n"
        )
    kind = {"content-type": "multipart/form-data; boundary=x"}
    status, text, _ = request(url, "POST", path, f"{body}--x--\r\n", **kind)
    assert (status, text) == (403, "nothing is uploaded here")


def test_a_websocket_is_closed_before_anything_hears_of_it():
    heard: list[Any] = []
    sent: list[Any] = []

    async def inner(*given: Any) -> None:
        heard.append(given)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/", "headers": []}
    # In a thread of its own: the browser of other tests has a loop in this one.
    run = Thread(target=lambda: asyncio.run(Guard(inner, Settings(), Event())(scope, receive, send)))
    run.start()
    run.join()
    assert heard == []
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("path", ["/", "/gradio_api/queue/join", "/gradio_api/component_server"])
def test_a_connection_never_becomes_a_websocket(url, path):
    key = {"upgrade": "websocket", "connection": "Upgrade", "sec-websocket-version": "13"}
    status, _, headers = request(url, "GET", path, **{**key, "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA=="})
    assert status != 101
    assert "sec-websocket-accept" not in headers


NONSENSE: list[object] = [
    *(None, True, -1, 10**30, 1.5, "", "\ud800", "\0", [], {}, [[[[]]]], {"": {}}),
    *({"from": -1}, {"from": 10**30}, {"from": 1.5}, {"from": "x"}, {"from": None}),
    *({"since": "\ud800"}, {"since": "9999-99-99"}, {"until": "-1"}, {"until": []}),
    {"question": "\ud800 What?", "history": ["\ud800", 1, None], "chosen": {"order": "\ud800"}},
    {"question": "Who?", "chosen": {"speaker": "\0", "article": "\ud800", "since": "x"}, "article": []},
    {"turns": [None] * 3, "kind": "html", "style": "\ud800"},
    {"turns": [{"question": "Who?"}] * 201, "kind": "html"},
    {
        "brief": {"title": "\ud800", "pins": [{"quote": "x:0-1:0", "note": 1, "keep": [[9, -9]]}]},
        "kind": "docx",
    },
    {"quote": "a:99999999999999999999-5:x", "fault": "no_answer", "question": "\ud800"},
    [{"quote": None}, {"quote": "\ud800", "keep": "x"}, 5],
    {"name": "\ud800.md", "data": "\ud800"},
    {"name": "speaker", "words": "\ud800"},
]


def test_nonsense_is_answered_by_every_function_and_breaks_none(url):
    for number, functions in parts(url).values():
        for function in functions:
            for data in NONSENSE:
                assert call(url, number, function, data)[0] == 200, (function, data)
    for body in ("", "{", "[" * 50_000, "null", '{"data": 1}', '{"data": NaN}'):
        assert request(url, "POST", "/gradio_api/component_server", body)[0] in (400, 422)


@pytest.mark.parametrize(
    "function", ["__init__", "_reply", "get_config", "preprocess", "__class__", "nothing"]
)
def test_only_what_is_offered_can_be_called(url, function):
    number, _ = parts(url)["talk"]
    assert call(url, number, function, None)[0] == 404


def test_a_proxy_is_none_to_anywhere_else(url):
    for target in ("http://example.org/", "https://example.org/", "file:///etc/passwd"):
        status, text, _ = request(url, "GET", f"/gradio_api/proxy={target}")
        assert status >= 400
        assert SECRET not in text


@pytest.mark.parametrize("chunked", [False, True])
def test_a_question_of_100_megabytes_is_refused_and_the_page_lives_on(url, chunked):
    def body() -> Iterator[bytes]:
        for _ in range(100):
            yield b"w" * 1_000_000

    length = {"transfer-encoding": "chunked"} if chunked else {"content-length": "100000000"}
    assert request(url, "POST", "/gradio_api/component_server", body(), **length)[0] == 413
    number, _ = parts(url)["talk"]
    assert (
        "Keith Mines"
        in call(url, number, "ask", {"question": "Have both sides been playing hard to get?"})[1]
    )


def test_an_earlier_question_can_be_no_more_than_a_question(url):
    number, _ = parts(url)["talk"]
    status, text = call(url, number, "ask", {"question": "And Caridad?", "history": ["w" * 900_000] * 1})
    assert status == 200
    assert len(text) < 100_000
    assert json.loads(call(url, number, "ask", {"question": "w" * 5_000})[1])["asked"] is False
    assert json.loads(call(url, number, "ask", None)[1])["asked"] is False


def test_the_server_fetches_nothing_that_a_client_names(url):
    for path in ("/gradio_api/file=", "/gradio_api/file/", "/gradio_api/proxy=", "/file=", "/proxy="):
        assert request(url, "GET", f"{path}http://127.0.0.1:9/x")[0] == 404


@pytest.mark.parametrize("name", ["x-forwarded-host", "X-Gradio-Server"])
def test_no_header_makes_another_site_the_pages_own(url, name):
    assert "evil.example" not in request(url, "GET", "/config", **{name: "http://evil.example"})[1]


def test_a_reported_question_is_bounded_and_any_characters_are_kept(page_index, seed_index, said):
    broken = reports.Report("half a pair \ud800", ("\udfff",), said.quote, said.fault)
    reports.add(page_index, broken, seed_index.held)
    assert reports.read(page_index)[-1]["question"].startswith("half a pair")


# --- who is let in ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def guarded(page_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page for the web: two names, a site, nothing else."""
    accounts = tmp_path_factory.mktemp("guarded") / "accounts"
    accounts.write_text("ana:a secret: with a colon\nkeith:ümlaut\n", "utf-8")
    site = ("--public", "--host", "127.0.0.1", "--site", "https://ask.example.org")
    with serving(page_index, *site, "--accounts", str(accounts)) as address:
        yield address


ROUTES = [
    *(
        ("GET", path)
        for path in ("/", "/config", "/theme.css", "/gradio_api/app_id", "/gradio_api/queue/status")
    ),
    *(("GET", path) for path in ("/assets/index.js", "/static/img/logo.svg", "/manifest.json", "/nothing")),
    *(
        ("POST", path)
        for path in ("/gradio_api/component_server", "/gradio_api/queue/join", "/gradio_api/reset")
    ),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_route_is_open_without_a_password(guarded, method, path):
    for headers in ({}, basic("ana", "wrong"), basic("nobody", ""), {"Authorization": "Basic !"}):
        status, _, sent = request(guarded, method, path, "{}" if method == "POST" else None, **headers)
        assert status == 401
        assert "Basic" in sent["www-authenticate"]


@pytest.fixture(scope="module")
def own(page_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    """A page of this process, so that its routes can be told, with one name."""
    waiting: Future[Bot] = Future()
    settings = Settings(port=free_port(), accounts={"ana": "secret"})
    interviews = Interviews(index_store.load(page_index), waiting, tmp_path_factory.mktemp("own"))
    served = app.launch(interviews, settings)
    yield served.demo, f"http://127.0.0.1:{settings.port}"
    served.close()


def test_none_of_the_routes_that_gradio_lists_is_open_without_a_password(own):
    demo, address = own
    routes = [
        (method.upper(), re.sub(r"\{\w+\}", "1", path))
        for path, methods in demo.app.openapi()["paths"].items()
        for method in methods
    ]
    assert len(routes) > 50
    closed = {"a name and a password are needed", "nothing is uploaded here", "there is nothing here"}
    for method, path in (
        *routes,
        ("GET", "/docs"),
        ("OPTIONS", "/config"),
        ("DELETE", "/"),
        ("PUT", "/config"),
    ):
        status, text, _ = request(address, method, path, "{}" if method == "POST" else None)
        assert status in (401, 403, 404), path
        assert text in closed or method == "HEAD", path
    for path in ("/", "/config", "/theme.css", "/gradio_api/startup-events"):
        assert request(address, "GET", path)[0] == 401, path
        assert request(address, "GET", path, **LET_IN)[0] == 200, path
        assert request(address, "GET", path, **basic("ana", "Secret"))[0] == 401, path
    number, _ = parts(address, **LET_IN)["talk"]
    assert call(address, number, "complete", "sanc")[0] == 401
    assert call(address, number, "cite", {}, **LET_IN)[0] == 200


def test_who_has_a_password_is_let_in_and_a_watcher_needs_none(guarded):
    for name, password in (("ana", "a secret: with a colon"), ("keith", "ümlaut")):
        assert request(guarded, "GET", "/config", **basic(name, password))[0] == 200
    assert request(guarded, "GET", "/healthz")[:2] == (200, "ok")


def test_in_public_nothing_describes_the_routes_and_less_is_taken(guarded):
    let_in = basic("ana", "a secret: with a colon")
    for path in ("/openapi.json", "/docs", "/redoc", "/gradio_api/info", "/gradio_api/openapi.json"):
        assert request(guarded, "GET", path, **let_in)[0] == 404
    config = json.loads(request(guarded, "GET", "/config", **let_in)[1])
    assert "draft" not in {each["props"].get("elem_id") for each in config["components"]}
    long = b" " * (MAX_PUBLIC_BODY + 1)
    assert len(long) < MAX_BODY
    assert request(guarded, "POST", "/gradio_api/component_server", long, **let_in)[0] == 413


def test_a_site_that_is_named_may_ask_and_no_other(guarded):
    let_in = basic("ana", "a secret: with a colon")
    for host, origin, status in (
        ("ask.example.org", "https://ask.example.org", 200),
        ("ask.example.org", "https://evil.example", 403),
        ("ask.example.org.evil.example", "https://ask.example.org", 403),
        ("evil.example", "https://ask.example.org", 403),
    ):
        assert request(guarded, "GET", "/config", Host=host, Origin=origin, **let_in)[0] == status


# --- in a frame ------------------------------------------------------------------------------------


@contextmanager
def framing(url: str) -> Iterator[str]:
    """A site whose page frames `url`."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(
                f'<title>A site</title><iframe src="{url}" width=480 height=700></iframe>'.encode()
            )

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


def is_blocked(page: Page) -> bool:
    """Whether the browser put its own page of error in the frame, instead of ours."""
    page.locator("iframe").wait_for()
    frame = page.frames[1]
    frame.wait_for_load_state()
    return frame.url.startswith("chrome-error:") and frame.locator("#question").count() == 0


@pytest.mark.browser
def test_a_listed_parent_frames_the_page_and_another_does_not(page_index, browser: Browser):
    port = free_port()
    with framing(f"http://127.0.0.1:{port}") as listed, framing(f"http://127.0.0.1:{port}") as other:
        settings = ("--embed", "--parent", listed, "--colour", "accent=#7a1f3d")
        with serving(page_index, *settings, "--port", str(port)) as address:
            assert f"frame-ancestors {listed}" in request(address, "GET", "/")[2]["content-security-policy"]
            page = browser.new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(listed)
            framed = page.frame_locator("iframe")
            framed.locator("#question").fill("How many Venezuelans live in extreme poverty?")
            framed.locator("#question").press("Enter")
            there = framed.locator(".card .outside").first
            expect(there).to_have_attribute("target", "_top")
            expect(there).to_have_attribute("href", re.compile(r"^https://www\.usip\.org/.*#:~:text="))
            expect(framed.locator("#read")).to_be_hidden()
            page.goto(other)
            assert is_blocked(page)
            page.close()


@pytest.mark.browser
def test_no_site_frames_a_page_that_is_not_for_frames(url, browser: Browser):
    assert "frame-ancestors 'none'" in request(url, "GET", "/")[2]["content-security-policy"]
    with framing(url) as other:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(other)
        assert is_blocked(page)
        page.close()


# --- text that would be markup -----------------------------------------------------------------------


@pytest.mark.browser
def test_hostile_names_titles_questions_and_pins_show_as_text(browser: Browser, tmp_path):
    name = "Ann {{window.ran=1}} <b>Lee</b>"
    talk = Article(
        "x<img src=x onerror=window.ran=1>${window.ran=1}",
        f"Who is {MARKUP}?\n\nAnn Lee: The bridge {MARKUP} fell in May.\n\nWhat else?\n\nAnn Lee: No more.",
        people=(Person("Ann Lee", MARKUP),),
        publisher=MARKUP,
        title=MARKUP,
    )
    index = index_store.build(
        [talk, Article("b", f"Why?\n\n{name}: So.", people=(Person(name),))], OnnxEncoder()
    )
    bot: Future[Bot] = Future()
    bot.set_result(Bot(index, OnnxEncoder(), TrainedReader.shipped()))
    requests: list[str] = []
    port = free_port()
    served = app.launch(Interviews(index, bot, tmp_path), Settings(port=port))
    page = browser.new_page(viewport={"width": 1360, "height": 900})
    page.set_default_timeout(PATIENCE)
    page.on("request", lambda each: requests.append(each.url))
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    try:
        page.goto(f"http://127.0.0.1:{port}/?q={'%3Cimg%20src%3Dx%20onerror%3Dwindow.ran%3D1%3E'}")
        page.locator(".reply").first.wait_for()
        turn = ask(page, "When did the bridge fall?")
        expect(turn.locator("blockquote").first).to_contain_text("<script>window.ran=1</script> fell in May.")
        turn.locator(".pin").first.click()
        page.locator("#tab-brief").click()
        expect(page.locator("#brief blockquote").first).to_contain_text("<script>window.ran=1</script>")
        page.locator("#tab-reader").click()
        page.locator(".choose").click()
        page.locator(".picker .open").first.wait_for()
        expect(page.locator(".picker .rows")).to_contain_text("<script>window.ran=1</script>")
        assert page.locator("#panes img, #panes script:not([src]), #panes strong, .katex").count() == 0
        assert page.evaluate("window.ran") is None
        assert [
            each for each in requests if not each.startswith((f"http://127.0.0.1:{port}", "data:", "blob:"))
        ] == []
    finally:
        page.close()
        served.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page over a file whose name, title, publisher and people would be markup."""
    folder = tmp_path_factory.mktemp("written")
    file = folder / "${window.ran=1} {{window.ran=1}} $x^2$ __b__ &lt;i&gt;.txt"
    file.write_text(f"Who is {MARKUP}?\n\nAnn Lee: The bridge {MARKUP} fell in May.\n", "utf-8")
    facts = {"title": MARKUP, "publisher": MARKUP, "date": "2020-01-01"}
    people = f'[[people]]\nname = "Ann Lee"\nrole = {json.dumps(MARKUP)}\n'
    lines = [f"{name} = {json.dumps(value)}" for name, value in facts.items()]
    file.with_suffix(".toml").write_text("\n".join([*lines, people]), "utf-8")
    index = index_store.build([read(file)], OnnxEncoder())
    bot: Future[Bot] = Future()
    bot.set_result(Bot(index, OnnxEncoder(), TrainedReader.shipped()))
    settings = Settings(port=free_port())
    served = app.launch(Interviews(index, bot, folder), settings)
    yield f"http://127.0.0.1:{settings.port}"
    served.close()


@contextmanager
def opened(browser: Browser, address: str, stored: dict[str, object]) -> Iterator[Page]:
    """The page in a browser that keeps what somebody else put there; nothing of it may run."""
    page = browser.new_page(viewport={"width": 1360, "height": 900})
    page.set_default_timeout(PATIENCE)
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    page.add_init_script(
        f"for (const [key, value] of Object.entries({json.dumps(stored)}))"
        " localStorage[`onrecord:${key}`] ??= JSON.stringify(value);"
    )
    page.goto(address)
    page.locator("#question").wait_for()
    yield page
    assert page.evaluate("window.ran") is None
    assert page.locator("#panes img, #panes script:not([src]), #panes strong, .katex").count() == 0
    page.close()


STORED: list[dict[str, object]] = [
    {"talk": [{"question": MARKUP, "history": [MARKUP], "chosen": {"speaker": MARKUP, "article": MARKUP}}]},
    {"brief": {"title": MARKUP, "pins": [{"quote": MARKUP, "note": MARKUP, "keep": MARKUP}]}},
    {"talk": {"length": 5}, "brief": [1, 2], "style": MARKUP},
    {"talk": [None, 1, MARKUP, {"question": FILE}], "brief": {"pins": [None, {"quote": FILE}]}},
]


@pytest.mark.browser
@pytest.mark.parametrize("stored", STORED)
def test_what_somebody_else_stored_in_the_browser_runs_nothing_and_the_page_works(
    written, browser: Browser, stored
):
    with opened(browser, written, stored) as page:
        page.locator("#tab-brief").click()
        page.wait_for_timeout(500)
        page.locator("#tab-reader").click()
        turn = ask(page, "When did the bridge fall?")
        expect(turn.locator("blockquote").first).to_contain_text("<script>window.ran=1</script> fell in May.")


@pytest.mark.browser
def test_files_taken_along_and_a_draft_that_would_be_markup_run_nothing(written, browser: Browser, tmp_path):
    with opened(browser, written, {"brief": {"title": MARKUP, "pins": []}}) as page:
        ask(page, "When did the bridge fall?").locator(".pin").first.click()
        page.locator("#tab-brief").click()
        page.locator("#brief textarea.mine").fill(MARKUP)
        brief = tmp_path / "brief.html"
        with page.expect_download() as download:
            page.locator("#brief .export[data-kind=html]").click()
        download.value.save_as(brief)
        page.locator("#tab-draft").click()
        page.locator("#draft textarea").fill(f"{MARKUP} “The bridge {MARKUP} fell in May,” {MARKUP} said.")
        page.locator("#draft .go").click()
        page.locator("#draft .total").wait_for()
        # The page offers Word and Markdown alone; a client may ask for the page of it.
        number, _ = parts(written)["talk"]
        wanted = {"turns": [{"question": "When did the bridge fall?"}, {"question": MARKUP}], "kind": "html"}
        kept = json.loads(call(written, number, "keep", wanted)[1])
        talk = tmp_path / "talk.html"
        talk.write_bytes(base64.b64decode(kept["data"]))
        for file in (talk, brief):
            taken = browser.new_page()
            taken.goto(file.as_uri())
            expect(taken.locator("body")).to_contain_text("<script>window.ran=1</script> fell in May.")
            assert taken.evaluate("window.ran") is None
            assert taken.locator("img, script, body .katex").count() == 0
            taken.close()


# --- files, where they are taken ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uploads", "name", "data", "told"),
    [
        (False, "a.md", "aGVsbG8=", "files are not taken here"),
        (True, "a.exe", "aGVsbG8=", "expected .docx, .html, .md, .txt"),
        (True, "../../x.md", "not base64!", "came damaged"),
        (True, "a.md", "A" * (MAX_UPLOAD * 4 // 3 + 5), f"{MAX_UPLOAD:,} bytes"),
        (True, "a.docx", "aGVsbG8=", "a.docx"),
    ],
)
def test_a_file_is_taken_only_where_it_may_be_and_only_of_its_kind(
    seed_index, bot, uploads, name, data, told
):
    ready: Future[Bot] = Future()
    ready.set_result(bot)
    desk = Desk(seed_index, ready, voices(seed_index.speakers), Settings(uploads=uploads))
    shown = desk.check_file({"name": name, "data": data})
    assert told.lower() in shown.lower()
    assert "notice" in shown


def test_a_file_that_may_be_given_is_checked(seed_index, bot):
    ready: Future[Bot] = Future()
    ready.set_result(bot)
    desk = Desk(seed_index, ready, voices(seed_index.speakers), Settings(uploads=True))
    draft = "“Until now, both have played ‘hard to get,’” Mines said.".encode()
    shown = desk.check_file({"name": "draft.md", "data": base64.b64encode(draft).decode()})
    assert "1 quotation, nothing to mend" in shown


def test_a_word_document_that_may_be_given_is_checked_and_shown_as_text(seed_index, bot):
    ready: Future[Bot] = Future()
    ready.set_result(bot)
    desk = Desk(seed_index, ready, voices(seed_index.speakers), Settings(uploads=True))
    document, data = Document(), io.BytesIO()
    document.add_paragraph(f"“Until now, the <img src=x> {MARKUP} have played hard to get,” Mines said.")
    document.save(data)
    shown = desk.check_file({"name": "draft.docx", "data": base64.b64encode(data.getvalue()).decode()})
    assert "1 quotation" in shown
    assert "<img" not in shown
    assert "<script" not in shown


def test_a_page_that_takes_files_takes_a_body_as_long_as_the_longest_of_them():
    most = Settings(uploads=True).most_bytes
    assert MAX_UPLOAD * 4 // 3 + 200 < most < MAX_UPLOAD * 4 // 3 + 20_000


# --- reports ---------------------------------------------------------------------------------------


@pytest.fixture
def said(bot: Bot) -> reports.Report:
    quote = bot.ask("Have both sides been playing hard to get?").quotes[0]
    return reports.Report("Have both sides been playing hard to get?", (), id_of(quote), "no_answer")


def test_reports_are_kept_and_read_and_forged_ones_refused(seed_index, bot, said, tmp_path):
    with ThreadPoolExecutor(8) as many:
        list(many.map(lambda _: reports.add(tmp_path, said, seed_index.held), range(40)))
    rows = reports.looked_at(reports.read(tmp_path), bot)
    assert len(rows) == 40
    assert {row["today"] for row in rows} == {"still"}
    assert "40 reports, 40 still answered so" in reports.as_text(rows)
    for forged in (reports.Report("q", (), said.quote, "x"), reports.Report("q", (), "x", "no_answer")):
        with pytest.raises(InputError):
            reports.add(tmp_path, forged, seed_index.held)
    (tmp_path / reports.FILE).write_text("x" * (reports.MOST_BYTES + 1) + "\n", "utf-8")
    with pytest.raises(InputError, match="too many reports"):
        reports.add(tmp_path, said, seed_index.held)
    assert reports.read(tmp_path) == []


def test_the_command_reads_what_was_reported(index_folder, seed_index, said):
    command = [sys.executable, "-m", "rag.cli", "--index", str(index_folder), "eval", "--reports"]
    assert "No reader has reported anything" in subprocess.run(command, capture_output=True, text=True).stdout
    reports.add(index_folder, said, seed_index.held)
    try:
        assert (
            "doesn’t answer, still answered so"
            in subprocess.run(command, capture_output=True, text=True).stdout
        )
        done = subprocess.run([*command, "--json"], capture_output=True, text=True)
        assert json.loads(done.stdout)[0]["quote"] == said.quote
    finally:
        (index_folder / reports.FILE).unlink()


@pytest.fixture(scope="module")
def reporting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A page whose reports are its own."""
    folder = tmp_path_factory.mktemp("reporting") / "index"
    build(folder)
    with serving(folder) as address:
        yield address, folder / reports.FILE


def test_a_report_from_the_page_is_kept_beside_the_index_and_a_forged_one_is_not(reporting, said):
    address, file = reporting
    number, _ = parts(address)["talk"]
    good = {"question": said.question, "history": ["<b>Who?</b>", FILE], "quote": said.quote}
    for forged in (
        {},
        {**good, "fault": "x"},
        {**good, "fault": FILE},
        {**good, "quote": f"{PASSWD}:0-9:000000000000", "fault": "no_answer"},
        {**good, "quote": re.sub(r":[^:]*$", ":000000000000", said.quote), "fault": "no_answer"},
        {**good, "quote": FILE, "fault": "no_answer"},
    ):
        assert "error" in json.loads(call(address, number, "report", forged)[1])
    assert not file.exists()
    with ThreadPoolExecutor(2) as both:
        told = [
            both.submit(call, address, number, "report", {**good, "fault": fault}) for fault in reports.FAULTS
        ]
        assert {each.result() for each in told} == {(200, "{}")}
    rows = reports.read(file.parent)
    assert {row["fault"] for row in rows} == set(reports.FAULTS)
    assert {(row["question"], row["speaker"], *row["history"]) for row in rows} == {
        (said.question, "Keith Mines", "<b>Who?</b>")
    }


def test_a_reports_question_can_be_no_more_than_a_question(reporting, said):
    address, file = reporting
    number, _ = parts(address)["talk"]
    for question in ("w" * 900_000, "\ud800"):
        told = {"question": question, "quote": said.quote, "fault": "no_answer"}
        assert call(address, number, "report", told)[0] == 200
    assert file.stat().st_size < 10_000
