"""Ranked hits: the two views' numbers added by hand, and the filters."""

# mypy: allow-untyped-calls

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index import build
from rag.index.words import K1, B
from rag.retrieve import WORDS, rank
from tests.conftest import CARIDAD, MINES, FakeEncoder
from tests.generate import interview, interviews

ONE = interview("Why rain?", "Keith Mines: Oil drips.", "Ana Caridad: Gold glitters.", id="one")
TWO = interview("Keith Mines: Oil burns.", id="two")
ENCODER = FakeEncoder()
INDEX = build([ONE, TWO], ENCODER)


def ranked(question, *args):
    return rank(INDEX, ENCODER.encode([question])[0], question, *args)


def test_a_score_is_the_weighted_cosine_and_the_share_of_words():
    """The word "gold" fits "Gold glitters." by 1/√2, and WORDS times BM25's weight of it."""
    best = ranked("gold")[0]
    vectors = 1 / math.sqrt(2)
    words = 1 / (1 + K1 * (1 - B + B))  # once, in a passage of the mean length; over its own idf
    assert best.passage == 1
    assert best.score == pytest.approx(vectors + WORDS * words, abs=1e-5)


def test_hits_come_best_first_and_ties_in_the_order_of_the_text():
    """Scores fall along the hits; passages that fit equally come as they stand in the articles."""
    hits = ranked("oil")
    assert {hit.passage for hit in hits[:2]} == {0, 2}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert [hit.passage for hit in ranked("zebra")] == [0, 1, 2]


@pytest.mark.parametrize(
    ("speakers", "articles", "passages"),
    [
        (None, None, {0, 1, 2}),
        ({MINES}, None, {0, 2}),
        ({CARIDAD}, None, {1}),
        ({MINES, CARIDAD}, None, {0, 1, 2}),
        (None, {0}, {0, 1}),
        (None, {1}, {2}),
        (None, {0, 1}, {0, 1, 2}),
        ({MINES}, {0}, {0}),
        ({CARIDAD}, {1}, set()),
        ({"Nobody"}, None, set()),
        (frozenset(), None, set()),
        (None, set(), set()),
    ],
)
def test_filters(speakers, articles, passages):
    """Only passages of the people and the articles asked for are hits; where none fits there are none."""
    assert {hit.passage for hit in ranked("oil gold", speakers, articles)} == passages


def test_a_filter_changes_no_score():
    """A passage has the same score with and without a filter that lets it in."""
    free = {hit.passage: hit.score for hit in ranked("oil gold")}
    assert {hit.passage: hit.score for hit in ranked("oil gold", {MINES})} == {n: free[n] for n in (0, 2)}


@given(interviews(), st.sampled_from(["oil", "sanctions relief", "what of trust?", "zebra"]))
def test_every_passage_is_ranked_once(told, question):
    """For any interview of up to 50 passages each is a hit once, and the speakers' hits make up all."""
    made = build([told.article], ENCODER)
    row = ENCODER.encode([question])[0]
    hits = rank(made, row, question)
    assert len(hits) == len({hit.passage for hit in hits})
    if len(made.passages) <= 50:
        parts = [rank(made, row, question, {speaker}) for speaker in made.speakers]
        assert sorted(h.passage for part in parts for h in part) == sorted(h.passage for h in hits)
        assert len(hits) == len(made.passages)
