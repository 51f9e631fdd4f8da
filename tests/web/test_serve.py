"""The server: what it refuses, what it says, and how it ends."""

import http.client
import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rag.errors import IndexMissing, ServeError
from rag.web import app
from rag.web.guard import MAX_BODY
from tests.web.serving import free_port

PASSWD = Path("/etc/passwd")
FILE = {"path": str(PASSWD), "meta": {"_type": "gradio.FileData"}}


def request(
    url: str, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    connection.request(method, path, body, {"content-type": "application/json", **headers})
    response = connection.getresponse()
    text = response.read().decode("utf-8", "replace")
    connection.close()
    return response.status, text, {name.lower(): value for name, value in response.getheaders()}


def events(url: str, function: int, data: list[object], **more: object) -> str:
    """All that the server sends back for one crafted event."""
    body = json.dumps({"fn_index": function, "data": data, "session_hash": f"crafted{function}", **more})
    status, text, _ = request(url, "POST", "/gradio_api/queue/join", body.encode())
    if status != 200:
        return text
    return request(url, "GET", f"/gradio_api/queue/data?session_hash=crafted{function}")[1]


def test_the_page_is_sent_with_its_policy(url):
    status, _, headers = request(url, "GET", "/")
    assert status == 200
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_no_component_that_takes_files_is_an_input(url):
    config = json.loads(request(url, "GET", "/config")[1])
    kinds = {component["id"]: component["type"] for component in config["components"]}
    inputs = {kinds[each] for dependency in config["dependencies"] for each in dependency["inputs"]}
    assert inputs == {"textbox", "state", "html"}


@pytest.mark.parametrize("history", [None, [FILE], [{"role": "user", "content": FILE}]])
def test_a_crafted_history_reads_no_file(url, history):
    secret = PASSWD.read_text().splitlines()[0]
    for function in (0, 1):
        for data in (
            [FILE, history, {}],
            [[FILE], history, {}],
            [history, {}],
            [history, FILE],
            ["Who?", history, FILE],
            ["Who?", history, {"speaker": FILE}],
        ):
            assert secret not in events(url, function, data, event_data={"question": FILE})
    for path in (f"/gradio_api/file={PASSWD}", f"/file={PASSWD}", f"/gradio_api/file=../../../..{PASSWD}"):
        status, text, _ = request(url, "GET", path)
        assert status in (403, 404)
        assert secret not in text


def test_a_forged_file_in_what_a_question_is_narrowed_down_to_is_refused(url):
    found = events(url, 0, ["Who spoke about oil production?", None, {"speaker": FILE}])
    assert '"success": false' in found.replace('":false', '": false')
    assert "According to" not in found


def test_the_servers_history_is_not_the_clients_to_set(url):
    found = events(url, 0, ["And Caridad?", ["Who spoke about oil production?"], {}])
    assert "process_completed" in found
    assert "According to" not in found


def test_a_body_too_long_is_refused(url):
    for path in ("/gradio_api/queue/join", "/gradio_api/run/predict", "/"):
        assert request(url, "POST", path, b" " * (MAX_BODY + 1))[0] == 413


def test_nothing_is_uploaded(url):
    kind = "multipart/form-data; boundary=x"
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nhello\r\n--x--\r\n'
    for path in ("/gradio_api/upload", "/upload", "/gradio_api/upload/"):
        assert request(url, "POST", path, body, **{"content-type": kind})[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": ""},
        {"Host": "[1"},
    ],
)
def test_another_site_may_not_ask(url, headers):
    assert request(url, "GET", "/config", **headers)[0] == 403


def test_a_taken_port_is_one_line_and_exit_code_2(page_index):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "rag.cli", "--index", str(page_index), "chat", "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert str(port) in done.stderr
    assert "`onrecord chat --port N`" in done.stderr


def test_a_port_that_is_lost_in_between_is_the_same_error(page_index, monkeypatch):
    monkeypatch.setattr(app, "_check_free", lambda port: None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServeError, match="in use"):
            app.serve(page_index, taken.getsockname()[1])


def test_without_an_index_the_error_says_so(tmp_path):
    with pytest.raises(IndexMissing):
        app.serve(tmp_path / "none", free_port())


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there")
def test_it_says_where_it_is_and_ends_quietly(page_index):
    port = free_port()
    command = [sys.executable, "-m", "rag.cli", "--index", str(page_index), "chat", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == f"On Record: http://127.0.0.1:{port}\n"
        server.send_signal(signal.SIGINT)
        out, errors = server.communicate(timeout=20)
    assert server.returncode == 0
    assert out == ""
    assert errors == ""


def test_the_command_line_does_not_wait_for_gradio():
    code = "import sys, rag.cli, rag.web.app; sys.exit('gradio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
