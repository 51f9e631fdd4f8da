"""LlamaIndex: a VectorStoreIndex over FAISS with HuggingFaceEmbedding, kept on disk.

Its own chunker is SentenceSplitter as it comes: 1,024 tokens, of which 200 overlap.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.plain import loading
from benchmarks.peers.protocol import BATCH, WANTED, Document, Found, Settings, main, pieces

# The dimension of the model's vectors, which FAISS wants to know before there is one.
DIMENSION = 384


class LlamaIndex:
    """Nodes with their place as metadata, which is not embedded."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def load(self) -> None:
        """Nothing; afterwards the model is in memory."""
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        self.model = HuggingFaceEmbedding(
            self.settings.model,
            device="cpu",
            backend=self.settings.backend,
            model_kwargs=loading(self.settings.backend),
            embed_batch_size=BATCH,
        )

    def _nodes(self, corpus: Sequence[Document]) -> list[Any]:
        from llama_index.core.schema import Document as Whole
        from llama_index.core.schema import TextNode

        if self.settings.chunks == "sentences":
            return [
                TextNode(
                    text=each.text, metadata=(told := _told(each.place)), excluded_embed_metadata_keys=[*told]
                )
                for each in pieces(corpus, "sentences")
            ]
        from llama_index.core.node_parser import SentenceSplitter

        wholes = [Whole(text=each.text, id_=each.id) for each in corpus]
        nodes: list[Any] = SentenceSplitter().get_nodes_from_documents(wholes)
        for node in nodes:
            node.metadata = _told((node.ref_doc_id, node.start_char_idx, node.end_char_idx))
            node.excluded_embed_metadata_keys = [*node.metadata]
        return nodes

    def build(self, corpus: Sequence[Document], index: Path) -> list[str]:
        """The texts of the passages."""
        import faiss
        from llama_index.core import StorageContext, VectorStoreIndex
        from llama_index.vector_stores.faiss import FaissVectorStore

        nodes = self._nodes(corpus)
        store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(DIMENSION))
        made = VectorStoreIndex(
            nodes,
            storage_context=StorageContext.from_defaults(vector_store=store),
            embed_model=self.model,
        )
        made.storage_context.persist(persist_dir=str(index))
        return [node.text for node in nodes]

    def open(self, index: Path) -> None:
        """Nothing; afterwards questions can be asked."""
        from llama_index.core import StorageContext, load_index_from_storage
        from llama_index.vector_stores.faiss import FaissVectorStore

        self.load()
        store = FaissVectorStore.from_persist_dir(str(index))
        context = StorageContext.from_defaults(vector_store=store, persist_dir=str(index))
        self.retriever = load_index_from_storage(context, embed_model=self.model).as_retriever(
            similarity_top_k=WANTED
        )

    def find(self, question: str) -> list[Found]:
        """The places of the nearest passages."""
        told = [each.node.metadata for each in self.retriever.retrieve(question)]
        return [(each["document"], each["start"], each["end"]) for each in told]


def _told(place: Found) -> dict[str, Any]:
    return dict(zip(("document", "start", "end"), place, strict=True))


if __name__ == "__main__":
    main(LlamaIndex)
