"""A quote's place as a selector, and found again by it: exactly, or told as drift."""

# mypy: allow-untyped-calls

import json
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.cite import locate, selector
from rag.errors import InputError
from rag.ingest import spoken
from rag.reading.turns import turns
from rag.records import Article, Quote, Span, Turn
from tests.generate import interviews


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


@given(interviews(), st.data())
def test_a_quote_of_an_interview_is_found_again(told, data):
    """Every turn's words are found at their own place, and with words put before them at their new one."""
    article = told.article
    turn = data.draw(st.sampled_from(turns(article.text, spoken(article))))
    span = data.draw(st.sampled_from(turn.paragraphs))
    made = selector(Quote(article, turn, span, 1.0))
    assert locate(made, article.text).span == span
    again = locate(made, "New words. " + article.text)
    assert again.span is None or again.span.of("New words. " + article.text) == span.of(article.text)


@given(interviews(), st.data())
def test_after_any_edit_nothing_else_is_found(told, data):
    """Cut and put in whatever, wherever: the words found are the selector's own, between its own."""
    text = told.article.text
    turn = data.draw(st.sampled_from(turns(text, spoken(told.article))))
    made = selector(Quote(told.article, turn, data.draw(st.sampled_from(turn.paragraphs)), 1.0))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    edited = text[:start] + data.draw(st.text("ab. \n", max_size=5)) + text[end:]
    found = locate(made, edited)
    assert (found.span is None) != (found.drift is None)
    if found.span:
        assert found.span.of(edited) == made["exact"]
        assert edited[: found.span.start].endswith(made["prefix"])
        assert edited[found.span.end :].startswith(made["suffix"])
        assert json.loads(json.dumps(made)) == made


def test_a_text_that_repeats_itself_is_searched_in_linear_time():
    """Ten times the text takes about ten times as long, not a hundred: a second would be far too much."""
    text = "ab" * 100_000
    began = time.perf_counter()
    made = selector(quote(text, 100_000, 100_002))
    assert locate(made, text).span == Span(100_000, 100_002)
    assert time.perf_counter() - began < 5


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
        {"type": 3, "exact": "a"},
        ["a"],
        "a",
        None,
    ],
)
def test_what_is_no_selector_is_told(given):
    with pytest.raises(InputError, match="expected"):
        locate(given, "a")
