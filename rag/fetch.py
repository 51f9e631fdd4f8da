"""A web address to the bytes behind it, fetched only when a person names it.

The address is resolved once, checked, and connected to as it was checked, so that a name cannot lead
to one place for the check and to another for the connection. Redirects are checked as anew.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from rag.errors import FetchError

MOST_REDIRECTS = 5
# A long interview's page has some hundred kilobytes, a scanned PDF a few megabytes.
MOST_BYTES = 20_000_000
# For the whole of it, redirects included.
MOST_SECONDS = 30.0

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {
    "User-Agent": "OnRecord",
    "Accept": "text/html,text/*;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "identity",
}

# What a server says of a page, to the ending that tells the kind of file.
_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/vtt": ".vtt",
    "application/x-subrip": ".srt",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
# Said of a file by servers that do not know what it is; then its own ending tells.
_VAGUE = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})

# Networks that carry an IPv4 address within an IPv6 one, which may lead anywhere: NAT64 and 6to4 gateways.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Fetched:
    """What stood behind an address: `url` is where it was found in the end, `ending` tells its kind."""

    url: str
    data: bytes
    ending: str
    charset: str | None


def fetch(url: str, *, allow_private: bool = False) -> Fetched:
    """What stands behind the address; FetchError says why not."""
    deadline = time.monotonic() + MOST_SECONDS
    at = url
    for _ in range(MOST_REDIRECTS + 1):
        parts = _parted(at, url)
        places = _checked(parts, url, allow_private=allow_private)
        with _connected(parts, places, url, deadline) as connection:
            connection.request("GET", _target(parts), headers=_HEADERS)
            response = connection.getresponse()
            onward = response.getheader("Location")
            if response.status not in _REDIRECTS or not onward:
                return _read(response, at, url)
            at = urljoin(at, _utf8(onward.strip()))
    raise FetchError(
        f"{url} leads on more than {MOST_REDIRECTS} times; expected a page: give its own address"
    )


def _parted(at: str, url: str) -> SplitResult:
    """The address in parts, if it is one of the web."""
    try:
        parts = urlsplit(at)
        port = parts.port
    except ValueError as error:
        raise FetchError(f"{url} is no web address ({error}); expected http:// or https://") from None
    if parts.scheme.lower() not in _PORTS or not parts.hostname:
        led = "" if at == url else f" leads to {at[:200]}, which"
        raise FetchError(f"{url}{led} is no web address; expected http:// or https:// and a host")
    if parts.username is not None:
        raise FetchError(f"{parts.hostname}: the address holds a user's name; expected a page open to all")
    if re.search(r"[\x00-\x20\x7f]", at) or port == 0:
        raise FetchError(f"{url} is no web address; expected one without blanks and control characters")
    return parts


def _utf8(header: str) -> str:
    """A header as it was sent: http.client takes every one for Latin-1."""
    return header.encode("latin-1", "replace").decode("utf-8", "replace")


def _checked(parts: SplitResult, url: str, *, allow_private: bool) -> list[str]:
    """The host's numeric addresses, which are public ones unless others are allowed."""
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(
            f"{url}: the host {host} is not found ({error}); check the address and the connection"
        ) from None
    numeric = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not allow_private and (bad := [each for each in numeric if not is_public(each)]):
        raise FetchError(
            f"{url} leads to {bad[0]}, an address of this machine or a private network; expected a public "
            "one: pass --allow-private if that is meant"
        )
    return numeric


def is_public(numeric: str) -> bool:
    """Whether a numeric address is one of the public internet, whatever it is wrapped in."""
    address: Address = ipaddress.ip_address(numeric.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo:
            return False
        if inner is not None:
            return is_public(str(inner))
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme.lower()]


def _target(parts: SplitResult) -> str:
    """What is asked for: path and query, in ASCII."""
    plain = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return quote(plain, safe="%/:=&?~+!$,;'@()*[]|")


