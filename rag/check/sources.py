"""The stored articles as rows of words, and where in them a quotation's words stand.

Each article is read once for a whole draft, and only the places of runs of words that some quotation
has are kept: neither time nor memory grows with draft times archive.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, Literal

from rag.check.words import Word, flat, words
from rag.records import Span, Turn

if TYPE_CHECKING:
    from rag.index.parts import Spoken

# A run of so many words is looked up; of short quotations a shorter one, that one changed word may
# leave no longer run of.
GRAM = 3
SHORT, SHORT_GRAM = 8, 2
# More places of one run of words are not looked at: it is in every article ("of the United States").
MOST_PLACES = 2_000
# So many articles are kept as words with their places; of all, only what these are found by is.
KEPT = 64

Gram = tuple[str, ...]
Kind = Literal["turn", "question", "other"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words in a row that are one person's, or nobody's: a turn, questions in a row, or what is neither."""

    kind: Kind
    speaker: str | None
    start: int  # tells it from other stretches
    turn: Turn | None = None


@dataclass(frozen=True)
class Source:
    """An article as what its words are found by. `owner` has for each word the number of its stretch."""

    spoken: "Spoken"
    keys: tuple[str, ...]
    owner: tuple[int, ...]
    stretches: tuple[Stretch, ...]

    @property
    def words(self) -> tuple[Word, ...]:
        """The words with their places."""
        return _words_of(self.spoken.article.text)

    def span(self, first: int, last: int) -> Span:
        """Where in the stored text the words from `first` up to `last` stand."""
        return Span(self.words[first].start, self.words[last - 1].end)

    def stretch(self, at: int) -> Stretch:
        """Whose the word at that place is."""
        return self.stretches[self.owner[at]]


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a quotation that stand in an article as they are: `size` of them, from `at` at `place`."""

    at: int
    article: int
    place: int
    size: int


@lru_cache(maxsize=KEPT)
def _words_of(text: str) -> tuple[Word, ...]:
    return words(flat(text))


def source(spoken: "Spoken") -> Source:
    """The article as words with whose each is."""
    found = _words_of(spoken.article.text)
    starts = [word.start for word in found]
    owned = list(_owned(spoken))
    stretches = list(dict.fromkeys(stretch for stretch, _ in owned))
    number = {stretch: at for at, stretch in enumerate(stretches)}
    owner = [-1] * len(found)
    for stretch, span in owned:
        first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
        owner[first:last] = [number[stretch]] * (last - first)
    for at, own in enumerate(owner):
        if own >= 0:
            continue
        # What is nobody's on both sides of a turn is no one stretch.
        if at == 0 or stretches[owner[at - 1]].kind != "other":
            stretches.append(Stretch("other", None, at))
        owner[at] = len(stretches) - 1
    # The same word is one string in all articles.
    return Source(spoken, tuple(intern(word.key) for word in found), tuple(owner), tuple(stretches))


def _owned(spoken: "Spoken") -> Iterator[tuple[Stretch, Span]]:
    """Each paragraph that is somebody's, with its stretch: that of a turn, or of questions in a row."""
    for turn in spoken.turns:
        for paragraph in turn.paragraphs:
            yield Stretch("turn", turn.speaker, turn.paragraphs[0].start, turn), paragraph
    asking: Stretch | None = None
    for block in spoken.blocks:
        if block.kind != "question":
            asking = None
            continue
        if asking is None or asking.speaker != block.speaker:
            asking = Stretch("question", block.speaker, block.span.start)
        yield asking, block.span


def grams(keys: Sequence[str]) -> Iterator[tuple[int, Gram]]:
    """The runs of words that a quotation of these is looked up by, and where in it each begins."""
    size = min(len(keys), GRAM if len(keys) > SHORT else SHORT_GRAM)
    if size:
        yield from ((at, tuple(keys[at : at + size])) for at in range(len(keys) - size + 1))


class Sources:
    """The articles, and where the runs of words that are wanted stand in them."""

    def __init__(self, articles: Sequence["Spoken"], quotations: Iterable[Sequence[str]]) -> None:
        wanted: dict[int, set[Gram]] = defaultdict(set)
        for keys in quotations:
            for _, gram in grams(keys):
                wanted[len(gram)].add(gram)
        self._sources = [source(spoken) for spoken in articles]
        self._places: dict[Gram, list[tuple[int, int]]] = defaultdict(list)
        for number, each in enumerate(self._sources):
            keys = each.keys
            for size, those in wanted.items():
                for at, gram in enumerate(zip(*(keys[skip:] for skip in range(size)), strict=False)):
                    if gram in those and len(self._places[gram]) < MOST_PLACES:
                        self._places[gram].append((number, at))

    def source(self, number: int) -> Source:
        """The article of that number as words."""
        return self._sources[number]

    def places(self, gram: Gram) -> Sequence[tuple[int, int]]:
        """The articles and places in them where these words stand in a row."""
        return self._places.get(gram, ())

    def whole(self, keys: Sequence[str]) -> list[Run]:
        """Every place where all the words stand in a row, within one stretch."""
        looked_up = list(grams(keys))
        if not looked_up:
            return []
        at, gram = min(looked_up, key=lambda each: len(self.places(each[1])))
        found = []
        for article, place in self.places(gram):
            here, start = self.source(article), place - at
            end = start + len(keys)
            if (
                start >= 0
                and here.keys[start:end] == tuple(keys)
                and here.owner[start] == here.owner[end - 1]
            ):
                found.append(Run(0, article, start, len(keys)))
        return found

    def runs(self, keys: Sequence[str], at: int, gram: Gram) -> Iterator[Run]:
        """From each place of the run of words at `at`, as far as the quotation and the stretch go on."""
        for article, place in self.places(gram):
            here = self.source(article)
            size = len(gram)
            owner = here.owner[place]
            if here.owner[place + size - 1] != owner:
                continue
            most = min(len(keys) - at, len(here.keys) - place)
            while (
                size < most
                and here.keys[place + size] == keys[at + size]
                and here.owner[place + size] == owner
            ):
                size += 1
            yield Run(at, article, place, size)
