"""What stands between the network and Gradio: refusals, and the headers of every response."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# A draft of 200 pages takes 600 kB, twice that where it is not in Latin letters; a question 12 kB.
# Gradio itself sets no limit.
MAX_BODY = 1_500_000

# The page is served to this machine alone. Another host name means a foreign site that had its
# name resolved to us, so that the browser takes our answers for its own.
HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})

# Gradio compiles its components' templates and scripts in the browser: without 'unsafe-eval' the
# page stays blank. What the policy keeps is that nothing is loaded from, or sent to, anywhere else.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class Guard:
    """An ASGI application around `app` that refuses what the page never sends."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a good request on; answers 403 or 413 to any other."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        if refused := _refusal(scope):
            await _answer(send_guarded, 403, refused)
            return
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send_guarded)
            return
        body = await _body(receive)
        if body is None:
            await _answer(send_guarded, 413, f"the request is longer than {MAX_BODY:,} bytes")
            return
        await self._app(scope, _replayed(body, receive), send_guarded)


def _refusal(scope: Scope) -> str | None:
    """Why the request is none of the page's own, or None."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host, origin = headers.get(b"host", ""), headers.get(b"origin")
    if host.rpartition(":")[0] not in HOSTS and host not in HOSTS:
        return "the page is served to this machine alone"
    if origin not in (None, f"http://{host}", f"https://{host}"):
        return "another site may not ask here"
    if scope["path"].rstrip("/").endswith("/upload"):
        return "nothing is uploaded here"
    return None


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or None as soon as it is longer than MAX_BODY."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
        if len(body) > MAX_BODY:
            return None
    return body


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that hands out the body once, then whatever comes after it."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _answer(send: Send, status: int, line: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": line.encode()})
