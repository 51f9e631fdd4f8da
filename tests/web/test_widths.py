"""The whole way through the page on a desk, a tablet and a phone: what a reader does works at each width."""

# mypy: allow-untyped-calls

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.serving import ask, box
from tests.web.test_browser import in_view, marked, overflow
from tests.web.test_talk import ENDPOINT, gone, opened, settled

pytestmark = pytest.mark.browser

POVERTY = "How many Venezuelans live in extreme poverty?"
OIL = "What do they think about oil?"
SIZES = {"desk": (1360, 900), "tablet": (820, 1180), "phone": (390, 844)}


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, browser: Browser, url: str) -> Iterator[Page]:
    """The page at each width, just opened by a reader who was never here."""
    width, height = SIZES[request.param]
    with opened(browser, url, viewport={"width": width, "height": height}) as made:
        yield made
        assert overflow(made) <= 0


def test_a_quote_is_shown_in_the_article_and_one_comes_back(page):
    card = ask(page, POVERTY).locator(".card")
    expect(card.locator(".name")).to_have_text("Ana Caridad")
    card.locator(".show").click()
    expect(page.locator("#reader mark")).to_be_focused()
    page.wait_for_timeout(700)
    assert in_view(page, "#reader mark")
    assert marked(page) == card.locator("blockquote").text_content()
    if page.locator("#reader .back").is_visible():
        page.locator("#reader .back").click()
        page.wait_for_timeout(700)
    assert in_view(page, ".card .name")


def test_both_have_a_column_and_a_follow_up_can_be_taken_back(page):
    sides = ask(page, OIL).locator(".side")
    expect(sides.locator(".name:visible")).to_have_text(["Keith Mines", "Ana Caridad"])
    expect(sides.nth(1)).to_contain_text("Ana Caridad does not speak to this.")
    turn = ask(page, "And sanctions?")
    expect(turn.locator(".understood")).to_contain_text("What do they think about sanctions?")
    turn.locator(".literally").click()
    expect(page.locator(".understood")).to_have_count(0)
    settled(page, 2)


def test_what_is_not_said_is_declined_with_near_misses_apart(page):
    turn = ask(page, "What does Ana Caridad say about oil production?")
    expect(turn.locator(".ours.declined")).to_contain_text("Ana Caridad does not speak to this. Keith Mines")
    expect(turn.locator(".near .card").first).to_be_visible()
    expect(turn.locator(".reply > .card")).to_have_count(0)


def test_the_article_is_gone_through_by_strip_contents_and_find(page):
    ask(page, POVERTY)
    strip = page.locator("#reader .strip")
    strip.scroll_into_view_if_needed()
    strip.locator("i").first.click()
    expect(strip).to_have_attribute("aria-valuenow", "1")
    strip.press("ArrowRight")
    expect(strip).to_have_attribute("aria-valuenow", "2")
    expect(page.locator("#reader mark")).not_to_have_count(0)
    page.locator("#reader .contents summary").click()
    page.locator("#reader .to").nth(2).click()
    expect(page.locator("#reader .asks").nth(2)).to_be_focused()
    page.locator("#find-words").fill("guaido")
    page.locator("#find-words").press("Enter")
    expect(page.locator("#reader .find .count")).to_contain_text("1 of")


def test_words_complete_and_the_figures_are_there_to_see(page):
    page.locator(".promise > summary").click()
    expect(page.locator(".promise table")).to_be_visible()
    box(page).press_sequentially("What about sanc")
    page.locator("#completions [role=option]").first.wait_for()
    box(page).press("ArrowDown")
    box(page).press("Enter")
    expect(box(page)).to_have_value("What about sanctions ")
    box(page).press("Enter")
    settled(page, 1)


def test_a_quote_is_pinned_reported_and_taken_along(page):
    card = ask(page, POVERTY).locator(".card")
    card.locator(".pin").click()
    card.locator(".copy").click()
    expect(card.locator(".copy")).to_have_text("Copied")
    card.locator(".flag").first.click()
    expect(card.locator(".flags")).to_have_text("Noted, thank you")
    with page.expect_download() as saved:
        page.locator(".keep[data-kind=docx]").click()
    assert saved.value.suggested_filename == "conversation.docx"
    page.locator("#tab-brief").click()
    expect(page.locator("#brief .pins blockquote")).to_have_count(1)


def test_a_conversation_is_kept_put_aside_and_brought_back(page):
    ask(page, POVERTY)
    page.reload()
    settled(page, 1)
    page.locator(".new").click()
    expect(page.locator(".exchange:not(.start)")).to_have_count(0)
    page.locator(".undo").click()
    settled(page, 1)
    page.locator(".share").click()
    assert "?q=How+many" in str(page.evaluate("navigator.clipboard.readText()"))


def test_a_server_that_is_gone_is_told_and_asked_again(page):
    gone(page)
    turn = ask(page, POVERTY)
    expect(turn.locator(".failed")).to_contain_text("could not be reached")
    page.unroute(ENDPOINT)
    turn.locator(".again").click()
    expect(turn.locator(".card")).to_be_visible()
