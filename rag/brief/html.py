"""A brief as one HTML page: nothing in it is loaded from anywhere, and it prints on any paper."""

import html
import re
from collections.abc import Iterator

from rag.brief.layout import NOTE, SOURCES, address, footnote, is_block, marks, paragraphs, sources, who
from rag.brief.pins import Pinned, Resolved
from rag.cite import Citation

_STYLE = """
:root { color-scheme: light dark; --ink: #1e1d1b; --soft: #595650; --line: #d5d0c5; --paper: #fff;
  --link: #1f4e8c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ebe8e1; --soft: #aeaaa1; --line: #44474f; --paper: #16171a; --link: #9cc2ff; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #333; --line: #999; --paper: #fff; --link: #000; }
  body { margin: 0; max-width: none; }
  section, .notes li { break-inside: avoid; }
  .there { display: none; }
}
body { max-width: 38rem; margin: 3rem auto; padding: 0 1.25rem; color: var(--ink); background: var(--paper);
  font: 1.0625rem/1.6 Georgia, "Liberation Serif", serif; }
h1 { font-size: 1.75rem; line-height: 1.25; }
h2 { margin-top: 3rem; font-size: 1.125rem; }
section { margin: 2.25rem 0; }
.who { margin: 0 0 .4rem; font: 600 .9375rem/1.4 system-ui, sans-serif; }
blockquote { margin: 0; padding-left: 1.1rem; border-left: 3px solid var(--line); overflow-wrap: anywhere; }
blockquote p { margin: 0 0 .6rem; white-space: pre-wrap; }
.mark, .note { margin: .6rem 0 0; color: var(--soft); font: .9375rem/1.5 system-ui, sans-serif;
  white-space: pre-wrap; }
.notes { margin-top: 3rem; padding: 1rem 0 0 1.4rem; border-top: 1px solid var(--line); font-size: .9375rem; }
.notes li { margin-bottom: .5rem; overflow-wrap: anywhere; }
.entry { padding-left: 2rem; text-indent: -2rem; overflow-wrap: anywhere; }
a { color: var(--link); }
sup { line-height: 0; }
"""

# What no page shows, and some browsers leave out.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def write(brief: Resolved) -> bytes:
    """The page in UTF-8."""
    body = [f"<h1>{_plain(brief.title)}</h1>"]
    for number, pin in enumerate(brief.pins, 1):
        body += [*_sections(brief, number), _pin(number, pin)]
    body += _sections(brief, len(brief.pins) + 1)
    if entries := sources(brief):
        body.append(f"<h2>{SOURCES}</h2>" + "".join(f'<p class="entry">{each.html}</p>' for each in entries))
    notes = "".join(_note(number, pin) for number, pin in enumerate(brief.pins, 1))
    body.append(f'<ol class="notes" aria-label="Notes">{notes}</ol>')
    page = (
        f'<!doctype html>\n<html lang="{_plain(brief.brief.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_plain(brief.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    )
    whole = page + "\n".join(body) + "\n</body>\n</html>\n"
    return _CONTROLS.sub("\ufffd", whole).encode("utf-8", "replace")


def _sections(brief: Resolved, number: int) -> Iterator[str]:
    for section in brief.sections_before(number):
        yield f'<h2 dir="auto">{_plain(section.heading)}</h2>'
        yield from (f'<p class="mark">{_plain(line)}</p>' for line in section.lines)


def _pin(number: int, pin: Pinned) -> str:
    return "".join(("<section>", *_parts(number, pin), "</section>"))


def _parts(number: int, pin: Pinned) -> Iterator[str]:
    yield f'<p class="who">{_plain(who(pin))}</p>'
    mark = f'<sup><a id="ref{number}" href="#note{number}" aria-label="Note {number}">{number}</a></sup>'
    words = [_plain(each) for each in paragraphs(pin)]
    if not is_block(pin):
        words = [f"“{words[0]}”"]
    words[-1] += mark
    language = _plain(pin.quote.article.language)
    shown = "".join(f'<p dir="auto">{each}</p>' for each in words)
    yield f'<blockquote lang="{language}">{shown}</blockquote>'
    yield from (f'<p class="mark">{_plain(each)}</p>' for each in marks(pin))
    if pin.note.strip():
        yield f'<p class="note"><b>{NOTE}</b><bdi>{_plain(pin.note.strip())}</bdi></p>'


def _note(number: int, pin: Pinned) -> str:
    shown, link = "", address(pin)
    if link is not None:
        shown = f' <a class="there" href="{_plain(link)}" rel="noopener noreferrer">Read it there</a>'
    back = f' <a class="there" href="#ref{number}" aria-label="Back to the quote">↩</a>'
    return f'<li id="note{number}"><bdi>{Citation(footnote(pin)).html}</bdi>{shown}{back}</li>'


def _plain(text: str) -> str:
    return html.escape(text)
