"""Typing slips in the articles' words, mended for finding."""

# mypy: allow-untyped-calls

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.spelling import mend

WORDS = frozenset({"sanctions", "elections", "talks", "guaido", "oil", "maduro", "relief", "belief"})
ORDINARY = {"sanction", "walks", "what", "about", "talk"}


def mended(question):
    return mend(question, WORDS, ORDINARY.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("what about santions?", "what about sanctions?"),
        ("what about sancctions?", "what about sanctions?"),
        ("what about sanctoins?", "what about sanctions?"),
        ("what about elektions?", "what about elections?"),
        ("what about Santions?", "what about sanctions?"),
        ("santions and electons", "sanctions and elections"),
        ("madruo", "maduro"),
    ],
)
def test_a_slip_is_mended(typed, meant):
    """One letter lost, added, swapped or changed in a word of the articles is mended, all else stays."""
    assert mended(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "what about sanctions?",
        "what about walks?",  # a word, though one letter from "talks"
        "what about a sanction?",
        "what about sntins?",  # two slips
        "oi",  # too short
        "tlks2",  # not of letters only
        "Guaidó",
        "",
        "???",
    ],
)
def test_what_is_no_slip_stays(question):
    """Words of the articles, ordinary words, short ones and those two slips off are left as typed."""
    assert mended(question) == question


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("¿Qué dicen de oils, belief y sanctio?", "¿Qué dicen de oils, belief y sanctio?"),
        ("belefs santions", "belefs santions"),
        ("¿Qué quiere Madruo?", "¿Qué quiere maduro?"),
        ("¿Madruo negocia?", "¿Madruo negocia?"),
    ],
)
def test_in_another_language_only_names_are_mended(typed, meant):
    """A question in another language keeps its own words; a name inside it is mended all the same."""
    assert mend(typed, WORDS, ORDINARY.__contains__, names_only=True) == meant


def test_the_same_first_letter_goes_first():
    """Between two words equally near, the one that keeps the first letter is taken."""
    assert mended("relef") == "relief"
    assert mended("belef") == "belief"


def test_only_the_whole_word_is_replaced():
    """A slip that is also part of a longer word is mended where it stands alone only."""
    assert mended("santions presantionsx") == "sanctions presantionsx"


@given(st.text(max_size=60))
def test_mending_never_fails_and_is_done_once(text):
    """For any text mending twice is mending once."""
    assert mended(mended(text)) == mended(text)
