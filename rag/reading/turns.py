"""An article's text to blocks and turns: who speaks, and what was asked.

The layout read here: the interviewer's question stands alone before a label, `Full Name:` opens an
answer, unlabelled paragraphs continue it. Rules lean towards "unknown": a wrong name is the worst
fault there is, so whatever closes an answer closes it early.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rag.fold import fold
from rag.records import Article, Block, BlockKind, Person, Span, Turn

_PARAGRAPH = re.compile(r"[^\r\n]+")
# What may stand before a name: markup, brackets, dashes, numbers and times, "[Laughs]".
_BEFORE = r"(?:\[[^\]\r\n]{0,30}\](?=\s*\S)|[\W\d_])*?"
_LABEL = re.compile(
    rf"{_BEFORE}(?P<name>[^\W\d_][^:：\r\n]{{0,60}}?)(?:\s*[(\[][^()\[\]\r\n]{{0,60}}[)\]])?[\s*_\]”\"]*[:：][\s*_]*"
)
_AFFILIATION = re.compile(r"\s*[(,\[].*")
# Labels of people without a name.
_ROLE = re.compile(
    r"(?i)(?:speaker|audience|participant|guest|moderator|host|interviewer|reporter|journalist|question|"
    r"answer|narrator|voice|unidentified|unknown|man|woman)\b[\w .#-]{0,25}"
)
# Words about the interview, not of it.
_EDITORIAL = re.compile(
    r"(?i)\W*(?:editor.{0,2}s? note|(?:this|the) (?:interview|conversation|transcript|discussion|q&a) "
    r"(?:has been|was|is|took)\b|(?:has been )?edited for|read (?:the|more|our)\b)"
)
_CAPITAL = r"(?:(?:al|el|d|l|o)[-'’])?[^\W\d_a-z][\w.'’-]*"
_NAME = re.compile(
    rf"{_CAPITAL}(?: (?:de|del|della|di|da|dos|la|las|los|y|von|van|der|bin|ibn|{_CAPITAL})){{0,5}}"
)
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
    whole = [span for span in map(_trim, _PARAGRAPH.finditer(text)) if span.start < span.end]
    names = _speakers([span.of(text) for span in whole], article.people)
    spans = [part for span in whole for part in _split(text, span, names)]
    waiting: str | None = None  # a label that stands alone, until the words it is for
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
        elif label and not label.vouched and before_label and _asks(paragraph[label.end :]):
            kind, speaking = "question", False
            span = Span(span.start + label.end, span.end)
        elif label:
            speaking, waiting, speaker = True, label.printed, names.get(fold(label.name))
            if span.start + label.end < span.end:
                span, kind = Span(span.start + label.end, span.end), "speech"
        elif before_label and _asks(paragraph):
            kind, speaking = "question", False
        elif _is_heading(paragraph) or _EDITORIAL.match(paragraph):
            speaking = False
        elif _opens_with_a_name(paragraph, names):
            # "Ann Lee is a miller.", "ANN LEE. We…": about her or by her, so nobody's for certain.
            speaker = None
            kind = "speech" if speaking else "other"
            waiting = ""
        elif speaking and _is_one_question(paragraph):
            kind = "question"  # the interviewer's, more likely than not
        elif speaking and not _is_aside(paragraph, text, spans, at):
            kind = "speech"
        if kind == "speech":
            found.append(Block(span, kind, speaker, waiting))
            waiting = None
        else:
            found.append(Block(span, kind))
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
    """Folded labels that name somebody, each with the full name. A label needs evidence.

    Stated people are evidence enough and then nobody else is a speaker by looks alone; without
    them a label must be shaped like a name and open at least two paragraphs.
    """
    if people:
        return {fold(person.name): person.name for person in people}
    seen = Counter(_name(m) for m in map(_LABEL.match, paragraphs) if m)
    return {fold(name): name for name, times in seen.items() if times > 1 and _NAME.fullmatch(name)}


@dataclass(frozen=True, slots=True)
class _Label:
    """A label as printed, the name in it, and how far into the paragraph its words begin."""

    printed: str
    name: str
    end: int
    vouched: bool  # whether anything says that the name is a speaker's


def _label(paragraph: str, names: dict[str, str]) -> _Label | None:
    """The label that opens a paragraph, or None.

    A label shaped like a name that nothing vouches for still ends the turn before it: those words
    may be somebody else's, so they are nobody's.
    """
    match = _LABEL.match(paragraph)
    if not match:
        return None
    name = _name(match)
    vouched = fold(name) in names
    if not vouched and not _NAME.fullmatch(name) and not _ROLE.fullmatch(name):
        return None
    printed = re.sub(r"[\s*_]*[:：][\s*_]*$", "", match.group())
    return _Label(printed, name, match.end(), vouched)


def _split(text: str, span: Span, names: dict[str, str]) -> list[Span]:
    """The paragraph, cut before every speaker's label inside it."""
    if not names:
        return [span]
    inside = rf"(?<=[.?!”\"’)\]])\s+(?=(?:{'|'.join(map(re.escape, names.values()))})\s*[:：])"
    parts, at = [], span.start
    for gap in re.finditer(inside, span.of(text)):
        if len(text[at : span.start + gap.start()].split()) < 2:
            continue  # "Dr. Ann Lee:" is one label
        parts.append(Span(at, span.start + gap.start()))
        at = span.start + gap.end()
    return [*parts, Span(at, span.end)]


def _opens_with_a_name(paragraph: str, names: dict[str, str]) -> bool:
    """Whether a paragraph without a label begins with a speaker's full name."""
    opening = fold(re.sub(rf"^{_BEFORE}(?=[^\W\d_])", "", paragraph[:200]))
    return any(re.match(rf"{re.escape(name)}\b", opening) for name in names)


def _is_one_question(paragraph: str) -> bool:
    return paragraph.endswith("?") and not re.search(r"[.?!…]\s", paragraph)


def _name(label: re.Match[str]) -> str:
    """The name in a label, without markup and affiliation: "Ann Lee (USIP):" is "Ann Lee"."""
    return " ".join(_AFFILIATION.sub("", label["name"]).split())


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
