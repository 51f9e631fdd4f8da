"""Trains the encoder's upper layers on questions that share few words with their answers.

    python -m training.train_encoder OUT --reading FOLDER --base FOLDER [--steps 350]

A step takes one text (or more): its questions against its sentences, so that what is told apart are
sentences about the same thing. Three seconds a text on two CPU cores.
"""

import argparse
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from training.augment import hurried
from training.data import Asked, Document, everything
from training.loop import Ahead, note, train
from training.model import EncoderNet, Pieces, Trunk, device, padded

# Shares of the steps by source.
MIX = {"interviews": 0.76, "selqa": 0.08, "sq2_sub": 0.05, "xquad_en_es": 0.08, "ss_wiki": 0.03}
QUESTIONS, SENTENCES = 40, 56
# A difference of cosines by so much is one of 1 in log-odds.
COSINE = 0.02


@dataclass(frozen=True, slots=True)
class Lesson:
    """Questions, and for each the places of its answers among `sentences`."""

    asked: tuple[str, ...]
    sentences: tuple[str, ...]
    gold: tuple[tuple[int, ...], ...]


class Lessons:
    """One lesson a step, drawn from the seed and the step alone."""

    def __init__(self, rows: Sequence[Asked], seed: int, spanish: float) -> None:
        self._seed, self._spanish = seed, spanish
        texts: dict[str, list[Asked]] = {}
        for row in rows:
            if row.gold and not row.held_out and row.document.source in MIX:
                texts.setdefault(_text_of(row), []).append(row)
        self._texts: dict[str, list[list[Asked]]] = {}
        for own in texts.values():
            self._texts.setdefault(own[0].document.source, []).append(own)

    def lesson(self, step: int) -> Lesson:
        """The lesson of a step."""
        rng = random.Random(f"{self._seed}/{step}")
        source = rng.choices(list(self._texts), [MIX[source] for source in self._texts])[0]
        own = rng.choice(self._texts[source])
        rows = rng.sample(own, min(QUESTIONS, len(own)))
        places = dict.fromkeys((row.document.id, at) for row in rows for at in row.gold)
        documents: dict[str, Document] = {row.document.id: row.document for row in rows}
        others = [(name, at) for name, each in documents.items() for at in range(len(each.sentences))]
        rng.shuffle(others)
        for place in others:
            if len(places) >= SENTENCES:
                break
            places.setdefault(place)
        numbers = {place: number for number, place in enumerate(places)}
        spanish = [row.spanish if rng.random() < self._spanish else None for row in rows]
        return Lesson(
            tuple(hurried(own or row.question, rng) for own, row in zip(spanish, rows, strict=True)),
            tuple(documents[name].sentences[at] for name, at in places),
            tuple(tuple(numbers[row.document.id, at] for at in row.gold) for row in rows),
        )


def _text_of(row: Asked) -> str:
    """What a lesson is made of: a text, or a dozen of SelQA's, which are single sections."""
    source, _, number = row.document.id.partition("/")
    return f"{source}/{int(number) // 12}" if source == "selqa" else row.document.id


