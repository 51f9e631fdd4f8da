"""A follow-up to the question it stands for, from the questions before it."""

import re
from collections.abc import Sequence

from rag.people import speaker_named

# "And Caridad?", "What about Keith Mines?": the earlier question again, to another person.
_SAME_TO = re.compile(
    r"(?i)^(?:(?:and|but|so|ok|okay)[, ]+)*(?:(?:what|how) about )?(?P<name>[^\W\d_][\w .’'-]*?)\s*[?!.]*$"
)


def resolve(question: str, history: Sequence[str], speakers: Sequence[str]) -> str:
    """The question that is really asked. A question that stands alone comes back unchanged."""
    match = _SAME_TO.match(question)
    if not match or not history:
        return question
    who = speaker_named(match["name"], speakers)
    if len(who) != 1:
        return question
    return f"According to {next(iter(who))}, {history[-1].strip()}"
