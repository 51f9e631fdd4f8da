"""A quotation, whom the draft credits, and where its words are from, to a verdict."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.brief.trim import lost
from rag.check import compare, match
from rag.check.compare import UNLAWFUL, Difference
from rag.check.credit import Credit
from rag.check.match import Match
from rag.check.quotations import Quotation
from rag.check.sources import Run, Sources
from rag.check.words import Word
from rag.reading.names import fits
from rag.records import Span
from rag.schema import Verdict

if TYPE_CHECKING:
    from rag.records import Article

# Up to so many words in marks that nobody is credited with are a turn of phrase: "the so-called
# “reset”"; they are checked only where they are in an article.
PHRASE_WORDS = 3
# A frame within a quotation has so many words at most: ", Mines said on Friday,".
PARTING_WORDS = 10
# So far on either side of a quotation its sentence is looked at.
LOOKED = 160
# A title in marks has at least this share of its longer words in capitals.
TITLE_SHARE = 0.75

_SAYS = (
    r"(?:said|says|say|announced|announces|claimed|claims|told|tells|stated|states|declared|declares|argued|"
    r"argues|insisted|insists|warned|warns|promised|promises|wrote|writes|testified|reported|dijo|anunció|"
    r"afirmó|aseguró|declaró|advirtió|prometió|sostuvo|escribió)"
)
# Right before the quoted words: somebody other than the speaker says them.
_REPORTS = re.compile(
    rf"(?P<who>[^\W\d_][\w’'.-]*)\s+(?:has |have |had |also |then )?{_SAYS}(?:\s+(?:us|me|them|[A-Z]\w+))?"
    r"(?:\s+(?:that|que))?[,:]?\s*[“\"]?\Z"
)
_SELF = frozenset("i we i've we've i'd yo nosotros nosotras and who that which as".split())
_HEARSAY = re.compile(
    r"(?i)\b(?:according to|reportedly|allegedly|supposedly|según|supuestamente|presuntamente)\b[^.?!]{0,120}"
)


@dataclass(frozen=True)
class Finding:
    """What came of one quotation. `ok`: a careful editor leaves it as it is.

    `credited` is whom the draft credits, `said_by` who said it as far as that is known; `source` and
    `span` are where the words stand; `suggestion` is what to write instead; `notes` are what a writer
    should know, fixed wording of ours.
    """

    quotation: Quotation
    verdict: Verdict
    ok: bool
    credited: str | None = None
    said_by: str | None = None
    article: "Article | None" = None
    span: Span | None = None
    differences: tuple[Difference, ...] = ()
    suggestion: str | None = None
    notes: tuple[str, ...] = ()


# A cut that ends so turns round what follows it: "will [likely decide … and not] antagonize".
_TURNED_ROUND = re.compile(
    r"(?i)\b(?:not|never|no|nobody|nothing|neither|nor|cannot|without|hardly|\w+n[’']t|nunca|jamás|sin|ni)"
    r"(?:\W+\w+)?\W*\Z"
)
# Right before the quoted words: what limits an amount, or says no.
_LIMITS = re.compile(
    r"(?i)(?<![\w’'])(?P<word>not|never|no|without|hardly|neither|nor|up to|about|under|over|nearly|almost|"
    r"at least|at most|(?:less|more|fewer) than|only|unless|if|may|might|could|nunca|sin|casi|apenas|"
    r"al menos|hasta|menos de|m[aá]s de)\s+\Z"
)

# Whether words that are in no article are near a passage of one: its place there.
Near = Callable[[str], "tuple[Article, Span, str | None] | None"]


def judge(
    quotation: Quotation, quoted: Sequence[Word], credit: Credit, sources: Sources, draft: str, near: Near
) -> Finding | None:
    """The verdict on a quotation of these words; None where it is a title or a phrase and quotes nobody."""

    def preferred(run: Run) -> float:
        stretch = sources.source(run.article).stretch(run.place)
        said = stretch.kind == "turn"
        return 2.0 * (said and stretch.speaker is not None and stretch.speaker == credit.speaker) + said

    places = match.whole(sources, quoted)
    found = max(places, key=lambda each: preferred(Run(0, each.article, each.start, 1)), default=None)
    if found is None:
        if _is_phrase(quoted, credit):
            return None
        found = match.nearest(sources, quoted, preferred)
    if found is None:
        # A work that is named beside its author: "Ana Caridad, “Talks in Caracas,” 2022".
        if _is_title(quoted):
            return None
        return _unfound(quotation, quoted, credit, draft, near)
    return _told(quotation, quoted, credit, found, draft)


def _is_phrase(quoted: Sequence[Word], credit: Credit) -> bool:
    return len(quoted) <= PHRASE_WORDS and credit.name is None


def _is_title(quoted: Sequence[Word]) -> bool:
    longer = [word.plain for word in quoted if len(word.plain) > 3]
    capitals = sum(word[0].isupper() for word in longer)
    return len(longer) > 1 and capitals / len(longer) >= TITLE_SHARE and not all(w.isupper() for w in longer)


def _unfound(
    quotation: Quotation, quoted: Sequence[Word], credit: Credit, draft: str, near: Near
) -> Finding | None:
    words = draft[quotation.span.start : quotation.span.end]
    # Who is no speaker here may have said it elsewhere, however near it is to something here.
    stranger = credit.name is not None and credit.speaker is None
    place = near(words) if len(quoted) > PHRASE_WORDS and not stranger else None
    if place is None:
        return Finding(
            quotation, "not_found", False, credit.name, suggestion=None,
            notes=("no article holds these words; quote what an answer holds, or take the marks away",),
        )  # fmt: skip
    article, span, speaker = place
    return Finding(
        quotation,
        "paraphrase",
        False,
        credit.name,
        speaker,
        article,
        span,
        suggestion=span.of(article.text),
        notes=("the words are nobody's in the article; quote the passage, or take the marks away",),
    )


def _told(quotation: Quotation, quoted: Sequence[Word], credit: Credit, found: Match, draft: str) -> Finding:
    source = found.source
    article = source.spoken.article
    differ = compare.differences(quoted, found, draft, quotation.span.end)
    first = min(step.start for step in found.steps)
    last = max(step.end for step in found.steps)
    span = _with_point(
        source.span(first, last), article.text, draft[quotation.span.start : quotation.span.end]
    )
    stretch = found.stretch
    finding = Finding(
        quotation,
        "exact",
        True,
        credit.name,
        stretch.speaker,
        article,
        span,
        differ,
        suggestion=span.of(article.text),
    )
    if found.others:
        other, start, end = found.others[0]
        whose = other.stretch(start).speaker or "nobody by name"
        return replace(
            finding,
            verdict="stitched",
            ok=False,
            notes=(
                f"put together from two places; the other is characters {other.span(start, end).start} to "
                f"{other.span(start, end).end} of {other.spoken.article.id} ({whose}); quote each by itself",
            ),
        )
    if any(each.kind in UNLAWFUL for each in differ):
        return replace(finding, verdict="altered", ok=False)
    cuts = [each for each in differ if each.kind == "cut" and each.source]
    if cuts:
        marked = all(each.marked for each in cuts)
        turned = any(_TURNED_ROUND.search(each.source) for each in cuts)
        notes = _cut_notes(cuts, marked=marked)
        finding = replace(finding, verdict="cut", ok=marked and not turned, notes=notes)
    elif any(each.kind != "cut" or each.draft for each in differ):
        finding = replace(finding, verdict="typography")
    if finding.ok:
        narrated = draft[max(0, quotation.outer.start - LOOKED) : quotation.outer.start]
        finding = _credited(finding, credit, found, narrated)
    return finding


def _with_point(span: Span, text: str, quoted: str) -> Span:
    """The span with a mark that closes what was opened in it, and the point that the draft has there too."""
    for opening, closing in ("“”", "‘’", "()", "«»"):
        words = span.of(text)
        after = text[span.end : span.end + 2]
        if words.count(opening) > words.count(closing) and closing in after and not after[0].isalnum():
            span = Span(span.start, span.end + after.index(closing) + 1)
    ends = quoted.rstrip(" \u00ad\u00a0\n\"'”’»*_`")[-1:] in (*".?!,;",)
    return Span(span.start, span.end + 1) if ends and text[span.end : span.end + 1] in (*".?!",) else span


def parted(findings: Sequence[Finding], draft: str) -> tuple[Finding, ...]:
    """The findings; a quotation that its frame parts in two must go on where it was left.

    "The two sides …," Mines said, "even as …" says that nothing stands between.
    """
    done: list[Finding] = []
    for each in findings:
        before = done[-1] if done else None
        if before is not None and each.ok and _goes_on(before, each, draft) and before.span and each.span:
            text = each.article.text if each.article else ""
            between = text[before.span.end : each.span.start]
            if each.span.start < before.span.end or re.search(r"\w", between):
                left_out = Difference("cut", "", between.strip())
                note = "the two halves of the quotation do not follow each other; close the first and say so"
                each = replace(
                    each,
                    verdict="cut",
                    ok=False,
                    differences=(*each.differences, left_out),
                    notes=(*each.notes, note),
                )
        done.append(each)
    return tuple(done)


def _goes_on(before: Finding, each: Finding, draft: str) -> bool:
    """Whether a quotation is the second half of one: a short frame between two commas, and a small letter."""
    between = draft[before.quotation.outer.end : each.quotation.outer.start]
    first = draft[before.quotation.span.start : before.quotation.span.end].rstrip()
    second = draft[each.quotation.span.start : each.quotation.span.end].lstrip()
    return (
        before.article is each.article
        and before.said_by == each.said_by
        and first.endswith(",")
        and between.rstrip().endswith(",")
        and len(between.split()) <= PARTING_WORDS
        and not re.search(r"[.?!:;]\s", between)
        and second[:1].islower()
    )


def _cut_notes(cuts: Sequence[Difference], *, marked: bool) -> tuple[str, ...]:
    notes = [] if marked else ["words are left out without a mark; put … where they stood"]
    notes += lost([each.source for each in cuts])
    return tuple(notes)


def _credited(finding: Finding, credit: Credit, found: Match, narrated: str) -> Finding:
    """The finding with whom the draft credits weighed against who said it."""
    stretch = found.stretch
    article, span = found.source.spoken.article, finding.span
    if span is None:
        return finding
    if stretch.kind == "question":
        if credit.asks and credit.name in (None, stretch.speaker):
            return finding
        if credit.name is not None and stretch.speaker is not None and fits(credit.name, stretch.speaker):
            return finding
        return replace(
            finding,
            verdict="question",
            ok=False,
            notes=("the interviewer's question, and nobody's answer; say that it was asked",),
        )
    if stretch.kind == "other":
        if credit.name is None:
            return finding
        around = article.text[article.text.rfind("\n", 0, span.start) + 1 :].split("\n")[0]
        if credit.speaker is None and credit.name in around:
            note = "from the page around the interview, not from the interview itself"
            return replace(finding, said_by=None, notes=(*finding.notes, note))
        note = "the article's own words, and no speaker's; credit the article"
        return replace(finding, verdict="wrong_speaker", ok=False, said_by=None, notes=(*finding.notes, note))
    quotes_it = stretch.turn is not None and any(each.covers(span) for each in stretch.turn.reported)
    reporter = _reporter(article.text, found) if stretch.turn is not None else None
    if quotes_it or reporter is not None:
        whose = reporter or "somebody else"
        if (
            credit.speaker is not None
            and credit.speaker == stretch.speaker
            and _tells(finding, quotes_it=quotes_it)
        ):
            note = f"{stretch.speaker} reports this as said by {whose}; say so"
            return replace(finding, verdict="reported", ok=False, notes=(*finding.notes, note))
        if credit.speaker is None and credit.name is not None and quotes_it:
            return finding
    if credit.name is None:
        return finding
    if stretch.speaker is None:
        note = "the article does not tell who says this; credit the article alone"
        return replace(finding, verdict="wrong_speaker", ok=False, notes=(*finding.notes, note))
    if credit.speaker != stretch.speaker:
        note = f"said by {stretch.speaker}, not by {credit.name}"
        return replace(finding, verdict="wrong_speaker", ok=False, notes=(*finding.notes, note))
    notes = [_hearsay(article.text, span), _limited(article.text, span, narrated)]
    return replace(finding, notes=(*finding.notes, *(note for note in notes if note)))


def _limited(text: str, span: Span, narrated: str) -> str | None:
    """A note where a word right before the quoted ones limits them, or turns them round, and is not told."""
    hit = _LIMITS.search(text[max(0, span.start - 30) : span.start])
    if hit is None or hit["word"].casefold() in narrated.casefold():
        return None
    return f"right before these words stands “{hit['word']}”; see that the sense stays"


def _tells(finding: Finding, *, quotes_it: bool) -> bool:
    """Whether the quotation holds enough to be somebody's statement: no mere phrase."""
    return not quotes_it or len((finding.suggestion or "").split()) > PHRASE_WORDS


def _reporter(text: str, found: Match) -> str | None:
    """Who is reported to have said the quoted words, right before them: "Maduro announced that …"."""
    words = found.source.words
    before = text[max(0, words[found.start].start - 80) : words[found.start].start]
    hit = _REPORTS.search(before)
    if hit is None or hit["who"].casefold().replace("’", "'") in _SELF or not hit["who"][0].isupper():
        return None
    return hit["who"]


def _hearsay(text: str, span: Span) -> str | None:
    """A note where the sentence says whom the speaker has it from, and the quotation leaves that out."""
    start = max(text.rfind(mark, 0, span.start) for mark in (". ", "? ", "! ", "\n")) + 1
    before = text[max(start, span.start - LOOKED) : span.start]
    after = re.split(r"[.?!]\s", text[span.end : span.end + LOOKED])[0]
    for part in (before, after):
        if hit := _HEARSAY.search(part):
            told = " ".join(hit.group().strip(" ,").split())
            return f"the speaker has this from others (“{told}”); say so"
    return None
