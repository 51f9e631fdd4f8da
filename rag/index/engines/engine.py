"""What an engine beside the index does, and how passages are called there."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rag.errors import StoreFault

if TYPE_CHECKING:
    from rag.records import Vectors

# What is waited for an engine, in seconds: to be reached, and to answer.
REACH, ANSWER = 5, 10

# A passage: the key of its article, and its place among the article's passages.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A passage as an engine holds it: its place, its speaker's key, its vector and its stems."""

    article: int
    place: int
    speaker: int
    vector: "Vectors"
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The keys of the speakers and of the articles that compete; None: all."""

    speakers: frozenset[int] | None = None
    articles: frozenset[int] | None = None


class Engine(Protocol):
    """Rows of passages beside the index. Each call may raise a StoreFault."""

    def held(self) -> dict[int, int]:
        """The articles whose rows are all there, by key, and how many rows each has."""

    def put(self, article: int, rows: Sequence[Row]) -> None:
        """Nothing; the article has these rows and no others. Stopped before its end, it is not `held`."""

    def drop(self, articles: Collection[int]) -> None:
        """Nothing; the articles have no rows any more."""

    def settle(self) -> None:
        """Nothing; whatever was put is found from now on, and for good."""

    def builds(self) -> dict[str, int]:
        """The builds that all is there for, and how many passages each has."""

    def mark(self, build: str, passages: int) -> None:
        """Nothing; all is there for this build."""

    def unmark(self, build: str) -> None:
        """Nothing; the build is none of those any more."""

    def nearest(self, vector: "Vectors", count: int, wanted: Wanted) -> list[Place]:
        """The passages nearest to a vector, nearest first."""

    def holding(self, stems: "Sequence[tuple[str, float]]", count: int, wanted: Wanted) -> list[Place]:
        """The passages that hold most of these stems, each of which tells so much; best first."""

    def close(self) -> None:
        """Nothing; no connection is open."""


def key_of(text: str) -> int:
    """A number of 62 bits for a text, the same always and everywhere; never 0, which stands for nobody.

    Of ten million articles two have the same with a probability of 1 in 90,000; who fills an engine looks.
    """
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> 2 or 1


def reason(error: BaseException) -> str:
    """What an engine's client says went wrong, in a line, cut short."""
    return " ".join(str(error).split())[:160] or type(error).__name__


def half_filled(where: object, told: str) -> StoreFault:
    """What is said where an engine does not hold what an index needs."""
    return StoreFault(f"{where} {told}; run `onrecord build` to fill it")
