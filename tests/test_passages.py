"""Sentence ends, and how a quote grows to a sentence's neighbour."""

# mypy: allow-untyped-calls

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest import spoken as blocks
from rag.passages import MAX_GROWN_WORDS, WINDOW_WORDS, grow, leans, passages, sentences, windows
from rag.reading.turns import turns
from rag.records import Span
from tests.generate import interview, interviews


def cut(text):
    return [span.of(text) for span in sentences(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    "expected",
    [
        ["Senior U.S. officials met.", "They talked."],
        ["It matters to the U.S.", "The talks go on."],
        ["It takes $12 billion in investments.", "That is much."],
        ["It grew 3.5 percent.", "Then it fell."],
        ["He said “no.”", "She said “yes.”", "Done."],
        ["Is it “hard to get”?", "It is."],
        ["The U.S.-Venezuela relationship is complex.", "It is old."],
        ["Both have played “hard to get”"],
        ["Dr. Mir spoke.", "Mr. Helf did not."],
    ],
)
def test_sentences_end_where_they_end(expected):
    """Around "U.S." inside and at an end, amounts, titles and closing quotation marks, ends are right."""
    assert cut(" ".join(expected)) == expected


@pytest.mark.parametrize("blank", ["  ", "\u00a0", " \u00a0", "\u2003", "   "])
def test_odd_blanks_are_in_no_sentence(blank):
    """Whatever blanks stand around sentences, they are in none of them, and ends are still found."""
    assert cut(f"{blank}One is here.{blank}Two is there.{blank}") == ["One is here.", "Two is there."]


def test_a_non_breaking_space_inside_stays():
    """A non-breaking space inside a sentence is part of its words."""
    assert cut("It takes $12\u00a0billion in all.") == ["It takes $12\u00a0billion in all."]


def test_the_seed_has_37_sentences(article):
    """The seed is cut in 37 sentences, by turn 9, 8, 9 and 11."""
    all_turns = turns(article.text, blocks(article))
    found = passages(0, article.text, all_turns, "en")
    assert len(found) == 37
    assert [sum(passage.turn == n for passage in found) for n in range(4)] == [9, 8, 9, 11]


def test_the_seeds_sentences_end_as_sentences_do(article):
    """Every sentence of the seed begins with a capital and, but for one as printed, ends in a full stop."""
    found = passages(0, article.text, turns(article.text, blocks(article)), "en")
    texts = [passage.span.of(article.text) for passage in found]
    assert [text for text in texts if not text[0].isupper()] == []
    assert [text[-13:] for text in texts if not text.endswith(".")] == ["“hard to get”"]


@given(interviews())
def test_every_character_of_a_paragraph_is_in_one_sentence(told):
    """For any paragraph the sentences run in order, share nothing, lose nothing, and are trimmed."""
    for turn in turns(told.article.text, blocks(told.article)):
        for paragraph in turn.paragraphs:
            found = sentences(told.article.text, paragraph)
            assert all(a.end <= b.start for a, b in pairwise(found))
            assert all(s.of(told.article.text) == s.of(told.article.text).strip() != "" for s in found)
            joined = "".join(s.of(told.article.text) for s in found)
            assert "".join(joined.split()) == "".join(paragraph.of(told.article.text).split())


@pytest.mark.parametrize(
    "sentence",
    [
        "It has the world’s largest oil reserves.",
        "This would then pave the way.",
        "Another aspect of note from the talks: This was the first time.",
        "And that’s just for starters.",
        "These talks were cordial.",
        "They met.",
        "Both were there.",
        "The latter did not.",
        "The best way to do this would be to show it.",
        "Progress on each of these is slow.",
    ],
)
def test_sentences_that_lean(sentence):
    """A sentence that opens with, or turns on, a word for something said before leans on it."""
    assert leans(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Venezuela stands out as a country.",
        "Italy has oil.",
        "Thistles grow.",
        "Relations have been marked by denial.",
        "Theory is grey.",
        "Hermes ran.",
        "Bothersome talks go on.",
    ],
)
def test_sentences_that_stand_alone(sentence):
    """A sentence that names its own subject stands alone, also where its first word begins like a pronoun."""
    assert not leans(sentence)


