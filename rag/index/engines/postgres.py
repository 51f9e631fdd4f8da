"""PostgreSQL with pgvector: vectors by inner product, stems by its own text search.

Three tables for an index of the name N:

    N_passages (article, place, speaker, vector, stems)     a row a passage
    N_articles (article, passages)                           the articles whose rows are all there
    N_builds   (build, passages)                             the builds that all is there for

Up to MOST_EXACT rows each vector is looked at; from there on a graph (HNSW) leads to the nearest.
"""

import re
import threading
import time
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from rag.errors import StoreFault
from rag.index.engines import URL_VARIABLE, Where
from rag.index.engines.engine import ANSWER, REACH, Place, Row, Wanted, half_filled, key_of, reason

if TYPE_CHECKING:
    from rag.records import Vectors

ADDRESS = re.compile(r"postgres(?:ql)?://")
EXPECTED = "postgresql://USER:PASSWORD@HOST/DATABASE"

# What has inner products, HNSW and text search as they are used here.
OLDEST, OLDEST_VECTOR = 130_000, (0, 5)
# As many as the embedded engine looks at (rag/index/vectors.py).
MOST_EXACT = 50_000
# A word of a tsvector has at most 2,046 bytes.
LONGEST = 2_000
_CHOSEN = "SELECT article, place FROM {passages}"
# How far the graph is searched: the more, the fewer of the nearest are missed, and the longer it takes.
REACHED = 200


def connect(where: Where, dimension: int) -> "Postgres":
    """The engine there; StoreFault where it cannot be reached or used."""
    engine = Postgres(where, dimension)
    engine.prepare()
    return engine


