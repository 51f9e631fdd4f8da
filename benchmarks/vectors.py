"""How vectors could be looked for: what each of FAISS's ways takes, and how many of the nearest it finds.

    python -m benchmarks.vectors [--rows 100000]

The rows are made as benchmarks/scale.py makes them, the questions are real. A way puts up some rows, which
are then looked at themselves for the nearest 50. Times are of one thread. The results lie in
benchmarks/results/vectors.json, their table in docs/scale.md; what was chosen, in rag/index/vectors.py.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import tables
from benchmarks.scale import NEAREST, RESULTS, MadeEncoder, embed, machine
from rag.index.runs import Runs
from rag.index.vectors import LOOKED_AT, Short, VectorStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.records import Vectors

AT_ONCE = 50_000
TRAINED_ON = 40_000
FEW = 0.05  # the share that competes under a filter


@dataclass(frozen=True)
class Way:
    """One way: its name, the index as FAISS's factory spells it, how many rows it puts up, a setting."""

    name: str
    spelled: str
    put_up: int = NEAREST
    setting: tuple[str, int] | None = None
    filters: bool = True


@dataclass(frozen=True)
class Found:
    """What a way took: bytes a row in memory, CPU seconds of making, CPU milliseconds of a search, recall."""

    way: str
    bytes: int
    making_s: float
    all_ms: float
    all_recall: float
    few_ms: float | None
    few_recall: float | None


SHIPPED = f"product, threes of turned axes in 4 bit, packed, {LOOKED_AT} looked at: **as shipped**"
WAYS = (
    Way("all, exactly", "Flat"),
    Way("scalar, 16 bit", "SQfp16"),
    Way("scalar, 8 bit", "SQ8"),
    Way("scalar, 8 bit, 100 looked at", "SQ8", 100),
    Way(f"scalar, 4 bit, {LOOKED_AT} looked at", "SQ4", LOOKED_AT),
    Way(f"product, fours in 8 bit, {LOOKED_AT} looked at", "PQ96", LOOKED_AT, filters=False),
    Way(f"product, pairs in 4 bit, packed, {LOOKED_AT} looked at", "PQ192x4fs", LOOKED_AT, filters=False),
    Way(f"product, threes in 4 bit, packed, {LOOKED_AT} looked at", "PQ128x4fs", LOOKED_AT, filters=False),
    Way("1,024 lists of neighbours, 64 read", "IVF1024,Flat", setting=("nprobe", 64)),
    Way("1,024 lists of neighbours, 256 read", "IVF1024,Flat", setting=("nprobe", 256)),
    Way("graph of 32 neighbours, 64 followed", "HNSW32", setting=("efSearch", 64)),
    Way("graph of 32 neighbours, 256 followed", "HNSW32", setting=("efSearch", 256)),
)

Search = Callable[[int, "NDArray[np.int64] | None"], list[int]]


def main() -> None:
    """Nothing; measures each way and writes the results."""
    parser = argparse.ArgumentParser(prog="benchmarks.vectors")
    parser.add_argument("--rows", type=int, default=100_000, help="%(default)s")
    count = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as scratch:
        real = Path(scratch) / "real.npz"
        embed(real)
        rows, asked = made(count, real)
    found = []
    for each in measured(rows, asked):
        print(json.dumps(asdict(each)), flush=True)
        found.append(each)
    told = {"machine": machine(), "rows": count, "ways": [asdict(each) for each in found]}
    (RESULTS / "vectors.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8", newline="\n")
    tables.put("scale.md", "benchmarks.vectors", table(count, found))


def made(count: int, real: Path) -> "tuple[Vectors, Vectors]":
    """So many rows, and questions' rows."""
    import numpy as np

    known, draw = np.load(real), np.random.default_rng(count)
    encoder, drawn = MadeEncoder(real), draw.integers(0, len(known["rows"]), (3, count))
    parts = [encoder.moved(drawn[:, at : at + AT_ONCE]) for at in range(0, count, AT_ONCE)]
    return np.concatenate(parts), known["asked"]


