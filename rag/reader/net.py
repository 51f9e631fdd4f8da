"""The trained reader on ONNX Runtime: how well each sentence of a window answers, against none of it.

It reads the question and `context [SEP] sentences`, whose pieces `arrange` puts in place; training does
it with the same function. The trunk reads each by itself, the reader's own layers both together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rag.trunk import FOLDER, Trunk, trunk_of
from rag.weights import MODELS, Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

READER = MODELS / "reader"

# In pieces. Longer questions and contexts are cut; a window of 85 words has about 110 pieces.
MOST_OF_QUESTION, MOST_OF_CONTEXT, MOST_OF_SENTENCE, MOST = 48, 32, 96, 240


# What stands before either text, as in the encoder whose lowest layers the reader shares.
QUESTION, PASSAGE = "query: ", "passage: "


@dataclass(frozen=True, slots=True)
class Arranged:
    """One reading: the pieces of both texts, and for each of the window's its sentence from 1 (0: none)."""

    question: tuple[int, ...]
    window: tuple[int, ...]
    owners: tuple[int, ...]
    sentences: int

    @property
    def size(self) -> int:
        """Pieces of both texts."""
        return len(self.question) + len(self.window)


def arrange(
    question: Sequence[int],
    context: Sequence[int],
    sentences: Sequence[Sequence[int]],
    first: int,
    separator: int,
) -> Arranged:
    """Pieces of the parts in the order in which the reader wants them, cut to its length."""
    pieces = [first, *context[:MOST_OF_CONTEXT], separator]
    owners = [0] * len(pieces)
    for number, sentence in enumerate(sentences, 1):
        own = sentence[:MOST_OF_SENTENCE][: max(1, MOST - 1 - len(pieces))]
        pieces += own
        owners += [number] * len(own)
    asked = (first, *question[:MOST_OF_QUESTION], separator)
    return Arranged(asked, (*pieces, separator), (*owners, 0), len(sentences))


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
        """Whether the folded word is an ordinary one."""


class OnnxReader:
    """The shipped reader."""

    def __init__(self, folder: Path = READER, trunk: Path = FOLDER) -> None:
        self._weights = Weights(folder, "reader", (), ())
        self.name: str = self._weights.card["name"]
        self._trunk_folder = trunk

    def __call__(self, question: str, windows: Sequence[Window]) -> list[list[float]]:
        """For each window its sentences' log-odds of answering over "nothing here answers".

        One window at a time: padding to the longest would cost more than a batch saves on one core.
        """
        trunk = trunk_of(self._trunk_folder)
        asked = trunk.pieces([QUESTION + question])[0]
        found = []
        for window in windows:
            context, *sentences = trunk.pieces([PASSAGE + window.context, *window.sentences])
            arranged = arrange(asked, context, sentences, trunk.first, trunk.separator)
            found.append(self._scores(arranged, trunk))
        return found

    def knows(self, word: str) -> bool:
        """Whether the folded word is an ordinary English one."""
        return trunk_of(self._trunk_folder).knows(word)

    def _scores(self, arranged: Arranged, trunk: Trunk) -> list[float]:
        import numpy as np

        states = np.concatenate([trunk.of(arranged.question), trunk.of(arranged.window)])
        owners = np.array([0] * len(arranged.question) + list(arranged.owners))
        means = (owners == np.arange(1, arranged.sentences + 1)[:, None]).astype(np.float32)
        means /= np.maximum(means.sum(1, keepdims=True), 1)
        of = np.arange(len(states)) >= len(arranged.question)
        feed: dict[str, NDArray[Any]] = {
            "states": states[None],
            "of": of[None].astype(np.int64),
            "mask": np.ones((1, len(states)), np.float32),
            "means": means[None],
        }
        scores: NDArray[np.float32] = self._session.run(None, feed)[0][0]
        return [float(score) for score in scores[1:] - scores[0]]

    @cached_property
    def _session(self) -> Any:
        return self._weights.session()
