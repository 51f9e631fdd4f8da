"""The stores beside each other: filling, what a question takes, and what they find of the nearest.

    python -m benchmarks.stores [--passages 2000] [--milvus URL] [--postgres URL]

One index of made-up interviews (see benchmarks.scale) is put into each store in turn, and each is asked the
same questions, all passages competing and those of one speaker in twenty. Without an address Milvus Lite and
a PostgreSQL from a package are used, on this machine; a server elsewhere adds the way there. Times are of the
wall clock, since a server is another process; those of FAISS are measured in the same run. The results lie
in benchmarks/results/stores.json, their table in docs/stores.md.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import tables
from benchmarks.scale import ASKED, NEAREST, RESULTS, MadeEncoder, articles, embed, machine, questions
from rag.index import Index, archive, load
from rag.index.engines import EMBEDDED, NAMES, Where, connect
from rag.index.engines.embedded import Embedded
from rag.index.filling import fill
from rag.reading.facts import Facts
from rag.records import Among, Store

if TYPE_CHECKING:
    from rag.records import Vectors


def main() -> None:
    """Nothing; measures each store and writes the results."""
    parser = argparse.ArgumentParser(prog="benchmarks.stores")
    parser.add_argument("--passages", type=int, default=2_000, help="%(default)s")
    for engine in NAMES[1:]:
        parser.add_argument(f"--{engine}", metavar="URL", help="a server to use in place of the package's")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        index, asked = made(Path(scratch), arguments.passages)
        found = {}
        for engine in NAMES:
            with server(engine, getattr(arguments, engine, None), Path(scratch)) as url:
                found[engine] = measured(index, asked, engine, url)
            print(json.dumps({engine: found[engine]}), flush=True)
    told = {"machine": machine(), "passages": len(index.passages), "stores": found}
    (RESULTS / "stores.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8", newline="\n")
    tables.put("stores.md", "benchmarks.stores", table(told))


def made(scratch: Path, passages: int) -> "tuple[Index, Vectors]":
    """An index of so many passages, and questions' vectors."""
    import numpy as np

    real = scratch / "real.npz"
    embed(real)
    (scratch / "texts").mkdir()
    for number, text in enumerate(articles(passages)):
        (scratch / "texts" / f"{number:06}.txt").write_text(text, "utf-8")
    named = list(archive.sources([str(scratch / "texts")]))
    archive.add(scratch / "index", named, Facts(), archive.raise_it, lambda *_: None, MadeEncoder(real))
    return load(scratch / "index"), np.load(real)["asked"][:ASKED]


@contextmanager
def server(engine: str, url: str | None, scratch: Path) -> Iterator[str]:
    """The address of a server of that kind, which runs meanwhile."""
    if url or engine == EMBEDDED:
        yield url or ""
    elif engine == "milvus":
        yield str(scratch / "milvus.db")
    else:
        from pgserver.postgres_server import get_server

        running = get_server(scratch / "postgres", cleanup_mode="delete")
        yield running.get_uri()
        running.cleanup()


def measured(index: Index, asked: "Vectors", engine: str, url: str) -> dict[str, Any]:
    """What a store takes and finds."""
    found: dict[str, Any] = {}
    store: Store = Embedded(index)
    if engine != EMBEDDED:
        where = Where(engine, url, "benchmark")
        there = connect(where, index.vectors.dimension)
        begun = time.perf_counter()
        fill(index, there)
        found["filled_a_second"] = round(len(index.passages) / (time.perf_counter() - begun))
        store = replace(index, engine=there).store
    draw = random.Random(3)  # noqa: S311 - seeded draws
    few = frozenset(draw.sample(index.speakers, max(1, len(index.speakers) // 20)))
    for name, among in (("all", Among()), ("few", Among(speakers=few))):
        took, shares = [], []
        for row, question in zip(asked, questions(), strict=False):
            begun = time.perf_counter()
            put_up = store.put_up(row, question, NEAREST, among)
            took.append((time.perf_counter() - begun) * 1000)
            shares.append(recalled(index, row, question, put_up, among))
        found[name] = {
            "median_ms": round(statistics.median(took), 2),
            "p95_ms": round(statistics.quantiles(took, n=20)[18], 2),
            "vectors": round(statistics.mean(each for each, _ in shares), 4),
            "words": round(statistics.mean(each for _, each in shares), 4),
        }
    return found


def recalled(
    index: Index, row: "Vectors", question: str, put_up: list[int], among: Among
) -> tuple[float, float]:
    """The shares of the nearest, and of those that share most words, that are among what was put up."""
    import numpy as np

    pool = np.arange(len(index.passages))
    if among.speakers is not None:
        pool = pool[[index.speaker(number) in among.speakers for number in pool.tolist()]]
    shares = []
    for scores in (index.vectors.scores(row, pool), index.words.shares(question, pool)):
        count = min(NEAREST, int((scores > 0).sum()))
        if not count:
            shares.append(1.0)
            continue
        least = float(np.sort(scores)[-count])
        of_them = dict(zip(pool.tolist(), scores.tolist(), strict=True))
        shares.append(min(1.0, sum(of_them[number] >= least - 1e-6 for number in put_up) / count))
    return shares[0], shares[1]


def table(told: dict[str, Any]) -> str:
    """The figures as Markdown."""
    lines = [
        f"{told['passages']:,} passages; {told['machine']['processor']}, {told['machine']['cores']} cores.",
        "",
        "| store | passages filled a second | a question, median ms | p95 ms | under a filter, median ms | "
        f"recall of {NEAREST}: vectors, words | under a filter |",
        "|---|---|---|---|---|---|---|",
    ]
    for engine, each in told["stores"].items():
        whole, few = each["all"], each["few"]
        filled = f"{each['filled_a_second']:,}" if "filled_a_second" in each else ""
        lines.append(
            f"| {engine} | {filled} | {whole['median_ms']} | {whole['p95_ms']} | {few['median_ms']} | "
            f"{whole['vectors']}, {whole['words']} | {few['vectors']}, {few['words']} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
