"""PDF: printed lines to paragraphs. Running heads and page numbers go, hyphenation is undone.

A PDF knows characters and places, not paragraphs. Where a line might end one or not, the paragraphs
stay apart: two paragraphs of one answer do no harm, two speakers in one paragraph do.
"""

import io
import logging
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from rag.errors import ArticleError
from rag.reading.document import Document, Found, Kind
from rag.reading.lines import is_finished, label, labels
from rag.reading.pieces import Part, Run, assemble, squeeze
from rag.reading.stated import stated

# An interview with its photographs has a few megabytes, and at most some 200 pages.
MAX_BYTES = 100_000_000
MAX_PAGES = 1_000
# A page takes about 50 ms; one that draws in circles is left after this time for the whole file.
MAX_SECONDS = 60.0
# Fewer letters than this on an average page are a scanner's stamp, not a text.
MIN_LETTERS = 20
# More characters than this share that stand for no letter: the fonts do not say what they print.
MAX_UNREADABLE = 0.2

# A gap between lines so many times the usual one parts paragraphs.
GAP = 1.3
# Letters so many times the usual size are a heading's, if it is no longer than this.
LARGER = 1.12
MAX_HEADING = 200
# A line whose neighbour's first word would have fitted into so much of the width was ended on purpose.
FULL = 0.88
# Points: lines at one height, and how far in an indented first line stands.
LEVEL = 3.0
INDENT = 6.0

_BOLD = re.compile(r"bold|black|heavy|demi", re.I)
_NUMBER = re.compile(
    r"(?:p(?:age|ágina|\.)?\s*)?[-–—|\[(]*\s*(?P<number>\d{1,4}|[ivxlc]{1,6})\s*[-–—|\])]*"
    r"(?:\s*(?:/|of|de|von)\s*\d{1,4})?",
    re.I,
)
_BULLET = re.compile(r"[•‣◦▪●■·\uf0b7]\s*")
_HYPHEN = re.compile(r"(?P<word>[^\W\d_]+)[-\u2010\u00ad]$")
_UNNAMED = re.compile(r"(?i)microsoft word\b.*|untitled.*|.*\.(?:docx?|pdf|indd|odt|rtf|tex)|document\d*")

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it warns of is of no use to a reader


@dataclass(slots=True)
class _Line:
    """One printed line: where it begins, how large its letters are, and its words."""

    page: int
    x: float
    y: float
    size: float
    runs: list[Run] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(run.text for run in self.runs)

    @property
    def bold(self) -> bool:
        """Whether all of it is in bold."""
        return all(run.bold for run in self.runs if run.text.strip())


class _Late(Exception):
    """The time is over."""


def read(data: bytes, name: str) -> Document:
    """The document in a PDF file."""
    if len(data) > MAX_BYTES:
        raise ArticleError(
            f"{name} is over {MAX_BYTES:,} bytes; expected an interview: export it without pictures"
        )
    if b"%PDF-" not in data[:1024]:
        raise ArticleError(f"{name} is no PDF file; export it as PDF again, or name it by what it is")
    import pypdf

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _encrypted(name)
        count = len(reader.pages)
    except pypdf.errors.DependencyError:
        raise _encrypted(name) from None
    except ArticleError:
        raise
    except Exception as error:  # noqa: BLE001 - pypdf raises anything at all on damaged files
        raise _damaged(name, error) from None
    if not 0 < count <= MAX_PAGES:
        raise ArticleError(
            f"{name} has {count:,} pages; expected 1 to {MAX_PAGES:,}: export the interview's alone"
        )
    pages, pictured = _pages(reader, count, name)
    _check(pages, pictured, name)
    lines, told = _body(pages)
    text, pieces = assemble(_parts(lines))
    empty = sum(not any(line.text.strip() for line in page) for page in pages)
    if empty:
        told = (*told, f"pages without text: {empty}")
    return Document(text, pieces, _facts(reader), told)


