"""`onrecord cite`, `locate`, `brief`: quotes for a writer's document."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rag.cli.shared import OK, WRONG, put, read_given, with_style
from rag.errors import InputError, UnknownArticle

# A selector of a quote of 1,000 words; more is something else.
MAX_SELECTOR = 100_000


def commands(add: Any) -> None:
    """Nothing; the commands are known."""
    cite = add.add_parser("cite", help="cite a quote: a footnote, an entry, a record, a selector")
    cite.add_argument("quote", metavar="QUOTE_ID", help="as `onrecord ask` prints it")
    with_style(cite)
    cite.add_argument("--html", action="store_true", help="with italics, as HTML")
    cite.add_argument("--selector", action="store_true", help="its place as a W3C TextQuoteSelector")
    cite.set_defaults(run=_cite)

    locate = add.add_parser(
        "locate", help="find a quote by its TextQuoteSelector; exit code 1 when it drifted"
    )
    locate.add_argument("selector", metavar="SELECTOR", help="JSON, a file of it, or - for standard input")
    locate.add_argument("--article", metavar="ID", help="the article to look in")
    locate.add_argument("--json", action="store_true", help="as one JSON object")
    locate.set_defaults(run=_locate)

    brief = add.add_parser("brief", help="export pinned quotes with footnotes")
    brief.add_argument("brief", metavar="FILE", help="the pinned quotes, JSON; - is standard input")
    brief.add_argument(
        "-o", "--output", metavar="OUT", type=Path, required=True, help="a .docx, .md, .html or .json file"
    )
    with_style(brief, default=None)
    brief.set_defaults(run=_brief)


def _cite(arguments: argparse.Namespace) -> int:
    from rag import index
    from rag.cite import cite, selector
    from rag.quotes import quote_of

    held = index.held(arguments.index)
    quote = quote_of(arguments.quote, held)
    if arguments.selector:
        put(json.dumps(selector(quote), ensure_ascii=False, indent=1))
        return OK
    made = cite(quote, held[quote.article.id].cast, arguments.style)
    put((made.html if arguments.html else made.text).removesuffix("\r\n"))
    return OK


def _locate(arguments: argparse.Namespace) -> int:
    from rag import index
    from rag.cite import locate
    from rag.quotes import id_of, quote_at

    selector, source = _selector(arguments.selector)
    held = index.held(arguments.index)
    wanted = arguments.article or next(
        (name for name, each in held.items() if source and source in (name, each.article.url)), None
    )
    if arguments.article is not None and arguments.article not in held:
        raise UnknownArticle(f"no article {arguments.article[:80]!r}; see `onrecord list`")
    looked = [held[wanted]] if wanted else list(held.values())
    found = [(each, locate(selector, each.article.text)) for each in looked]
    places = [(each, located.span) for each, located in found if located.span is not None]
    if len(places) == 1:
        each, span = places[0]
        quote = quote_at(each, span.start, span.end)
        row = {
            "article": each.article.id,
            "start": span.start,
            "end": span.end,
            "text": span.of(each.article.text),
            "speaker": quote.speaker if quote else None,
            "id": id_of(quote) if quote else None,
            "drift": None,
        }
        where = f"{each.article.id}, characters {span.start} to {span.end}"
        put(
            json.dumps(row, ensure_ascii=False)
            if arguments.json
            else f"{where}\n{span.of(each.article.text)}"
        )
        return OK
    drifts = {located.drift for _, located in found}
    drift = (
        "ambiguous" if len(places) > 1 or "ambiguous" in drifts else "moved" if "moved" in drifts else "gone"
    )
    put(json.dumps({"article": wanted, "drift": drift}) if arguments.json else f"drifted: {DRIFTS[drift]}")
    return WRONG


DRIFTS = {
    "gone": "the words are not there any more",
    "moved": "the words are there, but not between the same words",
    "ambiguous": "the words are there more than once, and nothing tells which are meant",
}


_SELECTOR = "expected JSON or a file of it"


def _selector(given: str) -> tuple[dict[str, Any], str | None]:
    """The selector, and the address or id of the text that it is of, where that is told."""
    try:
        written = given.lstrip().startswith("{")
        text = given if written else read_given(given, MAX_SELECTOR, "selector", _SELECTOR).decode("utf-8")
        row = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError('the selector is no JSON; expected {"type": "TextQuoteSelector", …}') from None
    if not isinstance(row, dict):
        raise InputError(f"the selector is a JSON {type(row).__name__}; expected an object")
    target = row.get("target", row)  # an annotation holds it as its target's selector
    if isinstance(target, dict) and isinstance(target.get("selector"), dict):
        source = target.get("source")
        return target["selector"], source if isinstance(source, str) else None
    return row, None


def _brief(arguments: argparse.Namespace) -> int:
    from dataclasses import replace

    from rag import index
    from rag.brief import MAX_BYTES, export, format_of, parse, resolve

    kind = format_of(arguments.output)
    name = arguments.brief
    data = read_given(name, MAX_BYTES + 1, "brief", "check its name")
    brief = parse(data, "standard input" if name == "-" else name)
    if arguments.style:
        brief = replace(brief, style=arguments.style)
    made = resolve(brief, index.held(arguments.index))
    done = export(made, kind)
    try:
        arguments.output.write_bytes(done)
    except OSError as error:
        raise InputError(
            f"{arguments.output} cannot be written ({error.strerror}); choose another place with -o"
        ) from None
    for number, warning in made.warnings:
        print(f"onrecord: quote {number}: {warning}", file=sys.stderr)
    put(f"{len(made.pins)} quote{'s' * (len(made.pins) != 1)} in {arguments.output}")
    return OK
