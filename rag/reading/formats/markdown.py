"""Markdown: front matter to facts, the body's paragraphs without their markup.

The author's characters are kept, the numbers of numbered paragraphs among them; HTML inside and
template tags (Liquid, Jekyll, Hugo) are left out and counted.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.errors import ArticleError
from rag.reading.decode import decode
from rag.reading.document import Document, Found, Kind
from rag.reading.lines import Line, labels, paragraphs
from rag.reading.pieces import RULE, Part, Run, assemble, part
from rag.reading.stated import stated
from rag.reading.tables import spoken

# As text, the longest interview measured has 120,000 characters; what is many times longer is none, and
# the parser takes a second for each million.
MAX_BYTES = 5_000_000
# Real front matter has at most a few thousand characters; what is longer is no list of facts.
MAX_FRONT_MATTER = 64_000
# A tag is written on a few lines; what seems longer is an opening brace in prose.
MAX_TAG = 2_000
# A paragraph underlined with dashes is a heading only while it could be one: a rule right under a
# hard-wrapped answer, without an empty line between, would else make a heading of the answer.
MAX_UNDERLINED = 120

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_TAGS = (("{{", "}}"), ("{%", "%}"), ("{:", "}"), ("<!--", "-->"))
# What stands between such a pair is code or a comment, nobody's words.
_HIDDEN = re.compile(r"\{%-?\s{0,9}(?P<end>end)?(?P<tag>comment|highlight|raw|capture)\b[^%\n]{0,200}%\}")
# Tags that print a picture stay as one, so that the line in italics under it is seen to be its caption.
_PICTURE = re.compile(r"\{[%{][<%]?-?\s*\w*(?:image|img|figure|photo|picture)\w*\s", re.I)
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,40}\](?!:)")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]:")
# What is left of bold marks that CommonMark does not take for such: "**Ann: **Yes", "**Ann:**Yes".
_STARS = re.compile(r"(?<!\*)\*\*(?!\*)")
_BREAK = re.compile(r"<br\s*/?>", re.I)
_BOLD_TAG = re.compile(r"<(?P<end>/?)(?:b|strong)(?:\s[^>]*)?>", re.I)
_WORDS = re.compile(r"\w+")


def read(data: bytes, name: str) -> Document:
    """The document in a Markdown file."""
    if len(data) > MAX_BYTES:
        raise ArticleError(
            f"{name} is over {MAX_BYTES:,} bytes of Markdown; expected one interview: split it"
        )
    text, told = decode(data, name)
    document = parse(text, name)
    return replace(document, left_out=told + document.left_out)


def parse(text: str, name: str) -> Document:
    """The document of Markdown `text`; `name` names the file in an ArticleError."""
    front, body = _front_matter(text)
    found, told = _facts(front)
    left_out: Counter[str] = Counter()
    source = _without_tags(body, left_out)
    try:
        tokens = _parser().parse(source)
    except RecursionError:
        raise ArticleError(
            f"{name} is nested without end; expected an interview in Markdown: take the nesting out"
        ) from None
    walk = _Walk(left_out, labels(source.splitlines()))
    parts = walk.parts(tokens)
    hidden = "".join(walk.html)
    if _count(re.sub(r"<[^<>]*>", " ", hidden)) > sum(_count(each.text) for each in parts):
        # A web page saved as Markdown: the HTML is the interview.
        from rag.reading.formats import html

        page = html.parse(source, name)
        return replace(page, found=found + page.found, left_out=told + page.left_out)
    stored, pieces = assemble(parts)
    return Document(stored, pieces, found, told + _told(left_out))


def _count(text: str) -> int:
    return len(_WORDS.findall(text))


def _told(counts: Counter[str]) -> tuple[str, ...]:
    return tuple(f"{what}: {number}" for what, number in counts.items() if number)


def _front_matter(text: str) -> tuple[tuple[str, str], str]:
    """(its fence and lines, the body); ("", "") where a file has no front matter."""
    lines = text.lstrip("\ufeff \t\r\n").splitlines(keepends=True)
    ends = _FENCES.get(lines[0].strip()) if lines else None
    if not ends:
        return ("", ""), text
    size = 0
    for at, line in enumerate(lines[1:], 1):
        if line.rstrip() in ends:
            return (lines[0].strip(), "".join(lines[1:at])), "".join(lines[at + 1 :])
        size += len(line)
        if size > MAX_FRONT_MATTER:
            break
    return ("", ""), text


class _Loader(yaml.SafeLoader):
    """YAML without aliases: nobody credits people with them, and they can grow without end."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it uses aliases")
        return super().compose_node(parent, index)


