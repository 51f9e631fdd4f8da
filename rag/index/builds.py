"""The index on disk: segments beside each other, and one manifest that says what of them is in force.

    index/manifest.json      schema, model, sources, the segments with the SHA-256 of every file, and the runs
    index/build-…/           a segment: articles, passages, vectors, words; never changed (rag/index/parts.py)
    index/library/           the articles as they were taken in (rag/library.py)
    index/.lock              held by the one who writes, who stands in .writer.json

A run is a stretch of a segment's articles; the runs one after another are the index. An article that stands
in none has been removed. What is new is written as a segment beside the others; replacing the manifest, one
atomic step, puts it in force. All of the segment is on the disk before, and the step itself before segments
that are in force no more are removed. So stopped at any moment, by a signal or by the power, there is the old
index or the new one.
"""

import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from rag import disk
from rag.errors import IndexDamaged, IndexFault, IndexMissing, IndexStale, IndexUnwritable
from rag.index.runs import Runs
from rag.weights import SEAL, seal_of, sealed, sha256

if TYPE_CHECKING:
    from filelock import BaseFileLock

# Raise when what stands in a build, or how passages are made from a text, changes.
SCHEMA = 5
MANIFEST = "manifest.json"
# The one file of a segment that vouches for others: it has a checksum for each article.
HEADS = "heads.json"
LOCK, WRITER = ".lock", ".writer.json"
REBUILD = "run `onrecord build`"

# Up to so many bytes all files are checked whole when an index is opened (SHA-256 of 200 MB takes 0.2 s);
# above, those of more than the second number by their length alone, and each article when it is read.
MOST_CHECKED, SMALL_FILE = 200_000_000, 8_000_000

