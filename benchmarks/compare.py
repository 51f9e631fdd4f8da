"""Questions that want several speakers side by side: how many are known as such, and how right each side is.

    python -m benchmarks.compare [--misses]

`tests/questions/compare.jsonl` was written by somebody who had not seen the rules: questions that compare,
with each speaker's best sentences, and questions that only look so. "first right" counts a side whose first
quote holds one of them; "silent right" a side that says nothing where nothing is labelled.
"""

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.corpora import finish
from rag import index
from rag.bot import Bot
from rag.encoder import DEFAULT_MODEL, encoder_of
from rag.reader import TrainedReader
from rag.records import Answer

HOME = Path(__file__).parent.parent
QUESTIONS = HOME / "tests" / "questions" / "compare.jsonl"


@dataclass
class Counts:
    """How many of how many, by what is counted."""

    known: int = 0
    compare: int = 0
    taken: int = 0
    single: int = 0
    first: int = 0
    said: int = 0
    spoken: int = 0
    silent: int = 0
    unspoken: int = 0


def rows() -> list[dict[str, Any]]:
    """The labelled questions."""
    return [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]


def judge(row: dict[str, Any], answer: Answer, wanted: bool, counts: Counts) -> list[str]:
    """What is wrong with one answer; `wanted` tells whether it was taken for a comparison."""
    wrong = []
    if not row["compare"]:
        counts.single += 1
        counts.taken += wanted
        return ["taken for a comparison"] if wanted else []
    counts.compare += 1
    counts.known += wanted
    if not wanted:
        return ["not known as a comparison"]
    sides = {side.person.name: side for side in answer.sides}
    for name, labels in row["sides"].items():
        quotes = sides[name].quotes if name in sides else ()
        if labels:
            counts.spoken += 1
            counts.said += bool(quotes)
            right = bool(quotes) and any(
                label in quotes[0].text or quotes[0].text in label for label in labels
            )
            counts.first += right
            wrong += [] if right else [f"{name}: {quotes[0].text[:60] if quotes else 'silent'}"]
        else:
            counts.unspoken += 1
            counts.silent += not quotes
            wrong += [f"{name} should be silent: {quotes[0].score} {quotes[0].text[:60]}"] if quotes else []
    return wrong


def measure(bot: Bot, misses: bool = False) -> dict[str, Counts]:
    """The counts by language."""
    found: dict[str, Counts] = {}
    for row in rows():
        counts = found.setdefault(row["language"], Counts())
        answer = bot.ask(row["question"], history=row.get("history", ()))
        wanted = bot.compares(row["question"], row.get("history", ()))
        wrong = judge(row, answer, wanted, counts)
        if misses and wrong:
            print(f"{row['id']} {row['question']} | {' | '.join(wrong)}")
    return found


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--misses", action="store_true", help="also list what went wrong")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = index.build_to(Path(folder) / "index", [HOME / "seeds"], encoder_of(DEFAULT_MODEL))
        found = measure(Bot(made, encoder_of(DEFAULT_MODEL), TrainedReader.shipped()), arguments.misses)
    head = (
        "language",
        "known",
        "others taken for one",
        "speaks where labelled",
        "first right",
        "silent right",
    )
    print(f"| {' | '.join(head)} |\n{'|---' * len(head)}|")
    for language, each in found.items():
        pairs = (
            (each.known, each.compare),
            (each.taken, each.single),
            (each.said, each.spoken),
            (each.first, each.spoken),
            (each.silent, each.unspoken),
        )
        print(f"| {language} | {' | '.join(f'{part} of {whole}' for part, whole in pairs)} |")


if __name__ == "__main__":
    finish(main)
