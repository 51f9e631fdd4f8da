"""Bare topics, as people type them: those that the first article speaks of, and those it does not.

    python -m benchmarks.topics

The keywords of the development set have an answer; the list here names things of which nobody in the first
article says a word. Each is asked bare, under "What about …?" and as a whole question.
"""

from pathlib import Path

from benchmarks.corpora import finish
from rag import evaluate
from rag import index as index_store
from rag.bot import Bot
from rag.encoder import OnnxEncoder
from rag.reader import TrainedReader
from rag.reading import read

HOME = Path(__file__).parent.parent
FRAMES = ("{}", "What about {}?", "Tell me about {}.", "What is said about {}?")
ABSENT = (
    "tourism", "football", "the weather", "music", "artificial intelligence", "vaccines", "salaries",
    "the Olympics", "fishing", "religion", "agriculture", "baseball", "education", "housing",
    "women's rights", "cryptocurrency", "Chile", "railways", "inflation", "climate",
)  # fmt: skip


def main() -> None:
    """Prints, for each way to ask, how many topics were answered rightly and how many wrongly."""
    encoder = OnnxEncoder()
    bot = Bot(
        index_store.build([read(HOME / "seeds" / "usip-venezuela-2022.txt")], encoder),
        encoder,
        TrainedReader.shipped(),
    )
    rows = evaluate.read_questions(HOME / "tests" / "questions" / "dev.jsonl")
    known = [row for row in rows if row.kind == "keyword" and row.answers]
    print(
        f"| asked | first right of {len(known)} keywords | answered of {len(ABSENT)} that nobody speaks of |"
    )
    print("|---|---|---|")
    for frame in FRAMES:
        right = sum(
            any(words in quote.text for words in row.answers)
            for row in known
            for quote in bot.ask(frame.format(row.question)).quotes[:1]
        )
        wrong = sum(bot.ask(frame.format(topic)).status == "answered" for topic in ABSENT)
        print(f"| {frame.format('X')} | {right} | {wrong} |")


if __name__ == "__main__":
    finish(main)
