"""Citations of thirty kinds of record, held against what was checked by eye and by pandoc.

golden.json (sentences) and golden.toml (records for programs) were read line by line against the guides.
Where the styles of the CSL project can express it, pandoc's citeproc was the judge (2.17, styles of
November 2020: Chicago 17, APA 7, MLA 8); these are the places where we differ, and why:

- Points and commas: pandoc leaves them behind a quotation mark within a title (“… ‘No’.”); the American
  guides have them before it.
- Chicago: pandoc prints the title of an interview in italics; 14.108 has it in quotation marks, and
  "interview by". The speaker stands first, before "in …", since a note cites one person's words. Of more
  than six people the first three are named, as the 18th edition has it. Pandoc sorts "van der Berg" under B;
  we keep particles with the surname, since an article does not tell how its people sort themselves.
- MLA: pandoc puts "interview by" into the container; MLA 9 puts it behind the title. No "https://".
- APA: pandoc makes those who are interviewed the authors, as for a recording in an archive. A published
  interview has as its author who wrote or published it (APA 7, 8.36), so that the interviewer, else the
  publisher, stands first.
- Bluebook: pandoc has no type for an interview; rule 17.2.5 does. It prints the year alone, and the site in
  small capitals.

csl-data.json is the schema of the CSL project as it is, v1.0.2 with one mend (commit 40b3ce0); its licence
is in csl-data.LICENSE.
"""

# mypy: allow-untyped-calls

import json
import re
import tomllib
from html import unescape
from pathlib import Path

import jsonschema
import pytest
import rispy
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text

from rag.cite import STYLES, cite
from rag.cite.names import split
from rag.cite.prose import inside
from rag.errors import InputError
from rag.records import Article, Cast, Quote, Span, Turn
from tests.cite.records import ANA, RECORDS, SAID, record

HERE = Path(__file__).parent
GOLDEN = json.loads((HERE / "golden.json").read_text("utf-8"))
RECORDS_READ = tomllib.loads((HERE / "golden.toml").read_text("utf-8"))
SCHEMA = json.loads((HERE / "csl-data.json").read_text("utf-8"))
PROSE, DATA = STYLES[:6], STYLES[6:]


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("style", PROSE)
def test_each_style_is_as_its_guide_has_it(name, style):
    assert cite(*RECORDS[name], style).markdown.replace("\\", "") == GOLDEN[name][style]


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("style", DATA)
def test_each_record_is_as_it_was_read(name, style):
    made = cite(*RECORDS[name], style)
    assert made.text.replace("\r\n", "\n") == RECORDS_READ[name][style]
    assert len(made.runs) == 1
    assert not made.runs[0].italic


def test_the_golden_files_hold_these_records_alone():
    assert set(GOLDEN) == set(RECORDS_READ) == set(RECORDS)


@pytest.mark.parametrize("style", STYLES)
def test_a_citation_tells_its_style(style):
    assert cite(*RECORDS["everything"], style).style == style
    assert cite(*RECORDS["everything"], style.upper()).style == style


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("style", PROSE)
def test_no_point_is_set_twice(name, style):
    text = cite(*RECORDS[name], style).text
    assert not re.search(r"\.\.|[?!？]\.|’\.”|[,.] ?[,.]”|”[,.]", text)


def test_what_is_no_date_is_none():
    for date in ("2022-13", "soon", "2022-02-30", ""):
        assert cite(*record(ANA, (ANA,), date=date), "chicago").text == "Ana Caridad, interview, n.d."


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("“Hard to Get”", "‘Hard to Get’"),
        ("‘Open Doors’: Maduro’s Turn", "‘Open Doors’: Maduro’s Turn"),
        ("He Said, “She Said ‘No’”", "He Said, ‘She Said “No”’"),
        ('"Free" at last', "‘Free’ at last"),
        ("The Workers’ “Talk”", "The Workers’ ‘Talk’"),
        ("Rock ’n’ Roll", "Rock ’n’ Roll"),
        ("«Ya basta»", "«Ya basta»"),
    ],
)
def test_quotation_marks_in_a_title_alternate(title, expected):
    assert inside(title) == expected


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
        # … nor by where it stands in a file.
        blocks = [each.type for each in MarkdownIt("commonmark").parse(made.markdown)]
        assert blocks == ["paragraph_open", "inline", "paragraph_close"]
        assert unescape(re.sub(r"</?i>", "", made.html)) == made.text


