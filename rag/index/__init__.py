"""Articles made searchable: build, save, load."""

import json
from collections.abc import Callable, Sequence, Set
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.encoder import DEFAULT_MODEL, OnnxEncoder
from rag.weights import sha256
from rag.errors import ArticleError, IndexDamaged, IndexFault, IndexStale
from rag.index import store
from rag.index.vectors import VectorStore
from rag.index.words import WordStore
from rag.passages import passages, windows
from rag.reading import documents, facts_path, read
from rag.reading.turns import blocks, turns
from rag.records import Article, Encoder, Passage, Person, Progress, Span, Turn

if TYPE_CHECKING:
    from rag.records import Vectors

@dataclass(frozen=True)
class Index:
    """Everything a question needs, in memory. Passage numbers run through all four parts."""

    articles: tuple[Article, ...]
    turns: tuple[tuple[Turn, ...], ...]
    passages: tuple[Passage, ...]
    vectors: VectorStore
    words: WordStore
    model: str
    fingerprint: str

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
    def windows(self) -> tuple[range, ...]:
        """The passages that are read at once: neighbours of one turn, by their numbers, in order."""
        found: list[range] = []
        numbered = enumerate(self.passages)
        for _, group in groupby(numbered, key=lambda each: (each[1].article, each[1].turn)):
            members = list(group)
            first = members[0][0]
            said = [passage.span.of(self.articles[passage.article].text) for _, passage in members]
            for window in windows([len(text.split()) for text in said]):
                found.append(range(first + window.start, first + window.stop))
        return tuple(found)

    @cached_property
    def window_of(self) -> tuple[int, ...]:
        """For each passage the number of its window."""
        return tuple(number for number, window in enumerate(self.windows) for _ in window)

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
    """An index of the articles."""
    seen: set[str] = set()
    for article in articles:
        if article.id in seen:
            raise ArticleError(f"two articles have the id {article.id!r}; give each its own")
        seen.add(article.id)
    return build_spoken(
        articles, [turns(article.text, blocks(article)) for article in articles], encoder, progress
    )


def build_spoken(
    articles: Sequence[Article],
    spoken: Sequence[tuple[Turn, ...]],
    encoder: Encoder,
    progress: Progress | None = None,
) -> Index:
    """An index of the articles, given who speaks in each."""
    all_turns = tuple(spoken)
    found = tuple(
        passage
        for number, (article, each) in enumerate(zip(articles, all_turns, strict=True))
        for passage in passages(number, article.text, each, article.language)
    )
    if not found:
        names = ", ".join(article.id for article in articles)
        raise ArticleError(
            f"nobody's words were found in {names}; expected answers that open with `Full Name:`"
        )
    said = [passage.span.of(articles[passage.article].text) for passage in found]
    return Index(
        articles=tuple(articles),
        turns=all_turns,
        passages=found,
        vectors=VectorStore.build(_vectors(said, encoder, progress)),
        words=WordStore.build(said, articles[0].language),
        model=encoder.name,
        fingerprint=encoder.fingerprint,
    )


def _vectors(said: Sequence[str], encoder: Encoder, progress: Progress | None) -> "Vectors":
    """One row a passage."""
    import numpy as np

    step = 256
    rows = []
    for at in range(0, len(said), step):
        rows.append(encoder.encode(said[at : at + step]))
        if progress:
            progress(min(at + step, len(said)), len(said))
    return np.concatenate(rows)


def build_to(
    folder: Path, sources: Sequence[Path], encoder: Encoder, progress: Progress | None = None
) -> Index:
    """The index of the documents in `sources`, put in force in `folder`."""
    # Before reading: a source that changes meanwhile leaves an index that is known to be stale.
    hashes = _source_hashes(sources)
    index = build([read(path) for path in documents(list(sources))], encoder, progress)
    save(index, folder, sources, hashes)
    return index


