"""Fits the order and the probability of answers on development questions.

    python -m training.calibrate [--gold FOLDER]

Over the seed, over interviews with given speakers and over the held-out interviews of training, every
question's passages are found and read as the product does it. The order is fitted so that a right
sentence comes first, the probabilities so that they come true; all weights but the constants are at
least 0, so that more evidence never counts against a sentence. Writes calibration.json beside the reader.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpora import DATA
from benchmarks.interviews import labelled as in_blocks
from benchmarks.interviews import read_gold
from rag import index as indexes
from rag.bot import Bot
from rag.encoder import OnnxEncoder
from rag.evaluate import Labelled, calibration_error, read_questions, read_rows
from rag.language import Language, language_of
from rag.reader import TrainedReader, calibration
from rag.reader.calibration import Calibration, Evidence
from rag.reader.net import READER
from rag.reading import read
from rag.records import Article, Span
from training.cards import renew_card
from training.data import HELD_OUT, INTERVIEWS, spoken

HOME = Path(__file__).parent.parent
QUESTIONS = HOME / "tests" / "questions"
NAMES = [field.name for field in fields(Evidence)]
NEAR = ("near_topic", "near", "premise")
# Held-out interviews in the seed's style and others, with questions about other things among theirs.
WRITTEN = tuple(name for name in HELD_OUT if name[0] in "kr")


@dataclass(frozen=True, slots=True)
class Read:
    """One question's read passages: evidence (n, features) in the order of the hits, and which are right."""

    source: str
    kind: str
    question: str
    language: Language
    answerable: bool
    evidence: NDArray[np.float64]
    right: NDArray[np.bool_]