@contextmanager
def _connected(
    parts: SplitResult, places: list[str], url: str, deadline: float
) -> Iterator[http.client.HTTPConnection]:
    """A connection to one of those numeric addresses, cut when the time is up."""
    line = _Line(deadline)
    connection = http.client.HTTPConnection(_host(parts), _port(parts))
    try:
        line.open(places, _port(parts))
        if parts.scheme.lower() == "https":
            line.secure(parts.hostname or "")
        connection.sock = line.sock
        yield connection
        if line.cut:
            raise TimeoutError
    except (OSError, http.client.HTTPException, ValueError) as error:
        if line.cut or isinstance(error, TimeoutError):
            raise FetchError(
                f"{url} took over {MOST_SECONDS:g} seconds; expected a page at once: try again, or save it "
                "and add the file"
            ) from None
        raise FetchError(
            f"{url} cannot be fetched ({str(error).strip() or type(error).__name__}); check the address, or "
            "save the page and add the file"
        ) from None
    finally:
        line.close()
        connection.close()


class _Line:
    """A socket that is shut down at the deadline, so that whoever waits for it wakes."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._timer: threading.Timer | None = None
        self.sock: socket.socket | None = None
        self.cut = False

    def open(self, places: list[str], port: int) -> None:
        """Connects to the first place that answers; OSError where none does."""
        for number, place in enumerate(places, 1):
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            try:
                self.sock = socket.create_connection((place, port), timeout=left)
                break
            except OSError:
                if number == len(places):
                    raise
        self._timer = threading.Timer(max(0.0, self._deadline - time.monotonic()), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def secure(self, host: str) -> None:
        """Puts TLS on it. The host's name is checked against the certificate, whatever the number."""
        if self.sock is not None:
            # The handshake comes after, when the timer can reach the new socket.
            secured = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=host, do_handshake_on_connect=False
            )
            self.sock = secured
            secured.do_handshake()

    def _cut(self) -> None:
        self.cut = True
        if self.sock is not None:
            with suppress(OSError):  # it may have ended by itself
                # Not `close`, for another thread reads from it; TLS's own `shutdown` would harm that too.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Ends it."""
        if self._timer is not None:
            self._timer.cancel()
        if self.sock is not None:
            self.sock.close()


def _host(parts: SplitResult) -> str:
    """The host as the request names it."""
    host = parts.hostname or ""
    return host.encode("idna").decode("ascii") if not host.isascii() else host


def _read(response: http.client.HTTPResponse, at: str, url: str) -> Fetched:
    """The page, if it is one and not too large."""
    if response.status != http.client.OK:
        raise FetchError(
            f"{url} answers {response.status} {response.reason}; expected a page: check the address, or save "
            "the page and add the file"
        )
    if (coding := response.getheader("Content-Encoding", "identity").lower()) != "identity":
        raise FetchError(
            f"{url} came in {coding[:20]}, unasked; expected it plain: save the page and add the file"
        )
    declared = response.getheader("Content-Length", "")
    data = b"" if declared.isdecimal() and int(declared) > MOST_BYTES else response.read(MOST_BYTES + 1)
    if (declared.isdecimal() and int(declared) > MOST_BYTES) or len(data) > MOST_BYTES:
        raise FetchError(
            f"{url} is over {MOST_BYTES:,} bytes; expected an interview: save the part that is one"
        )
    if declared.isdecimal() and len(data) < int(declared):
        raise FetchError(f"{url} broke off after {len(data):,} of {int(declared):,} bytes; try again")
    return Fetched(at, data, _ending(response, at, url), response.headers.get_content_charset())


def _ending(response: http.client.HTTPResponse, at: str, url: str) -> str:
    """The ending that tells the kind: by what the server says, or by the address where it does not know."""
    told = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    own = PurePosixPath(unquote(urlsplit(at).path)).suffix.lower()
    if told in _VAGUE:
        return own if own in _ENDINGS.values() else ".txt" if told == "text/plain" else ".html"
    if told not in _ENDINGS:
        raise FetchError(
            f"{url} is {told[:60]}; expected a page, a text, a transcript, a PDF or a Word document"
        )
    return _ENDINGS[told]
