"""A build parted among machines: each makes the index of its shard, and one puts them together.

The sorted documents are cut into stretches; a machine embeds those of one (`onrecord build --shard 2/8`).
Putting together embeds nothing: articles and what was computed of them are taken over (`onrecord merge`).
What comes of it is what one machine would have made of all. Both steps may be stopped and run again.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.errors import IndexFault, InputError, ShardFault
from rag.index import builds
from rag.index.engines import Where
from rag.index.update import Made, update
from rag.library import Library
from rag.records import Progress

_SHARD = re.compile(r"([1-9]\d{0,4})/([1-9]\d{0,4})")


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `of` stretches of the documents, counted from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """The shard that is written so ("2/8"); an InputError for what is none."""
        found = _SHARD.fullmatch(text)
        if not found or int(found[1]) > int(found[2]):
            raise InputError(
                f"the shard is {text[:40]!r}; expected one of how many, as 2/8 is the second of eight"
            )
        return cls(int(found[1]), int(found[2]))

    def among(self, count: int) -> range:
        """Which of so many documents are its own; those of all shards are all, each once and in order."""
        return range(count * (self.number - 1) // self.of, count * self.number // self.of)

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def about(shard: Shard, roots: Sequence[str], sources: dict[str, str]) -> dict[str, Any]:
    """What the manifest of a shard says of it: what it was part of, and its documents' hashes."""
    return {**asdict(shard), "roots": list(roots), "sources": sources}


def shard_of(manifest: dict[str, Any]) -> tuple[Shard, list[str], dict[str, str]] | None:
    """The shard that a manifest is of, its roots and its documents' hashes; None for a whole index."""
    told = manifest.get("shard")
    if not told:
        return None
    return Shard(told["number"], told["of"]), list(told["roots"]), dict(told["sources"])


def merge(
    folder: Path,
    shards: Sequence[Path],
    progress: Progress | None = None,
    *,
    store: Where | None = None,
    waiting: builds.Waiting | None = None,
) -> Made:
    """Puts the index of all that these shards hold in force in `folder`. Their own folders stay as they are.

    A ShardFault where one is missing, stands there twice, or was made otherwise than the others; nothing has
    changed then. What `folder` holds besides stays, and so do facts that were edited there.
    """
    with builds.only_writer(folder, "merge", waiting):
        parts = _whole(shards)
        library = Library(folder)
        library.recover()
        held = [_taken(library, Library(each.folder)) for each in parts]
        library.only([name for names in held for name in names])
        roots, sources = parts[0].roots, {key: value for each in parts for key, value in each.sources.items()}
        folders = [each.folder for each in parts]
        return update(
            folder, None, roots, sources, progress, shard={}, others=folders, whole=True, store=store
        )


@dataclass(frozen=True, slots=True)
class _Part:
    folder: Path
    shard: Shard
    roots: list[str]
    sources: dict[str, str]
    model: tuple[str, str]


def _whole(folders: Sequence[Path]) -> list[_Part]:
    """The shards in order, all there, of one build and one model, every byte of them sound."""
    parts = sorted((_part(folder) for folder in folders), key=lambda part: part.shard.number)
    first = parts[0]
    for each in parts[1:]:
        if each.shard.of != first.shard.of or each.roots != first.roots:
            raise ShardFault(
                f"{each.folder} is shard {each.shard} of {_named(each.roots)}, {first.folder} is shard "
                f"{first.shard} of {_named(first.roots)}; expected shards of one build"
            )
        if each.model != first.model:
            raise ShardFault(
                f"{each.folder} was made with {each.model[0]} weights {each.model[1][:12]}, {first.folder} "
                f"with {first.model[0]} weights {first.model[1][:12]}; build both with one model"
            )
    numbers = [part.shard.number for part in parts]
    if twice := [each for each in parts if numbers.count(each.shard.number) > 1]:
        raise ShardFault(
            f"{twice[0].folder} and {twice[1].folder} are both shard {twice[0].shard}; expected each once"
        )
    if missing := [number for number in range(1, first.shard.of + 1) if number not in numbers]:
        raise ShardFault(
            f"of {first.shard.of} shards {', '.join(map(str, missing[:8]))} is not among those named; "
            f"build it with `onrecord build --shard {missing[0]}/{first.shard.of}` and name it too"
        )
    return parts


def _named(roots: Sequence[str]) -> str:
    return ", ".join(roots[:4]) or "nothing"


def _part(folder: Path) -> _Part:
    try:
        manifest = builds.read_manifest(folder)
        for fault in builds.faults(folder, manifest["segments"]):
            raise fault
    except IndexFault as error:
        raise ShardFault(f"the shard in {folder} cannot be taken: {error} for it") from None
    if (found := shard_of(manifest)) is None:
        raise ShardFault(
            f"the index in {folder} is no shard of a build; expected one that was made with "
            "`onrecord build --shard`: to join whole indexes, add their documents"
        )
    return _Part(folder, *found, (manifest["model"]["name"], manifest["model"]["fingerprint"]))


def _taken(library: Library, shard: Library) -> list[str]:
    """The ids under which the library has the shard's articles now, each once."""
    return [name for head in shard.members if (name := library.adopt(shard, head))]
