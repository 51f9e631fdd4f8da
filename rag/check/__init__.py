"""Someone's draft to what came of each quotation in it: exact, altered, wrong speaker, not found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.check.credit import Credits
from rag.check.draft import ENDINGS, Draft, read_draft
from rag.check.quotations import Quotation, quotations
from rag.check.sources import Sources
from rag.check.verdict import Finding, Near, judge, parted
from rag.check.words import Word, flat, words
from rag.schema import Verdict

if TYPE_CHECKING:
    from rag.index.parts import Spoken

__all__ = ["ENDINGS", "Draft", "Finding", "Near", "Quotation", "Verdict", "check", "read_draft"]

# Longer than any quotation: a mark that was never closed. What is behind is not looked at.
MOST_WORDS = 3_000


def check(draft: Draft, articles: Sequence["Spoken"], near: Near) -> tuple[Finding, ...]:
    """What came of every quotation, in the order of the draft; titles and turns of phrase are left out."""
    found = quotations(draft)
    plain = flat(draft.plain)
    each = [_quoted(plain, quotation) for quotation in found]
    sources = Sources(articles, [[word.key for word in quoted] for quoted in each])
    casts = [spoken.cast for spoken in articles]
    everybody = [name for cast in casts for name in (*cast.interviewees, *cast.interviewers)]
    bodies = {spoken.article.publisher for spoken in articles if spoken.article.publisher}
    texts = [spoken.article.text for spoken in articles]
    credited = Credits(draft, found, list(dict.fromkeys(everybody)), bodies, texts).all()
    judged = (
        judge(quotation, quoted, credit, sources, draft.plain, near)
        for quotation, quoted, credit in zip(found, each, credited, strict=True)
        if quoted
    )
    return parted([finding for finding in judged if finding is not None], draft.plain)


def _quoted(plain: str, quotation: Quotation) -> tuple[Word, ...]:
    return words(plain, quotation.span.start, quotation.span.end, edited=True)[:MOST_WORDS]
