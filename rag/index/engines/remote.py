"""A `Store` over an engine beside the index: it puts places up, and the index knows what stands there."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from rag.index.engines.engine import Engine, Place, Wanted, key_of
from rag.records import Among

if TYPE_CHECKING:
    from rag.index import Index
    from rag.records import Vectors

# Of words so many times as many are put up as are wanted, since the index knows better which share most: it
# counts how often a word stands in a passage and how long that is, which not every engine does.
WORDS_MORE = 4
# Where some of what is put up is of no article in force any more, so many times as many are asked for again.
AGAIN = 8


class Remote:
    """A `Store` over an engine."""

    def __init__(self, index: "Index", engine: Engine) -> None:
        self._index = index
        self._engine = engine

    @cached_property
    def _first(self) -> dict[int, tuple[int, int]]:
        """The number of each article's first passage, and how many it has, by the article's key."""
        return {key: (first, count) for key, first, count in self._index.keys}

    @cached_property
    def _keys(self) -> tuple[int, ...]:
        return tuple(key for key, _, _ in self._index.keys)

    def put_up(self, row: "Vectors", question: str, count: int, among: Among) -> list[int]:
        """See `Store`."""
        wanted = self._wanted(among)
        if wanted.speakers == frozenset() or wanted.articles == frozenset():
            return []
        near = self._numbers(lambda most: self._engine.nearest(row, most, wanted), count)
        index = self._index
        stems = index.words.rarities(question)
        if not stems:
            return near
        found = self._numbers(lambda most: self._engine.holding(stems, most, wanted), count * WORDS_MORE)
        shares = index.words.shares(question, found).tolist()
        best = sorted(zip(shares, found, strict=True), key=lambda each: (-each[0], each[1]))
        return list(dict.fromkeys([*near, *(number for share, number in best[:count] if share > 0)]))

    def near(self, row: "Vectors", count: int) -> list[int]:
        """See `Store`."""
        return self._numbers(lambda most: self._engine.nearest(row, most, Wanted()), count)

    def _wanted(self, among: Among) -> Wanted:
        return Wanted(
            None if among.speakers is None else frozenset(map(key_of, among.speakers)),
            None if among.articles is None else frozenset(self._keys[number] for number in among.articles),
        )

    def _numbers(self, put_up: Callable[[int], list[Place]], count: int) -> list[int]:
        """The numbers of what is put up, as far as it is in force."""
        count = min(count, len(self._index.passages))
        for most in (count, count * AGAIN):
            places = put_up(most)
            found = [number for place in places if (number := self._number(place)) is not None]
            if len(found) >= count or len(places) < most or len(found) == len(places):
                break
        return found[:count]

    def _number(self, place: Place) -> int | None:
        article, own = place
        first, count = self._first.get(article, (0, 0))
        return first + own if 0 <= own < count else None