def _encrypted(name: str) -> ArticleError:
    return ArticleError(f"{name} is encrypted; save it without a password")


def _damaged(name: str, error: Exception) -> ArticleError:
    return ArticleError(
        f"{name} is a PDF that cannot be read, damaged or cut short ({type(error).__name__}); export it again"
    )


def _pages(reader: Any, count: int, name: str) -> tuple[list[list[_Line]], int]:
    """The printed lines of each page, and how many pages hold pictures."""
    end = time.monotonic() + MAX_SECONDS
    pages: list[list[_Line]] = []
    pictured = 0
    for number in range(count):
        lines: list[_Line] = []

        def stop(*_: Any) -> None:
            if time.monotonic() > end:
                raise _Late

        def take(
            text: str,
            cm: Any,
            tm: Any,
            font: Any,
            size: float,
            lines: list[_Line] = lines,
            page: int = number,
        ) -> None:
            _take(lines, page, text, cm, tm, font, size)

        try:
            page = reader.pages[number]
            page.extract_text(visitor_text=take, visitor_operand_before=stop)
            stop()
            pictured += _has_pictures(page)
        except _Late:
            raise ArticleError(
                f"{name} takes over {MAX_SECONDS:.0f} seconds to read (page {number + 1}); "
                "export it again, simpler"
            ) from None
        except Exception as error:  # noqa: BLE001 - as above
            raise _damaged(name, error) from None
        pages.append([line for line in lines if line.text.strip()])
    return pages, pictured


def _take(lines: list[_Line], page: int, text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
    """Nothing; afterwards `lines` hold one more stretch of text."""
    x, y = (tm[4] * cm[i] + tm[5] * cm[i + 2] + cm[i + 4] for i in (0, 1))
    scale = abs(tm[3] * cm[3]) or abs(tm[0] * cm[0]) or 1.0
    bold = _is_bold(font)
    for at, stretch in enumerate(text.replace("\0", "").split("\n")):
        if at or not lines:
            lines.append(_Line(page, x, y, size * scale))
        if not stretch:
            continue
        line = lines[-1]
        if not line.text.strip() and stretch.strip():
            line.x, line.y = x, y
        if len(stretch.strip()) >= max((len(run.text.strip()) for run in line.runs), default=0):
            line.size = size * scale  # that of most of the line: bullets and notes have others
        line.runs.append(Run(stretch, bold))


def _is_bold(font: Any) -> bool:
    try:
        base = str(font.get("/BaseFont", "")).rpartition("+")[2] if font else ""
        if _BOLD.search(base):
            return True
        descriptor = font.get("/FontDescriptor") if font else None
        return bool(descriptor and float(descriptor.get_object().get("/FontWeight", 400)) >= 600)
    except (AttributeError, TypeError, ValueError):
        return False


def _has_pictures(page: Any) -> bool:
    try:
        objects = page["/Resources"].get_object().get("/XObject", {}).get_object()
        return any(each.get_object().get("/Subtype") == "/Image" for each in objects.values())
    except (AttributeError, KeyError, TypeError):
        return False


def _check(pages: list[list[_Line]], pictured: int, name: str) -> None:
    """Nothing, or an ArticleError where no text can be had of the pages."""
    text = "".join(line.text for page in pages for line in page)
    letters = sum(c.isalpha() for c in text)
    if letters < MIN_LETTERS * len(pages) and pictured >= len(pages) / 2:
        raise ArticleError(
            f"{name} is a scan: pictures of {len(pages)} pages without text; "
            "recognise its text (OCR) and save it again"
        )
    shown = [c for c in text if not c.isspace()]
    if not shown:
        return
    strange = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c < " " for c in shown)
    if strange > MAX_UNREADABLE * len(shown):
        raise ArticleError(
            f"{name} does not tell which letters its fonts print; export it again from its source, "
            "or recognise its text (OCR)"
        )


# --- heads and page numbers


