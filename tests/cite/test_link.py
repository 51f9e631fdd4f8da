"""A quote to a link with a text fragment."""

# mypy: allow-untyped-calls

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.cite.link import END_WORDS, WHOLE_WORDS, link
from rag.ingest import spoken as blocks
from rag.reading.turns import turns
from rag.records import Quote, Span
from tests.generate import interview

URL = "https://example.org/talk"


def fragment(words, url=URL):
    """The link for a quote of exactly these words."""
    article = interview(f"Keith Mines: {words}", url=url) if url else interview(f"Keith Mines: {words}")
    turn = turns(article.text, blocks(article))[0]
    start = article.text.index(words)
    made = link(Quote(article, turn, Span(start, start + len(words)), 1.0))
    return made.removeprefix(URL + "#:~:text=") if made and url == URL else made


def test_a_short_quote_is_linked_whole():
    """Up to WHOLE_WORDS words stand in the fragment whole, blanks as %20."""
    assert fragment("Oil is scarce.") == "Oil%20is%20scarce."
    words = [f"w{n}" for n in range(WHOLE_WORDS)]
    assert fragment(" ".join(words)) == "%20".join(words)


def test_a_long_quote_is_linked_by_its_ends():
    """One word more and the fragment is the first and last END_WORDS words with a comma between."""
    words = [f"w{n}" for n in range(WHOLE_WORDS + 1)]
    assert fragment(" ".join(words)) == "%20".join(words[:END_WORDS]) + "," + "%20".join(words[-END_WORDS:])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("U.S.-Venezuela", "U.S.%2DVenezuela"),
        ("oil, gold", "oil%2C%20gold"),
        ("oil & gold", "oil%20%26%20gold"),
        ("“hard”", "%E2%80%9Chard%E2%80%9D"),
        ("50% #1 a+b", "50%25%20%231%20a%2Bb"),
        ("$12\u00a0billion", "%2412%20billion"),
    ],
)
def test_signs_of_the_fragments_own_syntax_are_encoded(words, expected):
    """Hyphen, comma and ampersand mean something in a fragment, so they are percent-encoded."""
    assert fragment(words) == expected


def test_without_a_url_there_is_no_link():
    """An article whose URL is not known gives no link rather than a broken one."""
    assert fragment("Oil is scarce.", url=None) is None


def test_a_url_that_has_a_fragment_keeps_it():
    """To a URL with a fragment of its own the directive is appended, as its syntax wants."""
    assert fragment("Oil.", url=URL + "#part") == f"{URL}#part:~:text=Oil."


@given(st.lists(st.text("ab-,&’é石.", min_size=1, max_size=5), min_size=1, max_size=30))
def test_a_fragment_decodes_to_words_of_the_quote(words):
    """For any words the fragment decodes to the quote, or to its two ends, with one bare comma at most."""
    text = " ".join(words)
    if not text[0].isalpha():
        text = "a" + text
    made = fragment(text)
    parts = made.split(",")
    assert "-" not in made
    assert "&" not in made
    if len(parts) == 1:
        assert unquote(made) == " ".join(text.split())
    else:
        assert text.startswith(unquote(parts[0]))
        assert text.endswith(unquote(parts[1]))
