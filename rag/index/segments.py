"""Segments read back: what each has of its articles, and the articles in force, read when asked for."""

import mmap
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from operator import eq
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

import orjson

from rag.errors import IndexDamaged
from rag.index.builds import HEADS, REBUILD
from rag.index.parts import SHORT, Head, Part, Source, Spoken, line_of, spoken_of, sum_of, text_of
from rag.index.runs import Runs
from rag.index.vectors import Book, Short
from rag.index.words import Postings, Tokens
from rag.records import Article

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.records import Vectors

T = TypeVar("T")

# So many of the articles that were read last are kept, and so many texts: a question looks at what is said
# around some hundred passages, each perhaps of another article, and quotes a few. A text takes 10 kB and a
# tenth of a millisecond, an article with its blocks and turns five times as much.
MOST_KEPT, MOST_TEXTS = 100, 1_000


class Segment:
    """A segment's folder. What is asked of it stays open, so another process may sweep it meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        records = orjson.loads((folder / HEADS).read_bytes())
        # Where each article's line begins, how long it is, and its checksum.
        self._lines = [(int(each.pop("begins")), int(each.pop("size")), each.pop("sum")) for each in records]
        counts = [int(each.pop("passages")) for each in records]
        if min(counts, default=-1) < 0:
            raise ValueError(f"{folder / HEADS} counts {min(counts, default=-1)} passages")
        # Rows stand in the order of the articles: those of one begin and end here.
        self.edges = [0, *accumulate(counts)]
        self.heads = tuple(map(Head.read, records))

    def __len__(self) -> int:
        return len(self.heads)

    @property
    def passages(self) -> int:
        """How many passages there are in it."""
        return self.edges[-1]

    def count(self, number: int) -> int:
        """How many passages an article has."""
        return self.edges[number + 1] - self.edges[number]

    @cached_property
    def text(self) -> mmap.mmap:
        """The file of the articles."""
        with (self.folder / "articles.jsonl").open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    @cached_property
    def places(self) -> "NDArray[np.int32]":
        """The rows of its passages; the articles' numbers are those here."""
        rows: NDArray[np.int32] = self._rows("passages.npy")
        return rows

    @cached_property
    def vectors(self) -> "Vectors":
        """Their vectors."""
        rows: Vectors = self._rows("vectors.npy")
        return rows

    def _rows(self, name: str) -> Any:
        import numpy as np

        # As a plain array, which costs less to cut.
        rows = np.asarray(np.load(self.folder / name, mmap_mode="r"))
        if len(rows) != self.passages:
            raise ValueError(f"{self.folder / name} has {len(rows)} rows, {HEADS} tells {self.passages}")
        return rows

    @cached_property
    def short(self) -> Short | None:
        """Them in short, if they are."""
        return Short.load(self.folder / SHORT) if (self.folder / SHORT).is_dir() else None

    @cached_property
    def postings(self) -> Postings:
        """Which stems stand in which passages."""
        return Postings.load(self.folder / "words")

    @cached_property
    def words(self) -> Tokens:
        """The words of each passage."""
        return Tokens.load(self.folder / "words")

    @cached_property
    def beside(self) -> Tokens:
        """The words of each article that are in no passage."""
        return Tokens.load(self.folder / "beside")

    def open(self) -> "Segment":
        """The segment, every file of it open: what is read later is there whoever sweeps it meanwhile."""
        _ = self.text, self.places, self.vectors, self.short, self.postings, self.words, self.beside
        if not _is_of(self.places[:, 0], self.edges):
            raise ValueError(
                f"{self.folder / 'passages.npy'} has passages of other articles than {HEADS} tells"
            )
        counts = [len(self.postings.lengths), len(self.words), len(self.beside)]
        if counts != [self.passages, self.passages, len(self)]:
            raise ValueError(f"{self.folder} has words of {counts} texts, {HEADS} tells others")
        return self

    def line(self, number: int) -> str:
        """An article's line, which with its passages' rows has the checksum that it had; IndexDamaged."""
        begins, size, expected = self._lines[number]
        line = self.text[begins : begins + size]
        rows = self.places[self.edges[number] : self.edges[number + 1]]
        if sum_of(line, rows) != expected:
            raise IndexDamaged(
                f"{self.folder / 'articles.jsonl'} or passages.npy beside it is damaged at the article "
                f"{self.heads[number].id!r}; {REBUILD}"
            )
        return line.decode("utf-8")

    def part(self, number: int, spoken: Spoken | None = None) -> Part:
        """All that was computed of an article: as it was, or under its facts of now."""
        import numpy as np

        first, last = self.edges[number], self.edges[number + 1]
        return Part(
            self.line(number) if spoken is None else line_of(spoken),
            self.heads[number] if spoken is None else Head.of(spoken),
            self.places[first:last, 1:],
            np.array(self.vectors[first:last]),
            self.words.of(first, last),
            self.beside.of(number, number + 1),
            np.asarray(self.short.codes[first:last]) if self.short else None,
        )


