"""A brief as Markdown with footnotes; CommonMark shows exactly the words."""

import re
from collections.abc import Iterator

from rag.brief.layout import NOTE, SOURCES, footnote, is_block, marks, paragraphs, sources, who
from rag.brief.pins import Pinned, Resolved
from rag.cite import Citation
from rag.cite.citation import escaped

# Signs that would close a heading, and not be shown: "# C #".
_CLOSES = re.compile(r"(?<=\s)#+$")
# Blanks that would make code of a paragraph.
_BLANKS = " \t"


def write(brief: Resolved) -> bytes:
    """The document in UTF-8."""
    parts = [f"# {_heading(brief.title)}"]
    for number, pin in enumerate(brief.pins, 1):
        parts += _sections(brief, number)
        parts += _pin(number, pin)
    parts += _sections(brief, len(brief.pins) + 1)
    if entries := sources(brief):
        parts += [f"## {SOURCES}", *(entry.markdown for entry in entries)]
    parts.append(
        "\n".join(f"[^{at}]: {Citation(footnote(pin)).markdown}" for at, pin in enumerate(brief.pins, 1))
    )
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


def _sections(brief: Resolved, number: int) -> Iterator[str]:
    for section in brief.sections_before(number):
        yield f"## {_heading(section.heading)}"
        yield from (_line(line) for line in section.lines)


def _pin(number: int, pin: Pinned) -> Iterator[str]:
    yield f"**{_line(who(pin))}**"
    words = [escaped(each.strip(_BLANKS)) for each in paragraphs(pin)]
    if is_block(pin):
        yield "\n>\n".join(f"> {each}" for each in words) + f"[^{number}]"
    else:
        yield f"> “{words[0]}”[^{number}]"
    yield from (f"*{_line(each)}*" for each in marks(pin))
    if pin.note.strip():
        yield "\n\n".join(
            f"{NOTE if at == 0 else ''}{escaped(line.strip())}"
            for at, line in enumerate(line for line in pin.note.splitlines() if line.strip())
        )


def _line(text: str) -> str:
    return escaped(" ".join(text.split()))


def _heading(text: str) -> str:
    return _CLOSES.sub(r"\\\g<0>", _line(text))
