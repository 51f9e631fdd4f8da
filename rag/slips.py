"""Words that are one typing slip apart: a letter added, lost, changed, or swapped with its neighbour."""

from collections.abc import Iterator, Set
from functools import lru_cache

# What is known of the words of so many sets is kept: an index's, its names', and those of the index before.
KEPT = 8


def near(word: str, known: frozenset[str]) -> set[str]:
    """The words of `known` that are one slip away; each that may be is looked up, however many are known."""
    letters, longest = _letters(known)
    return {each for each in _slips(word, letters) if each in known} if len(word) <= longest + 1 else set()


def apart(word: str, other: str) -> bool:
    """Whether it takes just one slip to make one word of the other."""
    from rapidfuzz.distance import OSA

    return OSA.distance(word, other, score_cutoff=1) == 1


def begins(root: str, known: frozenset[str]) -> bool:
    """Whether a word of `known` begins so."""
    return root in _beginnings(known, len(root))


def _slips(word: str, letters: Set[str]) -> Iterator[str]:
    """Every word of these letters that is one slip away, and some twice."""
    for at in range(len(word) + 1):
        before, here, after = word[:at], word[at : at + 1], word[at + 1 :]
        yield from (f"{before}{letter}{here}{after}" for letter in letters)
        if here:
            yield before + after
            yield from (f"{before}{letter}{after}" for letter in letters if letter != here)
            if after and after[0] != here:
                yield f"{before}{after[0]}{here}{after[1:]}"


@lru_cache(KEPT)
def _letters(known: frozenset[str]) -> tuple[frozenset[str], int]:
    """The letters of all words, and how long the longest is."""
    return frozenset().union(*known), max(map(len, known), default=0)


@lru_cache(KEPT)
def _beginnings(known: frozenset[str], long: int) -> frozenset[str]:
    return frozenset(word[:long] for word in known if len(word) >= long)
