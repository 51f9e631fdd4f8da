"""A draft to the quotations in it: what stands in quotation marks, and block quotations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.check.draft import NOTHING, Draft, Paragraph
from rag.reading.names import shaped_like_a_name
from rag.records import Span

# Closing marks by the mark that opens. One that is not closed reaches to the end of its paragraph.
_CLOSES = {
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "‘": "’",
    "”": "”",
    '"': '"',
    "'": "'",
    "`": "'",
}
# Apostrophes look like these, so that they count only outside of others, and only where a word begins.
_SINGLE = frozenset("‘'`‹")
_OPENING = re.compile(r"[“„«»‹‘”\"'`]")
# The line under a block quotation that says whose it is: "— Keith Mines, USIP".
_BYLINE = re.compile(r"(?:\A|\n)[ \t]*(?:[—–]|--?)[ \u00a0]*(?P<who>[^\n]{2,120})\Z")


# A line of a name and an office has so many words at most.
MOST_BYLINE = 10


@dataclass(frozen=True, slots=True)
class Quotation:
    """What stands between the marks, as a span of the draft's text; `outer` has the marks with it.

    `paragraph` is the number of the paragraph that it begins in. `byline` is what a block quotation
    says below of whose it is.
    """

    span: Span
    outer: Span
    paragraph: int
    block: bool = False
    closed: bool = True
    byline: str | None = None


def quotations(draft: Draft) -> tuple[Quotation, ...]:
    """Every quotation in the order of the draft; those within another are part of it."""
    return tuple(sorted(_quotations(draft), key=lambda each: each.span))


def _quotations(draft: Draft) -> Iterator[Quotation]:
    at = 0
    open_one: Quotation | None = None  # goes on in the next paragraph, which opens with the mark again
    while at < len(draft.paragraphs):
        paragraph = draft.paragraphs[at]
        if paragraph.kind == "block":
            last = at
            while last + 1 < len(draft.paragraphs) and draft.paragraphs[last + 1].kind == "block":
                last += 1
            if open_one is not None:
                yield open_one
                open_one = None
            yield from _block(draft, at, last)
            at = last + 1
            continue
        found = list(_marked(draft.plain, draft.text, paragraph, at))
        if open_one is not None and found and _reopens(draft, paragraph, found[0], open_one):
            first = found.pop(0)
            joined = Span(open_one.span.start, first.span.end)
            found.insert(
                0,
                Quotation(
                    joined,
                    Span(open_one.outer.start, first.outer.end),
                    open_one.paragraph,
                    closed=first.closed,
                ),
            )
        elif open_one is not None:
            yield open_one
        open_one = found.pop() if found and not found[-1].closed else None
        yield from found
        at += 1
    if open_one is not None:
        yield open_one


def _reopens(draft: Draft, paragraph: Paragraph, first: Quotation, before: Quotation) -> bool:
    """Whether a paragraph begins with the same mark that was left open in the one before."""
    mark = draft.plain[before.outer.start]
    return draft.plain[first.outer.start] == mark and not _visible(
        draft.plain[paragraph.span.start : first.outer.start]
    )


def _visible(text: str) -> str:
    return text.replace(NOTHING, "").strip()


def _block(draft: Draft, first: int, last: int) -> Iterator[Quotation]:
    """A block quotation: its paragraphs without the line that says whose it is, and outer marks."""
    start, end = draft.paragraphs[first].span.start, draft.paragraphs[last].span.end
    words = draft.plain[start:end]
    byline = _BYLINE.search(words)
    who = None
    if byline is None and last > first:
        # A paragraph that is a name and no sentence, under the others.
        under = draft.paragraphs[last].span.of(draft.plain).replace(NOTHING, "").strip(" *_")
        if (
            shaped_like_a_name(under.split(",")[0])
            and len(under.split()) <= MOST_BYLINE
            and under[-1:].isalnum()
        ):
            end, who = draft.paragraphs[last - 1].span.end, under
            words = draft.plain[start:end]
    if byline and byline.start() > 0:
        end, who = start + byline.start(), byline["who"].replace(NOTHING, "").strip()
        words = draft.plain[start:end]
    if not _visible(words):
        return
    inner = re.match(r"[\s\u00ad]*(?P<mark>[“\"«„])?", words)
    # A mark at the end alone closes one within.
    marked = inner is not None and inner["mark"] is not None
    last = _spoken(words)
    if marked and last and words[last - 1] in '”"»“':
        last -= 1
    begin = start + (inner.end() if inner else 0)
    stop = start + last
    if begin < stop:
        yield Quotation(Span(begin, stop), Span(start, end), first, block=True, byline=who)


def _spoken(words: str) -> int:
    """Where the words end, blank space and markup behind them aside."""
    end = len(words)
    while end and (words[end - 1].isspace() or words[end - 1] == NOTHING):
        end -= 1
    return end


def _marked(text: str, raw: str, paragraph: Paragraph, number: int) -> Iterator[Quotation]:
    """What stands in marks in one paragraph, from left to right."""
    at, end = paragraph.span.start, paragraph.span.end
    never: set[str] = set()  # marks whose closing ones are all behind: not looked for again
    while match := _OPENING.search(text, at, end):
        mark, start = match.group(), match.start()
        at = start + 1
        if not _opens(text, start, end, paragraph.span.start) or (mark in _SINGLE and mark in never):
            continue
        close = _close(text, start, end)
        if close is None and mark in _SINGLE:
            never.add(mark)
            continue
        width = 2 if mark == "`" and text[start + 1 : start + 2] == "`" else 1
        stop = end if close is None else close
        while raw[start] == "&" and text[start + width : start + width + 1] == NOTHING:
            width += 1  # the rest of "&quot;"
        if stop > start + width:
            closing = 2 if width == 2 and mark == "`" and text[stop + 1 : stop + 2] == "'" else 1
            outer = Span(start, min(stop + closing, end))
            yield Quotation(Span(start + width, stop), outer, number, closed=close is not None)
        at = max(at, min(stop + 1, end))


def _opens(text: str, at: int, end: int, start: int) -> bool:
    """Whether the mark at that place opens: a word begins behind it, and none ends before it."""
    mark = text[at]
    ahead, back = at + 1, at - 1
    while ahead < end and text[ahead] == NOTHING:
        ahead += 1
    while back > start and text[back] == NOTHING:
        back -= 1
    # Behind markup that is no word, as a picture's, a blank may stand.
    behind = "" if ahead >= end else "x" if ahead > at + 1 and text[ahead].isspace() else text[ahead]
    before = text[back] if back >= start else " "
    if mark == "«" and behind.isspace():
        return before.isspace() or before in "([—–-"  # as French prints it
    if not behind or behind.isspace():
        return False
    if mark in "“„‘" or (mark in "«‹" and behind not in ".,;"):
        return not (mark == "‘" and before.isalnum())
    if mark == "»":  # as German prints it
        return (before.isspace() or before in "([—–-") and behind.isalnum()
    return (before.isspace() or before in "([{—–-/:") and behind not in ".,;:)]}"


def _close(text: str, at: int, end: int) -> int | None:
    """Where the quotation that opens at `at` ends; None where it is not closed."""
    mark = text[at]
    closing = _CLOSES[mark]
    depth = 0
    possessive: int | None = None
    for place in range(at + 1, end):
        char = text[place]
        if char in closing:
            if mark in ("'", "‘", "`"):
                if _apostrophe(text, place, end):
                    continue
                if _possessive(text, place, end):
                    possessive = place
                    continue
                return place
            if mark == '"' and not _ends(text, place, end):
                continue
            if depth == 0:
                return place
            depth -= 1
        elif char == mark and mark in _SINGLE and possessive is not None:
            return possessive  # the next one opens
        elif char == mark and mark in "“«" and not text[place - 1].isalnum():
            if mark == "“" and not _visible(text[max(at + 1, place - 1) : place]) and "\n" in text[at:place]:
                continue  # opened again in a new line of the same paragraph
            depth += 1
    return possessive


def _ends(text: str, place: int, end: int) -> bool:
    """Whether a straight mark closes: no word begins right behind it, or one ends right before it."""
    behind = text[place + 1] if place + 1 < end else " "
    return not behind.isalnum() or not text[place - 1].isspace()


def _apostrophe(text: str, place: int, end: int) -> bool:
    """Whether the mark stands within a word, or begins one: "don’t", "’90s"."""
    behind = text[place + 1] if place + 1 < end else " "
    return behind.isalnum()


def _possessive(text: str, place: int, end: int) -> bool:
    """Whether the mark may be a plural's: "the countries’ leaders"."""
    if text[place - 1] not in "sS":
        return False
    return bool(re.match(r" [a-z]", text[place + 1 : min(end, place + 3)]))
