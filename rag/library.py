"""The articles that were taken in, each in a folder of its own.

    index/library/ID/text.txt       the stored text, exactly
    index/library/ID/facts.toml     what is known of it and who speaks, for a person to edit
    index/library/ID/origin.json    where it came from, and how it was read

An article is put in place by renaming its folder once that is on the disk, and taken out by renaming it
before it is removed. So one who is stopped half-way leaves the old one or the new one; `recover` does the
rest. Writing is for who holds the lock of the index folder.
"""

import hashlib
import json
import re
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from rag import disk
from rag.errors import ArticleError, LibraryDamaged, UnknownArticle
from rag.fold import visible
from rag.ingest import (
    FIELDS,
    READING,
    Ingested,
    Raw,
    attribute,
    facts_of,
    given,
    ingest,
    merged,
)
from rag.reading.document import Document, Found, Piece
from rag.reading.facts import Facts
from rag.reading.turns import turns
from rag.records import Block, Person, Span, Turn
from rag.shelf import FACTS, NAME, ORIGIN, TEXT, Seen, facts_sha256, hash_of, note, notes, stamp
from rag.weights import SEAL, is_sealed, sealed

# Folders of an article that is not in place yet, that another one is put in place of, that is taken out.
_NEW, _OLD, _GONE = ".new-", ".old-", ".gone-"

# A folder's name is the id; longer ones are cut, so that every system can hold the path.
LONGEST_ID = 80
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")

# What taking in a source comes to: a new article; a new version of one; one that is there already; one
# that is there from another source; one whose source was moved.
Status = Literal["added", "replaced", "there", "same", "moved"]
By = Literal["add", "build"]


@dataclass(frozen=True, slots=True)
class Head:
    """What tells a stored article from others. `aside`: kept for its edits, but in no index."""

    id: str
    source: str
    sha256: str
    beside_sha256: str | None
    text_sha256: str
    reading: int
    number: int
    by: By
    aside: bool


@dataclass(frozen=True)
class Entry:
    """A stored article: `facts` are those of its file now, `decided` those that were written there."""

    head: Head
    document: Document
    stated: Facts
    decided: Facts
    facts: Facts

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Who says what in it."""
        return attribute(self.document, self.stated, self.decided, self.facts)


@dataclass(frozen=True)
class Plan:
    """What taking in a source would do. `id` is that of the article it makes, or that is there."""

    raw: Raw
    status: Status
    id: str
    before: Head | None = None
    ingested: Ingested | None = None
    facts: Facts = Facts()  # noqa: RUF009 (frozen)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Who says what in it; nothing where it was not read."""
        if self.ingested is None:
            return ()
        return attribute(self.ingested.document, self.ingested.stated, self.ingested.decided, self.facts)

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """What can be quoted of it."""
        return turns(self.ingested.document.text, self.blocks) if self.ingested else ()


