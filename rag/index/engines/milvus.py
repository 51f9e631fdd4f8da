"""Milvus: vectors by inner product, stems by its BM25 function. A file ending in .db is Milvus Lite's.

Two collections for an index of the name N:

    N_passages (id, article, place, speaker, vector, stems)     a row a passage; `stems` for BM25
    N_articles (id, build, passages)     the articles whose rows are all there, and the builds that all is for
"""

import logging
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from pymilvus import DataType, Function, FunctionType, MilvusClient
from pymilvus.exceptions import MilvusException

from rag.errors import StoreFault
from rag.index.engines import URL_VARIABLE, Where
from rag.index.engines.engine import ANSWER, REACH, Place, Row, Wanted, half_filled, key_of, reason
from rag.index.words import K1, B

if TYPE_CHECKING:
    from rag.records import Vectors

ADDRESS = re.compile(r"https?://[^/]|(?!\w+://).+\.db$")
EXPECTED = "http://HOST:19530, https://USER:PASSWORD@HOST, or a file ending in .db for Milvus Lite"

# The first whose full-text search is as it is used here.
OLDEST = (2, 5)
LITE = re.compile("milvus_lite")  # in a file; its versions are its own
# So many rows are sent at once, a megabyte and a half; so many articles are named in one condition.
AT_ONCE, NAMED = 1_000, 500
# What one field may hold; a passage with more stems than that is found by the first of them.
LONGEST = 60_000
# What the server may put up at most.
MOST = 16_384
# Every collection wants a vector; that of the articles is not searched.
_UNUSED = [0.0, 0.0]
_PLAIN = re.compile(r"[a-z0-9]+")


def connect(where: Where, dimension: int) -> "Milvus":
    """The engine there; StoreFault where it cannot be reached or used."""
    # It writes every error to the terminal before it raises it.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    engine = Milvus(where, dimension)
    engine.prepare()
    return engine


def _client(address: str, account: dict[str, str]) -> Any:
    """A client of the server there; a second try where the first comes just as a connection is given up."""
    with suppress(MilvusException):
        return MilvusClient(address, timeout=REACH, **account)
    return MilvusClient(address, timeout=REACH, **account)


