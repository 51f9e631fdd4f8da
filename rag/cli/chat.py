"""`onrecord chat`: the page."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.cli.articles import build
from rag.cli.shared import OK, port, put, with_sources
from rag.errors import IndexFault, ServeError
from rag.web.api.limits import RATE

if TYPE_CHECKING:
    from rag.web.settings import Settings

# More is no limit.
MOST_A_MINUTE = 1_000_000
# What a token is for unless told.
SCOPES = ("ask", "articles", "cite")


def commands(add: Any) -> None:
    """Nothing; the command is known."""
    chat = add.add_parser("chat", help="serve the page; builds the index if it is missing or stale")
    with_sources(chat)
    chat.add_argument("--port", type=port, default=7860, help="port (%(default)s)")
    chat.add_argument(
        "--host", metavar="ADDRESS", help="address to listen on (127.0.0.1; 0.0.0.0 with --public)"
    )
    chat.add_argument(
        "--site",
        metavar="URL",
        action="append",
        default=[],
        help="an address under which the page is reached",
    )
    chat.add_argument(
        "--public", action="store_true", help="for the web: see docs/publishers.md for what it turns off"
    )
    chat.add_argument("--embed", action="store_true", help="for a frame on the articles' own site")
    chat.add_argument(
        "--parent", metavar="URL", action="append", default=[], help="a site whose pages may frame this one"
    )
    chat.add_argument(
        "--colour",
        "--color",
        metavar="NAME=#RRGGBB",
        action="append",
        default=[],
        help="a colour of the page",
    )
    chat.add_argument(
        "--accounts", metavar="FILE", type=Path, help="lines NAME:PASSWORD; nobody else is let in"
    )
    chat.add_argument("--uploads", action="store_true", help="drafts may be given as files, up to 5 MB")
    chat.add_argument(
        "--tokens", metavar="FILE", type=Path, help="who may use /api, as `onrecord token` writes it"
    )
    chat.add_argument(
        "--rate",
        metavar="N",
        type=_rate,
        default=RATE,
        help="requests a minute to /api from each client (%(default)s)",
    )
    chat.add_argument(
        "--origin",
        metavar="URL",
        action="append",
        default=[],
        help="a site whose scripts may use /api",
    )
    chat.add_argument("--log", action="store_true", help="log what happens, one JSON object a line")
    chat.add_argument(
        "--log-questions", action="store_true", help="… with the questions; the page tells its readers"
    )
    chat.set_defaults(run=_chat)

    token = add.add_parser("token", help="make a token for a program that uses /api")
    token.add_argument("file", metavar="FILE", type=Path, help="where the tokens of the server are kept")
    token.add_argument("name", metavar="NAME", help="whose it is")
    token.add_argument(
        "--scope",
        action="append",
        metavar="SCOPE",
        help="what it is for: ask, articles, cite, check, mcp, metrics; again for each (ask, articles, cite)",
    )
    token.set_defaults(run=_token)


def _rate(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_A_MINUTE:
        raise argparse.ArgumentTypeError(
            f"the rate is {text!r}; expected a number from 1 to {MOST_A_MINUTE:,}"
        )
    return int(text)


def _token(arguments: argparse.Namespace) -> int:
    from rag.web import tokens

    put(tokens.new(arguments.file, arguments.name, arguments.scope or SCOPES))
    print(
        "onrecord: this is the token of "
        f"{arguments.name}; it is shown only now. Start the server with --tokens {arguments.file}",
        file=sys.stderr,
    )
    return OK


def _chat(arguments: argparse.Namespace) -> int:
    from rag import index
    from rag.web.app import serve

    settings = _settings(arguments)
    try:
        index.check_fresh(arguments.index, arguments.sources or None, arguments.model)
        index.load(arguments.index)
    except IndexFault as fault:
        print(f"building: {fault}", file=sys.stderr)
        build(arguments)
    serve(arguments.index, settings, events=arguments.log or arguments.log_questions)
    return OK


def _settings(arguments: argparse.Namespace) -> "Settings":
    """What the command line says of how the page is served; ServeError where it contradicts itself."""
    from rag.web import settings, tokens

    sites = tuple(settings.origin(each, "site") for each in arguments.site)
    parents = tuple(settings.origin(each, "parent") for each in arguments.parent)
    if arguments.public and not sites:
        raise ServeError(
            "--public needs --site, the address under which the page is reached: --site https://ask.example.org"
        )
    if parents and not arguments.embed:
        raise ServeError("--parent was given without --embed; expected both, or neither")
    if arguments.embed and not parents:
        raise ServeError(
            "--embed needs --parent, the site whose pages frame it: --parent https://www.example.org"
        )
    if arguments.public and arguments.uploads:
        raise ServeError(
            "--uploads and --public were both given; expected one: strangers' files are not taken"
        )
    return settings.Settings(
        port=arguments.port,
        host=arguments.host or ("0.0.0.0" if arguments.public else settings.HERE),  # noqa: S104
        sites=sites,
        parents=parents,
        embed=arguments.embed,
        public=arguments.public,
        uploads=arguments.uploads,
        tokens=tokens.Tokens.read(arguments.tokens) if arguments.tokens else None,
        rate=arguments.rate,
        origins=tuple(settings.origin(each, "origin") for each in arguments.origin),
        log_questions=arguments.log_questions,
        accounts=settings.accounts(arguments.accounts) if arguments.accounts else {},
        colours=settings.colours(arguments.colour),
    )
