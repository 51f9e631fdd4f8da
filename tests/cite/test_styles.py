"""Citations of sixteen kinds of record, held against what was checked by eye and by pandoc.

golden.json was read line by line against the guides. Where the styles of the CSL project can express it,
pandoc's citeproc was the judge; these are the places where we differ, and why:

- Chicago: pandoc prints the title of an interview in italics; 14.108 has it in quotation marks, and
  "interview by". The speaker stands first, before "in …", since a note cites one person's words.
- MLA: pandoc puts "interview by" into the container; MLA 9 puts it behind the title. No "https://".
- APA: pandoc makes those who are interviewed the authors, as for a recording in an archive. A published
  interview has as its author who wrote or published it (APA 7, 8.36), so that the interviewer, else the
  publisher, stands first.
- Bluebook: pandoc has no type for an interview; rule 17.2.5 does.
"""

# mypy: allow-untyped-calls

import json
import re
from pathlib import Path

import jsonschema
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text

from rag.cite import STYLES, cite
from rag.cite.names import split
from rag.errors import InputError
from tests.cite.records import ANA, RECORDS, SAID, record

HERE = Path(__file__).parent
GOLDEN = json.loads((HERE / "golden.json").read_text("utf-8"))
SCHEMA = json.loads((HERE / "csl-data.json").read_text("utf-8"))
PROSE = STYLES[:6]


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("style", PROSE)
def test_each_style_is_as_its_guide_has_it(name, style):
    assert cite(*RECORDS[name], style).markdown.replace("\\", "") == GOLDEN[name][style]


def test_a_style_that_is_none_is_told():
    with pytest.raises(InputError, match="expected one of: chicago, "):
        cite(*RECORDS["everything"], "harvard")


TEXTS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u00a0"),
    min_size=1,
    max_size=60,
).filter(lambda text: bool(text.strip()))


@given(TEXTS, TEXTS)
def test_nothing_in_a_fact_is_markup(title, publisher):
    """HTML and Markdown show exactly the characters of the facts, whatever they are."""
    for style in PROSE:
        made = cite(*record(ANA, (ANA,), title=title, publisher=publisher), style)
        assert re.sub(r"</?i>", "", made.html).count("<") == 0
        shown = MarkdownIt("commonmark").parseInline(made.markdown)[0]
        children = shown.children or []
        assert "".join(each.content for each in children if each.type == "text") == made.text
        assert {each.type for each in children} <= {"text", "em_open", "em_close"}


@given(TEXTS, TEXTS)
def test_bibtex_reads_back_the_same(title, publisher):
    made = cite(
        *record(ANA, (ANA, "Reuters Staff"), title=title, publisher=publisher, date="2022-03"), "bibtex"
    )
    (entry,) = parse_string(made.text, "bibtex").entries.values()
    latex = LatexNodes2Text(keep_comments=True, strict_latex_spaces=True)

    def plain(text):
        braces = text.replace(r"\textbraceleft{}", r"\{").replace(r"\textbraceright{}", r"\}")
        return latex.latex_to_text(braces).replace("ˆ", "^")  # pylatexenc's name for \\textasciicircum

    assert [str(each) for each in entry.persons["author"]] == ["Caridad, Ana", "{Reuters Staff}"]
    assert entry.fields["title"].startswith("{")
    assert entry.fields["year"] == "2022"
    # BibTeX counts braces, escaped ones too.
    assert entry.fields["title"].count("{") == entry.fields["title"].count("}")
    assert "".join(plain(entry.fields["title"]).split()) == "".join(title.split())
    assert "".join(plain(entry.fields["howpublished"]).split()) == "".join(publisher.split())


@given(TEXTS, TEXTS)
def test_ris_reads_back_the_same(title, publisher):
    made = cite(
        *record(ANA, (ANA,), ("Rosa Peña",), title=title, publisher=publisher, date="2022-03-10"), "ris"
    )
    (entry,) = rispy.loads(made.text)
    assert entry["authors"] == ["Caridad, Ana"]
    assert entry["secondary_authors"] == ["Peña, Rosa"]
    assert " ".join(entry["title"].split()) == " ".join(title.split())
    assert " ".join(entry["publisher"].split()) == " ".join(publisher.split())
    assert (entry["year"], entry["date"]) == ("2022", "2022/03/10/")
    assert SAID in entry["notes"][0]


@pytest.mark.parametrize("name", RECORDS)
def test_csl_json_is_what_its_schema_says(name):
    quote, cast = RECORDS[name]
    items = json.loads(cite(quote, cast, "csl-json").text)
    jsonschema.validate(items, SCHEMA)
    assert items[0].get("title") == (quote.article.title or None)
    assert [each.get("literal") or each["given"] for each in items[0].get("author", [])] == [
        split(name).whole if split(name).body else split(name).given for name in cast.interviewees
    ]
    assert SAID in items[0]["note"]


@pytest.mark.parametrize(
    ("name", "inverted", "initials"),
    [
        ("Keith Mines", "Mines, Keith", "Mines, K."),
        ("María José García López", "García López, María José", "García López, M. J."),
        ("Gabriel García Márquez", "García Márquez, Gabriel", "García Márquez, G."),
        ("Luis Gutiérrez Esparza", "Gutiérrez Esparza, Luis", "Gutiérrez Esparza, L."),
        ("Ana María Caridad", "Caridad, Ana María", "Caridad, A. M."),
        ("José Ortega y Gasset", "Ortega y Gasset, José", "Ortega y Gasset, J."),
        ("Juan de la Cruz", "de la Cruz, Juan", "de la Cruz, J."),
        ("Robert De Niro", "De Niro, Robert", "De Niro, R."),
        ("Martin Luther King Jr.", "King, Martin Luther, Jr.", "King, M. L., Jr."),
        ("Dr. Ana Ruiz", "Ruiz, Ana", "Ruiz, A."),
        ("Mary Glantz, Ph.D.", "Glantz, Mary", "Glantz, M."),
        ("J. K. Rowling", "Rowling, J. K.", "Rowling, J. K."),
        ("Jean-Luc Godard", "Godard, Jean-Luc", "Godard, J.-L."),
        ("John Maynard Keynes", "Keynes, John Maynard", "Keynes, J. M."),
        ("Madonna", "Madonna", "Madonna"),
        ("Office of the Press Secretary", "Office of the Press Secretary", "Office of the Press Secretary"),
        ("State Department", "State Department", "State Department"),
    ],
)
def test_names_are_turned_round_as_their_language_has_it(name, inverted, initials):
    assert (split(name).inverted, split(name).initials) == (inverted, initials)


def test_portuguese_sorts_by_the_last_name():
    assert split("Luiz Inácio Lula da Silva", "pt").inverted == "Silva, Luiz Inácio Lula da"