LINES = st.text(st.sampled_from("ab1 \t\n#->=*_`~<&[]|.)+:\\"), min_size=1, max_size=40).filter(
    lambda text: bool(text.strip())
)


@given(LINES)
def test_a_quote_of_many_lines_keeps_its_words(said):
    """However a quote's lines begin, the link for a message shows its characters, blank space aside."""
    turn = Turn(ANA, None, (Span(0, len(said)),))
    made = cite(Quote(Article("made", said), turn, Span(0, len(said)), 1.0), Cast((ANA,)), "plain")
    assert f"“{said}”" in made.text
    tokens = MarkdownIt("commonmark").parse(made.markdown)
    assert {each.type for each in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    shown = "".join(
        child.content for each in tokens for child in each.children or [] if child.type.startswith("text")
    )
    assert "".join(shown.split()) == "".join(made.text.split())


@given(TEXTS)
def test_any_name_can_be_cited(name):
    """Whatever a name is, no style fails, and the three records read back."""
    quote, cast = record(name, (name,), (name,), title="Talks")
    for style in PROSE:
        assert cite(quote, cast, style).text
    (entry,) = parse_string(cite(quote, cast, "bibtex").text, "bibtex").entries.values()
    assert len(entry.persons["author"]) == 1
    (ris,) = rispy.loads(cite(quote, cast, "ris").text)
    assert "".join(ris["authors"][0].split()) == "".join(split(name).inverted.split())
    jsonschema.validate(json.loads(cite(quote, cast, "csl-json").text), SCHEMA)


@given(TEXTS, TEXTS)
@example("Why?` -- ``So'' --- <<a>> ,,b !`", "A--B")
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
        split(name).given or split(name).whole for name in cast.interviewees
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
        ("J.K. Rowling", "Rowling, J.K.", "Rowling, J. K."),
        ("Ki-moon Ban", "Ban, Ki-moon", "Ban, K."),
        ("Ji-sung Park", "Park, Ji-sung", "Park, J."),
        ("Cornel West", "West, Cornel", "West, C."),
        ("bell hooks", "hooks, bell", "hooks, b."),
        ("Louis XIV", "Louis XIV", "Louis XIV"),
        ("Bashar al-Assad", "al-Assad, Bashar", "al-Assad, B."),
        ("Mohammed bin Salman", "bin Salman, Mohammed", "bin Salman, M."),
        ("Jeanne d’Arc", "d’Arc, Jeanne", "d’Arc, J."),
        ("de la Cruz", "de la Cruz", "de la Cruz"),
        ("Juan Guaidó", "Guaidó, Juan", "Guaidó, J."),
        ("María Corina Machado", "Machado, María Corina", "Machado, M. C."),
        ("Diosdado Cabello Rondón", "Cabello Rondón, Diosdado", "Cabello Rondón, D."),
        ("Andrés Manuel López Obrador", "López Obrador, Andrés Manuel", "López Obrador, A. M."),
        ("Sergio Vieira de Mello", "Vieira de Mello, Sergio", "Vieira de Mello, S."),
        ("Edgar Allan Poe", "Poe, Edgar Allan", "Poe, E. A."),
        ("Ivan Sergeyevich Turgenev", "Turgenev, Ivan Sergeyevich", "Turgenev, I. S."),
        ("United Nations", "United Nations", "United Nations"),
        ("Human Rights Watch", "Human Rights Watch", "Human Rights Watch"),
        ("World Health Organization", "World Health Organization", "World Health Organization"),
        ("Agence France-Presse", "Agence France-Presse", "Agence France-Presse"),
        ("White House", "White House", "White House"),
        ("Al Jazeera", "Al Jazeera", "Al Jazeera"),
        ("Reuters Staff", "Reuters Staff", "Reuters Staff"),
        ("Office of the Press Secretary", "Office of the Press Secretary", "Office of the Press Secretary"),
        ("State Department", "State Department", "State Department"),
    ],
)
def test_names_are_turned_round_as_their_language_has_it(name, inverted, initials):
    assert (split(name).inverted, split(name).initials) == (inverted, initials)


def test_portuguese_sorts_by_the_last_name():
    assert split("Luiz Inácio Lula da Silva", "pt").inverted == "Silva, Luiz Inácio Lula da"
