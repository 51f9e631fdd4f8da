"""A quote's id, and the quote that an id names."""

# mypy: allow-untyped-calls

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quotes import through
from rag import index as index_store
from rag.errors import QuoteDrifted, UnknownArticle, UnknownQuote
from rag.index.parts import Spoken
from rag.ingest import spoken
from rag.quotes import id_of, quote_at, quote_of
from rag.reading.turns import turns
from rag.records import Article, Quote, Span
from tests.generate import interview, interviews


def told(article: Article) -> Spoken:
    found = spoken(article)
    return Spoken(article, found, turns(article.text, found))


MADE = told(interview("Who knows?", "Keith Mines: Oil is scarce. Talks go on.", "Ana Caridad: We agree."))


@given(interviews(), st.data())
def test_an_id_names_its_quote_again(made, data):
    """For any interview and any words of one turn the id leads back to exactly these words."""
    one = told(made.article)
    turn = data.draw(st.sampled_from(one.turns))
    paragraph = data.draw(st.sampled_from(turn.paragraphs))
    start = data.draw(st.integers(paragraph.start, paragraph.end - 1))
    end = data.draw(st.integers(start + 1, paragraph.end))
    if not Span(start, end).of(made.article.text).strip():
        return
    quote = Quote(one.article, turn, Span(start, end), 0.5)
    again = quote_of(id_of(quote), {one.article.id: one})
    assert (again.text, again.speaker, again.span) == (quote.text, quote.speaker, quote.span)


def test_a_text_that_changed_is_told():
    """A quote of an older text is never cut from the newer one."""
    quote = quote_at(MADE, 24, 38)
    assert quote is not None
    name = id_of(quote)
    changed = replace(MADE, article=replace(MADE.article, text=MADE.article.text + " "))
    with pytest.raises(QuoteDrifted, match=r"has changed .*; ask again"):
        quote_of(name, {"made": changed})


@pytest.mark.parametrize(
    "name",
    ["", "made", "made:1-2", "made:1-2:xyz", "made:-1-2:" + MADE.article.version[:12], "a\nb", "made:9-1:0"],
)
def test_what_is_no_id_is_refused(name):
    with pytest.raises(UnknownQuote, match="expected"):
        quote_of(name, {"made": MADE})


@pytest.mark.parametrize("place", ["0-5", "24-90", "24-24", "30-20", "24-999999"])
def test_an_id_of_no_one_persons_words_is_refused(place):
    """Nothing but one turn's words is ever a quote: no question, no two turns, no empty place."""
    with pytest.raises(UnknownQuote, match="not one person's words"):
        quote_of(f"made:{place}:{MADE.article.version[:12]}", {"made": MADE})


def test_an_id_of_another_article_is_refused():
    with pytest.raises(UnknownArticle, match="onrecord list"):
        quote_of(f"other:1-2:{MADE.article.version[:12]}", {"made": MADE})


def test_who_answers_and_who_asks():
    """The cast has each person once, in order: who ever answers is no interviewer."""
    one = told(
        interview(
            "Rosa Peña: Why is oil scarce?",
            "Ana Caridad: It is.",
            "Rosa Peña: And now?",
            "Ana Caridad: Still.",
            people=("Ana Caridad", "Rosa Peña"),
        )
    )
    found = one.cast
    assert found.interviewees == ("Ana Caridad",)
    assert found.interviewers == ("Rosa Peña",)


def test_a_quote_is_its_slice_wherever_it_is_shown(index_folder):
    """JSON, terminal, card, citation, selector, and a brief in each format hand on the very words."""
    assert len(through(index_store.contents(index_folder), 200)) == 10
