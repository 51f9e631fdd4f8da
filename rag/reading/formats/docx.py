"""Word documents: paragraphs with their styles, tables of speakers, and the document's properties."""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from rag.errors import ArticleError
from rag.reading.document import Document, Found, Kind
from rag.reading.lines import Line, paragraphs
from rag.reading.pieces import Part, Run, assemble
from rag.reading.stated import stated
from rag.reading.tables import spoken

# An interview with its photographs has a few megabytes; the parts are all unpacked into memory.
MAX_BYTES = 100_000_000
MAX_UNPACKED = 300_000_000
MAX_FILES = 5_000
# The XML of a document shrinks to a tenth, at most to a fiftieth; a bomb to a thousandth. Small parts
# may be all blanks, so the ratio is asked only of what is large.
MAX_RATIO = 200
RATIO_FROM = 5_000_000
# A whole paragraph in a heading's style is a paragraph.
MAX_HEADING = 300

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an old .doc, or a .docx with a password
_TITLES = frozenset({"title", "subtitle"})


def read(data: bytes, name: str) -> Document:
    """The document in a .docx file."""
    word = opened(data, name)
    try:
        walk = _Walk(word)
        parts = walk.parts(word.element.body)
    except Exception as error:  # noqa: BLE001 - python-docx raises anything at all on damaged files
        raise unreadable(name, error) from None
    text, pieces = assemble(parts)
    told = tuple(f"{what}: {number}" for what, number in walk.left_out.items() if number)
    return Document(text, pieces, _properties(word, parts), told)


def opened(data: bytes, name: str) -> Any:
    """The Word document of python-docx; ArticleError for what is none or must not be unpacked."""
    _guard(data, name)
    from docx import Document as Word

    try:
        return Word(io.BytesIO(data))
    except Exception as error:  # noqa: BLE001 - python-docx raises anything at all on damaged files
        raise unreadable(name, error) from None


def unreadable(name: str, error: Exception) -> ArticleError:
    """The error for a file that is damaged inside."""
    return ArticleError(
        f"{name} is no Word document that can be read ({type(error).__name__}); "
        "open it in a word processor and save it as .docx again"
    )


