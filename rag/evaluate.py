"""Labelled questions to figures: what is found, credited, stated and declined, by kind of question.

A question set is JSON lines:

    {"id", "kind", "question", "speaker", "answers", "history"?, "article"?, "of"?, "said_by"?}

`answers` are pieces of the sentences that answer, empty where nobody does: words, or {"start", "end"}
as character offsets in the article's text. `speaker` is whose words are wanted, or null; `history`
the earlier questions, oldest first; `article` the id of the article that is asked; `of` the id of the
same question without its slips; `said_by` who does speak to it where `speaker` does not. The labels
are read here and by nothing that answers.
"""

import json
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from rag.bot import Bot
from rag.errors import InputError, OnRecordError
from rag.records import Answer, Article, Quote, Span

# Bootstrap of the intervals: enough draws for two places, the same ones on every run.
DRAWS, SEED = 10_000, 1
BINS = 10


@dataclass(frozen=True, slots=True)
class Labelled:
    """One question and what is known of its answer, as words or as places in the article."""

    id: str
    kind: str
    question: str
    speaker: str | None
    answers: tuple[str, ...]
    places: tuple[Span, ...] = ()
    history: tuple[str, ...] = ()
    article: str | None = None
    of: str | None = None

    @property
    def answerable(self) -> bool:
        """Whether anybody answers it."""
        return bool(self.answers or self.places)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the bot made of one labelled question. Places count from 1; None: not among the quotes.

    `near` says whether the first near miss of a declined question would have been right.
    """

    asked: Labelled
    answer: Answer
    place: int | None
    near: bool
    wrong_names: int
    unfaithful: int

    @property
    def answered(self) -> bool:
        """Whether something was said to be the answer."""
        return self.answer.status == "answered"


@dataclass(frozen=True, slots=True)
class Share:
    """A share of some questions, and the bounds of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the table.

    `first`, `in_three` and `answered` are shares of the row's answerable questions, `declined` of the
    others, `precision` of those answered: the first quote is right. None where there are none such.
    """

    kind: str
    questions: int
    answerable: int
    first: Share | None
    in_three: Share | None
    answered: Share | None
    declined: Share | None
    precision: Share | None
    quotes: int
    wrong_names: int
    unfaithful: int
    words: float | None  # median words of the first quote


@dataclass(frozen=True, slots=True)
class Slips:
    """Questions with typing slips beside the same questions without: right first, right in three."""

    pairs: int
    first: float
    first_without: float
    in_three: float
    in_three_without: float


@dataclass(frozen=True, slots=True)
class Report:
    """All that is measured on one question set.

    `calibration` is the expected calibration error of the first quotes' scores over `stated`
    questions; None where nothing was stated.
    """

    rows: tuple[Figures, ...]
    calibration: float | None
    stated: int
    slips: Slips | None


# --- labels ------------------------------------------------------------------------------------


def read_questions(path: Path) -> list[Labelled]:
    """The labelled questions in a file; InputError names the line that is none."""
    return [labelled(row, where) for row, where in read_rows(path)]


def read_rows(path: Path) -> list[tuple[dict[str, Any], str]]:
    """The JSON objects in a file of JSON lines, each with where it stands; InputError for any other line."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8 text: {error}") from None
    return [
        (_row(line, f"{path}, line {n}"), f"{path}, line {n}")
        for n, line in enumerate(lines, 1)
        if line.strip()
    ]


