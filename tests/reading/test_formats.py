"""Every kind of file: what is read of it, what is left out, and files that are none of their kind."""

# mypy: allow-untyped-calls

import io
import json
import zipfile
from importlib import import_module

import docx
import pytest
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from rag.errors import ArticleError
from rag.reading import FORMATS, MAX_BYTES, SUFFIXES, documents, open_document, read
from rag.reading.formats import docx as word
from rag.reading.formats import html, markdown, pdf, subtitles, table, transcript
from rag.reading.formats import text as plain
from rag.reading.pieces import NOBODY

LONG = "The second wheel came after the flood, when we had the money and nothing else to spend it on."


def shown(document):
    """Kind and text of each piece."""
    return [(piece.kind, piece.span.of(document.text)) for piece in document.pieces]


def said(document):
    """Speaker and text of each piece."""
    return [(piece.speaker, piece.span.of(document.text)) for piece in document.pieces]


def bold(document):
    """What is printed in bold."""
    return [span.of(document.text) for piece in document.pieces for span in piece.bold]


def facts(document, field):
    """The values found for a field."""
    return [found.value for found in document.found if found.field == field]


def refused(act, *says):
    """The one line of the ArticleError that `act` raises."""
    with pytest.raises(ArticleError) as error:
        act()
    message = str(error.value)
    assert "\n" not in message
    for words in says:
        assert words in message
    return message


def check(document):
    """Pieces are in order, do not overlap, hold words, and bold lies inside; between them is blank space."""
    at = 0
    for piece in document.pieces:
        assert at <= piece.span.start < piece.span.end
        assert not document.text[at : piece.span.start].strip()
        assert piece.span.of(document.text).strip()
        assert all(piece.span.covers(span) and span.start < span.end for span in piece.bold)
        at = piece.span.end
    assert not document.text[at:].strip()


# --- bytes to text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Ann Lee: Sí.".encode(), "Ann Lee: Sí."),
        ("\ufeffAnn Lee: Sí.".encode(), "Ann Lee: Sí."),
        ("Ann Lee: Sí.".encode("utf-16"), "Ann Lee: Sí."),
        (b"\xfe\xff" + "Ann: Sí.".encode("utf-16-be"), "Ann: Sí."),
    ],
)
def test_utf8_and_utf16_are_read(data, text):
    """UTF-8 with or without a byte-order mark and UTF-16 with one are read, the mark aside unchanged."""
    assert plain.read(data, "x.txt").text == text


WRAPPED = """\
                       A talk about mills
RUIZ: I was born in a village on the river that has no name on
any map, and my father mended boats there for thirty years of
his life. He was a good man.
    The mill came later, and with the mill came the money that
nobody had seen before in that valley, and with the money the
quarrels: between brothers, between fathers and sons, and then
LEE: And then?
RUIZ: Go on and ask the others, who were there when it burned.
LEE: I did.
"""


def test_the_wrapped_lines_of_a_paragraph_are_joined():
    """In a text with full lines a paragraph is what stands between short ones, labels and insets."""
    assert shown(plain.read(WRAPPED.encode(), "x.txt")) == [
        ("paragraph", "A talk about mills"),
        (
            "paragraph",
            "RUIZ: I was born in a village on the river that has no name on any map, and my father mended "
            "boats there for thirty years of his life. He was a good man.",
        ),
        (
            "paragraph",
            "The mill came later, and with the mill came the money that nobody had seen before in that "
            "valley, and with the money the quarrels: between brothers, between fathers and sons, and then",
        ),
        ("paragraph", "LEE: And then?"),
        ("paragraph", "RUIZ: Go on and ask the others, who were there when it burned."),
        ("paragraph", "LEE: I did."),
    ]


def test_a_text_with_a_paragraph_a_line_keeps_its_lines():
    """Long lines, or short ones that end in the middle of a sentence, are what they are: kept."""
    for text in (f"{LONG} {LONG}\n{LONG} and\nso on\n" * 9, "Lee: a poem of mine\nhas short lines\n" * 9):
        assert plain.read(text.encode(), "x.txt").text == text


def test_windows_1252_is_read_where_it_is_certain_and_told():
    """A long Spanish text in Windows-1252 is read, and the document says so."""
    words = (
        "Ana Ruiz: Según los datos del año pasado, la situación económica mejoró. ¿Por qué? Mañana también. "
    )
    document = plain.read((words * 3).encode("cp1252"), "x.txt")
    assert document.text == words * 3
    assert "Windows-1252" in document.left_out[0]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Ann Lee: café", "cp1252"),
        ("Şimdi İstanbul'da güneşli bir gün yaşıyoruz, değil mi? " * 3, "cp1254"),
        ("Zażółć gęślą jaźń, mówi Ana. Później przyszła wiosna. " * 3, "cp1250"),
        ("Анна: Привет, как дела? Сегодня мы поговорим о погоде. " * 3, "cp1251"),
        ("Ana Ruiz: Según los datos, la situación mejoró. ¿Por qué? " * 3, "mac_roman"),
        ("今日は天気について話しましょう。それは面白いです。" * 3, "shift_jis"),
    ],
)
def test_other_encodings_are_refused_and_never_guessed(text, encoding):
    """A text in any other encoding, or too short to be certain of, is refused: save it as UTF-8."""
    refused(lambda: plain.read(text.encode(encoding), "x.txt"), "x.txt", "UTF-8")


