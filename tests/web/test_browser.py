"""What a reader sees and does, in a real browser."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from rag import index as index_store
from rag import wording
from rag.bot import MAX_QUESTION, Bot
from rag.encoder import OnnxEncoder
from rag.errors import ModelError
from rag.index import Index
from rag.interviews import Interviews
from rag.reader import TrainedReader
from rag.records import Answer, Article, Person, Quote, Span
from rag.web import app
from rag.web.settings import Settings
from tests.web.conftest import PATIENCE
from tests.web.serving import SEEDS, ask, box, free_port

pytestmark = pytest.mark.browser

REAL = "Have both sides been playing hard to get?"
SAID = "Until now, both have played “hard to get”"
TOURISM = "How is tourism to the beaches doing?"
TEXT = (SEEDS / "usip-venezuela-2022.txt").read_text("utf-8")


def marked(page: Page) -> str:
    """The highlighted characters, paragraph by paragraph."""
    return "\n\n".join(page.locator("#reader mark").all_text_contents())


def in_view(page: Page, selector: str) -> bool:
    """Whether the middle of the element can be seen, in the window and in its own scroll box."""
    script = """e => {
      const r = e.getClientRects()[0];
      const top = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
      return !!top && e.contains(top);
    }"""
    return bool(page.locator(selector).first.evaluate(script))


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


# --- answers ---------------------------------------------------------------------------------------


def test_a_question_is_answered_with_the_speakers_words(page):
    turn = ask(page, REAL)
    card = turn.locator(".card")
    expect(card).to_have_count(1)
    expect(card.locator(".name")).to_have_text("Keith Mines")
    expect(card.locator(".avatar")).to_have_text("KM")
    expect(card.locator(".role")).to_have_text("USIP")
    expect(card.locator(".asked")).to_contain_text("Asked: What do we know about the meetings")
    assert card.locator("blockquote").text_content() == SAID
    expect(turn.locator(".ours")).to_have_text(wording.ENGLISH.answers.one)
    expect(page.locator(".said[role=status]")).to_contain_text(SAID)
    expect(box(page)).to_have_value("")


def test_the_quote_is_highlighted_in_the_article_and_seen(page):
    ask(page, REAL)
    expect(page.locator("#reader mark")).to_have_text(SAID)
    page.wait_for_function("document.querySelector('#reader .scroll').scrollTop > 0")
    page.wait_for_timeout(700)
    assert in_view(page, "#reader mark")
    page.locator("#reader .scroll").evaluate("e => e.scrollTo(0, 0)")
    page.locator(".show").click()
    page.wait_for_timeout(700)
    assert marked(page) == SAID
    assert in_view(page, "#reader mark")


def test_a_new_question_clears_the_highlight(page):
    ask(page, REAL)
    expect(page.locator("#reader mark")).to_have_count(1)
    ask(page, TOURISM)
    expect(page.locator("#reader mark")).to_have_count(0)


def test_what_the_article_does_not_say_is_declined(page):
    turn = ask(page, TOURISM)
    expect(turn.locator(".ours.declined")).to_have_text(wording.ENGLISH.declines.one)
    expect(turn.locator(".reply > .card")).to_have_count(0)


def test_another_speakers_words_are_a_near_miss_and_set_apart(page):
    turn = ask(page, "What does Ana Caridad say about oil production?")
    expect(turn.locator(".ours.declined")).to_contain_text("Ana Caridad does not speak to this")
    expect(turn.locator(".reply > .card")).to_have_count(0)
    near = turn.locator("details.near")
    expect(near.locator("summary").first).to_have_text("Near misses, not an answer")
    expect(near.locator(".card .name").first).to_have_text("Keith Mines")
    near.locator(".show").first.click()
    assert marked(page).split() == str(near.locator("blockquote").first.text_content()).split()


def test_the_interviewers_questions_ask_themselves_and_a_draft_stays(page):
    box(page).fill("a draft")
    chip = page.locator(".start .chip").first
    asked = str(chip.text_content())
    chip.click()
    turn = page.locator(".exchange").nth(1)
    expect(turn.locator(".question")).to_contain_text(asked)
    expect(turn.locator(".reply > .card").first).to_be_visible()
    expect(box(page)).to_have_value("a draft")
    # They step aside for the answer, but stay within reach.
    expect(page.locator(".start .chip").first).to_be_hidden()
    page.locator(".start summary").first.click()
    expect(page.locator(".start .chip").first).to_be_visible()


def test_suggestions_ask_themselves(page):
    turn = ask(page, "What can I ask?")
    turn.locator(".chip").nth(1).click()
    expect(page.locator(".exchange").nth(2).locator(".reply > .card").first).to_be_visible()


def test_a_follow_up_leans_on_the_question_before_it(page):
    ask(page, "What was said about oil production?")
    turn = ask(page, "And Ana Caridad?")
    expect(turn.locator(".ours")).to_contain_text("Ana Caridad does not speak to this")


def test_copying_gives_exactly_the_quote(page):
    ask(page, REAL)
    page.locator(".copy").click()
    expect(page.locator(".copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == SAID
    expect(page.locator(".copy")).to_have_text("Copy quote")


def test_copying_without_the_clipboard_still_copies(page):
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject())")
    ask(page, REAL)
    page.locator(".copy").click()
    expect(page.locator(".copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == SAID


def test_copying_that_is_refused_altogether_selects_the_quote(page):
    page.evaluate(
        "navigator.clipboard.writeText = () => Promise.reject(); document.execCommand = () => false"
    )
    ask(page, REAL)
    page.locator(".copy").click()
    expect(page.locator(".copy")).to_have_text("Selected: press Ctrl+C")
    assert page.evaluate("getSelection().toString()") == SAID


# --- the article -----------------------------------------------------------------------------------


def test_the_whole_article_is_there_word_for_word(page):
    said = " ".join(page.locator("#reader [data-start]").all_text_contents())
    labels = re.sub(r"(?m)^(Keith Mines|Ana Caridad): ", "", TEXT)
    assert said.split() == labels.split()
    expect(page.locator("#reader .facts")).to_contain_text("United States Institute of Peace · March 2022")
    assert "usip.org" in str(page.locator("#reader .facts a").get_attribute("href"))
    expect(page.locator("#reader .rest")).not_to_have_attribute("open", "")
    expect(page.get_by_text("View All Publications")).to_be_hidden()


# --- what is typed wrong ---------------------------------------------------------------------------


def test_an_empty_question_is_told_in_one_line(page):
    box(page).fill("   ")
    box(page).press("Enter")
    expect(page.locator(".notice")).to_contain_text("The question is empty")
    expect(page.locator(".exchange")).to_have_count(1)


def test_a_question_too_long_is_told_and_stays_in_the_box(page):
    long = "why " * (MAX_QUESTION // 4 + 1)
    box(page).fill(long)
    box(page).press("Enter")
    expect(page.locator(".notice")).to_contain_text(f"at most {MAX_QUESTION:,}")
    expect(box(page)).to_have_value(long)
    ask(page, TOURISM)
    expect(page.locator(".notice")).to_have_count(0)


# --- hostile text ----------------------------------------------------------------------------------

HOSTILE = [
    "<img src=https://example.com/a.png onerror=window.ran=1>",
    "${window.ran=1} `${window.ran=1}`",
    "{{window.ran}} {{{value}}} {{#each this}}x{{/each}}",
    "</textarea><script>window.ran=1</script>",
    "$x^2$ \\(y\\) $$z$$ **bold** _it_ # head [a](javascript:window.ran=1) ![](https://example.com/b.png)",
    "&lt;b&gt; &#60;i&#62; &amp;",
    "tourism \u202egnihtyna\u202c \U0001f600 ﷺ",
]


def test_hostile_questions_are_shown_as_they_were_typed_and_nothing_leaves(page):
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    for question in HOSTILE:
        turn = ask(page, question)
        assert turn.locator(".question").text_content() == f"You asked: {question}"
        assert turn.locator("img, script, a[href^=javascript], strong, em, .katex").count() == 0
    assert page.evaluate("window.ran") is None
    assert [each for each in requests if not each.startswith(page.url)] == []


def test_no_request_leaves_the_machine_and_nothing_goes_wrong(browser: Browser, url: str):
    requests: list[str] = []
    wrong: list[str] = []
    opened = browser.new_page()
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    opened.goto(url)
    ask(opened, REAL)
    opened.locator(".show").click()
    opened.wait_for_timeout(500)
    opened.close()
    assert requests
    assert [each for each in requests if not each.startswith((url, "data:", "blob:"))] == []
    assert wrong == []


# --- screens, keys, contrast -----------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_needs_no_sideways_scroll_and_has_the_article_below(phone: Page, width: int):
    phone.set_viewport_size({"width": width, "height": 700})
    ask(phone, REAL)
    ask(phone, "w" * 300)
    assert overflow(phone) <= 0
    below = "read.getBoundingClientRect().top >= chat.getBoundingClientRect().bottom"
    assert phone.evaluate(below)


def test_a_phone_shows_the_answer_first_and_the_article_when_asked(phone: Page):
    turn = ask(phone, REAL)
    phone.wait_for_timeout(800)
    assert marked(phone) == SAID
    assert in_view(phone, ".card blockquote")
    turn.locator(".show").tap()
    phone.wait_for_timeout(1000)
    assert in_view(phone, "#reader mark")
    phone.locator(".back").tap()
    phone.wait_for_timeout(500)
    assert in_view(phone, ".card blockquote")


def test_a_desk_shows_both_panes_and_no_more(page):
    for question in (REAL, TOURISM, "What does Ana Caridad say about oil production?"):
        ask(page, question)
    assert overflow(page) <= 0
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert in_view(page, "#question")
    beside = "read.getBoundingClientRect().left >= chat.getBoundingClientRect().right"
    assert page.evaluate(beside)


def test_the_keyboard_alone_is_enough(page):
    page.wait_for_function("document.activeElement?.tagName === 'TEXTAREA'")
    page.keyboard.type(REAL)
    page.keyboard.press("Enter")
    page.locator(".card").wait_for()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.show')"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#reader mark")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".show")).to_be_focused()


CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const over = (colour, under) => {
    for (const each of [`rgb(${under})`, colour]) {
      canvas.fillStyle = each;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);
  const own = e => getComputedStyle(e).backgroundColor;
  const ground = e => e ? over(own(e), ground(e.parentElement)) : [255, 255, 255];
  const faded = e => !!e && (getComputedStyle(e).opacity < 1 || faded(e.parentElement));
  const bad = [];
  for (const e of document.querySelectorAll('#panes *')) {
    const worded = [...e.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!worded || !e.checkVisibility() || e.matches('.unseen, .sr-only')) continue;
    const back = ground(e);
    const [low, high] = [light(over(getComputedStyle(e).color, back)), light(back)].sort((a, b) => a - b);
    const ratio = (high + .05) / (low + .05);
    if (ratio < 4.5 || faded(e)) bad.push([e.tagName, e.className, ratio, e.textContent.slice(0, 40)]);
  }
  return bad;
}"""


