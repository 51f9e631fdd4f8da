"""A brief as a Word document: real footnotes, named styles, nothing set by hand.

python-docx writes no footnotes: the part, its styles and its relationships are put in here.
"""

import io
import re
import zipfile
from typing import Any

from docx import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Inches, Pt, RGBColor
from lxml import etree

from rag.brief.layout import NOTE, SOURCES, address, footnote, is_block, marks, paragraphs, sources, who
from rag.brief.pins import Pinned, Resolved
from rag.cite import Run

_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_NOTES_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
# The same brief makes the same bytes: files in the archive bear the first day that a zip knows.
_DAY = (1980, 1, 1, 0, 0, 0)
# What XML 1.0 cannot hold at all.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WEB = re.compile(r"(?i)https?://")
# A longer paragraph, moved whole to the next page with what follows, would leave half a page empty.
KEPT_WORDS = 60
_GREY = RGBColor(0x55, 0x55, 0x55)


def write(brief: Resolved) -> bytes:
    """The document's bytes."""
    word = Word()
    _styles(word)
    _page(word, brief)
    notes = _Notes(word)
    word.add_paragraph(_sound(brief.title), style="Title")
    for number, pin in enumerate(brief.pins, 1):
        _sections(word, brief, number)
        _pin(word, notes, pin)
    _sections(word, brief, len(brief.pins) + 1)
    if entries := sources(brief):
        word.add_paragraph(SOURCES, style="Heading 1")
        for entry in entries:
            paragraph = word.add_paragraph(style="Bibliography")
            for run in entry.runs:
                paragraph._p.append(_run(run.text, italic=run.italic))
    notes.close()
    return _packed(word)


def _sections(word: Any, brief: Resolved, number: int) -> None:
    for section in brief.sections_before(number):
        word.add_paragraph(_sound(section.heading), style="Heading 1")
        for line in section.lines:
            word.add_paragraph(_sound(line), style="Quote Mark")


def _pin(word: Any, notes: "_Notes", pin: Pinned) -> None:
    word.add_paragraph(_sound(who(pin)), style="Speaker")
    words = [_sound(each) for each in paragraphs(pin)]
    if not is_block(pin):
        words = [f"“{words[0]}”"]
    for each in words:
        quoted = word.add_paragraph(each, style="Quote")
        _speak(quoted, pin.quote.article.language)
    notes.add(quoted, pin)
    ends = [quoted, *(word.add_paragraph(_sound(each), style="Quote Mark") for each in marks(pin))]
    lines = [line.strip() for line in pin.note.splitlines() if line.strip()]
    for at, each in enumerate(lines):
        ends.append(word.add_paragraph(_sound(f"{NOTE}{each}" if at == 0 else each), style="Author Note"))
    # What is said of a quote never stands alone on the next page.
    for each in ends[: len(ends) - max(1, len(lines))]:
        if len(each.text.split()) <= KEPT_WORDS:
            each.paragraph_format.keep_with_next = True


def _sound(text: str) -> str:
    """The text as XML can hold it: what it cannot is shown as such, never dropped."""
    return _NOT_XML.sub("\ufffd", text)


# --- page and styles -----------------------------------------------------------------------------


def _page(word: Any, brief: Resolved) -> None:
    section = word.sections[0]
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Inches(1)
    core = word.core_properties
    core.title, core.author, core.comments = _sound(brief.title)[:255], "", ""
    core.language = brief.brief.language
    # python-docx's own day and picture of a page; neither is this document's.
    for stale in core._element.xpath("dcterms:created | dcterms:modified"):
        core._element.remove(stale)
    package = word.part.package
    for key in [key for key, rel in package.rels.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del package.rels[key]
    for lang in word.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), _tag(brief.brief.language))


def _styles(word: Any) -> None:
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Georgia", Pt(11)
    _all_scripts(normal, "Georgia")
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.25
    title = word.styles["Title"]
    title.font.name, title.font.size, title.font.color.rgb = "Georgia", Pt(22), RGBColor(0, 0, 0)
    _all_scripts(title, "Georgia")
    title.paragraph_format.space_after = Pt(18)
    border = title.element.pPr.find(qn("w:pBdr"))
    if border is not None:
        title.element.pPr.remove(border)
    heading = word.styles["Heading 1"]
    heading.font.name, heading.font.size, heading.font.color.rgb = "Georgia", Pt(14), RGBColor(0, 0, 0)
    _all_scripts(heading, "Georgia")
    quote = word.styles["Quote"]
    quote.font.italic, quote.font.color.rgb = False, RGBColor(0, 0, 0)
    quote.paragraph_format.left_indent = quote.paragraph_format.right_indent = Inches(0.4)

    def add(name: str, base: str, kind: Any = WD_STYLE_TYPE.PARAGRAPH, builtin: bool = False) -> Any:
        style = word.styles.add_style(name, kind, builtin)
        style.base_style = word.styles[base]
        return style

    speaker = add("Speaker", "Normal")
    speaker.font.bold = True
    speaker.paragraph_format.keep_with_next = True
    speaker.paragraph_format.space_before, speaker.paragraph_format.space_after = Pt(18), Pt(4)
    mark = add("Quote Mark", "Normal")
    mark.font.size, mark.font.color.rgb = Pt(9.5), _GREY
    mark.paragraph_format.left_indent = Inches(0.4)
    note = add("Author Note", "Normal")
    note.font.size = Pt(10.5)
    note.font.italic = True
    entry = add("Bibliography", "Normal", builtin=True)
    entry.paragraph_format.left_indent, entry.paragraph_format.first_line_indent = Inches(0.4), Inches(-0.4)
    text = add("footnote text", "Normal", builtin=True)
    text.font.size = Pt(9)
    text.paragraph_format.space_after, text.paragraph_format.line_spacing = Pt(2), 1.0
    raised = add("footnote reference", "Default Paragraph Font", WD_STYLE_TYPE.CHARACTER, builtin=True)
    raised.font.superscript = True
    link = add("Hyperlink", "Default Paragraph Font", WD_STYLE_TYPE.CHARACTER, builtin=True)
    link.font.underline, link.font.color.rgb = True, RGBColor(0x05, 0x4A, 0x91)


