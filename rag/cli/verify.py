"""`onrecord verify`: every file of the index, the library and the models against its checksum."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.cli.shared import BAD, OK, put
from rag.errors import OnRecordError


def commands(add: Any) -> None:
    """Nothing; the command is known."""
    verify = add.add_parser("verify", help="check every file of the index, its articles and the models")
    verify.set_defaults(run=_verify)


class _Seen:
    """How much was looked at."""

    def __init__(self) -> None:
        self.articles = 0
        self.files = 0


def _verify(arguments: argparse.Namespace) -> int:
    seen = _Seen()
    whole = True
    for looked in (_index(arguments.index, seen), _library(arguments.index, seen), _models(seen)):
        for fault in looked:
            put(fault)
            whole = False
    if whole:
        articles = f"{seen.articles:,} article{'s' * (seen.articles != 1)}"
        put(f"whole: {articles}, {seen.files:,} files")
    return OK if whole else BAD


def _index(folder: Path, seen: _Seen) -> Iterator[str]:
    """What is wrong with the build in force; the articles are those that it holds."""
    from rag import index
    from rag.index import builds

    try:
        manifest = builds.read_manifest(folder)
        found = [str(fault) for fault in builds.faults(folder, manifest["segments"])]
        if not found:
            seen.articles = len(index.contents(folder))
        elif builds.read_manifest(folder)["build"] != manifest["build"]:
            yield from _index(folder, seen)  # a newer one was put in force meanwhile
            return
        seen.files += 1 + sum(len(segment["files"]) for segment in manifest["segments"])
    except OnRecordError as fault:
        found = [str(fault)]
    yield from found


def _library(folder: Path, seen: _Seen) -> Iterator[str]:
    """What is wrong with the stored articles, and which the index was not made of as they are now."""
    from rag.index import builds
    from rag.library import Library
    from rag.shelf import FACTS, edited

    library = Library(folder)
    names = library.names()
    for name in names:
        try:
            library.entry(name)
        except OnRecordError as fault:
            yield str(fault)
        seen.files += sum(path.is_file() for path in (library.folder / name).iterdir())
    try:
        taken = builds.read_manifest(folder)["library"]
    except OnRecordError:
        return  # told already
    for name, was in taken.items():
        if name not in names:
            yield (
                f"the index holds the article {name!r}, {library.folder} does not; add it again, or "
                f"{builds.REBUILD} to let it go"
            )
        elif edited(folder, name, was):
            yield (
                f"{library.folder / name / FACTS} is not as the index was made of it: edited, or damaged; "
                f"look at it and {builds.REBUILD}"
            )


def _models(seen: _Seen) -> Iterator[str]:
    """What is wrong with what ships."""
    from rag.encoder import DEFAULT_FOLDER
    from rag.reader.net import READER
    from rag.trunk import FOLDER
    from rag.weights import Weights

    for folder, what in ((FOLDER, "trunk"), (DEFAULT_FOLDER, "model"), (READER, "reader")):
        try:
            weights = Weights(folder, what, (), ())
        except OnRecordError as fault:
            yield str(fault)
            continue
        yield from weights.faults()
        seen.files += weights.size
