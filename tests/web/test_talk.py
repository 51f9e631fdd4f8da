"""The conversation: what a reader asks, does with an answer, and takes along; in a real browser."""

import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from docx import Document as Word
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from rag import index as index_store
from rag import reports, wording
from rag.encoder import OnnxEncoder
from rag.index import Index
from rag.quotes import id_of
from rag.records import Answer, Article, Person, Quote, Span
from rag.web.page import labels
from tests.web.conftest import PATIENCE
from tests.web.serving import ask, box
from tests.web.test_browser import launched, marked

pytestmark = pytest.mark.browser

OIL = "What do they think about oil?"
PRODUCTION = "What was said about oil production?"
POVERTY = "How many Venezuelans live in extreme poverty?"
PLAYED = "Have both sides been playing hard to get?"
SPANISH = "¿Cuántos venezolanos viven en la pobreza extrema?"
FOLLOW_UP = "And sanctions?"
ENDPOINT = "**/component_server/**"
DESK = {"width": 1360, "height": 900}


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """The page at an address, for a reader who was never here."""
    context = browser.new_context(
        **{"viewport": DESK, "permissions": ["clipboard-read", "clipboard-write"], **options}
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.locator(".start").wait_for()
    yield page
    context.close()


def sent(page: Page, function: str) -> list[Any]:
    """What the page's scripts send to one function of the server from now on."""
    found: list[Any] = []

    def note(request: Any) -> None:
        body = json.loads(request.post_data or "{}") if request.method == "POST" else {}
        if body.get("fn_name") == function:
            found.append(body["data"])

    page.on("request", note)
    return found


def settled(page: Page, exchanges: int) -> None:
    """Waits until so many questions are answered."""
    expect(page.locator(".exchange:not(.start)")).to_have_count(exchanges)
    expect(page.locator(".waiting")).to_have_count(0)


def quotes(page: Page) -> list[str]:
    """The words of all quotes that answer, near misses aside."""
    return page.locator("#talk .card:not(.near .card) blockquote").all_text_contents()


def begins(page: Page, selector: str) -> int:
    """Where the words of the first such thing begin, from the left."""
    script = """e => {
      const words = document.createRange();
      words.selectNodeContents(e);
      return Math.round(words.getClientRects()[0].left);
    }"""
    return int(page.locator(selector).first.evaluate(script))


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def focused(page: Page, selector: str) -> bool:
    return bool(page.evaluate("name => !!document.activeElement?.matches(name)", selector))


# --- answers that were told beforehand ---------------------------------------------------------------

SAID = "So it is."
LONG = f"{SAID} A second sentence follows it.\n\nAnd a paragraph of hers goes on: “it does”."
NOTES = Article(
    "notes",
    f"What is it?\n\nAna Caridad: Before it. {LONG}\n\nAnd then?\n\nKeith Mines: {SAID} He was brief.\n\n"
    f"Who else?\n\nAna Caridad: Again: {SAID} Nobody else did.",
    people=(Person("Ana Caridad"), Person("Keith Mines")),
)


@pytest.fixture(scope="module")
def notes() -> Index:
    """An index of one small article without an address."""
    return index_store.build([NOTES], OnnxEncoder())


def said(index: Index, words: str, nth: int = 0, article: int = 0, **known: Any) -> Quote:
    """The quote of the words that stand in an article for the nth time."""
    text = index.articles[article].text
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    span = Span(start, start + len(words))
    turn = next(each for each in index.turns[article] if each.holds(span, text))
    return Quote(index.articles[article], turn, span, known.pop("score", 0.5), **known)


class Canned:
    """A bot that has its answers by question, and declines what it has none for."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = dict(answers)

    def ask(self, question: str, *, history: Sequence[str] = (), **narrowed: str) -> Answer:
        """The answer to this question, whatever was asked before."""
        return self.answers.get(question) or Answer(question, "declined", wording.ENGLISH.declines.one)

    def relevance(self, question: str, article: str, history: Sequence[str] = ()) -> list[Any]:
        """Nothing is near."""
        return []


@pytest.fixture(scope="module")
def canned(browser: Browser, notes: Index) -> Iterator[str]:
    """Where a page is served whose answers are known beforehand."""
    three = tuple(
        said(notes, words, score=score)
        for words, score in ((LONG, 0.95), ("He was brief.", 0.5), ("Nobody else did.", 0.2))
    )
    core = replace(three[0], core=said(notes, SAID).span)
    nobody = said(notes, "He was brief.")
    nobody = replace(nobody, turn=replace(nobody.turn, speaker=None))
    answers = {
        "three": Answer("three", "answered", wording.ENGLISH.answers.many, three),
        "whole": Answer("whole", "answered", wording.ENGLISH.answers.one, (core,)),
        "last": Answer("last", "answered", wording.ENGLISH.answers.one, (said(notes, SAID, 2),)),
        "nadie": Answer("nadie", "answered", wording.SPANISH.answers_unknown, (nobody,), language="es"),
    }
    bot: Future[Any] = Future()
    bot.set_result(Canned(answers))
    with launched(notes, bot, browser) as page:
        yield page.url.rstrip("/")


# --- side by side ------------------------------------------------------------------------------------


def test_what_they_think_stands_in_columns_side_by_side(page):
    turn = ask(page, OIL)
    expect(turn.locator(".ours").first).to_have_text(wording.ENGLISH.side_by_side)
    sides = turn.locator(".side")
    expect(sides).to_have_count(2)
    assert sides.locator("> header .name").all_text_contents() == ["Keith Mines", "Ana Caridad"]
    left, right = sides.evaluate_all("all => all.map(each => each.getBoundingClientRect().toJSON())")
    assert abs(left["top"] - right["top"]) < 2
    assert right["left"] >= left["right"]
    expect(sides.nth(0).locator("blockquote").first).to_be_visible()


def test_who_says_nothing_is_told_in_a_column_of_their_own(page):
    silent = ask(page, OIL).locator(".side").nth(1)
    expect(silent.locator(".silent")).to_contain_text("Ana Caridad does not")
    expect(silent.locator(".card")).to_have_count(0)
    expect(page.locator(".said")).to_contain_text("Ana Caridad does not")


def test_nobody_is_said_to_agree_or_to_disagree(page):
    ours = ask(page, OIL).evaluate(
        """node => {
          const copy = node.cloneNode(true);
          for (const each of copy.querySelectorAll('.question, blockquote, .asked')) each.remove();
          return copy.textContent;
        }"""
    )
    assert wording.ENGLISH.side_by_side in ours
    assert "agree" not in ours.replace(wording.ENGLISH.side_by_side, "").lower()


def test_columns_are_stacked_on_a_phone(phone):
    ask(phone, OIL)
    boxes = phone.locator(".side").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().toJSON())"
    )
    first, second = boxes
    assert second["top"] >= first["bottom"]
    assert abs(first["left"] - second["left"]) < 2


# --- follow-ups --------------------------------------------------------------------------------------


def test_a_follow_up_shows_what_it_was_understood_as(page):
    ask(page, PRODUCTION)
    turn = ask(page, FOLLOW_UP)
    expect(turn.locator(".understood")).to_contain_text("Understood as: What was said about sanctions?")
    expect(turn.locator(".literally")).to_have_text("Ask it as I typed it")
    expect(turn.locator(".question")).to_contain_text(FOLLOW_UP)


def test_a_follow_up_of_a_comparison_shows_what_it_was_understood_as(page):
    ask(page, OIL)
    turn = ask(page, "And the negotiations?")
    expect(turn.locator(".side")).to_have_count(2)
    expect(turn.locator(".understood")).to_contain_text("Understood as: ", timeout=1000)
    expect(turn.locator(".literally")).to_be_visible()


def test_asked_as_it_was_typed_it_leans_on_nothing_and_neither_do_later_ones(page):
    ask(page, PRODUCTION)
    turn = ask(page, FOLLOW_UP)
    asked = sent(page, "ask")
    turn.locator(".literally").click()
    expect(turn.locator(".understood")).to_have_count(0)
    settled(page, 2)
    expect(turn.locator(".reply")).to_have_count(1)
    assert [each["history"] for each in asked] == [[]]
    ask(page, "Anything else?")
    assert asked[-1]["history"] == [FOLLOW_UP]


def test_what_was_asked_as_typed_stays_so_over_a_reload(page):
    ask(page, PRODUCTION)
    turn = ask(page, FOLLOW_UP)
    turn.locator(".literally").click()
    expect(turn.locator(".understood")).to_have_count(0)
    settled(page, 2)
    before = quotes(page)
    page.reload()
    settled(page, 2)
    assert quotes(page) == before
    expect(page.locator(".understood")).to_have_count(0)


# --- a card ------------------------------------------------------------------------------------------


def test_further_quotes_are_folded_behind_their_number(browser, canned):
    with opened(browser, canned) as page:
        turn = ask(page, "three")
        expect(turn.locator(".reply > .card")).to_have_count(1)
        expect(turn.locator(".more > summary")).to_have_text("2 more quotes")
        folded = turn.locator(".more .card")
        expect(folded).to_have_count(2)
        expect(folded.first).to_be_hidden()
        turn.locator(".more > summary").click()
        expect(folded.nth(0)).to_be_visible()
        expect(folded.nth(1)).to_be_visible()


def test_how_sure_is_told_in_words_and_the_number_when_it_is_asked_for(browser, canned):
    with opened(browser, canned) as page:
        turn = ask(page, "three")
        turn.locator(".more > summary").click()
        told = (("Answers", 95), ("Probably answers", 50), ("May answer", 20))
        for at, (words, number) in enumerate(told):
            sure = turn.locator(".sure").nth(at)
            expect(sure.locator("summary")).to_have_text(words)
            expect(sure.locator("p")).to_be_hidden()
            sure.locator("summary").click()
            expect(sure.locator("p")).to_be_visible()
            expect(sure.locator("p")).to_contain_text(f"about {number} answer the question")
        expect(turn.locator(".reply")).not_to_contain_text("%")


def test_a_quote_of_several_paragraphs_is_copied_to_the_letter(browser, canned):
    with opened(browser, canned) as page:
        turn = ask(page, "whole")
        expect(turn.locator(".core")).to_have_text(SAID)
        turn.locator(".copy").click()
        expect(turn.locator(".copy")).to_have_text("Copied")
        assert clipboard(page) == LONG
        expect(page.locator(".said")).to_have_text("Copied")


def test_the_link_leads_to_the_publishers_page_at_the_words(page, article):
    card = ask(page, POVERTY).locator(".card").first
    words = str(card.locator("blockquote").text_content()).split()
    card.locator(".link").click()
    expect(card.locator(".link")).to_have_text("Copied")
    address, fragment = clipboard(page).split("#:~:text=")
    assert address == article.url
    assert unquote(fragment).startswith(" ".join(words[:3]))
    assert unquote(fragment).endswith(words[-1])


def test_without_an_address_the_link_opens_this_page_at_the_very_words(browser, canned, notes):
    quote = said(notes, SAID, 2)
    with opened(browser, canned) as page:
        ask(page, "last").locator(".link").click()
        expect(page.locator(".link")).to_have_text("Copied")
        link = clipboard(page)
    assert link.startswith(f"{canned}/?quote=")
    assert unquote(link.partition("?quote=")[2]) == id_of(quote)
    with opened(browser, link) as page:
        expect(page.locator("#reader mark")).to_have_count(1)
        assert marked(page) == SAID
        start = page.locator("#reader mark").evaluate(
            """mark => {
              const before = document.createRange(), paragraph = mark.closest('[data-start]');
              before.setStart(paragraph, 0);
              before.setEndBefore(mark);
              return Number(paragraph.dataset.start) + [...before.toString()].length;
            }"""
        )
        assert start == quote.span.start


def test_a_link_to_a_quote_is_shown_beside_a_conversation_that_was_kept(browser, canned, notes):
    with opened(browser, canned) as page:
        ask(page, "whole")
        page.goto(f"{canned}/?quote={id_of(said(notes, SAID, 2))}")
        settled(page, 1)
        page.wait_for_timeout(300)
        assert marked(page) == SAID


def test_a_link_to_a_text_that_has_changed_since_marks_nothing(browser, canned, notes):
    name = id_of(said(notes, SAID))
    with opened(browser, f"{canned}/?quote={name[:-12]}{'0' * 12}") as page:
        page.wait_for_timeout(300)
        expect(page.locator("#reader mark")).to_have_count(0)


@pytest.mark.parametrize("fault", ["wrong_person", "no_answer"])
def test_a_report_is_thanked_for_and_kept_beside_the_index(page, page_index, fault):
    card = ask(page, POVERTY).locator(".card").first
    words = card.locator("blockquote").text_content()
    before = len(reports.read(page_index))
    card.locator(f".flag[data-fault={fault}]").focus()
    page.keyboard.press("Enter")
    expect(card.locator(".flags")).to_have_text("Noted, thank you")
    assert focused(page, ".flags *")
    expect(page.locator(".said")).to_have_text("Noted, thank you")
    rows = [json.loads(line) for line in (page_index / reports.FILE).read_text("utf-8").splitlines()]
    assert len(rows) == before + 1
    assert (rows[-1]["question"], rows[-1]["fault"]) == (POVERTY, fault)
    assert (rows[-1]["text"], rows[-1]["speaker"]) == (words, "Ana Caridad")
    assert rows[-1]["quote"] == card.get_attribute("data-quote")


# --- other languages ---------------------------------------------------------------------------------


def test_a_spanish_question_has_spanish_words_around_an_english_quote(page, article):
    turn = ask(page, SPANISH)
    assert turn.locator(".reply").get_attribute("lang") == "es"
    expect(turn.locator(".ours").first).to_have_text(wording.SPANISH.answers.one)
    card = turn.locator(".card").first
    expect(card.locator("blockquote")).to_have_attribute("lang", "en")
    assert card.locator("blockquote").text_content() in article.text
    say = labels.SPANISH
    for name, words in (
        (".show", say.show),
        (".copy", say.copy),
        (".cite", say.cite),
        (".link", say.link),
        (".pin", say.pin),
        (".flag[data-fault=no_answer]", say.no_answer),
    ):
        expect(card.locator(name)).to_have_text(words)
    card.locator(".pin").click()
    expect(card.locator(".pin")).to_have_text(say.pinned)
    card.locator(".copy").click()
    expect(card.locator(".copy")).to_have_text(say.copied)
    card.locator(".flag").first.click()
    expect(card.locator(".flags")).to_have_text(say.noted)


def test_an_unknown_speaker_is_told_in_the_language_of_the_question(browser, canned):
    with opened(browser, canned) as page:
        expect(ask(page, "nadie").locator(".card .name")).to_have_text(wording.SPANISH.unknown, timeout=1000)


def test_a_spanish_question_is_headed_in_spanish(page):
    assert ask(page, SPANISH).locator(".question").text_content() == f"{labels.SPANISH.you_asked}{SPANISH}"


# --- small talk, and questions that are offered ---------------------------------------------------------


def test_small_talk_is_answered_without_a_quote(page):
    turn = ask(page, "hello")
    expect(turn.locator(".ours")).to_have_text(wording.ENGLISH.greeting)
    expect(turn.locator(".card")).to_have_count(0)
    turn.locator(".chip").first.click()
    settled(page, 2)
    expect(page.locator(".exchange").nth(2).locator(".reply > .card").first).to_be_visible()


def test_questions_that_are_answered_well_come_by_themselves_and_ask_themselves(page):
    found = page.locator(".start .found")
    expect(found.locator("summary")).to_have_text("Well answered too")
    chip = found.locator(".chip").first
    asked = str(chip.text_content())
    chip.click()
    settled(page, 1)
    turn = page.locator(".exchange").nth(1)
    expect(turn.locator(".question")).to_contain_text(asked)
    expect(turn.locator(".ours.answered")).to_have_count(1)
    expect(found.locator(".chip").first).to_be_hidden()


# --- completions -------------------------------------------------------------------------------------


def test_a_topic_is_offered_while_one_types_and_taken_by_keyboard(page):
    options = page.locator("#completions [role=option]")
    box(page).press_sequentially("What about sanc")
    expect(options).to_have_text(["sanctions"])
    expect(page.locator("#completions")).to_have_attribute("role", "listbox")
    expect(box(page)).to_have_attribute("aria-controls", "completions")
    assert box(page).get_attribute("aria-activedescendant") is None
    box(page).press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box(page).get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    expect(box(page)).to_be_focused()
    box(page).press("Enter")
    expect(box(page)).to_have_value("What about sanctions ")
    expect(page.locator("#completions")).to_be_hidden()
    assert box(page).get_attribute("aria-activedescendant") is None
    expect(page.locator(".exchange")).to_have_count(1)
    expect(box(page)).to_be_focused()


def test_arrows_go_round_the_completions_and_back_to_what_was_typed(page):
    options = page.locator("#completions [role=option]")
    box(page).press_sequentially("pr")
    expect(options.first).to_be_visible()
    count = options.count()
    assert count > 1
    box(page).press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    box(page).press("ArrowDown")
    expect(page.locator("#completions [aria-selected=true]")).to_have_count(0)
    expect(box(page)).to_have_value("pr")


def test_escape_closes_the_completions_and_leaves_what_was_typed(page):
    box(page).press_sequentially("sanc")
    expect(page.locator("#completions")).to_be_visible()
    box(page).press("Escape")
    expect(page.locator("#completions")).to_be_hidden()
    expect(box(page)).to_have_value("sanc")
    expect(box(page)).to_be_focused()


def test_enter_asks_what_was_typed_where_no_completion_is_chosen(page):
    box(page).press_sequentially("sanc")
    expect(page.locator("#completions")).to_be_visible()
    box(page).press("Enter")
    settled(page, 1)
    expect(page.locator(".question")).to_contain_text("sanc")
    expect(page.locator("#completions")).to_be_hidden()


def test_a_name_is_completed_and_taken_with_the_mouse(page):
    box(page).press_sequentially("What does carid")
    option = page.locator("#completions [role=option]")
    expect(option).to_have_text(["Ana Caridad"])
    option.click()
    expect(box(page)).to_have_value("What does Ana Caridad ")
    expect(box(page)).to_be_focused()


def test_a_name_of_which_a_part_stands_there_is_not_said_twice(page):
    box(page).press_sequentially("What does Keith Mi")
    expect(page.locator("#completions [role=option]")).to_have_text(["Keith Mines"])
    box(page).press("ArrowDown")
    box(page).press("Enter")
    expect(box(page)).to_have_value("What does Keith Mines ", timeout=1000)


def test_a_question_of_the_interviewers_is_completed_as_a_whole(page):
    box(page).press_sequentially("what do we know")
    option = page.locator("#completions .question")
    expect(option).to_have_count(1)
    words = str(option.text_content())
    option.click()
    expect(box(page)).to_have_value(words)


def test_what_completes_is_gone_when_one_goes_elsewhere(page):
    box(page).press_sequentially("sanc")
    expect(page.locator("#completions")).to_be_visible()
    box(page).press("Tab")
    expect(page.locator("#completions")).to_be_hidden()


def test_shift_and_enter_make_a_new_line(page):
    box(page).press_sequentially("one")
    height = box(page).evaluate("e => e.offsetHeight")
    box(page).press("Shift+Enter")
    box(page).press("Shift+Enter")
    box(page).press_sequentially("two")
    expect(box(page)).to_have_value("one\n\ntwo")
    expect(page.locator(".exchange")).to_have_count(1)
    assert box(page).evaluate("e => e.offsetHeight") > height


# --- addresses that ask -------------------------------------------------------------------------------


def test_an_address_asks_at_once(browser, url):
    with opened(browser, f"{url}/?q=Have+both+sides+been+playing+hard+to+get%3F") as page:
        settled(page, 1)
        expect(page.locator(".question")).to_have_text(f"You asked: {PLAYED}")
        expect(page.locator(".card")).to_have_count(1)
        expect(page.locator(".said")).not_to_be_empty()
        expect(box(page)).to_have_value("")


def test_an_address_asks_several_in_order_each_leaning_on_those_before(browser, url):
    with opened(browser, f"{url}/?q={PRODUCTION}&q={FOLLOW_UP}&speaker=Ana+Caridad") as page:
        settled(page, 2)
        expect(page.locator(".question")).to_contain_text([PRODUCTION, FOLLOW_UP])
        expect(page.locator(".exchange").nth(2)).to_contain_text("Understood as: ")
        expect(page.locator(".exchange").nth(1).locator(".understood")).to_have_text("Only Ana Caridad")
        expect(page.locator("#ask select[name=speaker]")).to_have_value("Ana Caridad")


def test_a_conversation_before_the_address_is_put_aside_and_comes_back(browser, url):
    with opened(browser, url) as page:
        ask(page, POVERTY)
        page.goto(f"{url}/?q={PLAYED}")
        settled(page, 1)
        expect(page.locator(".question")).to_contain_text(PLAYED)
        expect(page.locator(".undone")).to_contain_text("put aside")
        page.locator(".undo").click()
        expect(page.locator(".question")).to_contain_text(POVERTY)
        settled(page, 1)


def test_an_address_that_narrows_a_question_down_is_not_taken_for_what_was_kept(browser, url):
    with opened(browser, url) as page:
        ask(page, PRODUCTION)
        page.goto(f"{url}/?q={PRODUCTION}&speaker=Ana+Caridad")
        settled(page, 1)
        expect(page.locator(".understood")).to_have_text("Only Ana Caridad", timeout=1000)


def test_what_was_asked_after_the_address_is_kept_over_a_reload(browser, url):
    with opened(browser, f"{url}/?q={PRODUCTION}") as page:
        settled(page, 1)
        ask(page, FOLLOW_UP)
        page.reload()
        page.locator(".start").wait_for()
        expect(page.locator(".waiting")).to_have_count(0)
        expect(page.locator(".question")).to_contain_text([PRODUCTION, FOLLOW_UP])


# --- the conversation as a whole ----------------------------------------------------------------------


def test_a_reload_keeps_the_conversation_and_announces_nothing(page):
    ask(page, PRODUCTION)
    ask(page, FOLLOW_UP)
    before = page.locator(".reply").all_inner_texts()
    page.add_init_script(
        """window.announced = [];
        new MutationObserver(() => {
          const words = document.querySelector('.said')?.textContent;
          if (words) window.announced.push(words);
        }).observe(document, {childList: true, subtree: true, characterData: true});"""
    )
    page.reload()
    settled(page, 2)
    assert page.locator(".reply").all_inner_texts() == before
    expect(page.locator(".question")).to_contain_text([PRODUCTION, FOLLOW_UP])
    assert page.evaluate("announced") == []
    asked = sent(page, "ask")
    ask(page, "And Ana Caridad?")
    assert asked[-1]["history"] == [PRODUCTION, FOLLOW_UP]


def test_what_somebody_wrote_into_the_browsers_memory_harms_nothing(page):
    for kept in ("3", "{", '[1, null, {"question": 4}, {"question": " "}]', '{"question": "x"}'):
        page.evaluate("words => localStorage.setItem('onrecord:talk', words)", kept)
        page.reload()
        page.locator(".start").wait_for()
        expect(page.locator(".exchange")).to_have_count(1)
        expect(page.locator(".whole")).to_be_hidden()


def test_a_new_conversation_is_empty_and_undo_brings_the_old_one_back(page):
    ask(page, PRODUCTION)
    ask(page, FOLLOW_UP)
    before = quotes(page)
    page.locator(".new").click()
    expect(page.locator(".exchange")).to_have_count(1)
    expect(page.locator(".start .chip").first).to_be_visible()
    expect(page.locator(".undone")).to_contain_text("The conversation of 2 questions is put aside.")
    expect(page.locator("#reader mark")).to_have_count(0)
    expect(page.locator(".whole")).to_be_hidden()
    expect(box(page)).to_be_focused()
    assert page.evaluate("localStorage.getItem('onrecord:talk')") is None
    page.locator(".undo").click()
    settled(page, 2)
    assert quotes(page) == before
    expect(page.locator(".undone")).to_be_hidden()
    expect(box(page)).to_be_focused()
    asked = sent(page, "ask")
    ask(page, "And Ana Caridad?")
    assert asked[-1]["history"] == [PRODUCTION, FOLLOW_UP]


def test_a_new_conversation_leans_on_nothing_of_the_old_one(page):
    ask(page, PRODUCTION)
    page.locator(".new").click()
    expect(page.locator(".exchange")).to_have_count(1)
    asked = sent(page, "ask")
    ask(page, FOLLOW_UP)
    assert [each["history"] for each in asked] == [[]]
    expect(page.locator(".undone")).to_be_hidden()


def shared(page: Page) -> str:
    page.locator(".share").click()
    expect(page.locator(".share")).to_have_text("Copied")
    return clipboard(page)


def test_its_link_reproduces_the_conversation_elsewhere(browser, page):
    ask(page, PRODUCTION)
    ask(page, FOLLOW_UP)
    page.locator("#ask select[name=speaker]").select_option("Ana Caridad")
    link = shared(page)
    assert urlsplit(link).query.count("q=") == 2
    before = page.locator(".reply").all_inner_texts()
    with opened(browser, link) as other:
        settled(other, 2)
        assert other.locator(".reply").all_inner_texts() == before


def test_its_link_reproduces_what_was_asked_as_it_was_typed(browser, page):
    ask(page, PRODUCTION)
    turn = ask(page, FOLLOW_UP)
    turn.locator(".literally").click()
    expect(turn.locator(".understood")).to_have_count(0)
    settled(page, 2)
    before = quotes(page)
    with opened(browser, shared(page)) as other:
        settled(other, 2)
        assert quotes(other) == before


def test_its_link_reproduces_what_single_questions_were_narrowed_down_to(browser, page):
    ask(page, PRODUCTION)
    page.locator("#ask select[name=speaker]").select_option("Ana Caridad")
    ask(page, POVERTY)
    before = page.locator(".reply").all_inner_texts()
    with opened(browser, shared(page)) as other:
        settled(other, 2)
        assert other.locator(".reply").all_inner_texts() == before


# --- taken along --------------------------------------------------------------------------------------


def saved(page: Page, kind: str) -> bytes:
    with page.expect_download() as download:
        page.locator(f".keep[data-kind={kind}]").click()
    assert download.value.suggested_filename == f"conversation.{kind}"
    expect(page.locator(f".keep[data-kind={kind}]")).to_have_text("Saved")
    return Path(download.value.path()).read_bytes()


@pytest.fixture
def talked(page: Page) -> Page:
    """A page with a conversation: one question with folded quotes, one with one, one that is declined."""
    for question in (PRODUCTION, POVERTY, "How is tourism to the beaches doing?"):
        ask(page, question)
    return page


def words_of(text: str) -> str:
    return " ".join(text.split())


def test_the_conversation_goes_to_word_with_the_very_words_and_footnotes(talked):
    data = saved(talked, "docx")
    text = [words_of(each.text) for each in Word(io.BytesIO(data)).paragraphs]
    for words in quotes(talked):
        assert any(words_of(words) in each for each in text), words
    for line in (PRODUCTION, POVERTY, wording.ENGLISH.declines.one):
        assert any(line in each for each in text)
    notes = zipfile.ZipFile(io.BytesIO(data)).read("word/footnotes.xml").decode()
    assert notes.count("United States Institute of Peace") == len(quotes(talked))


def test_the_conversation_goes_to_markdown_with_the_very_words_and_footnotes(talked):
    text = saved(talked, "md").decode()
    for words in quotes(talked):
        assert words in re.sub(r"(?m)^> ?", "", text).replace("\\", "")
    assert len(re.findall(r"(?m)^\[\^\d+\]: ", text)) == len(quotes(talked))
    for line in (PRODUCTION, POVERTY, wording.ENGLISH.declines.one):
        assert line in text


def test_the_conversation_goes_to_json_with_the_very_words_and_sources(talked, article):
    rows = json.loads(saved(talked, "json"))["conversation"]
    assert [row["question"] for row in rows][:2] == [PRODUCTION, POVERTY]
    found = [quote for row in rows for quote in row["quotes"]]
    assert [quote["text"] for quote in found] == quotes(talked)
    for quote in found:
        assert article.text[quote["start"] : quote["end"]] == quote["text"]
        assert "United States Institute of Peace" in quote["citation"]


def test_what_is_taken_along_leans_on_the_same_questions_as_on_the_page(page):
    ask(page, PRODUCTION)
    ask(page, FOLLOW_UP)
    rows = json.loads(saved(page, "json"))["conversation"]
    shown = page.locator(".exchange").nth(2).locator("blockquote").all_text_contents()
    assert [quote["text"] for quote in rows[1]["quotes"]] == shown
    assert rows[1]["understood"] == "What was said about sanctions?"


def test_on_paper_stand_all_quotes_with_their_sources_and_nothing_to_press(page):
    ask(page, OIL)
    ask(page, PRODUCTION)
    page.emulate_media(media="print")
    cards = page.locator(".exchange > .reply :is(.card)")
    assert cards.count() > 2
    for at in range(cards.count()):
        expect(cards.nth(at).locator("blockquote")).to_be_visible()
        expect(cards.nth(at).locator(".printed")).to_be_visible()
        expect(cards.nth(at).locator(".printed")).to_contain_text("United States Institute of Peace")
    for gone in ("#ask", "#question", ".whole", "#read", "#reader .scroll", ".start", ".promise", "#tabs"):
        expect(page.locator(gone)).to_be_hidden()
    for gone in (".card footer", ".flags", ".sure"):
        expect(page.locator(f"#talk {gone}").first).to_be_hidden()
    assert begins(page, "#brand h1") == begins(page, ".reply > .ours")
    data = page.pdf()
    found = "".join(each.extract_text() for each in PdfReader(io.BytesIO(data)).pages)
    paper = "".join(unicodedata.normalize("NFKC", found).split())  # without its ligatures
    for words in quotes(page):
        assert "".join(words.split()) in paper


# --- a server that is gone ----------------------------------------------------------------------------


def gone(page: Page) -> None:
    page.route(ENDPOINT, lambda route: route.abort())


def test_a_server_that_is_gone_is_told_and_asked_again_when_it_is_back(page):
    ask(page, PRODUCTION)
    gone(page)
    turn = ask(page, FOLLOW_UP)
    expect(turn.locator(".failed")).to_contain_text("The server could not be reached.")
    expect(page.locator(".said")).to_have_text("The server could not be reached.")
    page.unroute(ENDPOINT)
    asked = sent(page, "ask")
    turn.locator(".again").focus()
    page.keyboard.press("Enter")
    expect(turn.locator(".reply .card").first).to_be_visible()
    expect(turn.locator(".failed")).to_have_count(0)
    expect(turn.locator(".understood")).to_contain_text("sanctions")
    assert asked[0]["history"] == [PRODUCTION]
    assert not focused(page, "body")


def test_a_question_is_asked_by_keyboard_though_nothing_completes_it(page):
    gone(page)
    box(page).press_sequentially("What about sanc")
    page.wait_for_timeout(400)
    box(page).press("Enter")
    expect(page.locator(".failed")).to_contain_text("could not be reached", timeout=2000)


def test_a_draft_that_cannot_be_checked_for_want_of_a_server_is_told(page):
    gone(page)
    page.locator("#tab-draft").click()
    page.locator("#draft-text").fill("“Until now, both have played,” Mines said.")
    page.locator("#draft .go").click()
    expect(page.locator("#draft .found")).to_contain_text("could not be checked", timeout=2000)


def test_a_question_that_was_never_answered_is_leant_on_by_none(page):
    gone(page)
    ask(page, PRODUCTION)
    page.unroute(ENDPOINT)
    asked = sent(page, "ask")
    ask(page, FOLLOW_UP)
    assert asked[0]["history"] == []


def test_what_cannot_be_saved_for_want_of_a_server_is_told(page):
    ask(page, PLAYED)
    gone(page)
    page.locator(".keep").first.click()
    expect(page.locator(".keep").first).to_have_text("the server could not be reached", timeout=2000)


def test_what_cannot_be_reported_for_want_of_a_server_is_told(page):
    card = ask(page, PLAYED).locator(".card")
    gone(page)
    card.locator(".flag").first.click()
    expect(card.locator(".flags")).to_contain_text("the server could not be reached", timeout=2000)


def test_what_cannot_be_cited_for_want_of_a_server_is_told(page):
    card = ask(page, PLAYED).locator(".card")
    gone(page)
    card.locator(".cite").click()
    expect(card.locator(".cite")).to_contain_text("could not be reached", timeout=2000)


def test_a_brief_that_cannot_be_exported_for_want_of_a_server_is_told(page):
    ask(page, PLAYED).locator(".pin").click()
    page.locator("#tab-brief").click()
    page.locator("#brief .pins blockquote").wait_for()
    gone(page)
    page.locator("#brief .export").first.click()
    expect(page.locator("#brief .told")).to_contain_text("could not be reached", timeout=2000)
