"""The texts and the questions that all programs get: SQuAD-layout files where they are there, and the seed.

Of the files those articles are asked about that On Record was not trained on; among others they chose when
its training stopped (training/data.py). Of the seed, the English questions of the held-out test set that
stand alone and that somebody answers. All lie in one index, and every question is asked of the whole of it.
No text of others comes into the results, which hold counts.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpora import DATA
from benchmarks.peers.protocol import Document, Found
from rag import evaluate
from rag import index as index_store
from rag.encoder import OnnxEncoder
from rag.passages import sentences
from rag.reading import read
from rag.records import Span

HOME = Path(__file__).parent.parent.parent
SEED = HOME / "seeds" / "usip-venezuela-2022.txt"
QUESTIONS = HOME / "tests" / "questions" / "test.jsonl"
# Kinds of them that need an earlier question, or another language than the model was made for.
OTHERS = {"follow_up", "spanish", "language"}
# The first article of a file that is searched, and the first that was not trained on and is asked about.
FROM = {"sq2_sub": (8, 8), "xquad_en_es": (0, 20)}
GAP = "\n\n"


@dataclass(frozen=True)
class Asked:
    """A question, and the places at which a right sentence begins or an answer stands."""

    id: str
    question: str
    document: str
    places: tuple[int, ...]


@dataclass(frozen=True)
class Corpus:
    """Texts, and questions about them."""

    name: str
    documents: tuple[Document, ...]
    asked: tuple[Asked, ...]

    def right(self, asked: Asked, found: Found) -> bool:
        """Whether a passage holds the answer."""
        name, start, end = found
        return name == asked.document and any(start <= at < end for at in asked.places)

    def beside(self, asked: Asked, found: Found) -> bool:
        """Whether it is of the paragraph that holds the answer."""
        name, start, end = found
        if name != asked.document:
            return False
        whole = next(each for each in self.documents if each.id == name)
        held = [(a, b) for a, b in whole.paragraphs if any(a <= at < b for at in asked.places)]
        return any(a < end and start < b for a, b in held)


def squad(most: int) -> Corpus | None:
    """Paragraphs of the SQuAD-layout files and at most so many questions; None where no file is."""
    documents: list[Document] = []
    asked: list[Asked] = []
    for stem, (first, trained) in FROM.items():
        path = DATA / "reading" / f"{stem}.json"
        if not path.is_file():
            continue
        for number, article in enumerate(json.loads(path.read_text("utf-8"))["data"][first:], first):
            name = f"{stem}-{number}"
            at, paragraphs, cut = 0, [], []
            for paragraph in article["paragraphs"]:
                text = paragraph["context"]
                paragraphs.append((at, at + len(text)))
                cut += [(at + each.start, at + each.end) for each in sentences(text, Span(0, len(text)))]
                for row in paragraph["qas"] if number >= trained else ():
                    if row["answers"] and not row.get("is_impossible"):
                        place = at + row["answers"][0]["answer_start"]
                        asked.append(Asked(str(row["id"]), row["question"].strip(), name, (place,)))
                at += len(text) + len(GAP)
            whole = GAP.join(each["context"] for each in article["paragraphs"])
            documents.append(Document(name, whole, tuple(paragraphs), tuple(cut)))
    if not asked:
        return None
    if most < len(asked):
        asked = random.Random(0).sample(asked, most)  # noqa: S311 - the same draw each time
    return Corpus("squad", tuple(documents), tuple(asked))


def seed() -> Corpus:
    """The first article, what is said in it, and its questions."""
    built = index_store.build([read(SEED)], OnnxEncoder())
    article = built.article(0)
    document = Document(
        article.id,
        article.text,
        tuple((turn.paragraphs[0].start, turn.paragraphs[-1].end) for turn in built.turns[0]),
        tuple((each.span.start, each.span.end) for each in built.passages),
        str(SEED),
    )
    asked = [
        Asked(each.id, each.question, article.id, _places(each, article.text))
        for each in evaluate.read_questions(QUESTIONS)
        if each.answerable and not each.history and each.kind not in OTHERS
    ]
    return Corpus("seed", (document,), tuple(asked))


def _places(asked: evaluate.Labelled, text: str) -> tuple[int, ...]:
    found = [place.start for place in asked.places]
    for words in asked.answers:
        at = text.find(words)
        while at >= 0:
            found.append(at)
            at = text.find(words, at + 1)
    return tuple(found)


def shares(hits: Sequence[Sequence[bool]]) -> tuple[float, float]:
    """Of questions whose passages are right or not, best first: right first, right among three."""
    count = max(1, len(hits))
    first = sum(any(each[:1]) for each in hits)
    return round(first / count, 4), round(sum(any(each[:3]) for each in hits) / count, 4)
