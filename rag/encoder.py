"""Text to unit vectors: the shipped weights on ONNX Runtime, any others through sentence-transformers.

Importing torch costs seconds of CPU and encoding a question a few milliseconds, so who uses the
shipped model never imports it.
"""

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError
from rag.records import Encoder
from rag.trunk import FOLDER, trunk_of
from rag.weights import MODELS, Weights

if TYPE_CHECKING:
    from rag.records import Vectors

DEFAULT_MODEL = "multilingual-e5-small"
DEFAULT_FOLDER = MODELS / DEFAULT_MODEL

# Sentences are short; a batch of 32 keeps memory flat and is as fast as larger ones on a CPU.
BATCH = 32

_ENCODING: dict[str, Any] = {
    "batch_size": BATCH,
    "normalize_embeddings": True,
    "show_progress_bar": False,
}


class OnnxEncoder:
    """The shipped weights on ONNX Runtime; imports neither torch nor transformers."""

    def __init__(self, folder: Path = DEFAULT_FOLDER, trunk: Path = FOLDER) -> None:
        self._weights = Weights(folder, "model", ("question", "passage"), ("dimension", "max_tokens"))
        card = self._weights.card
        self.name: str = card["name"]
        self.fingerprint: str = self._weights.fingerprint
        self._dimension: int = card["dimension"]
        self._longest: int = card["max_tokens"]
        self._question: str = card["question"]
        self._passage: str = card["passage"]
        self._trunk_folder = trunk

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """Unit row vectors of passages, shape (len(texts), dimension), float32."""
        return self._encode([self._passage + text for text in texts])

    def encode_questions(self, texts: Sequence[str]) -> "Vectors":
        """Unit row vectors of questions, shape (len(texts), dimension), float32."""
        return self._encode([self._question + text for text in texts])

    def _encode(self, texts: list[str]) -> "Vectors":
        import numpy as np

        rows = [self._run(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return np.concatenate(rows) if rows else np.zeros((0, self._dimension), np.float32)

    def _run(self, texts: list[str]) -> "Vectors":
        trunk = trunk_of(self._trunk_folder)
        pieces = [(trunk.first, *own[: self._longest - 2], trunk.separator) for own in trunk.pieces(texts)]
        states, mask = trunk.states(pieces)
        rows: Vectors = self._session.run(None, {"states": states, "mask": mask})[0]
        return rows

    def load(self) -> None:
        """Nothing; afterwards the first question need not wait for the weights."""
        self.encode_questions(["ready"])

    @cached_property
    def _session(self) -> Any:
        return self._weights.session()


class TorchEncoder:
    """Any sentence-transformers model, by name or folder. Slow to import."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the names and values of the tensors."""
        digest = hashlib.sha256()
        for key, tensor in sorted(self._model.state_dict().items()):
            digest.update(key.encode())
            digest.update(tensor.cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """Unit row vectors of passages, shape (len(texts), dimension), float32."""
        rows: Vectors = self._model.encode_document(list(texts), **_ENCODING)
        return rows

    def encode_questions(self, texts: Sequence[str]) -> "Vectors":
        """Unit row vectors of questions, shape (len(texts), dimension), float32."""
        rows: Vectors = self._model.encode_query(list(texts), **_ENCODING)
        return rows

    def load(self) -> None:
        """Nothing; afterwards the first question need not wait for the weights."""
        self.encode_questions(["ready"])

    @cached_property
    def _model(self) -> Any:
        quiet()
        # Only a model that the user names, and that is no folder, may be downloaded.
        os.environ["HF_HUB_OFFLINE"] = "1" if Path(self.name).exists() else "0"
        try:
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(self.name, device="cpu")
        except (OSError, ValueError, KeyError) as error:
            why = f"{type(error).__name__}: {str(error).splitlines()[0][:120]}"
            raise ModelError(
                f"no sentence-transformers model {self.name!r} ({why}); pass --model a name or a folder"
            ) from None


def encoder_of(name: str) -> Encoder:
    """The encoder of that name: the shipped one, or sentence-transformers' of a name or folder."""
    return OnnxEncoder() if name == DEFAULT_MODEL else TorchEncoder(name)


def quiet() -> None:
    """Nothing; afterwards the libraries around a model neither look anything up nor chat."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("HF_HUB_VERBOSITY", "error")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TQDM_DISABLE", "1")
