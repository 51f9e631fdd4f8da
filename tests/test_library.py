"""The archive: what is taken in stays as it was, is taken in once, and is embedded once."""

# mypy: allow-untyped-calls

import json
import os
import shutil
import tomllib
import zlib

import numpy as np
import pytest

from rag.errors import ArticleError, IndexMissing, IndexStale, LibraryDamaged, UnknownArticle
from rag.fetch import Fetched
from rag.index import archive, build, build_to, builds, check_fresh, contents, load
from rag.ingest import facts_of, given, merged
from rag.library import Library, safe_id
from rag.reading.facts import Facts
from rag.records import Person
from tests.conftest import SEED, FakeEncoder

OIL = "Why oil?\n\nAnn Lee: Oil is scarce in winter.\n\nAnn Lee: Prices rise by spring.\n"
GOLD = "Why gold?\n\nBo Ray: Gold is plenty in the hills.\n\nBo Ray: Nobody digs there.\n"
RIVERS = "¿Por qué los ríos?\n\nLuz Paz: Los ríos llevan limo.\n\nLuz Paz: Las negociaciones siguen.\n"


class Counting:
    """An encoder that remembers what it was given; a text's vector is drawn from the text itself."""

    name = "counting"

    def __init__(self, fingerprint="c" * 64):
        self.fingerprint = fingerprint
        self.read = []

    def encode(self, texts):
        """Unit rows of eight numbers."""
        self.read += texts
        rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=8) for text in texts]
        return np.array([row / np.linalg.norm(row) for row in rows], np.float32).reshape(-1, 8)

    def encode_questions(self, texts):
        """The same."""
        return self.encode(texts)

    def load(self):
        """Nothing to load."""


@pytest.fixture
def talks(tmp_path):
    """A folder with two interviews in it and a folder in it with a third."""
    folder = tmp_path / "talks"
    (folder / "deeper").mkdir(parents=True)
    (folder / "oil.txt").write_text(OIL, "utf-8")
    (folder / "gold.txt").write_text(GOLD, "utf-8")
    (folder / "deeper" / "rivers.txt").write_text(RIVERS, "utf-8")
    return folder


@pytest.fixture
def folder(tmp_path):
    """Where the index is made."""
    return tmp_path / "index"


def add(folder, *names, encoder=None, refuse=archive.raise_it, flags=None):
    """Adds these; what came of each, by name, and the encoder with what it had to read."""
    encoder = encoder or Counting()
    told = []
    sources = list(archive.sources([str(name) for name in names]))
    archive.add(
        folder,
        sources,
        flags or Facts(),
        refuse,
        lambda source, plan: told.append((plan.status, plan.id)),
        encoder,
    )
    return told, encoder


def facts_file(folder, name):
    return folder / "library" / name / "facts.toml"


def everything(folder):
    """All that an index says, article by article, in no order of theirs."""
    made = load(folder)
    rows = {}
    for number, article in enumerate(made.articles):
        numbers = [n for n, passage in enumerate(made.passages) if passage.article == number]
        said = [made.passages[n].span.of(article.text) for n in numbers]
        vectors = made.vectors.rows(numbers[0], numbers[-1] + 1).tolist()
        rows[article.id] = (article, made.turns[number], made.blocks[number], said, vectors)
    scores = {
        made.passages[n].span.of(made.article(n).text): s for n, s in enumerate(made.words.scores("gold oil"))
    }
    return rows, scores, made.known, made.words.surface


def test_a_folder_is_added_with_all_in_it(folder, talks):
    """Every document of a folder and its folders becomes an article; the text is stored as it was."""
    told, encoder = add(folder, talks)
    assert sorted(told) == [("added", "gold"), ("added", "oil"), ("added", "rivers")]
    assert {spoken.article.id: spoken.article.text for spoken in contents(folder)} == {
        "oil": OIL,
        "gold": GOLD,
        "rivers": RIVERS,
    }
    assert (folder / "library" / "oil" / "text.txt").read_bytes() == OIL.encode()
    assert len(encoder.read) == 6


