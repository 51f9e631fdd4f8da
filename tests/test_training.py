"""How the reader is taught: its data, its examples, its network."""

# mypy: allow-untyped-calls

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import MINILM
from training.augment import hurried, keywords, plain, slips, swapped
from training.data import HELD_OUT, INTERVIEWS, interviews, spoken
from training.examples import BLOCK, Stream
from training.model import EncoderNet, Pieces, ReaderNet, Trunk, batch, loss, padded
from training.train_encoder import QUESTIONS, SENTENCES, Lessons

QUESTION = "How many barrels did Brazil export to the United States in 2019?"


@pytest.fixture(scope="module")
def rows():
    return list(interviews())


@pytest.fixture(scope="module")
def pieces():
    return Pieces(MINILM)


def test_every_written_question_has_its_sentences(rows):
    """Answers are sentences of their document; kinds that nobody answers have none, all others some."""
    assert len(rows) > 10_000
    for row in rows:
        assert all(0 <= at < len(row.document.sentences) for at in row.gold)
        assert bool(row.gold) is not (row.kind in ("near", "premise", "wrong_person", "off_topic"))


def test_windows_hold_every_sentence_once_and_one_speaker(rows):
    """The windows of a written interview are its sentences in order, each of one turn."""
    for document in {row.document for row in rows}:
        assert [at for window in document.windows for at in window] == list(range(len(document.sentences)))
        assert len(document.contexts) == len(document.windows)


def test_no_interview_is_about_the_seed(rows):
    """The article that is judged was not trained on: neither its people nor its country are named."""
    told = " ".join(path.read_text("utf-8") for path in INTERVIEWS.iterdir())
    assert not re.search(r"Maduro|Guaid[oó]|Keith Mines|Ana Caridad|Caracas", told)


def test_held_out_interviews_are_never_drawn(rows, pieces):
    """No example of the stream holds a sentence of a held-out interview."""
    held = {
        sentence
        for row in rows
        if row.held_out
        for sentence in row.document.sentences
        if len(sentence.split()) > 8
    }
    assert {row.document.id for row in rows if row.held_out} == set(HELD_OUT)
    drawn = [e for b in Stream(rows, pieces, 0, 8).batches(0) for e in b]
    texts = " ".join(pieces.tokenizer.decode(example.arranged.window) for example in drawn)
    assert not any(pieces.tokenizer.decode(pieces.of(sentence)) in texts for sentence in held)


def test_the_stream_is_a_function_of_seed_and_step(rows, pieces):
    """The same block is drawn alike by two streams, another block or seed is not: a run can go on."""
    one, two = Stream(rows, pieces, 3, 4), Stream(rows, pieces, 3, 4)
    two.batches(0)
    assert one.batches(5) == two.batches(5)
    assert one.batches(5) != one.batches(6)
    assert one.batches(5) != Stream(rows, pieces, 4, 4).batches(5)
    assert [len(each) for each in one.batches(1)] == [4] * BLOCK


def test_a_lesson_has_every_answer_among_its_sentences(rows):
    """What answers a lesson's question stands where it says, and held-out interviews teach nothing."""
    lessons = Lessons(rows, 0, 0.5)
    answers = {row.question: {row.document.sentences[at] for at in row.gold} for row in rows}
    answers |= {row.spanish: answers[row.question] for row in rows}
    held = {sentence for row in rows if row.held_out for sentence in row.document.sentences}
    exact = 0
    for step in range(20):
        lesson = lessons.lesson(step)
        assert lesson == Lessons(rows, 0, 0.5).lesson(step)
        assert (len(lesson.asked), len(lesson.sentences)) <= (QUESTIONS, SENTENCES)
        assert not held & {sentence for sentence in lesson.sentences if len(sentence.split()) > 8}
        for asked, gold in zip(lesson.asked, lesson.gold, strict=True):
            assert gold
            if asked in answers:  # not typed in a hurry
                assert {lesson.sentences[at] for at in gold} == answers[asked]
                exact += 1
    assert exact > 100


def test_vectors_do_not_depend_on_padding(pieces):
    """A text embedded beside a longer one has the vector that it has alone, of length one."""
    import torch

    texts = [pieces.whole("passage: Oil."), pieces.whole("passage: Gold, and a good deal more of it.")]
    trunk, net = Trunk(MINILM), EncoderNet(MINILM)
    with torch.no_grad():
        both, alone = net(**padded(trunk(texts))), net(**padded(trunk(texts[:1])))
    assert both[0].tolist() == pytest.approx(alone[0].tolist(), abs=1e-4)
    assert both.norm(dim=1).tolist() == pytest.approx([1, 1])


def test_an_article_as_the_product_has_it():
    """A written interview's places are exactly its sentences, each within one turn."""
    article, turns, questions = spoken(INTERVIEWS / "p1b.txt")
    for asked in questions:
        for place in asked.places:
            assert any(turn.holds(place, article.text) for turn in turns)
            assert place.of(article.text).strip() == place.of(article.text) != ""


@given(st.integers(0, 10_000))
def test_a_slip_changes_little(seed):
    """A slip leaves the number of words, and no word of four letters or fewer is touched."""
    slipped = slips(QUESTION, random.Random(seed)).split()
    assert len(slipped) == len(QUESTION.split())
    assert all(a == b for a, b in zip(QUESTION.split(), slipped, strict=True) if len(a) < 5)
    assert slipped != QUESTION.split() or seed >= 0


@given(st.text(max_size=60), st.integers(0, 99))
def test_any_question_can_be_hurried(question, seed):
    """Whatever was asked, something is left of it."""
    assert isinstance(hurried(question, random.Random(seed)), str)
    assert plain(keywords(question)) is not None


def test_a_swapped_question_asks_about_another():
    """The name or number that is put in comes from the other text and was not asked about."""
    other = swapped(QUESTION, "In the year 2021, then, only Chile sold any.", random.Random(1))
    assert other in (
        QUESTION.replace("2019", "2021"),
        QUESTION.replace("Brazil", "Chile"),
        QUESTION.replace("United States", "Chile"),
    )
    assert swapped("why?", "In 2021 only Chile sold any.", random.Random(1)) is None


def test_the_loss_by_hand(pieces):
    """Untaught the reader gives each sentence and nobody some share; what is no sentence gets none."""
    import torch

    examples = [
        pieces.example("Who?", "", ["One.", "Two.", "Three."], [1]),
        pieces.example("Who?", "Ann: Why?", ["One."]),
    ]
    tensors = batch(examples, Trunk(MINILM))
    right = tensors.pop("right")
    assert right.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0]]
    assert tensors["means"].sum(-1)[1].tolist() == pytest.approx([1, 0, 0])
    scores = torch.tensor([[0.0, 0.0, 1.0, 0.0], [2.0, 0.0, -1e4, -1e4]])
    expected = torch.tensor([1.0, 2.0]) - torch.log(torch.exp(scores).sum(1))
    assert loss(scores, right).item() == pytest.approx(-expected.mean().item(), abs=1e-5)
    with torch.no_grad():
        found = ReaderNet(MINILM, layers=5)(**tensors)
    assert found.shape == (2, 4)
    assert (found[1, 2:] == -1e4).all()
