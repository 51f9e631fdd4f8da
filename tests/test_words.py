"""BM25 shares, worked out by hand."""

# mypy: allow-untyped-calls

import math
from itertools import pairwise

import bm25s
import numpy as np
import pytest
import Stemmer
from hypothesis import given
from hypothesis import strategies as st

from rag.index.words import _STEMMERS, K1, B, Collector, Tokens, WordStore, telling

TEXTS = ["Oil is scarce.", "Oil sanctions, oil sanctions.", "Elections were free."]


def rarity(seen, count=3):
    return math.log(1 + (count - seen + 0.5) / (seen + 0.5))


def weight(times, length, mean):
    """A term's share of its idf, as BM25 has it."""
    return times / (times + K1 * (1 - B + B * length / mean))


def test_scores_by_hand():
    """For "oil elections" each passage has BM25's weight of the words it holds, over both words' rarity."""
    # Telling words: oil scarce | oil sanctions oil sanctions | elections free; 8 in 3, mean 8/3.
    scores = WordStore.build(TEXTS).scores("oil elections")
    best = rarity(2) + rarity(1)
    mean = 8 / 3
    expected = [
        rarity(2) * weight(1, 2, mean) / best,
        rarity(2) * weight(2, 4, mean) / best,
        rarity(1) * weight(1, 2, mean) / best,
    ]
    assert scores.tolist() == pytest.approx(expected, abs=1e-5)


def test_a_word_that_no_passage_has_counts_against_all():
    """An unknown telling word lowers every score by its rarity: it is part of what was asked."""
    store = WordStore.build(TEXTS)
    alone, with_unknown = store.scores("oil"), store.scores("oil zebras")
    ratio = rarity(2) / (rarity(2) + rarity(0))
    assert with_unknown.tolist() == pytest.approx([score * ratio for score in alone], abs=1e-5)


@pytest.mark.parametrize("question", ["", "???", "what is the", "zebras", "Do they say so?"])
def test_without_a_shared_word_all_scores_are_zero(question):
    """No words, only joining words, or none that a passage has: zero everywhere, and nothing is near."""
    store = WordStore.build(TEXTS)
    scores = store.scores(question)
    assert scores.tolist() == [0, 0, 0]
    assert store.nearest(question, 3, None) == []


@pytest.mark.parametrize("language", ["en", ["en", "es", "en"]])
@pytest.mark.parametrize("question", ["", "oil", "zebras", "oil sanctions and elections", "el petróleo oil"])
def test_the_shares_of_some_are_those_among_the_scores_of_all(question, language):
    """To the last bit, in any order, and none for no passages."""
    store = WordStore.build(TEXTS, language)
    scores = store.scores(question)
    for numbers in ([0, 1, 2], [2, 0], [1], []):
        assert store.shares(question, numbers).tolist() == scores[numbers].tolist()


def test_stems_meet():
    """Questions of "sanctioned" and "election" find "sanctions" and "elections"."""
    store = WordStore.build(TEXTS)
    assert store.nearest("sanctioned", 3, None) == [1]
    assert store.nearest("an election", 3, None) == [2]


def test_a_word_asked_twice_counts_once():
    """Repeating a word changes no score."""
    store = WordStore.build(TEXTS)
    assert store.scores("oil oil OIL elections").tolist() == store.scores("oil elections").tolist()


def test_only_those_among_compete():
    """With numbers given only those are found, best first, and none without a shared word."""
    store = WordStore.build(TEXTS)
    assert store.nearest("oil", 9, np.array([0, 2])) == [0]


def test_the_surface_keeps_whole_words():
    """The surface words are the folded words of the texts, joining words too, not their stems."""
    assert WordStore.build(["U.S. sanctions are Guaidó’s."]).surface == {"usa", "sanctions", "are", "guaido"}


def test_telling_words():
    """Words that ask or join are left out; folded ones that tell stay, in order."""
    assert telling("What does the U.S. say about Maduro’s oil?") == ["usa", "maduro", "oil"]


