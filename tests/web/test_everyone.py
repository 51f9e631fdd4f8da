"""The page for everyone: by keyboard alone, by ear, without motion, enlarged, small, and in any script."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from rag import index as index_store
from rag import wording
from rag.encoder import OnnxEncoder
from rag.records import Answer, Article, Person, Side
from tests.web.serving import ask, box
from tests.web.test_accessible import DRAFT
from tests.web.test_browser import launched, overflow
from tests.web.test_reading import Silent, picker, seventy
from tests.web.test_talk import ENDPOINT, Canned, begins, focused, gone, opened, said, settled

pytestmark = pytest.mark.browser

POVERTY = "How many Venezuelans live in extreme poverty?"
PRODUCTION = "What was said about oil production?"
OIL = "What do they think about oil?"
TOURISM = "How is tourism to the beaches doing?"
SEVERAL = "Which groups are short of food?"  # its quote has more than one sentence


# --- by keyboard ---------------------------------------------------------------------------------------

STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  window.stops ??= [];
  const again = window.stops.includes(at);
  const before = window.stops.at(-1);
  window.stops.push(at);
  const onward = !before || !!(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING);
  return {again, onward, what: at.id || at.className || at.tagName, seen: at.checkVisibility()};
}"""


def stops(page: Page) -> list[str]:
    """Where Tab leads from the box on, until it has gone round or left the page."""
    box(page).focus()
    page.evaluate(STOP)
    found: list[str] = []
    for _ in range(150):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or stop["again"]:
            return found
        assert stop["onward"], f"{stop['what']} stands before what came before it"
        assert stop["seen"], f"{stop['what']} cannot be seen"
        found.append(stop["what"])
    raise AssertionError(f"Tab goes on and on: {found[-5:]}")


def test_tab_goes_on_in_the_order_of_the_page_and_is_never_caught(page):
    ask(page, POVERTY)
    expect(page.locator("#reader .strip")).to_be_visible()
    found = stops(page)
    assert page.locator("#ask button[type=submit]").evaluate("e => window.stops[1] === e")
    assert page.locator("#ask select[name=speaker]").evaluate("e => window.stops[2] === e")
    assert found[2:4] == ["tab-reader", "find-words"]
    for each in ("strip", "scroll", "outside"):
        assert any(each in name.split() for name in found), each


def test_tab_leaves_the_brief_and_the_draft_too(page):
    ask(page, POVERTY).locator(".pin").click()
    page.locator("#tab-brief").click()
    page.locator("#brief .pins blockquote").wait_for()
    assert {"mine", "export", "empty"} <= set(stops(page))
    page.locator("#tab-draft").click()
    page.evaluate("window.stops = []")
    assert stops(page)[-2:] == ["draft-text", "go"]


def test_what_shift_and_tab_go_through_in_the_conversation_stands_in_order(page):
    ask(page, POVERTY)
    page.evaluate("document.querySelector('.start summary').focus()")
    seen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.className || document.activeElement.id"))
        if seen[-1] == "question":
            break
    wanted = ["show", "copy", "cite", "style", "link", "pin", "outside", "flag", "flag", "new", "share"]
    assert [name for name in seen if name in wanted] == wanted
    assert seen[-1] == "question"


# --- the focus ----------------------------------------------------------------------------------------


def pressed(page: Page, selector: str) -> None:
    """Presses the first such thing by keyboard."""
    page.locator(selector).first.focus()
    assert focused(page, selector)
    page.keyboard.press("Enter")


def kept(page: Page) -> None:
    page.wait_for_timeout(250)
    assert not focused(page, "body"), "the focus is lost"


def an_offered_question(page: Page) -> None:
    pressed(page, ".start .chip")
    settled(page, 1)


def a_question_found_to_be_answered_well(page: Page) -> None:
    page.locator(".start .found .chip").first.wait_for()
    pressed(page, ".start .found .chip")
    settled(page, 1)


def taken_back_to_an_answer(page: Page) -> None:
    ask(page, PRODUCTION)
    ask(page, "And sanctions?")
    pressed(page, ".literally")
    expect(page.locator(".understood")).to_have_count(0)
    settled(page, 2)


def taken_back_to_nothing(page: Page) -> None:
    ask(page, PRODUCTION)
    ask(page, "And penguins?")
    pressed(page, ".literally")
    expect(page.locator(".understood")).to_have_count(0)
    settled(page, 2)


def while_it_is_asked_again(page: Page) -> None:
    ask(page, PRODUCTION)
    ask(page, "And sanctions?")
    page.route(ENDPOINT, lambda route: None)  # no answer ever comes
    pressed(page, ".literally")
    expect(page.locator(".waiting")).to_have_count(1)


