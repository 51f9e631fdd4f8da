"""The routes for programs: ask, compare, articles, cite, check; how the server is; what all of it looks like."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import ValidationError
from starlette.exceptions import HTTPException

import rag
from rag.answers import as_json, cited_json, citing
from rag.batch import FILTERS, row_of
from rag.check import Draft, check, read_draft
from rag.check.report import as_json as checked_json
from rag.cite import cite, style_of
from rag.errors import BatchError, InputError, OnRecordError
from rag.interviews import InForce
from rag.logs import LOGGER
from rag.quotes import quote_of
from rag.records import Answer
from rag.report import article_json, articles_json
from rag.schema import VERSION, AnswerJSON, ArticleJSON, ArticlesJSON, CheckedJSON, CitedJSON, schemas
from rag.web.api.bodies import ANSWER, QUESTION, QUOTE_ID, Comparison, Question, ToCheck, ToCite
from rag.web.api.limits import Limits
from rag.web.api.problems import KINDS, MEDIA, TYPES, Problem, problem_of
from rag.web.asking import Asking, Topic
from rag.web.given import Asked
from rag.web.line import COME_AGAIN, Full
from rag.web.metrics import PLAIN
from rag.web.settings import Settings

if TYPE_CHECKING:
    from rag.answers import Citing

# So many articles come at once, unless fewer are asked for.
A_PAGE = 100
JSON = "application/json"
LINES = "application/x-ndjson"
# What a draft can be sent as, beside JSON, and the ending of such a file.
DRAFTS = {
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/html": ".html",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
SURFACE = "http"
# So much of a path is told back.
LONGEST_PATH = 200

_DESCRIPTION = """\
Ask interviews; get the answer in the speakers' own words, attributed and ready to cite. Every `text` of a
quote is exactly characters `start` to `end` of the article's stored text. Show it unchanged, with the name.
"""


def made(asking: Asking, settings: Settings) -> FastAPI:
    """The interface as an ASGI application; every path of it begins with /api, but /readyz and /metrics."""
    app = FastAPI(
        title="On Record",
        version=rag.__version__,
        description=_DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    described = app.openapi

    def with_an_answer() -> dict[str, Any]:
        """The description with a real answer; FastAPI would leave out whatever is null in it."""
        told = described()
        for method in told["paths"]["/api/ask"].values():
            method["responses"]["200"]["content"][JSON]["example"] = ANSWER
        return told

    app.openapi = with_an_answer  # type: ignore[method-assign]
    _refuse(app, asking)
    _Routes(asking, settings).put(app)
    return app


class _Routes:
    """What each route does."""

    def __init__(self, asking: Asking, settings: Settings) -> None:
        self._asking, self._settings = asking, settings
        self._limits = Limits(settings.rate)

    def put(self, app: FastAPI) -> None:
        """Nothing; the routes are there."""
        asks, lists, cites, checks = (
            Depends(self._allowed(scope)) for scope in ("ask", "articles", "cite", "check")
        )
        answer = _told(AnswerJSON, "The answer: `status` is answered or declined.")
        app.add_api_route("/api", self.root, summary="What there is", methods=["GET"])
        app.add_api_route(
            "/api/ask", self.ask_get, summary="Ask", methods=["GET"], dependencies=[asks], responses=answer
        )
        app.add_api_route(
            "/api/ask",
            self.ask,
            summary="Ask, also in a conversation",
            methods=["POST"],
            dependencies=[asks],
            responses=answer,
            openapi_extra=_example("Question", QUESTION),
        )
        app.add_api_route(
            "/api/ask/batch",
            self.batch,
            summary="Ask many questions: JSON lines in, JSON lines out, each as soon as it is there",
            methods=["POST"],
            dependencies=[asks],
            responses={200: {"content": {LINES: {"schema": {"$ref": "#/components/schemas/AnswerJSON"}}}}},
            openapi_extra={
                "requestBody": {
                    "required": True,
                    "content": {
                        LINES: {"schema": {"type": "string"}, "example": json.dumps(QUESTION) + "\n"}
                    },
                }
            },
        )
        app.add_api_route(
            "/api/compare",
            self.compare,
            summary="What several people say on a topic, side by side",
            methods=["POST"],
            dependencies=[asks],
            responses=answer,
            openapi_extra=_example("Comparison", {"topic": "sanctions"}),
        )
        app.add_api_route(
            "/api/articles",
            self.articles,
            summary="The articles",
            methods=["GET"],
            dependencies=[lists],
            responses=_told(ArticlesJSON, "Some of the articles, in order."),
        )
        app.add_api_route(
            "/api/articles/{name}",
            self.article,
            summary="One article: what is known of it, and who speaks when",
            methods=["GET"],
            dependencies=[lists],
            responses=_told(ArticleJSON, "The article."),
        )
        app.add_api_route(
            "/api/articles/{name}/text",
            self.text,
            summary="The stored text that quotes are cut from",
            methods=["GET"],
            dependencies=[lists],
            responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
        )
        cited = _told(CitedJSON, "The quote with its citation.")
        app.add_api_route(
            "/api/cite",
            self.cite_get,
            summary="Cite a quote",
            methods=["GET"],
            dependencies=[cites],
            responses=cited,
        )
        app.add_api_route(
            "/api/cite",
            self.cite,
            summary="Cite a quote",
            methods=["POST"],
            dependencies=[cites],
            responses=cited,
            openapi_extra=_example("ToCite", {"quote": QUOTE_ID, "style": "apa"}),
        )
        drafts: dict[str, Any] = {
            JSON: {
                "schema": ToCheck.model_json_schema(),
                "example": {"draft": "Mines says: “Until now, both have played ‘hard to get.’”"},
            }
        }
        drafts |= {kind: {"schema": {"type": "string", "format": "binary"}} for kind in DRAFTS}
        app.add_api_route(
            "/api/check",
            self.check,
            summary="Check every quotation of a draft",
            methods=["POST"],
            dependencies=[checks],
            responses=_told(CheckedJSON, "What came of each quotation."),
            openapi_extra={"requestBody": {"required": True, "content": drafts}},
        )
        app.add_api_route("/api/schema", self.schema, summary="The JSON Schema of all of it", methods=["GET"])
        app.add_api_route(
            TYPES + "{name}", self.problem, summary="What a kind of problem is", methods=["GET"]
        )
        app.add_api_route(
            "/readyz", self.ready, summary="Whether questions are answered at once", methods=["GET"]
        )
        app.add_api_route(
            "/metrics",
            self.metrics,
            summary="Counts, as Prometheus reads them",
            methods=["GET"],
            dependencies=[Depends(self._allowed("metrics", counted=False))],
            response_class=Response,
        )

    # --- who may, and how often ------------------------------------------------------------------

    def _allowed(self, scope: str, *, counted: bool = True) -> Callable[..., Awaitable[None]]:
        """What lets a request in that has the scope, and not too many before it."""
        bearer = HTTPBearer(
            auto_error=False, description=f"With the scope {scope}, where tokens are asked for."
        )

        async def let_in(
            request: Request,
            _: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
        ) -> None:
            tokens = self._settings.tokens
            client = f"at {request.client.host}" if request.client else "somewhere"
            if tokens is not None:
                holder = tokens.holder(request.headers.get("authorization", ""))
                if holder is None:
                    self._asking.metrics.refused("token")
                    raise Problem("no-token", "no known token was sent; expected Authorization: Bearer TOKEN")
                if scope not in holder.scopes:
                    self._asking.metrics.refused("token")
                    raise Problem("no-scope", f"the token of {holder.name} has no scope {scope!r}")
                client = f"holder {holder.name}"
            request.state.client = client
            known = {each.alias for each in request.scope["route"].dependant.query_params}
            if unknown := [name for name in request.query_params if name not in known]:
                raise Problem(
                    "bad-input",
                    f"no parameter {unknown[0][:40]!r}; expected any of: {', '.join(sorted(known))}",
                )
            if counted and (wait := self._limits.wait(client)):
                self._asking.metrics.refused("rate")
                raise Problem(
                    "too-many",
                    f"expected at most {self._settings.rate:,} in a minute; come again in {math.ceil(wait)} s",
                    retry_after=math.ceil(wait),
                )

        return let_in

    # --- questions -------------------------------------------------------------------------------

    async def ask_get(
        self,
        request: Request,
        question: str,
        speaker: str | None = None,
        article: str | None = None,
        since: str | None = None,
        until: str | None = None,
        order: str = "best",
        cite: str | None = None,
    ) -> Response:
        """An answer that can be kept: its ETag stays until the articles change."""
        now = self._asking.interviews.now
        tag = self._tag(now, request)
        if _has(request, tag):
            return Response(status_code=304, headers={"etag": tag})
        body = Question.model_validate(
            {
                "question": question,
                "speaker": speaker,
                "article": article,
                "since": since,
                "until": until,
                "order": order,
                "cite": cite,
            }
        )
        return _json(await self._row(body), tag)

    async def ask(self, body: Question) -> Response:
        """The answer in the speakers' own words, or a declined one."""
        return _json(await self._row(body))

    async def _row(self, body: Question) -> AnswerJSON:
        citation = self._citing(body.cite)
        narrowed = tuple(
            (name, value) for name in (*FILTERS, "order") if (value := getattr(body, name)) is not None
        )
        answer = await self._asking.ask(Asked(body.question, tuple(body.history), narrowed), SURFACE)
        return as_json(body.id, answer, citation)

    async def batch(self, request: Request) -> Response:
        """A line for every line, in order; one that is no question gets a problem with its number."""
        lines = (await request.body()).splitlines()
        return StreamingResponse(self._answers(lines, request.state.client), media_type=LINES)

    async def _answers(self, lines: list[bytes], client: str) -> AsyncIterator[bytes]:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            while wait := self._limits.wait(client):
                await asyncio.sleep(wait)  # a batch is slowed down, never cut off
            row: dict[str, Any] = {}
            try:
                row = row_of(line)
                citation = self._citing(row.get("cite"))
                told: Mapping[str, Any] = as_json(row.get("id"), await self._of_row(row), citation)
            except BatchError as error:
                told = {**Problem("bad-json", str(error)).body(), "line": number}
            except InputError as error:
                told = as_json(row.get("id"), Answer(row["question"], "declined", str(error)))
            except Full:
                told = {**_full().body(), "line": number, "id": row.get("id")}
            except OnRecordError as error:
                told = {**problem_of(error).body(), "line": number, "id": row.get("id")}
            yield _bytes(told) + b"\n"

    async def _of_row(self, row: dict[str, Any]) -> Answer:
        narrowed = tuple((key, row[key]) for key in (*FILTERS, "order") if row.get(key) is not None)
        return await self._asking.ask(
            Asked(row["question"], tuple(row.get("history") or ()), narrowed), SURFACE
        )

    async def compare(self, body: Comparison) -> Response:
        """What each of several people says on a topic; who says nothing is told so."""
        citation = self._citing(body.cite)
        answer = await self._asking.ask(Topic(body.topic, tuple(body.speakers), body.article), SURFACE)
        return _json(as_json(body.id, answer, citation))

    def _citing(self, style: str | None) -> "Citing | None":
        return citing(style, self._asking.interviews.held)

    # --- articles and quotes ---------------------------------------------------------------------

    async def articles(
        self,
        request: Request,
        first: Annotated[int, Query(alias="from", ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=A_PAGE)] = A_PAGE,
    ) -> Response:
        """A page of the list; `next` is where to go on from."""
        now = self._asking.interviews.now
        tag = self._tag(now, request)
        if _has(request, tag):
            return Response(status_code=304, headers={"etag": tag})

        def listed() -> ArticlesJSON:
            return articles_json(now.index.spoken, first, limit)

        return _json(await asyncio.to_thread(listed), tag)

    async def article(self, request: Request, name: str) -> Response:
        """The facts, the people and the turns of an article."""
        now = self._asking.interviews.now
        tag = self._tag(now, request)
        if _has(request, tag):
            return Response(status_code=304, headers={"etag": tag})
        spoken = self._asking.interviews.article(name)
        return _json(await asyncio.to_thread(article_json, spoken), tag)

    async def text(self, request: Request, name: str) -> Response:
        """Plain text in UTF-8; offsets count its characters, not its bytes."""
        article = self._asking.interviews.article(name).article
        tag = f'"{article.version}"'
        if _has(request, tag):
            return Response(status_code=304, headers={"etag": tag})
        return Response(article.text, media_type="text/plain; charset=utf-8", headers=_kept(tag))

    async def cite_get(self, request: Request, quote: str, style: str = "chicago") -> Response:
        """The same by its address."""
        tag = self._tag(self._asking.interviews.now, request)
        if _has(request, tag):
            return Response(status_code=304, headers={"etag": tag})
        return _json(self._cited(quote, style), tag)

    async def cite(self, body: ToCite) -> Response:
        """The quote, cut from the stored text again, with its citation and its selector."""
        return _json(self._cited(body.quote, body.style))

    def _cited(self, name: str, style: str) -> CitedJSON:
        held = self._asking.interviews.held
        known, quote = style_of(style), quote_of(name, held)
        return cited_json(quote, cite(quote, held[quote.article.id].cast, known))

    async def check(self, request: Request, style: str = "chicago") -> Response:
        """Each quotation with its verdict, who said it, and the words to write instead."""
        kind = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
        data, ending = await request.body(), DRAFTS.get(kind)
        if kind == JSON:
            given = ToCheck.model_validate(_object(data))
            data, ending, style = given.draft.encode("utf-8", "replace"), ".md", given.style
        if ending is None:
            raise Problem("wrong-type", f"the body is {kind[:80]!r}; expected {', '.join((JSON, *DRAFTS))}")
        known = style_of(style)

        def found() -> CheckedJSON:
            now = self._asking.interviews.now
            draft: Draft = read_draft(data, "the draft", ending)
            held = now.index.held
            came = check(draft, list(held.values()), now.bot.result().near)
            told = checked_json(came, draft, held, known)
            if ending not in (".md", ".txt"):
                told["draft"] = draft.text
            return told

        return _json(await self._asking.through(found))

    # --- the server itself -----------------------------------------------------------------------

    async def root(self) -> Response:
        """Where everything is."""
        return _json(
            {
                "name": "On Record",
                "version": rag.__version__,
                "schema": VERSION,
                "articles": len(self._asking.interviews.articles),
                "links": {
                    "ask": "/api/ask",
                    "batch": "/api/ask/batch",
                    "compare": "/api/compare",
                    "articles": "/api/articles",
                    "cite": "/api/cite",
                    "check": "/api/check",
                    "openapi": "/api/openapi.json",
                    "schema": "/api/schema",
                },
            }
        )

    async def schema(self) -> Response:
        """One JSON Schema; fields are only ever added to it."""
        return _json(schemas())

    async def problem(self, name: str) -> Response:
        """What it means, and what to do."""
        if name not in KINDS:
            raise Problem("not-found", f"no kind of problem {name[:40]!r}")
        known = KINDS[name]
        return _json({"type": TYPES + name, "title": known.title, "status": known.status, "help": known.help})

    async def ready(self) -> Response:
        """200 once the models are loaded; 503 until then, and where they cannot be."""
        if self._asking.interviews.now.ready:
            return Response("ready", media_type="text/plain")
        return Response("not ready", 503, {"retry-after": "2"}, "text/plain")

    async def metrics(self) -> Response:
        """Questions, declines, seconds by step, the index's age."""
        text = await asyncio.to_thread(self._asking.metrics.text, self._asking.interviews, self._asking.line)
        return Response(text, headers={"content-type": PLAIN})

    def _tag(self, now: InForce, request: Request) -> str:
        """What stays the same while the answer does: the build, the weights, this version, the address."""
        of = (now.index.build, now.index.fingerprint, rag.__version__, str(VERSION), str(request.url.path))
        query = sorted(request.query_params.multi_items())
        return f'"{sha256(json.dumps([of, query]).encode()).hexdigest()[:32]}"'


