"""How soon the page is there, and how soon an answer stands on it.

    python -m benchmarks.page [--questions 12]

Needs a Chromium. Three starts of `onrecord chat`: seconds from the open port to the first picture and to a
page that can be asked. Then, on the warm page, seconds from Enter to the first card, beside what the same
questions take without a page in this process; the ratio is what counts, since machines differ.
"""

import argparse
import json
import shutil
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from benchmarks.corpora import DataMissing, finish
from rag.bot import Bot
from tests.web.serving import BROWSERS, build, chromium, serving

HOME = Path(__file__).parent.parent
QUESTIONS = HOME / "tests" / "questions" / "dev.jsonl"
STARTS = 3
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
# Enter, then the first card or refusal: told by the page itself, so that no driver's delay is counted.
ASK = """question => new Promise(done => {
  const box = document.querySelector('#question'), count = document.querySelectorAll('.reply').length;
  box.value = question;
  const start = performance.now();
  const seen = new MutationObserver(() => {
    if (document.querySelectorAll('.reply').length > count) {
      seen.disconnect();
      requestAnimationFrame(() => done((performance.now() - start) / 1000));
    }
  });
  seen.observe(document.querySelector('.log'), {childList: true, subtree: true});
  box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
})"""


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=12, help="how many are asked (%(default)s)")
    count = parser.parse_args().questions
    if not any(map(shutil.which, BROWSERS)):
        raise DataMissing(f"no Chromium is there; expected one of: {', '.join(BROWSERS)}")
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()][:count]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play, chromium(play) as browser:
        index = Path(folder) / "index"
        build(index)
        started = [_start(index, browser) for _ in range(STARTS)]
        print("| seconds from the open port | first picture | can be asked |\n|---|---|---|")
        for picture, ready in started:
            print(f"| | {picture:.2f} | {ready:.2f} |")
        asked = _asked(index, browser, questions)
        alone = _alone(index, questions)
    page, own = statistics.median(asked), statistics.median(alone)
    print(f"\nEnter to the first card, median of {count}: {page:.3f} s; the answer alone: {own:.3f} s")
    print(f"ratio {page / own:.2f}")


def _start(index: Path, browser: Browser) -> tuple[float, float]:
    """Seconds from the open port to the first picture, and to a page that can be asked."""
    page = browser.new_page()  # a reader's browser is open already
    with _from_open_port(index) as (url, opened):
        began = time.perf_counter()
        page.goto(url, wait_until="commit")
        page.locator("#question").wait_for()
        ready = time.perf_counter() - opened
        picture = began - opened + page.evaluate(PAINT) / 1000
    page.close()
    return picture, ready


@contextmanager
def _from_open_port(index: Path) -> Iterator[tuple[str, float]]:
    """The page's address and when its port opened."""
    with serving(index, waiting=False) as url:
        place = urlsplit(url)
        while True:
            try:
                socket.create_connection((place.hostname or "", place.port or 0), 0.2).close()
                break
            except OSError:
                time.sleep(0.005)
        yield url, time.perf_counter()


def _asked(index: Path, browser: Browser, questions: list[str]) -> list[float]:
    with serving(index) as url:
        page = browser.new_page()
        page.goto(url)
        page.locator("#question").wait_for()
        page.evaluate(ASK, "Is anybody there?")  # warm from here on
        seconds = []
        for question in questions:
            seconds.append(float(page.evaluate(ASK, question)))
            page.wait_for_timeout(400)  # what follows an answer is not the next one's
            page.locator(".new").click()
        page.close()
    return seconds


def _alone(index: Path, questions: list[str]) -> list[float]:
    bot = Bot.open(index)
    bot.load()
    bot.ask("Is anybody there?")
    seconds = []
    for question in questions:
        start = time.perf_counter()
        bot.ask(question)
        seconds.append(time.perf_counter() - start)
    return seconds


if __name__ == "__main__":
    finish(main)