def main(argv: Sequence[str] | None = None) -> None:
    """Nothing; trains, or goes on training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--reading", type=Path, required=True)
    parser.add_argument("--base", required=True, help="the folder that training.base wrote")
    parser.add_argument("--steps", type=int, default=350)
    parser.add_argument("--texts", type=int, default=1, help="texts a step")
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--spanish", type=float, default=0.35, help="share of questions asked in Spanish")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=0, help="processes that draw lessons ahead")
    given = parser.parse_args(argv)
    torch.set_num_threads(os.cpu_count() or 1)
    teach(given, everything(given.reading))


def teach(given: argparse.Namespace, rows: Sequence[Asked]) -> None:
    """Nothing; trains on these questions."""
    torch.manual_seed(given.seed)
    lessons = Ahead(Lessons(rows, given.seed, given.spanish).lesson, given.workers)
    pieces, trunk = Pieces(given.base), Trunk(given.base)
    net = EncoderNet(given.base, dropout=given.dropout).to(device())
    note(given.out, step=0, **figures(net, pieces, trunk, rows))

    def lost(step: int) -> torch.Tensor:
        numbers = range(step * given.texts, (step + 1) * given.texts)
        return loss(net, pieces, trunk, [lessons(number) for number in numbers])

    train(net, lost, given.out, given.steps, given.rate)
    note(given.out, step=given.steps, **figures(net, pieces, trunk, rows))


def loss(net: EncoderNet, pieces: Pieces, trunk: Trunk, lessons: Sequence[Lesson]) -> torch.Tensor:
    """Mean of -log P(one of the right ones), P a softmax of the cosines with a lesson's sentences."""
    asked = [f"query: {text}" for lesson in lessons for text in lesson.asked]
    told = [f"passage: {text}" for lesson in lessons for text in lesson.sentences]
    vectors = embed(net, pieces, trunk, [*asked, *told]).float()
    questions = vectors[: len(asked)].split([len(lesson.asked) for lesson in lessons])
    sentences = vectors[len(asked) :].split([len(lesson.sentences) for lesson in lessons])
    lost = []
    for lesson, own, theirs in zip(lessons, questions, sentences, strict=True):
        right = torch.zeros(len(own), len(theirs), dtype=torch.bool)
        for row, gold in enumerate(lesson.gold):
            right[row, list(gold)] = True
        logs = torch.log_softmax(own @ theirs.T / COSINE, 1)
        lost.append(-torch.logsumexp(logs.masked_fill(~right.to(logs.device), -1e9), 1))
    return torch.cat(lost).mean()


def embed(net: EncoderNet, pieces: Pieces, trunk: Trunk, texts: Sequence[str]) -> torch.Tensor:
    """Unit vectors of texts that have their prefix; those of like length together, to pad little."""
    whole = [pieces.whole(text) for text in texts]
    together = 12 if trunk.device.type == "cpu" else 192
    order = sorted(range(len(whole)), key=lambda at: len(whole[at]))
    parts = [order[at : at + together] for at in range(0, len(order), together)]
    rows = torch.cat([net(**padded(trunk([whole[at] for at in part]))) for part in parts])
    return rows[torch.argsort(torch.tensor(order)).to(rows.device)]


def figures(net: EncoderNet, pieces: Pieces, trunk: Trunk, rows: Sequence[Asked]) -> dict[str, float]:
    """On interviews that training never saw: how often a right sentence is nearest, or among five."""
    net.eval()
    first: dict[str, list[bool]] = {}
    five: dict[str, list[bool]] = {}
    own: dict[str, list[Asked]] = {}
    for row in rows:
        if row.held_out and row.document.source == "interviews" and row.gold:
            own.setdefault(row.document.id, []).append(row)
    for asked in own.values():
        both = [("spanish", row.spanish, row.gold) for row in asked if row.spanish]
        both += [(row.kind, row.question, row.gold) for row in asked]
        sentences = asked[0].document.sentences
        with torch.no_grad():
            told = embed(net, pieces, trunk, [f"passage: {text}" for text in sentences])
            questions = embed(net, pieces, trunk, [f"query: {text}" for _, text, _ in both])
        near = (questions @ told.T).cpu().numpy()
        for (name, _, gold), cosines in zip(both, near, strict=True):
            order = np.argsort(-cosines)
            first.setdefault(name, []).append(bool(order[0] in gold))
            five.setdefault(name, []).append(any(at in gold for at in order[:5]))
    net.train()
    return {
        f"{name}, {what}": round(float(np.mean(hits)), 3)
        for what, all_hits in (("first", first), ("in five", five))
        for name, hits in all_hits.items()
    }


if __name__ == "__main__":
    main()
