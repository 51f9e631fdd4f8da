"""Citations in sentences, each as its guide has it for a published interview.

Titles are never edited: no style's capitals are forced on them, only the quotation marks within change.
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


def chicago_note(work: Work) -> Citation:
    """Chicago 18, 14.108 (published interviews): a note that opens with who is quoted."""
    people = _listed([name.whole for name in work.interviewees], NOTE_AUTHORS)
    if work.speaker is None:
        head = [] if work.title else [f"interview with {people}" if people else "interview"]
    elif [name.whole for name in work.interviewees] == [work.speaker.whole] or not people:
        head = [work.speaker.whole]
    else:
        head = [work.speaker.whole, f"in {people}"]
    by = _by(work, NOTE_AUTHORS)
    kind = f"interview by {by}" if by else "interview"
    if work.title:
        titled = f"“{inside(work.title)},” "
        lead = f"{', '.join(head)}, {titled}" if head else titled
        first = lead + kind
    else:
        untold = head and head[0].startswith("interview")
        first = ", ".join(head if untold and not by else [*head, kind])
    rest = [work.publisher, work.date.american() if work.date else "n.d.", work.url]
    return runs(_closed(_upper(", ".join([first, *(each for each in rest if each)]))))


def chicago_bibliography(work: Work) -> Citation:
    """Chicago 18, 14.108: the entry of the whole interview, under those who are interviewed."""
    head = _bibliography_names(work.interviewees)
    by = _by(work, BIBLIOGRAPHY_AUTHORS)
    parts = [head] if head else []
    parts += [f"“{_ended(inside(work.title))}”"] if work.title else []
    parts += [f"Interview by {by}" if by else "Interview"]
    when = work.date.american() if work.date else "n.d."
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
    kind = f"Interview by {by}." if by else "Interview."
    parts: list[str | Run] = [f"{_closed(head)} "] if head else []
    parts += [f"“{_ended(inside(work.title))}” "] if work.title else []
    parts += [kind]
    # No date is left out, not marked (5.106); no "https://" (5.96).
    rest = [work.date.mla() if work.date else None, re.sub(r"^https?://", "", work.url) if work.url else None]
    tail = ", ".join(each for each in rest if each)
    if work.publisher:
        parts += [" ", Run(work.publisher, italic=True), _closed(f", {tail}" if tail else "")]
    elif tail:
        parts += [f" {_closed(tail)}"]
    return runs(*parts)


def bluebook(work: Work) -> Citation:
    """Bluebook 21, rules 17.2.5 and 18.2.2: who asks, who answers, title, site, date, address, who speaks."""
    by, people = _ampersand(work.interviewers), _ampersand(work.interviewees)
    head = f"Interview{f' by {by}' if by else ''}{f' with {people}' if people else ''}"
    when = f" ({work.date.american(short=True)})" if work.date else ""
    title: list[str | Run] = [", ", Run(work.title, italic=True)] if work.title else []
    site = f", {work.publisher}" if work.publisher else ""
    url = f", {work.url}" if work.url else ""
    several = len(work.interviewees) > 1 and work.speaker is not None
    said = f" (statement of {work.speaker.whole})" if several and work.speaker else ""
    return runs(head, *title, _closed(f"{site}{when}{url}{said}"))


def plain(work: Work) -> Citation:
    """One line for a message: the quote, who said it, where, and a link to the very words."""
    where = ", ".join(each for each in (work.publisher, work.date.american() if work.date else None) if each)
    who = f" —{work.speaker.whole}" if work.speaker else ""
    titled = f"“{inside(work.title)}”" if work.title else None
    what = (f", in {titled}" if titled else ", interview") if who else f" —{titled or 'Interview'}"
    url = link(work.quote)
    return runs(f"“{work.quote.text}”{who}{what}{f' ({where})' if where else ''}{f', {url}' if url else ''}")


def inside(title: str) -> str:
    """A title as it stands within quotation marks: those in it become single ones."""
    swapped = re.sub(r"‘([^‘’]*)’(?!\w)", "\x01\\1\x02", title)
    swapped = re.sub(r'"([^"]*)"', "“\\1”", swapped).replace("“", "‘").replace("”", "’")
    return swapped.replace("\x01", "“").replace("\x02", "”")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _closed(part: str) -> str:
    """A part with the point that ends it, unless it ends in one that does."""
    return part if part.endswith((".", ".”", "?”", "!”", ".’”")) else f"{part}."


def _ended(title: str) -> str:
    """A title with its point inside the marks, unless it ends in a mark of its own."""
    return title if title.endswith(("?", "!", ".", "?’", "!’", ".’")) else f"{title}."


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
