"""A file or a web page to what is known of it: the one place that calls on rag.reading.

Facts have three layers. What the source states is told to who finds the speakers. What is decided
(with everybody who was found to speak) is written down for a person to edit. What the person made of
it counts from then on, and only the difference is told again, so that an unedited file changes nothing.
"""

import hashlib
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urlsplit

from rag import reading
from rag.errors import ArticleError
from rag.fold import fold, words
from rag.language import language_of
from rag.reading import facts_path
from rag.reading.document import Document
from rag.reading.facts import Facts, parse_facts, shown
from rag.reading.formats import text as plain_text
from rag.reading.names import fits, same_person
from rag.reading.turns import blocks
from rag.records import Article, Block, Person, Span, Turn

if TYPE_CHECKING:
    from rag.fetch import Fetched

# Raise when what is read from the same bytes, or who is found to speak in it, changes.
READING = 2

# The facts that are one text each; an article's id is its folder's name.
FIELDS = ("title", "date", "publisher", "url", "language")
# So much of a text tells its language.
SAMPLE = 3_000
# Labels of one person that are worth writing down; more are times and noise.
MOST_ALIASES = 4
LABELS = "the labels in the text"


@dataclass(frozen=True, slots=True)
class Raw:
    """A file as it came: where from, its bytes, the ending that tells its kind, and the facts beside it.

    `name` is what it is called in messages, `stem` what it may be called as an article.
    """

    source: str
    name: str
    stem: str
    data: bytes = field(repr=False)
    ending: str = ".txt"
    beside: Facts = Facts()  # noqa: RUF009 (frozen)
    beside_name: str | None = None
    beside_sha256: str | None = None

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Ingested:
    """What was made of a source: `stated` is what it says itself, `decided` what is taken for true.

    `where` tells for each field, and for each person's name, where it was found.
    """

    document: Document
    stated: Facts
    decided: Facts
    where: Mapping[str, str]


def read_file(path: Path) -> Raw:
    """The file and the facts file beside it, if there is one."""
    data, beside = _bytes(path), facts_path(path)
    told = _bytes(beside) if beside != path and beside.is_file() else None
    return Raw(
        str(path.resolve()),
        str(path),
        path.stem,
        data,
        # An ending that is not known is read as text, as a person who names the file by itself means it.
        path.suffix.lower() if path.suffix.lower() in reading.FORMATS else ".txt",
        facts_of(told, str(beside)) if told is not None else Facts(),
        beside.name if told is not None else None,
        hashlib.sha256(told).hexdigest() if told is not None else None,
    )


def read_page(page: "Fetched", url: str) -> Raw:
    """What was fetched from an address, named as the person named it."""
    data = page.data
    if page.charset not in (None, "utf-8", "utf8"):
        # What the server says of the encoding counts more than what the page says, so it is put right here.
        with suppress(LookupError, UnicodeDecodeError):
            data = data.decode(page.charset or "").encode("utf-8-sig")
    parts = urlsplit(page.url)
    stem = PurePosixPath(unquote(parts.path)).stem or parts.hostname or "page"
    return Raw(urldefrag(url).url, url, stem, data, page.ending)


def _bytes(path: Path) -> bytes:
    most = reading.most_bytes(path.suffix)
    try:
        if not path.is_file():
            raise ArticleError(f"{path} is no file; expected a document")
        if path.stat().st_size > most:
            raise ArticleError(f"{path} is over {most:,} bytes; expected an interview's text")
        return path.read_bytes()
    except OSError as error:
        raise ArticleError(
            f"{path} cannot be read: {error.strerror or error}; expected a document that you may read"
        ) from None


def facts_of(data: bytes, where: str) -> Facts:
    """The facts in a facts file; `where` names it in an ArticleError."""
    try:
        toml = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ArticleError(f"{where} is not UTF-8 text; save it as UTF-8") from None
    facts = parse_facts(toml, where)
    rows = tomllib.loads(toml).get("people", [])
    people = []
    for person, row in zip(facts.people, rows, strict=True):
        aliases = row.get("aliases", [])
        if not isinstance(aliases, list) or not all(isinstance(each, str) for each in aliases):
            raise ArticleError(
                f"{where}: aliases are {shown(aliases)}; expected a list of texts, or leave it out"
            )
        people.append(replace(person, aliases=tuple(aliases)))
    return replace(facts, people=tuple(people))


