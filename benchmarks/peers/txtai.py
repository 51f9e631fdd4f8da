"""txtai: Embeddings over FAISS, kept on disk.

`--backend onnx` takes the int8 weights that its HFOnnx pipeline makes; they are made by

    python -m benchmarks.peers.txtai export MODEL FOLDER

It has no chunker among its defaults, so its own chunks are paragraphs.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.protocol import (
    BATCH,
    WANTED,
    Document,
    Found,
    Settings,
    keep_places,
    kept_places,
    main,
    pieces,
)

WEIGHTS, TOKENS = "txtai.onnx", "tokenizer.json"
# As many tokens as the model reads, which its folder tells sentence-transformers.
LONGEST = 256


def export(model: str, folder: str) -> None:
    """Nothing; writes the model with int8 weights for ONNX Runtime, and its tokenizer beside it."""
    from txtai.pipeline import HFOnnx

    Path(folder).mkdir(parents=True, exist_ok=True)
    HFOnnx()(model, "pooling", str(Path(folder) / WEIGHTS), quantize=True)
    (Path(folder) / TOKENS).write_bytes((Path(model) / TOKENS).read_bytes())


class Txtai:
    """Passages by number, with the places beside the index."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def _told(self) -> dict[str, Any]:
        told: dict[str, Any] = {"path": self.settings.model, "gpu": False, "encodebatch": BATCH}
        if self.settings.backend == "onnx":
            told["path"] = f"{self.settings.model}/{WEIGHTS}"
            told["maxlength"] = LONGEST
        return told

    def load(self) -> None:
        """Nothing; afterwards the model is in memory."""
        from txtai import Embeddings

        self.embeddings = Embeddings(self._told())

    def build(self, corpus: Sequence[Document], index: Path) -> list[str]:
        """The texts of the passages."""
        found = pieces(corpus, self.settings.chunks)
        self.embeddings.index([(number, each.text, None) for number, each in enumerate(found)])
        self.embeddings.save(str(index))
        keep_places(found, index)
        return [each.text for each in found]

    def open(self, index: Path) -> None:
        """Nothing; afterwards questions can be asked."""
        from txtai import Embeddings

        self.embeddings = Embeddings()
        self.embeddings.load(str(index))
        self.places = kept_places(index)

    def find(self, question: str) -> list[Found]:
        """The places of the nearest passages."""
        return [self.places[number] for number, _ in self.embeddings.search(question, WANTED)]


if __name__ == "__main__":
    if sys.argv[1] == "export":
        export(*sys.argv[2:])
    else:
        main(Txtai)
