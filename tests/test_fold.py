"""Text folded for matching."""

# mypy: allow-untyped-calls

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.fold import fold, visible, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Guaidó", "guaido"),
        ("MADURO’S", "maduro's"),
        ("“hard – to — get”", '"hard - to - get"'),
        ("Straße", "strasse"),
        ("ﬁnance", "finance"),
        ("O‘Neil ʼn", "o'neil 'n"),
    ],
)
def test_folding(text, folded):
    """Case, accents, ligatures and the printer's marks are folded away."""
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text):
    """Folded text folds to itself, for any text."""
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("U.S. officials", ["usa", "officials"]),
        ("the U.S.-Venezuela talks", ["the", "usa", "venezuela", "talks"]),
        ("Maduro’s, Mines's", ["maduro", "mines"]),
        ("$12 billion", ["12", "billion"]),
        ("step-by-step snake_case", ["step", "by", "step", "snake", "case"]),
        ("don’t", ["don't"]),
        ("e.g. this", ["eg", "this"]),
        ("?!", []),
        ("", []),
    ],
)
def test_words(text, found):
    """Words come folded and in order: initials joined, possessives cut, hyphens and signs between."""
    assert words(text) == found


@given(st.text())
def test_a_word_has_no_blank_and_is_never_empty(text):
    """For any text every word has a character and no blank."""
    assert all(word and not any(c.isspace() for c in word) for word in words(text))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\x00b", "ab"),
        ("\u202eoil\u202c", "oil"),
        ("\u200f\u200bwhat\ufeff", "what"),
        ("two\nlines\tand  more\u00a0", "two lines and more"),
        ("\ud800x", "x"),
        ("\x1b[31mred", "[31mred"),
        ("\u200b\x07", ""),
    ],
)
def test_visible(text, seen):
    """Control, direction and formatting characters go; any blanks become one space."""
    assert visible(text) == seen


@given(st.text(st.characters(exclude_categories=[])))
def test_visible_text_is_one_line_and_can_be_written(text):
    """For any text, lone surrogates too, what is visible is one line of UTF-8, and visible again as it is."""
    seen = visible(text)
    assert len(seen.splitlines()) <= 1
    assert seen.encode("utf-8").decode("utf-8") == seen == visible(seen)
