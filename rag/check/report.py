"""What came of a draft's quotations: for a person in a terminal, and as JSON."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rag.check.compare import Difference
from rag.check.draft import Draft
from rag.check.verdict import Finding
from rag.cite import cite, link
from rag.quotes import quote_at
from rag.records import Quote
from rag.schema import CheckedJSON, FindingJSON

if TYPE_CHECKING:
    from rag.index.parts import Spoken

    # The articles by id.
    Held = Mapping[str, Spoken]

# What each verdict is called in a sentence.
NAMES = {
    "exact": "exact",
    "typography": "exact but for typography",
    "altered": "altered",
    "wrong_speaker": "wrong speaker",
    "stitched": "stitched together",
    "cut": "shortened",
    "question": "the interviewer's question",
    "reported": "reported speech",
    "paraphrase": "a paraphrase, no quotation",
    "not_found": "not found",
}
KINDS = {
    "words": "words",
    "case": "capital letters",
    "punctuation": "punctuation",
    "cut": "left out",
    "bracket": "in brackets",
    "form": "how a word is printed",
    "marks": "quotation marks",
    "dash": "dash or hyphen",
    "space": "blank",
    "comma": "comma",
    "end": "final punctuation",
    "capital": "first letter",
}
# So much of a quotation tells it from the others in a line.
SHOWN = 90


def as_json(found: Sequence[Finding], draft: Draft, held: "Held", style: str) -> CheckedJSON:
    """Every quotation as programs read it."""
    return {"quotations": [_row(finding, draft, held, style) for finding in found]}


def _row(finding: Finding, draft: Draft, held: "Held", style: str) -> FindingJSON:
    span, place = finding.quotation.span, draft.place(finding.quotation.span.start)
    quote = quote_of(finding, held)
    return {
        "text": span.of(draft.text),
        "start": span.start,
        "end": span.end,
        "verdict": finding.verdict,
        "credited": finding.credited,
        "said_by": finding.said_by,
        "source": None
        if finding.article is None or finding.span is None
        else {"article": finding.article.id, "start": finding.span.start, "end": finding.span.end},
        "suggestion": finding.suggestion,
        "ok": finding.ok,
        "differences": [
            {"kind": each.kind, "draft": each.draft, "source": each.source, "marked": each.marked}
            for each in finding.differences
        ],
        "notes": list(finding.notes),
        "paragraph": place[0],
        "line": place[1],
        "column": place[2],
        "citation": _citation(quote, held, style) if quote else None,
        "link": link(quote) if quote else None,
    }


def quote_of(finding: Finding, held: "Held") -> Quote | None:
    """The quote that a finding is of; None where it is of nobody's words."""
    if finding.article is None or finding.span is None:
        return None
    return quote_at(held[finding.article.id], finding.span.start, finding.span.end)


def _citation(quote: Quote, held: "Held", style: str) -> str:
    return cite(quote, held[quote.article.id].cast, style).text


def as_text(found: Sequence[Finding], draft: Draft, held: "Held", style: str, name: str) -> str:
    """Every quotation in a few lines, those with a fault first to be seen; and how many of each kind."""
    parts = ["\n".join(_lines(finding, draft, held, style, name)) for finding in found]
    if not found:
        return "No quotations found: nothing stands in quotation marks, and there is no block quotation."
    counts = Counter(NAMES[finding.verdict] for finding in found)
    wrong = sum(not finding.ok for finding in found)
    told = ", ".join(f"{number} {name}" for name, number in counts.most_common())
    last = f"{len(found)} quotation{'s' * (len(found) != 1)}: {told}. "
    return "\n\n".join([*parts, last + (f"{wrong} to mend." if wrong else "Nothing to mend.")])


def _lines(finding: Finding, draft: Draft, held: "Held", style: str, name: str) -> Iterator[str]:
    _, line, column = draft.place(finding.quotation.span.start)
    words = " ".join(finding.quotation.span.of(draft.text).split())
    short = words if len(words) <= SHOWN else words[: SHOWN - 1].rstrip() + "…"
    yield f"{name}:{line}:{column}: {'' if finding.ok else 'wrong: '}{NAMES[finding.verdict]}"
    yield f"  “{short}”"
    yield from (f"  {_difference(each)}" for each in finding.differences)
    yield from (f"  {note}" for note in finding.notes)
    if finding.article is not None and finding.span is not None:
        who = f"{finding.said_by}, " if finding.said_by else ""
        yield f"  {who}{finding.article.id}, characters {finding.span.start} to {finding.span.end}"
    if not finding.ok and finding.suggestion is not None and finding.verdict != "wrong_speaker":
        yield f"  the words there: {' '.join(finding.suggestion.split())}"
    quote = quote_of(finding, held)
    if quote is not None and finding.verdict in ("exact", "typography", "cut", "altered", "wrong_speaker"):
        yield f"  cite: {_citation(quote, held, style)}"


def _difference(each: Difference) -> str:
    """One difference in a line: what the draft has, and what the article has."""
    what = KINDS[each.kind]
    mine, stored = " ".join(each.draft.split()), " ".join(each.source.split())
    if each.kind == "cut":
        return (
            f"{what}{'' if each.marked else ' without a mark'}: “{stored}”" if stored else f"{what}: nothing"
        )
    framed = "{}" if each.kind == "marks" else "“{}”"
    shown = [framed.format(words) if words else "nothing" for words in (mine, stored)]
    return f"{what}: {shown[0]} for {shown[1]}"