def asked_again(page: Page) -> None:
    gone(page)
    ask(page, PRODUCTION)
    page.unroute(ENDPOINT)
    pressed(page, ".again")
    settled(page, 1)


def a_new_conversation(page: Page) -> None:
    ask(page, POVERTY)
    pressed(page, ".new")
    expect(page.locator(".exchange")).to_have_count(1)


def undone(page: Page) -> None:
    a_new_conversation(page)
    pressed(page, ".undo")
    settled(page, 1)


def pinned(page: Page, *questions: str) -> None:
    for question in questions:
        ask(page, question).locator(".pin").first.click()
    page.locator("#tab-brief").click()
    expect(page.locator("#brief .pins blockquote")).to_have_count(len(questions))


def the_last_but_one_pin_removed(page: Page) -> None:
    pinned(page, POVERTY, PRODUCTION)
    pressed(page, "#brief .off")
    expect(page.locator("#brief .pins blockquote")).to_have_count(1)


def the_last_pin_removed(page: Page) -> None:
    pinned(page, POVERTY)
    pressed(page, "#brief .off")
    expect(page.locator("#brief .pins blockquote")).to_have_count(0)


def all_pins_removed(page: Page) -> None:
    pinned(page, POVERTY)
    page.on("dialog", lambda dialog: dialog.accept())
    pressed(page, "#brief .empty")
    expect(page.locator("#brief .pins blockquote")).to_have_count(0)


def a_draft_checked(page: Page) -> None:
    page.locator("#tab-draft").click()
    page.locator("#draft-text").fill(DRAFT)
    pressed(page, "#draft .go")
    page.locator("#draft .total").wait_for()


def a_place_shown_and_the_next_question_asked(page: Page) -> None:
    ask(page, POVERTY)
    pressed(page, ".card .show")
    expect(page.locator("#reader mark")).to_be_focused()
    page.locator("#reader .strip").focus()
    page.keyboard.press("Home")


def what_was_found_cleared(page: Page) -> None:
    page.locator("#find-words").fill("sanctions")
    pressed(page, "#reader .find .next")
    page.evaluate("onrecord.tell('ask', {question: 'What about oil?', chosen: {}})")
    settled(page, 1)


ACTIONS: tuple[Callable[[Page], None], ...] = (
    an_offered_question,
    a_question_found_to_be_answered_well,
    taken_back_to_an_answer,
    taken_back_to_nothing,
    while_it_is_asked_again,
    asked_again,
    a_new_conversation,
    undone,
    the_last_but_one_pin_removed,
    the_last_pin_removed,
    all_pins_removed,
    a_draft_checked,
    a_place_shown_and_the_next_question_asked,
    what_was_found_cleared,
)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda each: each.__name__)
def test_the_focus_is_not_lost_after(page, action):
    action(page)
    kept(page)


def test_the_focus_stays_on_the_sentence_that_was_left_out(page):
    pinned(page, POVERTY, SEVERAL)
    second = page.locator("#brief .pins > li").nth(1)
    second.locator(".shorten summary").click()
    boxes = second.locator(".shorten input")
    assert boxes.count() > 1
    boxes.nth(1).focus()
    page.keyboard.press("Space")
    expect(boxes.nth(1)).not_to_be_checked()
    page.wait_for_timeout(300)
    expect(boxes.nth(1)).to_be_focused()


# --- by ear -------------------------------------------------------------------------------------------


def test_every_new_answer_is_announced(page):
    said_aloud = page.locator(".said[role=status]")
    expect(said_aloud).to_have_count(1)
    ask(page, POVERTY)
    expect(said_aloud).to_contain_text("Ana Caridad: According to a September 2021 survey")
    ask(page, TOURISM)
    expect(said_aloud).to_have_text(wording.ENGLISH.declines.one)
    ask(page, OIL)
    expect(said_aloud).to_contain_text(wording.ENGLISH.side_by_side)
    expect(said_aloud).to_contain_text("Keith Mines: ")
    ask(page, "hello")
    expect(said_aloud).to_have_text(wording.ENGLISH.greeting)


def test_what_is_wrong_with_a_question_is_announced(page):
    expect(page.locator("#ask .notices")).to_have_attribute("aria-live", "assertive")
    box(page).press("Enter")
    expect(page.locator("#ask .notices")).to_contain_text("The question is empty")


# --- without motion -----------------------------------------------------------------------------------

