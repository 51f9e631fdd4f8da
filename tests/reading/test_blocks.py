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