def test_line_ends_are_stored_as_they_are(folder, tmp_path):
    """CRLF and odd spaces survive the library and the index."""
    odd = "Ann Lee: Oil\u00a0is scarce.\r\n\r\nAnn Lee: It\u2028ends. \r\n"
    (tmp_path / "odd.txt").write_bytes(odd.encode())
    add(folder, tmp_path / "odd.txt")
    assert contents(folder)[0].article.text == odd
    assert Library(folder).entry("odd").document.text == odd


def test_the_same_again_is_there_already(folder, talks):
    """Adding the same bytes again does nothing: no file changes, nothing is embedded."""
    add(folder, talks)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    told, encoder = add(folder, talks)
    assert {status for status, _ in told} == {"there"}
    assert encoder.read == []
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_one_of_a_thousand_more_embeds_only_that_one(folder, tmp_path, monkeypatch):
    """With 1,000 articles in the index a further one is all that is read; the others stay as they were."""
    monkeypatch.setattr(os, "fsync", lambda file: None)  # thousands of them, and no power is cut here
    talks = tmp_path / "many"
    talks.mkdir()
    for n in range(1_000):
        talk = f"Ann Lee: Field {n} bears oats.\n\nAnn Lee: It has {n} rows.\n"
        (talks / f"talk{n:04}.txt").write_text(talk, "utf-8")
    encoder = Counting()
    add(folder, talks, encoder=encoder)
    assert len(encoder.read) == 2_000
    (tmp_path / "more.txt").write_text(GOLD, "utf-8")
    before = load(folder)
    told, encoder = add(folder, tmp_path / "more.txt")
    assert told == [("added", "more")]
    assert encoder.read == ["Gold is plenty in the hills.", "Nobody digs there."]
    after = load(folder)
    assert len(after.articles) == 1_001
    assert after.passages[:2_000] == before.passages
    assert np.array_equal(after.vectors.rows(0, 2_000), before.vectors.rows(0, 2_000))


def test_step_by_step_is_the_same_as_at_once(tmp_path, talks):
    """An index made by adding, replacing and removing is the one that is made at once of what is left."""
    steps, once = tmp_path / "steps", tmp_path / "once"
    add(steps, talks / "oil.txt")
    add(steps, talks / "gold.txt")
    (talks / "oil.txt").write_text(OIL + "\nAnn Lee: It is cold.\n", "utf-8")
    add(steps, talks)
    archive.remove(steps, ["gold"])
    add(once, talks / "deeper", talks / "oil.txt")
    assert everything(steps) == everything(once)


def test_nothing_of_an_unchanged_article_is_split_again(folder, talks, monkeypatch):
    """Sentences and words of an article that stays are not looked for again."""
    add(folder, talks / "oil.txt")
    monkeypatch.setattr("rag.ingest.blocks", lambda *of: pytest.fail("read again"))
    monkeypatch.setattr("rag.index.parts.made", lambda *of: pytest.fail("split again"))
    archive.make(folder, [], Counting())
    assert [spoken.article.id for spoken in contents(folder)] == ["oil"]


def test_other_weights_embed_everything_anew(folder, talks):
    """Vectors of other weights are never taken over."""
    add(folder, talks / "oil.txt")
    _, encoder = add(folder, talks / "gold.txt", encoder=Counting("d" * 64))
    assert len(encoder.read) == 4


def test_a_damaged_build_is_not_taken_over(folder, talks):
    """Where a file of the build in force is altered, everything is made anew."""
    add(folder, talks / "oil.txt")
    build = folder / json.loads((folder / builds.MANIFEST).read_text())["build"]
    rows = bytearray((build / "vectors.npy").read_bytes())
    rows[-1] ^= 1
    (build / "vectors.npy").write_bytes(rows)
    _, encoder = add(folder, talks / "gold.txt")
    assert len(encoder.read) == 4


def test_a_new_version_replaces_the_old(folder, talks):
    """Changed bytes under the same path are a new version of the same article."""
    add(folder, talks)
    (talks / "oil.txt").write_text("Why oil?\n\nAnn Lee: Oil is plenty.\n\nAnn Lee: It flows.\n", "utf-8")
    told, encoder = add(folder, talks / "oil.txt")
    assert told == [("replaced", "oil")]
    assert encoder.read == ["Oil is plenty.", "It flows."]
    assert len(contents(folder)) == 3


