"""Trains the encoder's upper layers on questions that share few words with their answers.

    python -m training.train_encoder OUT --reading FOLDER --base FOLDER [--steps 350]

A step takes one text: its questions against its sentences, so that what is told apart are sentences
about the same thing.
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
from training.loop import note, train
from training.model import EncoderNet, Pieces, Trunk, padded

# Shares of the steps by source.
MIX = {"interviews": 0.76, "selqa": 0.08, "sq2_sub": 0.05, "xquad_en_es": 0.08, "ss_wiki": 0.03}
QUESTIONS, SENTENCES = 40, 56
TOGETHER = 12
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
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--spanish", type=float, default=0.35, help="share of questions asked in Spanish")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    torch.manual_seed(given.seed)
    torch.set_num_threads(os.cpu_count() or 1)
    rows = everything(given.reading)
    lessons = Lessons(rows, given.seed, given.spanish)
    pieces, trunk, net = Pieces(given.base), Trunk(given.base), EncoderNet(given.base)
    note(given.out, step=0, **figures(net, pieces, trunk, rows))

    def lost(step: int) -> torch.Tensor:
        return loss(net, pieces, trunk, lessons.lesson(step))

    train(net, lost, given.out, given.steps, given.rate)
    note(given.out, step=given.steps, **figures(net, pieces, trunk, rows))


def loss(net: EncoderNet, pieces: Pieces, trunk: Trunk, lesson: Lesson) -> torch.Tensor:
    """Mean of -log P(one of the right ones), P a softmax of the cosines with all sentences."""
    asked = embed(net, pieces, trunk, [f"query: {text}" for text in lesson.asked])
    told = embed(net, pieces, trunk, [f"passage: {text}" for text in lesson.sentences])
    right = torch.zeros(len(lesson.asked), len(lesson.sentences), dtype=torch.bool)
    for row, gold in enumerate(lesson.gold):
        right[row, list(gold)] = True
    logs = torch.log_softmax(asked @ told.T / COSINE, 1)
    return -torch.logsumexp(logs.masked_fill(~right, -1e9), 1).mean()


def embed(net: EncoderNet, pieces: Pieces, trunk: Trunk, texts: Sequence[str]) -> torch.Tensor:
    """Unit vectors of texts that have their prefix; those of like length together, to pad little."""
    whole = [pieces.whole(text) for text in texts]
    order = sorted(range(len(whole)), key=lambda at: len(whole[at]))
    parts = [order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER)]
    rows = torch.cat([net(**padded(trunk([whole[at] for at in part]))) for part in parts])
    return rows[torch.argsort(torch.tensor(order))]


def figures(net: EncoderNet, pieces: Pieces, trunk: Trunk, rows: Sequence[Asked]) -> dict[str, float]:
    """On interviews that training never saw: how often a right sentence is nearest, or among five."""
    net.eval()
    first: dict[str, list[bool]] = {}
    five: dict[str, list[bool]] = {}
    vectors: dict[str, torch.Tensor] = {}
    with torch.no_grad():
        for row in rows:
            if not row.held_out or row.document.source != "interviews" or not row.gold:
                continue
            if row.document.id not in vectors:
                texts = [f"passage: {text}" for text in row.document.sentences]
                vectors[row.document.id] = embed(net, pieces, trunk, texts)
            told = vectors[row.document.id]
            for name, question in ((row.kind, row.question), ("spanish", row.spanish)):
                if not question:
                    continue
                near = embed(net, pieces, trunk, [f"query: {question}"])[0] @ told.T
                order = np.argsort(-near.numpy())
                first.setdefault(name, []).append(bool(order[0] in row.gold))
                five.setdefault(name, []).append(any(at in row.gold for at in order[:5]))
    net.train()
    return {
        f"{name}, {what}": round(float(np.mean(hits)), 3)
        for what, all_hits in (("first", first), ("in five", five))
        for name, hits in all_hits.items()
    }


if __name__ == "__main__":
    main()
