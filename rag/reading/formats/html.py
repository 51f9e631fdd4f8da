"""Saved web pages: the main text's paragraphs, who speaks where an element says so, and stated facts.

trafilatura finds where the main text stands; what is kept is read from the page itself between the
first and the last paragraph that it found, so that no short question and no label in between is lost.
"""

import json
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from rag.errors import ArticleError
from rag.reading.decode import decode_page
from rag.reading.document import Document, Found, Kind
from rag.reading.lines import Line, paragraphs
from rag.reading.pieces import RULE, Part, Run, assemble, part, squeeze
from rag.reading.stated import fact, stated
from rag.reading.tables import spoken

# A saved page's text has at most some 100,000 characters; its markup and what is packed into it
# rarely reach this. Beyond it, finding the main text takes minutes.
MAX_BYTES = 10_000_000
# The parser itself stops at 256 levels; pages have about 30.
MAX_DEPTH = 200

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main nav ol p pre section summary table tbody "
    "td tfoot th thead tr ul caption".split()
)
_NEVER = frozenset(
    "script style noscript template svg math iframe object embed canvas audio video source track map form "
    "input select textarea button label nav aside footer head link meta dialog".split()
)
_NEVER_ROLES = frozenset("navigation complementary banner contentinfo search dialog alert menu".split())
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:related|share|sharing|social|newsletters?|subscribe|subscription|promos?|adverts?|"
    r"advertisement|ads?|ad-?(?:slot|unit|label|box)|sponsored|paywall|author-?box|endnotes?|pull-?quotes?|"
    r"breadcrumbs?|cookies?|popup|modal|sidebar|comments?|respond|recirc\w*|"
    r"recommend\w*|teasers?|read-?more|see-?also|tags|byline|author-?bio|navigation|menu|pagination|widget|"
    r"skip-?link|print-?only|screen-?reader\w*|visually-?hidden|sr-only)(?:$|[\s_-])",
    re.I,
)
_CAPTION = re.compile(r"(?:^|[\s_-])(?:caption|credit|figcaption)(?:$|[\s_-])", re.I)
_SPEAKER = re.compile(
    r"(?:^|\s)(?:[\w-]+[_-])?(?:speaker|speakername|speaker[_-]name|interlocutor)(?:$|\s)", re.I
)
_UNSHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_TIME = re.compile(r"[(\[]?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:\.\d+)?[)\]]?")
_SLANTED = re.compile(r"font-style\s*:\s*(?:italic|oblique)", re.I)
_NOTE = re.compile(r"\W*(?:\d{1,3}|[*†‡])\W*")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://\S+)\s*-->", re.I)
# Types of schema.org that are the piece itself, not the site around it.
_PIECE = re.compile(
    r"(?:\w*Article|BlogPosting|Report|WebPage|PodcastEpisode|Episode|Interview|Conversation)"
)
# A part named as if it stood around the text is dropped up to this share of the page.
MOST = 0.5
# Longer names are none.
MAX_NAME = 80
# What trafilatura holds for the main text must be so many words before it is believed over the page.
MIN_MAIN_WORDS = 25


def read(data: bytes, name: str) -> Document:
    """The document in a saved page."""
    if len(data) > MAX_BYTES:
        raise ArticleError(
            f"{name} is over {MAX_BYTES:,} bytes of HTML; expected one page: save it without its pictures"
        )
    text, told = decode_page(data, name)
    document = parse(text, name)
    return replace(document, left_out=told + document.left_out)


def parse(text: str, name: str) -> Document:
    """The document of a page's or a fragment's HTML; `name` names it in an ArticleError."""
    if not text.strip():
        return Document("", ())
    try:
        # Neither entities of the document's own nor anything outside it is ever loaded.
        tree = document_fromstring(
            text.encode("utf-8", "replace"),
            parser=HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True),
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise ArticleError(f"{name} is no HTML page; expected a page saved from a browser") from None
    found = _facts(tree, text)
    walk = _Walk()
    walk.page(tree)
    shown = _main(walk.shown, text)
    stored, pieces = assemble(each.part for each in shown)
    if walk.shown and len(shown) < len(walk.shown):
        walk.left_out["paragraphs around the main text"] += len(walk.shown) - len(shown)
    told = tuple(f"{what}: {number}" for what, number in walk.left_out.items() if number)
    return Document(stored, pieces, found, told)


