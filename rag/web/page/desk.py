"""For a writer: the brief, and a draft that is held against the stored texts."""

from collections.abc import Sequence

from rag.brief import Pinned
from rag.check import Draft, Finding
from rag.check.compare import UNLAWFUL
from rag.check.report import KINDS, NAMES
from rag.web.page.talk import styles
from rag.web.page.text import Voices, escape, named, show, voiced, with_role
from rag.web.settings import MAX_UPLOAD, UPLOADS


def tabs(*, drafts: bool = True) -> str:
    """What the pane beside the conversation shows: the article, the brief, or a draft to check."""
    names = [("reader", "Article"), ("brief", "Brief"), *([("draft", "Check a draft")] if drafts else [])]
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
        '<div class="sheet"><h2 tabindex="-1">Brief</h2>'
        '<p class="hint">Pin quotes in the conversation, put them in order, write a note beside each, and take '
        "them along with real footnotes. Every quote is cut from the stored text again when you export.</p>"
        '<div class="filled" hidden><label class="title">Title '
        '<input type="text" maxlength="200" placeholder="On the record"></label>'
        f'<ol class="pins"></ol><div class="out"><label>Citations {styles()}</label>'
        f'<span class="exports" role="group" aria-label="Export">{buttons}</span>'
        '<button type="button" class="empty">Remove all</button></div></div>'
        '<p class="told" role="status"></p></div>'
    )


def pinned(pin: Pinned, voice: Voices) -> str:
    """A pinned quote as it will stand in the document."""
    quote = pin.quote
    words = f'<blockquote dir="auto">{escape(pin.text)}</blockquote>'
    asked = f'<p class="asked"><b>Asked:</b> {escape(pin.asked)}</p>' if pin.asked else ""
    return (
        f'<div class="quoted {voiced(quote.speaker, voice)}"><header>{named(quote.speaker)}{with_role(quote.role)}</header>'
        f"{words}{asked}{show(quote.article, quote.span)}</div>"
    )


def draft(*, uploads: bool = False) -> str:
    """Where a draft is put in to be checked, and with `uploads` a file of it."""
    file = (
        f'<label class="file">or a file <input type="file" accept="{",".join(UPLOADS)}" data-most="{MAX_UPLOAD}"></label>'
        if uploads
        else ""
    )
    return (
        '<div class="sheet"><h2>Check a draft</h2>'
        '<p class="hint">Put in a brief or an article, as text or Markdown: each quotation in it is held against the '
        "stored interviews, word by word, with whom the draft credits. It stays on this machine.</p>"
        '<label class="unseen" for="draft-text">Your draft</label>'
        '<textarea id="draft-text" rows="9" placeholder="“…,” Mines said."></textarea>'
        '<p class="act"><button type="button" class="go">Check</button>'
        f"{file}</p>"
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
        who = f'<span class="{voiced(finding.said_by, voice)}">{named(finding.said_by)}</span>'
        lines.append(
            f'<p class="by">{who if finding.said_by else ""}{show(finding.article, finding.span)}</p>'
        )
    return f"<li>{''.join(lines)}</li>"


def _differing(kind: str, mine: str, stored: str) -> str:
    """One difference: what the draft has struck out, what the article has put in."""
    was, now = escape(" ".join(mine.split())), escape(" ".join(stored.split()))
    parts = [f"<del>{was}</del>" if was else "", f"<ins>{now}</ins>" if now else ""]
    return f"{escape(KINDS[kind])}: {' '.join(part for part in parts if part)}"