def ingest(raw: Raw) -> Ingested:
    """What is made of a file; ArticleError where it is no interview's text."""
    document = reading.open_document(raw.data, raw.name, raw.ending)
    try:
        document.text.encode("utf-8")
    except UnicodeEncodeError:
        raise ArticleError(f"{raw.name} holds half a character; expected whole ones: save it anew") from None
    stated = raw.beside
    where: dict[str, str] = {}
    values: dict[str, str] = {}
    for key in FIELDS:
        if (value := getattr(stated, key)) is not None:
            values[key], where[key] = value, raw.beside_name or "the facts beside it"
            continue
        found = next((each for each in document.found if each.field == key), None)
        if found is not None:
            values[key], where[key] = _whole(found.value), found.where
    first = document.pieces[0] if document.pieces else None
    if "title" not in values and first is not None and first.kind == "heading" and first.depth < 2:
        values["title"], where["title"] = first.span.of(document.text), "the heading at its top"
    if "url" not in values and raw.source.startswith(("http://", "https://")):
        values["url"], where["url"] = raw.source, "the address it was read from"
    if "language" not in values:
        values["language"], where["language"] = (
            language_of(document.text[:SAMPLE], "en"),
            "the words of the text",
        )
    people = _people(document, stated, raw.beside_name, where)
    return Ingested(document, stated, Facts(id=stated.id, **values, people=people), where)


def _people(
    document: Document, stated: Facts, beside: str | None, where: dict[str, str]
) -> tuple[Person, ...]:
    """Everybody whom the source states or who is found to speak, each with where; in order of speech."""
    people = {person.name: person for person in stated.people}
    where.update(dict.fromkeys(people, beside or "the facts beside it"))
    labels = _labels(_blocks(document, stated))
    for name in labels:
        if name not in people:
            people[name] = Person(name)
            source = next(
                (f for f in document.found if f.field == "person" and same_person(f.value, name)), None
            )
            where[name] = source.where if source else LABELS
    for fact in document.found:
        if fact.field == "person" and not any(same_person(fact.value, name) for name in people):
            name = _whole(fact.value)
            people[name], where[name] = Person(name), fact.where
    return tuple(
        replace(each, aliases=each.aliases or _aliases(labels.get(each.name, ()), each.name))
        for each in people.values()
    )


@lru_cache(maxsize=4)
def _blocks(document: Document, facts: Facts) -> tuple[Block, ...]:
    """Who says what; asked for twice where a document is taken in, and then told the same."""
    return blocks(document, facts)


def _whole(text: str) -> str:
    """The text without half characters, which JSON can hold and no file can."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _labels(found: Sequence[Block]) -> dict[str, list[str]]:
    """The labels that each speaker's words stand under, by name."""
    labels: dict[str, list[str]] = defaultdict(list)
    for block in found:
        if block.speaker is not None:
            labels[block.speaker] += [block.label] if block.label else []
    return labels


def _aliases(labels: Sequence[str], name: str) -> tuple[str, ...]:
    """What labels call somebody beside the full name, most often first."""
    plain = Counter(bare for label in labels if (bare := _bare(label)) and fold(bare) != fold(name))
    return tuple(alias for alias, _ in plain.most_common(MOST_ALIASES))


def _bare(label: str) -> str:
    """A label without what stands beside the name: "Ana – 00:02:02" is "Ana"."""
    bare = re.sub(r"[(\[].*|[-–—|,·]?\s*\d.*", "", label)
    return bare.strip(" \u00a0*_-–—:：.,·|")


def attribute(document: Document, stated: Facts, decided: Facts, facts: Facts) -> tuple[Block, ...]:
    """Who says what in a document, given its facts as they are now.

    A person who was taken off the list is nobody's name any more; one whose name is written otherwise,
    in the same place of it, is that person still; a new one is told as stated by the source; and what
    labels call a person is that person.
    """
    now, before = {p.name for p in facts.people}, {p.name for p in decided.people}
    told = [p for p in stated.people if p.name in now] + [p for p in facts.people if p.name not in before]
    title = stated.title if facts.title == decided.title else facts.title
    found = _blocks(document, replace(stated, title=title, people=tuple(told)))
    known = {fold(alias): p.name for p in decided.people for alias in p.aliases}
    called = {
        fold(alias): person.name
        for person in facts.people
        for alias in person.aliases
        if known.get(fold(alias)) != person.name
    }
    pairs = zip(decided.people, facts.people, strict=False) if len(now) == len(before) else ()
    new = {
        old.name: person.name
        for old, person in pairs
        if old.name not in now and person.name not in before and _alike(old.name, person.name)
    }
    gone = before - now
    return _renamed(found, {name: new.get(name) for name in gone}, called) if gone or called else found


