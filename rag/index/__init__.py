"""Articles made searchable: build, save, load."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rag.encoder import DEFAULT_MODEL, OnnxEncoder
from rag.errors import ArticleError, IndexDamaged, IndexFault, IndexStale
from rag.fold import fold
from rag.fold import words as words_of
from rag.index import builds, parts
from rag.index.engines import Where, connect
from rag.index.engines.embedded import Embedded
from rag.index.engines.engine import Engine, key_of
from rag.index.engines.filled import check_filled
from rag.index.engines.remote import Remote
from rag.index.parts import Head, Part, Places, Spoken
from rag.index.runs import Runs
from rag.index.segments import Asked, Held, Lazy, Segment, Stock, of_passages, rows_of
from rag.index.sources import changed, is_there, source_hashes
from rag.index.vectors import VectorStore
from rag.index.words import Collector, Joined, Tokens, WordStore
from rag.language import supported
from rag.passages import windows
from rag.records import Article, Block, Encoder, Progress, Store, Turn
from rag.shelf import edited

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")

# So many names stand in one line of a message.
MOST_TOLD = 8


@dataclass(frozen=True)
class Index:
    """Everything a question needs, in memory. Passage numbers run through all parts.

    `beside` has for each article the words of it that are in no passage.
    """

    articles: tuple[Article, ...]
    spoken: Sequence[Spoken]
    heads: tuple[Head, ...]
    passages: Places
    vectors: VectorStore
    words: WordStore
    beside: Tokens | Joined
    model: str
    fingerprint: str
    build: str = ""  # the name of the build that it was loaded from
    engine: Engine | None = None  # where its passages are looked for, if not here

    @cached_property
    def blocks(self) -> Sequence[tuple[Block, ...]]:
        """What each block of each article is."""
        return Lazy(len(self.spoken), lambda number: self.spoken[number].blocks)

    @cached_property
    def turns(self) -> Sequence[tuple[Turn, ...]]:
        """What can be quoted of each article."""
        return Lazy(len(self.spoken), lambda number: self.spoken[number].turns)

    @cached_property
    def store(self) -> Store:
        """Where its passages are looked for."""
        return Remote(self, self.engine) if self.engine else Embedded(self)

    @cached_property
    def keys(self) -> tuple[tuple[int, int, int], ...]:
        """Of each article: what an engine knows it by, the number of its first passage, how many it has.

        Another text, other facts or another model make another key.
        """
        import numpy as np

        counts = np.bincount(self.article_of, minlength=len(self.heads))
        firsts = np.cumsum(counts) - counts
        of_all = [self.fingerprint, builds.SCHEMA]
        names = (json.dumps([*of_all, head.id, head.source], sort_keys=True) for head in self.heads)
        return tuple(zip(map(key_of, names), firsts.tolist(), counts.tolist(), strict=True))

    @cached_property
    def held(self) -> Mapping[str, Spoken]:
        """The articles with who says what in each, by id."""
        return Held([head.id for head in self.heads], self.spoken)

    def turn(self, number: int) -> Turn:
        """The turn that a passage belongs to."""
        passage = self.passages[number]
        return self.turns[passage.article][passage.turn]

    def speaker(self, number: int) -> str | None:
        """Full name of the one who says a passage, None where unknown."""
        passage = self.passages[number]
        head = self.heads[passage.article]
        return (*head.speakers, None)[head.turns[passage.turn]]

    def article(self, number: int) -> Article:
        """The article that a passage belongs to."""
        return self.articles[self.passages[number].article]

    @cached_property
    def speakers(self) -> tuple[str, ...]:
        """Full names of all who speak, in the order of the articles."""
        return tuple(dict.fromkeys(name for head in self.heads for name in head.speakers))

    @cached_property
    def askers(self) -> tuple[str, ...]:
        """Full names of those who ask in these articles and never answer."""
        answer = set(self.speakers)
        asked = dict.fromkeys(name for head in self.heads for name in head.askers)
        return tuple(name for name in asked if name not in answer)

    @cached_property
    def accented(self) -> Mapping[str, str]:
        """Names that the articles print with accents, by how they are typed without: "guaido", "Guaidó"."""
        return {fold(word): word for head in self.heads for word in head.accented}

    def window(self, number: int) -> range:
        """The passages that are read at once with this one: neighbours of one turn, in order."""
        if number not in self._windows:
            rows = self.passages.rows
            article, turn = rows[number, :2].tolist()
            first, last = number, number + 1
            while first and rows[first - 1, 1] == turn and rows[first - 1, 0] == article:
                first -= 1
            while last < len(rows) and rows[last, 1] == turn and rows[last, 0] == article:
                last += 1
            text = self.articles[article].text
            sizes = [len(passage.span.of(text).split()) for passage in self.passages[first:last]]
            for each in windows(sizes):
                window = range(first + each.start, first + each.stop)
                self._windows.update(dict.fromkeys(window, window))
        return self._windows[number]

    @cached_property
    def _windows(self) -> dict[int, range]:
        # Only where somebody looks: in an archive of thousands of turns a question looks at some twenty.
        return {}

    @cached_property
    def known(self) -> frozenset[str]:
        """The folded words of the articles up to the last answer, and of their titles and publishers."""
        named = (each or "" for article in self.articles for each in (article.title, article.publisher))
        return (
            frozenset(self.beside.vocabulary)
            | self.words.surface
            | {w for each in named for w in words_of(each)}
        )

    @cached_property
    def article_of(self) -> "NDArray[np.int32]":
        """For each passage the number of its article."""
        return self.passages.rows[:, 0]

    @cached_property
    def speaker_of(self) -> "NDArray[np.int32]":
        """For each passage the place of its speaker in `speakers`, -1 where unknown."""
        import numpy as np

        places = {name: place for place, name in enumerate(self.speakers)}
        own = ([*(places[name] for name in head.speakers), -1] for head in self.heads)
        of_turn = np.array(
            [each[turn] for head, each in zip(self.heads, own, strict=True) for turn in head.turns], np.int32
        )
        first = np.cumsum([0, *(len(head.turns) for head in self.heads)])
        return of_turn[first[self.passages.rows[:, 0]] + self.passages.rows[:, 1]]

    @cached_property
    def questions(self) -> Asked:
        """What the interviewers asked, in order; read only as far as is looked."""
        return Asked(self._asked(self.articles_of(None), lambda turn: True))

    def asked_of(self, speakers: Set[str]) -> Asked:
        """What the interviewers asked these people (full names), in order."""
        return Asked(self._asked(self.articles_of(speakers), lambda turn: turn.speaker in speakers))

    def articles_of(self, speakers: Set[str] | None) -> Iterator[int]:
        """The numbers of the articles in which any of these people (full names) speaks; None: of all."""
        return (
            number
            for number, head in enumerate(self.heads)
            if speakers is None or not speakers.isdisjoint(head.speakers)
        )

    def _asked(self, numbers: Iterable[int], wanted: Callable[[Turn], bool]) -> Iterator[str]:
        return (
            turn.asked.of(each.article.text)
            for each in map(self.spoken.__getitem__, numbers)
            for turn in each.turns
            if turn.asked and wanted(turn)
        )


def build(articles: Sequence[Article], encoder: Encoder, progress: Progress | None = None) -> Index:
    """An index of the articles, whose texts are plain."""
    _check_ids([article.id for article in articles])
    return _build([_spoken(article) for article in articles], encoder, progress)


def _spoken(article: Article) -> Spoken:
    # Asking never needs what finds the speakers, and importing it takes longer than an answer.
    from rag.ingest import spoken
    from rag.reading.turns import turns

    found = spoken(article)
    return Spoken(article, found, turns(article.text, found))


def build_spoken(
    articles: Sequence[Article],
    spoken: Sequence[tuple[Turn, ...]],
    encoder: Encoder,
    progress: Progress | None = None,
) -> Index:
    """An index of the articles, given who speaks in each."""
    each = [Spoken(article, (), turns) for article, turns in zip(articles, spoken, strict=True)]
    return _build(each, encoder, progress)


def _build(spoken: Sequence[Spoken], encoder: Encoder, progress: Progress | None) -> Index:
    import numpy as np

    made = []
    for number, each in enumerate(spoken, 1):
        made.append(parts.made(each, encoder))
        if progress:
            progress(number, len(spoken))
    if not any(len(part.places) for part in made):
        names = ", ".join(each.article.id for each in spoken)
        raise ArticleError(
            f"nobody's words were found in {names}; expected answers that open with `Full Name:`"
        )
    said, beside = Collector(), Collector()
    for part in made:
        said.extend(part.words)
        beside.extend(part.beside)
    languages = [part.head.language for part in made for _ in part.places]
    return Index(
        articles=tuple(each.article for each in spoken),
        spoken=tuple(spoken),
        heads=tuple(part.head for part in made),
        passages=Places(np.concatenate([parts.placed(number, part) for number, part in enumerate(made)])),
        vectors=VectorStore.build(np.concatenate([part.vectors for part in made if len(part.places)])),
        words=WordStore.of(said.tokens(), languages),
        beside=beside.tokens(),
        model=encoder.name,
        fingerprint=encoder.fingerprint,
    )


def _check_ids(ids: Sequence[str]) -> None:
    for name, count in Counter(ids).items():
        if count > 1:
            raise ArticleError(f"two articles have the id {name!r}; give each its own")


def save(
    index: Index, folder: Path, sources: Sequence[Path] = (), hashes: dict[str, str] | None = None
) -> None:
    """Puts the index in force in `folder`, in one atomic step. `hashes` are the sources' as read."""
    about = {
        "model": {"name": index.model, "fingerprint": index.fingerprint},
        "roots": [str(source.resolve()) for source in sources],
        "sources": source_hashes(sources) if hashes is None else hashes,
        "library": {},
    }
    runs = Runs.whole(len(index.articles))
    builds.replace(folder, about, runs, lambda build: parts.write(build, _parts(index)))


