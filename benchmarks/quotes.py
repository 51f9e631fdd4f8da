"""Whether every quote is a slice, everywhere: `python -m benchmarks.quotes [--count 10000]`.

Draws words of one turn at random, and sends them through everything that shows or hands on a quote: the
JSON of the command line and its text, the page's card, citations, selectors, and a brief in each format.
"""

import argparse
import html
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from random import Random

from docx import Document as Word
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from rag import index as index_store
from rag.answers import as_json, as_text
from rag.brief import FORMATS, MOST_PINS, export, parse, resolve
from rag.cite import cite, locate, selector
from rag.index.parts import Spoken
from rag.quotes import id_of, quote_at, quote_of
from rag.records import Answer, Quote, Span
from rag.web.page.talk import Cards


def main() -> None:
    """Nothing; prints how many quotes went through what, or stops at the first that is no slice."""
    parser = argparse.ArgumentParser(prog="benchmarks.quotes")
    parser.add_argument("--index", type=Path, default=Path("index"), help="(%(default)s)")
    parser.add_argument("--count", type=int, default=10_000, help="(%(default)s)")
    arguments = parser.parse_args()
    ways = through(index_store.contents(arguments.index), arguments.count)
    print(f"{arguments.count:,} quotes, each its slice of the stored text in: {', '.join(ways)}")


def through(articles: Sequence[Spoken], count: int) -> list[str]:
    """The ways that `count` quotes went; AssertionError at the first that comes out changed."""
    held = {spoken.article.id: spoken for spoken in articles}
    draw = Random(20)  # noqa: S311 - a draw, no secret
    quotes = [_drawn(articles, draw) for _ in range(count)]
    cards = Cards({}, held)
    for quote in quotes:
        said = quote.article.text[quote.span.start : quote.span.end]
        again = quote_of(id_of(quote), held)
        _same(said, again.text)
        answer = Answer("?", "answered", "", (quote,))
        row = json.loads(json.dumps(as_json(None, answer)))["quotes"][0]
        _same(said, row["text"])
        _same(said, quote.article.text[row["start"] : row["end"]])
        _holds(as_text(answer), said)
        card = re.search(r"<blockquote[^>]*>(.*?)</blockquote>", cards.answered(answer), re.DOTALL)
        _same(said, html.unescape(re.sub(r"</?span[^>]*>", "", card[1])) if card else None)
        _holds(cite(quote, held[quote.article.id].cast, "plain").text, said)
        _same(quote.span, locate(selector(quote), quote.article.text).span)
    for start in range(0, count, MOST_PINS):
        _exported(quotes[start : start + MOST_PINS], held)
    ways = ["id", "JSON", "terminal", "card", "citation", "selector"]
    return [*ways, *(f"brief.{kind}" for kind in FORMATS)]


def _drawn(articles: Sequence[Spoken], draw: Random) -> Quote:
    """Words of one turn, from any character to any other one."""
    while True:
        spoken = draw.choice(articles)
        turn = draw.choice(spoken.turns)
        first = draw.choice(turn.paragraphs)
        last = draw.choice([each for each in turn.paragraphs if each.start >= first.start])
        start = draw.randrange(first.start, first.end)
        end = draw.randrange(max(start, last.start), last.end) + 1
        span = Span(start, min(end, start + 2_000))
        quote = quote_at(spoken, span.start, span.end)
        if quote is not None and quote.text.strip() and quote.text == quote.text.strip():
            return quote


def _exported(quotes: Sequence[Quote], held: dict[str, Spoken]) -> None:
    brief = parse(json.dumps({"pins": [id_of(quote) for quote in quotes]}).encode(), "brief")
    made = resolve(brief, held)
    for kind in FORMATS:
        shown, at = _shown(kind, export(made, kind)), 0
        for quote in quotes:
            words = _squeezed(quote.text)
            at = shown.find(words, at)
            if at < 0:
                raise AssertionError(f"{quote.text!r} is not in the brief's {kind}, or not in its place")


def _shown(kind: str, data: bytes) -> str:
    """All the words of a document without blanks, as who opens it sees them."""
    if kind == "json":
        return _squeezed(" ".join(pin["shown"] for pin in json.loads(data)["pins"]))
    if kind == "html":
        return _squeezed(lxml_html.fromstring(data.decode()).text_content())
    if kind == "md":
        inline = [
            child for token in MarkdownIt("commonmark").parse(data.decode()) for child in token.children or []
        ]
        return _squeezed("".join(each.content for each in inline if each.type == "text"))
    return _squeezed("".join(each.text for each in Word(io.BytesIO(data)).paragraphs))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _same(one: object, other: object) -> None:
    if one != other:
        raise AssertionError(f"{one!r} came out as {other!r}")


def _holds(whole: str, words: str) -> None:
    if _squeezed(words) not in _squeezed(whole.replace("\n  |", "\n")):
        raise AssertionError(f"{words!r} is not in {whole!r}")


if __name__ == "__main__":
    main()
