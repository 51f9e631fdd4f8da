"""Documents of every format, and the facts beside them, taken in as `onrecord add` does."""

# ruff: noqa: E501 - markup and tables read better unbroken
# mypy: allow-untyped-calls

import io
import json
import shutil
from collections.abc import Callable, Hashable
from functools import partial
from pathlib import Path

import docx

from rag.index.parts import Spoken
from rag.ingest import article_of, covering, read_file
from rag.library import Library
from rag.reading import FORMATS
from rag.reading.turns import turns
from rag.records import Span
from tests.conftest import SEED
from tests.fuzz.mutation import MOST_BYTES, Mutator, in_json, in_text, in_zip
from tests.fuzz.target import Act, Stage, check_spoken, hold, target
from tests.reading.test_formats import PRINTED, column, interview, packed, print_pdf

_KEPT = Path(__file__).parent.parent / "reading" / "documents"

_LABELS = (
    "Why?\n\nKeith Mines: Oil is scarce. “Prices” rise.\n\nTalks go on.\n\nANA CARIDAD (00:01:02): No.\n"
)
_MARKDOWN = """\
---
title: A talk with Ann Lee and Bo Day
date: 2022-03-10
author: Tom Fox
tags: [a, b]
---
# A talk with Ann Lee

*Tom Fox asks.* ![alt](x.png)

**Q: Why [now](http://x.y "t")?**

**Ann Lee:** Because `it` *was* time[^1]. And &amp; so &#8212; on.

> Somebody: said this.

- one
  1. two

| Speaker | Words |
|---|---|
| Bo Day | Yes, of course it was. |
| Ann Lee | It was not so. |

***

A\\. No<br>**AL:** more. <b>Bo:</b> It is.

[^1]: A note.
"""
_PAGE = """\
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A talk</title>
<meta property="og:title" content="A talk with Ann Lee"><link rel="canonical" href="https://x.y/z">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A talk", "datePublished": "2022-03-10",
"author": [{"name": "Tom Fox"}], "publisher": {"name": "The Mill"}}</script></head>
<body><nav><a href="/">Home</a></nav><article><h1>A talk</h1><p><b>Why is it that the mill burned?</b></p>
<p><strong>Ann Lee:</strong> It was so dry that year &amp; the river was low&nbsp;— we had no water at all.</p>
<blockquote><p>“It was not so,” he said.</p></blockquote>
<dl><dt>Bo Day</dt><dd>Yes, we had none of it, and the wheel stood still for all of that year.</dd></dl>
<ul><li>One<li>Two</ul><table><tr><th>Who<th>What</tr><tr><td>Ann Lee<td>We rebuilt it.</tr></table>
<p>Bo Day: And then<br>Ann Lee: it burned again.</p><!-- no --><pre>a\n b</pre></article><footer>x</footer></body></html>
"""
_CUES = """\
1
00:00:01,000 --> 00:00:03,500
Ann Lee: When you go
to the <i>river</i>, it

2
00:00:03,500 --> 00:00:05,000
is cold.

3
00:00:08,000 --> 00:00:09,000
>> Bo Day: Is it?
- No.
"""
_WEB_CUES = """\
WEBVTT - A talk
Kind: captions
Language: en

STYLE
::cue { color: red }

NOTE a note

intro
00:01.000 --> 00:02.000 align:start position:0%
<v Ann Lee>The <c.x>mill</c> <00:01.500>burned.</v>

00:00:02.000 --> 00:00:04.000
<v.loud Bo Day>Did it? &amp; why
"""
_TABLE = 'speaker,start,words\nTom Fox,0:01,"Why, ""now""?"\nAnn Lee,0:02,"It was dry,\nand low."\n,,\nBo Day,0:03,Yes.\n'
_TABBED = "Name\tText\nTom Fox\tWhy now?\nAnn Lee\tIt was dry.\nTom Fox\tAnd then?\nAnn Lee\tIt burned.\n"
_TRANSCRIPTS = (
    {"segments": [{"speaker": "Ann Lee", "text": "It was dry.", "start": 0.5, "end": 2}, {"text": "Yes.", "speaker": 1}]},
    {"title": "A talk", "date": "2022-03-10", "utterances": [{"speaker": "A", "text": "Why?", "words": [{"text": "Why?"}]}]},
    {"results": {"channels": [{"alternatives": [{"transcript": "It was.", "paragraphs": {"paragraphs": [
        {"speaker": 0, "sentences": [{"text": "It was."}]}]}}]}]}},
    [{"name": "Ann Lee", "words": "We had none."}, {"name": "Bo Day", "words": "Why?"}],
    {"version": "1.0.0", "segments": [{"speaker": "Ann", "startTime": 0, "endTime": 1, "body": "It"}]},
    {"monologues": [{"speaker": 0, "elements": [{"type": "text", "value": "Yes"}, {"type": "punct", "value": "."}]}],
     "speakers": [{"id": 0, "name": "Ann Lee"}]},
    {"text": "Ann Lee: It was.\n\nBo Day: Why?", "language": "en"},
)  # fmt: skip
_FACTS = """\
id = "a-talk"
title = "A talk"
date = "2022-03-10"
publisher = "The Mill"
url = "https://x.y/z"
language = "en"

[[people]]
name = "Keith Mines" # by hand
role = "director"
aliases = ["KM", "Mr. Mines"]

[[people]]
name = "Ana Caridad"
"""


