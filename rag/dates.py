"""Dates as precisely as they are known: "2022", "2022-03", "2022-03-10"."""

import calendar
import re
from datetime import date

from rag.errors import DateError

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def days(text: str) -> tuple[date, date] | None:
    """The first and the last day that a date can mean; None where it is none."""
    match = _SHAPE.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day is not None:
        return first, first
    last = month or 12
    return first, date(first.year, last, calendar.monthrange(first.year, last)[1])


def between(since: str | None, until: str | None) -> tuple[date, date]:
    """The first and the last day of a time that is asked for; DateError where it is none."""
    first = _asked(since)[0] if since is not None else date.min
    last = _asked(until)[1] if until is not None else date.max
    if first > last:
        raise DateError(f"since {since} is after until {until}; expected the earlier date first: swap them")
    return first, last


def within(text: str | None, time: tuple[date, date]) -> bool:
    """Whether a date is known to lie in that time: all the days that it can mean do."""
    known = days(text) if text is not None else None
    return known is not None and time[0] <= known[0] and known[1] <= time[1]


def _asked(text: str) -> tuple[date, date]:
    known = days(text)
    if known is None:
        raise DateError(f"the date is {text[:40]!r}; expected YYYY, YYYY-MM or YYYY-MM-DD")
    return known
