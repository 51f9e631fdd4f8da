"""The baseline reader: which ranked hits it takes, by the numbers."""

# mypy: allow-untyped-calls

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reader import RELATED, UNSHARED, ThresholdReader, certainty
from rag.records import Hit
from rag.retrieve import WORDS

READER = ThresholdReader(answers=0.5, next_best=0.8, rival_margin=0.2)


def hits(*scores, words=0.25):
    """Hits of these scores, each with the same share of words and the nearness that makes up the rest."""
    return [Hit(number, score, score - WORDS * words, words) for number, score in enumerate(scores)]


def read(scores, rivals=()):
    reading = READER.read("q", hits(*scores), hits(*rivals))
    return [hit.score for hit in reading.answers], [hit.score for hit in reading.related]


@pytest.mark.parametrize(
    ("scores", "answers", "related"),
    [
        ((0.5,), [0.5], []),
        ((0.49,), [], [0.49]),
        ((1.0, 0.8, 0.79), [1.0, 0.8], [0.79]),
        ((0.55, 0.45, 0.43), [0.55, 0.45], [0.43]),
        ((0.45, 0.4, 0.35), [], [0.45, 0.4, 0.35]),
        ((RELATED - 0.01,), [], []),
        ((0.9, RELATED, RELATED - 0.01), [0.9], [RELATED]),
        ((), [], []),
    ],
)
def test_what_is_taken(scores, answers, related):
    """The best hit answers from the threshold on, with those that nearly match it; others are near."""
    assert read(scores) == (answers, related)


@pytest.mark.parametrize(
    ("rival", "answered"), [(0.5, True), (0.79, True), (0.81, False), (1.0, False), (0.1, True)]
)
def test_somebody_else_who_fits_much_better(rival, answered):
    """Words kept out by a filter that fit better by more than the margin leave the one asked for silent."""
    assert bool(read([0.6], [rival])[0]) is answered


def test_declining_for_a_rival_shows_the_near_misses():
    """Where a rival makes the reader decline, its hits are the near misses, best first."""
    assert read([0.7, 0.69, 0.2], [1.5]) == ([], [0.7, 0.69])


@pytest.mark.parametrize(("score", "answered"), [(UNSHARED - 0.01, False), (UNSHARED, True)])
def test_without_a_shared_word_more_is_asked(score, answered):
    """Where no passage shares a telling word with the question, the best must reach UNSHARED."""
    reader = ThresholdReader(answers=0.1)
    assert bool(reader.read("q", hits(score, words=0.0), ()).answers) is answered
    assert reader.read("q", hits(score, words=0.01), ()).answers


def test_certainty_takes_the_best_of_each_view():
    """How surely anything answers is the best nearness plus WORDS times the best share, of whichever hits."""
    mixed = [Hit(0, 0.6, 0.3, 0.5), Hit(1, 0.5, 0.4, 0.1)]
    assert certainty(mixed) == pytest.approx(0.4 + WORDS * 0.5)
    assert certainty([]) == 0
    assert READER.read("q", mixed, ()).certainty == pytest.approx(0.4 + WORDS * 0.5)


@given(st.lists(st.floats(-1, 2), max_size=8), st.lists(st.floats(-1, 2), max_size=3))
def test_any_reading_is_a_choice_of_the_hits_in_order(scores, rivals):
    """For any scores the answers are the first hits, near misses are others, and both come best first."""
    ranked = hits(*sorted(scores, reverse=True))
    reading = READER.read("q", ranked, hits(*sorted(rivals, reverse=True)))
    assert list(reading.answers) == ranked[: len(reading.answers)]
    assert not set(reading.answers) & set(reading.related)
    assert [h for h in ranked if h in reading.related] == list(reading.related)
    assert all(hit.score >= READER.answers for hit in reading.answers)