def _guard(data: bytes, name: str) -> None:
    """Nothing, or an ArticleError for what must not be unpacked."""
    if data.startswith(_OLE):
        raise ArticleError(
            f"{name} is a Word document with a password, or an old .doc; save it as .docx without a password"
        )
    if len(data) > MAX_BYTES:
        raise ArticleError(
            f"{name} is over {MAX_BYTES:,} bytes; expected an interview: save it without pictures"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            files = packed.infolist()
            unpacked = sum(file.file_size for file in files)
            swollen = any(
                file.file_size > RATIO_FROM and file.file_size > MAX_RATIO * max(1, file.compress_size)
                for file in files
            )
            if len(files) > MAX_FILES or unpacked > MAX_UNPACKED or swollen:
                raise ArticleError(
                    f"{name} unpacks to {unpacked:,} bytes in {len(files):,} files; expected at most "
                    f"{MAX_UNPACKED:,} and no part {MAX_RATIO} times its packed size: save it anew"
                )
            if any(file.flag_bits & 1 for file in files):
                raise ArticleError(f"{name} is encrypted; save it without a password")
            for file in files:
                if not file.filename.endswith((".xml", ".rels")):
                    continue
                with packed.open(file) as part:
                    # A declaration stands at the head; no word processor writes one.
                    if re.search(rb"<!(?:DOCTYPE|ENTITY)", part.read(4096).replace(b"\0", b""), re.I):
                        raise ArticleError(
                            f"{name} declares XML entities, as no word processor does; save it as .docx anew"
                        )
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise ArticleError(
            f"{name} is no .docx file, or it is cut short ({error}); "
            "open it in a word processor and save it again"
        ) from None
    except zlib.error:
        raise ArticleError(
            f"{name} is a damaged .docx file; open it in a word processor and save it again"
        ) from None


class _Walk:
    """The body's XML in order: what was inserted counts, what was deleted does not."""

    def __init__(self, word: Any) -> None:
        self.word = word
        self.left_out: Counter[str] = Counter()
        self.styles = {style.style_id: style for style in word.styles}

    def parts(self, body: Any) -> list[Part]:
        """The paragraphs in order."""
        return [each for block in self.blocks(body) for each in self.block(block)]

    def blocks(self, node: Any) -> Iterator[Any]:
        """Paragraphs and tables, those inside content controls and insertions too."""
        for child in node.iterchildren():
            if child.tag in (f"{_W}p", f"{_W}tbl"):
                yield child
            elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
                yield from self.blocks(child)

    def block(self, node: Any) -> list[Part]:
        """A paragraph's or a table's parts."""
        if node.tag == f"{_W}p":
            return self.paragraph(node)
        cells = [
            [list(self.blocks(cell)) for cell in row.iter(f"{_W}tc") if _table(cell) is node]
            for row in node.iter(f"{_W}tr")
            if _table(row) is node
        ]
        rows = [["\n\n".join(self.plain(each) for each in cell) for cell in row] for row in cells]
        said = spoken(rows)
        if said is not None:
            return said
        if all(len(row) < 2 for row in rows) or any(len(cell) > 2 for row in cells for cell in row):
            # Laid out in a table: its cells are read one by one.
            return [part for row in cells for cell in row for each in cell for part in self.block(each)]
        self.left_out["tables without a column of speakers"] += 1
        return []

    def plain(self, node: Any) -> str:
        """The words of a block."""
        return " ".join(
            line.text for paragraph in node.iter(f"{_W}p") for line in self.lines(paragraph, bold=False)
        )

    def paragraph(self, node: Any) -> list[Part]:
        """One paragraph, or several where its line breaks part speakers."""
        names = self.style_names(_value(node, "pPr/pStyle"))
        kind, depth = self.kind(node, names)
        lines = self.lines(node, self.style_bold(_value(node, "pPr/pStyle")))
        if kind == "heading":
            runs = tuple(run for line in lines for run in (*line.runs, Run(" ")))
            if sum(len(run.text) for run in runs) <= MAX_HEADING:
                return [Part("heading", runs, depth=depth)]
            kind, depth = "paragraph", 0
        return [Part(kind, runs, depth=depth) for runs in paragraphs(lines)]

    def kind(self, node: Any, names: list[str]) -> tuple[Kind, int]:
        """What a paragraph is by its style, and its depth."""
        outline = _value(node, "pPr/outlineLvl")
        for name in names:
            if match := re.fullmatch(r"heading (\d)", name):
                return "heading", int(match[1])
            if name in _TITLES:
                return "heading", 1
            if name == "caption":
                return "caption", 0
            if name in ("quote", "intense quote", "block text"):
                return "quote", 0
        if outline and outline.isdigit() and int(outline) < 9:
            return "heading", int(outline) + 1
        number = _value(node, "pPr/numPr/numId")
        if number not in (None, "0") or any(
            name.startswith(("list bullet", "list number")) for name in names
        ):
            level = _value(node, "pPr/numPr/ilvl") or "0"
            return "item", (int(level) if level.isdigit() else 0) + 1
        return "paragraph", 0

    def lines(self, node: Any, bold: bool) -> list[Line]:
        """The paragraph's lines as the author breaks them; `bold` is what its style says."""
        lines = [Line()]
        for run in node.iter(f"{_W}r"):
            holder = next(run.iterancestors(f"{_W}p", f"{_W}del", f"{_W}moveFrom"))
            if holder is not node:
                what = "tracked deletions" if holder.tag != f"{_W}p" else "stretches in text boxes"
                self.left_out[what] += 1
                continue
            properties = run.find(f"{_W}rPr")
            if _on(properties, "vanish"):
                self.left_out["hidden stretches"] += 1
                continue
            stated_bold = _on(properties, "b")
            if stated_bold is None and (style := _value(run, "rPr/rStyle")):
                stated_bold = self.style_bold(style) or None
            heavy = bold if stated_bold is None else stated_bold
            slanted = bool(_on(properties, "i"))
            for child in run:
                if child.tag == f"{_W}t":
                    lines[-1].add(child.text or "", heavy, slanted)
                elif child.tag == f"{_W}tab":
                    lines[-1].add("\t", heavy, slanted)
                elif child.tag == f"{_W}noBreakHyphen":
                    lines[-1].add("\u2011", heavy, slanted)
                elif child.tag == f"{_W}softHyphen":
                    lines[-1].add("\u00ad", heavy, slanted)
                elif child.tag == f"{_W}cr" or (
                    child.tag == f"{_W}br" and child.get(f"{_W}type") in (None, "textWrapping")
                ):
                    lines.append(Line())
        return lines

    def style_names(self, style_id: str | None) -> list[str]:
        """The names of a style and of those it is based on, lower case."""
        return [str(style.name or "").lower() for style in self.chain(style_id)]

    def style_bold(self, style_id: str | None) -> bool:
        """Whether a style prints in bold."""
        for style in self.chain(style_id):
            if style.font.bold is not None:
                return bool(style.font.bold)
        return False

    def chain(self, style_id: str | None) -> list[Any]:
        """A style and those it is based on; a circle ends where it began."""
        found: list[Any] = []
        style = self.styles.get(style_id)
        while style is not None and len(found) < 10:
            if not hasattr(style, "font"):
                break
            found.append(style)
            style = style.base_style
        return found


def _table(node: Any) -> Any:
    return next(node.iterancestors(f"{_W}tbl"), None)


def _value(node: Any, path: str) -> str | None:
    """The w:val of the element at `path`, or None."""
    found = node.find("/".join(_W + step for step in path.split("/")))
    return None if found is None else found.get(f"{_W}val")


def _on(properties: Any, name: str) -> bool | None:
    """Whether a property of a run is on; None where it is not stated."""
    found = None if properties is None else properties.find(_W + name)
    if found is None:
        return None
    return found.get(f"{_W}val") not in ("0", "false", "off", "none")


def _properties(word: Any, parts: list[Part]) -> tuple[Found, ...]:
    """What the document's properties state. Its dates are the file's, not the interview's."""
    try:
        core = word.core_properties
        table = {"title": core.title, "author": core.author, "language": core.language}
    except (KeyError, ValueError, AttributeError):
        table = {}
    if table.get("author") in ("python-docx", "Microsoft Office User"):
        table["author"] = ""  # the program's default, nobody's name
    found = stated(table, "properties")
    if not any(each.field == "title" for each in found) and parts and parts[0].kind == "heading":
        found += stated({"title": parts[0].text}, "first heading")
    return found
