"""Citations in sentences, each as its guide has it for a published interview.

Titles are never edited: no style's capitals are forced on them, only the quotation marks within change.
American guides all: points and commas stand before quotation marks that close (Chicago 18, 6.9).
"""

import re
from collections.abc import Sequence

from rag.cite.citation import Citation, Run, runs
from rag.cite.link import link
from rag.cite.names import Name
from rag.cite.work import Work

# Chicago 18, 13.23: so many authors in a note; 13.107: in a bibliography, of more the first three.
NOTE_AUTHORS = 2
BIBLIOGRAPHY_AUTHORS, BIBLIOGRAPHY_SHOWN = 6, 3
# MLA 9, 5.6–5.8; Bluebook 21, rule 15.1(b).
MLA_AUTHORS = BLUEBOOK_AUTHORS = 2
# APA 7, 9.8: up to 20; of more the first 19 and the last.
APA_AUTHORS = 20
# Behind these no point is set; Chinese and Japanese have wide ones.
_ENDS = (".", "?", "!", "。", "？", "！")
# A "’" within a word is an apostrophe.
_CLOSING = re.compile(r"’(?!\w)")


def chicago_note(work: Work) -> Citation:
    """Chicago 18, 14.108 (published interviews): a note that opens with who is quoted.

    A title that ends in "?" or "!" keeps the comma behind it; in a bibliography such a sign is its point.
    """
    people = _listed([name.whole for name in work.interviewees], NOTE_AUTHORS)
    by = _by(work, NOTE_AUTHORS)
    kind = f"interview by {by}" if by else "interview"
    if work.speaker is None:
        head = []
        if not work.title:
            kind = f"Interview{f' with {people}' if people else ''}{f' by {by}' if by else ''}"
    elif [name.whole for name in work.interviewees] == [work.speaker.whole] or not people:
        head = [work.speaker.whole]
    else:
        head = [work.speaker.whole, f"in {people}"]
    titled = f"{_marked(f'“{inside(work.title)}”', ',')} {kind}" if work.title else kind
    rest = [work.publisher, work.date.american() if work.date else "n.d.", work.url]
    return runs(_closed(", ".join([*head, titled, *(each for each in rest if each)])))


def chicago_bibliography(work: Work) -> Citation:
    """Chicago 18, 14.108: the entry of the whole interview, under those who are interviewed."""
    head = _bibliography_names(work.interviewees)
    by = _by(work, BIBLIOGRAPHY_AUTHORS)
    parts = [head] if head else []
    parts += [f"“{inside(work.title)}”"] if work.title else []
    parts += [f"Interview by {by}" if by else "Interview"]
    when = work.date.american() if work.date else "n.d." if work.publisher else "N.d."
    parts += [", ".join(each for each in (work.publisher, when) if each)]
    parts += [work.url] if work.url else []
    return runs(" ".join(_closed(part) for part in parts))


def apa(work: Work) -> Citation:
    """APA 7, 10.16 with 9.12: who made the interview is its author, else the body that published it.

    Where neither is known, the title stands first (9.12). A work without a title gets a description in
    brackets (9.22); the words themselves are never put into sentence case.
    """
    authors = _apa_names(work.interviewers)
    when = f"({work.date.apa() if work.date else 'n.d.'})."
    people = _and([name.whole for name in work.interviewees])
    described = f"[Interview with {people}]" if people else "[Interview]"
    what: list[str | Run] = (
        [Run(work.title, italic=True), " [Interview]."] if work.title else [f"{described}."]
    )
    site = None
    if authors:
        head, site = _closed(authors), work.publisher
    elif work.publisher:
        head = _closed(work.publisher)
    else:
        return runs(*what, f" {when}", f" {work.url}" if work.url else None)
    return runs(
        f"{head} {when} ", *what, f" {_closed(site)}" if site else None, f" {work.url}" if work.url else None
    )


def mla(work: Work) -> Citation:
    """MLA 9, 5.12 and appendix 2: those who are interviewed, title or "Interview", site, date, address."""
    names = work.interviewees
    if len(names) > MLA_AUTHORS:
        head = f"{names[0].inverted}, et al."
    else:
        head = _and([each.whole if at else each.inverted for at, each in enumerate(names)], comma=True)
    by = _by(work, MLA_AUTHORS)
    kind = _closed(f"Interview by {by}" if by else "Interview")
    parts: list[str | Run] = [f"{_closed(head)} "] if head else []
    parts += [f"{_closed(f'“{inside(work.title)}”')} "] if work.title else []
    parts += [kind]
    # No date is left out, not marked (5.106); no "https://" (5.96).
    rest = [work.date.mla() if work.date else None, re.sub(r"^https?://", "", work.url) if work.url else None]
    tail = ", ".join(each for each in rest if each)
    if work.publisher:
        parts += [" ", Run(work.publisher, italic=True), f", {tail}" if tail else ""]
    elif tail:
        parts += [f" {tail}"]
    return _finished(runs(*parts))


