"""For a minute in all, whatever is handed in comes to an answer or to one clear line."""

# mypy: allow-untyped-calls

import os
import time
from contextlib import suppress
from random import Random

import pytest

from rag.errors import InputError
from tests.fuzz import TARGETS, loop
from tests.fuzz.__main__ import main
from tests.fuzz.loop import MOST_WORDS, run
from tests.fuzz.mutation import MOST_BYTES, in_bytes, in_json, in_json_lines, in_text, in_zip, packed_as
from tests.fuzz.target import Stage, Target, hold

# For all targets together, and always the same inputs; `make fuzz` looks for new ones.
SECONDS = float(os.environ.get("ONRECORD_FUZZ_SECONDS", "60"))
SEED = "suite"


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """What the targets share."""
    return Stage(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_that_is_handed_in_makes_it_fall_over(name, stage):
    """No crash, no hang, no quote that is not its turn's own words; the seeds are the first inputs."""
    done = run(TARGETS[name], stage, SEED, SECONDS / len(TARGETS))
    assert done.executions >= len(TARGETS[name].seeds(stage))
    assert not done.findings, "\n".join(found.told for found in done.findings)


def planted(act, tmp_path, monkeypatch, seconds=0.5):
    """What is found where `act` is at fault."""
    monkeypatch.setattr(loop, "SHRINKING_SECONDS", 2.0)
    told: list[str] = []
    target = Target("planted", lambda stage, data: act(data), lambda stage: [b"one x two", b"three"])
    return run(target, Stage(tmp_path), "s", seconds, told.append), told


def fall(data):
    if b"x" in data:
        raise KeyError("x")
    return len(data)


def test_a_crash_is_found_made_small_and_told(tmp_path, monkeypatch):
    """The input is cut down to the byte that matters, kept in a file, and told with its traceback."""
    done, told = planted(fall, tmp_path, monkeypatch)
    (found,) = done.findings
    assert (found.data, found.iteration) == (b"x", 0)
    assert [path.read_bytes() for path in (tmp_path / "found").iterdir()] == [b"x"]
    assert "KeyError" in told[0]
    assert "planted, seed s, iteration 0" in told[0]


def test_what_is_refused_in_one_line_is_no_finding(tmp_path, monkeypatch):
    """An error of ours is none; one that tells all of the input back is."""
    done, _ = planted(lambda data: refuse("no"), tmp_path, monkeypatch, 0.1)
    assert done.refused == done.executions > 2
    assert not done.findings
    done, _ = planted(lambda data: refuse("no" * MOST_WORDS), tmp_path, monkeypatch, 0.1)
    assert done.findings


def refuse(why):
    raise InputError(why)


def test_a_hang_is_a_finding(tmp_path, monkeypatch):
    """What takes too long is stopped, though it catches every Exception."""
    monkeypatch.setattr(loop, "MOST_SECONDS", 0.1)

    def spin(data):
        until = time.monotonic() + 5
        while time.monotonic() < until:
            with suppress(Exception):
                sum(range(1_000))

    done, _ = planted(spin, tmp_path, monkeypatch, 0.0)
    assert [found.key for found in done.findings] == ["Hang"]


def test_a_promise_that_is_broken_is_a_finding(tmp_path, monkeypatch):
    done, _ = planted(lambda data: hold(False, "a quote is no slice"), tmp_path, monkeypatch, 0.1)
    assert "a quote is no slice" in done.findings[0].key


def test_a_memory_hog_is_a_finding(tmp_path, monkeypatch):
    """An input that takes gigabytes is stopped before the machine is."""
    monkeypatch.setattr(loop, "MOST_MEMORY", 2**28)
    done, _ = planted(lambda data: len(bytearray(2**30)), tmp_path, monkeypatch, 0.0)
    assert done.findings[0].key.startswith("MemoryError")


@pytest.mark.parametrize("mutate", [in_bytes, in_text, in_json, in_json_lines, in_zip])
@pytest.mark.parametrize("seed", [b"", b'{"a": [1, "b"]}\n{"c": null}', packed_as({"a.xml": b"<a>x</a>"})])
def test_one_seed_makes_the_same_inputs_of_bounded_size(mutate, seed):
    """What was found once is found again, and nothing grows without end."""
    for number in range(150):
        once, again = (mutate(seed, [seed, b"[1]"], Random(number)) for _ in range(2))
        assert once == again
        assert len(once) <= MOST_BYTES


def test_the_command_tells_what_was_tried(monkeypatch, capsys):
    """The seed, the inputs of each target, and exit code 0 where nothing was found."""
    monkeypatch.setattr("sys.argv", ["fuzz", "--seconds", "0.2", "--target", "quote-id", "--seed", "7"])
    assert main() == 0
    assert "0 findings, seed 7" in capsys.readouterr().out
