"""A quote to the facts that a citation is made of. Nothing is invented: what is not known is None."""

from dataclasses import dataclass

from rag.cite.names import Name, split
from rag.dates import days
from rag.records import Cast, Quote

_MONTHS = "January February March April May June July August September October November December".split()
# MLA 9 (appendix 1) and Bluebook 21 (table 12) shorten alike.
_SHORT = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()


@dataclass(frozen=True, slots=True)
class Date:
    """A date as precisely as it is known."""

    year: str
    month: int | None = None
    day: int | None = None

    def american(self, *, short: bool = False) -> str:
        """As Americans write it: "March 10, 2022", "March 2022", "2022"."""
        if self.month is None:
            return self.year
        name = (_SHORT if short else _MONTHS)[self.month - 1]
        return f"{name} {self.day}, {self.year}" if self.day else f"{name} {self.year}"

    def mla(self) -> str:
        """As MLA has it: "10 Mar. 2022"."""
        parts = (str(self.day) if self.day else "", _SHORT[self.month - 1] if self.month else "", self.year)
        return " ".join(part for part in parts if part)

    def apa(self) -> str:
        """As APA has it: "2022, March 10"."""
        if self.month is None:
            return self.year
        return f"{self.year}, {_MONTHS[self.month - 1]}" + (f" {self.day}" if self.day else "")

    @property
    def parts(self) -> list[int]:
        """Year, month and day as far as known."""
        return [int(self.year), *(part for part in (self.month, self.day) if part)]

    @property
    def macro(self) -> str | None:
        """The month as BibTeX calls it."""
        return _MONTHS[self.month - 1][:3].lower() if self.month else None


@dataclass(frozen=True, slots=True)
class Work:
    """A published interview and a quote out of it. `speaker` is None when unknown."""

    quote: Quote
    speaker: Name | None
    interviewees: tuple[Name, ...]
    interviewers: tuple[Name, ...]
    title: str | None
    date: Date | None
    publisher: str | None
    url: str | None
    language: str


def work_of(quote: Quote, cast: Cast) -> Work:
    """What is known of the interview that a quote is from."""
    article = quote.article
    return Work(
        quote,
        split(quote.speaker, article.language) if quote.speaker else None,
        tuple(split(name, article.language) for name in cast.interviewees),
        tuple(split(name, article.language) for name in cast.interviewers),
        " ".join(article.title.split()) if article.title and article.title.strip() else None,
        _date(article.date),
        " ".join(article.publisher.split()) if article.publisher and article.publisher.strip() else None,
        article.url or None,
        article.language,
    )


def _date(text: str | None) -> Date | None:
    # What is no date is none that is known.
    if text is None or days(text) is None:
        return None
    year, month, day = (*text.split("-"), "", "")[:3]
    return Date(year, int(month) if month else None, int(day) if day else None)
