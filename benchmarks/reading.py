"""How many windows the reader reads for a question, and what is lost by leaving out those that hardly win.

    python -m benchmarks.reading [GAP …] [--gold FOLDER]

The development questions are asked over the seed article alone, over the seed article among the interviews
that training left out, and over seven interviews of others where those are there: once for each gap
(rag.reader.GAP), "inf" for none. What is embedded and what is read is kept from gap to gap, with
the processor time that reading took; a question's is that of all windows that were read for it.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.corpora import DATA, finish, there
from benchmarks.interviews import labelled, read_gold
from rag import evaluate, reader
from rag import index as index_store
from rag.bot import Bot
from rag.encoder import OnnxEncoder
from rag.evaluate import Labelled, Outcome
from rag.index import Index
from rag.reader import TrainedReader
from rag.reader.calibration import shipped
from rag.reader.net import OnnxReader, Window
from rag.reading import read
from rag.records import Encoder
from training.data import HELD_OUT, INTERVIEWS, spoken

if TYPE_CHECKING:
    from rag.records import Vectors

HOME = Path(__file__).parent.parent
SEED = HOME / "seeds" / "usip-venezuela-2022.txt"
QUESTIONS = HOME / "tests" / "questions"
GAPS = (float("inf"), 0.15, 0.1, 0.07, 0.05)

HEAD = (
    "| gap | windows | reader's CPU ms | right first | in three | declined | calibration error |\n"
    "|---|---|---|---|---|---|---|"
)

# What is asked, over which index.
Asked = tuple[Index, Sequence[Labelled]]


class KeptReader:
    """The reader, which reads a window once and knows how long that took; counts what it is asked for."""

    def __init__(self) -> None:
        self._reader = OnnxReader()
        self._known: dict[tuple[str, Window], tuple[list[float], float]] = {}
        self.windows = 0
        self.seconds = 0.0

    def __call__(self, question: str, windows: Sequence[Window]) -> list[list[float]]:
        """For each window its sentences' log-odds of answering."""
        found = []
        for window in windows:
            if (question, window) not in self._known:
                began = time.process_time()
                (scores,) = self._reader(question, [window])
                self._known[question, window] = scores, time.process_time() - began
            scores, seconds = self._known[question, window]
            self.windows += 1
            self.seconds += seconds
            found.append(scores)
        return found

    def knows(self, word: str) -> bool:
        """Whether the folded word is an ordinary one."""
        return self._reader.knows(word)


class KeptEncoder(OnnxEncoder):
    """The encoder, which embeds a question once."""

    def encode_questions(self, texts: Sequence[str]) -> "Vectors":
        """Unit row vectors of questions."""
        return self._kept(tuple(texts))

    @cache  # noqa: B019 - one encoder a run
    def _kept(self, texts: tuple[str, ...]) -> "Vectors":
        return super().encode_questions(texts)


def main() -> None:
    """Prints a table for each set of questions."""
    parser = argparse.ArgumentParser(prog="benchmarks.reading")
    parser.add_argument("gaps", nargs="*", type=float, default=GAPS, help="%(default)s")
    parser.add_argument("--gold", type=Path, default=DATA / "interviews" / "gold", help="%(default)s")
    given = parser.parse_args()
    encoder = KeptEncoder()
    for name, sets in (
        ("The seed article alone", alone(encoder)),
        ("The seed article among other interviews", among(encoder)),
        ("Seven interviews of others", others(encoder, given.gold)),
    ):
        kept = KeptReader()
        trained = TrainedReader(kept, shipped())
        asked = [(Bot(index, encoder, trained), questions) for index, questions in sets]
        print(f"{name}\n\n{HEAD}")
        for gap in given.gaps:
            print(row_of(gap, kept, asked))
        print()


def row_of(gap: float, kept: KeptReader, asked: Sequence[tuple[Bot, Sequence[Labelled]]]) -> str:
    """The figures with one gap."""
    reader.GAP, kept.windows, kept.seconds = gap, 0, 0.0
    outcomes: list[Outcome] = [each for bot, rows in asked for each in evaluate.run(bot, rows)]
    report = evaluate.report(outcomes)
    figures = {row.kind: row for row in report.rows}
    can, cannot = figures["all answerable"], figures["all unanswerable"]
    shares = [each.value if each else 0.0 for each in (can.first, can.in_three, cannot.declined)]
    told = " | ".join(f"{each:.3f}" for each in (*shares, report.calibration or 0.0))
    read_, took = kept.windows / len(outcomes), kept.seconds / len(outcomes) * 1000
    return f"| {gap:g} | {read_:.2f} | {took:.1f} | {told} |"


def alone(encoder: Encoder) -> Iterator[Asked]:
    """The development questions of the first article."""
    yield index_store.build([read(SEED)], encoder), evaluate.read_questions(QUESTIONS / "dev.jsonl")


def among(encoder: Encoder) -> Iterator[Asked]:
    """The same of an archive."""
    seed = index_store.build([read(SEED)], encoder)
    written = [spoken(INTERVIEWS / f"{name}.txt") for name in HELD_OUT]
    index = index_store.build_spoken(
        [*seed.articles, *(article for article, _, _ in written)],
        [tuple(seed.turns[0]), *(turns for _, turns, _ in written)],
        encoder,
    )
    yield index, evaluate.read_questions(QUESTIONS / "dev.jsonl")


def others(encoder: Encoder, gold: Path) -> Iterator[Asked]:
    """The development questions of interviews that are not in this repository."""
    rows = evaluate.read_rows(QUESTIONS / "dev-interviews.jsonl")
    for name in dict.fromkeys(str(row["article"]) for row, _ in rows):
        path = there(gold / f"{name}.jsonl", "the interview of that name")
        interview = read_gold(name, [row for row, _ in evaluate.read_rows(path)])
        own = [labelled(row, where, interview.places) for row, where in rows if row["article"] == name]
        yield index_store.build_spoken([interview.article], [interview.turns], encoder), own


if __name__ == "__main__":
    finish(main)
