"""How well other interviews are answered, with their speakers given: the figures of `onrecord eval`.

    python -m benchmarks.interviews [QUESTIONS.jsonl] [--gold FOLDER]

The questions are `tests/questions/dev-interviews.jsonl` unless told otherwise. Each interview is one
file of the gold folder, a row a block: `n`, `role` (q the asker, a an answerer, s other speech, x no
speech, ? unknown), `speaker`, `text`. Its text is its blocks, joined by blank lines, and every
interview has an index of its own. This measures finding and declining, not the reading of layouts.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.corpora import DATA, bot_over, finish, there
from rag import evaluate
from rag.bot import Bot
from rag.errors import InputError
from rag.evaluate import Labelled, Outcome
from rag.reading.turns import turns
from rag.records import Article, Block, Person, Span, Turn

HOME = Path(__file__).parent.parent
GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Interview:
    """An interview as its gold file has it: `places` are the blocks by number, `who` their speakers."""

    article: Article
    turns: tuple[Turn, ...]
    places: dict[int, Span]
    who: dict[int, str | None]

    def said_by(self, article: Article, span: Span) -> str | None:
        """Whose words begin the span; None where nobody's."""
        return next((self.who[n] for n, at in self.places.items() if at.start <= span.start < at.end), None)


def main() -> None:
    """Nothing; prints the table over all interviews that the questions name."""
    parser = argparse.ArgumentParser(prog="benchmarks.interviews")
    parser.add_argument(
        "questions", nargs="?", type=Path, default=HOME / "tests" / "questions" / "dev-interviews.jsonl"
    )
    parser.add_argument("--gold", type=Path, default=DATA / "interviews" / "gold", help="%(default)s")
    arguments = parser.parse_args()
    gold = there(arguments.gold, "a folder of interviews, one ID.jsonl each")
    outcomes: list[Outcome] = []
    split = 0
    rows = evaluate.read_rows(arguments.questions)
    for name in dict.fromkeys(row.get("article") for row, _ in rows):
        path = there(gold / f"{name}.jsonl", "the interview of that name")
        interview = read_gold(str(name), [row for row, _ in evaluate.read_rows(path)])
        asked = [labelled(row, where, interview.places) for row, where in rows if row.get("article") == name]
        bot = bot_over(interview.article, interview.turns)
        outcomes += evaluate.run(bot, asked, interview.said_by)
        split += sum(not _in_one_sentence(place, bot) for each in asked for place in each.places)
    print(f"{arguments.questions.name}\n\n{evaluate.as_text(evaluate.report(outcomes))}")
    if split:
        print(f"{split} labelled places lie in no one sentence; only a quote of several can be right there.")


def read_gold(name: str, rows: Sequence[dict[str, Any]]) -> Interview:
    """The interview in the rows of a gold file."""
    places: dict[int, Span] = {}
    at = 0
    for row in rows:
        places[row["n"]] = Span(at, at + len(row["text"]))
        at += len(row["text"]) + len(GAP)
    who = {row["n"]: row["speaker"] if row["role"] in "as" else None for row in rows}
    article = Article(
        name,
        GAP.join(row["text"] for row in rows),
        # The one sign of it in the data.
        language="es" if "_es_" in name else "en",
        people=tuple(Person(each) for each in dict.fromkeys(who.values()) if each),
    )
    return Interview(article, turns(article.text, _blocks(rows, places)), places, who)


def _blocks(rows: Sequence[dict[str, Any]], places: dict[int, Span]) -> tuple[Block, ...]:
    """The rows as blocks; a question of several paragraphs is one, a new speaker has a label."""
    made: list[Block] = []
    for (role, speaker), group in groupby(rows, key=lambda row: (row["role"], row["speaker"])):
        spans = [places[row["n"]] for row in group if row["text"].strip()]
        if not spans:
            continue
        if role == "q":
            made.append(Block(Span(spans[0].start, spans[-1].end), "question"))
        elif role == "x":
            made += [Block(span, "other") for span in spans]
        else:
            known = speaker if role in "as" else None
            before = next((block for block in reversed(made) if block.kind == "answer"), None)
            label = (known or "") if before is None or before.speaker != known else None
            made.append(Block(spans[0], "answer", known, label))
            made += [Block(span, "answer", known) for span in spans[1:]]
    return tuple(made)


def labelled(row: dict[str, Any], where: str, places: dict[int, Span]) -> Labelled:
    """The labelled question in a row whose answers count from the start of a block."""
    answers = row.get("answers")
    if not isinstance(answers, list):
        return evaluate.labelled(row, where)  # which says what is wrong
    return evaluate.labelled(
        {**row, "answers": [_in_article(each, where, places) for each in answers]}, where
    )


def _in_article(answer: Any, where: str, places: dict[int, Span]) -> Any:
    if not isinstance(answer, dict) or "block" not in answer:
        return answer
    block = places.get(answer["block"])
    if block is None or not answer["start"] < answer["end"] <= block.end - block.start:
        raise InputError(f"{where}: no such place in the interview: {json.dumps(answer)}")
    return {"start": block.start + answer["start"], "end": block.start + answer["end"]}


def _in_one_sentence(place: Span, bot: Bot) -> bool:
    return any(passage.span.covers(place) for passage in bot.index.passages)


if __name__ == "__main__":
    finish(main)
