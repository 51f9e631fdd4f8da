"""A folder of shipped weights: its card, its files checked by their sums, its tokenizer and session."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.errors import ModelError

MODELS = Path(__file__).parent / "models"

# One thread runs one question as fast as two, without making a second core spin.
THREADS = 1


class Weights:
    """What lies in one folder of rag/models/. `what` is what it is called where it is missing.

    The card must have the named texts and numbers; ModelError says what it lacks.
    """

    def __init__(self, folder: Path, what: str, texts: Sequence[str], numbers: Sequence[str]) -> None:
        self._folder = folder
        try:
            self.card: dict[str, Any] = json.loads((folder / "model.json").read_text("utf-8"))
            self._files = dict(self.card["files"])
            self.card |= {key: str(self.card[key]) for key in ("name", *texts)}
            self.card |= {key: int(self.card[key]) for key in numbers}
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ModelError(
                f"no {what} in {folder} ({type(error).__name__}: {error}); restore it from the repository"
            ) from None

    @property
    def fingerprint(self) -> str:
        """The recorded SHA-256 of the graph: another one makes other numbers of the same text."""
        return str(self._files.get("model.onnx", ""))

    def tokenizer(self) -> Any:
        """The tokenizer, as its file sets it up."""
        from tokenizers import Tokenizer

        return Tokenizer.from_file(str(self._checked("tokenizer.json")))

    def text(self, file: str) -> str:
        """What stands in a text file of the folder."""
        return self._checked(file).read_text("utf-8")

    def session(self) -> Any:
        """The graph, opened in ONNX Runtime."""
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


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
