"""What stands between the network, Gradio and the interface for programs: refusals, passwords, headers."""

import base64
import binascii
import time
from collections.abc import Awaitable, Callable, MutableMapping
from threading import Event
from typing import Any

from rag.logs import LOGGER, event
from rag.web.api.problems import Problem
from rag.web.settings import Settings

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# So much of what is too long is waited for, and then the line is cut.
MOST_DRAINED = 200_000_000

# What a machine asks to learn whether the page is up; it tells nothing else.
HEALTH = "/healthz"
# … and whether questions are answered at once.
READY = "/readyz"
# What Gradio asks itself while it starts.
STARTUP = "/startup-events"
# By these Gradio hands out files, and fetches what stands at any address that a client names; the page has none.
FETCHES = ("/file=", "/file/", "/proxy=", "/stream/")
# By these Gradio takes files; by /component_server too, where the body is one of many parts.
UPLOADED = ("/upload", "/process_recording")
# A client must not say under which name the page is served, but for a name that it may have.
NAMING = (b"x-forwarded-host", b"x-gradio-server")
# All that the page asks of Gradio. What else it answers (its queue, its monitor, links, descriptions) is closed.
PAGE = ("/", "/config", "/theme.css", "/favicon.ico", "/gradio_api/component_server", f"/gradio_api{STARTUP}")
PAGES = ("/assets/", "/static/", "/svelte/")
# What is for programs, and has tokens of its own in place of passwords.
PROGRAMS = ("/api", "/readyz", "/metrics")

# Gradio compiles its components' templates and scripts in the browser: without 'unsafe-eval' the
# page stays blank. What the policy keeps is that nothing is loaded from, or sent to, anywhere else.
_POLICY = (
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)