def test_the_same_text_elsewhere_is_no_second_article(folder, talks):
    """A copy is not added, nor is the same text with other bytes; a moved file is followed."""
    add(folder, talks)
    shutil.copy(talks / "oil.txt", talks / "copy.txt")
    (talks / "marked.txt").write_bytes(b"\xef\xbb\xbf" + GOLD.encode())
    assert add(folder, talks / "copy.txt", talks / "marked.txt")[0] == [("same", "oil"), ("same", "gold")]
    (talks / "gold.txt").rename(talks / "moved.txt")
    assert add(folder, talks / "moved.txt")[0] == [("moved", "gold")]
    assert add(folder, talks / "moved.txt")[0] == [("there", "gold")]
    assert len(contents(folder)) == 3


def test_two_files_of_one_name_have_two_ids(folder, talks):
    """A number is put behind an id that is taken."""
    (talks / "deeper" / "oil.txt").write_text(OIL + "\nAnn Lee: More of it.\n", "utf-8")
    told, _ = add(folder, talks / "oil.txt", talks / "deeper" / "oil.txt")
    assert told == [("added", "oil"), ("added", "oil-2")]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("talk", "talk"),
        ("A talk (2)", "A-talk-2"),
        ("../../etc/passwd", "etc-passwd"),
        (".hidden", "hidden"),
        ("año", "año"),
        ("con", "article-con"),
        ("???", "article"),
        ("x" * 300, "x" * 80),
        ("a\u202eb", "ab"),
    ],
)
def test_ids_are_names_of_folders(name, made):
    """An id is a name that any system takes for a folder, and never a path."""
    assert safe_id(name) == made


def test_a_bad_document_is_told_and_the_rest_added(folder, talks):
    """One document that cannot be read keeps none of the others out."""
    (talks / "bad.txt").write_bytes(b"\0\1")
    (talks / "empty.txt").write_bytes(b"")
    refused = []
    told, _ = add(folder, talks, refuse=lambda name, error: refused.append(name))
    assert len(told) == 3
    assert sorted(name.rpartition("/")[2] for name in refused) == ["bad.txt", "empty.txt"]


def test_an_odd_fault_of_a_reader_keeps_no_other_out(folder, talks, monkeypatch):
    """Whatever goes wrong in reading one document is told in one line."""
    import rag.reading

    real = rag.reading.open_document

    def odd(data, name, ending):
        if b"gold" in data:
            raise RecursionError("too deep")
        return real(data, name, ending)

    monkeypatch.setattr("rag.reading.open_document", odd)
    refused = []
    told, _ = add(folder, talks, refuse=lambda name, error: refused.append(str(error)))
    assert len(told) == 2
    assert "too deep" in refused[0]


@pytest.mark.parametrize(
    "make", [lambda path: path.mkdir(), os.mkfifo, lambda path: None], ids=["folder", "pipe", "nothing"]
)
def test_what_is_no_file_is_told(folder, tmp_path, make):
    """A folder without documents, a pipe, or nothing at all: one line each, and nothing hangs."""
    make(tmp_path / "x.txt")
    refused = []
    add(folder, tmp_path / "x.txt", refuse=lambda name, error: refused.append(str(error)))
    assert len(refused) == 1
    assert "expected" in refused[0]


def test_hidden_files_and_an_index_in_the_folder_are_passed_by(talks):
    """A folder's hidden files, what is about it, and an index in it are no interviews of it."""
    add(talks / "index", talks / "oil.txt")
    (talks / ".hidden").mkdir()
    for name in (".hidden/x.txt", ".y.txt", "README.txt"):
        (talks / name).write_text(OIL)
    found = archive.documents_under(talks)
    assert [path.name for path in found] == ["gold.txt", "oil.txt", "rivers.txt"]


def test_a_link_out_of_a_folder_is_refused(folder, talks, tmp_path):
    """A link in a folder to a file outside it is told, not followed."""
    (tmp_path / "secret.txt").write_text(OIL)
    (talks / "deeper" / "link.txt").symlink_to(tmp_path / "secret.txt")
    refused = []
    add(folder, talks / "deeper", refuse=lambda name, error: refused.append(str(error)))
    assert len(refused) == 1
    assert "link" in refused[0]


