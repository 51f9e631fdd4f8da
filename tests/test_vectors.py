"""Nearest vectors, worked out by hand."""

# mypy: allow-untyped-calls

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rag.index import vectors
from rag.index.vectors import Book, RowFile, Short, VectorStore

ROWS = np.array([[1, 0, 0], [0.6, 0.8, 0], [0, 1, 0], [0, 0, 1]], np.float32)
X = np.array([1, 0, 0], np.float32)


def test_nearest_first():
    """The rows come by falling inner product: 1, .6, and ties in any order."""
    assert VectorStore.build(ROWS).nearest(X, 2, None) == [0, 1]


def test_only_those_among_compete():
    """With numbers given only those are found, however near the others are."""
    assert VectorStore.build(ROWS).nearest(X, 4, np.array([3, 1], np.int64)) == [1, 3]


def test_asking_for_more_than_there_are():
    """A count above the number of rows gives each row once."""
    assert sorted(VectorStore.build(ROWS).nearest(X, 99, None)) == [0, 1, 2, 3]


def test_scores_are_inner_products():
    """Scores come in the order of the numbers asked for: .8, 0 and .6 with (0, 1, 0) and (1, 0, 0)."""
    store = VectorStore.build(ROWS)
    assert store.scores(np.array([0, 1, 0], np.float32), [1, 3]).tolist() == pytest.approx([0.8, 0])
    assert store.scores(X, [1]).tolist() == pytest.approx([0.6])


def test_size():
    """A store knows how many rows it has and how long they are."""
    store = VectorStore.build(ROWS)
    assert (len(store), store.dimension) == (4, 3)


def test_an_unwritable_place_is_the_systems_error(tmp_path):
    """Where the file cannot be written the error is an OSError, which the index turns into its own."""
    with pytest.raises(OSError, match="vectors"):
        VectorStore.build(ROWS).save(tmp_path / "no folder" / "vectors.faiss")


@given(
    hnp.arrays(np.float32, st.tuples(st.integers(1, 20), st.just(5)), elements=st.floats(-1, 1, width=32)),
    hnp.arrays(np.float32, 5, elements=st.floats(-1, 1, width=32)),
)
def test_save_then_load_answers_alike(tmp_path_factory, rows, row):
    """For any rows the store read back has the same neighbours and the same scores, bit for bit."""
    path = tmp_path_factory.mktemp("v") / "x"
    store = VectorStore.build(rows)
    store.save(path)
    again = VectorStore.load(path)
    everything = range(len(rows))
    assert again.nearest(row, 3, None) == store.nearest(row, 3, None)
    assert np.array_equal(again.scores(row, everything), store.scores(row, everything))
    assert store.scores(row, everything) == pytest.approx(rows @ row, abs=1e-5)


def test_rows_are_appended(tmp_path):
    """Rows written in parts are one file."""
    with RowFile(tmp_path / "rows.npy") as file:
        for at in range(0, 4, 2):
            file.append(ROWS[at : at + 2])
    assert np.array_equal(np.load(tmp_path / "rows.npy"), ROWS)
    assert np.array_equal(VectorStore.load(tmp_path / "rows.npy").rows(0, 4), ROWS)


def test_rows_of_another_length_are_refused(tmp_path):
    """Vectors of two models never stand in one file."""
    with RowFile(tmp_path / "rows.npy") as file:
        file.append(ROWS)
        with pytest.raises(ValueError, match="of 2 numbers"):
            file.append(ROWS[:, :2])


# Many rows --------------------------------------------------------------------------------------


@pytest.fixture
def many(monkeypatch):
    """So few rows that tests are quick are many: the nearest are found by codes."""
    monkeypatch.setattr(vectors, "MOST_EXACT", 1_000)
    monkeypatch.setattr(vectors, "MOST_GATHERED", 100)
    monkeypatch.setattr(vectors, "LOOKED_AT", 200)
    draw = np.random.default_rng(1)
    # Around forty points and not around zero, as sentences' rows lie.
    rows = 0.2 + draw.normal(size=(40, 32))[draw.integers(0, 40, 6_000)] + draw.normal(size=(6_000, 32)) * 0.6
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def kept(rows, folder, book=None, known=None):
    """The store of the rows as it is read back from disk."""
    folder.mkdir()
    with RowFile(folder / "rows.npy") as file:
        file.append(rows)
    if short := Short.of(rows, book, known or [len(rows)]):
        (folder / "short").mkdir()
        short.save(folder / "short")
    return VectorStore.load(folder / "rows.npy", folder / "short")