def _is_of(articles: "NDArray[np.int32]", edges: Sequence[int]) -> bool:
    """Whether each row is of the article between whose edges it stands."""
    import numpy as np

    return bool(np.array_equal(articles, np.repeat(np.arange(len(edges) - 1), np.diff(edges))))


def of_passages(segments: Sequence[Segment], runs: Runs) -> Runs:
    """The runs of the passages that these runs of articles have; ValueError where they cannot be."""
    found = []
    reached = [0] * len(segments)
    for which, first, last in runs.each:
        segment = segments[which]
        if not reached[which] <= first < last <= len(segment):
            raise ValueError(f"a run from {first} to {last} is not in {segment.folder}, or not in its order")
        reached[which] = last
        if segment.edges[first] < segment.edges[last]:
            found.append((which, segment.edges[first], segment.edges[last]))
    return Runs(tuple(found))


def rows_of(segments: Sequence[Segment], runs: Runs) -> "NDArray[np.int32]":
    """The rows of all passages in force, with the articles' numbers among all."""
    import numpy as np

    if len(segments) == 1 and runs == Runs.whole(len(segments[0])):
        return segments[0].places
    found, start = [], 0
    for which, first, last in runs.each:
        segment = segments[which]
        rows = np.array(segment.places[segment.edges[first] : segment.edges[last]])
        rows[:, 0] += start - first
        found.append(rows)
        start += last - first
    return np.concatenate(found)


class Lazy(Sequence[T]):
    """A sequence whose items are made when they are asked for."""

    def __init__(self, count: int, get: Callable[[int], T]) -> None:
        self._count, self._get = count, get

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int) -> T: ...

    @overload
    def __getitem__(self, number: slice) -> tuple[T, ...]: ...

    def __getitem__(self, number: int | slice) -> T | tuple[T, ...]:
        if isinstance(number, slice):
            return tuple(map(self._get, range(*number.indices(self._count))))
        return self._get(range(self._count)[number])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]


class Asked(Sequence[str]):
    """Texts, each once, that are read only as far as is looked."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._rest, self._found = texts, dict[str, None]()
        self._lock = threading.Lock()

    def _upto(self, count: int | None) -> list[str]:
        with self._lock:
            while (count is None or len(self._found) < count) and (
                text := next(self._rest, None)
            ) is not None:
                self._found[text] = None
            return list(self._found)

    @overload
    def __getitem__(self, number: int) -> str: ...

    @overload
    def __getitem__(self, number: slice) -> tuple[str, ...]: ...

    def __getitem__(self, number: int | slice) -> str | tuple[str, ...]:
        if isinstance(number, slice):
            near = number.stop is not None and number.stop >= 0 and (number.start or 0) >= 0
            return tuple(self._upto(number.stop if near else None)[number])
        return self._upto(number + 1 if number >= 0 else None)[number]

    def __len__(self) -> int:
        return len(self._upto(None))

    def __iter__(self) -> Iterator[str]:
        return iter(self._upto(None))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]


class _Text:
    """Reads an article's text. One that was set, as of a copy with other facts, goes first."""

    def __get__(self, article: "Stored", owner: type["Stored"]) -> str:
        read: Callable[[], str] = article.__dict__["_read"]
        return read()


