"""An article's text to blocks and turns: who speaks, and what was asked.

The layout read here: the interviewer's question stands alone before a label, `Full Name:` opens an
answer, unlabelled paragraphs continue it. Rules lean towards "unknown": a wrong name is the worst
fault there is, so whatever closes an answer closes it early.
"""

import re
from collections import Counter
from collections.abc import Iterator

from rag.records import Article, Block, BlockKind, Person, Span, Turn

_PARAGRAPH = re.compile(r"[^\r\n]+")
_LABEL = re.compile(r"(?P<name>[^\W\d_][^:\r\n]{0,60}?)[ \u00a0]*:[ \u00a0\t]+(?=\S)")
_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?:[ \u00a0](?:de|del|la|von|van|bin|[^\W\d_a-z][\w.'’-]*)){0,4}")
_IMPERATIVE = re.compile(r"(?i)(?:please |so |and )?(?:tell|describe|explain|talk|walk|give|share)\b")

# What publishers put around an interview. A heading of this kind ends the interview.
_CLOSING = re.compile(
    r"(?i)(?:related (?:publications?|content|articles?|posts?|reading)|view all publications|"
    r"about the authors?|further reading|read (?:more|next)|more from .{1,40}|you may also like|"
    r"newsletter|subscribe|share this.{0,20}|tags?|topics|comments|recommended.{0,20})\W*"
)
# Lines that stand between paragraphs of an answer and are nobody's words.
_LANGUAGE_LINK = re.compile(r"(?i)(?:leer|lea|read|lire|ler) (?:\w+ ){0,2}(?:en|in|em) [^\W\d_]+")
_CREDIT = re.compile(r".*\([^()]*(?:/|photo|image|getty|reuters|\bAP\b|courtesy)[^()]*\)\W*", re.I | re.S)

# A heading is short and carries no sentence end: "Global Policy", "The Way Forward".
HEADING_WORDS = 8


def blocks(article: Article) -> tuple[Block, ...]:
    """Every paragraph of the article in order, with what it is and whose words it holds."""
    text = article.text
    spans = [span for span in map(_trim, _PARAGRAPH.finditer(text)) if span.start < span.end]
    names = _speakers([span.of(text) for span in spans], article.people)
    labels = [_label(span.of(text), names) for span in spans]
    found: list[Block] = []
    speaker: str | None = None
    speaking = closed = False
    for at, (span, label) in enumerate(zip(spans, labels, strict=True)):
        paragraph = span.of(text)
        before_label = at + 1 < len(spans) and labels[at + 1] is not None
        kind: BlockKind = "other"
        if _CLOSING.fullmatch(paragraph):
            closed, speaking = True, False
        elif closed:
            pass
        elif label:
            kind, speaking = "speech", True
            speaker = names.get(label[0])
            span = Span(span.start + label[1], span.end)
        elif before_label and _asks(paragraph):
            kind, speaking = "question", False
        elif _is_heading(paragraph):
            speaking = False
        elif speaking and not _is_aside(paragraph, text, spans, at):
            kind = "speech"
        said_by = speaker if kind == "speech" else None
        found.append(Block(span, kind, said_by, label[0] if label and kind == "speech" else None))
    return tuple(found)


def turns(text: str, found: tuple[Block, ...]) -> tuple[Turn, ...]:
    """The answers that the blocks hold, in order, each with the question last put before it."""
    made: list[Turn] = []
    asked: Span | None = None
    paragraphs: list[Span] = []
    speaker: str | None = None

    def close() -> None:
        if paragraphs:
            made.append(Turn(speaker, asked, tuple(paragraphs)))
            paragraphs.clear()

    for block in found:
        if block.kind == "question":
            close()
            asked = block.span
        elif block.kind == "speech":
            if block.label is not None and paragraphs:
                close()
            speaker = block.speaker
            paragraphs.append(block.span)
    close()
    return tuple(made)


def _trim(match: re.Match[str]) -> Span:
    """The paragraph without the blank space around it, non-breaking spaces included."""
    line = match.group()
    start = match.start() + len(line) - len(line.lstrip())
    return Span(start, max(start, match.start() + len(line.rstrip())))


def _speakers(paragraphs: list[str], people: tuple[Person, ...]) -> dict[str, str]:
    """Labels that name somebody, each with the full name. A label needs evidence.

    Stated people are evidence enough and then nobody else is a speaker by looks alone; without
    them a label must be shaped like a name and open at least two paragraphs.
    """
    if people:
        return {person.name: person.name for person in people}
    seen = Counter(m["name"] for m in map(_LABEL.match, paragraphs) if m)
    return {name: name for name, times in seen.items() if times > 1 and _NAME.fullmatch(name)}


def _label(paragraph: str, names: dict[str, str]) -> tuple[str, int] | None:
    """The label that opens a paragraph and where its words begin, or None.

    A label shaped like a name that nothing vouches for still ends the turn before it: those words
    may be somebody else's, so they are nobody's.
    """
    match = _LABEL.match(paragraph)
    if not match:
        return None
    name = " ".join(match["name"].split())
    return (name, match.end()) if name in names or _NAME.fullmatch(name) else None


def _asks(paragraph: str) -> bool:
    return paragraph.endswith(("?", "?”", '?"')) or bool(_IMPERATIVE.match(paragraph))


def _is_heading(paragraph: str) -> bool:
    words = paragraph.split()
    return (
        1 < len(words) <= HEADING_WORDS
        and paragraph[-1].isalnum()
        and all(word[0].isupper() for word in words if len(word) > 3)
        and words[0][0].isupper()
        and any(len(word) > 3 for word in words)
    )


def _is_aside(paragraph: str, text: str, spans: list[Span], at: int) -> bool:
    """Whether it is a caption, a link to a translation, or a line printed twice running."""
    near: Iterator[int] = (i for i in (at - 1, at + 1) if 0 <= i < len(spans))
    twice = any(spans[i].of(text) == paragraph for i in near)
    return twice or bool(_LANGUAGE_LINK.fullmatch(paragraph) or _CREDIT.fullmatch(paragraph))
