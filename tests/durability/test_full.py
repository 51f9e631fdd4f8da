"""No room, or no right to write: one line, the old index answers, and what was begun is gone."""

# mypy: allow-untyped-calls

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.durability.work import WORKS, entries, said, start

MOMENTS = 10


def is_told(came):
    """One line of ours says that the folder cannot be written."""
    assert came["status"] == 0
    told = came["told"]
    if told != "done":
        assert told.startswith("IndexUnwritable: the index folder ")
        assert "\n" not in told
        assert "--index" in told
    return told != "done"


@pytest.mark.parametrize("work", WORKS)
def test_the_disk_is_full(work, expected, nursery, tmp_path):
    """ENOSPC at steps spread over all: told in one line, old or new, no half build stays."""
    start(work, expected.place, tmp_path / "counted")
    steps = nursery(work, tmp_path / "counted")["steps"]
    failed = 0
    for number in range(MOMENTS):
        folder = tmp_path / str(number)
        start(work, expected.place, folder)
        came = nursery(work, folder, full=1 + number * (steps - 1) // (MOMENTS - 1))
        if is_told(came):
            failed += 1
            assert "No space left" in came["told"]
            if not expected.holds(work, folder):
                assert len(list(folder.glob("build-*"))) == expected.segments[work]
        expected.holds(work, folder)
        expected.mends(work, folder)
    assert failed > 1


@pytest.mark.parametrize("limit", [0, 100, 600])
@pytest.mark.parametrize("work", sorted(set(WORKS) - {"remove all"}))
def test_no_file_may_grow(work, limit, expected, nursery, tmp_path):
    """Where no file may be longer than a limit: told in one line, and the old index answers."""
    start(work, expected.place, tmp_path / "index")
    assert is_told(nursery(work, tmp_path / "index", limit=limit))
    assert not expected.holds(work, tmp_path / "index")
    assert len(list((tmp_path / "index").glob("build-*"))) == expected.segments[work]
    expected.mends(work, tmp_path / "index")


@pytest.fixture
def readonly(expected):
    """The interviews and an index of them that nobody may change, where anybody can look."""
    top = Path(tempfile.mkdtemp())
    place = shutil.copytree(expected.place, top / "talks", ignore=shutil.ignore_patterns("*undisturbed"))
    for path in (top, place, *place.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield place
    for path in (top, place, *place.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(top)


@pytest.mark.parametrize("work", sorted(set(WORKS) - {"first"}))
def test_a_folder_that_may_only_be_read(work, readonly, nursery):
    """Writing says in one line that it cannot, and changes nothing."""
    before = entries(readonly / "index")
    assert is_told(nursery(work, readonly / "index", place=str(readonly), nobody=True))
    assert entries(readonly / "index") == before


def test_asking_needs_no_right_to_write(readonly, nursery):
    """An index in a folder that may only be read answers: reading takes no lock and leaves no file."""
    before = entries(readonly / "index")
    came = nursery("ask", readonly / "index", nobody=True)
    assert came["told"] == str(said(readonly / "index")[3])
    assert "Oil is scarce" in came["told"]
    assert entries(readonly / "index") == before
    assert os.fspath(readonly / "index" / ".lock") in map(os.fspath, (readonly / "index").iterdir())
