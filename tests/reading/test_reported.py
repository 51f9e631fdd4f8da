"""What a speaker says in the words of others is marked, and stays in the turn."""

# mypy: allow-untyped-calls

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reading.reported import reported, through_interpreter
from rag.reading.turns import turns
from tests.reading.test_blocks import read


@pytest.mark.parametrize(
    ("paragraph", "words"),
    [
        ("He said: “No, I will not sell.” And left.", ["“No, I will not sell.”"]),
        ("“We had nothing to eat. I left,” she told me.", ["“We had nothing to eat. I left,”"]),
        (
            'The mayor said, "nobody may cross the bridge," and that was it.',
            ['"nobody may cross the bridge,"'],
        ),
        ("Me dijo: «No vendas el molino nunca». Y me fui.", ["«No vendas el molino nunca»"]),
        ("She asked: ‘Who’s going to pay for it?’ Nobody knew.", ["‘Who’s going to pay for it?’"]),
        ("“It went on like this for years.", ["“It went on like this for years."]),
        ("The so-called “quality-of-life index of the town” fell.", []),
        ("It was “soft power” then, and it’s the farmers’ mill now.", []),
        ('A 6" pipe and a 9" pipe, which we laid in a day or two.', []),
        ("We read A Tale of Two Cities.", []),
    ],
)
def test_speech_in_quotation_marks_is_reported_and_a_phrase_is_not(paragraph, words):
    assert [span.of(paragraph) for span in reported(paragraph)] == words


@given(st.text(alphabet='“”"«»‘’ ab.,:?!', max_size=80))
def test_what_is_reported_lies_in_the_paragraph_in_order_and_apart(paragraph):
    found = reported(paragraph)
    assert all(0 <= span.start < span.end <= len(paragraph) for span in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


QUOTING = """\
**Lee:** What did the letter say?

**Ruiz:** I still know it by heart.

> Come home. The mill is yours, and we are too old to turn it.

That was all of it.

**Lee:** Did you go?

**Ruiz:** No.
"""


def test_a_block_quotation_stays_in_the_turn_and_is_marked():
    text, found = read(QUOTING)
    turn, last = turns(text, found)
    assert turn.speaker == last.speaker == "Ruiz"
    assert len(turn.paragraphs) == 3
    assert [span.of(text) for span in turn.reported] == [
        "Come home. The mill is yours, and we are too old to turn it."
    ]


def test_an_answer_that_is_printed_as_a_quotation_is_the_speakers_own():
    text, found = read(
        "**Lee:** Where was it?\n\n> **Ruiz:** By the river, as they all were.\n\n**Lee:** So?\n"
    )
    (turn,) = turns(text, found)
    assert turn.reported == ()


@pytest.mark.parametrize(
    "label",
    ["Ana Ruiz (through translator):", "ANA RUIZ (via interpreter):", "Ana Ruiz [through an interpreter]:",
     "Ana Ruiz (a través de intérprete):"],
)  # fmt: skip
def test_an_interpreters_words_are_the_guests_and_marked(label):
    assert through_interpreter(label)
    text, found = read(
        f"A talk with Ana Ruiz\n\nLee: Where was it?\n\n{label} By the river.\n\nIt was old.\n\n"
        f"Lee: And then?\n\n{label} It burned.\n", ".txt"
    )  # fmt: skip
    for turn in turns(text, found):
        assert (turn.speaker, turn.interpreted) == ("Ana Ruiz", True)


def test_nobody_is_interpreted_where_no_label_says_so():
    assert not through_interpreter("Ana Ruiz (translator of Rilke):")
    assert not through_interpreter(None)
