"""Where the library's files lie, for those who only look whether one has changed."""

from pathlib import Path

from rag.weights import sha256

NAME = "library"
TEXT, FACTS, ORIGIN = "text.txt", "facts.toml", "origin.json"


def facts_sha256(index: Path, article: str) -> str | None:
    """SHA-256 of a stored article's facts file; None where there is none, or no such article."""
    return hash_of(index / NAME / article / FACTS)


def hash_of(path: Path) -> str | None:
    """SHA-256 of a file, None where there is none."""
    return sha256(path) if path.is_file() else None
