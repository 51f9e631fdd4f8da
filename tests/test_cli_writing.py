"""The commands for a writer: cite, locate, brief, check."""

# mypy: allow-untyped-calls

import json
import zipfile

import pytest

from rag.cite import STYLES
from tests.conftest import CARIDAD, MINES, SEED

TEXT = SEED.read_text("utf-8")
PLAYED = "Until now, both have played “hard to get”"


@pytest.fixture
def played(article) -> str:
    start = TEXT.index(PLAYED)
    return f"{article.id}:{start}-{start + len(PLAYED)}:{article.version[:12]}"


def complains(result, says):
    code, out, err = result
    return code == 2 and not out and err.startswith("onrecord: ") and err.count("\n") == 1 and says in err


@pytest.mark.parametrize("style", STYLES)
def test_a_quote_is_cited_in_every_style(run, played, style):
    code, out, err = run("cite", played, "--style", style)
    assert (code, err) == (0, "")
    assert "United States Institute of Peace" in out


@pytest.mark.parametrize(
    ("alias", "style"), [("Chicago-Note", "chicago"), ("CSL", "csl-json"), ("APA", "apa")]
)
def test_styles_have_the_names_that_people_give_them(run, played, alias, style):
    assert run("cite", played, "--style", alias) == run("cite", played, "--style", style)


def test_a_citation_with_italics(run, played):
    assert "<i>United States Institute of Peace</i>" in run("cite", played, "--style", "mla", "--html")[1]


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["cite", "nonsense"], "expected ARTICLE:START-END:VERSION"),
        (["cite", "other:1-2:000000000000"], "onrecord list"),
        (["cite", "usip-venezuela-2022:1-2:000000000000"], "has changed since"),
        (["cite", "x", "--style", "harvard"], "expected one of: chicago"),
        (["ask", "oil?", "--cite", "harvard"], "expected one of: chicago"),
        (["locate", "{"], "no JSON"),
        (["locate", "[]"], "cannot be read"),
        (["locate", "{}"], "no exact words"),
        (["locate", "missing.json"], "cannot be read"),
        (["locate", '{"exact": "oil"}', "--article", "other"], "onrecord list"),
        (["brief", "missing.json", "-o", "a.docx"], "cannot be read"),
        (["brief", "missing.json", "-o", "a.pdf"], "expected .docx, .md, .html or .json"),
        (["brief", "missing.json"], "-o/--output"),
        (["check", "missing.md"], "cannot be read"),
        (["check", "."], "is a folder"),
        (["check", __file__], "expected one of .docx, .md, .txt, .html"),
    ],
)
def test_bad_input_is_told_in_one_line(run, argv, says):
    assert complains(run(*argv), says)


def test_an_answer_comes_with_its_citation(run):
    code, out, _ = run("ask", "Have both sides been playing hard to get?", "--cite", "chicago", "--json")
    quote = json.loads(out)["quotes"][0]
    assert code == 0
    assert quote["citation"] == run("cite", quote["id"])[1].strip()
    assert quote["citation"].startswith("Keith Mines, in Keith Mines and Ana Caridad, interview, ")
    assert (
        quote["citation"] in run("ask", "Have both sides been playing hard to get?", "--cite", "chicago")[1]
    )


# --- locate ----------------------------------------------------------------------------------------


def test_a_selector_is_found_again(run, played, tmp_path):
    selector = run("cite", played, "--selector")[1]
    file = tmp_path / "selector.json"
    file.write_text(selector, "utf-8")
    wrapped = json.dumps({"target": {"source": "usip-venezuela-2022", "selector": json.loads(selector)}})
    for given, stdin in ((selector, b""), (str(file), b""), ("-", selector.encode()), (wrapped, b"")):
        code, out, _ = run("locate", given, "--json", stdin=stdin)
        row = json.loads(out)
        assert code == 0
        assert (row["id"], row["text"], row["speaker"], row["drift"]) == (played, PLAYED, MINES, None)


@pytest.mark.parametrize(
    ("selector", "drift"),
    [
        ({"exact": "Until then, both have played"}, "gone"),
        ({"exact": "Until now, both have played", "prefix": "another word "}, "moved"),
        ({"exact": "Venezuela"}, "ambiguous"),
    ],
)
def test_drift_is_told_and_never_guessed(run, selector, drift):
    code, out, err = run("locate", json.dumps(selector), "--json")
    assert (code, json.loads(out)["drift"], err) == (1, drift, "")
    assert run("locate", json.dumps(selector))[1].startswith("drifted: the words are ")


