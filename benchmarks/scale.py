"""How every figure grows with the number of passages: opening, searching, asking, adding, room.

    python -m benchmarks.scale [--passages 10000 100000 1000000] [--tantivy PYTHON]

For each count an index is made, and what is measured of it runs in a process of its own. The results lie in
benchmarks/results/scale.json, plots of them in scale.svg and scale-few.svg, and their table in docs/scale.md;
counts that were measured before stay. `--tantivy` is a Python with tantivy, which searches the same words.

Nothing is downloaded. What is indexed is made so:

Texts. Interviews of 100 sentences in the layout of the seed article. A sentence is one of the seed's or of
the interviews in training/interviews/, with a fifth of its words replaced by words from a list of 300,000
made of syllables, drawn by Zipf's law, so that the vocabulary grows with the count as that of real text does.

Vectors. A sentence's is that of a real sentence, drawn to the middle of all and moved along the difference
between two others: so the rows scatter as real ones do, in all directions and by as much. How far is such
that the median row is as near to where it came from as the median real sentence is to its nearest one.
Questions are the real ones of tests/questions/dev.jsonl, as the shipped encoder embeds them, so they are as
far from the rows as in life.
"""

import argparse
import json
import os
import platform
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import tables
from benchmarks.archive import FIRST, pieces
from benchmarks.start import HOME
from rag import disk
from rag import index as index_store
from rag.bot import Bot
from rag.encoder import OnnxEncoder
from rag.index import archive
from rag.index.words import telling
from rag.reader import TrainedReader
from rag.reading.facts import Facts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.records import Vectors

RESULTS = HOME / "benchmarks" / "results"
COUNTS = (10_000, 100_000, 1_000_000)
SENTENCES, PER_ANSWER = 100, 5  # an article's
REAL, ASKED, ASKED_WHOLE = 3_000, 200, 40
MADE_WORDS, REPLACED, ZIPF = 300_000, 0.2, 1.1
NEAREST = 50
KEPT = (1.0, 0.5, 0.05, 0.001)
SYLLABLES = [
    a + b
    for a in ("b d f g k l m n p r s t v z br st tr pl sh ch".split())
    for b in "a e i o u ai ou".split()
]

TANTIVY = """
import json, sys, time, statistics, tempfile, tantivy
texts, asked = json.load(open(sys.argv[1]))
schema = tantivy.SchemaBuilder()
schema.add_text_field("t", stored=False, tokenizer_name="en_stem")
schema.add_unsigned_field("n", stored=True)
index = tantivy.Index(schema.build(), path=tempfile.mkdtemp(dir=sys.argv[2]))
writer = index.writer(200_000_000, 1)
for number, text in enumerate(texts):
    writer.add_document(tantivy.Document(t=text, n=number))
writer.commit(); writer.wait_merging_threads(); index.reload()
searcher, took = index.searcher(), []
for round in range(2):
    for words in asked:
        begun = time.process_time()
        query = index.parse_query(" ".join(f'"{each}"' for each in words) or "none", ["t"])
        searcher.search(query, 50)
        took.append((time.process_time() - begun) * 1000)
took = took[len(asked):]
print(json.dumps([statistics.median(took), statistics.quantiles(took, n=20)[18]]))
"""


