"""`onrecord chat`: the page."""

import argparse
import sys
from typing import Any

from rag.cli.articles import build
from rag.cli.shared import OK, with_sources
from rag.errors import IndexFault


def commands(add: Any) -> None:
    """Nothing; the command is known."""
    chat = add.add_parser("chat", help="serve the page; builds the index if it is missing or stale")
    with_sources(chat)
    chat.add_argument("--port", type=_port, default=7860, help="port on 127.0.0.1 (%(default)s)")
    chat.set_defaults(run=_chat)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"the port is {text!r}; expected a number from 1 to 65535")
    return int(text)


def _chat(arguments: argparse.Namespace) -> int:
    from rag import index
    from rag.web.app import serve

    try:
        index.check_fresh(arguments.index, arguments.sources or None, arguments.model)
        index.load(arguments.index)
    except IndexFault as fault:
        print(f"building: {fault}", file=sys.stderr)
        build(arguments)
    serve(arguments.index, arguments.port)
    return OK
