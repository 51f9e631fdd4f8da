"""Passages' words in BM25: which passages share the question's telling words."""

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.fold import words
from rag.language import FUNCTION_WORDS, Language

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.records import Vectors

# Right sentence first on the development questions, fused: .88 with these, .87 with k1 at .9, .88 at
# 1.5; b hardly matters (in three .93 at .3 and .5, .91 at .75).
K1, B = 1.2, 0.5

# bm25s leaves the factor k1 + 1 out of a term's weight, so the most a term gives is its idf.
_STEMMERS = {"en": "english", "es": "spanish", "fr": "french", "pt": "portuguese", "de": "german"}

NOTHING = "\0"

# Words that ask or join, and say nothing about what is asked.
STOP = frozenset(
    """a an the of to in on at by for with from as and or but if is are was were be been being do does
    did has have had will would can could should may might must shall it its this that these those
    there here he she they him his her them their we us our you your i me my what which who whom
    whose when where why how not no yes so than then too very about into over after before between
    during some all both each more most other such only own same just also now say says said saying
    think thinks thought view tell mention mentions mentioned according please""".split()
)


class WordStore:
    """A BM25 index over stemmed words; a row's number is its passage's."""

    def __init__(self, bm25: Any, stems: dict[str, int], surface: frozenset[str], language: str) -> None:
        self._bm25 = bm25
        self._count = int(bm25.scores["num_docs"])
        self._df = stems
        self.surface = surface
        self._language = language
        self._stem = _stemmer(language)

    @classmethod
    def build(cls, texts: Sequence[str], language: str = "en") -> "WordStore":
        """A store of the texts."""
        import bm25s

        stem = _stemmer(language)
        rows = [stem(telling(text)) for text in texts]
        if not any(rows):
            rows[0] = [NOTHING]  # bm25s needs a word; no question can hold this one
        bm25 = bm25s.BM25(k1=K1, b=B)
        bm25.index(rows, show_progress=False)
        df: dict[str, int] = {}
        for row in rows:
            for token in set(row):
                df[token] = df.get(token, 0) + 1
        return cls(bm25, df, frozenset(word for text in texts for word in words(text)), language)

    def save(self, folder: Path) -> None:
        """Writes the store to a folder."""
        self._bm25.save(str(folder), show_progress=False)
        about = {"language": self._language, "df": self._df, "surface": sorted(self.surface)}
        (folder / "words.json").write_text(json.dumps(about), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "WordStore":
        """The store in a folder."""
        import bm25s

        bm25 = bm25s.BM25.load(str(folder), show_progress=False)
        about = json.loads((folder / "words.json").read_text("utf-8"))
        return cls(bm25, about["df"], frozenset(about["surface"]), about["language"])

    def __len__(self) -> int:
        return self._count

    def scores(self, question: str) -> "Vectors":
        """For each passage the share of the question's telling words that it holds, 0 to about 1.

        BM25 over its own best case: every telling word of the question, also one that no passage
        has, counts with its rarity. So a question about something else scores low everywhere.
        """
        import numpy as np

        tokens = list(dict.fromkeys(self._stem(telling(question))))
        known = [token for token in tokens if token in self._df]
        if not known:
            return np.zeros(self._count, np.float32)
        best = sum(self._rarity(token) for token in tokens)
        scores: Vectors = self._bm25.get_scores(known) / best
        return scores

    def known(self, question: str) -> float:
        """The share of the question's telling words that any passage holds, weighted by rarity."""
        tokens = set(self._stem(telling(question)))
        there = sum(self._rarity(token) for token in tokens if token in self._df)
        return there / sum(map(self._rarity, tokens)) if tokens else 1.0

    def nearest(self, scores: "Vectors", count: int, among: "NDArray[np.int64] | None") -> list[int]:
        """Numbers of the `count` best passages of those `among`, best first."""
        import numpy as np

        pool = np.arange(self._count) if among is None else among
        order = pool[np.argsort(-scores[pool], kind="stable")][:count]
        return [int(number) for number in order if scores[number] > 0]

    def _rarity(self, token: str) -> float:
        """Inverse document frequency, as Lucene's BM25 counts it."""
        seen = self._df.get(token, 0)
        return math.log(1 + (self._count - seen + 0.5) / (seen + 0.5))


def telling(text: str, language: Language = "en") -> list[str]:
    """The folded words that say what a text is about."""
    stop = STOP if language == "en" else STOP | FUNCTION_WORDS[language]
    return [word for word in words(text) if word not in stop]


def _stemmer(language: str) -> Any:
    import Stemmer

    stemmer = Stemmer.Stemmer(_STEMMERS.get(language, "english"))

    def stem(tokens: Iterable[str]) -> list[str]:
        return [str(token) for token in stemmer.stemWords(list(tokens))]

    return stem
