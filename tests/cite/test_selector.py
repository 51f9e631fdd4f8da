"""A quote's place as a selector, and found again by it: exactly, or told as drift."""

# mypy: allow-untyped-calls

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.cite import locate, selector
from rag.errors import InputError
from rag.records import Article, Quote, Span, Turn


def quote(text, start, end):
    return Quote(Article("made", text), Turn(None, None, (Span(0, len(text)),)), Span(start, end), 1.0)


TEXTS = st.text(st.sampled_from("ab. "), min_size=1, max_size=120)


@given(TEXTS, st.data())
def test_a_selector_finds_its_own_place(text, data):
    """However often the words stand in the text, the selector has context enough to tell this place."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assume(text[start:end].strip())
    assert locate(selector(quote(text, start, end)), text).span == Span(start, end)


@given(TEXTS, TEXTS, st.data())
def test_in_another_text_nothing_is_guessed(text, other, data):
    """Found only where the very words stand between the very words; else the drift is named."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assume(text[start:end].strip())
    made = selector(quote(text, start, end))
    found = locate(made, other)
    assert (found.span is None) != (found.drift is None)
    if found.span:
        assert found.span.of(other) == made["exact"]
        assert other[: found.span.start].endswith(made["prefix"])
        assert other[found.span.end :].startswith(made["suffix"])


def test_each_drift_has_its_name():
    made = selector(quote("One day oil was scarce. Then talks went on.", 8, 22))
    assert locate(made, "Nothing of it.").drift == "gone"
    assert locate(made, "Another day oil was scarce. Then").drift == "moved"
    assert locate({"exact": "oil"}, "oil and oil").drift == "ambiguous"
    assert locate({"exact": "oil"}, "no oil").span == Span(3, 6)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"exact": ""},
        {"exact": 3},
        {"exact": "a", "prefix": None},
        {"type": "XPathSelector", "exact": "a"},
    ],
)
def test_what_is_no_selector_is_told(given):
    with pytest.raises(InputError, match="expected"):
        locate(given, "a")
