"""How the threshold was chosen: what is answered and what declined as it rises.

    python -m benchmarks.thresholds [SQUAD.json …]

Over the development questions; with SQuAD-layout files also the share of 300 of each file's
questions, none of which is about the articles, that is declined.
"""

import json
import random
import sys
from pathlib import Path

from rag.bot import Bot
from rag.encoder import OnnxEncoder
from rag.evaluate import read_questions, run
from rag.index import build
from rag.reader import ThresholdReader
from rag.reading import documents, read

HOME = Path(__file__).parent.parent
THRESHOLDS = (0.20, 0.22, 0.25, 0.28, 0.30, 0.35, 0.40, 0.50)
SAMPLE, SEED = 300, 1


def main() -> None:
    """Nothing; prints one row a threshold."""
    encoder = OnnxEncoder()
    index = build([read(path) for path in documents([HOME / "seeds"])], encoder)
    labelled = read_questions(HOME / "tests" / "questions" / "dev.jsonl")
    kinds = ("off_topic", "near_topic")
    foreign = {Path(file).stem: _sample(Path(file)) for file in sys.argv[1:]}
    head = ["threshold", "answered", "in three", *kinds, *foreign]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for threshold in THRESHOLDS:
        bot = Bot(index, encoder, ThresholdReader(answers=threshold))
        outcomes = run(bot, labelled)
        answerable = [o for o in outcomes if o.asked.answerable]
        row = [
            sum(o.answer.status == "answered" for o in answerable) / len(answerable),
            sum(o.place is not None for o in answerable) / len(answerable),
        ]
        for kind in kinds:
            of_kind = [o for o in outcomes if o.asked.kind == kind]
            row.append(sum(o.answer.status == "declined" for o in of_kind) / len(of_kind))
        for questions in foreign.values():
            row.append(sum(bot.ask(q).status == "declined" for q in questions) / len(questions))
        print("| " + " | ".join(f"{cell:.2f}" for cell in (threshold, *row)) + " |")


def _sample(file: Path) -> list[str]:
    data = json.loads(file.read_text("utf-8"))["data"]
    questions = [q["question"] for each in data for p in each["paragraphs"] for q in p["qas"]]
    return random.Random(SEED).sample(questions, SAMPLE)  # noqa: S311 - a sample, not a secret


if __name__ == "__main__":
    main()
