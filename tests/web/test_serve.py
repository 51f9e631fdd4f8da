"""The server: what it refuses, what it says, and how it ends."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest

from rag.errors import IndexMissing, ServeError
from rag.web import app
from rag.web.settings import MAX_BODY, Settings
from tests.web.serving import free_port, request


def test_the_page_is_sent_with_its_policy(url):
    status, _, headers = request(url, "GET", "/")
    assert status == 200
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_a_body_too_long_is_refused(url):
    for path in ("/gradio_api/component_server/", "/api/ask", "/"):
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


def test_a_reader_who_thinks_for_a_while_finds_his_connection_open(url):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("GET", "/config")
    connection.getresponse().read()
    held = connection.sock
    time.sleep(7)  # longer than uvicorn keeps one by itself
    connection.request("GET", "/config")
    assert connection.getresponse().status == 200
    assert connection.sock is held
    connection.close()


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the system sets no such number")
def test_the_server_holds_as_many_connections_as_the_system_lets_it():
    script = """
import resource
from rag.web.app import let_in
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
for start, most in ((64, 200), (300, 200)):
    resource.setrlimit(resource.RLIMIT_NOFILE, (start, hard))
    let_in(most)
    print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
resource.setrlimit(resource.RLIMIT_NOFILE, (100, 150))
let_in(200)
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["200", "300", "150"], done.stderr


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
    monkeypatch.setattr(app, "_check_free", lambda settings: None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServeError, match="in use"):
            app.serve(page_index, Settings(port=taken.getsockname()[1]))


def test_without_an_index_the_error_says_so(tmp_path):
    with pytest.raises(IndexMissing):
        app.serve(tmp_path / "none", Settings(port=free_port()))


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
