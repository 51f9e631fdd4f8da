"""The comparison with other programs: the scripts' command, the scoring, the table made from results."""

# mypy: allow-untyped-calls

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import tables
from benchmarks.peers import protocol, table
from benchmarks.peers.__main__ import PROGRAMS, quality
from benchmarks.peers.environments import HERE
from benchmarks.peers.profile import apart, picture
from benchmarks.peers.protocol import Document, pieces, read_corpus, write_corpus
from benchmarks.peers.texts import Asked, Corpus, seed, shares
from tests.conftest import ROOT

TEXT = "The cat sat on the mat. Rain fell in Spain.\n\nOil prices rose last year. Nobody knew why."
CATS = Document("a", TEXT, ((0, 43), (45, 88)), ((0, 23), (24, 43), (45, 71), (72, 88)))
ASKED = Asked("q1", "Where did it rain?", "a", (TEXT.index("Spain"),))

# A program in the shape of the others: it finds the sentences that share most letters with the question.
SCRIPT = """
from benchmarks.peers.protocol import keep_places, kept_places, main, pieces

class ByLetters:
    def __init__(self, settings):
        self.settings = settings
    def load(self):
        print("a library talks")
    def build(self, corpus, index):
        found = pieces(corpus, self.settings.chunks)
        keep_places(found, index)
        return [each.text for each in found]
    def open(self, index):
        self.places = kept_places(index)
    def find(self, question):
        return self.places[:2]

main(ByLetters)
"""


def _ran(script, *arguments):
    command = [sys.executable, str(script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT)})
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_script_builds_and_asks(tmp_path):
    """`build` tells how many passages and words there are, `ask` a line a question."""
    script, corpus, questions = tmp_path / "letters.py", tmp_path / "corpus", tmp_path / "asked"
    script.write_text(SCRIPT)
    write_corpus([CATS], corpus)
    assert read_corpus(corpus) == [CATS]
    questions.write_text(json.dumps({"id": "q1", "question": "Where?"}) + "\n")
    (built,) = _ran(script, "build", corpus, tmp_path / "index", "--chunks", "own")
    assert (built["passages"], built["words"]) == (2, 18)
    (asked,) = _ran(script, "ask", tmp_path / "index", questions)
    assert asked["id"] == "q1"
    assert asked["found"] == [["a", 0, 43], ["a", 45, 88]]
    assert 0 <= asked["cpu_s"] <= asked["since_start_cpu_s"]


def test_on_record_has_the_same_command(tmp_path):
    """Paragraphs are turns of an unknown speaker; the right sentence is found, and the steps are told."""
    corpus, questions = tmp_path / "corpus", tmp_path / "asked"
    write_corpus([CATS], corpus)
    questions.write_text(json.dumps({"id": "q1", "question": "Where did the cat sit?"}) + "\n")
    command = [sys.executable, "-m", "benchmarks.peers.onrecord"]
    for arguments in (("build", corpus, tmp_path / "index"), ("ask", tmp_path / "index", questions)):
        done = subprocess.run(
            [*command, *map(str, arguments)], capture_output=True, text=True, check=True, cwd=ROOT
        )
    asked = json.loads(done.stdout)
    assert asked["found"][0] == ["a", 0, 23]
    assert set(asked["steps"]) == {"embed", "find", "read"}


def test_every_program_has_a_script_and_pins():
    """Each row's script is there, and each peer's packages are pinned to one version."""
    for program in PROGRAMS:
        assert (HERE / f"{program.script}.py").is_file()
        if not program.ours:
            pins = (HERE / "requirements" / f"{program.script}.txt").read_text("utf-8").splitlines()
            assert all(line.startswith("#") or line.count("==") == 1 for line in pins)
            named = {line.partition("==")[0] for line in pins} | {"torch"}
            assert set(program.packages) <= named


