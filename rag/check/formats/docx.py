"""A Word document to a draft: what is printed of it, with its notes."""

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from rag.check.draft import Draft, Growing, Kind
from rag.reading.formats.docx import opened, unreadable

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_QUOTE_STYLES = re.compile(r"(?i)quot|block ?text|zitat|cita")
# From 0.4 inches on, on both sides or the left, a paragraph that is no list item is set in.
SET_IN = 560  # twentieths of a point


def read(data: bytes, name: str) -> Draft:
    """The draft in a .docx file, its footnotes and endnotes behind the text."""
    word = opened(data, name)
    try:
        return _draft(word)
    except Exception as error:  # noqa: BLE001 - python-docx raises anything at all on damaged files
        raise unreadable(name, error) from None


def _draft(word: Any) -> Draft:
    styles = {style.style_id: style.name or "" for style in word.styles}
    text = Growing()
    for paragraph in word.element.body.iter(f"{_W}p"):
        if next(paragraph.iterancestors(_FALLBACK), None) is not None:
            continue
        words, marks = _runs(paragraph)
        text.put(words, _kind(paragraph, styles), marks=marks)
    for rel in word.part.rels.values():
        if rel.is_external or not rel.reltype.endswith(("/footnotes", "/endnotes")):
            continue
        for note in _parsed(rel.target_part.blob):
            number = note.get(f"{_W}id", "")
            kind = "f" if rel.reltype.endswith("/footnotes") else "e"
            for paragraph in note.iter(f"{_W}p"):
                text.put(_runs(paragraph)[0].strip(), "note", kind + number)
    return text.draft()


def _parsed(xml: bytes) -> Any:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))


def _kind(paragraph: Any, styles: Mapping[str, str]) -> Kind:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    named = styles.get(style.get(f"{_W}val"), "") if style is not None else ""
    if _QUOTE_STYLES.search(named):
        return "block"
    if named.lower().startswith(("heading", "title", "subtitle")):
        return "heading"
    indent = paragraph.find(f"{_W}pPr/{_W}ind")
    listed = paragraph.find(f"{_W}pPr/{_W}numPr") is not None or "list" in named.lower()
    if indent is not None and not listed and indent.get(f"{_W}firstLine") is None:
        left = indent.get(f"{_W}left") or indent.get(f"{_W}start") or "0"
        if left.isdecimal() and int(left) >= SET_IN and indent.get(f"{_W}hanging") is None:
            return "block"
    return "text"


def _runs(paragraph: Any) -> tuple[str, list[tuple[int, str]]]:
    """The words of a paragraph as they are printed, deleted ones left out, and where notes' numbers stand."""
    parts: list[str] = []
    marks: list[tuple[int, str]] = []
    stack = list(reversed(paragraph))
    while stack:
        node = stack.pop()
        if not isinstance(node.tag, str) or node.tag in _SKIPPED:
            continue
        tag = node.tag.removeprefix(_W)
        if tag == "t":
            parts.append(node.text or "")
        elif tag in _AS_TEXT:
            parts.append(_AS_TEXT[tag])
        elif tag in ("footnoteReference", "endnoteReference"):
            marks.append((sum(map(len, parts)), tag[0] + node.get(f"{_W}id", "")))
        else:
            stack += reversed(node)
    return "".join(parts), marks


_AS_TEXT = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
# What is not printed, or is printed in a paragraph of its own: deleted words, what older programs show
# instead of a text box, and what stands in one.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", _FALLBACK})