def _parts(index: Index) -> Iterator[Part]:
    """The index, article by article."""
    import numpy as np

    rows = index.passages.rows
    edges = np.searchsorted(rows[:, 0], np.arange(len(index.articles) + 1)).tolist()
    for number, spoken in enumerate(index.spoken):
        first, last = edges[number], edges[number + 1]
        yield Part(
            parts.line_of(spoken),
            index.heads[number],
            rows[first:last, 1:],
            index.vectors.rows(first, last),
            index.words.tokens.of(first, last),
            index.beside.of(number, number + 1),
        )


def build_to(
    folder: Path, sources: Sequence[Path], encoder: Encoder, progress: Progress | None = None
) -> Index:
    """The index of the documents in `sources`, put in force in `folder`."""
    from rag.index import archive

    archive.make(folder, sources, encoder, progress=progress)
    return load(folder)


def load(folder: Path) -> Index:
    """The index in force in `folder`, every file checked; an IndexFault says what is wrong."""
    return _in_force(folder, _load)


def stamp(folder: Path) -> tuple[int, int, int] | None:
    """What tells the build in force from any other, for the cost of a look; None where there is none."""
    try:
        found = (folder / builds.MANIFEST).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def contents(folder: Path) -> list[Spoken]:
    """The articles of the index in force and who says what in them, without what is computed of them."""
    return _in_force(folder, lambda segments, runs, manifest: list(_stock(segments, runs)))


