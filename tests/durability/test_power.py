"""The power is cut at any moment: what was not synced is lost or half there, and the index is old or new."""

# mypy: allow-untyped-calls

import os
import random

import pytest

from rag import disk
from tests.durability.steps import steps
from tests.durability.work import WORKS, start

# Of each work so many different states of the disk are looked at.
LOOKED_AT = 30


class File:
    """A file: its bytes, and those that were synced."""

    def __init__(self, data=b"", synced=None):
        self.data, self.synced = data, synced
        self.seen = None  # size and time of the last look, so that bytes are read once

    def after_the_cut(self, draw):
        """What may be found of it."""
        if self.data == self.synced:
            return self.data
        cut = draw.randrange(len(self.data) + 1)
        kept = [b"", self.data[:cut], bytes(len(self.data)), self.data]
        return draw.choice(kept if self.synced is None else [*kept, self.synced])


class Folder:
    """A folder: its names, those that were synced, and what was changed since, in order."""

    def __init__(self):
        self.names, self.synced, self.since = {}, {}, []

    def after_the_cut(self, draw, share):
        """What may be found of it: a journal keeps changes up to some moment, and none after it."""
        names = dict(self.synced)
        kept = {0: 0, 1: len(self.since)}.get(share, draw.randrange(len(self.since) + 1))
        for gone, new in self.since[:kept]:
            for name in gone:
                names.pop(name, None)
            names |= new
        return names


class Recorder:
    """What a disk would hold of a folder if the power were cut now."""

    def __init__(self, root):
        self.root = root
        self._top = Folder()
        self._by_inode = {}
        self._look(root.parent, self._top, only=root.name)
        self._all_synced(self._top)

    def _all_synced(self, folder):
        folder.synced, folder.since = dict(folder.names), []
        for each in folder.names.values():
            if isinstance(each, Folder):
                self._all_synced(each)
            else:
                each.synced = each.data

    def look(self):
        """Takes in what has changed since the last look."""
        self._look(self.root.parent, self._top, only=self.root.name)

    def _look(self, path, folder, only=None):
        known = dict(self._by_inode)
        found = {}
        for entry in os.scandir(path):
            if only in (None, entry.name):
                about = entry.stat(follow_symlinks=False)
                known_as = known.get(about.st_ino)
                if known_as is None or isinstance(known_as, Folder) != entry.is_dir():
                    known_as = Folder() if entry.is_dir() else File()
                found[entry.name] = known_as
                self._by_inode[about.st_ino] = known_as
                if isinstance(known_as, File):
                    self._read(known_as, entry.path, (about.st_size, about.st_mtime_ns))
        gone = [name for name in folder.names if name not in found]
        new = {name: each for name, each in found.items() if folder.names.get(name) is not each}
        if gone or new:
            folder.since.append((gone, new))
        for name in gone:
            self._forget(folder.names[name], found.values())
        folder.names = found
        for name, each in found.items():
            if isinstance(each, Folder):
                self._look(os.path.join(path, name), each)  # noqa: PTH118 (thousands of times)

    def _forget(self, each, found):
        # An inode's number is used again.
        if not any(each is other for other in found):
            self._by_inode = {ino: other for ino, other in self._by_inode.items() if other is not each}

    def _read(self, file, path, seen):
        if file.seen != seen:
            with open(path, "rb") as opened:  # noqa: PTH123
                file.data = opened.read()
            file.seen = seen

    def sync(self, handle):
        """What a sync of this file or folder does."""
        self.look()
        each = self._by_inode[os.fstat(handle).st_ino]
        if isinstance(each, Folder):
            each.synced, each.since = dict(each.names), []
        else:
            with open(f"/proc/self/fd/{handle}", "rb") as opened:  # noqa: PTH123
                each.data = each.synced = opened.read()

    def cut(self, draw, share):
        """The files and folders (None) that may be found; `share` of what was not synced: 0, 1 or random."""
        state: dict[str, bytes | None] = {}

        def under(folder, path):
            for name, each in folder.after_the_cut(draw, share).items():
                if isinstance(each, Folder):
                    state[f"{path}{name}"] = None
                    under(each, f"{path}{name}/")
                else:
                    state[f"{path}{name}"] = each.after_the_cut(draw)

        under(self._top, "")
        return state


def states(work, place, folder):
    """Every state that the disk may be in after a cut at each step, some of each step."""
    recorder = Recorder(folder)
    draw = random.Random(work)
    found: dict[int, dict[str, bytes | None]] = {}
    looking = False

    def act(name):
        nonlocal looking
        if looking:
            return  # our own reading
        looking = True
        recorder.look()
        for share in (0, 1, 0.5, 0.5):
            state = recorder.cut(draw, share)
            found.setdefault(hash(frozenset(state.items())), state)
        looking = False

    def sync(handle):
        nonlocal looking
        looking = True
        recorder.sync(handle)
        looking = False

    with steps(act, sync):
        WORKS[work](place, folder)
    act("end")
    return list(found.values())


def laid(state, top):
    """The state, as files."""
    for name, data in state.items():
        if data is None:
            (top / name).mkdir(parents=True)
        else:
            (top / name).write_bytes(data)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="reads what was synced through /proc")  # noqa: PTH112
@pytest.mark.parametrize("work", WORKS)
def test_the_power_is_cut(work, expected, tmp_path):
    """What was not synced is cut short, empty, zeros or whole, names old or new: the index is old or new."""
    (tmp_path / "work").mkdir()
    start(work, expected.place, tmp_path / "work" / "index")
    (tmp_path / "work" / "index").mkdir(exist_ok=True)
    found = states(work, expected.place, tmp_path / "work" / "index")
    draw = random.Random(2)
    # The first and the last always: between them nobody knows how many are old and how many new.
    looked = [found[0], *draw.sample(found, min(LOOKED_AT, len(found))), found[-1]]
    seen = set()
    for number, state in enumerate(looked):
        top = tmp_path / str(number)
        laid(state, top)
        seen.add(expected.holds(work, top / "index"))
        expected.mends(work, top / "index")
    assert seen == {False, True}


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="reads what was synced through /proc")  # noqa: PTH112
def test_the_cut_is_felt(expected, tmp_path, monkeypatch):
    """The test above is not blind: where nothing is synced an index is lost."""
    monkeypatch.setattr(disk, "sync", lambda path: None)
    monkeypatch.setattr(disk, "write", lambda path, data: path.write_bytes(data))
    (tmp_path / "work").mkdir()
    start("change", expected.place, tmp_path / "work" / "index")
    lost = 0
    for number, state in enumerate(states("change", expected.place, tmp_path / "work" / "index")[-40:]):
        laid(state, tmp_path / str(number))
        try:
            expected.holds("change", tmp_path / str(number) / "index")
        except Exception:  # noqa: BLE001 (whatever it is, the index is lost)
            lost += 1
    assert lost > 0