# --- facts ---------------------------------------------------------------------------------------


def test_facts_say_where_they_were_found(folder, talks):
    """The facts file has each fact with where it was found; what was not found is there to be filled in."""
    (talks / "oil.toml").write_text('title = "On oil"\ndate = "2021-05"\n')
    add(folder, talks / "oil.txt")
    text = facts_file(folder, "oil").read_text("utf-8")
    assert 'title = "On oil" # oil.toml' in text
    assert '# publisher = ""' in text
    assert tomllib.loads(text) == {
        "title": "On oil",
        "date": "2021-05",
        "language": "en",
        "people": [{"name": "Ann Lee"}],
    }


def test_an_edit_makes_the_index_stale_until_it_is_built(folder, talks):
    """An edited facts file is noticed; building takes it over and embeds nothing."""
    add(folder, talks)
    check_fresh(folder)
    path = facts_file(folder, "oil")
    path.write_text(
        path.read_text("utf-8").replace("[[people]]", 'date = "2020"\n[[people]]\nrole = "miller"')
    )
    with pytest.raises(IndexStale, match="onrecord build") as error:
        check_fresh(folder)
    assert "oil" in str(error.value)
    encoder = Counting()
    archive.make(folder, [], encoder)
    check_fresh(folder)
    assert encoder.read == []
    article = next(spoken.article for spoken in contents(folder) if spoken.article.id == "oil")
    assert (article.date, article.role("Ann Lee")) == ("2020", "miller")


def test_edits_survive_a_rebuild_byte_for_byte(folder, talks):
    """With the same text an edited facts file stays as it is, comments and all, whatever is built."""
    build_to(folder, [talks], Counting())
    path = facts_file(folder, "oil")
    mine = path.read_bytes() + b'role = "miller"  # she told us\n'
    path.write_bytes(mine)
    (talks / "gold.txt").write_text(GOLD + "\nBo Ray: More.\n", "utf-8")
    build_to(folder, [talks], Counting())
    add(folder, talks)
    assert path.read_bytes() == mine
    assert {a.id: a.role("Ann Lee") for a in load(folder).articles}["oil"] == "miller"


def test_edits_survive_a_new_version(folder, talks):
    """What a person changed stays when the document changes; what they left alone follows the document."""
    (talks / "oil.toml").write_text('title = "On oil"\ndate = "2021"\npublisher = "Mills"\n')
    add(folder, talks / "oil.txt")
    path = facts_file(folder, "oil")
    path.write_text(path.read_text("utf-8").replace('"On oil"', '"Oil, mended"  # mine'))
    (talks / "oil.toml").write_text('title = "Oil!"\ndate = "2022"\n')
    (talks / "oil.txt").write_text(OIL + "\nAnn Lee: More of it.\n", "utf-8")
    add(folder, talks / "oil.txt")
    facts = facts_of(path.read_bytes(), "x")
    assert (facts.title, facts.date, facts.publisher) == ("Oil, mended", "2022", None)
    assert "# mine" in path.read_text("utf-8")


def test_edits_survive_what_is_built_in_between(folder, talks):
    """An article that a build leaves out keeps its edits for when it comes again; unedited ones go."""
    build_to(folder, [talks / "oil.txt", talks / "gold.txt"], Counting())
    path = facts_file(folder, "oil")
    path.write_text(path.read_text("utf-8") + 'role = "miller"\n')
    build_to(folder, [talks / "deeper"], Counting())
    assert [spoken.article.id for spoken in contents(folder)] == ["rivers"]
    assert path.exists()
    assert not facts_file(folder, "gold").exists()
    made = build_to(folder, [talks / "oil.txt"], Counting())
    assert [(article.id, article.role("Ann Lee")) for article in made.articles] == [("oil", "miller")]


def test_what_was_added_stays_whatever_is_built(folder, talks):
    """A build is of its sources and of what was added by name."""
    add(folder, talks / "oil.txt")
    build_to(folder, [talks / "gold.txt"], Counting())
    made = build_to(folder, [talks / "deeper"], Counting())
    assert {article.id for article in made.articles} == {"oil", "rivers"}
    archive.remove(folder, ["oil"])
    assert [spoken.article.id for spoken in contents(folder)] == ["rivers"]


