"""Records to HTML. Everything that is not our own fixed markup goes through `escape`."""

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from rag import wording
from rag.brief import Pinned
from rag.check import Draft, Finding
from rag.check.compare import UNLAWFUL
from rag.check.report import KINDS, NAMES
from rag.cite import STYLES, link
from rag.quotes import id_of
from rag.reading.reported import through_interpreter
from rag.records import Answer, Article, Block, Quote, Span

# Each speaker's number picks a colour; the stylesheet knows this many.
COLOURS = 6
Voices = Mapping[str, int]


def voices(speakers: Sequence[str]) -> Voices:
    """Each speaker's colour, by full name."""
    return {name: number % COLOURS for number, name in enumerate(speakers)}


def escape(text: str) -> str:
    """The text as HTML that a browser shows character by character, in content or an attribute.

    A browser turns a carriage return into a line feed, drops a NUL, and cannot be sent half a
    surrogate pair; each of them would shift or change what is shown.
    """
    sound = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
    return html.escape(sound).replace("\r", "&#13;")


def initials(name: str) -> str:
    """One or two capitals that stand for a name."""
    parts = [part for part in name.split() if part[0].isalpha()]
    ends = [parts[0], parts[-1]] if len(parts) > 1 else parts
    return "".join(part[0].upper() for part in ends) or "?"


def titled(article: Article) -> str:
    """What an article is called in a list."""
    return article.title or article.id


# --- the conversation ----------------------------------------------------------------------------


def start(questions: Sequence[str]) -> str:
    """What the conversation opens with: what this is, and the interviewer's questions to ask."""
    chips = _chips(questions)
    asked = f"<details open><summary>The interviewer’s questions</summary>{chips}</details>" if chips else ""
    return (
        '<div class="start"><p class="lead">Ask the interview a question.</p>'
        "<p>The answer comes in the speakers’ own words, each with the name of the one who said it "
        f"and its place in the article. Where they say nothing, you are told so.</p>{asked}</div>"
    )


def waiting(question: str) -> str:
    """A question whose answer waits for the model."""
    return f'{_question(question)}<p class="ours waiting">{escape(wording.LOADING)}</p>'


def failed(question: str, line: str) -> str:
    """A question that an error kept from being answered."""
    return f'{_question(question)}<p class="ours failed">{escape(line)}</p>'


def answered(answer: Answer, voice: Voices, *, archive: bool = False, only: Sequence[str] = ()) -> str:
    """A question and what came of it: quotes, or that there is no answer and what comes near.

    In an `archive` each card names its article; `only` tells what the question was narrowed down to.
    """
    parts = [_question(answer.question)]
    if only:
        parts.append(f'<p class="understood">Only {escape(", ".join(only))}</p>')
    if answer.understood:
        understood = wording.ENGLISH.understood.format(answer.understood)
        parts.append(f'<p class="understood">{escape(understood)}</p>')
    parts.append(f'<p class="ours {answer.status}">{escape(answer.message)}</p>')
    parts += [_card(quote, voice, archive) for quote in answer.quotes]
    if answer.status == "declined" and answer.related:
        near = "".join(_card(quote, voice, archive) for quote in answer.related)
        parts.append(
            f'<details class="near" open><summary>Near misses, not an answer</summary>{near}</details>'
        )
    parts.append(_chips(answer.suggestions))
    return "".join(parts)


def spoken(answer: Answer) -> str:
    """The answer in plain text, for a screen reader to say."""
    quotes = (f"{quote.speaker or wording.ENGLISH.unknown}: {quote.text}" for quote in answer.quotes)
    return " ".join((answer.message, *quotes))


def notice(line: str) -> str:
    """A line beside the box about what was typed in it."""
    return f'<p class="notice" role="alert">{escape(line[:1].upper() + line[1:])}.</p>' if line else ""


def narrow(articles: Sequence[Article], speakers: Sequence[str]) -> str:
    """What a question can be narrowed down to; nothing where one person speaks in one article."""
    archive = len(articles) > 1
    if not archive and len(speakers) < 2:
        return ""
    who = _select("speaker", "Who", "Anybody", [(name, name) for name in speakers])
    if not archive:
        return who
    where = _select("article", "Article", "Any", [(each.id, titled(each)) for each in articles])
    times = "".join(
        f'<label>{words}<input type="text" name="{name}" placeholder="2022-03" maxlength="10"></label>'
        for name, words in (("since", "Since"), ("until", "Until"))
    )
    order = _select("order", "Order", "Best first", [("newest", "Newest first")])
    return f"<details><summary>Narrow down</summary><div>{who}{where}{times}{order}</div></details>"