WATCHED = """() => {
window.smooth = [];
for (const [owner, name] of [[Element, 'scrollTo'], [Element, 'scrollBy'], [Element, 'scrollIntoView'],
                             [Window, 'scrollTo'], [Window, 'scrollBy'], [Element, 'scroll']]) {
  const own = owner === Window ? window : owner.prototype, before = own[name];
  own[name] = function (...given) {
    if (given[0]?.behavior === 'smooth') window.smooth.push(name);
    return before.apply(this, given);
  };
}
}"""
MOVING = """() => document.getAnimations().filter(each => each.playState === 'running').map(
  each => `${each.animationName ?? each.transitionProperty} of ${each.effect.target.className}`)"""


def holding(held: list[Any]) -> Callable[[Any], None]:
    def hold(route: Any) -> None:
        held.append(route)

    return hold


@pytest.mark.parametrize("size", [(1360, 900), (390, 844)])
def test_nothing_moves_for_who_wants_no_motion(browser, url, size):
    width, height = size
    seen: dict[str, tuple[list[str], list[str]]] = {}
    for motion in ("reduce", "no-preference"):
        with opened(browser, url, reduced_motion=motion, viewport={"width": width, "height": height}) as page:
            page.evaluate(WATCHED)
            moving: list[str] = []
            held: list[Any] = []
            page.route(ENDPOINT, holding(held))
            box(page).fill(POVERTY)
            box(page).press("Enter")
            page.locator(".waiting").wait_for()
            moving += page.evaluate(MOVING)
            for route in held:
                route.continue_()
            page.unroute(ENDPOINT)
            page.locator(".card").wait_for()
            moving += page.evaluate(MOVING)
            page.locator(".card .show").click()
            moving += page.evaluate(MOVING)
            page.locator("#reader .contents summary").click()
            page.locator("#reader .to").last.click()
            page.locator("#find-words").fill("Maduro")
            page.locator("#find-words").press("Enter")
            page.locator("#reader .strip").press("End")
            page.wait_for_timeout(100)
            seen[motion] = (page.evaluate("smooth"), moving)
    assert seen["reduce"] == ([], [])
    assert seen["no-preference"][0]
    assert any("turn" in each for each in seen["no-preference"][1])


# --- enlarged, and on small screens -------------------------------------------------------------------

# What is wider inside than it may be: by itself, or because something in it sticks out.
SPILLS = """() => {
  const boxes = '#brand, #talk .log, #talk .whole, #talk .card, #talk .side, #ask, #ask .narrow, ' +
    '#completions, ' +
    '#tabs, #reader .bar, #reader .strip, #reader .scroll, #reader .article, .sheet, .pins > li, ' +
    '.findings > li, #reader .picker, #reader .picker li';
  return [...document.querySelectorAll(boxes)]
    .filter(each => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1)
    .map(each => `${each.id || each.className}: ${each.scrollWidth} in ${each.clientWidth}`);
}"""


def sane(page: Page) -> list[str]:
    wide = overflow(page)
    found: list[str] = page.evaluate(SPILLS)
    return [*([f"the page: {wide} too wide"] if wide > 0 else []), *found]


@pytest.mark.parametrize(
    ("width", "scale"), [(1360, 1), (820, 1), (680, 2), (390, 1), (320, 1)], ids=lambda each: str(each)
)
def test_no_state_needs_sideways_scrolling(browser, url, width, scale):
    spilt = {}
    with opened(browser, url, viewport={"width": width, "height": 800}, device_scale_factor=scale) as page:
        page.locator(".promise summary").click()
        spilt["begun"] = sane(page)
        box(page).press_sequentially("what do we know")
        page.locator("#completions li").first.wait_for()
        spilt["completed"] = sane(page)
        turn = ask(page, POVERTY)
        turn.locator(".sure summary").click()
        turn.locator(".pin").click()
        spilt["answered"] = sane(page)
        ask(page, OIL)
        spilt["compared"] = sane(page)
        ask(page, "What does Ana Caridad say about oil production?")
        spilt["declined"] = sane(page)
        page.locator("#find-words").fill("sanctions")
        page.locator("#find-words").press("Enter")
        spilt["found"] = sane(page)
        page.locator("#tab-brief").click()
        page.locator("#brief .pins blockquote").wait_for()
        spilt["brief"] = sane(page)
        page.locator("#tab-draft").click()
        page.locator("#draft-text").fill(DRAFT)
        page.locator("#draft .go").click()
        page.locator("#draft .total").wait_for()
        spilt["draft"] = sane(page)
    assert {state: found for state, found in spilt.items() if found} == {}