def test_the_right_sentence_and_the_right_paragraph():
    """A sentence is right when the answer begins in it; a passage, when it is of the answer's paragraph."""
    corpus = Corpus("cats", (CATS,), (ASKED, ASKED))
    first, right, other = ("a", 0, 23), ("a", 24, 43), ("a", 45, 71)
    assert [corpus.right(ASKED, each) for each in (first, right, other, ("b", 24, 43))] == [
        False,
        True,
        False,
        False,
    ]
    assert [corpus.beside(ASKED, each) for each in (first, right, other, ("b", 24, 43))] == [
        True,
        True,
        False,
        False,
    ]
    told: list[dict[str, Any]] = [{"found": [first, right]}, {"found": [other]}]
    assert quality(corpus, told) == {"sentence": (0.0, 0.5), "passage": (0.5, 0.5)}
    told = [{"found": [right], "answered": True}, {"found": [], "answered": False}]
    assert quality(corpus, told) == {"sentence": (0.5, 0.5), "passage": (0.5, 0.5), "answered": 0.5}
    assert shares([[False, False, False, True], [True]]) == (0.5, 0.5)
    assert [each.text for each in pieces([CATS], "own")] == [TEXT[:43], TEXT[45:]]


def test_the_seed_is_always_there():
    """Its questions have answers, each in one of the sentences that all programs get."""
    corpus = seed()
    (document,) = corpus.documents
    assert len(corpus.asked) > 50
    for asked in corpus.asked:
        assert any(corpus.right(asked, (document.id, a, b)) for a, b in document.sentences), asked.id


def _row(name, wall, rate, memory, first, **more):
    return {
        "name": name,
        "settings": "as it comes",
        "versions": {"x": "1"},
        "start": {"wall_s": wall, "cpu_s": wall},
        "warm": {"median_ms": 30.0, "p95_ms": 40.0, "cpu_ms": 29.0, **more},
        "build": {"rate": rate},
        "memory": {"ask_mb": memory, "build_mb": 2 * memory},
        "disk": {"index_mb": 1.0, "models_mb": 90.0},
        "quality": {"squad": {"sentence": [first, first], "passage": [first, 0.9]}},
    }


def test_goals_are_held_against_the_best_peer():
    """Met or not, by the best figure of any peer, which need not be one and the same."""
    rows = [
        _row("On Record", 1.0, 50, 300, 0.8, models_ms=25.0),
        _row("fast", 2.0, 100, 400, 0.5),
        _row("small", 4.0, 20, 200, 0.6),
    ]
    met = {goal: (good, said) for _, goal, good, said in table.goals(rows)}
    assert met["start to first answer ≤ ⅓ of the best peer, wall"] == (False, "1.00 s / 2.00 s (fast) = 0.50")
    assert met["build ≥ the best peer"] == (False, "50 / 100 a second (fast)")
    assert met["memory < the best peer"] == (False, "300 / 200 MB (small)")
    assert met["warm ≤ 1.5 × encoder + reader"][0]
    assert met["right sentence above every peer (squad)"][0]
    assert not met["right passage above every peer (squad)"][0]


def test_the_page_shows_the_results():
    """docs/benchmarks.md has the tables that the kept results make."""
    if not table.RESULTS.is_file():
        pytest.skip("nothing was measured yet")
    made = table.page(json.loads(table.RESULTS.read_text("utf-8")))
    text = (tables.DOCS / "benchmarks.md").read_text("utf-8")
    assert made in text
    assert tables.rewritten(text, table.MODULE, made) == text
    with pytest.raises(ValueError, match="0 times"):
        tables.rewritten(text, "benchmarks.none", made)


def test_the_picture_has_a_bar_for_each_step():
    """Clocks become steps, and steps become bars."""
    taken = apart({"start": 0.5, "import <x>": 1.5})
    assert taken == {"start": 0.5, "import <x>": 1.0}
    drawn = picture(taken)
    assert drawn.count("<rect") == 3
    assert "import &lt;x&gt;" in drawn
    assert "1.50 CPU seconds" in drawn


def test_the_protocol_needs_the_standard_library_alone():
    """It is imported where nothing of ours is installed."""
    source = Path(protocol.__file__).read_text("utf-8")
    assert "import rag" not in source
    assert "from rag" not in source
