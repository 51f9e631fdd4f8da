"""What these tests share: the start of all work, what may come of it, and a process that forks children."""

# mypy: allow-untyped-calls

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.durability.work import Expected, talks


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """No real syncing: no real power is cut here."""
    monkeypatch.setattr(os, "fsync", lambda file: None)


@pytest.fixture(scope="session")
def expected(tmp_path_factory):
    """The interviews in place, and what each work makes of them."""
    return Expected(talks(tmp_path_factory.mktemp("work") / "talks"))


class Nursery:
    """Where work is done that may be killed."""

    def __init__(self, place):
        self.place = place
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.durability.nursery"],
            cwd=ROOT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._jobs, self._told = self._process.stdin, self._process.stdout
        assert self._told.readline() == "ready\n"

    def begin(self, work, folder, **job):
        """The job is begun; `end` waits for it."""
        job = {"work": work, "folder": str(folder), "place": str(self.place), **job}
        self._jobs.write(json.dumps(job) + "\n")
        self._jobs.flush()

    def end(self):
        """What came of it: the steps it took, what it said, and its exit status."""
        return json.loads(self._told.readline())

    def __call__(self, work, folder, **job):
        """What came of a job."""
        self.begin(work, folder, **job)
        return self.end()

    def close(self):
        """Nothing; there are no more jobs."""
        self._jobs.close()
        self._process.wait(10)


@pytest.fixture(scope="session")
def nursery(expected):
    """A process that forks."""
    if not hasattr(os, "fork"):
        pytest.skip("this system has no fork")
    nursery = Nursery(expected.place)
    yield nursery
    nursery.close()