@pytest.mark.parametrize("data", [b"Ann\0Lee", bytes(range(256)), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"])
def test_bytes_that_are_no_text_are_refused(data):
    """NUL bytes are in no text."""
    refused(lambda: plain.read(data, "x.txt"), "x.txt")


def test_plain_text_is_kept_and_a_piece_is_a_line():
    """The text is stored as it is; lines that have words are pieces, and a row of marks is a rule."""
    text = " Ann Lee: A\u00a0b. \r\n\r\n* * *\n\u00a0\nC.\n"
    document = plain.parse(text)
    assert document.text == text
    assert shown(document) == [("paragraph", "Ann Lee: A\u00a0b."), ("rule", "* * *"), ("paragraph", "C.")]


# --- Markdown


def md(*paragraphs):
    return markdown.parse("\n\n".join(paragraphs), "x.md")


def test_markup_goes_and_words_stay():
    """Links keep their words, images and emphasis marks go, entities are decoded, wrapping is undone."""
    document = md("A [link](http://x.y/z)\nand *one* `bit` &amp; ![alt](a.png)more\u00a0of ’it’.")
    assert document.text == "A link and one bit & more\u00a0of ’it’."
    assert document.left_out == ("images: 1",)


def test_the_kinds_of_paragraphs():
    """Headings with their level, rules, items with their nesting, quotes and code are told apart."""
    document = md(
        "## On *water*", "* * *", "- one\n  - two", "1. three\n\n   four", "> five", "```\nx = 1\n```"
    )
    assert shown(document) == [
        ("heading", "On water"),
        ("rule", "* * *"),
        ("item", "one"),
        ("item", "two"),
        ("item", "1. three"),
        ("paragraph", "four"),
        ("quote", "five"),
        ("code", "x = 1"),
    ]
    assert [piece.depth for piece in document.pieces] == [2, 0, 1, 2, 1, 1, 0, 0]


def test_a_year_that_looks_like_a_lists_number_is_kept():
    """A paragraph that begins "1984." is a list to Markdown; the number is the author's and stays."""
    assert md("1984. That was the year.").text == "1984. That was the year."


@pytest.mark.parametrize(
    ("source", "text", "strong"),
    [
        ("**Ann Lee:** Yes.", "Ann Lee: Yes.", "Ann Lee:"),
        ("**Ann Lee**: Yes.", "Ann Lee: Yes.", "Ann Lee"),
        ("__Ann Lee:__ Yes.", "Ann Lee: Yes.", "Ann Lee:"),
        ("**Ann Lee: **Yes.", "Ann Lee: Yes.", "Ann Lee:"),
        ("**Ann Lee:**Yes.", "Ann Lee:Yes.", "Ann Lee:"),
        ("** Ann Lee:** Yes.", "Ann Lee: Yes.", "Ann Lee:"),
        ("<b>Ann Lee:</b> Yes.", "Ann Lee: Yes.", "Ann Lee:"),
        ("**Ann** **Lee:** Yes.", "Ann Lee: Yes.", "Ann Lee:"),
        ("**[Ann Lee](http://x.y):** Yes.", "Ann Lee: Yes.", "Ann Lee:"),
    ],
)
def test_bold_labels_however_they_are_marked(source, text, strong):
    """A label in bold is bold also where CommonMark, for a blank too many, shows the stars."""
    document = md(source)
    assert (document.text, bold(document)) == (text, [strong])


def test_an_escaped_star_is_a_star():
    """Escaped stars are the author's, not markup."""
    assert md(r"\*\*No\*\* and **yes**").text == "**No** and yes"


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("**Ann:** One.\n**Bo:** Two.", ["Ann: One.", "Bo: Two."]),
        ("Ann: One.\nBo: Two.", ["Ann: One.", "Bo: Two."]),
        ("Q: Why?\nA: Because.", ["Q: Why?", "A: Because."]),
        ("P.- ¿Por qué?\nR.- Porque sí.", ["P.- ¿Por qué?", "R.- Porque sí."]),
        ("**Why?**\nBecause.", ["Why?", "Because."]),
        ("One.  \nTwo.", ["One.", "Two."]),
        ("One<br>two\\\nthree", ["One two three"]),
        ("Ann: I was —\nBo: No.\n\nBo: And?", ["Ann: I was —", "Bo: No.", "Bo: And?"]),
        ("He said:\nread http://x.y/z now", ["He said: read http://x.y/z now"]),
    ],
)
def test_speakers_on_neighbouring_lines_are_parted(source, texts):
    """Lines of one paragraph are joined, but not where a label or an answer begins."""
    assert [text for _, text in shown(md(source))] == texts


def test_a_rule_right_under_an_answer_makes_no_heading_of_it():
    """A long paragraph with dashes under it is a paragraph and a rule; a short one is a heading."""
    assert [kind for kind, _ in shown(md(f"Ann: {LONG} {LONG}\n---", "Water\n-----"))] == [
        "paragraph",
        "rule",
        "heading",
    ]


def test_prose_that_is_set_in_is_prose_and_code_is_code():
    """Four blanks before a sentence make no code of it; before code they do."""
    assert shown(md("Ann:", "    We went to the river, and it was cold."))[1] == (
        "paragraph",
        "We went to the river, and it was cold.",
    )
    assert shown(md("Ann:", "    for (i=0; i<9; i++) {x[i]=0;}"))[1] == (
        "code",
        "for (i=0; i<9; i++) {x[i]=0;}",
    )


@pytest.mark.parametrize(
    "tag",
    [
        '{% include "a.html" %}',
        "{{ page.title }}",
        '{{< figure src="a.png" >}}',
        "{{% note %}}",
        "{: .lead }",
        "<!-- Bo: No. -->",
        "<!-- one\n\ntwo -->",
        '<div class="x">\n<p>Subscribe</p>\n</div>',
        "<script>var x = 'Ann: No.';</script>",
        "{% highlight c %}\nint x;\n{% endhighlight %}",
        "[^1]: A note of the editor.",
    ],
)
def test_what_is_no_text_is_left_out_and_told(tag):
    """Template tags, comments, HTML and footnotes are not kept, and the document says how many."""
    document = md(f"Ann: Yes, {LONG}", tag, "Bo: No.")
    assert [text for _, text in shown(document)] == [f"Ann: Yes, {LONG}", "Bo: No."]
    assert len(document.left_out) == 1


def test_template_tags_inside_links_leave_the_words():
    """A link to `{{ url }}` keeps its words; a tag in running text goes."""
    document = md('We [met]({{ "/a b/" | url }}) him{% sidenote "x" %} here[^2].')
    assert document.text == "We met him here."


def test_a_line_in_italics_under_a_picture_is_its_caption():
    """Under an image, or a tag that prints one, a line in italics is a caption; elsewhere it is not."""
    document = md(
        "![a](a.png)\n*The mill. (Jo)*", '{% image "a.png" "b" %}', "*The river.*", "*This was edited.*"
    )
    assert shown(document) == [
        ("caption", "The mill. (Jo)"),
        ("caption", "The river."),
        ("paragraph", "This was edited."),
    ]


def test_a_table_of_speakers_is_speech_and_another_is_left_out():
    """Rows under Speaker and Text are speeches; a table of numbers is left out."""
    document = md("|Speaker|Text|\n|-|-|\n|Ann|Yes.|\n|Bo|No.|", "|a|b|c|\n|-|-|-|\n|1|2|3|")
    assert said(document) == [("Ann", "Yes."), ("Bo", "No.")]
    assert document.left_out == ("tables without a column of speakers: 1",)


def test_html_that_is_all_there_is_is_read():
    """A page saved as Markdown is read as the page that it is."""
    document = md("---\ntitle: T\n---", "<article>\n<p><b>Ann Lee:</b> Yes.</p>\n<p>No.</p>\n</article>")
    assert [text for _, text in shown(document)] == ["Ann Lee: Yes.", "No."]
    assert bold(document) == ["Ann Lee:"]


FRONT = """---
title: "A talk: with Ann"
date: 2021-03-04
speakers: [Ann Lee, {name: Bo Day}]
interviewer: Cy Fox
author: "Dee Gray (The Mill)"
lang: en-GB
url: https://example.org/a
image: a.png
---
Ann: Yes.
"""