def _select(name: str, words: str, default: str, options: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f'<option value="{escape(value)}">{escape(shown)}</option>'
        for value, shown in (("", default), *options)
    )
    return f'<label>{words}<select name="{name}">{rows}</select></label>'


def _question(question: str) -> str:
    return f'<h2 class="question"><span class="unseen">You asked: </span>{escape(question.strip())}</h2>'


def _chips(questions: Sequence[str]) -> str:
    """Questions that ask themselves when pressed."""
    if not questions:
        return ""
    items = (f'<li><button type="button" class="chip">{escape(each)}</button></li>' for each in questions)
    return f'<ul class="chips">{"".join(items)}</ul>'


def _card(quote: Quote, voice: Voices, archive: bool) -> str:
    role = f' <span class="role">{escape(quote.role)}</span>' if quote.role else ""
    asked = f'<p class="asked"><b>Asked:</b> {escape(quote.asked)}</p>' if quote.asked else ""
    marks = "".join(f'<p class="marks">{escape(each)}</p>' for each in wording.ENGLISH.marks(quote))
    place = (
        f'data-article="{escape(quote.article.id)}" '
        f'data-start="{quote.span.start}" data-end="{quote.span.end}"'
    )
    return (
        f'<article class="card {_voice(quote.speaker, voice)}">'
        f"<header>{_name(quote.speaker)}{role}</header>{asked}"
        f"<blockquote>{_words(quote)}</blockquote>{marks}{_source(quote) if archive else ''}"
        f'<footer><button type="button" class="show" {place}>Show in article</button>'
        f'<button type="button" class="copy">Copy quote</button>{_citing(quote)}'
        f"{_outside(link(quote), 'Original')}</footer></article>"
    )


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


def _citing(quote: Quote) -> str:
    """What copies a quote's citation, in which style, and what pins it to the brief."""
    name = escape(id_of(quote))
    return (
        f'<span class="citing"><button type="button" class="cite" data-quote="{name}">Copy citation</button>'
        f"{_styles()}</span>"
        f'<button type="button" class="pin" data-quote="{name}" aria-pressed="false">Pin</button>'
    )


def _styles() -> str:
    options = "".join(f'<option value="{style}">{STYLE_NAMES[style]}</option>' for style in STYLES)
    return f'<select class="style" aria-label="Citation style">{options}</select>'


def _source(quote: Quote) -> str:
    """Which article the quote is from, of when, and where else it is printed."""
    when = wording.ENGLISH.month(quote.article.date) if quote.article.date else None
    told = " · ".join(escape(each) for each in (titled(quote.article), when) if each)
    also = ", ".join(titled(place.article) for place in quote.also)
    more = f'<p class="source">{escape(wording.ENGLISH.also.format(also))}</p>' if also else ""
    return f'<p class="source">{told}</p>{more}'


def _words(quote: Quote) -> str:
    """The quote's words, those of somebody else set apart."""
    text, at, parts = quote.article.text, quote.span.start, []
    for each in quote.reported:
        if at <= each.start:
            parts += [escape(text[at : each.start]), f'<span class="reported">{escape(each.of(text))}</span>']
            at = each.end
    return "".join([*parts, escape(text[at : quote.span.end])])


def _voice(speaker: str | None, voice: Voices) -> str:
    return f"voice-{voice[speaker]}" if speaker is not None and speaker in voice else "voice-unknown"


def _name(speaker: str | None) -> str:
    mark = initials(speaker) if speaker else "?"
    return (
        f'<span class="avatar" aria-hidden="true">{escape(mark)}</span>'
        f'<span class="name">{escape(speaker or wording.ENGLISH.unknown)}</span>'
    )


def _outside(url: str | None, words: str) -> str:
    """A link that leaves for the publisher's page, or nothing where there is no web address."""
    if url is None or urlsplit(url).scheme not in ("http", "https"):
        return ""
    return (
        f'<a class="outside" href="{escape(url)}" target="_blank" rel="noopener noreferrer">{words}'
        '<span aria-hidden="true"> ↗</span><span class="unseen"> (opens a new tab)</span></a>'
    )


# --- for a writer --------------------------------------------------------------------------------


