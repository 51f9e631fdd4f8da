"""One server over the seeds and one browser for all tests of the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.serving import build, chromium, serving

# Milliseconds in which anything on the page has long happened, on a slow machine too.
PATIENCE = 15_000


@pytest.fixture(scope="session")
def page_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the seeds on disk."""
    folder = tmp_path_factory.mktemp("page") / "index"
    build(folder)
    return folder


@pytest.fixture(scope="session")
def url(page_index: Path) -> Iterator[str]:
    """Where `onrecord chat` serves the page."""
    with serving(page_index) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with sync_playwright() as play, chromium(play) as started:
        yield started


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    """The page on a desk's screen, just opened."""
    context = browser.new_context(
        viewport={"width": 1360, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.goto(url)
    opened.locator(".start").wait_for()
    yield opened
    context.close()


@pytest.fixture
def phone(browser: Browser, url: str) -> Iterator[Page]:
    """The page on a phone, just opened."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.goto(url)
    opened.locator(".start").wait_for()
    yield opened
    context.close()
