"""What the page asks of the server about the conversation. Nothing of it is kept here: the browser has it."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any

from rag import reports, transcript, wording
from rag.bot import MAX_QUESTION
from rag.brief import FORMATS
from rag.cite import style_of
from rag.errors import InputError, OnRecordError
from rag.fold import fold
from rag.interviews import InForce
from rag.records import Answer, Quote
from rag.topics import topics
from rag.web import given
from rag.web.asking import Asking
from rag.web.desk import file_of
from rag.web.given import fields
from rag.web.line import Full
from rag.web.page import labels
from rag.web.page import talk as markup
from rag.web.page.text import titled

if TYPE_CHECKING:
    from pathlib import Path

# Seeks the questions to begin with, one at a time, so that nobody's question waits for them.
_ASIDE = ThreadPoolExecutor(1, "aside")

# So many questions to begin with are taken in at a glance, and so many of ours beside them.
MOST_OFFERED, MOST_STARTERS = 12, 5
# Topics that are tried for them: each takes a question's time.
TRIED = 14
# Of these topics of the first article's a reader would be content with six, all that reach this probability.
WELL = 0.4
MOST_COMPLETIONS = 6
# Articles that are looked through for topics: an archive has too many to do it at a keystroke.
LOOKED_THROUGH = 200
# An exported conversation of more questions than a page ever holds.
MOST_TURNS = 200
BUSY = "very many people are asking at the moment; ask again in a minute"


class Talk:
    """Answers the page's scripts. What a browser sends may be forged: each value is checked here."""

    def __init__(self, now: InForce, asking: Asking, cards: markup.Cards, reported: "Path") -> None:
        self._index, self._bot, self._cards, self._reported = now.index, now.bot, cards, reported
        self._asking = asking
        self._starters: list[str] | None = None
        self._entries: list[tuple[str, str, str]] | None = None

    # --- questions -------------------------------------------------------------------------------

    async def ask(self, wanted: object) -> dict[str, Any]:
        """The reply to {"question", "history", "chosen"}: HTML, what to say aloud, where the first quote stands."""
        asked = given.asked(wanted)
        try:
            answer = await self._asking.ask(asked, "page")
        except Full:
            return _refused(BUSY)
        except OnRecordError as error:
            return _refused(str(error))
        return self._reply(asked, answer)

    def _reply(self, asked: given.Asked, answer: Answer) -> dict[str, Any]:
        return {
            "html": self._cards.answered(answer, self._told(asked, labels.of(answer.language))),
            "you": labels.of(answer.language).you_asked,
            "say": markup.spoken(answer),
            "show": _place(answer.quotes[0]) if answer.quotes else None,
            "asked": True,
        }

    def _told(self, asked: given.Asked, say: labels.Labels) -> list[str]:
        """What a question was narrowed down to, as a reader chose it."""
        held = self._index.held
        shown: dict[str, Callable[[str], str]] = {
            "article": lambda name: f"“{titled(held[name].article) if name in held else name}”",
            "since": say.since.format,
            "until": say.until.format,
            "order": lambda order: say.newest if order == "newest" else order,
        }
        return [shown.get(name, str)(value) for name, value in asked.narrowed]

    async def relevance(self, wanted: object) -> dict[str, Any]:
        """How near each sentence of {"article"} comes to {"question", "history"}: [[start, end, who, nearness]]."""
        asked = given.asked(wanted)
        article = fields(wanted).get("article")

        def found() -> dict[str, Any]:
            try:
                near = self._bot.result().relevance(asked.question, str(article), asked.history)
            except OnRecordError:
                return {"sentences": []}
            return {"sentences": [[span.start, span.end, who or "", value] for span, who, value in near]}

        try:
            return await self._asking.through(found)
        except Full:
            return {"sentences": []}

    # --- to begin with, and while one types --------------------------------------------------------

    def offered(self) -> tuple[str, ...]:
        """The interviewers' questions that the page opens with: all of one article, else one of each, up to some."""
        if len(self._index.articles) == 1:
            return tuple(self._index.questions)
        firsts = (
            next((turn.asked.of(article.text) for turn in turns if turn.asked), None)
            for article, turns in zip(self._index.articles, self._index.turns, strict=True)
        )
        return tuple(islice((each for each in firsts if each), MOST_OFFERED))

    async def starters(self, _: object) -> dict[str, str]:
        """Questions of ours that the reader finds well answered, as HTML; sought once, when nobody asks."""
        if self._starters is None:
            self._starters = await asyncio.get_running_loop().run_in_executor(_ASIDE, self._sought)
        return {"html": markup.starters(self._starters)}

    def _sought(self) -> list[str]:
        if self._starters is not None:
            return self._starters
        try:
            bot = self._bot.result()
        except OnRecordError:
            return []
        first = self._index.held[self._index.articles[0].id]
        found: list[tuple[float, str]] = []
        names = (each for each in topics([first]) if each[0].isupper() or " " in each or each.endswith("s"))
        for topic in islice(names, TRIED):
            while self._asking.line.waiting:  # whoever asks comes first
                time.sleep(0.05)
            asked = wording.ENGLISH.said_about.format(topic)
            answer = bot.ask(asked, article=first.article.id)
            found.append((max((quote.score for quote in answer.quotes), default=0.0), asked))
        best = sorted((pair for pair in found if pair[0] >= WELL), reverse=True)
        return [asked for _, asked in best[:MOST_STARTERS]]

    def complete(self, typed: object) -> list[dict[str, str]]:
        """Names, topics and the interviewers' questions that go on from what is typed: [{"kind", "words"}]."""
        text = fold(str(typed)[-200:]).lstrip()
        last = text.split(" ")[-1]
        if len(last) < 2 and len(text) < 3:
            return []
        if self._entries is None:
            looked = list(islice(self._index.held.values(), LOOKED_THROUGH))
            named = [("name", name) for name in self._index.speakers]
            things = [("topic", topic) for topic in topics(looked)]
            put = (turn.asked.of(each.article.text) for each in looked for turn in each.turns if turn.asked)
            asked = [("question", question) for question in dict.fromkeys(put)]
            self._entries = [(fold(words), kind, words) for kind, words in (*named, *things, *asked)]
        found = (
            {"kind": kind, "words": words}
            for folded, kind, words in self._entries
            if (kind != "question" and len(last) > 1 and _goes_on(folded, last))
            or (kind == "question" and len(text) > 3 and text.strip() in folded)
        )
        return list(islice(found, MOST_COMPLETIONS))

    # --- what a reader takes along or tells us -----------------------------------------------------

    async def keep(self, wanted: object) -> dict[str, str]:
        """The conversation of {"turns", "kind", "style"} as a file in base64, or what is wrong under "error"."""
        row = fields(wanted)
        turns, kind = row.get("turns"), str(row.get("kind"))

        def made() -> dict[str, str]:
            try:
                if kind not in FORMATS:
                    raise InputError(f"no format {kind[:20]!r}; expected one of: {', '.join(FORMATS)}")
                if not isinstance(turns, list) or not 0 < len(turns) <= MOST_TURNS:
                    raise InputError(f"there is no conversation of 1 to {MOST_TURNS} questions to take along")
                answers = [self._asking.answer(given.asked(turn)) for turn in turns]
                style = style_of(str(row.get("style") or "chicago"))
                data = transcript.document(answers, self._index.held, kind, style)
            except OnRecordError as error:
                return {"error": str(error)}
            return file_of("conversation", kind, data)

        try:
            return await self._asking.through(made)
        except Full:
            return {"error": BUSY}

    def report(self, wanted: object) -> dict[str, str]:
        """What a reader found wrong with an answer is kept: {"question", "history", "quote", "fault"}."""
        row = fields(wanted)
        asked = given.asked(row)
        try:
            report = reports.Report(
                asked.question[:MAX_QUESTION], asked.history, str(row.get("quote")), str(row.get("fault"))
            )
            reports.add(self._reported, report, self._index.held)
        except OnRecordError as error:
            return {"error": str(error)}
        return {}


def _refused(line: str) -> dict[str, Any]:
    """The reply where a question is not answered, and leaves no trace in the conversation."""
    return {"html": markup.failed(f"{line}."), "say": line, "show": None, "asked": False}


def _goes_on(folded: str, last: str) -> bool:
    return any(word.startswith(last) and word != last for word in (folded, *folded.split()))


def _place(quote: Quote) -> dict[str, Any]:
    return {"article": quote.article.id, "start": quote.span.start, "end": quote.span.end}
