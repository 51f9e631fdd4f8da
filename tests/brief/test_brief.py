"""Pinned quotes in a document: every one its slice of the stored text, in every format, or nothing at all."""

# mypy: allow-untyped-calls

import html as html_module
import io
import json
import re
import zipfile
from dataclasses import replace

import pytest
from docx import Document as Word
from docx.oxml.ns import qn
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree, html
from markdown_it import MarkdownIt

from rag.brief import FORMATS, MAX_BYTES, MOST_PINS, export, format_of, parse, resolve
from rag.brief.trim import depends, kept, lost, parts, warnings
from rag.check import check, read_draft
from rag.cite import link
from rag.errors import InputError, QuoteDrifted, UnknownArticle, UnknownQuote
from rag.index.parts import Spoken
from rag.ingest import spoken
from rag.quotes import id_of, quote_at
from rag.reading.turns import turns
from rag.records import Span
from tests.generate import interview, interviews

HOSTILE = (
    "<script>alert(1)</script> *a* _b_ [c](d) $x^2$ `e` \\cite{f} &amp; {{g}} \u202eh\u0000\u0007 | 1. i"
)


def told(article):
    found = spoken(article)
    return Spoken(article, found, turns(article.text, found))


TALK = told(
    interview(
        "Will relief come?",
        "Ana Caridad: Yes, if talks go on. It will not come at once. Relief matters. According to a survey, "
        "most want it. But trust is scarce.",
        "And oil?",
        "Keith Mines: Oil is scarce. “We have none left to sell,” the minister said. That is so.",
        title="Talks & <Trust>",
        date="2022-03",
        publisher="Example Review",
        url="https://example.org/talk",
    )
)
HELD = {"made": TALK}


def place(words, one=TALK):
    start = one.article.text.index(words)
    quote = quote_at(one, start, start + len(words))
    assert quote is not None
    return quote


def made(pins, **about):
    return resolve(parse(json.dumps({"pins": pins, **about}).encode(), "brief.json"), HELD)


def squeezed(text):
    return "".join(text.split())


# --- every quote is its slice ----------------------------------------------------------------------


def shown(kind, data):
    """All the words of a document, without blanks; Word's footnotes behind its text."""
    if kind == "json":
        return squeezed(" ".join(pin["shown"] for pin in json.loads(data)["pins"]))
    if kind == "html":
        return squeezed(html.fromstring(data.decode()).text_content())
    if kind == "md":
        tokens = MarkdownIt("commonmark").parse(data.decode())
        inline = [child for token in tokens for child in token.children or []]
        return squeezed("".join(each.content for each in inline if each.type in ("text", "code_inline")))
    return squeezed("".join(each.text for each in Word(io.BytesIO(data)).paragraphs))


@settings(max_examples=40)
@given(interviews(), st.data())
def test_every_export_holds_each_quote_word_for_word(built, data):
    """For any interview, any words of its turns and any notes, each format shows exactly the slices."""
    one = told(built.article)
    pins = []
    for _ in range(data.draw(st.integers(1, 4))):
        turn = data.draw(st.sampled_from(one.turns))
        paragraph = data.draw(st.sampled_from(turn.paragraphs))
        start = data.draw(st.integers(paragraph.start, paragraph.end - 1))
        quote = quote_at(one, start, data.draw(st.integers(start + 1, paragraph.end)))
        assume(quote is not None and quote.text.strip())
        assert quote is not None
        pins.append({"quote": id_of(quote), "note": data.draw(st.sampled_from(("", HOSTILE, "fine")))})
    brief = parse(json.dumps({"title": HOSTILE, "pins": pins}).encode(), "b")
    resolved = resolve(brief, {one.article.id: one})
    for kind in FORMATS:
        there = shown(kind, export(resolved, kind))
        at = 0
        for pin in resolved.pins:
            assert (
                pin.text
                == pin.quote.text
                == pin.quote.article.text[pin.quote.span.start : pin.quote.span.end]
            )
            at = there.index(squeezed(pin.text), at)