# --- the page's paragraphs


@dataclass(frozen=True, slots=True)
class _Shown:
    """One paragraph, and the element whose child it is."""

    part: Part
    within: HtmlElement
    linked: bool  # whether it is nothing but links


@dataclass(frozen=True, slots=True)
class _Style:
    """What surrounds a stretch of text."""

    kind: Kind = "paragraph"
    depth: int = 0
    bold: bool = False
    slanted: bool = False
    linked: bool = False
    quoted: bool = False
    caption: bool = False


@dataclass(slots=True)
class _Walk:
    """The page in the order of its text; paragraphs are closed wherever a block begins or ends."""

    shown: list[_Shown] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    size: int = 0  # characters on the page
    lines: list[Line] = field(default_factory=lambda: [Line()])
    linked: bool = True
    speaker: str | None = None  # stated by an element before, until the element around ends
    inline_speaker: str | None = None  # stated at the start of this very paragraph

    def page(self, tree: HtmlElement) -> None:
        """Nothing; afterwards `shown` holds the page."""
        found = tree.find("body")
        body = tree if found is None else found
        self.size = len(_plain(body))
        self.block(body, _Style(), 0)

    def block(self, node: HtmlElement, style: _Style, level: int) -> None:
        """A block element: a paragraph ends before it and after it."""
        tag = node.tag
        self.flush(node.getparent() if node.getparent() is not None else node, style)
        if tag == "hr":
            self.close_speaker()
            self.shown.append(_Shown(part("rule", RULE), node.getparent(), False))
            return
        inner = _styled(node, style)
        if tag == "table" and self.table(node):
            return
        if tag == "pre":
            inner = replace(inner, kind="code")
        names = _names(node) if tag == "dl" else frozenset()
        before = self.speaker
        if inner.kind == "heading":
            self.close_speaker()
        said_by = squeeze(node.get("data-speaker") or "")
        if said_by:
            self.speaker = said_by
        self.text(node.text, inner)
        for child in node:
            if tag == "dl" and child.tag == "dt" and squeeze(_plain(child)) in names:
                self.flush(node, inner)
                self.speaker = squeeze(_plain(child)).rstrip(":： ")
            elif not self.hidden(child):
                self.element(child, inner, level + 1)
            self.text(child.tail, inner)
        self.flush(node, inner)
        if inner.kind == "heading":
            self.close_speaker()
        else:
            self.speaker = before

    def element(self, node: HtmlElement, style: _Style, level: int) -> None:
        """Any element, by what it is."""
        tag = node.tag
        if level > MAX_DEPTH or not isinstance(tag, str):
            return
        if tag == "br":
            self.lines.append(Line())
        elif tag in ("img", "picture"):
            self.left_out["images"] += 1
        elif (named := self.named(node)) is not None:
            self.flush_or_hold(node, style, named)
        elif tag == "time" and self.after_name(node):
            pass
        elif tag in _BLOCKS or (tag not in ("a", "span", "b", "i", "em", "strong") and _holds_blocks(node)):
            self.block(node, style, level)
        elif tag == "sup" and _NOTE.fullmatch(_plain(node)):
            self.left_out["footnote marks"] += 1
        elif _holds_blocks(node):
            self.block(node, style, level)  # a link or a span around whole paragraphs
        else:
            inner = _styled(node, style)
            if tag == "q":
                self.text("“", inner)
            self.text(node.text, inner)
            for child in node:
                if not self.hidden(child):
                    self.element(child, inner, level + 1)
                self.text(child.tail, inner)
            if tag == "q":
                self.text("”", inner)

    def hidden(self, node: HtmlElement) -> bool:
        """Whether a reader of the page does not see the element, or it is no part of the text."""
        if not isinstance(node.tag, str):
            return True
        unseen = node.get("hidden") is not None or node.get("aria-hidden") == "true"
        if unseen or _UNSHOWN.search(node.get("style") or ""):
            return True
        if node.tag in _NEVER or (node.get("role") or "") in _NEVER_ROLES:
            return True
        around = node.tag in _BLOCKS and _AROUND.search(f"{node.get('class') or ''} {node.get('id') or ''}")
        if around and len(_plain(node)) <= MOST * self.size:
            # What holds most of the page's words is the text, whatever it is called.
            self.left_out["parts around the text, such as shares and comments"] += 1
            return True
        return False

    def text(self, text: str | None, style: _Style) -> None:
        """Nothing; afterwards the open line is longer."""
        if not text:
            return
        self.lines[-1].add(
            text if style.kind == "code" else re.sub(r"[\r\n]", " ", text), style.bold, style.slanted
        )
        if text.strip() and not style.linked:
            self.linked = False

    def flush(self, within: HtmlElement, style: _Style) -> None:
        """Nothing; afterwards what was open is a paragraph, or several."""
        lines, linked, speaker = self.lines, self.linked, self.inline_speaker or self.speaker
        self.lines, self.linked = [Line()], True
        if not any(line.text.strip() for line in lines):
            return
        self.inline_speaker = None
        groups: list[tuple[Run, ...]] = []
        if style.kind == "code":
            groups = [tuple(run for line in lines for run in (*line.runs, Run("\n")))]
        elif style.kind == "heading":
            groups = [tuple(run for line in lines for run in (*line.runs, Run(" ")))]
        else:
            for stretch in _stretches(lines):
                groups += paragraphs(stretch)
        spoken_by = None if style.kind in ("heading", "caption", "code") else speaker
        for runs in groups:
            self.shown.append(_Shown(Part(style.kind, runs, spoken_by, style.depth), within, linked))

    # --- who speaks

    def named(self, node: HtmlElement) -> str | None:
        """The name that the element states as the speaker's, or None."""
        cite = node.tag == "cite"
        if not cite and _holds_blocks(node) and (inner := self.sole_name(node)) is not None:
            return inner
        if not cite and not (node.tag != "body" and _SPEAKER.search(node.get("class") or "")):
            return None
        name = squeeze(_TIME.sub("", _plain(node)))
        if not name or len(name) > MAX_NAME or any(line.text.strip() for line in self.lines):
            return None
        if name.endswith((".", "?", "!", "…")):
            return None  # words, not a name
        if cite and not (name.endswith((":", "：")) or _next(node, "time")):
            return None
        if _inside(node, "blockquote", "figure"):
            return None
        return name.rstrip(":： ") or None

    def sole_name(self, node: HtmlElement) -> str | None:
        """The name in an element that holds nothing but a speaker's element, and the time perhaps."""
        inner = [each for each in node.iterdescendants() if _SPEAKER.search(each.get("class") or "")]
        if len(inner) != 1 or _SPEAKER.search(node.get("class") or "") or node.tag == "body":
            return None
        rest = _plain(node).replace(_plain(inner[0]), "", 1)
        return self.named(inner[0]) if not re.search(r"[^\W\d_]", _TIME.sub("", rest)) else None

    def flush_or_hold(self, node: HtmlElement, style: _Style, name: str) -> None:
        """Nothing; afterwards the name holds for this paragraph, or for those that follow."""
        parent = node.getparent()
        if parent is not None and parent.tag in ("p", "li", "dd", "span"):
            self.inline_speaker = name
            return
        self.flush(node, style)
        self.speaker = name
        if re.match(r"\s*[:：]", node.tail or ""):
            node.tail = re.sub(r"^\s*[:：]\s*", "", node.tail)

    def after_name(self, node: HtmlElement) -> bool:
        """Whether a time stands between a stated name and its words."""
        before = node.getprevious()
        blank = not any(line.text.strip() for line in self.lines)
        return blank and before is not None and (self.speaker is not None or self.inline_speaker is not None)

    def close_speaker(self) -> None:
        """Nothing; afterwards nobody is stated."""
        self.speaker = self.inline_speaker = None

    def table(self, node: HtmlElement) -> bool:
        """Whether the table is done with: as speeches, or left out. A page laid out in one is walked."""
        rows = [[_plain(cell) for cell in row if cell.tag in ("td", "th")] for row in node.iter("tr")]
        if any(True for _ in node.iter("table") if _ is not node):
            return False
        said = spoken(rows)
        if said is not None:
            self.shown += [_Shown(each, node, False) for each in said]
            return True
        if any(_holds_blocks(cell) for cell in node.iter("td")) or all(len(row) < 2 for row in rows):
            return False
        self.left_out["tables without a column of speakers"] += 1
        return True