def main() -> None:
    """Nothing; measures each count and writes the results."""
    parser = argparse.ArgumentParser(prog="benchmarks.scale")
    parser.add_argument("--passages", type=int, nargs="+", default=COUNTS, help="%(default)s")
    parser.add_argument("--tantivy", metavar="PYTHON", help="a Python that can import tantivy")
    parser.add_argument("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    parser.add_argument("--scratch", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        print(json.dumps(STEPS[arguments.step[0]](*map(Path, arguments.step[1:]))))
        return
    with tempfile.TemporaryDirectory() as fresh:
        scratch = arguments.scratch or Path(fresh)
        for count in arguments.passages:
            found = measured(count, scratch, arguments.tantivy)
            print(json.dumps(found), file=sys.stderr)
            write(arguments.results, count, found)
    print(table(read(arguments.results)))


def measured(count: int, scratch: Path, tantivy: str | None) -> dict[str, Any]:
    """Every figure of an index of so many passages."""
    folder = scratch / f"{count}"
    folder.mkdir(parents=True, exist_ok=True)
    real = scratch / "real.npz"
    if not real.exists():
        step("embed", real)
    found: dict[str, Any] = {}
    if not (folder / "index" / "manifest.json").exists():
        found["make"] = step("make", folder, real, Path(str(count)))
    for name in ("open", "search", "ask"):
        found |= step(name, folder, real)
    if tantivy:
        command = [tantivy, "-c", TANTIVY, str(folder / "said.json"), str(folder)]
        took = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found["tantivy_ms"] = spread(*json.loads(took))
    found["add"] = step("add", folder, real)
    found["load_beside"] = step("load", folder, real)
    found["remove"] = step("remove", folder, real)
    found["compact"] = step("compact", folder, real)
    return found


def step(name: str, *paths: Path) -> Any:
    """What a step says that runs in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.scale", "--step", name, *map(str, paths)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=HOME).stdout
    return json.loads(told.splitlines()[-1])


# --- what is indexed -----------------------------------------------------------------------------


def embed(place: Path) -> None:
    """Nothing; the vectors of real sentences and questions lie in a file."""
    import numpy as np

    encoder = OnnxEncoder()
    texts = random.Random(1).sample(sentences(), REAL)  # noqa: S311 - seeded draws
    rows = np.concatenate([encoder.encode(texts[at : at + 64]) for at in range(0, REAL, 64)])
    np.savez(place, rows=rows, asked=encoder.encode_questions(questions()))


def sentences() -> list[str]:
    """Real sentences: of the interviews that were written for training, and of the seed."""
    seed = (HOME / "seeds" / "usip-venezuela-2022.txt").read_text("utf-8")
    return [*pieces(), *re.findall(r"[A-Z][^.?!\n]{30,}\.(?= )", seed)]


def questions() -> list[str]:
    """Real questions."""
    lines = (HOME / "tests" / "questions" / "dev.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines][:ASKED]


class MadeEncoder:
    """Real vectors, moved: the same for the same text. Questions are embedded in earnest."""

    def __init__(self, real: Path) -> None:
        import numpy as np

        self._earnest = OnnxEncoder()
        self.name, self.fingerprint = self._earnest.name, self._earnest.fingerprint
        self._rows: Vectors = np.load(real)["rows"]
        near = self._rows @ self._rows.T
        np.fill_diagonal(near, -1)
        self.aim = float(np.median(near.max(axis=1)))
        self._mean = self._rows.mean(axis=0)
        low, high = 0.0, 1.0
        draw = np.random.default_rng(0).integers(0, len(self._rows), (3, 2_000))
        for _ in range(20):
            self._own = (low + high) / 2
            moved = self.moved(draw)
            nearer = float(np.median((moved * self._rows[draw[0]]).sum(axis=1))) > self.aim
            low, high = (low, self._own) if nearer else (self._own, high)

    def moved(self, draw: "NDArray[np.int64]") -> "Vectors":
        """A row for each column of three numbers: the first real row, moved as far as others lie apart."""
        import numpy as np

        base, there, back = (self._rows[each] for each in draw)
        # Weights whose squares add up to one: mean and scatter stay those of real sentences.
        rest = ((1 - self._own**2) / 2) ** 0.5
        moved = self._mean + self._own * (base - self._mean) + rest * (there - back)
        made: Vectors = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
        return made

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """A row for each text."""
        import numpy as np

        draw = random.Random()  # noqa: S311 - seeded draws
        places = []
        for text in texts:
            draw.seed(zlib.crc32(text.encode()))
            places.append([draw.randrange(len(self._rows)) for _ in range(3)])
        return self.moved(np.array(places, np.int64).reshape(-1, 3).T)

    def encode_questions(self, texts: Sequence[str]) -> "Vectors":
        """The shipped encoder's rows."""
        return self._earnest.encode_questions(texts)

    def load(self) -> None:
        """Nothing; the encoder is ready."""
        self._earnest.load()


def articles(count: int) -> Iterator[str]:
    """Interviews of 100 sentences each."""
    import numpy as np

    draw, real = random.Random(count), sentences()  # noqa: S311 - seeded draws
    words = np.random.default_rng(count)
    weights = np.arange(1, MADE_WORDS + 1) ** -ZIPF
    edges = np.cumsum(weights / weights.sum())
    wanted = -(-count // SENTENCES)
    for _ in range(wanted):
        drawn = iter(np.searchsorted(edges, words.random(SENTENCES * 20)).tolist())
        # An archive of more interviews has more people in it.
        people = [
            f"{draw.choice(FIRST)} {made_word(1_000 + draw.randrange(wanted)).title()}" for _ in range(2)
        ]
        lines = [f"A talk about {made_word(draw.randrange(MADE_WORDS))}"]
        for turn in range(SENTENCES // PER_ANSWER):
            lines.append(f"What about {draw.choice(real).split()[-1].strip('.?!')}?")
            said = [recombined(draw.choice(real), draw, drawn) for _ in range(PER_ANSWER)]
            lines.append(f"{people[turn % 2]}: {' '.join(said)}")
        yield "\n\n".join(lines)


def recombined(sentence: str, draw: random.Random, words: Iterator[int]) -> str:
    """The sentence with some of its words replaced."""
    first, *rest = sentence.split(" ")
    return " ".join(
        [
            first,
            *(
                made_word(next(words, 0))
                if each.islower() and each.isalpha() and draw.random() < REPLACED
                else each
                for each in rest
            ),
        ]
    )


def made_word(number: int) -> str:
    """The word of that rank: the more frequent, the shorter."""
    found = ""
    number += len(SYLLABLES)
    while number:
        number, place = divmod(number, len(SYLLABLES))
        found += SYLLABLES[place]
    return found


# --- what is measured, each in a process of its own ----------------------------------------------


def make(folder: Path, real: Path, count: Path) -> dict[str, float]:
    """Seconds and peak megabytes of building; the index lies in the folder."""
    texts = folder / "texts"
    texts.mkdir()
    for number, text in enumerate(articles(int(str(count)))):
        place = texts / f"{number // 1000:03}"
        place.mkdir(exist_ok=True)
        (place / f"{number:06}.txt").write_text(text, "utf-8")
        (place / f"{number:06}.toml").write_text(f'date = "{2000 + number % 25}"\n', "utf-8")
    disk.sync = lambda path: None  # the processor is measured, not the disk
    named = [source for each in sorted(texts.iterdir()) for source in archive.sources([str(each)])]
    encoder = MadeEncoder(real)

    def work() -> None:
        archive.add(folder / "index", named, Facts(), archive.raise_it, lambda source, plan: None, encoder)

    return costs(work)


def costs(work: Callable[[], object]) -> dict[str, float]:
    """What work costs that is done once: processor seconds, seconds, and the process's peak in megabytes."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return {
        "cpu_s": round(time.process_time() - cpu, 3),
        "wall_s": round(time.perf_counter() - wall, 3),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
    }


def resident() -> float:
    """Megabytes of this process that are its own, files that are mapped left out."""
    lines = Path("/proc/self/status").read_text("utf-8")
    return round(int(re.findall(r"RssAnon:\s+(\d+)", lines)[0]) / 1e3)


def opened(folder: Path, real: Path) -> dict[str, Any]:
    """What opening costs, the room that the index takes in memory and on disk."""
    import faiss
    import onnxruntime

    del faiss, onnxruntime
    before = resident()
    held: list[Any] = []
    load = costs(lambda: held.append(index_store.load(folder / "index")))
    fresh = costs(lambda: index_store.check_fresh(folder / "index"))
    bot = costs(lambda: held.append(Bot(held[0], OnnxEncoder(), TrainedReader.shipped())))
    first = costs(lambda: held[1].ask("What did the talks come to?"))
    build = next((folder / "index").glob("build-*"))
    files = {
        path.relative_to(build).as_posix(): path.stat().st_size for path in build.rglob("*") if path.is_file()
    }
    return {
        "passages": len(held[0].passages),
        "speakers": len(held[0].speakers),
        "load": load,
        "check_fresh": fresh,
        "bot": bot,
        "first_question": first,
        "resident_mb": resident() - before,
        "disk_mb": round(sum(files.values()) / 1e6, 1),
        "bytes_a_passage": round(sum(files.values()) / len(held[0].passages)),
        "files_mb": {name: round(size / 1e6, 1) for name, size in files.items() if size > 1e5},
    }


def search(folder: Path, real: Path) -> dict[str, Any]:
    """Milliseconds of a search in each view, by the share of the passages that compete, and its recall."""
    import numpy as np

    index = index_store.load(folder / "index")
    build = next((folder / "index").glob("build-*"))
    rows = np.load(build / "vectors.npy", mmap_mode="r")
    asked = np.load(real)["asked"]
    words = questions()
    vectors: dict[str, Any] = {}
    bm25: dict[str, Any] = {}
    for kept in KEPT:
        among = some(len(rows), kept)
        pool = np.arange(len(rows)) if among is None else among
        took, found = timed(partial(_by_vectors, index, asked, among), len(asked))
        scores = np.concatenate(
            [asked @ np.asarray(rows[part]).T for part in np.array_split(pool, max(1, len(pool) // 50_000))],
            axis=1,
        )
        best = -np.sort(-scores, axis=1)[:, min(NEAREST, len(pool)) - 1]
        # One as near as the last of the nearest counts as one of them: reprints have one vector.
        shares = [
            sum(float(rows[number] @ row) >= least - 1e-6 for number in each) / min(NEAREST, len(pool))
            for each, row, least in zip(found, asked, best, strict=True)
        ]
        vectors[f"{kept:g}"] = took | {
            "recall": round(float(np.mean(shares)), 4),
            "least": round(min(shares), 2),
        }
        bm25[f"{kept:g}"], _ = timed(partial(_by_words, index, words, among), len(words))
    return {"vectors_ms": vectors, "words_ms": bm25, "bm25s_ms": plain_bm25s(folder, index, words)}


def _by_vectors(
    index: index_store.Index, asked: "Vectors", among: "NDArray[np.int64] | None", at: int
) -> list[int]:
    return index.vectors.nearest(asked[at], NEAREST, among)


def _by_words(
    index: index_store.Index, asked: list[str], among: "NDArray[np.int64] | None", at: int
) -> list[int]:
    return index.words.nearest(asked[at], NEAREST, among)


def some(count: int, share: float) -> "NDArray[np.int64] | None":
    """Passages of articles drawn until they are that share of all; None for all."""
    import numpy as np

    if share == 1:
        return None
    drawn = np.random.default_rng(5).permutation(-(-count // SENTENCES))[
        : max(1, round(count * share / SENTENCES))
    ]
    found = (np.sort(drawn)[:, None] * SENTENCES + np.arange(SENTENCES)).ravel()
    return found[found < count][: max(1, round(count * share))].astype(np.int64)


def plain_bm25s(folder: Path, index: index_store.Index, words: list[str]) -> dict[str, float]:
    """Milliseconds of bm25s over the same stems, as its users call it."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    said = [passage.span.of(index.articles[passage.article].text) for passage in index.passages]
    (folder / "said.json").write_text(json.dumps([said, [telling(each) for each in words]]), "utf-8")
    retriever = bm25s.BM25()
    retriever.index(
        bm25s.tokenize(said, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False
    )
    asked = [[stemmer.stemWords([each for each in telling(text) if each]) or ["none"]] for text in words]
    took, _ = timed(
        lambda at: retriever.retrieve(asked[at], k=min(NEAREST, len(said)), show_progress=False), len(words)
    )
    return took


def timed(work: Callable[[int], Any], count: int) -> tuple[dict[str, float], list[Any]]:
    """Milliseconds of processor time of work done for each number, warm; and what came of each."""
    for at in range(min(5, count)):
        work(at)
    took, found = [], []
    for at in range(count):
        begun = time.process_time()
        found.append(work(at))
        took.append((time.process_time() - begun) * 1000)
    return spread(statistics.median(took), statistics.quantiles(took, n=20)[18]), found


def spread(median: float, late: float) -> dict[str, float]:
    """The median and the 95th of a hundred."""
    return {"median": round(median, 2), "p95": round(late, 2)}


def ask(folder: Path, real: Path) -> dict[str, Any]:
    """Milliseconds of a whole question, by step and under filters, and of what a page asks of an index."""
    steps: dict[str, list[float]] = {}
    bot = Bot(
        index_store.load(folder / "index"),
        OnnxEncoder(),
        TrainedReader.shipped(),
        lambda step, seconds: steps.setdefault(step, []).append(seconds * 1000),
    )
    bot.load()
    words = questions()[:ASKED_WHOLE]
    speaker, article = bot.index.speakers[7], bot.index.articles[5].id
    ways: dict[str, Callable[[int], object]] = {
        "all": lambda at: bot.ask(words[at]),
        "since 2020": lambda at: bot.ask(words[at], since="2020"),
        "one speaker": lambda at: bot.ask(words[at], speaker=speaker),
        "one article": lambda at: bot.ask(words[at], article=article),
    }
    told: dict[str, Any] = {}
    for way, work in ways.items():
        steps.clear()
        told[way], _ = timed(work, len(words))
        if way == "all":
            parts = {step: round(sum(each) / len(words), 2) for step, each in steps.items()}
    return {"question_ms": told, "question_steps_mean_ms": parts}


def add(folder: Path, real: Path) -> dict[str, float]:
    """What adding one article costs, its embedding left out."""
    disk.sync = lambda path: None
    new = folder / "new.txt"
    new.write_text(next(articles(7)), "utf-8")
    encoder = MadeEncoder(real)
    named = list(archive.sources([str(new)]))
    return costs(
        lambda: archive.add(
            folder / "index", named, Facts(), archive.raise_it, lambda source, plan: None, encoder
        )
    )


def load(folder: Path, real: Path) -> dict[str, float]:
    """What opening costs, with what that article made of the index."""
    import faiss

    del faiss
    return costs(lambda: index_store.load(folder / "index"))


def compact(folder: Path, real: Path) -> dict[str, float]:
    """What making one segment of all costs."""
    disk.sync = lambda path: None
    encoder = MadeEncoder(real)
    return costs(lambda: archive.make(folder / "index", [], encoder))


def remove(folder: Path, real: Path) -> dict[str, float]:
    """What removing it costs."""
    disk.sync = lambda path: None
    return costs(lambda: archive.remove(folder / "index", ["new"]))


STEPS: dict[str, Callable[..., Any]] = {
    "embed": embed,
    "make": make,
    "open": opened,
    "search": search,
    "ask": ask,
    "add": add,
    "remove": remove,
    "load": load,
    "compact": compact,
}


# --- what is told --------------------------------------------------------------------------------

# Each figure of the table and the plot: its name, its unit, and where it stands in the results.
Row = tuple[str, str, tuple[str, ...]]
ROWS: tuple[Row, ...] = (
    ("opening the index", "s CPU", ("load", "cpu_s")),
    ("whether its sources changed", "s CPU", ("check_fresh", "cpu_s")),
    ("making a bot of it", "s CPU", ("bot", "cpu_s")),
    ("memory of its own, opened and asked once", "MB", ("resident_mb",)),
    ("room on disk", "MB", ("disk_mb",)),
    ("… a passage", "bytes", ("bytes_a_passage",)),
    *(
        (f"vectors, {float(kept):.1%} compete", "ms CPU", ("vectors_ms", kept, "median"))
        for kept in (f"{each:g}" for each in KEPT)
    ),
    ("vectors, p95", "ms CPU", ("vectors_ms", "1", "p95")),
    *(
        (f"recall at {NEAREST}, {float(kept):.1%} compete", "", ("vectors_ms", kept, "recall"))
        for kept in (f"{each:g}" for each in KEPT)
    ),
    *(
        (f"words, {float(kept):.1%} compete", "ms CPU", ("words_ms", kept, "median"))
        for kept in (f"{each:g}" for each in KEPT)
    ),
    ("bm25s, plain", "ms CPU", ("bm25s_ms", "median")),
    ("tantivy", "ms CPU", ("tantivy_ms", "median")),
    ("a question", "ms CPU", ("question_ms", "all", "median")),
    ("… since 2020", "ms CPU", ("question_ms", "since 2020", "median")),
    ("… one speaker", "ms CPU", ("question_ms", "one speaker", "median")),
    ("… one article", "ms CPU", ("question_ms", "one article", "median")),
    ("finding, of it", "ms", ("question_steps_mean_ms", "find")),
    ("adding one article", "s CPU", ("add", "cpu_s")),
    ("… peak memory", "MB", ("add", "peak_mb")),
    ("opening with it beside", "s CPU", ("load_beside", "cpu_s")),
    ("removing one", "s CPU", ("remove", "cpu_s")),
    ("making one segment of all", "s CPU", ("compact", "cpu_s")),
    ("… peak memory", "MB", ("compact", "peak_mb")),
)


# Those of the picture that stands in the README.
FEW: tuple[Row, ...] = (
    ("finding by vectors", "ms CPU", ("vectors_ms", "1", "median")),
    (f"recall of the nearest {NEAREST}", "", ("vectors_ms", "1", "recall")),
    ("finding by words", "ms CPU", ("words_ms", "1", "median")),
    ("… by bm25s", "ms CPU", ("bm25s_ms", "median")),
    ("a whole question", "ms CPU", ("question_ms", "all", "median")),
    ("opening", "s CPU", ("load", "cpu_s")),
    ("adding an interview", "s CPU", ("add", "cpu_s")),
    ("memory", "MB", ("resident_mb",)),
)


def read(results: Path) -> dict[str, Any]:
    """The results so far, by count."""
    path = results / "scale.json"
    return dict(json.loads(path.read_text("utf-8"))["passages"]) if path.exists() else {}


def write(results: Path, count: int, found: dict[str, Any]) -> None:
    """Nothing; the results are among those so far, told as a table and a plot too."""
    results.mkdir(parents=True, exist_ok=True)
    known = read(results)
    known[str(count)] = {**{key: known.get(str(count), {}).get(key) for key in ("make",)}, **found}
    known = dict(sorted(known.items(), key=lambda each: int(each[0])))
    text = json.dumps({"machine": machine(), "passages": known}, indent=1)
    (results / "scale.json").write_text(text + "\n", "utf-8", newline="\n")
    for name, rows in (("scale.svg", ROWS), ("scale-few.svg", FEW)):
        (results / name).write_text(plot(known, rows), "utf-8", newline="\n")
    if results == RESULTS:
        tables.put("scale.md", "benchmarks.scale", table(known))


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    import faiss
    import numpy as np

    about = Path("/proc/cpuinfo")
    model = re.findall(r"model name\s*: (.+)", about.read_text("utf-8")) if about.exists() else []
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "processor": model[0] if model else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "numpy": np.__version__,
        "faiss": f"{faiss.__version__} {faiss.get_compile_options().strip()}",
    }


def _value(found: dict[str, Any], keys: Sequence[str]) -> float | None:
    value: Any = found
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return float(value) if value is not None else None


def table(known: dict[str, Any]) -> str:
    """The figures by count, as Markdown."""
    lines = [
        "| | unit | " + " | ".join(f"{int(count):,}" for count in known) + " |",
        "|---" * (2 + len(known)) + "|",
    ]
    for name, unit, keys in ROWS:
        cells = [_value(found, keys) for found in known.values()]
        if any(cell is not None for cell in cells):
            lines.append(
                f"| {name} | {unit} | " + " | ".join("" if c is None else f"{c:,g}" for c in cells) + " |"
            )
    return "\n".join(lines)


def plot(known: dict[str, Any], rows: Sequence[Row] = ROWS) -> str:
    """A small plot for each of these figures over the counts, both on logarithmic scales, as SVG."""
    import math

    wide, high, across = 230, 150, 4
    drawn = []
    counts = [int(count) for count in known]
    low, top = math.log10(min(counts)) - 0.3, math.log10(max(counts)) + 0.3
    shown = [row for row in rows if any(_value(found, row[2]) is not None for found in known.values())]
    for number, (name, unit, keys) in enumerate(shown):
        points = [(int(count), _value(found, keys)) for count, found in known.items()]
        seen = [(count, max(float(y), 1e-3)) for count, y in points if y is not None]
        least, most = (math.log10(pick(y for _, y in seen)) for pick in (min, max))
        middle, half = (least + most) / 2, max(1.2, (most - least) / 2 + 0.2)
        left, above = number % across * wide, number // across * high
        at = [
            (
                left + 20 + (math.log10(count) - low) / (top - low) * (wide - 40),
                above + 85 - (math.log10(y) - middle) / half * 45,
            )
            for count, y in seen
        ]
        line = " ".join(f"{x:.0f},{y:.0f}" for x, y in at)
        told = f"{name}, {unit}" if unit else name
        drawn.append(f'<text x="{left + 10}" y="{above + 16}" font-weight="bold">{told}</text>')
        drawn.append(f'<polyline points="{line}" fill="none" stroke="#2a5db0" stroke-width="2"/>')
        drawn += [
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="#2a5db0"/>'
            f'<text x="{x:.0f}" y="{y - 8:.0f}" text-anchor="middle">{value:,.4g}</text>'
            for (x, y), (_, value) in zip(at, seen, strict=True)
        ]
        drawn += [
            f'<text x="{x:.0f}" y="{above + high - 8}" text-anchor="middle" fill="#666">'
            f"10^{round(math.log10(count))}</text>"
            for (x, _), (count, _) in zip(at, seen, strict=True)
        ]
    tall = -(-len(shown) // across) * high
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide * across} {tall}" '
        f'font-family="sans-serif" font-size="10"><title>How each figure grows with the passages</title>'
        f'<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(drawn) + "\n</svg>\n"
    )


if __name__ == "__main__":
    main()
