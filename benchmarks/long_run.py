"""Fifty thousand questions by thirty-two clients: memory, file handles, and whether every answer is the same.

    python -m benchmarks.long_run [--questions 50000] [--clients 32]

Starts the server over the first article. The labelled questions are asked over HTTP in a random order, again
and again; each answer is held against the one that a single client got before. Memory and open files of the
server are looked at all the while: what counts is how the last tenth stands to the second. Needs Linux, whose
/proc tells.
"""

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.corpora import finish
from tests.web.serving import build, request, serving

HOME = Path(__file__).parent.parent
SETS = ("dev.jsonl", "test.jsonl", "compare.jsonl")
SEED = 8
# Seconds between two looks at the server.
LOOKS = 2.0
PATIENCE = 120.0
TYPE = {"content-type": "application/json"}


@dataclass
class Told:
    """What came of it: what went wrong, answers that differ; (questions, MB, open files) at each look."""

    errors: list[str] = field(default_factory=list)
    differ: list[str] = field(default_factory=list)
    looks: list[tuple[int, float, int]] = field(default_factory=list)
    asked: int = 0


def main() -> None:
    """Prints the counts, and memory and open files at the second and the last tenth."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=50_000, help="(%(default)s)")
    parser.add_argument("--clients", type=int, default=32, help="(%(default)s)")
    arguments = parser.parse_args()
    rows = questions()
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        build(index)
        with serving(index, "--rate", "1000000") as url:
            alone = {key: asked(url, row) for key, row in rows.items()}
            begun = time.monotonic()
            told = asyncio.run(crowd(url, rows, alone, arguments.questions, arguments.clients))
            seconds = time.monotonic() - begun
    print(
        f"{told.asked:,} questions ({len(rows):,} different), {arguments.clients} clients, {seconds:,.0f} s"
    )
    for found, what in ((told.errors, "errors"), (told.differ, "answers that differ from a single client's")):
        print(f"{len(found)} {what}{': ' + found[0] if found else ''}")
    early = [look for look in told.looks if told.asked * 0.1 <= look[0] < told.asked * 0.2]
    late = [look for look in told.looks if look[0] >= told.asked * 0.9]
    for name, column in (("memory in MB", 1), ("open files", 2)):
        values = [statistics.median(look[column] for look in looks or told.looks) for looks in (early, late)]
        print(f"{name}: {values[0]:,.0f} in the second tenth, {values[1]:,.0f} in the last")


def questions() -> dict[str, dict[str, Any]]:
    """Every labelled question with what was asked before it, by its JSON."""
    found = {}
    for name in SETS:
        for line in (HOME / "tests" / "questions" / name).read_text("utf-8").splitlines():
            row = json.loads(line)
            body = {"question": row["question"], "history": row.get("history") or []}
            found[json.dumps(body)] = body
    return found


def asked(url: str, row: dict[str, Any]) -> str:
    """The answer that a client gets alone."""
    status, text, _ = request(url, "POST", "/api/ask", json.dumps(row))
    if status != 200:
        raise SystemExit(f"error: {text}")
    return text


async def crowd(
    url: str, rows: dict[str, dict[str, Any]], alone: dict[str, str], count: int, clients: int
) -> Told:
    """What came of so many questions, asked by so many at once."""
    import httpx

    order = random.Random(SEED).choices(list(rows), k=count)  # noqa: S311 (any order will do)
    told, process, waiting = Told(), server(url), iter(order)
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as client:

        async def ask() -> None:
            for key in waiting:
                try:
                    reply = await client.post("/api/ask", content=key.encode(), headers=TYPE)
                    if reply.status_code != 200:
                        told.errors.append(f"{reply.status_code} {reply.text[:200]}")
                    elif reply.text != alone[key]:
                        told.differ.append(rows[key]["question"])
                except httpx.HTTPError as error:
                    told.errors.append(f"{type(error).__name__}: {error}")
                told.asked += 1

        async def look() -> None:
            while True:
                told.looks.append((told.asked, memory(process), len(list((process / "fd").iterdir()))))
                await asyncio.sleep(LOOKS)

        beside = asyncio.create_task(look())
        await asyncio.gather(*(ask() for _ in range(clients)))
        beside.cancel()
    return told


def server(url: str) -> Path:
    """Where /proc tells of the process that serves there."""
    port = url.rsplit(":", 1)[1]
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            command = (process / "cmdline").read_bytes().split(b"\0")
            if b"chat" in command and port.encode() in command:
                return process
    raise SystemExit("no process in /proc serves there; expected Linux")


def memory(process: Path) -> float:
    """What a process has in memory, in MB."""
    lines = (process / "status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    finish(main)
