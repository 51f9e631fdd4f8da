"""The conversation: a question and what came of it."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from rag import wording
from rag.cite import STYLES, cite, link
from rag.index.parts import Spoken
from rag.quotes import id_of
from rag.reader import ALONE, SURE
from rag.records import Answer, Quote, Side
from rag.web.page import labels
from rag.web.page.labels import Labels
from rag.web.page.text import Voices, chips, escape, named, outside, show, titled, voiced, with_role

# What each style is called, in the order in which they are offered.
STYLE_NAMES = {
    "chicago": "Chicago",
    "chicago-bibliography": "Chicago bibliography",
    "apa": "APA",
    "mla": "MLA",
    "bluebook": "Bluebook",
    "plain": "Plain text",
    "bibtex": "BibTeX",
    "ris": "RIS",
    "csl-json": "CSL-JSON",
}


def brand() -> str:
    """What the page is."""
    return "<header><h1>On Record</h1><p>An interview, answered only in the speakers’ own words</p></header>"


def conversation(questions: Sequence[str], promise: str) -> str:
    """Where the conversation stands, with what can be done with the whole of it."""
    exports = "".join(
        f'<button type="button" class="keep" data-kind="{kind}">{words}</button>'
        for kind, words in (("docx", "Word"), ("md", "Markdown"), ("json", "JSON"))
    )
    return (
        f'<div class="log" data-looking="{wording.LOOKING}" data-waiting="{wording.WAITING}"><section class="exchange start">{start(questions)}{promise}</section></div>'
        '<div class="whole" hidden><button type="button" class="new">New conversation</button>'
        '<button type="button" class="share">Copy its link</button>'
        f'<span class="keeps" role="group" aria-label="Take the conversation along">{exports}'
        '<button type="button" class="print">Print</button></span></div>'
        '<p class="undone" hidden><span></span> <button type="button" class="undo">Undo</button></p>'
        '<p class="unseen said" role="status"></p>'
    )


def box(narrow: str, most: int, *, kept: bool = False) -> str:
    """Where a question is typed, what it may be completed to, and what it is narrowed down to. `kept`: the reader is told that questions are."""
    told = f'<p class="logged">{wording.LOGGED}</p>' if kept else ""
    return (
        '<form class="box"><label class="unseen" for="question">Your question</label>'
        f'<textarea id="question" rows="1" dir="auto" data-most="{most}" placeholder="Ask the interview a question…" '
        'autocomplete="off" aria-autocomplete="list" aria-controls="completions" enterkeyhint="send"></textarea>'
        '<button type="submit">Ask</button></form>'
        '<ul id="completions" role="listbox" aria-label="Completions" hidden></ul>'
        f'<div class="notices" aria-live="assertive"></div>{told}<div class="narrow">{narrow}</div>'
    )


def start(questions: Sequence[str]) -> str:
    """What the conversation opens with: what this is, and the interviewer's questions to ask."""
    made = chips(questions)
    asked = f"<details open><summary>The interviewer’s questions</summary>{made}</details>" if made else ""
    return (
        '<p class="lead">Ask the interview a question.</p>'
        "<p>The answer comes in the speakers’ own words, each with the name of the one who said it "
        "and its place in the article. Where they say nothing, you are told so.</p>"
        f'{asked}<div class="found" aria-live="polite"></div>'
    )


def starters(questions: Sequence[str]) -> str:
    """Questions of ours that the article answers well."""
    return (
        f"<details open><summary>Well answered too</summary>{chips(questions)}</details>" if questions else ""
    )


def failed(line: str) -> str:
    """What kept a question from being answered."""
    return f'<p class="ours failed">{escape(line[:1].upper() + line[1:])}</p>'


