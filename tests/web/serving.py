"""The page started as a reader starts it, and a Chromium to read it with."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright

from rag import index as index_store
from rag.encoder import OnnxEncoder

SEEDS = Path(__file__).parents[2] / "seeds"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def build(folder: Path) -> None:
    index_store.build_to(folder, [SEEDS], OnnxEncoder())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(folder: Path, *options: str, waiting: bool = True) -> Iterator[str]:
    """`onrecord chat` over the index in `folder`; yields the address that it prints, or is about to."""
    port = free_port()
    command = [sys.executable, "-m", "rag.cli", "--index", str(folder), "chat", "--port", str(port)]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as server:
        try:
            if not waiting:
                yield f"http://127.0.0.1:{port}"
                return
            assert server.stdout is not None
            line = server.stdout.readline()
            assert line.startswith("On Record: http://127.0.0.1:"), line
            yield line.removeprefix("On Record: ").strip()
        finally:
            server.terminate()


def browser_path() -> str:
    """Where a Chromium is; without one the test is skipped, or fails where one is required."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and os.environ.get("ONRECORD_REQUIRE_BROWSER") == "1":
        pytest.fail("no Chromium here, and ONRECORD_REQUIRE_BROWSER=1 requires one")
    if found is None:
        pytest.skip("no Chromium here")
    return found


@contextmanager
def chromium(play: Playwright) -> Iterator[Browser]:
    browser = play.chromium.launch(executable_path=browser_path(), args=list(QUIET))
    try:
        yield browser
    finally:
        browser.close()


def box(page: Page) -> Locator:
    return page.locator("#question")


def ask(page: Page, question: str) -> Locator:
    """The exchange that the question made, once it is answered."""
    page.locator(".start").wait_for()
    count = page.locator(".exchange").count()
    box(page).fill(question)
    box(page).press("Enter")
    made = page.locator(".exchange").nth(count)
    made.locator(".ours:not(.waiting)").first.wait_for()
    return made


def request(
    url: str, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers of what the server at `url` answers."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    kind = {"content-type": "application/json", **headers}
    connection.request(method, path, body, kind, encode_chunked="transfer-encoding" in kind)
    response = connection.getresponse()
    text = response.read().decode("utf-8", "replace")
    connection.close()
    return response.status, text, {name.lower(): value for name, value in response.getheaders()}
