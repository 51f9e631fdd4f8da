"""Text to unit vectors: the shipped weights on ONNX Runtime, any others through sentence-transformers.

Importing torch costs seconds of CPU and encoding a question a few milliseconds, so who uses the
shipped model never imports it.
"""

import fnmatch
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
# Of the shipped weights fewer at once are faster: there is less to pad, and more of it stays in the cache. Of
# 1,176 sentences in 27 articles (those of `python -m benchmarks.peers`) two cores embed 48 a second 16 at a
# time, 71 8 at a time, 82 4 at a time and 87 2 at a time.
TOGETHER = 4

# Reading such a file can run whatever its maker wrote into it. OpenVINO's weights end like one and are none.
_PICKLED = ("*.bin", "*.ckpt", "*.joblib", "*.pickle", "*.pkl", "*.pt", "*.pth")
_OPENVINO = "openvino_model*.bin"
# What of a model on the hub is never brought: pickles, and the same weights for other programs.
_LEFT_THERE = [*_PICKLED, "*.h5", "*.msgpack", "*.onnx", "*.ot", "onnx/*", "openvino/*"]

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

        rows: Vectors = np.zeros((len(texts), self._dimension), np.float32)
        # Texts of about one length go together, for what pads the shorter ones is computed as well.
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        batches = [order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER)]

        def fill(batch: list[int]) -> None:
            rows[batch] = self._run([texts[number] for number in batch])

        if len(batches) > 1:
            # Asking never needs it, and importing it takes as long as a question.
            from concurrent.futures import ThreadPoolExecutor

            _ = self._session, trunk_of(self._trunk_folder).ready  # no two threads may load them at once
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                list(pool.map(fill, batches))
        else:  # as a question is
            for batch in batches:
                fill(batch)
        return rows

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
            folder = Path(self.name) if Path(self.name).exists() else _brought(self.name)
            _refuse_pickles(folder)
            from sentence_transformers import SentenceTransformer

            # The folder is looked through above, and what reads it is told as well.
            return SentenceTransformer(
                str(folder),
                device="cpu",
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, KeyError) as error:
            why = f"{type(error).__name__}: {str(error).splitlines()[0][:120]}"
            raise ModelError(
                f"no sentence-transformers model {self.name!r} ({why}); pass --model a name or a folder"
            ) from None


def _brought(name: str) -> Path:
    """The folder of a model on the hub, downloaded or kept from before, without what can run code."""
    from huggingface_hub import snapshot_download
    from sentence_transformers.util.misc import ORIGINAL_TRANSFORMER_MODELS

    # A short name is read as sentence-transformers itself reads it.
    short = "/" not in name and name.lower() not in ORIGINAL_TRANSFORMER_MODELS
    return Path(
        snapshot_download(f"sentence-transformers/{name}" if short else name, ignore_patterns=_LEFT_THERE)
    )


def _refuse_pickles(folder: Path) -> None:
    """Nothing; ModelError where a part of the model has pickled weights and no safetensors beside them.

    In each part sentence-transformers asks for model.safetensors first, and for a pickle where there is none.
    """
    for path in sorted(folder.rglob("*")):
        name = path.name.lower()
        pickled = any(fnmatch.fnmatchcase(name, each) for each in _PICKLED)
        if not pickled or fnmatch.fnmatchcase(name, _OPENVINO):
            continue
        if not (path.parent / "model.safetensors").is_file():
            raise ModelError(
                f"{path.relative_to(folder)} of the model {str(folder)!r} is a pickle, which can run code "
                "when it is read; give a model whose weights are model.safetensors"
            )


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