def test_front_matter_is_facts_with_their_keys():
    """Title, date, people, authors, language and address are found, each with where."""
    document = markdown.parse(FRONT, "x.md")
    assert document.text == "Ann: Yes."
    assert [(found.field, found.value, found.where) for found in document.found] == [
        ("title", "A talk: with Ann", "front matter title"),
        ("date", "2021-03-04", "front matter date"),
        ("person", "Ann Lee", "front matter speakers"),
        ("person", "Bo Day", "front matter speakers"),
        ("person", "Cy Fox", "front matter interviewer"),
        ("author", "Dee Gray", "front matter author"),
        ("language", "en", "front matter lang"),
        ("url", "https://example.org/a", "front matter url"),
    ]


def test_toml_front_matter():
    """Hugo's front matter in TOML is read too."""
    document = markdown.parse('+++\ntitle = "T"\nguests = ["Ann Lee", "Bo Day"]\n+++\nAnn: Yes.', "x.md")
    assert (facts(document, "title"), facts(document, "person")) == (["T"], ["Ann Lee", "Bo Day"])


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("July 24, 2024", "2024-07-24"),
        ("24 de julio de 2024", "2024-07-24"),
        ("Sept. 4, 2018", "2018-09-04"),
        ("March 2021", "2021-03"),
        ("junio de 2019", "2019-06"),
        ("2020", "2020"),
        ("2021-03-04T10:00:00Z", "2021-03-04"),
        ("'Thu, 03 Mar 2022 10:00:00 +0200'", "2022-03-03"),
        ("03/04/2021", None),
        ("soon", None),
        ("2021-13-40", None),
        ("12 enero", None),
    ],
)
def test_dates_are_as_precise_as_stated_and_never_guessed(stated, date):
    """A date in words is read in English and Spanish; one that may mean two days is none."""
    document = markdown.parse(f"---\ndate: {stated}\n---\nAnn: Yes.", "x.md")
    assert facts(document, "date") == ([date] if date else [])


@pytest.mark.parametrize(
    "front",
    [
        "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]",
        "title: a: b",
        "title: [",
        "!!python/object/apply:os.system [ls]",
        "[" * 5000,
        "date: 2021-99-99",
    ],
)
def test_front_matter_that_is_none_is_told_and_the_text_is_read(front):
    """YAML that is broken, grows without end or runs code is no fact; the interview is read all the same."""
    document = markdown.parse(f"---\n{front}\n---\nAnn: Yes.", "x.md")
    assert document.text == "Ann: Yes."
    assert "front matter" in document.left_out[0] or not document.found


def test_front_matter_cut_in_half_is_text():
    """Without its end there is no front matter."""
    assert "title: T" in markdown.parse("---\ntitle: T\n\nAnn: Yes.", "x.md").text


@pytest.mark.parametrize(
    "bomb",
    [
        "> " * 20_000 + "x",
        "[" * 50_000,
        "*a_" * 20_000,
        "{% " * 50_000,
        "{{" * 50_000 + "\n\n" + "}}" * 50_000,
    ],
)
def test_markdown_nested_without_end_is_read_or_refused(bomb):
    """A bomb of nested marks gives a document or one line, in seconds."""
    try:
        check(markdown.parse(bomb, "x.md"))
    except ArticleError as error:
        assert "x.md" in str(error)  # noqa: PT017 - either is right


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            ["**", "*", "Ann:", " ", "\n", "\n\n", "- ", "> ", "# ", "x.", "`", "<b>", "|", "1. "]
        )
    )
)
def test_any_markdown_gives_pieces_in_order(bits):
    """For any marks, pieces lie in order over all the words."""
    check(markdown.parse("".join(bits), "x.md"))


# --- HTML

PAGE = f"""<!-- saved from url=(0030)https://example.org/talks/ann -->
<html lang="en-US"><head><title>Talk | The Mill</title>
<meta property="og:title" content="A talk with Ann &amp; Bo"><meta property="og:site_name" content="The Mill">
<meta property="article:published_time" content="2021-03-04T10:00:00Z"><meta name="author" content="Cy Fox">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "A talk", "author": [{{"@type": "Person", "name": "Cy Fox"}}],
"publisher": {{"name": "The Mill"}}}}</script>
<style>p {{color: red}}</style></head><body>
<nav><ul><li><a href="/">Home</a></li></ul></nav>
<main><article><h1>A talk</h1><p>{LONG} {LONG}</p>
<figure><img src="a.png"><figcaption>The mill. (Jo)</figcaption></figure>
<h2>Water</h2><p><strong>Why?</strong></p><p><b>Ann Lee:</b> {LONG}</p><p>No.</p>
<div class="related-stories"><p><a href="/x">Five mills to see before you die, and why</a></p></div>
<div class="share">Share this</div><hr>
<p><b>Bo Day:</b> {LONG}<br><br>It turns.</p><blockquote><p>It turns.</p></blockquote>
<ul><li>One<ul><li>Two</li></ul></li></ul><p style="display:none">Hidden words.</p>
<script>var x = "Ann Lee: no";</script><p>{LONG} It ends.</p></article></main>
<footer><p>All rights reserved by The Mill, and so on for a while.</p></footer></body></html>"""


def test_a_saved_page_is_its_main_text():
    """Navigation, teasers, shares, scripts and footers go; short questions, rules and captions stay."""
    document = html.parse(PAGE, "x.html")
    assert shown(document) == [
        ("heading", "A talk"),
        ("paragraph", f"{LONG} {LONG}"),
        ("caption", "The mill. (Jo)"),
        ("heading", "Water"),
        ("paragraph", "Why?"),
        ("paragraph", f"Ann Lee: {LONG}"),
        ("paragraph", "No."),
        ("rule", "* * *"),
        ("paragraph", f"Bo Day: {LONG}"),
        ("paragraph", "It turns."),
        ("quote", "It turns."),
        ("item", "One"),
        ("item", "Two"),
        ("paragraph", f"{LONG} It ends."),
    ]
    assert bold(document) == ["Why?", "Ann Lee:", "Bo Day:"]
    check(document)


def test_a_pages_facts_are_what_its_head_states():
    """schema.org, Open Graph and the address it was saved from are facts; nothing is guessed from text."""
    document = html.parse(PAGE, "x.html")
    assert facts(document, "title") == ["A talk", "A talk with Ann & Bo"]
    assert facts(document, "date") == ["2021-03-04"]
    assert facts(document, "publisher") == ["The Mill"]
    assert facts(document, "author") == ["Cy Fox"]
    assert facts(document, "url") == ["https://example.org/talks/ann"]
    assert facts(document, "language") == ["en"]


