"""Each engine with a server of its own, or with the one that the environment names."""

# mypy: allow-untyped-calls

import itertools
import os

import pytest

from rag.index.engines import EMBEDDED, NAMES, REMOTE, Where

# A server to test against in place of the packages': ONRECORD_TEST_MILVUS_URL, ONRECORD_TEST_POSTGRES_URL.
GIVEN = "ONRECORD_TEST_{}_URL"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def milvus(tmp_path_factory):
    """The address of a Milvus: Milvus Lite in a file."""
    return os.environ.get(GIVEN.format("MILVUS")) or str(tmp_path_factory.mktemp("milvus") / "stores.db")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """The address of a PostgreSQL with pgvector: one from a package."""
    if given := os.environ.get(GIVEN.format("POSTGRES")):
        yield given
        return
    reason = "no PostgreSQL in a package for this Python or machine; name one in ONRECORD_TEST_POSTGRES_URL"
    get_server = pytest.importorskip("pgserver.postgres_server", reason=reason).get_server
    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


def place(engine, request):
    """Where an index of its own can be kept in that engine."""
    if engine == EMBEDDED:
        return Where(engine, "")
    return Where(engine, request.getfixturevalue(engine), f"test_{os.getpid()}_{next(_numbers)}")


@pytest.fixture(params=NAMES)
def where(request):
    """A place in each engine, for an index of its own."""
    return place(request.param, request)


@pytest.fixture(params=list(REMOTE))
def beside(request):
    """The same in each engine beside the index."""
    return place(request.param, request)
