"""Which questions want several speakers side by side, and what comes of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import compare as benchmark
from rag import compare
from rag.bot import Bot
from rag.compare import compared
from rag.encoder import OnnxEncoder
from rag.reader import TrainedReader

CAST = ("Keith Mines", "Ana Caridad")


@pytest.fixture(scope="module")
def bot(seed_index):
    return Bot(seed_index, OnnxEncoder(), TrainedReader.shipped())


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What do they think about sanctions?", "sanctions"),
        ("Do Mines and Caridad agree on oil?", "oil"),
        ("How does Mines's view on oil differ from Caridad's?", "oil"),
        ("mines vs caridad: refugees", "refugees"),
        ("Mines and Carridad on oil", "oil"),
        ("¿Están de acuerdo sobre el petróleo?", "el petróleo"),
        ("¿Qué opina cada uno sobre Rusia?", "Rusia"),
        ("do they agree?", ""),
        ("Compare with Caridad.", ""),
    ],
)
def test_a_comparison_is_known_and_so_is_its_topic(question, topic):
    found = compared(question, CAST)
    assert found is not None
    assert found.topic == topic


@pytest.mark.parametrize(
    "question",
    [
        "What do the two governments agree on?",
        "Compare oil production of 2021 and 2022.",
        "Did they agree to resume talks?",
        "What do they want?",
        "What does Ana Caridad say about sanctions?",
        "¿Qué piensan los venezolanos de la oposición?",
        "¿En qué están de acuerdo las dos partes?",
    ],
)
def test_what_only_looks_so_is_none(question):
    assert compared(question, CAST) is None


NAMES = st.one_of(st.sampled_from([*CAST, "İrem Öz", "Plato", "ليلى حداد", ""]), st.text(max_size=12))


@given(st.text(max_size=200), st.lists(NAMES, max_size=5))
def test_any_text_can_be_asked_of_anybody(text, cast):
    for question in (text, f"What do {' and '.join(cast)} say about {text}?"):
        found = compared(question, cast)
        assert found is None or isinstance(found.topic, str)


@pytest.mark.parametrize(("cue", "frame"), compare._FRAMES)
def test_a_frame_fits_nothing_without_its_cue(cue, frame):
    """Whatever a frame fits has its cue, so that one whose cue is missing need not be tried."""

    @settings(max_examples=25)
    @given(st.from_regex(compare._compiled(frame)))
    def has_its_cue(question):
        assert compare._cue(cue).search(question)

    has_its_cue()


def test_a_question_without_a_cue_compiles_no_frame():
    """A plain question pays for none of the frames."""
    compare._compiled.cache_clear()
    assert compared("How much would it cost to repair the oil sector?", CAST) is None
    assert compare._compiled.cache_info().misses == 0


def test_a_question_of_any_length_takes_no_time_to_speak_of():
    compared("what do they " * 80, CAST)
    compared("compare " * 120 + "views", CAST)


def test_each_side_has_its_own_words_and_who_is_silent_is_told(bot):
    answer = bot.ask("What do they say about oil?")
    assert [side.person.name for side in answer.sides] == list(CAST)
    mines, caridad = answer.sides
    assert {quote.speaker for quote in mines.quotes} == {"Keith Mines"}
    assert caridad.quotes == ()
    assert caridad.message == "Ana Caridad does not speak to this."
    assert "agree" not in answer.message.replace("Whether they agree is for you to judge", "")
    assert all(any(quote.shares(each) for each in answer.quotes) for quote in mines.quotes)


def test_a_topic_left_out_is_that_of_the_question_before(bot):
    answer = bot.ask("do they agree?", history=["What does Mines say about oil?"])
    assert answer.sides
    assert "oil" in str(answer.understood)


def test_nobody_is_set_beside_anybody_where_one_was_asked_for(bot):
    assert bot.ask("What do they say about oil?", speaker="Mines").sides == ()
    assert bot.ask("anything else?", history=["What do they say about oil?"]).sides == ()


def test_the_blind_set_is_taken_as_it_is_labelled(bot):
    found = list(benchmark.measure(bot).values())
    known, compare = sum(each.known for each in found), sum(each.compare for each in found)
    taken, single = sum(each.taken for each in found), sum(each.single for each in found)
    assert (compare, single) == (90, 70)
    assert known >= 88
    assert taken <= 2
    assert sum(each.first for each in found) >= 66
    assert sum(each.silent for each in found) >= 44
