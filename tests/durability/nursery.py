"""A small process without threads that does work in forked children of its own, so that they can be killed.

One job a line on standard input, {"work", "place", "folder", …}; one line {"steps", "told", "status"} each
on standard output.
"""

# mypy: allow-untyped-calls

import errno
import importlib
import json
import os
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path

from rag.index import archive
from tests.durability import work
from tests.durability.steps import NEED_ROOM, steps

NOBODY = 65534


class Slow(work.Small):
    """An encoder that takes its time."""

    def encode(self, texts):
        """The same rows, later."""
        time.sleep(1.5)
        return super().encode(texts)


def _child(job, out):
    """Does one job; the steps done and what came of it go to `out`."""
    done = 0

    def act(name):
        nonlocal done
        done += 1
        if done == job.get("kill"):
            os.kill(os.getpid(), signal.SIGKILL)
        if done >= job.get("full", float("inf")) and name in NEED_ROOM:
            # The profiler, and with it this, is off once it has raised.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if "limit" in job:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["limit"], job["limit"]))
    if job.get("nobody") and os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    place, folder = Path(job["place"]), Path(job["folder"])
    told = "done"
    try:
        if job["work"] == "ask":
            told = str(work.said(folder)[3])
        elif job["work"] == "slow add":
            work.add(folder, place / "rivers.txt", encoder=Slow())
        elif job["work"] == "to and fro":
            for _ in range(job["times"]):
                work.add(folder, place / "rivers.txt")
                archive.remove(folder, ["rivers"])
        else:
            with steps(act):
                work.WORKS[job["work"]](place, folder)
    except Exception as error:  # noqa: BLE001 (whatever it is, it is told)
        told = f"{type(error).__name__}: {error}"
    os.write(out, json.dumps({"steps": done, "told": told}).encode())


def _run(job):
    """What came of a job in a child of its own."""
    back, out = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(back)
            _child(job, out)
        finally:
            os._exit(0)
    os.close(out)
    if "after" in job:
        time.sleep(job["after"])
        os.kill(child, signal.SIGKILL)
    told = b""
    while part := os.read(back, 65536):
        told += part
    os.close(back)
    _, status = os.waitpid(child, 0)
    return {**(json.loads(told) if told else {}), "status": status}


def main():
    """Nothing; answers jobs until there are no more."""
    # All is imported by work done once, so that a child spends its time on the disk.
    for name in ("faiss", "bm25s", "Stemmer", "filelock"):
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        place = work.talks(Path(folder) / "talks")
        for each in work.WORKS:
            work.start(each, place, place / each)
            work.WORKS[each](place, place / each)
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