@settings(max_examples=25)
@given(interviews(), st.data())
def test_what_is_exported_passes_our_own_check(built, data):
    """A brief in Word, Markdown or HTML, read as somebody's draft: every quote exact, rightly credited."""
    one = told(built.article)
    turn = data.draw(st.sampled_from(one.turns))
    paragraph = data.draw(st.sampled_from(turn.paragraphs))
    quote = quote_at(one, paragraph.start, paragraph.end)
    assert quote is not None
    resolved = resolve(parse(json.dumps([id_of(quote)]).encode(), "b"), {one.article.id: one})
    for kind in ("docx", "md", "html"):
        draft = read_draft(export(resolved, kind), f"b.{kind}", f".{kind}")
        found = check(draft, [one], lambda words: None)
        first = found[0]
        assert first.ok, (kind, first.verdict, first.differences)
        assert (first.verdict, first.said_by) in (("exact", turn.speaker), ("typography", turn.speaker))
        assert first.credited == turn.speaker


@settings(max_examples=30)
@given(interviews(), st.data())
def test_word_holds_each_paragraph_of_a_quote_exactly(built, data):
    """The paragraphs in style Quote are the slice's own, blanks included; only marks are put around."""
    one = told(built.article)
    turn = data.draw(st.sampled_from(one.turns))
    first, last = sorted(data.draw(st.integers(0, len(turn.paragraphs) - 1)) for _ in range(2))
    quote = quote_at(one, turn.paragraphs[first].start, turn.paragraphs[last].end)
    assume(quote is not None)
    assert quote is not None
    resolved = resolve(parse(json.dumps([id_of(quote)]).encode(), "b"), {one.article.id: one})
    word = Word(io.BytesIO(export(resolved, "docx")))
    there = [each.text for each in word.paragraphs if each.style is not None and each.style.name == "Quote"]
    said = [each for each in quote.text.splitlines() if each.strip()]
    assert there in (said, [f"“{said[0]}”"])


def test_a_tab_in_a_quote_stays_a_tab():
    one = told(interview("And oil?", "Ana Caridad: Oil\tis scarce."))
    resolved = resolve(parse(json.dumps([id_of(place("Oil\tis scarce.", one))]).encode(), "b"), {"made": one})
    texts = [each.text for each in Word(io.BytesIO(export(resolved, "docx"))).paragraphs]
    assert "“Oil\tis scarce.”" in texts


def unmarked(data):
    """What CommonMark shows of each paragraph and heading."""
    tokens = MarkdownIt("commonmark").parse(data.decode())
    return ["".join(child.content for child in token.children or []) for token in tokens if token.children]


@settings(max_examples=150)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=40))
def test_markdown_shows_any_title_and_note_as_it_is(text):
    """Whatever signs a writer types, CommonMark shows these and no others."""
    assume(text.strip())
    lines = unmarked(export(made([{"quote": id_of(place(WHOLE)), "note": text}], title=text), "md"))
    assert squeezed(lines[0]) == squeezed(text)
    assert squeezed(f"Note: {text}") in map(squeezed, lines)


@pytest.mark.parametrize("title", ["C #", "Is it ##", "#", "a \\#", "- #1 -"])
def test_a_title_keeps_the_signs_that_would_close_a_heading(title):
    assert unmarked(export(made([id_of(place(WHOLE))], title=title), "md"))[0] == title


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_every_format_is_sound_whatever_a_writer_types(text):
    """Any title and note: Word's parts are XML, the page holds no sign that browsers leave out."""
    resolved = made([{"quote": id_of(place(WHOLE)), "note": text}], title=text)
    packed = zipfile.ZipFile(io.BytesIO(export(resolved, "docx")))
    for name in packed.namelist():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(packed.read(name))
    page = export(resolved, "html").decode()
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", page)
    html.fromstring(page)


def test_an_article_that_changed_stops_the_export():
    """No quote of a text that is not there any more is ever written, not even one that is still in it."""
    pins = [{"quote": id_of(place("Relief matters."))}]
    changed = replace(TALK, article=replace(TALK.article, text=TALK.article.text + " "))
    with pytest.raises(QuoteDrifted, match=r"quote 1 of the brief: the article 'made' has changed"):
        resolve(parse(json.dumps({"pins": pins}).encode(), "b"), {"made": changed})


def test_words_that_are_not_the_articles_stop_the_export():
    row = {"article": "made", "start": 18, "end": 30, "text": "something else"}
    quote = place("Relief matters.")
    good = {"article": "made", "start": quote.span.start, "end": quote.span.end, "text": quote.text}
    assert made([good]).pins[0].text == "Relief matters."
    with pytest.raises((QuoteDrifted, UnknownQuote), match="quote 1 of the brief"):
        made([row])
    with pytest.raises(QuoteDrifted, match="not those of the article"):
        made([{**good, "text": "Relief does not matter."}])


