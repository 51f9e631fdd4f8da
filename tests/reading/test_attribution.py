"""Who says what in real interviews of many layouts: floors under `python -m benchmarks.attribution`."""

import pytest

from benchmarks.attribution import Figures, measure, read_document, with_gold
from benchmarks.corpora import DATA

DOCS, GOLD = DATA / "interviews" / "docs", DATA / "interviews" / "gold"

pytestmark = pytest.mark.skipif(not GOLD.is_dir(), reason="the interviews of others are not here")


@pytest.fixture(scope="module")
def figures() -> Figures:
    each = [measure(read_document(path), gold)[1] for _, path, gold in with_gold(DOCS, GOLD)]
    return sum(each, Figures())


def test_no_word_is_credited_to_the_wrong_person(figures):
    assert figures.speech > 30_000
    assert figures.wrong == 0


def test_what_somebody_says_is_given_to_them(figures):
    assert figures.right / figures.said >= 0.99


def test_what_is_nobodys_speech_is_not_served_as_speech(figures):
    assert figures.served / figures.quotable <= 0.001


def test_an_answer_keeps_the_question_that_was_put(figures):
    assert figures.paired / figures.answers >= 0.99


def test_the_errata_are_of_rows_that_stand_in_the_gold_files():
    given = {(name, row["n"]) for name, _, rows in with_gold(DOCS, GOLD, as_given=True) for row in rows}
    changed = [
        (name, new["n"], new["why"])
        for name, _, rows in with_gold(DOCS, GOLD)
        for new in rows
        if "why" in new
    ]
    assert len(changed) == 6
    assert {(name, n) for name, n, _ in changed} <= given