def _styled(node: HtmlElement, style: _Style) -> _Style:
    """The style inside an element."""
    tag, css = node.tag, node.get("style") or ""
    if tag in ("b", "strong") or _HEAVY.search(css):
        style = replace(style, bold=True)
    if tag in ("i", "em") or _SLANTED.search(css):
        style = replace(style, slanted=True)
    if tag == "a":
        style = replace(style, linked=True)
    if tag == "blockquote":
        return replace(style, kind="quote", quoted=True)
    if tag in ("figure", "figcaption", "caption") or (
        tag in _BLOCKS and _CAPTION.search(node.get("class") or "")
    ):
        return style if _holds(node, "blockquote") else replace(style, kind="caption", caption=True)
    if style.quoted or style.caption:
        return style
    if re.fullmatch(r"h[1-6]", tag):
        return replace(style, kind="heading", depth=int(tag[1]))
    if tag in ("dt", "summary"):
        return replace(style, kind="heading", depth=6)
    if tag in ("ul", "ol"):
        return replace(style, kind="paragraph", depth=style.depth + 1)
    if tag == "li":
        return replace(style, kind="item", depth=max(1, style.depth))
    return style


def _stretches(lines: list[Line]) -> Iterator[list[Line]]:
    """The lines between empty ones: two breaks in a row end a paragraph."""
    held: list[Line] = []
    for line in lines:
        if line.text.strip():
            held.append(line)
        elif held:
            yield held
            held = []
    if held:
        yield held


