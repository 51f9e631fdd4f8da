"""The engine that needs nothing beside the index: FAISS over its vectors, BM25 over its words."""

from typing import TYPE_CHECKING

from rag.records import Among

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.index import Index
    from rag.records import Vectors


class Embedded:
    """A `Store` over an index in this process."""

    def __init__(self, index: "Index") -> None:
        self._index = index

    def put_up(self, row: "Vectors", question: str, count: int, among: Among) -> list[int]:
        """See `Store`."""
        numbers = self._among(among)
        if numbers is not None and not len(numbers):
            return []
        by_vectors = self._index.vectors.nearest(row, count, numbers)
        return list(dict.fromkeys([*by_vectors, *self._index.words.nearest(question, count, numbers)]))

    def near(self, row: "Vectors", count: int) -> list[int]:
        """See `Store`."""
        return self._index.vectors.nearest(row, count, None)

    def _among(self, among: Among) -> "NDArray[np.int64] | None":
        """The passages that compete; None for all."""
        import numpy as np

        if among == Among():
            return None
        index = self._index
        compete = np.ones(len(index.passages), bool)
        if among.speakers is not None:
            # One place more for those whose speaker is unknown, whose number is -1.
            wanted = np.array([name in among.speakers for name in index.speakers] + [False])
            compete &= wanted[index.speaker_of]
        if among.articles is not None:
            wanted = np.zeros(len(index.articles), bool)
            wanted[list(among.articles)] = True
            compete &= wanted[index.article_of]
        return np.flatnonzero(compete)
