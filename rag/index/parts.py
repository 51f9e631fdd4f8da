"""What a segment holds of each article, to and from its files.

    heads.json           what is known of each article without reading it, where it stands, and its checksum
    articles.jsonl       one line an article: its facts and text, its blocks and turns, what it was made of
    passages.npy         a row a passage: article, turn, paragraph, start, end
    vectors.npy          a row a passage
    short/               the rows in short, where they are too many to look at each (rag/index/vectors.py)
    words/               which stems stand in which passages, and the passages' words
    beside/              for each article the words of it that are in no passage

Articles are written one after another and forgotten; one that did not change stays where it is, or is taken
over from another segment without being read, split or embedded again.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from operator import eq
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from rag.errors import ArticleError
from rag.fold import fold, words
from rag.index import vectors as vectors_
from rag.index.builds import HEADS
from rag.index.vectors import Book, RowFile, Short
from rag.index.words import Collector, Tokens, WordStore, split
from rag.passages import passages
from rag.records import Article, Block, Cast, Encoder, Passage, Person, Span, Turn

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.index.vectors import Codes
    from rag.records import Vectors

# So many sentences go to the encoder at once, so that an article as long as a book needs no more memory.
AT_ONCE = 256

# Where the rows are in short.
SHORT = "short"

_LETTERS = re.compile(r"[^\W\d_]+")

# A line begins with the article, so that its text can be had without its blocks and turns.
_BEGINS = '{"article": '
_DECODER = json.JSONDecoder()

# What a part was made of: any difference means that it must be made anew. None: not of the library.
Source = dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Spoken:
    """An article with who says what in it."""

    article: Article
    blocks: tuple[Block, ...]
    turns: tuple[Turn, ...]
    source: Source = None

    @property
    def cast(self) -> Cast:
        """Who answers and who only asks in it, each in the order of their first words."""
        answer = dict.fromkeys(turn.speaker for turn in self.turns if turn.speaker)
        ask = dict.fromkeys(each.speaker for each in self.blocks if each.kind == "question" and each.speaker)
        return Cast(tuple(answer), tuple(name for name in ask if name not in answer))


class Places(Sequence[Passage]):
    """The passages of an index, each made when it is asked for: article, turn, paragraph, start, end.

    A million of them would take ten seconds to make and half a gigabyte.
    """

    def __init__(self, rows: "NDArray[np.int32]") -> None:
        if rows.ndim != 2 or rows.shape[1] != 5 or rows.dtype.kind != "i":
            raise ValueError(f"rows of shape {rows.shape} and of {rows.dtype} are no passages")
        if (rows.min(initial=0) < 0) or (rows[:, 3] > rows[:, 4]).any():
            raise ValueError("rows with negative numbers, or that end before they begin, are no passages")
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, number: int) -> Passage: ...

    @overload
    def __getitem__(self, number: slice) -> "Places": ...

    def __getitem__(self, number: int | slice) -> "Passage | Places":
        if isinstance(number, slice):
            return Places(self.rows[number])
        article, turn, paragraph, start, end = self.rows[number].tolist()
        return Passage(article, turn, paragraph, Span(start, end))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of an article without reading it.

    `turns` has the place of each turn's speaker in `speakers`, -1 for unknown; `askers` only ask; `accented`
    are its names that are printed with accents.
    """

    id: str
    language: str
    people: tuple[Person, ...]
    publisher: str | None
    title: str | None
    date: str | None
    url: str | None
    speakers: tuple[str, ...]
    turns: tuple[int, ...]
    askers: tuple[str, ...]
    accented: tuple[str, ...]
    source: Source

    @classmethod
    def of(cls, spoken: Spoken) -> "Head":
        """That of an article."""
        article, cast = spoken.article, spoken.cast
        place = {name: number for number, name in enumerate(cast.interviewees)}
        return cls(
            *(article.id, article.language, article.people),
            *(article.publisher, article.title, article.date, article.url),
            cast.interviewees,
            tuple(place.get(turn.speaker or "", -1) for turn in spoken.turns),
            cast.interviewers,
            tuple(_accented(article.text)),
            spoken.source,
        )

    @classmethod
    def read(cls, record: dict[str, Any]) -> "Head":
        """The one that is written so."""
        # One by one: an archive has ten thousand, and `**record` takes twice as long.
        return cls(
            *(record["id"], record["language"], tuple(map(_person, record["people"]))),
            *(record["publisher"], record["title"], record["date"], record["url"]),
            *(tuple(record["speakers"]), tuple(record["turns"])),
            *(tuple(record["askers"]), tuple(record["accented"])),
            record["source"],
        )

    @property
    def cast(self) -> Cast:
        """Who answers and who only asks in it."""
        return Cast(self.speakers, self.askers)


def _accented(text: str) -> list[str]:
    # Few pieces have anything beyond ASCII; looking into all takes seven seconds for a million sentences.
    odd = (each for each in text.split() if not each.isascii())
    found = (word for each in odd for word in _LETTERS.findall(each))
    names = [word for word in found if word[0].isupper() and not word.isascii()]
    return list({fold(word): word for word in names}.values())


@dataclass(frozen=True)
class Part:
    """An article as a segment keeps it, with all that is computed of it.

    `line` is that of articles.jsonl; `places` has turn, paragraph, start and end of each passage;
    `words` are the passages' and `beside`, one text, those of the article that are in no passage. `codes` are
    the vectors in short, None where nobody has made them.
    """

    line: str
    head: Head
    places: "NDArray[np.int32]"
    vectors: "Vectors"
    words: Tokens
    beside: Tokens
    codes: "Codes | None" = None


