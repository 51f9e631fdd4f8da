"""Nearest vectors, worked out by hand."""

# mypy: allow-untyped-calls

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rag.index.vectors import RowFile, VectorStore, rows_of

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
    """Rows written in parts are one file; parts of it are read without the rest."""
    with RowFile(tmp_path / "rows.npy") as file:
        for at in range(0, 4, 2):
            file.append(ROWS[at : at + 2])
    assert np.array_equal(np.load(tmp_path / "rows.npy"), ROWS)
    assert np.array_equal(rows_of(tmp_path / "rows.npy", 1, 3), ROWS[1:3])
    assert np.array_equal(VectorStore.load(tmp_path / "rows.npy").rows(0, 4), ROWS)


def test_rows_of_another_length_are_refused(tmp_path):
    """Vectors of two models never stand in one file."""
    with RowFile(tmp_path / "rows.npy") as file:
        file.append(ROWS)
        with pytest.raises(ValueError, match="of 2 numbers"):
            file.append(ROWS[:, :2])
