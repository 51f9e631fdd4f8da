"""On Record: the answer in the speaker's own words, attributed to the right person, ready to cite."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.answers import as_json
    from rag.bot import Bot
    from rag.errors import OnRecordError
    from rag.interviews import Interviews
    from rag.records import Answer, Article, Person, Quote

__all__ = ["Answer", "Article", "Bot", "Interviews", "OnRecordError", "Person", "Quote", "as_json"]
__version__ = "0.1.0"

# Where each public name lives; imported when first used, so that `onrecord --help` answers at once.
_HOMES = {
    "Answer": "rag.records",
    "Article": "rag.records",
    "Bot": "rag.bot",
    "Interviews": "rag.interviews",
    "OnRecordError": "rag.errors",
    "Person": "rag.records",
    "Quote": "rag.records",
    "as_json": "rag.answers",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
