"""Words one typing slip apart: what is looked up is what comparing with every known word would find."""

from hypothesis import given
from hypothesis import strategies as st

from rag.slips import apart, begins, near

WORDS = st.text("abcé", max_size=6)


@given(WORDS, st.frozensets(WORDS, max_size=12))
def test_looking_up_finds_what_comparing_with_every_word_would(word, known):
    """For any words: those a slip away are found, and no other; so are those that begin alike."""
    assert near(word, known) == {each for each in known if apart(word, each)}
    assert begins(word, known) == any(each.startswith(word) for each in known)


def test_a_word_longer_than_any_known_is_not_tried():
    """A word of thousands of letters is nobody's slip, and costs nothing."""
    assert near("a" * 100_000, frozenset({"ab"})) == set()
    assert near("", frozenset()) == set()
