"""An archive: what adding many articles and one more costs, and a question over them with filters.

    python -m benchmarks.archive [--articles 2000]

The articles are put together from sentences of the interviews in training/interviews/. Adding runs in
a process of its own, whose processor time and peak memory the operating system tells; a quarter of the
articles is added first, so that two columns can be compared. Questions are asked in this process with
everything warm, in turns with the same questions over the seed article alone.
"""

import argparse
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.start import HOME, measure

QUESTIONS = (
    "Who pays for the repair of the bridges?",
    "What went wrong in the talks?",
    "How many people lost their work?",
    "Why was the vote put off?",
    "What should happen next?",
)
FIRST = "Ana Bo Carla Dan Elsa Finn Gina Hugo Iris Juan Kira Leo Mara Nils Olga Pia Raul Sara Tom Uma".split()
LAST = "Arce Bell Cruz Dietz Eck Frost Grau Hill Ibarra Jung Koch Lang Mora Nunn Ochoa Paz Roth Sosa".split()
ROUNDS = 3


def main() -> None:
    """Nothing; prints a table."""
    parser = argparse.ArgumentParser(prog="benchmarks.archive")
    parser.add_argument("--articles", type=int, default=2000, help="%(default)s")
    count = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as scratch:
        folder, index = Path(scratch) / "articles", Path(scratch) / "index"
        folder.mkdir()
        texts, places = pieces(), random.Random(0)  # noqa: S311 - seeded draws
        rows = []
        for number, wanted in enumerate((count // 4, count, count + 1)):
            have = len(list(folder.glob("*.txt")))
            for at in range(have, wanted):
                (folder / f"{at:05}.txt").write_text(article(texts, places), "utf-8")
                (folder / f"{at:05}.toml").write_text(f'date = "{2000 + at % 25}"\n', "utf-8")
            new = folder if number < 2 else folder / f"{wanted - 1:05}.txt"
            command = [sys.executable, "-m", "rag.cli", "--index", str(index), "add", str(new)]
            rows.append((wanted - have, have, *measure(command)))
        print("| added | to | CPU seconds | a new article | peak MB |\n|---|---|---|---|---|")
        for new_ones, have, cpu, _, peak in rows:
            print(f"| {new_ones:,} | {have:,} | {cpu:.1f} | {cpu / new_ones:.3f} | {peak:.0f} |")
        ask_all(index, Path(scratch) / "seed")


def pieces() -> list[str]:
    """Sentences of the interviews that were written for training."""
    found = []
    for path in sorted((HOME / "training" / "interviews").glob("*.txt")):
        found += re.findall(r"(?m)^\d+ (.+)$", path.read_text("utf-8"))
    return found


def article(texts: list[str], places: random.Random) -> str:
    """An interview of two people in the layout of the seed article."""
    lines = [f"A talk about {places.randrange(10**6)}"]
    speakers = [f"{places.choice(FIRST)} {places.choice(LAST)}" for _ in range(2)]
    for turn in range(4):
        lines += [f"What about {places.choice(texts).split()[-1].strip('.')}?", ""]
        lines.append(f"{speakers[turn % 2]}: {' '.join(places.sample(texts, 3))}")
    return "\n\n".join(lines)


def ask_all(index: Path, seed: Path) -> None:
    """Nothing; prints what a question costs over the archive, beside one over the seed article alone."""
    from rag import index as index_store
    from rag.bot import Bot
    from rag.encoder import OnnxEncoder

    index_store.build_to(seed, [HOME / "seeds"], OnnxEncoder())
    archive, alone = Bot.open(index), Bot.open(seed)
    name = archive.index.speakers[7]
    ways: dict[str, Callable[[str], object]] = {
        "the seed article": alone.ask,
        "the archive": archive.ask,
        "… since 2020": lambda question: archive.ask(question, since="2020"),
        "… one speaker": lambda question: archive.ask(question, speaker=name),
        "… one article": lambda question: archive.ask(question, article=archive.index.articles[5].id),
    }
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for each in range(ROUNDS + 1):
        for question in QUESTIONS:
            for way, ask in ways.items():
                before = time.process_time()
                ask(question)
                if each:
                    taken[way].append(time.process_time() - before)
    base = statistics.median(taken["the seed article"])
    print(f"\n| a question over ({os.cpu_count()} cores) | CPU seconds | ratio |\n|---|---|---|")
    for way, seconds in taken.items():
        print(f"| {way} | {statistics.median(seconds):.3f} | {statistics.median(seconds) / base:.2f} |")


if __name__ == "__main__":
    main()
