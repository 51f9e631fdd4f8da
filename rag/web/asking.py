"""A question from any surface of a server to its answer: in line, counted, logged, kept for who asks again."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from rag.interviews import InForce, Interviews
from rag.logs import event
from rag.records import Answer
from rag.web.given import Asked
from rag.web.line import Line
from rag.web.metrics import Metrics

T = TypeVar("T")

# Answers that are kept, for a page that is opened again and a conversation that is taken along.
KEPT = 500


@dataclass(frozen=True)
class Topic:
    """What several people are to be compared on."""

    topic: str
    speakers: tuple[str, ...] = ()
    article: str | None = None


class Asking:
    """Asks the interviews for the page and for programs. `log_questions` writes down what was asked."""

    def __init__(
        self,
        interviews: Interviews,
        metrics: Metrics,
        line: Line | None = None,
        *,
        log_questions: bool = False,
    ) -> None:
        self.interviews, self.metrics = interviews, metrics
        self.line = line or Line()
        self._log_questions = log_questions
        self._kept = lru_cache(KEPT)(_answer)
        self._of = interviews.now

    async def ask(self, asked: Asked | Topic, surface: str) -> Answer:
        """The answer, when its turn has come; OnRecordError, or Full where the line is too long."""
        begun = time.perf_counter()
        answer = await self.line.through(lambda: self.answer(asked))
        seconds = time.perf_counter() - begun
        self.metrics.answered(surface, answer, seconds)
        words = {"question": answer.question, "quotes": _ids(answer)} if self._log_questions else {}
        event("asked", surface=surface, status=answer.status, seconds=round(seconds, 3), **words)
        return answer

    def answer(self, asked: Asked | Topic) -> Answer:
        """The answer at once, as it was kept where the same was asked of the same build."""
        now = self.interviews.now
        if now is not self._of:  # what was kept is of a build that is gone, and would keep it in memory
            self._kept.cache_clear()
            self._of = now
        return self._kept(now, asked)

    async def through(self, work: Callable[[], T]) -> T:
        """What other work gives that takes as long as a question, done when its turn has come."""
        return await self.line.through(work)


def _answer(now: InForce, asked: Asked | Topic) -> Answer:
    bot = now.bot.result()
    if isinstance(asked, Topic):
        return bot.compare(asked.topic, asked.speakers, article=asked.article)
    narrowed: dict[str, Any] = dict(asked.narrowed)
    return bot.ask(asked.question, history=asked.history, **narrowed)


def _ids(answer: Answer) -> Sequence[str]:
    from rag.quotes import id_of

    return [id_of(quote) for quote in answer.quotes]
