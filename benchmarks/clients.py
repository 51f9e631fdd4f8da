"""Two hundred readers at once: how many answers they get, and how long they wait.

    python -m benchmarks.clients [--clients 200] [--seconds 60] [--url URL]

Starts the page over the first article, or asks the page at URL. Each client asks one question after another,
by the route that the page's own script uses, and never one that was asked before. Errors are counted,
whatever they are; so is an answer that says that too many people are asking.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.corpora import finish
from tests.web.serving import build, serving

HOME = Path(__file__).parent.parent
QUESTIONS = HOME / "tests" / "questions" / "dev.jsonl"
# Longer than anybody waits who is in line behind all others.
PATIENCE = 120.0
ROUTE = "/gradio_api/component_server"


@dataclass
class Told:
    """What came of the questions: seconds that each answer took, and what went wrong instead."""

    waits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main() -> None:
    """Prints answers, errors, waits and the server's memory."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=200, help="(%(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="(%(default)s)")
    parser.add_argument("--url", help="a page that runs already; its memory is not told")
    arguments = parser.parse_args()
    peak: float | None = None
    if arguments.url:
        told = asyncio.run(crowd(arguments.url.rstrip("/"), arguments.clients, arguments.seconds))
    else:
        with tempfile.TemporaryDirectory() as folder:
            index = Path(folder) / "index"
            build(index)
            with serving(index) as url:
                told = asyncio.run(crowd(url, arguments.clients, arguments.seconds))
            peak = _peak()
    print(f"{arguments.clients} clients, {arguments.seconds:g} seconds of asking")
    print(f"{len(told.waits)} answers")
    print(f"{len(told.errors)} errors{': ' + told.errors[0] if told.errors else ''}")
    if told.waits:
        waits = sorted(told.waits)
        late = waits[min(len(waits) - 1, int(len(waits) * 0.95))]
        print(f"wait: median {statistics.median(waits):.1f} s, 95 % within {late:.1f} s")
    if peak is not None:
        print(f"memory of the server at most: {peak:,.0f} MB")


async def crowd(url: str, clients: int, seconds: float) -> Told:
    """What came of `clients` who ask for so many seconds; each waits for its last answer."""
    import httpx

    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    told, until = Told(), time.monotonic() + seconds
    limits = httpx.Limits(max_connections=None)
    # No proxy of the environment: this machine is asked, or a page that is named.
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, limits=limits, trust_env=False) as client:
        config = (await client.get("/config")).json()
        (part,) = (each["id"] for each in config["components"] if each["props"].get("elem_id") == "talk")

        async def reader(number: int) -> None:
            asked = 0
            while time.monotonic() < until:
                question = f"{questions[(number + asked * 7) % len(questions)]} ({number}, {asked})"
                await _ask(client, part, question, number, told)
                asked += 1

        await asyncio.gather(*map(reader, range(clients)))
    return told


async def _ask(client: Any, part: int, question: str, number: int, told: Told) -> None:
    import httpx

    data = {"question": question, "history": [], "chosen": {}}
    body = {"data": data, "fn_name": "ask", "component_id": part, "session_hash": f"client{number}"}
    start = time.monotonic()
    try:
        reply = await client.post(ROUTE, json=body)
        reply.raise_for_status()
        answer = reply.json()
        if not (answer["asked"] and answer["html"]):
            told.errors.append(str(answer["say"]))
            return
    except (httpx.HTTPError, ValueError, KeyError) as error:
        told.errors.append(f"{error!r} after {time.monotonic() - start:.1f} s, by {error.__cause__!r}")
        return
    told.waits.append(time.monotonic() - start)


def _peak() -> float | None:
    """The most memory that the server had, in MB; it is the one child that has ended. None if untold."""
    if sys.platform == "win32":
        return None
    import resource

    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3 / 1.024)


if __name__ == "__main__":
    finish(main)
