"""The order of the steps from a question to an answer, and the only place that knows it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag import index as index_store
from rag import smalltalk, wording
from rag.conversation import REMEMBERED, resolve
from rag.encoder import encoder_of
from rag.errors import IndexStale, QuestionError, UnknownArticle, UnknownSpeaker
from rag.fold import fold, visible, words
from rag.index import Index
from rag.index.words import telling
from rag.language import Language, language_of, supported
from rag.passages import grow
from rag.people import Named, named, speaker_named
from rag.reader import MOST_QUOTES, MOST_RELATED, SURE, TrainedReader
from rag.records import Answer, Encoder, Hit, Person, Quote, Reading, Span
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
# Below this probability of an answer a person "does not speak to this", from it on "not clearly".
UNCLEAR = 0.2

_LETTERS = re.compile(r"[^\W\d_]+")

# As many questions to choose from as a reader takes in at a glance.
MOST_SUGGESTED = 8


class Bot:
    """Answers questions from one index. Holds no state but what it was made with."""

    def __init__(self, index: Index, encoder: Encoder, reader: TrainedReader) -> None:
        if encoder.fingerprint != index.fingerprint:
            raise IndexStale(
                f"the index was made with {index.model} weights {index.fingerprint[:12]}, "
                f"these are {encoder.fingerprint[:12]}; run `onrecord build`"
            )
        self.index = index
        self._encoder = encoder
        self._reader = reader
        self._known = _known_words(index)
        self._accented = _accented(index)
        self._told = supported(index.articles[0].language)

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
        self._encoder.load()
        self._reader.load()

    def ask(
        self,
        question: str,
        *,
        speaker: str | None = None,
        article: str | None = None,
        history: Sequence[str] = (),
    ) -> Answer:
        """The answer in the speakers' own words, or a declined one.

        `speaker` is a name as people write it, `article` an article's id, `history` the earlier
        questions of the conversation, oldest first.
        """
        asked = checked(question)
        only = self._speakers(speaker) if speaker is not None else None
        self._check_article(article)
        earlier = [visible(each[:MAX_QUESTION]) for each in history[-REMEMBERED:]]
        understood = resolve(asked, earlier, self.index.speakers)
        if talk := smalltalk.kind_of(understood.question):
            return self._small_talk(question, talk)
        if not understood.resolved:
            shown = self.index.questions[:MOST_SUGGESTED]
            return Answer(question, "declined", self._words(question).ask_back, suggestions=shown)
        names = self._named(understood.question)
        who = only or understood.speakers or names.speakers or None
        if names.stranger and who is None:
            answer = self._stranger(question, names, article)
        else:
            answer = self._answer(question, names, who, article, understood.further)
        return replace(answer, understood=understood.told if understood.told != asked else None)

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
        article: str | None,
        further: int,
    ) -> Answer:
        search = self._mended(names.rest)
        if not telling(search, self._language(search)):
            return self._no_topic(question, speakers)
        row = self._row(search)
        hits = self._find(search, row, speakers, article)
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
            message = self._words(question).not_mentioned(names.absent, len(self.index.articles))
            near = self._quotes((*reading.answers, *reading.related), MOST_RELATED)
            return Answer(question, "declined", message, (), near)
        if reading.answers:
            quotes = self._quotes(reading.answers, MOST_QUOTES, apart_from=given)
            related = self._quotes(reading.related, MOST_RELATED, apart_from=(*given, *quotes))
            heard = {quote.speaker for quote in quotes}
            message = self._words(question).answered(heard, sure=reading.certainty >= SURE)
            return Answer(question, "answered", message, quotes, related)
        if speakers is None:
            near = self._quotes(reading.related, MOST_RELATED)
            mentioned = bool(near) and self.index.words.known(search) >= MENTIONED
            message = self._words(question).declined(len(self.index.articles), mentioned=mentioned)
            return Answer(question, "declined", message, (), near)
        rivals = self._find(search, row, frozenset(self.index.speakers) - speakers, article)
        others = self._quotes(self._read(search, rivals).answers, MOST_RELATED)
        message = self._words(question).not_said_by(
            self._listed(speakers),
            list(dict.fromkeys(quote.speaker for quote in others if quote.speaker)),
            sure=reading.certainty < UNCLEAR,
        )
        return Answer(
            question, "declined", message, (), others or self._quotes(reading.related, MOST_RELATED)
        )

    def _row(self, search: str) -> "Vectors":
        """The vector of what is looked for."""
        row: Vectors = self._encoder.encode_questions([search])[0]
        return row

    def _find(
        self, search: str, row: "Vectors", speakers: frozenset[str] | None, article: str | None
    ) -> list[Hit]:
        """Hits that may answer, best first."""
        return rank(self.index, row, search, speakers, article)

    def _read(self, search: str, hits: Sequence[Hit]) -> Reading:
        return self._reader.read(search, hits, self.index, self._language(search))

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
            made.append(Quote(article, turn, span, round(group[0].score, 4)))
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

    def _no_topic(self, question: str, speakers: frozenset[str] | None) -> Answer:
        """Where a question names nothing to look for: what the people it names were asked."""
        if not speakers:
            return Answer(question, "declined", self._words(question).declined(len(self.index.articles)))
        asked = self.index.asked_of(speakers)[:MOST_SUGGESTED]
        message = self._words(question).was_asked(self._listed(speakers))
        return Answer(question, "declined", message, suggestions=asked)

    def _named(self, question: str) -> Named:
        asked = self._language(question)
        return named(question, self.index.speakers, self._known, self._reader.knows, asked, self._told)

    def _mended(self, text: str) -> str:
        """What is looked for: slips mended, and shouting calmed, which no model reads well."""
        if text.isupper():
            text = text.lower()
        for word in dict.fromkeys(_LETTERS.findall(text)):
            if (printed := self._accented.get(word.lower())) and printed != word:
                text = re.sub(rf"\b{word}\b", printed, text)
        foreign = self._language(text) != self._told
        return mend(text, self.index.words.surface, self._reader.knows, names_only=foreign)

    def _language(self, text: str) -> Language:
        return language_of(text, self._told)

    def _words(self, question: str) -> wording.Wording:
        return wording.of(self._language(question))

    def _stranger(self, question: str, names: Named, article: str | None) -> Answer:
        count = len(self.index.articles)
        message = self._words(question).stranger(names.stranger or "", self.index.speakers, count)
        hits = self._find(names.rest, self._row(names.rest), None, article)
        near = self._read(names.rest, hits)
        return Answer(question, "declined", message, (), self._quotes(near.answers, MOST_RELATED))

    def _small_talk(self, question: str, kind: smalltalk.Kind) -> Answer:
        say = self._words(question)
        messages = {
            "no_words": say.no_words,
            "greeting": say.greeting,
            "thanks": say.thanks,
            "goodbye": say.goodbye,
            "identity": say.who_are_you,
            "speakers": say.who_speaks(self.people),
            "about": say.about(self.index.articles),
            "help": say.what_can_i_ask,
        }
        shown = () if kind in ("thanks", "goodbye", "no_words") else self.index.questions[:MOST_SUGGESTED]
        return Answer(question, "declined", messages[kind], suggestions=shown)

    def _speakers(self, name: str) -> frozenset[str]:
        who = speaker_named(visible(name), self.index.speakers)
        if not who:
            known = ", ".join(self.index.speakers) or "nobody by name"
            raise UnknownSpeaker(f"no speaker {visible(name)[:80]!r}; expected one of: {known}")
        return who

    def _check_article(self, article: str | None) -> None:
        ids = [each.id for each in self.index.articles]
        if article is not None and article not in ids:
            raise UnknownArticle(f"no article {visible(article)[:80]!r}; expected one of: {', '.join(ids)}")


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


def _known_words(index: Index) -> frozenset[str]:
    """The folded words of the articles up to the last answer, and of their publishers' names.

    What stands behind the last answer (teasers of other pieces) is about something else.
    """
    texts: list[str] = []
    for article, turns in zip(index.articles, index.turns, strict=True):
        end = turns[-1].paragraphs[-1].end if turns else len(article.text)
        texts += [article.text[:end], article.publisher or "", article.title or ""]
    return frozenset(word for text in texts for word in words(text))


def _accented(index: Index) -> dict[str, str]:
    """Names that the articles print with accents, by how they are typed without: "guaido", "Guaidó"."""
    found = (word for article in index.articles for word in _LETTERS.findall(article.text))
    return {fold(word): word for word in found if word[0].isupper() and not word.isascii()}


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
