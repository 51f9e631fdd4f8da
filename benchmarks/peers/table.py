"""What benchmarks/results/peers.json says, as Markdown for docs/benchmarks.md.

python -m benchmarks.peers.table
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks import tables

HOME = Path(__file__).parent.parent.parent
RESULTS = HOME / "benchmarks" / "results" / "peers.json"
MODULE = "benchmarks.peers.table"

OURS = "On Record"
# The goals: of the best peer's time, and of the time of the encoder and the reader alone.
START, WARM = 1 / 3, 1.5

Row = dict[str, Any]


def cells(*each: str) -> str:
    """A line of a table."""
    return "| " + " | ".join(each) + " |"


def speed(rows: Iterable[Row]) -> list[str]:
    """The table of times and sizes."""
    head = (
        "program",
        "start to first answer, wall s",
        "CPU s",
        "a warm question, median ms",
        "p95 ms",
        "CPU ms",
        "passages a second",
        "peak MB asking",
        "building",
        "MB on disk: index",
        "models",
    )
    return [
        cells(*head),
        "|" + "---|" * len(head),
        *(
            cells(
                row["name"],
                f"{row['start']['wall_s']:.2f}",
                f"{row['start']['cpu_s']:.2f}",
                f"{row['warm']['median_ms']:.1f}",
                f"{row['warm']['p95_ms']:.1f}",
                f"{row['warm']['cpu_ms']:.1f}",
                f"{row['build']['rate']:.0f}",
                f"{row['memory']['ask_mb']:.0f}",
                f"{row['memory']['build_mb']:.0f}",
                f"{row['disk']['index_mb']:.1f}",
                f"{row['disk']['models_mb']:.0f}",
            )
            for row in rows
        ),
    ]


def quality(rows: Iterable[Row], corpora: Iterable[str]) -> list[str]:
    """The table of what was found, a pair of figures being first and in three."""
    named = list(corpora)
    head = ["program"]
    for name in named:
        head += [f"{name}: right sentence", "right passage", "with its own chunks"]
    head.append("words of such a chunk")
    lines = [cells(*head), "|" + "---|" * len(head)]
    for row in rows:
        line = [row["name"]]
        for name in named:
            got = row["quality"].get(name, {})
            line += [_pair(got.get(key)) for key in ("sentence", "passage", "own")]
        line.append(f"{row['own_words']:.0f}" if "own_words" in row else "")
        lines.append(cells(*line))
    return lines


def _pair(value: list[float] | None) -> str:
    return " / ".join(f"{each:.3f}".removeprefix("0") for each in value) if value else ""


def goals(rows: Iterable[Row]) -> list[tuple[str, str, bool, str]]:
    """Each goal for each of our rows: whose, which, whether it is met, and the figures."""
    all_rows = list(rows)
    peers = [row for row in all_rows if not row["name"].startswith(OURS)]
    found: list[tuple[str, str, bool, str]] = []
    for row in (row for row in all_rows if row["name"].startswith(OURS)):
        if peers:
            found += [(row["name"], *goal) for goal in _beside(row, peers)]
        if steps := row["warm"].get("models_ms"):
            ratio = row["warm"]["median_ms"] / steps
            said = f"{row['warm']['median_ms']:.1f} ms / {steps:.1f} ms = {ratio:.2f}"
            found.append((row["name"], f"warm ≤ {WARM} × encoder + reader", ratio <= WARM, said))
    return found


def _beside(row: Row, peers: list[Row]) -> list[tuple[str, bool, str]]:
    def best(get: Callable[[Row], float], *, most: bool = False) -> tuple[float, str]:
        chosen = (max if most else min)(peers, key=get)
        return get(chosen), chosen["name"]

    found = []
    for key, unit in (("wall_s", "wall"), ("cpu_s", "CPU")):
        value, name = best(lambda each, key=key: each["start"][key])  # type: ignore[misc]
        ratio = row["start"][key] / value
        found.append(
            (
                f"start to first answer ≤ ⅓ of the best peer, {unit}",
                ratio <= START,
                f"{row['start'][key]:.2f} s / {value:.2f} s ({name}) = {ratio:.2f}",
            )
        )
    value, name = best(lambda each: each["build"]["rate"], most=True)
    rate = row["build"]["rate"]
    found.append(("build ≥ the best peer", rate >= value, f"{rate:.0f} / {value:.0f} a second ({name})"))
    value, name = best(lambda each: each["memory"]["ask_mb"])
    held = row["memory"]["ask_mb"]
    found.append(("memory < the best peer", held < value, f"{held:.0f} / {value:.0f} MB ({name})"))
    for corpus, got in row["quality"].items():
        for key in ("sentence", "passage"):
            pairs = [each["quality"][corpus][key] for each in peers if corpus in each["quality"]]
            if pairs:
                top = [max(each) for each in zip(*pairs, strict=True)]
                above = all(ours > theirs for ours, theirs in zip(got[key], top, strict=True))
                said = f"{_pair(got[key])} beside {_pair(top)}"
                found.append((f"right {key} above every peer ({corpus})", above, said))
    return found


def page(results: Row) -> str:
    """All tables of the results."""
    machine, rows = results["machine"], results["rows"]
    texts = "; ".join(
        f"{name}: {each['documents']} texts, {each['sentences']:,} sentences, {each['questions']} questions"
        for name, each in results["corpora"].items()
    )
    facts = (
        f"{results['date']}, {machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']} GB, "
        f"{machine['os']}, Python {machine['python']}; load {machine['load_before']} before and "
        f"{machine['load_after']} after. {texts}."
    )
    lines = [facts, "", *speed(rows), "", *quality(rows, results["corpora"]), ""]
    lines += [cells("program", "settings", "versions"), "|---|---|---|"]
    for row in rows:
        named = ", ".join(f"{name} {version}" for name, version in row["versions"].items())
        lines.append(cells(row["name"], row["settings"], named))
    lines += ["", cells("program", "goal", "", "figures"), "|---|---|---|---|"]
    lines += [cells(who, what, "met" if met else "**not met**", how) for who, what, met, how in goals(rows)]
    return "\n".join(lines)


def main() -> None:
    """Nothing; writes the tables into the page."""
    tables.put("benchmarks.md", MODULE, page(json.loads(RESULTS.read_text("utf-8"))))


if __name__ == "__main__":
    main()
