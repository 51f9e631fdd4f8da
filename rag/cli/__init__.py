"""The command `onrecord`: arguments and exit codes. Turns an error into one line."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from rag.cli import articles, ask, chat, check, cite, mcp, measure, schema, verify
from rag.cli.shared import BAD, INTERRUPTED, OK, complain, home
from rag.errors import InputError, OnRecordError


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, answered or declined; 2 bad usage or bad input."""
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except OnRecordError as error:
        complain(str(error))
        return BAD
    except BrokenPipeError:
        # The reader of our output is gone, as after `| head`; that is no fault.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return INTERRUPTED


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line."""

    def error(self, message: str) -> NoReturn:
        complain(f"{message}; see `{self.prog} --help`")
        sys.exit(BAD)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="onrecord", description="Ask an interview; get the speaker's own words.")
    parser.add_argument("--version", action="store_true", help="print the version")
    parser.add_argument(
        "--index", type=Path, metavar="DIR", default=home() / "index", help="index folder (%(default)s)"
    )
    parser.set_defaults(run=_no_command)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for each in (ask, articles, cite, check, chat, mcp, measure, schema, verify):
        each.commands(commands)
    return parser


def _no_command(arguments: argparse.Namespace) -> int:
    if arguments.version:
        from importlib.metadata import version

        print(version("onrecord"))
        return OK
    raise InputError("no command given; see `onrecord --help`")