def test_spanish_words_are_stemmed_as_spanish():
    """A store made for Spanish has Spanish stems, also when read back."""
    store = WordStore.build(["Las negociaciones siguen.", "El petróleo baja."], "es")
    assert store.nearest("negociación", 2, None) == [0]


@given(
    st.lists(
        st.sampled_from(["oil prices", "free elections", "sanctions", "the", "石油", "relief for oil"]),
        min_size=1,
    ),
    st.text(max_size=30) | st.sampled_from(["oil", "elections and oil", "zebras of oil"]),
)
def test_save_then_load_answers_alike(tmp_path_factory, texts, question):
    """For any texts and question the store read back gives the same scores, all from 0 to 1."""
    texts = ["oil", *texts]
    folder = tmp_path_factory.mktemp("w")
    store = WordStore.build(texts)
    store.save(folder)
    again = WordStore.load(folder)
    scores = store.scores(question)
    assert np.array_equal(again.scores(question), scores)
    assert (again.surface, len(again)) == (store.surface, len(texts))
    assert scores.min() >= 0
    assert scores.max() <= 1


def test_texts_of_joining_words_only_can_be_built():
    """A store whose texts have no telling word at all can be built, and finds nothing."""
    store = WordStore.build(["It is so.", "They are."])
    assert store.scores("oil").tolist() == [0, 0]


def test_each_text_is_stemmed_in_its_own_language():
    """Over several languages each text is found by its own language's stems."""
    texts = ["Las negociaciones siguen.", "Negotiations go on.", "Der Fluss steigt."]
    store = WordStore.build(texts, ["es", "en", "de"])
    assert store.nearest("negociación", 3, None) == [0]
    assert store.nearest("negotiation", 3, None) == [1]
    assert store.nearest("Flüsse", 3, None) == [2]
    assert store.known("negociación") == 1


@given(st.lists(st.lists(st.sampled_from(["oil", "río", "the", "石油"]), max_size=4), max_size=6))
def test_numbered_words_are_the_words(tmp_path_factory, texts):
    """For any texts the words come back from their numbers, in parts or from disk, and under new numbers."""
    collector = Collector()
    for text in texts:
        collector.add(text)
    tokens = collector.tokens()
    folder = tmp_path_factory.mktemp("t")
    tokens.save(folder)
    again = Collector()
    again.add(["before"])
    for at in range(len(texts)):
        again.extend(Tokens.load(folder).of(at, at + 1))
    assert told(tokens) == texts
    assert told(again.tokens()) == [["before"], *texts]
    assert set(tokens.vocabulary) == {word for text in texts for word in text}


def told(tokens):
    edges = [0, *tokens.ends.tolist()]
    return [[tokens.vocabulary[n] for n in tokens.ids[a:b]] for a, b in pairwise(edges)]


@given(
    st.lists(
        st.tuples(
            st.text("abcde ñß’", max_size=30) | st.sampled_from(["oil prices", "the oil", "", "relief"]),
            st.sampled_from(["en", "es", "de"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_weights_are_those_of_bm25s(texts):
    """For any texts, in one language or several, a stem stands where bm25s has it, with its weight."""
    said, languages = zip(*texts, strict=True)
    store = WordStore.build(said, languages)
    split = [[f"{each} {stem}" for stem in stems(text, each)] for text, each in texts]
    if not any(split):
        assert not store.scores("oil").any()
        return
    other = bm25s.BM25(k1=K1, b=B)
    vocabulary = {stem: number for number, stem in enumerate(sorted({s for each in split for s in each}))}
    other.index(
        ([[vocabulary[stem] for stem in each] for each in split], {**vocabulary}), show_progress=False
    )
    edges, places, weights = (other.scores[part] for part in ("indptr", "indices", "data"))
    for stem, number in vocabulary.items():
        held, own = store.postings(stem)
        at = slice(edges[number], edges[number + 1])
        assert held.tolist() == places[at].tolist()
        assert own.tolist() == weights[at].tolist()


def stems(text, language):
    return Stemmer.Stemmer(_STEMMERS[language]).stemWords(telling(text, language))
