"""A folder of shipped weights: its card, its files checked by their sums, its tokenizer and session.

A card has the SHA-256 of every file beside it, and its own over the rest of it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.errors import ModelError

MODELS = Path(__file__).parent / "models"
CARD = "model.json"

# Where a record keeps the sum over its other parts.
SEAL = "sha256"

# One thread runs one question as fast as two, without making a second core spin.
THREADS = 1


class Weights:
    """What lies in one folder of rag/models/. `what` is what it is called where it is missing.

    The card must have the named texts and numbers; ModelError says what it lacks.
    """

    def __init__(self, folder: Path, what: str, texts: Sequence[str], numbers: Sequence[str]) -> None:
        self._folder = folder
        self._whole: set[str] = set()
        path = folder / CARD
        try:
            self.card: dict[str, Any] = json.loads(path.read_text("utf-8"))
            if not is_sealed(self.card):
                raise ValueError("its checksum does not fit")
            self._files = dict(self.card["files"])
            self.card |= {key: str(self.card[key]) for key in ("name", *texts)}
            self.card |= {key: int(self.card[key]) for key in numbers}
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ModelError(
                f"no {what} by {path} ({type(error).__name__}: {error}); restore it from the repository"
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
        """The graph, opened in ONNX Runtime. All that stands on the card is whole then, or ModelError.

        Whatever is answered needs a graph, so nothing is answered from a folder that is damaged anywhere.
        """
        import onnxruntime

        for file in self._files:
            self._checked(file)

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = THREADS
        return onnxruntime.InferenceSession(
            str(self._checked("model.onnx")), options, providers=["CPUExecutionProvider"]
        )

    def faults(self) -> Iterator[str]:
        """A line for each file that is not as the card has it."""
        for file in self._files:
            try:
                self._checked(file)
            except ModelError as fault:
                yield str(fault)

    @property
    def size(self) -> int:
        """How many files there are, the card among them."""
        return 1 + len(self._files)

    def _checked(self, file: str) -> Path:
        """The path of a model file whose checksum is the recorded one; it is taken once."""
        path = self._folder / file
        if file not in self._whole:
            found = sha256(path) if path.is_file() else "no file"
            if found != (expected := str(self._files.get(file, "a recorded checksum"))):
                raise ModelError(
                    f"{path} has SHA-256 {found[:12]}, expected {expected[:12]}; "
                    "restore it from the repository"
                )
            self._whole.add(file)
        return path


def seal_of(record: Mapping[str, Any]) -> str:
    """SHA-256 over all parts of a record but its seal."""
    rest = {key: value for key, value in record.items() if key != SEAL}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with its seal, so that no altered one is ever believed."""
    return {**record, SEAL: seal_of(record)}


def is_sealed(record: Mapping[str, Any]) -> bool:
    """Whether the record is as it was when it was sealed."""
    return bool(record[SEAL] == seal_of(record))


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
