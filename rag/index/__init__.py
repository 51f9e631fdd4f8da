"""Articles made searchable: build, save, load."""

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rag.encoder import DEFAULT_MODEL, OnnxEncoder
from rag.errors import ArticleError, IndexDamaged, IndexFault, IndexStale
from rag.fold import words as words_of
from rag.index import parts, store
from rag.index.parts import Part, Spoken
from rag.index.sources import changed, source_hashes
from rag.index.vectors import VectorStore
from rag.index.words import Collector, Tokens, WordStore
from rag.passages import windows
from rag.records import Article, Block, Encoder, Passage, Progress, Span, Turn
from rag.shelf import facts_sha256

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
    blocks: tuple[tuple[Block, ...], ...]
    turns: tuple[tuple[Turn, ...], ...]
    passages: tuple[Passage, ...]
    vectors: VectorStore
    words: WordStore
    beside: Tokens
    model: str
    fingerprint: str

    @cached_property
    def held(self) -> dict[str, Spoken]:
        """The articles with who says what in each, by id."""
        each = zip(self.articles, self.blocks, self.turns, strict=True)
        return {article.id: Spoken(article, blocks, turns) for article, blocks, turns in each}

    def turn(self, number: int) -> Turn:
        """The turn that a passage belongs to."""
        passage = self.passages[number]
        return self.turns[passage.article][passage.turn]

    def article(self, number: int) -> Article:
        """The article that a passage belongs to."""
        return self.articles[self.passages[number].article]

    @cached_property
    def speakers(self) -> tuple[str, ...]:
        """Full names of all who speak, in the order of the articles."""
        found = (turn.speaker for each in self.turns for turn in each if turn.speaker)
        return tuple(dict.fromkeys(found))

    @cached_property
    def askers(self) -> tuple[str, ...]:
        """Full names of those who ask in these articles and never answer."""
        asked = (b.speaker for each in self.blocks for b in each if b.kind == "question" and b.speaker)
        return tuple(name for name in dict.fromkeys(asked) if name not in self.speakers)

    def window(self, number: int) -> range:
        """The passages that are read at once with this one: neighbours of one turn, in order."""
        if number not in self._windows:
            own = self.passages[number]
            first, last = number, number + 1
            while first and self._of_turn(first - 1, own):
                first -= 1
            while last < len(self.passages) and self._of_turn(last, own):
                last += 1
            text = self.articles[own.article].text
            sizes = [len(passage.span.of(text).split()) for passage in self.passages[first:last]]
            for each in windows(sizes):
                window = range(first + each.start, first + each.stop)
                self._windows.update(dict.fromkeys(window, window))
        return self._windows[number]

    def _of_turn(self, number: int, own: Passage) -> bool:
        return (self.passages[number].article, self.passages[number].turn) == (own.article, own.turn)

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
        import numpy as np

        return np.array([passage.article for passage in self.passages], np.int32)

    @cached_property
    def speaker_of(self) -> "NDArray[np.int32]":
        """For each passage the place of its speaker in `speakers`, -1 where unknown."""
        import numpy as np

        places = {name: place for place, name in enumerate(self.speakers)}
        of_turn = [[places.get(turn.speaker or "", -1) for turn in each] for each in self.turns]
        return np.array([of_turn[p.article][p.turn] for p in self.passages], np.int32)

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """What the interviewers asked, in order."""
        return self._asked(lambda turn: True)

    def asked_of(self, speakers: Set[str]) -> tuple[str, ...]:
        """What the interviewers asked these people (full names), in order."""
        return self._asked(lambda turn: turn.speaker in speakers)

    def _asked(self, wanted: Callable[[Turn], bool]) -> tuple[str, ...]:
        asked = (
            turn.asked.of(article.text)
            for article, each in zip(self.articles, self.turns, strict=True)
            for turn in each
            if turn.asked and wanted(turn)
        )
        return tuple(dict.fromkeys(asked))


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
    languages = [part.language for part in made for _ in part.places]
    return Index(
        articles=tuple(each.article for each in spoken),
        blocks=tuple(each.blocks for each in spoken),
        turns=tuple(each.turns for each in spoken),
        passages=tuple(
            _passage((number, *row)) for number, part in enumerate(made) for row in part.places.tolist()
        ),
        vectors=VectorStore.build(np.concatenate([part.vectors for part in made if len(part.places)])),
        words=WordStore.of(said.tokens(), languages),
        beside=beside.tokens(),
        model=encoder.name,
        fingerprint=encoder.fingerprint,
    )


