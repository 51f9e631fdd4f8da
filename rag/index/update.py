"""The library to the index in force: only what changed is made anew.

A small archive is written as one segment each time, so it is what a fresh build would be, byte for byte. In
a large one what is new goes into a small segment beside the others, which stay as they are, and what is
removed only leaves the runs. A segment takes smaller ones in, so there are never many; and when all that
stands beside the largest, or was removed, has grown to a share of it, all becomes one.
"""

from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag import encoder as encoders
from rag.encoder import DEFAULT_MODEL
from rag.errors import IndexFault
from rag.index import builds, parts
from rag.index.engines import Where
from rag.index.filling import Filling
from rag.index.parts import NobodySpeaks, Part, Spoken
from rag.index.runs import Runs
from rag.index.segments import Kept
from rag.index.vectors import may_be_short
from rag.ingest import article_of
from rag.library import Head, Library
from rag.reading.turns import turns
from rag.records import Encoder, Progress, Span


@dataclass(frozen=True, slots=True)
class Made:
    """What a build holds, to be told; `embedded` are the articles that an encoder had to read."""

    articles: int
    passages: int
    speakers: tuple[str, ...]
    embedded: int


# Up to so many passages all is written at each change: 10,000 take .4 s (`python -m benchmarks.scale`).
MOST_REWRITTEN = 20_000
# What stands beside the largest segment, or was removed from anywhere, makes at most this share of it.
MOST_BESIDE = 0.1


