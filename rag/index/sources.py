"""The files that an index was built of, as they were: to know when they change."""

from collections.abc import Sequence
from pathlib import Path

from rag.errors import ArticleError
from rag.reading import documents, facts_path
from rag.weights import sha256


def source_hashes(of: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of each document and facts file, by the place of its source and its name there."""
    return {
        f"{place}/{file.name}": sha256(file)
        for place, source in enumerate(of)
        if source.exists()
        for path in documents([source])
        for file in (path, facts_path(path))
        if file.exists()
    }


def changed(roots: Sequence[Path], recorded: dict[str, str]) -> bool:
    """Whether the sources that are still there differ from those recorded."""
    there = {str(place) for place, root in enumerate(roots) if root.exists()}
    try:
        return source_hashes(roots) != {
            key: value for key, value in recorded.items() if key.partition("/")[0] in there
        }
    except ArticleError:
        return True  # a folder whose documents are gone