def _word() -> bytes:
    made = docx.Document()
    rows = [
        ("Ann Lee", "Yes, we went there."),
        ("Bo Day", "And then what was it?"),
        ("Ann Lee", "All of that."),
    ]
    grid = made.add_table(len(rows), 2)
    for at, row in enumerate(rows):
        for place, text in enumerate(row):
            grid.cell(at, place).text = text
    made.add_paragraph("Bo Day: Why?", style="List Number")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _json(tree: object) -> bytes:
    return json.dumps(tree).encode()


_INLINE: dict[str, tuple[Callable[[], bytes], ...]] = {
    ".txt": (
        lambda: _LABELS.encode(),
        lambda: _LABELS.replace("\n\n", "\r\n").encode("utf-16"),
        SEED.read_bytes,
    ),
    ".md": (lambda: _MARKDOWN.encode(),),
    ".html": (
        lambda: _PAGE.encode(),
        lambda: _PAGE.replace("utf-8", "iso-8859-1").encode("cp1252", "replace"),
    ),
    ".docx": (lambda: packed(interview()), _word),
    ".pdf": (
        lambda: print_pdf(
            [PRINTED[0] + column(PRINTED[1]), column(PRINTED[2])], Title="A talk", Author="Cy Fox"
        ),
        lambda: print_pdf(
            [column(["Ann Lee: It was dry.", "", "Bo Day: Why?", "Ann Lee: No."])], password=""
        ),
    ),
    ".srt": (lambda: _CUES.encode(),),
    ".vtt": (lambda: _WEB_CUES.encode(),),
    ".csv": (lambda: _TABLE.encode(),),
    ".tsv": (lambda: _TABBED.encode(),),
    ".json": tuple(partial(_json, each) for each in _TRANSCRIPTS),
}
_MUTATORS: dict[str, Mutator] = {".docx": in_zip, ".pdf": in_text, ".json": in_json}


def _seeds(ending: str) -> Callable[[Stage], list[bytes]]:
    def seeds(stage: Stage) -> list[bytes]:
        made = [make() for make in _INLINE[ending]]
        made += [path.read_bytes() for path in sorted(_KEPT.glob(f"*{ending}"))]
        return [data for data in made if len(data) <= MOST_BYTES]

    return seeds


def _document(ending: str) -> Act:
    def act(stage: Stage, data: bytes) -> Hashable:
        return taken_in(stage, stage.file(f"documents/talk{ending}", data))

    return act


for _ending in _INLINE:
    target(f"document{_ending}", _seeds(_ending), _MUTATORS.get(_ending, in_text))(_document(_ending))
assert {FORMATS[ending] for ending in _INLINE} == set(FORMATS.values()), "a format has no seeds"


@target("facts", lambda stage: [_FACTS.encode(), b"[[people]]\nname = 'Ana Caridad'\n", b""], in_text)
def facts(stage: Stage, data: bytes) -> Hashable:
    """Facts beside a document, and as a person edits those of a stored one."""
    document = stage.file("facts/talk.txt", _LABELS.encode())
    beside = stage.file("facts/talk.toml", b"")
    library = Library(stage.folder / "edited")
    if not library.heads:
        library.put(library.plan(read_file(document)), "add")
    stored = next(iter(library.heads))
    (library.folder / stored / "facts.toml").write_bytes(data)
    beside.write_bytes(data)
    shape = taken_in(stage, document)
    entry = library.entry(stored)
    made = article_of(stored, entry.document, entry.facts)
    check_spoken(Spoken(made, entry.blocks, turns(made.text, entry.blocks)))
    return shape


def taken_in(stage: Stage, path: Path) -> Hashable:
    """What is read of a file, every promise held: read back from disk it is the same."""
    index = stage.folder / "taken"
    shutil.rmtree(index, ignore_errors=True)
    raw = read_file(path)
    plan = Library(index).plan(raw)
    assert plan.ingested is not None
    article = article_of(plan.id, plan.ingested.document, plan.facts)
    _check_pieces(plan.ingested.document.text, [piece.span for piece in plan.ingested.document.pieces])
    check_spoken(Spoken(article, plan.blocks, plan.turns))
    covered = covering(plan.blocks, article.text)
    _check_pieces(article.text, [block.span for block in covered])
    Library(index).put(plan, "add")
    kept = Library(index)
    entry = kept.entry(plan.id)
    hold(entry.document == plan.ingested.document, "a document is stored otherwise than it was read")
    hold(entry.facts.people == plan.facts.people, "the people are stored otherwise than they were found")
    hold(entry.facts.title == plan.facts.title, "the title is stored otherwise than it was found")
    hold(entry.blocks == plan.blocks, "who says what is another once it is stored")
    hold(kept.plan(raw).status == "there", "a stored article is not known again")
    kinds = frozenset((piece.kind, piece.depth, bool(piece.bold)) for piece in entry.document.pieces)
    said = frozenset((block.kind, block.label is None, block.speaker is None) for block in plan.blocks)
    return kinds, said, min(len(plan.turns), 5), frozenset(each.field for each in entry.document.found)


def _check_pieces(text: str, spans: list[Span]) -> None:
    at = 0
    for span in spans:
        hold(at <= span.start < span.end <= len(text), "pieces overlap, or run out of the text")
        hold(not text[at : span.start].strip(), "words of the text are in no piece")
        at = span.end
    hold(not text[at:].strip(), "words of the text are in no piece")