# --- brief -----------------------------------------------------------------------------------------


def test_a_brief_is_exported(run, played, tmp_path):
    file = tmp_path / "brief.json"
    file.write_text(json.dumps({"title": "A brief", "pins": [{"quote": played, "note": "mine"}]}), "utf-8")
    for kind in ("docx", "md", "html", "json"):
        out = tmp_path / f"brief.{kind}"
        code, told, err = run("brief", str(file), "-o", str(out), "--style", "mla")
        assert (code, told, err) == (0, f"1 quote in {out}\n", "")
    assert "word/footnotes.xml" in zipfile.ZipFile(tmp_path / "brief.docx").namelist()
    assert PLAYED in (tmp_path / "brief.md").read_text("utf-8")
    assert "Mines, Keith, and Ana Caridad" in (tmp_path / "brief.html").read_text("utf-8")


def test_what_drifted_is_never_written(run, played, tmp_path):
    out = tmp_path / "brief.docx"
    bad = json.dumps({"pins": [played, played[:-12] + "000000000000"]}).encode()
    assert complains(run("brief", "-", "-o", str(out), stdin=bad), "quote 2 of the brief")
    assert not out.exists()


def test_warnings_about_cuts_go_to_standard_error(run, article, tmp_path):
    start = TEXT.index("The meetings were reportedly cordial")
    end = TEXT.index("While both sides spoke") - 1
    whole = f"{article.id}:{TEXT.index('The visit was also')}-{end}:{article.version[:12]}"
    brief = {"pins": [{"quote": whole, "keep": [[TEXT.index("The visit was also"), start - 1]]}]}
    code, _, err = run("brief", "-", "-o", str(tmp_path / "b.md"), stdin=json.dumps(brief).encode())
    assert code == 0
    assert err == "onrecord: quote 1: the cut leaves out whose words they are: “reportedly”\n"


# --- check -----------------------------------------------------------------------------------------

WRONG = (
    "Caridad said: “Until now, both have played ‘hard to get.’”\n\nMines said “it would take $20 billion.”"
)


def test_a_draft_with_faults_ends_in_1(run, tmp_path):
    file = tmp_path / "draft.md"
    file.write_text(WRONG, "utf-8")
    code, out, err = run("check", str(file), "--json")
    rows = json.loads(out)["quotations"]
    assert (code, err) == (1, "")
    assert [row["verdict"] for row in rows] == ["wrong_speaker", "altered"]
    assert [(row["credited"], row["said_by"]) for row in rows] == [(CARIDAD, MINES), (MINES, MINES)]
    for row in rows:
        assert WRONG[row["start"] : row["end"]] == row["text"]
        assert TEXT[row["source"]["start"] : row["source"]["end"]] == row["suggestion"]
    assert rows[0]["citation"].startswith("Keith Mines, in")
    code, out, _ = run("check", str(file))
    assert code == 1
    assert f"{file}:1:16: wrong: wrong speaker" in out
    assert out.endswith("2 quotations: 1 wrong speaker, 1 altered. 2 to mend.\n")


def test_offsets_are_of_a_text_that_the_program_has(run, tmp_path):
    """Of the file as it is, line ends and all; of a Word file or a page, of the text that comes along."""
    crlf = tmp_path / "draft.txt"
    crlf.write_bytes(b"\xef\xbb\xbf" + "Mines:\r\n\r\n“And that’s just\r\nfor starters.”\r\n".encode())
    (row,) = json.loads(run("check", str(crlf), "--json")[1])["quotations"]
    assert crlf.read_bytes().decode("utf-8-sig")[row["start"] : row["end"]] == row["text"]
    assert (row["verdict"], row["credited"]) == ("exact", MINES)
    page = tmp_path / "draft.html"
    page.write_text("<p>Mines said <q>and that’s just for starters</q>.</p>", "utf-8")
    told = json.loads(run("check", str(page), "--json")[1])
    (row,) = told["quotations"]
    assert told["draft"][row["start"] : row["end"]] == row["text"] == "and that’s just for starters"


def test_a_draft_without_faults_ends_in_0(run):
    good = "Mines said: “Until now, both have played ‘hard to get.’”".encode()
    code, out, err = run("check", "-", stdin=good)
    assert (code, err) == (0, "")
    assert "exact but for typography" in out
    assert out.endswith("Nothing to mend.\n")
    assert run("check", "-", stdin=b"No marks here.")[1].startswith("No quotations found")