@pytest.mark.parametrize(
    "page",
    [
        "<cite>Ann:</cite><time>0:00</time><p>Yes.</p><p>More.</p><cite>Bo:</cite><time>0:09</time><p>No.</p>",
        "<div><p><cite>Ann:</cite> Yes.</p><p data-speaker='Ann'>More.</p><p><cite>Bo:</cite> No.</p></div>",
        "<div><h6 class='speaker'>Ann</h6><p>Yes.</p><p>More.</p><h6 class='speaker'>Bo</h6><p>No.</p></div>",
        "<dl><dt>Ann</dt><dd>Yes.</dd><dd>More.</dd><dt>Bo</dt><dd>No.</dd><dt>Ann</dt></dl>",
        "<table><tr><th>Speaker<th>Words<tr><td>Ann<td>Yes.<tr><td>Ann<td>More.<tr><td>Bo<td>No.</table>",
    ],
)
def test_elements_that_state_the_speaker(page):
    """The name in <cite>, a class, a data attribute, a list of terms or a column is the speaker, not text."""
    assert said(html.parse(page, "x.html"))[:3] == [("Ann", "Yes."), ("Ann", "More."), ("Bo", "No.")]


@pytest.mark.parametrize(
    "page",
    [
        "<p>I read <cite>The Mill</cite>: it is good.</p>",
        "<blockquote><p>It turns.</p><cite>Ann Lee</cite></blockquote><p>So it does.</p>",
        "<cite>Ann:</cite><p>Yes.</p><h2>Water</h2><p>So it does.</p>",
        "<section><cite>Ann:</cite><p>Yes.</p></section><p>So it does.</p>",
        "<dl><dt>Why?</dt><dd>So it does.</dd></dl>",
    ],
)
def test_elements_that_state_no_speaker_of_what_follows(page):
    """A book's title, the source of a quotation, and a name before a heading speak for nothing after."""
    speaker, _ = said(html.parse(page, "x.html"))[-1]
    assert speaker is None


def test_a_page_in_its_own_encoding():
    """The encoding that a page states is used, Latin-1 as browsers take it."""
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>Sí, “claro”.</p></body></html>'
    assert html.read(page.encode("cp1252"), "x.html").text == "Sí, “claro”."


@pytest.mark.parametrize(
    "page",
    [
        '<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;">]><p>Ann: &y; Yes.</p>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>Ann: &x; Yes.</p>',
    ],
)
def test_a_pages_own_entities_are_never_expanded(page):
    """Entities that a page declares stay unread."""
    text = html.parse(page, "x.html").text
    assert "lollol" not in text
    assert "root" not in text
    assert "Yes." in text


@pytest.mark.parametrize(
    "bomb", ["<div>" * 50_000 + "x", "<b>" * 50_000, "<p>a" * 20_000, "<", "<!--", "<![CDATA["]
)
def test_html_nested_without_end_is_read_or_refused(bomb):
    """A bomb of nested elements gives a document or one line, in seconds."""
    try:
        check(html.parse(bomb, "x.html"))
    except ArticleError as error:
        assert "x.html" in str(error)  # noqa: PT017 - either is right


def test_a_page_packed_with_data_is_refused_unread():
    """A page over the limit is refused by its size."""
    refused(lambda: html.read(b"<p>" + b"x" * html.MAX_BYTES, "x.html"), "x.html", f"{html.MAX_BYTES:,}")


# --- Word


def packed(document):
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def interview():
    made = docx.Document()
    made.core_properties.title, made.core_properties.author = "A talk", "Cy Fox"
    made.core_properties.language = "en-US"
    made.add_heading("On water", 2)
    paragraph = made.add_paragraph()
    paragraph.add_run("Ann ").bold = True
    paragraph.add_run("Lee:").bold = True
    paragraph.add_run(" Yes,\u00a0we ")
    paragraph.add_run("did").italic = True
    paragraph.add_run(".")
    made.add_paragraph("One", style="List Bullet")
    made.add_paragraph("It turns.", style="Quote")
    made.add_paragraph("The mill.", style="Caption")
    made.add_paragraph("* * *")
    lines = made.add_paragraph("Ann: One.")
    lines.add_run().add_break()
    lines.add_run("Bo: Two.")
    return made


def test_a_word_document():
    """Headings, bold runs, items, quotes and captions by their styles; a line break parts speakers."""
    document = word.read(packed(interview()), "x.docx")
    assert shown(document) == [
        ("heading", "On water"),
        ("paragraph", "Ann Lee: Yes,\u00a0we did."),
        ("item", "One"),
        ("quote", "It turns."),
        ("caption", "The mill."),
        ("rule", "* * *"),
        ("paragraph", "Ann: One."),
        ("paragraph", "Bo: Two."),
    ]
    assert "Ann Lee:" in bold(document)
    assert document.pieces[0].depth == 2
    assert (facts(document, "title"), facts(document, "author")) == (["A talk"], ["Cy Fox"])
    assert facts(document, "date") == []
    check(document)


def test_tables_of_a_word_document():
    """Columns of names and words are speeches; a page laid out in a table is read; others are left out."""
    made = docx.Document()
    for rows in (
        [
            ("Ann Lee", "Yes, we went there."),
            ("Bo Day", "And then what was it?"),
            ("Ann Lee", "It was all of that."),
        ],
        [("1", "2", "3"), ("4", "5", "6")],
        [("Date", "The fourth of March"), ("Place", "At the old mill")],
        [("Words in a frame.",)],
    ):
        grid = made.add_table(len(rows), len(rows[0]))
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                grid.cell(at, column).text = text
        made.add_paragraph()
    document = word.read(packed(made), "x.docx")
    assert said(document) == [
        ("Ann Lee", "Yes, we went there."),
        ("Bo Day", "And then what was it?"),
        ("Ann Lee", "It was all of that."),
        (None, "Words in a frame."),
    ]
    assert document.left_out == ("tables without a column of speakers: 2",)


def test_a_table_of_who_took_part_is_read_as_lines():
    """A role beside a name states the person; a table of other things is left out still."""
    document = docx.Document()
    for rows in (
        (("Interviewee", "Ana Ruiz"), ("Interviewer:", "Tom Lee")),
        (("Mills", "4"), ("Ovens", "7")),
    ):
        table = document.add_table(2, 2)
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
    document.add_paragraph("AR: We grind.")
    data = io.BytesIO()
    document.save(data)
    read_back = word.read(data.getvalue(), "x.docx")
    assert [words for _, words in shown(read_back)] == [
        "Interviewee: Ana Ruiz",
        "Interviewer: Tom Lee",
        "AR: We grind.",
    ]
    assert len(read_back.left_out) == 1


def test_a_label_that_recorders_print_in_every_cue_opens_one_paragraph():
    """Cues of one label are one paragraph, so that a sentence over two of them is whole."""
    cues = (
        "00:01.000 --> 00:02.000\nAna Ruiz: The mill\n\n00:02.000 --> 00:03.000\nAna Ruiz: burned.\n\n"
        "00:03.000 --> 00:04.000\nTom Lee: And then?"
    )
    document = subtitles.parse(f"WEBVTT\n\n{cues}\n", "x.vtt")
    assert [words for _, words in shown(document)] == ["Ana Ruiz: The mill burned.", "Tom Lee: And then?"]