def _check_ids(ids: Sequence[str]) -> None:
    for number, name in enumerate(ids):
        if name in ids[:number]:
            raise ArticleError(f"two articles have the id {name!r}; give each its own")


def _passage(row: Sequence[int]) -> Passage:
    article, turn, paragraph, start, end = row
    return Passage(article, turn, paragraph, Span(start, end))


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
    store.replace(folder, about, lambda build: parts.write(build, _parts(index)))


def _parts(index: Index) -> Iterator[Part]:
    """The index, article by article."""
    import numpy as np

    rows = np.array(
        [(p.article, p.turn, p.paragraph, p.span.start, p.span.end) for p in index.passages], np.int32
    )
    edges = np.searchsorted(rows[:, 0], np.arange(len(index.articles) + 1)).tolist()
    for number, article in enumerate(index.articles):
        first, last = edges[number], edges[number + 1]
        yield Part(
            *parts.head_of(Spoken(article, index.blocks[number], index.turns[number])),
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


def contents(folder: Path) -> list[Spoken]:
    """The articles of the index in force and who says what in them, without what is computed of them."""
    return _in_force(folder, lambda build, manifest: list(parts.spoken(build)))


def held(folder: Path) -> dict[str, Spoken]:
    """The articles of the index in force with who says what in each, by id."""
    return {spoken.article.id: spoken for spoken in contents(folder)}


def roots(folder: Path) -> list[Path] | None:
    """The sources that the index in force was built of, and is watched for; None where there is no index."""
    try:
        return [Path(root) for root in store.read_manifest(folder)["roots"]]
    except IndexFault:
        return None


def _in_force(folder: Path, read: Callable[[Path, dict[str, Any]], T]) -> T:
    """What `read` makes of the build in force."""
    manifest = store.read_manifest(folder)
    while True:
        try:
            return read(store.checked_build(folder, manifest), manifest)
        except (IndexFault, OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
            # Another process may have put a newer build in force in between, and swept this one.
            newer = store.read_manifest(folder)
            if newer["build"] == manifest["build"]:
                if isinstance(error, IndexFault):
                    raise
                raise IndexDamaged(
                    f"the index in {folder} cannot be read ({error}); {store.REBUILD}"
                ) from None
            manifest = newer


def _load(build_folder: Path, manifest: dict[str, Any]) -> Index:
    """The index in a build's folder."""
    import numpy as np

    each = list(parts.spoken(build_folder))
    return Index(
        articles=tuple(one.article for one in each),
        blocks=tuple(one.blocks for one in each),
        turns=tuple(one.turns for one in each),
        passages=tuple(map(_passage, np.load(build_folder / "passages.npy").tolist())),
        vectors=VectorStore.load(build_folder / "vectors.npy"),
        words=WordStore.load(build_folder / "words"),
        beside=Tokens.load(build_folder / "beside"),
        model=manifest["model"]["name"],
        fingerprint=manifest["model"]["fingerprint"],
    )


def check_fresh(folder: Path, sources: Sequence[Path] | None = None, model: str | None = None) -> None:
    """Nothing; IndexStale when the index is not one of `sources` (its own, if None) as they are now.

    Sources that are gone altogether do not make an index stale: it holds all it needs, and may
    have been carried to another machine.
    """
    manifest = store.read_manifest(folder)
    if model is not None and manifest["model"]["name"] != model:
        raise IndexStale(
            f"the index in {folder} was made with {manifest['model']['name']}, asked for {model}; "
            f"{store.REBUILD}"
        )
    if manifest["model"]["name"] == DEFAULT_MODEL and manifest["model"]["fingerprint"] != (
        shipped := OnnxEncoder().fingerprint
    ):
        raise IndexStale(
            f"the index in {folder} was made with weights {manifest['model']['fingerprint'][:12]}, "
            f"the shipped ones are {shipped[:12]}; {store.REBUILD}"
        )
    taken = manifest["library"].items()
    if edited := [name for name, was in taken if facts_sha256(folder, name) not in (None, was["facts"])]:
        raise IndexStale(
            f"the facts of {', '.join(edited[:MOST_TOLD])} have changed since the index in {folder} was "
            f"built; {store.REBUILD}"
        )
    roots = [Path(root) for root in manifest["roots"]] if sources is None else list(sources)
    present = [root for root in roots if root.exists()]
    if sources is None and not present:
        return
    if changed(roots, manifest["sources"]):
        raise IndexStale(
            f"the articles in {', '.join(map(str, present))} have changed since the index in {folder} "
            f"was built; {store.REBUILD}"
        )