def tabs() -> str:
    """What the pane beside the conversation shows: the article, the brief, or a draft to check."""
    names = (("reader", "Article"), ("brief", "Brief"), ("draft", "Check a draft"))
    buttons = "".join(
        f'<button type="button" role="tab" id="tab-{name}" aria-controls="{name}" '
        f'aria-selected="{"true" if at == 0 else "false"}"{"" if at == 0 else " tabindex=-1"}>{words}'
        f"{'<span class=count></span>' if name == 'brief' else ''}</button>"
        for at, (name, words) in enumerate(names)
    )
    return f'<div role="tablist" aria-label="Beside the conversation">{buttons}</div>'


def brief(formats: Sequence[tuple[str, str]]) -> str:
    """The pinned quotes, which the script fills in, and what they can be exported to."""
    buttons = "".join(
        f'<button type="button" class="export" data-kind="{kind}">{words}</button>' for kind, words in formats
    )
    return (
        '<div class="sheet"><h2>Brief</h2>'
        '<p class="hint">Pin quotes in the conversation, put them in order, write a note beside each, and take '
        "them along with real footnotes. Every quote is cut from the stored text again when you export.</p>"
        '<div class="filled" hidden><label class="title">Title '
        '<input type="text" maxlength="200" placeholder="On the record"></label>'
        f'<ol class="pins"></ol><div class="out"><label>Citations {_styles()}</label>'
        f'<span class="exports" role="group" aria-label="Export">{buttons}</span>'
        '<button type="button" class="empty">Remove all</button></div></div>'
        '<p class="told" role="status"></p></div>'
    )


def pinned(pin: Pinned, voice: Voices) -> str:
    """A pinned quote as it will stand in the document."""
    quote = pin.quote
    role = f' <span class="role">{escape(quote.role)}</span>' if quote.role else ""
    words = f"<blockquote>{escape(pin.text)}</blockquote>"
    asked = f'<p class="asked"><b>Asked:</b> {escape(pin.asked)}</p>' if pin.asked else ""
    return (
        f'<div class="quoted {_voice(quote.speaker, voice)}"><header>{_name(quote.speaker)}{role}</header>'
        f"{words}{asked}{_show(quote.article, quote.span)}</div>"
    )


def _show(article: Article, span: Span) -> str:
    return (
        f'<button type="button" class="show" data-article="{escape(article.id)}" '
        f'data-start="{span.start}" data-end="{span.end}">Show in article</button>'
    )


def draft() -> str:
    """Where a draft is put in to be checked."""
    return (
        '<div class="sheet"><h2>Check a draft</h2>'
        '<p class="hint">Put in a brief or an article, as text or Markdown: each quotation in it is held against the '
        "stored interviews, word by word, with whom the draft credits. It stays on this machine.</p>"
        '<label class="unseen" for="draft-text">Your draft</label>'
        '<textarea id="draft-text" rows="9" placeholder="“…,” Mines said."></textarea>'
        '<p class="act"><button type="button" class="go">Check</button></p>'
        '<div class="found" role="status"></div></div>'
    )


def checked(found: Sequence[Finding], draft: Draft, voice: Voices) -> str:
    """What came of each quotation of a draft."""
    if not found:
        return "<p>No quotations found: nothing stands in quotation marks.</p>"
    wrong = sum(not finding.ok for finding in found)
    total = f"{len(found)} quotation{'s' * (len(found) != 1)}"
    told = f"{total}, {wrong} to mend" if wrong else f"{total}, nothing to mend"
    rows = "".join(_finding(finding, draft, voice) for finding in found)
    return f'<p class="total">{told}.</p><ol class="findings">{rows}</ol>'


def _finding(finding: Finding, draft: Draft, voice: Voices) -> str:
    paragraph, _, _ = draft.place(finding.quotation.span.start)
    words = escape(" ".join(finding.quotation.span.of(draft.text).split()))
    name = NAMES[finding.verdict]
    lines = [
        f'<p class="verdict {"fine" if finding.ok else "wrong"}"><span aria-hidden="true">'
        f"{'✓' if finding.ok else '✗'} </span>{name[:1].upper()}{escape(name[1:])}"
        f'<span class="where"> · paragraph {paragraph}</span></p>',
        f"<blockquote>{words}</blockquote>",
    ]
    telling = [
        each for each in finding.differences if each.kind in UNLAWFUL or each.kind in ("cut", "bracket")
    ]
    differing = "".join(f"<li>{_differing(each.kind, each.draft, each.source)}</li>" for each in telling)
    lines += [f'<ul class="differing">{differing}</ul>'] if differing else []
    lawful = dict.fromkeys(KINDS[each.kind] for each in finding.differences if each not in telling)
    lines += (
        [f'<p class="lawful">As a style guide may have it: {escape(", ".join(lawful))}.</p>']
        if lawful
        else []
    )
    lines += [f'<p class="marks">{escape(note[:1].upper() + note[1:])}.</p>' for note in finding.notes]
    if finding.article is not None and finding.span is not None:
        if not finding.ok and finding.verdict != "wrong_speaker":
            lines.append(
                f'<p class="marks">The words there:</p><blockquote class="there">'
                f"{escape(finding.span.of(finding.article.text))}</blockquote>"
            )
        who = f'<span class="{_voice(finding.said_by, voice)}">{_name(finding.said_by)}</span>'
        lines.append(
            f'<p class="by">{who if finding.said_by else ""}{_show(finding.article, finding.span)}</p>'
        )
    return f"<li>{''.join(lines)}</li>"


