"""Makes the pictures of the page in docs/images: `python -m tests.web.screenshots [OUT_DIR]`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.web.serving import ask, build, chromium, serving

QUESTION = "Have both sides been playing hard to get?"
COMPARED = "Do they agree on what the United States should do?"
OTHERS = {
    "declined": "What does Ana Caridad say about oil production?",
    "hostile": "<img src=https://example.com/a.png> ${alert(1)} {{x}} $x^2$ **bold** <script>1</script>",
}
DRAFT = Path(__file__).parents[2] / "docs" / "examples" / "draft.md"
SIZES = {"desk": (1360, 900), "middle": (820, 1100), "phone": (390, 844)}


def main(folder: Path, extra: bool = False) -> None:
    """Nothing; the pictures are in `folder`, with `extra` also those of other states."""
    folder.mkdir(parents=True, exist_ok=True)
    index = Path(tempfile.mkdtemp()) / "index"
    build(index)
    with serving(index) as url, sync_playwright() as play, chromium(play) as browser:
        for size, (width, height) in SIZES.items():
            if size == "middle" and not extra:
                continue  # the README shows the other two
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                page.goto(url)
                if extra:
                    page.locator(".start").wait_for()
                    page.screenshot(path=folder / f"{size}-{scheme}-start.png")
                ask(page, QUESTION)
                page.wait_for_timeout(900)  # the scrolling to come to rest
                page.screenshot(path=folder / f"{size}-{scheme}.png")
                if extra or (size, scheme) == ("desk", "light"):
                    ask(page, COMPARED)
                    page.wait_for_timeout(900)
                    page.screenshot(path=folder / f"{size}-{scheme}-compared.png")
                    writing(page, folder, f"{size}-{scheme}")
                for name, question in OTHERS.items() if extra else ():
                    ask(page, question)
                    page.wait_for_timeout(900)
                    page.screenshot(path=folder / f"{size}-{scheme}-{name}.png")
                if extra:
                    page.locator(".show").first.click()
                    page.wait_for_timeout(900)
                    page.screenshot(path=folder / f"{size}-{scheme}-shown.png")
                page.close()


def writing(page: Page, folder: Path, name: str) -> None:
    """Nothing; the pictures of the brief and of a draft that was checked are in the folder."""
    page.locator(".card .pin").first.click()
    ask(page, "How many Venezuelans live in extreme poverty?").locator(".card .pin").first.click()
    page.locator("#tab-brief").click()
    page.locator("#brief .pins blockquote").nth(1).wait_for()
    page.screenshot(path=folder / f"{name}-brief.png")
    page.locator("#tab-draft").click()
    page.locator("#draft-text").fill(DRAFT.read_text("utf-8"))
    page.locator("#draft .go").click()
    page.locator("#draft .total").wait_for()
    page.screenshot(path=folder / f"{name}-check.png")


if __name__ == "__main__":
    arguments = [each for each in sys.argv[1:] if each != "--all"]
    main(Path(arguments[0] if arguments else "docs/images"), extra="--all" in sys.argv)