def held(folder: Path) -> Mapping[str, Spoken]:
    """The articles of the index in force with who says what in each, by id, each read when asked for."""
    stock = _in_force(folder, lambda segments, runs, manifest: _stock(segments, runs))
    return Held([head.id for head in stock.heads], stock)


def _stock(segments: Sequence[Segment], runs: Runs) -> Stock:
    for segment in segments:
        _ = segment.text, segment.places  # open, whoever sweeps them meanwhile
    of_passages(segments, runs)
    return Stock(segments, runs)


def roots(folder: Path) -> list[Path] | None:
    """The sources that the index in force was built of, and is watched for; None where there is no index."""
    try:
        return [Path(root) for root in builds.read_manifest(folder)["roots"]]
    except IndexFault:
        return None


def is_shard(folder: Path) -> bool:
    """Whether the index in force is one shard of a build, which alone is no whole."""
    try:
        return bool(builds.read_manifest(folder).get("shard"))
    except IndexFault:
        return False


def _in_force(folder: Path, read: Callable[[list[Segment], Runs, dict[str, Any]], T]) -> T:
    """What `read` makes of the segments in force, the runs over them and the manifest."""
    manifest = builds.read_manifest(folder)
    while True:
        try:
            segments = [Segment(each) for each in builds.checked(folder, manifest)]
            return read(segments, Runs(tuple(map(tuple, manifest["runs"]))), manifest)
        except Exception as error:
            # Another process may have put a newer build in force in between, and swept this one. And one who
            # forges a build with its checksums can make the libraries that read it fail in any way.
            newer = builds.read_manifest(folder)
            if newer["build"] == manifest["build"]:
                if isinstance(error, IndexFault):
                    raise
                raise IndexDamaged(
                    f"the index in {folder} cannot be read ({str(error)[:200]}); {builds.REBUILD}"
                ) from None
            manifest = newer


