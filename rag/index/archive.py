"""What changes an archive: add, remove, build. Each takes the library's lock and renews the index."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from rag import reading
from rag.errors import ArticleError, IndexFault, OnRecordError, UnknownArticle
from rag.index import builds, shards
from rag.index.engines import Where
from rag.index.shards import Shard
from rag.index.sources import source_hashes
from rag.index.update import Made, update
from rag.ingest import Raw, read_file, read_page
from rag.library import Library, Plan
from rag.reading import documents
from rag.reading.facts import Facts
from rag.records import Encoder, Progress

# What a person adds by naming a folder is less; more is a home folder or a whole disk.
DEEPEST = 20
MOST_FILES = 10_000

# "https://…"; a drive of Windows has no two strokes.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

# Who is told of a source that cannot be taken in: its name, and why.
Refuse = Callable[[str, ArticleError], None]


@dataclass(frozen=True, slots=True)
class Source:
    """One document to be taken in: what it is called, and what gets it."""

    name: str
    get: Callable[[], Raw]


def raise_it(name: str, error: ArticleError) -> NoReturn:
    """Nothing: the first source that cannot be taken in stops everything."""
    raise error


def sources(named: Sequence[str], *, allow_private: bool = False) -> Iterator[Source]:
    """The documents behind files, folders (with all folders in them) and web addresses, in order."""
    for name in named:
        if _ADDRESS.match(name):
            yield Source(name, partial(_page, name, allow_private))
        elif Path(name).is_dir():
            try:
                files = documents_under(Path(name))
            except ArticleError as error:
                yield Source(name, partial(raise_it, name, error))
                continue
            yield from (Source(str(file), partial(_read, file, Path(name))) for file in files)
        else:
            yield Source(name, partial(_read, Path(name)))


def _page(url: str, allow_private: bool) -> Raw:
    from rag.fetch import fetch  # imports TLS and more, which files do not need

    return read_page(fetch(url, allow_private=allow_private), url)


def _read(path: Path, inside: Path | None = None) -> Raw:
    if not path.exists():
        raise ArticleError(f"{path} does not exist; expected a document, a folder of them or a web address")
    if inside is not None and not path.resolve().is_relative_to(inside.resolve()):
        raise ArticleError(
            f"{path} is a link out of {inside}; put the file itself there, or name it by itself"
        )
    return read_file(path)


def documents_under(folder: Path) -> list[Path]:
    """The documents in a folder and the folders in it, sorted; hidden ones and an index are passed by."""
    found: list[Path] = []
    if _is_index(folder):
        raise ArticleError(f"{folder} is an index; expected a folder of interviews")
    for place, folders, files in os.walk(folder):
        here = Path(place)
        if len(here.relative_to(folder).parts) >= DEEPEST:
            folders.clear()
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not _is_index(here / name)
        )
        found += [here / name for name in sorted(files) if reading.is_document(Path(name))]
        if len(found) > MOST_FILES:
            raise ArticleError(
                f"{folder} holds over {MOST_FILES:,} documents; expected fewer: add its folders"
            )
    if not found:
        endings = ", ".join(reading.SUFFIXES)
        raise ArticleError(f"{folder} holds no document; expected files ending in {endings}")
    return found


def _is_index(folder: Path) -> bool:
    return (folder / builds.MANIFEST).is_file() and any(folder.glob("build-*"))


def _plan(library: Library, source: Source, flags: Facts, *, read: bool) -> Plan:
    """What taking in this source does; whatever goes wrong in reading it is an ArticleError."""
    try:
        return library.plan(source.get(), flags, read=read)
    except (OnRecordError, OSError):
        raise
    except Exception as error:  # one odd file must not keep a thousand others out
        raise ArticleError(
            f"{source.name} cannot be read ({type(error).__name__}: {str(error)[:100]}); expected a document "
            "that other programs can open: save it anew, and report this if it stays"
        ) from error


def look_at(
    folder: Path, named: Sequence[Source], flags: Facts, refuse: Refuse, told: Callable[[Source, Plan], None]
) -> None:
    """Tells what adding these would do. Nothing is written."""
    library = Library(folder)
    for source in named:
        try:
            plan = _plan(library, source, flags, read=True)
        except ArticleError as error:
            refuse(source.name, error)
            continue
        told(source, plan)
        library.suppose(plan, "add")


def add(
    folder: Path,
    named: Sequence[Source],
    flags: Facts,
    refuse: Refuse,
    told: Callable[[Source, Plan], None],
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    *,
    read: bool = False,
    waiting: builds.Waiting | None = None,
) -> Made | None:
    """Takes these into the library and renews the index in `folder`; None where it was in order already.

    With `read` what is there already is read again, to be shown. `waiting` is told where another one
    writes and must be waited for.
    """
    changed = False
    with builds.only_writer(folder, "add", waiting):
        library = Library(folder)
        library.recover()
        for source in named:
            try:
                plan = _plan(library, source, flags, read=read)
                library.put(plan, "add")
            except ArticleError as error:
                refuse(source.name, error)
                continue
            changed |= plan.status not in ("there", "same")
            told(source, plan)
        if not changed and _in_order(folder, library):
            return None
        return update(folder, encoder, progress=progress)


def _in_order(folder: Path, library: Library) -> bool:
    """Whether the index in force is of all that the library holds, as it is."""
    return _indexed(folder) == {head.id: library.state(head.id) for head in library.members}


def _indexed(folder: Path) -> dict[str, Any]:
    """What the articles of the index in force were made of, by id; nothing where there is none to use."""
    try:
        return dict(builds.read_manifest(folder)["library"])
    except IndexFault:
        return {}


def remove(
    folder: Path,
    names: Sequence[str],
    progress: Progress | None = None,
    *,
    waiting: builds.Waiting | None = None,
) -> Made:
    """Takes these articles out of the library and renews the index."""
    with builds.only_writer(folder, "remove", waiting):
        library = Library(folder)
        library.recover()
        indexed = _indexed(folder)
        if unknown := [name for name in names if not library.holds(name) and name not in indexed]:
            raise UnknownArticle(
                f"the library in {folder} holds no article {unknown[0][:80]!r}; see `onrecord list`"
            )
        for name in dict.fromkeys(names):
            if library.holds(name):  # else one who removed it was stopped before the index followed
                library.remove(name)
        return update(folder, progress=progress)


def make(
    folder: Path,
    of: Sequence[Path],
    encoder: Encoder | None,
    refuse: Refuse = raise_it,
    progress: Progress | None = None,
    *,
    gone: Sequence[Path] = (),
    shard: Shard | None = None,
    store: Where | None = None,
    waiting: builds.Waiting | None = None,
) -> Made | None:
    """Puts the index of these sources, and of what was added by name, in force in `folder`.

    A document that cannot be read is told to `refuse` and left out; None where none can be read,
    and the index stays as it was. What came from the sources that are `gone` is kept as it is. Of a `shard`
    only its own documents are read. `store` is the engine that is filled; None for the one that is.
    """
    paths = documents(list(of)) if of else []
    own = shard.among(len(paths)) if shard else range(len(paths))
    if shard and not own:
        raise ArticleError(
            f"shard {shard} holds none of {len(paths):,} document(s); expected no more shards than documents"
        )
    paths = paths[own.start : own.stop]
    # Before reading: a source that changes meanwhile leaves an index that is known to be stale.
    hashes = source_hashes([*of, *gone], set(paths) if shard else None)
    with builds.only_writer(folder, "build", waiting):
        library = Library(folder, first=own.start)
        library.recover()
        taken = [
            head.id
            for head in library.members
            if any(Path(head.source).is_relative_to(root) for root in gone)
        ]
        before = len(taken)
        for path in paths:
            try:
                plan = _plan(library, Source(str(path), partial(_read, path)), Facts(), read=False)
                library.put(plan, "build", aside=True)
            except ArticleError as error:
                refuse(str(path), error)
                continue
            taken.append(plan.id)
        if paths and len(taken) == before:
            return None
        library.only(taken)
        roots = [str(source.resolve()) for source in [*of, *gone]]
        if shard:  # nothing of it is watched: other machines make the rest
            return update(
                folder, encoder, [], {}, progress, shard=shards.about(shard, roots, hashes), whole=True
            )
        return update(folder, encoder, roots, hashes, progress, shard={}, whole=True, store=store)