@pytest.mark.parametrize("width", [1360, 820, 390])
def test_all_lines_of_the_conversation_begin_at_one_edge(browser, url, width):
    with opened(browser, url, viewport={"width": width, "height": 800}) as page:
        page.locator(".promise > summary").click()
        expect(page.locator(".promise table")).to_be_visible()
        edge = begins(page, "#brand h1")
        assert begins(page, ".promise table th") == begins(page, ".start p") == edge
        line = page.locator(".promise tbody tr").first
        assert line.evaluate("e => getComputedStyle(e).borderLeftWidth") == "0px"
        ask(page, POVERTY)
        assert begins(page, ".reply > .ours") == begins(page, ".whole .new") == edge
        page.locator(".new").click()
        assert begins(page, ".undone span") == edge


@pytest.fixture(scope="module")
def archive(browser: Browser) -> Iterator[str]:
    """Where a page over seventy articles is served."""
    bot: Future[Any] = Future()
    bot.set_result(Silent())
    with launched(seventy(), bot, browser) as page:
        yield page.url


@pytest.mark.parametrize(("width", "height"), [(1360, 900), (820, 1100), (390, 844)])
def test_the_dialog_stands_in_the_middle_and_its_boxes_in_line(browser, archive, width, height):
    with opened(browser, archive, viewport={"width": width, "height": height}) as page:
        chosen = picker(page)
        chosen.locator("input[name=words]").fill("part 34")
        expect(chosen.locator("li")).to_have_count(1)
        place = chosen.bounding_box()
        assert place
        assert abs(width - 2 * place["x"] - place["width"]) <= 2
        assert abs(height - 2 * place["y"] - place["height"]) <= 2
        boxes = [each.bounding_box() for each in chosen.locator("input").all()]
        assert len({round(each["x"]) for each in boxes if each}) == 2
        assert len({round(each["width"]) for each in boxes if each}) == 1


def test_choosing_an_article_needs_no_sideways_scrolling(browser, archive):
    spilt = {}
    for width, scale in ((1360, 1), (820, 1), (680, 2), (390, 1), (320, 1)):
        with opened(
            browser, archive, viewport={"width": width, "height": 800}, device_scale_factor=scale
        ) as page:
            page.locator("#ask .narrow summary").click()
            spilt[f"{width}, narrowed"] = sane(page)
            picker(page)
            spilt[f"{width}, chosen"] = sane(page)
    assert {state: found for state, found in spilt.items() if found} == {}


def test_on_a_phone_the_box_does_not_cover_what_has_the_focus(browser, url):
    """WCAG 2.2, 2.4.11."""
    with opened(browser, url, viewport={"width": 390, "height": 700}) as page:
        ask(page, POVERTY)
        page.locator(".start summary").first.click()
        page.evaluate("scrollTo(0, 0)")
        page.locator(".start summary").first.focus()
        covered = []
        for _ in range(16):
            page.keyboard.press("Tab")
            page.wait_for_timeout(40)
            hidden = page.evaluate(
                """() => {
                  const at = document.activeElement, place = at.getBoundingClientRect();
                  if (at.closest('#ask') || at === document.body) return null;
                  const top = document.querySelector('#ask').getBoundingClientRect().top;
                  return place.top >= top && place.bottom <= innerHeight && at.closest('#talk')
                    ? at.className : null;
                }"""
            )
            if hidden:
                covered.append(hidden)
    assert covered == []


# --- any script, any length ---------------------------------------------------------------------------

LONG = (
    "Maximiliana-Konstantina Wolfeschlegelsteinhausenbergerdorff",
    "Ana Caridad",
    "Bartholomew Featherstonehaugh",
)
ODD = Article(
    "odd",
    "Is it?\n\n"
    f"{LONG[0]}: Yes.\n\nIt is at https://www.example.org/{'a-very-long-address-' * 8}, they say.\n\n"
    f"Is it so?\n\n{LONG[1]}: No.\n\nReally?\n\n{LONG[2]}: Donaudampfschifffahrtsgesellschaftskapitän.",
    people=tuple(Person(name, "Deputy Undersecretary of Everything in Particular") for name in LONG),
    title="Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz " * 3,
    publisher="The Society for the Propagation of Unreasonably Long Names",
)
ARABIC = Article(
    "arabic",
    "ما رأيك في المفاوضات؟\n\nليلى حداد: نعم، هذا صحيح. كانت المفاوضات صعبة.\n\n"
    "ولماذا؟\n\nليلى حداد: لا أعرف.",
    language="ar",
    people=(Person("ليلى حداد"),),
    title="حوار مع ليلى حداد",
)
ASKED_IN_ARABIC = "ما رأيك في المفاوضات؟"
SAID_IN_ARABIC = "كانت المفاوضات صعبة."


