"""Every error that On Record raises on purpose, as one small tree.

OnRecordError
├── InputError            what was asked or passed is wrong; the caller can mend it
│   ├── QuestionError     empty, or too long to be a question
│   ├── BatchError        lines of a batch that could not be read
│   ├── DraftError        a draft cannot be read
│   ├── DateError         no date, or the first of two is after the second
│   ├── UnknownQuote      no quote has that id
│   ├── QuoteDrifted      the article has changed since the quote was taken from it
│   ├── UnknownSpeaker    nobody of that name speaks; the message lists who does
│   └── UnknownArticle    no article of that id; the message lists ids
├── ArticleError          a document or its facts cannot be read
│   └── FetchError        a web address cannot be fetched, or must not be
├── IndexFault            the index on disk cannot be used
│   ├── IndexMissing      there is none
│   ├── IndexStale        made from other articles, another model or an older On Record
│   ├── IndexDamaged      a file of it is missing, cut short or altered
│   ├── LibraryDamaged    a file of a stored article is missing, cut short or altered
│   ├── IndexUnwritable   the folder cannot be written
│   ├── ShardFault        a shard is missing, stands there twice, or was made otherwise than the others
│   └── StoreFault        the engine that the index is searched by cannot be used
├── ModelError            model weights are missing, altered, or not what was expected
└── ServeError            the page cannot be served, as when the port is taken

Each message is one line: what was found, what was expected, what to do next.
"""


class OnRecordError(Exception):
    """Base of all errors raised on purpose; its text is one line for a person."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class InputError(OnRecordError):
    """What was asked or passed is wrong."""


class QuestionError(InputError):
    """The question is empty or too long."""


class BatchError(InputError):
    """Lines of a batch could not be read."""


class DraftError(InputError):
    """A draft cannot be read."""


class DateError(InputError):
    """A date is none, or the first of two is after the second."""


class UnknownQuote(InputError):
    """No quote has that id."""


class QuoteDrifted(InputError):
    """The article has changed since the quote was taken from it."""


class UnknownSpeaker(InputError):
    """Nobody of that name speaks in the articles."""


class UnknownArticle(InputError):
    """The index holds no article of that id."""


class ArticleError(OnRecordError):
    """A document or its facts file cannot be read."""


class FetchError(ArticleError):
    """A web address cannot be fetched, or must not be."""


class IndexFault(OnRecordError):
    """The index on disk cannot be used."""


class IndexMissing(IndexFault):
    """There is no index in the folder."""


class IndexStale(IndexFault):
    """The index was made from other articles, another model or another schema."""


class IndexDamaged(IndexFault):
    """A file of the index is missing, cut short or altered."""


class LibraryDamaged(IndexFault):
    """A file of a stored article is missing, cut short or altered."""


class IndexUnwritable(IndexFault):
    """The index folder cannot be written."""


class ShardFault(IndexFault):
    """A shard is missing, stands there twice, or was made otherwise than the others."""


class StoreFault(IndexFault):
    """The engine that the index is searched by cannot be reached, or does not hold what it should."""


class ModelError(OnRecordError):
    """Model weights are missing, altered or not those expected."""


class ServeError(OnRecordError):
    """The page cannot be served."""
