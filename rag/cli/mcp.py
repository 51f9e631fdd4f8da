"""`onrecord mcp`: the interviews for models, over the Model Context Protocol."""

import argparse
from pathlib import Path
from typing import Any

from rag.cli.shared import OK, port
from rag.errors import InputError, ServeError

PORT = 7861


def commands(add: Any) -> None:
    """Nothing; the command is known."""
    mcp = add.add_parser("mcp", help="serve models over the Model Context Protocol, on stdin and stdout")
    mcp.add_argument("--http", action="store_true", help="over streamable HTTP instead")
    mcp.add_argument("--port", type=port, help=f"port ({PORT})")
    mcp.add_argument(
        "--host", metavar="ADDRESS", help="address to listen on (127.0.0.1; another needs --tokens)"
    )
    mcp.add_argument(
        "--site",
        metavar="URL",
        action="append",
        default=[],
        help="an address under which it is reached from elsewhere",
    )
    mcp.add_argument(
        "--tokens", metavar="FILE", type=Path, help="tokens with the scope mcp; nobody else is let in"
    )
    mcp.set_defaults(run=_mcp)


def _mcp(arguments: argparse.Namespace) -> int:
    from rag.interviews import Interviews

    if arguments.http:
        return _over_http(arguments)
    given = [name for name in ("port", "host", "site", "tokens") if getattr(arguments, name)]
    if given:
        raise InputError(f"--{given[0]} was given without --http; expected both, or neither")
    interviews = Interviews.opening(arguments.index, fresh=True)
    # The models load while the protocol's library does; a client is answered before they are there.
    from rag.web.mcp import over_stdio

    over_stdio(interviews)
    return OK


def _over_http(arguments: argparse.Namespace) -> int:
    from rag.interviews import Interviews
    from rag.web.settings import HERE, LOCAL, origin

    host, port = arguments.host or HERE, arguments.port or PORT
    sites = tuple(origin(each, "site") for each in arguments.site)
    if host not in LOCAL | {"::1"} and arguments.tokens is None:
        raise ServeError(
            f"--host {host[:80]} needs --tokens FILE; without it whoever reaches this machine could ask"
        )
    scopes = _scopes(arguments.tokens) if arguments.tokens else None
    interviews = Interviews.opening(arguments.index, fresh=True)
    from rag.web.mcp import PATH, listen, over_http

    with listen(host.strip("[]"), port) as listening:
        print(f"On Record: http://{host}:{port}{PATH}", flush=True)
        over_http(interviews, listening, sites, scopes)
    return OK


def _scopes(file: Path) -> Any:
    """What tells which scopes a header Authorization allows."""
    from rag.web.tokens import Tokens

    return Tokens.read(file).scopes