def test_what_was_inserted_counts_and_what_was_deleted_does_not():
    """Tracked insertions are text; deletions and hidden text are left out and told."""
    made = docx.Document()
    paragraph = made.add_paragraph("Ann: ")
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    for inner in (
        "<w:ins {0}><w:r><w:t>Yes.</w:t></w:r></w:ins>",
        "<w:del {0}><w:r><w:delText>No.</w:delText></w:r></w:del>",
        "<w:r {0}><w:rPr><w:vanish/></w:rPr><w:t>Maybe.</w:t></w:r>",
    ):
        paragraph._p.append(parse_xml(inner.format(f'xmlns:w="{space}"')))
    document = word.read(packed(made), "x.docx")
    assert document.text == "Ann: Yes."
    assert set(document.left_out) == {"tracked deletions: 1", "hidden stretches: 1"}


def repacked(change, **add):
    """A Word document with some of its files changed or added."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed(interview()))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, data in add.items():
            new.writestr(name, data)
    return file.getvalue()


def test_a_zip_bomb_is_refused_unopened():
    """A .docx whose part unpacks to a thousand times its size is refused before it is unpacked."""
    data = repacked(lambda name, data: data + b" " * 50_000_000 if name.endswith("document.xml") else data)
    refused(lambda: word.read(data, "x.docx"), "x.docx", "unpacks to")


def test_a_bomb_of_many_files_is_refused():
    """A .docx of thousands of files is refused."""
    data = repacked(lambda _, data: data, **{f"f{at}.bin": b"" for at in range(word.MAX_FILES)})
    refused(lambda: word.read(data, "x.docx"), "x.docx", "files")


@pytest.mark.parametrize(
    "doctype", ['<!DOCTYPE a [<!ENTITY x "lol">]>', '<!DOCTYPE a SYSTEM "http://x.y/z">', "<!doctype a>"]
)
def test_entities_in_a_word_document_are_refused(doctype):
    """A part that declares entities is refused before it is parsed."""
    data = repacked(
        lambda name, data: (
            data.replace(b"?>", b"?>" + doctype.encode(), 1) if name.endswith("document.xml") else data
        )
    )
    refused(lambda: word.read(data, "x.docx"), "x.docx", "entities")


def test_damaged_word_documents_are_refused():
    """Cut short, of another kind, encrypted or old: one line each."""
    whole = packed(interview())
    refused(lambda: word.read(whole[: len(whole) // 2], "x.docx"), "x.docx", "cut short")
    refused(lambda: word.read(b"", "x.docx"), "x.docx")
    refused(lambda: word.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "x.docx"), "password")
    refused(
        lambda: word.read(repacked(lambda name, data: b"<a/>" if "document" in name else data), "x.docx"),
        "x.docx",
    )
    refused(lambda: word.read(repacked(lambda name, data: data[: len(data) // 2]), "x.docx"), "x.docx")
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as file:
        file.writestr("a.txt", "Ann: Yes.")
    refused(lambda: word.read(other.getvalue(), "x.docx"), "x.docx")


# --- PDF


def print_pdf(pages, change=None, password=None, **info):
    """A PDF: each page a list of (x, y, font, size, text), F1 regular and F2 bold."""
    writer = PdfWriter()
    fonts = DictionaryObject()
    for name, base in (("/F1", "/Helvetica"), ("/F2", "/Helvetica-Bold")):
        fonts[NameObject(name)] = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject(base),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        drawn = [
            b"BT /%s %d Tf 1 0 0 1 %d %d Tm (%s) Tj ET"
            % (font.encode(), size, x, y, text.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)"))
            for x, y, font, size, text in lines
        ]
        stream.set_data(b"\n".join(drawn))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if info:
        writer.add_metadata({f"/{key}": value for key, value in info.items()})
    if change:
        change(writer)
    if password is not None:
        writer.encrypt(password, "owner", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def column(lines, top=760, gap=14, x=72):
    """Lines one under the other; an empty one leaves a gap; a pair is a bold and a regular part of one."""
    placed, y = [], top
    for line in lines:
        if isinstance(line, tuple):
            placed += [(x, y, "F2", 11, line[0]), (x + 6 * len(line[0]), y, "F1", 11, line[1])]
        elif line:
            placed.append((x, y, "F1", 11, line))
        y -= gap if line else gap // 2
    return placed


PRINTED = [
    [(72, 800, "F2", 18, "On water")],
    [
        ("Bo Day:", " Why did you build the second wheel at the old mill?"),
        "",
        ("Ann Lee:", " The second wheel came after the flood, when we had the money and"),
        "nothing else to spend it on, and it has turned ever since in the well-known way. It was expen-",
        "sive, but it was worth it, and it is a well-",
        "known wheel by now in all of the country, as everybody who has seen it",
    ],
    ["will tell you.", "", "It still turns."],
]


def test_a_pdfs_lines_are_joined_to_paragraphs():
    """Lines are joined over pages, hyphens undone but where the word has one, bold and headings told."""
    pages = [PRINTED[0] + column(PRINTED[1]), column(PRINTED[2])]
    document = pdf.read(print_pdf(pages, Title="A talk", Author="Cy Fox"), "x.pdf")
    assert shown(document) == [
        ("heading", "On water"),
        ("paragraph", "Bo Day: Why did you build the second wheel at the old mill?"),
        (
            "paragraph",
            "Ann Lee: The second wheel came after the flood, when we had the money and nothing else to spend "
            "it on, and it has turned ever since in the well-known way. It was expensive, but it was "
            "worth it, and it is a well-known wheel by now in all of the country, as everybody who has seen "
            "it will tell you.",
        ),
        ("paragraph", "It still turns."),
    ]
    assert bold(document) == ["On water", "Bo Day:", "Ann Lee:"]
    assert (facts(document, "title"), facts(document, "author")) == (["A talk"], ["Cy Fox"])
    check(document)


def test_running_heads_and_page_numbers_go_and_labels_stay():
    """What stands at the edge of every page goes; a speaker's name that tops several pages does not."""
    pages = [
        [
            (72, 810, "F1", 9, "The Mill Review"),
            *column(
                [
                    "ANN LEE",
                    f"Page {at} tells of the wheel, and of the water that it turns in, at length.",
                    LONG,
                ]
            ),
            (290, 30, "F1", 9, f"- {at + 4} -"),
        ]
        for at in range(4)
    ]
    document = pdf.read(print_pdf(pages), "x.pdf")
    texts = [text for _, text in shown(document)]
    assert "Mill Review" not in document.text
    assert "- 5 -" not in document.text
    assert texts.count("ANN LEE") == 4
    assert document.left_out == ("running heads: 4", "page numbers: 4")


