"""The steps of a writer: each moment at which it is about to change something on the disk."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_OF_SYSTEM = {"open", "mkdir", "rename", "replace", "unlink", "rmdir", "write", "ftruncate", "link"}
_OF_FILES = {"write", "close", "flush", "truncate", "writelines"}
# What needs room: these can fail on a full disk. So can opening, but not where it is only to read.
NEED_ROOM = {"mkdir", "rename", "replace", "write", "fsync", "tofile", "flush", "close"}


def step_of(called: Any) -> str | None:
    """The name of a step that a C function is, None where it is none."""
    name: str = getattr(called, "__name__", "")
    module = getattr(called, "__module__", None)
    if (module in ("posix", "nt") and name in _OF_SYSTEM) or (module in ("io", "_io") and name == "open"):
        return name
    owner = getattr(called, "__self__", None)
    if isinstance(owner, io.IOBase) and name in _OF_FILES:
        return name
    return name if name == "tofile" else None


@contextmanager
def steps(act: Callable[[str], object], fsync: Callable[[int], object] | None = None) -> Iterator[None]:
    """Calls `act` with the name of each step before it is done; a sync of a file goes to `fsync` instead."""
    real = os.fsync

    def synced(file: int) -> None:
        act("fsync")
        if fsync is not None:
            fsync(file)

    def profile(frame: Any, event: str, called: Any) -> None:
        if event == "c_call" and (name := step_of(called)) is not None:
            act(name)

    os.fsync = synced  # type: ignore[assignment]
    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(None)
        os.fsync = real
