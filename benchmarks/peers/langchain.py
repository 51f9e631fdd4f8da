"""LangChain: its FAISS store with HuggingFaceEmbeddings, kept on disk.

Its own chunker is RecursiveCharacterTextSplitter as it comes: 4,000 characters, of which 200 overlap.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.plain import loading
from benchmarks.peers.protocol import BATCH, WANTED, Document, Found, Settings, main, pieces


class LangChain:
    """Documents with their place as metadata."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def load(self) -> None:
        """Nothing; afterwards the model is in memory."""
        from langchain_huggingface import HuggingFaceEmbeddings

        self.model = HuggingFaceEmbeddings(
            model_name=self.settings.model,
            model_kwargs={
                "device": "cpu",
                "backend": self.settings.backend,
                "model_kwargs": loading(self.settings.backend),
            },
            encode_kwargs={"normalize_embeddings": True, "batch_size": BATCH},
        )

    def _documents(self, corpus: Sequence[Document]) -> list[Any]:
        from langchain_core.documents import Document as Own

        if self.settings.chunks == "sentences":
            return [
                Own(
                    page_content=each.text, metadata={"document": each.place[0], "start_index": each.place[1]}
                )
                for each in pieces(corpus, "sentences")
            ]
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        wholes = [Own(page_content=each.text, metadata={"document": each.id}) for each in corpus]
        return list(RecursiveCharacterTextSplitter(add_start_index=True).split_documents(wholes))

    def build(self, corpus: Sequence[Document], index: Path) -> list[str]:
        """The texts of the passages."""
        from langchain_community.vectorstores import FAISS

        made = self._documents(corpus)
        FAISS.from_documents(made, self.model).save_local(str(index))
        return [each.page_content for each in made]

    def open(self, index: Path) -> None:
        """Nothing; afterwards questions can be asked."""
        from langchain_community.vectorstores import FAISS

        self.load()
        # The pickle beside the vectors was written by `build` a moment ago.
        self.store = FAISS.load_local(str(index), self.model, allow_dangerous_deserialization=True)

    def find(self, question: str) -> list[Found]:
        """The places of the nearest passages."""
        return [
            (
                each.metadata["document"],
                each.metadata["start_index"],
                each.metadata["start_index"] + len(each.page_content),
            )
            for each in self.store.similarity_search(question, k=WANTED)
        ]


if __name__ == "__main__":
    main(LangChain)