# --- what goes wrong ---------------------------------------------------------------------------------


def _refuse(app: FastAPI, asking: Asking) -> None:
    """Nothing; whatever goes wrong is told as a problem, and counted."""

    async def told(request: Request, error: Exception) -> Response:
        problem, reason = _problem(request, error)
        if reason:
            asking.metrics.refused(reason)
        path = request.url.path[:LONGEST_PATH]
        return Response(problem.json(path), problem.status, problem.headers)

    for kind in (
        Problem,
        OnRecordError,
        Full,
        RequestValidationError,
        ValidationError,
        HTTPException,
        Exception,
    ):
        app.add_exception_handler(kind, told)


def _problem(request: Request, error: Exception) -> tuple[Problem, str]:
    """What went wrong, as it is told, and under which reason it is counted ("" where it was already)."""
    match error:
        case Problem():
            return error, ""
        case OnRecordError():
            return problem_of(error), "input" if isinstance(error, InputError) else "unavailable"
        case Full():
            return _full(), "full"
        case RequestValidationError() | ValidationError():
            first = error.errors()[0]
            if first["type"] == "json_invalid":
                return Problem("bad-json", "the body is no JSON; expected one object"), "input"
            kind = request.headers.get("content-type", "nothing").partition(";")[0][:80]
            if first["loc"] == ("body",) and kind != JSON:
                return Problem("wrong-type", f"the body is said to be {kind!r}; expected {JSON}"), "input"
            place = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
            return Problem("bad-input", f"{place or 'the body'}: {first['msg']}"), "input"
        case HTTPException():
            kind = {404: "not-found", 405: "wrong-method", 400: "bad-json"}.get(error.status_code, "failed")
            return Problem(
                kind, f"{request.method} {request.url.path[:LONGEST_PATH]}: {error.detail}"
            ), "input"
    LOGGER.error("failed", exc_info=error, extra={"fields": {"path": request.url.path[:LONGEST_PATH]}})
    return Problem("failed", "this is a fault of the server's"), "failed"


