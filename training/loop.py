"""The training loop: seeded, with checkpoints, and it goes on where a killed run stopped.

The folder of a run gets log.jsonl (a line every 25 steps), checkpoint.pt every 100 steps, but no more than
one in half a minute, and net.pt at the end.
"""

import json
import math
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import torch

WARM_UP = 80
EVERY = 100
SECONDS = 30


def train(
    net: torch.nn.Module,
    lost: Callable[[int], torch.Tensor],
    out: Path,
    steps: int,
    rate: float,
) -> None:
    """Nothing; takes the steps that are left. `lost` gives the loss of a step by its number alone."""
    weights = [p for p in net.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in weights if p.ndim > 1], "weight_decay": 0.01},
        {"params": [p for p in weights if p.ndim < 2], "weight_decay": 0.0},
    ]
    kind = weights[0].device.type
    optimiser = torch.optim.AdamW(groups, lr=rate, fused=kind == "cuda")
    first = _resume(out, net, optimiser)
    began = saved = time.monotonic()
    mean = torch.zeros(())
    net.train()
    for step in range(first, steps):
        for group in optimiser.param_groups:
            group["lr"] = rate * min((step + 1) / WARM_UP, (steps - step) / steps)
        with torch.autocast(kind, torch.bfloat16, enabled=kind == "cuda"):
            value = lost(step)
        value.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        mean = value.detach() if step == first else 0.98 * mean + 0.02 * value.detach()
        if (step + 1) % 25 == 0:
            if not math.isfinite(mean.item()):
                raise ValueError(f"the loss is no number any more at step {step + 1}")
            minutes = round((time.monotonic() - began) / 60, 1)
            note(out, step=step + 1, loss=round(mean.item(), 4), minutes=minutes)
        if (step + 1) % EVERY == 0 and time.monotonic() - saved >= SECONDS:
            saved = time.monotonic()
            state = {"step": step + 1, "net": net.state_dict(), "optimiser": optimiser.state_dict()}
            torch.save(state, out / "checkpoint.new")
            (out / "checkpoint.new").replace(out / "checkpoint.pt")
    torch.save(net.state_dict(), out / "net.pt")


class Ahead:
    """What `make` gives for 0, 1, 2, …, asked for in order; other processes make the next ones meanwhile.

    A GPU takes a step sooner than one process can draw its examples.
    """

    def __init__(self, make: Callable[[int], Any], workers: int) -> None:
        self._workers, self._next = workers, 0
        self._made: deque[Any] = deque()
        self._make = make
        if workers:
            context = multiprocessing.get_context("fork")
            self._pool = ProcessPoolExecutor(workers, context, _given, (make,))

    def __call__(self, number: int) -> Any:
        """What is made of the number."""
        if not self._workers:
            return self._make(number)
        if not self._made:
            self._next = number
        while len(self._made) < 2 * self._workers:
            self._made.append(self._pool.submit(_made, self._next))
            self._next += 1
        return self._made.popleft().result()


_make: Callable[[int], Any]


def _given(make: Callable[[int], Any]) -> None:
    global _make
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    torch.set_num_threads(1)
    _make = make


def _made(number: int) -> Any:
    return _make(number)


def trained(net: torch.nn.Module, out: Path) -> None:
    """Nothing; gives the network the weights of a run, finished or not."""
    path = out / "net.pt"
    if path.exists():
        net.load_state_dict(torch.load(path, weights_only=True, map_location="cpu"))
    else:
        net.load_state_dict(torch.load(out / "checkpoint.pt", weights_only=True, map_location="cpu")["net"])


def note(out: Path, **figures: object) -> None:
    """Nothing; adds a line to the log and shows it."""
    out.mkdir(parents=True, exist_ok=True)
    line = json.dumps(figures)
    print(line, flush=True)
    with (out / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(line + "\n")


def _resume(out: Path, net: torch.nn.Module, optimiser: torch.optim.Optimizer) -> int:
    """The step to go on from; brings weights and optimiser back where a checkpoint lies."""
    path = out / "checkpoint.pt"
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    net.load_state_dict(state["net"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])