def test_a_label_begins_a_paragraph_though_the_line_before_is_unfinished():
    """Somebody who breaks in is not joined to the one who was speaking."""
    lines = [
        "Ann Lee: We had the money, and nothing else to spend it on, and then we were all going to",
        "Bo Day: But did you not have to rebuild the roof of it first, before you went to that river?",
        "Ann Lee: No, not at all.",
        "Bo Day: So it was there.",
    ]
    texts = [text for _, text in shown(pdf.read(print_pdf([column(lines)]), "x.pdf"))]
    assert texts == lines


def test_encrypted_pdfs():
    """One with a password says so; one that anybody may open is read."""
    pages = [column(["Ann: Yes, it is so."])]
    refused(lambda: pdf.read(print_pdf(pages, password="mill"), "x.pdf"), "x.pdf", "encrypted")  # noqa: S106
    assert pdf.read(print_pdf(pages, password=""), "x.pdf").text == "Ann: Yes, it is so."


def add_picture(writer):
    """A picture on every page."""
    for page in writer.pages:
        picture = DecodedStreamObject()
        picture.set_data(b"\0")
        for key, value in (("/Type", "/XObject"), ("/Subtype", "/Image"), ("/ColorSpace", "/DeviceGray")):
            picture[NameObject(key)] = NameObject(value)
        for key, number in (("/Width", 1), ("/Height", 1), ("/BitsPerComponent", 8)):
            picture[NameObject(key)] = NumberObject(number)
        page["/Resources"][NameObject("/XObject")] = DictionaryObject(
            {NameObject("/I"): writer._add_object(picture)}
        )


def test_a_scan_says_so():
    """Pages of pictures without text are a scan: one line that says what to do."""
    refused(lambda: pdf.read(print_pdf([[], []], add_picture), "x.pdf"), "x.pdf", "scan", "OCR")


def test_a_pdf_without_words_is_empty():
    """Blank pages hold no interview."""
    refused(lambda: open_document(print_pdf([[], []]), "x.pdf", ".pdf"), "x.pdf", "empty")


def loop_pages(writer):
    """A page tree that holds itself."""
    pages = writer._root_object["/Pages"].get_object()
    pages["/Kids"].append(writer._root_object.raw_get("/Pages"))
    pages[NameObject("/Count")] = NumberObject(99)


def loop_forms(writer):
    """A form that draws itself."""
    page = writer.pages[0]
    form = DecodedStreamObject()
    form.set_data(b"BT /F1 11 Tf 1 0 0 1 72 300 Tm (Again.) Tj ET /X Do /X Do")
    for key, value in (("/Type", "/XObject"), ("/Subtype", "/Form")):
        form[NameObject(key)] = NameObject(value)
    form[NameObject("/BBox")] = ArrayObject([NumberObject(n) for n in (0, 0, 595, 842)])
    reference = writer._add_object(form)
    resources = DictionaryObject(
        {
            NameObject("/XObject"): DictionaryObject({NameObject("/X"): reference}),
            NameObject("/Font"): page["/Resources"]["/Font"],
        }
    )
    form[NameObject("/Resources")] = resources
    page[NameObject("/Resources")] = resources
    contents = page["/Contents"].get_object()
    contents.set_data(contents.get_data() + b"\n/X Do")


@pytest.mark.parametrize("loop", [loop_pages, loop_forms])
def test_pdfs_that_run_in_circles_end(loop):
    """A page tree or a form that holds itself is read once or refused in one line."""
    data = print_pdf([column(["Ann: Yes, it is so."])], loop)
    try:
        assert "Ann: Yes" in pdf.read(data, "x.pdf").text
    except ArticleError as error:
        assert "x.pdf" in str(error)  # noqa: PT017 - either is right


def test_damaged_pdfs_and_those_too_long_are_refused(monkeypatch):
    """Cut short, no PDF, too many pages, too slow: one line each."""
    whole = print_pdf([column(["Ann: Yes, it is so."])] * 3)
    for data in (b"", b"Ann: Yes.", b"%PDF-1.7\nAnn: Yes.", whole[:200]):
        refused(lambda data=data: pdf.read(data, "x.pdf"), "x.pdf")
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    refused(lambda: pdf.read(whole, "x.pdf"), "3 pages")
    monkeypatch.setattr(pdf, "MAX_PAGES", 9)
    monkeypatch.setattr(pdf, "MAX_SECONDS", -1.0)
    refused(lambda: pdf.read(whole, "x.pdf"), "seconds")


def test_fonts_that_do_not_tell_their_letters():
    """A text of characters that stand for nothing is refused, not served."""
    page = column(["\x01\x02\x03\x04\x05\x06 \x07\x08" * 9])
    refused(lambda: pdf.read(print_pdf([page]), "x.pdf"), "x.pdf", "letters")


def test_text_as_metadata_stays_one_line():
    """A title of several lines is one line; a file's name is no title."""
    page = [column(["Ann: Yes, it is so."])]
    assert facts(pdf.read(print_pdf(page, Title=TextStringObject("A\n talk")), "x.pdf"), "title") == [
        "A talk"
    ]
    assert facts(pdf.read(print_pdf(page, Title="Microsoft Word - a.docx"), "x.pdf"), "title") == []


# --- subtitles


def srt(*cues, seconds=2):
    """Cues one after the other, each of some seconds."""
    return "\n\n".join(
        f"{at + 1}\n00:00:{at * seconds:02},000 --> 00:00:{at * seconds + seconds:02},000\n{cue}"
        for at, cue in enumerate(cues)
    )


def test_cues_are_joined_and_names_in_them_stay():
    """A sentence over several cues is one; a label at a cue's start begins a piece, and stays in the text."""
    text = srt("Ann: When you go\nto the river, it", "is cold, and", "Bo: Is it? I", "did not know.", "No.")
    assert shown(subtitles.parse(text, "x.srt")) == [
        ("cue", "Ann: When you go to the river, it is cold, and"),
        ("cue", "Bo: Is it? I did not know. No."),
    ]


def test_a_pause_after_a_sentence_ends_a_paragraph():
    """Two seconds without words part paragraphs; without a sentence's end they do not."""
    text = "00:01,000 --> 00:02,000\nYes. It\n\n00:09,000 --> 00:10,000\nis.\n\n00:19,000 --> 00:20,000\nNo."
    assert [words for _, words in shown(subtitles.parse(text, "x.srt"))] == ["Yes. It is.", "No."]


