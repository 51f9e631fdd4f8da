"""Who may use the interfaces for programs: tokens, each with a name and scopes.

A file has a line a token, `NAME SCOPE,SCOPE SHA256`: what is kept lets nobody in. `onrecord token` writes
the line and prints the token, once.
"""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import InputError, ServeError

# What a token lets its holder do.
SCOPES = {
    "ask": "ask and compare",
    "articles": "list and read the articles",
    "cite": "cite quotes",
    "check": "check drafts",
    "mcp": "use the MCP server over HTTP",
    "metrics": "read the metrics",
}
PREFIX = "onrecord_"

_NAME = re.compile(r"[\w.@-]{1,64}")
_LINE = re.compile(rf"(?P<name>{_NAME.pattern})\s+(?P<scopes>[a-z,]+)\s+(?P<sha256>[0-9a-f]{{64}})")
_EXPECTED = "expected `NAME SCOPE,SCOPE SHA256`, as `onrecord token` writes it"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever has a token: its name and what it lets him do."""

    name: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Holders by the SHA-256 of their tokens."""

    holders: Mapping[str, Holder]

    @classmethod
    def read(cls, path: Path) -> "Tokens":
        """The tokens of a file; ServeError says which of its lines is none."""
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "not UTF-8"
            raise ServeError(
                f"the tokens {path} cannot be read ({why}); `onrecord token` makes the file"
            ) from None
        holders = {}
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            match = _LINE.fullmatch(line.strip())
            scopes = frozenset(match["scopes"].split(",")) if match else frozenset()
            if match is None or not scopes <= SCOPES.keys():
                raise ServeError(f"line {number} of {path} is no token; {_EXPECTED}")
            holders[match["sha256"]] = Holder(match["name"], scopes)
        if not holders:
            raise ServeError(f"{path} holds no token; add one: `onrecord token {path} NAME`")
        return cls(holders)

    def holder(self, authorization: str) -> Holder | None:
        """Who shows the token in "Bearer TOKEN", or None."""
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer":
            return None
        # Only a hash is looked up: how long that takes tells nothing of the token.
        return self.holders.get(_sha256(token.strip()))

    def scopes(self, authorization: str) -> frozenset[str] | None:
        """What the header "Bearer TOKEN" lets its sender do; None where the token is none of these."""
        holder = self.holder(authorization)
        return holder.scopes if holder else None


def new(path: Path, name: str, scopes: Sequence[str]) -> str:
    """A new token, whose line is in the file from now on; InputError for a name or scope that is none."""
    if not _NAME.fullmatch(name):
        raise InputError(f"the name is {name[:64]!r}; expected letters, digits and any of . @ _ -")
    if wrong := [scope for scope in scopes if scope not in SCOPES]:
        raise InputError(f"no scope {wrong[0][:20]!r}; expected any of: {', '.join(SCOPES)}")
    token = PREFIX + secrets.token_urlsafe(32)
    try:
        path.touch(mode=0o600)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{name} {','.join(dict.fromkeys(scopes))} {_sha256(token)}\n")
    except OSError as error:
        raise InputError(
            f"the tokens {path} cannot be written ({error.strerror}); choose another file"
        ) from None
    return token


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
