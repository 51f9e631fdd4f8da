"""Tries inputs on a target for so long; what it finds is told, kept in a file and made small."""

import faulthandler
import re
import signal
import sys
import time
import traceback
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType

from rag.errors import OnRecordError
from tests.fuzz.target import Broken, Stage, Target, hold

# An input takes milliseconds. It is the processor's time that counts: a busy machine is no fault of the code.
MOST_SECONDS = 20.0
# An error's one line is read by a person; what was handed in is not told back whole.
MOST_WORDS = 600
# So much memory an input may take beside what the process has.
MOST_MEMORY = 3 * 1024**3
# So many inputs of which something new came are tried further beside the seeds.
MOST_KEPT = 200
# So long a finding is made smaller.
SHRINKING_SECONDS = 20.0
MOST_FINDINGS = 12


class Hang(BaseException):
    """An input took too long. No Exception, so that no code under test takes it for its own."""


@dataclass(frozen=True)
class Finding:
    """What went wrong under which input; `told` is the traceback."""

    target: str
    seed: str
    iteration: int
    key: str
    told: str
    data: bytes = field(repr=False)


@dataclass
class Run:
    """What came of a target: inputs tried, how long they took, the slowest, and what was found."""

    target: str
    executions: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    refused: int = 0
    shapes: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def per_minute(self) -> float:
        """Inputs tried in a minute."""
        return 60 * self.executions / self.seconds if self.seconds else 0.0


def run(target: Target, stage: Stage, seed: str, seconds: float, say: Callable[[str], None] = print) -> Run:
    """What came of a target in that many seconds; the same inputs in the same order for one seed."""
    seeds = list(target.seeds(stage))
    pool = list(seeds)
    seen: set[Hashable] = set()
    made, known = Run(target.name), set[str]()
    until = time.monotonic() + seconds
    iteration = 0
    while (time.monotonic() < until or iteration < len(seeds)) and len(made.findings) < MOST_FINDINGS:
        chance = Random(f"{seed} {target.name} {iteration}")
        # The seeds themselves first: what is valid must come through.
        data = (
            seeds[iteration] if iteration < len(seeds) else target.mutate(chance.choice(pool), seeds, chance)
        )
        (stage.folder / "last-input").write_bytes(data)  # what is left where the process itself dies
        began = time.process_time()
        shape, fault = tried(target, stage, data)
        took = time.process_time() - began
        made.executions += 1
        if took > made.slowest:
            made.slowest = took
            stage.file(f"slowest/{target.name}", data)
        made.refused += isinstance(shape, str) and shape.startswith("refused: ")
        if fault is not None and (key := _key(fault)) not in known:
            known.add(key)
            small = shrunk(target, stage, data, key)
            told = "".join(traceback.format_exception(tried(target, stage, small)[1] or fault))
            found = Finding(target.name, seed, iteration, key, told, small)
            made.findings.append(found)
            say(shown(found, _kept(stage, found)))
        elif fault is None and shape not in seen:
            seen.add(shape)
            if len(pool) < len(seeds) + MOST_KEPT:
                pool.append(data)
            else:
                pool[chance.randrange(len(seeds), len(pool))] = data
        iteration += 1
    made.seconds = time.monotonic() - until + seconds
    made.shapes = len(seen)
    return made


def tried(target: Target, stage: Stage, data: bytes) -> tuple[Hashable, BaseException | None]:
    """What comes of an input, and the fault where it is one."""
    try:
        with limited():
            return target.act(stage, data), None
    except OnRecordError as error:
        try:
            hold(
                len(str(error)) <= MOST_WORDS,
                f"an error has {len(str(error)):,} characters: {str(error)[:200]}",
            )
        except Broken as broken:
            return "refused", broken
        # What is in quotation marks or a number is the input's own.
        plain = re.sub(r"'[^']*'|\d+|[^\x20-\x7e]+", "", str(error))
        return f"refused: {type(error).__name__} {plain[:60]}", None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever is raised is what is looked for
        return "fault", error


@contextmanager
def limited() -> Iterator[None]:
    """A Hang or a MemoryError where what is done in it takes too much."""
    import resource

    def stop(number: int, frame: FrameType | None) -> None:
        raise Hang(f"over {MOST_SECONDS:g} seconds")

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGPROF, stop)
    resource.setrlimit(resource.RLIMIT_AS, (_in_use() + MOST_MEMORY, hard))
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    # What hangs in C cannot be stopped; where it does is told.
    faulthandler.dump_traceback_later(10 * MOST_SECONDS, file=sys.__stderr__ or 2)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGPROF, before)


def _in_use() -> int:
    """The address space that the process has taken, in bytes."""
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _key(fault: BaseException) -> str:
    """What tells a fault from others: its kind, and where in On Record it comes from."""
    frames = traceback.extract_tb(fault.__traceback__)
    own = [frame for frame in frames if "/rag/" in frame.filename]
    where = (own or frames)[-1] if frames else None
    place = f"{Path(where.filename).name}:{where.lineno}" if where and not isinstance(fault, Hang) else ""
    return f"{type(fault).__name__} {place} {str(fault)[:50] if isinstance(fault, Broken) else ''}".strip()


def shrunk(target: Target, stage: Stage, data: bytes, key: str) -> bytes:
    """The input without what the fault does not need: halves, quarters and so on are left out in turn."""
    until = time.monotonic() + SHRINKING_SECONDS
    size = len(data) // 2
    while size and not key.startswith("Hang"):
        at = 0
        while at < len(data):
            if time.monotonic() > until:
                return data
            less = data[:at] + data[at + size :]
            fault = tried(target, stage, less)[1]
            if fault is not None and _key(fault) == key:
                data = less
            else:
                at += size
        size //= 2
    return data


def _kept(stage: Stage, found: Finding) -> Path:
    name = re.sub(r"\W+", "-", f"{found.target}-{found.seed}-{found.iteration}")
    return stage.file(f"found/{name}", found.data)


def shown(found: Finding, path: Path) -> str:
    """A finding as a person reads it."""
    return (
        f"--- {found.target}, seed {found.seed}, iteration {found.iteration}: {found.key}\n{found.told}"
        f"input ({len(found.data)} bytes) in {path}: {found.data[:300]!r}\n"
    )
