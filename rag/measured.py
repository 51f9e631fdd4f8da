"""The figures that the page promises, as `onrecord eval --card` wrote them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.evaluate import Report

FILE = Path(__file__).parent / "measured.json"


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of question fared: how many, and of how many of these what was right."""

    name: str
    questions: int
    answerable: int
    first_right: int
    declined: int  # of those that cannot be answered


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured once, in counts: the first quote right, answers where there is none, and so on."""

    date: str
    command: str
    articles: str
    questions: int
    answerable: int
    first_right: int
    declined_wrongly: int
    answered_wrongly: int
    quotes: int
    wrong_names: int
    kinds: tuple[Kind, ...]

    @property
    def unanswerable(self) -> int:
        """How many questions the text does not answer."""
        return self.questions - self.answerable


def of(report: "Report", command: str, articles: str) -> Measured:
    """The figures of a question set, today."""
    rows = {row.kind: row for row in report.rows}
    whole = rows["all"]

    def count(share: Any, among: int) -> int:
        return round(share.value * among) if share else 0

    kinds = tuple(
        Kind(
            row.kind,
            row.questions,
            row.answerable,
            count(row.first, row.answerable),
            count(row.declined, row.questions - row.answerable),
        )
        for row in report.rows
        if not row.kind.startswith("all")
    )
    cannot = whole.questions - whole.answerable
    return Measured(
        date=datetime.now(UTC).date().isoformat(),
        command=command,
        articles=articles,
        questions=whole.questions,
        answerable=whole.answerable,
        first_right=count(whole.first, whole.answerable),
        declined_wrongly=whole.answerable - count(whole.answered, whole.answerable),
        answered_wrongly=cannot - count(whole.declined, cannot),
        quotes=whole.quotes,
        wrong_names=whole.wrong_names,
        kinds=kinds,
    )


def write(measured: Measured, file: Path = FILE) -> None:
    """Nothing; the figures stand in the file."""
    file.write_text(json.dumps(asdict(measured), ensure_ascii=False, indent=1) + "\n", "utf-8")


def read(file: Path = FILE) -> Measured | None:
    """The figures in the file, None where there is none."""
    if not file.exists():
        return None
    row: Mapping[str, Any] = json.loads(file.read_text("utf-8"))
    return Measured(**{**row, "kinds": tuple(Kind(**kind) for kind in row["kinds"])})