class Postgres:
    """An `Engine` in a PostgreSQL database. Each thread has a connection of its own."""

    def __init__(self, where: Where, dimension: int) -> None:
        self._where = where
        self._dimension = dimension
        self._own = threading.local()
        self._opened: list[psycopg.Connection[Any]] = []
        self._tables = {
            part: sql.Identifier(f"{where.name}_{part}") for part in ("passages", "articles", "builds")
        } | {part: sql.Identifier(f"{where.name}_{part}") for part in ("by_stems", "by_vector")}

    def prepare(self) -> None:
        """Nothing; the tables are there, and hold vectors of this index's length."""
        version = self._ask("SHOW server_version_num")[0][0]
        if int(version) < OLDEST:
            raise StoreFault(f"{self._where} has version {version}; expected PostgreSQL 13 or newer")
        try:
            self._do("CREATE EXTENSION IF NOT EXISTS vector")
        except StoreFault as fault:
            raise StoreFault(
                f"{self._where} has no pgvector ({fault}); install the extension `vector` in it"
            ) from None
        found = str(self._ask("SELECT extversion FROM pg_extension WHERE extname = 'vector'")[0][0])
        if tuple(map(int, re.findall(r"\d+", found)[:2])) < OLDEST_VECTOR:
            raise StoreFault(f"{self._where} has pgvector {found}; expected 0.5 or newer")
        self._do(
            "CREATE TABLE IF NOT EXISTS {passages} (article bigint, place int, speaker bigint NOT NULL, "
            f"vector vector({int(self._dimension)}) NOT NULL, stems tsvector NOT NULL, "
            "PRIMARY KEY (article, place))"
        )
        self._do("CREATE TABLE IF NOT EXISTS {articles} (article bigint PRIMARY KEY, passages int NOT NULL)")
        self._do("CREATE TABLE IF NOT EXISTS {builds} (build text PRIMARY KEY, passages int NOT NULL)")
        self._do("CREATE INDEX IF NOT EXISTS {by_stems} ON {passages} USING gin (stems)")
        (dimension,) = self._ask(
            "SELECT atttypmod FROM pg_attribute WHERE attname = 'vector' AND attrelid = to_regclass(%s)",
            (self._tables["passages"].as_string(),),
        )[0]
        if dimension != self._dimension:
            raise half_filled(
                self._where,
                f"holds vectors of {dimension} numbers under this name, and this index has "
                f"{self._dimension}: give it another one, behind a # in the address",
            )

    def held(self) -> dict[int, int]:
        """See `Engine`."""
        return dict(self._ask("SELECT article, passages FROM {articles}"))

    def put(self, article: int, rows: Sequence[Row]) -> None:
        """See `Engine`; all of it or nothing."""
        with self._connected() as connection, connection.transaction():
            self._drop(connection, [article])
            with (
                connection.cursor() as cursor,
                cursor.copy(
                    self._sql("COPY {passages} (article, place, speaker, vector, stems) FROM STDIN")
                ) as copy,
            ):
                for row in rows:
                    copy.write_row(
                        (row.article, row.place, row.speaker, _vector(row.vector), _document(row.stems))
                    )
            connection.execute(self._sql("INSERT INTO {articles} VALUES (%s, %s)"), (article, len(rows)))

    def drop(self, articles: Collection[int]) -> None:
        """See `Engine`."""
        if articles:
            with self._connected() as connection, connection.transaction():
                self._drop(connection, list(articles))

    def _drop(self, connection: "psycopg.Connection[Any]", articles: list[int]) -> None:
        connection.execute("SET LOCAL statement_timeout = 0")  # of very many it takes longer
        for table in ("passages", "articles"):
            connection.execute(
                sql.SQL("DELETE FROM {} WHERE article = ANY(%s)").format(self._tables[table]), (articles,)
            )

    def settle(self) -> None:
        """See `Engine`; a graph over very many vectors is made here."""
        (count,) = self._ask("SELECT count(*) FROM {passages}")[0]
        if count > MOST_EXACT:
            with self._connected() as connection, connection.transaction():
                connection.execute("SET LOCAL statement_timeout = 0")  # it takes minutes
                connection.limit = None
                try:
                    connection.execute(
                        self._sql(
                            "CREATE INDEX IF NOT EXISTS {by_vector} ON {passages} "
                            "USING hnsw (vector vector_ip_ops)"
                        )
                    )
                finally:
                    connection.limit = ANSWER + REACH
        self._do("ANALYZE {passages}")

    def builds(self) -> dict[str, int]:
        """See `Engine`."""
        return dict(self._ask("SELECT build, passages FROM {builds}"))

    def mark(self, build: str, passages: int) -> None:
        """See `Engine`."""
        self._do(
            "INSERT INTO {builds} VALUES (%s, %s) "
            "ON CONFLICT (build) DO UPDATE SET passages = EXCLUDED.passages",
            (build, passages),
        )

    def unmark(self, build: str) -> None:
        """See `Engine`."""
        self._do("DELETE FROM {builds} WHERE build = %s", (build,))

    def nearest(self, vector: "Vectors", count: int, wanted: Wanted) -> list[Place]:
        """See `Engine`."""
        where, values = _where(wanted)
        with self._connected() as connection, connection.transaction():
            connection.execute(f"SET LOCAL hnsw.ef_search = {max(REACHED, min(count, 1_000))}")
            asked = (*values, _vector(vector), count)
            # The graph knows no conditions: of those that it leads to few may be wanted. Where they do not
            # suffice each that is wanted is looked at: what is added to is in no graph.
            for nearness in ("vector <#> %s::vector", "(vector <#> %s::vector) + 0"):
                found = connection.execute(
                    self._sql(f"{_CHOSEN}{where} ORDER BY {nearness} LIMIT %s"), asked
                ).fetchall()
                if len(found) == count or not values:
                    break
            return found

    def holding(self, stems: Sequence[tuple[str, float]], count: int, wanted: Wanted) -> list[Place]:
        """See `Engine`."""
        where, values = _where(wanted, "stems @@ %s::tsquery")
        weights = " + ".join(["%s * (stems @@ %s::tsquery)::int"] * len(stems))
        words = [_word(stem) for stem, _ in stems]
        told = [each for word, (_, tells) in zip(words, stems, strict=True) for each in (tells, word)]
        return self._ask(
            _CHOSEN + where + f" ORDER BY {weights} DESC, length(stems) LIMIT %s",
            (" | ".join(words), *values, *told, count),
        )

    def close(self) -> None:
        """See `Engine`."""
        for connection in self._opened:
            connection.close()

    # --- connections -----------------------------------------------------------------------------

    def _sql(self, text: str) -> sql.Composed:
        return sql.SQL(text).format(**self._tables)

    def _ask(self, text: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._connected() as connection:
            return connection.execute(self._sql(text), values).fetchall()

    def _do(self, text: str, values: Sequence[Any] = ()) -> None:
        with self._connected() as connection:
            connection.execute(self._sql(text), values)

    @contextmanager
    def _connected(self) -> "Iterator[_Patient]":
        """The thread's connection, opened anew where it was lost; errors are StoreFaults."""
        try:
            connection = getattr(self._own, "connection", None)
            if connection is None or connection.closed:
                connection = self._own.connection = _Patient.connect(
                    self._where.url,
                    autocommit=True,
                    connect_timeout=REACH,
                    options=f"-c statement_timeout={ANSWER * 1000} -c client_min_messages=warning",
                )
                self._opened.append(connection)
            yield connection
        except psycopg.Error as error:
            raise StoreFault(_told(self._where, error)) from None


class _Patient(psycopg.Connection[Any]):
    """A connection that waits no longer for a server that stands still than for one that says it is slow."""

    limit: float | None = ANSWER + REACH

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **options: Any) -> Any:
        """What `gen` gives; an OperationalError, and no connection, where that takes too long."""
        until = time.monotonic() + self.limit if self.limit else None
        return super().wait(self._limited(gen, until), *args, **options)

    def _limited(self, gen: Generator[Any, Any, Any], until: float | None) -> Generator[Any, Any, Any]:
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and until and time.monotonic() > until:
                    self.close()
                    raise psycopg.OperationalError("it stopped answering")
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value


def _told(where: Where, error: psycopg.Error) -> str:
    text = reason(error)
    if any(each in text for each in ("password", "authentication", "role ")):
        return f"{where} refuses the credentials; name others with --store-url or {URL_VARIABLE}"
    if isinstance(error, psycopg.errors.QueryCanceled):
        return f"{where} did not answer within {ANSWER} seconds; look at its load"
    if isinstance(error, psycopg.OperationalError):
        return f"{where} cannot be reached ({text}); start it, or name another with {URL_VARIABLE}"
    return f"{where} failed ({text})"


def _where(wanted: Wanted, first: str = "") -> tuple[str, list[Any]]:
    """The condition for what competes, and its values."""
    each = [first] if first else []
    values: list[Any] = []
    for column, keys in (("speaker", wanted.speakers), ("article", wanted.articles)):
        if keys is not None:
            each.append(f"{column} = ANY(%s)")
            values.append(list(keys))
    return (f" WHERE {' AND '.join(each)}" if each else ""), values


def _vector(row: "Vectors") -> str:
    return "[" + ",".join(map(repr, row.tolist())) + "]"


def _word(stem: str) -> str:
    """A stem as a word of a query or a document, whatever is in it."""
    if len(stem.encode()) > LONGEST:
        stem = f"{key_of(stem):x}"
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"


def _document(stems: Sequence[str]) -> str:
    """A passage's stems as a tsvector."""
    return " ".join(dict.fromkeys(map(_word, stems)))
