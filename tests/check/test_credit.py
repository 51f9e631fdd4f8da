"""Whom a draft credits: read as grammar has it, and nobody where it does not tell."""

# mypy: allow-untyped-calls

import pytest

from rag.check.credit import Credits
from rag.check.draft import read_draft
from rag.check.quotations import quotations
from tests.conftest import CARIDAD, MINES

SPEAKERS = (MINES, CARIDAD)
Q = "“the oil sector there is degraded”"


def credits_of(text, ending=".md"):
    draft = read_draft(text.encode("utf-8"), "a" + ending, ending)
    found = Credits(draft, quotations(draft), SPEAKERS, ["United States Institute of Peace"]).all()
    return [credit.speaker or credit.name for credit in found]


@pytest.mark.parametrize(
    ("draft", "who"),
    [
        (f"{Q[:-1]},” Mines said.", MINES),
        (f"{Q[:-1]},” said Keith Mines, a former diplomat.", MINES),
        (f"{Q[:-1]},” USIP’s Keith Mines told reporters.", MINES),
        (f"Caridad argues that {Q}.", CARIDAD),
        (f"Ana Caridad of the United States Institute of Peace has argued that {Q}.", CARIDAD),
        (f"Mines, a former diplomat, warned in March that {Q}.", MINES),
        (f"Mines (who left in 2023) said {Q}.", MINES),
        (f"According to USIP’s Ana Caridad, {Q}.", CARIDAD),
        (f"According to the analyst Keith Mines {Q}.", MINES),
        (f"As Mines put it: {Q}.", MINES),
        (f"As Mines put it, {Q}.", MINES),
        (f"In Caridad’s words, {Q}.", CARIDAD),
        (f"In the words of Ana Caridad, {Q}.", CARIDAD),
        (f"For Mines, {Q}.", MINES),
        (f"Mines: {Q}", MINES),
        (f"**Keith Mines:** {Q}", MINES),
        (f"{Q} (Mines).", MINES),
        (f"{Q} (Ana Caridad, USIP, 2022).", CARIDAD),
        (f"{Q} — Keith Mines", MINES),
        (f"Mines’s verdict: {Q}.", MINES),
        (f"It was argued by Caridad that {Q}.", CARIDAD),
        (f"{Q[:-1]},” says Mr. Mines of USIP.", MINES),
        (f"“First.” Said Dr. Caridad: {Q}", CARIDAD),
        (f"Keith Mines was blunt. {Q[:-1]}.”", MINES),
        (f"Keith Mines was blunt. {Q[:-1]},” he said.", MINES),
        (f"Mines spoke of oil. He added that {Q}.", MINES),
        (f"“Oil is scarce,” Caridad said. {Q[:-1]},” she added.", CARIDAD),
        (f"“First,” Mines said, {Q}.", MINES),
        (f"Caridad, unlike Mines, said {Q}.", CARIDAD),
        (f"Speaking of Maduro, Mines said {Q}.", MINES),
        (f"Mines told Caridad that {Q}.", MINES),
        (f"Mines called the talks cordial, but Caridad warned that {Q}.", CARIDAD),
        (f"{Q[:-1]},” afirmó Caridad.", CARIDAD),
        (f"Según Ana Caridad, {Q}.", CARIDAD),
        (f"Caridad sostiene que {Q}.", CARIDAD),
        (f"Mines said {Q[:-1]}.” Caridad said “relief comes first.”", MINES),
        (f"{Q}[^1] is one view.\n\n[^1]: Ana Caridad, in Keith Mines and Ana Caridad, interview.", CARIDAD),
        ("Caridad is clear:\n\n> the oil sector there is degraded", CARIDAD),
        ("One view:\n\n> the oil sector there is degraded\n>\n> — Keith Mines, USIP", MINES),
        ("> the oil sector there is degraded\n> — Ana Caridad", CARIDAD),
        ("**Keith Mines, USIP**\n\n> the oil sector there is degraded", MINES),
        (f"## Ana Caridad\n\n{Q}", CARIDAD),
    ],
)
def test_who_is_credited(draft, who):
    assert (
        credits_of(draft)[0 if "First" not in draft else 1 :][0 if "Oil is scarce" not in draft else 1] == who
    )


@pytest.mark.parametrize(
    "draft",
    [
        f"It was argued that {Q}.",
        f"One expert said that {Q}.",
        f"Experts say {Q}.",
        f"{Q} is one view of it.",
        f"Mines and Caridad say that {Q}.",
        f"Mines met Caridad. He said that {Q}.",
        f"Mines’s colleague said that {Q}.",
        f"USIP said that {Q}.",
        f"The institute said {Q}.",
        f"Talks went on. {Q[:-1]},” he said.",
    ],
)
def test_nobody_is_credited_where_the_draft_does_not_tell(draft):
    assert credits_of(draft)[0] is None


@pytest.mark.parametrize(
    ("draft", "name"),
    [
        (f"{Q[:-1]},” President Nicolás Maduro said.", "President Nicolás Maduro"),
        (f"Talks with Maduro went on. Maduro said that {Q}.", "Maduro"),
        (f"According to Juan Guaidó, {Q}.", "Juan Guaidó"),
    ],
)
def test_somebody_else_is_credited_as_the_draft_names_them(draft, name):
    """A name that is no speaker's is told, so that a wrong credit is seen to be wrong."""
    assert credits_of(draft)[0] == name
