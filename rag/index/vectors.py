"""Passages' vectors: rows on disk, searched with FAISS."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.records import Vectors


class VectorStore:
    """An exact inner-product index; a row's number is its passage's."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, rows: "Vectors") -> "VectorStore":
        """A store of the rows."""
        import faiss

        index = faiss.IndexFlatIP(rows.shape[1])
        index.add(rows)
        return cls(index)

    def save(self, path: Path) -> None:
        """Writes the rows to one file; OSError where it cannot."""
        with RowFile(path) as file:
            file.append(self.rows(0, len(self)))

    @classmethod
    def load(cls, path: Path) -> "VectorStore":
        """The store of the rows in a file."""
        import numpy as np

        return cls.build(np.load(path, mmap_mode="r"))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """How many numbers a row has."""
        return int(self._index.d)

    def rows(self, start: int, stop: int) -> "Vectors":
        """The rows from `start` up to `stop`, as they were put in."""
        rows: Vectors = self._index.reconstruct_n(start, stop - start)
        return rows

    def nearest(self, row: "Vectors", count: int, among: "NDArray[np.int64] | None") -> list[int]:
        """Numbers of the `count` passages nearest to `row`, of those `among`, nearest first."""
        import faiss

        params = None
        if among is not None:
            # Its stub leaves the keyword out.
            params = faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]
        _, numbers = self._index.search(row[None, :], min(count, len(self)), params=params)
        return [int(number) for number in numbers[0] if number >= 0]

    def scores(self, row: "Vectors", numbers: Sequence[int]) -> "Vectors":
        """Inner product of `row` with each of the numbered passages."""
        import numpy as np

        scores: Vectors = self._index.reconstruct_batch(np.array(numbers, np.int64)) @ row
        return scores


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


def rows_of(path: Path, start: int, stop: int) -> "Vectors":
    """Some rows of a file; the rest of it stays on disk."""
    import numpy as np

    return np.array(np.load(path, mmap_mode="r")[start:stop])
