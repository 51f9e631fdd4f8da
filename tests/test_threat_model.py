"""The threat model and SECURITY.md name what there is: each boundary its tests, and each test exists."""

import ast
import re

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
BOUNDARIES = dict(re.findall(r"^## (.+?)$\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


def test_every_boundary_is_there():
    """Whatever comes from somebody else comes over one of these."""
    assert list(BOUNDARIES) == [
        "A browser and the server of the page",
        "A program and the HTTP routes",
        "A model and the MCP server",
        "Documents and web pages that are taken in",
        "Drafts",
        "The command line and the index folder",
        "Another process on this machine",
        "Model files",
        "Dependencies",
        "A site that frames the page",
    ]


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_each_boundary_tells_what_is_shown_and_what_remains(boundary):
    """Each says what crosses, has a test in every row, and owns up to what is left."""
    crosses, table, remains = (
        part.strip() for part in re.split(r"\n\n", BOUNDARIES[boundary].strip(), maxsplit=2)
    )
    assert crosses.endswith(".")
    heading, rule, *rows = table.splitlines()
    assert (heading, rule) == ("| what could go wrong | what stops it | test |", "|---|---|---|")
    assert len(rows) >= 2
    for row in rows:
        assert re.fullmatch(r"\| [^|]+ \| [^|]+ \| `tests/[^|]+` \|", row), row
    assert remains.startswith("Remains: ")


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_each_test_that_is_named_exists(file, test):
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    assert test in {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_nothing_is_left_to_come():
    """Every test cell names tests, and SECURITY.md leads to the page."""
    assert len(NAMED) > 40
    assert "(to come)" not in PAGE
    assert "](docs/threat-model.md)" in (ROOT / "SECURITY.md").read_text("utf-8")
