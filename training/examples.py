"""Labelled questions to a stream of examples: what answers, and what only looks as if it did.

The stream is a function of the seed and the step alone, so that a run goes on after any kill.
"""

import random
from collections.abc import Sequence

import bm25s
import Stemmer

from rag.records import Encoder
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
# Windows in which a question is read: where it is answered, and the most tempting others.
WINDOWS = 4


class Stream:
    """Batches of examples, by step; `tempting` has for every row its windows, see `tempting`."""

    def __init__(
        self,
        rows: Sequence[Asked],
        tempting: Sequence[Sequence[int]],
        pieces: Pieces,
        seed: int,
        size: int,
        spanish: float = 0.0,
    ) -> None:
        self._pieces, self._seed, self._size, self._spanish = pieces, seed, size, spanish
        self._rows: dict[str, list[tuple[Asked, Sequence[int]]]] = {}
        for row, places in zip(rows, tempting, strict=True):
            if not row.held_out:
                self._rows.setdefault(row.document.source, []).append((row, places))

    def batches(self, block: int) -> list[list[Example]]:
        """The batches of one block of steps, each of `size` questions and all their readings."""
        rng = random.Random(f"{self._seed}/{block}")
        sources = [source for source in MIX if source in self._rows]
        drawn: list[list[Example]] = []
        while len(drawn) < BLOCK * self._size:
            source = rng.choices(sources, [MIX[source] for source in sources])[0]
            row, places = rng.choice(self._rows[source])
            if found := self._examples(row, places, len(drawn), rng):
                drawn.append(found)
        drawn.sort(key=lambda readings: max(each.arranged.size for each in readings))
        batches = [
            [each for readings in drawn[at : at + self._size] for each in readings]
            for at in range(0, len(drawn), self._size)
        ]
        rng.shuffle(batches)
        return batches

    def _examples(
        self, row: Asked, tempting: Sequence[int], number: int, rng: random.Random
    ) -> list[Example]:
        """The readings of one question, or of what it becomes when its answer or its name is changed."""
        document = row.document
        asked = row.spanish if row.spanish and rng.random() < self._spanish else row.question
        question = hurried(asked, rng)
        homes = [n for n, window in enumerate(document.windows) if set(window) & set(row.gold)]
        places = [*homes[: WINDOWS - 1], *tempting][:WINDOWS]
        gold: Sequence[int] = row.gold
        cut = False
        chance = rng.random()
        if homes and chance < 0.2:  # what answers is cut out
            cut = True
        elif homes and chance < 0.3 and (other := swapped(asked, _text(document, rng), rng)):
            question, gold = other, ()
        elif chance > 0.95:  # asked of another text altogether
            away = rng.choice(self._rows[document.source])[0].document
            if away is not document:
                document, gold = away, ()
                places = rng.sample(range(len(away.windows)), min(WINDOWS, len(away.windows)))
        # Now and then without its context: not every text says who speaks and what was asked.
        bare = rng.random() < 0.25
        readings = []
        for n in places:
            chosen = [at for at in document.windows[n] if not (cut and at in gold)]
            if chosen:
                readings.append(
                    self._pieces.example(
                        question,
                        "" if bare else document.contexts[n],
                        [document.sentences[at] for at in chosen],
                        [place for place, at in enumerate(chosen) if at in gold],
                        number,
                    )
                )
        return readings


def tempting(rows: Sequence[Asked], encoder: Encoder | None = None) -> list[tuple[int, ...]]:
    """For every row the windows of its own document that look most as if they answered and do not.

    They are those that share most words with the question and, for the written interviews where an
    encoder is given, those that are nearest to it, in turn.
    """
    near = _near(rows, encoder) if encoder else {}
    words = _Words()
    found = []
    for at, row in enumerate(rows):
        both = zip(words.order(row), near.get(at, words.order(row)), strict=True)
        order = dict.fromkeys(n for pair in both for n in pair)
        windows = row.document.windows
        found.append(tuple(n for n in order if not set(windows[n]) & set(row.gold))[:WINDOWS])
    return found


def _near(rows: Sequence[Asked], encoder: Encoder) -> dict[int, list[int]]:
    """For the rows of interviews the numbers of their windows, nearest first."""
    own: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        if row.document.source == "interviews":
            own.setdefault(row.document.id, []).append(at)
    found = {}
    for places in own.values():
        document = rows[places[0]].document
        told = encoder.encode(document.sentences)
        near = encoder.encode_questions([rows[at].question for at in places]) @ told.T
        for at, row in zip(places, near, strict=True):
            best = [max(row[window.start : window.stop]) for window in document.windows]
            found[at] = sorted(range(len(best)), key=lambda n: -best[n])
    return found


class _Words:
    """Windows by the words that they share with a question."""

    def __init__(self) -> None:
        self._stem = Stemmer.Stemmer("english")
        self._of: dict[str, bm25s.BM25] = {}

    def order(self, row: Asked) -> list[int]:
        """Numbers of windows, the most alike first."""
        scores = self._scores(row.document, row.question)
        return sorted(range(len(row.document.windows)), key=lambda n: -scores[n])

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


def _text(document: Document, rng: random.Random) -> str:
    """Text of any window, to take names and numbers from."""
    other = document.windows[rng.randrange(len(document.windows))]
    return " ".join(document.sentences[at] for at in other)
