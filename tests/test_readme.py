"""The README says what is so: its commands run, its answers are the real ones, its figures hold."""

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from rag import evaluate
from rag.cli import main

HOME = Path(__file__).parent.parent
README = (HOME / "README.md").read_text("utf-8")
CONSOLE = re.findall(r"```console\n\$ \.venv/bin/(.+)\n((?:.*\n)*?)```", README)
SHOWN = re.search(r"\| test set \|.*\n\|[-|]+\n((?:\|.*\n)+)", README)


@pytest.mark.parametrize(("command", "printed"), CONSOLE)
def test_a_shown_answer_is_the_real_one(command, printed, index_folder):
    """What the README shows after a command is, to the letter, what the command prints."""
    name, *arguments = shlex.split(command)
    assert name == "onrecord"
    run = subprocess.run(
        [sys.executable, "-m", "rag.cli", "--index", str(index_folder), *arguments],
        capture_output=True,
        check=False,
        cwd=HOME,
    )
    assert run.returncode == (1 if arguments[0] == "check" else 0)
    shown = [line for line in printed.splitlines() if line.strip()]
    real = [line for line in run.stdout.decode().splitlines() if line.strip()]
    # A declined question's near misses are left out of the README, and a checked draft's later quotations.
    assert shown == real[: len(shown)]


def test_the_readme_has_an_answer_a_refusal_a_footnote_and_a_draft():
    """There is something for the test above to look at."""
    assert len(CONSOLE) == 4


def test_the_example_brief_is_exported(index_folder, tmp_path):
    """What the README's picture shows is made by the command beside it."""
    out = tmp_path / "brief.docx"
    brief = HOME / "docs" / "examples" / "brief.json"
    assert main(["--index", str(index_folder), "brief", str(brief), "-o", str(out)]) == 0
    assert out.stat().st_size > 10_000


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake (\w+)`?", README))))
def test_every_make_target_exists(target):
    """Each `make …` that the README names is a target of the Makefile."""
    assert re.search(rf"^{target}:", (HOME / "Makefile").read_text("utf-8"), re.M)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`onrecord ([a-z]+)\b", README))))
def test_every_command_exists(command, capsys):
    """Each `onrecord …` that the README names explains itself."""
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    assert command in capsys.readouterr().out


@pytest.mark.parametrize("module", sorted(set(re.findall(r"python -m ([\w.]+)", README))))
def test_every_module_exists(module):
    """Each `python -m …` that the README names is there."""
    assert importlib.util.find_spec(module) is not None


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\((docs/[\w./-]+)\)", README))))
def test_every_picture_exists(path):
    """Each picture of the README is in the repository."""
    assert (HOME / path).stat().st_size > 10_000


def test_the_figures_are_the_measured_ones(bot):
    """The README's table is what the test set gives now."""
    assert SHOWN is not None
    outcomes = evaluate.run(bot, evaluate.read_questions(HOME / "tests" / "questions" / "test.jsonl"))
    assert SHOWN[1].splitlines() == readme_rows(evaluate.table(outcomes))


def readme_rows(rows: list[evaluate.Figures]) -> list[str]:
    """The rows of the README's table."""
    return [
        " | ".join(
            (
                f"| {row.kind}",
                str(row.questions),
                *map(evaluate.cell, (row.first, row.in_three, row.declined, row.precision)),
                "",
            )
        ).rstrip()
        for row in rows
    ]
