"""What is wrong with a store is told in one line: what was found, what was expected, what to do next."""

# mypy: allow-untyped-calls

import json
import re
import sys
import time
from urllib.parse import urlsplit

import pytest

from rag.cli import main
from rag.errors import InputError, StoreFault
from rag.index import archive, builds, engines, load
from rag.index.engines import URL_VARIABLE, Where, connect, without_secrets
from tests.durability.work import GOLD, Small

NOBODY = {"milvus": "http://127.0.0.1:9", "postgres": "postgresql://me:hunter2@127.0.0.1:9/db"}


@pytest.fixture
def talks(tmp_path):
    """A folder with one interview."""
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "oil.txt").write_text("Why oil?\n\nAnn Lee: Oil is scarce in winter.\n", "utf-8")
    return tmp_path / "talks"


@pytest.mark.parametrize(
    ("engine", "url", "told"),
    [
        ("lucene", None, "no store 'lucene'; expected one of: faiss, milvus, postgres"),
        ("faiss", "http://x", "faiss needs no server"),
        ("milvus", None, "--store milvus needs an address"),
        ("milvus", "", "--store milvus needs an address"),
        ("milvus", "localhost:19530", "expected http://HOST:19530"),
        ("milvus", "postgresql://x/y", "expected http://HOST:19530"),
        ("milvus", "ftp://x/y.db", "expected http://HOST:19530"),
        ("milvus", "http://me:hunter2@[x", "an address that cannot be read'; expected http://HOST:19530"),
        ("postgres", "http://x", "expected postgresql://USER:PASSWORD@HOST/DATABASE"),
        ("postgres", "postgresql://x/y#drop table", "expected letters, digits and _"),
        ("postgres", "postgresql://x/y#" + "n" * 60, "expected letters, digits and _"),
    ],
)
def test_what_names_no_store_is_refused(engine, url, told, monkeypatch):
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    with pytest.raises(InputError, match=re.escape(told)):
        Where.parse(engine, url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:hunter2@db.example/x", "postgresql://me@db.example/x"),
        ("https://me:hunter2@db.example", "https://me@db.example"),
        ("postgresql://db/x?password=hunter2&host=/tmp/a", "postgresql://db/x?host=/tmp/a"),
        ("postgresql://db/x?sslpassword=hunter2", "postgresql://db/x"),
        ("stores.db", "stores.db"),
        ("http://[hunter2", "an address that cannot be read"),
        ("postgresql://me:hunter2%zz@db/x", "an address that cannot be read"),
        ("postgresql://me:hunter2 @db/x", "an address that cannot be read"),
        ("https://me:hunter2/x@db", "an address that cannot be read"),
        ("https://me:hunter2@db:port", "an address that cannot be read"),
    ],
)
def test_no_secret_is_shown(url, shown):
    assert without_secrets(url) == shown


@pytest.mark.parametrize("engine", NOBODY)
def test_an_engine_that_is_not_there_is_told_within_seconds(engine, talks, tmp_path):
    """And nothing is put in force; the message names no password."""
    begun = time.monotonic()
    with pytest.raises(StoreFault, match="cannot be reached") as error:
        archive.make(tmp_path / "index", [talks], Small(), store=Where.parse(engine, NOBODY[engine]))
    assert time.monotonic() - begun < 30
    assert "hunter2" not in str(error.value)
    assert not (tmp_path / "index" / builds.MANIFEST).exists()
    assert not list((tmp_path / "index").glob("build-*"))


def test_an_engine_that_is_gone_when_it_is_asked_is_told(talks, tmp_path, beside, monkeypatch):
    """Opening says so in one line, and names how to give another address."""
    archive.make(tmp_path / "index", [talks], Small(), store=beside)
    monkeypatch.setenv(URL_VARIABLE, NOBODY[beside.engine])
    with pytest.raises(StoreFault, match=f"cannot be reached .*{URL_VARIABLE}"):
        load(tmp_path / "index")
    monkeypatch.setenv(URL_VARIABLE, beside.url)
    assert load(tmp_path / "index").store.near(Small().encode(["x"])[0], 1) == [0]


def test_the_manifest_holds_no_secret(talks, tmp_path, postgres):
    """The password of the address stays with who gave it."""
    parts = urlsplit(postgres)
    url = parts._replace(netloc=parts.netloc.replace("postgres:@", "postgres:hunter2@")).geturl()
    archive.make(tmp_path / "index", [talks], Small(), store=Where.parse("postgres", url + "#secret_one"))
    text = (tmp_path / "index" / builds.MANIFEST).read_text("utf-8")
    assert "hunter2" not in text
    assert json.loads(text)["store"]["name"] == "secret_one"


def test_credentials_that_are_refused_are_told(postgres):
    """A user that the database does not know."""
    url = postgres.replace("postgres:@", "nobody:hunter2@")
    with pytest.raises(StoreFault, match="refuses the credentials") as error:
        connect(Where.parse("postgres", url), 8)
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("engine", "constant", "value", "told"),
    [
        ("postgres", "OLDEST", 990_000, "expected PostgreSQL"),
        ("postgres", "OLDEST_VECTOR", (99, 0), "has pgvector"),
        ("milvus", "LITE", re.compile("never"), "expected 2.5 or newer"),
    ],
)
def test_an_older_version_is_told(engine, constant, value, told, request, monkeypatch):
    """What was found and what is expected."""
    url = request.getfixturevalue(engine)
    module = __import__(engines.REMOTE[engine], fromlist=[""])
    monkeypatch.setattr(module, constant, value)
    monkeypatch.setattr(
        module, "OLDEST", value if constant == "OLDEST" else (99, 0) if engine == "milvus" else 0
    )
    with pytest.raises(StoreFault, match=told):
        connect(Where.parse(engine, url + "#versions"), 8)


@pytest.mark.parametrize(("engine", "package"), [("milvus", "pymilvus"), ("postgres", "psycopg")])
def test_a_package_that_is_missing_is_named(engine, package, monkeypatch):
    """With the command that brings it; and no engine's package is needed by who uses none."""
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, engines.REMOTE[engine], raising=False)
    for use in (
        lambda: connect(Where(engine, NOBODY[engine]), 8),
        lambda: Where.parse(engine, NOBODY[engine]),
    ):
        with pytest.raises(StoreFault, match=re.escape(f"pip install 'onrecord[{engine}]'")):
            use()


def test_the_commands(talks, tmp_path, beside, capsys, monkeypatch):
    """Built with a store, the index is asked and grown without naming it again; faults exit with 2."""
    index = ["--index", str(tmp_path / "index")]
    named = ["--store", beside.engine, "--store-url", f"{beside.url}#{beside.name}"]
    assert main([*index, "build", str(talks), *named]) == 0
    more = tmp_path / "gold.txt"
    more.write_text(GOLD, "utf-8")
    assert main([*index, "add", str(more)]) == 0
    capsys.readouterr()
    assert main([*index, "ask", "Where is gold plenty?", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["quotes"][0]["speaker"] == "Bo Ray"
    assert main([*index, "remove", "gold"]) == 0
    monkeypatch.setenv(URL_VARIABLE, NOBODY[beside.engine])
    capsys.readouterr()
    assert main([*index, "ask", "Where is gold plenty?"]) == 2
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert "cannot be reached" in told
    assert main([*index, "build", str(talks), "--store-url", "http://x"]) == 2
    assert "expected --store" in capsys.readouterr().err
    assert main(["--index", str(tmp_path / "s"), "build", "--shard", "1/1", str(talks), *named]) == 2
    assert "expected --store with `onrecord merge`" in capsys.readouterr().err
