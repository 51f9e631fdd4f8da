"""The surface for Python programs: one folder, many threads, and what others put into it meanwhile."""

import asyncio
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

import rag
from rag import Interviews, OnRecordError
from rag import index as index_store
from rag.bot import Bot
from rag.encoder import OnnxEncoder
from rag.errors import ArticleError, IndexMissing, IndexStale, UnknownArticle, UnknownQuote, UnknownSpeaker
from rag.index import archive
from rag.quotes import id_of
from rag.reader import TrainedReader
from rag.reading.facts import Facts
from tests.conftest import CARIDAD, MINES, SEED

QUESTION = "Have both sides been playing hard to get?"
GARDEN = (
    "What grows in the garden?\n\nAda Ash: Nothing but ash trees grows in the garden.\n\n"
    "Why is that so?\n\nAda Ash: The soil is poor, and it was there before us.\n"
)
# Seconds in which a build that another put into the folder has long been seen, on a slow machine too.
SEEN = 30


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of the seed article alone, of its own."""
    made = tmp_path / "index"
    index_store.build_to(made, [SEED], OnnxEncoder())
    return made


@pytest.fixture
def interviews(folder: Path) -> Interviews:
    return Interviews.open(folder)


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    file = tmp_path / "garden.txt"
    file.write_text(GARDEN, "utf-8")
    return file


def test_every_public_name_is_there():
    for name in rag.__all__:
        assert getattr(rag, name).__name__ == name
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = rag.no_such_name


def test_it_answers_cites_and_finds_a_quote_again(interviews):
    answer = interviews.ask(QUESTION)
    (quote, *_) = answer.quotes
    assert (quote.speaker, quote.text) == (MINES, "Until now, both have played “hard to get”")
    again = interviews.quote(id_of(quote))
    assert (again.span, again.article.text[again.span.start : again.span.end]) == (quote.span, quote.text)
    assert interviews.cite(quote, "apa").text == interviews.cite(id_of(quote), "apa").text
    with pytest.raises(UnknownQuote):
        interviews.cite("nothing")


def test_the_event_loop_goes_on_while_a_question_is_answered(interviews):
    async def both() -> tuple[str, int]:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.001)

        beside = asyncio.create_task(tick())
        answer = await interviews.aask(QUESTION, speaker="mines")
        beside.cancel()
        return answer.quotes[0].text, ticks

    text, ticks = asyncio.run(both())
    assert text == "Until now, both have played “hard to get”"
    assert ticks > 1


def test_many_threads_get_the_answers_that_one_gets(interviews):
    questions = [QUESTION, "And Caridad?", "What about sanctions?", "What is said about oil?"] * 6
    alone = [interviews.ask(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(interviews.ask, questions)) == alone


def test_speakers_are_compared_on_a_topic(interviews):
    answer = interviews.compare("sanctions", ["Mines", "caridad"])
    assert [side.person.name for side in answer.sides] == [MINES, CARIDAD]
    assert interviews.compare("sanctions").sides == answer.sides
    with pytest.raises(UnknownSpeaker, match="only Keith Mines"):
        interviews.compare("sanctions", ["Mines"])
    with pytest.raises(UnknownSpeaker, match="Biden"):
        interviews.compare("sanctions", ["Mines", "Biden"])
    assert interviews.compare("tourism").status == "declined"


def test_who_is_left_out_of_a_comparison_is_not_quoted_in_it(tmp_path):
    told = tmp_path / "three.txt"
    names = ("Ada Ash", "Bo Birch", "Cy Cedar")
    said = "".join(
        f"{name}: I say that the old bridge fell in May of year {at}.\n\n" for at, name in enumerate(names)
    )
    told.write_text(f"When did the old bridge fall?\n\n{said}", "utf-8")
    people = "".join(f'[[people]]\nname = "{name}"\n' for name in names)
    told.with_suffix(".toml").write_text(people, "utf-8")
    index_store.build_to(tmp_path / "index", [told], OnnxEncoder())
    answer = Interviews.open(tmp_path / "index").compare("when the old bridge fell", names[:2])
    assert answer.quotes
    assert {quote.speaker for quote in answer.quotes} <= set(names[:2])
    assert [side.person.name for side in answer.sides] == list(names[:2])


def test_what_is_added_is_asked_at_once_and_what_is_removed_no_more(interviews, garden):
    (taken,) = interviews.add(garden, title="Gardens", date="2020")
    assert (taken.id, taken.status) == ("garden", "added")
    quote = interviews.ask("What grows in the garden?").quotes[0]
    assert (quote.speaker, quote.article.title) == ("Ada Ash", "Gardens")
    interviews.remove(taken.id)
    assert interviews.ask("What grows in the garden?").quotes == ()
    with pytest.raises(UnknownArticle):
        interviews.remove(taken.id)


def test_of_many_documents_those_that_can_be_are_taken_in(interviews, garden, tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_text("", "utf-8")
    with pytest.raises(ArticleError, match="empty"):
        interviews.add(empty, garden)
    assert "garden" in interviews.held


def test_a_reader_sees_what_another_puts_into_the_folder_and_is_never_held_up(interviews, folder, garden):
    before = interviews.now
    source = list(archive.sources([str(garden)]))
    archive.add(folder, source, Facts(), archive.raise_it, lambda source, plan: None)
    begun = time.monotonic()
    assert interviews.now is before  # answered from what was there while the new build is fetched
    while interviews.now is before:
        assert interviews.ask(QUESTION).quotes
        assert time.monotonic() - begun < SEEN
    assert interviews.ask("What grows in the garden?").quotes[0].speaker == "Ada Ash"


def test_a_build_that_is_damaged_is_told_and_what_was_answered_from_still_is(interviews, folder):
    before = interviews.now
    (folder / "manifest.json").write_text("{}", "utf-8")
    with pytest.raises(OnRecordError, match="manifest"):
        interviews.refresh()
    assert interviews.now is before
    assert interviews.ask(QUESTION).quotes
    assert not interviews.refresh()  # not tried again until it changes


def test_a_folder_without_an_index_and_a_stale_one_are_told(tmp_path, garden):
    with pytest.raises(IndexMissing):
        Interviews.open(tmp_path / "none")
    index_store.build_to(tmp_path / "index", [garden], OnnxEncoder())
    garden.write_text(GARDEN.replace("ash trees", "oak trees"), "utf-8")
    with pytest.raises(IndexStale):
        Interviews.open(tmp_path / "index")


def test_a_draft_is_checked_as_text_as_bytes_and_as_a_file(interviews, tmp_path):
    words = "Mines says: “Until now, both have played ‘hard to get.’”"
    file = tmp_path / "draft.md"
    file.write_text(words, "utf-8")
    found = [interviews.check(draft) for draft in (words, words.encode(), file)]
    assert [each[0].said_by for each in found] == [MINES] * 3
    with pytest.raises(OnRecordError, match="cannot be read"):
        interviews.check(tmp_path / "none.md")


def test_whoever_observes_is_told_every_step(folder):
    steps: list[tuple[str, float]] = []
    interviews = Interviews.open(folder, observe=lambda step, seconds: steps.append((step, seconds)))
    steps.clear()
    interviews.ask(QUESTION)
    assert [step for step, _ in steps] == ["embed", "find", "read"]
    assert all(seconds > 0 for _, seconds in steps)


def test_a_model_that_cannot_be_loaded_is_told_to_whoever_asks(folder, monkeypatch):
    monkeypatch.setattr(TrainedReader, "load", lambda self: (_ for _ in ()).throw(OnRecordError("no reader")))
    with pytest.raises(OnRecordError, match="no reader"):
        Interviews.open(folder)


def test_a_bot_that_is_there_already_is_used(bot, folder):
    loaded: Future[Bot] = Future()
    loaded.set_result(bot)
    assert Interviews(bot.index, loaded, folder).bot is bot
