"""Trains the reader: one command, seeded, and it goes on where a killed run stopped.

    python -m training.train_reader OUT --reading FOLDER --base FOLDER [--steps 2000]

OUT gets what training/loop.py writes and, at the end, the figures on interviews that training never
saw. Two CPU cores take about two seconds a step.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from training.data import Asked, everything
from training.examples import BLOCK, Stream, Tempting
from training.loop import note, train
from training.model import LAYERS, Example, Pieces, ReaderNet, Trunk, batch, loss

SIZE = 24


def main(argv: Sequence[str] | None = None) -> None:
    """Nothing; trains, or goes on training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--reading", type=Path, required=True)
    parser.add_argument("--base", required=True, help="the folder that training.base wrote")
    parser.add_argument("--layers", type=int, default=LAYERS)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--spanish", type=float, default=0.35, help="share of questions asked in Spanish")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    torch.manual_seed(given.seed)
    torch.set_num_threads(os.cpu_count() or 1)
    rows = everything(given.reading)
    pieces, trunk = Pieces(given.base), Trunk(given.base)
    stream = Stream(rows, pieces, given.seed, SIZE, given.spanish)
    net = ReaderNet(given.base, given.layers)
    block = -1
    batches: list[list[Example]] = []

    def lost(step: int) -> torch.Tensor:
        nonlocal block, batches
        if step // BLOCK != block:
            block = step // BLOCK
            batches = stream.batches(block)
        tensors = batch(batches[step % BLOCK], trunk)
        right = tensors.pop("right")
        return loss(net(**tensors), right)

    train(net, lost, given.out, given.steps, given.rate)
    for spanish in (False, True):
        note(given.out, language="es" if spanish else "en", **figures(net, pieces, trunk, rows, spanish))


def figures(
    net: ReaderNet, pieces: Pieces, trunk: Trunk, rows: Sequence[Asked], spanish: bool = False, most: int = 4
) -> dict[str, float]:
    """What the reader does on interviews that training never saw.

    Each question is read over the window that answers and the most tempting others: the share of
    answers put first by kind, and how well answerable and near-topic questions are told apart (AUROC).
    """
    tempting = Tempting()
    right: dict[str, list[bool]] = {}
    sure: dict[bool, list[float]] = {True: [], False: []}
    for row in rows:
        if not row.held_out or row.document.source != "interviews" or row.kind == "off_topic":
            continue
        homes = [n for n, window in enumerate(row.document.windows) if row.gold and row.gold[0] in window]
        places = [*homes, *tempting.windows(row)[: most - len(homes)]]
        question = row.spanish if spanish and row.spanish else row.question
        best = scores(net, trunk, [read_window(pieces, row, question, n) for n in places])
        top = max(range(len(places)), key=lambda n: max(best[n]))
        sure[bool(row.gold)].append(max(best[top]))
        if row.gold:
            at = int(np.argmax(best[top]))
            right.setdefault(row.kind, []).append(row.document.windows[places[top]][at] in row.gold)
    pairs = np.array(sure[True])[:, None] - np.array(sure[False])[None]
    everyone = [hit for hits in right.values() for hit in hits]
    return {
        "first": round(float(np.mean(everyone)), 3),
        **{f"first, {kind}": round(float(np.mean(hits)), 3) for kind, hits in right.items()},
        "AUROC near-topic": round(float((pairs > 0).mean() + (pairs == 0).mean() / 2), 3),
    }


def read_window(pieces: Pieces, row: Asked, question: str, window: int) -> Example:
    """One reading as the product does it."""
    document = row.document
    texts = [document.sentences[at] for at in document.windows[window]]
    return pieces.example(question, document.contexts[window], texts)


def scores(net: ReaderNet, trunk: Trunk, examples: Sequence[Example]) -> list[list[float]]:
    """For each example its sentences' scores over "nothing here"."""
    net.eval()
    tensors = batch(examples, trunk)
    tensors.pop("right")
    with torch.no_grad():
        found = net(**tensors)
    net.train()
    return [
        (found[n, 1 : 1 + example.arranged.sentences] - found[n, 0]).tolist()
        for n, example in enumerate(examples)
    ]


if __name__ == "__main__":
    main()