# --- cuts ------------------------------------------------------------------------------------------

WHOLE = (
    "Yes, if talks go on. It will not come at once. Relief matters. According to a survey, most want it. "
    "But trust is scarce."
)


def keeping(*sentences):
    quote = place(WHOLE)
    spans = [Span(s := quote.article.text.index(each, quote.span.start), s + len(each)) for each in sentences]
    return quote, spans


def test_a_quote_is_cut_to_whole_sentences_and_the_cut_is_marked():
    quote, spans = keeping("Yes, if talks go on.", "Relief matters.")
    pin = made([{"quote": id_of(quote), "keep": [[s.start, s.end] for s in spans]}]).pins[0]
    assert pin.text == "Yes, if talks go on. … Relief matters."
    neighbours = keeping("Yes, if talks go on.", "It will not come at once.")[1]
    assert kept(quote, neighbours) == (Span(neighbours[0].start, neighbours[1].end),)


@pytest.mark.parametrize("wrong", [(0, 5), (1, 0), (3, 3), (-4, 0), (0, 10_000)])
def test_a_cut_within_a_sentence_is_refused(wrong):
    quote, (span,) = keeping("Relief matters.")
    start, end = max(0, span.start + wrong[0]), max(0, span.end + wrong[1])
    if (start, end) == (span.start, span.end):
        start += 1
    with pytest.raises(InputError, match="its sentences are"):
        kept(quote, [Span(start, max(start, end))])


@given(st.data())
def test_no_cut_leaves_parts_of_sentences(data):
    """Whatever is kept, it is whole sentences of the quote, in order."""
    quote = place(WHOLE)
    found = parts(quote)
    chosen = sorted(data.draw(st.sets(st.sampled_from(found), min_size=1)))
    stretches = kept(quote, chosen)
    whole = {each.of(quote.article.text) for each in found}
    for each in stretches:
        assert each.start in {part.start for part in found}
        assert each.end in {part.end for part in found}
    assert sum(part.of(quote.article.text) in whole for part in chosen) == len(chosen)


@pytest.mark.parametrize(
    ("sentences", "warned"),
    [
        (
            ("Relief matters.",),
            ["a negation: “not”", "a condition: “if”", "a contrast: “but”", "whose words"],
        ),
        (("Yes, if talks go on.", "It will not come at once."), ["a contrast", "whose words they are"]),
        (("But trust is scarce.",), ["leans on words that are cut"]),
    ],
)
def test_a_cut_that_drops_what_matters_is_warned_about(sentences, warned):
    quote, spans = keeping(*sentences)
    told_ = " / ".join(warnings(quote, kept(quote, spans)))
    for each in warned:
        assert each in told_


@pytest.mark.parametrize(
    ("cut", "named"),
    [
        ("The minister said, it is over.", ["whose words they are: “said”"]),
        ("He told us that it is over.", ["whose words they are: “told us”"]),
        ("Según el ministro, nadie vino.", ["a negation: “nadie”", "whose words they are: “según”"]),
        ("Si hay acuerdo, vendemos.", ["a condition: “si”"]),
        ("I said it is over.", []),
        ("Sí, vendemos.", []),
        ("Oil is scarce.", []),
    ],
)
def test_what_a_cut_takes_with_it_is_named(cut, named):
    """Negations, conditions, whose words they are, in both languages; the speaker's own "I said" is none."""
    assert lost([cut]) == [f"the cut leaves out {each}" for each in named]


def test_no_cut_no_warning():
    assert warnings(place(WHOLE), (place(WHOLE).span,)) == ()
    assert made([id_of(place(WHOLE))]).warnings == []


# --- notes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "needs"),
    [("Yes, if talks go on.", True), ("It will not come at once.", True), ("Relief matters.", False)],
)
def test_the_question_stands_in_the_note_where_the_quote_needs_it(words, needs):
    quote = place(words)
    assert depends(quote, quote.span.start) is needs
    for kind in ("docx", "md", "html"):
        data = export(made([id_of(quote)]), kind)
        text = zipfile.ZipFile(io.BytesIO(data)).read("word/footnotes.xml") if kind == "docx" else data
        assert ("Will relief come?" in text.decode()) is needs