class Stored(Article):
    """An article whose facts are at hand, and whose text is read when it is looked at."""

    @classmethod
    def of(cls, head: Head, read: Callable[[], str]) -> "Stored":
        """The article of a head; `read` gets its text."""
        made = object.__new__(cls)
        names = ("id", "language", "people", "publisher", "title", "date", "url")
        made.__dict__.update({name: getattr(head, name) for name in names}, _read=read)
        return made

    text = _Text()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Article) and _facts(self) == _facts(other)

    def __hash__(self) -> int:
        return hash(_facts(self))

    def __reduce__(self) -> tuple[type[Article], tuple[Any, ...]]:
        return Article, _facts(self)


def _facts(article: Article) -> tuple[Any, ...]:
    return tuple(getattr(article, name) for name in Article.__dataclass_fields__)


class Stock(Sequence[Spoken]):
    """The articles in force with who says what in each, read when they are asked for."""

    def __init__(self, segments: Sequence[Segment], runs: Runs) -> None:
        self._segments, self._runs = segments, runs
        self.heads = tuple(
            head for which, first, last in runs.each for head in segments[which].heads[first:last]
        )
        # The text of an article, and all that is said in it.
        self.text = lru_cache(MOST_TEXTS)(lambda number: text_of(self._line(number)))
        self._spoken = lru_cache(MOST_KEPT)(lambda number: spoken_of(self._line(number)))

    def _line(self, number: int) -> str:
        which, own = self._runs.at(number)
        return self._segments[which].line(own)

    def articles(self) -> tuple[Article, ...]:
        """All articles; their texts are read when they are looked at."""
        return tuple(
            Stored.of(head, lambda number=number: self.text(number))  # type: ignore[misc]
            for number, head in enumerate(self.heads)
        )

    def __len__(self) -> int:
        return len(self._runs)

    @overload
    def __getitem__(self, number: int) -> Spoken: ...

    @overload
    def __getitem__(self, number: slice) -> tuple[Spoken, ...]: ...

    def __getitem__(self, number: int | slice) -> Spoken | tuple[Spoken, ...]:
        if isinstance(number, slice):
            return tuple(map(self._spoken, range(*number.indices(len(self)))))
        return self._spoken(range(len(self))[number])


class Held(Mapping[str, Spoken]):
    """The same by the articles' ids."""

    def __init__(self, names: Sequence[str], spoken: Sequence[Spoken]) -> None:
        self._numbers = {name: number for number, name in enumerate(names)}
        self._spoken = spoken

    def __getitem__(self, name: str) -> Spoken:
        return self._spoken[self._numbers[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, name: object) -> bool:
        return name in self._numbers


class Kept:
    """An index in force, as far as the next one may leave it or take over from it."""

    def __init__(self, folders: Sequence[Path], runs: Runs) -> None:
        self.segments = [Segment(folder) for folder in folders]
        of_passages(self.segments, runs)
        # The segment of each article by its id, and its number there.
        self.at = {
            self.segments[which].heads[number].id: (which, number)
            for which, first, last in runs.each
            for number in range(first, last)
        }

    @property
    def book(self) -> Book | None:
        """What the parts' codes were made with."""
        return next((each.short.book for each in self.segments if each.short), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of its articles, in order."""
        return tuple(self.at)

    def __contains__(self, article: str) -> bool:
        return article in self.at

    def head(self, article: str) -> Head:
        """What is known of the article."""
        which, number = self.at[article]
        return self.segments[which].heads[number]

    def source(self, article: str) -> Source:
        """What the article's part was made of."""
        return self.head(article).source

    def spoken(self, article: str) -> Spoken:
        """The article and who says what in it."""
        which, number = self.at[article]
        return spoken_of(self.segments[which].line(number))

    def part(self, article: str, spoken: Spoken | None = None) -> Part:
        """All that was computed of the article: as it was, or under its facts of now."""
        which, number = self.at[article]
        return self.segments[which].part(number, spoken)

    def count(self, article: str) -> int:
        """How many passages it has."""
        which, number = self.at[article]
        return self.segments[which].count(number)