def _facts(front: tuple[str, str]) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """The facts that front matter states, and what is to be told where it cannot be read."""
    fence, lines = front
    try:
        table = tomllib.loads(lines) if fence == "+++" else yaml.load(lines, _Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError):
        kind = "TOML" if fence == "+++" else "YAML"
        return (), (f"front matter that is not {kind}: its facts are not known",)
    return (stated(table, "front matter") if isinstance(table, dict) else ()), ()


def _without_tags(text: str, left_out: Counter[str]) -> str:
    """The text without template tags, comments and footnote marks, each counted."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, left_out["blocks of template code"] = _without_hidden(text)
    for opening, closing in _TAGS:
        text, number = _cut(text, opening, closing)
        left_out["comments" if opening == "<!--" else "template tags"] += number
    text, left_out["footnote marks"] = _FOOTNOTE_MARK.subn("", text)
    return text


def _without_hidden(text: str) -> tuple[str, int]:
    """The text without what stands between a pair of tags that hide or quote code."""
    kept: list[str] = []
    at = number = 0
    opened: re.Match[str] | None = None
    for tag in _HIDDEN.finditer(text):
        if opened is None and not tag["end"]:
            opened = tag
        elif opened is not None and tag["end"] and tag["tag"] == opened["tag"]:
            kept.append(text[at : opened.start()])
            at, opened = tag.end(), None
            number += 1
    return "".join([*kept, text[at:]]), number


def _cut(text: str, opening: str, closing: str) -> tuple[str, int]:
    """The text without what stands from each opening to the next closing mark, in one pass."""
    kept: list[str] = []
    at = number = 0
    end = -1
    start = text.find(opening)
    while start >= 0:
        if end < start + len(opening):
            end = text.find(closing, start + len(opening))
        if end < 0:
            break
        if end - start <= MAX_TAG and "\n\n" not in text[start:end]:
            kept.append(text[at:start])
            if _PICTURE.match(text, start, start + 60):
                kept.append("![](picture)")
            else:
                number += 1
            at = end + len(closing)
            start = text.find(opening, at)
        else:
            start = text.find(opening, start + len(opening))
    return "".join([*kept, text[at:]]), number


@cache
def _parser() -> MarkdownIt:
    """CommonMark with tables. Escaped characters stay apart, so that an escaped star is one."""
    return MarkdownIt("commonmark").enable("table").disable("text_join")


@dataclass(slots=True)
class _Walk:
    """Block tokens to parts; what is left out is counted, HTML is kept aside."""

    left_out: Counter[str]
    known: frozenset[str]  # labels that begin lines again and again
    html: list[str]
    pictured: bool  # whether the paragraph before was nothing but a picture

    def __init__(self, left_out: Counter[str], known: frozenset[str]) -> None:
        self.left_out, self.known, self.html, self.pictured = left_out, known, [], False

    def parts(self, tokens: Sequence[Token]) -> list[Part]:
        """The paragraphs in order."""
        found: list[Part] = []
        lists = quotes = 0
        opening = ""  # the number of a list item, until its first paragraph
        first = False  # whether the next paragraph is its item's first
        at = 0
        while at < len(tokens):
            token = tokens[at]
            kind: Kind = "quote" if quotes else "item" if first else "paragraph"
            if token.type in ("bullet_list_open", "ordered_list_open"):
                lists += 1
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                lists -= 1
            elif token.type == "blockquote_open":
                quotes += 1
            elif token.type == "blockquote_close":
                quotes -= 1
            elif token.type == "list_item_open":
                first, opening = True, f"{token.info}{token.markup} " if token.info else ""
            elif token.type == "list_item_close":
                first = False
            elif token.type == "hr":
                found.append(part("rule", RULE))
            elif token.type == "heading_open":
                inline = tokens[at + 1]
                underlined = token.markup in ("-", "=")
                if underlined and len(inline.content) > MAX_UNDERLINED:
                    found += self.paragraph(inline, opening, kind, lists)
                    found.append(part("rule", RULE))
                else:
                    found += self.heading(
                        inline, opening, "quote" if quotes else "heading", int(token.tag[1:])
                    )
                first, opening, at = False, "", at + 2
            elif token.type == "inline":
                found += self.paragraph(token, opening, kind, lists)
                first, opening = False, ""
            elif token.type == "fence":
                found.append(part("code", token.content, depth=lists))
                first = False
            elif token.type == "code_block":
                found += self.indented(token, kind, lists)
                first = False
            elif token.type == "html_block":
                self.html.append(token.content)
                self.left_out["pieces of HTML"] += 1
            elif token.type == "table_open":
                at = self.table(tokens, at, found)
            at += 1
        return found

    def heading(self, inline: Token, opening: str, kind: Kind, level: int) -> list[Part]:
        """A heading, on one line whatever breaks it."""
        runs = [run for line in self.lines(inline, opening) for run in (*line.runs, Run(" "))]
        return [Part(kind, tuple(runs), depth=level)]

    def paragraph(self, inline: Token, opening: str, kind: Kind, depth: int) -> list[Part]:
        """A paragraph, or several where its line breaks part speakers; a caption where it is one."""
        if _FOOTNOTE.match(inline.content):
            self.left_out["footnotes"] += 1
            return []
        lines = self.lines(inline, opening)
        words = any(line.text.strip() for line in lines)
        images = any(child.type == "image" for child in inline.children or ())
        beside = images or self.pictured
        self.pictured = images and not words
        if not words:
            return []
        if beside and all(line.slanted for line in lines if line.text.strip()):
            runs = tuple(run for line in lines for run in (*line.runs, Run(" ")))
            return [Part("caption", runs, depth=depth)]
        found = []
        for runs in paragraphs(lines, self.known):
            found.append(Part(kind, runs, depth=depth))
            kind = "paragraph" if kind == "item" else kind
        return found

    def indented(self, token: Token, kind: Kind, depth: int) -> list[Part]:
        """Indented lines: prose set in from the margin, or code."""
        if not _is_prose(token.content):
            return [part("code", token.content, depth=depth)]
        found: list[Part] = []
        for paragraph in re.split(r"\n\s*\n", token.content.strip()):
            for inline in _parser().parseInline(paragraph):
                found += self.paragraph(inline, "", kind, depth)
        return found

    def table(self, tokens: Sequence[Token], at: int, found: list[Part]) -> int:
        """The place of the table's end; its rows go to `found` where a column tells who speaks."""
        rows: list[list[str]] = []
        while tokens[at].type != "table_close":
            if tokens[at].type == "tr_open":
                rows.append([])
            elif tokens[at].type == "inline":
                rows[-1].append(" ".join(line.text for line in self.lines(tokens[at], "")))
            at += 1
        said = spoken(rows)
        if said is None:
            self.left_out["tables without a column of speakers"] += 1
        else:
            found += said
        return at

    def lines(self, inline: Token, opening: str) -> list[Line]:
        """The paragraph's printed lines, markup taken off."""
        children = inline.children or []
        mended = (
            sum(len(_STARS.findall(child.content)) for child in children if child.type == "text") % 2 == 0
        )
        lines = [Line([Run(opening)] if opening else [])]
        bold = slanted = 0
        starred = False
        for child in children:
            line = lines[-1]
            text = ""
            if child.type in ("strong_open", "strong_close"):
                bold += child.nesting
            elif child.type in ("em_open", "em_close"):
                slanted += child.nesting
            elif child.type == "softbreak":
                lines.append(Line([], soft=True))
            elif child.type == "hardbreak":
                lines.append(Line([]))
            elif child.type == "html_inline":
                if _BREAK.fullmatch(child.content):
                    lines.append(Line([]))
                elif tag := _BOLD_TAG.fullmatch(child.content):
                    bold = max(0, bold + (-1 if tag["end"] else 1))
                else:
                    self.left_out["HTML tags"] += 1
            elif child.type == "image":
                self.left_out["images"] += 1
            elif child.type == "text" and mended:
                for number, stretch in enumerate(_STARS.split(child.content)):
                    starred = starred != (number > 0)
                    line.add(stretch, bold > 0 or starred, slanted > 0)
            else:
                text = child.content
            line.add(text, bold > 0 or starred, slanted > 0)
        return lines


def _is_prose(text: str) -> bool:
    """Whether indented lines read as sentences: mostly letters and blanks, and an end to a sentence."""
    plain = sum(c.isalpha() or c in " ,.'’?!\n" for c in text)
    return plain >= 0.93 * len(text) and bool(re.search(r"[.?!:][\"”’)*_]*\s*$", text.strip()))
