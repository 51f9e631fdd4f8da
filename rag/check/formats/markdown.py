"""A Markdown text to a draft, whose offsets are those of the text as it is."""

import html
import re

from markdown_it import MarkdownIt

from rag.check.draft import NOTHING, Draft, Kind, Paragraph
from rag.check.formats.text import trimmed
from rag.records import Span

_FRONT = re.compile(r"\A---[ \t]*\r?\n.*?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
# What ends a line in Markdown, old files of a Mac included.
_BREAK = re.compile(r"\r\n?|\n")
_NOTE = re.compile(r"\[\^([^\]\s]{1,80})\]")
_INLINE = re.compile(
    r"(?P<code>(?P<ticks>(?<!`)`++).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<escape>\\)(?=[!-/:-@\[-`{-~])"
    r"|(?P<note>\[\^[^\]\s]{1,80}\]:?)"
    r"|(?P<picture>!\[[^\]\n]{0,500}\]\([^)\n]{0,2000}\))"
    r"|(?P<link>\]\([^)\n]{0,2000}\)|\]\[[^\]\n]{0,200}\])"
    r"|(?P<tag></?[a-zA-Z][^<>\n]{0,500}>|<https?://[^<>\s]{1,2000}>)"
    r"|(?P<star>\*{1,3})"
    r"|(?P<line>(?<![^\W_])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![^\W_]))"
)
# So many characters the words of a link have at most.
MOST_OF_A_LINK = 2_000
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_PREFIX = re.compile(r"[ \t]*(?:>[ \t]?)*(?:#{1,6}[ \t]+|(?:[-*+]|\d{1,9}[.)])[ \t]+)?")


def parse(text: str) -> Draft:
    """The draft in a Markdown text; offsets are those of the text as it is."""
    masked = list(text)

    def blot(start: int, end: int, char: str = NOTHING) -> None:
        masked[start:end] = [each if each == "\n" else char for each in masked[start:end]]

    front = _FRONT.match(text)
    if front:
        blot(0, front.end(), " ")
    body = ("\n" * len(_BREAK.findall(front.group())) if front else "") + text[front.end() if front else 0 :]
    lines = [0, *(match.end() for match in _BREAK.finditer(text)), len(text) + 1]
    found: list[Paragraph] = []
    quoting = 0
    heading = False
    for token in MarkdownIt("commonmark").enable("table").parse(body):
        quoting += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type == "blockquote_open" and token.map:
            for line in range(*token.map):
                prefix = _QUOTED.match(text, lines[line], min(lines[line + 1], len(text)))
                if prefix:
                    blot(prefix.start(), prefix.end(), " ")
        heading = {"heading_open": True, "heading_close": False}.get(token.type, heading)
        if token.type in ("fence", "code_block", "html_block") and token.map:
            blot(lines[token.map[0]], min(lines[token.map[1]], len(text)), " ")
        if token.type == "inline" and token.map:
            span = trimmed(Span(lines[token.map[0]], min(lines[token.map[1]], len(text) + 1) - 1), text)
            note = re.match(r"\[\^([^\]\s]{1,80})\]:", span.of(text))
            kind: Kind = "note" if note else "block" if quoting else "heading" if heading else "text"
            if not found or found[-1].span.end <= span.start:
                found.append(Paragraph(span, kind, note[1] if note else None))
    for each in found:
        first = each.span.of(text)
        blot(each.span.start, each.span.start + _PREFIX.match(first).end(), " ")  # type: ignore[union-attr]
        for match in _INLINE.finditer(text, each.span.start, each.span.end):
            blot(match.start(), match.end(), " " if match.lastgroup in ("code", "picture") else NOTHING)
            if match.lastgroup == "link":
                opened = match.start() - 1
                while opened > max(each.span.start, match.start() - MOST_OF_A_LINK) and masked[opened] != "[":
                    opened -= 1
                if opened >= each.span.start and masked[opened] == "[":
                    masked[opened] = NOTHING
        for match in _ENTITY.finditer(text, each.span.start, each.span.end):
            _unescape(masked, match)
    marks = [(match.start(), match[1]) for match in _NOTE.finditer(text) if text[match.end() :][:1] != ":"]
    return Draft(text, "".join(masked), tuple(found), tuple(marks))


_QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)*")


def _unescape(masked: list[str], match: re.Match[str]) -> None:
    char = html.unescape(match.group())
    if len(char) == 1:
        masked[match.start() : match.end()] = [char] + [NOTHING] * (match.end() - match.start() - 1)
