"""On Record: the answer in the speaker's own words, attributed to the right person, ready to cite."""

from rag.bot import Bot
from rag.errors import OnRecordError
from rag.records import Answer, Article, Person, Quote

__all__ = ["Answer", "Article", "Bot", "OnRecordError", "Person", "Quote", "__version__"]
__version__ = "0.1.0"
