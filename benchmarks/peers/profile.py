"""Where the time from process start to the first answer goes, as a picture: benchmarks/results/profile.svg.

    python -m benchmarks.peers.profile

On Record over the seed article, with the model that it ships, in processes of their own: the processor
seconds of each step, the median of the runs.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from html import escape
from pathlib import Path

HOME = Path(__file__).parent.parent.parent
PICTURE = HOME / "benchmarks" / "results" / "profile.svg"
QUESTION = "Have both sides been playing hard to get?"
ROUNDS = 5

# What `onrecord ask` does, step by step, each with the processor seconds of the process until then.
STEPS = """
import json, sys, time
told = {"Python starts": time.process_time()}
import rag.cli.ask
from rag import index as index_store
from rag.bot import Bot
from rag.encoder import encoder_of
from rag.reader import TrainedReader
told["import rag"] = time.process_time()
import numpy, faiss
told["import numpy and FAISS"] = time.process_time()
import onnxruntime, tokenizers
told["import ONNX Runtime and tokenizers"] = time.process_time()
from pathlib import Path
index_store.check_fresh(Path(sys.argv[1]))
index = index_store.load(Path(sys.argv[1]))
told["open the index"] = time.process_time()
encoder, reader = encoder_of(index.model), TrainedReader.shipped()
encoder.load()
told["load the encoder"] = time.process_time()
reader.load()
told["load the reader"] = time.process_time()
bot = Bot(index, encoder, reader)
bot.ask(sys.argv[2])
told["answer"] = time.process_time()
print(json.dumps(told))
"""

# The picture: a bar for each step, its name before it and its figure behind it.
WIDTH, LEFT, RIGHT, LINE, TOP = 760, 250, 90, 26, 56


def steps(index: Path) -> dict[str, float]:
    """The processor seconds that each step takes, medians."""
    runs: list[dict[str, float]] = []
    for _ in range(ROUNDS + 1):
        command = [sys.executable, "-c", STEPS, str(index), QUESTION]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HOME)
        runs.append(apart(json.loads(done.stdout)))
    # The first one reads files that the system does not hold yet.
    return {name: statistics.median(run[name] for run in runs[1:]) for name in runs[0]}


def apart(until: Mapping[str, float]) -> dict[str, float]:
    """What each step took, given the clock after it."""
    before, taken = 0.0, {}
    for name, clock in until.items():
        taken[name], before = clock - before, clock
    return taken


def picture(taken: Mapping[str, float]) -> str:
    """The bars as SVG."""
    whole, most = sum(taken.values()), max(taken.values())
    height = TOP + LINE * len(taken) + 14
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        'font-size="14" role="img">',
        f"<title>From process start to the first answer: {whole:.2f} CPU seconds</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="14" y="30" font-size="16">From process start to the first answer: {whole:.2f} CPU seconds '
        f"(median of {ROUNDS})</text>",
    ]
    for number, (name, seconds) in enumerate(taken.items()):
        y = TOP + LINE * number
        long = (WIDTH - LEFT - RIGHT) * seconds / most
        lines += [
            f'<text x="{LEFT - 10}" y="{y + 15}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{long:.1f}" height="{LINE - 6}" fill="#2b5c8a"/>',
            f'<text x="{LEFT + long + 8:.1f}" y="{y + 15}">{seconds:.3f} s</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


def main() -> None:
    """Nothing; writes the picture and prints the steps."""
    from rag import index
    from rag.encoder import OnnxEncoder

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "index"
        index.build_to(folder, [HOME / "seeds"], OnnxEncoder())
        taken = steps(folder)
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(taken), "utf-8")
    print(f"| step ({os.cpu_count()} cores) | CPU seconds |\n|---|---|")
    for name, seconds in taken.items():
        print(f"| {name} | {seconds:.3f} |")


if __name__ == "__main__":
    main()
