"""Sources to documents and labelled questions, in one shape whatever they came from.

Every source is split by article: no article gives questions to more than one part. The interviews
under training/interviews/ were written for this project; the public sets are read from the folder
that the user names.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.evaluate import Labelled
from rag.passages import sentences, windows
from rag.reader import context
from rag.records import Article, Span, Turn

INTERVIEWS = Path(__file__).parent / "interviews"

# Interviews kept out of training, to choose steps and weights by.
HELD_OUT = ("k6a", "k6b", "k6c", "k7a", "k7b", "k7c", "p1c", "p2b", "p3c", "p4c", "p6a", "p8b", "r3h", "r7h")
# The public sets' last articles, for the same.
HELD_OUT_ARTICLES = {"ss_wiki": 42, "sq2_sub": 8, "xquad_en_es": 20}


@dataclass(frozen=True, slots=True)
class Document:
    """One text: its sentences in order, in windows that are read at once.

    `contexts` has one entry a window: who speaks and what the interviewer asked, or "".
    """

    id: str
    source: str
    sentences: tuple[str, ...]
    windows: tuple[range, ...]
    contexts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question over a document and the sentences that answer it (positions, best first), or none.

    `spanish` is the same question in Spanish where somebody wrote one.
    """

    question: str
    document: Document
    gold: tuple[int, ...]
    kind: str = "fact"
    spanish: str | None = None
    held_out: bool = False


