"""Passages' words in BM25: which passages share the question's telling words."""

import json
import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.fold import words
from rag.language import FUNCTION_WORDS, Language, supported

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.records import Vectors

# Right sentence first on the development questions, fused: .88 with these, .87 with k1 at .9, .88 at
# 1.5; b hardly matters (in three .93 at .3 and .5, .91 at .75).
K1, B = 1.2, 0.5

# bm25s leaves the factor k1 + 1 out of a term's weight, so the most a term gives is its idf.
_STEMMERS: dict[Language, str] = {
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "pt": "portuguese",
    "de": "german",
    "it": "italian",
}

NOTHING = "\0"

# Words that ask or join, and say nothing about what is asked.
STOP = frozenset(
    """a an the of to in on at by for with from as and or but if in is are was were be been being do does
    did has have had will would can could should may might must shall it its this that these those
    there here he she they him his her them their we us our you your i me my what which who whom
    whose when where why how not no yes so than then too very about into over after before between
    during some all both each more most other such only own same just also now say says said saying
    think thinks thought view tell mention mentions mentioned according please""".split()
)


@dataclass(frozen=True)
class Tokens:
    """Texts as numbers of their folded words: text n is `ids` from `ends[n - 1]` up to `ends[n]`.

    Kept beside what is computed from them, so that no text is ever split into words again.
    """

    ids: "NDArray[np.int32]"
    ends: "NDArray[np.int64]"
    vocabulary: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ends)

    def of(self, start: int, stop: int) -> "Tokens":
        """The texts from `start` up to `stop`."""
        at = int(self.ends[start - 1]) if start else 0
        end = int(self.ends[stop - 1]) if stop else 0
        return Tokens(self.ids[at:end], self.ends[start:stop] - at, self.vocabulary)

    @property
    def used(self) -> list[str]:
        """Every word that stands in a text, each once."""
        import numpy as np

        return [self.vocabulary[number] for number in np.unique(self.ids).tolist()]

    def save(self, folder: Path) -> None:
        """Writes them to a folder."""
        import numpy as np

        np.save(folder / "tokens.npy", self.ids)
        np.save(folder / "ends.npy", self.ends)
        (folder / "vocabulary.json").write_text(json.dumps(self.vocabulary, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Tokens":
        """Those in a folder; the numbers stay on disk until they are asked for."""
        import numpy as np

        return cls(
            # A file of no numbers cannot be mapped.
            np.load(folder / "tokens.npy", mmap_mode="r" if _holds(folder / "ends.npy") else None),
            np.load(folder / "ends.npy"),
            tuple(json.loads((folder / "vocabulary.json").read_text("utf-8"))),
        )


def _holds(ends: Path) -> bool:
    """Whether any text has a word."""
    import numpy as np

    each = np.load(ends)
    return bool(len(each) and each[-1])


class Collector:
    """Takes texts one after another, as lists of words or already numbered, under numbers of its own."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._ids = array("i")
        self._ends = array("q")

    def add(self, text: Iterable[str]) -> None:
        """Takes one more text."""
        self._ids.extend([self._numbers.setdefault(word, len(self._numbers)) for word in text])
        self._ends.append(len(self._ids))

    def extend(self, tokens: Tokens) -> None:
        """Takes more texts."""
        import numpy as np

        used, places = np.unique(tokens.ids, return_inverse=True)
        words = (tokens.vocabulary[number] for number in used.tolist())
        new = np.array([self._numbers.setdefault(word, len(self._numbers)) for word in words], np.int32)
        before = len(self._ids)
        if len(new):
            self._ids.frombytes(new[places].tobytes())
        self._ends.extend((tokens.ends + before).tolist())

    def tokens(self) -> Tokens:
        """All that was taken."""
        import numpy as np

        return Tokens(np.array(self._ids, np.int32), np.array(self._ends, np.int64), tuple(self._numbers))


def split(texts: Iterable[str]) -> Tokens:
    """The texts' folded words, numbered."""
    collector = Collector()
    for text in texts:
        collector.add(words(text))
    return collector.tokens()


class WordStore:
    """A BM25 index over words stemmed in each passage's own language; a row's number is its passage's.

    A stem is kept with its language ("es negoci"), so that languages never mix.
    """

    def __init__(self, bm25: Any, tokens: Tokens, languages: Sequence[Language]) -> None:
        import numpy as np

        self._bm25 = bm25
        self._count = int(bm25.scores["num_docs"])
        self._holders: NDArray[np.int64] = np.diff(bm25.scores["indptr"])
        self._languages = tuple(languages)
        self._stems = {language: _stemmer(language) for language in languages}
        self.tokens = tokens

    @classmethod
    def build(cls, texts: Sequence[str], language: str | Sequence[str] = "en") -> "WordStore":
        """A store of the texts, all in one language or each in its own."""
        return cls.of(split(texts), [language] * len(texts) if isinstance(language, str) else language)

    @classmethod
    def of(cls, tokens: Tokens, languages: Sequence[str]) -> "WordStore":
        """A store of texts that are already split; `languages` has each text's."""
        import bm25s
        import numpy as np

        spoken = [supported(language) for language in languages]
        numbers: dict[str, int] = {}
        stemmed = {
            language: _numbered(tokens.vocabulary, language, numbers) for language in dict.fromkeys(spoken)
        }
        rows, at = [], 0
        for language, end in zip(spoken, tokens.ends.tolist(), strict=True):
            stems = stemmed[language][tokens.ids[at:end]]
            rows.append(stems[stems >= 0].tolist())
            at = end
        used = np.zeros(len(numbers), bool)
        for row in rows:
            used[row] = True
        if not used.any():
            rows[0] = [0]  # bm25s needs a word; no question can hold this one
            numbers, used = {NOTHING: 0}, np.ones(1, bool)
        # Every word has a stem in each language; only those that stand in a passage stay.
        new = np.cumsum(used) - 1
        bm25 = bm25s.BM25(k1=K1, b=B)
        bm25.index(
            (
                [new[row].tolist() for row in rows],
                {stem: int(new[number]) for stem, number in numbers.items() if used[number]},
            ),
            show_progress=False,
        )
        return cls(bm25, tokens, list(stemmed))

    def save(self, folder: Path) -> None:
        """Writes the store to a folder."""
        self._bm25.save(str(folder), show_progress=False)
        self.tokens.save(folder)
        (folder / "words.json").write_text(json.dumps({"languages": self._languages}), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "WordStore":
        """The store in a folder."""
        import bm25s

        bm25 = bm25s.BM25.load(str(folder), show_progress=False)
        about = json.loads((folder / "words.json").read_text("utf-8"))
        return cls(bm25, Tokens.load(folder), about["languages"])

    def __len__(self) -> int:
        return self._count

    @cached_property
    def surface(self) -> frozenset[str]:
        """Every folded word of the passages, as it is written."""
        return frozenset(self.tokens.vocabulary)

    def scores(self, question: str) -> "Vectors":
        """For each passage the share of the question's telling words that it holds, 0 to about 1.

        BM25 over its own best case: every telling word of the question, also one that no passage
        has, counts with its rarity. So a question about something else scores low everywhere. A
        passage is looked up with the stems of its own language.
        """
        import numpy as np

        scores: Vectors = np.zeros(self._count, np.float32)
        for stems in self._asked(question):
            if known := [stem for stem in stems if stem in self._bm25.vocab_dict]:
                scores += self._bm25.get_scores(known) / sum(map(self._rarity, stems))
        return scores

    def known(self, question: str) -> float:
        """The share of the question's telling words that any passage holds, weighted by rarity.

        Over several languages the share in the one that knows most.
        """
        return max(
            sum(self._rarity(stem) for stem in stems if self._seen(stem)) / sum(map(self._rarity, stems))
            if stems
            else 1.0
            for stems in self._asked(question)
        )

    def nearest(self, scores: "Vectors", count: int, among: "NDArray[np.int64] | None") -> list[int]:
        """Numbers of the `count` best passages of those `among`, best first."""
        import numpy as np

        pool = np.arange(self._count) if among is None else among
        order = pool[np.argsort(-scores[pool], kind="stable")][:count]
        return [int(number) for number in order if scores[number] > 0]

    def _asked(self, question: str) -> list[list[str]]:
        """The stems of the question's telling words, each once, for each language held."""
        return [
            list(dict.fromkeys(f"{language} {stem}" for stem in stem_(telling(question, language))))
            for language, stem_ in self._stems.items()
        ]

    def _seen(self, stem: str) -> int:
        """How many passages hold the stem."""
        number = self._bm25.vocab_dict.get(stem)
        return int(self._holders[number]) if number is not None else 0

    def _rarity(self, stem: str) -> float:
        """Inverse document frequency, as Lucene's BM25 counts it."""
        seen = self._seen(stem)
        return math.log(1 + (self._count - seen + 0.5) / (seen + 0.5))


def telling(text: str, language: Language = "en") -> list[str]:
    """The folded words that say what a text is about."""
    stop = _stop(language)
    return [word for word in words(text) if word not in stop]


def _stop(language: Language) -> frozenset[str]:
    return STOP if language == "en" else STOP | FUNCTION_WORDS[language]


def _numbered(vocabulary: Sequence[str], language: Language, numbers: dict[str, int]) -> "NDArray[np.int32]":
    """For each word the number of its stem, -1 where the word tells nothing; new stems join `numbers`."""
    import numpy as np

    stop = _stop(language)
    stems = _stemmer(language)(vocabulary)
    return np.array(
        [
            -1 if word in stop else numbers.setdefault(f"{language} {stem}", len(numbers))
            for word, stem in zip(vocabulary, stems, strict=True)
        ],
        np.int32,
    )


def _stemmer(language: Language) -> Any:
    import Stemmer

    stemmer = Stemmer.Stemmer(_STEMMERS[language])

    def stem(tokens: Iterable[str]) -> list[str]:
        return [str(token) for token in stemmer.stemWords(list(tokens))]

    return stem
