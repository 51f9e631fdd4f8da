"""A follow-up to the question it stands for, from the questions before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.people import speaker_named
from rag.smalltalk import kind_of

# "And Caridad?", "What about Keith Mines?": the earlier question again, to another person.
_SAME_TO = re.compile(
    r"(?i)^(?:(?:and|but|so|ok|okay)[, ]+)*(?:(?:what|how) about )?(?P<name>[^\W\d_][\w .’'-]*?)\s*[?!.]*$"
)


@dataclass(frozen=True, slots=True)
class Understood:
    """What is really asked, and of whom where a follow-up says so (full names, else none)."""

    question: str
    speakers: frozenset[str] = frozenset()


def resolve(question: str, history: Sequence[str], speakers: Sequence[str]) -> Understood:
    """What the question asks. One that stands alone, or that nothing resolves, is taken as it is."""
    who = _names_only(question, speakers)
    if not who:
        return Understood(question)
    for earlier in reversed(history):
        if not kind_of(earlier) and not _names_only(earlier, speakers):
            return Understood(earlier, who)
    return Understood(question)


def _names_only(question: str, speakers: Sequence[str]) -> frozenset[str]:
    """The one speaker that a question consists of, or nobody."""
    match = _SAME_TO.match(question)
    who = speaker_named(match["name"], speakers) if match else frozenset()
    return who if len(who) == 1 else frozenset()
