"""Files to articles: the seed as it was received, facts, and files that are no interview."""

# mypy: allow-untyped-calls

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ArticleError
from rag.reading import MAX_BYTES, documents, make_article, read
from rag.reading.facts import Facts, parse_facts
from rag.records import Person
from tests.conftest import SEED

RECEIVED = "93e21bd6ea89d212b54fa464c86ed020845116f923edbca4b8216523a6be39d2"


def write(folder, text="Ann Lee: Yes.", facts=None):
    path = folder / "talk.txt"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    if facts is not None:
        path.with_suffix(".toml").write_bytes(facts.encode() if isinstance(facts, str) else facts)
    return path


def one_line(error):
    message = str(error.value)
    assert message
    assert "\n" not in message
    return message


def test_the_seed_is_unchanged(article):
    """The article that ships is byte for byte the one received, and is read without changing a character."""
    assert hashlib.sha256(SEED.read_bytes()).hexdigest() == RECEIVED
    assert article.version == RECEIVED


def test_the_seeds_facts(article):
    """What is known of the seed is what its facts file states, and the title, unverified, is left out."""
    assert article.id == "usip-venezuela-2022"
    assert article.publisher == "United States Institute of Peace"
    assert article.date == "2022-03"
    assert article.language == "en"
    assert article.title is None
    assert article.url == (
        "https://www.usip.org/publications/2022/03/"
        "russias-invasion-ukraine-shakes-venezuelas-geopolitical-status-quo"
    )
    assert article.people == (Person("Keith Mines", "USIP"), Person("Ana Caridad", "USIP"))


def test_without_facts_nothing_is_invented(tmp_path):
    """A document without a facts file has its file name as id and no other fact."""
    article = read(write(tmp_path))
    assert (article.id, article.language) == ("talk", "en")
    assert (article.people, article.title, article.date, article.publisher, article.url) == ((),) + (
        None,
    ) * 4


def test_a_stated_fact_is_kept(tmp_path):
    """Every fact that the file states reaches the article as stated; a person without role has None."""
    facts = (
        'id="x"\ntitle="T"\ndate="2020"\npublisher="P"\nurl="u"\nlanguage="es"\n[[people]]\nname="Ann  Lee"\n'
    )
    article = read(write(tmp_path, facts=facts))
    assert (article.id, article.title, article.date, article.publisher) == ("x", "T", "2020", "P")
    assert (article.url, article.language, article.people) == ("u", "es", (Person("Ann Lee", None),))


def test_only_a_byte_order_mark_is_taken_off(tmp_path):
    """Line ends, trailing blanks and odd spaces stay as received; a byte-order mark goes."""
    body = " Ann Lee: A\u00a0b. \r\n\r\nC.\n"
    assert read(write(tmp_path, "\ufeff" + body)).text == body


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_text_is_never_changed(text):
    """Any text that has a word is the article's text, character for character."""
    if text.strip():
        assert make_article(text, Facts(), "x").text == text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \n\t\r\n \xc2\xa0", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"Ann Lee: caf\xe9", "UTF-8"),
        (b"\xff\xfeA\0n\0n", "UTF-8"),
        (bytes(range(256)), "UTF-8"),
        (b"Ann\0Lee", "NUL"),
    ],
)
def test_a_file_that_is_no_text_is_refused_in_one_line(tmp_path, content, says):
    """An empty, binary or non-UTF-8 file is an ArticleError of one line that says what it is."""
    with pytest.raises(ArticleError) as error:
        read(write(tmp_path, content))
    assert says in one_line(error)
    assert "talk" in str(error.value)


def test_a_huge_file_is_refused_unread(tmp_path):
    """A file over the limit is refused by its size."""
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(ArticleError) as error:
        read(path)
    assert f"{MAX_BYTES:,}" in one_line(error)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ("id = ", "not TOML"),
        ("id = \n" + "\x01", "not TOML"),
        (b"id = '\xff'", "UTF-8"),
        ("colour = 'red'", "'colour'"),
        ("id = 3", "id is 3"),
        ("title = ' '", "title"),
        ("date = 2022-03-10", "date"),
        ("people = 'Ann'", "[[people]]"),
        ("people = ['Ann']", "[[people]]"),
        ("[[people]]\nrole = 'x'", "a name"),
        ("[[people]]\nname = 'Ann'\nrole = 3", "a name"),
        ("[[people]]\nname = ''", "a name"),
    ],
)
def test_bad_facts_are_refused_in_one_line(tmp_path, facts, says):
    """A facts file that cannot be read, or states what is no fact, is an ArticleError naming both."""
    with pytest.raises(ArticleError) as error:
        read(write(tmp_path, facts=facts))
    assert says in one_line(error)
    assert "talk.toml" in str(error.value)


@pytest.mark.parametrize("date", ["2022-13", "2022-00", "2022-March", "2022-03-xx", "2022-03-10-11"])
def test_a_date_that_is_none_is_refused(tmp_path, date):
    """A date is a year, a year and month, or a day: anything else is refused when read, not when shown."""
    with pytest.raises(ArticleError) as error:
        read(write(tmp_path, facts=f'date = "{date}"'))
    assert date in one_line(error)


def test_facts_nested_without_end_are_refused(tmp_path):
    """A facts file of ten thousand brackets is an ArticleError like any other that is not TOML."""
    with pytest.raises(ArticleError):
        read(write(tmp_path, facts="id = " + "[" * 10_000))


@given(st.text(max_size=60))
def test_no_facts_file_crashes(toml):
    """Any text as a facts file gives facts or an ArticleError of one line."""
    try:
        parse_facts(toml, "x.toml")
    except ArticleError as error:
        assert "\n" not in str(error)  # noqa: PT017 - any text may also be good TOML


def test_documents_of_a_folder_come_by_name_and_facts_are_none(tmp_path):
    """A folder's documents are its files of known endings by name; facts, a README, hidden ones are none."""
    for name in ("b.txt", "a.txt", "a.toml", "notes.md", "C.TXT", "README.md", ".d.txt", "~$e.docx", "f.png"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in documents([tmp_path])] == ["C.TXT", "a.txt", "b.txt", "notes.md"]


@pytest.mark.parametrize("name", ["missing", "missing.txt"])
def test_a_missing_source_is_named(tmp_path, name):
    """A source that does not exist is an ArticleError that names it."""
    with pytest.raises(ArticleError) as error:
        documents([tmp_path / name])
    assert name in one_line(error)


def test_an_empty_folder_is_told(tmp_path):
    """A folder without documents is an ArticleError that says which endings are read."""
    with pytest.raises(ArticleError) as error:
        documents([tmp_path])
    assert ".txt" in one_line(error)


def test_a_folder_named_like_a_document_is_refused(tmp_path):
    """A folder whose name ends in .txt cannot be read as a document; the error is one line."""
    (tmp_path / "x.txt").mkdir()
    with pytest.raises(ArticleError) as error:
        [read(path) for path in documents([tmp_path])]
    assert "x.txt" in one_line(error)