def update(
    folder: Path,
    encoder: Encoder | None = None,
    roots: list[str] | None = None,
    sources: dict[str, str] | None = None,
    progress: Progress | None = None,
    *,
    shard: dict[str, Any] | None = None,
    others: Sequence[Path] = (),
    whole: bool = False,
    store: Where | None = None,
) -> Made:
    """Makes the index of all that the library holds, for who has the lock of `folder`.

    Without an encoder it is the one that the index in force was made with. `roots` are the sources
    that are watched for changes, `sources` their hashes, as read, `shard` what part of a build it is, and
    `store` the engine that is filled with it; None leaves them as they are. What was computed of an article
    in `others`, indexes too, is taken over. With `whole` all becomes one segment, however large.
    """
    library = Library(folder)
    before = _manifest(folder)
    if not library.members:
        builds.clear(folder)
        return Made(0, 0, (), 0)
    filling = Filling(folder, store or Where.of(before.get("store", {})), progress)
    maker = _Maker(
        folder, library, encoder, before or (_manifest(others[0]) if others else {}), others, filling
    )
    about = {
        "model": {"name": maker.name, "fingerprint": maker.fingerprint},
        "roots": roots if roots is not None else before.get("roots", []),
        "sources": sources if sources is not None else before.get("sources", {}),
        "shard": shard if shard is not None else before.get("shard", {}),
        "store": maker.filling.where.about,
        # Before they are read: an edit meanwhile leaves an index that is known to be stale.
        "library": maker.states,
    }
    made = maker.put(about, progress, whole=whole)
    library.note()
    return made


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest in force, or an empty one where there is none to use."""
    with suppress(IndexFault):
        return builds.read_manifest(folder)
    return {}


class _Maker:
    """Makes each article's part, takes it over from the index before, or leaves it where it is."""

    def __init__(
        self,
        folder: Path,
        library: Library,
        encoder: Encoder | None,
        before: dict[str, Any],
        others: Sequence[Path],
        filling: Filling,
    ) -> None:
        self.filling = filling
        model = before.get("model", {"name": DEFAULT_MODEL})
        self._folder = folder
        self._encoder = encoder
        self._library = library
        self._heads = {head.id: head for head in library.members}
        self.states = {name: library.state(name) for name in self._heads}
        self._others: dict[str, tuple[Kept, str]] = {}  # by what an article was read from
        self._embedded = 0
        if encoder is None and "fingerprint" not in model:
            self._encoder = encoder = encoders.encoder_of(model["name"])
        self.name: str = encoder.name if encoder else model["name"]
        self.fingerprint: str = encoder.fingerprint if encoder else model["fingerprint"]
        self._segments: list[dict[str, Any]] = before.get("segments", [])
        self._kept = self._keeps(folder, before)
        for each in others:
            if kept := self._keeps(each, _manifest(each)):
                self._others |= {(kept.source(name) or {})["origin"]: (kept, name) for name in kept.names}

    def _keeps(self, folder: Path, manifest: dict[str, Any]) -> Kept | None:
        """What can be taken over from an index; a damaged one is not, or it would be for good."""
        if manifest.get("model") == {"name": self.name, "fingerprint": self.fingerprint}:
            with suppress(IndexFault, OSError, ValueError, KeyError, TypeError):
                return Kept(builds.checked(folder, manifest), Runs(tuple(map(tuple, manifest["runs"]))))
        return None

    def put(self, about: dict[str, Any], progress: Progress | None, *, whole: bool) -> Made:
        """What is in force afterwards."""
        stay = set() if whole else self._stay()
        if not self._sound(set(range(len(self._segments))) - stay):
            self._kept, stay = None, set()
        if stay:
            # A segment needs a passage; where nobody speaks in what is new, all becomes one that has some.
            with suppress(NobodySpeaks):
                return self._put(about, progress, stay)
        return self._put(about, progress, set())

    def _put(self, about: dict[str, Any], progress: Progress | None, stay: Set[int]) -> Made:
        kept = self._kept
        left = [name for name in self._heads if kept and self._is_kept(name) and kept.at[name][0] in stay]
        number = (
            {each: place for place, each in enumerate(sorted({kept.at[name][0] for name in left}))}
            if kept
            else {}
        )
        new = [name for name in self._heads if name not in set(left)]
        rows = {name: (len(number), place) for place, name in enumerate(new)}
        if kept:
            rows |= {name: (number[kept.at[name][0]], kept.at[name][1]) for name in left}
        held: list[parts.Held] = []

        def write(build: Path) -> None:
            made = self._parts(new, progress)
            held.append(parts.write(build, made, kept.book if kept else None, beside=bool(left)))

        builds.switch(
            self._folder,
            about,
            Runs.of([rows[name] for name in self._heads]),
            write if new else None,
            [self._segments[each] for each in number],
            self.filling.ready,
        )
        self.filling.done()
        speakers = {name: kept.head(name).speakers for name in left} if kept else {}
        passages = sum(kept.count(name) for name in left) if kept else 0
        for each in held:
            speakers |= each.speakers
            passages += each.passages
        heard = dict.fromkeys(who for name in self._heads for who in speakers[name])
        return Made(len(self._heads), passages, tuple(heard), self._embedded)

    def _is_kept(self, name: str) -> bool:
        """Whether an article's part is what it was."""
        return self._kept is not None and name in self._kept and self._kept.source(name) == self.states[name]

    def _stay(self) -> set[int]:
        """The segments that stay as they are; none where all is to become one."""
        kept = self._kept
        if kept is None:
            return set()
        live = dict.fromkeys(range(len(kept.segments)), 0)
        same = [name for name in self._heads if self._is_kept(name)]
        for name in same:
            live[kept.at[name][0]] += kept.count(name)
        # How much is new is only known once it is made; it will be about as much as it is of others.
        mean = sum(each.passages for each in kept.segments) / sum(map(len, kept.segments))
        new = (len(self._heads) - len(same)) * mean
        largest = max(live, key=lambda each: live[each])
        if (every := sum(live.values()) + new) <= MOST_REWRITTEN:
            return set()
        if kept.segments[largest].short is None and may_be_short(every):
            return set()
        gone = sum(each.passages for each in kept.segments) - sum(live.values())
        if every - live[largest] + gone > MOST_BESIDE * live[largest]:
            return set()
        stay = {each for each in live if live[each]}
        for each in sorted(stay - {largest}, key=lambda each: live[each]):
            if live[each] > 2 * new:
                break
            stay.remove(each)
            new += live[each]
        return stay

    def _sound(self, taken: Set[int]) -> bool:
        """Whether every byte of these segments is as it was written: what is taken over gets new sums."""
        segments = [self._segments[each] for each in taken]
        return self._kept is None or not any(builds.faults(self._folder, segments))

    def _parts(self, names: Sequence[str], progress: Progress | None) -> Iterator[Part]:
        """These articles' parts, in order."""
        for number, name in enumerate(names, 1):
            yield self._part(self._heads[name])
            if progress:
                progress(number, len(names))

    def _part(self, head: Head) -> Part:
        state = self.states[head.id]
        kept, name = self._before(head.id, state)
        if kept and kept.source(name) == state and name == head.id:
            return self._own(kept.part(name), kept)
        entry = self._library.entry(head.id)
        text = entry.document.text
        spoken = Spoken(
            article_of(head.id, entry.document, entry.facts), entry.blocks, turns(text, entry.blocks), state
        )
        if kept:
            old = kept.spoken(name)
            same = old.article.text == text and old.article.language == spoken.article.language
            if same and _paragraphs(old) == _paragraphs(spoken):  # who speaks is in no vector
                return self._own(kept.part(name, spoken), kept)
        if self._encoder is None:
            self._encoder = encoders.encoder_of(self.name)
        self._embedded += 1
        return parts.made(spoken, self._encoder)

    def _before(self, name: str, state: dict[str, Any]) -> tuple[Kept | None, str]:
        """Where an article was computed before, and under which id."""
        own = (self._kept, name) if self._kept and name in self._kept else (None, name)
        other = self._others.get(state["origin"], own)
        return own if self._kept and own[0] and self._kept.source(name) == state else other

    def _own(self, part: Part, kept: Kept) -> Part:
        """The part; codes of another index are made with another book."""
        return part if kept is self._kept else replace(part, codes=None)


def _paragraphs(spoken: Spoken) -> list[tuple[Span, ...]]:
    """What its passages are made of."""
    return [turn.paragraphs for turn in spoken.turns]
