"""Tables in .csv and .tsv: a column of speakers and one of words."""

import csv
import io
from collections import Counter
from dataclasses import replace

from rag.errors import ArticleError
from rag.reading.decode import decode
from rag.reading.document import Document
from rag.reading.pieces import NOBODY, assemble
from rag.reading.tables import spoken

# A cell holds at most one answer; the longest one measured has 9,000 characters.
MAX_CELL = 1_000_000
MAX_ROWS = 200_000
SEPARATORS = ",;\t|"


def read(data: bytes, name: str) -> Document:
    """The document in a table."""
    text, told = decode(data, name)
    document = parse(text, name)
    return replace(document, left_out=told + document.left_out)


def parse(text: str, name: str) -> Document:
    """The document of a table as text; `name` names the file in an ArticleError."""
    if not text.strip():
        return Document("", ())
    rows = _rows(text, name)
    said = spoken(rows)
    if said is None:
        head = " | ".join(cell[:30] for cell in rows[0][:6]) if rows else ""
        raise ArticleError(
            f"{name} has no columns of speakers and words (its first row: {head}); "
            "expected a first row such as speaker,words or hablante,texto"
        )
    stored, pieces = assemble(said)
    blank = sum(1 for piece in pieces if piece.speaker == NOBODY)
    told = (f"paragraphs whose speaker is left blank (they stay unknown): {blank}",) if blank else ()
    return Document(stored, pieces, left_out=told)


def _rows(text: str, name: str) -> list[list[str]]:
    """The rows, all of one width, by the separator that fits."""
    text = text.lstrip("\r\n")
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    before = csv.field_size_limit(MAX_CELL)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) > MAX_ROWS:
                raise ArticleError(f"{name} has over {MAX_ROWS:,} rows; expected one interview: split it")
    except csv.Error as error:
        raise ArticleError(
            f"{name} is no table that can be read ({error}); expected rows of cells, quoted where they hold "
            "commas or quotation marks: export it as CSV again"
        ) from None
    finally:
        csv.field_size_limit(before)
    if not rows:
        raise ArticleError(f"{name} holds no row with words; expected a first row such as speaker,words")
    widths = Counter(len(row) for row in rows)
    width = len(rows[0])
    if len(widths) > 1:
        # A row with more cells than the first has lost words to an unquoted separator.
        number, row = next((at, row) for at, row in enumerate(rows, 1) if len(row) != width)
        if len(row) > width or width - len(row) > 1 or width == 2:
            raise ArticleError(
                f"{name}: row {number} has {len(row)} cells; expected {width}, as in the first row: "
                "put cells that hold a separator in quotation marks"
            )
    return rows