@pytest.mark.parametrize(
    ("people", "heard"),
    [
        ('[[people]]\nname = "Ann Lee"\n', {"Ann Lee"}),
        ("", {None}),
        ('[[people]]\nname = "Anne Lee"\n', {"Anne Lee"}),
        ('[[people]]\nname = "Bo Ray"\n', {None}),
        ('[[people]]\nname = "Bo Ray"\naliases = ["Ann Lee"]\n', {"Bo Ray"}),
        ('[[people]]\nname = "Bo Ray"\n[[people]]\nname = "Ann Lee"\n', {"Ann Lee"}),
    ],
)
def test_the_people_of_the_facts_file_count(folder, talks, people, heard):
    """Taken off the list a name is nobody's, written otherwise it is new, and an alias is who has it."""
    add(folder, talks / "oil.txt")
    path = facts_file(folder, "oil")
    path.write_text(path.read_text("utf-8").partition("[[people]]")[0] + people)
    encoder = Counting()
    archive.make(folder, [], encoder)
    assert {turn.speaker for turn in contents(folder)[0].turns} == heard
    assert encoder.read == []


def test_an_unedited_file_changes_no_speaker(folder, talks):
    """Who speaks is the same before and after the people were written down and read back."""
    add(folder, talks)
    for name in ("oil", "gold", "rivers"):
        entry = Library(folder).entry(name)
        assert entry.facts.people == entry.decided.people
    assert all(turn.speaker for spoken in contents(folder) for turn in spoken.turns)


def test_a_broken_facts_file_is_named(folder, talks):
    """A facts file that is no TOML any more: ArticleError with its path, and the old index stays."""
    add(folder, talks / "oil.txt")
    path = facts_file(folder, "oil")
    path.write_text("title = ")
    with pytest.raises(ArticleError, match=r"oil.facts\.toml"):
        archive.make(folder, [], Counting())
    assert contents(folder)[0].article.text == OIL


def test_given_facts_are_edits(folder, talks):
    """Facts given by hand count, and stay when the document is read again without them."""
    flags = Facts(title="By hand", people=(Person("Ann Lee-Smith"),))
    add(folder, talks / "oil.txt", flags=flags)
    (talks / "oil.txt").write_text(OIL + "\nAnn Lee: More of it.\n", "utf-8")
    add(folder, talks / "oil.txt")
    article = contents(folder)[0].article
    assert article.title == "By hand"
    assert "Ann Lee-Smith" in {person.name for person in article.people}
    assert '"By hand" # by hand' in facts_file(folder, "oil").read_text("utf-8")


def test_merging_keeps_what_was_changed():
    """Of three versions the changed fields are mine, the others theirs; people are merged one by one."""
    ann, bo, cy = Person("Ann"), Person("Bo"), Person("Cy")
    base = Facts(title="T", date="2020", people=(ann, bo))
    mine = Facts(title="Mine", date="2020", people=(Person("Ann", "miller"), Person("Di")))
    theirs = Facts(id="x", title="New", date="2021", people=(ann, bo, cy))
    assert merged(base, mine, theirs) == Facts(
        id="x", title="Mine", date="2021", people=(Person("Ann", "miller"), cy, Person("Di"))
    )


def test_a_full_name_takes_the_place_of_its_part():
    """A name given by hand stands for the one that is a part of it, which stays what labels say."""
    facts = given(
        Facts(people=(Person("Ana", "host"), Person("Bo Day"))), Facts(people=(Person("Ana Ruiz"),))
    )
    assert facts.people == (Person("Ana Ruiz", "host", ("Ana",)), Person("Bo Day"))


# --- removing, damage ------------------------------------------------------------------------------