def _body(pages: list[list[_Line]]) -> tuple[list[_Line], tuple[str, ...]]:
    """The lines without running heads and page numbers, and how many went."""
    gap = _usual_gap(pages)
    edges = [_edges(page, gap) for page in pages]
    repeated = Counter(key for page in edges for key in {_key(line) for line in page})
    # On half of the pages, as where left and right pages have heads of their own; on two, on both.
    often = max(2, len(pages) / 2 - 0.5)
    heads = {key for key, times in repeated.items() if times >= often and (times > 2 or len(pages) <= 4)}
    numbers = Counter(
        value - at
        for at, page in enumerate(edges)
        for value in {_number(line) for line in page}
        if value is not None
    )
    dropped: Counter[str] = Counter()
    kept: list[_Line] = []
    for at, page in enumerate(pages):
        ids = {id(line) for line in edges[at]}
        for line in page:
            value = _number(line) if id(line) in ids else None
            if value is not None and (numbers[value - at] > 1 or len(pages) == 1):
                dropped["page numbers"] += 1
            elif id(line) in ids and _key(line) in heads:
                dropped["running heads"] += 1
            else:
                kept.append(line)
    return kept, tuple(f"{what}: {number}" for what, number in dropped.items())


def _usual_gap(pages: list[list[_Line]]) -> float:
    """The usual distance from a line to the next one."""
    gaps = [
        above.y - line.y
        for page in pages
        for above, line in pairwise(page)
        if 0 < above.y - line.y < 4 * max(above.size, 1)
    ]
    return median(gaps) if gaps else 14.0


def _edges(page: list[_Line], gap: float) -> list[_Line]:
    """The lines at the top and the foot of a page that stand apart from its text."""
    if not page:
        return []
    size = median(line.size for line in page)
    found: list[_Line] = []
    for down in (True, False):
        ordered = sorted(page, key=lambda line: -line.y if down else line.y)
        held: list[_Line] = []
        for line, after in zip(ordered, [*ordered[1:], None], strict=True):
            held.append(line)
            if len(held) > 3:
                break
            if after is not None and abs(after.y - line.y) < LEVEL:
                continue  # beside it: a head on the left and a number on the right
            apart = after is None or abs(line.y - after.y) > GAP * gap or abs(line.size - size) > 0.8
            if apart or _number(line) is not None:
                found += held
                held = []
            else:
                break
    return found


def _key(line: _Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", squeeze(line.text)), round(line.y / LEVEL)


def _number(line: _Line) -> int | None:
    """The page's number if the line is nothing else."""
    match = _NUMBER.fullmatch(squeeze(line.text))
    if not match:
        return None
    if match["number"].isdigit():
        return int(match["number"])
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[c] for c in match["number"].lower()]
    return sum(-v if any(v < w for w in values[at + 1 :]) else v for at, v in enumerate(values))


# --- paragraphs


def _parts(lines: Sequence[_Line]) -> list[Part]:
    """The paragraphs that the lines make."""
    if not lines:
        return []
    sizes = Counter(round(line.size, 1) for line in lines for _ in range(len(line.text)))
    body = sizes.most_common(1)[0][0]
    larger = sorted({round(line.size) for line in lines if line.size > LARGER * body}, reverse=True)
    lengths = sorted(len(line.text.strip()) for line in lines if line.size <= LARGER * body) or [60]
    width = lengths[min(len(lengths) - 1, int(0.9 * len(lengths)))]
    gap = _usual_gap([list(lines)])
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(line.text for line in lines).lower()))
    known = labels(line.text for line in lines)
    left = Counter(round(line.x) for line in lines).most_common(1)[0][0]
    parts: list[Part] = []
    held: list[_Line] = []

    def close() -> None:
        if not held:
            return
        runs = _joined(held, words)
        text = "".join(run.text for run in runs)
        kind: Kind = "paragraph"
        depth = 0
        if held[0].size > LARGER * body and len(text) <= MAX_HEADING:
            kind, depth = "heading", min(6, larger.index(round(held[0].size)) + 1)
        elif bullet := _BULLET.match(text.lstrip()):
            kind, depth, runs = "item", 1, _without(runs, len(text) - len(text.lstrip()) + bullet.end())
        parts.append(Part(kind, tuple(runs), depth=depth))
        held.clear()

    for line in lines:
        if held and _begins(held, line, gap, width, left, known):
            close()
        held.append(line)
    close()
    return parts


