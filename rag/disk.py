"""Onto the disk for good: what was put there outlasts a power cut.

To a disk a file's bytes are one thing and its name in a folder another, and either may be lost while the
other stays. So bytes are synced before the name that vouches for them, and the name before what it
stands in for is removed.
"""

import errno
import os
from pathlib import Path

_WINDOWS = os.name == "nt"
# What file systems say that cannot sync a folder; network ones mostly, which keep names in their own way.
_NO_FOLDERS = (errno.EINVAL, errno.ENOTSUP)


def write(path: Path, data: bytes) -> None:
    """Nothing; a file with these bytes is on the disk, its name as soon as its folder is synced."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Nothing; a file's bytes are on the disk, or a folder's names."""
    folder = path.is_dir()
    if folder and _WINDOWS:
        return  # it has no such thing, and notes names in order
    handle = os.open(path, os.O_RDWR if _WINDOWS else os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if not folder or error.errno not in _NO_FOLDERS:
            raise
    finally:
        os.close(handle)


def sync_all(folder: Path) -> None:
    """Nothing; all that is in a folder is on the disk, the innermost first."""
    for path in sorted(folder.rglob("*"), reverse=True):
        sync(path)
    sync(folder)


def put(draft: Path, place: Path) -> None:
    """Nothing; what was drafted beside `place` stands in it, for good."""
    draft.replace(place)
    sync(place.parent)


def make_folder(path: Path) -> None:
    """Nothing; the folder is there for good, with those above it."""
    missing = [each for each in (path, *path.parents) if not each.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for each in missing:
        sync(each.parent)