def test_removing_embeds_nothing_and_the_last_one_leaves_no_index(folder, talks):
    """Removed articles are gone from library and index; with the last the index is, and can come again."""
    add(folder, talks)
    archive.remove(folder, ["oil", "gold", "oil"])
    assert [spoken.article.id for spoken in contents(folder)] == ["rivers"]
    with pytest.raises(UnknownArticle):
        archive.remove(folder, ["rivers", "oil"])
    assert len(contents(folder)) == 1
    archive.remove(folder, ["rivers"])
    with pytest.raises(IndexMissing):
        load(folder)
    add(folder, talks / "oil.txt")
    assert len(contents(folder)) == 1


@pytest.mark.parametrize("name", ["..", "../index", ".", "", "/etc", "none", ".new-oil"])
def test_only_articles_can_be_removed(folder, talks, name):
    """A path is no article."""
    add(folder, talks / "oil.txt")
    with pytest.raises(UnknownArticle):
        archive.remove(folder, [name])
    assert (folder / "library" / "oil").is_dir()


@pytest.mark.parametrize(
    ("file", "content"), [("text.txt", b"other"), ("origin.json", b"{"), ("origin.json", b"[]")]
)
def test_a_damaged_article_is_named_and_can_be_removed(folder, talks, file, content):
    """A stored article that is not whole is LibraryDamaged with its id; the index still answers."""
    add(folder, talks)
    (folder / "library" / "oil" / file).write_bytes(content)
    with pytest.raises(LibraryDamaged, match="oil"):
        archive.make(folder, [], Counting("d" * 64))
    assert len(load(folder).articles) == 3
    archive.remove(folder, ["oil"])
    assert len(load(folder).articles) == 2


def test_one_stopped_while_putting_leaves_the_old_or_the_new(folder, talks):
    """What a writer that was killed left behind is set right by the next."""
    add(folder, talks / "oil.txt")
    library = folder / "library"
    (library / "oil").rename(library / ".old-oil")  # killed between the two renames
    (library / ".new-oil").mkdir()
    add(folder, talks / "gold.txt")
    assert sorted(path.name for path in library.iterdir()) == ["gold", "oil"]
    assert len(contents(folder)) == 2


def test_what_was_taken_in_before_a_stop_is_indexed_by_the_next(folder, talks):
    """Stopped while embedding, the old index answers, and adding again goes on where it was."""
    add(folder, talks / "oil.txt")

    class Stopped(Counting):
        def encode(self, texts):
            """Ctrl-C."""
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add(folder, talks, encoder=Stopped())
    check_fresh(folder)
    assert [article.id for article in load(folder).articles] == ["oil"]
    told, encoder = add(folder, talks)
    assert {status for status, _ in told} == {"there"}
    assert len(encoder.read) == 4
    assert len(load(folder).articles) == 3


def test_a_dry_run_writes_nothing(folder, talks):
    """Looking at what would be added says the same as adding, and leaves no file."""
    shutil.copy(talks / "oil.txt", talks / "zcopy.txt")
    looked = []
    sources = list(archive.sources([str(talks)]))
    archive.look_at(
        folder,
        sources,
        Facts(),
        archive.raise_it,
        lambda source, plan: looked.append((plan.status, plan.id)),
    )
    assert not folder.exists()
    assert looked == add(folder, talks)[0]


def test_each_article_is_found_in_its_own_language(folder, talks):
    """A Spanish stem finds the Spanish article, an English one the English, in one index."""
    archive.add(
        folder,
        list(archive.sources([str(talks)])),
        Facts(),
        archive.raise_it,
        lambda *of: None,
        FakeEncoder(),
    )
    made = load(folder)
    best = {
        question: made.article(made.words.nearest(question, 1, None)[0]).id
        for question in ("negociación", "dug in a hill", "price")
    }
    assert best == {"negociación": "rivers", "dug in a hill": "gold", "price": "oil"}


def test_a_page_is_known_by_its_address(folder, monkeypatch):
    """A page whose bytes change but not its text is there already; its address is where it is found."""
    pages = iter([OIL.encode(), b"\xef\xbb\xbf" + OIL.encode(), GOLD.encode("utf-16")])

    def fetch(url, *, allow_private):
        return Fetched("https://example.org/talks/oil.html?x=1", next(pages), ".txt", "utf-8")

    monkeypatch.setattr("rag.fetch.fetch", fetch)
    assert [add(folder, "https://example.org/oil#top")[0] for _ in range(3)] == [
        [("added", "oil")],
        [("there", "oil")],
        [("replaced", "oil")],
    ]
    assert contents(folder)[0].article.url == "https://example.org/oil"