@pytest.mark.parametrize(
    ("said", "needs"),
    [
        ("Yes, we can.", True),
        ("Well, yes, we can.", True),
        ("No.", True),
        ("No, oil is scarce.", True),
        ("No country can sell.", False),
        ("Right. Oil is scarce.", True),
        ("Right now oil is scarce.", False),
        ("Well-being matters here.", False),
        ("True democracy needs trust.", False),
        ("Of course we can.", True),
        ("I think so.", True),
        ("This would help.", True),
        ("Sí, ganamos.", True),
        ("Si cae el gobierno, ganamos.", False),
        ("No hay petróleo.", False),
        ("No, no hay petróleo.", True),
        ("Eso es así.", True),
        ("Ellos no quieren.", True),
        # What the second sentence leans on is in the quote.
        ("Oil is scarce. It matters.", False),
        ("Oil is scarce. All of these matter.", False),
    ],
)
def test_a_quote_depends_on_the_question_by_how_it_opens(said, needs):
    quote = place(said, told(interview("What of it?", f"Ana Caridad: {said}")))
    assert depends(quote, quote.span.start) is needs


def test_a_quote_that_answers_no_question_depends_on_none():
    quote = place("Yes, we can.", told(interview("Ana Caridad: Yes, we can.")))
    assert quote.asked is None
    assert not depends(quote, quote.span.start)


def test_words_that_were_cut_are_not_told_as_reported():
    """Reported words that a cut takes away are not in the document, not even as a mark beside the quote."""
    said = "He said: “We have none left. We want some more."
    one = told(interview("And?", f"Ana Caridad: {said}"))
    quote = place(said, one)
    last = parts(quote)[-1]
    row = {"quote": id_of(quote), "keep": [[last.start, last.end]]}
    resolved = resolve(parse(json.dumps([row]).encode(), "b"), {"made": one})
    assert [each.of(one.article.text) for each in resolved.pins[0].reported] == ["We want some more."]
    assert "none left" not in export(resolved, "md").decode()


def test_reported_words_are_marked():
    (pin,) = made([id_of(place("“We have none left to sell,” the minister said."))]).pins
    text = export(made([id_of(pin.quote)]), "md").decode()
    assert "the speaker gives words of others" in text


# --- Word ------------------------------------------------------------------------------------------


def word_of(pins, **about):
    data = export(made(pins, **about), "docx")
    return data, zipfile.ZipFile(io.BytesIO(data))


def test_word_has_real_footnotes():
    """Each quote has one footnote in a part of its own, referred to once, with its separators."""
    quotes = [place("Relief matters."), place("Oil is scarce."), place("That is so.")]
    _, packed = word_of([id_of(each) for each in quotes], title="A brief")
    notes = etree.fromstring(packed.read("word/footnotes.xml"))
    body = etree.fromstring(packed.read("word/document.xml"))
    ids = [each.get(qn("w:id")) for each in notes]
    assert ids == ["-1", "0", "1", "2", "3"]
    assert [each.get(qn("w:id")) for each in body.iter(qn("w:footnoteReference"))] == ["1", "2", "3"]
    assert "footnotes+xml" in packed.read("[Content_Types].xml").decode()
    assert 'Target="footnotes.xml"' in packed.read("word/_rels/document.xml.rels").decode()
    links = etree.fromstring(packed.read("word/_rels/footnotes.xml.rels"))
    # A click leads to the words themselves.
    assert {each.get("Target") for each in links} == {link(each) for each in quotes}
    assert all(each.get("TargetMode") == "External" for each in links)
    assert "Ana Caridad, in Keith Mines" not in "".join(notes.itertext())  # Caridad answers first
    assert "Ana Caridad, in Ana Caridad and Keith Mines, “Talks & <Trust>,”" in "".join(notes.itertext())


@pytest.mark.parametrize("style", ["chicago", "apa", "mla", "bluebook", "plain"])
def test_every_style_has_a_link_to_the_words(style):
    """MLA writes an address without "https://", and that is a link too."""
    quote = place(WHOLE)
    _, packed = word_of([id_of(quote)], style=style)
    (target,) = etree.fromstring(packed.read("word/_rels/footnotes.xml.rels"))
    assert target.get("Target") == link(quote)
    (note,) = etree.fromstring(packed.read("word/footnotes.xml")).iter(qn("w:hyperlink"))
    assert "example.org/talk" in "".join(note.itertext())


