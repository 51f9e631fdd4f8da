"""Whichever engine puts passages up: the same answers, and nothing half-filled is searched."""

# mypy: allow-untyped-calls, disable-error-code="union-attr, var-annotated, func-returns-value"

import json
import random
from dataclasses import replace

import numpy as np
import pytest

from rag import evaluate
from rag.answers import as_json
from rag.bot import Bot
from rag.encoder import OnnxEncoder
from rag.errors import StoreFault
from rag.index import archive, builds, load
from rag.index.engines import Where, connect
from rag.index.engines.embedded import Embedded
from rag.index.engines.engine import Row, Wanted, key_of
from rag.index.engines.remote import Remote
from rag.reader import TrainedReader
from rag.reading.facts import Facts
from rag.records import Among
from rag.retrieve import rank
from tests.conftest import ROOT, SEED
from tests.durability.work import Small

WORDS = (
    "oil gold silt rivers talks dams prices winter spring vote border trade debt aid camp fuel road".split()
)
PEOPLE = ("Ann Lee", "Bo Ray", "Cy Moe", "Señora D'Arcy", 'Eve "Evie" Fox')
ALL = Among()


def talk(number, words=WORDS):
    """An interview with two people, each sentence its own."""
    draw = random.Random(number)
    lines = [f"A talk, {number}"]
    for turn in range(4):
        who = PEOPLE[(number + turn) % len(PEOPLE)]
        said = [" ".join(draw.sample(words, 5)).capitalize() + f" in {number}.{turn}{n}." for n in range(3)]
        lines += [f"Why {draw.choice(words)}?", f"{who}: {' '.join(said)}"]
    return "\n\n".join(lines) + "\n"


@pytest.fixture
def talks(tmp_path):
    """A folder of eight interviews; the last says in part what the first one does."""
    folder = tmp_path / "talks"
    folder.mkdir()
    for number in range(7):
        (folder / f"talk-{number}.txt").write_text(talk(number), "utf-8")
    (folder / "talk-7.txt").write_text(
        talk(0).replace("A talk, 0", "Again").replace("spring", "autumn"), "utf-8"
    )
    return folder


@pytest.fixture
def index(talks, tmp_path, where):
    """An index of these in each engine."""
    archive.make(tmp_path / "index", [talks], Small(), store=where)
    return load(tmp_path / "index")


def add(folder, path):
    sources = list(archive.sources([str(path)]))
    archive.add(folder, sources, Facts(), archive.raise_it, lambda *_: None, Small())


def rows(count=6):
    return Small().encode([f"question {number}" for number in range(count)])


def asked():
    return (
        "oil prices in winter",
        "gold",
        "who votes on debt and aid?",
        "zebras",
        "",
        "D'Arcy; or 1=1 -- \\ ' \"",
    )


def test_the_engine_is_the_one_that_was_named(index, where):
    """And the manifest says which, without anything secret."""
    assert isinstance(index.store, Remote if where.remote else Embedded)


def test_the_nearest_are_the_nearest_by_inner_product(index):
    """For vectors far from all, and for those of passages themselves."""
    vectors = index.vectors.rows(0, len(index.passages))
    for row in (*rows(), vectors[3], vectors[40]):
        found = index.store.near(row, 10)
        least = np.sort(vectors @ row)[-10]
        assert len(set(found)) == 10
        assert (vectors[found] @ row >= least - 1e-5).all()
        assert np.all(np.diff(vectors[found] @ row) <= 1e-5)


FILTERS = [
    ALL,
    Among(speakers=frozenset({"Ann Lee"})),
    Among(speakers=frozenset({"Señora D'Arcy", 'Eve "Evie" Fox'})),
    Among(speakers=frozenset({"Nobody"})),
    Among(speakers=frozenset()),
    Among(articles=frozenset({0, 7})),
    Among(articles=frozenset()),
    Among(speakers=frozenset({"Bo Ray"}), articles=frozenset({1, 2, 3})),
]


@pytest.mark.parametrize("among", FILTERS, ids=range(len(FILTERS)))
def test_only_what_competes_is_put_up_and_all_of_it_that_fits(index, among):
    """As many as are wanted, by vectors and by words; the same as in this process."""
    own = Embedded(index)
    for row, question in zip(rows(), asked(), strict=True):
        # More than there are: every passage that competes is among the nearest.
        found, wanted = (s.put_up(row, question, 200, among) for s in (index.store, own))
        assert set(found) == set(wanted)
        few = index.store.put_up(row, question, 5, among)
        assert set(few) <= set(wanted)
        assert len(few) == len(set(few)) >= min(5, len(wanted))
        best = own.put_up(row, question, 5, among)
        shares = index.words.shares(question, wanted)
        least = np.sort(shares)[-5:].min() if len(wanted) >= 5 else 0
        assert sum(index.words.shares(question, few) >= max(least, 1e-6)) >= min(
            5, sum(index.words.shares(question, best) >= max(least, 1e-6))
        )


