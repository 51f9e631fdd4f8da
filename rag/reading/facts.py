"""A facts file (TOML beside a document) to what is known about the article."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any

from rag.errors import ArticleError
from rag.records import Person

FIELDS = ("id", "title", "date", "publisher", "url", "language")


# So much of what was found is told back.
MOST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Facts:
    """What a source states about an article; None where it states nothing."""

    id: str | None = None
    title: str | None = None
    date: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    people: tuple[Person, ...] = ()


def parse_facts(toml: str, where: str) -> Facts:
    """The facts that `toml` states; `where` names the file in an ArticleError."""
    try:
        table = tomllib.loads(toml)
    # A number of thousands of digits is a ValueError.
    except (ValueError, RecursionError) as error:
        raise ArticleError(
            f"{where} is not TOML: {str(error)[:MOST_SHOWN]}; mend the file and build again"
        ) from None
    if unknown := sorted(set(table) - {*FIELDS, "people"}):
        raise ArticleError(
            f"{where} has {shown(unknown[0])}; expected only {', '.join(FIELDS)} and [[people]]"
        )
    for key in FIELDS:
        if key in table and (not isinstance(table[key], str) or not table[key].strip()):
            raise ArticleError(f"{where}: {key} is {shown(table[key])}; expected text, or leave it out")
    if "date" in table and not _is_date(table["date"]):
        raise ArticleError(f"{where}: date is {shown(table['date'])}; expected YYYY, YYYY-MM or YYYY-MM-DD")
    return Facts(
        **{key: table[key] for key in FIELDS if key in table},
        people=_people(table.get("people", []), where),
    )


def shown(value: Any) -> str:
    """What was found, as a message tells it: a long one cut."""
    try:
        told = repr(value)
    except ValueError:  # a number of thousands of digits, which can be written in hexadecimal
        return "a number too long to print"
    return told if len(told) <= MOST_SHOWN else f"{told[:MOST_SHOWN]}…"


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"\d{4}(?:-\d{2}){0,2}", text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _people(rows: Any, where: str) -> tuple[Person, ...]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ArticleError(f"{where}: people is no list of tables; write [[people]] for each one")
    people = []
    for row in rows:
        name, role = row.get("name"), row.get("role")
        if not isinstance(name, str) or not name.strip() or not isinstance(role, str | None):
            raise ArticleError(f"{where}: a person is {shown(row)}; expected a name, and a role if known")
        people.append(Person(" ".join(name.split()), role))
    return tuple(people)
