"""Ranked hits to a reading: which sentences answer, how surely, or that none does.

The hits say where the question's topic is; the reader reads the best windows there and says, for
every sentence, whether it answers. A small calibrated model turns what both know into a probability.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from rag.encoder import DEFAULT_MODEL
from rag.index import Index
from rag.language import Language
from rag.reader.calibration import Calibration, Evidence, shipped
from rag.reader.net import OnnxReader, Read, Window
from rag.records import Hit, Reading

# Windows that are read for one question. On the development questions over the seed the right sentence is
# in the best four for .91 of paraphrases, in the best three for .88.
READ = 4
# So many are read first; log-odds like this end the reading there. 3.3 windows are read on average,
# with the right sentence first as often as when all four are.
FIRST, ENOUGH = 2, 1.0
# A window whose best sentence scores (see rag.retrieve) by more than this below the best of all is not read.
# `python -m benchmarks.reading`: over the seed the development questions read 3.28 windows for 3.59, in 9 %
# less time, with the right sentence first (.822) and in three (.862) and declining (.804) as without it, and
# a calibration error of .072 for .071. .1 would read 2.75 and find as much, but the probabilities, fitted
# on what is read without it, fit worse (.077); from .07 on fewer are found. Where fifteen articles compete
# 3.45 are read for 3.59, over seven interviews of others 3.15 for 3.31; neither finds or declines less.
GAP = 0.15
# From this probability that anybody answers. On the development questions over the seed .14 answers .95 of
# what can be answered and declines .69 of what is near it, .2 answers .94 and declines .79, .22 answers .94
# and declines .83. In other languages, over all development texts, .2 answers .98 and declines .58, .28
# answers .96 and declines .66.
ANSWERS = {"en": 0.2, "other": 0.28}
# The plain gate for what is about something else altogether: no sentence as near as this. All answerable
# development questions have one, a third of those off-topic have none.
NEAR_ENOUGH = 0.6
# "This may answer it" stands before quotes whose first is right with a probability below this.
SURE = 0.5
# A quote as probable as ALONE stands alone, but for others that are probable too (NEXT). Otherwise what
# comes next is shown as well (POSSIBLE): on the development questions the right sentence is then shown for
# .91 instead of .86, with 1.5 quotes an answer instead of 1.1.
ALONE, NEXT, POSSIBLE = 0.8, 0.15, 0.002
MOST_QUOTES = 3
RELATED = 0.05
MOST_RELATED = 2


class TrainedReader:
    """Reads with a trained model and with `calibrations` by what they are for.

    "en" is English questions over English text, "other" everything else. "plain" is a calibration that
    leaves the vectors' view out, for an encoder that it was not fitted on.
    """

    def __init__(self, reader: Read, calibrations: Mapping[str, Calibration]) -> None:
        self._reader = reader
        self._calibrations = calibrations

    @classmethod
    def shipped(cls) -> "TrainedReader":
        """The reader that lies in the package."""
        return cls(OnnxReader(), shipped())

    def load(self) -> None:
        """Nothing; afterwards the first question need not wait for the weights."""
        self._reader("ready?", [Window(("Ready.",))])

    def knows(self, word: str) -> bool:
        """Whether the folded word is an ordinary one."""
        return self._reader.knows(word)

    def read(self, question: str, hits: Sequence[Hit], index: Index, language: Language = "en") -> Reading:
        """Which of `hits` (best first) answer the question, asked in `language`."""
        purpose = _purpose(language, hits, index)
        found = self.evidence(question, hits, index)
        judge = self._calibrations[purpose if index.model == DEFAULT_MODEL else "plain"]
        judged = judge.judge([evidence for _, evidence in found])
        ranked = [replace(found[at][0], score=judged.each[at]) for at in judged.order]
        near = index.model != DEFAULT_MODEL or any(hit.nearness >= NEAR_ENOUGH for hit in hits)
        if judged.anybody < ANSWERS[purpose] or not near:
            return Reading((), tuple(hit for hit in ranked if hit.score >= RELATED), judged.anybody)
        least = NEXT if ranked[0].score >= ALONE else POSSIBLE
        taken = (ranked[0], *(hit for hit in ranked[1:] if hit.score >= least))
        rest = tuple(hit for hit in ranked[len(taken) :] if hit.score >= RELATED)
        return Reading(taken, rest, ranked[0].score)

    def evidence(self, question: str, hits: Sequence[Hit], index: Index) -> list[tuple[Hit, Evidence]]:
        """What speaks for each of the hits that were read, those in the windows of the best."""
        chosen = promising(hits, index)
        margins: dict[int, float] = {}
        for part in (chosen[:FIRST], chosen[FIRST:]):
            if margins and max(margins.values()) >= ENOUGH:
                break
            scores = self._reader(question, [_window(index, numbers) for numbers in part])
            for numbers, window in zip(part, scores, strict=True):
                margins.update(zip(numbers, window, strict=True))
        return [
            (hit, Evidence(margins[hit.passage], hit.nearness, hit.words))
            for hit in hits
            if hit.passage in margins
        ]


def promising(hits: Sequence[Hit], index: Index) -> list[range]:
    """The windows to read, best first: those of hits that score nearly as well as the best of all."""
    near = takewhile(lambda hit: hits[0].score - hit.score <= GAP, hits)
    return list(dict.fromkeys(index.window(hit.passage) for hit in near))[:READ]


def _purpose(language: Language, hits: Sequence[Hit], index: Index) -> str:
    english = language == "en" and all(index.article(hit.passage).language == "en" for hit in hits[:1])
    return "en" if english else "other"


def _window(index: Index, numbers: range) -> Window:
    """What the reader reads: the sentences, who says them and what was asked."""
    turn, article = index.turn(numbers[0]), index.article(numbers[0])
    asked = turn.asked.of(article.text) if turn.asked else None
    return Window(
        tuple(index.passages[number].span.of(article.text) for number in numbers),
        context(turn.speaker, asked),
    )


def context(speaker: str | None, asked: str | None) -> str:
    """What the reader is told about a window: who speaks and what was asked."""
    return ": ".join(part for part in (speaker, asked) if part)
