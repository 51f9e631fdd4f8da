"""Where passages are looked for: one module for each engine, all behind `rag.records.Store`.

    faiss       in this process, over the index folder (embedded.py); the default
    milvus      a Milvus server, or Milvus Lite in a file (milvus.py)
    postgres    PostgreSQL with pgvector (postgres.py)

An engine holds a row for each passage: its vector, its stems, who says it. What it puts up is looked up and
scored in the index folder (remote.py), so quotes, names and scores are the same whichever is used.
"""

import os
import re
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from rag.errors import InputError, StoreFault

if TYPE_CHECKING:
    from rag.index.engines.engine import Engine

EMBEDDED = "faiss"
# The module of each other engine, and the packages that it needs: `pip install 'onrecord[NAME]'`.
REMOTE = {"milvus": "rag.index.engines.milvus", "postgres": "rag.index.engines.postgres"}
NAMES = (EMBEDDED, *REMOTE)
# The whole address, with the password that no index keeps.
URL_VARIABLE = "ONRECORD_STORE_URL"

# What the rows are called in the engine, unless the address ends in `#NAME`.
DEFAULT_NAME = "onrecord"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
# What is in no address: blank space, and a % without its two digits. In a password they are %20 and %25.
_UNREADABLE = re.compile(r"\s|%(?![0-9A-Fa-f]{2})")
_SECRET = re.compile(r"(?i)passw|secret|token|key")


@dataclass(frozen=True, slots=True)
class Where:
    """An engine, its address, and what the rows of an index are called in it."""

    engine: str
    url: str
    name: str = DEFAULT_NAME

    @classmethod
    def parse(cls, engine: str, url: str | None) -> "Where":
        """The place that a command line names; InputError for what is none."""
        if engine not in NAMES:
            raise InputError(f"no store {engine[:40]!r}; expected one of: {', '.join(NAMES)}")
        if engine == EMBEDDED:
            if url:
                raise InputError(f"{engine} needs no server; expected no --store-url, or another --store")
            return cls(engine, "")
        url = url or os.environ.get(URL_VARIABLE)
        if not url:
            raise InputError(
                f"--store {engine} needs an address; expected --store-url URL, or {URL_VARIABLE} set"
            )
        address, _, name = url.partition("#")
        if name and not _NAME.fullmatch(name):
            raise InputError(
                f"the store's name is {name[:40]!r}; expected letters, digits and _ behind the address's #"
            )
        module = _module(engine)
        if not _is_readable(address) or not module.ADDRESS.match(address):
            raise InputError(
                f"the store's address is {without_secrets(url)[:80]!r}; expected {module.EXPECTED}"
            )
        return cls(engine, address, name or DEFAULT_NAME)

    @classmethod
    def of(cls, about: dict[str, Any]) -> "Where":
        """The place that a manifest names, at the full address where the environment has it."""
        if not about:
            return cls(EMBEDDED, "")
        given = os.environ.get(URL_VARIABLE)
        if given:
            return cls.parse(about["engine"], given if "#" in given else f"{given}#{about['name']}")
        return cls(about["engine"], about["url"], about["name"])

    @property
    def remote(self) -> bool:
        """Whether it is an engine beside the index."""
        return self.engine != EMBEDDED

    @property
    def about(self) -> dict[str, Any]:
        """What a manifest says of it: nothing secret."""
        return (
            {}
            if not self.remote
            else {"engine": self.engine, "url": without_secrets(self.url), "name": self.name}
        )

    def __str__(self) -> str:
        return f"{self.engine} at {without_secrets(self.url)}"


def without_secrets(url: str) -> str:
    """The address without a password, a token or the like."""
    if not _is_readable(url):
        return "an address that cannot be read"
    try:
        parts = urlsplit(url)
        who, at, host = parts.netloc.rpartition("@")
        query = [(key, value) for key, value in parse_qsl(parts.query) if not _SECRET.search(key)]
    except ValueError:
        return "an address that cannot be read"
    netloc = f"{who.partition(':')[0]}{at}{host}"
    return urlunsplit((parts.scheme, netloc, parts.path, urlencode(query, safe="/,"), ""))


def _is_readable(url: str) -> bool:
    """Whether it can be read as an address, so that a password in it is known for one and never told."""
    if "://" not in url:
        return True
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return not (_UNREADABLE.search(url) or "@" in parts.path)


def connect(where: Where, dimension: int) -> "Engine":
    """The engine there, for vectors of so many numbers; StoreFault where it cannot be used."""
    engine: Engine = _module(where.engine).connect(where, dimension)
    return engine


def _module(engine: str) -> Any:
    """The engine's module; a StoreFault where a package that it needs is not there."""
    try:
        return import_module(REMOTE[engine])
    except ImportError as error:
        raise StoreFault(
            f"the store {engine} needs the package {error.name}; run `pip install 'onrecord[{engine}]'`"
        ) from None
