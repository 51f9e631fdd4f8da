"""What programs and people hand in beside: briefs, selectors, ids of quotes, question sets, reports."""

import json
from collections.abc import Hashable
from pathlib import Path

from rag import evaluate, reports
from rag.brief import FORMATS, export, parse, resolve
from rag.brief.pins import kept_as
from rag.cite import STYLES, cite, link, selector
from rag.errors import OnRecordError
from rag.index import Index
from rag.quotes import id_of, quote_at, quote_of
from rag.records import Quote
from tests.fuzz.mutation import in_json, in_json_lines, in_text
from tests.fuzz.on_questions import commanded
from tests.fuzz.target import Stage, check_quote, hold, target, written

_QUESTIONS = Path(__file__).parent.parent / "questions"


def _quotes(index: Index) -> list[Quote]:
    """Every sentence as a quote, and a whole turn."""
    spoken = next(iter(index.held.values()))
    spans = [(passage.span.start, passage.span.end) for passage in index.passages]
    spans.append((spoken.turns[0].paragraphs[0].start, spoken.turns[0].paragraphs[-1].end))
    return [quote for span in spans if (quote := quote_at(spoken, *span))]


def _briefs(stage: Stage) -> list[bytes]:
    one, two, *_, whole = _quotes(stage.small)
    spans = [[each.span.start, each.span.end] for each in _quotes(stage.small)[:2]]
    made = [
        {
            "title": "A brief",
            "style": "apa",
            "language": "es-419",
            "pins": [
                {"quote": id_of(whole), "note": "First *this*.\n\nThen <that>.", "keep": spans[:1]},
                {"quote": id_of(whole), "keep": spans, "text": whole.text},
                {"article": "small", "start": one.span.start, "end": one.span.end},
                id_of(two),
            ],
        },
        {"question": "Why?", "quotes": [{"id": id_of(one), "text": one.text}]},
        [id_of(one), {"quote": {"article": "small", "start": two.span.start, "end": two.span.end}}],
    ]
    return [json.dumps(each).encode() for each in made]


@target("brief", _briefs, in_json)
def brief(stage: Stage, data: bytes) -> Hashable:
    """Pinned quotes, each word of them from the article, written in every format, and read back."""
    held = stage.small.held
    made = resolve(parse(data, "brief.json"), held)
    for pin in made.pins:
        check_quote(pin.quote, held)
        for each in pin.stretches:
            hold(pin.quote.span.covers(each), "what is kept is not of the quote")
    for kind in FORMATS:
        if kind != "docx" or len(made.pins) <= 5:  # Word's library takes its time
            export(made, kind)
    again = resolve(parse(written(kept_as(made.brief, made.pins)), "again.json"), held)
    hold([pin.text for pin in again.pins] == [pin.text for pin in made.pins], "a brief is kept otherwise")
    return (
        made.brief.style,
        min(len(made.pins), 4),
        frozenset(len(pin.stretches) for pin in made.pins),
        made.title[:3],
    )


@target("selector", lambda stage: [json.dumps(each).encode() for each in _selectors(stage)], in_json)
def selectors(stage: Stage, data: bytes) -> Hashable:
    """`onrecord locate -`: a place whose words are the selector's, or why there is none."""
    code, out, err = commanded(["--index", str(stage.index), "locate", "-", "--json"], data)
    told = json.loads(out) if out else {}
    if code == 0:
        text = stage.small.articles[0].text
        hold(told["text"] == text[told["start"] : told["end"]], "what was located is no slice")
    return code, told.get("drift"), told.get("id") is None, err[:40]


def _selectors(stage: Stage) -> list[object]:
    made: list[object] = [selector(quote) for quote in _quotes(stage.small)]
    source = {"source": "https://example.org/talk", "selector": made[0]}
    return [*made, {"target": source}, {"exact": "scarce", "prefix": "Oil is ", "suffix": ""}]


@target("quote-id", lambda stage: [id_of(quote).encode() for quote in _quotes(stage.small)], in_text)
def ids(stage: Stage, data: bytes) -> Hashable:
    """The quote of that id, cited in every style."""
    held = stage.small.held
    quote = quote_of(data.decode("utf-8", "surrogateescape"), held)
    check_quote(quote, held)
    for style in STYLES:
        cite(quote, held[quote.article.id].cast, style).text.encode("utf-8")
    link(quote)
    return quote.span.end - quote.span.start


def _sets(stage: Stage) -> list[bytes]:
    rows = (_QUESTIONS / "typed.jsonl").read_bytes().splitlines()[:3]
    rows += (_QUESTIONS / "dev.jsonl").read_bytes().splitlines()[:3]
    own = {"id": "a", "kind": "x", "question": "Is oil scarce?", "speaker": "Keith Mines"}
    made: list[dict[str, object]] = [
        {**own, "answers": ["Oil is scarce."], "article": "small"},
        {**own, "id": "b", "answers": [{"start": 0, "end": 20}], "of": "a", "history": ["Gold?"]},
        {**own, "speaker": None, "answers": [], "said_by": "Ana Caridad"},
    ]
    return [b"\n".join(rows), "\n".join(map(json.dumps, made)).encode()]


@target("question-set", _sets, in_json_lines)
def question_sets(stage: Stage, data: bytes) -> Hashable:
    """The figures of a question set."""
    labelled = evaluate.read_questions(stage.file("set.jsonl", data))
    outcomes = evaluate.run(stage.cheap, labelled)
    report = evaluate.report(outcomes)
    written(evaluate.as_json(report))
    evaluate.as_text(report).encode("utf-8", "replace")
    "\n".join(evaluate.misses(outcomes)).encode("utf-8", "replace")
    return min(len(labelled), 3), report.slips is None, frozenset(o.place for o in outcomes)


def _reports(stage: Stage) -> list[bytes]:
    quote = _quotes(stage.small)[0]
    row = {
        "time": "2022-03-10T10:00:00+00:00",
        "question": "Is oil scarce?",
        "history": ["Gold?"],
        "quote": id_of(quote),
    }
    lines = [
        {**row, "fault": fault, "speaker": quote.speaker, "text": quote.text} for fault in reports.FAULTS
    ]
    return ["\n".join(map(json.dumps, lines)).encode(), json.dumps(row).encode() + b"\n"]


@target("reports", _reports, in_json_lines)
def kept_reports(stage: Stage, data: bytes) -> Hashable:
    """What readers reported, a line that is none left out; and a report that is made of it anew."""
    folder = stage.file(f"reports/{reports.FILE}", data).parent
    rows = reports.looked_at(reports.read(folder), stage.cheap)
    written(rows)
    reports.as_text(rows).encode("utf-8", "replace")
    for row in rows[:3]:
        again = reports.Report(row["question"], tuple(map(str, row["history"])), row["quote"], row["fault"])
        try:
            reports.add(folder, again, stage.small.held)
        except OnRecordError:
            continue
        hold(len(reports.read(folder)) > 0, "a report was not kept")
    return min(len(rows), 3), frozenset(row["today"] for row in rows)
