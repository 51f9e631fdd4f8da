"""Dates as precisely as they are known."""

# mypy: allow-untyped-calls

from datetime import date

import pytest

from rag.dates import between, days, within
from rag.errors import DateError


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-02", date(2022, 2, 1), date(2022, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022-12", date(2022, 12, 1), date(2022, 12, 31)),
        ("2022-03-10", date(2022, 3, 10), date(2022, 3, 10)),
    ],
)
def test_a_date_means_all_its_days(text, first, last):
    """A year is all its days, a month too."""
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "22", "2022-3", "2022-13", "2022-02-30", "0000", "2022-01-01T00:00", "x"]
)
def test_what_is_no_date(text):
    """Anything else is none, and an error where it is asked for."""
    assert days(text) is None
    with pytest.raises(DateError):
        between(text, None)


def test_only_what_is_known_to_fit_does():
    """A date lies within a time when all its days do; without a date nothing does."""
    spring = between("2022-03", "2022-05")
    assert within("2022-03", spring)
    assert within("2022-05-31", spring)
    assert not within("2022", spring)
    assert not within("2022-06-01", spring)
    assert not within(None, between(None, None))
    assert within("1066", between(None, "2000"))


def test_a_time_that_ends_before_it_begins():
    """Since after until is an error that says to swap them; the same day is a time."""
    assert between("2022-03-10", "2022-03-10") == (date(2022, 3, 10), date(2022, 3, 10))
    with pytest.raises(DateError, match="swap"):
        between("2023", "2022")
