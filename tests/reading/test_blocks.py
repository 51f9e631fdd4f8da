"""Who says what in every layout: one interview written out in each, and made-up documents with the traps."""

# mypy: allow-untyped-calls

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.reading import open_document
from rag.reading.facts import Facts
from rag.reading.names import core
from rag.reading.turns import blocks, turns
from rag.records import Person
from tests.reading.layouts import LAYOUTS, interviews


def read(text, ending=".md", people=(), **facts):
    """The document's text and its blocks."""
    document = open_document(text.encode(), f"made{ending}", ending)
    return document.text, blocks(document, Facts(people=tuple(map(Person, people)), **facts))


def said(text, ending=".md", people=(), **facts):
    """Kind, speaker and words of each block."""
    stored, found = read(text, ending, people, **facts)
    return [(block.kind, block.speaker, block.span.of(stored)) for block in found]


def quotable(text, ending=".md", people=(), **facts):
    """Speaker and words of each block that can be quoted."""
    return [
        (who, words)
        for kind, who, words in said(text, ending, people, **facts)
        if kind in ("answer", "speech")
    ]


def same(ours, name, layout):
    """Whether our name is the person's: a hearing prints the surname alone."""
    return core(ours) == (core(name)[1:] if layout.name == "a hearing" else core(name))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@settings(max_examples=150)
@given(data=st.data())
def test_an_interview_is_read_whole_and_without_a_wrong_name_in_every_layout(layout, data):
    """Whatever the layout, each answer is its speaker's, whole and in order, and no name is wrong."""
    told = data.draw(interviews(layout.guests))
    stored, found = read(layout.write(told), layout.ending)
    spoken = turns(stored, found)
    expected = [(who, " ".join(words)) for each in told.exchanges for who, words in each.answers]
    by_words = {" ".join(words): who for who, words in expected_paragraphs(told)}
    got = []
    for turn in spoken:
        words = " ".join(span.of(stored) for span in turn.paragraphs)
        got.append((turn.speaker, words))
    # What the asker says is a question, or quotable under the asker's own name.
    questions = {each.asked for each in told.exchanges}
    for speaker, words in got:
        if words in questions:
            assert speaker is None or same(speaker, told.asker, layout)
    assert by_words
    answers = [(speaker, words) for speaker, words in got if words not in questions]
    assert [words for _, words in answers] == [words for _, words in expected]
    for (ours, _), (theirs, _) in zip(answers, expected, strict=True):
        assert ours is not None
        assert same(ours, theirs, layout)
    for block in found:
        if block.kind == "question" and block.speaker is not None:
            assert same(block.speaker, told.asker, layout)


def expected_paragraphs(told):
    return [(who, (words,)) for each in told.exchanges for who, said_ in each.answers for words in said_]


ONCE = [
    "María de los Ángeles:", "O'Neil Jr.:", "The Speaker of the House:", "Chair:", "the Chair:",
    "Vice President Harris:", "Prof. em. Karl Otto:", "Sra. Gómez:", "Doña Pilar:", "La ministra:",
    "Ministro de Hacienda:", "El Sr. López:", "Sen. Cole:", "MR. COLE:", "JOHN:", "John:", "J. R. Cole:",
    "J.R. Cole:", "Cole, J.:", "Cole (laughs):", "COLE (via video):", "Caller from Ohio:", "Woman #2:",
    "Unidentified male:", "Interpreter:", "Narrator:", "Student 1:", "P1:", "Moderator (Tom Lee):",
    "Tom Lee (Moderator):", "Tom Lee, moderator:", "Tom Lee – 00:12:", "[00:12] Tom Lee:", "Tom Lee says:",
    "Tom Lee —", "Tom:", "van der Berg:", "de la Cruz:", "McCONNELL:", "Al-Sayed:", "Núñez-Feijóo:", "李明:",
    "Rt Hon Tom Lee MP:", "Lord Lee of Leeds:", "Baroness Lee:", "Rev. Dr. Lee:", "The Meridian:",
    "Reporter (Bo Roe):", "Tom Lee :", "Tom Lee\u00a0:", "Guest:", "Both:", "Ana and Bo:",
]  # fmt: skip
FORMS = {
    "names": ("{q}", ".txt", "Bo Day: {}", "Ana Ruiz: {}"),
    "bold": ("**{q}**", ".md", "**Bo Day:** {}", "**Ana Ruiz:** {}"),
    "capitals": ("{q}", ".txt", "DAY: {}", "RUIZ: {}"),
    "initials": ("**{q}**", ".md", "**BD:** {}", "**AR:** {}"),
    "a hearing": ("{q}", ".txt", "Mr. Day. {}", "Mrs. Ruiz. {}"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("label", ONCE)
def test_words_under_a_label_that_comes_once_are_never_those_of_the_one_before(label, form):
    """Somebody who speaks but once, under whatever label, is not whoever spoke before."""
    once, ending, asks, answers = FORMS[form]
    own = "These words are mine alone, friends."
    turns_ = [
        line
        for number in range(4)
        for line in (
            asks.format(f"What about the mill number {number}?"),
            answers.format(f"It burned in the year of flood {number}, and we were there."),
        )
    ]
    turns_.insert(4, f"{once.format(q=label)} {own}")
    held = [who for who, words in quotable("\n\n".join(turns_), ending) if own in words]
    assert not any(name and set(core(name)) & {"ruiz", "day", "ar", "bd"} for name in held)