def made(each):
    assert each is not None
    return each


@pytest.mark.parametrize("share", [1, 0.5, 0.06, 0.01])
def test_of_many_rows_nearly_all_of_the_nearest_are_found(many, tmp_path, share):
    """Of the 50 nearest at least .95 are found, whatever share of the rows a filter keeps, and no others."""
    store = kept(many, tmp_path / "many")
    draw = np.random.default_rng(2)
    among = np.sort(draw.permutation(len(many))[: int(share * len(many))]) if share < 1 else None
    pool = np.arange(len(many)) if among is None else among
    shares = []
    for row in many[:40] + draw.normal(size=(40, 32)).astype(np.float32) * 0.1:
        found = store.nearest(row, 50, among)
        assert len(set(found)) == 50
        assert set(found) <= set(pool.tolist())
        near = store.scores(row, found)
        assert near.tolist() == sorted(near.tolist(), reverse=True)
        shares.append(len(set(found) & set(pool[np.argsort(-(many[pool] @ row))[:50]].tolist())) / 50)
    assert np.mean(shares) >= 0.95


def test_many_rows_are_as_they_were_put_in(many, tmp_path):
    """Rows and scores of many are those of few, bit for bit; codes change only who is looked at."""
    store, exact = kept(many, tmp_path / "many"), VectorStore.build(many)
    assert (len(store), store.dimension) == (6_000, 32)
    assert np.array_equal(store.rows(7, 9), many[7:9])
    assert np.array_equal(store.scores(many[0], [5, 3]), exact.scores(many[0], [5, 3]))
    assert store.nearest(many[0], 1, None) == [0]


def test_points_are_chosen_alike_and_stay_until_they_are_outgrown(many, tmp_path):
    """The same rows have the same book; more rows keep it and its codes, four times as many do not."""
    book = made(Book.of(many[:1_400]))
    assert np.array_equal(book.points, made(Book.of(many[:1_400])).points)
    known = [book.codes(many[:1_400]), 1_600]
    short = made(Short.of(many[:3_000], book, known))
    assert short.book is book
    assert np.array_equal(short.codes, book.codes(many[:3_000]))
    grown = made(Short.of(many, book, [book.codes(many[:1_400]), 4_600]))
    assert grown.book.rows == 6_000
    assert np.array_equal(grown.codes, grown.book.codes(many))


def test_few_rows_have_no_codes(many):
    """Up to MOST_EXACT rows there is nothing in short."""
    assert Short.of(many[:1_000], Book.of(many), [1_000]) is None


@pytest.mark.parametrize("dimension", [30, 31, 3, 1])
def test_rows_of_any_length_can_be_put_in_short(many, tmp_path, dimension):
    """Also such that make no even number of threes; the nearest of their kind is found."""
    rows = np.ascontiguousarray(many[:, :dimension])
    store = kept(rows, tmp_path / "many")
    assert store.dimension == dimension
    (found,) = store.nearest(rows[7], 1, None)
    assert store.scores(rows[7], [found]) == pytest.approx((rows @ rows[7]).max())


def test_rows_that_are_all_the_same_can_be_put_in_short(many, tmp_path):
    store = kept(np.repeat(many[:1], 2_000, axis=0), tmp_path / "many")
    assert len(store.nearest(many[0], 5, None)) == 5


def test_axes_keep_every_product(many):
    """They stand upright on each other, so a row along them is as near to another as before."""
    book = made(Book.of(many))
    assert book.axes.T @ book.axes == pytest.approx(np.eye(32), abs=1e-5)
    assert book.turned(many[0]) @ book.turned(many[1]) == pytest.approx(many[0] @ many[1], abs=1e-5)


@pytest.mark.parametrize("file", ["mean", "axes", "points", "codes"])
def test_codes_of_other_rows_are_refused(many, tmp_path, file):
    """Files of other shapes or kinds, which FAISS would read beyond their ends, are a ValueError."""
    kept(many, tmp_path / "many")
    path = tmp_path / "many" / "short" / f"{file}.npy"
    whole = np.load(path)
    for harmed in (whole[:-1], whole.astype(np.int64)):
        np.save(path, harmed)
        with pytest.raises(ValueError, match="in short"):
            VectorStore.load(tmp_path / "many" / "rows.npy", tmp_path / "many" / "short")