def _all_scripts(style: Any, font: str) -> None:
    """The font in every script of a style, in place of the theme's."""
    fonts = style.element.rPr.rFonts
    for key in list(fonts.attrib):
        if key.endswith("Theme"):
            del fonts.attrib[key]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)


def _speak(paragraph: Any, language: str) -> None:
    """Tells the paragraph's runs their language, so that a spell checker knows it."""
    for run in paragraph.runs:
        lang = OxmlElement("w:lang")
        lang.set(qn("w:val"), _tag(language))
        run._r.get_or_add_rPr().append(lang)


def _tag(language: str) -> str:
    """What Word calls a language."""
    return {"en": "en-US", "es": "es-ES"}.get(language, language)


# --- footnotes -----------------------------------------------------------------------------------


class _Notes:
    """The footnotes of a document: each is a paragraph in a part of its own."""

    def __init__(self, word: Any) -> None:
        self.word, self.number = word, 0
        space = nsdecls("w", "r")
        self.root = parse_xml(
            f"<w:footnotes {space}>"
            '<w:footnote w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:after="0" w:line="240" '
            'w:lineRule="auto"/></w:pPr><w:r><w:separator/></w:r></w:p></w:footnote>'
            '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:pPr><w:spacing w:after="0" '
            'w:line="240" w:lineRule="auto"/></w:pPr><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
            "</w:footnotes>"
        )
        self.part = Part(PackURI("/word/footnotes.xml"), _NOTES_TYPE, b"", word.part.package)
        word.part.relate_to(self.part, _NOTES_REL)
        self.text = word.styles["footnote text"].style_id
        self.raised = word.styles["footnote reference"].style_id
        self.link = word.styles["Hyperlink"].style_id

    def add(self, paragraph: Any, pin: Pinned) -> None:
        """The pin's footnote, whose number stands at the end of the paragraph."""
        self.number += 1
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(self.number))
        run = paragraph.add_run()
        run.style = self.word.styles["footnote reference"]
        run._r.append(reference)
        note = parse_xml(
            f'<w:footnote {nsdecls("w")} w:id="{self.number}"><w:p>'
            f'<w:pPr><w:pStyle w:val="{self.text}"/></w:pPr><w:r><w:rPr><w:rStyle w:val="{self.raised}"/>'
            "</w:rPr><w:footnoteRef/></w:r></w:p></w:footnote>"
        )
        line = note.find(qn("w:p"))
        line.append(_run(" "))
        for each in footnote(pin):
            self.put(line, each, pin)
        self.root.append(note)

    def put(self, line: Any, run: Run, pin: Pinned) -> None:
        """A run's words, the article's address among them as a link to the quote itself."""
        target, written = address(pin), _written(run.text, pin)
        if target is None or written is None:
            line.append(_run(run.text, italic=run.italic))
            return
        before, _, after = run.text.rpartition(written)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        link.append(_run(written, italic=run.italic, style=self.link))
        line.extend([_run(before, italic=run.italic), link, _run(after, italic=run.italic)])

    def close(self) -> None:
        """Puts what was added into the part, and tells the settings which notes are separators."""
        self.part._blob = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True)
        settings = self.word.settings.element
        told = parse_xml(
            f'<w:footnotePr {nsdecls("w")}><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        )
        compat = settings.find(qn("w:compat"))
        if compat is not None:
            compat.addprevious(told)  # the schema has them in this order


def _written(text: str, pin: Pinned) -> str | None:
    """The article's address as it stands in the text: to the quote, whole, or without its "https://"."""
    url = pin.quote.article.url or ""
    return next((each for each in (pin.link, url, _WEB.sub("", url)) if each and each in text), None)


def _run(text: str, *, italic: bool = False, style: str | None = None) -> Any:
    """A run of words."""
    made = OxmlElement("w:r")
    if italic or style:
        properties = OxmlElement("w:rPr")
        if style:
            named = OxmlElement("w:rStyle")
            named.set(qn("w:val"), style)
            properties.append(named)
        if italic:
            properties.append(OxmlElement("w:i"))
        made.append(properties)
    words = OxmlElement("w:t")
    words.text = _sound(text)
    words.set(qn("xml:space"), "preserve")
    made.append(words)
    return made


def _packed(word: Any) -> bytes:
    """The document's archive with no time of today in it."""
    made, same = io.BytesIO(), io.BytesIO()
    word.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(same, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return same.getvalue()