def main() -> None:
    """Nothing; writes calibration.json and prints its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--gold", type=Path, default=DATA / "interviews" / "gold")
    given = parser.parse_args()
    rows = list(readings(given.gold))
    fitted = calibrations([row for row in rows if len(row.right)])
    print(json.dumps({name: row["figures"] for name, row in fitted.items()}, indent=1))
    (READER / calibration.FILE).write_text(json.dumps(fitted, indent=1) + "\n", "utf-8")
    renew_card(READER)


def calibrations(rows: Sequence[Read]) -> dict[str, dict[str, Any]]:
    """The calibrations by what they are for; see TrainedReader."""
    english = [row for row in rows if row.language == "en"]
    others = [row for row in rows if row.language != "en"]
    return {
        "en": fit(english),
        "other": fit(others),
        "plain": fit(english, without="nearness"),
    }


def readings(gold: Path) -> Iterator[Read]:
    """Every development question, found and read."""
    encoder, reader = OnnxEncoder(), TrainedReader.shipped()
    seed = read(HOME / "seeds" / "usip-venezuela-2022.txt")
    bot = Bot(indexes.build([seed], encoder), encoder, reader)
    asked = [row for row in read_questions(QUESTIONS / "dev.jsonl") if not row.history]
    yield from _read(bot, seed, "seed", asked)
    rows = read_rows(QUESTIONS / "dev-interviews.jsonl")
    for name in dict.fromkeys(row["article"] for row, _ in rows):
        interview = read_gold(name, [row for row, _ in read_rows(gold / f"{name}.jsonl")])
        own = [in_blocks(row, where, interview.places) for row, where in rows if row["article"] == name]
        bot = Bot(indexes.build_spoken([interview.article], [interview.turns], encoder), encoder, reader)
        yield from _read(bot, interview.article, name, own)
    for name in WRITTEN:
        article, turns, own = spoken(INTERVIEWS / f"{name}.txt")
        bot = Bot(indexes.build_spoken([article], [turns], encoder), encoder, reader)
        yield from _read(bot, article, name, own)


def _read(bot: Bot, article: Article, source: str, questions: Sequence[Labelled]) -> Iterator[Read]:
    reader = TrainedReader.shipped()
    for asked in questions:
        language = language_of(asked.question, "en")
        search, hits = bot.found(asked.question)
        found = reader.evidence(search, hits, bot.index)
        spans = [bot.index.passages[hit.passage].span for hit, _ in found]
        yield Read(
            source,
            asked.kind,
            asked.question,
            language,
            asked.answerable,
            np.array([astuple(evidence) for _, evidence in found]).reshape(-1, len(NAMES)),
            np.array([_right(span, article, asked) for span in spans], bool),
        )


def _right(span: Span, article: Article, asked: Labelled) -> bool:
    text = span.of(article.text)
    return any(answer in text for answer in asked.answers) or any(map(span.covers, asked.places))


def fit(rows: Sequence[Read], without: str = "") -> dict[str, Any]:
    """The weights of one calibration. `without` is a kind of evidence to leave out.

    The figures are by folds that leave out one source at a time, so that no text judges itself.
    """
    fitted = _fit(rows, without)
    first, three, stated = [], [], []
    anybody: list[tuple[float, Read]] = []
    for source in sorted({row.source for row in rows}):
        fold = _fit([row for row in rows if row.source != source], without)
        for row in (row for row in rows if row.source == source):
            judged = fold.judge([Evidence(*values) for values in row.evidence.tolist()])
            best = [bool(row.right[at]) for at in judged.order]
            stated.append((judged.each[judged.order[0]], best[0]))
            anybody.append((judged.anybody, row))
            if row.answerable:
                first.append(best[0])
                three.append(any(best[:3]))
    figures: dict[str, Any] = {
        "questions": len(rows),
        "first": _mean(first),
        "in three": _mean(three),
        "calibration error": round(calibration_error(stated) or 0.0, 3),
    }
    for limit in (0.15, 0.2, 0.25, 0.3, 0.4, 0.5):
        figures[f"at {limit}"] = {
            "answered": _mean(chance >= limit for chance, row in anybody if row.answerable),
            "near-topic declined": _mean(chance < limit for chance, row in anybody if row.kind in NEAR),
            "off-topic declined": _mean(chance < limit for chance, row in anybody if row.kind == "off_topic"),
        }
    return {**asdict(fitted), "figures": figures}


def _mean(hits: Iterable[bool]) -> float | None:
    found = list(hits)
    return round(float(np.mean(found)), 3) if found else None


def _fit(rows: Sequence[Read], without: str) -> Calibration:
    order = _fit_order([row for row in rows if row.right.any()], without)
    totals, shares, right, answerable = [], [], [], []
    for row in rows:
        ranks = row.evidence @ order
        best = int(np.argmax(ranks))
        totals.append(float(np.logaddexp.reduce(row.evidence[:, 0])))
        shares.append(float(ranks[best] - np.logaddexp.reduce(ranks)))
        right.append(bool(row.right[best]))
        answerable.append(row.answerable)
    (any_total,), any_constant = _logistic(np.array(totals)[:, None], np.array(answerable))
    (total, share), constant = _logistic(np.column_stack([totals, shares]), np.array(right))
    margin, nearness, words = map(float, order)
    return Calibration(margin, nearness, words, any_total, any_constant, total, share, constant)


def _fit_order(rows: Sequence[Read], without: str) -> NDArray[np.float64]:
    """Weights under which a right sentence has the highest sum: softmax over a question's sentences."""
    import torch

    kept = np.array([float(name != without) for name in NAMES])
    scale = np.concatenate([row.evidence for row in rows]).std(0) + 1e-6
    raw = torch.zeros(len(NAMES), dtype=torch.float64, requires_grad=True)
    data = [(torch.tensor(row.evidence / scale * kept), torch.tensor(row.right)) for row in rows]
    optimiser = torch.optim.LBFGS([raw], max_iter=60, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        weights = torch.nn.functional.softplus(raw)
        sums = [(evidence @ weights, right) for evidence, right in data]
        lost = [torch.logsumexp(each, 0) - torch.logsumexp(each[right], 0) for each, right in sums]
        value = torch.stack(lost).mean() + 1e-3 * (weights**2).sum()
        value.backward()
        return value

    optimiser.step(closure)
    found: NDArray[np.float64] = torch.nn.functional.softplus(raw).detach().numpy() / scale * kept
    return found


def _logistic(inputs: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[list[float], float]:
    """Weights of at least 0 and a constant of a logistic model."""
    import torch

    mean, scale = inputs.mean(0), inputs.std(0) + 1e-6
    x, y = torch.tensor((inputs - mean) / scale), torch.tensor(right, dtype=torch.float64)
    raw = torch.zeros(inputs.shape[1], dtype=torch.float64, requires_grad=True)
    constant = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([raw, constant], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        weights = torch.nn.functional.softplus(raw)
        value = torch.nn.functional.binary_cross_entropy_with_logits(x @ weights + constant, y)
        value = value + 1e-3 * (weights**2).sum()
        value.backward()
        return value

    optimiser.step(closure)
    weights = torch.nn.functional.softplus(raw).detach().numpy() / scale
    return [float(weight) for weight in weights], float(constant.item() - (weights * mean).sum())


if __name__ == "__main__":
    main()
