"""The interviews as a LangChain retriever: each document is one quote, unchanged."""

from typing import Any

from pydantic import Field

from rag.answers import quote_json
from rag.batch import FILTERS
from rag.interviews import Interviews
from rag.records import Answer, Quote
from rag.retrievers import ExtraMissing

try:
    from langchain_core.callbacks import (
        AsyncCallbackManagerForRetrieverRun,
        CallbackManagerForRetrieverRun,
    )
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
except ImportError:
    raise ExtraMissing("langchain") from None


class OnRecordRetriever(BaseRetriever):
    """Quotes that answer, best first; none where the articles do not say.

    `page_content` is the quote's text, `metadata` its JSON. `speaker`, `article`, `since` and `until`
    narrow down what may answer. With `related` a declined question gives its near misses, which are no
    answer: their metadata say `"related": True`.
    """

    interviews: Interviews = Field(exclude=True, repr=False)
    speaker: str | None = None
    article: str | None = None
    since: str | None = None
    until: str | None = None
    related: bool = False

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return self._documents(self.interviews.ask(query, **self._narrowed()))

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        return self._documents(await self.interviews.aask(query, **self._narrowed()))

    def _narrowed(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in FILTERS}

    def _documents(self, answer: Answer) -> list[Document]:
        if answer.status == "declined" and self.related:
            return [_document(quote, related=True) for quote in answer.related]
        return [_document(quote) for quote in answer.quotes]


def _document(quote: Quote, **more: Any) -> Document:
    row = quote_json(quote)
    return Document(id=row["id"], page_content=quote.text, metadata={**row, **more})
