"""What a server writes down of itself: one JSON object a line, on standard error, only where it is wanted.

Questions and quotes are in none of it, unless whoever runs the server chose so (`--log-questions`).
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

LOGGER = logging.getLogger("onrecord")


class _Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level and event, then the event's own fields."""
        row = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            row["error"] = record.exc_info[0].__name__  # its text may be somebody's words
        return json.dumps(row, ensure_ascii=False, default=str)


def start(*, events: bool = False) -> None:
    """Nothing; warnings are written from now on, and with `events` whatever happens."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    LOGGER.handlers[:] = [handler]
    LOGGER.propagate = False
    LOGGER.setLevel(logging.INFO if events else logging.WARNING)


def event(name: str, **fields: Any) -> None:
    """Nothing; what happened is written where events are wanted."""
    LOGGER.info(name, extra={"fields": fields})
