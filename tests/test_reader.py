"""Reading: which hits answer, by log-odds and calibrations worked out by hand; and the shipped models."""

# mypy: allow-untyped-calls

import json
import math
import shutil
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ModelError
from rag.index import build
from rag.reader import ANSWERS, FIRST, GAP, READ, TrainedReader, promising
from rag.reader.calibration import Calibration, Evidence, shipped
from rag.reader.net import MOST, READER, OnnxReader, Window, arrange
from rag.records import Hit
from rag.retrieve import rank
from tests.conftest import BY_MARGIN, WORD_READER, ByWords, FakeEncoder
from tests.generate import NAMES, interview

ENCODER = FakeEncoder()
INDEX = build(
    [interview("Keith Mines: Oil drips. Gold glitters.", "Ana Caridad: Oil burns in Caracas.", id="one")],
    ENCODER,
)

MANY = build([interview(*(f"{name}: Oil drips. Gold glitters." for name in NAMES))], ENCODER)


def read(question, reader=WORD_READER, index=INDEX):
    hits = rank(index, ENCODER.encode_questions([question])[0], question)
    return reader.read(question, hits, index)


@pytest.fixture(scope="module")
def net():
    return OnnxReader()


def test_the_probability_is_the_calibrations():
    """Log-odds are 4 for both telling words, 0 for one, -4 for none: the best sentence's own come out."""
    reading = read("oil drips")
    assert reading.answers[0].score == reading.certainty == pytest.approx(1 / (1 + math.exp(-4)))
    assert reading.answers[0].passage == 0


def test_what_hardly_answers_is_related():
    """A sentence with one of five telling words is no answer, but a near miss; one without is neither."""
    reading = read("oil zebra violin piano cello")
    assert reading.answers == ()
    assert {hit.passage for hit in reading.related} == {0, 2}
    assert reading.certainty < ANSWERS["en"]


def test_no_hits_are_no_answer():
    """Where nothing was found there is nothing to read."""
    reading = WORD_READER.read("oil", [], INDEX)
    assert (reading.answers, reading.related, reading.certainty) == ((), (), 0.0)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=len(MANY.passages)))
def test_a_window_that_scores_far_below_the_best_is_not_read(scores):
    """For any scores: the best window is read, no window without a hit near the best, and at most READ."""
    hits = [Hit(at, score, score, 0.0) for at, score in enumerate(scores)]
    hits.sort(key=lambda hit: -hit.score)
    near = {MANY.window(hit.passage) for hit in hits if hits[0].score - hit.score <= GAP}
    chosen = promising(hits, MANY)
    assert chosen[0] == MANY.window(hits[0].passage)
    assert set(chosen) <= near
    assert len(chosen) == min(READ, len(near))


def test_without_hits_nothing_is_read():
    """No hits, no windows."""
    assert promising([], MANY) == []


@pytest.mark.parametrize("word", ["oil", "mines", "sanctions"])
def test_ordinary_words_are_known(net, word):
    """An ordinary word is known to the reader, a slip of it is not."""
    assert net.knows(word)
    assert not net.knows(word + "qx")


def test_only_the_best_windows_are_read():
    """However long the text, the reader is given at most READ windows, each within one turn."""
    seen = []

    class Spy(ByWords):
        def __call__(self, question, windows):
            seen.append(list(windows))
            return super().__call__(question, windows)

    said = " ".join(f"Oil number {n} is in a long and winding sentence of its own." for n in range(60))
    index = build([interview(f"Keith Mines: {said}", f"Ana Caridad: {said}")], ENCODER)
    reader = TrainedReader(Spy(), {"plain": BY_MARGIN})
    read("oil zebra violin piano", reader, index)
    windows = [window for part in seen for window in part]
    assert [len(part) for part in seen] == [FIRST, READ - FIRST]
    seen.clear()
    read("oil", reader, index)
    assert [len(part) for part in seen] == [FIRST]  # a clear answer ends the reading
    assert {window.context.split(":")[0] for window in windows} <= {"Keith Mines", "Ana Caridad"}


EVIDENCE = st.lists(st.builds(Evidence, *[st.floats(-20, 20)] * 3), min_size=1, max_size=6)


@given(EVIDENCE, st.integers(0, 5), st.sampled_from(["margin", "nearness", "words"]), st.floats(0, 9))
def test_more_evidence_never_counts_against_a_sentence(evidence, which, name, more):
    """A rise of any evidence for a sentence lowers neither its place nor any probability of its own."""
    judge = Calibration(0.7, 3.0, 0.5, 1.0, -1.0, 0.5, 2.0, -2.0)
    at = which % len(evidence)
    richer = [*evidence]
    richer[at] = replace(evidence[at], **{name: getattr(evidence[at], name) + more})
    one, two = judge.judge(evidence), judge.judge(richer)
    assert two.order.index(at) <= one.order.index(at)
    assert two.each[at] >= one.each[at] - 1e-12
    assert 0 <= one.anybody <= two.anybody + 1e-12 <= 1 + 1e-12


@pytest.mark.parametrize("name", ["en", "other", "plain"])
def test_the_shipped_calibrations_are_monotone(name):
    """No shipped weight but a constant is below 0, and "plain" leaves the vectors out."""
    told = asdict(shipped()[name])
    weights = {key: value for key, value in told.items() if "constant" not in key and key != "figures"}
    assert len(weights) == 6
    assert min(weights.values()) >= 0
    assert (weights["nearness"] == 0) is (name == "plain")


@given(st.lists(st.integers(0, 300), max_size=8), st.integers(0, 80), st.integers(0, 60))
def test_any_reading_fits(sizes, question, context):
    """Whatever its parts, a reading is within the length, and every sentence that fits has its pieces."""
    found = arrange(range(question), range(context), [range(size) for size in sizes], 101, 102)
    assert len(found.window) == len(found.owners) <= MOST + len(sizes) + 1
    assert found.size == len(found.question) + len(found.window)
    for text in (found.question, found.window):
        assert (text[0], text[-1]) == (101, 102)
    assert found.sentences == len(sizes)
    assert set(found.owners) <= set(range(len(sizes) + 1))


def test_the_shipped_reader_knows_what_answers(net):
    """The sentence that answers has the highest log-odds; where it is cut out nothing has any to speak of."""
    sentences = (
        "The mill stands by the river.",
        "It was built in 1712 by a Dutch engineer.",
        "Today it is a museum.",
    )
    whole, cut = net("When was the mill built?", [Window(sentences), Window((sentences[0], sentences[2]))])
    assert max(whole) == whole[1] > 2
    assert max(cut) < 0


@pytest.mark.parametrize("file", ["model.onnx", "model.json", "calibration.json"])
def test_harmed_files_are_refused(tmp_path, file):
    """A file of the reader that is cut short is a ModelError of one line that names what is wrong."""
    folder = shutil.copytree(READER, tmp_path / "reader")
    data = (folder / file).read_bytes()
    (folder / file).write_bytes(data[: len(data) // 2])

    def use():
        OnnxReader(folder)("Who?", [Window(("Me.",))])
        shipped(folder)

    with pytest.raises(ModelError) as error:
        use()
    assert "\n" not in str(error.value)


def test_the_card_names_every_file():
    """The reader's card has the checksum of what is loaded."""
    assert set(json.loads((READER / "model.json").read_text())["files"]) == {"model.onnx", "calibration.json"}
