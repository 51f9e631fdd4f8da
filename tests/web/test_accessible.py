"""The page against axe-core: no violation of WCAG 2.2 A and AA in any state."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.web.serving import SEEDS, ask

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
DRAFT = (SEEDS.parent / "docs" / "examples" / "draft.md").read_text("utf-8")


def answered(page: Page) -> None:
    ask(page, "How many Venezuelans live in extreme poverty?").locator(".pin").first.click()


def declined(page: Page) -> None:
    ask(page, "What do they say about tourism?")


def brief(page: Page) -> None:
    page.locator("#tab-brief").click()
    page.locator("#brief .pins blockquote").wait_for()


def draft(page: Page) -> None:
    page.locator("#tab-draft").click()
    page.locator("#draft-text").fill(DRAFT)
    page.locator("#draft .go").click()
    page.locator("#draft .total").wait_for()


STATES: tuple[Callable[[Page], None], ...] = (lambda page: None, answered, declined, brief, draft)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1360, 900), (390, 844)])
def test_no_violation_in_any_state(browser: Browser, url: str, scheme: str, width: int, height: int) -> None:
    """Begun, answered, declined, the brief, a draft that was checked."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # the test's script is none of the page's
    )
    page = context.new_page()
    page.goto(url)
    page.locator(".start").wait_for()
    for state in STATES:
        state(page)
        page.wait_for_timeout(300)  # colours come to rest
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(each["id"], each["nodes"][0]["target"]) for each in found] == []
    context.close()
