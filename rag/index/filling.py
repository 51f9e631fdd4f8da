"""An engine filled with an index's passages.

Articles go in one by one, each under a key that is its own and that of its version; what is there already is
left. When all are there the build is marked, and only then does the manifest come into force that names it.
So a filling that was stopped goes on where it was, and what is half filled is never searched.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.errors import StoreFault
from rag.index import Index, of
from rag.index.engines import Where, connect
from rag.index.engines.engine import Engine, Row, key_of
from rag.index.runs import Runs
from rag.index.segments import Segment
from rag.index.words import stems_of
from rag.records import Progress


class Filling:
    """Fills the engine of an index before that comes into force, and clears it of others afterwards."""

    def __init__(self, folder: Path, where: Where, progress: Progress | None = None) -> None:
        self.where = where
        self._folder = folder
        self._progress = progress
        self._index: Index | None = None
        self._engine: Engine | None = None

    def ready(self, manifest: dict[str, Any]) -> None:
        """Nothing; the engine holds what this manifest is of. A StoreFault where it cannot."""
        if self.where.remote:
            segments = [Segment(self._folder / each["name"]) for each in manifest["segments"]]
            self._index = of(segments, Runs(tuple(map(tuple, manifest["runs"]))), manifest)
            self._engine = connect(self.where, self._index.vectors.dimension)
            fill(self._index, self._engine, self._progress)

    def done(self) -> None:
        """Nothing; what the engine held of builds before is gone."""
        if self._engine and self._index:
            sweep(self._index, self._engine)
            self._engine.close()


def fill(index: Index, engine: Engine, progress: Progress | None = None) -> int:
    """How many articles went in; all that the index holds is there afterwards, and its build is marked."""
    there = engine.held()
    new = [number for number, (key, _, count) in enumerate(index.keys) if there.get(key) != count]
    if len({key for key, _, _ in index.keys}) < len(index.keys):
        raise StoreFault("two articles have the same key in the store; change a fact of one and build again")
    for done, number in enumerate(new, 1):
        engine.put(index.keys[number][0], list(_rows(index, number)))
        if progress:
            progress(done, len(new))
    engine.settle()
    engine.mark(index.build, len(index.passages))
    return len(new)


def _rows(index: Index, number: int) -> Iterator[Row]:
    """The rows of an article's passages."""
    key, first, count = index.keys[number]
    vectors = index.vectors.rows(first, first + count) if count else ()
    stems = stems_of(index.words.tokens.of(first, first + count), index.heads[number].language)
    for place, (vector, own) in enumerate(zip(vectors, stems, strict=True)):
        name = index.speaker(first + place)
        yield Row(key, place, key_of(name) if name else 0, vector, own)


def sweep(index: Index, engine: Engine) -> None:
    """Nothing; the engine holds this index and no other one of its name."""
    engine.drop(set(engine.held()) - {key for key, _, _ in index.keys})
    for build in engine.builds():
        if build != index.build:
            engine.unmark(build)
