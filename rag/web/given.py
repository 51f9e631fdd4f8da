"""What a browser sends, down to what a question can be. Any of it may be forged."""

from dataclasses import dataclass
from typing import Any

from rag.bot import MAX_QUESTION
from rag.conversation import REMEMBERED

# What a question can be narrowed down to, by the names that Bot.ask has for it.
FILTERS = ("speaker", "article", "since", "until", "order")


@dataclass(frozen=True)
class Asked:
    """A question with the questions before it and what it is narrowed down to."""

    question: str
    history: tuple[str, ...]
    narrowed: tuple[tuple[str, str], ...]


def fields(given: object) -> dict[str, Any]:
    """What was sent by name; nothing where no names were sent."""
    return given if isinstance(given, dict) else {}


def asked(given: object) -> Asked:
    """The question in {"question", "history", "chosen"}; what is not of its kind is left out."""
    row = fields(given)
    question = row.get("question")
    earlier = row.get("history")
    history = [each for each in earlier if isinstance(each, str)] if isinstance(earlier, list) else []
    kept = tuple(each[:MAX_QUESTION] for each in history[-REMEMBERED:])
    return Asked(
        question if isinstance(question, str) else "", kept, tuple(filters(row.get("chosen")).items())
    )


def filters(chosen: object) -> dict[str, Any]:
    """What a reader narrowed a question down to."""
    row = fields(chosen)
    return {name: value for name in FILTERS if isinstance(value := row.get(name), str) and value.strip()}
