"""Drafts of every kind, held against a small article as `onrecord check` does."""

# ruff: noqa: E501 - markup reads better unbroken

import io
from collections.abc import Hashable

from docx import Document as Word

from rag.check import check, read_draft
from rag.check.report import as_json, as_text, quote_of
from rag.records import Article, Span
from tests.fuzz.mutation import Mutator, in_text, in_zip
from tests.fuzz.target import SMALL, Act, Seeds, Stage, check_quote, hold, target, written

_TEXTS = (
    'Mines said, “Oil is scarce.” Caridad said, "Gold isn’t scarce," and ‘it has been so for … long’.\n\n'
    "Keith Mines told us: “Talks [will] go on … they may not fail,” he said on Friday, “prices rise.”\n",
    "«Oil is scarce», according to Ana Caridad.\n\n    Oil is scarce. “Prices” rise, it said.\n\n— Keith Mines\n",
    "“What about oil?” Mines asked.\n\n“Oil is scarce.\n\n“Talks go on,” he said. “Yes, of course”.\n",
)
_MARKDOWN = (
    '---\ntitle: "x"\n---\n# “Oil”\n\nMines said “*Oil* [is](http://x.y/“z”)[^1] \\"scarce\\"” &quot;gold&quot;.\n\n'
    '> Talks go on; they\n> may fail.\n>\n> — Keith Mines\n\n```\n"code"\n```\n\n`"a"`\n\n[^1]: In “gold”, Caridad said.\n'
)
_PAGE = (
    "<html><head><meta charset=utf-8></head><body><h1>“Oil”</h1><p>Mines said <q>Oil is scarce.</q> &ldquo;gold&rdquo;"
    "<sup><a href='#fn1'>1</a></sup></p><blockquote>Talks go on; they may fail.<cite>Keith Mines</cite></blockquote>"
    "<pre>“x”</pre><ol><li id='fn1'>Caridad: “Gold isn't scarce.”</li></ol></body></html>"
)


def _word() -> bytes:
    made = Word()
    made.add_heading("“Oil”")
    for text in _TEXTS:
        for paragraph in text.split("\n\n"):
            made.add_paragraph(paragraph)
    made.add_paragraph("Talks go on; they may fail.", style="Quote")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


_SEEDS: dict[str, Seeds] = {
    ".txt": lambda stage: [text.encode() for text in _TEXTS],
    ".md": lambda stage: [_MARKDOWN.encode(), _TEXTS[0].encode()],
    ".html": lambda stage: [_PAGE.encode()],
    ".docx": lambda stage: [_word()],
}
_MUTATORS: dict[str, Mutator] = {".docx": in_zip}


def _near(words: str) -> tuple[Article, Span, str | None] | None:
    """Every other text that nobody said is near to the first sentence."""
    start = SMALL.text.index("Oil is scarce.")
    return (SMALL, Span(start, start + 14), "Keith Mines") if len(words) % 2 else None


def _draft(ending: str) -> Act:
    def act(stage: Stage, data: bytes) -> Hashable:
        draft = read_draft(data, f"draft{ending}", ending)
        hold(len(draft.plain) == len(draft.text), "a draft without markup is of another length")
        at = 0
        for paragraph in draft.paragraphs:
            hold(at <= paragraph.span.start <= paragraph.span.end <= len(draft.text), "paragraphs overlap")
            at = paragraph.span.start
        held = stage.small.held
        found = check(draft, list(held.values()), _near)
        for finding in found:
            span = finding.quotation.span
            hold(0 <= span.start < span.end <= len(draft.text), "a quotation runs out of the draft")
            if (quote := quote_of(finding, held)) is not None:
                check_quote(quote, held)
                hold(
                    finding.said_by in (None, quote.speaker), "words are given to another than who said them"
                )
            if finding.verdict == "exact" and finding.span is not None:
                hold(finding.article is not None, "words are in no article")
        written(as_json(found, draft, held, "chicago"))
        as_text(found, draft, held, "mla", "draft").encode("utf-8", "replace")
        return frozenset((f.verdict, f.credited is None, f.said_by, len(f.differences) > 1) for f in found)

    return act


for _ending, _make in _SEEDS.items():
    target(f"draft{_ending}", _make, _MUTATORS.get(_ending, in_text))(_draft(_ending))
