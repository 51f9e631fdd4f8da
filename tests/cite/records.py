"""Interviews of every kind that a citation meets, each with a quote out of it."""

from typing import Any

from rag.records import Article, Cast, Quote, Span, Turn

KEITH, ANA, WEI = "Keith Mines", "Ana Caridad", "Li Wei"
URL = "https://example.org/talk"
ALL: dict[str, Any] = {
    "title": "Talks in Caracas",
    "date": "2022-03-10",
    "publisher": "Example Review",
    "url": URL,
}
SAID = "Oil is scarce."


def record(
    speaker: str | None, answer: tuple[str, ...] = (), ask: tuple[str, ...] = (), **facts: Any
) -> tuple[Quote, Cast]:
    """A quote by `speaker` out of an interview in which these answer and these ask."""
    turn = Turn(speaker, None, (Span(0, len(SAID)),))
    return Quote(Article("made", SAID, **facts), turn, Span(0, len(SAID)), 1.0), Cast(answer, ask)


RECORDS = {
    "everything": record(ANA, (ANA,), ("Rosa Peña",), **ALL),
    "two are interviewed": record(ANA, (KEITH, ANA), ("Rosa Peña",), **ALL),
    "three are interviewed": record(ANA, (KEITH, ANA, WEI), **ALL),
    "four, and two ask": record(WEI, (KEITH, ANA, WEI, "John O’Neil"), ("Rosa Peña", "Tom Lee"), **ALL),
    "no title, two": record(
        ANA, (KEITH, ANA), publisher="United States Institute of Peace", date="2022-03", url=URL
    ),
    "no title, year only": record(
        ANA, (ANA,), ("Rosa Peña",), publisher="Example Review", date="2022", url=URL
    ),
    "no date": record(ANA, (ANA,), title="Talks in Caracas", publisher="Example Review", url=URL),
    "nothing known": record(ANA, (ANA,)),
    "unknown speaker": record(None, **ALL),
    "unknown speaker, no title": record(None, publisher="Example Review", date="2022"),
    "a body speaks": record("Office of the Press Secretary", ("Office of the Press Secretary",), **ALL),
    "two surnames": record(
        "María José García López",
        ("María José García López",),
        ("Juan de la Cruz",),
        language="es",
        title="¿Qué sigue en Caracas?",
        date="2022-09-01",
        publisher="El País",
        url=URL,
    ),
    "title ends in a question": record(
        ANA, (ANA,), title="Why Now?", date="2022-05", publisher="Example Review", url=URL
    ),
    "quotation marks in the title": record(
        ANA,
        (ANA,),
        title="From “Hard to Get” to ‘Open Doors’: Maduro’s Turn",
        date="2022-06-30",
        publisher="Example Review",
        url=URL,
    ),
    "ampersands and braces": record(
        "J. K. Smith-Jones III",
        ("J. K. Smith-Jones III",),
        title="Oil & Gas: 100% of {Nothing}_#1",
        date="2022-12-31",
        publisher="R&D $ Review",
        url="https://example.org/a_b%20c~d",
    ),
    "a very long title": record(
        ANA,
        (ANA,),
        title="A Conversation About Everything That Has Happened Between the Two Capitals Since the Late "
        "1990s, and About What May Follow From It for the Region, Its People and Its Oil",
        date="2022-03-10",
        publisher="Example Review",
        url=URL,
    ),
    "no address": record(ANA, (ANA,), ("Rosa Peña",), **{**ALL, "url": None}),
    "no publisher": record(ANA, (ANA,), ("Rosa Peña",), **{**ALL, "publisher": None}),
    "a publisher that ends in a point": record(ANA, (ANA,), title="Talks", publisher="Example Inc."),
    "four who ask": record(ANA, (ANA,), ("Rosa Peña", "Tom Lee", "J.K. Li", "Jean-Luc Roy"), **ALL),
    "seven are interviewed": record(
        WEI, (KEITH, ANA, WEI, "Tom Lee", "Rosa Peña", "John O’Neil", "Sammy Davis Jr."), **ALL
    ),
    "a body asks": record(KEITH, (KEITH,), ("Reuters Staff",), date="2022-03-10", publisher="Reuters"),
    "unknown speaker among two, no title": record(None, (KEITH, ANA), ("Rosa Peña",), date="2022"),
    "particles": record(
        "Pieter van der Berg",
        ("Pieter van der Berg", "Bashar al-Assad"),
        ("María Teresa Fernández de la Vega",),
        **ALL,
    ),
    "honorific and suffix": record("Sen. Sammy Davis Jr.", ("Sen. Sammy Davis Jr.",), **ALL),
    "written small": record("bell hooks", ("bell hooks",), date="1999", publisher="Example Review"),
    "the title ends quoted": record(ANA, (ANA,), **{**ALL, "title": "It Is “Hard to Get”"}),
    "the title ends in a quoted question": record(ANA, (ANA,), **{**ALL, "title": "They Ask, “Why Now?”"}),
    "quotation within quotation": record(ANA, (ANA,), **{**ALL, "title": "He Said, “She Said ‘No’”"}),
    "another script": record(
        "李伟",
        ("李伟",),
        language="zh",
        title="谈判何时恢复？",
        date="2022-03",
        publisher="石油评论",
        url=URL,
    ),
}