class Library:
    """The stored articles under an index folder."""

    def __init__(self, index: Path, first: int = 0) -> None:
        """The library of an index folder; its first article comes after so many of other libraries."""
        self.folder = index / NAME
        self._first = first
        self._heads: dict[str, Head] | None = None
        self._seen: dict[str, Seen] | None = None

    # --- what is there ---------------------------------------------------------------------------

    @property
    def heads(self) -> dict[str, Head]:
        """Every stored article's head by id, in the order in which they came."""
        if self._heads is None:
            found = [self._head(name, {"head": self._look(name).head}) for name in self.names()]
            self._heads = {head.id: head for head in sorted(found, key=lambda each: (each.number, each.id))}
        return self._heads

    @property
    def members(self) -> list[Head]:
        """The heads of those that belong into the index."""
        return [head for head in self.heads.values() if not head.aside]

    def names(self) -> list[str]:
        """The ids of all that is stored, damaged or not."""
        folders = self.folder.iterdir() if self.folder.is_dir() else ()
        return [
            folder.name
            for folder in folders
            if not folder.name.startswith(".")
            and any((folder / file).is_file() for file in (TEXT, FACTS, ORIGIN))
        ]

    def entry(self, name: str) -> Entry:
        """A stored article; LibraryDamaged or ArticleError where it cannot be read."""
        record = self._origin(name)
        folder = self.folder / name
        head = self._head(name, record)
        facts_file = folder / FACTS
        try:
            data = (folder / TEXT).read_bytes()
            edited = facts_file.read_bytes() if facts_file.exists() else None
        except OSError as error:
            raise self._damaged(name, f"{Path(error.filename).name}: {error.strerror}") from None
        if hashlib.sha256(data).hexdigest() != head.text_sha256:
            raise self._damaged(name, f"{TEXT} is not as it was stored")
        try:
            document = Document(
                data.decode("utf-8"),
                tuple(_piece(row) for row in record["pieces"]),
                tuple(Found(**row) for row in record["found"]),
                tuple(record["left_out"]),
            )
            stated, decided = _facts(record["stated"]), _facts(record["decided"])
        except (KeyError, TypeError, ValueError) as error:
            raise self._damaged(name, f"{ORIGIN}: {error}") from None
        return Entry(
            head,
            document,
            stated,
            decided,
            decided if edited is None else facts_of(edited, str(facts_file)),
        )

    def state(self, name: str) -> dict[str, Any]:
        """All that an article's index is made of: whatever else changes, it need not be made anew."""
        seen = self._look(name)
        return {"origin": seen.origin, "facts": seen.facts, "reading": READING}

    def _look(self, name: str) -> Seen:
        """What an article's files say; read only where they are not as they were when they were last."""
        if self._seen is None:
            self._seen = notes(self.folder.parent)
        # Before they are read, so that whatever changes meanwhile is seen the next time.
        now, known = stamp(self.folder.parent, name), self._seen.get(name)
        if known is None or known.stamp != now:
            head, origin = self._origin(name).get("head", {}), hash_of(self.folder / name / ORIGIN)
            known = Seen(now, head, origin, facts_sha256(self.folder.parent, name))
            self._seen[name] = known
        return known

    def note(self) -> None:
        """Nothing; what the articles' files said is kept for whoever looks next."""
        seen = self._seen or {}
        note(self.folder.parent, {name: seen[name] for name in self.heads if name in seen})

    def _origin(self, name: str) -> dict[str, Any]:
        try:
            record = json.loads((self.folder / name / ORIGIN).read_text("utf-8"))
        except FileNotFoundError:
            if self.holds(name):
                raise self._damaged(name, f"{ORIGIN} is missing") from None
            raise UnknownArticle(f"the library holds no article {name!r}; see `onrecord list`") from None
        except (OSError, ValueError, RecursionError) as error:
            raise self._damaged(name, f"{ORIGIN} cannot be read ({error})") from None
        if not isinstance(record, dict):
            raise self._damaged(name, f"{ORIGIN} is no table")
        # One of an older On Record has no seal; a part that we do not know may be a seal's damaged name.
        if (SEAL in record and not is_sealed(record)) or not record.keys() <= _PARTS:
            raise self._damaged(name, f"{ORIGIN} is not as it was stored")
        return record

    def _head(self, name: str, record: Mapping[str, Any]) -> Head:
        try:
            return Head(name, **record["head"])
        except (KeyError, TypeError) as error:
            raise self._damaged(name, f"{ORIGIN}: {error}") from None

    def _damaged(self, name: str, why: str) -> LibraryDamaged:
        return LibraryDamaged(
            f"the article {name!r} in {self.folder} is damaged ({why}); "
            f"run `onrecord remove {name}` and add it again"
        )

    # --- taking in -------------------------------------------------------------------------------

    def plan(self, raw: Raw, flags: Facts = Facts(), *, read: bool = False) -> Plan:  # noqa: B008 (frozen)
        """What taking in this source does; nothing is written. ArticleError where it cannot be read.

        What is there already is read again only with `read`, to be shown.
        """
        known, status = self._known(raw)
        unchanged = known is not None and (status == "same" or (status == "there" and flags == Facts()))
        if known and unchanged and not read:
            return Plan(raw, "added" if status == "there" and known.aside else status, known.id, known)
        status = "replaced" if status == "there" and not unchanged else status
        ingested = ingest(raw)
        if known and status == "same":
            return Plan(raw, status, known.id, known, ingested, ingested.decided)
        if known is None:
            text = hashlib.sha256(ingested.document.text.encode("utf-8")).hexdigest()
            known = next((head for head in self.heads.values() if head.text_sha256 == text), None)
            if known and not known.aside and _is_there(known.source):
                return Plan(raw, "same", known.id, known, ingested, ingested.decided)
            status = "moved" if known else "added"
        # One that was only noted is not on disk.
        entry = self.entry(known.id) if known and self.holds(known.id) else None
        facts = merged(entry.decided, entry.facts, ingested.decided) if entry else ingested.decided
        facts = given(facts, flags)
        if known and known.aside:
            status = "added"
        elif entry and status == "replaced" and entry.document == ingested.document:
            # Other bytes may be stored alike, as a page is that tells the time.
            status = "there" if _alike(entry.facts, facts) else status
        plan = Plan(raw, status, known.id if known else self._new_id(raw, facts), known, ingested, facts)
        if not plan.turns:
            raise ArticleError(
                f"{raw.name} holds nobody's words that could be told from the rest; expected answers that "
                "open with `Full Name:`, or one who answers: name who speaks with --speaker NAME"
            )
        return plan

    def _known(self, raw: Raw) -> tuple[Head | None, Status]:
        """The article that came from the same place or has the same bytes, and what that comes to."""
        heads = self.heads.values()
        same = next((head for head in heads if head.source == raw.source), None)
        if same is not None:
            unchanged = (same.sha256, same.beside_sha256) == (raw.sha256, raw.beside_sha256)
            return same, "there" if unchanged and same.reading == READING else "replaced"
        same = next((head for head in heads if head.sha256 == raw.sha256), None)
        if same is None:
            return None, "added"
        return same, "same" if _is_there(same.source) and not same.aside else "moved"

    def _new_id(self, raw: Raw, facts: Facts) -> str:
        """An id that no other article has: from the facts, else the file's name."""
        return self._free(safe_id(facts.id or raw.stem))

    def _free(self, base: str) -> str:
        """An id that no article has: `base`, or the next like it."""
        taken = {name.casefold() for name in self.heads}
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base}-{number}"
        return name

    def put(self, plan: Plan, by: By, *, aside: bool = False) -> None:
        """Does what is planned. Who was added stays so, whatever is built later."""
        if plan.status == "same":
            return
        if plan.ingested is None or plan.status == "there":
            if plan.before and (head := self._standing(plan.before, by, aside=aside)) != plan.before:
                self._rewrite(head)
            return
        toml = self._facts_file(plan)  # before anything is written: a person's may be no TOML any more
        head = self._new_head(plan, plan.ingested, by, aside=aside)
        try:
            self._store(
                plan.id,
                {
                    TEXT: plan.ingested.document.text.encode("utf-8"),
                    FACTS: toml,
                    ORIGIN: _written(_record(head, plan.raw, plan.ingested)),
                },
            )
        except BaseException:
            with suppress(OSError):
                self.recover()
            raise
        self.heads[plan.id] = head

    def _store(self, name: str, files: Mapping[str, bytes]) -> None:
        """Nothing; the article's folder holds these files, for good."""
        draft, place, old = (self.folder / f"{before}{name}" for before in (_NEW, "", _OLD))
        _cleared(draft)
        disk.make_folder(self.folder)
        draft.mkdir()
        for file, data in files.items():
            disk.write(draft / file, data)
        disk.sync(draft)
        _cleared(old)
        if place.exists():
            place.replace(old)
        disk.put(draft, place)
        _cleared(old)

    def suppose(self, plan: Plan, by: By) -> None:
        """Counts what is planned as done, in this object alone: for those that come after it."""
        if plan.ingested is not None and plan.status != "same":
            self.heads[plan.id] = self._new_head(plan, plan.ingested, by, aside=False)

    def _new_head(self, plan: Plan, ingested: Ingested, by: By, *, aside: bool) -> Head:
        head = Head(
            plan.id,
            plan.raw.source,
            plan.raw.sha256,
            plan.raw.beside_sha256,
            hashlib.sha256(ingested.document.text.encode("utf-8")).hexdigest(),
            READING,
            max((each.number for each in self.heads.values()), default=self._first) + 1,
            by,
            aside,
        )
        if plan.before is None:
            return head
        stays = self._standing(plan.before, by, aside=aside)
        return replace(head, number=stays.number, by=stays.by, aside=stays.aside)

    @staticmethod
    def _standing(before: Head, by: By, *, aside: bool) -> Head:
        """The head of an article that is taken in again: what is in the index stays there."""
        if before.aside:
            return replace(before, by=by, aside=aside)
        return replace(before, by="add" if before.by == "add" else by)

    def _facts_file(self, plan: Plan) -> bytes:
        """The facts file: as it is where it says it all, else with what is new, its comments kept."""
        path = self.folder / plan.id / FACTS
        if plan.before is None or not path.exists():
            return written_facts(plan).encode("utf-8")
        mine = path.read_bytes()
        facts = facts_of(mine, str(path))
        return mine if _alike(facts, plan.facts) else updated_facts(mine, facts, plan).encode("utf-8")

    def _rewrite(self, head: Head) -> None:
        """Changes what stands in an article's head."""
        record = self._origin(head.id) | {"head": _head_record(head)}
        draft = self.folder / head.id / (ORIGIN + _DRAFT)
        disk.write(draft, _written(record))
        disk.put(draft, self.folder / head.id / ORIGIN)
        self.heads[head.id] = head

    def adopt(self, other: "Library", head: Head) -> str | None:
        """The id under which an article of another library is held here; None where its words are already.

        It keeps its number, so articles that were read in parts come into the order of all. Facts that a
        person edited here stay.
        """
        other.entry(head.id)  # each byte of it sound, or it says what is wrong
        known = next((mine for mine in self.heads.values() if mine.source == head.source), None)
        if known is None and any(mine.text_sha256 == head.text_sha256 for mine in self.heads.values()):
            return None
        name = known.id if known else self._free(head.id)
        files = _files(other.folder / head.id)
        if known:
            mine, stored = self.entry(name), _files(self.folder / name)
            if not _alike(mine.facts, mine.decided) and FACTS in stored:
                files[FACTS] = stored[FACTS]
            if files == stored:
                return name
        self._store(name, files)
        self.heads[name] = replace(head, id=name)
        return name

    # --- taking out ------------------------------------------------------------------------------

    def holds(self, name: str) -> bool:
        """Whether there is a folder of that article, whatever is in it."""
        plain = bool(name) and Path(name).name == name and not name.startswith(".")
        return plain and (self.folder / name).is_dir()

    def remove(self, name: str) -> None:
        """Takes an article out for good."""
        gone = self.folder / f"{_GONE}{name}"
        _cleared(gone)
        disk.put(self.folder / name, gone)
        _cleared(gone)
        self._heads = None

    def only(self, names: Sequence[str]) -> None:
        """Of what builds took in only these stay in the index. Edited facts of others are kept aside."""
        for head in list(self.heads.values()):
            if head.id in names:
                if head.aside:
                    self._rewrite(replace(head, aside=False))
            elif head.by == "build" and not head.aside:
                entry = self.entry(head.id)
                if _alike(entry.facts, entry.decided):
                    self.remove(head.id)
                else:
                    self._rewrite(replace(head, aside=True))

    def recover(self) -> None:
        """Sets right what a writer that was stopped left behind."""
        for old in self.folder.glob(f"{_OLD}*"):
            place = self.folder / old.name.removeprefix(_OLD)
            if not place.exists():
                disk.put(old, place)
        if left := [path for before in (_NEW, _OLD, _GONE) for path in self.folder.glob(f"{before}*")]:
            disk.sync(self.folder)  # what stands in the place of these, before they go
            for path in left:
                _cleared(path)
        for draft in self.folder.glob(f"*/{ORIGIN}{_DRAFT}"):
            draft.unlink(missing_ok=True)
        self._heads = None