def _load(segments: list[Segment], runs: Runs, manifest: dict[str, Any]) -> Index:
    """The index that these segments are, with the engine that holds it."""
    index = of(segments, runs, manifest)
    where = Where.of(manifest.get("store", {}))
    if not where.remote:
        return index
    engine = connect(where, index.vectors.dimension)
    check_filled(index, engine, where)
    return replace(index, engine=engine)


def of(segments: list[Segment], runs: Runs, manifest: dict[str, Any]) -> Index:
    """The index that these segments are."""
    for segment in segments:
        segment.open()
    stock, passages = Stock(segments, runs), of_passages(segments, runs)
    languages = dict.fromkeys(
        segments[which].heads[number].language
        for which, first, last in runs.each
        for number in range(first, last)
        if segments[which].count(number)
    )
    return Index(
        articles=stock.articles(),
        spoken=stock,
        heads=stock.heads,
        passages=Places(rows_of(segments, runs)),
        vectors=VectorStore.over(
            [segment.vectors for segment in segments], [segment.short for segment in segments], passages
        ),
        words=WordStore(
            [segment.postings for segment in segments],
            passages,
            Joined([segment.words for segment in segments], passages),
            tuple(dict.fromkeys(map(supported, languages))),
        ),
        beside=Joined([segment.beside for segment in segments], runs),
        model=manifest["model"]["name"],
        fingerprint=manifest["model"]["fingerprint"],
        build=str(manifest["build"]),
    )


def check_fresh(folder: Path, sources: Sequence[Path] | None = None, model: str | None = None) -> None:
    """Nothing; IndexStale when the index is not one of `sources` (its own, if None) as they are now.

    Sources that are gone altogether do not make an index stale: it holds all it needs, and may
    have been carried to another machine.
    """
    manifest = builds.read_manifest(folder)
    if model is not None and manifest["model"]["name"] != model:
        raise IndexStale(
            f"the index in {folder} was made with {manifest['model']['name']}, asked for {model}; "
            f"{builds.REBUILD}"
        )
    if manifest["model"]["name"] == DEFAULT_MODEL and manifest["model"]["fingerprint"] != (
        shipped := OnnxEncoder().fingerprint
    ):
        raise IndexStale(
            f"the index in {folder} was made with weights {manifest['model']['fingerprint'][:12]}, "
            f"the shipped ones are {shipped[:12]}; {builds.REBUILD}"
        )
    taken = manifest["library"].items()
    if mine := [name for name, was in taken if edited(folder, name, was)]:
        raise IndexStale(
            f"the facts of {', '.join(mine[:MOST_TOLD])} have changed since the index in {folder} was "
            f"built; {builds.REBUILD}"
        )
    roots = [Path(root) for root in manifest["roots"]] if sources is None else list(sources)
    present = [root for root in roots if is_there(root)]
    if sources is None and not present:
        return
    if changed(roots, manifest["sources"]):
        raise IndexStale(
            f"the articles in {', '.join(map(str, present))} have changed since the index in {folder} "
            f"was built; {builds.REBUILD}"
        )
