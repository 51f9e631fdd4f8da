"""What can be fuzzed: a function that is given bytes, its seeds, and the promises that it must keep."""

import json
import tempfile
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag import index as index_store
from rag.bot import Bot
from rag.encoder import OnnxEncoder
from rag.fold import words
from rag.index import Index
from rag.index.parts import Spoken
from rag.passages import passages
from rag.quotes import id_of, quote_of
from rag.reader import TrainedReader
from rag.reading import make_article, read
from rag.reading.facts import Facts
from rag.records import Article, Person, Quote
from tests.conftest import SEED, WORD_READER
from tests.fuzz.mutation import Mutator, in_bytes

if TYPE_CHECKING:
    from rag.records import Vectors

Act = Callable[["Stage", bytes], Hashable]
"""Tries one input; what comes of it, so that inputs of which something new comes are tried further."""

Seeds = Callable[["Stage"], Sequence[bytes]]


# Of an article of thousands of sentences so many are held against every promise.
MOST_LOOKED_AT = 100


class Broken(AssertionError):
    """A promise that was not kept: a quote that is no slice, a name that is not the turn's."""


def hold(kept: bool, promise: str) -> None:
    """Nothing, or Broken where a promise is not kept."""
    if not kept:
        raise Broken(promise)


@dataclass(frozen=True)
class Target:
    """What is fuzzed: `act` must return, or raise an OnRecordError, whatever bytes it is given."""

    name: str
    act: Act
    seeds: Seeds
    mutate: Mutator = in_bytes


TARGETS: dict[str, Target] = {}


def target(name: str, seeds: Seeds, mutate: Mutator = in_bytes) -> Callable[[Act], Act]:
    """A decorator under which a function becomes a target of that name."""

    def named(act: Act) -> Act:
        TARGETS[name] = Target(name, act, seeds, mutate)
        return act

    return named


class HashedEncoder:
    """A text is the bag of its words in a few places: quick, of any words, and alike each time."""

    name = "hashed"
    fingerprint = "a" * 64
    dimension = 64

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """Unit rows; a text without words is a row of zeros."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in words(text):
                row[sum(word.encode()) % self.dimension] += 1
            if row.any():
                row /= np.linalg.norm(row)
        return rows

    def encode_questions(self, texts: Sequence[str]) -> "Vectors":
        """The same."""
        return self.encode(texts)

    def load(self) -> None:
        """Nothing to load."""


# Two people, a date and a place on the web, so that all that a citation can have is there.
SMALL = make_article(
    "What about oil?\n\nKeith Mines: Oil is scarce. “Prices” rise, it said.\n\nTalks go on; they may "
    "fail.\n\nAnd gold?\n\nAna Caridad: Gold isn't scarce. Oil is scarce.\n\nYes, of course. It "
    "has been so for long.\n",
    Facts(
        "small",
        "A talk",
        "2022-03-10",
        "Example Review",
        "https://example.org/talk",
        "en",
        (Person("Keith Mines", "director"), Person("Ana Caridad")),
    ),
    "small",
)


class Stage:
    """What the targets share, made when it is first needed: bots, an index on disk, a folder to write to."""

    def __init__(self, folder: Path | None = None) -> None:
        self._given = folder

    @cached_property
    def folder(self) -> Path:
        """A folder of the fuzzer's own."""
        return self._given or Path(tempfile.mkdtemp(prefix="onrecord-fuzz-"))

    @cached_property
    def bot(self) -> Bot:
        """A bot as people ask it: the first article, the shipped models."""
        encoder = OnnxEncoder()
        bot = Bot(index_store.build([read(SEED)], encoder), encoder, TrainedReader.shipped())
        bot.load()
        return bot

    @cached_property
    def small(self) -> Index:
        """The index of a small article."""
        return index_store.build([SMALL], HashedEncoder())

    @cached_property
    def cheap(self) -> Bot:
        """A bot over it that costs next to nothing."""
        return Bot(self.small, HashedEncoder(), WORD_READER)

    @cached_property
    def index(self) -> Path:
        """The same index on disk, to be read only."""
        folder = self.folder / "index"
        index_store.save(self.small, folder)
        return folder

    def file(self, name: str, data: bytes) -> Path:
        """A file of these bytes."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path


# --- promises ------------------------------------------------------------------------------------


def check_quote(quote: Quote, held: Mapping[str, Spoken]) -> None:
    """Nothing, or Broken: a quote is a slice of its article, wholly one turn's, under the turn's name."""
    own = held[quote.article.id]
    hold(
        quote.text == own.article.text[quote.span.start : quote.span.end],
        "a quote is no slice of its article",
    )
    hold(bool(quote.text.strip()), "a quote has no words")
    hold(quote.turn in own.turns, "a quote's turn is not one of its article's")
    hold(quote.turn.holds(quote.span, own.article.text), "a quote crosses turns")
    hold(quote.speaker == quote.turn.speaker, "a quote's name is not the turn's")
    hold(quote_of(id_of(quote), held).span == quote.span, "a quote's id names another")


def check_spoken(spoken: Spoken) -> None:
    """Nothing, or Broken: turns hold words of the text in order, apart from each other, by known names."""
    article = spoken.article
    names = {person.name for person in article.people}
    at = 0
    for turn in spoken.turns:
        hold(bool(turn.paragraphs), "a turn has no paragraph")
        hold(turn.speaker is None or bool(turn.speaker.strip()), "a name is blank")
        hold(turn.speaker is None or turn.speaker in names, "a turn's name is none of the article's people")
        for span in turn.paragraphs:
            hold(at <= span.start < span.end <= len(article.text), "turns overlap, or run out of the text")
            at = span.end
        hold(
            turn.asked is None or turn.asked.end <= turn.paragraphs[0].start,
            "a question stands after its answer",
        )
        whole = (turn.paragraphs[0].start, turn.paragraphs[-1].end)
        hold(
            all(whole[0] <= e.start and e.end <= whole[1] for e in turn.reported),
            "reported words are not the turn's",
        )
    held = {article.id: spoken}
    at = looked = 0
    for passage in passages(0, article.text, spoken.turns, article.language):
        hold(at <= passage.span.start, "passages overlap")
        at = passage.span.end
        turn = spoken.turns[passage.turn]
        hold(turn.paragraphs[passage.paragraph].covers(passage.span), "a passage crosses its paragraph")
        quote = Quote(article, turn, passage.span, 1.0)
        hold(quote.text.strip() != "", "a passage has no words")
        if looked < MOST_LOOKED_AT:
            looked += 1
            check_quote(quote, held)


def written(value: object) -> bytes:
    """A value as JSON that is UTF-8; Broken where it is not."""
    made = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return made.encode("utf-8", "replace")


def of_people(article: Article) -> list[str]:
    """The names of an article's people."""
    return [person.name for person in article.people]
