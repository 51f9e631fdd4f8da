"""What the fuzzer found, each told as the rule that was broken; the inputs are the smallest that broke it."""

# mypy: allow-untyped-calls

import io
import json
import time

import pytest
from docx import Document as Word

from rag import evaluate, reports
from rag.check import read_draft
from rag.check.quotations import quotations
from rag.compare import compared
from rag.errors import ArticleError, DraftError, InputError, OnRecordError
from rag.ingest import Raw, attribute, facts_of, ingest, read_file
from rag.library import Library
from rag.reading.labels import labels
from rag.reading.reported import reported
from rag.reading.turns import turns
from tests.fuzz.mutation import packed_as, unpacked
from tests.fuzz.on_files import _quotes
from tests.fuzz.target import Stage

# An input of a few kilobytes takes milliseconds; where time grew with the square or worse it took minutes.
SOON = 5.0
LONG = 600  # the longest that an error's line is


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """A small index."""
    return Stage(tmp_path_factory.mktemp("found"))


def read(text, ending=".txt"):
    """Who says what in a document."""
    made = ingest(Raw("s", "talk", "talk", text.encode(), ending))
    return turns(made.document.text, attribute(made.document, made.stated, made.decided, made.decided))


def soon(act):
    """What comes of it, in processor time that is little."""
    began = time.process_time()
    done = act()
    assert time.process_time() - began < SOON
    return done


@pytest.mark.parametrize("row", ["[1]", "[]", "[^1] ", "[1] [2] "])
def test_a_row_of_notes_numbers_is_read_in_one_way(row):
    """Brackets without a letter took twice the time for each one more: forty of them, days."""
    assert soon(lambda: labels(row * 500, ())) == []
    assert soon(lambda: read(f"{row * 500}\n\nAnn Lee: Yes, it is so.\n\nBo Day: No, it is not."))


def test_brackets_before_a_name_are_still_passed_over():
    """What is in brackets before a label, or around it, is no part of the name."""
    for text in ("[1] Ann Lee: Yes.", "[Laughs] Ann Lee: Yes.", "[Ann Lee]: Yes.", "[2][x] Ann Lee: Yes."):
        assert any(each.name == "Ann Lee" for each in labels(text, ())), text


@pytest.mark.parametrize(
    "sign", ["#", "# ", "*", "\\*", "-", "* ", "—", "_", "\u00a0", "(", "“", "=", "30-", ":"]
)
@pytest.mark.parametrize("before", ["", "Ann", "Ann Lee: ", "end", "("])
def test_a_long_row_of_signs_takes_no_time(before, sign):
    """A paragraph of thousands of signs is read at once, whatever stands before and behind."""

    def act():
        try:
            return read(f"Ann Lee: Yes, it is.\n\n{before}{sign * 8_000} x.\n\nBo Day: No.")
        except OnRecordError:
            return ()

    soon(act)


def test_thousands_of_quotation_marks_in_one_answer_take_no_time():
    """Whether quoted words stand alone is seen right before them, not by reading all that went before."""
    text = "She said: " + "“a” " * 8_000 + "and then: “We have none of it left.”"
    assert [span.of(text) for span in soon(lambda: reported(text))] == ["“We have none of it left.”"]


def test_thousands_of_names_in_an_introduction_take_no_time():
    """Who talks is told at the head of a paragraph; a list of thousands of names is not read for it."""
    soon(lambda: read("Ann Lee is a miller " * 2_000 + "\n\nAnn Lee: Yes, it is.\n\nBo Day: No."))


@pytest.mark.parametrize("ending", ["\r", "\r\n", "\n"])
def test_a_markdown_draft_is_read_by_any_ends_of_lines(ending):
    """A carriage return alone ends a line in Markdown too; and front matter quotes nobody."""
    text = '---\ntitle: "not this"\n---\n# Oil\n\nHe said “one.”\n\n> two\n'.replace("\n", ending)
    draft = read_draft(text.encode(), "a.md", ".md")
    found = [each.span.of(draft.text).strip() for each in quotations(draft)]
    assert "“one.”" in text
    assert "one." in found
    if ending != "\r":  # front matter is written by programs, and none of these ends lines so
        assert [each.lstrip("> ") for each in found] == ["one.", "two"]
    assert read_draft(b"\rs", "a.md", ".md").text == "\rs"


