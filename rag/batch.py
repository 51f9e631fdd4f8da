"""Many questions as JSON lines: a line to what it asks."""

import json
from math import isfinite
from typing import Any, NoReturn

from rag.errors import BatchError

# What may answer, by the names that `Bot.ask` has for it.
FILTERS = ("speaker", "article", "since", "until")
_EXPECTED = 'expected one JSON object a line: {"id": …, "question": "…"}'


def row_of(line: bytes) -> dict[str, Any]:
    """The question on a line with all that stands beside it; BatchError where it is none."""
    try:
        row = json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError:
        raise BatchError(f"not UTF-8 text; {_EXPECTED}") from None
    except (ValueError, RecursionError):
        raise BatchError(f"not JSON; {_EXPECTED}") from None
    if not isinstance(row, dict):
        raise BatchError(f"a JSON {type(row).__name__}; {_EXPECTED}")
    if not isinstance(row.get("question"), str):
        raise BatchError(f"no question in words; {_EXPECTED}")
    history = row.get("history")
    if history is not None and not (
        isinstance(history, list) and all(isinstance(earlier, str) for earlier in history)
    ):
        raise BatchError("history is no list of questions; expected earlier questions, oldest first")
    if row.get("order") not in (None, "best", "newest"):
        raise BatchError(f"order is {str(row['order'])[:20]!r}; expected best or newest")
    for key in (*FILTERS, "cite"):
        if not isinstance(row.get(key), str | None):
            raise BatchError(f"{key} is a JSON {type(row[key]).__name__}; expected text, or leave it out")
    return row


def _finite(digits: str) -> float:
    value = float(digits)
    return value if isfinite(value) else _no_constant(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