def _differing(kind: str, mine: str, stored: str) -> str:
    """One difference: what the draft has struck out, what the article has put in."""
    was, now = escape(" ".join(mine.split())), escape(" ".join(stored.split()))
    parts = [f"<del>{was}</del>" if was else "", f"<ins>{now}</ins>" if now else ""]
    return f"{escape(KINDS[kind])}: {' '.join(part for part in parts if part)}"


# --- the article ---------------------------------------------------------------------------------


def reader(articles: Sequence[Article], shown: str) -> str:
    """The pane that shows one article, whose HTML is given; the others are sent for when they are wanted."""
    return (
        '<div class="pane"><button type="button" class="back" hidden>'
        '<span aria-hidden="true">↑ </span>Back to the answer</button>'
        f'{_choice(articles)}<div class="scroll" tabindex="0" role="region" aria-label="The article">{shown}</div></div>'
    )


def _choice(articles: Sequence[Article]) -> str:
    if len(articles) < 2:
        return ""
    options = (f'<option value="{escape(each.id)}">{escape(titled(each))}</option>' for each in articles)
    return f'<label class="choice">Article <select>{"".join(options)}</select></label>'


def article(article: Article, found: Sequence[Block], voice: Voices) -> str:
    """An article's text by its blocks, so that a quote's place can be found in it."""
    found = found or [Block(Span(0, len(article.text)), "other")]
    last = max((at for at, block in enumerate(found) if block.kind != "other"), default=len(found) - 1)
    body = "".join(_paragraphs(found[: last + 1], article.text, voice))
    after = "".join(_paragraphs(found[last + 1 :], article.text, voice))
    rest = (
        f'<details class="rest"><summary>Not part of the interview</summary>{after}</details>'
        if after
        else ""
    )
    return (
        f'<article class="article" data-article="{escape(article.id)}" lang="{escape(article.language)}">'
        f"{_facts(article, voice)}{body}{rest}</article>"
    )


def _facts(article: Article, voice: Voices) -> str:
    """What is known about the article; nothing stands for what is not."""
    title = f"<h2>{escape(article.title)}</h2>" if article.title else '<h2 class="unseen">The article</h2>'
    when = wording.ENGLISH.month(article.date) if article.date else None
    known = [escape(each) for each in (article.publisher, when) if each]
    original = _outside(article.url, "Original page")
    facts = f'<p class="facts">{" · ".join(known)} {original}</p>' if known or original else ""
    who = "".join(
        f'<li class="{_voice(person.name, voice)}">{_name(person.name)}'
        + (f' <span class="role">{escape(person.role)}</span>' if person.role else "")
        + "</li>"
        for person in article.people
    )
    people = f'<ul class="people">{who}</ul>' if who else ""
    return f"<header>{title}{facts}{people}</header>"


def _paragraphs(found: Iterable[Block], text: str, voice: Voices) -> Iterator[str]:
    """Each paragraph, with where it starts in the text, so that a quote's place can be found in it."""
    speaking = False
    for block in found:
        words = f'data-start="{block.span.start}">{escape(block.span.of(text))}'
        if block.kind == "question":
            yield f'<h3 class="asks" {words}</h3>'
        elif block.kind == "other":
            yield f'<p class="other" {words}</p>'
        else:
            if block.label is not None or not speaking:
                yield f'<p class="turn {_voice(block.speaker, voice)}">{_name(block.speaker)}{_label(block)}</p>'
            yield f'<p class="says {_voice(block.speaker, voice)}" {words}</p>'
        speaking = block.kind in ("answer", "speech")


def _label(block: Block) -> str:
    """The label as it is printed, where it names nobody we know by name, or tells of an interpreter."""
    printed = block.label if block.speaker is None or through_interpreter(block.label) else None
    return f' <span class="role">printed as “{escape(printed)}”</span>' if printed else ""
