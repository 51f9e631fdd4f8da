"""Made-up documents as publishers lay them out, traps and all; gold/ has who says what.

A block quotation inside a turn is the turn's there, as it is marked and not given to another.
"""

from pathlib import Path

import pytest

from benchmarks.attribution import Figures, measure, read_document, with_gold

# Of one document, and of all, at least so much is given to who says it; and at most so much to nobody.
MOST_OF_ONE, MOST, FEW = 0.6, 0.9, 0.005
PAIRED = 0.8

FOLDER = Path(__file__).parent / "documents"
EVERY = {name: (path, gold) for name, path, gold in with_gold(FOLDER, FOLDER / "gold", as_given=True)}


@pytest.fixture(scope="module")
def figures() -> dict[str, Figures]:
    """What is read of each document, in words."""
    return {name: measure(read_document(path), gold)[1] for name, (path, gold) in EVERY.items()}


@pytest.mark.parametrize("name", EVERY)
def test_no_word_of_a_document_is_credited_to_the_wrong_person(figures, name):
    assert figures[name].wrong == 0


@pytest.mark.parametrize("name", EVERY)
def test_most_of_what_is_said_is_given_to_who_says_it(figures, name):
    """Gold rows hold the labels too, which are no speech: of short turns they are a tenth of the words."""
    one = figures[name]
    assert not one.said or one.right >= MOST_OF_ONE * one.said


def test_nearly_all_that_is_said_is_given_to_who_says_it(figures):
    whole = sum(figures.values(), Figures())
    assert whole.right >= MOST * whole.said


def test_what_is_nobodys_is_given_to_nobody(figures):
    whole = sum(figures.values(), Figures())
    assert whole.named <= FEW * whole.quotable


def test_an_answer_keeps_its_question(figures):
    whole = sum(figures.values(), Figures())
    assert whole.paired >= PAIRED * whole.answers