def interviews(folder: Path = INTERVIEWS) -> Iterator[Asked]:
    """The questions over the interviews that were written for training."""
    for path in sorted(folder.glob("*.txt")):
        document = _interview(path)
        for line in path.with_suffix(".jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            gold = tuple(number - 1 for number in row["answers"])
            yield Asked(row["q"], document, gold, row["kind"], row["es"], path.stem in HELD_OUT)


def _interview(path: Path) -> Document:
    """One sentence a line, numbered; `Q:` and `A:` open a turn, an empty line a paragraph."""
    texts: list[str] = []
    groups: list[range] = []
    contexts: list[str] = []
    question = speaker = ""
    start = 0

    def close() -> None:
        sizes = [len(text.split()) for text in texts[start:]]
        for window in windows(sizes):
            groups.append(range(start + window.start, start + window.stop))
            contexts.append(context(speaker, question))

    for line in map(str.strip, path.read_text("utf-8").splitlines()):
        if line.startswith("Q: "):
            asked = line[3:]
        elif line.startswith("A: "):
            close()
            start, speaker, question = len(texts), line[3:], asked
        elif found := re.match(r"\d+\.? (.+)", line):
            texts.append(found[1])
    close()
    return Document(path.stem, "interviews", tuple(texts), tuple(groups), tuple(contexts))


def spoken(path: Path) -> tuple[Article, tuple[Turn, ...], list[Labelled]]:
    """A written interview as the product has it: the article, its turns, and the questions over it."""
    parts: list[str] = []
    places: dict[int, Span] = {}
    turns: list[Turn] = []
    asked = speaker = None
    paragraphs: list[Span] = []
    at = 0

    def add(text: str, gap: str) -> Span:
        nonlocal at
        parts.append(text + gap)
        at += len(text) + len(gap)
        return Span(at - len(text) - len(gap), at - len(gap))

    def close() -> None:
        nonlocal paragraphs
        if paragraphs:
            turns.append(Turn(speaker, asked, tuple(paragraphs)))
        paragraphs = []

    new = True
    for line in map(str.strip, path.read_text("utf-8").splitlines()):
        if line.startswith("Q: "):
            close()
            asked = add(line[3:], "\n\n")
        elif line.startswith("A: "):
            close()
            speaker, new = line[3:], True
        elif found := re.match(r"(\d+)\.? (.+)", line):
            place = add(found[2], " ")
            places[int(found[1])] = place
            if new:
                paragraphs.append(place)
            else:
                paragraphs[-1] = Span(paragraphs[-1].start, place.end)
            new = False
        elif not line:
            new = True
    close()
    article = Article(path.stem, "".join(parts))
    rows = [json.loads(line) for line in path.with_suffix(".jsonl").read_text("utf-8").splitlines()]
    questions = [
        Labelled(
            f"{path.stem}/{number}",
            row["kind"],
            row[column],
            row["speaker"],
            (),
            tuple(places[answer] for answer in row["answers"]),
        )
        for number, row in enumerate(rows, 1)
        for column in ("q", "es")[: 2 if number % 3 == 0 else 1]
    ]
    return article, tuple(turns), questions


def squad(path: Path) -> Iterator[Asked]:
    """The questions of a SQuAD-layout file; those of a Spanish column come with it."""
    for number, article in enumerate(json.loads(path.read_text("utf-8"))["data"]):
        held = number >= HELD_OUT_ARTICLES.get(path.stem, 10**9)
        yield from _article(f"{path.stem}/{number}", path.stem, article["paragraphs"], held)


def _article(name: str, source: str, paragraphs: list[dict[str, Any]], held: bool) -> Iterator[Asked]:
    texts: list[str] = []
    groups: list[range] = []
    found: list[tuple[dict[str, Any], tuple[int, ...]]] = []
    for paragraph in paragraphs:
        text, first = paragraph["context"], len(texts)
        spans = sentences(text, Span(0, len(text)))
        texts += [span.of(text) for span in spans]
        sizes = [len(span.of(text).split()) for span in spans]
        groups += [range(first + each.start, first + each.stop) for each in windows(sizes)]
        for asked in paragraph["qas"]:
            starts = [answer["answer_start"] for answer in asked.get("answers", ())[:3]]
            right = {n for n, span in enumerate(spans, first) for at in starts if span.start <= at < span.end}
            if bool(right) is not bool(asked.get("is_impossible")):
                found.append((asked, tuple(sorted(right))))
    document = Document(name, source, tuple(texts), tuple(groups), ("",) * len(groups))
    for asked, gold in found:
        kind = "fact" if gold else "near"
        yield Asked(asked["question"], document, gold, kind, asked.get("question_es"), held)


def selqa(path: Path) -> Iterator[Asked]:
    """SelQA: a section's sentences, and many questions that were rephrased to share fewer words."""
    for number, row in enumerate(json.loads(path.read_text("utf-8"))):
        sizes = [len(sentence.split()) for sentence in row["sentences"]]
        groups = windows(sizes)
        document = Document(f"selqa/{number}", "selqa", tuple(row["sentences"]), groups, ("",) * len(groups))
        kind = "paraphrase" if row["is_paraphrase"] else "fact"
        yield Asked(row["question"], document, tuple(row["answers"]), kind)


_NOISE = re.compile(r"\{\w+\}")


def qmsum(meetings: Path, evidence: Path) -> Iterator[Asked]:
    """Queries over meetings, with the turns that hold their evidence taken as sentences."""
    for path in sorted(evidence.glob("*.json")):
        told = json.loads((meetings / path.name).read_text("utf-8"))["meeting_transcripts"]
        texts = tuple(" ".join(_NOISE.sub(" ", turn["content"]).split()[:60]) or "." for turn in told)
        groups = windows([len(text.split()) for text in texts])
        document = Document(f"qmsum/{path.stem}", "qmsum", texts, groups, ("",) * len(groups))
        for query in json.loads(path.read_text("utf-8"))["qmsum"]["specific_query_list"]:
            evidenced = {piece["turn_index"] for part in query["evidence"] for piece in part}
            if evidenced and max(evidenced) < len(texts):
                yield Asked(query["query"], document, tuple(sorted(evidenced)), "query")


def everything(reading: Path) -> list[Asked]:
    """All questions of all sources; `reading` is the folder of the public sets."""
    rows = list(interviews())
    for name in ("ss_wiki", "ss_reddit", "ss_amazon", "sq2_sub", "xquad_en_es"):
        rows += squad(reading / f"{name}.json")
    rows += selqa(reading / "selqa.json")
    rows += qmsum(reading / "qmsum" / "train", reading / "qmsum_evidence" / "train")
    return rows
