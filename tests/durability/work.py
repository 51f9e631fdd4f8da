"""What is done to a small index while something goes wrong, and what it may be afterwards."""

# mypy: allow-untyped-calls

import json
import shutil
import zlib
from contextlib import contextmanager, suppress

import numpy as np

from rag.errors import IndexMissing
from rag.index import archive, load, update
from rag.index.builds import LOCK, MANIFEST
from rag.reading.facts import Facts

OIL = "Why oil?\n\nAnn Lee: Oil is scarce in winter.\n\nAnn Lee: Prices rise by spring.\n"
GOLD = "Why gold?\n\nBo Ray: Gold is plenty in the hills.\n\nBo Ray: Nobody digs there.\n"
RIVERS = "Why rivers?\n\nCy Moe: Rivers carry silt.\n\nCy Moe: Talks go on about dams.\n"
MORE = GOLD + "\nBo Ray: Somebody digs now.\n"


class Small:
    """An encoder whose vector of a text is drawn from the text itself."""

    name, fingerprint = "small", "5" * 64

    def encode(self, texts):
        """Unit rows of eight numbers."""
        rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=8) for text in texts]
        return np.array([row / np.linalg.norm(row) for row in rows], np.float32).reshape(-1, 8)

    def encode_questions(self, texts):
        """The same."""
        return self.encode(texts)

    def load(self):
        """Nothing to load."""


def add(folder, *paths, encoder=None, waiting=None, flags=None):
    sources = list(archive.sources([str(path) for path in paths]))
    archive.add(
        folder,
        sources,
        flags or Facts(),
        archive.raise_it,
        lambda source, plan: None,
        encoder or Small(),
        waiting=waiting,
    )


def talks(place):
    """The interviews, and the index that the work is done to: one built, one added."""
    (place / "built").mkdir(parents=True)
    for name, text in (("built/oil", OIL), ("gold", GOLD), ("rivers", RIVERS)):
        (place / f"{name}.txt").write_text(text, "utf-8")
    (place / "more").mkdir()
    (place / "more" / "rivers.txt").write_text(RIVERS, "utf-8")
    # The same place and another text: a new version.
    archive.make(place / "index", [place / "built"], Small())
    add(place / "index", place / "gold.txt")
    # One that is large enough to be of several segments, and was changed.
    shutil.copytree(place / "index", place / "segments")
    with large():
        (place / "silt.txt").write_text("Why silt?\n\nDi Fox: Silt is mud.\n", "utf-8")
        add(place / "segments", place / "silt.txt")
    (place / "gold.txt").write_text(MORE, "utf-8")
    return place


@contextmanager
def large():
    """However small, an archive is one that is not written anew at each change."""
    before = update.MOST_REWRITTEN, update.MOST_BESIDE
    update.MOST_REWRITTEN, update.MOST_BESIDE = 0, 9
    try:
        yield
    finally:
        update.MOST_REWRITTEN, update.MOST_BESIDE = before


def in_large(work):
    """The work, done to a large archive."""

    def done(place, folder):
        with large():
            work(place, folder)

    return done


WORKS = {
    "build": lambda place, folder: archive.make(folder, [place / "built", place / "more"], Small()),
    "add": lambda place, folder: add(folder, place / "rivers.txt"),
    "change": lambda place, folder: add(
        folder, place / "gold.txt", flags=Facts(title="Gold again", publisher="Mills")
    ),
    "remove": lambda place, folder: archive.remove(folder, ["gold"]),
    "remove all": lambda place, folder: archive.remove(folder, ["gold", "oil"]),
    "first": lambda place, folder: add(folder, place / "rivers.txt"),
}
WORKS |= {f"{work} beside": in_large(WORKS[work]) for work in ("add", "change", "remove")}
# From several segments to one.
WORKS["compact"] = WORKS["add"]


def start(work, place, folder):
    """The folder as it is before the work."""
    if work != "first":
        several = work == "compact" or work.endswith("beside")
        shutil.copytree(place / ("segments" if several else "index"), folder)


def said(folder):
    """All that an index answers from, its passages held against its texts and vectors; None without one."""
    try:
        index = load(folder)
    except IndexMissing:
        return None
    sentences = [p.span.of(index.articles[p.article].text) for p in index.passages]
    row = np.ones(8, np.float32)
    assert (
        index.vectors.scores(row, range(len(sentences))).tolist()
        == (Small().encode(sentences) @ row).tolist()
    )
    asked = {word: index.words.nearest(word, 1, None) for word in ("oil", "gold", "silt")}
    found = {word: sentences[best[0]] for word, best in asked.items() if best}
    assert all(word in sentence.casefold() for word, sentence in found.items())
    return (index.articles, index.turns, index.passages, found)


def entries(folder):
    """Every file and folder of an index, the segments by their places instead of their names."""
    found = " ".join(str(path.relative_to(folder)) for path in folder.rglob("*"))
    with suppress(OSError):
        segments = json.loads((folder / MANIFEST).read_text("utf-8"))["segments"]
        for place, segment in enumerate(segments):
            found = found.replace(segment["name"], f"segment{place}")
    return set(found.split())


class Expected:
    """What each work leaves when nothing goes wrong, and what was there before."""

    def __init__(self, place):
        self.place = place
        self.before, self.after, self.entries, self.segments = {}, {}, {}, {}
        for work in WORKS:
            folder = place / f"{work} undisturbed"
            start(work, place, folder)
            self.before[work] = said(folder)
            self.segments[work] = len(list(folder.glob("build-*")))
            WORKS[work](place, folder)
            self.after[work], self.entries[work] = said(folder), entries(folder)
            assert self.before[work] != self.after[work]
            assert LOCK in self.entries[work]

    def holds(self, work, folder):
        """Whether the folder's index is the old one (False) or the new one (True); anything else fails."""
        now = said(folder)
        assert now in (self.before[work], self.after[work])
        return now == self.after[work]

    def mends(self, work, folder):
        """Nothing; the next writer makes the index the new one and leaves nothing else."""
        again(work, self.place, folder)
        assert said(folder) == self.after[work]
        assert entries(folder) == self.entries[work]


def again(work, place, folder):
    """The work once more; what it removes may be gone already."""
    from rag.errors import UnknownArticle

    if work != "remove all":
        with suppress(UnknownArticle):
            WORKS[work](place, folder)
        return
    for name in ("gold", "oil"):
        with suppress(UnknownArticle):
            archive.remove(folder, [name])
