"""What programs send, and what they are shown as examples: the first article's own."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Body(BaseModel):
    """One JSON object. A field that nobody knows is told, since it is most likely misspelt."""

    model_config = ConfigDict(extra="forbid")


class Question(Body):
    """A question, what it is narrowed down to, and the questions before it."""

    question: str = Field(description="At most 1,000 characters.")
    id: Any = Field(None, description="The asker's own; it comes back with the answer.")
    history: list[str] = Field([], description="Earlier questions of the conversation, oldest first.")
    speaker: str | None = Field(None, description="Only this person's words may answer.")
    article: str | None = Field(None, description="Only this article's words may answer.")
    since: str | None = Field(None, description="Only articles from then on: 2022, 2022-03 or 2022-03-10.")
    until: str | None = Field(None, description="Only articles up to then.")
    order: Literal["best", "newest"] = Field("best", description="Which of two equals is first.")
    cite: str | None = Field(None, description="A style: each quote then has its `citation`.")


class Comparison(Body):
    """What several people are to be compared on."""

    topic: str
    id: Any = None
    speakers: list[str] = Field([], description="Two names or more, or none for all who speak.")
    article: str | None = None
    cite: str | None = None


class ToCite(Body):
    """A quote by its id, and how it is to be cited."""

    quote: str = Field(description="As an answer has it under `id`.")
    style: str = "chicago"


class ToCheck(Body):
    """A draft in Markdown, and how what it quotes is to be cited."""

    draft: str
    style: str = "chicago"


QUESTION = {"id": 1, "question": "Have both sides been playing hard to get?"}
QUOTE_ID = "usip-venezuela-2022:2379-2420:93e21bd6ea89"
# What comes of the question.
ANSWER: dict[str, Any] = {
    "id": 1,
    "question": "Have both sides been playing hard to get?",
    "status": "answered",
    "message": "In the speaker’s own words:",
    "quotes": [
        {
            "text": "Until now, both have played “hard to get”",
            "speaker": "Keith Mines",
            "role": "USIP",
            "article": "usip-venezuela-2022",
            "start": 2379,
            "end": 2420,
            "asked": "What do we know about the meetings between U.S. and Venezuelan officials, "
            "and why were they held now?",
            "score": 0.9506,
            "link": "https://www.usip.org/publications/2022/03/"
            "russias-invasion-ukraine-shakes-venezuelas-geopolitical-status-quo"
            "#:~:text=Until%20now%2C%20both%20have%20played%20%E2%80%9Chard%20to%20get%E2%80%9D",
            "title": None,
            "date": "2022-03",
            "reported": [],
            "interpreted": False,
            "also": [],
            "id": QUOTE_ID,
            "core": None,
        }
    ],
    "related": [],
    "suggestions": [],
    "understood": None,
    "sides": [],
    "language": "en",
    "schema": 1,
}
