"""Rows of several files put one after another: which stands where, without copying any."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Runs:
    """Stretches of rows (file, first, last) in the order of all; rows that are in none have been removed."""

    each: tuple[tuple[int, int, int], ...]

    @classmethod
    def whole(cls, count: int) -> "Runs":
        """All the rows of one file."""
        return cls(((0, 0, count),))

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int]]) -> "Runs":
        """The fewest stretches that have these rows (file, number) in this order."""
        found: list[tuple[int, int, int]] = []
        for file, row in rows:
            if found and found[-1][0] == file and found[-1][2] == row:
                found[-1] = file, found[-1][1], row + 1
            else:
                found.append((file, row, row + 1))
        return cls(tuple(found))

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(last - first for _, first, last in self.each))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def at(self, number: int) -> tuple[int, int]:
        """The file of a row, and its number there; IndexError where there is no such row."""
        if not 0 <= number < len(self):
            raise IndexError(f"there is no row {number} among {len(self)}")
        place = bisect_right(self._ends, number)
        file, _, last = self.each[place]
        return file, last - (self._ends[place] - number)

    def among(self, numbers: "NDArray[np.int64]") -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
        """The same for many rows."""
        import numpy as np

        each = np.array(self.each, np.int64).reshape(-1, 3)
        ends = np.array(self._ends, np.int64)
        place = np.searchsorted(ends, numbers, side="right")
        return each[place, 0], each[place, 2] - (ends[place] - numbers)

    def places(self, file: int, count: int) -> "NDArray[np.int32] | None":
        """Where each of a file's `count` rows stands among all, -1 for nowhere; None where as in the file."""
        import numpy as np

        if self._own(file) == [(0, 0, count)]:
            return None
        found = np.full(count, -1, np.int32)
        for start, first, last in self._own(file):
            found[first:last] = np.arange(start, start + last - first)
        return found

    def _own(self, file: int) -> list[tuple[int, int, int]]:
        starts = zip([0, *self._ends], self.each, strict=False)
        return [(start, first, last) for start, (which, first, last) in starts if which == file]

    def taken(self, files: "Sequence[NDArray[Any]]") -> "NDArray[Any]":
        """The rows of all, in order; where all are one file's, that file itself."""
        import numpy as np

        if self == Runs.whole(len(files[0])):
            return files[0]
        return np.concatenate([files[file][first:last] for file, first, last in self.each] or [files[0][:0]])


@dataclass(frozen=True)
class Rows:
    """The rows of several files as those of one; they stay on disk until they are asked for."""

    files: "Sequence[NDArray[Any]]"
    runs: Runs

    def __len__(self) -> int:
        return len(self.runs)

    @property
    def shape(self) -> tuple[int, int]:
        """How many there are, and how many numbers each has."""
        return len(self), int(self.files[0].shape[1])

    def __getitem__(self, numbers: "NDArray[np.int64] | slice") -> "NDArray[Any]":
        import numpy as np

        if self.runs == Runs.whole(len(self.files[0])):
            return self.files[0][numbers]
        if isinstance(numbers, slice):
            numbers = np.arange(*numbers.indices(len(self)))
        found = np.empty((len(numbers), self.shape[1]), self.files[0].dtype)
        files, rows = self.runs.among(numbers)
        for file in np.unique(files).tolist():
            own = files == file
            found[own] = self.files[file][rows[own]]
        return found