def _row(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise _unlabelled(where, "not JSON") from None
    if not isinstance(row, dict):
        raise _unlabelled(where, f"a JSON {type(row).__name__}")
    return row


def labelled(row: dict[str, Any], where: str) -> Labelled:
    """The labelled question in a JSON object; InputError says what is wrong with it."""
    for key in ("id", "kind", "question"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise _unlabelled(where, f"no {key} in words")
    for key in ("speaker", "article", "of"):
        if not isinstance(row.get(key), str | None):
            raise _unlabelled(where, f"{key} is no text")
    history, answers = row.get("history") or [], row.get("answers")
    if not isinstance(history, list) or not all(isinstance(each, str) for each in history):
        raise _unlabelled(where, "history is no list of questions")
    if "speaker" not in row or not isinstance(answers, list):
        raise _unlabelled(where, "speaker or the list of answers is missing")
    if not all(isinstance(each, dict) or (isinstance(each, str) and each.strip()) for each in answers):
        raise _unlabelled(where, "an answer is neither words nor a place")
    return Labelled(
        row["id"],
        row["kind"],
        row["question"],
        row["speaker"],
        tuple(each for each in answers if isinstance(each, str)),
        tuple(_place(each, where) for each in answers if isinstance(each, dict)),
        tuple(history),
        row.get("article"),
        row.get("of"),
    )


def _place(answer: dict[str, Any], where: str) -> Span:
    # {"block", …} counts from a block of another file, and would be taken for another place here.
    if set(answer) != {"start", "end"}:
        raise _unlabelled(where, f"an answer has {', '.join(answer)[:80] or 'nothing'} for start and end")
    start, end = answer["start"], answer["end"]
    # Not isinstance: true and false are integers too.
    if not (type(start) is int and type(end) is int and 0 <= start <= end):
        raise _unlabelled(where, f"an answer runs from {str(start)[:40]!r} to {str(end)[:40]!r}")
    span = Span(start, end)
    if span.start == span.end:
        raise _unlabelled(where, "an answer is empty")
    return span


def _unlabelled(where: str, why: str) -> InputError:
    return InputError(
        f"{where} is no labelled question ({why}); expected id, kind, question, speaker, answers"
    )


# --- judging -----------------------------------------------------------------------------------

SaidBy = Callable[[Article, Span], str | None]


def printed_speaker(article: Article, span: Span) -> str | None:
    """The name in the last `Name:` printed before the words, apart from how turns are found."""
    before = {p.name: article.text.rfind(f"\n{p.name}: ", 0, span.start) for p in article.people}
    latest = max(before, key=lambda name: before[name], default=None)
    return latest if latest is not None and before[latest] >= 0 else None


def run(bot: Bot, questions: Iterable[Labelled], said_by: SaidBy = printed_speaker) -> list[Outcome]:
    """What the bot makes of each question. Only what a user could type is passed on.

    `said_by` tells whose words they really are.
    """
    return [judge(asked, _ask(bot, asked), said_by) for asked in questions]


def _ask(bot: Bot, asked: Labelled) -> Answer:
    try:
        return bot.ask(asked.question, article=asked.article, history=asked.history)
    except OnRecordError as error:
        raise InputError(f"question {asked.id[:80]!r}: {error}") from None


def judge(asked: Labelled, answer: Answer, said_by: SaidBy = printed_speaker) -> Outcome:
    """What came of one question, held against its label."""
    place = next((n for n, quote in enumerate(answer.quotes, 1) if _answers(quote, asked)), None)
    return Outcome(
        asked,
        answer,
        place,
        near=bool(answer.related) and _answers(answer.related[0], asked),
        wrong_names=sum(_wrong_name(quote, asked, said_by) for quote in answer.quotes),
        unfaithful=sum(
            quote.text != quote.article.text[quote.span.start : quote.span.end]
            for quote in (*answer.quotes, *answer.related)
        ),
    )


def _answers(quote: Quote, asked: Labelled) -> bool:
    return any(words in quote.text for words in asked.answers) or any(
        quote.span.covers(place) for place in asked.places
    )


def _wrong_name(quote: Quote, asked: Labelled, said_by: SaidBy) -> bool:
    """Whether the quote is credited to somebody else than the one who said it, or who was asked for."""
    return quote.speaker is not None and (
        quote.speaker != said_by(quote.article, quote.span)
        or (asked.speaker is not None and quote.speaker != asked.speaker)
    )


# --- counting ----------------------------------------------------------------------------------


def report(outcomes: Sequence[Outcome]) -> Report:
    """All figures of a question set."""
    pairs = [pair for pair in map(stated, outcomes) if pair]
    return Report(
        tuple(table(outcomes)), calibration_error(pairs) if pairs else None, len(pairs), slips(outcomes)
    )


def table(outcomes: Sequence[Outcome]) -> list[Figures]:
    """Figures by kind in the order met, then for all that can be answered, all that cannot, and all."""
    kinds = list(dict.fromkeys(outcome.asked.kind for outcome in outcomes))
    rows = [_figures(kind, [o for o in outcomes if o.asked.kind == kind]) for kind in kinds]
    for name, has in (("all answerable", (True,)), ("all unanswerable", (False,)), ("all", (True, False))):
        chosen = [o for o in outcomes if o.asked.answerable in has]
        if chosen:
            rows.append(_figures(name, chosen))
    return rows


def _figures(kind: str, outcomes: Sequence[Outcome]) -> Figures:
    can = [o for o in outcomes if o.asked.answerable]
    cannot = [o for o in outcomes if not o.asked.answerable]
    first_words = [len(o.answer.quotes[0].text.split()) for o in outcomes if o.answer.quotes]
    return Figures(
        kind=kind,
        questions=len(outcomes),
        answerable=len(can),
        first=share([o.place == 1 for o in can]),
        in_three=share([_in_three(o) for o in can]),
        answered=share([o.answered for o in can]),
        declined=share([not o.answered for o in cannot]),
        # Where nothing is right to begin with, "declined" says it all.
        precision=share([o.place == 1 for o in outcomes if o.answered]) if can else None,
        quotes=sum(len(o.answer.quotes) for o in outcomes),
        wrong_names=sum(o.wrong_names for o in outcomes),
        unfaithful=sum(o.unfaithful for o in outcomes),
        words=statistics.median(first_words) if first_words else None,
    )


def _in_three(outcome: Outcome) -> bool:
    return outcome.place is not None and outcome.place <= 3


def share(hits: Sequence[bool]) -> Share | None:
    """The share of hits with its bootstrap interval; None without any. A share of 0 or 1 has no width."""
    import numpy as np

    if not hits:
        return None
    value = sum(hits) / len(hits)
    # Drawing n of n yes-or-no outcomes anew and counting is a binomial draw; this is the quick way.
    drawn = np.random.default_rng(SEED).binomial(len(hits), value, DRAWS) / len(hits)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Share(value, float(low), float(high))


def stated(outcome: Outcome) -> tuple[float, bool] | None:
    """The probability stated for the best quote, and whether it is right; None where none is shown.

    A declined question counts with its first near miss: what would have been answered.
    """
    answer = outcome.answer
    if answer.quotes:
        return answer.quotes[0].score, outcome.place == 1
    return (answer.related[0].score, outcome.near) if answer.related else None


def calibration_error(pairs: Sequence[tuple[float, bool]], bins: int = BINS) -> float:
    """How far stated probabilities are from what came true, on average over equal-count bins."""
    ordered = sorted(pairs)
    edges = [len(ordered) * n // bins for n in range(bins + 1)]
    error = 0.0
    for start, end in pairwise(edges):
        stated_sum = sum(probability for probability, _ in ordered[start:end])
        error += abs(stated_sum - sum(right for _, right in ordered[start:end]))
    return error / len(ordered)


def slips(outcomes: Sequence[Outcome]) -> Slips | None:
    """How questions with slips fare beside their clean twins; None where none names its twin."""
    by_id = {outcome.asked.id: outcome for outcome in outcomes}
    pairs = [(o, twin) for o in outcomes if (twin := by_id.get(o.asked.of or ""))]
    if not pairs:
        return None
    return Slips(
        len(pairs),
        *(
            sum(hit(pair[side]) for pair in pairs) / len(pairs)
            for hit in (lambda o: o.place == 1, _in_three)
            for side in (0, 1)
        ),
    )


# --- showing -----------------------------------------------------------------------------------

HEAD = (
    *("kind", "questions", "answerable", "first", "in three", "answered", "declined", "precision"),
    *("wrong names", "not a slice", "words"),
)


def as_text(of: Report) -> str:
    """The figures as Markdown: shares with two places and their 95 % intervals."""
    lines = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    for row in of.rows:
        shares = (row.first, row.in_three, row.answered, row.declined, row.precision)
        cells = [row.kind, str(row.questions), str(row.answerable), *map(cell, shares)]
        words = "" if row.words is None else f"{row.words:g}"
        lines.append("| " + " | ".join([*cells, str(row.wrong_names), str(row.unfaithful), words]) + " |")
    lines.append("")
    if of.calibration is not None:
        lines.append(f"Calibration error of the score: {of.calibration:.3f}, over {of.stated} questions.")
    if of.slips is not None:
        lines.append(
            f"{of.slips.pairs} questions with slips, and without: first {two(of.slips.first)}, "
            f"{two(of.slips.first_without)}; in three {two(of.slips.in_three)}, "
            f"{two(of.slips.in_three_without)}."
        )
    return "\n".join(lines).rstrip()


def cell(of: Share | None) -> str:
    """A share and its interval: .50 (.30–.70); nothing for None."""
    return "" if of is None else f"{two(of.value)} ({two(of.low)}–{two(of.high)})"


def two(value: float) -> str:
    """A share with two places: .50, 1.00."""
    return f"{value:.2f}".removeprefix("0")


def as_json(of: Report) -> dict[str, Any]:
    """The figures as programs read them."""
    return asdict(of)


def misses(outcomes: Sequence[Outcome]) -> list[str]:
    """A line for each question that was not dealt with as its label says."""
    lines = []
    for outcome in outcomes:
        asked, answer = outcome.asked, outcome.answer
        right = outcome.place == 1 if asked.answerable else not outcome.answered
        if not right or outcome.wrong_names:
            best = (*answer.quotes, *answer.related)
            shown = f"{best[0].score:.2f} {best[0].text[:70]}" if best else "-"
            lines.append(
                f"{asked.id} {asked.kind}: {asked.question} | {answer.status}, {outcome.place} | {shown}"
            )
    return lines