@pytest.mark.parametrize("query", ["", "/?__theme=dark"])
def test_all_text_has_the_contrast_of_wcag_aa(page: Page, url: str, query: str):
    if query:
        page.goto(url + query)
        expect(page.locator("body.dark, .dark body, .dark").first).to_be_attached()
    ask(page, "What does Ana Caridad say about oil production?")
    ask(page, REAL)
    box(page).press("Enter")
    page.locator(".notice").wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate(CONTRAST) == []


def test_dark_follows_the_system(browser: Browser, url: str):
    opened = browser.new_page(color_scheme="dark")
    opened.goto(url)
    opened.locator(".start").wait_for()
    red, green, blue = map(
        int, re.findall(r"\d+", opened.evaluate("getComputedStyle(document.body).backgroundColor"))[:3]
    )
    opened.close()
    assert max(red, green, blue) < 60


# --- other bots, in this process -------------------------------------------------------------------


class Told:
    """A bot that gives the answers it was told."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers = list(answers)
        self.histories: list[list[str]] = []
        self.narrowed: list[dict[str, str]] = []

    def ask(self, question: str, *, history: Sequence[str] = (), **narrowed: str) -> Answer:
        """The next one."""
        self.histories.append(list(history))
        self.narrowed.append(narrowed)
        return self.answers.pop(0)

    def relevance(self, question: str, article: str, history: Sequence[str] = ()) -> list[Any]:
        """Nothing is near."""
        return []


@contextmanager
def launched(index: Index, bot: "Future[Any]", browser: Browser) -> Iterator[Page]:
    port = free_port()
    served = app.launch(Interviews(index, bot, Path(tempfile.mkdtemp())), Settings(port=port))
    opened = browser.new_page(viewport={"width": 1360, "height": 900})
    opened.set_default_timeout(PATIENCE)
    try:
        opened.goto(f"http://127.0.0.1:{port}")
        opened.locator(".start").wait_for()
        yield opened
    finally:
        opened.close()
        served.close()


SAME = "We agree on that."
FIRST = Article(
    "first",
    f"What is ${{window.ran=1}} {{{{x}}}} <b>?\n\n"
    f"Ana Caridad: \U0001f600\U0001f680 {SAME} Yes. {SAME}  Twice so.\n\n"
    f"And {SAME} on.\n\nMore?\n\nKeith Mines: {SAME}",
    people=(Person("Ana Caridad"), Person("Keith Mines")),
    title="${1+1} <First> {{title}}",
)
SECOND = Article(
    'second’"<>', "Who?\n\nHost Name: Somebody.\n\nWho else?\n\nHost Name: Nobody else.", title="The second"
)


@pytest.fixture(scope="module")
def two() -> Index:
    """An index of two small articles."""
    return index_store.build([FIRST, SECOND], OnnxEncoder())


def quoted(index: Index, article: int, turn: int, start: int, length: int) -> Quote:
    return Quote(index.articles[article], index.turns[article][turn], Span(start, start + length), 0.5)


def test_a_question_before_the_model_is_loaded_waits_and_is_answered(browser: Browser, two: Index):
    bot: Future[Any] = Future()
    told = Told(
        [
            Answer("Ready?", "declined", wording.ENGLISH.declines.one),
            Answer("Again?", "declined", wording.ENGLISH.goodbye),
        ]
    )
    with launched(two, bot, browser) as page:
        box(page).fill("Ready?")
        box(page).press("Enter")
        expect(page.locator(".waiting")).to_have_text(wording.LOOKING)
        expect(page.locator(".waiting")).to_have_text(wording.WAITING)
        expect(page.locator(".question")).to_contain_text("Ready?")
        expect(box(page)).to_have_value("")
        box(page).fill("typed meanwhile")
        bot.set_result(told)
        expect(page.locator(".ours.declined")).to_have_text(wording.ENGLISH.declines.one)
        expect(page.locator(".waiting")).to_have_count(0)
        expect(page.locator(".exchange")).to_have_count(2)
        expect(box(page)).to_have_value("typed meanwhile")
        ask(page, "Again?")
    assert told.histories == [[], ["Ready?"]]


def test_a_model_that_cannot_be_loaded_is_told_in_the_chat(browser: Browser, two: Index):
    bot: Future[Any] = Future()
    bot.set_exception(ModelError("the weights are not those expected; install them again"))
    with launched(two, bot, browser) as page:
        turn = ask(page, "Ready?")
        expect(turn.locator(".failed")).to_have_text(
            "The weights are not those expected; install them again."
        )
        assert "Traceback" not in str(page.text_content("body"))


def test_the_very_characters_are_highlighted_though_they_stand_there_four_times(browser: Browser, two: Index):
    text = FIRST.text
    second = text.index(SAME, text.index(SAME) + 1)
    both = f"{SAME}  Twice so.\n\nAnd {SAME}"
    quotes = [
        quoted(two, 0, 0, second, len(SAME)),
        quoted(two, 0, 0, text.index(both), len(both)),
        quoted(two, 0, 1, text.rindex(SAME), len(SAME)),
        quoted(two, 1, 1, SECOND.text.index("Nobody else."), 12),
    ]
    bot: Future[Any] = Future()
    bot.set_result(Told([Answer("q", "answered", wording.ENGLISH.answers.one, (quote,)) for quote in quotes]))
    with launched(two, bot, browser) as page:
        expect(page.locator(".start .chip").first).to_have_text("What is ${window.ran=1} {{x}} <b>?")
        assert page.evaluate("window.ran") is None
        for quote in quotes:
            ask(page, "q")
            page.locator("#reader mark").first.wait_for()
            assert marked(page) == quote.text
            starts = page.locator("#reader mark").evaluate_all(
                """marks => marks.map(mark => {
                  const before = document.createRange(), paragraph = mark.closest('[data-start]');
                  before.setStart(paragraph, 0);
                  before.setEndBefore(mark);
                  return Number(paragraph.dataset.start) + [...before.toString()].length;
                })"""
            )
            assert starts[0] == quote.span.start
            shown = page.locator("#reader .article:visible")
            expect(shown).to_have_count(1)
            assert shown.get_attribute("data-article") == quote.article.id
        assert page.locator(".card blockquote").nth(1).text_content() == both
        page.locator(".choose").click()
        page.locator(".picker .open").first.click()
        expect(page.locator("#reader h2:visible")).to_have_text(str(FIRST.title))
        expect(page.locator("#reader mark")).to_have_count(0)


def test_a_question_is_narrowed_down_to_what_is_chosen(browser: Browser, two: Index):
    bot: Future[Any] = Future()
    told = Told([Answer("q", "declined", wording.ENGLISH.declines.one) for _ in range(3)])
    bot.set_result(told)
    with launched(two, bot, browser) as page:
        ask(page, "all of it")
        page.locator("#ask .narrow summary").click()
        page.locator("#ask .narrow select[name=speaker]").select_option("Keith Mines")
        page.locator("#ask .narrow select[name=article]").select_option(FIRST.id)
        page.locator("#ask .narrow select[name=order]").select_option("newest")
        page.locator("#ask .narrow input[name=since]").fill("2021")
        turn = ask(page, "some of it")
        expect(turn.locator(".understood")).to_have_text(
            f"Only Keith Mines, “{FIRST.title}”, since 2021, newest first"
        )
        expect(page.locator("#ask .narrow select[name=speaker]")).to_have_value("Keith Mines")
        page.locator("#ask .narrow select[name=speaker]").select_option("")
        page.locator(".start summary").first.click()
        page.locator(".start .chip").first.click()
        expect(page.locator(".exchange")).to_have_count(4)
        page.locator(".exchange").nth(3).locator(".ours").wait_for()
    chosen = {"article": FIRST.id, "since": "2021", "order": "newest"}
    assert told.narrowed == [{}, {"speaker": "Keith Mines", **chosen}, chosen]


def test_a_forged_choice_is_told_and_nothing_else(browser: Browser, two: Index):
    bot: Future[Any] = Future()
    bot.set_result(Bot(two, OnnxEncoder(), TrainedReader.shipped()))
    with launched(two, bot, browser) as page:
        page.locator("#ask .narrow summary").click()
        page.locator("#ask .narrow select[name=article] option").last.evaluate(
            "e => e.value = '../../etc/passwd'"
        )
        page.locator("#ask .narrow select[name=article]").select_option("../../etc/passwd")
        turn = ask(page, "What did they agree on?")
        expect(turn.locator(".failed")).to_contain_text("../../etc/passwd")
        page.locator("#ask .narrow select[name=article]").select_option("")
        page.locator("#ask .narrow input[name=since]").fill("last year")
        turn = ask(page, "What did they agree on?")
        expect(turn.locator(".failed")).to_contain_text("expected YYYY, YYYY-MM or YYYY-MM-DD")
