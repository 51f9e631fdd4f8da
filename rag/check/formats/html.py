"""A web page to a draft: its words block by block."""

import re
from collections.abc import Iterator
from contextlib import suppress

from lxml import etree, html
from lxml.html import HtmlElement

from rag.check.draft import Draft, Growing, Kind

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p section summary table tbody td tfoot th "
    "thead tr ul".split()
)
_SKIPPED = frozenset(
    "script style noscript template head title code pre svg math iframe object textarea select".split()
)
_NOTE = re.compile(r"(?i)(?:fn|footnote|note|endnote|cite_note)[\W_]?\w{1,40}")


def parse(page: str) -> Draft:
    """The draft in a page; a footnote is what an element with an id like "fn1" holds."""
    text = Growing()
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    # A page of nothing but half a sign has no elements at all, and one of blank space neither.
    with suppress(etree.ParserError):
        _Walk(text).all(html.document_fromstring(page.encode("utf-8", "replace"), parser=parser))
    return text.draft()


class _Walk:
    """Collects words until a block opens or closes."""

    def __init__(self, text: Growing) -> None:
        self.text = text
        self.line = ""
        self.marks: list[tuple[int, str]] = []
        self.within: list[HtmlElement] = []  # the elements that are open

    def all(self, tree: HtmlElement) -> None:
        for opens, node in _events(tree):
            tag = str(node.tag)
            if tag in _BLOCKS:
                self.end()
            if opens:
                self.within.append(node)
                self.opened(node, tag)
            else:
                self.line += "”" if tag == "q" else ""
                self.within.pop()
                self.words(node.tail)
        self.end()

    def opened(self, node: HtmlElement, tag: str) -> None:
        self.line += {"br": "\n", "q": "“"}.get(tag, "")
        target = str(node.get("href", ""))
        if tag == "a" and target.startswith("#") and self.raised(node):
            self.marks.append((len(self.line), target[1:]))
        if tag not in _SKIPPED:
            self.words(node.text)

    def raised(self, link: HtmlElement) -> bool:
        """Whether a link is a note's number: in raised type."""
        return any(each.tag == "sup" for each in (*self.within, *link))

    def words(self, words: str | None) -> None:
        if words and not any(each.tag == "sup" for each in self.within):
            folded = re.sub(r"[ \t\r\n\f]+", " ", words)
            self.line += folded.lstrip(" ") if self.line[-1:] in ("", " ", "\n") else folded

    def end(self) -> None:
        """A block opens or closes: what was collected is a paragraph."""
        blank = len(self.line) - len(self.line.lstrip())
        kind: Kind = "text"
        name = None
        for node in self.within:
            if node.tag == "blockquote":
                kind = "block"
            elif re.fullmatch(r"h[1-6]", str(node.tag)):
                kind = "heading"
            if _NOTE.fullmatch(node.get("id", "")):
                kind, name = "note", str(node.get("id"))
        self.text.put(self.line.strip(), kind, name, [(max(0, at - blank), each) for at, each in self.marks])
        self.line, self.marks = "", []


def _events(tree: HtmlElement) -> Iterator[tuple[bool, HtmlElement]]:
    """Each element as it opens and as it closes; of what holds no words of a draft only that."""
    stack = [(True, tree)]  # not by recursion: a page may nest deeper than Python does
    while stack:
        opens, node = stack.pop()
        yield opens, node
        if opens:
            stack.append((False, node))
            if node.tag not in _SKIPPED:
                stack += [(True, child) for child in reversed(node)]