def _cleared(folder: Path) -> None:
    """Nothing; the folder is gone, or as much of it as can be."""
    shutil.rmtree(folder, ignore_errors=True)


def _files(folder: Path) -> dict[str, bytes]:
    """The files of an article; a person may have taken that of the facts away."""
    return {file: (folder / file).read_bytes() for file in (TEXT, FACTS, ORIGIN) if (folder / file).exists()}


def safe_id(name: str) -> str:
    """The name as a folder can be called on any system, and as a person can type it."""
    plain = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", visible(name))).strip("-._")
    cut = plain[:LONGEST_ID].rstrip("-.")
    return f"article-{cut}" if _RESERVED.fullmatch(cut) else cut or "article"


def _is_there(source: str) -> bool:
    """Whether the source can still be there: a page on the web always can."""
    return source.startswith(("http://", "https://")) or Path(source).exists()


# --- facts.toml ----------------------------------------------------------------------------------

BY_HAND = "by hand"
_HEAD = """\
What is known of this article, and where it was found. Change what is wrong: what you change stays,
whatever is built or added later. Then run `onrecord build`.
"""


def written_facts(plan: Plan) -> str:
    """The facts file: each fact with where it was found."""
    import tomlkit

    file = tomlkit.document()
    for line in _HEAD.splitlines():
        file.add(tomlkit.comment(line))
    file.add(tomlkit.nl())
    for key in FIELDS:
        if getattr(plan.facts, key) is None:
            file.add(tomlkit.comment(f'{key} = ""  (not found)'))
        else:
            file.add(key, _item(plan, key))
    if plan.facts.people:
        file.add("people", _rows(plan))
    return tomlkit.dumps(file)


