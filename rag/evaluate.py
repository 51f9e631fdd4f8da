"""Labelled questions to figures: what is found, credited and declined, by kind of question.

A question set is JSON lines: {"id", "kind", "question", "speaker", "answers"}. `answers` are pieces
of the sentences that answer, empty where nobody does; `speaker` is whose words are wanted, or null.
The labels are read here and by nothing that answers.
"""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.bot import Bot
from rag.errors import InputError
from rag.records import Answer, Quote


@dataclass(frozen=True, slots=True)
class Labelled:
    """One question and what is known of its answer."""

    id: str
    kind: str
    question: str
    speaker: str | None
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the bot made of one labelled question. Places count from 1; None: not among the quotes."""

    asked: Labelled
    answer: Answer
    place: int | None
    wrong_names: int
    unfaithful: int


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the table. Shares are of the kind's questions; None where they have no meaning."""

    kind: str
    questions: int
    first: float | None
    in_three: float | None
    answered: float | None
    declined: float | None
    wrong_names: int
    unfaithful: int
    words: float | None  # median words of the first quote


def read_questions(path: Path) -> list[Labelled]:
    """The labelled questions in a file; InputError names the line that is none."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8 text: {error}") from None
    return [_labelled(line, f"{path}, line {n}") for n, line in enumerate(lines, 1) if line.strip()]


def _labelled(line: str, where: str) -> Labelled:
    try:
        row: Any = json.loads(line)
        return Labelled(
            str(row["id"]), str(row["kind"]), str(row["question"]), row["speaker"], tuple(row["answers"])
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{where} is no labelled question ({error}); expected id, kind, question, speaker, answers"
        ) from None


def run(bot: Bot, questions: Iterable[Labelled]) -> list[Outcome]:
    """What the bot makes of each question. Only the question itself is passed on."""
    return [_judge(asked, bot.ask(asked.question)) for asked in questions]


def _judge(asked: Labelled, answer: Answer) -> Outcome:
    place = next((n for n, q in enumerate(answer.quotes, 1) if _answers(q, asked.answers)), None)
    return Outcome(
        asked,
        answer,
        place,
        wrong_names=sum(_wrong_name(quote, asked) for quote in answer.quotes),
        unfaithful=sum(
            quote.text != quote.article.text[quote.span.start : quote.span.end]
            for quote in (*answer.quotes, *answer.related)
        ),
    )


def _answers(quote: Quote, answers: Sequence[str]) -> bool:
    return any(answer in quote.text for answer in answers)


def _wrong_name(quote: Quote, asked: Labelled) -> bool:
    """Whether the quote is credited to somebody else than the label above its words, or asked for.

    The last `Name:` before the words is looked up in the text anew, apart from how turns are found.
    """
    text = quote.article.text
    before = {p.name: text.rfind(f"\n{p.name}: ", 0, quote.span.start) for p in quote.article.people}
    latest = max(before, key=lambda name: before[name], default=None)
    printed = latest if latest is not None and before[latest] >= 0 else None
    return quote.speaker is not None and (
        quote.speaker != printed or (asked.speaker is not None and quote.speaker != asked.speaker)
    )


def table(outcomes: Sequence[Outcome]) -> list[Figures]:
    """Figures by kind in the order met, then for all that can be answered and all that cannot."""
    kinds = list(dict.fromkeys(outcome.asked.kind for outcome in outcomes))
    rows = [_figures(kind, [o for o in outcomes if o.asked.kind == kind]) for kind in kinds]
    for name, has in (("all answerable", True), ("all unanswerable", False)):
        chosen = [o for o in outcomes if bool(o.asked.answers) is has]
        if chosen:
            rows.append(_figures(name, chosen))
    return rows


def _figures(kind: str, outcomes: Sequence[Outcome]) -> Figures:
    answerable = bool(outcomes[0].asked.answers)
    first_words = [len(o.answer.quotes[0].text.split()) for o in outcomes if o.answer.quotes]
    answered = _share(o.answer.status == "answered" for o in outcomes)
    return Figures(
        kind=kind,
        questions=len(outcomes),
        first=_share(o.place == 1 for o in outcomes) if answerable else None,
        in_three=_share(o.place is not None and o.place <= 3 for o in outcomes) if answerable else None,
        answered=answered if answerable else None,
        declined=None if answerable else 1 - answered,
        wrong_names=sum(o.wrong_names for o in outcomes),
        unfaithful=sum(o.unfaithful for o in outcomes),
        words=statistics.median(first_words) if first_words else None,
    )


def _share(of: Iterable[bool]) -> float:
    hits = list(of)
    return sum(hits) / len(hits)


def as_text(rows: Sequence[Figures]) -> str:
    """The table as Markdown, shares with two places."""
    head = "| kind | questions | first | in three | answered | declined | wrong names | not a slice | words |"
    lines = [head, "|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        shares = [row.first, row.in_three, row.answered, row.declined]
        cells = [
            "" if share is None else f"{share:.2f}".lstrip("0") if share < 1 else "1.00" for share in shares
        ]
        words = "" if row.words is None else f"{row.words:g}"
        tail = [str(row.wrong_names), str(row.unfaithful), words]
        lines.append("| " + " | ".join([row.kind, str(row.questions), *cells, *tail]) + " |")
    return "\n".join(lines)


def misses(outcomes: Sequence[Outcome]) -> list[str]:
    """A line for each question that was not dealt with as its label says."""
    lines = []
    for outcome in outcomes:
        asked, answer = outcome.asked, outcome.answer
        right = outcome.place == 1 if asked.answers else answer.status == "declined"
        if not right or outcome.wrong_names:
            best = (*answer.quotes, *answer.related)
            shown = f"{best[0].score:.2f} {best[0].text[:70]}" if best else "-"
            lines.append(
                f"{asked.id} {asked.kind}: {asked.question} | {answer.status}, {outcome.place} | {shown}"
            )
    return lines