def _plain(node: HtmlElement) -> str:
    return str(node.text_content())


def _holds(node: HtmlElement, *tags: str) -> bool:
    return next(node.iter(*tags), None) is not None


def _holds_blocks(node: HtmlElement) -> bool:
    return any(each.tag in _BLOCKS for each in node.iterdescendants())


def _inside(node: HtmlElement, *tags: str) -> bool:
    return next(node.iterancestors(*tags), None) is not None


def _next(node: HtmlElement, tag: str) -> bool:
    after = node.getnext()
    return after is not None and after.tag == tag and not (node.tail or "").strip()


def _names(node: HtmlElement) -> frozenset[str]:
    """The terms of a list that are speakers' names: short, no questions, and said again."""
    terms = [squeeze(_plain(each)) for each in node.iterchildren("dt")]
    if any(len(term) > 60 or term.endswith("?") for term in terms) or len(set(terms)) == len(terms):
        return frozenset()
    return frozenset(terms)


# --- where the main text stands


def _main(shown: list[_Shown], page: str) -> list[_Shown]:
    """The paragraphs from the first to the last that trafilatura takes for the main text.

    Between them nothing is lost but paragraphs of nothing but links that it did not take. Those with
    a stated speaker always count. Where it finds too little, the page is all main text.
    """
    whole, single = _extracted(page)
    if len(whole.split()) < MIN_MAIN_WORDS:
        return [each for each in shown if not each.linked or each.part.speaker]
    squashed = "".join(whole.split())
    held = []
    for each in shown:
        text = "".join(each.part.text.split())
        long = len(text) >= 40
        held.append(bool(each.part.speaker) or text in single or (long and text in squashed))
    if not any(held):
        return [each for each in shown if not each.linked]
    first, last = held.index(True), len(held) - 1 - held[::-1].index(True)
    # What stands under the same element as the outermost ones belongs to the same text.
    while first > 0 and shown[first - 1].within is shown[first].within:
        first -= 1
    while last + 1 < len(shown) and shown[last + 1].within is shown[last].within:
        last += 1
    return [
        each
        for at, each in enumerate(shown)
        if first <= at <= last and (held[at] or not each.linked or each.part.kind == "rule")
    ]


