"""What many a tutorial does: sentence-transformers and FAISS, in a few lines.

`--backend onnx` takes the int8 weights that `export_dynamic_quantized_onnx_model` makes, as its page
"Speeding up inference" advises for processors; they are made by

    python -m benchmarks.peers.plain export MODEL FOLDER
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

# Of the kinds that it can make, the one for processors with these instructions; others run it too.
QUANTISED = "avx512_vnni"
WEIGHTS = f"onnx/model_qint8_{QUANTISED}.onnx"


def loading(backend: str) -> dict[str, Any]:
    """What SentenceTransformer is told of the backend, and what is built upon it hands on."""
    return {"file_name": WEIGHTS, "provider": "CPUExecutionProvider"} if backend == "onnx" else {}


def export(model: str, folder: str) -> None:
    """Nothing; writes the model with int8 weights for ONNX Runtime beside its own."""
    from sentence_transformers import SentenceTransformer, export_dynamic_quantized_onnx_model

    whole = SentenceTransformer(model, device="cpu", backend="onnx", model_kwargs={"export": True})
    whole.save_pretrained(folder)
    export_dynamic_quantized_onnx_model(whole, QUANTISED, folder)


class Plain:
    """The vectors in an exact FAISS index, which is right for some thousands of them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def load(self) -> None:
        """Nothing; afterwards the model is in memory."""
        from sentence_transformers import SentenceTransformer

        self.model = SentenceTransformer(
            self.settings.model,
            device="cpu",
            backend=self.settings.backend,
            model_kwargs=loading(self.settings.backend),
        )

    def _rows(self, texts: list[str]) -> Any:
        return self.model.encode(texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)

    def build(self, corpus: Sequence[Document], index: Path) -> list[str]:
        """The texts of the passages."""
        import faiss

        found = pieces(corpus, self.settings.chunks)
        texts = [each.text for each in found]
        rows = self._rows(texts)
        flat = faiss.IndexFlatIP(rows.shape[1])
        flat.add(rows)
        keep_places(found, index)
        faiss.write_index(flat, str(index / "faiss.index"))
        return texts

    def open(self, index: Path) -> None:
        """Nothing; afterwards questions can be asked."""
        import faiss

        self.index, self.places = faiss.read_index(str(index / "faiss.index")), kept_places(index)
        self.load()

    def find(self, question: str) -> list[Found]:
        """The places of the nearest passages."""
        _, numbers = self.index.search(self._rows([question]), WANTED)
        return [self.places[number] for number in numbers[0] if number >= 0]


if __name__ == "__main__":
    if sys.argv[1] == "export":
        export(*sys.argv[2:])
    else:
        main(Plain)
