"""A document of any supported kind to an Article. Reading files is here; parsing takes text."""

from pathlib import Path

from rag.errors import ArticleError
from rag.reading.facts import Facts, parse_facts
from rag.records import Article

SUFFIXES = (".txt",)

# The longest interview measured has 120,000 characters; a larger file is not an interview.
MAX_BYTES = 20_000_000


def documents(sources: list[Path]) -> list[Path]:
    """The documents that `sources` (files and folders) hold, sorted by name within a folder."""
    found: list[Path] = []
    for source in sources:
        if source.is_dir():
            found += sorted(path for path in source.iterdir() if path.suffix.lower() in SUFFIXES)
        elif source.exists():
            found.append(source)
        else:
            raise ArticleError(f"{source} does not exist; expected a document or a folder of them")
    if not found:
        where = ", ".join(map(str, sources))
        raise ArticleError(f"no document in {where}; expected files ending in {', '.join(SUFFIXES)}")
    return found


def facts_path(document: Path) -> Path:
    """Where the facts about a document stand: beside it, with the ending .toml."""
    return document.with_suffix(".toml")


def read(document: Path) -> Article:
    """The article in a file, with the facts of the TOML file beside it if there is one."""
    beside = facts_path(document)
    facts = parse_facts(_text(beside), str(beside)) if beside.exists() else Facts()
    return make_article(_text(document), facts, document.stem)


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


def _text(path: Path) -> str:
    """The file's characters; only a byte-order mark is taken off."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ArticleError(f"{path} is over {MAX_BYTES:,} bytes; expected an interview's text")
        data = path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path} cannot be read: {error.strerror}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8 and build again"
        ) from None
    if "\0" in text:
        raise ArticleError(f"{path} holds NUL bytes, so it is no text; save it as UTF-8 text")
    return text