def updated_facts(mine: bytes, facts: Facts, plan: Plan) -> str:
    """A facts file with what the plan says otherwise; everything else in it stays as it is written."""
    import tomlkit

    file = tomlkit.parse(mine.decode("utf-8-sig"))
    for key in FIELDS:
        if (value := getattr(plan.facts, key)) != getattr(facts, key):
            file.remove(key) if value is None else file.__setitem__(key, _item(plan, key))
    if plan.facts.people != facts.people:
        if "people" in file:
            file.remove("people")
        if plan.facts.people:
            file.add("people", _rows(plan))
    return tomlkit.dumps(file)


def _item(plan: Plan, key: str) -> Any:
    """The TOML of one fact, with where it was found."""
    import tomlkit

    value = getattr(plan.facts, key)
    found = plan.ingested is not None and value == getattr(plan.ingested.decided, key)
    return tomlkit.string(value).comment(_where(plan, key) if found else BY_HAND)


def _rows(plan: Plan) -> Any:
    """The TOML of the people."""
    import tomlkit

    rows = tomlkit.aot()
    for person in plan.facts.people:
        row = tomlkit.table()
        row.add("name", tomlkit.string(person.name).comment(_where(plan, person.name)))
        if person.role is not None:
            row.add("role", person.role)
        if person.aliases:
            row.add("aliases", list(person.aliases))
        rows.append(row)
    return rows


