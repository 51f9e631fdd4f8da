"""Labelled questions to a stream of examples: what answers, and what only looks as if it did.

The stream is a function of the seed and the step alone, so that a run goes on after any kill.
"""

import random
from collections.abc import Sequence

import bm25s
import Stemmer

from training.augment import hurried, swapped
from training.data import Asked, Document
from training.model import Example, Pieces

# Shares of the questions drawn from each source.
MIX = {
    "interviews": 0.7,
    "ss_wiki": 0.06,
    "ss_reddit": 0.03,
    "ss_amazon": 0.02,
    "sq2_sub": 0.06,
    "selqa": 0.06,
    "qmsum": 0.04,
    "xquad_en_es": 0.03,
}
# Steps that are drawn together and sorted by length, so that a batch holds examples of one length.
BLOCK = 16
MOST_TEMPTING = 4


class Stream:
    """Batches of examples, by step."""

    def __init__(
        self, rows: Sequence[Asked], pieces: Pieces, seed: int, size: int, spanish: float = 0.0
    ) -> None:
        self._pieces, self._seed, self._size, self._spanish = pieces, seed, size, spanish
        self._rows: dict[str, list[Asked]] = {}
        for row in rows:
            if not row.held_out:
                self._rows.setdefault(row.document.source, []).append(row)
        self._tempting = Tempting()

    def batches(self, block: int) -> list[list[Example]]:
        """The batches of one block of steps."""
        rng = random.Random(f"{self._seed}/{block}")
        drawn: list[Example] = []
        sources = [source for source in MIX if source in self._rows]
        while len(drawn) < BLOCK * self._size:
            source = rng.choices(sources, [MIX[source] for source in sources])[0]
            drawn += self._examples(rng.choice(self._rows[source]), rng)
        drawn = drawn[: BLOCK * self._size]
        drawn.sort(key=lambda example: example.arranged.size)
        batches = [drawn[at : at + self._size] for at in range(0, len(drawn), self._size)]
        rng.shuffle(batches)
        return batches

    def _examples(self, row: Asked, rng: random.Random) -> list[Example]:
        """One question's examples: where it is answered, and one or two places where it is not."""
        document = row.document
        asked = row.question
        if row.spanish and rng.random() < self._spanish:
            asked = row.spanish
        question = hurried(asked, rng)
        tempting = self._tempting.windows(row)
        if not row.gold:
            return [self._read(question, document, n, rng) for n in _some(tempting, 2, rng)]
        best = row.gold[0] if rng.random() < 0.7 else rng.choice(row.gold)
        home = next(n for n, window in enumerate(document.windows) if best in window)
        found = [self._read(question, document, home, rng, row.gold)]
        chance = rng.random()
        others = [at for at in document.windows[home] if at not in row.gold]
        if chance < 0.3 and len(others) > 1:  # the answer cut out of its own place
            found.append(self._read(question, document, home, rng, keep=others))
        elif chance < 0.75 and tempting:
            found.append(self._read(question, document, rng.choice(tempting), rng))
        elif chance < 0.87 and (other := swapped(asked, _text(document, rng), rng)):
            found.append(self._read(other, document, home, rng))
        elif chance < 0.95:  # any window at all of the same source
            away = rng.choice(self._rows[document.source]).document
            gold = row.gold if away is document else ()
            found.append(self._read(question, away, rng.randrange(len(away.windows)), rng, gold))
        return found

    def _read(
        self,
        question: str,
        document: Document,
        window: int,
        rng: random.Random,
        gold: Sequence[int] = (),
        keep: Sequence[int] | None = None,
    ) -> Example:
        chosen = list(document.windows[window]) if keep is None else list(keep)
        # Now and then without its context: not every text says who speaks and what was asked.
        context = document.contexts[window] if rng.random() < 0.75 else ""
        right = [place for place, at in enumerate(chosen) if at in gold]
        return self._pieces.example(question, context, [document.sentences[at] for at in chosen], right)


class Tempting:
    """The windows of a question's own document that share most with it and do not answer."""

    def __init__(self) -> None:
        self._stem = Stemmer.Stemmer("english")
        self._of: dict[str, bm25s.BM25] = {}

    def windows(self, row: Asked) -> list[int]:
        """Numbers of windows, most tempting first."""
        document = row.document
        scores = self._scores(document, row.question)
        order = sorted(range(len(document.windows)), key=lambda n: -scores[n])
        return [n for n in order if not set(document.windows[n]) & set(row.gold)][:MOST_TEMPTING]

    def _scores(self, document: Document, question: str) -> Sequence[float]:
        if document.id not in self._of:
            texts = [
                f"{context} {' '.join(document.sentences[at] for at in window)}"
                for window, context in zip(document.windows, document.contexts, strict=True)
            ]
            self._of[document.id] = bm25s.BM25()
            self._of[document.id].index(self._words(texts), show_progress=False)
        (words,) = bm25s.tokenize(
            [question], stopwords="en", stemmer=self._stem, return_ids=False, show_progress=False
        )
        if not words:
            return [0.0] * len(document.windows)
        scores: Sequence[float] = self._of[document.id].get_scores(words)
        return scores

    def _words(self, texts: list[str]) -> object:
        return bm25s.tokenize(texts, stopwords="en", stemmer=self._stem, show_progress=False)


def _some(windows: list[int], most: int, rng: random.Random) -> list[int]:
    return rng.sample(windows, min(most, len(windows)))


def _text(document: Document, rng: random.Random) -> str:
    """Text of any window, to take names and numbers from."""
    other = document.windows[rng.randrange(len(document.windows))]
    return " ".join(document.sentences[at] for at in other)
