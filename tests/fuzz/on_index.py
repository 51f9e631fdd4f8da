"""The index on disk: files damaged, files forged with right checksums, and a manifest that lies."""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from rag import index as index_store
from rag.errors import IndexFault
from rag.index import Index, builds
from tests.fuzz import mutation
from tests.fuzz.target import Stage, hold, target

_CUT = b"\n---\n"  # between the name of a file and its bytes


def _files(stage: Stage) -> list[bytes]:
    """Each file of the index, its name first."""
    paths = sorted(path for path in stage.index.rglob("*") if path.is_file() and path.name != ".lock")
    return [_place(stage, path).encode() + _CUT + path.read_bytes() for path in paths]


def _place(stage: Stage, path: Path) -> str:
    """Where a file stands in the index; the folder of the build, whose name is drawn anew, is `build`."""
    return "/".join(
        "build" if part.startswith("build-") else part for part in path.relative_to(stage.index).parts
    )


def _in_file(data: bytes, seeds: object, chance: Random) -> bytes:
    name, _, content = data.partition(_CUT)
    how = mutation.in_json if name.endswith(b".json") else mutation.in_bytes
    return name + _CUT + how(content, [content or b"{}"], chance)


def _copy(stage: Stage) -> Path:
    folder = stage.folder / "copy"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(stage.index, folder)
    return folder


def _put(folder: Path, data: bytes) -> tuple[Path, str]:
    """Puts the named file in its place; that of the build, and its name there."""
    name, _, content = data.partition(_CUT)
    build = next(folder.glob("build-*"))
    place = name.decode()
    path = build / place.removeprefix("build/") if place.startswith("build/") else folder / place
    path.write_bytes(content)
    return build, place


def _facts(index: Index) -> Hashable:
    """Everything an index says, comparable."""
    row = np.ones(index.vectors.dimension, np.float32)
    return (
        (index.articles, index.blocks, index.turns, index.passages, index.model, index.fingerprint),
        tuple(index.vectors.scores(row, range(len(index.passages))).tolist()),
        tuple(index.words.scores("oil gold scarce").tolist()),
        index.words.surface,
    )


@target("index", _files, _in_file)
def damaged(stage: Stage, data: bytes) -> Hashable:
    """An index of which a file is damaged is refused, or is the same."""
    folder = _copy(stage)
    _put(folder, data)
    index_store.check_fresh(folder)
    hold(_facts(index_store.load(folder)) == _facts(stage.small), "a damaged index was believed")
    hold(index_store.held(folder) == stage.small.held, "a damaged index was believed")
    return "same"


def _built(stage: Stage) -> list[bytes]:
    return [each for each in _files(stage) if each.startswith(b"build/")]


@target("index-forged", _built, _in_file)
def forged(stage: Stage, data: bytes) -> Hashable:
    """An index whose file is no index's, though its checksum is right, is an IndexFault when it is opened."""
    folder = _copy(stage)
    build, place = _put(folder, data)
    manifest = json.loads((folder / builds.MANIFEST).read_bytes())
    name = place.removeprefix("build/")
    data = (build / name).read_bytes()
    manifest["segments"][0]["files"][name] = [len(data), hashlib.sha256(data).hexdigest()]
    _seal(folder, manifest)
    index_store.contents(folder)
    index_store.load(folder)
    return "opened"


def _seal(folder: Path, manifest: Any) -> None:
    """Writes a manifest with the checksum that fits it."""
    if isinstance(manifest, dict):
        manifest.pop("sha256", None)
        told = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
        manifest = {**manifest, "sha256": told}
    (folder / builds.MANIFEST).write_text(json.dumps(manifest), "utf-8")


def _manifests(stage: Stage) -> list[bytes]:
    made = json.loads((stage.index / builds.MANIFEST).read_bytes())
    build = made["build"]
    (segment,) = made["segments"]
    name, was = next(iter(segment["files"].items()))
    lies: list[dict[str, Any]] = [
        made,
        {
            **made,
            "library": {"a": {"facts": "0" * 64, "origin": None}},
            "roots": ["nowhere"],
            "sources": {"0/a": "b"},
        },
        {**made, "build": f"../copy/{build}"},
        {**made, "segments": [{**segment, "name": f"../copy/{build}"}]},
        {**made, "segments": [{**segment, "files": {**segment["files"], f"../{name}": was}}]},
        {**made, "runs": [[0, 0, 1], [0, 0, 1]]},
        {**made, "library": {"../../x": {"facts": "0" * 64}}},
    ]
    return [json.dumps(each).replace(build, "BUILD").encode() for each in lies]


@target("manifest", _manifests, mutation.in_json)
def manifests(stage: Stage, data: bytes) -> Hashable:
    """A manifest that lies is an IndexFault, and nothing outside of the index is read for it."""
    folder = _copy(stage)
    build = next(folder.glob("build-*")).name
    try:
        _seal(folder, json.loads(data.replace(b"BUILD", build.encode())))
    except (ValueError, RecursionError):
        (folder / builds.MANIFEST).write_bytes(data)
    told = []
    for act in (index_store.check_fresh, index_store.load, index_store.contents, index_store.roots):
        # Sources are looked at to see whether they have changed; the rest is the index's own.
        with _inside(folder, watched=act is not index_store.check_fresh):
            try:
                act(folder)
                told.append("")
            except IndexFault as error:
                told.append(type(error).__name__)
    return tuple(told)


# What is read of the system by Python itself, as modules are.
_watched: list[Path] = []
_outside: list[str] = []
_hooked = False


@contextmanager
def _inside(folder: Path, *, watched: bool) -> Iterator[None]:
    """Broken where a file outside the folder is opened to be read."""
    global _hooked
    if not _hooked:  # a hook cannot be taken away again
        sys.addaudithook(_opened)
        _hooked = True
    _outside.clear()
    if watched:
        _watched.append(folder.resolve())
    try:
        yield
    finally:
        _watched.clear()
    hold(not _outside, f"{_outside[:1]} was opened, which is outside of the index")


def _opened(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or not _watched or not isinstance(arguments[0], str | bytes | os.PathLike):
        return
    path = Path(os.path.realpath(os.fsdecode(arguments[0])))
    if path.suffix not in (".py", ".pyc", ".so") and not path.is_relative_to(_watched[0]):
        _outside.append(str(path))