@pytest.fixture(scope="module")
def odd(browser: Browser) -> Iterator[str]:
    """Where a page over an article of long words and one in Arabic is served."""
    index = index_store.build([ODD, ARABIC], OnnxEncoder())
    words = ("Yes.", "No.", "Donaudampfschifffahrtsgesellschaftskapitän.")
    quotes = [said(index, each, score=0.9) for each in words]
    address = said(index, f"It is at https://www.example.org/{'a-very-long-address-' * 8}, they say.")
    sides = tuple(
        Side(Person(name, "Deputy Undersecretary of Everything in Particular"), "Said:", (quote,))
        for name, quote in zip(LONG, quotes, strict=True)
    )
    arabic = said(index, SAID_IN_ARABIC, article=1)
    side_by_side = wording.ENGLISH.side_by_side
    answers = {
        "three": Answer("three", "answered", side_by_side, tuple(quotes), sides=sides),
        "two": Answer("two", "answered", side_by_side, tuple(quotes[:2]), sides=sides[:2]),
        "one": Answer("one", "answered", wording.ENGLISH.answers.one, (quotes[0], address)),
        ASKED_IN_ARABIC: Answer(
            ASKED_IN_ARABIC, "answered", wording.ENGLISH.answers.one, (arabic,), language="ar"
        ),
    }
    bot: Future[Any] = Future()
    bot.set_result(Canned(answers))
    with launched(index, bot, browser) as page:
        yield page.url


@pytest.mark.parametrize("width", [1360, 820, 390, 320])
def test_long_names_long_questions_and_short_quotes_stay_in_their_place(browser, odd, width):
    spilt = {}
    with opened(browser, odd, viewport={"width": width, "height": 800}) as page:
        for question in ("one", "two", "three", "w" * 900, "why is that so " * 60):
            turn = ask(page, question)
            for each in turn.locator("details.more > summary").all():
                each.click()
            spilt[question[:5]] = sane(page)
        for pin in page.locator(".card:visible .pin").all()[:4]:
            pin.click()
        page.locator("#tab-brief").click()
        page.locator("#brief .pins blockquote").first.wait_for()
        spilt["brief"] = sane(page)
        page.locator("#tab-reader").click()
        picker(page).locator(".only").first.click()
        page.locator("#ask .noted").wait_for()
        spilt["only one"] = sane(page)
        mark, name = (
            page.locator(f".card:visible > header {each}").first.bounding_box()
            for each in (".avatar", ".name")
        )
        assert mark
        assert name
        assert name["y"] < mark["y"] + mark["height"], "the name stands below its mark"
    assert {state: found for state, found in spilt.items() if found} == {}


def direction(page: Page, selector: str) -> str:
    return str(page.locator(selector).first.evaluate("e => getComputedStyle(e).direction"))


def test_words_from_right_to_left_run_so_in_the_card_and_in_the_article(browser, odd):
    with opened(browser, odd) as page:
        turn = ask(page, ASKED_IN_ARABIC)
        assert turn.locator("blockquote").text_content() == SAID_IN_ARABIC
        assert direction(page, ".card blockquote") == "rtl"
        assert direction(page, ".card .asked > span") == "rtl"
        expect(turn.locator("blockquote")).to_have_attribute("lang", "ar")
        expect(page.locator("#reader mark")).to_have_text(SAID_IN_ARABIC)
        for name in ("h2", ".asks", ".says"):
            assert direction(page, f"#reader .article:not([hidden]) {name}") == "rtl", name
        assert direction(page, "#reader .article:not([hidden]) .contents .to") == "rtl"
        assert direction(page, ".card") == "ltr"
        assert sane(page) == []


def test_words_from_right_to_left_run_so_in_the_question(browser, odd):
    with opened(browser, odd) as page:
        ask(page, ASKED_IN_ARABIC)
        words = (
            ".question > :not(.unseen)" if page.locator(".question > :not(.unseen)").count() else ".question"
        )
        assert direction(page, words) == "rtl"


def test_words_from_right_to_left_run_so_in_the_brief(browser, odd):
    with opened(browser, odd) as page:
        ask(page, ASKED_IN_ARABIC).locator(".pin").click()
        page.locator("#tab-brief").click()
        page.locator("#brief .pins blockquote").wait_for()
        assert direction(page, "#brief .pins blockquote") == "rtl"


def test_words_from_right_to_left_run_so_in_the_box(browser, odd):
    with opened(browser, odd) as page:
        box(page).fill(ASKED_IN_ARABIC)
        assert direction(page, "#question") == "rtl"
