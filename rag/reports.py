"""What readers found wrong with answers, kept beside the index; `onrecord eval --reports` reads it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from rag.errors import InputError
from rag.quotes import quote_of

if TYPE_CHECKING:
    from rag.bot import Bot
    from rag.index.parts import Spoken

FILE = "reports.jsonl"
FAULTS = {"wrong_person": "wrong person", "no_answer": "doesn’t answer"}
# A stranger with a script must not fill the disk: some ten thousand reports.
MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Report:
    """A reader's word on one quote: under which question it stood, and what is wrong with it."""

    question: str
    history: tuple[str, ...]
    quote: str  # its id
    fault: str  # one of FAULTS


def add(folder: Path, report: Report, held: "Mapping[str, Spoken]") -> None:
    """Nothing; the report is kept. InputError for one that is none, or where there are too many."""
    if report.fault not in FAULTS:
        raise InputError(f"no fault {report.fault[:20]!r}; expected one of: {', '.join(FAULTS)}")
    quote = quote_of(report.quote, held)
    row = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        **asdict(report),
        "speaker": quote.speaker,
        "text": quote.text,
    }
    file = folder / FILE
    try:
        with FileLock(folder / f"{FILE}.lock"):
            if file.exists() and file.stat().st_size > MOST_BYTES:
                raise InputError(
                    "there are too many reports already; read them with `onrecord eval --reports`"
                )
            with file.open("a", encoding="utf-8", errors="replace") as kept:
                if not _ends_a_line(file):
                    kept.write("\n")  # one that was cut short must not take this one with it
                kept.write(json.dumps(row, ensure_ascii=False) + "\n")
    except OSError as error:
        raise InputError(f"the report cannot be kept ({error.strerror})") from None


def _ends_a_line(file: Path) -> bool:
    """Whether nothing is left of a line that was never finished."""
    with file.open("rb") as kept:
        size = kept.seek(0, 2)
        kept.seek(max(0, size - 1))
        return kept.read() in (b"", b"\n")


def read(folder: Path) -> list[dict[str, Any]]:
    """Every report, oldest first; a line that is none is left out."""
    file = folder / FILE
    return list(_rows(file)) if file.exists() else []


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    wanted = {"question": str, "history": list, "quote": str, "fault": str}
    told = ("time", "speaker", "text")
    for line in file.read_text("utf-8", "replace").splitlines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if (
            isinstance(row, dict)
            and all(isinstance(row.get(key), kind) for key, kind in wanted.items())
            and all(
                isinstance(each, str) for each in (*row["history"], *(row.get(key) or "" for key in told))
            )
        ):
            # Nothing else, so that whatever stands in the file can be written again.
            yield {key: row[key] for key in (*wanted, *told) if key in row}


def looked_at(rows: list[dict[str, Any]], bot: "Bot") -> list[dict[str, Any]]:
    """Each report with what the question is answered with today: "still" where the same words come."""
    return [{**row, "today": _today(row, bot)} for row in rows]


def _today(row: dict[str, Any], bot: "Bot") -> str:
    from rag.errors import OnRecordError

    try:
        quote = quote_of(row["quote"], bot.index.held)
        answer = bot.ask(row["question"], history=[str(each) for each in row["history"]])
    except OnRecordError:
        return "gone"
    shown = any(quote.shares(each) for each in answer.quotes)
    return "still" if shown else answer.status


def as_text(rows: list[dict[str, Any]]) -> str:
    """Reports as a person reads them, those first that are still to be mended."""
    if not rows:
        return "No reader has reported anything."
    told = {
        "still": "still answered so",
        "answered": "answered otherwise now",
        "declined": "declined now",
        "gone": "the quote is no longer there",
    }
    parts = []
    for row in sorted(rows, key=lambda row: row["today"] != "still"):
        parts.append(
            f"{FAULTS.get(row['fault'], row['fault'])}, {told[row['today']]} ({row.get('time', '')})\n"
            f"  question: {' '.join(row['question'].split())}\n"
            f"  {row.get('speaker') or 'Speaker unknown'}: {' '.join(str(row.get('text', '')).split())}\n"
            f"  id: {row['quote']}"
        )
    still = sum(row["today"] == "still" for row in rows)
    return "\n\n".join([*parts, f"{len(rows)} reports, {still} still answered so"])
