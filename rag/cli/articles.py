"""`onrecord build`, `add`, `remove`, `list`, `show`: what the index holds."""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.cli.shared import OK, Refused, bar, home, put, store, with_sources, with_store
from rag.errors import DateError, InputError, UnknownArticle

if TYPE_CHECKING:
    from rag.index.builds import Holder


def commands(commands: Any) -> None:
    """Nothing; the commands are known."""
    add = commands.add_parser("add", help="take interviews in: files, folders, web addresses")
    add.add_argument(
        "sources", nargs="+", metavar="SOURCE", help="a file, a folder (with all in it) or an address"
    )
    add.add_argument("--title", help="its title")
    add.add_argument("--date", help="when it was published: 2022, 2022-03 or 2022-03-10")
    add.add_argument("--url", help="where its readers find it")
    add.add_argument("--publisher", help="who published it")
    add.add_argument("--language", metavar="CODE", help="its language: en, es, …")
    add.add_argument("--speaker", action="append", metavar="NAME", help="who speaks in it; once for each")
    add.add_argument("--dry-run", action="store_true", help="only show what is understood of it")
    add.add_argument("--json", action="store_true", help="one JSON object a document")
    add.add_argument(
        "--allow-private", action="store_true", help="let addresses be of this machine or a private network"
    )
    add.set_defaults(run=_add)

    remove = commands.add_parser("remove", help="take articles out")
    remove.add_argument("ids", nargs="+", metavar="ID", help="an article's id, as `onrecord list` has it")
    remove.set_defaults(run=_remove)

    listing = commands.add_parser("list", help="list the articles")
    listing.add_argument("--json", action="store_true", help="one JSON object an article")
    listing.set_defaults(run=_list)

    show = commands.add_parser("show", help="show what is known of an article, and who speaks when")
    show.add_argument("id", metavar="ID", help="the article's id")
    show.add_argument("--json", action="store_true", help="as one JSON object")
    show.set_defaults(run=_show)

    make = commands.add_parser("build", help="make the index from articles")
    with_sources(make)
    with_store(make)
    make.add_argument(
        "--shard", metavar="K/N", help="only the K-th of N stretches of the documents; see merge"
    )
    make.set_defaults(run=build)

    merge = commands.add_parser("merge", help="put the shards of a build together")
    merge.add_argument(
        "shards", nargs="+", type=Path, metavar="DIR", help="an index that was made with build --shard"
    )
    with_store(merge)
    merge.set_defaults(run=_merge)


def build(arguments: argparse.Namespace) -> int:
    """The exit code, once the index is made."""
    from rag import index
    from rag.bot import some
    from rag.encoder import DEFAULT_MODEL, encoder_of
    from rag.index import archive, shards

    shard = shards.Shard.parse(arguments.shard) if getattr(arguments, "shard", None) else None
    if not arguments.sources and (shard or index.is_shard(arguments.index)):
        raise InputError(
            "a shard is built of documents that are named; "
            f"expected `onrecord build --shard {shard or 'K/N'} FOLDER`"
        )
    where = store(arguments)
    if shard and where:
        raise InputError("a shard fills no store; expected --store with `onrecord merge`, which does")
    encoder = encoder_of(arguments.model or DEFAULT_MODEL)
    if sys.stderr.isatty():
        print(f"loading {encoder.name} to embed the articles …", file=sys.stderr)
    refused = Refused()
    sources, gone = list(arguments.sources), []
    if not sources:
        roots = index.roots(arguments.index)
        sources = [root for root in roots or () if root.exists()]
        gone = [root for root in roots or () if not root.exists()]
        if roots is None:  # at first; an installed wheel brings no article
            sources = [home() / "seeds"]
            if not sources[0].exists():
                raise InputError("there is no article yet; add one: `onrecord add FILE`")
    made = archive.make(
        arguments.index,
        sources,
        encoder,
        refused,
        bar(),
        gone=gone,
        shard=shard,
        store=where,
        waiting=_waiting,
    )
    if made is not None:
        speakers = some(made.speakers) or "nobody by name"
        put(
            f"{made.articles:,} article(s), {made.passages:,} passages, speakers: {speakers}; "
            f"index in {arguments.index}"
        )
    return refused.code