def made(spoken: Spoken, encoder: Encoder) -> Part:
    """The part for an article: its sentences found, split into words and embedded."""
    import numpy as np

    article = spoken.article
    found = passages(0, article.text, spoken.turns, article.language)
    said = [passage.span.of(article.text) for passage in found]
    tokens = split(said)
    rows = [encoder.encode(said[at : at + AT_ONCE]) for at in range(0, len(said), AT_ONCE)]
    return Part(
        line_of(spoken),
        Head.of(spoken),
        np.array([(p.turn, p.paragraph, p.span.start, p.span.end) for p in found], np.int32).reshape(-1, 4),
        np.concatenate(rows) if rows else np.zeros((0, 0), np.float32),
        tokens,
        _beside(spoken, tokens),
    )


def _beside(spoken: Spoken, tokens: Tokens) -> Tokens:
    """The words up to the last answer that are in no sentence of it, as one text.

    What stands behind the last answer (teasers of other pieces) is about something else.
    """
    text, turns = spoken.article.text, spoken.turns
    end = turns[-1].paragraphs[-1].end if turns else len(text)
    collector = Collector()
    collector.add(sorted(set(words(text[:end])).difference(tokens.vocabulary)))
    return collector.tokens()


class NobodySpeaks(ArticleError):
    """There is no passage in the articles."""


@dataclass(frozen=True, slots=True)
class Held:
    """What was written, to be told: how many passages, and of each article, by id, who speaks."""

    passages: int
    speakers: dict[str, tuple[str, ...]]


def write(folder: Path, parts: Iterable[Part], book: Book | None = None, *, beside: bool = False) -> Held:
    """Writes a segment's files into `folder`, part by part; NobodySpeaks where there is no passage.

    `book` is that of the parts' codes; it stays for a segment that will stand `beside` larger ones.
    """
    import numpy as np

    said, around = Collector(), Collector()
    places: list[NDArray[np.int32]] = []
    languages: list[str] = []
    known: list[Codes | int] = []
    heads: list[dict[str, Any]] = []
    begins = 0
    with (
        (folder / "articles.jsonl").open("wb") as lines,
        RowFile(folder / "vectors.npy") as vectors,
    ):
        for number, part in enumerate(parts):
            line, rows = part.line.encode("utf-8"), placed(number, part)
            lines.write(line + b"\n")
            told = {"begins": begins, "size": len(line), "passages": len(rows), "sum": sum_of(line, rows)}
            heads.append(asdict(part.head) | told)
            begins += len(line) + 1
            places.append(rows)
            if len(part.places):
                vectors.append(part.vectors)
                known.append(len(part.places) if part.codes is None else part.codes)
            said.extend(part.words)
            around.extend(part.beside)
            languages += [part.head.language] * len(part.places)
    if not languages:
        raise NobodySpeaks("nobody's words were found; expected answers that open with `Full Name:`")
    (folder / HEADS).write_text(json.dumps(heads, ensure_ascii=False), "utf-8")
    np.save(folder / "passages.npy", np.concatenate(places))
    for name in ("words", "beside"):
        (folder / name).mkdir()
    WordStore.of(said.tokens(), languages).save(folder / "words")
    around.tokens().save(folder / "beside")
    if beside or len(languages) > vectors_.MOST_EXACT:
        rows_ = np.load(folder / "vectors.npy", mmap_mode="r")
        short = Short.of(rows_, book, known) if not beside else book.short(rows_, known) if book else None
        if short:
            (folder / SHORT).mkdir()
            short.save(folder / SHORT)
    return Held(len(languages), {head["id"]: head["speakers"] for head in heads})


def sum_of(line: bytes, rows: "NDArray[np.int32]") -> str:
    """SHA-256 over an article's line and the rows of its passages: all that its quotes are cut with."""
    import numpy as np

    return hashlib.sha256(line + np.ascontiguousarray(rows, "<i4").tobytes()).hexdigest()


def placed(number: int, part: Part) -> "NDArray[np.int32]":
    """The rows of an article's passages, under its number in the build."""
    import numpy as np

    return np.concatenate([np.full((len(part.places), 1), number, np.int32), part.places], axis=1)


def line_of(spoken: Spoken) -> str:
    """The article's line in articles.jsonl."""
    record = {
        "article": asdict(spoken.article),
        "blocks": [asdict(block) for block in spoken.blocks],
        "turns": [asdict(turn) for turn in spoken.turns],
        "source": spoken.source,
    }
    return json.dumps(record, ensure_ascii=False)


def text_of(line: str) -> str:
    """The text of the article of a line in articles.jsonl; nothing else of it is made."""
    article, _ = _DECODER.raw_decode(line, len(_BEGINS))
    return str(article["text"])


def spoken_of(line: str) -> Spoken:
    """The article of a line in articles.jsonl, with who says what in it."""
    record = json.loads(line)
    return Spoken(
        _article(record["article"]),
        tuple(map(_block, record["blocks"])),
        tuple(map(_turn, record["turns"])),
        record["source"],
    )


def _article(record: dict[str, Any]) -> Article:
    return Article(**{**record, "people": tuple(map(_person, record["people"]))})


def _person(record: dict[str, Any]) -> Person:
    return Person(record["name"], record["role"], tuple(record["aliases"]))


def _block(record: dict[str, Any]) -> Block:
    return Block(_span(record["span"]), record["kind"], record["speaker"], record["label"], record["quoted"])


def _turn(record: dict[str, Any]) -> Turn:
    return Turn(
        record["speaker"],
        _span(record["asked"]) if record["asked"] else None,
        tuple(map(_span, record["paragraphs"])),
        tuple(map(_span, record["reported"])),
        record["interpreted"],
    )


def _span(record: dict[str, Any]) -> Span:
    return Span(record["start"], record["end"])
