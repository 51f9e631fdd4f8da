"""The interviews of one index folder, for programs: ask, compare, cite, check, list, add, remove.

Every surface stands on this: the page, HTTP, MCP, retrievers. It may be asked from many threads at once,
and sees what any process puts into the folder without being opened anew; nobody waits for that.
"""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag import index as index_store
from rag.bot import Bot, Observe, Order, some
from rag.encoder import encoder_of
from rag.errors import ArticleError, DraftError, OnRecordError, UnknownArticle
from rag.index import Index
from rag.index.parts import Spoken
from rag.logs import LOGGER, event
from rag.quotes import quote_of
from rag.reader import TrainedReader
from rag.records import Answer, Article, Quote

if TYPE_CHECKING:
    from rag.check import Finding
    from rag.cite import Citation


@dataclass(frozen=True, eq=False)
class InForce:
    """What is answered from at a time: an index, and the bot over it as soon as it is loaded."""

    index: Index
    bot: "Future[Bot]"

    @property
    def ready(self) -> bool:
        """Whether a question would be answered at once."""
        return self.bot.done() and self.bot.exception() is None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a document that was to be added: the id of its article, and whether it is new."""

    id: str
    status: str  # "added", "replaced", "there", "same" or "moved"
    source: str


class Interviews:
    """Answers from one index folder. Safe for many threads; every answer is of one build as a whole."""

    def __init__(
        self, index: Index, bot: "Future[Bot]", folder: Path, observe: Observe | None = None
    ) -> None:
        self.folder = folder
        self._now = InForce(index, bot)
        self._observe = observe
        self._stamp = index_store.stamp(folder)
        self._renewing = threading.Lock()
        self._loading: threading.Thread | None = None

    @classmethod
    def open(cls, folder: str | Path = "index", *, observe: Observe | None = None) -> "Interviews":
        """The interviews in `folder`, models loaded; an IndexFault or a ModelError says what is wrong.

        `observe` is told each step of an answer and its seconds.
        """
        found = cls.opening(Path(folder), observe=observe, fresh=True)
        found._now.bot.result()
        return found

    @classmethod
    def opening(cls, folder: Path, *, observe: Observe | None = None, fresh: bool = False) -> "Interviews":
        """The same before the models are loaded: that goes on meanwhile, and whoever asks waits for it.

        `fresh` refuses an index whose sources have changed since (IndexStale).
        """
        stamp = index_store.stamp(folder)
        if fresh:
            index_store.check_fresh(folder)
        found = cls(index_store.load(folder), Future(), folder, observe)
        found._stamp = stamp
        found._loading = threading.Thread(target=found._load, args=(found._now,), daemon=True, name="loading")
        found._loading.start()
        return found

    def close(self) -> None:
        """Nothing, once nothing is being loaded any more."""
        if self._loading is not None:
            self._loading.join()
        with self._renewing:
            pass

    def _load(self, now: InForce) -> None:
        """Fulfils the bot, with one or with what went wrong, which is told to whoever asks."""
        try:
            bot = Bot(now.index, encoder_of(now.index.model), TrainedReader.shipped(), self._observe)
            bot.load()
            now.bot.set_result(bot)
        except OnRecordError as error:
            LOGGER.error("not loaded", extra={"fields": {"why": str(error)}})
            now.bot.set_exception(error)
        except BaseException as error:
            now.bot.set_exception(OnRecordError("the model could not be loaded; the terminal says why"))
            raise error

    # --- what is in force ------------------------------------------------------------------------

    @property
    def now(self) -> InForce:
        """What is answered from. Where a newer build is in the folder it is fetched meanwhile."""
        if index_store.stamp(self.folder) != self._stamp and not self._renewing.locked():
            threading.Thread(target=self._renewed, daemon=True, name="renewing").start()
        return self._now

    def refresh(self) -> bool:
        """Whether a newer build was in the folder, which is answered from now on; IndexFault."""
        with self._renewing:
            stamp = index_store.stamp(self.folder)
            if stamp == self._stamp:
                return False
            self._stamp = stamp  # whatever comes of it: the same build is not tried again and again
            index, before = index_store.load(self.folder), self._now
            loaded: Future[Bot] = Future()
            known = before.bot.result() if before.ready else None
            if known and before.index.fingerprint == index.fingerprint:
                bot = Bot(index, known.encoder, known.reader, self._observe)
            else:
                bot = Bot(index, encoder_of(index.model), TrainedReader.shipped(), self._observe)
            bot.load()
            loaded.set_result(bot)
            self._now = InForce(index, loaded)
            event("renewed", build=index.build, articles=len(index.articles))
            return True

    def _renewed(self) -> None:
        try:
            self.refresh()
        except OnRecordError as error:  # what was answered from before still is
            LOGGER.error("not renewed", extra={"fields": {"why": str(error)}})

    @property
    def made(self) -> float | None:
        """When the index in force was put there, in seconds since 1970; None where that is not known."""
        return self._stamp[1] / 1e9 if self._stamp else None

    @property
    def bot(self) -> Bot:
        """The bot in force, once it is loaded; OnRecordError where it cannot be."""
        return self.now.bot.result()

    @property
    def held(self) -> Mapping[str, Spoken]:
        """The articles with who says what in each, by id."""
        return self.now.index.held

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles, in order."""
        return self.now.index.articles

    @property
    def speakers(self) -> tuple[str, ...]:
        """Full names of all who speak, in order."""
        return self.now.index.speakers

    def article(self, name: str) -> Spoken:
        """The article of that id, with who says what in it; UnknownArticle."""
        held = self.held
        if name not in held:
            raise UnknownArticle(f"no article {name[:80]!r}; expected one of: {some(list(held))}")
        return held[name]

    # --- questions -------------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        *,
        speaker: str | None = None,
        article: str | None = None,
        since: str | None = None,
        until: str | None = None,
        order: Order = "best",
        history: Sequence[str] = (),
    ) -> Answer:
        """The answer in the speakers' own words, or a declined one; see `Bot.ask`."""
        return self.bot.ask(
            question,
            speaker=speaker,
            article=article,
            since=since,
            until=until,
            order=order,
            history=history,
        )

    async def aask(self, question: str, **narrowed: Any) -> Answer:
        """The same without holding up the event loop."""
        import asyncio  # takes longer to import than an answer takes to find

        return await asyncio.to_thread(self.ask, question, **narrowed)

    def compare(self, topic: str, speakers: Sequence[str] = (), *, article: str | None = None) -> Answer:
        """What each of several people says on a topic, side by side; see `Bot.compare`."""
        return self.bot.compare(topic, speakers, article=article)

    # --- quotes ----------------------------------------------------------------------------------

    def quote(self, name: str) -> Quote:
        """The quote of that id, cut from the stored text again; an InputError where there is none."""
        return quote_of(name, self.held)

    def cite(self, quote: Quote | str, style: str = "chicago") -> "Citation":
        """The citation of a quote, or of the one of that id: `.text`, `.html`, `.markdown`."""
        from rag.cite import cite

        known = quote if isinstance(quote, Quote) else self.quote(quote)
        return cite(known, self.article(known.article.id).cast, style)

    def check(self, draft: str | Path | bytes, ending: str = ".md") -> "tuple[Finding, ...]":
        """What came of every quotation in a draft: its text, its path, or its bytes and their ending."""
        from rag.check import check, read_draft

        name = "the draft"
        if isinstance(draft, Path):
            name, ending = str(draft), draft.suffix
            try:
                draft = draft.read_bytes()
            except OSError as error:
                raise DraftError(
                    f"the draft {name} cannot be read ({error.strerror}); check its name"
                ) from None
        data = draft.encode("utf-8", "replace") if isinstance(draft, str) else draft
        now = self.now
        return check(read_draft(data, name, ending), list(now.index.held.values()), now.bot.result().near)

    # --- what is held ----------------------------------------------------------------------------

    def add(
        self,
        *sources: str | Path,
        title: str | None = None,
        date: str | None = None,
        url: str | None = None,
        publisher: str | None = None,
        language: str | None = None,
        speakers: Sequence[str] = (),
    ) -> tuple[Taken, ...]:
        """What became of files, folders and web addresses that were taken in; asked from now on.

        ArticleError names the first that cannot be; the others are in.
        """
        from rag.index import archive
        from rag.reading.facts import Facts
        from rag.records import Person

        facts = Facts(
            title=title,
            date=date,
            url=url,
            publisher=publisher,
            language=language,
            people=tuple(map(Person, speakers)),
        )
        refused: list[ArticleError] = []
        taken: list[Taken] = []
        archive.add(
            self.folder,
            list(archive.sources([str(each) for each in sources])),
            facts,
            lambda name, error: refused.append(error),
            lambda source, plan: taken.append(Taken(plan.id, plan.status, source.name)),
        )
        self.refresh()
        if refused:
            raise refused[0]
        return tuple(taken)

    def remove(self, *names: str) -> None:
        """Nothing; the articles of these ids are out. UnknownArticle where there is one that is none."""
        from rag.index import archive

        archive.remove(self.folder, names)
        self.refresh()
