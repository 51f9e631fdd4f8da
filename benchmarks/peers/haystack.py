"""Haystack: the in-memory store, kept on disk, with the sentence-transformers embedders in its pipeline.

Its own chunker is DocumentSplitter as it comes: 200 words.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.plain import loading
from benchmarks.peers.protocol import BATCH, WANTED, Document, Found, Settings, main, pieces

# It would count its users.
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"


class Haystack:
    """Documents with their place as meta."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def _told(self) -> dict[str, Any]:
        from haystack.utils import ComponentDevice

        return {
            "model": self.settings.model,
            "device": ComponentDevice.from_str("cpu"),
            "backend": self.settings.backend,
            "model_kwargs": loading(self.settings.backend) or None,
            "batch_size": BATCH,
            "progress_bar": False,
            "normalize_embeddings": True,
        }

    def load(self) -> None:
        """Nothing; afterwards the model is in memory."""
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
        )

        self.embedder = SentenceTransformersDocumentEmbedder(**self._told())
        self.embedder.warm_up()

    def _documents(self, corpus: Sequence[Document]) -> list[Any]:
        from haystack import Document as Own

        if self.settings.chunks == "sentences":
            return [
                Own(content=each.text, meta={"document": each.place[0], "start": each.place[1]})
                for each in pieces(corpus, "sentences")
            ]
        from haystack.components.preprocessors import DocumentSplitter

        splitter = DocumentSplitter()
        splitter.warm_up()
        wholes = [Own(content=each.text, meta={"document": each.id}) for each in corpus]
        split = splitter.run(documents=wholes)["documents"]
        for each in split:
            each.meta["start"] = each.meta["split_idx_start"]
        return list(split)

    def build(self, corpus: Sequence[Document], index: Path) -> list[str]:
        """The texts of the passages."""
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack.document_stores.types import DuplicatePolicy

        store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
        made = self.embedder.run(documents=self._documents(corpus))["documents"]
        store.write_documents(made, policy=DuplicatePolicy.OVERWRITE)
        index.mkdir(parents=True, exist_ok=True)
        store.save_to_disk(str(index / "store.json"))
        return [each.content for each in made]

    def open(self, index: Path) -> None:
        """Nothing; afterwards questions can be asked."""
        from haystack import Pipeline
        from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersTextEmbedder,
        )

        store = InMemoryDocumentStore.load_from_disk(str(index / "store.json"))
        self.pipeline = Pipeline()
        self.pipeline.add_component("embedder", SentenceTransformersTextEmbedder(**self._told()))
        self.pipeline.add_component("retriever", InMemoryEmbeddingRetriever(store, top_k=WANTED))
        self.pipeline.connect("embedder.embedding", "retriever.query_embedding")

    def find(self, question: str) -> list[Found]:
        """The places of the nearest passages."""
        found = self.pipeline.run({"embedder": {"text": question}})["retriever"]["documents"]
        return [
            (each.meta["document"], each.meta["start"], each.meta["start"] + len(each.content))
            for each in found
        ]


if __name__ == "__main__":
    main(Haystack)