def test_a_servers_encoding_counts(folder, monkeypatch):
    """What a server says of the encoding is what the text is read with."""
    monkeypatch.setattr(
        "rag.fetch.fetch",
        lambda url, **options: Fetched(url, RIVERS.encode("cp1252"), ".txt", "windows-1252"),
    )
    add(folder, "https://example.org/")
    assert [(spoken.article.id, spoken.article.text) for spoken in contents(folder)] == [
        ("example.org", RIVERS)
    ]


def test_the_seed_is_what_it_was(folder, article):
    """The article that ships comes out of the library as it is read by itself, who says what included."""
    made = build_to(folder, [SEED.parent], Counting())
    alone = build([article], Counting())
    assert made.articles == alone.articles == (article,)
    assert (made.turns, made.blocks, made.passages) == (alone.turns, alone.blocks, alone.passages)
    assert made.known == alone.known


@pytest.fixture
def noted(folder, talks, monkeypatch):
    """A library of so many articles that what their files said is noted; and whose files are read again."""
    monkeypatch.setattr("rag.shelf.MOST_READ", 1)
    monkeypatch.setattr("rag.shelf._TICK", 0)
    add(folder, talks)
    read = []
    origin = Library._origin

    def reads(self, name):
        read.append(name)
        return origin(self, name)

    monkeypatch.setattr(Library, "_origin", reads)
    return read


def test_of_many_articles_those_that_did_not_change_are_not_read_again(folder, talks, noted):
    """One more reads its own files alone; what is noted is what the files say."""
    (talks / "silver.txt").write_text("Ann Lee: Silver shines.\n\nAnn Lee: Tin does not.\n", "utf-8")
    told, _ = add(folder, talks / "silver.txt")
    assert told == [("added", "silver")]
    assert set(noted) == {"silver"}
    known, states = (
        Library(folder).heads,
        {name: Library(folder).state(name) for name in Library(folder).heads},
    )
    (folder / "library" / ".notes.json").unlink()
    assert Library(folder).heads == known
    assert {name: Library(folder).state(name) for name in known} == states


def test_an_edit_of_one_of_many_is_seen(folder, noted):
    """Facts that a person changes, in place or by another file of the same length, are in the next index."""
    path = facts_file(folder, "oil")
    for who in ("Ann Oak", "Ann Elm"):
        written = path.read_text("utf-8").replace("Ann Lee", who).replace("Ann Oak", who)
        if who == "Ann Elm":
            path.with_suffix(".new").write_text(written, "utf-8")
            path.with_suffix(".new").replace(path)
        else:
            path.write_text(written, "utf-8")
        archive.make(folder, [], Counting())
        assert who in load(folder).held["oil"].article.people[0].name


@pytest.mark.parametrize("harm", [b"", b"{", b"[]", b'{"articles": {}}', b"flip"])
def test_damaged_notes_are_no_notes(folder, talks, noted, harm):
    """Whatever stands in the notes, the library is what its files say."""
    path = folder / "library" / ".notes.json"
    before, whole = everything(folder), path.read_bytes()
    path.write_bytes(whole.replace(b"gold", b"bold", 1) if harm == b"flip" else harm)
    assert sorted(Library(folder).heads) == ["gold", "oil", "rivers"]
    assert set(noted) == {"gold", "oil", "rivers"}
    archive.make(folder, [], Counting())
    assert everything(folder) == before


def test_what_was_just_written_is_not_noted(folder, talks, monkeypatch):
    """A file that may be written again within one tick of the clock is read the next time."""
    monkeypatch.setattr("rag.shelf.MOST_READ", 1)
    add(folder, talks)
    assert json.loads((folder / "library" / ".notes.json").read_text())["articles"] == {}


def test_few_articles_have_no_notes(folder, talks):
    """Up to MOST_READ articles nothing is noted: reading them costs less."""
    add(folder, talks)
    assert not (folder / "library" / ".notes.json").exists()
