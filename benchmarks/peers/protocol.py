"""The little command that every measured program has: index a corpus, and ask questions of the index.

    python -m benchmarks.peers.NAME build CORPUS INDEX [--model FOLDER] [--backend B] [--chunks C]
    python -m benchmarks.peers.NAME ask INDEX QUESTIONS [--model FOLDER] [--backend B] [--chunks C]

CORPUS is JSON lines {"id", "text", "paragraphs", "sentences"}, the last two lists of [start, end] in the
text; QUESTIONS is JSON lines {"id", "question"}. `build` prints one JSON line: how many passages it made, how
many words they have, and the seconds it took with the model loaded. `ask` prints one JSON line a question:
the passages found, best first, as [document, start, end], the seconds it took, and the processor seconds
of the whole process until then, from its start.

This module is imported in the environment of every program, so it needs the standard library alone.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

# How many passages a program is asked for.
WANTED = 3
# sentence-transformers' own size of a batch; larger ones are no faster on a processor.
BATCH = 32
# Where a program keeps the places of its passages, if its own index cannot.
PLACES = "places.json"

Chunks = Literal["sentences", "own"]
Found = tuple[str, int, int]


@dataclass(frozen=True)
class Document:
    """A text of the corpus, and where its paragraphs and sentences are."""

    id: str
    text: str
    paragraphs: tuple[tuple[int, int], ...]
    sentences: tuple[tuple[int, int], ...]
    source: str | None = None  # the file that On Record reads the same text from, where there is one


@dataclass(frozen=True)
class Piece:
    """A passage: its place and its words."""

    place: Found
    text: str


@dataclass(frozen=True)
class Settings:
    """With what a program is started. `model` is a folder, or None for the program's own."""

    model: str | None
    backend: str
    chunks: Chunks


class Program(Protocol):
    """One program that is measured."""

    def load(self) -> None:
        """Nothing; afterwards the model is in memory."""

    def build(self, corpus: Sequence[Document], index: Path) -> list[str]:
        """The texts of the passages, after they were embedded and saved in the folder."""

    def open(self, index: Path) -> None:
        """Nothing; afterwards questions can be asked."""

    def find(self, question: str) -> list[Found]:
        """The places of the passages, best first."""


def pieces(corpus: Sequence[Document], chunks: Chunks) -> list[Piece]:
    """The sentences of the corpus; its paragraphs, for a program that has no chunker of its own."""
    return [
        Piece((each.id, start, end), each.text[start:end])
        for each in corpus
        for start, end in (each.sentences if chunks == "sentences" else each.paragraphs)
    ]


def keep_places(found: Sequence[Piece], index: Path) -> None:
    """Nothing; writes the places of the passages beside an index that only numbers them."""
    index.mkdir(parents=True, exist_ok=True)
    (index / PLACES).write_text(json.dumps([each.place for each in found]), "utf-8")


def kept_places(index: Path) -> list[Found]:
    """What `keep_places` wrote."""
    return [(name, start, end) for name, start, end in json.loads((index / PLACES).read_text("utf-8"))]


def read_corpus(path: Path) -> list[Document]:
    """The documents in a file of JSON lines."""
    return [
        Document(
            row["id"],
            row["text"],
            tuple((start, end) for start, end in row["paragraphs"]),
            tuple((start, end) for start, end in row["sentences"]),
            row.get("source"),
        )
        for row in _rows(path)
    ]


def write_corpus(corpus: Sequence[Document], path: Path) -> None:
    """Nothing; writes what `read_corpus` reads."""
    path.write_text("".join(json.dumps(asdict(each)) + "\n" for each in corpus), "utf-8")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def main(make: "type[Any]") -> None:
    """Nothing; does what the command line says with a program made of its settings."""
    parser = argparse.ArgumentParser()
    parser.add_argument("do", choices=("build", "ask"))
    parser.add_argument("first", type=Path, metavar="CORPUS|INDEX")
    parser.add_argument("second", type=Path, metavar="INDEX|QUESTIONS")
    parser.add_argument("--model", help="a folder of sentence-transformers; without it the program's own")
    parser.add_argument("--backend", default="torch", help="%(default)s")
    parser.add_argument("--chunks", choices=("sentences", "own"), default="sentences", help="%(default)s")
    given = parser.parse_args()
    program: Program = make(Settings(given.model, given.backend, given.chunks))
    # What libraries print is none of the answer.
    out, sys.stdout = sys.stdout, sys.stderr
    for row in (_build if given.do == "build" else _ask)(program, given.first, given.second):
        print(json.dumps(row), file=out, flush=True)


def _build(program: Program, corpus: Path, index: Path) -> Iterator[dict[str, Any]]:
    documents = read_corpus(corpus)
    program.load()
    wall, cpu = time.perf_counter(), time.process_time()
    made = program.build(documents, index)
    yield {
        "passages": len(made),
        "words": sum(len(each.split()) for each in made),
        "wall_s": time.perf_counter() - wall,
        "cpu_s": time.process_time() - cpu,
    }


def _ask(program: Program, index: Path, questions: Path) -> Iterator[dict[str, Any]]:
    program.open(index)
    for row in _rows(questions):
        wall, cpu = time.perf_counter(), time.process_time()
        found = program.find(row["question"])
        yield {
            "id": row["id"],
            "found": found,
            "wall_s": time.perf_counter() - wall,
            "cpu_s": time.process_time() - cpu,
            "since_start_cpu_s": time.process_time(),
            **getattr(program, "more", {}),
        }