def _merge(arguments: argparse.Namespace) -> int:
    from rag.index import shards

    made = shards.merge(arguments.index, arguments.shards, bar(), store=store(arguments), waiting=_waiting)
    put(f"{made.articles:,} article(s), {made.passages:,} passages; index in {arguments.index}")
    return OK


def _waiting(holder: "Holder") -> None:
    """Nothing; the line says for whom we wait."""
    who = "another process"
    if holder.since is not None:
        who = f"process {holder.pid} ({holder.doing}, since {holder.since.astimezone():%H:%M:%S})"
    print(f"waiting for {who} …", file=sys.stderr, flush=True)


def _add(arguments: argparse.Namespace) -> int:
    from rag import report
    from rag.index import archive

    sources = list(archive.sources(arguments.sources, allow_private=arguments.allow_private))
    flags = _flags(arguments, len(sources))
    refused = Refused()

    def told(source: archive.Source, plan: Any) -> None:
        if arguments.json:
            put(json.dumps(report.plan_json(plan, source.name), ensure_ascii=False))
        else:
            put(report.understood(plan, source.name, dry=arguments.dry_run))

    if arguments.dry_run:
        archive.look_at(arguments.index, sources, flags, refused, told)
        return refused.code
    made = archive.add(
        arguments.index,
        sources,
        flags,
        refused,
        told,
        progress=bar(),
        read=arguments.json,
        waiting=_waiting,
    )
    if made is not None and not arguments.json:
        put(f"{made.articles:,} article(s), {made.passages:,} passages; index in {arguments.index}")
    return refused.code


def _flags(arguments: argparse.Namespace, count: int) -> Any:
    """The facts given on the command line, if they can be facts."""
    from rag.dates import days
    from rag.reading.facts import Facts
    from rag.records import Person

    for key in ("title", "date", "url"):
        if getattr(arguments, key) is not None and count > 1:
            raise InputError(
                f"--{key} is of one document, and {count:,} are to be added; expected one at a time"
            )
    values = {key: getattr(arguments, key) for key in ("title", "date", "url", "publisher", "language")}
    names = [" ".join(name.split()) for name in arguments.speaker or ()]
    if empty := [key for key, value in values.items() if value is not None and not value.strip()]:
        raise InputError(f"--{empty[0]} is empty; expected text, or leave it out")
    if not all(names):
        raise InputError("--speaker is empty; expected a name, or leave it out")
    if arguments.date is not None and days(arguments.date) is None:
        raise DateError(f"--date is {arguments.date[:40]!r}; expected YYYY, YYYY-MM or YYYY-MM-DD")
    if arguments.language is not None and not re.fullmatch(r"[A-Za-z]{2,3}(?:-\w+)*", arguments.language):
        raise InputError(
            f"--language is {arguments.language[:40]!r}; expected a code of two letters, as en or es"
        )
    return Facts(**values, people=tuple(map(Person, dict.fromkeys(names))))


def _remove(arguments: argparse.Namespace) -> int:
    from rag.index import archive

    made = archive.remove(arguments.index, arguments.ids, bar(), waiting=_waiting)
    gone = ", ".join(dict.fromkeys(arguments.ids))
    put(f"removed {gone}; {made.articles:,} article(s) in {arguments.index}")
    return OK


def _list(arguments: argparse.Namespace) -> int:
    from rag import index, report

    for spoken in index.contents(arguments.index):
        row = (
            json.dumps(report.row_json(spoken), ensure_ascii=False)
            if arguments.json
            else report.row_text(spoken)
        )
        put(row)
    return OK


def _show(arguments: argparse.Namespace) -> int:
    from rag import index, report
    from rag.bot import some

    held = index.held(arguments.index)
    if arguments.id not in held:
        raise UnknownArticle(f"no article {arguments.id[:80]!r}; expected one of: {some(list(held))}")
    spoken = held[arguments.id]
    if arguments.json:
        put(json.dumps(report.article_json(spoken), ensure_ascii=False))
    else:
        put(report.article_text(spoken))
    return OK
