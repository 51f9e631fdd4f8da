"""What quality has reached on the held-out questions, and must not fall below.

    python -m benchmarks.floors                            shows each floor and the figure now
    python -m benchmarks.floors --raise                    lifts every floor to its figure; lowers none
    python -m benchmarks.floors --lower NAME --reason WHY  sets one floor to its figure, and keeps why

All figures are so turned that more is better. A kind of question has a floor of its own from 20
questions on; a single question of a smaller kind would move it by more than a twentieth.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpora import finish
from rag import evaluate, index
from rag.bot import Bot
from rag.encoder import DEFAULT_MODEL, encoder_of
from rag.errors import InputError
from rag.evaluate import Report, Share

HOME = Path(__file__).parent.parent
QUESTIONS = HOME / "tests" / "questions" / "test.jsonl"
FLOORS = HOME / "tests" / "questions" / "floors.json"
SMALLEST = 20
TOTALS = ("all answerable", "all unanswerable", "all")
# Rounding of a machine's own arithmetic is no fall.
SLACK = 1e-4


@dataclass(frozen=True, slots=True)
class Lowered:
    """A floor that was lowered on purpose."""

    figure: str
    old: float
    new: float
    reason: str


@dataclass(frozen=True, slots=True)
class Floors:
    """The least that each figure may be, and what was lowered and why."""

    figures: Mapping[str, float]
    lowered: tuple[Lowered, ...] = ()


def figures(report: Report) -> dict[str, float]:
    """Each figure that has a floor, by name, more being better."""
    found: dict[str, float] = {}
    for row in report.rows:
        of_kind = row.kind not in TOTALS
        if row.kind != "all" and (row.answerable >= SMALLEST or not of_kind):
            found |= _named(row.kind, {"first": row.first, "in three": row.in_three})
        if row.kind != "all" and (row.questions - row.answerable >= SMALLEST or not of_kind):
            found |= _named(row.kind, {"declined": row.declined})
        if row.kind == "all answerable":
            found |= _named(row.kind, {"answered": row.answered})
        if row.kind == "all":
            found |= _named(row.kind, {"precision": row.precision})
    every = report.rows[-1]
    found["all: right names"] = 1 - every.wrong_names / max(1, every.quotes)
    found["all: slices"] = 1 - every.unfaithful / max(1, every.quotes)
    if report.calibration is not None:
        found["all: calibration"] = 1 - report.calibration
    return {name: round(value, 4) for name, value in found.items()}


def _named(kind: str, shares: Mapping[str, Share | None]) -> dict[str, float]:
    return {f"{kind}: {name}": each.value for name, each in shares.items() if each}


def fallen(floors: Floors, now: Mapping[str, float]) -> dict[str, tuple[float, float | None]]:
    """The figures below their floors, or gone: the floor and the figure."""
    return {
        name: (floor, now.get(name))
        for name, floor in floors.figures.items()
        if now.get(name, -1.0) < floor - SLACK
    }


def raised(floors: Floors, now: Mapping[str, float]) -> Floors:
    """The floors with every figure that is better now, or new; none is lower."""
    higher = {name: max(value, floors.figures.get(name, value)) for name, value in now.items()}
    return Floors({**floors.figures, **higher}, floors.lowered)


def lowered(floors: Floors, now: Mapping[str, float], name: str, reason: str) -> Floors:
    """The floors with one of them at its figure of now, or gone with it, and the reason kept."""
    if name not in floors.figures:
        raise InputError(f"no floor {name!r}; expected one of: {', '.join(floors.figures)}")
    if not reason.strip():
        raise InputError("lowering a floor takes a --reason in words")
    old, new = floors.figures[name], now.get(name, 0.0)
    if new >= old:
        raise InputError(f"{name} is {new}, not below its floor of {old}; nothing was lowered")
    return Floors({**floors.figures, name: new}, (*floors.lowered, Lowered(name, old, new, reason.strip())))


def read_floors(path: Path = FLOORS) -> Floors:
    """The floors in a file; none where there is no file yet."""
    if not path.exists():
        return Floors({})
    try:
        record = json.loads(path.read_text("utf-8"))
        return Floors(record["figures"], tuple(Lowered(**each) for each in record["lowered"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} holds no floors ({error})") from None


def write_floors(floors: Floors, path: Path = FLOORS) -> None:
    """Nothing; the floors are in the file."""
    kept = [
        {"figure": each.figure, "old": each.old, "new": each.new, "reason": each.reason}
        for each in floors.lowered
    ]
    text = json.dumps({"figures": dict(floors.figures), "lowered": kept}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", "utf-8", newline="\n")


def measure() -> dict[str, float]:
    """The figures of now, of an index made anew from `seeds/`."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "index"
        index.build_to(folder, [HOME / "seeds"], encoder_of(DEFAULT_MODEL))
        bot = Bot.open(folder)
        return figures(evaluate.report(evaluate.run(bot, evaluate.read_questions(QUESTIONS))))


def main() -> None:
    """Nothing; shows or rewrites the floors, and exits with 1 when a figure is below its floor."""
    parser = argparse.ArgumentParser(prog="benchmarks.floors")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--raise", action="store_true", dest="lift", help="lift floors to the figures of now")
    what.add_argument("--lower", metavar="NAME", help="lower this floor to its figure of now")
    parser.add_argument("--reason", default="", help="why it is lowered")
    arguments = parser.parse_args()
    floors, now = read_floors(), measure()
    if arguments.lower is not None:
        floors = lowered(floors, now, arguments.lower, arguments.reason)
        write_floors(floors)
    elif arguments.lift:
        floors = raised(floors, now)
        write_floors(floors)
    print("| figure | floor | now |\n|---|---|---|")
    for name in dict.fromkeys([*floors.figures, *now]):
        cells = ["" if each is None else f"{each:.4f}" for each in (floors.figures.get(name), now.get(name))]
        print("| " + " | ".join([name, *cells]) + " |")
    if low := fallen(floors, now):
        sys.exit(f"below the floor: {', '.join(low)}")


if __name__ == "__main__":
    finish(main)