class Guard:
    """An ASGI application around `app` and `programs` that refuses what neither is ever sent rightly.

    Gradio looks at itself while it starts, and knows no password: until `started` that look is let in.
    """

    def __init__(self, app: App, settings: Settings, started: Event, programs: App | None = None) -> None:
        self._app, self._settings, self._started = app, settings, started
        self._programs = programs if settings.programs else None
        parents = " ".join(settings.parents) or "'none'"
        policy = "; ".join((*_POLICY, f"frame-ancestors {parents}"))
        self._headers = (
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
            (b"cross-origin-opener-policy", b"same-origin"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a good request on, answers 401, 403, 404 or 413 to any other; tells the log."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # the page opens none
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        begun, status = time.perf_counter(), 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *self._headers]
            await send(message)

        try:
            await self._through(scope, receive, send_guarded)
        except Exception as error:  # noqa: BLE001 (the last who can answer)
            # What a client sent may stand in it: where it happened is enough to find the fault.
            LOGGER.error("failed", exc_info=error, extra={"fields": {"path": scope["path"][:200]}})
            if not status:
                await self._answer(scope, send_guarded, 500, "something went wrong here")
        took = round(time.perf_counter() - begun, 3)
        event("request", method=scope["method"], path=scope["path"][:200], status=status, seconds=took)

    async def _through(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        path = "/" + scope["path"].strip("/")
        if refused := self._refusal(path, headers):
            await self._answer(scope, send, *refused)
            return
        if path == HEALTH:
            await self._answer(scope, send, 200, "ok")
            return
        programs = self._programs if _is_for_programs(path) else None
        starting = path.endswith(STARTUP) and not self._started.is_set()
        scope["headers"] = [each for each in scope["headers"] if self._is_sound(*each)]
        # Programs show a token where there are tokens; whether they do is looked at behind.
        own = programs is not None and (self._settings.tokens is not None or path == READY)
        if self._settings.accounts and not (starting or own) and not self._is_let_in(headers):
            ask = (b"www-authenticate", b'Basic realm="On Record", charset="UTF-8"')
            await self._answer(scope, send, 401, "a name and a password are needed", ask)
            return
        if programs is None and not self._is_of_the_page(path):
            await self._answer(scope, send, 404, "there is nothing here")
            return
        send = self._shared(send, headers) if programs else send
        if scope["method"] == "OPTIONS" and programs:
            await self._answer(scope, send, 204, "", (b"access-control-max-age", b"600"))
            return
        app = programs or self._app
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await app(scope, receive, send)
            return
        most = self._settings.most_bytes
        body = await _body(receive, headers.get(b"content-length", ""), most)
        if body is None:
            await self._answer(scope, send, 413, f"the request is longer than {most:,} bytes")
            return
        await app(scope, _replayed(body, receive), send)

    def _refusal(self, path: str, headers: dict[bytes, str]) -> tuple[int, str] | None:
        """Why the request is none of the page's own, or None."""
        host, origin, hosts = headers.get(b"host", ""), headers.get(b"origin"), self._settings.hosts
        if host not in hosts and host.rpartition(":")[0] not in hosts:
            return 403, "the page is not served under this name"
        others = self._settings.origins if _is_for_programs(path) else ()
        if origin not in (None, f"http://{host}", f"https://{host}", *self._settings.sites, *others):
            return 403, "another site may not ask here"
        if path.endswith(UPLOADED) or "multipart" in headers.get(b"content-type", "").lower():
            return 403, "nothing is uploaded here"
        if any(each in path for each in FETCHES):
            return 404, "there is nothing here"
        return None

    def _is_of_the_page(self, path: str) -> bool:
        """Whether it is a path that the page asks for."""
        return path in PAGE or path.startswith(PAGES)

    def _shared(self, send: Send, headers: dict[bytes, str]) -> Send:
        """A `send` that lets the scripts of the sites that were named read the response."""
        origin = headers.get(b"origin")
        if origin not in self._settings.origins:
            return send
        more = (
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-methods", b"GET, POST"),
            (b"access-control-allow-headers", b"authorization, content-type, if-none-match"),
            (b"access-control-expose-headers", b"etag, retry-after"),
            (b"vary", b"origin"),
        )

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *more]
            await send(message)

        return sent

    async def _answer(
        self, scope: Scope, send: Send, status: int, line: str, *more: tuple[bytes, bytes]
    ) -> None:
        """A line of ours: for programs as a problem, where it is one."""
        kind = _PROBLEMS.get(status) if _is_for_programs(scope["path"]) else None
        if kind:
            problem = Problem(kind, line)
            told = [(name.encode(), value.encode()) for name, value in problem.headers.items()]
            await _respond(send, status, problem.json(scope["path"]), *told, *more)
        else:
            await _respond(
                send, status, line.encode(), (b"content-type", b"text/plain; charset=utf-8"), *more
            )

    def _is_sound(self, name: bytes, value: bytes) -> bool:
        """Whether a header may be handed on."""
        return name.lower() not in NAMING or value.decode("latin-1") in self._settings.hosts

    def _is_let_in(self, headers: dict[bytes, str]) -> bool:
        """Whether the request names somebody with the right password."""
        kind, _, given = headers.get(b"authorization", "").partition(" ")
        try:
            name, _, password = base64.b64decode(given, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, ValueError):
            return False
        return kind.lower() == "basic" and self._settings.admits(name, password)


async def _body(receive: Receive, announced: str, most: int) -> bytes | None:
    """The whole body, or None where it is longer than `most`, or says that it will be.

    What is too long is let run out, unkept: who is cut off while sending never sees the answer.
    """
    parts: list[bytes] = []
    length, more = 0, True
    fits = not announced.isdecimal() or int(announced) <= most
    while more and length <= MOST_DRAINED:
        message = await receive()
        part = message.get("body", b"")
        length += len(part)
        fits = fits and length <= most
        if fits:
            parts.append(part)
        more = message["type"] == "http.request" and message.get("more_body", False)
    return b"".join(parts) if fits else None


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that hands out the body once, then whatever comes after it."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _respond(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    close = (b"connection", b"close")
    await send({"type": "http.response.start", "status": status, "headers": [*headers, close]})
    await send({"type": "http.response.body", "body": body})


def _is_for_programs(path: str) -> bool:
    return path in PROGRAMS or path.startswith("/api/")


# What our refusals are to programs; a browser's 401 keeps its own form, so that it asks for a password.
_PROBLEMS = {403: "refused", 404: "not-found", 413: "too-long", 500: "failed"}
