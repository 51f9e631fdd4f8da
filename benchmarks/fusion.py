"""How the weights of the two views were chosen: right sentence first and in three, over a grid.

    python -m benchmarks.fusion [QUESTIONS.jsonl]      (default: the development questions)

Ranking only; nothing is declined. `rag/index` and `rag/retrieve` name the weights in force.
"""

import sys
from pathlib import Path

from rag import index as indexing
from rag import retrieve
from rag.bot import Bot
from rag.encoder import OnnxEncoder
from rag.evaluate import Labelled, read_questions, run
from rag.reader import ThresholdReader
from rag.reading import documents, read

HOME = Path(__file__).parent.parent
VECTORS = ((1.0, 0.0, 0.0), (0.8, 0.2, 0.0), (0.7, 0.2, 0.1), (0.6, 0.3, 0.1), (0.8, 0.1, 0.1))
WORDS = (0.0, 0.3, 0.6, 0.9, 1.2, 2.0)
TAKE_ALL = ThresholdReader(answers=0.0, next_best=0.0, rival_margin=9.0)


def main() -> None:
    """Nothing; prints one row a setting."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else HOME / "tests" / "questions" / "dev.jsonl"
    questions = [each for each in read_questions(file) if each.answerable]
    articles = [read(path) for path in documents([HOME / "seeds"])]
    encoder = OnnxEncoder()
    print(
        "| sentence, paragraph, asked | words | first | in three | paraphrase first |\n|---|---|---|---|---|"
    )
    for weights in VECTORS:
        indexing.SENTENCE, indexing.PARAGRAPH, indexing.ASKED = weights
        bot = Bot(indexing.build(articles, encoder), encoder, TAKE_ALL)
        for words in WORDS:
            retrieve.WORDS = words
            shares = " | ".join(f"{share:.3f}" for share in _shares(bot, questions))
            print(f"| {weights} | {words} | {shares} |")


def _shares(bot: Bot, questions: list[Labelled]) -> tuple[float, float, float]:
    outcomes = run(bot, questions)
    first = [outcome.place == 1 for outcome in outcomes]
    three = [outcome.place is not None for outcome in outcomes]
    paraphrased = [o.place == 1 for o in outcomes if o.asked.kind == "paraphrase"]
    return sum(first) / len(first), sum(three) / len(three), sum(paraphrased) / max(1, len(paraphrased))


if __name__ == "__main__":
    main()