# A holder writes who it is right after taking the lock; so long a waiter looks for that, in seconds.
_LOOK, _EVERY = 1.0, 0.05


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest in force; IndexMissing, IndexDamaged or IndexStale when there is none to use."""
    path = folder / MANIFEST
    try:
        manifest = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        raise IndexMissing(f"no index in {folder}; {REBUILD}") from None
    except (OSError, ValueError, RecursionError):
        raise IndexDamaged(f"{path} cannot be read; {REBUILD}") from None
    if not isinstance(manifest, dict) or "schema" not in manifest:
        raise IndexDamaged(f"{path} is no manifest of an index; {REBUILD}")
    if manifest["schema"] != SCHEMA:
        raise IndexStale(
            f"the index by {path} has schema {str(manifest['schema'])[:20]}, "
            f"this On Record reads {SCHEMA}; {REBUILD}"
        )
    if manifest.pop(SEAL, None) != seal_of(manifest):
        raise IndexDamaged(f"{path} is damaged: its checksum does not fit; {REBUILD}")
    if not _is_whole(manifest):
        raise IndexDamaged(f"{path} lacks something, or has it of another kind; {REBUILD}")
    return manifest


def _is_whole(manifest: dict[str, Any]) -> bool:
    """Whether a manifest has all that one has, and no name in it leads out of the index's folder."""
    try:
        model, library = manifest["model"], manifest["library"]
        texts = (model["name"], model["fingerprint"], *manifest["roots"], *_both(manifest["sources"]))
        segments, runs = manifest["segments"], manifest["runs"]
        names = (manifest["build"], *library, *(segment["name"] for segment in segments))
        files = [file for segment in segments for file in segment["files"].items()]
        if store := manifest.get("store"):
            texts += (store["engine"], store["url"], store["name"])
        if shard := manifest.get("shard"):
            texts += (*shard["roots"], *_both(shard["sources"]))
            if not all(type(shard[key]) is int for key in ("number", "of")):
                return False
        return (
            bool(segments and runs)
            and all(isinstance(each, str) for each in (*texts, *names))
            and all(isinstance(state, dict) and "facts" in state for state in library.values())
            and all(_is_name(name) for name in names)
            and all(_is_name(part) for name, _ in files for part in name.split("/"))
            and all(type(size) is int and isinstance(sha, str) for _, (size, sha) in files)
            and all(HEADS in segment["files"] for segment in segments)
            and all(type(number) is int for run in runs for number in run)
            and all(0 <= which < len(segments) and 0 <= first < last for which, first, last in runs)
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _both(table: dict[Any, Any]) -> tuple[Any, ...]:
    return (*table.keys(), *table.values())


def _is_name(name: str) -> bool:
    """Whether it names something right in a folder."""
    return bool(name) and not name.startswith(".") and not set(name) & set("/\\:\0")


def checked(folder: Path, manifest: dict[str, Any], *, whole: bool = False) -> list[Path]:
    """The folders of the segments in force, their files found whole: each byte, or as much as is quick."""
    segments = manifest["segments"]
    size = sum(size for segment in segments for size, _ in segment["files"].values())
    for fault in faults(folder, segments, whole=whole or size <= MOST_CHECKED):
        raise fault
    return [folder / str(segment["name"]) for segment in segments]


def faults(folder: Path, segments: Sequence[dict[str, Any]], *, whole: bool = True) -> Iterator[IndexDamaged]:
    """What is wrong with the files of these segments, each by its name.

    If not `whole`, of large ones only the length is looked at.
    """
    for segment in segments:
        for name, (size, expected) in segment["files"].items():
            path = folder / str(segment["name"]) / name
            try:
                found = path.stat().st_size
                alike = found == size
                if whole or not alike or name == HEADS or size <= SMALL_FILE:
                    alike = (sha := sha256(path)) == expected
            except OSError:
                yield IndexDamaged(f"{path} is missing; {REBUILD}")
                continue
            if not alike:
                yield IndexDamaged(
                    f"{path} is damaged (SHA-256 {sha[:12]}, expected {expected[:12]}); {REBUILD}"
                )


def replace(folder: Path, about: dict[str, Any], runs: Runs, write: Callable[[Path], object]) -> None:
    """Puts a new index of one segment in force: `write` fills its folder, `about` joins the manifest."""
    with only_writer(folder, "build"):
        switch(folder, about, runs, write)


def switch(
    folder: Path,
    about: dict[str, Any],
    runs: Runs,
    write: Callable[[Path], object] | None,
    kept: Sequence[dict[str, Any]] = (),
    ready: Callable[[dict[str, Any]], object] = lambda manifest: None,
) -> None:
    """The same for who holds the lock: `runs` over the segments that are `kept` and the one that is written.

    `ready` is told the manifest before it comes into force, and may refuse. Where it fails nothing of it is
    left.
    """
    build = folder / f"build-{secrets.token_hex(6)}"
    draft = folder / (MANIFEST + ".new")
    segments = list(kept)
    with _writing(folder):
        try:
            if write is not None:
                build.mkdir()
                write(build)
                disk.sync_all(build)
                segments.append(_segment(build))
            manifest = {
                "schema": SCHEMA,
                "build": build.name,  # of its own for each state, so that a newer one is known
                **about,
                "segments": segments,
                "runs": [list(run) for run in runs.each],
            }
            ready(manifest)
            disk.write(draft, json.dumps(sealed(manifest), ensure_ascii=False).encode())
            draft.replace(folder / MANIFEST)
        except BaseException:
            # At once: on a full disk whoever mends it needs the room.
            shutil.rmtree(build, ignore_errors=True)
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
        disk.sync(folder)
        _sweep(folder, {segment["name"] for segment in segments})


def _segment(build: Path) -> dict[str, Any]:
    """What the manifest says of a segment."""
    files = sorted(path for path in build.rglob("*") if path.is_file())
    return {
        "name": build.name,
        "files": {path.relative_to(build).as_posix(): [path.stat().st_size, sha256(path)] for path in files},
    }


def clear(folder: Path) -> None:
    """Puts no build in force: the index holds nothing any more. For who holds the lock."""
    with _writing(folder):
        (folder / MANIFEST).unlink(missing_ok=True)
        disk.sync(folder)
        _sweep(folder, keep=set())


@dataclass(frozen=True, slots=True)
class Holder:
    """Who writes: a process, since when, and what it does; all unknown of one that could not say."""

    pid: int | None = None
    since: datetime | None = None
    doing: str | None = None


# Who is told, once, that another one writes and must be waited for.
Waiting = Callable[[Holder], object]


@contextmanager
def only_writer(folder: Path, doing: str, waiting: Waiting | None = None) -> Iterator[None]:
    """Holds the folder's lock; a second writer waits, and is told for whom.

    The system frees a dead holder's lock; what that one left half-done is removed.
    """
    import filelock

    with _writing(folder):
        disk.make_folder(folder)
        lock = filelock.FileLock(folder / LOCK)
        _take(lock, folder, waiting)
        try:
            _tell(folder, doing)
            _recover(folder)
            yield
        finally:
            with suppress(OSError):
                (folder / WRITER).unlink(missing_ok=True)
            lock.release()


def _take(lock: "BaseFileLock", folder: Path, waiting: Waiting | None) -> None:
    """Nothing; the lock is held."""
    import filelock

    started = time.monotonic()
    while waiting is not None:
        try:
            lock.acquire(timeout=_EVERY)
        except filelock.Timeout:
            holder = _holder(folder)
            if holder.pid is not None or time.monotonic() - started > _LOOK:
                waiting(holder)
                break
        else:
            return
    lock.acquire()


def _tell(folder: Path, doing: str) -> None:
    """Nothing; others can read who writes. Where even that cannot be written the work itself will say so."""
    note = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(), "doing": doing}
    with suppress(OSError):
        (folder / WRITER).write_text(json.dumps(note), "utf-8")


def _holder(folder: Path) -> Holder:
    """Who stands in the note; one who is dead wrote it and was killed, and does not hold the lock."""
    try:
        note = json.loads((folder / WRITER).read_text("utf-8"))
        holder = Holder(int(note["pid"]), datetime.fromisoformat(note["since"]), str(note["doing"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder()
    return holder if _lives(holder.pid or 0) else Holder()


def _lives(pid: int) -> bool:
    if os.name == "nt":
        return True  # asking would stop it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass  # somebody else's
    return pid > 0


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turns what keeps the folder from being written into an IndexUnwritable."""
    try:
        yield
    except OSError as error:
        raise IndexUnwritable(
            f"the index folder {folder} cannot be written ({error.strerror or error}); "
            "mend that, or choose another: onrecord --index DIR build"
        ) from None


def _recover(folder: Path) -> None:
    """Removes what writers that were stopped left behind, where it is known what is in force."""
    try:
        keep = {segment["name"] for segment in read_manifest(folder)["segments"]}
    except IndexMissing:
        keep = set()
    except IndexFault:
        return
    if _leftovers(folder, keep):
        disk.sync(folder)  # the one before may have been stopped between its step and this
        _sweep(folder, keep)


def _sweep(folder: Path, keep: Set[str]) -> None:
    """Removes segments no longer in force, those of killed builders among them."""
    for path in _leftovers(folder, keep):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _leftovers(folder: Path, keep: Set[str]) -> list[Path]:
    return [
        *(path for path in folder.glob("build-*") if path.name not in keep),
        *folder.glob(MANIFEST + ".new"),
    ]
