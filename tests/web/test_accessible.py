"""The page against axe-core: no violation of WCAG 2.2 A and AA in any state."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import PATIENCE
from tests.web.serving import SEEDS, ask, box
from tests.web.test_browser import launched
from tests.web.test_reading import Silent, picker, seventy
from tests.web.test_talk import ENDPOINT, gone

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
DRAFT = (SEEDS.parent / "docs" / "examples" / "draft.md").read_text("utf-8")


def begun(page: Page) -> None:
    page.locator(".start").wait_for()


def promised(page: Page) -> None:
    page.locator(".promise > summary").click()
    expect(page.locator(".promise table")).to_be_visible()


def completed(page: Page) -> None:
    box(page).press_sequentially("pr")
    page.locator("#completions [role=option]").first.wait_for()
    box(page).press("ArrowDown")


def answered(page: Page) -> None:
    box(page).fill("")
    ask(page, "How many Venezuelans live in extreme poverty?").locator(".pin").first.click()
    page.locator(".card .sure summary").first.click()


def noted_and_on_the_strip(page: Page) -> None:
    page.locator(".flag").first.click()
    expect(page.locator(".flags").first).to_have_text("Noted, thank you")

    page.locator("#reader .contents summary").click()
    page.locator("#find-words").fill("sanctions")
    page.locator("#find-words").press("Enter")
    page.locator("#reader .strip").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#reader mark")).to_have_count(1)


def compared(page: Page) -> None:
    turn = ask(page, "What do they think about oil?")
    expect(turn.locator(".side")).to_have_count(2)
    turn.locator(".side details.asked summary").first.click()


def declined_and_understood(page: Page) -> None:
    ask(page, "What does Ana Caridad say about oil production?")
    expect(ask(page, "And sanctions?").locator(".literally")).to_be_visible()


def empty_question(page: Page) -> None:
    box(page).press("Enter")
    page.locator("#ask .notice").wait_for()


def unreachable(page: Page) -> None:
    gone(page)
    ask(page, "And elections?")
    page.locator(".again").wait_for()
    page.unroute(ENDPOINT)


def put_aside(page: Page) -> None:
    page.locator(".new").click()
    page.locator(".undo").wait_for()


def brief(page: Page) -> None:
    page.locator("#tab-brief").click()
    page.locator("#brief .pins blockquote").wait_for()


def draft(page: Page) -> None:
    page.locator("#tab-draft").click()
    page.locator("#draft-text").fill(DRAFT)
    page.locator("#draft .go").click()
    page.locator("#draft .total").wait_for()


# Each goes on from the one before.
STATES: tuple[Callable[[Page], None], ...] = (
    begun,
    promised,
    completed,
    answered,
    noted_and_on_the_strip,
    compared,
    declined_and_understood,
    empty_question,
    unreachable,
    brief,
    draft,
    put_aside,
)
SIZES = {"desk": {"width": 1360, "height": 900}, "phone": {"width": 390, "height": 844}}


def violations(page: Page) -> list[Any]:
    page.wait_for_timeout(250)  # colours come to rest
    wrong = Axe().run(page, options=RULES).response["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in wrong]


def visit(browser: Browser, address: str, scheme: str, size: str) -> Page:
    context = browser.new_context(
        viewport=SIZES[size],  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # the test's script is none of the page's
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.locator(".start").wait_for()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_violation_in_any_state(browser: Browser, url: str, scheme: str, size: str) -> None:
    page = visit(browser, url, scheme, size)
    wrong = {}
    for state in STATES:
        state(page)
        wrong[state.__name__] = violations(page)
    page.context.close()
    assert wrong == {state.__name__: [] for state in STATES}


@pytest.fixture(scope="module")
def archive(browser: Browser) -> Iterator[str]:
    """Where a page over seventy articles is served."""
    bot: Future[Any] = Future()
    bot.set_result(Silent())
    with launched(seventy(), bot, browser) as page:
        yield page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_violation_where_an_article_is_chosen(browser, archive, scheme, size):
    page = visit(browser, archive, scheme, size)
    page.locator("#ask .narrow summary").click()
    chosen = picker(page)
    wrong = [violations(page)]
    chosen.locator("input[name=words]").fill("part 34")
    expect(chosen.locator("li")).to_have_count(1)
    chosen.locator(".only").click()
    page.locator("#ask .noted").wait_for()
    wrong.append(violations(page))
    page.context.close()
    assert wrong == [[], []]


def test_no_violation_where_a_date_that_is_none_is_told(browser, archive):
    page = visit(browser, archive, "light", "desk")
    chosen = picker(page)
    chosen.locator("input[name=since]").fill("last year")
    chosen.locator(".total.wrong").wait_for()
    wrong = violations(page)
    page.context.close()
    assert wrong == []