@pytest.mark.parametrize("sign", ["`", "[](", "[](a)", "“a” ", "&", "<", "*_", "\\"])
def test_a_long_row_of_markup_in_a_draft_takes_no_time(sign):
    draft = soon(lambda: read_draft((sign * 4_000 + " x “one.”").encode(), "a.md", ".md"))
    assert len(draft.plain) == len(draft.text)


def word(change):
    """A Word document whose parts were changed."""
    file = io.BytesIO()
    made = Word()
    made.add_paragraph("He said “one.”")
    made.save(file)
    parts = unpacked(file.getvalue())
    return packed_as({name: change(name, part, parts) for name, part in parts.items()})


def test_a_word_draft_that_is_damaged_inside_is_refused_in_one_line():
    """A part in the place of another, or notes that are no XML: told as such, and what to do."""
    swapped = word(
        lambda name, part, parts: parts["word/numbering.xml" if name == "word/document.xml" else name]
    )
    with pytest.raises(DraftError, match=r"save it as \.docx again"):
        read_draft(swapped, "a.docx", ".docx")


@pytest.mark.parametrize("page", [b"<!", b"", b" ", b"<!-- x", b"<?", b"<!DOCTYPE"])
def test_a_page_without_any_element_is_a_draft_that_holds_no_text(page):
    with pytest.raises(DraftError, match="holds no text"):
        read_draft(page, "draft.html", ".html")


@pytest.mark.parametrize(
    "toml",
    [
        "title = [" + "0," * 2_000 + "]",
        f'date = "{"(" * 5_000}"',
        f'"{"k" * 5_000}" = 1',
        f"people = [{{name = 1, role = '{'x' * 5_000}'}}]",
        f"title = {'9' * 5_000}",
        f"title = 0x{'f' * 5_000}",
        f"[[people]]\nname = 'a'\naliases = ['{'x' * 5_000}', 1]",
        "title = '" + "\\" * 3_000,
        "a." * 3_000 + "a = 1",
        "title = " + "[" * 3_000,
    ],
)
def test_facts_that_are_none_are_told_in_one_short_line(toml):
    """What was found is told cut short; a number of thousands of digits is no crash."""
    with pytest.raises(ArticleError) as error:
        facts_of(toml.encode(), "talk.toml")
    assert len(str(error.value)) <= LONG
    assert "talk.toml" in str(error.value)


@pytest.mark.parametrize(
    "place", [{"start": True, "end": 5}, {"start": 0.5, "end": 2.5}, {"start": 5, "end": 2}]
)
def test_a_place_in_a_question_set_is_whole_numbers_in_order(place):
    row = {"id": "a", "kind": "x", "question": "Why?", "speaker": None, "answers": [place]}
    with pytest.raises(InputError, match="an answer runs from"):
        evaluate.labelled(row, "line 1")


def test_a_report_is_kept_whole_behind_one_that_was_cut_short(stage, tmp_path):
    """A line that was never finished takes only itself away; one nested without end is left out."""
    quote = _quotes(stage.small)[0]
    (tmp_path / reports.FILE).write_text("[" * 100_000 + "\n" + '{"question": "Is')
    told = reports.Report("Why?", (), quote.article.id and _id(quote), "no_answer")
    reports.add(tmp_path, told, stage.small.held)
    reports.add(tmp_path, told, stage.small.held)
    assert [row["question"] for row in reports.read(tmp_path)] == ["Why?", "Why?"]
    lines = (tmp_path / reports.FILE).read_text().splitlines()
    assert json.loads(lines[-1])["question"] == "Why?"


def _id(quote):
    from rag.quotes import id_of

    return id_of(quote)


@pytest.mark.parametrize("ending", [".txt", ".md", ".srt", ".html"])
@pytest.mark.parametrize(
    "row", ["Ann\u00a0" + " " * 20_000 + "x", "." * 20_000 + " x", "Ann" + "\u00a0" * 8_000 + "x"]
)
def test_a_long_row_of_blanks_or_points_takes_no_time(row, ending):
    """… in a line of any format; where a pattern looks for the end of a row, it begins at its start alone."""
    text = f"1\n00:00:01,000 --> 00:00:02,000\nAnn Lee: Yes, it is.\n\n{row}\n\nBo Day: No, it is not."
    soon(lambda: read(text, ending))


