"""Passages' words in BM25: which passages share the question's telling words."""

import json
import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from rag.errors import IndexDamaged
from rag.fold import words
from rag.index.runs import Runs
from rag.language import FUNCTION_WORDS, Language, supported

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.records import Vectors

# Right sentence first on the development questions, fused: .88 with these, .87 with k1 at .9, .88 at
# 1.5; b hardly matters (in three .93 at .3 and .5, .91 at .75).
K1, B = 1.2, 0.5

_STEMMERS: dict[Language, str] = {
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "pt": "portuguese",
    "de": "german",
    "it": "italian",
}

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

        stands = np.bincount(self.ids, minlength=len(self.vocabulary))
        return [self.vocabulary[number] for number in np.flatnonzero(stands).tolist()]

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
            _mapped(folder / "tokens.npy"),
            np.load(folder / "ends.npy"),
            tuple(orjson.loads((folder / "vocabulary.json").read_bytes())),
        )


@dataclass(frozen=True)
class Joined:
    """The texts of several `Tokens` as `runs` has them."""

    files: Sequence[Tokens]
    runs: Runs

    def __len__(self) -> int:
        return len(self.runs)

    def of(self, start: int, stop: int) -> Tokens:
        """The texts from `start` up to `stop`, which are of one file."""
        file, first = self.runs.at(start) if start < stop else (0, 0)
        return self.files[file].of(first, first + stop - start)

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """Every word that stands in a text, each once."""
        found: dict[str, None] = {}
        for file, tokens in enumerate(self.files):
            places = self.runs.places(file, len(tokens))
            if places is None or (places >= 0).all():
                found |= dict.fromkeys(tokens.vocabulary)
                continue
            own = (each for each in self.runs.each if each[0] == file)
            for _, first, last in own:
                found |= dict.fromkeys(tokens.of(first, last).used)
        return tuple(found)


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