@pytest.mark.parametrize("url", ["https://[bad/talk", "javascript:alert(1)", "https://", "file:///etc/hosts"])
def test_what_is_no_web_address_is_no_link(url):
    """It is shown and leads nowhere: it could start a program, or make Word call the file damaged."""
    one = replace(TALK, article=replace(TALK.article, url=url))
    resolved = resolve(parse(json.dumps([id_of(place(WHOLE, one))]).encode(), "b"), {"made": one})
    packed = zipfile.ZipFile(io.BytesIO(export(resolved, "docx")))
    assert "word/_rels/footnotes.xml.rels" not in packed.namelist()
    assert url in "".join(etree.fromstring(packed.read("word/footnotes.xml")).itertext())
    assert f'href="{url}' not in export(resolved, "html").decode()


def test_an_address_too_long_for_word_leads_to_the_article():
    said = "石油" * 400 + "。"
    one = told(interview("And?", f"Ana Caridad: {said}", url="https://example.org/talk"))
    resolved = resolve(parse(json.dumps([id_of(place(said, one))]).encode(), "b"), {"made": one})
    rels = zipfile.ZipFile(io.BytesIO(export(resolved, "docx"))).read("word/_rels/footnotes.xml.rels")
    assert [each.get("Target") for each in etree.fromstring(rels)] == ["https://example.org/talk"]


def test_a_note_stays_on_the_page_of_its_quote():
    """The end of a quote and what is said of it keep together; the last of it is free."""
    data, _ = word_of(
        [{"quote": id_of(place("“We have none left to sell,” the minister said.")), "note": "n"}]
    )
    keeps = {
        each.style.name: each.paragraph_format.keep_with_next
        for each in Word(io.BytesIO(data)).paragraphs
        if each.style is not None
    }
    assert (keeps["Quote"], keeps["Quote Mark"], keeps["Author Note"]) == (True, True, None)


def test_word_uses_named_styles_and_knows_its_language():
    _, packed = word_of([{"quote": id_of(place(WHOLE)), "note": "mine"}], title="A brief")
    body = etree.fromstring(packed.read("word/document.xml"))
    styles = {each.get(qn("w:val")) for each in body.iter(qn("w:pStyle"))}
    assert styles == {"Title", "Speaker", "Quote", "AuthorNote", "Heading1", "Bibliography"}
    assert {each.get(qn("w:val")) for each in body.iter(qn("w:lang"))} == {"en-US"}
    _, spanish = word_of([id_of(place(WHOLE))], language="es")
    told = etree.fromstring(spanish.read("word/styles.xml")).iter(qn("w:lang"))
    assert {each.get(qn("w:val")) for each in told} == {"es-ES"}
    assert (
        Word(io.BytesIO(word_of([id_of(place(WHOLE))], title="A brief")[0])).core_properties.title
        == "A brief"
    )


def test_the_same_brief_makes_the_same_bytes():
    pins = [id_of(place("Relief matters."))]
    for kind in FORMATS:
        assert export(made(pins), kind) == export(made(pins), kind)


def test_every_part_of_a_word_file_is_sound_xml_whatever_is_in_it():
    _, packed = word_of([{"quote": id_of(place(WHOLE)), "note": HOSTILE}], title=HOSTILE)
    for name in packed.namelist():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(packed.read(name))
    text = "".join(
        each.text
        for each in Word(io.BytesIO(word_of([{"quote": id_of(place(WHOLE)), "note": HOSTILE}])[0])).paragraphs
    )
    assert "<script>alert(1)</script> *a* _b_ [c](d)" in text
    assert "\ufffd" in text  # what XML cannot hold is shown, not dropped


def test_nothing_in_a_page_is_markup_of_others():
    page = export(made([{"quote": id_of(place(WHOLE)), "note": HOSTILE}], title=HOSTILE), "html").decode()
    assert not re.search(r"<script|src=|@import|url\(", page)
    assert html_module.escape("<script>alert(1)</script>") in page


def test_a_brief_that_was_exported_can_be_read_again():
    quote, spans = keeping("Relief matters.")
    first = made(
        [{"quote": id_of(quote), "note": "n", "keep": [[s.start, s.end] for s in spans]}],
        title="T",
        style="mla",
    )
    again = resolve(parse(export(first, "json"), "b"), HELD)
    assert (again.brief.title, again.brief.style) == ("T", "mla")
    assert [(pin.text, pin.note) for pin in again.pins] == [("Relief matters.", "n")]
    assert export(again, "json") == export(first, "json")


