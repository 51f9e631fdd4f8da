"""The library to the index in force: only what changed is made anew."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag import encoder as encoders
from rag.encoder import DEFAULT_MODEL
from rag.errors import IndexFault
from rag.index import parts, store
from rag.index.parts import Kept, Part, Spoken
from rag.ingest import article_of
from rag.library import Head, Library
from rag.reading.turns import turns
from rag.records import Encoder, Progress, Span


@dataclass(frozen=True, slots=True)
class Made:
    """What a build holds, to be told; `embedded` are the articles that an encoder had to read."""

    articles: int
    passages: int
    speakers: tuple[str, ...]
    embedded: int


def update(
    folder: Path,
    encoder: Encoder | None = None,
    roots: list[str] | None = None,
    sources: dict[str, str] | None = None,
    progress: Progress | None = None,
) -> Made:
    """Makes the index of all that the library holds, for who has the lock of `folder`.

    Without an encoder it is the one that the index in force was made with. `roots` are the sources
    that are watched for changes and `sources` their hashes, as read; None leaves them as they are.
    """
    library = Library(folder)
    before = _manifest(folder)
    if not library.members:
        store.clear(folder)
        return Made(0, 0, (), 0)
    maker = _Maker(folder, library, encoder, before)
    about = {
        "model": {"name": maker.name, "fingerprint": maker.fingerprint},
        "roots": roots if roots is not None else before.get("roots", []),
        "sources": sources if sources is not None else before.get("sources", {}),
        # Before they are read: an edit meanwhile leaves an index that is known to be stale.
        "library": {head.id: library.state(head.id) for head in library.members},
    }
    held: list[parts.Held] = []
    store.switch(folder, about, lambda build: held.append(parts.write(build, maker.parts(progress))))
    return Made(len(library.members), held[0].passages, held[0].speakers, maker.embedded)


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest in force, or an empty one where there is none to use."""
    with suppress(IndexFault):
        return store.read_manifest(folder)
    return {}


class _Maker:
    """Makes each article's part, or takes it over from the build before."""

    def __init__(
        self, folder: Path, library: Library, encoder: Encoder | None, before: dict[str, Any]
    ) -> None:
        model = before.get("model", {"name": DEFAULT_MODEL})
        self._encoder = encoder
        self._library = library
        self._kept: Kept | None = None
        self.embedded = 0
        if encoder is None and "fingerprint" not in model:
            self._encoder = encoder = encoders.encoder_of(model["name"])
        self.name: str = encoder.name if encoder else model["name"]
        self.fingerprint: str = encoder.fingerprint if encoder else model["fingerprint"]
        if (self.name, self.fingerprint) == (model["name"], model.get("fingerprint")):
            # A damaged build is left alone: taken over, the damage would be for good.
            with suppress(IndexFault, OSError, ValueError, KeyError, TypeError):
                self._kept = Kept(store.checked_build(folder, before))

    def parts(self, progress: Progress | None) -> Iterator[Part]:
        """Every article's part, in order."""
        members = self._library.members
        for number, head in enumerate(members, 1):
            yield self._part(head)
            if progress:
                progress(number, len(members))

    def _part(self, head: Head) -> Part:
        state = self._library.state(head.id)
        kept = self._kept if self._kept and head.id in self._kept else None
        if kept and kept.source(head.id) == state:
            return kept.part(head.id)
        entry = self._library.entry(head.id)
        text = entry.document.text
        spoken = Spoken(
            article_of(head.id, entry.document, entry.facts), entry.blocks, turns(text, entry.blocks), state
        )
        if kept:
            old = kept.spoken(head.id)
            same = old.article.text == text and old.article.language == spoken.article.language
            if same and _paragraphs(old) == _paragraphs(spoken):  # who speaks is in no vector
                return kept.part(head.id, spoken)
        if self._encoder is None:
            self._encoder = encoders.encoder_of(self.name)
        self.embedded += 1
        return parts.made(spoken, self._encoder)


def _paragraphs(spoken: Spoken) -> list[tuple[Span, ...]]:
    """What its passages are made of."""
    return [turn.paragraphs for turn in spoken.turns]
