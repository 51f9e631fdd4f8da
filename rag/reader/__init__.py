"""Ranked hits to a reading: which sentences answer, how surely, or that none does.

The hits say where the question's topic is; the reader reads the best windows there and says, for
every sentence, whether it answers. A small calibrated model turns what both know into a probability.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.encoder import DEFAULT_MODEL
from rag.index import Index
from rag.language import Language
from rag.reader.calibration import Calibration, Evidence, shipped
from rag.reader.net import MULTILINGUAL, READER, OnnxReader, Read, Window
from rag.records import Hit, Reading

# Windows that are read for one question. On the development questions over the seed the right sentence is
# in the best four for .88 of paraphrases and .99 of all other questions in English; two more windows add
# .01 and a third to the time.
READ = {"en": 4, "other": 3}
# From this probability that anybody answers. On the development questions over the seed .35 answers .95
# of what can be answered and declines all that is off-topic and .57 of what is near it; .45 answers .90
# and declines .70 (`python -m training.calibrate` prints the table).
ANSWERS = 0.25
# "This may answer it" stands before quotes whose first is right with a probability below this.
SURE = 0.5
# A further quote must be as probable as this, and nearly as probable as the first.
NEXT = 0.15
NEXT_OF_BEST = 0.4
MOST_QUOTES = 3
RELATED = 0.05
MOST_RELATED = 2


class TrainedReader:
    """Reads with trained models: `readers` and `calibrations` by what they are for.

    "en" is English questions over English text, "other" everything else. "plain" is a calibration that
    leaves the vectors' view out, for an encoder that it was not fitted on.
    """

    def __init__(self, readers: Mapping[str, Read], calibrations: Mapping[str, Calibration]) -> None:
        self._readers = readers
        self._calibrations = calibrations

    @classmethod
    def shipped(cls) -> "TrainedReader":
        """The readers that lie in the package."""
        return cls({"en": OnnxReader(READER), "other": OnnxReader(MULTILINGUAL)}, shipped())

    def load(self) -> None:
        """Nothing; afterwards the first question need not wait for the weights."""
        for reader in self._readers.values():
            reader("ready?", [Window(("Ready.",))])

    def knows(self, word: str) -> bool:
        """Whether the folded word is an ordinary English one."""
        return self._readers["en"].knows(word)

    def read(self, question: str, hits: Sequence[Hit], index: Index, language: Language = "en") -> Reading:
        """Which of `hits` (best first) answer the question, asked in `language`."""
        purpose = _purpose(language, hits, index)
        found = self.evidence(question, hits, index, language)
        judge = self._calibrations[purpose if index.model == DEFAULT_MODEL else "plain"]
        judged = judge.judge([evidence for _, evidence in found])
        ranked = [replace(found[at][0], score=judged.each[at]) for at in judged.order]
        if judged.anybody < ANSWERS:
            return Reading((), tuple(hit for hit in ranked if hit.score >= RELATED), judged.anybody)
        taken = tuple(
            hit
            for place, hit in enumerate(ranked)
            if place == 0 or hit.score >= max(NEXT, NEXT_OF_BEST * ranked[0].score)
        )
        rest = tuple(hit for hit in ranked[len(taken) :] if hit.score >= RELATED)
        return Reading(taken, rest, ranked[0].score)

    def evidence(
        self, question: str, hits: Sequence[Hit], index: Index, language: Language
    ) -> list[tuple[Hit, Evidence]]:
        """What speaks for each of the hits that were read, those in the windows of the best."""
        purpose = _purpose(language, hits, index)
        chosen = list(dict.fromkeys(index.window_of[hit.passage] for hit in hits))[: READ[purpose]]
        texts = [_window(index, index.windows[number]) for number in chosen]
        scores = self._readers[purpose](question, texts)
        margins = {
            passage: margin
            for number, window in zip(chosen, scores, strict=True)
            for passage, margin in zip(index.windows[number], window, strict=True)
        }
        return [
            (hit, Evidence(margins[hit.passage], hit.nearness, hit.words))
            for hit in hits
            if hit.passage in margins
        ]


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
