"""`python -m tests.fuzz`: tries inputs until the time is up; exit code 1 where something was found."""

import argparse
import logging
import secrets
import sys
from pathlib import Path

from tests.fuzz import TARGETS
from tests.fuzz.loop import run, tried
from tests.fuzz.target import Stage


def main() -> int:
    """The exit code: 0 where nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for all targets together (%(default)s)")
    parser.add_argument("--target", action="append", metavar="NAME", help="one of: " + ", ".join(TARGETS))
    parser.add_argument("--seed", help="which inputs are tried; a fresh one without")
    parser.add_argument("--input", type=Path, help="tries this file on the target, and nothing else")
    arguments = parser.parse_args()
    wanted = [name for name in TARGETS if not arguments.target or name.startswith(tuple(arguments.target))]
    if not wanted:
        parser.error(f"no such target; expected some of: {', '.join(TARGETS)}")
    stage = Stage()
    if arguments.input:
        shape, fault = tried(TARGETS[wanted[0]], stage, arguments.input.read_bytes())
        if fault is not None:
            raise fault
        print(shape)
        return 0
    seed = arguments.seed or secrets.token_hex(4)
    print(f"seed {seed}, {len(wanted)} targets, inputs in {stage.folder}")
    found = 0
    for name in wanted:
        done = run(TARGETS[name], stage, seed, arguments.seconds / len(wanted))
        found += len(done.findings)
        print(
            f"{name:15} {done.executions:7,} inputs, {done.per_minute:7,.0f} a minute, "
            f"{done.refused:7,} refused, {done.shapes:4} outcomes, "
            f"slowest {done.slowest:6.2f} s, {len(done.findings)} findings",
            flush=True,
        )
    print(f"{found} findings, seed {seed}")
    return 1 if found else 0


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # libraries complain of damaged files, which is all that they get
    sys.exit(main())
