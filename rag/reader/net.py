"""The trained reader on ONNX Runtime: how well each sentence of a window answers, against none of it.

It reads `question [SEP] context [SEP] sentences`, pieces of which `arrange` puts in place; training
does it with the same function.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rag.weights import MODELS, Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

READER, MULTILINGUAL = MODELS / "reader", MODELS / "reader-multilingual"

# In pieces. Longer questions and contexts are cut; a window of 85 words has about 110 pieces.
MOST_OF_QUESTION, MOST_OF_CONTEXT, MOST_OF_SENTENCE, MOST = 48, 32, 96, 240


@dataclass(frozen=True, slots=True)
class Arranged:
    """One reading: its pieces, and for each the number of its sentence from 1 (0: of none)."""

    pieces: tuple[int, ...]
    owners: tuple[int, ...]
    sentences: int


def arrange(
    question: Sequence[int],
    context: Sequence[int],
    sentences: Sequence[Sequence[int]],
    first: int,
    separator: int,
) -> Arranged:
    """Pieces of the parts in the order in which the reader wants them, cut to its length."""
    pieces = [first, *question[:MOST_OF_QUESTION], separator, *context[:MOST_OF_CONTEXT], separator]
    owners = [0] * len(pieces)
    for number, sentence in enumerate(sentences, 1):
        own = sentence[:MOST_OF_SENTENCE][: max(1, MOST - 1 - len(pieces))]
        pieces += own
        owners += [number] * len(own)
    return Arranged((*pieces, separator), (*owners, 0), len(sentences))


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring sentences of one turn, and what is known of them: who speaks, what was asked."""

    sentences: tuple[str, ...]
    context: str = ""


class Read(Protocol):
    """What decides needs of a reader."""

    def __call__(self, question: str, windows: Sequence[Window]) -> list[list[float]]:
        """For each window its sentences' log-odds of answering over "nothing here answers"."""

    def knows(self, word: str) -> bool:
        """Whether the folded word is one whole piece of the vocabulary: an ordinary word."""


class OnnxReader:
    """The shipped reader."""

    def __init__(self, folder: Path = READER) -> None:
        self._weights = Weights(folder, "reader", (), ("first", "separator"))
        card = self._weights.card
        self.name: str = card["name"]
        self._first: int = card["first"]
        self._separator: int = card["separator"]

    def __call__(self, question: str, windows: Sequence[Window]) -> list[list[float]]:
        """For each window its sentences' log-odds of answering over "nothing here answers".

        One window at a time: padding to the longest would cost more than a batch saves on one core.
        """
        asked = self._pieces([question])[0]
        found = []
        for window in windows:
            context, *sentences = self._pieces([window.context, *window.sentences])
            found.append(self._scores(arrange(asked, context, sentences, self._first, self._separator)))
        return found

    def knows(self, word: str) -> bool:
        """Whether the folded word is one whole piece of the vocabulary: an ordinary word."""
        return self._tokenizer.token_to_id(word) is not None

    def _scores(self, arranged: Arranged) -> list[float]:
        import numpy as np

        owners = np.array(arranged.owners)
        means = (owners == np.arange(1, arranged.sentences + 1)[:, None]).astype(np.float32)
        means /= np.maximum(means.sum(1, keepdims=True), 1)
        feed: dict[str, NDArray[Any]] = {
            "input_ids": np.array([arranged.pieces], np.int64),
            "attention_mask": np.ones((1, len(arranged.pieces)), np.int64),
            "means": means[None],
        }
        scores: NDArray[np.float32] = self._session.run(None, feed)[0][0]
        return [float(score) for score in scores[1:] - scores[0]]

    def _pieces(self, texts: Sequence[str]) -> list[list[int]]:
        return [found.ids for found in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = self._weights.tokenizer()
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        return self._weights.session()
