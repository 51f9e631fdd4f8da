"""What was understood of a document: for a person in a terminal, and as JSON."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rag.index.parts import Spoken
from rag.ingest import FIELDS, covering, said
from rag.library import Plan
from rag.records import Article, Block, Person, Turn
from rag.schema import ArticleJSON, ArticlesJSON, RowJSON, TurnJSON

# So many words of a turn tell it from others, and so many labels or turns of a kind are shown.
OPENING_WORDS = 12
MOST_LABELS = 4

_WIDTH = 10


def understood(plan: Plan, name: str, *, dry: bool = False) -> str:
    """What taking in a document makes of it, or would where it is `dry`: facts, who says how much."""
    if plan.status == "same" and plan.before is not None:
        return f"the same text is there already: {plan.id} ({plan.before.source}); {name} is not added"
    if plan.status == "there" or plan.ingested is None:
        return f"already there: {plan.id} ({name})"
    lines = [f"{'would be ' if dry else ''}{plan.status}: {plan.id} ({name})"]
    found = plan.ingested
    for key in FIELDS:
        value = getattr(plan.facts, key)
        where = found.where.get(key, "") if value == getattr(found.decided, key) else "by hand"
        if value is not None:
            lines.append(_line(key, f"{value}  [{where}]"))
    people = list(_people(plan))
    lines += [
        _line("people" if at == 0 else "", each) for at, each in enumerate(people or ["nobody by name"])
    ]
    asked = sum(block.kind == "question" for block in plan.blocks)
    lines.append(_line("turns", f"{_count(len(plan.turns), 'turn')}, {_count(asked, 'question')}"))
    lines += [_line("left out", each) for each in found.document.left_out]
    lines += [_line("unsure", each) for each in unsure(plan)]
    return "\n".join(lines)


def _people(plan: Plan) -> Iterator[str]:
    """Everybody who speaks or is named, with role, words, what labels call them, and where that was found."""
    if plan.ingested is None:
        return
    words = said(plan.turns, plan.ingested.document.text)
    asking = Counter(block.speaker for block in plan.blocks if block.kind == "question" and block.speaker)
    for person in plan.facts.people:
        parts = [_count(words[person.name], "word")] if person.name in words else []
        parts += [f"asks {_count(asking[person.name], 'question')}"] if asking[person.name] else []
        role = f" ({person.role})" if person.role else ""
        called = f", labelled {', '.join(person.aliases)}" if person.aliases else ""
        where = plan.ingested.where.get(person.name, "by hand")
        yield f"{person.name}{role}: {', '.join(parts) or 'says nothing here'}{called}  [{where}]"
    if None in words:
        yield f"speaker unknown: {_count(words[None], 'word')}"


def unsure(plan: Plan) -> list[str]:
    """What a person may want to set right in the facts file."""
    told = [f"no {key} was found" for key in ("title", "date") if getattr(plan.facts, key) is None]
    unknown = sum(turn.speaker is None for turn in plan.turns)
    if unknown:
        labels = Counter(
            block.label
            for block in plan.blocks
            if block.label and block.speaker is None and block.kind in ("answer", "speech")
        )
        under = ", ".join(f"“{label}”" for label, _ in labels.most_common(MOST_LABELS))
        told.append(
            f"who speaks in {_count(unknown, 'turn')}"
            + (f", labelled {under}" if under else "")
            + ": name them with --speaker NAME, or in the facts file"
        )
    return told


def _line(key: str, value: str) -> str:
    return f"  {key:<{_WIDTH}}{value}"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def plan_json(plan: Plan, name: str) -> dict[str, Any]:
    """The document as programs read it: its facts, its text, and who says what in all of it."""
    if plan.ingested is None:
        raise ValueError(f"{name} was not read")
    text = plan.ingested.document.text
    facts = {key: getattr(plan.facts, key) for key in FIELDS}
    return {
        "file": name,
        "article": {"id": plan.id, **facts, "people": [_person(person) for person in plan.facts.people]},
        "text": text,
        "blocks": [_block(block) for block in covering(plan.blocks, text)],
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "start": block.span.start,
        "end": block.span.end,
        "kind": block.kind,
        "speaker": block.speaker,
        "label": block.label,
    }


def _person(person: Person) -> dict[str, Any]:
    return {**asdict(person), "aliases": list(person.aliases)}


# --- list and show -------------------------------------------------------------------------------


def row_json(spoken: Spoken) -> RowJSON:
    """An article of the list: id, date, title, who speaks, and how many words can be quoted."""
    words = said(spoken.turns, spoken.article.text)
    return {
        "id": spoken.article.id,
        "date": spoken.article.date,
        "title": spoken.article.title,
        "people": [name for name in words if name],
        "words": sum(words.values()),
    }


def articles_json(found: Sequence[Spoken], first: int, limit: int) -> ArticlesJSON:
    """A page of a list of articles, and where to go on from."""
    last = first + limit
    return {
        "articles": [row_json(each) for each in found[first:last]],
        "total": len(found),
        "next": last if last < len(found) else None,
    }


def row_text(spoken: Spoken) -> str:
    """The same on one line."""
    row = row_json(spoken)
    people = ", ".join(row["people"]) or "nobody by name"
    return "  ".join(
        (
            row["id"],
            row["date"] or "no date",
            row["title"] or "no title",
            people,
            _count(row["words"], "word"),
        )
    )


def article_json(spoken: Spoken) -> ArticleJSON:
    """An article with its facts, its people and its turns."""
    article = spoken.article
    words = said(spoken.turns, article.text)
    return {
        "id": article.id,
        "title": article.title,
        "date": article.date,
        "publisher": article.publisher,
        "url": article.url,
        "language": article.language,
        "people": [
            {
                "name": person.name,
                "role": person.role,
                "aliases": list(person.aliases),
                "words": words.get(person.name, 0),
            }
            for person in _everybody(article, words)
        ],
        "words": sum(words.values()),
        "turns": [_turn(turn, spoken) for turn in spoken.turns],
    }


def _everybody(article: Article, words: dict[str | None, int]) -> list[Person]:
    """The article's people, and who speaks beside them."""
    named = {person.name for person in article.people}
    return [*article.people, *(Person(name) for name in words if name and name not in named)]


