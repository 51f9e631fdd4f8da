"""A whole brief as people write them: each quotation, whom it credits, and what a wrong name does."""

# mypy: allow-untyped-calls

from pathlib import Path

import pytest

from rag import index as index_store
from rag.check import check, read_draft
from tests.conftest import CARIDAD, MINES

BRIEF = (Path(__file__).parent / "drafts" / "brief.md").read_text("utf-8")
# In the order of the draft; None where it does not tell.
CREDITED = [
    *[MINES] * 4,
    *[CARIDAD] * 8,
    *(None, MINES, None, None),
    *(CARIDAD, "President Biden", MINES, MINES, CARIDAD, MINES),
]


@pytest.fixture(scope="module")
def held(index_folder):
    return index_store.contents(index_folder)


def checked(text, held):
    return check(read_draft(text.encode("utf-8"), "brief.md", ".md"), held, lambda words: None)


def test_a_true_brief_passes_but_for_what_is_in_no_article(held):
    found = checked(BRIEF, held)
    assert [each.credited for each in found] == CREDITED
    assert [each.verdict for each in found if not each.ok] == ["not_found"]
    for each in found:
        assert each.credited in (None, each.said_by, "President Biden")


def test_with_the_names_changed_round_every_credit_is_wrong(held):
    """Each quotation that credits one of the two now credits the other, and is found out."""
    swapped = (
        BRIEF.replace("Keith Mines", "\0").replace("Ana Caridad", "Keith Mines").replace("\0", "Ana Caridad")
    )
    swapped = swapped.replace("Mines", "\0").replace("Caridad", "Mines").replace("\0", "Caridad")
    swapped = swapped.replace("Keith Caridad", "Keith Mines").replace("Ana Mines", "Ana Caridad")
    for each in checked(swapped, held):
        if each.credited in (MINES, CARIDAD):
            assert (each.verdict, each.ok) == ("wrong_speaker", False), each.quotation
            assert each.said_by not in (None, each.credited)
