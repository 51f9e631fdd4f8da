"""On Record, over the same texts as interviews: every paragraph is one turn of an unknown speaker.

A text with a `source` is read from that file, as a user's is. It cuts sentences itself, whichever chunks are
named. What it finds are the sentences of its quotes, then of what it shows as near when it declines.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.protocol import Document, Found, Settings, main
from rag import index as index_store
from rag import ingest
from rag.bot import Bot
from rag.encoder import DEFAULT_MODEL, encoder_of
from rag.reader import TrainedReader
from rag.reading import read
from rag.reading.turns import turns
from rag.records import Article, Span, Turn


class OnRecord:
    """A bot, and what each step of it took."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.more: dict[str, Any] = {}

    def load(self) -> None:
        """Nothing; afterwards the model is in memory."""
        self.encoder = encoder_of(self.settings.model or DEFAULT_MODEL)
        self.encoder.load()

    def build(self, corpus: Sequence[Document], index: Path) -> list[str]:
        """The texts of the passages."""
        articles = [
            read(Path(each.source)) if each.source else Article(each.id, each.text) for each in corpus
        ]
        spoken = [
            turns(article.text, ingest.spoken(article))
            if each.source
            else tuple(Turn(None, None, (Span(start, end),)) for start, end in each.paragraphs)
            for each, article in zip(corpus, articles, strict=True)
        ]
        built = index_store.build_spoken(articles, spoken, self.encoder)
        index_store.save(built, index)
        return [each.span.of(built.article(number).text) for number, each in enumerate(built.passages)]

    def open(self, index: Path) -> None:
        """Nothing; afterwards questions can be asked. The same as Bot.open, but that the steps are told."""
        index_store.check_fresh(index)
        held = index_store.load(index)
        self.bot = Bot(held, encoder_of(held.model), TrainedReader.shipped(), self._observe)

    def _observe(self, step: str, seconds: float) -> None:
        steps = self.more["steps"]
        steps[step] = steps.get(step, 0.0) + seconds

    def find(self, question: str) -> list[Found]:
        """The places of the sentences that are shown, best first."""
        self.more = {"steps": {}}
        answer = self.bot.ask(question)
        self.more["answered"] = answer.status == "answered"
        return [
            (quote.article.id, (quote.core or quote.span).start, (quote.core or quote.span).end)
            for quote in (*answer.quotes, *answer.related)
        ]


if __name__ == "__main__":
    main(OnRecord)
