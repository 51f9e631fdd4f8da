"""Killed at any moment: the old index or the new one, and nothing left behind."""

# mypy: allow-untyped-calls

import random
import signal

import pytest

from tests.durability.work import WORKS, start

KILLS = 300
# So many of them come from outside at a random time, also amid a write.
FROM_OUTSIDE = 50


@pytest.mark.parametrize("work", WORKS)
def test_killed_at_any_step(work, expected, nursery, tmp_path):
    """SIGKILL at moments spread over all steps: the index is old or new, and the next writer mends all."""
    start(work, expected.place, tmp_path / "counted")
    counted = nursery(work, tmp_path / "counted")
    assert counted["told"] == "done"
    assert counted["steps"] > 30
    kills = (KILLS - FROM_OUTSIDE) // len(WORKS)
    new = []
    for number in range(kills):
        folder = tmp_path / str(number)
        start(work, expected.place, folder)
        at = 1 + number * (counted["steps"] - 1) // (kills - 1)
        came = nursery(work, folder, kill=at)
        assert came["status"] == signal.SIGKILL, came
        new.append(expected.holds(work, folder))
        expected.mends(work, folder)
    # Once the new one is in force it stays so; the first moment is before it and the last one after.
    assert new == sorted(new)
    assert {new[0], new[-1]} == {False, True}


def test_killed_from_outside_at_any_time(expected, nursery, tmp_path):
    """SIGKILL from another process at random times: the same."""
    draw = random.Random(1)
    killed = 0
    for number in range(FROM_OUTSIDE):
        work = draw.choice(list(WORKS))
        folder = tmp_path / str(number)
        start(work, expected.place, folder)
        killed += nursery(work, folder, after=draw.uniform(0, 0.03))["status"] == signal.SIGKILL
        expected.holds(work, folder)
        expected.mends(work, folder)
    assert killed > FROM_OUTSIDE // 10  # the others were done before
