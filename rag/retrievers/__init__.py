"""The interviews as a retriever of other libraries: `langchain` and `llamaindex`, each with its extra."""

from rag.errors import OnRecordError


class ExtraMissing(OnRecordError, ImportError):
    """The library that a retriever is for is not installed; the line names the extra."""

    def __init__(self, extra: str) -> None:
        super().__init__(f"{extra} is not installed; install it along: pip install 'onrecord[{extra}]'")
