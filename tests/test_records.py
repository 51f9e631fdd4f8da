"""The frozen records: what each one refuses, and what it works out."""

# mypy: allow-untyped-calls

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.records import Article, Person, Quote, Span, Turn

TEXT = "Ana: One two.\n\nThree four.\n\nCaption.\n\nFive."
ONE, THREE, FIVE = Span(5, 13), Span(15, 26), Span(38, 43)
TURN = Turn("Ana", None, (ONE, THREE, FIVE))
ARTICLE = Article("a", TEXT, people=(Person("Ana", "USIP"),))

spans = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: Span(min(pair), max(pair)))


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (2, 1), (-3, -2)])
def test_a_span_runs_forward_from_zero(start, end):
    """A span that runs backwards or starts before the text cannot be made; the message has both ends."""
    with pytest.raises(ValueError, match=f"{start}..{end}"):
        Span(start, end)


@given(st.text(), spans)
def test_a_span_is_a_slice(text, span):
    """A span's words are the text's slice, for any text and any span."""
    assert span.of(text) == text[span.start : span.end]


@given(spans, spans)
def test_covering_and_overlapping_agree_with_sets_of_characters(one, other):
    """Two spans overlap when they share a character, and one covers the other when it has them all."""
    a, b = set(range(one.start, one.end)), set(range(other.start, other.end))
    if a and b:
        assert one.overlaps(other) == bool(a & b)
        assert one.covers(other) == (b <= a)


@pytest.mark.parametrize("record", [ONE, TURN, ARTICLE, Person("Ana")])
def test_records_are_frozen(record):
    """No field of a record can be set after it is made."""
    field = next(iter(record.__dataclass_fields__))
    with pytest.raises(FrozenInstanceError):
        setattr(record, field, None)


def test_an_articles_version_is_the_hash_of_its_text():
    """The version is the text's SHA-256: worked out elsewhere for "abc", and another for other text."""
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert Article("x", "abc").version == abc
    assert Article("x", "abd").version != abc


def test_a_role_that_no_source_states_is_none():
    """A stated role is given back; for anybody else, and for nobody, it is None."""
    assert [ARTICLE.role(name) for name in ("Ana", "Bo", None)] == ["USIP", None, None]


@pytest.mark.parametrize(
    ("span", "held"),
    [
        (ONE, True),
        (Span(9, 12), True),
        (Span(5, 26), True),  # over two paragraphs, blank between
        (Span(9, 20), True),
        (Span(15, 43), False),  # over the caption
        (Span(0, 13), False),  # the label
        (Span(28, 36), False),  # the caption alone
        (Span(9, 9), False),  # nothing
        (Span(38, 44), False),  # past the end of what was said
    ],
)
def test_a_turn_holds_its_own_words_only(span, held):
    """A turn holds a span when all its words are the turn's own; blanks between paragraphs may be in it."""
    text = TEXT + "!"
    assert TURN.holds(span, text) is held


@given(spans)
def test_holding_is_deciding_each_character(span):
    """A turn holds a span from word to word exactly when all between is its own words or blank."""
    inside = {at for paragraph in TURN.paragraphs for at in range(paragraph.start, paragraph.end)}
    text = TEXT.ljust(60, "x")
    own = all(at in inside or text[at].isspace() for at in range(span.start, span.end))
    if span.start < span.end and {span.start, span.end - 1} <= inside:
        assert TURN.holds(span, text) is own


def test_a_quote_cannot_leave_its_turn():
    """A quote of words that are not the turn's cannot be made at all."""
    with pytest.raises(ValueError, match="not wholly one turn's words"):
        Quote(ARTICLE, TURN, Span(0, 13), 1.0)


def test_a_quote_is_sliced_and_credited():
    """A quote's text is the article's slice; name, role and question come from its turn."""
    asked = Turn("Ana", Span(28, 36), (ONE,))
    quote = Quote(ARTICLE, asked, Span(5, 8), 0.5)
    assert (quote.text, quote.speaker, quote.role, quote.asked) == ("One", "Ana", "USIP", "Caption.")
    assert "text" not in Quote.__slots__


def test_a_turn_of_nobody_known_has_no_name_and_no_role():
    """Words of an unknown speaker are credited to None, never to somebody."""
    quote = Quote(ARTICLE, Turn(None, None, (ONE,)), ONE, 0.5)
    assert (quote.speaker, quote.role, quote.asked) == (None, None, None)
