"""Nothing leaves the machine: neither the reader's browser nor the server asks anybody else."""

import json
import subprocess
import sys
from ipaddress import ip_address

import pytest
from playwright.sync_api import Browser

from tests.web.conftest import PATIENCE
from tests.web.serving import ask, free_port

pytestmark = pytest.mark.browser

# Every address that the server's process looks up or connects to, told by the interpreter itself.
RECORDED = """
import json, sys
kept = open(sys.argv[1], "a", buffering=1)
def record(event, args):
    if event == "socket.connect":
        kept.write(json.dumps([event, args[1] if isinstance(args[1], str) else args[1][0]]) + "\\n")
    if event == "socket.getaddrinfo":
        kept.write(json.dumps([event, args[0] if isinstance(args[0], str) else str(args[0])]) + "\\n")
sys.addaudithook(record)
from rag.cli import main
sys.exit(main(sys.argv[2:]))
"""


def is_here(place: str) -> bool:
    """Whether an address or a name is this machine's own; a path is a socket of this machine."""
    if place in ("localhost", "None", "") or place.startswith("/"):
        return True
    try:
        return ip_address(place).is_loopback or ip_address(place).is_unspecified
    except ValueError:
        return False


def test_neither_browser_nor_server_asks_anybody_else(page_index, browser: Browser, tmp_path):
    log, port = tmp_path / "log", free_port()
    command = [sys.executable, "-c", RECORDED, str(log), "--index", str(page_index)]
    requests: list[str] = []
    with subprocess.Popen(
        [*command, "chat", "--port", str(port)], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().removeprefix("On Record: ").strip()
            context = browser.new_context(accept_downloads=True)
            context.on("request", lambda request: requests.append(request.url))
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(url)
            ask(page, "Do they agree on sanctions?")
            ask(page, "Have both sides been playing hard to get?").locator(".pin").first.click()
            page.locator("#question").press_sequentially("sanc")
            page.locator("#completions li").first.wait_for()
            page.keyboard.press("Escape")
            with page.expect_download():
                page.locator(".keep[data-kind=docx]").click()
            page.reload()
            page.locator(".card").first.wait_for()
            context.close()
        finally:
            server.terminate()
    assert requests
    assert [each for each in requests if not each.startswith((url, "data:", "blob:"))] == []
    reached = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert reached  # the server's own look at itself: the record is not blind
    assert [each for each in reached if not is_here(each[1])] == []


@pytest.mark.parametrize("place", ["example.org", "93.184.216.34", "::ffff:93.184.216.34", "huggingface.co"])
def test_the_record_would_tell(place):
    assert not is_here(place)