def measured(rows: "Vectors", asked: "Vectors") -> Iterator[Found]:
    """What each way took, the shipped one last."""
    import faiss
    import numpy as np

    faiss.omp_set_num_threads(1)
    few = np.sort(np.random.default_rng(1).permutation(len(rows))[: round(len(rows) * FEW)]).astype(np.int64)
    whole, least = np.arange(len(rows)), {}
    for among in (None, few):
        least[among is None] = _least(rows[whole if among is None else among], asked)

    def found(name: str, size: int, making: float, search: Search, filters: bool) -> Found:
        told: list[float | None] = []
        for among in (None, few):
            if among is None or filters:
                told += _timed(search, among, rows, asked, least[among is None])
            else:
                told += [None, None]
        return Found(name, size, making, *told)  # type: ignore[arg-type]

    index: Any
    spelled, index, size, making = "", None, 0, 0.0
    for way in WAYS:
        if way.spelled != spelled:  # one at a time is in memory
            spelled, (index, size, making) = way.spelled, _index(way.spelled, rows)
        if way.setting:
            faiss.ParameterSpace().set_index_parameter(index, *way.setting)
        yield found(way.name, size, making, partial(_nearest, index, way, rows, asked), way.filters)
    begun = time.process_time()
    if (short := Short.of(rows, None, [len(rows)])) is None:
        return  # so few are looked at exactly, which is the first way
    store = VectorStore.over([rows], [short], Runs.whole(len(rows)))
    making, size = round(time.process_time() - begun, 1), short.codes.shape[1]
    yield found(SHIPPED, size, making, lambda at, among: store.nearest(asked[at], NEAREST, among), True)


def _index(spelled: str, rows: "Vectors") -> tuple[Any, int, float]:
    """FAISS's index over the rows, bytes a row of it, and CPU seconds of making it."""
    import faiss

    begun = time.process_time()
    index = faiss.index_factory(rows.shape[1], spelled, faiss.METRIC_INNER_PRODUCT)
    index.train(rows[:: max(1, len(rows) // TRAINED_ON)])
    index.add(rows)
    making = round(time.process_time() - begun, 1)
    return index, round(len(faiss.serialize_index(index)) / len(rows)), making


def _nearest(
    index: Any, way: Way, rows: "Vectors", asked: "Vectors", at: int, among: "NDArray[np.int64] | None"
) -> list[int]:
    import faiss
    import numpy as np

    row = asked[at]
    params = None
    if among is not None:
        kind = {"IVF": "SearchParametersIVF", "HNS": "SearchParametersHNSW"}.get(way.spelled[:3])
        setting = dict([way.setting] if way.setting else [])
        params = getattr(faiss, kind or "SearchParameters")(sel=faiss.IDSelectorBatch(among), **setting)
    _, numbers = index.search(row[None, :], way.put_up, params=params)
    numbers = np.sort(numbers[0][numbers[0] >= 0])
    if way.put_up > NEAREST:
        numbers = numbers[np.argsort(-(rows[numbers] @ row), kind="stable")[:NEAREST]]
    return [int(number) for number in numbers]


def _least(rows: "Vectors", asked: "Vectors") -> "Vectors":
    """For each question how near the last of its nearest rows is."""
    import numpy as np

    near = np.concatenate([asked @ rows[at : at + AT_ONCE].T for at in range(0, len(rows), AT_ONCE)], axis=1)
    found: Vectors = np.partition(near, -NEAREST, axis=1)[:, -NEAREST]
    return found


def _timed(
    search: Search, among: "NDArray[np.int64] | None", rows: "Vectors", asked: "Vectors", least: "Vectors"
) -> list[float | None]:
    """The median of CPU milliseconds, warm, and the share of the nearest rows that were found."""
    took, shares = [], []
    search(0, among)
    for at in range(len(asked)):
        begun = time.process_time()
        found = search(at, among)
        took.append((time.process_time() - begun) * 1000)
        # One as near as the last of the nearest counts as one of them.
        shares.append(sum(float(rows[number] @ asked[at]) >= least[at] - 1e-6 for number in found) / NEAREST)
    return [round(statistics.median(took), 2), round(statistics.mean(shares), 3)]


def table(rows: int, found: list[Found]) -> str:
    """The figures, as Markdown."""
    lines = [
        f"| of {rows:,} rows | bytes a row in memory | making, s | a search, ms | recall at {NEAREST} "
        f"| … of {FEW:.0%}, ms | recall at {NEAREST} |",
        "|---" * 7 + "|",
    ]
    for each in found:
        cells = [
            *(f"{each.bytes:,}", f"{each.making_s:g}", f"{each.all_ms:g}", f"{each.all_recall:.3f}"),
            "" if each.few_ms is None else f"{each.few_ms:g}",
            "" if each.few_recall is None else f"{each.few_recall:.3f}",
        ]
        lines.append(f"| {each.way} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
