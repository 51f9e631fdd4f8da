"""Two at once: one waits and says for whom, both are done, and who only reads waits for nobody."""

# mypy: allow-untyped-calls

import json
import os
import re
import threading
import time

import filelock

from rag.cli import main
from rag.index import builds, contents
from rag.index.builds import LOCK, WRITER, Holder
from tests.durability.work import Small, add, said, start

DEAD = 4_000_000  # more than any system gives


def until(true):
    """Waits for it."""
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_the_second_says_for_whom_it_waits(expected, nursery, tmp_path, monkeypatch, capfd):
    """`onrecord add` beside another: one line with its process, work and time; then both are in the index."""
    folder = tmp_path / "index"
    start("add", expected.place, folder)
    monkeypatch.setattr("rag.encoder.encoder_of", lambda name: Small())
    nursery.begin("slow add", folder)
    until(lambda: (folder / WRITER).exists() and (folder / WRITER).stat().st_size)
    holder = json.loads((folder / WRITER).read_text())["pid"]
    (tmp_path / "silver.txt").write_text("Why silver?\n\nDi Fox: Silver is sold by weight.\n")
    assert main(["--index", str(folder), "add", str(tmp_path / "silver.txt")]) == 0
    told = [line for line in capfd.readouterr().err.splitlines() if "waiting" in line]
    assert len(told) == 1
    assert re.fullmatch(rf"waiting for process {holder} \(add, since \d\d:\d\d:\d\d\) …", told[0])
    assert nursery.end()["told"] == "done"
    assert {each.article.id for each in contents(folder)} == {"oil", "gold", "rivers", "silver"}
    assert not (folder / WRITER).exists()


def test_a_dead_holder_is_waited_for_by_nobody(expected, nursery, tmp_path):
    """Killed with the lock in hand, its note still there: the next one goes on at once."""
    folder = tmp_path / "index"
    start("add", expected.place, folder)
    nursery("add", folder, kill=30)
    assert json.loads((folder / WRITER).read_text())["doing"] == "add"
    waited: list[Holder] = []
    add(folder, expected.place / "rivers.txt", waiting=waited.append)
    assert waited == []
    assert said(folder) == expected.after["add"]


def test_a_note_of_a_dead_one_names_nobody(expected, tmp_path):
    """Where the lock is held and the note is an older one's, or none: no wrong name is told."""
    folder = tmp_path / "index"
    start("add", expected.place, folder)
    for note in (
        json.dumps({"pid": DEAD, "since": "2026-01-01T10:00:00+00:00", "doing": "build"}),
        "{",
        "[]",
    ):
        (folder / WRITER).write_text(note)
        told: list[Holder] = []
        held = filelock.FileLock(folder / LOCK)

        def wait(told=told):
            with builds.only_writer(folder, "add", told.append):
                pass

        with held:
            thread = threading.Thread(target=wait)
            thread.start()
            until(lambda told=told: told)
        thread.join()
        assert told == [Holder()]


def test_a_note_says_who_writes(expected, tmp_path):
    """While one writes its note has process, time and work; afterwards there is none."""
    folder = tmp_path / "index"
    with builds.only_writer(folder, "build"):
        note = json.loads((folder / WRITER).read_text())
        assert (note["pid"], note["doing"]) == (os.getpid(), "build")
    assert not (folder / WRITER).exists()


def test_readers_wait_for_nobody(expected, nursery, tmp_path):
    """While builds are switched again and again, each look finds the old index or the new one, whole."""
    folder = tmp_path / "index"
    start("add", expected.place, folder)
    nursery.begin("to and fro", folder, times=8)
    writer = threading.Thread(target=nursery.end)
    writer.start()
    seen = []
    while writer.is_alive():
        seen.append(said(folder)[0])
    allowed = (expected.before["add"][0], expected.after["add"][0])
    assert seen
    assert all(articles in allowed for articles in seen)
