"""The files that an index was built of, as they were: to know when they change."""

from collections.abc import Collection, Sequence
from pathlib import Path

from rag.errors import ArticleError
from rag.reading import documents, facts_path
from rag.weights import sha256


def source_hashes(of: Sequence[Path], only: Collection[Path] | None = None) -> dict[str, str]:
    """SHA-256 of each document and facts file, by the place of its source and its name there.

    Where given, `only` of these documents.
    """
    return {
        f"{place}/{file.name}": sha256(file)
        for place, source in enumerate(of)
        if is_there(source)
        for path in documents([source])
        if only is None or path in only
        for file in (path, facts_path(path))
        if file.exists()
    }


def is_there(source: Path) -> bool:
    """Whether the source can be looked at; one of a name that no system has cannot be there."""
    try:
        return source.exists()
    except OSError:
        return False


def changed(roots: Sequence[Path], recorded: dict[str, str]) -> bool:
    """Whether the sources that are still there differ from those recorded."""
    there = {str(place) for place, root in enumerate(roots) if is_there(root)}
    try:
        return source_hashes(roots) != {
            key: value for key, value in recorded.items() if key.partition("/")[0] in there
        }
    except ArticleError:
        return True  # a folder whose documents are gone
