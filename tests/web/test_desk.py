"""What the page does for a writer: citations, the brief, a draft that is checked; in a real browser."""

import io
import json
import zipfile
from concurrent.futures import Future
from pathlib import Path

import pytest
from docx import Document as Word
from playwright.sync_api import Page, expect

from rag.bot import Bot
from rag.index import Index
from rag.quotes import id_of
from rag.web.desk import MOST_PASTED, Desk
from rag.web.page.text import voices
from rag.web.settings import Settings
from tests.web.serving import ask

POVERTY = "How many Venezuelans live in extreme poverty?"
PLAYED = "Have both sides been playing hard to get?"
GROUPS = "Which obstacles stand in the way of the talks?"
DRAFT = (
    "Mines said that “both have played ‘hard to get.’” Caridad argues that “The democratic opposition in "
    "Venezuela could push for further concessions.”"
)


def pin(page: Page, question: str) -> str:
    """The words of the first quote of the answer, which is pinned."""
    card = ask(page, question).locator(".card").first
    card.locator(".pin").click()
    expect(card.locator(".pin")).to_have_attribute("aria-pressed", "true")
    return card.locator("blockquote").inner_text()


def brief(page: Page) -> list[str]:
    page.locator("#tab-brief").click()
    expect(page.locator("#brief .sheet")).to_be_visible()
    return page.locator("#brief .pins blockquote").all_inner_texts()


# --- in a browser ------------------------------------------------------------------------------------

browser_test = pytest.mark.browser


