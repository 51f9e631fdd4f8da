"""Passages' vectors in FAISS: which are nearest to a question's."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
        """Writes the store to one file; OSError where it cannot."""
        import faiss

        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"the vectors cannot be written to {path}") from error

    @classmethod
    def load(cls, path: Path) -> "VectorStore":
        """The store in a file."""
        import faiss

        return cls(faiss.read_index(str(path)))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """How many numbers a row has."""
        return int(self._index.d)

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
