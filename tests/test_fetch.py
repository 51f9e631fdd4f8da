"""Web addresses: fetched from a server on this machine, and refused where they lead astray."""

# mypy: allow-untyped-calls

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rag import fetch as fetching
from rag.errors import FetchError
from rag.fetch import MOST_REDIRECTS, fetch, is_public

PAGE = b"<p>Why?</p><p>Ann Lee: Oil.</p>"


class Handler(BaseHTTPRequestHandler):
    """Answers by what the path asks for."""

    def do_GET(self):
        """Sends what the path names."""
        name, _, rest = self.path.removeprefix("/").partition("/")
        getattr(self, f"send_{name.partition('.')[0]}", self.send_missing)(rest)

    def log_message(self, *args):
        """Says nothing."""

    def answer(self, status=200, body=PAGE, **headers):
        """Sends a page."""
        self.send_response(status)
        for key, value in {"Content_Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def send_page(self, rest):
        """Sends it."""
        self.answer()

    def send_missing(self, rest):
        """Sends it."""
        self.answer(404)

    def send_to(self, rest):
        """Leads on to an address given in full, or round in a circle so many times."""
        self.answer(
            302, b"", Location=f"/to/{int(rest) - 1}" if rest.isdecimal() and rest != "0" else "/page"
        )

    def send_astray(self, rest):
        """Sends it."""
        self.answer(302, b"", Location=rest.replace("|", "/"))

    def send_type(self, rest):
        """Sends it."""
        self.answer(Content_Type=rest.replace("|", "/").partition(".")[0])

    def send_big(self, rest):
        """Sends it."""
        self.answer(Content_Length="30000000")

    def send_endless(self, rest):
        """Sends it."""
        self.answer()
        for _ in range(40):
            self.wfile.write(b"x" * 1_000_000)

    def send_short(self, rest):
        """Sends it."""
        self.answer(Content_Length="1000")

    def send_zip(self, rest):
        """Sends it."""
        self.answer(Content_Encoding="gzip")

    def send_slow(self, rest):
        """Sends it."""
        self.answer()
        for _ in range(100):
            self.wfile.write(b".")
            time.sleep(0.05)

    def send_mute(self, rest):
        """Sends it."""
        time.sleep(5)

    def send_told(self, rest):
        """Sends it."""
        heard = f"{self.headers['Host']} {self.headers['User-Agent']} {self.headers.get('Authorization')}"
        self.answer(body=heard.encode())


@pytest.fixture(scope="module")
def server():
    """A server on this machine; yields its address."""
    serving = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving.daemon_threads = True
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    serving.server_close()


def fault(url, **options):
    with pytest.raises(FetchError) as error:
        fetch(url, **options)
    message = str(error.value)
    assert "\n" not in message
    return message


def test_a_page_comes_byte_for_byte(server):
    """What the server sends is what is fetched, with its kind, its encoding and where it was found."""
    page = fetch(f"{server}/page", allow_private=True)
    assert (page.data, page.ending, page.charset, page.url) == (PAGE, ".html", "utf-8", f"{server}/page")


def test_the_host_is_named_and_nobody_is(server):
    """The server is told its own name and ours, and nothing of the user."""
    said = fetch(f"{server}/told", allow_private=True).data.decode()
    assert said == f"{server.removeprefix('http://')} OnRecord None"


@pytest.mark.parametrize(
    ("path", "ending"),
    [
        ("page", ".html"),
        ("type/text|plain", ".txt"),
        ("type/text|plain.md", ".md"),
        ("type/application|octet-stream.pdf", ".pdf"),
        ("type/application|pdf", ".pdf"),
        ("type/text|vtt", ".vtt"),
        ("type/application|octet-stream", ".html"),
    ],
)
def test_the_kind_is_what_the_server_says(server, path, ending):
    """The content type tells the kind; where the server does not know it, the address's ending does."""
    assert fetch(f"{server}/{path}", allow_private=True).ending == ending


def test_redirects_are_followed_and_counted(server):
    """Five redirects lead to the page, six are refused."""
    assert fetch(f"{server}/to/{MOST_REDIRECTS - 1}", allow_private=True).url == f"{server}/page"
    assert str(MOST_REDIRECTS) in fault(f"{server}/to/{MOST_REDIRECTS}", allow_private=True)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("nothing", "404"),
        ("big", "20,000,000"),
        ("endless", "20,000,000"),
        ("short", "broke off"),
        ("zip", "gzip"),
        ("type/image|png", "image/png"),
        ("astray/file:|||etc|passwd", "file:///etc/passwd"),
        ("astray/ftp:||example.org", "ftp://example.org"),
    ],
)
def test_what_is_no_page_is_refused_in_one_line(server, path, says):
    """A missing page, one too large, one cut short or of another kind: FetchError says which."""
    assert says in fault(f"{server}/{path}", allow_private=True)


@pytest.mark.parametrize("path", ["slow", "mute"])
def test_the_time_is_bounded(server, monkeypatch, path):
    """A server that drips or says nothing is left when the time is up."""
    monkeypatch.setattr(fetching, "MOST_SECONDS", 0.5)
    begun = time.monotonic()
    assert "0.5 seconds" in fault(f"{server}/{path}", allow_private=True)
    assert time.monotonic() - begun < 4


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:1/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://127.1/",
        "http://[::ffff:127.0.0.1]/",
        "https://[fe80::1]/",
        "http://100.64.0.1/",
    ],
)
def test_this_machine_and_private_networks_are_refused(url):
    """Whatever way it is written, an address that is not public is refused before anything is sent."""
    assert "--allow-private" in fault(url)


def test_a_redirect_is_checked_too(server, monkeypatch):
    """A public page that leads to a private address is refused at the second step."""
    port = int(server.rpartition(":")[2])
    real = socket.getaddrinfo
    connect = socket.create_connection

    def resolve(host, *args, **options):
        if host == "public.example":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))]
        return real(host, *args, **options)

    def reach(place, *args, **options):
        assert place[0] == "93.184.216.34"
        return connect(("127.0.0.1", port), *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", reach)
    assert fetch(f"http://public.example:{port}/page").data == PAGE
    assert "10.1.2.3" in fault(f"http://public.example:{port}/astray/http:||10.1.2.3|")


def test_one_private_address_among_public_ones_is_enough(monkeypatch):
    """A name that has a private address beside a public one is refused."""
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in ("93.184.216.34", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: found)
    assert "10.0.0.1" in fault("http://both.example/")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x",
        "file:///etc/passwd",
        "http://",
        "http:///x",
        "http://a b/",
        "http://x:99999/",
        "http://x:y/",
        "http://user:secret@example.org/",
        "javascript://x",
        "http://ex ample.org/\r\nX: y",
    ],
)
def test_what_is_no_web_address_is_refused(url):
    """Only http and https with a host, and without credentials, is fetched."""
    assert "secret" not in fault(url)


@pytest.mark.parametrize(
    ("numeric", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:a00:1::", False),
        ("2001:0:5ef5:79fd::1", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("::", False),
        ("ff02::1", False),
    ],
)
def test_public_addresses(numeric, public):
    """Multicast, reserved and private addresses are not public, nor what carries one within."""
    assert is_public(numeric) is public


def test_nobody_there_is_one_line(monkeypatch):
    """A host that is not found, or does not answer: FetchError of one line."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "cannot be fetched" in fault(f"http://127.0.0.1:{port}/", allow_private=True)

    def unknown(*args, **options):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "not found" in fault("http://nowhere.example/")