def test_ranked_hits_are_the_same_to_the_last_bit(index):
    """Scores are the index's own, whoever puts the passages up."""
    for row, question in zip(rows(), asked(), strict=True):
        remote = rank(index, row, question)
        here = rank(_embedded(index), row, question)
        assert remote[:10] == here[:10]


def _embedded(index):
    """The same index, searched in this process."""
    return replace(index, engine=None)


def test_what_is_added_replaced_and_removed_is_found_so_at_once(talks, tmp_path, where):
    """After each step the engine puts up what the index holds, and nothing besides."""
    folder = tmp_path / "index"
    archive.make(folder, [talks], Small(), store=where)
    more = tmp_path / "more.txt"

    def holds():
        index = load(folder)
        found = index.store.put_up(rows(1)[0], "oil silt", 500, ALL)
        assert sorted(found) == list(range(len(index.passages)))
        return {index.article(number).id for number in found}

    assert len(holds()) == 8
    more.write_text(talk(20), "utf-8")
    add(folder, more)
    assert "more" in holds()
    more.write_text(talk(21), "utf-8")
    add(folder, more)
    assert "more" in holds()
    archive.remove(folder, ["more", "talk-3"])
    assert holds() == {f"talk-{number}" for number in range(8)} - {"talk-3"}


class Stopped(BaseException):
    """A process that is killed."""


@pytest.mark.parametrize("at", [0, 4])
@pytest.mark.parametrize("step", ["put", "settle", "mark", "drop"])
def test_a_filling_that_is_stopped_leaves_the_old_index_and_goes_on_later(
    talks, tmp_path, beside, step, at, monkeypatch
):
    """Stopped at any step; what was in by then is not put in again."""
    folder = tmp_path / "index"
    add_first = talks / "talk-0.txt"
    archive.make(folder, [add_first], Small(), store=beside)
    before = load(folder).build
    kind = type(load(folder).engine)
    calls = []
    real = getattr(kind, step)

    def stops(engine, *arguments):
        calls.append(arguments)
        if len(calls) > at:
            raise Stopped
        return real(engine, *arguments)

    stopped = True
    with monkeypatch.context() as patch:
        patch.setattr(kind, step, stops)
        try:
            archive.make(folder, [talks], Small())
        except Stopped:
            pass
        else:
            stopped = False  # it is not called so often
    now = load(folder)
    if stopped and step != "drop":
        assert now.build == before
        assert {now.article(n).id for n in now.store.near(rows(1)[0], 50)} == {"talk-0"}
    put = []
    with monkeypatch.context() as patch:
        real_put = kind.put
        patch.setattr(kind, "put", lambda *given: [put.append(given[1]), real_put(*given)])
        archive.make(folder, [talks], Small())
    assert len(put) <= 8 - (min(at, 7) if step == "put" else 0)
    now = load(folder)
    assert sorted(now.store.near(rows(1)[0], 500)) == list(range(len(now.passages)))
    assert set(now.engine.builds()) == {now.build}
    assert set(now.engine.held()) == {key for key, _, _ in now.keys}


def test_rows_that_no_article_in_force_has_are_never_put_up(talks, tmp_path, beside):
    """Left by one who was stopped, or put there by another copy: others come in their place."""
    archive.make(tmp_path / "index", [talks], Small(), store=beside)
    index = load(tmp_path / "index")
    _, first, count = index.keys[2]
    from rag.index.filling import _rows

    strange = [
        type(row)(key_of("strange"), row.place, row.speaker, row.vector, row.stems) for row in _rows(index, 2)
    ]
    index.engine.put(key_of("strange"), strange)
    index.engine.settle()
    for number in range(first, first + count):
        row = index.vectors.rows(number, number + 1)[0]
        assert index.store.near(row, 3)[0] == number
        assert len(index.store.near(row, 3)) == 3


@pytest.mark.parametrize("spoilt", ["article", "unmarked", "other build", "miscounted"])
def test_what_is_half_filled_or_of_another_index_is_refused_in_one_line(talks, tmp_path, beside, spoilt):
    """When it is opened, before anything is asked; and a build mends it."""
    folder = tmp_path / "index"
    archive.make(folder, [talks], Small(), store=beside)
    index = load(folder)
    if spoilt == "article":
        index.engine.drop([index.keys[0][0]])
    elif spoilt == "miscounted":
        index.engine.mark(index.build, 3)
    else:
        index.engine.unmark(index.build)
        if spoilt == "other build":
            index.engine.mark("build-of-another", 7)
    with pytest.raises(StoreFault, match="run `onrecord build`"):
        load(folder)
    archive.make(folder, [talks], Small())
    assert len(load(folder).store.near(rows(1)[0], 500)) == len(index.passages)


