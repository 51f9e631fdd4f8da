"""Text to HTML, and how a person is shown. Everything that is not our own fixed markup goes through `escape`."""

import html
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from rag import wording
from rag.records import Article, Span
from rag.web.page import labels

# Each speaker's number picks a colour and the shape behind the initials; the stylesheet knows this many.
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


def voiced(speaker: str | None, voice: Voices) -> str:
    """The class that gives a speaker's colour."""
    return f"voice-{voice[speaker]}" if speaker is not None and speaker in voice else "voice-unknown"


def named(speaker: str | None, unknown: str = wording.ENGLISH.unknown) -> str:
    """A speaker's initials and name."""
    mark = initials(speaker) if speaker else "?"
    return (
        f'<span class="avatar" aria-hidden="true">{escape(mark)}</span>'
        f'<bdi class="name">{escape(speaker or unknown)}</bdi>'
    )


def with_role(role: str | None) -> str:
    """A role behind a name, or nothing."""
    return f' <span class="role">{escape(role)}</span>' if role else ""


def place(article: Article, span: Span) -> str:
    """Attributes that say where some words stand."""
    return f'data-article="{escape(article.id)}" data-start="{span.start}" data-end="{span.end}"'


def show(article: Article, span: Span, words: str = labels.ENGLISH.show) -> str:
    """The button that shows some words where they stand."""
    return f'<button type="button" class="show" {place(article, span)}>{words}</button>'


def outside(url: str | None, words: str, new_tab: str = labels.ENGLISH.new_tab, *, top: bool = False) -> str:
    """A link that leaves for the publisher's page, or nothing where there is no web address.

    With `top` it opens in the place of the page that frames this one.
    """
    if url is None or urlsplit(url).scheme not in ("http", "https"):
        return ""
    target = 'target="_top"' if top else 'target="_blank" rel="noopener noreferrer"'
    return (
        f'<a class="outside" href="{escape(url)}" {target}>{words}'
        f'<span aria-hidden="true"> ↗</span><span class="unseen">{new_tab}</span></a>'
    )


def chips(questions: Sequence[str]) -> str:
    """Questions that ask themselves when pressed."""
    if not questions:
        return ""
    items = (
        f'<li><button type="button" class="chip" dir="auto">{escape(each)}</button></li>'
        for each in questions
    )
    return f'<ul class="chips">{"".join(items)}</ul>'


def notice(line: str) -> str:
    """A line about what is wrong with what was given."""
    return f'<p class="notice" role="alert">{escape(line[:1].upper() + line[1:])}.</p>' if line else ""
