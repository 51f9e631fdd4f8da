"""How well a whole SQuAD-layout file is searched: the right sentence out of all its paragraphs.

    python -m benchmarks.squad [FILE.json …] [--articles N | --title T] [--sample N] [--spanish]

Every paragraph is one turn of an unknown speaker, and all of a file share one index, whichever
questions are asked. Right is the sentence in which the first answer begins. "ranked first" counts
a near miss of a declined question too. AUROC is how often the score of an answerable question's best
sentence is above that of an unanswerable one's, where the file has both.
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpora import DATA, auroc, bot_over, finish, there
from rag import evaluate
from rag.errors import InputError
from rag.evaluate import Labelled, Outcome
from rag.records import Article, Span, Turn

FILES = (DATA / "reading" / "sq2_sub.json", DATA / "reading" / "xquad_en_es.json")
GAP = "\n\n"
SEED = 1


def main() -> None:
    """Nothing; prints one row a file."""
    parser = argparse.ArgumentParser(prog="benchmarks.squad")
    parser.add_argument("files", nargs="*", type=Path, help="SQuAD-layout files")
    parser.add_argument("--articles", type=int, metavar="N", help="ask only about the last N articles")
    parser.add_argument("--title", action="append", metavar="T", help="ask only about this article")
    parser.add_argument("--sample", type=int, metavar="N", help="ask only N questions, the same each time")
    parser.add_argument("--spanish", action="store_true", help="ask question_es")
    arguments = parser.parse_args()
    print("| file | questions | answerable | first | in three | ranked first | answered | declined | AUROC |")
    print("|" + "---|" * 9)
    for path in arguments.files or FILES[1:] if arguments.spanish else arguments.files or FILES:
        data = _data(there(path, "a file in SQuAD layout"))
        titles = arguments.title or [each.get("title") for each in data[-(arguments.articles or 0) :]]
        article, spoken, asked = read_squad(
            path.stem, data, titles, "question_es" if arguments.spanish else "question"
        )
        if arguments.sample and arguments.sample < len(asked):
            asked = random.Random(SEED).sample(asked, arguments.sample)  # noqa: S311 - no secret
        if not asked:
            raise InputError(f"{path} has no such questions; expected the title of one of its articles")
        print(row_of(path.stem, evaluate.run(bot_over(article, spoken), asked)))


def _data(path: Path) -> list[dict[str, Any]]:
    try:
        data: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["data"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is not in SQuAD layout ({error})") from None
    return data


def read_squad(
    name: str, data: Sequence[dict[str, Any]], titles: Sequence[str | None], field: str = "question"
) -> tuple[Article, list[Turn], list[Labelled]]:
    """All paragraphs as one article, a turn each, and the questions about the articles of these titles."""
    texts: list[str] = []
    spoken: list[Turn] = []
    asked: list[Labelled] = []
    at = 0
    for each in data:
        for paragraph in each["paragraphs"]:
            text = paragraph["context"]
            texts.append(text)
            spoken.append(Turn(None, None, (Span(at, at + len(text)),)))
            if each.get("title") in titles:
                asked += [_labelled(question, field, at) for question in paragraph["qas"]]
            at += len(text) + len(GAP)
    return Article(name, GAP.join(texts)), spoken, asked


def _labelled(question: dict[str, Any], field: str, at: int) -> Labelled:
    if field not in question:
        raise InputError(f"question {question.get('id')!r} has no {field}; expected one")
    answers = [] if question.get("is_impossible") else question["answers"]
    start = at + answers[0]["answer_start"] if answers else 0
    places = (Span(start, start + 1),) if answers else ()
    kind = "answerable" if answers else "impossible"
    return Labelled(str(question.get("id")), kind, question[field].strip(), None, (), places)


def row_of(name: str, outcomes: Sequence[Outcome]) -> str:
    """The table's row for these outcomes."""
    row = evaluate.table(outcomes)[-1]
    best = [(*o.answer.quotes, *o.answer.related) for o in outcomes]
    found = [o.place == 1 or (not o.answered and o.near) for o in outcomes if o.asked.answerable]
    area = auroc([each[0].score if each else 0.0 for each in best], [o.asked.answerable for o in outcomes])
    shares = [row.first, row.in_three, evaluate.share(found), row.answered, row.declined]
    cells = ["" if each is None else f"{each.value:.3f}" for each in shares]
    last = "" if area is None else f"{area:.3f}"
    return "| " + " | ".join([name, str(row.questions), str(row.answerable), *cells, last]) + " |"


if __name__ == "__main__":
    finish(main)