def _extracted(page: str) -> tuple[str, frozenset[str]]:
    """The main text as trafilatura finds it: all of it, and its paragraphs without blanks."""
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it warns of is of no use to a reader
    try:
        found = bare_extraction(
            page, include_comments=False, include_tables=True, favor_recall=True, with_metadata=False
        )
    except Exception:  # noqa: BLE001 - a page that it cannot take is read whole
        return "", frozenset()
    body = getattr(found, "body", None)
    if body is None:
        return "", frozenset()
    texts = ["".join(each.itertext()) for each in body.iter("p", "head", "item", "quote", "cell", "code")]
    return " ".join(body.itertext()), frozenset("".join(text.split()) for text in texts)


# --- what the page states


def _facts(tree: HtmlElement, text: str) -> tuple[Found, ...]:
    """The facts that the page's head states, the most telling first; nothing is guessed from its text."""
    found: list[Found] = []

    def tell(name: str, value: Any, where: str) -> None:
        if (known := fact(name, value)) is not None and known not in {
            each.value for each in found if each.field == name
        }:
            found.append(Found(name, known, where))

    for table in _schema(tree):
        flat = {
            key: value.get("name") if key == "publisher" and isinstance(value, dict) else value
            for key, value in table.items()
        }
        flat["language"] = flat.pop("inLanguage", None)
        found += stated(flat, "schema.org")
        about = table.get("about")
        if isinstance(about, dict) and about.get("@type") == "Person":
            tell("about", about.get("name"), "schema.org about")
    metas = {
        (node.get("property") or node.get("name") or node.get("itemprop") or "").lower(): node.get("content")
        for node in reversed(list(tree.iter("meta")))
    }
    for name, keys in _METAS.items():
        for key in keys.split():
            value = metas.get(key)
            if name == "author" and value and re.match(r"https?:", value):
                continue
            tell(name, value, f"meta {key}")
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical":
            tell("url", link.get("href"), "link canonical")
    if saved := _SAVED_FROM.search(text[:4096]):
        tell("url", saved[1], "saved from")
    tell("language", tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"), "html lang")
    if not any(each.field == "title" for each in found):
        for tag in ("h1", "title"):
            nodes = list(tree.iter(tag))
            if len(nodes) == 1:
                tell("title", _plain(nodes[0]), tag)
                break
    return tuple(found)


_METAS = {
    "title": "og:title twitter:title dc.title dcterms.title citation_title",
    "date": (
        "article:published_time datepublished og:article:published_time publishdate date dc.date "
        "dcterms.date dc.date.issued citation_publication_date"
    ),
    "publisher": "og:site_name dc.publisher citation_journal_title application-name",
    "url": "og:url",
    "language": "og:locale content-language dc.language",
    "author": "author article:author dc.creator citation_author",
}


def _schema(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The tables of schema.org on the page that are about the piece itself."""
    for node in tree.iter("script"):
        if "ld+json" not in (node.get("type") or ""):
            continue
        try:
            data = json.loads(node.text or "")
        except (ValueError, RecursionError):
            continue
        rows = data if isinstance(data, list) else [data]
        for row in rows[:50]:
            graph = row.get("@graph") if isinstance(row, dict) else None
            for table in graph[:50] if isinstance(graph, list) else [row]:
                types = table.get("@type") if isinstance(table, dict) else None
                types = types if isinstance(types, list) else [types]
                if any(isinstance(each, str) and _PIECE.fullmatch(each) for each in types):
                    yield table
