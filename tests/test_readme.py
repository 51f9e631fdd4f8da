"""The README's pictures are there and its figures hold; what else it shows is run in tests/test_docs.py."""

import re
from pathlib import Path

import pytest

from rag import evaluate
from tests.test_docs import fences

HOME = Path(__file__).parent.parent
README = (HOME / "README.md").read_text("utf-8")
SHOWN = re.search(r"\| test set \|.*\n\|[-|]+\n((?:\|.*\n)+)", README)


def test_the_readme_has_an_answer_a_refusal_a_footnote_and_a_draft():
    """Who reads only the README sees all four, each printed by the command above it."""
    assert len([fence for fence in fences(README) if fence.kind == "console"]) == 4


@pytest.mark.parametrize("path", sorted(set(re.findall(r"!\[[^]]*\]\((docs/[\w./-]+)\)", README))))
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
