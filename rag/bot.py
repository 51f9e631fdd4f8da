"""The order of the steps from a question to an answer, and the only place that knows it."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag import compare, smalltalk, wording
from rag import index as index_store
from rag.compare import Comparison, compared
from rag.conversation import REMEMBERED, Understood, bare_topic, resolve
from rag.dates import between, within
from rag.encoder import encoder_of
from rag.errors import IndexStale, QuestionError, UnknownArticle, UnknownSpeaker
from rag.fold import fold, visible
from rag.index import Index
from rag.index.words import telling
from rag.language import Language, language_of, supported
from rag.passages import grow
from rag.people import Named, named, speaker_named
from rag.reader import MOST_QUOTES, MOST_RELATED, NEXT, SURE, TrainedReader
from rag.records import Answer, Article, Encoder, Hit, Person, Place, Quote, Reading, Side, Span
from rag.retrieve import rank
from rag.spelling import mend

if TYPE_CHECKING:
    from rag.records import Vectors

# The longest question of 60,000 in public question-answering sets has under 500 characters; the
# encoder reads 256 pieces, about 1,000 characters, and would not see what stands behind.
MAX_QUESTION = 1_000

# Neighbouring sentences that answer together make one quote of at most so many words.
LONGEST = 80

# The article speaks of what is asked when it knows at least this share of the question's telling words.
MENTIONED = 0.5
# What is said to somebody by name as well: "hi Keith".
TO_SOMEBODY = ("greeting", "thanks", "goodbye")
# What is asked of a person ("What is her job?") and stands in the facts or nowhere.
OF_A_PERSON = frozenset(
    "job role title profession occupation affiliation employer bio biography background "
    "cargo puesto profesion ocupacion empleo biografia".split()
)
# Below this probability of an answer a person "does not speak to this", from it on "not clearly".
UNCLEAR = 0.2

_LETTERS = re.compile(r"[^\W\d_]+")

# As many questions to choose from as a reader takes in at a glance, and as many names.
MOST_SUGGESTED = 8

# The same sentence in another article is a reprint from this many words on; "Yes, of course." is none.
REPRINT_WORDS = 5
# From this cosine on two sentences say nearly the same. Over paraphrases of the first article's sentences
# and sentences about other things: `python -m benchmarks.drafts` prints how many of each are taken for one.
NEAR = 0.68
# Cosines of a sentence that has nothing to do with a question, and of one that is as near as any: the .5 and
# .995 quantiles over the first article's sentences and the development questions.
NEARNESS = (0.55, 0.78)
# More places of one sentence are not looked for.
MOST_REPRINTS = 20

# More people than this are not set side by side: a page has no room, and nobody reads on.
MOST_SIDES = 4

# One who is set beside another speaks only from this probability on: `python -m benchmarks.compare` over its
# 90 comparisons; from 0 on 75 first quotes are right, 24 wrong, and 15 of who has nothing to say; from .2 on
# 68, 13 and 4; from .3 on 59, 7 and 2. ("What do they say about …?" in place of "What is said about …?": 77,
# 22 and 12 from 0 on, 68, 15 and 6 from .1 on, 54, 10 and 3 from .2 on.)
SIDE = 0.2

# "newest" puts the newer of two quotes first where both are as sure, or both as unsure, to answer.
Order = Literal["best", "newest"]

# Whoever wants to know is told a step's name ("embed", "find", "read") and the seconds that it took.
Observe = Callable[[str, float], None]


class Bot:
    """Answers questions from one index. Holds no state but what it was made with."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        reader: TrainedReader,
        observe: Observe | None = None,
    ) -> None:
        if encoder.fingerprint != index.fingerprint:
            raise IndexStale(
                f"the index was made with {index.model} weights {index.fingerprint[:12]}, "
                f"these are {encoder.fingerprint[:12]}; run `onrecord build`"
            )
        self.index = index
        self.encoder = encoder
        self.reader = reader
        self._observe = observe
        self._accented = index.accented
        languages = Counter(supported(article.language) for article in index.articles)
        self._told = languages.most_common(1)[0][0]

    @classmethod
    def open(cls, folder: Path) -> "Bot":
        """A bot over the index in `folder`, which must be whole and fresh (IndexFault)."""
        index_store.check_fresh(folder)
        index = index_store.load(folder)
        return cls(index, encoder_of(index.model), TrainedReader.shipped())

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who speaks, with roles where a source states them."""
        roles = {p.name: p.role for article in self.index.articles for p in article.people}
        return tuple(Person(name, roles.get(name)) for name in self.index.speakers)

    def load(self) -> None:
        """Nothing; afterwards the first question need not wait for the model."""
        self.encoder.load()
        self.reader.load()
        compare.load()

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
        """The answer in the speakers' own words, or a declined one.

        `speaker` is a name as people write it, `article` an article's id, `since` and `until` dates
        ("2022", "2022-03", "2022-03-10") between which an article must be known to be, `history` the
        earlier questions of the conversation, oldest first.
        """
        asked = checked(question)
        only = self._speakers(speaker) if speaker is not None else None
        articles = self._articles(article, since, until)
        earlier = self._earlier(history)
        answer = self._asked(question, asked, earlier, only, articles, order)
        return replace(answer, language=self._language(question))

    def _earlier(self, history: Sequence[str]) -> list[str]:
        """So much of a conversation as a follow-up can lean on."""
        return [visible(each[:MAX_QUESTION]) for each in history[-REMEMBERED:]]

    def _asked(
        self,
        question: str,
        asked: str,
        earlier: Sequence[str],
        only: frozenset[str] | None,
        articles: Set[int] | None,
        order: Order,
    ) -> Answer:
        """The answer to a question that is sound, `asked` being its text on one line."""
        understood = resolve(asked, earlier, self.index.speakers)
        wanted = None if only else self._compared(asked, earlier, understood, articles)
        if wanted and wanted.topic:
            answer = self._side_by_side(question, asked, wanted, articles, order)
            told = understood.told if understood.told != asked else answer.understood
            return replace(answer, understood=told)
        if talk := smalltalk.kind_of(understood.question):
            return self._small_talk(question, talk)
        if not understood.resolved:
            shown = self.index.questions[:MOST_SUGGESTED]
            return Answer(question, "declined", self._words(question).ask_back, suggestions=shown)
        names = self._named(understood.question)
        if names.speakers and (talk := smalltalk.kind_of(names.rest)) in TO_SOMEBODY:
            return self._small_talk(question, talk)
        who = only or understood.speakers or names.speakers or None
        if articles is not None and not articles:
            answer = Answer(question, "declined", self._words(question).no_time)
        elif (names.stranger or names.asker) and who is None:
            answer = self._stranger(question, names, articles)
        else:
            answer = self._answer(question, names, who, articles, understood.further, order)
        return replace(answer, understood=understood.told if understood.told != asked else None)

    def compare(
        self, topic: str, speakers: Sequence[str] = (), *, article: str | None = None, order: Order = "best"
    ) -> Answer:
        """What each of several people says on a topic, side by side; a declined answer where none does.

        `speakers` are names as people write them: two or more, or none for all who speak.
        """
        asked = checked(topic)
        who = frozenset(name for each in speakers for name in self._speakers(each))
        if len(who) == 1:
            raise UnknownSpeaker(
                f"only {next(iter(who))} is to be compared; expected two people or more, or none for all"
            )
        articles = self._articles(article, None, None)
        answer = self._side_by_side(topic, asked, Comparison(asked), articles, order, who)
        return replace(answer, language=self._language(topic))

    def ranked(self, question: str) -> tuple[Hit, ...]:
        """Every passage that was put up for a question, best first, whether or not it answers."""
        search, hits = self.found(question)
        reading = self._read(search, hits)
        shown = (*reading.answers, *reading.related)
        numbers = {hit.passage for hit in shown}
        return (*shown, *(hit for hit in hits if hit.passage not in numbers))

    def found(self, question: str) -> tuple[str, list[Hit]]:
        """What is looked for when a question is asked, and the hits for it, best first, unread."""
        names = self._named(checked(question))
        search = self._mended(names.rest)
        return search, self._find(search, self._row(search), names.speakers or None, None)

    def _answer(
        self,
        question: str,
        names: Named,
        speakers: frozenset[str] | None,
        articles: Set[int] | None,
        further: int,
        order: Order,
    ) -> Answer:
        search = self._as_question(self._mended(names.rest))
        count = len(self.index.articles) if articles is None else len(articles)
        topic = set(telling(search, self._language(search)))
        if not topic - (OF_A_PERSON if speakers else set()):
            return self._no_topic(question, speakers, count)
        row = self._row(search)
        hits = self._find(search, row, speakers, articles)
        reading = self._read(search, hits)
        given: tuple[Quote, ...] = ()
        while further and reading.answers:
            given += self._quotes(reading.answers, MOST_QUOTES, apart_from=given)
            hits = [hit for hit in hits if not self._is_in(hit, given)]
            reading = self._read(search, hits)
            further -= 1
        if given and not reading.answers:
            near = self._quotes(reading.related, MOST_RELATED, apart_from=given)
            return Answer(question, "declined", self._words(question).no_more, (), near)
        if names.absent:
            message = self._words(question).not_mentioned(names.absent, count)
            near = self._quotes((*reading.answers, *reading.related), MOST_RELATED)
            return Answer(question, "declined", message, (), near)
        if reading.answers:
            quotes = self._quotes(self._ordered(reading.answers, order), MOST_QUOTES, apart_from=given)
            related = self._quotes(reading.related, MOST_RELATED, apart_from=(*given, *quotes))
            heard = {quote.speaker for quote in quotes}
            message = self._words(question).answered(heard, sure=reading.certainty >= SURE)
            return Answer(question, "answered", message, quotes, related)
        if speakers is None:
            near = self._quotes(reading.related, MOST_RELATED)
            mentioned = bool(near) and self.index.words.known(search) >= MENTIONED
            message = self._words(question).declined(count, mentioned=mentioned)
            return Answer(question, "declined", message, (), near)
        rivals = self._find(search, row, frozenset(self.index.speakers) - speakers, articles)
        others = self._quotes(self._read(search, rivals).answers, MOST_RELATED)
        message = self._words(question).not_said_by(
            self._listed(speakers),
            list(dict.fromkeys(quote.speaker for quote in others if quote.speaker)),
            sure=reading.certainty < UNCLEAR,
        )
        return Answer(
            question, "declined", message, (), others or self._quotes(reading.related, MOST_RELATED)
        )

    def compares(self, question: str, history: Sequence[str] = ()) -> bool:
        """Whether the question is taken to want several speakers side by side, whatever they say."""
        asked, earlier = checked(question), self._earlier(history)
        return bool(self._compared(asked, earlier, resolve(asked, earlier, self.index.speakers), None))

    def _compared(
        self, asked: str, earlier: Sequence[str], understood: Understood, articles: Set[int] | None
    ) -> Comparison | None:
        """Of whom what is to be set side by side, or None; its topic may be that of the question before."""
        if understood.further or len(understood.speakers) == 1:
            return None
        cast = self._cast(articles)
        if len(cast) < 2:
            return None
        known = cast if len(cast) <= MOST_SUGGESTED else self._listed(self._named(asked).speakers)
        wanted = compared(asked, known)
        if wanted is None:
            return compared(understood.question, known) if understood.question != asked else None
        if wanted.topic:
            return wanted
        if not earlier:
            return wanted
        before = resolve(earlier[-1], earlier[:-1], self.index.speakers).question
        again = compared(before, known)
        return again if again and again.topic else Comparison(self._named(before).rest)

    def _on_topic(self, asked: str, wanted: Comparison) -> str:
        """The question that a comparison puts to each side.

        The reader knows a question from a keyword: under a bare "tourism" it finds too much.
        """
        return self._words(asked).said_about.format(wanted.topic)

    def _as_question(self, search: str) -> str:
        """What is looked for; as a whole question where it is a bare topic that the articles hardly name.

        The reader knows those better: `python -m benchmarks.topics`: of twenty topics that nobody speaks of
        17 were answered as they are typed, 14 under "What about …?", 3 as "What is said about …?". What the
        articles name is found as it is typed, and in another language nothing of it is named.
        """
        topic = bare_topic(search)
        if not topic or self._language(search) != self._told or self.index.words.known(topic) >= MENTIONED:
            return search
        return self._words(search).said_about.format(topic)

    def _cast(self, articles: Set[int] | None) -> Sequence[str]:
        """Who speaks in these articles, in order."""
        if articles is None:
            return self.index.speakers
        found = (name for number in sorted(articles) for name in self.index.heads[number].speakers)
        return tuple(dict.fromkeys(found))

    def _side_by_side(
        self,
        question: str,
        asked: str,
        wanted: Comparison,
        articles: Set[int] | None,
        order: Order,
        among: Set[str] = frozenset(),
    ) -> Answer:
        """What each of several people says to one topic, and who says nothing to it.

        They are those of `among`, else those whom the question names, else all.
        """
        names = replace(self._named(self._on_topic(question, wanted)), speakers=frozenset())
        whole = self._answer(question, names, frozenset(among) or None, articles, 0, order)
        if wanted.topic not in asked:
            whole = replace(whole, understood=wanted.topic)
        if not whole.quotes:
            return whole
        cast, meant = self._cast(articles), among or self._named(asked).speakers
        if len(meant) > 1 or len(cast) > MOST_SIDES:
            heard = [quote.speaker for quote in whole.quotes if quote.speaker]
            cast = [name for name in cast if name in (meant if len(meant) > 1 else heard)]
        if not 1 < len(cast) <= MOST_SIDES:
            return whole
        search = self._mended(names.rest)
        row = self._row(search)
        people = {person.name: person for person in self.people}
        sides = tuple(
            self._side(question, people[name], search, row, articles, whole.quotes) for name in cast
        )
        said = [quote for side in sides for quote in side.quotes]
        if not said:
            return whole
        # The very quotes of the sides: those of the whole answer first, in its order.
        kept = [each for quote in whole.quotes for each in said if each.shares(quote)]
        quotes = tuple(dict.fromkeys((*kept, *sorted(said, key=lambda quote: -quote.score))))
        return replace(whole, message=self._words(question).side_by_side, quotes=quotes, sides=sides)

    def _side(
        self,
        question: str,
        person: Person,
        search: str,
        row: "Vectors",
        articles: Set[int] | None,
        found: Sequence[Quote],
    ) -> Side:
        """What one person says to what is looked for: as when asked alone, or what of it was `found`."""
        name = person.name
        reading = self._read(search, self._find(search, row, frozenset((name,)), articles))
        likely = [hit for at, hit in enumerate(reading.answers) if at == 0 or hit.score >= NEXT]
        own = self._quotes(likely, MOST_QUOTES) or tuple(each for each in found if each.speaker == name)
        if own and own[0].score < SIDE:
            own = ()
        say = self._words(question)
        message = (
            say.answered({name}, sure=own[0].score >= SURE)
            if own
            else say.not_said_by([name], [], sure=not reading.answers and reading.certainty < UNCLEAR)
        )
        return Side(person, message, own)

    def relevance(
        self, question: str, article: str, history: Sequence[str] = ()
    ) -> list[tuple[Span, str | None, float]]:
        """Each sentence of an article, in order: who says it, and how near to the question it is, 0 to 1."""
        number = min(self._articles(article, None, None) or ())
        asked, earlier = checked(question), self._earlier(history)
        understood = resolve(asked, earlier, self.index.speakers)
        wanted = self._compared(asked, earlier, understood, None)
        meant = self._on_topic(asked, wanted) if wanted and wanted.topic else understood.question
        search = self._mended(self._named(meant).rest)
        own = (self.index.article_of == number).nonzero()[0].tolist()
        near = [0.0] * len(own)
        if own and not smalltalk.kind_of(understood.question) and telling(search, self._language(search)):
            low, high = NEARNESS
            cosines = (self.index.vectors.scores(self._row(search), own) - low) / (high - low)
            near = cosines.clip(self.index.words.shares(search, own), 1.0).clip(0.0, 1.0).tolist()
        each = zip(own, near, strict=True)
        return [
            (self.index.passages[at].span, self.index.turn(at).speaker, round(value, 2)) for at, value in each
        ]

    def near(self, words: str) -> tuple[Article, Span, str | None] | None:
        """The sentence that says nearly the same as words that nobody said, and who says it; or None."""
        row = self.encoder.encode([visible(words)[:MAX_QUESTION]])[0]
        number = self.index.store.near(row, 1)[0]
        if self.index.vectors.scores(row, [number])[0] < NEAR:
            return None
        return self.index.article(number), self.index.passages[number].span, self.index.turn(number).speaker

    def _row(self, search: str) -> "Vectors":
        """The vector of what is looked for."""
        with self._timed("embed"):
            row: Vectors = self.encoder.encode_questions([search])[0]
        return row

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        """Tells whoever observes how long a step took."""
        begun = time.perf_counter()
        yield
        if self._observe:
            self._observe(step, time.perf_counter() - begun)

    def _find(
        self, search: str, row: "Vectors", speakers: frozenset[str] | None, articles: Set[int] | None
    ) -> list[Hit]:
        """Hits that may answer, best first."""
        with self._timed("find"):
            return self._firsts(rank(self.index, row, search, speakers, articles))

    def _firsts(self, hits: list[Hit]) -> list[Hit]:
        """The hits without those that only reprint another one: of each the earliest stays."""
        if len(self.index.articles) == 1:
            return hits
        first: dict[tuple[str | None, str], tuple[str, int]] = {}
        keys = {hit.passage: key for hit in hits if (key := self._printed(hit.passage))}
        for number, key in keys.items():
            at = self.index.passages[number].article
            # One without a date comes after all that have one.
            own = self.index.articles[at].date or "9999-99", at
            first[key] = min(first.get(key, own), own)
        return [
            hit
            for hit in hits
            if hit.passage not in keys
            or first[keys[hit.passage]][1] == self.index.passages[hit.passage].article
        ]

    def _printed(self, number: int) -> tuple[str | None, str] | None:
        """Who says a sentence and its folded words, to know a reprint; None for a short one."""
        said = " ".join(self.index.passages[number].span.of(self.index.article(number).text).split())
        return (self.index.speaker(number), fold(said)) if said.count(" ") >= REPRINT_WORDS - 1 else None

    def _also(self, first: int, span: Span) -> tuple[Place, ...]:
        """The other articles that print the words of `span`, which begin with or before that sentence."""
        index, own = self.index, self.index.passages[first]
        key = self._printed(first) if len(index.articles) > 1 else None
        if key is None:
            return ()
        text = index.articles[own.article].text
        found: dict[int, Place] = {}
        # Words that are the same have the same vector.
        for number in index.store.near(index.vectors.rows(first, first + 1)[0], MOST_REPRINTS):
            other = index.passages[number]
            if other.article == own.article or other.article in found or self._printed(number) != key:
                continue
            article, start = index.articles[other.article], other.span.start - (own.span.start - span.start)
            whole = Span(max(0, start), max(0, start) + len(span.of(text)))
            same = start >= 0 and fold(whole.of(article.text)) == fold(span.of(text))
            held = same and index.turn(number).holds(whole, article.text)
            found[other.article] = Place(article, whole if held else other.span)
        return tuple(found[number] for number in sorted(found))

    def _ordered(self, hits: Sequence[Hit], order: Order) -> Sequence[Hit]:
        """The hits, best first; the newer first among equals where that is wanted."""
        if order == "best":
            return hits

        def standing(hit: Hit) -> tuple[bool, str]:
            return hit.score >= SURE, self.index.article(hit.passage).date or ""

        return sorted(hits, key=standing, reverse=True)

    def _read(self, search: str, hits: Sequence[Hit]) -> Reading:
        with self._timed("read"):
            reading = self.reader.read(search, hits, self.index, self._language(search))
        if reading.certainty < SURE and self._is_babble(search):
            return Reading((), ())
        return reading

    def _is_babble(self, search: str) -> bool:
        """Whether no word of it is in the articles, or one that the reader knows: "asdf qwer".

        The reader likes some sentence all the same, though never surely; what it is sure of may be a word of
        another language. None of the questions in tests/questions that the articles answer is like this.
        """
        language = self._language(search)
        return language == self._told and not any(
            word in self.index.known or self.reader.knows(word) for word in telling(search, language)
        )

    def _quotes(self, hits: Sequence[Hit], most: int, apart_from: Sequence[Quote] = ()) -> tuple[Quote, ...]:
        """Quotes for the hits, best first, none of which shares a word with another."""
        made: list[Quote] = []
        for group in joined(hits, self.index):
            if len(made) == most:
                break
            article, turn = self.index.article(group[0].passage), self.index.turn(group[0].passage)
            numbers = sorted(hit.passage for hit in group)
            first, last = (self.index.passages[number].span for number in (numbers[0], numbers[-1]))
            own = Span(first.start, last.end)
            taken = [q.span for q in (*apart_from, *made) if q.article.id == article.id]
            if any(span.overlaps(own) for span in taken):
                continue
            span = Span(grow(article.text, turn, first, self._before(numbers[0])).start, own.end)
            if any(span.overlaps(other) for other in taken):
                span = own
            also = self._also(numbers[0], span)
            best = self.index.passages[group[0].passage].span
            core = best if best != span else None
            made.append(Quote(article, turn, span, round(group[0].score, 4), also, core))
        return tuple(made)

    def _is_in(self, hit: Hit, quotes: Sequence[Quote]) -> bool:
        """Whether one of the quotes holds some of the passage."""
        article, span = self.index.article(hit.passage), self.index.passages[hit.passage].span
        return any(quote.article.id == article.id and quote.span.overlaps(span) for quote in quotes)

    def _before(self, number: int) -> tuple[Span, ...]:
        """The sentences that stand before a passage in its turn."""
        passages, own = self.index.passages, self.index.passages[number]
        first = number
        while first and (passages[first - 1].article, passages[first - 1].turn) == (own.article, own.turn):
            first -= 1
        return tuple(passage.span for passage in passages[first:number])

    def _listed(self, speakers: frozenset[str]) -> list[str]:
        """The names in the order in which they first speak."""
        return [name for name in self.index.speakers if name in speakers]

    def _no_topic(self, question: str, speakers: frozenset[str] | None, articles: int) -> Answer:
        """Where a question names nothing to look for: what the people it names were asked."""
        if not speakers:
            return Answer(question, "declined", self._words(question).declined(articles))
        asked = self.index.asked_of(speakers)[:MOST_SUGGESTED]
        people = [each for each in self.people if each.name in speakers]
        message = self._words(question).was_asked(people)
        return Answer(question, "declined", message, suggestions=asked)

    def _named(self, question: str) -> Named:
        asked = self._language(question)
        return named(
            question,
            self.index.speakers,
            self.index.known,
            self.reader.knows,
            asked,
            self._told,
            self.index.askers,
        )

    def _mended(self, text: str) -> str:
        """What is looked for: slips mended, and shouting calmed, which no model reads well."""
        if text.isupper():
            text = text.lower()
        for word in dict.fromkeys(_LETTERS.findall(text)):
            if (printed := self._accented.get(word.lower())) and printed != word:
                text = re.sub(rf"\b{word}\b", printed, text)
        foreign = self._language(text) != self._told
        return mend(text, self.index.words.surface, self.reader.knows, names_only=foreign)

    def _language(self, text: str) -> Language:
        return language_of(text, self._told)

    def _words(self, question: str) -> wording.Wording:
        return wording.of(self._language(question))

    def _stranger(self, question: str, names: Named, articles: Set[int] | None) -> Answer:
        count = len(self.index.articles) if articles is None else len(articles)
        say, speakers = self._words(question), self.index.speakers
        message = (
            say.asker(names.asker, self._answering(names.asker))
            if names.asker
            else say.stranger(names.stranger or "", speakers, count)
        )
        hits = self._find(names.rest, self._row(names.rest), None, articles)
        near = self._read(names.rest, hits)
        return Answer(question, "declined", message, (), self._quotes(near.answers, MOST_RELATED))

    def _answering(self, asker: str) -> list[str]:
        """Who answers in the articles in which somebody asks."""
        own = (head.speakers for head in self.index.heads if asker in head.askers)
        return list(dict.fromkeys(name for speakers in own for name in speakers))

    def _small_talk(self, question: str, kind: smalltalk.Kind) -> Answer:
        say = self._words(question)
        messages = {
            "no_words": say.no_words,
            "greeting": say.greeting,
            "thanks": say.thanks,
            "goodbye": say.goodbye,
            "identity": say.who_are_you,
            "task": say.who_are_you,
            "speakers": say.who_speaks(self.people),
            "about": say.about(self._with_speakers()),
            "help": say.what_can_i_ask,
        }
        shown = () if kind in ("thanks", "goodbye", "no_words") else self.index.questions[:MOST_SUGGESTED]
        return Answer(question, "declined", messages[kind], suggestions=shown)

    def _with_speakers(self) -> Sequence[Article]:
        """The articles; one alone with those of its people who are quoted, not with those who only ask."""
        if len(self.index.articles) > 1:
            return self.index.articles  # nobody in them is named
        heard = set(self.index.speakers)
        return [
            replace(article, people=tuple(person for person in article.people if person.name in heard))
            for article in self.index.articles
        ]

    def _speakers(self, name: str) -> frozenset[str]:
        who = speaker_named(visible(name), self.index.speakers)
        if not who:
            known = some(self.index.speakers) or "nobody by name"
            raise UnknownSpeaker(f"no speaker {visible(name)[:80]!r}; expected one of: {known}")
        return who

    def _articles(self, article: str | None, since: str | None, until: str | None) -> frozenset[int] | None:
        """The numbers of the articles that compete, None for all."""
        ids = [each.id for each in self.index.articles]
        if article is not None and article not in ids:
            raise UnknownArticle(f"no article {visible(article)[:80]!r}; expected one of: {some(ids)}")
        if article is None and since is None and until is None:
            return None
        time = between(since, until) if (since, until) != (None, None) else None
        return frozenset(
            number
            for number, each in enumerate(self.index.articles)
            if article in (None, each.id) and (time is None or within(each.date, time))
        )


def some(names: Sequence[str]) -> str:
    """The names in a line, of very many the first ones and how many more there are."""
    rest = len(names) - MOST_SUGGESTED
    return ", ".join(names[:MOST_SUGGESTED]) + (f" and {rest:,} more" if rest > 0 else "")


def joined(hits: Sequence[Hit], index: Index) -> list[list[Hit]]:
    """The hits, best first, neighbours of one paragraph together while they make no long quote."""
    groups: list[list[Hit]] = []
    for hit in hits:
        group = next((group for group in groups if _continues(hit, group, index)), None)
        if group is None:
            groups.append([hit])
        else:
            group.append(hit)
    return groups


def _continues(hit: Hit, group: Sequence[Hit], index: Index) -> bool:
    """Whether the hit stands right beside the group's sentences, and fits into one quote with them."""
    passages, own = index.passages, index.passages[hit.passage]
    numbers = [other.passage for other in group]
    first = passages[numbers[0]]
    if (own.article, own.turn, own.paragraph) != (first.article, first.turn, first.paragraph):
        return False
    if hit.passage not in (min(numbers) - 1, max(numbers) + 1):
        return False
    text = index.articles[own.article].text
    return sum(len(passages[number].span.of(text).split()) for number in (*numbers, hit.passage)) <= LONGEST


def checked(question: str) -> str:
    """The question on one line without invisible characters; QuestionError if empty or too long."""
    if len(question) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(question):,} characters; expected at most {MAX_QUESTION:,}: shorten it"
        )
    plain = visible(question)
    if not plain:
        raise QuestionError("the question is empty; expected a sentence or a few keywords")
    return plain