def grown(article, sentence):
    """The quote for the sentence that begins so."""
    all_turns = turns(article.text, blocks(article))
    found = passages(0, article.text, all_turns, "en")
    number = next(n for n, p in enumerate(found) if p.span.of(article.text).startswith(sentence))
    own = found[number]
    before = tuple(p.span for p in found[:number] if p.turn == own.turn)
    return grow(article.text, all_turns[own.turn], own.span, before).of(article.text)


@pytest.mark.parametrize(
    ("sentence", "begins"),
    [
        ("It has the world’s largest oil", "In the Western Hemisphere"),
        ("This would then pave", "The United States should take"),
        ("Another aspect of note", "While both sides spoke"),
        ("And that’s just for", "The U.S.-Venezuela relationship"),
        ("Venezuela also offered", "Venezuela also offered"),
        ("The U.S.-Venezuela relationship", "The U.S.-Venezuela relationship"),
    ],
)
def test_the_seeds_leaning_sentences_bring_the_one_before(article, sentence, begins):
    """On the seed a leaning sentence brings the one before it; one that stands alone comes alone."""
    assert grown(article, sentence).startswith(begins)


def test_a_quote_never_grows_across_a_turn():
    """The first sentence of a turn leans on nothing, whoever spoke before."""
    made = interview("Ana Caridad: Oil is scarce.", "Keith Mines: It has been so.")
    assert grown(made, "It has") == "It has been so."


def test_a_quote_never_grows_across_a_caption():
    """A leaning sentence after a caption stays alone: the words before it do not adjoin."""
    made = interview("Keith Mines: Oil is scarce.", "A road. (Jo Doe/AP)", "It has been so.")
    assert grown(made, "It has") == "It has been so."


def test_a_quote_grows_over_a_paragraph_end():
    """A leaning sentence that opens a paragraph brings the end of the one before, gap and all."""
    made = interview("Keith Mines: Oil is scarce.", "It has been so.")
    assert grown(made, "It has") == "Oil is scarce.\n\nIt has been so."


def test_one_sentence_is_brought_whatever_its_length_and_more_only_while_short():
    """A long sentence before is brought; a second one before it only within MAX_GROWN_WORDS words."""
    filler = " ".join(["word"] * (MAX_GROWN_WORDS + 5))
    made = interview(f"Keith Mines: Oil is scarce. It {filler}. This would help.")
    assert grown(made, "This would") == f"It {filler}. This would help."
    short = interview("Keith Mines: Oil is scarce. It hurts. This would help.")
    assert grown(short, "This would") == "Oil is scarce. It hurts. This would help."


@given(interviews())
def test_a_grown_quote_is_whole_sentences_of_one_turn(told):
    """For any interview a quote begins at a sentence, ends with its own, and stays in its turn."""
    text = told.article.text
    all_turns = turns(text, blocks(told.article))
    found = passages(0, text, all_turns, "en")
    for number, own in enumerate(found):
        before = tuple(p.span for p in found[:number] if p.turn == own.turn)
        wide = grow(text, all_turns[own.turn], own.span, before)
        assert wide.end == own.span.end
        assert wide.start in {own.span.start, *(span.start for span in before)}
        assert all_turns[own.turn].holds(wide, text)
        if not leans(own.span.of(text)):
            assert wide == own.span


@given(st.lists(st.integers(1, 120), max_size=60))
def test_windows_hold_every_sentence_once_in_order(sizes):
    """Any sentences fall into windows in order; one is over the limit only if it is one sentence."""
    found = windows(sizes)
    assert [at for window in found for at in window] == list(range(len(sizes)))
    for window in found:
        assert len(window) == 1 or sum(sizes[at] for at in window) <= WINDOW_WORDS


def test_windows_are_even():
    """What is a little too long for one window is halved, not cut into a whole and a rest."""
    assert windows([20] * 5) == (range(3), range(3, 5))
    assert windows([10, 10]) == (range(2),)
    assert windows([]) == ()
