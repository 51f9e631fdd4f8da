"""Trains the reader: one command, seeded, and it goes on where a killed run stopped.

    python -m training.train_reader OUT --reading FOLDER --base FOLDER [--steps 1600]

OUT gets what training/loop.py writes and, at the end, the figures on interviews that training never
saw. A step takes about two seconds on two CPU cores, a fortieth of that on a GPU, which can then
read more questions a step and more often (the shipped one: --steps STEPS --size 24 --dropout 0.1).
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from rag.encoder import OnnxEncoder
from training.data import Asked, everything
from training.examples import BLOCK, WINDOWS, Stream, tempting
from training.loop import Ahead, note, train, trained
from training.model import Example, Pieces, ReaderNet, Trunk, batch, device, loss
from training.shrink import shipped

# Windows that are read at once where only figures are wanted.
TOGETHER = 64


def main(argv: Sequence[str] | None = None) -> None:
    """Nothing; trains, or goes on training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--reading", type=Path, required=True)
    parser.add_argument("--base", required=True, help="the folder that training.base wrote")
    parser.add_argument("--start", type=Path, help="a shipped reader's folder, or a run's, to train on from")
    parser.add_argument("--steps", type=int, default=1600)
    parser.add_argument("--size", type=int, default=6, help="questions a step, each read in four windows")
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--spanish", type=float, default=0.35, help="share of questions asked in Spanish")
    parser.add_argument("--device", default="auto", help="cpu, cuda; %(default)s: the GPU where there is one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=0, help="processes that draw examples ahead")
    given = parser.parse_args(argv)
    torch.set_num_threads(os.cpu_count() or 1)
    rows = everything(given.reading)
    teach(given, rows, tempting(rows, OnnxEncoder()))


def teach(given: argparse.Namespace, rows: Sequence[Asked], places: Sequence[Sequence[int]]) -> None:
    """Nothing; trains on these questions, of which each has its tempting windows."""
    torch.manual_seed(given.seed)
    pieces = Pieces(given.base)
    stream = Stream(rows, places, pieces, given.seed, given.size, given.spanish)
    blocks = Ahead(stream.batches, given.workers)
    on = device(given.device)
    trunk = Trunk(given.base, on)
    net = ReaderNet(given.base, dropout=given.dropout).to(on)
    if given.start and (given.start / "model.onnx").exists():
        net.load_state_dict(shipped(given.start / "model.onnx"))
    elif given.start:
        trained(net, given.start)
    block = -1
    batches: list[list[Example]] = []

    def lost(step: int) -> torch.Tensor:
        nonlocal block, batches
        if step // BLOCK != block:
            block = step // BLOCK
            batches = blocks(block)
        tensors = batch(batches[step % BLOCK], trunk)
        right, asked = tensors.pop("right"), tensors.pop("asked")
        return loss(net(**tensors).float(), right, asked)

    train(net, lost, given.out, given.steps, given.rate)
    for spanish in (False, True):
        found = figures(net, pieces, trunk, rows, places, spanish)
        note(given.out, language="es" if spanish else "en", **found)


def figures(
    net: ReaderNet,
    pieces: Pieces,
    trunk: Trunk,
    rows: Sequence[Asked],
    places: Sequence[Sequence[int]],
    spanish: bool = False,
) -> dict[str, float]:
    """What the reader does on interviews that training never saw.

    Each question is read over the window that answers and the most tempting others: the share of
    answers put first by kind, and how well answerable and near-topic questions are told apart (AUROC)
    by the sum of the odds of all that was read.
    """
    asked: list[tuple[Asked, list[int]]] = []
    readings: list[Example] = []
    for row, others in zip(rows, places, strict=True):
        if not row.held_out or row.document.source != "interviews" or row.kind == "off_topic":
            continue
        homes = [n for n, window in enumerate(row.document.windows) if row.gold and row.gold[0] in window]
        chosen = [*homes, *others][:WINDOWS]
        question = row.spanish if spanish and row.spanish else row.question
        asked.append((row, chosen))
        readings += [read_window(pieces, row, question, n) for n in chosen]
    found = iter(scores(net, trunk, readings))
    right: dict[str, list[bool]] = {}
    sure: dict[bool, list[float]] = {True: [], False: []}
    for row, chosen in asked:
        best = [next(found) for _ in chosen]
        sure[bool(row.gold)].append(float(np.logaddexp.reduce(np.concatenate(best))))
        if row.gold:
            top = max(range(len(chosen)), key=lambda n: max(best[n]))
            at = int(np.argmax(best[top]))
            right.setdefault(row.kind, []).append(row.document.windows[chosen[top]][at] in row.gold)
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
    order = sorted(range(len(examples)), key=lambda n: examples[n].arranged.size)
    found: list[list[float]] = [[] for _ in examples]
    for at in range(0, len(order), TOGETHER):
        part = order[at : at + TOGETHER]
        tensors = batch([examples[n] for n in part], trunk)
        del tensors["right"], tensors["asked"]
        with torch.no_grad():
            each = net(**tensors).cpu()
        for row, n in zip(each, part, strict=True):
            found[n] = (row[1 : 1 + examples[n].arranged.sentences] - row[0]).tolist()
    net.train()
    return found


if __name__ == "__main__":
    main()
