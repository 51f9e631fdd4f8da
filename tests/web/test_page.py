"""Records to HTML: all that is said stands there, and nothing of it is markup."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import wording
from rag.index.parts import Spoken
from rag.ingest import spoken as blocks
from rag.measured import Kind, Measured
from rag.reading.turns import turns
from rag.records import Answer, Article, Person, Place, Quote, Side, Span
from rag.web.page import article as article_page
from rag.web.page import labels
from rag.web.page.promise import promise
from rag.web.page.talk import Cards, failed
from rag.web.page.text import Voices, escape, initials, notice, voices

HOSTILE = """<img src=x onerror=alert(1)>"'&amp;${1+1}{{7*7}}"""
texts = st.text(alphabet=st.one_of(st.sampled_from("<>&\"'`=/${}\r\n\0\ud800"), st.characters()), max_size=60)


class Parsed(HTMLParser):
    """Tags, attributes and text as a browser reads them."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Notes text."""
        self.text += data


def interview(text: str, **facts: object) -> Article:
    return Article("an-id", text, **facts)  # type: ignore[arg-type]


def quote(article: Article, words: str) -> Quote:
    start = article.text.index(words)
    span = Span(start, start + len(words))
    turn = next(each for each in turns(article.text, blocks(article)) if each.holds(span, article.text))
    return Quote(article, turn, span, 0.5)


def reader(article: Article, voice: Voices) -> str:
    return article_page.pane(1, article_page.article(article, blocks(article), voice))


def answered(answer: Answer, voice: Voices, *others: Article) -> str:
    quoted = [quote.article for quote in (*answer.quotes, *answer.related)]
    held = {each.id: Spoken(each, (), ()) for each in (*quoted, *others)}
    return Cards(voice, held).answered(answer)


TALK = interview(
    "A standfirst.\n\nWhat is it?\n\nAna Caridad: It is <b>this</b> & that.\n\nSecond paragraph.\n\n"
    "What else?\n\nKeith Mines: Nothing.\n\nRelated Publications\n\nA teaser of another.",
    people=(Person("Ana Caridad", "USIP"), Person("Keith Mines")),
)
VOICES = voices(["Ana Caridad", "Keith Mines"])


@given(texts)
def test_any_text_is_shown_and_never_markup(text):
    read = Parsed(f'<p title="{escape(text)}">{escape(text)}</p>')
    expected = text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    assert read.tags == ["p"]
    assert read.text == expected
    assert read.attributes == [("title", expected)]
    assert len(expected) == len(text)  # or the offsets would shift


@given(texts)
def test_a_question_adds_no_tag(text):
    answer = Answer(text, "declined", text, suggestions=(text,))
    plain = Answer("a", "declined", "b", suggestions=("c",))
    assert Parsed(answered(answer, {})).tags == Parsed(answered(plain, {})).tags
    assert Parsed(failed(text)).tags == Parsed(failed("a")).tags


@given(texts, texts, texts)
def test_an_articles_facts_add_no_tag(name, fact, address):
    def shown(name: str, fact: str, url: str) -> list[str]:
        article = Article(
            fact, "What?\n\nWords.", "en", (Person(name, fact or "-"),), fact or "-", fact or "-", None, url
        )
        return Parsed(reader(article, voices([name]))).tags

    assert [tag for tag in shown(name, fact, address) if tag != "a"] == shown("n", "f", "none")


def test_a_hostile_article_is_text():
    article = interview(f"What?\n\nAna Caridad: {HOSTILE}", people=(Person("Ana Caridad"),))
    answer = Answer(HOSTILE, "answered", "Said:", (quote(article, HOSTILE),))
    for markup in (answered(answer, VOICES), reader(article, VOICES), notice(HOSTILE)):
        assert "img" not in Parsed(markup).tags
        assert HOSTILE in Parsed(markup).text