def _full() -> Problem:
    return Problem(
        "unavailable",
        f"very many are asking at the moment; come again in {COME_AGAIN} s",
        retry_after=COME_AGAIN,
    )


def _object(data: bytes) -> Any:
    try:
        row = json.loads(data)
    except (ValueError, RecursionError):
        raise Problem("bad-json", "the body is no JSON; expected one object") from None
    if not isinstance(row, dict):
        raise Problem("bad-json", f"the body is a JSON {type(row).__name__}; expected one object")
    return row


# --- responses ---------------------------------------------------------------------------------------


def _json(row: Mapping[str, Any], tag: str | None = None) -> Response:
    """The row as the command line prints it, byte for byte."""
    headers = _kept(tag) if tag else {"cache-control": "no-store"}
    return Response(_bytes(row), headers=headers, media_type=JSON)


def _bytes(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")


def _kept(tag: str) -> dict[str, str]:
    return {"etag": tag, "cache-control": "private, no-cache"}


def _has(request: Request, tag: str) -> bool:
    """Whether the client has the answer already."""
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    return tag in known or known == ["*"]


def _told(shape: Any, description: str) -> dict[int | str, dict[str, Any]]:
    """What a route answers with, for its description."""
    problem = {"content": {MEDIA: {"schema": {"type": "object"}}}}
    return {
        200: {"model": shape, "description": description},
        **{status: {"description": title, **problem} for status, title in _PROBLEMS.items()},
    }


_PROBLEMS = {
    401: "A token is needed",
    403: "The token does not allow this",
    404: "There is no such thing",
    413: "The body is too long",
    422: "Something in the request cannot be used",
    429: "Too many requests: see Retry-After",
    503: "Not able to answer now: see Retry-After",
}


def _example(name: str, example: dict[str, Any]) -> dict[str, Any]:
    """A route's body with an example."""
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema, "example": example}}}}