def _where(plan: Plan, key: str) -> str:
    return visible(plan.ingested.where.get(key, BY_HAND)) if plan.ingested else BY_HAND


def _alike(one: Facts, other: Facts) -> bool:
    return replace(one, id=None) == replace(other, id=None)


# --- origin.json ---------------------------------------------------------------------------------

_DRAFT = ".new"
_PARTS = {"head", "format", "stated", "decided", "found", "left_out", "pieces", SEAL}


def _written(record: Mapping[str, Any]) -> bytes:
    """The file of a record, which has its checksum."""
    return json.dumps(sealed(record)).encode()


def _record(head: Head, raw: Raw, ingested: Ingested) -> dict[str, Any]:
    document = ingested.document
    return {
        "head": _head_record(head),
        "format": raw.ending.removeprefix(".") or "txt",
        "stated": asdict(ingested.stated),
        "decided": asdict(ingested.decided),
        "found": [asdict(each) for each in document.found],
        "left_out": list(document.left_out),
        "pieces": [_row(piece) for piece in document.pieces],
    }


def _head_record(head: Head) -> dict[str, Any]:
    return {key: value for key, value in asdict(head).items() if key != "id"}


def _row(piece: Piece) -> list[Any]:
    """A piece as a short row: an article has hundreds."""
    bold = [[span.start, span.end] for span in piece.bold]
    return [piece.span.start, piece.span.end, piece.kind, bold, piece.speaker, piece.depth, piece.slanted]


def _piece(row: list[Any]) -> Piece:
    start, end, kind, bold, speaker, depth, slanted = row
    return Piece(Span(start, end), kind, tuple(Span(*each) for each in bold), speaker, depth, slanted)


def _facts(record: Mapping[str, Any]) -> Facts:
    people = tuple(Person(each["name"], each["role"], tuple(each["aliases"])) for each in record["people"])
    return Facts(**{**record, "people": people})
