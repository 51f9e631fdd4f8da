"""Many readers at once: nobody gets an error, and nobody waits without seeing it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest
from playwright.sync_api import Browser, Route, expect

from benchmarks.clients import Told, crowd
from rag import wording
from tests.web.conftest import PATIENCE
from tests.web.serving import serving

# Milliseconds in which everybody's turn has come who is in line, on a slow machine too.
IN_LINE = 120_000


@pytest.fixture(scope="module")
def busy(page_index):
    """A page of its own, so that nobody else's test waits in its line."""
    with serving(page_index) as url:
        yield url


def test_two_hundred_who_ask_at_once_are_all_answered(busy):
    with ThreadPoolExecutor(1) as aside:  # the browser of other tests has a loop in this thread
        told = aside.submit(lambda: asyncio.run(crowd(busy, 200, 12))).result()
    assert told.errors == []
    assert len(told.waits) >= 200


@pytest.mark.browser
def test_among_a_hundred_a_reader_sees_that_he_waits_goes_on_typing_and_is_answered(busy, browser: Browser):
    found: list[Told] = []
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(busy)
    page.locator(".start").wait_for()
    asking = Thread(target=lambda: found.append(asyncio.run(crowd(busy, 100, 6))))
    asking.start()
    page.wait_for_timeout(2_000)
    seen, held = False, list[Route]()  # on a fast machine the reader's turn would come before one can look
    page.route("**/component_server/**", lambda route: route.continue_() if seen else held.append(route))
    page.locator("#question").fill("Have both sides been playing hard to get?")
    page.locator("#question").press("Enter")
    expect(page.locator(".waiting")).to_be_visible(timeout=1_000)
    expect(page.locator(".waiting")).to_have_text(wording.WAITING)
    page.locator("#question").press_sequentially("typed meanwhile")
    expect(page.locator("#question")).to_have_value("typed meanwhile")
    seen = True
    for route in held:
        route.continue_()
    expect(page.locator(".card blockquote").first).to_contain_text("hard to get", timeout=IN_LINE)
    expect(page.locator("#question")).to_have_value("typed meanwhile")
    page.close()
    asking.join()
    (told,) = found
    assert told.errors == []
    assert len(told.waits) >= 100
