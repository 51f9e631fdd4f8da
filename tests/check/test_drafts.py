"""Drafts of each kind: their text, their quotations and where these stand."""

# mypy: allow-untyped-calls

import io

import pytest
from docx import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Inches

from rag.check.draft import MAX_CHARACTERS, read_draft
from rag.check.quotations import quotations
from rag.errors import DraftError


def quoted(text, ending=".txt"):
    draft = read_draft(text if isinstance(text, bytes) else text.encode("utf-8"), "a" + ending, ending)
    return [each.span.of(draft.text) for each in quotations(draft)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He said “one two,” and “three.”", ["one two,", "three."]),
        ('He said "one two," and "three."', ["one two,", "three."]),
        ("He said ‘one two’, it’s ‘the workers’ union’ and ’90s.", ["one two", "the workers’ union"]),
        ("It's 'one two', the Joneses' house, don't.", ["one two"]),
        ("«un, deux» y « tres »", ["un, deux", " tres "]),
        ("„eins“ und »zwei« und „drei”", ["eins", "zwei", "drei"]),
        ("“one ‘two “three” four’ five”", ["one ‘two “three” four’ five"]),
        ("``one two'' said he", ["one two"]),
        ('A 5" pipe and a 6" one.', []),
        ("“one goes\n\n“two goes on\n\n“three ends,” he said.", ["one goes\n\n“two goes on\n\n“three ends,"]),
        ('"one goes\n\n"two ends," he said.', ['one goes\n\n"two ends,']),
        ("“never closed\n\nnext paragraph", ["never closed"]),
        ("He said:\n\n    set in\n    two lines\n\nnext", ["set in\n    two lines"]),
        ("", None),
    ],
)
def test_marks_of_every_kind(text, found):
    """Each quotation is found whole, those in it are part of it, and an apostrophe is no mark."""
    if found is None:
        with pytest.raises(DraftError, match="holds no text"):
            quoted(text)
    else:
        assert quoted(text) == found


def test_markdown_is_read_and_its_offsets_are_the_files():
    """Markup is in no word, code and front matter quote nobody, a block quotation is one quotation."""
    text = (
        '---\ntitle: "not this"\n---\n# A “heading”\n\n'
        'He said “*one* [two](http://x.y/“z”)[^1] \\"three\\"” &quot;four&quot;.\n\n'
        '> five\n> six\n>\n> — Keith Mines\n\n```\n"code"\n```\n\n'
        '`"code"` and ![“alt”](x.png)\n\n[^1]: In “seven”.\n'
    )
    draft = read_draft(text.encode(), "a.md", ".md")
    found = quotations(draft)
    assert [each.span.of(text) for each in found] == [
        "heading",
        '*one* [two](http://x.y/“z”)[^1] \\"three\\"',
        "four",
        "five\n> six",
        "seven",
    ]
    assert found[3].byline == "Keith Mines"
    assert draft.place(found[1].span.start)[1:] == (6, 10)


def word(build):
    document = Word()
    build(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_word_drafts_are_read_as_printed():
    """Runs are joined, block quotations are known by style or indent, deleted words are not there."""

    def build(document):
        paragraph = document.add_paragraph("He said “one ")
        paragraph.add_run("two").bold = True
        paragraph.add_run(",” and more.")
        document.add_paragraph("set as a quotation", style="Quote")
        document.add_paragraph("set in").paragraph_format.left_indent = Inches(0.5)
        document.add_paragraph("“in a list”", style="List Bullet")
        document.add_table(1, 1).cell(0, 0).text = "“in a table”"

    found = quoted(word(build), ".docx")
    # Two paragraphs set in behind each other are one block quotation.
    assert found == ["one two,", "set as a quotation\n\nset in", "in a list", "in a table"]


def test_deleted_words_and_doubles_of_text_boxes_are_not_there():
    """Tracked changes are read as accepted; a text box, stored twice for older programs, is read once."""
    box = (
        '<w:r {ns}><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:Choice Requires='wps'><w:txbxContent><w:p><w:r><w:t>“in a box”</w:t></w:r></w:p></w:txbxContent>"
        "</mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>“in a box”</w:t></w:r></w:p></w:txbxContent>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    change = (
        '<w:p {ns}><w:r><w:t xml:space="preserve">“one </w:t></w:r><w:del w:id="1" w:author="a">'
        '<w:r><w:delText>not </w:delText></w:r></w:del><w:ins w:id="2" w:author="a"><w:r><w:t>two</w:t></w:r>'
        "</w:ins><w:r><w:t>”</w:t></w:r></w:p>"
    )

    def build(document):
        document.add_paragraph("before")._p.append(parse_xml(box.replace("{ns}", nsdecls("w"))))
        document.element.body.insert(0, parse_xml(change.replace("{ns}", nsdecls("w"))))

    assert quoted(word(build), ".docx") == ["one two", "in a box"]


def test_web_pages_are_read_as_shown():
    page = (
        "<title>“no”</title><script>'“no”'</script><p>He said “one <b>two</b>,”<sup><a href='#fn1'>1</a>"
        "</sup> and <q>three</q></p><blockquote><p>four</p><p>five</p></blockquote>"
        "<ol><li id=fn1>Keith Mines, “six”.</ol>"
    )
    assert quoted(page, ".html") == ["one two,", "three", "four\n\nfive", "six"]


@pytest.mark.parametrize(
    ("data", "ending", "says"),
    [
        (b"x", ".pdf", "expected one of .docx, .md, .txt, .html"),
        (b"x", "", "expected one of"),
        (b"PK\x03\x04broken", ".docx", "save it again"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".docx", "without a password"),
        (b"a\0b", ".txt", "NUL bytes"),
        (b"\x81\x82\x83", ".md", "save it as UTF-8"),
        (b"  \n ", ".md", "holds no text"),
        (b"", ".html", "holds no text"),
        (b"a" * (MAX_CHARACTERS + 1), ".txt", "check it in parts"),
    ],
)
def test_what_is_no_draft_is_told_in_one_line(data, ending, says):
    with pytest.raises(DraftError, match=says) as error:
        read_draft(data, "a" + ending, ending)
    assert "\n" not in str(error.value)
