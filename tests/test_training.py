"""How the reader is taught: its data, its examples, its network."""

# mypy: allow-untyped-calls

import random
import re

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import MINILM
from training.augment import hurried, keywords, plain, slips, swapped
from training.data import HELD_OUT, INTERVIEWS, interviews, spoken
from training.examples import BLOCK, WINDOWS, Stream, tempting
from training.loop import Ahead, train
from training.model import EncoderNet, Pieces, ReaderNet, Trunk, batch, loss, padded
from training.train_encoder import QUESTIONS, SENTENCES, Lessons

QUESTION = "How many barrels did Brazil export to the United States in 2019?"


@pytest.fixture(scope="module")
def rows():
    return list(interviews())


@pytest.fixture(scope="module")
def tempted(rows):
    return tempting(rows)


@pytest.fixture(scope="module")
def pieces():
    return Pieces(MINILM)


def test_every_written_question_has_its_sentences(rows):
    """Answers are sentences of their document; kinds that nobody answers have none, all others some."""
    assert len(rows) > 12_000
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


def test_held_out_interviews_are_never_drawn(rows, tempted, pieces):
    """No example of the stream holds a sentence of a held-out interview."""
    held = {
        sentence
        for row in rows
        if row.held_out
        for sentence in row.document.sentences
        if len(sentence.split()) > 8
    }
    assert {row.document.id for row in rows if row.held_out} == set(HELD_OUT)
    drawn = [e for b in Stream(rows, tempted, pieces, 0, 8).batches(0) for e in b]
    texts = " ".join(pieces.tokenizer.decode(example.arranged.window) for example in drawn)
    assert not any(pieces.tokenizer.decode(pieces.of(sentence)) in texts for sentence in held)


def test_the_stream_is_a_function_of_seed_and_step(rows, tempted, pieces):
    """The same block is drawn alike by two streams, another block or seed is not: a run can go on."""
    one, two = Stream(rows, tempted, pieces, 3, 4), Stream(rows, tempted, pieces, 3, 4)
    two.batches(0)
    assert one.batches(5) == two.batches(5)
    assert one.batches(5) != one.batches(6)
    assert one.batches(5) != Stream(rows, tempted, pieces, 4, 4).batches(5)
    assert [len({each.asked for each in batch}) for batch in one.batches(1)] == [4] * BLOCK


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
    """By window each sentence and nobody has some share; by question all windows' sentences and nobody."""
    import torch

    examples = [
        pieces.example("Who?", "", ["One.", "Two.", "Three."], [1], asked=7),
        pieces.example("Who?", "Ann: Why?", ["One."], asked=7),
        pieces.example("Why?", "", ["One."], asked=8),
    ]
    tensors = batch(examples, Trunk(MINILM))
    right, asked = tensors.pop("right"), tensors.pop("asked")
    assert right.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0]]
    assert asked.tolist() == [7, 7, 8]
    assert tensors["means"].sum(-1)[1].tolist() == pytest.approx([1, 0, 0])
    scores = torch.tensor([[0.0, 0.0, 1.0, 0.0], [2.0, 0.0, -1e4, -1e4], [1.0, -1.0, -1e4, -1e4]])
    by_window = torch.log(torch.exp(scores).sum(1)) - torch.tensor([1.0, 2.0, 1.0])
    of_seven = torch.tensor([0.0, 1.0, 0.0, 0.0 - 2.0, 0.0]).logsumexp(0) - 1.0
    of_eight = torch.tensor([-1.0 - 1.0, 0.0]).logsumexp(0)
    expected = by_window.mean() + (of_seven + of_eight) / 2
    assert loss(scores, right, asked).item() == pytest.approx(expected.item(), abs=1e-4)
    with torch.no_grad():
        found = ReaderNet(MINILM)(**tensors)
    assert found.shape == (3, 4)
    assert (found[1, 2:] == -1e4).all()


def test_a_loss_that_is_no_number_ends_a_run(tmp_path):
    """Nothing is written of it: a run whose weights are lost is no run to go on from."""
    net = torch.nn.Linear(2, 1)
    with pytest.raises(ValueError, match="no number any more at step 25"):
        train(net, lambda step: net(torch.ones(2)).sum() * float("nan"), tmp_path, 50, 1e-3)
    assert not list(tmp_path.glob("*.pt"))


def test_windows_read_together_score_as_each_alone(pieces, monkeypatch):
    """Figures read many windows at once, the shortest first, and give them in the order asked."""
    pytest.importorskip("onnx", reason="the packages that only training needs are not here")
    from training.train_reader import scores

    texts = ["Oil is sold abroad. It pays for food and for much else.", "No.", "They met in March. Twice."]
    examples = [pieces.example("What is sold?", "", re.findall(r"[^.]+\.", text)) for text in texts]
    net, trunk = ReaderNet(MINILM), Trunk(MINILM, torch.device("cpu"))
    together = scores(net, trunk, examples)
    monkeypatch.setattr("training.train_reader.TOGETHER", 1)
    for one, other in zip(together, scores(net, trunk, examples), strict=True):
        assert one == pytest.approx(other, abs=1e-4)


def test_what_is_drawn_ahead_comes_in_order():
    """Other processes give what this one would, from wherever a run goes on."""
    ahead, here = Ahead(_square, 2), Ahead(_square, 0)
    assert [ahead(n) for n in range(5, 20)] == [here(n) for n in range(5, 20)]


def _square(number):
    return number * number


def test_tempting_windows_do_not_answer(rows, tempted):
    """No window that is read to be declined holds an answer, and every document has some to offer."""
    for row, places in zip(rows, tempted, strict=True):
        windows = row.document.windows
        assert not any(set(windows[n]) & set(row.gold) for n in places)
        assert len(places) == len(set(places)) <= WINDOWS


def test_a_questions_readings_stand_together(rows, tempted, pieces):
    """All readings of one question are in one batch, and what is cut out or swapped has no answer left."""
    stream = Stream(rows, tempted, pieces, 1, 5)
    for examples in stream.batches(0):
        numbers = [example.asked for example in examples]
        assert numbers == sorted(numbers, key=numbers.index)
        assert len(set(numbers)) == 5
        for number in set(numbers):
            own = [example for example in examples if example.asked == number]
            assert len(own) <= WINDOWS
            assert len({example.arranged.question for example in own}) == 1


def test_a_shipped_networks_weights_can_be_trained_on_from(tmp_path):
    """What `shrink` wrote is read back under the names of the network, as near as its 8 bits are."""
    pytest.importorskip("onnx", reason="the packages that only training needs are not here")
    from training.shrink import shipped, shrink, to_onnx

    net = ReaderNet(MINILM, "eager")
    torch.nn.init.normal_(net.of.weight)  # zeros would go into four bits
    size = net.nothing.in_features
    inputs = {
        "states": torch.zeros(2, 3, size),
        "of": torch.zeros(2, 3, dtype=torch.long),
        "mask": torch.ones(2, 3),
        "means": torch.full((2, 2, 3), 1 / 3),
    }
    axes = {name: {0: "batch"} for name in inputs}
    to_onnx(net, inputs, "scores", axes, tmp_path / "whole.onnx")
    shrink(tmp_path / "whole.onnx", tmp_path / "model.onnx")
    own, found = net.state_dict(), shipped(tmp_path / "model.onnx")
    assert found.keys() == own.keys()
    for name, weight in own.items():
        assert torch.allclose(found[name], weight, atol=float(weight.abs().max()) / 120), name
