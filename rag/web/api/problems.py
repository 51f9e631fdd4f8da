"""What goes wrong over HTTP, as RFC 9457 has it: one JSON object that says what and what to do."""

import json
from dataclasses import dataclass
from typing import Any

from rag.errors import (
    DraftError,
    InputError,
    OnRecordError,
    QuestionError,
    QuoteDrifted,
    UnknownArticle,
    UnknownQuote,
    UnknownSpeaker,
)

MEDIA = "application/problem+json"
# Where each kind is explained, under the interface itself.
TYPES = "/api/problems/"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, what it is called, and what a caller can do."""

    status: int
    title: str
    help: str


KINDS = {
    "bad-json": Kind(400, "The body is no JSON", "Send one JSON object, or JSON lines where that is said."),
    "no-token": Kind(401, "A token is needed", "Send `Authorization: Bearer TOKEN`, with a token that is known."),
    "no-scope": Kind(403, "The token does not allow this", "Ask whoever runs the server for a token with the scope."),
    "refused": Kind(403, "Refused", "Use the name the server is reached under; another site's scripts may not ask here."),
    "not-found": Kind(404, "There is nothing here", "See /api for what there is."),
    "unknown-article": Kind(404, "No such article", "List them with GET /api/articles."),
    "unknown-quote": Kind(404, "No such quote", "Take the id from an answer, under `id`."),
    "wrong-method": Kind(405, "This is not done here", "See /api/openapi.json for the methods."),
    "drifted": Kind(409, "The article has changed since", "Ask again, and take the quote from the new answer."),
    "too-long": Kind(413, "The body is too long", "Send less at a time."),
    "wrong-type": Kind(415, "This kind of body is not read", "See /api/openapi.json for the types."),
    "bad-input": Kind(422, "Something in the request cannot be used", "The detail says what was expected."),
    "bad-question": Kind(422, "The question cannot be asked", "The detail says what was expected."),
    "bad-draft": Kind(422, "The draft cannot be read", "The detail says what was expected."),
    "unknown-speaker": Kind(422, "Nobody of that name speaks", "The detail names who does."),
    "too-many": Kind(429, "Too many requests", "Come again after the seconds in Retry-After."),
    "failed": Kind(500, "Something went wrong here", "Try again; tell whoever runs the server if it stays."),
    "unavailable": Kind(503, "Not able to answer now", "Come again after the seconds in Retry-After."),
}  # fmt: skip

_ERRORS: tuple[tuple[type[OnRecordError], str], ...] = (
    (QuestionError, "bad-question"),
    (DraftError, "bad-draft"),
    (UnknownQuote, "unknown-quote"),
    (QuoteDrifted, "drifted"),
    (UnknownSpeaker, "unknown-speaker"),
    (UnknownArticle, "unknown-article"),
    (InputError, "bad-input"),
)


class Problem(Exception):
    """A request that is refused. `retry_after` are the seconds after which it may be sent again."""

    def __init__(self, kind: str, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.retry_after = kind, detail, retry_after

    @property
    def status(self) -> int:
        """The status of its response."""
        return KINDS[self.kind].status

    def body(self, path: str = "") -> dict[str, Any]:
        """Type, title, status, detail and instance."""
        known = KINDS[self.kind]
        told = {
            "type": TYPES + self.kind,
            "title": known.title,
            "status": known.status,
            "detail": " ".join(self.detail.split()),
        }
        return {**told, "instance": path} if path else told

    @property
    def headers(self) -> dict[str, str]:
        """The headers of its response, but for those of every response."""
        headers = {"content-type": MEDIA, "cache-control": "no-store"}
        if self.retry_after is not None:
            headers["retry-after"] = str(self.retry_after)
        if self.kind == "no-token":
            headers["www-authenticate"] = 'Bearer realm="On Record"'
        return headers

    def json(self, path: str = "") -> bytes:
        """The body's bytes."""
        return json.dumps(self.body(path), ensure_ascii=False).encode("utf-8", "replace")


def problem_of(error: OnRecordError) -> Problem:
    """What an error is over HTTP."""
    kind = next((kind for of, kind in _ERRORS if isinstance(error, of)), None)
    return Problem(kind, str(error)) if kind else Problem("unavailable", str(error), retry_after=60)
