"""The floors: quality on the held-out questions does not fall, and they move only as they may."""

# mypy: allow-untyped-calls

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.floors import Floors, fallen, figures, lowered, raised, read_floors, write_floors
from rag import evaluate
from rag.errors import InputError
from tests.conftest import ROOT

NAMED = st.dictionaries(st.sampled_from("abcd"), st.floats(0, 1))


def test_no_figure_is_below_its_floor(bot):
    """On the held-out questions every figure is at its floor or above."""
    questions = evaluate.read_questions(ROOT / "tests/questions/test.jsonl")
    floors = read_floors()
    assert floors.figures
    assert fallen(floors, figures(evaluate.report(evaluate.run(bot, questions)))) == {}


def test_every_lowered_floor_has_its_reason():
    """Whatever was lowered says why, and did fall."""
    assert all(each.reason.strip() and each.new < each.old for each in read_floors().lowered)


@given(NAMED, NAMED)
def test_raising_never_lowers(floors, now):
    """For any figures: no floor falls or goes, and only a figure below its old floor stays below."""
    higher = raised(Floors(floors), now)
    assert all(higher.figures[name] >= floor for name, floor in floors.items())
    assert all(higher.figures[name] >= value for name, value in now.items())
    assert fallen(higher, now).keys() == fallen(Floors(floors), now).keys()


def test_a_figure_that_is_gone_has_fallen():
    """A figure that is no longer measured counts as below its floor."""
    assert fallen(Floors({"a": 0.5, "b": 0.5}), {"b": 0.6}) == {"a": (0.5, None)}


def test_lowering_takes_a_reason_and_keeps_it(tmp_path):
    """A lowered floor is written with its old value and the reason, and read back the same."""
    floors = lowered(Floors({"a": 0.5, "b": 0.5}), {"a": 0.4}, "a", "labels mended")
    assert dict(floors.figures) == {"a": 0.4, "b": 0.5}
    write_floors(floors, tmp_path / "floors.json")
    assert read_floors(tmp_path / "floors.json") == floors
    assert "labels mended" in (tmp_path / "floors.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "now", "reason"), [("a", 0.4, " "), ("x", 0.4, "why"), ("a", 0.5, "why"), ("a", 0.6, "why")]
)
def test_what_is_no_lowering_is_refused(name, now, reason):
    """Without a reason, for a floor that is not there, or a figure not below it: an InputError."""
    with pytest.raises(InputError):
        lowered(Floors({"a": 0.5}), {"a": now}, name, reason)


def test_no_floors_yet_are_none(tmp_path):
    """Without a file there are no floors; a damaged one is an InputError."""
    assert read_floors(tmp_path / "floors.json") == Floors({})
    (tmp_path / "floors.json").write_text("{}")
    with pytest.raises(InputError, match="no floors"):
        read_floors(tmp_path / "floors.json")
