"""A plain text to a draft."""

import re

from rag.check.draft import Draft, Paragraph
from rag.records import Span

# Lines of a text are wrapped at 100 characters at most; longer ones are paragraphs.
WRAPPED = 100
# In print a block quotation is set in from the left.
INDENT = 3


def parse(text: str) -> Draft:
    """The draft in a plain text: paragraphs between blank lines, or lines where lines are long."""
    found: list[Paragraph] = []
    for chunk in re.finditer(r"(?:^|(?<=\n))(?:[^\S\n]*\S[^\n]*(?:\n|\Z))+", text):
        lines = list(re.finditer(r"[^\n]+", chunk.group()))
        spans = [Span(chunk.start() + line.start(), chunk.start() + line.end()) for line in lines]
        if any(len(line.group()) > WRAPPED for line in lines):
            found += [Paragraph(trimmed(span, text)) for span in spans]
            continue
        set_in = all(re.match(rf"\s{{{INDENT},}}|\s*>", line.group()) for line in lines)
        found.append(
            Paragraph(trimmed(Span(spans[0].start, spans[-1].end), text), "block" if set_in else "text")
        )
    quoted = re.compile(r"(?m)^[ \t]*>[ \t>]*")
    return Draft(text, quoted.sub(lambda match: " " * len(match.group()), text), tuple(found))


def trimmed(span: Span, text: str) -> Span:
    """The span without the blank space at its ends."""
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, max(start, span.start + len(words.rstrip())))