def save(
    index: Index, folder: Path, sources: Sequence[Path] = (), hashes: dict[str, str] | None = None
) -> None:
    """Puts the index in force in `folder`, in one atomic step. `hashes` are the sources' as read."""
    import numpy as np

    def write(build_folder: Path) -> None:
        lines = (
            json.dumps(
                {"article": asdict(article), "turns": [asdict(turn) for turn in each]}, ensure_ascii=False
            )
            for article, each in zip(index.articles, index.turns, strict=True)
        )
        (build_folder / "articles.jsonl").write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
        rows = [(p.article, p.turn, p.paragraph, p.span.start, p.span.end) for p in index.passages]
        np.save(build_folder / "passages.npy", np.array(rows, np.int32))
        index.vectors.save(build_folder / "vectors.faiss")
        (build_folder / "words").mkdir()
        index.words.save(build_folder / "words")

    about = {
        "model": {"name": index.model, "fingerprint": index.fingerprint},
        "roots": [str(source.resolve()) for source in sources],
        "sources": _source_hashes(sources) if hashes is None else hashes,
    }
    store.replace(folder, about, write)


def load(folder: Path) -> Index:
    """The index in force in `folder`, every file checked; an IndexFault says what is wrong."""
    manifest = store.read_manifest(folder)
    while True:
        try:
            return _load(store.checked_build(folder, manifest), manifest)
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

    articles, all_turns = [], []
    for line in (build_folder / "articles.jsonl").read_text("utf-8").split("\n"):
        if line:
            record = json.loads(line)
            articles.append(_article(record["article"]))
            all_turns.append(tuple(map(_turn, record["turns"])))
    rows = np.load(build_folder / "passages.npy").tolist()
    return Index(
        articles=tuple(articles),
        turns=tuple(all_turns),
        passages=tuple(Passage(a, t, p, Span(start, end)) for a, t, p, start, end in rows),
        vectors=VectorStore.load(build_folder / "vectors.faiss"),
        words=WordStore.load(build_folder / "words"),
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
            f"the index in {folder} was made with {manifest['model']['name']}, asked for {model}; {store.REBUILD}"
        )
    if manifest["model"]["name"] == DEFAULT_MODEL and manifest["model"]["fingerprint"] != (
        shipped := OnnxEncoder().fingerprint
    ):
        raise IndexStale(
            f"the index in {folder} was made with weights {manifest['model']['fingerprint'][:12]}, "
            f"the shipped ones are {shipped[:12]}; {store.REBUILD}"
        )
    roots = [Path(root) for root in manifest["roots"]] if sources is None else list(sources)
    present = [root for root in roots if root.exists()]
    if sources is None and not present:
        return
    if _changed(roots, manifest["sources"]):
        raise IndexStale(
            f"the articles in {', '.join(map(str, present))} have changed since the index in {folder} "
            f"was built; {store.REBUILD}"
        )


def _changed(roots: Sequence[Path], recorded: dict[str, str]) -> bool:
    """Whether the sources that are still there differ from those recorded."""
    there = {str(place) for place, root in enumerate(roots) if root.exists()}
    try:
        return _source_hashes(roots) != {
            key: value for key, value in recorded.items() if key.partition("/")[0] in there
        }
    except ArticleError:
        return True  # a folder whose documents are gone


def _source_hashes(sources: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of each document and facts file, by the place of its source and its name there."""
    return {
        f"{place}/{file.name}": sha256(file)
        for place, source in enumerate(sources)
        if source.exists()
        for path in documents([source])
        for file in (path, facts_path(path))
        if file.exists()
    }


def _article(record: dict[str, Any]) -> Article:
    people = tuple(Person(**person) for person in record.pop("people"))
    return Article(**record, people=people)


def _turn(record: dict[str, Any]) -> Turn:
    asked = Span(**record["asked"]) if record["asked"] else None
    return Turn(record["speaker"], asked, tuple(Span(**span) for span in record["paragraphs"]))
