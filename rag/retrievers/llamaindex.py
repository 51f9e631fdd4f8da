"""The interviews as a LlamaIndex retriever: each node is one quote, unchanged."""

from typing import Any

from rag.answers import quote_json
from rag.batch import FILTERS
from rag.interviews import Interviews
from rag.records import Answer, Quote
from rag.retrievers import ExtraMissing

try:
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
except ImportError:
    raise ExtraMissing("llamaindex") from None

# Of a quote's JSON a language model is shown this beside the words; a vector store embeds the words alone.
SHOWN = ("speaker", "role", "title", "date", "link", "id", "related")


class OnRecordRetriever(BaseRetriever):
    """Quotes that answer, best first; none where the articles do not say.

    Each node's text is the quote's, its metadata the quote's JSON, its score the probability that it
    answers. `speaker`, `article`, `since` and `until` narrow down what may answer. With `related` a
    declined question gives its near misses, which are no answer: their metadata say `"related": True`.
    """

    def __init__(
        self,
        interviews: Interviews,
        *,
        speaker: str | None = None,
        article: str | None = None,
        since: str | None = None,
        until: str | None = None,
        related: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(**more)
        self.interviews = interviews
        self.speaker, self.article, self.since, self.until = speaker, article, since, until
        self.related = related

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return self._nodes(self.interviews.ask(query_bundle.query_str, **self._narrowed()))

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return self._nodes(await self.interviews.aask(query_bundle.query_str, **self._narrowed()))

    def _narrowed(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in FILTERS}

    def _nodes(self, answer: Answer) -> list[NodeWithScore]:
        if answer.status == "declined" and self.related:
            return [_node(quote, related=True) for quote in answer.related]
        return [_node(quote) for quote in answer.quotes]


def _node(quote: Quote, **more: Any) -> NodeWithScore:
    row = {**quote_json(quote), **more}
    node = TextNode(
        id_=row["id"],
        text=quote.text,
        metadata=row,
        excluded_llm_metadata_keys=[key for key in row if key not in SHOWN],
        excluded_embed_metadata_keys=list(row),
    )
    return NodeWithScore(node=node, score=quote.score)
