"""What a follow-up really asks."""

# mypy: allow-untyped-calls

import pytest

from rag.conversation import Understood, resolve
from rag.records import Answer
from tests.conftest import CARIDAD, MINES

SPEAKERS = (MINES, CARIDAD)
OIL = "What is said about oil production?"


def meant(question, *history):
    """Whose words the follow-up asks for."""
    return resolve(question, history, SPEAKERS).speakers


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("And Caridad?", CARIDAD),
        ("and caridad", CARIDAD),
        ("What about Keith Mines?", MINES),
        ("How about Mines?", MINES),
        ("But what about Ana?", CARIDAD),
        ("Caridad?", CARIDAD),
        ("And Cardad?", CARIDAD),
        ("so, and Mines", MINES),
    ],
)
def test_a_name_alone_asks_the_earlier_question_of_that_person(question, who):
    """A follow-up "And Caridad?" is the question before it, put to Caridad: its words and her name."""
    resolved = resolve(question, [OIL], SPEAKERS)
    assert resolved.question == OIL
    assert meant(question, OIL) == {who}


@pytest.mark.parametrize(
    "question",
    [
        "And sanctions?",
        "What about Maduro?",
        "What does Caridad say about elections?",
        "Why?",
        "And Keith Richards?",
        "???",
        "",
        "What about Mines and Caridad and oil?",
    ],
)
def test_a_question_that_stands_alone_comes_back_unchanged(question):
    """A question that is not just a speaker's name is not touched, whatever was asked before."""
    assert resolve(question, [OIL], SPEAKERS) == Understood(question)


def test_without_history_nothing_changes():
    """A first question "And Caridad?" comes back as it is."""
    assert resolve("And Caridad?", [], SPEAKERS) == Understood("And Caridad?")


def test_the_last_question_counts():
    """Of several earlier questions the last one is asked again."""
    assert resolve("And Caridad?", [OIL, "What of sanctions?"], SPEAKERS).question == "What of sanctions?"


@pytest.mark.parametrize(
    "earlier",
    [
        "What does Mines say about oil?",
        "what does keith mines think about oil?",
        "According to Mines, is there oil?",
        "What is Mines's view on oil?",
        "Mines on oil",
    ],
)
def test_a_follow_up_asks_the_new_person_only(earlier):
    """After a question to Mines, "And Caridad?" asks Caridad and no longer Mines."""
    assert meant("And Caridad?", earlier) == {CARIDAD}


def test_a_follow_up_to_a_follow_up():
    """After "And Caridad?", "And Mines?" asks Mines the question before both."""
    history = ("What does Mines say about oil?", "And Caridad?")
    assert resolve("And Mines?", history, SPEAKERS).question == history[0]
    assert meant("And Mines?", *history) == {MINES}


def speakers_of(answer: Answer):
    return {quote.speaker for quote in answer.quotes}


def test_on_the_seed_a_follow_up_gives_only_the_new_persons_words(bot):
    """On the seed, sanctions asked of Mines and then "And Caridad?" gives Caridad's words alone."""
    answer = bot.ask("And Caridad?", history=["What does Mines say about sanctions?"])
    assert speakers_of(answer) == {CARIDAD}


@pytest.mark.parametrize("earlier", ["oil \ud800", "\x00\u202e", "", " ", "oil " * 50_000, "???"])
def test_no_history_breaks_an_answer(bot, earlier):
    """Surrogates, control characters, nothing, or 200,000 characters in the history: still an answer."""
    assert bot.ask("And Caridad?", history=[earlier]).status in ("answered", "declined")