def test_every_paragraph_of_the_article_is_there_in_order():
    read = Parsed(reader(TALK, VOICES))
    at = 0
    for block in blocks(TALK):
        at = read.text.index(block.span.of(TALK.text), at)
    starts = [int(value or "") for name, value in read.attributes if name == "data-start"]
    assert starts == [block.span.start for block in blocks(TALK)]


def test_what_is_no_interview_is_folded_away():
    before, _, after = reader(TALK, VOICES).partition("Not part of the interview")
    assert "A standfirst." in before
    assert "A teaser of another." in after
    assert "<details open" not in before


def test_a_quote_over_two_paragraphs_keeps_its_line_breaks():
    words = "that.\n\nSecond paragraph."
    answer = Answer("q", "answered", "Said:", (quote(TALK, words),))
    assert words in Parsed(answered(answer, VOICES)).text


def test_a_card_tells_who_in_what_role_and_what_was_asked():
    answer = Answer("q", "answered", "Said:", (quote(TALK, "Second paragraph."),))
    text = Parsed(answered(answer, VOICES)).text
    assert "ACAna Caridad USIP" in text
    assert "Asked: What is it?" in text


def test_a_card_of_an_archive_names_its_article_and_the_reprints():
    first = interview(f"What?\n\nAna Caridad: {'So it was. ' * 3}", title="<First>", date="2022-03")
    first = replace(first, id="first")
    also = (Place(TALK, Span(0, 1)),)
    only = replace(quote(first, "So it was."), also=also)
    text = Parsed(answered(Answer("q", "answered", "Said:", (only,)), {}, TALK)).text
    assert "<First> · March 2022" in text
    assert "also in an-id" in text
    assert "<First> ·" not in Parsed(answered(Answer("q", "answered", "Said:", (only,)), {})).text


def test_reported_words_are_set_apart_on_the_card_and_all_words_stay():
    said = "She said: “Sell the mill now. Go.” I stayed."
    talk = interview(f"What?\n\nAna Caridad (through interpreter): {said}", people=(Person("Ana Caridad"),))
    markup = answered(Answer("q", "answered", "Said:", (quote(talk, said),)), {})
    assert '<span class="reported">“Sell the mill now. Go.”</span>' in markup
    assert said in Parsed(markup).text
    assert wording.ENGLISH.reported in markup
    assert wording.ENGLISH.interpreted in markup
    assert "marks" not in answered(Answer("q", "answered", "Said:", (quote(talk, "I stayed."),)), {}).replace(
        wording.ENGLISH.interpreted, ""
    ).replace('<p class="marks"></p>', "")


def test_a_question_can_be_narrowed_down_only_where_there_is_a_choice():
    lone = interview("What?\n\nAna Caridad: This.")
    assert article_page.narrow([lone], ["Ana Caridad"]) == ""
    assert "Article" not in article_page.narrow([lone], ["Ana Caridad", "Keith Mines"])
    names = [
        value
        for name, value in Parsed(article_page.narrow([lone, TALK], ["<b>"])).attributes
        if name == "name"
    ]
    assert names == ["speaker", "article", "since", "until", "order"]


def test_near_misses_are_shown_only_with_a_declined_answer():
    near = (quote(TALK, "Nothing."),)
    declined = answered(Answer("q", "declined", "No.", related=near), VOICES)
    said = answered(Answer("q", "answered", "Yes.", (quote(TALK, "Second paragraph."),), near), VOICES)
    assert "Near misses, not an answer" in declined
    assert "Nothing." not in said


def test_nobody_is_named_where_nobody_is_known():
    article = interview("Host: What?\n\nHost: Words of somebody.")
    unknown = Article("id", article.text)
    markup = reader(unknown, {})
    assert "voice-0" not in markup


