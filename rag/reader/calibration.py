"""What is known of sentences, to probabilities: one small monotone model with named weights.

Three questions, three scores. Which sentence comes first is told best by the reader and the vectors
together; whether anybody answers, by the reader alone (what is near in the vectors is as near where it
does not answer); whether a given sentence is right, by both. Fitted by `python -m training.calibrate`
on development questions; the weights lie beside the reader in calibration.json, whose sum is on its card.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.errors import ModelError
from rag.reader.net import READER
from rag.weights import Weights

FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a sentence: the more of each, the likelier it answers.

    `margin` is the reader's log-odds over "nothing here answers", `nearness` the cosine with the
    question, `words` the share of the question's telling words that it holds, weighted by rarity.
    """

    margin: float
    nearness: float
    words: float


@dataclass(frozen=True, slots=True)
class Judged:
    """How probable it is that anybody answers, and for each sentence that it does; 0 to 1."""

    anybody: float
    each: tuple[float, ...]
    order: tuple[int, ...]  # positions of the sentences, best first


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights, all but the constants at least 0.

    A sentence's rank is margin, nearness and words by weight; its share is that of its rank in the
    softmax over all that was read. `total` is the log of the summed odds of all margins.
    """

    margin: float
    nearness: float
    words: float
    anybody_total: float
    anybody_constant: float
    right_total: float
    right_share: float
    right_constant: float
    figures: Any = field(default=None, compare=False)

    def judge(self, evidence: Sequence[Evidence]) -> Judged:
        """What the evidence of one question's sentences comes to."""
        if not evidence:
            return Judged(0.0, (), ())
        ranks = [
            self.margin * each.margin + self.nearness * each.nearness + self.words * each.words
            for each in evidence
        ]
        total, whole = _log_sum([each.margin for each in evidence]), _log_sum(ranks)
        each = tuple(
            _chance(self.right_total * total + self.right_share * (rank - whole) + self.right_constant)
            for rank in ranks
        )
        order = sorted(range(len(ranks)), key=lambda at: -ranks[at])
        return Judged(_chance(self.anybody_total * total + self.anybody_constant), each, tuple(order))


def _log_sum(values: Sequence[float]) -> float:
    most = max(values)
    return most + math.log(sum(math.exp(value - most) for value in values))


def _chance(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, odds))))


def shipped(folder: Path = READER) -> dict[str, Calibration]:
    """The calibrations that lie beside the reader, by name."""
    text = Weights(folder, "calibration", (), ()).text(FILE)
    try:
        return {name: Calibration(**row) for name, row in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise ModelError(
            f"no calibration in {folder} ({type(error).__name__}: {error}); restore it from the repository"
        ) from None