VTT = """WEBVTT - A talk
Language: en-US

NOTE Ann: this is nobody's

STYLE
::cue {color: red}

a1
00:00:01.000 --> 00:00:02.000 align:start
<v Ann Lee>When <i>you</i> go &amp; see

00:02.000 --> 00:03.000
<v Ann Lee>the river,</v> <v.loud Bo Day>is it cold?

00:03.000 --> 00:04.000
[music]

00:04.000 --> 00:05.000
♪ la la ♪

00:05.000 --> 00:06.000
Who knows?
"""


def test_voices_are_speakers():
    """A cue's voice is the speaker, also for a part of a cue; without one unknown; noise goes."""
    document = subtitles.parse(VTT, "x.vtt")
    assert said(document) == [
        ("Ann Lee", "When you go & see the river,"),
        ("Bo Day", "is it cold?"),
        (NOBODY, "Who knows?"),
    ]
    assert document.left_out == ("cues without speech: 2",)
    assert (facts(document, "language"), facts(document, "title")) == (["en"], ["A talk"])


@pytest.mark.parametrize("mark", ["- ", "– ", ">> ", "&gt;&gt; "])
def test_two_who_speak_in_one_cue_are_parted(mark):
    """A dash or >> before a line gives it a piece of its own, and stays, so that no name is carried on."""
    document = subtitles.parse(srt("Ann: It is cold.", f"{mark}Is it?\n{mark}Yes."), "x.srt")
    shows = mark.replace("&gt;", ">")
    assert said(document) == [
        (None, "Ann: It is cold."),
        (NOBODY, f"{shows}Is it?"),
        (NOBODY, f"{shows}Yes."),
    ]


def test_a_change_of_speaker_in_mid_line():
    """Captions that print >> within a line part there; a name after it is in the text."""
    document = subtitles.parse(srt("Ann: It is cold. >> Is it? >> ANN: Yes."), "x.srt")
    assert said(document) == [(None, "Ann: It is cold."), (NOBODY, ">> Is it?"), (None, ">> ANN: Yes.")]


def test_captions_that_roll_up_are_read_once():
    """Lines that a cue shows again are not said again; times inside cues go; what is said twice is."""
    cues = [
        ("00:00.000 --> 00:02.000", " \nwhen you<00:00:00.500><c> go</c>"),
        ("00:02.000 --> 00:02.010", "when you go\n "),
        ("00:02.010 --> 00:04.000", "when you go\nto the river"),
        ("00:04.000 --> 00:04.010", "to the river\n "),
        ("00:04.010 --> 00:06.000", "to the river\nit is cold"),
        ("00:06.000 --> 00:07.000", "No."),
        ("00:07.000 --> 00:08.000", "No."),
    ]
    text = "WEBVTT\n\n" + "\n\n".join(f"{timing}\n{words}" for timing, words in cues)
    assert subtitles.parse(text, "x.vtt").text == "when you go to the river it is cold No. No."


@pytest.mark.parametrize(
    "text", ["", "Ann: Yes.", "WEBVTT\n\nNOTE x", "1\n00:00:01,000 -> 00:00:02,000\nYes."]
)
def test_files_without_cues_are_refused(text):
    """Without one timed cue a file is no subtitles."""
    refused(lambda: subtitles.parse(text, "x.srt"), "x.srt", "-->")


def test_subtitles_cut_in_half_and_sloppy_ones_are_read():
    """A last cue without words is dropped; missing numbers and empty lines do no harm."""
    text = "00:01,000 --> 00:02,000\nYes,\n2\n00:02,000 --> 00:03,000\nit is.\n\n3\n00:03,000 --> 00"
    assert subtitles.parse(text, "x.srt").text == "Yes, it is."


# --- tables


@pytest.mark.parametrize(
    "text",
    [
        'speaker,words\nAnn Lee,"Yes, we did."\nBo Day,No.\n',
        "Hablante;Texto\nAnn Lee;Yes, we did.\nBo Day;No.\n",
        "start\tSpeaker\tTranscript\n0\tAnn Lee\tYes, we did.\n1\tBo Day\tNo.\n",
        "\ufeffname|utterance\nAnn Lee|Yes, we did.\nBo Day|No.",
        'Ann Lee:,"Yes, we did."\nBo Day:,No and no again.\nAnn Lee:,Oh yes we did.',
    ],
)
def test_columns_of_speakers_and_words(text):
    """Headers in English and Spanish, other separators, or two columns without a header."""
    document = table.read(text.encode(), "x.csv")
    assert said(document)[0] == ("Ann Lee", "Yes, we did.")
    assert document.pieces[1].speaker == "Bo Day"
    check(document)


def test_blank_labels_stay_unknown_and_are_told():
    """A blank cell of the speakers' column names nobody, not the one above."""
    document = table.parse("speaker,text\nAnn,Yes.\n,No.\n ,So.\n", "x.csv")
    assert said(document) == [("Ann", "Yes."), (NOBODY, "No."), (NOBODY, "So.")]
    assert "unknown): 2" in document.left_out[0]


def test_questions_and_answers_in_columns():
    """A table of questions and answers gives headings and paragraphs."""
    document = table.parse("Pregunta,Respuesta\n¿Por qué?,Porque sí.\n", "x.csv")
    assert shown(document) == [("heading", "¿Por qué?"), ("paragraph", "Porque sí.")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b,c\n1,2,3\n", "speaker,words"),
        ("year,rain\n2001,12\n2002,14\n", "speaker,words"),
        ("speaker,text\nAnn,Yes, we did.\n", "row 2 has 3 cells"),
        ('speaker,text\nAnn,"Yes\n', "no table"),
        ("Ann: Yes.\n", "speaker,words"),
        ("speaker,speaker,text\nAnn,Bo,Yes.\n", "speaker,words"),
    ],
)
def test_other_tables_are_refused(text, says):
    """Without its two columns, with words lost to a comma, or cut in half: one line each."""
    refused(lambda: table.parse(text, "x.csv"), "x.csv", says)


# --- transcripts

YES, NO = "Yes, we did.", "No."


def pair(speaker, words, ann="Ann Lee", bo="Bo Day"):
    """Two speeches under those keys."""
    return [{speaker: ann, words: YES}, {speaker: bo, words: NO}]


