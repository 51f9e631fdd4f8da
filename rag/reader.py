"""Ranked hits to a reading: which of them answer, or that none does.

This is the baseline: a threshold on the retrieval score. It knows what is about the topic, not what
answers; a trained reader takes its place behind the same protocol.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.records import Hit, Reading

# Chosen by `python -m benchmarks.thresholds` on the development questions and on 1,200 questions
# about other things: .28 declines 92 % of the off-topic development questions and .87 to .94 of
# the others, and answers 96 % of the answerable. At .40 it would answer 86 %. No threshold tells
# near-topic questions apart (.20 declined here, .55 at .50 with a quarter of the answers lost):
# that takes a trained reader.
ANSWERS = 0.28
# Without one telling word of the question in any passage, the vectors alone must be this near. One
# answerable development question has none; "What do they say about tourism?" scores .29.
UNSHARED = 0.4
# From here on the best quote is right for 44 of 46 answerable development questions, below for 17
# of 23; "This may answer it" stands before those.
SURE = 0.6
# A second quote must nearly match the best one; lower values added quotes but no right answer.
NEXT_BEST = 0.7
MOST_QUOTES = 3
# Where another person's words fit better by this much, the person asked about does not speak to
# it: true of all six such development questions and of none of the ten that the person answers.
RIVAL_MARGIN = 0.15
RELATED = 0.25
MOST_RELATED = 2


@dataclass(frozen=True, slots=True)
class ThresholdReader:
    """Takes what scores high enough."""

    answers: float = ANSWERS
    next_best: float = NEXT_BEST
    rival_margin: float = RIVAL_MARGIN

    def read(self, question: str, hits: Sequence[Hit], rivals: Sequence[Hit]) -> Reading:
        """Which of `hits` (best first) answer; `rivals` are those that a filter kept out."""
        best = hits[0].score if hits else 0.0
        outdone = bool(rivals) and rivals[0].score - best > self.rival_margin
        near = tuple(hit for hit in hits if hit.score >= RELATED)
        shared = any(hit.words > 0 for hit in hits)
        least = self.answers if shared else max(self.answers, UNSHARED)
        if best < least or outdone:
            return Reading((), near)
        floor = max(least, self.next_best * best)
        taken = tuple(hit for hit in near if hit.score >= floor)
        return Reading(taken, near[len(taken) :], sure=best >= SURE)
