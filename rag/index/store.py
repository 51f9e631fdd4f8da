"""The index on disk: builds beside each other, and one manifest that names the one in force.

    index/manifest.json      schema, model, sources, and the SHA-256 of every file of the build
    index/build-…/           articles, passages, vectors and words
    index/library/           the articles as they were taken in (rag/library.py)

A new build is written beside the old one; replacing the manifest, one atomic step, puts it in
force. Killed at any moment before that, the old index still answers.
"""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import IndexDamaged, IndexMissing, IndexStale, IndexUnwritable
from rag.weights import sha256

# Raise when what stands in a build, or how passages are made from a text, changes.
SCHEMA = 3
MANIFEST = "manifest.json"
REBUILD = "run `onrecord build`"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest in force; IndexMissing, IndexDamaged or IndexStale when there is none to use."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise IndexMissing(f"no index in {folder}; {REBUILD}") from None
    except (OSError, ValueError, RecursionError):
        raise IndexDamaged(f"{path} cannot be read; {REBUILD}") from None
    if not isinstance(manifest, dict) or "schema" not in manifest:
        raise IndexDamaged(f"{path} is no manifest of an index; {REBUILD}")
    if manifest["schema"] != SCHEMA:
        raise IndexStale(
            f"the index in {folder} has schema {manifest['schema']}, this On Record reads {SCHEMA}; {REBUILD}"
        )
    checksum = manifest.pop("sha256", None)
    if checksum != _checksum(manifest):
        raise IndexDamaged(f"{path} is damaged: its checksum does not fit; {REBUILD}")
    return manifest


def _checksum(manifest: dict[str, Any]) -> str:
    """SHA-256 of a manifest's other parts, so that no altered one is ever believed."""
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def checked_build(folder: Path, manifest: dict[str, Any]) -> Path:
    """The folder of the build in force, each of its files found whole."""
    build = folder / str(manifest["build"])
    for name, expected in manifest["files"].items():
        path = build / name
        try:
            found = sha256(path)
        except OSError:
            raise IndexDamaged(f"{path} is missing; {REBUILD}") from None
        if found != expected:
            raise IndexDamaged(
                f"{path} is damaged (SHA-256 {found[:12]}, expected {expected[:12]}); {REBUILD}"
            )
    return build


def replace(folder: Path, about: dict[str, Any], write: Callable[[Path], object]) -> None:
    """Puts a new build in force: `write` fills its folder, `about` joins the manifest."""
    with only_writer(folder):
        switch(folder, about, write)


def switch(folder: Path, about: dict[str, Any], write: Callable[[Path], object]) -> None:
    """The same, for who holds the lock already."""
    with _writing(folder):
        build = folder / f"build-{secrets.token_hex(6)}"
        build.mkdir()
        write(build)
        files = sorted(path for path in build.rglob("*") if path.is_file())
        manifest = {
            "schema": SCHEMA,
            "build": build.name,
            **about,
            "files": {path.relative_to(build).as_posix(): sha256(path) for path in files},
        }
        manifest["sha256"] = _checksum(manifest)
        for path in files:
            _to_disk(path)
        draft = folder / (MANIFEST + ".new")
        draft.write_text(json.dumps(manifest, indent=1, ensure_ascii=False), "utf-8")
        _to_disk(draft)
        os.replace(draft, folder / MANIFEST)
        _sweep(folder, keep=build.name)


def clear(folder: Path) -> None:
    """Puts no build in force: the index holds nothing any more. For who holds the lock."""
    with _writing(folder):
        (folder / MANIFEST).unlink(missing_ok=True)
        _sweep(folder, keep="")


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Holds the folder's lock; a second writer waits. The system frees a dead holder's."""
    import filelock

    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / ".lock"):
            yield


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turns what keeps the folder from being written into an IndexUnwritable."""
    try:
        yield
    except OSError as error:
        raise IndexUnwritable(
            f"the index folder {folder} cannot be written ({error.strerror or error}); "
            "choose another: onrecord --index DIR build"
        ) from None


def _sweep(folder: Path, keep: str) -> None:
    """Removes builds no longer in force, those of killed builders among them."""
    for path in folder.glob("build-*"):
        if path.name != keep:
            shutil.rmtree(path, ignore_errors=True)


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