@pytest.mark.parametrize("row", [" " * 20_000, "\u00ad" * 20_000])
def test_a_long_row_of_blanks_in_a_block_quotation_takes_no_time(row):
    draft = read_draft(f"> one{row}x “two” {row}\n\nend".encode(), "a.md", ".md")
    assert soon(lambda: quotations(draft))


@pytest.mark.parametrize("number", ["9" * 5_000, "0x" + "f" * 5_000, "-0x" + "f" * 5_000])
@pytest.mark.parametrize("row", ["date: {}", "author: {}", "{}: x", "title: [{}]"])
def test_a_number_of_thousands_of_digits_in_front_matter_is_no_fact(number, row):
    """Python cannot print it, and says so with a ValueError; the document is read without it."""
    text = f"---\n{row.format(number)}\n---\nAnn Lee: Yes, it is.\n\nBo Day: No, it is not."
    assert len(read(text, ".md")) == 2


@pytest.mark.parametrize(
    "sign", [": ", "- ", "– ", ", ", "? ", ". ", "and ", " on", "a ", "\u00a0", "vs ", "Ana and "]
)
@pytest.mark.parametrize(
    "asked", ["Do Mines and Ana agree on {}x{}", "compare what they say {}", "{}x Mines, Ana"]
)
def test_a_long_question_is_read_at_once(asked, sign):
    """Whoever sends a thousand signs in a row gets an answer as soon as anybody else."""
    question = asked.format(sign * 400, sign * 400)
    soon(lambda: compared(question, ("Keith Mines", "Ana Caridad")))


def test_the_signs_around_a_topic_are_no_part_of_it():
    for question in ("Do Mines and Ana agree on – oil, please?!", "compare what they say about: oil, and on"):
        made = compared(question, ("Keith Mines", "Ana Caridad"))
        assert made is not None
        assert made.topic == "oil"


@pytest.mark.parametrize("odd", [{"time": 1e999}, {"x": float("nan")}, {"history": [1e999]}, {"text": [1]}])
def test_what_reports_are_read_can_be_written_as_json(stage, tmp_path, odd):
    """A report with what no report holds is left out, or read without it."""
    row = {"question": "Why?", "history": [], "quote": "q", "fault": "no_answer", **odd}
    (tmp_path / reports.FILE).write_text(json.dumps(row) + "\n")
    json.dumps(reports.looked_at(reports.read(tmp_path), stage.cheap), allow_nan=False)


@pytest.mark.parametrize("cell", ["[Ann Lee", "(Ann Lee)", "[", "()", ",", "[,", " ( "])
def test_a_speaker_in_brackets_is_named_and_brackets_alone_name_nobody(cell):
    """Whose words they are is told by the cell or by nothing; no name is blank."""
    rows = (
        (cell, "It was so dry."),
        ("Bo Day", "Why was it so?"),
        (cell, "Who knows that?"),
        ("Bo Day", "I do."),
    )
    table = "speaker,words\n" + "\n".join(f'"{who}",{said}' for who, said in rows)
    found = read(table, ".csv")
    named = "Ann Lee" if "Ann" in cell else None
    assert [turn.speaker for turn in found] == [named, "Bo Day", named, "Bo Day"]


@pytest.mark.parametrize("ending", [".csv", ".tsv"])
@pytest.mark.parametrize("text", [",", ",,\n,", "\t\n\t", '""', " ; "])
def test_a_table_of_empty_cells_is_refused_in_one_line(text, ending):
    with pytest.raises(ArticleError):
        read(text, ending)


def test_half_a_character_in_a_name_is_stored_as_the_sign_for_what_cannot_be_read(tmp_path):
    """JSON can hold half a character, and no file can: names are made whole as texts are."""
    rows = [{"speaker": f"Ann \ud800{who}", "text": f"It was so dry, {who}."} for who in "ABAB"]
    path = tmp_path / "talk.json"
    path.write_text(json.dumps({"segments": rows}))
    library = Library(tmp_path / "index")
    library.put(library.plan(read_file(path)), "add")
    entry = library.entry("talk")
    assert all("\ud800" not in person.name for person in entry.facts.people)
