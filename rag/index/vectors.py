"""Passages' vectors: rows on disk, searched with FAISS; very many by what is kept of each in short."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from rag.index.runs import Rows, Runs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.records import Vectors

    Codes = NDArray[np.uint8]

# Up to here every row is looked at, and all are in memory; from here on codes are, and rows stay on disk.
# Looking at each of 10,000 takes 0.6 ms and of 100,000 33 ms: `python -m benchmarks.scale`, which tells the
# recall too. What other ways take: `python -m benchmarks.vectors`.
MOST_EXACT = 50_000

# A row, less the mean row, is told along other axes, and three numbers at a time become one of 16 points that
# were chosen for them: a 24th of the room. The axes are those of greatest scatter, dealt out so that each
# three have as much of it: as the numbers stand .92 of the nearest are found where so .975 are, and in pairs,
# with half as much again to look at, .991 (200,000 rows, 400 looked at). FAISS's own way to such axes (OPQ)
# takes four minutes and finds .92. Lists of neighbours are no way: questions lie apart from all sentences.
THREE, POINTS = 3, 16
# So many rows that the codes put up are looked at themselves. Of the 50 nearest of 1,000,000 are found: with
# 400 .964, 600 .985, 800 .993, all in 8 to 9 ms; from a disk that is slow more take longer.
LOOKED_AT = 600
# Of a filter that keeps no more than this the rows themselves are looked at (0.8 ms for each 1,000) …
MOST_GATHERED = 8_000
# … of one that keeps no more than this share its codes alone, gathered and packed (0.11 ms for each
# 1,000); else those of all (8 to 12 ms of 1,000,000), and more rows are put up instead.
MOST_PACKED = 0.08

# The points are chosen over so many rows, evenly spaced, in under 2 s; anew when there are so many times more
# rows than then.
TRAINED_ON, OUTGROWN = 20_000, 4
_AT_ONCE = 50_000


class VectorStore:
    """Rows by inner product; a row's number is its passage's. Exact up to MOST_EXACT rows."""

    def __init__(
        self, index: Any, rows: "Rows | None" = None, book: "Book | None" = None, codes: "Rows | None" = None
    ) -> None:
        self._index = index  # FAISS over all rows, or over the codes of all
        self._rows = rows
        self._short = (book, codes) if book is not None and codes is not None else None

    @classmethod
    def build(cls, rows: "Vectors") -> "VectorStore":
        """An exact store of the rows, in memory."""
        import faiss

        index = faiss.IndexFlatIP(rows.shape[1])
        index.add(rows)
        return cls(index)

    def save(self, path: Path) -> None:
        """Writes the rows to one file; OSError where it cannot."""
        with RowFile(path) as file:
            file.append(self.rows(0, len(self)))

    @classmethod
    def load(cls, path: Path, short: Path | None = None) -> "VectorStore":
        """The store of the rows in a file; where `short` has their codes the rows stay on disk."""
        import numpy as np

        rows = np.load(path, mmap_mode="r")
        codes = Short.load(short) if short is not None and short.is_dir() else None
        return cls.over([rows], [codes], Runs.whole(len(rows)))

    @classmethod
    def over(cls, files: "Sequence[Vectors]", short: "Sequence[Short | None]", runs: Runs) -> "VectorStore":
        """The store of several files' rows as `runs` has them, and of their codes where all have some."""
        import faiss

        rows = Rows(files, runs)
        known = [each for each in short if each is not None]
        for each, own in zip(short, files, strict=True):
            if each is not None:
                each.check(own, known[0].book)
        if len(known) < len(files) or len(runs) <= MOST_EXACT:
            index = faiss.IndexFlatIP(rows.shape[1])
            for file, first, last in runs.each:
                index.add(files[file][first:last])
            return cls(index)
        book, codes = known[0].book, [each.codes for each in known]
        return cls(book.scan(runs.taken(codes)), rows, book, Rows(codes, runs))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """How many numbers a row has."""
        return int(self._index.d) if self._rows is None else self._rows.shape[1]

    def rows(self, start: int, stop: int) -> "Vectors":
        """The rows from `start` up to `stop`, as they were put in."""
        import numpy as np

        rows: Vectors = (
            self._index.reconstruct_n(start, stop - start)
            if self._rows is None
            else np.array(self._rows[start:stop])
        )
        return rows

    def nearest(self, row: "Vectors", count: int, among: "NDArray[np.int64] | None") -> list[int]:
        """Numbers of the `count` passages nearest to `row`, of those `among`, nearest first.

        Above MOST_EXACT passages a few of them may be missed for the next ones.
        """
        import faiss

        if self._short is not None:
            return self._best(row, count, self._put_up(*self._short, row, count, among))
        params = None
        if among is not None:
            # Its stub leaves the keyword out.
            params = faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]
        _, numbers = self._index.search(row[None, :], min(count, len(self)), params=params)
        return [int(number) for number in numbers[0] if number >= 0]

    def _put_up(
        self, book: "Book", codes: Rows, row: "Vectors", count: int, among: "NDArray[np.int64] | None"
    ) -> "NDArray[np.int64]":
        """The numbers of some passages that have the nearest among them."""
        import numpy as np

        wanted, row = max(LOOKED_AT, count * LOOKED_AT // 50), book.turned(row)
        if among is None:
            return _searched(self._index, row, wanted)
        if len(among) <= max(MOST_GATHERED, wanted):
            return among
        if len(among) <= MOST_PACKED * len(self):
            return among[_searched(book.scan(codes[among]), row, wanted)]
        competes = np.zeros(len(self), bool)
        competes[among] = True
        found = _searched(self._index, row, wanted * len(self) // len(among))
        return found[competes[found]][:wanted]

    def _best(self, row: "Vectors", count: int, numbers: "NDArray[np.int64]") -> list[int]:
        import numpy as np

        numbers = np.sort(numbers)
        order = np.argsort(-self.scores(row, numbers), kind="stable")[:count]
        return [int(number) for number in numbers[order]]

    def scores(self, row: "Vectors", numbers: "Sequence[int] | NDArray[np.int64]") -> "Vectors":
        """Inner product of `row` with each of the numbered passages."""
        import numpy as np

        wanted = np.asarray(numbers, np.int64)
        rows = self._index.reconstruct_batch(wanted) if self._rows is None else self._rows[wanted]
        scores: Vectors = rows @ row
        return scores


def _searched(index: Any, row: "Vectors", count: int) -> "NDArray[np.int64]":
    _, numbers = index.search(row[None, :], min(count, index.ntotal))
    found: NDArray[np.int64] = numbers[0][numbers[0] >= 0]
    return found


@contextmanager
def _one_thread() -> Iterator[None]:
    """FAISS works with one thread: over the thousand small steps of training more wait for each other."""
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def may_be_short(count: float) -> bool:
    """Whether so many rows are kept in short."""
    return count > MOST_EXACT


def _threes(dimension: int) -> int:
    """How many threes of axes there are for rows of so many numbers: an even number, as two share a byte."""
    return 2 * -(-dimension // (2 * THREE))


def _axes(rows: "Vectors") -> "Vectors":
    """Axes for rows around zero: by scatter, the greatest first, each to the three that have least so far."""
    import numpy as np

    scatter, found = np.linalg.eigh(np.atleast_2d(np.cov(rows.T)))
    # What three have together is the product of it, so the room that they need is the sum of logarithms.
    room = np.log(scatter.clip(min=max(scatter.max() * 1e-9, 1e-30)))
    threes: list[list[int]] = [[] for _ in range(_threes(rows.shape[1]))]
    taken = [0.0] * len(threes)
    for axis in np.argsort(-scatter).tolist():
        least = min((number for number, own in enumerate(threes) if len(own) < THREE), key=taken.__getitem__)
        threes[least].append(axis)
        taken[least] += float(room[axis] - room.min())
    axes: Vectors = np.zeros((len(threes) * THREE, rows.shape[1]), np.float32)
    for number, own in enumerate(threes):
        axes[number * THREE : number * THREE + len(own)] = found.T[own]
    return axes


@dataclass(frozen=True)
class Book:
    """What codes are made with: the mean row, axes, and 16 points for each three of them.

    `rows` is how many there were when they were chosen. Taking the mean away changes no order, and a turn to
    other axes no product.
    """

    mean: "Vectors"
    axes: "Vectors"  # a row each; of zeros where there are more than numbers in a row
    points: "Vectors"
    rows: int

    @classmethod
    def of(cls, rows: "Vectors") -> "Book | None":
        """The book for these rows, the same for the same ones; None where it takes none."""
        import faiss
        import numpy as np

        if not may_be_short(len(rows)):
            return None
        sample = np.array(rows[:: -(-len(rows) // TRAINED_ON)])
        mean: Vectors = sample.mean(axis=0)
        axes = _axes(sample - mean)
        # With a seed of its own, always the same.
        index = faiss.IndexPQ(len(axes), len(axes) // THREE, 4, faiss.METRIC_INNER_PRODUCT)
        with _one_thread():
            index.train((sample - mean) @ axes.T)
        points = faiss.vector_to_array(index.pq.centroids).reshape(-1, POINTS, THREE)
        return cls(mean, axes, points, len(rows))

    def short(self, rows: "Vectors", known: "Sequence[Codes | int]") -> "Short":
        """The rows in short; `known` are in their order codes that it made, or how many it has not seen."""
        import numpy as np

        codes, at = np.empty((len(rows), len(self.points) // 2), np.uint8), 0
        for each in known:
            if isinstance(each, int):
                for first in range(at, at + each, _AT_ONCE):
                    last = min(first + _AT_ONCE, at + each)
                    codes[first:last] = self.codes(np.array(rows[first:last]))
                at += each
            else:
                codes[at : at + len(each)] = each
                at += len(each)
        return Short(self, codes)

    def fits(self, rows: "Vectors") -> bool:
        """Whether it can serve for these rows too."""
        return MOST_EXACT < len(rows) <= self.rows * OUTGROWN and rows.shape[1:] == self.mean.shape

    def codes(self, rows: "Vectors") -> "Codes":
        """The rows in short."""
        codes: Codes = self._index().sa_encode((rows - self.mean) @ self.axes.T)
        return codes

    def turned(self, row: "Vectors") -> "Vectors":
        """A question's row along the axes, as codes are searched with it."""
        turned: Vectors = self.axes @ row
        return turned

    def scan(self, codes: "Codes") -> Any:
        """FAISS over the codes, all in memory; it searches by what they stand for."""
        import faiss
        import numpy as np

        index = self._index()
        faiss.copy_array_to_vector(np.ascontiguousarray(codes).reshape(-1), index.codes)
        index.ntotal = len(codes)
        return faiss.IndexPQFastScan(index)

    def _index(self) -> Any:
        import faiss

        index = faiss.IndexPQ(len(self.axes), len(self.points), 4, faiss.METRIC_INNER_PRODUCT)
        faiss.copy_array_to_vector(self.points.reshape(-1), index.pq.centroids)
        index.is_trained = True
        return index


@dataclass(frozen=True)
class Short:
    """All rows in short, and the book that they are made with."""

    book: Book
    codes: "Codes"

    @classmethod
    def of(cls, rows: "Vectors", book: Book | None, known: "Sequence[Codes | int]") -> "Short | None":
        """The rows in short; None where there are so few that all are looked at.

        See `Book.short`. A book that has been outgrown makes way for a new one.
        """
        if book is None or not book.fits(rows):
            if (book := Book.of(rows)) is None:
                return None
            known = [len(rows)]
        return book.short(rows, known)

    def check(self, rows: "Vectors", book: Book) -> None:
        """Nothing; ValueError where it is none of these rows, unseen by FAISS, or of another book."""
        import numpy as np

        (count, dimension), threes = rows.shape, _threes(rows.shape[1])
        own = (self.book.mean, self.book.axes, self.book.points)
        shapes = [each.shape for each in (*own, self.codes)]
        wanted = [(dimension,), (threes * THREE, dimension), (threes, POINTS, THREE), (count, threes // 2)]
        if shapes != wanted:
            raise ValueError(f"what is in short has the shapes {shapes}, the rows have {rows.shape}")
        kinds = [each.dtype.name for each in (*own, self.codes)]
        if kinds != ["float32", "float32", "float32", "uint8"]:
            raise ValueError(f"what is in short is of the kinds {kinds}")
        if not all(map(np.array_equal, own, (book.mean, book.axes, book.points))):
            raise ValueError("what is in short was made with two books")

    def save(self, folder: Path) -> None:
        """Writes it to a folder."""
        import numpy as np

        np.save(folder / "mean.npy", self.book.mean)
        np.save(folder / "axes.npy", self.book.axes)
        np.save(folder / "points.npy", self.book.points)
        np.save(folder / "codes.npy", self.codes)
        (folder / "book.json").write_text(json.dumps({"rows": self.book.rows}), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Short":
        """What is in a folder; the codes stay on disk."""
        import numpy as np

        about = json.loads((folder / "book.json").read_text("utf-8"))
        mean, axes, points = (np.load(folder / f"{name}.npy") for name in ("mean", "axes", "points"))
        book = Book(mean, axes, points, int(about["rows"]))
        return cls(book, np.load(folder / "codes.npy", mmap_mode="r"))


class RowFile:
    """A NumPy file that rows are appended to, so that never more than a few are in memory."""

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("wb")
        self._count = 0
        self._dimension: int | None = None

    def append(self, rows: "Vectors") -> None:
        """Writes more rows, all of one length."""
        import numpy as np

        if self._dimension is None:
            self._dimension = rows.shape[1]
            self._head()
        if rows.shape[1] != self._dimension:
            raise ValueError(f"rows of {rows.shape[1]} numbers do not fit rows of {self._dimension}")
        self._file.write(np.ascontiguousarray(rows, np.float32).data)
        self._count += len(rows)

    def __enter__(self) -> "RowFile":
        return self

    def __exit__(self, *error: object) -> None:
        with self._file:
            if error[0] is None and self._dimension is not None:
                # NumPy leaves room in the header for a first axis that grows.
                self._file.seek(0)
                self._head()

    def _head(self) -> None:
        from numpy.lib import format as npy

        shape = (self._count, self._dimension)
        npy.write_array_header_1_0(self._file, {"descr": "<f4", "fortran_order": False, "shape": shape})
