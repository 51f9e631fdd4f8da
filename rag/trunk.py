"""The lowest layers of the encoder and of the reader: pieces of one text to states.

Both models start with the same four layers, unchanged. They read every text by itself, so a window's
states are the same for every question and can be kept.
"""

from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.weights import MODELS, Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER = MODELS / "trunk"

# Layers of the base that are shared.
SHARED = 4

# Texts whose states are kept, about 150 kB each: the windows of an article and the latest questions.
KEPT = 200

Pieces = tuple[int, ...]


class Trunk:
    """The tokenizer, the shared layers, and the list of ordinary words."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._weights = Weights(folder, "trunk", (), ("first", "separator", "padding"))
        self.first: int = self._weights.card["first"]
        self.separator: int = self._weights.card["separator"]
        self._padding: int = self._weights.card["padding"]
        self._kept: OrderedDict[Pieces, NDArray[Any]] = OrderedDict()

    @property
    def ready(self) -> bool:
        """True, once the tokenizer and the layers are loaded."""
        return bool(self._tokenizer and self._session)

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Each text's pieces, without special ones."""
        return [found.ids for found in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def knows(self, word: str) -> bool:
        """Whether the folded word is an ordinary English one."""
        return word in self._words

    def states(self, texts: Sequence[Pieces]) -> tuple["NDArray[Any]", "NDArray[Any]"]:
        """States of texts, shape (texts, longest, size), and the mask of what is a piece; both float32."""
        import numpy as np

        longest = max(map(len, texts))
        pieces = np.full((len(texts), longest), self._padding, np.int64)
        mask = np.zeros((len(texts), longest), np.float32)
        for row, text in enumerate(texts):
            pieces[row, : len(text)] = text
            mask[row, : len(text)] = 1
        states: NDArray[Any] = self._session.run(None, {"pieces": pieces, "mask": mask})[0]
        return states, mask

    def of(self, text: Pieces) -> "NDArray[Any]":
        """One text's states, shape (pieces, size), kept from the last time if it was not long ago."""
        kept = self._kept.pop(text, None)
        if kept is None:
            kept = self.states([text])[0][0]
        self._kept[text] = kept
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return kept

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = self._weights.tokenizer()
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self._weights.text("words.txt").split())

    @cached_property
    def _session(self) -> Any:
        return self._weights.session()


@lru_cache
def trunk_of(folder: Path = FOLDER) -> Trunk:
    """The one trunk of a folder, which encoder and reader share."""
    return Trunk(folder)