SENTENCES = [
    {"speaker": "Ann Lee", "sentences": [{"text": "Yes,"}, {"text": "we did."}]},
    {"speaker": "Bo Day", "sentences": [{"text": NO}]},
]
ELEMENTS = [
    {"speaker": 0, "elements": [{"value": "Yes"}, {"value": ", "}, {"value": "we did."}]},
    {"speaker": 1, "elements": [{"value": NO}]},
]
CHANNEL = {"alternatives": [{"transcript": f"{YES} {NO}", "paragraphs": {"paragraphs": SENTENCES}}]}
SHAPES = {
    "list": pair("speaker", "text"),
    "whisperx": {
        "language": "en",
        "segments": [{**row, "words": [{"word": "Yes"}]} for row in pair("speaker", "text")],
    },
    "assemblyai": {"text": f"{YES} {NO}", "utterances": pair("speaker", "text")},
    "deepgram": {"metadata": {"duration": 2}, "results": {"channels": [CHANNEL]}},
    "rev": {"speakers": [{"id": 0, "name": "Ann Lee"}, {"id": 1, "name": "Bo Day"}], "monologues": ELEMENTS},
    "otter": {"speech": {"title": "A talk", "transcripts": pair("speaker_name", "transcript")}},
    "podcasting": {"version": "1.0.0", "segments": pair("speaker", "body")},
    "amazon": {
        "results": {
            "transcripts": [{"transcript": f"{YES} {NO}"}],
            "audio_segments": pair("speaker_label", "transcript"),
        }
    },
    "names in objects": {"turns": pair("speaker", "content", {"name": "Ann Lee"}, {"name": "Bo Day"})},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_shapes_of_transcripts(shape):
    """Each recogniser's shape gives the same two speeches."""
    document = transcript.parse(json.dumps(SHAPES[shape]), "x.json")
    assert said(document) == [("Ann Lee", "Yes, we did."), ("Bo Day", "No.")]
    check(document)


def test_whisper_without_speakers_is_nobodys():
    """Segments without speakers are joined and nobody's; the language is a fact."""
    document = transcript.parse(
        json.dumps({"language": "es", "segments": [{"text": " Sí,"}, {"text": " claro."}]}), "x.json"
    )
    assert (said(document), facts(document, "language")) == ([(None, "Sí, claro.")], ["es"])


def test_numbered_speakers_stay_without_a_name():
    """A bare number or letter is "Speaker 0": it names nobody, and no person is stated."""
    document = transcript.parse(
        '{"speakers": [0, "A"], "turns": [{"speaker": 0, "text": "Yes."}, {"speaker": "A", "text": "No."}]}',
        "x.json",
    )
    assert said(document) == [("Speaker 0", "Yes."), ("Speaker A", "No.")]
    assert facts(document, "person") == []


def test_an_entry_without_a_speaker_is_unknown():
    """A segment that the recogniser gives to nobody is not given to the one before."""
    rows = [{"speaker": "Ann", "text": "Yes."}, {"text": "No."}, {"speaker": None, "text": "So."}]
    document = transcript.parse(json.dumps(rows), "x.json")
    assert said(document) == [("Ann", "Yes."), (NOBODY, "No. So.")]
    assert "unknown): 2" in document.left_out[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[{"speaker": "Ann", "speaker": "Bo", "text": "Yes."}]', "'speaker' twice"),
        (
            '[{"speaker": "Ann", "text": "Yes."}, {"speaker": "Bo", "text": "No."}, {"speaker": "Ann"}]',
            "entry 3",
        ),
        ('[{"speaker": "Ann", "text": "Yes."}, {"speaker": "Bo", "text": "No."}, 3]', "entry 3"),
        ('[{"speaker": "Ann", "text": "Ye', "cut short"),
        ('{"name": "a", "version": "1"}', "no list of speeches"),
        ("[1, 2]", "no list of speeches"),
        ("3", "no list of speeches"),
        ("[" * 100_000, "x.json"),
        ("Ann: Yes.", "no JSON"),
    ],
)
def test_other_json_is_refused(text, says):
    """Keys given twice or missing, files cut short or of another kind: one line each."""
    refused(lambda: transcript.parse(text, "x.json"), "x.json", says)


def test_half_characters_are_replaced():
    """JSON can hold half a character, no stored text can."""
    transcript.parse('[{"speaker": "Ann", "text": "Yes \\ud800."}]', "x.json").text.encode("utf-8")


# --- files


@pytest.mark.parametrize("ending", SUFFIXES)
def test_an_empty_file_of_any_kind_is_refused(ending):
    """An empty file is an ArticleError of one line whatever its ending."""
    refused(lambda: open_document(b"", f"x{ending}", ending), f"x{ending}")


@pytest.mark.parametrize("ending", SUFFIXES)
@settings(max_examples=25)
@given(data=st.binary(max_size=200))
def test_no_bytes_crash_any_format(ending, data):
    """Any bytes under any ending give a document or an ArticleError of one line."""
    try:
        check(open_document(data, "x", ending))
    except ArticleError as error:
        assert "\n" not in str(error)  # noqa: PT017 - random bytes may be good text


def test_every_format_has_its_module():
    """Each ending's module has `read`."""
    assert all(callable(import_module(f"rag.reading.formats.{name}").read) for name in FORMATS.values())


@pytest.mark.parametrize(
    ("data", "kind"), [(b"%PDF-1.7", ".pdf"), (b"PK\x03\x04", ".docx"), (b"{\\rtf1", ".rtf")]
)
def test_a_file_that_is_named_as_text_and_is_none(data, kind):
    """A PDF or a Word document named .txt is told for what it is."""
    refused(lambda: open_document(data, "x.txt", ".txt"), "x.txt", kind)


def test_an_unknown_ending_is_told():
    """Endings that are not read are named, with those that are."""
    refused(lambda: open_document(b"x", "x.odt", ".odt"), ".odt", ".docx")


@pytest.mark.parametrize("ending", [".md", ".html", ".json", ".docx"])
def test_large_files_are_refused_unread(tmp_path, ending):
    """A file over its kind's limit is refused by its size."""
    path = tmp_path / f"big{ending}"
    with path.open("wb") as file:
        file.truncate((100_000_000 if ending == ".docx" else MAX_BYTES) + 1)
    refused(lambda: read(path), "big", "bytes")


def test_metadata_fill_what_the_facts_file_leaves_out(tmp_path):
    """Facts beside a document count more than what it states itself."""
    (tmp_path / "a.md").write_text(FRONT)
    (tmp_path / "a.toml").write_text('title = "Mine"')
    article = read(tmp_path / "a.md")
    assert (article.title, article.date, article.language) == ("Mine", "2021-03-04", "en")


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    """A folder is read with links inside it, never with links out of it or to nothing."""
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "a.txt").write_text("Ann: Yes.")
    (inside / "b.txt").symlink_to("a.txt")
    assert [path.name for path in documents([inside])] == ["a.txt", "b.txt"]
    (tmp_path / "secret.txt").write_text("Ann: No.")
    (inside / "c.txt").symlink_to("../secret.txt")
    refused(lambda: documents([inside]), "c.txt", "outside")
    (inside / "c.txt").unlink()
    (inside / "d.txt").symlink_to("d.txt")
    refused(lambda: documents([inside]), "d.txt", "link")


def test_a_name_with_a_newline(tmp_path):
    """A file whose name has a newline is read; its id and errors about it are one line."""
    path = tmp_path / "a\nb.txt"
    path.write_text("Ann: Yes.")
    assert read(path).id == "a b"
    path.write_text("")
    refused(lambda: read(path), "a b.txt", "empty")
