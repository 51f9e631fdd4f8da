"""Ranked hits to a reading: which of them answer, or that none does.

This is the baseline: a threshold on the retrieval score. It knows what is about the topic, not what
answers; a trained reader takes its place behind the same protocol.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.records import Hit, Reading

# Chosen on tests/questions/dev.jsonl with `onrecord eval --curve`: see the table in the README's
# "How good is it".
ANSWERS = 0.3
# A second quote must nearly match the best one.
NEXT_BEST = 0.7
MOST_QUOTES = 3
# Where another person's words fit better by this much, the person asked about does not speak to it.
RIVAL_MARGIN = 0.15
RELATED = 0.3
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
        if best < self.answers or outdone:
            near = [hit for hit in hits if hit.score >= RELATED]
            return Reading((), tuple(near[:MOST_RELATED]))
        floor = max(self.answers, self.next_best * best)
        taken = [hit for hit in hits if hit.score >= floor]
        return Reading(tuple(taken), tuple(hit for hit in hits if RELATED <= hit.score < floor))