def _alike(one: str, other: str) -> bool:
    """Whether two names share a word, so that one can be the other written otherwise."""
    return bool(set(words(one)) & set(words(other)))


def _renamed(
    found: Sequence[Block], names: Mapping[str, str | None], called: Mapping[str, str]
) -> tuple[Block, ...]:
    """The blocks with new names for old ones, None where one is gone, and with what labels stand for."""
    under = [called.get(fold(_bare(block.label))) if block.label else None for block in found]
    by_label: dict[str, set[str]] = defaultdict(set)
    for block, name in zip(found, under, strict=True):
        if name is not None and block.speaker is not None and block.speaker in names:
            by_label[block.speaker].add(name)
    # Where all labels of somebody who is gone are one other's, so are the words without a label.
    new = {**names, **{old: min(each) for old, each in by_label.items() if len(each) == 1}}
    made: list[Block] = []
    for at, (block, name) in enumerate(zip(found, under, strict=True)):
        before = found[at - 1] if at else None
        if before and block.label is None and (block.kind, block.speaker) == (before.kind, before.speaker):
            name = under[at] = under[at - 1]  # it carries on
        speaker = block.speaker if block.speaker is None else new.get(block.speaker, block.speaker)
        made.append(block if block.kind == "other" else replace(block, speaker=name or speaker))
    return tuple(made)


def merged(base: Facts, mine: Facts, theirs: Facts) -> Facts:
    """The facts `theirs`, but for what a person changed of `base` to make it `mine`."""
    values = {
        key: getattr(mine if getattr(mine, key) != getattr(base, key) else theirs, key) for key in FIELDS
    }
    before = {person.name: person for person in base.people}
    after = {person.name: person for person in mine.people}
    people = []
    for person in theirs.people:
        if person.name in after:
            people.append(after[person.name] if after[person.name] != before.get(person.name) else person)
        elif person.name not in before:
            people.append(person)
    new = {person.name for person in theirs.people}
    people += [p for p in mine.people if p.name not in new and p != before.get(p.name)]
    return Facts(id=theirs.id, **values, people=tuple(people))


def given(facts: Facts, flags: Facts) -> Facts:
    """The facts with those given by hand. A given name takes the place of one that is part of it."""
    values = {key: getattr(flags, key) or getattr(facts, key) for key in FIELDS}
    people: list[Person] = []
    rest = list(facts.people)
    for person in flags.people:
        same = [p for p in rest if same_person(p.name, person.name) or fits(p.name, person.name)]
        rest = [p for p in rest if p not in same]
        called = [p.name for p in same if p.name != person.name]
        aliases = dict.fromkeys([*(alias for p in same for alias in p.aliases), *called])
        role = next((p.role for p in same if p.role), None)
        people.append(Person(person.name, role, tuple(aliases)))
    return Facts(id=facts.id, **values, people=(*people, *rest))


def article_of(name: str, document: Document, facts: Facts) -> Article:
    """The article of that id."""
    values = {key: getattr(facts, key) for key in FIELDS if key != "language"}
    return Article(name, document.text, facts.language or "en", facts.people, **values)


def spoken(article: Article) -> tuple[Block, ...]:
    """Who says what in an article that is plain text, by its people."""
    return blocks(plain_text.parse(article.text), Facts(title=article.title, people=article.people))


def said(made: Sequence[Turn], text: str) -> dict[str | None, int]:
    """How many words each speaker says that can be quoted, in order of speech; None is one unknown."""
    counted: Counter[str | None] = Counter()
    for turn in made:
        counted[turn.speaker] += sum(len(span.of(text).split()) for span in turn.paragraphs)
    return dict(counted)


def covering(found: Sequence[Block], text: str) -> list[Block]:
    """The blocks in order, with one of nobody's for each stretch of words between them, as labels are."""
    made: list[Block] = []
    at = 0
    for block in [*sorted(found, key=lambda each: each.span), Block(Span(len(text), len(text)), "other")]:
        between = text[at : block.span.start]
        if between.strip():
            start = at + len(between) - len(between.lstrip())
            made.append(Block(Span(start, start + len(between.strip())), "other"))
        if block.span.start < block.span.end:
            made.append(block)
        at = max(at, block.span.end)
    return made
