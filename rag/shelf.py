"""Where the library's files lie, for those who only look whether one has changed."""

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.weights import is_sealed, sealed, sha256

NAME = "library"
TEXT, FACTS, ORIGIN = "text.txt", "facts.toml", "origin.json"

# What the files of many articles said is noted, so that one more does not read them all again. Up to so many
# they are read.
NOTES, MOST_READ = ".notes.json", 500
# A file that was written later than so many nanoseconds before it was read may have been written again within
# one tick of the clock, and is not noted.
_TICK = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What an article's files said, and how they lay on the disk then.

    `head` is that of its origin; `origin` and `facts` are the files' SHA-256.
    """

    stamp: list[int]
    head: dict[str, Any]
    origin: str | None
    facts: str | None


def stamp(index: Path, article: str) -> list[int]:
    """What changes whenever the article's facts or origin do, for the cost of a look."""
    found: list[int] = []
    for name in (ORIGIN, FACTS):
        try:
            about = os.stat(f"{index}/{NAME}/{article}/{name}")  # noqa: PTH116 (thousands of times)
        except OSError:
            found += 0, 0, 0, 0
        else:
            found += about.st_ctime_ns, about.st_mtime_ns, about.st_size, about.st_ino
    return found


def notes(index: Path) -> dict[str, Seen]:
    """What was noted of the articles, by id; nothing where there are no notes, or they are damaged."""
    with suppress(OSError, ValueError, RecursionError, KeyError, TypeError):
        record = json.loads((index / NAME / NOTES).read_text("utf-8"))
        if is_sealed(record):
            return {name: Seen(**each) for name, each in record["articles"].items()}
    return {}


def _record(seen: Seen) -> dict[str, Any]:
    return {"stamp": seen.stamp, "head": seen.head, "origin": seen.origin, "facts": seen.facts}


def note(index: Path, seen: Mapping[str, Seen]) -> None:
    """Nothing; notes of these articles are kept where they are many. Without, all is only read again."""
    place = index / NAME / NOTES
    late = time.time_ns() - _TICK
    kept = {name: _record(each) for name, each in seen.items() if max(each.stamp) < late}
    with suppress(OSError):
        if len(seen) <= MOST_READ:
            place.unlink(missing_ok=True)
            return
        draft = place.with_name(NOTES + ".new")
        draft.write_text(json.dumps(sealed({"articles": kept})), "utf-8")
        draft.replace(place)


def facts_sha256(index: Path, article: str) -> str | None:
    """SHA-256 of a stored article's facts file; None where there is none, or no such article."""
    return hash_of(index / NAME / article / FACTS)


def edited(index: Path, article: str, was: Mapping[str, Any]) -> bool:
    """Whether a person has changed a stored article's facts file since it `was` taken into the index.

    Other facts of another version are not: a writer put both there, and the index comes after it.
    """
    facts = facts_sha256(index, article)
    return facts not in (None, was["facts"]) and hash_of(index / NAME / article / ORIGIN) == was["origin"]


def hash_of(path: Path) -> str | None:
    """SHA-256 of a file, None where there is none."""
    try:
        return sha256(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None  # a writer may take it away between any two looks