def bluebook(work: Work) -> Citation:
    """Bluebook 21, rules 17.2.5 and 18.2.2: who asks, who answers, title, site, date, address, who speaks."""
    by, people = _ampersand(work.interviewers), _ampersand(work.interviewees)
    head = f"Interview{f' by {by}' if by else ''}{f' with {people}' if people else ''}"
    when = f" ({work.date.american(short=True)})" if work.date else ""
    said = f" (statement of {work.speaker.whole})" if len(work.interviewees) > 1 and work.speaker else ""
    site = f"{work.publisher or ''}{when}".lstrip()
    rest = f"{', '.join(each for each in (site, work.url) if each)}{said}".lstrip()
    comma = "," if rest and not rest.startswith("(") else ""
    if not work.title:
        return _finished(runs(head, f"{comma} {rest}" if rest else None))
    # The comma behind a title stands before the marks that end it.
    title = _marked(work.title, comma) if work.title.endswith(("”", "’", '"')) else work.title
    between = "" if title != work.title else comma
    return _finished(runs(head, ", ", Run(title, italic=True), f"{between} {rest}" if rest else None))


def plain(work: Work) -> Citation:
    """One line for a message: the quote, who said it, where, and a link to the very words."""
    where = ", ".join(each for each in (work.publisher, work.date.american() if work.date else None) if each)
    who = f" —{work.speaker.whole}" if work.speaker else ""
    titled = f"“{inside(work.title)}”" if work.title else None
    what = (f", in {titled}" if titled else ", interview") if who else f" —{titled or 'Interview'}"
    url = link(work.quote)
    return runs(f"“{work.quote.text}”{who}{what}{f' ({where})' if where else ''}{f', {url}' if url else ''}")


def inside(title: str) -> str:
    """A title as it stands within quotation marks: outermost in it are single ones, within those double."""
    text = re.sub(r'"([^"]*)"', "“\\1”", title)
    last = max((match.start() for match in _CLOSING.finditer(text)), default=-1)
    opened: list[str] = []
    made = []
    for at, sign in enumerate(text):
        if sign == "“" or (sign == "‘" and at < last):
            made.append("“" if len(opened) % 2 else "‘")
            opened.append(sign)
        elif opened and (
            (sign == "”" and opened[-1] == "“")
            or (sign == "’" and opened[-1] == "‘" and _CLOSING.match(text, at))
        ):
            opened.pop()
            made.append("”" if len(opened) % 2 else "’")
        else:
            made.append({"”": "’"}.get(sign, sign))
    return "".join(made)


def _marked(text: str, mark: str) -> str:
    """The text with a comma or point, before the quotation marks that close it."""
    end = len(text)
    while end and (text[end - 1] in '”"' or (text[end - 1] == "’" and "‘" in text[:end])):
        end -= 1
    return f"{text[:end]}{mark}{text[end:]}"


def _closed(part: str) -> str:
    """A part with the point that ends it, unless it ends in a sign that does."""
    return part if part.rstrip('”’"').endswith(_ENDS) else _marked(part, ".")


def _finished(made: Citation) -> Citation:
    """The citation with its last point."""
    *before, last = made.runs
    closed = _closed(last.text)
    if last.italic and closed == f"{last.text}.":
        return runs(*made.runs, ".")
    return runs(*before, Run(closed, last.italic))


def _and(names: Sequence[str], *, comma: bool = False) -> str:
    """The names in a sentence; with `comma` also between two, as behind an inverted name."""
    if len(names) < 2:
        return "".join(names)
    if len(names) == 2 and not comma:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def _listed(names: Sequence[str], most: int) -> str:
    return _and(names) if len(names) <= most else f"{names[0]} et al."


def _by(work: Work, most: int) -> str:
    return _listed([name.whole for name in work.interviewers], most)


def _bibliography_names(names: Sequence[Name]) -> str:
    shown = [each.whole if at else each.inverted for at, each in enumerate(names)]
    if len(names) <= BIBLIOGRAPHY_AUTHORS:
        return _and(shown, comma=True)
    return f"{', '.join(shown[:BIBLIOGRAPHY_SHOWN])}, et al."


def _apa_names(names: Sequence[Name]) -> str:
    shown = [each.initials for each in names]
    if len(shown) > APA_AUTHORS:
        return f"{', '.join(shown[: APA_AUTHORS - 1])}, . . . {shown[-1]}"
    return ", & ".join(filter(None, (", ".join(shown[:-1]), shown[-1]))) if len(shown) > 1 else "".join(shown)


def _ampersand(names: Sequence[Name]) -> str:
    shown = [each.whole for each in names]
    return " & ".join(shown) if len(shown) <= BLUEBOOK_AUTHORS else f"{shown[0]} et al."
