"""How often a meeting's evidence is among the five best sentences: QMSum, beside BM25.

    python -m benchmarks.qmsum [--meetings FOLDER] [--evidence FOLDER] [--first N]

Definition. A meeting's turns are cut into sentences as the product cuts them, and every specific
query is asked of its own meeting. It is a hit when one of the five best sentences shares a character
with a sentence that the evidence file names for that query, whichever part of the answer it is for.
Queries without evidence are left out. BM25 counts a sentence with the one before it and the one
after it (the product's own word store, its stemming and its stop words); "alone" without them.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpora import DATA, bot_over, finish, there
from rag import evaluate
from rag.bot import Bot
from rag.index.words import WordStore
from rag.records import Article, Person, Span, Turn

BEST = 5
GAP = "\n"


def main() -> None:
    """Nothing; prints one row a way of ranking."""
    parser = argparse.ArgumentParser(prog="benchmarks.qmsum")
    parser.add_argument("--meetings", type=Path, default=DATA / "reading" / "qmsum" / "val")
    parser.add_argument("--evidence", type=Path, default=DATA / "reading" / "qmsum_evidence" / "val")
    parser.add_argument("--first", type=int, metavar="N", help="only the first N meetings")
    arguments = parser.parse_args()
    there(arguments.meetings, "a folder of QMSum meetings")
    hits: dict[str, list[bool]] = {"On Record": [], "BM25 with neighbours": [], "BM25 alone": []}
    for path in sorted(arguments.meetings.glob("*.json"))[: arguments.first]:
        evidence = json.loads(there(arguments.evidence / path.name, "its evidence").read_text("utf-8"))
        article, spoken, starts = read_meeting(path.stem, json.loads(path.read_text("utf-8")))
        bot = bot_over(article, spoken)
        asked = queries(evidence, article.text, starts)
        for name, found in _found(bot, [query for query, _ in asked]).items():
            hits[name] += [hit(five, named) for five, (_, named) in zip(found, asked, strict=True)]
    print(f"| {len(hits['On Record'])} queries | hit@{BEST} |\n|---|---|")
    for name, each in hits.items():
        if share := evaluate.share(each):
            print(f"| {name} | {share.value:.3f} ({share.low:.3f}–{share.high:.3f}) |")


def read_meeting(name: str, meeting: dict[str, Any]) -> tuple[Article, list[Turn], list[int]]:
    """The meeting as an article, its turns, and where each turn of the file begins."""
    texts: list[str] = []
    spoken: list[Turn] = []
    starts: list[int] = []
    at = 0
    for turn in meeting["meeting_transcripts"]:
        text = turn["content"]
        starts.append(at)
        if text.strip():
            spoken.append(Turn(turn["speaker"], None, (Span(at, at + len(text)),)))
        texts.append(text)
        at += len(text) + len(GAP)
    people = tuple(Person(each) for each in dict.fromkeys(turn.speaker for turn in spoken) if each)
    return Article(name, GAP.join(texts), people=people), spoken, starts


def queries(evidence: dict[str, Any], text: str, starts: Sequence[int]) -> list[tuple[str, list[Span]]]:
    """Each specific query that has evidence, with the places of the sentences that it names."""
    found = []
    for query in evidence["qmsum"]["specific_query_list"]:
        spans = []
        for sentence in (sentence for part in query["evidence"] for sentence in part):
            start = text.find(sentence["content"], starts[sentence["turn_index"]])
            if start >= 0 and sentence["content"]:
                spans.append(Span(start, start + len(sentence["content"])))
        if spans:
            found.append((query["query"], spans))
    return found


def _found(bot: Bot, asked: Sequence[str]) -> dict[str, list[list[Span]]]:
    """For each way of ranking the five best sentences for each query."""
    passages, text = bot.index.passages, bot.index.articles[0].text
    said = [passage.span.of(text) for passage in passages]
    around = [" ".join(said[max(0, n - 1) : n + 2]) for n in range(len(said))]

    def by_words(store: WordStore, query: str) -> list[Span]:
        return [passages[n].span for n in store.nearest(query, BEST, None)]

    alone, wide = WordStore.build(said), WordStore.build(around)
    return {
        "On Record": [[passages[h.passage].span for h in bot.ranked(each)[:BEST]] for each in asked],
        "BM25 with neighbours": [by_words(wide, each) for each in asked],
        "BM25 alone": [by_words(alone, each) for each in asked],
    }


def hit(found: Sequence[Span], named: Sequence[Span]) -> bool:
    """Whether one of the sentences found shares a character with one that is named."""
    return any(each.overlaps(other) for each in found for other in named)


if __name__ == "__main__":
    finish(main)