def test_the_same_interview_is_one_source():
    """Stored twice under two ids, it is listed once."""
    twin = replace(TALK, article=replace(TALK.article, id="twin"))
    pins = [id_of(place(WHOLE)), id_of(place(WHOLE, twin))]
    resolved = resolve(parse(json.dumps(pins).encode(), "b"), {"made": TALK, "twin": twin})
    listed = unmarked(export(resolved, "md"))
    assert len([each for each in listed[listed.index("Sources") + 1 :] if "Interview." in each]) == 1


def test_an_answer_is_a_brief():
    """What `onrecord ask --json` prints can be exported as it is, under the question."""
    quote = place("Relief matters.")
    row = {"id": id_of(quote), "text": quote.text, "article": "made", "start": 1, "end": 2, "score": 0.9}
    answer = {"id": None, "question": "What matters?", "status": "answered", "quotes": [row], "related": []}
    brief = parse(json.dumps(answer).encode(), "answer.json")
    assert (brief.title, [pin.quote for pin in brief.pins]) == ("What matters?", [id_of(quote)])
    assert [pin.text for pin in resolve(brief, HELD).pins] == ["Relief matters."]


def test_five_hundred_pins_are_a_brief():
    data = export(made([id_of(place("Relief matters."))] * 500), "docx")
    assert len(Word(io.BytesIO(data)).paragraphs) > 1_000


# --- what is no brief ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"3", "no list of pins"),
        (b'{"pins": 3}', "no list of pins"),
        (b'{"pins": []}', "pins no quote"),
        (b'{"pins": [3]}', "pin 1 is a JSON int"),
        (b'{"pins": [{}]}', "pin 1 names no quote"),
        (b'{"pins": [{"quote": "x", "nots": 1}]}', "'nots'"),
        (b'{"pins": [{"quote": "x", "note": 1}]}', "note is a JSON int"),
        (b'{"pins": [{"quote": "x", "keep": 1}]}', "keep is a JSON int"),
        (b'{"pins": [{"quote": "x", "keep": [[2, 1]]}]}', r"keep holds \[2, 1\]"),
        (b'{"pins": ["x"], "style": "harvard"}', "no citation style 'harvard'"),
        (b'{"pins": ["x"], "titel": "T"}', "'titel'"),
        (b'{"pins": ["x"], "language": 3}', "language is a JSON int"),
        (b'{"pins": ["x"], "language": "\\u0000"}', "expected a code such as 'en'"),
        (b'{"pins": ["x"], "language": "not one"}', "expected a code such as 'en'"),
        (b'{"pins": [{"quote": "x", "text": 1}]}', "text is a JSON int"),
        (b'{"pins": [{"quote": {"id": "x", "text": "a"}, "text": "b"}]}', "two texts that differ"),
        (b'{"pins": [{"article": "made", "start": true, "end": 2}]}', "pin 1 names no quote"),
        (b'{"pins": ["x"], "title": "' + b"a" * 501 + b'"}', "at most 500"),
        (b"[" * 100_000, "no JSON"),
        (b"[" + b'"x",' * MOST_PINS + b'"x"]', "make it two"),
        (b" " * (MAX_BYTES + 1), "over 20,000,000 bytes"),
    ],
)
def test_what_is_no_brief_is_told_in_one_line(data, says):
    with pytest.raises(InputError, match=says) as error:
        parse(data, "brief.json")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["{}", "{bad", '{"article": 3}', "[1]", "\x00", ""])
def test_a_name_that_looks_like_json_is_no_quote(name):
    """A pin is text from outside: whatever it holds, one line tells."""
    with pytest.raises(UnknownQuote, match="quote 1 of the brief"):
        made([name])


def test_words_beside_a_quote_object_are_compared_too():
    with pytest.raises(QuoteDrifted, match="not those of the article"):
        made([{"quote": {"id": id_of(place(WHOLE))}, "text": "something else"}])


def test_a_pin_of_nothing_is_told():
    with pytest.raises(UnknownQuote, match="quote 1 of the brief"):
        made(["nonsense"])
    with pytest.raises(UnknownArticle, match="quote 1 of the brief"):
        made(["other:1-2:123456789abc"])
    with pytest.raises(InputError, match="expected one of: docx"):
        export(made([id_of(place(WHOLE))]), "pdf")


def test_the_format_is_told_by_the_ending(tmp_path):
    assert [format_of(tmp_path / f"a.{kind}") for kind in FORMATS] == list(FORMATS)
    with pytest.raises(InputError, match=r"expected \.docx, \.md, \.html or \.json"):
        format_of(tmp_path / "a.pdf")