class Wide(Small):
    """A model of vectors twice as long."""

    name, fingerprint = "wide", "7" * 64

    def encode(self, texts):
        """Rows of sixteen numbers."""
        return np.concatenate([super().encode(texts)] * 2, axis=1) / np.sqrt(2)


def test_vectors_of_another_length_are_refused(talks, tmp_path, beside):
    """A name that is taken by an index of another model; the old index stays in force."""
    archive.make(tmp_path / "index", [talks], Small(), store=beside)
    before = load(tmp_path / "index").build
    with pytest.raises(StoreFault, match="holds vectors of 8 numbers"):
        archive.make(tmp_path / "other", [talks], Wide(), store=beside)
    with pytest.raises(StoreFault, match="holds vectors of 8 numbers"):
        archive.make(tmp_path / "index", [talks], Wide())
    assert load(tmp_path / "index").build == before


def test_two_indexes_under_two_names_do_not_mix(talks, tmp_path, beside):
    """In one server, each finds its own."""
    other = Where(beside.engine, beside.url, f"{beside.name}_b")
    archive.make(tmp_path / "one", [talks / "talk-1.txt"], Small(), store=beside)
    archive.make(tmp_path / "two", [talks / "talk-2.txt"], Small(), store=other)
    for name, held in (("one", "talk-1"), ("two", "talk-2")):
        index = load(tmp_path / name)
        assert {index.article(n).id for n in index.store.near(rows(1)[0], 99)} == {held}


def test_an_index_goes_back_to_no_server(talks, tmp_path, beside):
    """Built with the default engine again it needs the other one no more."""
    archive.make(tmp_path / "index", [talks], Small(), store=beside)
    archive.make(tmp_path / "index", [talks], Small(), store=Where.parse("faiss", None))
    index = load(tmp_path / "index")
    assert isinstance(index.store, Embedded)
    assert builds.read_manifest(tmp_path / "index")["store"] == {}


def test_whole_answers_are_the_same(tmp_path, beside, bot):
    """Over the first article, for questions of every kind: as the default engine gives them, to the byte."""
    archive.make(tmp_path / "index", [SEED], OnnxEncoder(), store=beside)
    index = load(tmp_path / "index")
    remote = Bot(index, bot.encoder, TrainedReader.shipped())
    questions = evaluate.read_questions(ROOT / "tests/questions/dev.jsonl")
    kinds = {}
    for question in questions:
        kinds.setdefault(question.kind, []).append(question)
    for question in [each for own in kinds.values() for each in own[:1]]:
        here, there = (
            json.dumps(as_json(None, which.ask(question.question, history=question.history)))
            for which in (bot, remote)
        )
        assert there == here, question.question


def test_it_can_be_connected_to_twice(beside):
    """What is there is used, and not made again."""
    for _ in range(2):
        engine = connect(beside, 8)
        assert engine.held() == {}
        assert engine.builds() == {}
        engine.close()


def test_a_filter_that_the_graph_does_not_know_loses_nothing(postgres, monkeypatch):
    """Where a graph leads to the nearest of all, those that compete are found however few they are."""
    from rag.index.engines import postgres as module

    monkeypatch.setattr(module, "MOST_EXACT", 10)
    engine = module.connect(Where("postgres", postgres, "graph"), 8)
    vectors = np.random.default_rng(0).normal(size=(3_000, 8)).astype(np.float32)
    for article in range(30):
        own = [Row(article + 1, n, n % 100, vectors[article * 100 + n], ("en oil",)) for n in range(100)]
        engine.put(article + 1, own)
    engine.settle()
    (plan,) = engine._ask("SELECT count(*) FROM pg_indexes WHERE indexname = %s", ("graph_by_vector",))
    assert plan[0] == 1
    row = vectors[0]
    found = engine.nearest(row, 30, Wanted(speakers=frozenset({7})))
    assert sorted(found) == [(article, 7) for article in range(1, 31)]
    scores = [float(vectors[(article - 1) * 100 + place] @ row) for article, place in found]
    assert scores == sorted(scores, reverse=True)
    engine.close()


def test_a_passage_of_endless_words_goes_in_and_is_found(beside):
    """A stem longer than an engine's words may be, and more stems than one field holds."""
    engine = connect(beside, 8)
    vector = Small().encode(["x"])[0]
    long = "en " + "x" * 5_000
    rows = [Row(1, 0, 0, vector, (long, "en oil")), Row(1, 1, 0, vector, ("en oil",) * 30_000)]
    engine.put(1, rows)
    engine.settle()
    assert engine.holding([(long, 1.0)], 1, Wanted()) == [(1, 0)]
    assert sorted(engine.holding([("en oil", 1.0)], 9, Wanted())) == [(1, 0), (1, 1)]
    engine.close()
