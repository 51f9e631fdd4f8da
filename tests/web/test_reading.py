"""The article beside the conversation: its contents, the strip, find, and an archive to choose from."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from rag import index as index_store
from rag import wording
from rag.encoder import OnnxEncoder
from rag.index import Index
from rag.index.parts import Spoken
from rag.records import Answer, Article, Person
from rag.web.stack import A_PAGE, Stack
from tests.web.serving import ask, box
from tests.web.test_browser import in_view, launched, marked
from tests.web.test_talk import ENDPOINT, focused, gone, opened

pytestmark = pytest.mark.browser

POVERTY = "How many Venezuelans live in extreme poverty?"
PLAYED = "Have both sides been playing hard to get?"
GUAIDO = "How far has support for Guaidó fallen?"


# --- the text ----------------------------------------------------------------------------------------


def test_the_contents_lead_to_the_questions_and_the_focus_goes_along(page):
    page.locator("#reader .contents summary").click()
    headings = page.locator("#reader .asks").all_text_contents()
    assert page.locator("#reader .to").all_text_contents() == headings
    expect(page.locator("#reader .contents summary")).to_have_text(f"Contents: {len(headings)} questions")
    page.locator("#reader .to").nth(3).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#reader .asks").nth(3)).to_be_focused()
    page.wait_for_timeout(800)
    assert in_view(page, "#reader .asks:focus")


def test_the_numbers_of_the_contents_stand_beside_first_lines(page):
    page.locator("#reader .contents summary").click()
    # Where a number stands is told by what is put in its line.
    beside = page.locator("#reader .contents li").evaluate_all(
        """items => items.map(item => {
          const probe = document.createElement('span'), line = document.createRange();
          probe.textContent = '1';
          item.prepend(probe);
          const number = probe.getBoundingClientRect();
          probe.remove();
          line.selectNodeContents(item.querySelector('.to'));
          const [first, ...more] = line.getClientRects();
          return [Math.abs(number.bottom - first.bottom) < 3, more.length];
        })"""
    )
    assert [near for near, _ in beside] == [True] * len(beside)
    assert all(more for _, more in beside), "no question is longer than a line"
    below = page.locator("#reader .article > nav + p").bounding_box()
    above = page.locator("#reader .contents").bounding_box()
    assert above
    assert below
    assert below["y"] - above["y"] - above["height"] > 12


LOOKS = """avatars => avatars.filter(each => each.checkVisibility()).map(each => {
  const {backgroundColor, borderRadius} = getComputedStyle(each);
  return [each.nextElementSibling.textContent, [each.textContent, backgroundColor, borderRadius].join()];
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_speaker_looks_the_same_everywhere_and_is_told_apart_without_colour(browser, url, scheme):
    with opened(browser, url, color_scheme=scheme) as page:
        ask(page, POVERTY).locator(".pin").click()
        ask(page, "What do they think about oil?")
        seen = page.locator("#panes .avatar").evaluate_all(LOOKS)
        page.locator("#tab-brief").click()
        page.locator("#brief .pins blockquote").wait_for()
        seen += page.locator("#brief .avatar").evaluate_all(LOOKS)
    looks = {name: {look for who, look in seen if who == name} for name, _ in seen}
    assert {name: len(each) for name, each in looks.items()} == {"Keith Mines": 1, "Ana Caridad": 1}
    mines, caridad = (each.pop().split(",", 1) for each in looks.values())
    assert mines[0] != caridad[0]
    assert mines[1].rsplit(",", 1)[1] != caridad[1].rsplit(",", 1)[1], "their shapes are alike"


def test_every_turn_stands_beside_its_speakers_name(page):
    said = page.locator("#reader .article").evaluate(
        """article => {
          const found = [];
          let who = null;
          for (const each of article.children) {
            if (each.matches('.turn')) who = each.querySelector('.name').textContent;
            else if (each.matches('.asks')) who = null;
            else if (each.matches('.says')) found.push([who, each.textContent.slice(0, 24)]);
          }
          return found;
        }"""
    )
    assert {who for who, _ in said} == {"Keith Mines", "Ana Caridad"}
    by = {words: who for who, words in said}
    assert by["From all indications, th"] == "Keith Mines"
    assert by["The democratic oppositio"] == "Ana Caridad"


def test_the_stored_texts_checksum_is_the_articles(page, article):
    page.locator("#reader .stored summary").click()
    expect(page.locator("#reader .stored code")).to_be_visible()
    expect(page.locator("#reader .stored code")).to_have_text(article.version)
    expect(page.locator("#reader .stored p")).to_contain_text(f"{len(article.text):,} characters")


# --- the strip ---------------------------------------------------------------------------------------


def strip(page: Page) -> Locator:
    return page.locator("#reader .strip")


def told(page: Page) -> tuple[int, str, str]:
    """Where the strip stands: the number of the sentence, how near it is, and its words."""
    line = str(strip(page).get_attribute("aria-valuetext"))
    head, _, rest = line.partition(". ")
    number, near = head.removeprefix("Sentence ").split(" of ")[0], head.rpartition(", ")[2]
    for name in ("Keith Mines: ", "Ana Caridad: "):
        rest = rest.removeprefix(name)
    return int(number), near, rest


def test_the_strip_comes_with_an_answer_and_says_where_it_stands(page):
    expect(strip(page)).to_be_hidden()
    ask(page, POVERTY)
    expect(strip(page)).to_be_visible()
    assert strip(page).get_attribute("role") == "slider"
    number, near, words = told(page)
    assert near == "near"
    assert "77 percent" in words
    assert strip(page).get_attribute("aria-valuenow") == str(number)
    assert strip(page).get_attribute("aria-valuemax") == str(strip(page).locator("i").count())
    assert "Ana Caridad: According to a September 2021 survey" in str(
        strip(page).get_attribute("aria-valuetext")
    )


def test_the_strips_keys_move_it_and_highlight_the_sentence(page):
    ask(page, POVERTY)
    expect(strip(page)).to_be_visible()
    count = strip(page).locator("i").count()
    strip(page).focus()
    now = told(page)[0]
    steps = (
        ("ArrowRight", now + 1),
        ("ArrowUp", now + 2),
        ("ArrowLeft", now + 1),
        ("ArrowDown", now),
        ("End", count),
        ("ArrowRight", count),
        ("Home", 1),
        ("ArrowLeft", 1),
    )
    for key, place in steps:
        page.keyboard.press(key)
        number, _, words = told(page)
        assert number == place, key
        expect(page.locator("#reader mark")).to_have_text(words)
        expect(strip(page)).to_be_focused()
    page.wait_for_timeout(800)
    assert in_view(page, "#reader mark")
    near = [
        at
        for at in range(1, count + 1)
        if float(strip(page).locator("i").nth(at - 1).evaluate("e => e.style.getPropertyValue('--near')"))
        >= 0.33
    ]
    for place in [each for each in near if each > 1][:3]:
        page.keyboard.press("PageDown")
        assert told(page)[0] == place
        expect(page.locator("#reader mark")).to_have_text(told(page)[2])


def test_a_press_on_a_bar_shows_that_bars_sentence(page):
    ask(page, POVERTY)
    expect(strip(page)).to_be_visible()
    bars = strip(page).locator("i")
    last = bars.count()
    pressed = {}
    for place in (1, last // 4, last // 2, last - 3, last):
        bar = bars.nth(place - 1).bounding_box()
        assert bar
        page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] - 1)
        pressed[place] = told(page)[0]
        expect(page.locator("#reader mark")).to_have_text(told(page)[2])
        expect(strip(page)).to_be_focused()
    assert pressed == {place: place for place in pressed}


def test_the_strip_is_gone_after_small_talk(page):
    ask(page, POVERTY)
    expect(strip(page)).to_be_visible()
    ask(page, "hello")
    page.wait_for_timeout(700)
    assert strip(page).is_hidden()


def test_the_strip_is_gone_where_no_sentence_is_near(page):
    ask(page, POVERTY)
    expect(strip(page)).to_be_visible()
    ask(page, "How is tourism to the beaches doing?")
    page.wait_for_timeout(700)
    if strip(page).is_visible():
        assert told(page)[1] != "not near"


def test_the_strip_is_gone_with_a_new_conversation(page):
    ask(page, POVERTY)
    expect(strip(page)).to_be_visible()
    page.locator(".new").click()
    expect(strip(page)).to_be_hidden()


# --- find --------------------------------------------------------------------------------------------


def find(page: Page, words: str) -> None:
    page.locator("#find-words").fill(words)


def count(page: Page) -> Locator:
    return page.locator("#reader .find .count")


def painted(page: Page, name: str = "found") -> list[str]:
    """The words that are painted over as found."""
    script = "name => [...(CSS.highlights.get(name) ?? [])].map(range => range.toString())"
    found: list[str] = page.evaluate(script, name)
    return found


def test_found_places_are_counted_and_gone_through_round_and_round(page):
    find(page, "sanctions")
    places = page.locator("#reader .article").text_content().lower().count("sanctions")
    expect(count(page)).to_have_text(f"{places} places")
    assert len(painted(page)) == places > 2
    field = page.locator("#find-words")
    field.press("Enter")
    expect(count(page)).to_have_text(f"1 of {places}")
    page.locator("#reader .find .next").click()
    expect(count(page)).to_have_text(f"2 of {places}")
    assert painted(page, "found-now") == ["sanctions"]
    page.locator("#reader .find .previous").click()
    page.locator("#reader .find .previous").click()
    expect(count(page)).to_have_text(f"{places} of {places}")
    page.locator("#reader .find .next").click()
    expect(count(page)).to_have_text(f"1 of {places}")
    field.press("Shift+Enter")
    expect(count(page)).to_have_text(f"{places} of {places}")


def test_what_is_found_comes_into_view(page):
    find(page, "Datanalisis")
    page.locator("#find-words").press("Enter")
    page.wait_for_timeout(800)
    script = """() => {
      const [range] = CSS.highlights.get('found-now');
      const place = range.getBoundingClientRect();
      const pane = document.querySelector('#reader .scroll').getBoundingClientRect();
      return place.top >= pane.top && place.bottom <= pane.bottom;
    }"""
    assert page.evaluate(script)


def test_what_is_found_outside_the_interview_is_opened(page):
    find(page, "Gavin Helf")
    expect(count(page)).to_have_text("1 place")
    page.locator("#find-words").press("Enter")
    expect(page.locator("#reader .rest")).to_have_attribute("open", "")


def test_case_accents_and_typographic_marks_are_all_one(page):
    for typed, found in (
        ("guaido", "Guaidó"),
        ("GUAIDÓ", "Guaidó"),
        ("venezuela's release", "Venezuela’s release"),
        ('"hard to get"', "“hard to get”"),
        ("nicolas maduro in what", "Nicolás Maduro in what"),
    ):
        find(page, typed)
        assert painted(page), typed
        assert set(painted(page)) == {found}


def test_what_is_not_there_is_told(page):
    find(page, "penguin")
    expect(count(page)).to_have_text("not found")
    expect(page.locator("#reader .find .next")).to_be_disabled()
    assert painted(page) == []


def test_words_within_a_quote_are_found_and_its_mark_stays_exact(page):
    turn = ask(page, GUAIDO)
    quote = turn.locator("blockquote").first.text_content()
    expect(page.locator("#reader mark").first).to_be_visible()
    assert marked(page) == quote
    for typed in ("guaido", "support for", "democratic opposition. the opposition movement"):
        find(page, typed)
        assert painted(page), typed
        assert all(each.lower().replace("ó", "o") == typed for each in painted(page))
        page.locator("#find-words").press("Enter")
        assert marked(page) == quote
    page.locator("#find-words").press("Escape")
    assert marked(page) == quote
    assert painted(page) == []


def test_escape_empties_find_and_clears_what_was_painted(page):
    find(page, "Maduro")
    assert painted(page)
    page.locator("#find-words").press("Escape")
    expect(page.locator("#find-words")).to_have_value("")
    expect(count(page)).to_have_text("")
    expect(page.locator("#find-words")).to_be_focused()
    assert painted(page) == []


def test_what_was_found_is_still_found_after_the_next_answer(page):
    find(page, "guaido")
    places = len(painted(page))
    ask(page, GUAIDO)
    expect(page.locator("#reader mark").first).to_be_visible()
    page.wait_for_timeout(300)
    assert painted(page) == ["Guaidó"] * places
    ask(page, PLAYED)
    expect(page.locator("#reader mark")).to_have_text("Until now, both have played “hard to get”")
    page.wait_for_timeout(300)
    assert painted(page) == ["Guaidó"] * places


# --- an archive ---------------------------------------------------------------------------------------

FIRST_NAMES = ("Ada", "Bo", "Cy", "Di", "Eve", "Flo", "Gus", "Hal", "Ida", "Jo")
LAST_NAMES = ("Ash", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse")


def guest(number: int) -> str:
    return f"{FIRST_NAMES[number % 10]} {LAST_NAMES[number // 10]}"


@cache
def seventy() -> Index:
    """An index of seventy small articles, every tenth of them without a date."""
    articles = [
        Article(
            f"talk-{number}",
            f"What is grown in garden {number}?\n\n{guest(number)}: In garden {number} nothing but "
            f"{LAST_NAMES[number // 10].lower()} is grown.\n\n"
            f"Why?\n\n{guest(number)}: It was there before us.",
            people=(Person(guest(number)),),
            title=f"Gardens, part {number}" if number else "Jardín Ñandú",
            date=None if number % 10 == 9 else f"{2000 + number // 10}-0{1 + number % 9}",
        )
        for number in range(70)
    ]
    return index_store.build(articles, OnnxEncoder())


class Silent:
    """A bot that declines everything and notes what it was narrowed down to."""

    def __init__(self) -> None:
        self.narrowed: list[dict[str, str]] = []

    def ask(self, question: str, *, history: Sequence[str] = (), **narrowed: str) -> Answer:
        """Nothing is said."""
        self.narrowed.append(narrowed)
        return Answer(question, "declined", wording.ENGLISH.declines.many)

    def relevance(self, question: str, article: str, history: Sequence[str] = ()) -> list[Any]:
        """Nothing is near."""
        return []


SILENT = Silent()


@pytest.fixture(scope="module")
def archive(browser: Browser) -> Iterator[str]:
    """Where a page over seventy articles is served."""
    bot: Future[Any] = Future()
    bot.set_result(SILENT)
    with launched(seventy(), bot, browser) as page:
        yield page.url.rstrip("/")


@pytest.fixture
def many(browser: Browser, archive: str) -> Iterator[Page]:
    """The page over seventy articles, just opened."""
    SILENT.narrowed.clear()
    with opened(browser, archive) as page:
        yield page


def picker(page: Page) -> Locator:
    """The dialog in which an article is chosen, open and filled."""
    page.locator(".choose").click()
    expect(page.locator("#reader .picker .open").first).to_be_visible()
    return page.locator("#reader .picker")


def titles(chosen: Locator) -> list[str]:
    return chosen.locator(".open bdi").all_text_contents()


def test_of_ten_thousand_articles_a_page_at_a_time_is_sent():
    articles = [
        Article(f"t{n}", "Why?\n\nSo.", title=f"Part {n}", date=f"{1900 + n // 100}") for n in range(10_000)
    ]
    index: Any = SimpleNamespace(
        articles=articles,
        heads=[SimpleNamespace(speakers=(f"Guest {n % 1_000}",)) for n in range(10_000)],
        spoken=[Spoken(each, (), ()) for each in articles],
    )
    stack = Stack(index, {})
    page = stack.choose({"words": "part", "from": 9_990})
    assert (page["total"], page["html"].count("<li>"), page["more"]) == (10_000, 10, False)
    page = stack.choose({"words": "part"})
    assert (page["total"], page["html"].count("<li>"), page["more"]) == (10_000, A_PAGE, True)
    page = stack.choose({"who": "guest 77", "since": "1930", "until": "1949"})
    assert page["total"] == 2 * 11  # 77 and 770 to 779, in two thousands


def test_an_archive_is_opened_in_a_dialog_that_shows_so_many_at_a_time(many):
    expect(many.locator(".choose")).to_have_text("70 articles")
    chosen = picker(many)
    expect(many.get_by_role("dialog", name="Choose an article")).to_be_visible()
    expect(chosen.locator("input[name=words]")).to_be_focused()
    expect(chosen.locator(".total")).to_have_text("70 articles")
    expect(chosen.locator("li")).to_have_count(25)
    expect(chosen.locator("li").nth(1)).to_contain_text("Bo Ash")
    expect(chosen.locator("li").nth(1)).to_contain_text("February 2000")
    for shown in (50, 70):
        chosen.locator(".further").click()
        expect(chosen.locator("li")).to_have_count(shown)
        assert focused(many, "dialog li .open")
    expect(chosen.locator(".further")).to_be_hidden()
    assert len(set(titles(chosen))) == 70


def test_the_articles_are_narrowed_down_by_title_speaker_and_date(many):
    chosen = picker(many)
    for field, typed, total in (
        ("words", "part 67", "1 article"),
        ("words", "jardin nandu", "1 article"),
        ("words", "GARDENS", "69 articles"),
        ("who", "birch", "10 articles"),
        ("who", "ada", "7 articles"),
        ("since", "2006", "9 articles"),
        ("until", "2000-02", "2 articles"),
        ("words", "no such thing", "0 articles"),
    ):
        chosen.locator(f"input[name={field}]").fill(typed)
        expect(chosen.locator(".total")).to_have_text(total)
        expect(chosen.locator("li")).to_have_count(min(25, int(total.split()[0])))
        chosen.locator(f"input[name={field}]").fill("")
        expect(chosen.locator(".total")).to_have_text("70 articles")


def test_what_narrows_works_together_and_leaves_out_what_has_no_date(many):
    chosen = picker(many)
    chosen.locator("input[name=since]").fill("2003")
    chosen.locator("input[name=until]").fill("2003")
    expect(chosen.locator(".total")).to_have_text("9 articles")
    assert titles(chosen) == [f"Gardens, part {number}" for number in range(30, 39)]
    chosen.locator("input[name=who]").fill("eve")
    expect(chosen.locator(".total")).to_have_text("1 article")
    assert titles(chosen) == ["Gardens, part 34"]


def test_a_date_that_is_none_is_told_in_the_dialog(many):
    chosen = picker(many)
    chosen.locator("input[name=since]").fill("last year")
    expect(chosen.locator(".total.wrong")).to_contain_text("expected YYYY, YYYY-MM or YYYY-MM-DD")
    chosen.locator("input[name=since]").fill("2006")
    expect(chosen.locator(".total.wrong")).to_have_count(0)
    expect(chosen.locator("li")).to_have_count(9)


def test_an_article_is_opened_and_the_focus_returns_to_where_it_was_chosen(many):
    chosen = picker(many)
    chosen.locator("input[name=words]").fill("part 34")
    expect(chosen.locator("li")).to_have_count(1)
    many.keyboard.press("Tab")
    chosen.locator(".open").focus()
    many.keyboard.press("Enter")
    expect(chosen).to_be_hidden()
    expect(many.locator("#reader h2:visible")).to_have_text("Gardens, part 34")
    expect(many.locator("#reader .which")).to_have_text("Gardens, part 34")
    expect(many.locator("#reader .article:visible")).to_have_count(1)
    expect(many.locator(".choose")).to_be_focused()


@pytest.mark.parametrize("key", ["Escape", "Enter"])
def test_the_dialog_is_left_by_keyboard_and_the_focus_returns(many, key):
    many.locator(".choose").focus()
    many.keyboard.press("Enter")
    chosen = many.locator("#reader .picker")
    expect(chosen.locator("li")).to_have_count(25)
    if key == "Enter":
        chosen.locator(".close").focus()
    many.keyboard.press(key)
    expect(chosen).to_be_hidden()
    expect(many.locator(".choose")).to_be_focused()
    expect(many.locator("#reader .which")).to_have_text("Jardín Ñandú")


def test_only_one_article_is_asked_once_that_was_chosen(many):
    chosen = picker(many)
    chosen.locator("input[name=words]").fill("part 34")
    expect(chosen.locator("li")).to_have_count(1)
    chosen.locator(".only").click()
    expect(chosen).to_be_hidden()
    expect(box(many)).to_be_focused()
    expect(many.locator("#ask .noted")).to_contain_text("Only “Gardens, part 34” is asked now.")
    expect(many.locator("#reader h2:visible")).to_have_text("Gardens, part 34")
    expect(many.locator("#ask input[name=article]")).to_have_value("talk-34")
    turn = ask(many, "Why?")
    expect(turn.locator(".understood")).to_have_text("Only “Gardens, part 34”")
    expect(many.locator("#ask .noted")).to_have_count(0)
    assert SILENT.narrowed == [{"article": "talk-34"}]


def test_long_lists_of_speakers_and_articles_are_searched(many):
    many.locator("#ask .narrow summary").click()
    assert many.locator("#ask .narrow select").evaluate_all("all => all.map(each => each.name)") == ["order"]
    speaker = many.locator("#ask input[name=speaker]")
    assert speaker.evaluate("e => !!e.list")
    speaker.press_sequentially("birch")
    options = many.locator("#among-speaker option")
    expect(options).to_have_count(10)
    assert options.first.get_attribute("value") == "Ada Birch"
    many.locator("#ask input[name=article]").press_sequentially("part 34")
    options = many.locator("#among-article option")
    expect(options).to_have_count(1)
    assert options.first.get_attribute("value") == "talk-34"
    assert options.first.get_attribute("label") == "Gardens, part 34"
    speaker.fill("Eve Dogwood")
    turn = ask(many, "Why?")
    expect(turn.locator(".understood")).to_contain_text("Only Eve Dogwood")
    assert SILENT.narrowed[-1]["speaker"] == "Eve Dogwood"


def test_the_strip_stays_away_where_nothing_is_near(many):
    ask(many, "Why?")
    many.wait_for_timeout(500)
    expect(strip(many)).to_be_hidden()


def test_an_article_that_cannot_be_had_leaves_the_one_that_is_shown(many):
    chosen = picker(many)
    gone(many)
    chosen.locator(".open").nth(4).click()
    many.wait_for_timeout(500)
    many.unroute(ENDPOINT)
    expect(many.locator("#reader .article:visible")).to_have_count(1, timeout=1000)
    expect(many.locator("#reader .scroll")).not_to_contain_text("undefined")


def test_an_archive_that_cannot_be_reached_is_told_in_the_dialog(many):
    gone(many)
    many.locator(".choose").click()
    expect(many.locator("#reader .picker .total")).to_have_text("The server could not be reached.")


def test_the_strip_of_a_long_article_is_no_wider_than_its_pane(browser):
    text = "What of it?\n\nAda Ash: " + " ".join(f"The {number}th oak was planted." for number in range(420))
    index = index_store.build([Article("long", text, people=(Person("Ada Ash"),))], OnnxEncoder())
    said = [(passage.span, "Ada Ash", 0.5) for passage in index.passages]

    class Near(Silent):
        def relevance(self, question: str, article: str, history: Sequence[str] = ()) -> list[Any]:
            return said

    bot: Future[Any] = Future()
    bot.set_result(Near())
    with launched(index, bot, browser) as page:
        ask(page, "Which oaks?")
        expect(strip(page)).to_be_visible()
        for width in (1360, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            last = strip(page).locator("i").last.bounding_box()
            whole = strip(page).bounding_box()
            assert last
            assert whole
            assert last["x"] + last["width"] <= whole["x"] + whole["width"] + 1, width
