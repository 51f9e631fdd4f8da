"""What a build holds of each article, to and from its files.

    articles.jsonl       one line an article: its facts and text, its blocks and turns, what it was made of
    passages.npy         a row a passage: article, turn, paragraph, start, end
    vectors.npy          a row a passage
    words/               BM25 over the passages, and their words
    beside/              for each article the words of it that are in no passage

Articles are written one after another and forgotten; one that did not change is taken over from the
build before without being read, split or embedded again.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ArticleError
from rag.fold import words
from rag.index.vectors import RowFile, rows_of
from rag.index.words import Collector, Tokens, WordStore, split
from rag.passages import passages
from rag.records import Article, Block, Cast, Encoder, Person, Span, Turn

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.records import Vectors

# So many sentences go to the encoder at once, so that an article as long as a book needs no more memory.
AT_ONCE = 256

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


@dataclass(frozen=True)
class Part:
    """An article as its build keeps it, with all that is computed of it.

    `line` is that of articles.jsonl; `places` has turn, paragraph, start and end of each passage;
    `words` are the passages' and `beside`, one text, those of the article that are in no passage.
    """

    line: str
    language: str
    speakers: tuple[str, ...]
    places: "NDArray[np.int32]"
    vectors: "Vectors"
    words: Tokens
    beside: Tokens


def made(spoken: Spoken, encoder: Encoder) -> Part:
    """The part for an article: its sentences found, split into words and embedded."""
    import numpy as np

    article = spoken.article
    found = passages(0, article.text, spoken.turns, article.language)
    said = [passage.span.of(article.text) for passage in found]
    tokens = split(said)
    rows = [encoder.encode(said[at : at + AT_ONCE]) for at in range(0, len(said), AT_ONCE)]
    return Part(
        *head_of(spoken),
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


@dataclass(frozen=True, slots=True)
class Held:
    """What was written, to be told."""

    passages: int
    speakers: tuple[str, ...]


def write(folder: Path, parts: Iterable[Part]) -> Held:
    """Writes a build's files into `folder`, part by part; ArticleError where nobody says anything."""
    import numpy as np

    said, beside = Collector(), Collector()
    places: list[NDArray[np.int32]] = []
    languages: list[str] = []
    speakers: dict[str, None] = {}
    with (
        (folder / "articles.jsonl").open("w", encoding="utf-8", newline="\n") as lines,
        RowFile(folder / "vectors.npy") as vectors,
    ):
        for number, part in enumerate(parts):
            lines.write(part.line + "\n")
            of_article = np.full((len(part.places), 1), number, np.int32)
            places.append(np.concatenate([of_article, part.places], axis=1))
            if len(part.places):
                vectors.append(part.vectors)
            said.extend(part.words)
            beside.extend(part.beside)
            languages += [part.language] * len(part.places)
            speakers |= dict.fromkeys(part.speakers)
    if not languages:
        raise ArticleError("nobody's words were found; expected answers that open with `Full Name:`")
    np.save(folder / "passages.npy", np.concatenate(places))
    for name in ("words", "beside"):
        (folder / name).mkdir()
    WordStore.of(said.tokens(), languages).save(folder / "words")
    beside.tokens().save(folder / "beside")
    return Held(len(languages), tuple(speakers))


def head_of(spoken: Spoken) -> tuple[str, str, tuple[str, ...]]:
    """The article's line in articles.jsonl, its language and who speaks, in order."""
    record = {
        "article": asdict(spoken.article),
        "blocks": [asdict(block) for block in spoken.blocks],
        "turns": [asdict(turn) for turn in spoken.turns],
        "source": spoken.source,
    }
    return json.dumps(record, ensure_ascii=False), spoken.article.language, _speakers(record)


def _speakers(record: dict[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(turn["speaker"] for turn in record["turns"] if turn["speaker"]))


def spoken(build: Path) -> Iterator[Spoken]:
    """The articles of a build, in order."""
    with (build / "articles.jsonl").open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield _spoken(json.loads(line))


def _spoken(record: dict[str, Any]) -> Spoken:
    return Spoken(
        _article(record["article"]),
        tuple(map(_block, record["blocks"])),
        tuple(map(_turn, record["turns"])),
        record["source"],
    )


@dataclass(frozen=True, slots=True)
class _At:
    """Where an article stands in a build: its number, and where its line begins."""

    number: int
    begins: int
    source: Source
    language: str
    speakers: tuple[str, ...]


class Kept:
    """A build whose files were found whole, as far as the next one may take over from it."""

    def __init__(self, build: Path) -> None:
        import numpy as np

        self._build = build
        self._at: dict[str, _At] = {}
        with (build / "articles.jsonl").open("rb") as lines:
            begins = 0
            for number, line in enumerate(lines):
                record = json.loads(line)
                article = record["article"]
                self._at[article["id"]] = _At(
                    number, begins, record["source"], article["language"], _speakers(record)
                )
                begins += len(line)
        self._places: NDArray[np.int32] = np.load(build / "passages.npy")
        # Rows stand in the order of the articles.
        self._edges = np.searchsorted(self._places[:, 0], np.arange(len(self._at) + 1)).tolist()
        self._words = Tokens.load(build / "words")
        self._beside = Tokens.load(build / "beside")

    def __contains__(self, article: str) -> bool:
        return article in self._at

    def source(self, article: str) -> Source:
        """What the article's part was made of."""
        return self._at[article].source

    def spoken(self, article: str) -> Spoken:
        """The article and who says what in it."""
        return _spoken(json.loads(self._line(article)))

    def part(self, article: str, spoken: Spoken | None = None) -> Part:
        """All that was computed of the article: as it was, or under its facts of now."""
        at = self._at[article]
        first, last = self._edges[at.number], self._edges[at.number + 1]
        head = (self._line(article), at.language, at.speakers) if spoken is None else head_of(spoken)
        return Part(
            *head,
            self._places[first:last, 1:],
            rows_of(self._build / "vectors.npy", first, last),
            self._words.of(first, last),
            self._beside.of(at.number, at.number + 1),
        )

    def _line(self, article: str) -> str:
        with (self._build / "articles.jsonl").open("rb") as lines:
            lines.seek(self._at[article].begins)
            return lines.readline().decode("utf-8").removesuffix("\n")


def _article(record: dict[str, Any]) -> Article:
    people = tuple(
        Person(person["name"], person["role"], tuple(person["aliases"])) for person in record.pop("people")
    )
    return Article(**record, people=people)


def _block(record: dict[str, Any]) -> Block:
    return Block(**{**record, "span": Span(**record["span"])})


def _turn(record: dict[str, Any]) -> Turn:
    asked = Span(**record["asked"]) if record["asked"] else None
    paragraphs, reported = (tuple(Span(**span) for span in record[key]) for key in ("paragraphs", "reported"))
    return Turn(record["speaker"], asked, paragraphs, reported, record["interpreted"])