@dataclass(frozen=True)
class Postings:
    """How often each stem stands in which texts: stem n in `texts` from `edges[n]` up to `edges[n + 1]`.

    `lengths` has of each text how many words tell something. BM25's weights depend on all texts there are, so
    they are computed when they are asked for: of several postings together they are those of one.
    """

    stems: dict[str, int]
    edges: "NDArray[np.int64]"
    texts: "NDArray[np.int32]"
    times: "NDArray[Any]"
    lengths: "NDArray[np.int32]"

    @classmethod
    def of(cls, tokens: Tokens, languages: Sequence[str]) -> "Postings":
        """Those of texts that are split; `languages` has each text's."""
        import numpy as np

        spoken = [supported(language) for language in languages]
        numbers: dict[str, int] = {}
        stemmed = {
            language: _numbered(tokens.vocabulary, language, numbers) for language in dict.fromkeys(spoken)
        }
        count = len(tokens)
        texts = np.repeat(np.arange(count), np.diff(tokens.ends, prepend=0))
        if len(stemmed) == 1:
            (table,) = stemmed.values()
            stems = table[tokens.ids]
        elif stemmed:
            places = {language: place for place, language in enumerate(stemmed)}
            of_text = np.array([places[language] for language in spoken], np.int64)
            stems = np.stack(list(stemmed.values()))[of_text[texts], tokens.ids]
        else:
            stems = np.zeros(0, np.int32)
        tell = stems >= 0
        stems, texts = stems[tell], texts[tell]
        # Every word has a stem in each language; only those that stand in a passage stay.
        used = np.zeros(len(numbers), bool)
        used[stems] = True
        new = np.cumsum(used) - 1
        kept = {stem: int(new[number]) for stem, number in numbers.items() if used[number]}
        each, times = np.unique(new[stems].astype(np.int64) * count + texts, return_counts=True)
        stem, text = np.divmod(each, max(1, count))
        return cls(
            kept,
            np.concatenate([[0], np.cumsum(np.bincount(stem, minlength=len(kept)))]).astype(np.int64),
            text.astype(np.int32),
            times.astype(np.min_scalar_type(int(times.max(initial=1)))),
            np.bincount(texts, minlength=count).astype(np.int32),
        )

    def by(self, stem: str) -> "tuple[NDArray[np.int32], NDArray[Any]]":
        """The texts in which a stem ("es negoci") stands, and how often in each; none where it is unknown."""
        number = self.stems.get(stem)
        held = slice(0) if number is None else slice(int(self.edges[number]), int(self.edges[number + 1]))
        return self.texts[held], self.times[held]

    def save(self, folder: Path) -> None:
        """Writes them to a folder."""
        import numpy as np

        parts: tuple[NDArray[Any], ...] = (self.edges, self.texts, self.times, self.lengths)
        for name, part in zip(_FILES, parts, strict=True):
            np.save(folder / name, part)
        (folder / "stems.json").write_text(json.dumps(self.stems, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Postings":
        """Those in a folder; the numbers stay on disk until they are asked for."""
        stems = orjson.loads((folder / "stems.json").read_bytes())
        return cls(stems, *(_mapped(folder / name) for name in _FILES))


_FILES = ("edges.npy", "texts.npy", "times.npy", "lengths.npy")


def _mapped(path: Path) -> "NDArray[Any]":
    """The numbers in a file, which stay there until they are asked for."""
    import numpy as np

    try:
        # As a plain array, which costs less to cut.
        return np.asarray(np.load(path, mmap_mode="r"))
    except ValueError:
        found: NDArray[Any] = np.load(path)  # a file of no numbers cannot be mapped
        return found


def rarity_of(seen: int, count: int) -> float:
    """Inverse document frequency of what stands in `seen` of `count` texts, as Lucene's BM25 counts it."""
    return math.log(1 + (count - seen + 0.5) / (seen + 0.5))


class WordStore:
    """A BM25 index over words stemmed in each passage's own language; a row's number is its passage's.

    A stem is kept with its language ("es negoci"), so that languages never mix. The passages are those of
    several postings, as `runs` has them: whatever was removed is neither found nor counted.
    """

    def __init__(
        self,
        held: Sequence[Postings],
        runs: Runs,
        tokens: Tokens | Joined,
        languages: Sequence[Language],
    ) -> None:
        self._held = held
        self._places = [runs.places(file, len(each.lengths)) for file, each in enumerate(held)]
        # Where something was removed its texts must be left out.
        self._whole = [each is None or bool((each >= 0).all()) for each in self._places]
        self._in_order = [file for file, _, _ in runs.each] == sorted(file for file, _, _ in runs.each)
        self._count = len(runs)
        lengths = runs.taken([each.lengths for each in held])
        mean = float(lengths.mean(dtype="f8")) if lengths.any() else 1.0
        # What a passage's length takes from the weight of its words.
        self._share = K1 * ((1 - B) + B * lengths / mean)
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
        spoken = list(dict.fromkeys(map(supported, languages)))
        return cls([Postings.of(tokens, languages)], Runs.whole(len(tokens)), tokens, spoken)

    def save(self, folder: Path) -> None:
        """Writes a store of one file's passages to a folder."""
        (held,) = self._held
        held.save(folder)
        self.tokens.of(0, len(self)).save(folder)
        (folder / "words.json").write_text(json.dumps({"languages": self._languages}), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "WordStore":
        """The store in a folder."""
        about = orjson.loads((folder / "words.json").read_bytes())
        tokens = Tokens.load(folder)
        return cls([Postings.load(folder)], Runs.whole(len(tokens)), tokens, about["languages"])

    def __len__(self) -> int:
        return self._count

    @cached_property
    def surface(self) -> frozenset[str]:
        """Every folded word of the passages, as it is written."""
        return frozenset(self.tokens.vocabulary)

    def shares(self, question: str, numbers: "Sequence[int] | NDArray[np.int64]") -> "Vectors":
        """For each of these passages the share of the question's telling words that it holds, 0 to about 1.

        BM25 over its own best case: every telling word of the question, also one that no passage
        has, counts with its rarity. So a question about something else scores low everywhere. A
        passage is looked up with the stems of its own language.
        """
        import numpy as np

        wanted = np.asarray(numbers, np.int64)
        shares: Vectors = np.zeros(len(wanted), np.float32)
        for stems in self._asked(question):
            own: Vectors = np.zeros(len(wanted), np.float32)
            most = 0.0
            for stem in stems:
                texts, times = self._found(stem)
                most += (rarity := rarity_of(len(texts), self._count))
                if len(texts):
                    at = np.searchsorted(texts, wanted).clip(max=len(texts) - 1)
                    held = texts[at] == wanted
                    own[held] += self._weights(rarity, wanted[held], times[at[held]])
            if stems:
                # Each language's share is of its own best case.
                shares += own / np.float32(most)
        return shares

    def scores(self, question: str) -> "Vectors":
        """The share of every passage; see `shares`."""
        return self._scored(question)[0]

    def _scored(self, question: str) -> "tuple[Vectors, NDArray[np.intp]]":
        """The share of every passage, and the passages that hold a word, each once for every word."""
        import numpy as np

        scores: Vectors = np.zeros(self._count, np.float32)
        holding = [np.zeros(0, np.intp)]
        for stems in self._asked(question):
            own, most = [np.zeros(0, np.intp)], 0.0
            for stem in stems:
                found, times = self._found(stem)
                most += (rarity := rarity_of(len(found), self._count))
                texts = found.astype(np.intp)  # as NumPy looks up; else it would do so each time
                weights = self._weights(rarity, texts, times)
                scores[texts] = scores.take(texts) + weights  # each passage stands there once
                own.append(texts)
            # Each language's share is of its own best case. No passage holds stems of two.
            held = np.concatenate(own)
            scores[held] = scores.take(held) / np.float32(most or 1)
            holding.append(held)
        return scores, np.concatenate(holding)

    def postings(self, stem: str) -> "tuple[NDArray[np.int32], Vectors]":
        """The passages that hold a stem ("es negoci"), in order, and its weight in each."""
        texts, times = self._found(stem)
        return texts, self._weights(rarity_of(len(texts), self._count), texts, times)

    def _found(self, stem: str) -> "tuple[NDArray[np.int32], NDArray[Any]]":
        """The passages that hold a stem, in order, and how often each does."""
        import numpy as np

        each = [
            self._placed(*held.by(stem), places, whole=whole)
            for held, places, whole in zip(self._held, self._places, self._whole, strict=True)
        ]
        if len(each) == 1:
            return each[0]
        texts, times = (np.concatenate(parts) for parts in zip(*each, strict=True))
        if self._in_order:
            return texts, times
        order = np.argsort(texts, kind="stable")
        return texts[order], times[order]

    @staticmethod
    def _placed(
        texts: "NDArray[np.int32]", times: "NDArray[Any]", places: "NDArray[np.int32] | None", *, whole: bool
    ) -> "tuple[NDArray[np.int32], NDArray[Any]]":
        """A file's texts under their numbers among all; none that was removed."""
        if places is None:
            return texts, times
        texts = _looked_up(places, texts)
        return (texts, times) if whole else (texts[texts >= 0], times[texts >= 0])

    def _weights(self, rarity: float, texts: "NDArray[Any]", times: "NDArray[Any]") -> "Vectors":
        """What a stem gives to the score of each of these passages: BM25, as Lucene has it.

        The factor k1 + 1 is left out of it, so the most a stem gives is its rarity.
        """
        import numpy as np

        often = times.astype(np.float32)
        weights: Vectors = (
            np.float64(np.float32(rarity)) * (often / (_looked_up(self._share, texts) + often))
        ).astype(np.float32)
        return weights

    def known(self, question: str) -> float:
        """The share of the question's telling words that any passage holds, weighted by rarity.

        Over several languages the share in the one that knows most.
        """
        return max(map(self._known, self._asked(question)), default=1.0)

    def _known(self, stems: Sequence[str]) -> float:
        seen = [len(self._found(stem)[0]) for stem in stems]
        rarities = [rarity_of(each, self._count) for each in seen]
        known = sum(rarity for rarity, each in zip(rarities, seen, strict=True) if each)
        return known / sum(rarities) if stems else 1.0

    def rarities(self, question: str) -> list[tuple[str, float]]:
        """The stems of the question's telling words, and how much each tells."""
        stems = dict.fromkeys(stem for each in self._asked(question) for stem in each)
        return [(stem, rarity_of(len(self._found(stem)[0]), self._count)) for stem in stems]

    def nearest(self, question: str, count: int, among: "NDArray[np.int64] | None") -> list[int]:
        """Numbers of the `count` passages of those `among` that share most of its words, best first."""
        import numpy as np

        scores, found = self._scored(question)
        if among is not None:
            competes = np.zeros(self._count, bool)
            competes[among] = True
            found = found[competes[found]]
        # So many have the best in them, though each may stand there for every word.
        most = count * max(map(len, self._asked(question)), default=1)
        found = np.unique(_best(found, scores, most))
        found = _best(found[scores[found] > 0], scores, count)
        return [int(number) for number in found[np.argsort(-scores[found], kind="stable")][:count]]

    def _asked(self, question: str) -> list[list[str]]:
        """The stems of the question's telling words, each once, for each language held."""
        return [
            list(dict.fromkeys(f"{language} {stem}" for stem in stem_(telling(question, language))))
            for language, stem_ in self._stems.items()
        ]


def _best(numbers: "NDArray[np.intp]", scores: "Vectors", count: int) -> "NDArray[np.intp]":
    """Those with the `count` best scores, and those that are as good as the last of them."""
    import numpy as np

    if not 0 < count < len(numbers):
        return numbers
    own, last = scores.take(numbers), len(numbers) - count
    best: NDArray[np.intp] = numbers[own >= np.partition(own, last)[last]]
    return best


def stems_of(tokens: Tokens, language: str) -> list[tuple[str, ...]]:
    """For each text the stems of its telling words, as they are looked for ("es negoci"), in order."""
    spoken = supported(language)
    stop, prefix = _stop(spoken), f"{spoken} "
    stems = [
        None if word in stop else prefix + stem
        for word, stem in zip(tokens.vocabulary, _stemmer(spoken)(tokens.vocabulary), strict=True)
    ]
    ids, ends = tokens.ids.tolist(), tokens.ends.tolist()
    return [
        tuple(stem for number in ids[first:last] if (stem := stems[number]))
        for first, last in zip([0, *ends], ends, strict=False)
    ]


def _looked_up(values: "NDArray[Any]", texts: "NDArray[Any]") -> "NDArray[Any]":
    """The values of these texts; IndexDamaged where there are no such texts."""
    try:
        found: NDArray[Any] = values[texts]
    except IndexError:
        raise IndexDamaged(
            "the words of the index are damaged: some stand in passages that it lacks; run `onrecord build`"
        ) from None
    return found


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