class Milvus:
    """An `Engine` in two collections of a Milvus server or file."""

    def __init__(self, where: Where, dimension: int) -> None:
        self._where = where
        self._dimension = dimension
        self._passages, self._articles = f"{where.name}_passages", f"{where.name}_articles"
        parts = urlsplit(where.url) if "://" in where.url else None
        account = {}
        if parts and parts.username:
            account = {"user": unquote(parts.username), "password": unquote(parts.password or "")}
        address = where.url
        if parts:
            address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        with self._asked():
            self._client = _client(address, account)

    def prepare(self) -> None:
        """Nothing; the collections are there, and hold vectors of this index's length."""
        with self._asked():
            version = str(self._client.get_server_version(timeout=ANSWER))
            numbers = tuple(map(int, re.findall(r"\d+", version)[:2]))
            if not LITE.match(version) and numbers < OLDEST:
                raise StoreFault(f"{self._where} is Milvus {version}; expected 2.5 or newer")
            if not self._client.has_collection(self._passages, timeout=ANSWER):
                self._client.create_collection(
                    self._passages,
                    schema=self._of_passages(),
                    index_params=self._searched(),
                    consistency_level="Strong",
                )
            if not self._client.has_collection(self._articles, timeout=ANSWER):
                schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
                schema.add_field("id", DataType.INT64, is_primary=True)
                schema.add_field("build", DataType.VARCHAR, max_length=100)
                schema.add_field("passages", DataType.INT64)
                schema.add_field("unused", DataType.FLOAT_VECTOR, dim=len(_UNUSED))
                index = self._client.prepare_index_params()
                index.add_index("unused", index_type="FLAT", metric_type="IP")
                self._client.create_collection(
                    self._articles, schema=schema, index_params=index, consistency_level="Strong"
                )
            fields = self._client.describe_collection(self._passages, timeout=ANSWER)["fields"]
        (dimension,) = [int(each["params"]["dim"]) for each in fields if each["name"] == "vector"]
        if dimension != self._dimension:
            raise half_filled(
                self._where,
                f"holds vectors of {dimension} numbers under this name, and this index has "
                f"{self._dimension}: give it another one, behind a # in the address",
            )

    def _of_passages(self) -> Any:
        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, max_length=32, is_primary=True)
        for name in ("article", "place", "speaker"):
            schema.add_field(name, DataType.INT64)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=self._dimension)
        schema.add_field("stems", DataType.VARCHAR, max_length=LONGEST + 5_000, enable_analyzer=True)
        schema.add_field("bm25", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            Function(
                name="bm25_of_stems",
                function_type=FunctionType.BM25,
                input_field_names=["stems"],
                output_field_names=["bm25"],
            )
        )
        return schema

    def _searched(self) -> Any:
        index = self._client.prepare_index_params()
        # A server chooses what fits the count and the room; in a file each row is looked at.
        kind = "AUTOINDEX" if "://" in self._where.url else "FLAT"
        index.add_index("vector", index_type=kind, metric_type="IP")
        index.add_index(
            "bm25",
            index_type="SPARSE_INVERTED_INDEX",
            metric_type="BM25",
            params={"bm25_k1": K1, "bm25_b": B},
        )
        return index

    def held(self) -> dict[int, int]:
        """See `Engine`."""
        return {row["id"]: row["passages"] for row in self._all('build == ""', "id", "passages")}

    def put(self, article: int, rows: Sequence[Row]) -> None:
        """See `Engine`."""
        self.drop([article])
        with self._asked():
            for at in range(0, len(rows), AT_ONCE):
                self._client.insert(self._passages, [_entity(row) for row in rows[at : at + AT_ONCE]])
            self._note(article, "", len(rows))

    def _note(self, number: int, build: str, passages: int) -> None:
        row = {"id": number, "build": build, "passages": passages, "unused": _UNUSED}
        self._client.upsert(self._articles, [row], timeout=ANSWER)

    def drop(self, articles: Collection[int]) -> None:
        """See `Engine`."""
        names = list(articles)
        with self._asked():
            for at in range(0, len(names), NAMED):
                some = names[at : at + NAMED]
                # First what says that all is there.
                self._client.delete(self._articles, filter=f"id in {some}")
                self._client.delete(self._passages, filter=f"article in {some}")

    def settle(self) -> None:
        """See `Engine`."""
        with self._asked():
            self._client.flush(self._passages, timeout=None)
            self._client.flush(self._articles, timeout=None)

    def builds(self) -> dict[str, int]:
        """See `Engine`."""
        return {row["build"]: row["passages"] for row in self._all('build != ""', "build", "passages")}

    def mark(self, build: str, passages: int) -> None:
        """See `Engine`."""
        with self._asked():
            self._note(-key_of(build), build, passages)
            self._client.flush(self._articles, timeout=None)

    def unmark(self, build: str) -> None:
        """See `Engine`."""
        with self._asked():
            self._client.delete(self._articles, filter=f"id == {-key_of(build)}", timeout=ANSWER)

    def nearest(self, vector: "Vectors", count: int, wanted: Wanted) -> list[Place]:
        """See `Engine`."""
        return self._found("vector", vector.tolist(), "IP", count, wanted)

    def holding(self, stems: Sequence[tuple[str, float]], count: int, wanted: Wanted) -> list[Place]:
        """See `Engine`."""
        return self._found("bm25", " ".join(_word(stem) for stem, _ in stems), "BM25", count, wanted)

    def close(self) -> None:
        """See `Engine`."""
        self._client.close()

    def _found(self, field: str, asked: Any, metric: str, count: int, wanted: Wanted) -> list[Place]:
        with self._asked():
            (hits,) = self._client.search(
                self._passages,
                data=[asked],
                anns_field=field,
                limit=min(count, MOST),
                filter=_filter(wanted),
                output_fields=["article", "place"],
                search_params={"metric_type": metric},
                timeout=ANSWER,
            )
        return [(int(hit["entity"]["article"]), int(hit["entity"]["place"])) for hit in hits]

    def _all(self, condition: str, *fields: str, low: int = -(2**62), high: int = 2**62) -> list[Any]:
        """Every row of the articles' collection that meets a condition, numbered from `low` up to `high`."""
        with self._asked():
            found: list[Any] = self._client.query(
                self._articles,
                filter=f"{condition} and id >= {low} and id < {high}",
                output_fields=list(fields),
                limit=MOST,
                timeout=ANSWER,
                consistency_level="Strong",
            )
        if len(found) < MOST:
            return found
        # It does not say which of more it leaves out; keys are spread evenly, so a half holds half as many.
        middle = (low + high) // 2
        halves = ((low, middle), (middle, high))
        return [row for low, high in halves for row in self._all(condition, *fields, low=low, high=high)]

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """What the client raises is told as a StoreFault."""
        try:
            yield
        except MilvusException as error:
            raise StoreFault(_told(self._where, error)) from None


def _told(where: Where, error: MilvusException) -> str:
    text = reason(error)
    if re.search(r"(?i)open local milvus|lock", text):
        return f"{where} is open in another process, and a file serves one; stop that, or use a server"
    if re.search(r"(?i)auth|credential|permission|denied", text):
        return f"{where} refuses the credentials; name others with --store-url or {URL_VARIABLE}"
    if re.search(r"(?i)deadline|timeout", text):
        return f"{where} did not answer in time; look at its load, or start it ({text})"
    if re.search(r"(?i)connect|unavailable|not ready", text):
        return f"{where} cannot be reached ({text}); start it, or name another with {URL_VARIABLE}"
    return f"{where} failed ({text})"


def _entity(row: Row) -> dict[str, Any]:
    return {
        "id": f"{row.article:x}.{row.place:x}",
        "article": row.article,
        "place": row.place,
        "speaker": row.speaker,
        "vector": row.vector.tolist(),
        "stems": _document(row.stems),
    }


def _document(stems: Sequence[str]) -> str:
    text = " ".join(map(_word, stems))
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0]


def _word(stem: str) -> str:
    """A stem as one word to the server's analyser, whatever is in it: "es negoci" is "esnegoci"."""
    joined = stem.replace(" ", "", 1)
    return joined if _PLAIN.fullmatch(joined) else f"x{key_of(stem):x}"


def _filter(wanted: Wanted) -> str:
    each = []
    for field, keys in (("speaker", wanted.speakers), ("article", wanted.articles)):
        if keys is not None:
            each.append(f"{field} in {sorted(keys)}")
    return " and ".join(each)