def _turn(turn: Turn, spoken: Spoken) -> TurnJSON:
    text, first, last = spoken.article.text, turn.paragraphs[0], turn.paragraphs[-1]
    opening = first.of(text).split()
    return {
        "speaker": turn.speaker,
        "label": next((block.label for block in spoken.blocks if block.span == first), None),
        "asked": turn.asked.of(text) if turn.asked else None,
        "start": first.start,
        "end": last.end,
        "words": sum(len(span.of(text).split()) for span in turn.paragraphs),
        "opening": " ".join(opening[:OPENING_WORDS]) + (" …" if len(opening) > OPENING_WORDS else ""),
    }


def article_text(spoken: Spoken) -> str:
    """The same for a person."""
    told = article_json(spoken)
    lines = [told["id"]]
    facts = ((key, getattr(spoken.article, key)) for key in FIELDS)
    lines += [_line(key, value) for key, value in facts if value is not None]
    for at, person in enumerate(told["people"]):
        role = f" ({person['role']})" if person["role"] else ""
        called = f", labelled {', '.join(person['aliases'])}" if person["aliases"] else ""
        lines.append(
            _line(
                "people" if at == 0 else "",
                f"{person['name']}{role}: {_count(person['words'], 'word')}{called}",
            )
        )
    lines.append(_line("turns", f"{len(told['turns']):,}"))
    for turn in told["turns"]:
        who = turn["speaker"] or (f"unknown, labelled “{turn['label']}”" if turn["label"] else "unknown")
        lines.append(f"    {who}: {turn['opening']}")
    return "\n".join(lines)