class Cards:
    """Answers to HTML, for one archive: who has which colour, and how each article is cited.

    In an archive of several articles each card names its own. With `embed` the page stands in a frame of
    the articles' site, and a quote is shown there.
    """

    def __init__(self, voice: Voices, held: Mapping[str, Spoken], *, embed: bool = False) -> None:
        self._voice, self._held, self._embed = voice, held, embed
        self._archive = len(held) > 1

    def answered(self, answer: Answer, only: Sequence[str] = ()) -> str:
        """What came of a question; `only` tells what it was narrowed down to."""
        say = labels.of(answer.language)
        parts = []
        if only:
            parts.append(f'<p class="understood">{escape(say.only.format(", ".join(only)))}</p>')
        if answer.understood:
            understood = say.wording.understood.format(answer.understood)
            parts.append(
                f'<p class="understood"><span dir="auto">{escape(understood)}</span> '
                f'<button type="button" class="literally">{say.literally}</button></p>'
            )
        parts.append(f'<p class="ours {answer.status}">{escape(answer.message)}</p>')
        parts.append(self._sides(answer.sides, say) if answer.sides else self._quotes(answer.quotes, say))
        if answer.status == "declined" and answer.related:
            near = "".join(self._card(quote, say, near=True) for quote in answer.related)
            parts.append(f'<details class="near" open><summary>{say.near}</summary>{near}</details>')
        parts.append(chips(answer.suggestions))
        return f'<div class="reply" lang="{escape(answer.language)}">{"".join(parts)}</div>'

    def _quotes(self, quotes: Sequence[Quote], say: Labels, *, named_above: bool = False) -> str:
        """The best quote, and the others behind a line that says how many."""
        made = [self._card(quote, say, named_above=named_above) for quote in quotes]
        if len(made) < 2:
            return "".join(made)
        more = say.more.of(len(made) - 1, str(len(made) - 1))
        return f'{made[0]}<details class="more"><summary>{more}</summary>{"".join(made[1:])}</details>'

    def _sides(self, sides: Sequence[Side], say: Labels) -> str:
        """Each one's words in a column, and who says nothing."""
        columns = []
        for side in sides:
            name = side.person.name
            words = (
                self._quotes(side.quotes, say, named_above=True)
                if side.quotes
                else f'<p class="ours silent">{escape(side.message)}</p>'
            )
            columns.append(
                f'<section class="side {voiced(name, self._voice)}" aria-label="{escape(name)}">'
                f"<header>{named(name)}{with_role(side.person.role)}</header>{words}</section>"
            )
        return f'<div class="sides sides-{len(sides)}">{"".join(columns)}</div>'

    def _card(self, quote: Quote, say: Labels, *, near: bool = False, named_above: bool = False) -> str:
        who = "" if named_above else f"{named(quote.speaker, say.wording.unknown)}{with_role(quote.role)}"
        sure = "" if near else _sure(quote.score, say)
        asked = _asked(quote, say, folded=named_above)
        marks = "".join(f'<p class="marks">{escape(each)}</p>' for each in say.wording.marks(quote))
        if named_above:
            header, asked = f"<header>{asked}{sure}</header>", ""
        else:
            header = f"<header>{who}{sure}</header>"
        return (
            f'<article class="card {voiced(quote.speaker, self._voice)}" data-quote="{escape(id_of(quote))}">'
            f'{header}{asked}<blockquote dir="auto" lang="{escape(quote.article.language)}">{_words(quote)}</blockquote>'
            f"{marks}{_source(quote, say.wording) if self._archive else ''}{self._actions(quote, say)}</article>"
        )

    def _actions(self, quote: Quote, say: Labels) -> str:
        """What can be done with a quote: seen, copied, cited, linked to, pinned, reported."""
        reference = cite(quote, self._held[quote.article.id].cast, "chicago").text
        address = link(quote)
        original = "" if self._embed else outside(address, say.original, say.new_tab)
        here = outside(address, say.show, "", top=True) if self._embed else ""
        return (
            f"<footer>{here or show(quote.article, quote.span, say.show)}"
            f'<button type="button" class="copy" data-done="{say.copied}">{say.copy}</button>'
            f'<span class="citing"><button type="button" class="cite" data-done="{say.copied}">{say.cite}</button>'
            f"{styles(say.style)}</span>"
            f'<button type="button" class="link" data-done="{say.copied}" '
            f'data-link="{escape(address or "")}">{say.link}</button>'
            f'<button type="button" class="pin" aria-pressed="false" data-off="{say.pin}" data-on="{say.pinned}">'
            f"{say.pin}</button>{original}</footer>"
            f'<p class="flags" data-done="{say.noted}">'
            f'<button type="button" class="flag" data-fault="wrong_person">{say.wrong_person}</button>'
            f'<button type="button" class="flag" data-fault="no_answer">{say.no_answer}</button></p>'
            f'<p class="printed">{escape(reference)}</p>'
        )


def spoken(answer: Answer) -> str:
    """The answer in plain text, for a screen reader to say."""
    unknown = wording.of(answer.language).unknown
    silent = (side.message for side in answer.sides if not side.quotes)
    quotes = (f"{quote.speaker or unknown}: {quote.text}" for quote in answer.quotes)
    return " ".join((answer.message, *silent, *quotes))


def styles(label: str = labels.ENGLISH.style) -> str:
    """The choice of a citation style."""
    options = "".join(f'<option value="{style}">{STYLE_NAMES[style]}</option>' for style in STYLES)
    return f'<select class="style" aria-label="{label}">{options}</select>'


def _sure(score: float, say: Labels) -> str:
    """How sure it is that a quote answers: in words, the number behind them."""
    words, kind = (
        (say.answers, "answers")
        if score >= ALONE
        else (say.probably, "probably")
        if score >= SURE
        else (say.perhaps, "perhaps")
    )
    told = say.how_sure.format(min(99, max(1, round(100 * score))))
    return f'<details class="sure {kind}"><summary>{words}</summary><p>{told}</p></details>'


def _asked(quote: Quote, say: Labels, *, folded: bool) -> str:
    """The interviewer's question; `folded` where there is little room, behind its own name."""
    if quote.asked is None:
        return ""
    words = f'<span dir="auto" lang="{escape(quote.article.language)}">{escape(quote.asked)}</span>'
    if folded:
        return f'<details class="asked"><summary>{say.asked}</summary>{words}</details>'
    return f'<p class="asked"><b>{say.asked}</b> {words}</p>'


def _source(quote: Quote, say: wording.Wording) -> str:
    """Which article the quote is from, of when, and where else it is printed."""
    when = say.month(quote.article.date) if quote.article.date else None
    told = " · ".join(escape(each) for each in (titled(quote.article), when) if each)
    also = ", ".join(titled(place.article) for place in quote.also)
    more = f'<p class="source">{escape(say.also.format(also))}</p>' if also else ""
    return f'<p class="source">{told}</p>{more}'


def _words(quote: Quote) -> str:
    """The quote's words: the sentence that answers marked, and those of somebody else."""
    text = quote.article.text
    edges = {quote.span.start, quote.span.end}
    spans = [(each, "reported") for each in quote.reported]
    if quote.core and quote.core != quote.span:
        spans.append((quote.core, "core"))
    for each, _ in spans:
        edges |= {max(each.start, quote.span.start), min(each.end, quote.span.end)}
    cuts = sorted(edges)
    parts = []
    for start, end in pairwise(cuts):
        kinds = [kind for each, kind in spans if each.start <= start and end <= each.end]
        words = escape(text[start:end])
        parts.append(f'<span class="{" ".join(kinds)}">{words}</span>' if kinds else words)
    return "".join(parts)