def test_an_article_without_facts_gets_none():
    read = Parsed(reader(interview("Words."), {}))
    assert "None" not in read.text
    assert "facts" not in dict(read.attributes).values()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "ftp://a.example"]
)
def test_only_web_addresses_become_links(url):
    assert "a" not in Parsed(reader(interview("Words.", url=url), {})).tags


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Keith Mines", "KM"),
        ("Ana María de Caridad", "AC"),
        ("Plato", "P"),
        ("Élise Œuvre", "ÉŒ"),
        ("42", "?"),
        ("", "?"),
    ],
)
def test_initials(name, expected):
    assert initials(name) == expected


def test_an_answer_in_spanish_has_spanish_words_around_the_quote():
    answer = Answer("q", "answered", "Dice:", (quote(TALK, "Second paragraph."),), language="es")
    text = Parsed(answered(answer, VOICES)).text
    for words in (labels.SPANISH.asked, labels.SPANISH.show, labels.SPANISH.probably, labels.SPANISH.cite):
        assert words in text
    assert labels.ENGLISH.show not in text
    assert "What is it?" in text


def test_how_sure_is_told_in_words_with_the_number_behind_them():
    said = quote(TALK, "Second paragraph.")
    for score, words, number in (
        (0.93, "Answers", "93"),
        (0.5, "Probably answers", "50"),
        (0.2, "May answer", "20"),
    ):
        text = Parsed(answered(Answer("q", "answered", "Said:", (replace(said, score=score),)), VOICES)).text
        assert words in text
        assert f"about {number} answer the question" in text


def test_more_than_one_quote_waits_behind_a_line_that_counts_them():
    said = (
        quote(TALK, "It is <b>this</b> & that."),
        quote(TALK, "Second paragraph."),
        quote(TALK, "Nothing."),
    )
    markup = answered(Answer("q", "answered", "Said:", said), VOICES)
    assert "2 more quotes" in markup
    assert markup.index("Second paragraph.") > markup.index("2 more quotes")
    assert "1 more quote<" in answered(Answer("q", "answered", "Said:", said[:2]), VOICES)


def test_the_sentence_that_answers_is_marked_within_the_quote():
    whole = quote(TALK, "It is <b>this</b> & that.\n\nSecond paragraph.")
    start = TALK.text.index("Second")
    marked = replace(whole, core=Span(start, start + len("Second paragraph.")))
    markup = answered(Answer("q", "answered", "Said:", (marked,)), VOICES)
    assert '<span class="core">Second paragraph.</span>' in markup
    assert whole.text in Parsed(markup).text


def test_sides_stand_in_columns_and_the_silent_one_is_named():
    said = quote(TALK, "Second paragraph.")
    sides = (
        Side(Person("Ana Caridad", "USIP"), "Said:", (said,)),
        Side(Person("Keith Mines"), "He does not."),
    )
    markup = answered(Answer("q", "answered", "Both:", (said,), sides=sides), VOICES)
    assert markup.count('class="side ') == 2
    assert "He does not." in Parsed(markup).text
    assert markup.count("<article") == 1


def test_the_measured_promise_says_what_was_measured_and_no_more():
    kinds = (Kind("near_topic", 10, 0, 0, 7), Kind("yesno", 20, 20, 17, 0))
    measured = Measured("2026-11-27", "make eval", "“A & B”", 30, 20, 17, 1, 3, 25, 0, kinds)
    text = Parsed(promise(measured)).text
    for words in ("17 of 20", "1 of 20", "3 of 10", "0 of 25", "85 %", "make eval", "“A & B”"):
        assert words in text
    assert "near topic10" in text
    assert "yes or no20" in text
    assert promise(None) == ""


def test_what_a_spanish_card_of_an_archive_tells_is_spanish():
    dated = replace(interview(f"What?\n\nAna Caridad: {'So it was. ' * 3}", date="2022-03"), id="dated")
    answer = Answer("q", "answered", "Dice:", (quote(dated, "So it was."),), language="es")
    text = Parsed(answered(answer, VOICES, TALK)).text
    assert "marzo de 2022" in text
