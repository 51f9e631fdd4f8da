"""A document of any supported kind to an Article. Reading files is here; parsing takes bytes or text."""

from dataclasses import fields, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from rag.errors import ArticleError
from rag.reading.document import Document, Found
from rag.reading.facts import Facts, parse_facts
from rag.records import Article

# Which module of rag/reading/formats reads an ending; it is imported when the first such file is read.
FORMATS = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".docx": "docx",
    ".pdf": "pdf",
    ".srt": "subtitles",
    ".vtt": "subtitles",
    ".csv": "table",
    ".tsv": "table",
    ".json": "transcript",
}
SUFFIXES = tuple(FORMATS)

# The longest interview measured has 120,000 characters; a larger file is not an interview.
MAX_BYTES = 20_000_000
# These hold photographs beside the text; their modules limit what is unpacked.
MAX_PACKED_BYTES = 100_000_000
PACKED = (".docx", ".pdf")

# Files of a folder that are about the folder.
ABOUT = frozenset("readme license licence changelog contributing code_of_conduct authors".split())
# What a file is by its first bytes, where its ending says that it is text.
_SIGNATURES = (
    (b"%PDF-", ".pdf"),
    (b"PK\x03\x04", ".docx"),
    (b"\xd0\xcf\x11\xe0", ".doc"),
    (b"{\\rtf", ".rtf"),
)


def documents(sources: list[Path]) -> list[Path]:
    """The documents that `sources` (files and folders) hold, sorted by name within a folder.

    A folder holds its own files: a link to a file outside it is refused. A file named by itself is
    read wherever it stands.
    """
    found: list[Path] = []
    for source in sources:
        if source.is_dir():
            held = sorted(path for path in source.iterdir() if is_document(path))
            for path in held:
                _inside(path, source)
            found += held
        elif source.exists():
            found.append(source)
        else:
            raise ArticleError(f"{source} does not exist; expected a document or a folder of them")
    if not found:
        where = ", ".join(map(str, sources))
        raise ArticleError(f"no document in {where}; expected files ending in {', '.join(SUFFIXES)}")
    return found


def is_document(path: Path) -> bool:
    """Whether a folder's file is one: not hidden, no lock of a word processor, not about the folder."""
    return (
        path.suffix.lower() in FORMATS
        and not path.name.startswith((".", "~$"))
        and path.stem.lower() not in ABOUT
    )


def _inside(path: Path, folder: Path) -> None:
    """Nothing, or an ArticleError for a link out of the folder."""
    if not path.is_symlink():
        return
    try:
        inside = path.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        raise ArticleError(
            f"{path} is a link to nothing; take it away, or put the file itself there"
        ) from None
    if not inside:
        raise ArticleError(
            f"{path} is a link to a file outside {folder}; put the file itself there, or name it by itself"
        )


def facts_path(document: Path) -> Path:
    """Where the facts about a document stand: beside it, with the ending .toml."""
    return document.with_suffix(".toml")


def open_document(data: bytes, name: str, ending: str) -> Document:
    """The document in `data`, by its ending (".pdf"); ArticleError where it is none, or has no words."""
    kind = FORMATS.get(ending.lower())
    if kind is None:
        raise ArticleError(f"{name} ends in {ending or 'nothing'}; expected {', '.join(SUFFIXES)}")
    if len(data) > most_bytes(ending):
        raise ArticleError(f"{name} is over {most_bytes(ending):,} bytes; expected an interview's text")
    if ending.lower() not in PACKED:
        for signature, other in _SIGNATURES:
            if data.startswith(signature):
                raise ArticleError(
                    f"{name} is a {other} file by its first bytes; give it its own ending, or save it anew"
                )
    document: Document = import_module(f"rag.reading.formats.{kind}").read(data, name)
    if not document.text.strip():
        told = f" ({'; '.join(document.left_out)})" if document.left_out else ""
        raise ArticleError(f"{name} is empty{told}; expected the text of an interview")
    return document


def most_bytes(ending: str) -> int:
    """How large a file of that ending may be."""
    return MAX_PACKED_BYTES if ending.lower() in PACKED else MAX_BYTES


def read(document: Path) -> Article:
    """The article in a file, with the facts of the TOML file beside it if there is one.

    What that file does not state is taken from the document's own metadata.
    """
    beside = facts_path(document)
    facts = parse_facts(_utf8(_bytes(beside), beside), str(beside)) if beside.exists() else Facts()
    # An ending that is not known is read as text, as a person who names the file by itself means it.
    ending = document.suffix if document.suffix.lower() in FORMATS else ".txt"
    opened = open_document(_bytes(document), str(document), ending)
    return make_article(opened.text, _with(facts, opened.found), _stem(document))


def make_article(text: str, facts: Facts, fallback_id: str) -> Article:
    """An article of `text`; what the facts do not state stays unknown."""
    if not text.strip():
        raise ArticleError(f"{fallback_id} is empty; expected the text of an interview")
    return Article(
        id=facts.id or fallback_id,
        text=text,
        language=facts.language or "en",
        people=facts.people,
        publisher=facts.publisher,
        title=facts.title,
        date=facts.date,
        url=facts.url,
    )


def _with(facts: Facts, found: tuple[Found, ...]) -> Facts:
    """The facts, with what the document states of those that are missing; the first one found counts."""
    missing = {each.name for each in fields(Facts) if getattr(facts, each.name) is None} - {"id", "people"}
    stated: dict[str, Any] = {each.field: each.value for each in reversed(found) if each.field in missing}
    return replace(facts, **stated)


def _stem(document: Path) -> str:
    """The file's name without its ending, on one line and in whole characters."""
    return " ".join(document.stem.encode("utf-8", "replace").decode("utf-8").split())


def _bytes(path: Path) -> bytes:
    """The file's bytes, unless there are too many."""
    most = most_bytes(path.suffix)
    try:
        if path.stat().st_size > most:
            raise ArticleError(f"{path} is over {most:,} bytes; expected an interview's text")
        return path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path} cannot be read: {error.strerror}") from None


def _utf8(data: bytes, path: Path) -> str:
    """The characters of a facts file."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8 and build again"
        ) from None