@browser_test
def test_one_click_copies_the_citation_as_text_and_with_italics(page):
    card = ask(page, PLAYED).locator(".card").first
    card.locator(".style").select_option("mla")
    card.locator(".cite").click()
    expect(card.locator(".cite")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith(
        "Mines, Keith, and Ana Caridad. Interview."
    )
    rich = page.evaluate(
        "navigator.clipboard.read().then((all) => all[0].getType('text/html')).then((blob) => blob.text())"
    )
    assert "<i>United States Institute of Peace</i>" in rich


@browser_test
def test_the_style_that_was_chosen_stays_chosen(page):
    ask(page, PLAYED).locator(".style").first.select_option("apa")
    assert ask(page, POVERTY).locator(".style").first.input_value() == "apa"
    page.reload()
    page.locator(".start").wait_for()
    assert ask(page, POVERTY).locator(".style").first.input_value() == "apa"


@browser_test
def test_pins_keep_their_order_and_notes_over_a_reload(page):
    """What a writer pinned, put in order and wrote is there again, word for word."""
    first, second = pin(page, PLAYED), pin(page, POVERTY)
    expect(page.locator("#tab-brief")).to_have_text("Brief (2)")
    assert brief(page) == [first, second]
    page.locator("#brief .mine").first.fill("<b>mine</b>")
    page.reload()
    page.locator(".start").wait_for()
    assert brief(page) == [first, second]
    expect(page.locator("#brief .mine").first).to_have_value("<b>mine</b>")


@browser_test
def test_pins_are_put_in_order_by_keyboard_and_by_drag(page):
    first, second = pin(page, PLAYED), pin(page, POVERTY)
    brief(page)
    page.locator("#brief .down").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#brief .pins blockquote").first).to_have_text(second)
    expect(page.locator("#brief .told")).to_have_text("Moved to place 2 of 2.")
    assert page.evaluate("document.activeElement.className") == "up"  # focus goes with the quote
    page.locator("#brief .handle").nth(1).drag_to(page.locator("#brief .pins > li").first)
    expect(page.locator("#brief .pins blockquote").first).to_have_text(first)


@browser_test
def test_the_brief_is_exported_with_the_very_words(page, article):
    words = pin(page, POVERTY)
    brief(page)
    page.locator("#brief .title input").fill("A brief")
    for kind in ("docx", "md", "html", "json"):
        with page.expect_download() as download:
            page.locator(f"#brief .export[data-kind={kind}]").click()
        assert download.value.suggested_filename == f"a-brief.{kind}"
        data = Path(download.value.path()).read_bytes()
        if kind == "docx":
            text = "\n".join(each.text for each in Word(io.BytesIO(data)).paragraphs)
            assert "word/footnotes.xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()
        elif kind == "json":
            text = json.loads(data)["pins"][0]["text"]
        else:
            text = data.decode()
        assert words in text
        assert words in article.text


@browser_test
def test_a_quote_is_shortened_to_whole_sentences(page):
    page.evaluate("localStorage.clear()")
    card = ask(page, "Which groups are short of food?").locator(".card").first
    card.locator(".pin").click()
    whole = brief(page)[0]
    if page.locator("#brief .shorten").count() == 0:
        pytest.fail(f"a quote of several sentences was expected, not {whole!r}")
    page.locator("#brief .shorten summary").click()
    page.locator("#brief .shorten input").first.uncheck()
    expect(page.locator("#brief .pins blockquote")).not_to_have_text(whole)
    assert whole.endswith(page.locator("#brief .pins blockquote").inner_text())


@browser_test
def test_what_cannot_be_exported_is_told(page):
    pin(page, PLAYED)
    page.evaluate(
        "localStorage.setItem('onrecord:brief', "
        "JSON.stringify({pins: [{quote: 'usip-venezuela-2022:1-5:000000000000'}]}))"
    )
    page.reload()
    page.locator("#tab-brief").click()
    expect(page.locator("#brief .notice")).to_contain_text("has changed since")
    page.locator("#brief .export").first.click()
    expect(page.locator("#brief .told")).to_contain_text("Not exported")


@browser_test
def test_a_draft_is_checked_beside_the_article(page):
    page.locator("#tab-draft").click()
    page.locator("#draft-text").fill(DRAFT)
    page.locator("#draft .go").click()
    expect(page.locator("#draft .total")).to_have_text("2 quotations, 1 to mend.")
    wrong = page.locator("#draft .findings > li").nth(1)
    expect(wrong.locator(".verdict")).to_contain_text("Altered")
    expect(wrong.locator("del").first).to_have_text("could")
    expect(wrong.locator("ins").first).to_have_text("should")
    wrong.locator(".show").click()
    expect(page.locator("#reader mark")).to_be_visible()
    expect(page.locator("#tab-reader")).to_have_attribute("aria-selected", "true")


@browser_test
def test_what_a_draft_holds_is_shown_as_text(page):
    page.locator("#tab-draft").click()
    page.locator("#draft-text").fill("“<img src=x onerror=alert(1)> ${alert(1)} {{x}} is here now” he said.")
    page.locator("#draft .go").click()
    expect(page.locator("#draft .findings blockquote").first).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("#draft .findings img").count() == 0


@browser_test
@pytest.mark.parametrize("width", [1360, 820, 390, 320])
def test_no_pane_scrolls_sideways(browser, url, width):
    context = browser.new_context(viewport={"width": width, "height": 800})
    opened = context.new_page()
    opened.goto(url)
    opened.locator(".start").wait_for()
    pin(opened, POVERTY)
    for tab in ("brief", "draft", "reader"):
        opened.locator(f"#tab-{tab}").click()
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert opened.evaluate(script) <= 0
    context.close()


@browser_test
def test_the_tabs_are_gone_through_by_keyboard(page):
    page.locator("#tab-reader").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-brief")).to_be_focused()
    expect(page.locator("#brief .sheet")).to_be_visible()
    expect(page.locator("#reader .scroll")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#reader .scroll")).to_be_visible()


# --- what a browser may send -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(seed_index: Index, bot: Bot) -> Desk:
    ready: Future[Bot] = Future()
    ready.set_result(bot)
    return Desk(seed_index, ready, voices(seed_index.speakers), Settings())


@pytest.mark.parametrize(
    "forged", [None, 3, "x", [], {}, {"quote": {}}, {"quote": "a:1-2:0", "style": ["x"]}]
)
def test_a_forged_citation_is_told(desk, forged):
    assert set(desk.cite(forged)) == {"error"}


@pytest.mark.parametrize(
    "forged", [None, 3, {}, {"brief": 3}, {"brief": {"pins": [1]}}, {"brief": {"pins": ["x"]}, "kind": "exe"}]
)
def test_a_forged_brief_is_told(desk, forged):
    assert set(desk.export(forged)) == {"error"}


@pytest.mark.parametrize("forged", [None, 3, {}, "x"])
def test_forged_pins_are_none(desk, forged):
    assert desk.pins(forged) == []
    assert set(desk.pins([forged])[0]) == {"error"}


def test_a_forged_kind_is_told(desk, bot):
    quote = bot.ask(PLAYED).quotes[0]
    assert set(desk.export({"brief": {"pins": [id_of(quote)]}, "kind": "../x"})) == {"error"}


def test_a_draft_that_is_too_long_is_told(desk):
    assert "check it with `onrecord check FILE`" in desk.check("a" * (MOST_PASTED + 1))
    assert "holds no text" in desk.check("")


def test_a_paraphrase_is_told_from_words_of_nobody(desk):
    shown = desk.check("“The two sides keep provoking one another,” Mines said.")
    assert "A paraphrase, no quotation" in shown
    assert "Not found" in desk.check("“I like to cook pasta on Sundays with friends,” Mines said.")