def _begins(
    held: Sequence[_Line], line: _Line, gap: float, width: int, left: float, known: frozenset[str]
) -> bool:
    """Whether a paragraph begins with `line`, after those that the open one holds."""
    before = held[-1]
    text, last = line.text.strip(), before.text.strip()
    finished = is_finished(last)
    if abs(line.size - before.size) > 0.1 * max(line.size, 1) and abs(line.y - before.y) > LEVEL:
        return True
    if _BULLET.match(text):
        return True
    named = label(text)
    if named and (finished or named in known or next(run for run in line.runs if run.text.strip()).bold):
        return True
    if finished and not line.bold and all(each.bold for each in held):
        return True
    upper = not text[:1].islower()
    if line.page != before.page or line.y > before.y + LEVEL:
        return finished or (_ended_early(last, text, width) and upper)  # a new page or column
    if before.y - line.y > GAP * gap:
        return True
    indented = line.x - left > INDENT and abs(before.x - left) < INDENT
    if indented and finished:
        return True
    return _ended_early(last, text, width) and (finished or upper)


def _ended_early(last: str, text: str, width: int) -> bool:
    """Whether the first word of `text` would have fitted after `last`: the line was ended on purpose."""
    return len(last) + 1 + len(text.split(maxsplit=1)[0]) < FULL * width


def _joined(lines: Sequence[_Line], words: Counter[str]) -> list[Run]:
    """The runs of one paragraph: a blank between lines, none where a word was broken."""
    runs: list[Run] = []
    for line in lines:
        if runs:
            runs = _glued(runs, line, words)
        runs += line.runs
    return runs


def _glued(runs: list[Run], line: _Line, words: Counter[str]) -> list[Run]:
    """The runs made ready for the next line."""
    last = runs[-1].text.rstrip()
    broken = _HYPHEN.search(last)
    following = re.match(r"[^\W\d_]+", line.text.lstrip())
    if not broken or not following:
        stays = re.search(r"\w[-\u2010]$", last) and line.text[:1].isalnum()
        return [*runs[:-1], Run(last, runs[-1].bold)] if stays else [*runs, Run(" ")]
    first, second = broken["word"].lower(), following.group()
    whole, hyphened = first + second.lower(), f"{first}-{second.lower()}"
    keeps = not second[0].islower() or (words[hyphened] > words[whole])
    kept = last if keeps and not last.endswith("\u00ad") else last[:-1]
    return [*runs[:-1], Run(kept, runs[-1].bold)]


def _without(runs: list[Run], count: int) -> list[Run]:
    """The runs without their first `count` characters."""
    kept: list[Run] = []
    for run in runs:
        cut = min(count, len(run.text))
        count -= cut
        kept.append(Run(run.text[cut:], run.bold))
    return kept


def _facts(reader: Any) -> tuple[Found, ...]:
    """What the file's properties state. Its dates are the file's, not the interview's."""
    try:
        info = reader.metadata or {}
        language = reader.trailer["/Root"].get_object().get("/Lang")
        told = {"title": info.get("/Title"), "author": info.get("/Author"), "language": language}
        table = {key: squeeze(str(value)) for key, value in told.items() if value is not None}
    except Exception:  # noqa: BLE001 - properties are never worth failing for
        return ()
    if _UNNAMED.fullmatch(table.get("title", "")):
        del table["title"]
    return stated(table, "properties")
