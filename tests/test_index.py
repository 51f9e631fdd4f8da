"""The index on disk: read back alike, refused when not whole, never lost to a build that dies."""

# mypy: allow-untyped-calls

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ArticleError, IndexDamaged, IndexFault, IndexMissing, IndexStale, IndexUnwritable
from rag.index import build, build_to, builds, check_fresh, load, save
from rag.index.parts import Places
from rag.index.vectors import RowFile
from rag.records import Passage, Span
from tests.conftest import FakeEncoder
from tests.durability.work import Small
from tests.generate import interview

FILES = (
    *("heads.json", "articles.jsonl", "passages.npy", "vectors.npy"),
    *("words/words.json", "words/stems.json", "words/times.npy", "words/lengths.npy", "beside/tokens.npy"),
)
TALK = "Why?\n\nAnn Lee: Oil is scarce. Prices rise.\n\nTalks go on.\n"
OTHER = "Why?\n\nAnn Lee: Gold is plenty.\n"
FACTS = '[[people]]\nname = "Ann Lee"\n'


@pytest.fixture
def sources(tmp_path):
    """A folder with one small interview."""
    folder = tmp_path / "talks"
    folder.mkdir()
    (folder / "talk.txt").write_text(TALK)
    (folder / "talk.toml").write_text(FACTS)
    return folder


@pytest.fixture
def folder(tmp_path, sources):
    """An index of it."""
    folder = tmp_path / "index"
    build_to(folder, [sources], FakeEncoder())
    return folder


def in_force(folder):
    return folder / json.loads((folder / builds.MANIFEST).read_text())["build"]


def edit_manifest(folder, **changes):
    path = folder / builds.MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def facts_of(index):
    """Everything an index says, comparable."""
    row = np.ones(index.vectors.dimension, np.float32)
    numbers = range(len(index.passages))
    return (
        (index.articles, index.turns, index.passages, index.model, index.fingerprint),
        (index.speakers, index.questions, index.words.surface),
        index.vectors.scores(row, numbers).tolist(),
        index.words.scores("oil prices sanctions").tolist(),
    )


def opened(folder):
    """The index, opened as a bot does."""
    check_fresh(folder)
    return load(folder)


def fault(kind, folder):
    with pytest.raises(IndexFault) as error:
        load(folder)
    message = str(error.value)
    assert type(error.value) is kind
    assert "\n" not in message
    assert "onrecord build" in message
    return message


def test_a_row_is_its_sentences_vector():
    """A passage's vector is that of its sentence alone: "oil" with "oil is scarce" is 1/√3."""
    made = build([interview("Why rain?", "Keith Mines: Oil is scarce. Prices rise.")], FakeEncoder())
    row = FakeEncoder().encode(["oil"])[0]
    assert made.vectors.scores(row, [0, 1]).tolist() == pytest.approx([1 / 3**0.5, 0], abs=1e-6)


def test_windows_are_of_one_turn():
    """What is read at once never crosses from one turn into the next, and every passage is in one window."""
    made = build([interview("Keith Mines: Oil is scarce. Prices rise.", "Ana Caridad: Gold.")], FakeEncoder())
    assert [made.window(number) for number in range(3)] == [range(2), range(2), range(2, 3)]


def test_numbers_run_through_all_parts():
    """Passage, vector and words of one number are the same sentence, over two articles."""
    one = interview("Ana Caridad: Oil is scarce. Prices rise.", id="one")
    two = interview("Keith Mines: Gold is plenty.", id="two")
    made = build([one, two], FakeEncoder())
    assert len(made.passages) == len(made.vectors) == len(made.words) == 3
    assert [made.article(n).id for n in range(3)] == ["one", "one", "two"]
    assert [made.turn(n).speaker for n in range(3)] == ["Ana Caridad", "Ana Caridad", "Keith Mines"]
    assert made.words.nearest("gold", 3, None) == [2]
    assert made.vectors.nearest(FakeEncoder().encode(["gold is plenty"])[0], 1, None) == [2]
    assert made.speakers == ("Ana Caridad", "Keith Mines")


def test_only_what_was_said_is_embedded_and_progress_reaches_the_end():
    """Sentences are embedded, questions are not; progress ends at the total."""
    encoder, seen = FakeEncoder(), []
    build(
        [interview("Why?", "Keith Mines: Oil is scarce.")],
        encoder,
        lambda done, total: seen.append((done, total)),
    )
    assert encoder.asked == ["Oil is scarce."]
    assert seen == [(1, 1)]


def test_passages_are_made_of_their_rows():
    """A passage is made when it is asked for: by number, from the end, in slices, and alike every time."""
    rows = np.array([[0, 0, 0, 0, 4], [0, 0, 1, 5, 9], [1, 0, 0, 0, 3]], np.int32)
    passages = Places(rows)
    each = tuple(
        Passage(article, turn, at, Span(start, end)) for article, turn, at, start, end in rows.tolist()
    )
    assert (len(passages), tuple(passages), passages[-1]) == (3, each, each[2])
    assert passages == each
    assert passages[1:] == each[1:]
    assert passages != each[1:]
    with pytest.raises(IndexError):
        passages[3]


@pytest.mark.parametrize("row", [[0, 0, 0, 5, 4], [-1, 0, 0, 0, 4], [0, 0, 0, 4], [0.0, 0.0, 0.0, 0.0, 4.0]])
def test_rows_that_are_no_passages_are_refused(row):
    """A forged build whose rows end before they begin, or are of another kind or length, is damaged."""
    with pytest.raises(ValueError, match="no passages"):
        Places(np.array([row]))


def test_two_articles_of_one_id_are_refused():
    """Two articles with one id cannot be told apart: ArticleError names the id."""
    talk = interview("Keith Mines: Oil is scarce.", id="same")
    with pytest.raises(ArticleError, match="'same'"):
        build([talk, talk], FakeEncoder())


def test_a_text_in_which_nobody_speaks_is_refused():
    """A text without a turn makes no index: ArticleError says what was expected."""
    with pytest.raises(ArticleError, match="Full Name:"):
        build([interview("no label here")], FakeEncoder())


def test_save_then_load_answers_alike(seed_index, index_folder):
    """The seed's index read back has the same articles, turns, passages, vectors and words."""
    assert facts_of(load(index_folder)) == facts_of(seed_index)


def test_save_then_load_of_odd_text_answers_alike(tmp_path):
    """Line separators, astral letters and CRLF in an article survive the disk."""
    odd = interview("Keith Mines: A\u2028line\u0085and 𝓐 石油.\r\nIt ends.", title="“T”\u2029", url="u")
    made = build([odd], FakeEncoder())
    save(made, tmp_path / "i")
    assert facts_of(load(tmp_path / "i")) == facts_of(made)


def test_an_article_that_joins_many_has_its_vectors_in_short_too(tmp_path, monkeypatch):
    """Above MOST_EXACT passages a build holds codes of all; one article more keeps their points."""
    monkeypatch.setattr("rag.index.vectors.MOST_EXACT", 20)
    texts = tmp_path / "texts"
    texts.mkdir()
    lines = [f"Ann Lee: Point {at} is made. Price {at} rises." for at in range(40)]
    (texts / "long.txt").write_text("\n\n".join(["Why?", *lines]))
    build_to(tmp_path / "index", [texts], Small())
    points = (in_force(tmp_path / "index") / "short" / "points.npy").read_bytes()
    (texts / "other.txt").write_text(OTHER)
    index = build_to(tmp_path / "index", [texts], Small())
    assert (in_force(tmp_path / "index") / "short" / "points.npy").read_bytes() == points
    assert len(np.load(in_force(tmp_path / "index") / "short" / "codes.npy")) == len(index.passages) > 80
    for number in range(len(index.passages)):
        sentence = index.passages[number].span.of(index.article(number).text)
        assert index.vectors.nearest(Small().encode([sentence])[0], 1, None) == [number]
    save(index, tmp_path / "again")
    assert facts_of(load(tmp_path / "again")) == facts_of(index)


def test_a_missing_index_says_so(tmp_path):
    """No folder, or a folder without a manifest: IndexMissing names it."""
    assert "nowhere" in fault(IndexMissing, tmp_path / "nowhere")
    fault(IndexMissing, tmp_path)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("harm", ["gone", "cut", "empty", "flipped", "longer"])
def test_a_file_that_is_not_whole_is_named(folder, file, harm):
    """Any file of the build missing, cut, emptied, grown or with a bit flipped: IndexDamaged names it."""
    path = in_force(folder) / file
    data = bytearray(path.read_bytes())
    if harm == "gone":
        path.unlink()
    else:
        data[len(data) // 2] ^= 1 if harm == "flipped" else 0
        changed = {"cut": data[:-1], "empty": b"", "flipped": data, "longer": data + b"\0"}[harm]
        path.write_bytes(changed)
    assert file in fault(IndexDamaged, folder)


@pytest.mark.parametrize("file", FILES)
def test_every_file_of_a_build_is_in_the_manifest(folder, file):
    """The manifest has the checksum of every file that a build writes."""
    build_folder = in_force(folder)
    written = {p.relative_to(build_folder).as_posix() for p in build_folder.rglob("*") if p.is_file()}
    assert file in written
    (segment,) = json.loads((folder / builds.MANIFEST).read_text())["segments"]
    assert set(segment["files"]) == written


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"{}", b'{"schema": %d}' % builds.SCHEMA, b"[" * 100_000],
)
def test_a_manifest_that_is_none_is_damaged(folder, content):
    """A manifest that is empty, cut, no JSON, or lacks parts: IndexDamaged."""
    (folder / builds.MANIFEST).write_bytes(content)
    fault(IndexDamaged, folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"segments": []},
        {"segments": {}},
        {"segments": [{"name": "build-0", "files": {"articles.jsonl": None}}]},
        {"runs": []},
        {"runs": [[0, 1, 0]]},
        {"runs": [[1, 0, 1]]},
        {"runs": [[0, 0, True]]},
        {"model": None},
        {"model": {}},
        {"build": None},
        {"build": ""},
        {"roots": None},
        {"sources": None},
    ],
    ids=str,
)
def test_a_manifest_with_parts_of_the_wrong_kind_is_damaged(folder, changes):
    """A manifest whose parts are not what they should be gives an IndexFault, never a crash."""
    edit_manifest(folder, **changes)
    with pytest.raises(IndexFault):
        opened(folder)


def test_a_bit_flipped_in_the_manifest_is_noticed(folder):
    """Whichever byte of the manifest is altered: an IndexFault, or the index is what it was."""
    path = folder / builds.MANIFEST
    whole, expected = path.read_bytes(), facts_of(load(folder))
    unnoticed = []
    for at in range(0, len(whole), 7):
        data = bytearray(whole)
        data[at] ^= 1
        path.write_bytes(data)
        try:
            if facts_of(load(folder)) != expected:
                unnoticed.append(whole[max(0, at - 20) : at + 5])
        except IndexFault:
            pass
    assert unnoticed == []


@pytest.mark.parametrize("schema", [0, 1, "2", None])
def test_another_schema_is_stale(folder, schema):
    """An index of another schema is IndexStale, and the message has both numbers."""
    edit_manifest(folder, schema=schema)
    message = fault(IndexStale, folder)
    assert str(schema) in message
    assert str(builds.SCHEMA) in message


@pytest.mark.parametrize("file", ["talk.txt", "talk.toml"])
def test_a_changed_source_makes_the_index_stale(folder, sources, file):
    """One character more in the document or its facts makes the index stale; as it was, it is fresh."""
    check_fresh(folder)
    before = (sources / file).read_bytes()
    (sources / file).write_bytes(before + b"\n")
    with pytest.raises(IndexStale) as error:
        check_fresh(folder)
    assert "\n" not in str(error.value)
    assert "onrecord build" in str(error.value)
    (sources / file).write_bytes(before)
    check_fresh(folder)


def test_a_new_document_in_the_folder_makes_the_index_stale(folder, sources):
    """A document added to, or facts taken from, an indexed folder make the index stale."""
    (sources / "second.txt").write_text(OTHER)
    with pytest.raises(IndexStale):
        check_fresh(folder)


def test_other_sources_or_another_model_are_stale(folder, sources, tmp_path):
    """An index is stale for other sources than its own and for another model's name."""
    (tmp_path / "other.txt").write_text(OTHER)
    check_fresh(folder, [sources], "fake")
    with pytest.raises(IndexStale):
        check_fresh(folder, [tmp_path / "other.txt"])
    with pytest.raises(IndexStale, match="fake"):
        check_fresh(folder, [sources], "all-MiniLM-L6-v2")


def test_two_sources_of_one_file_name_are_both_watched(tmp_path):
    """Two documents of the same file name in two folders: a change in either makes the index stale."""
    paths = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        paths.append(tmp_path / name / "talk.txt")
        paths[-1].write_text(TALK + name)
        paths[-1].with_suffix(".toml").write_text(f'id = "{name}"\n{FACTS}')
    build_to(tmp_path / "index", paths, FakeEncoder())
    for path in paths:
        whole = path.read_text()
        path.write_text(whole + "More.")
        with pytest.raises(IndexStale):
            check_fresh(tmp_path / "index")
        path.write_text(whole)


def test_an_index_whose_sources_are_gone_still_answers(folder, sources):
    """An index carried away from its sources is not stale: it holds the text itself."""
    shutil.rmtree(sources)
    check_fresh(folder)
    assert load(folder).articles[0].text == TALK


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_a_build_that_dies_half_way_leaves_the_old_index(folder, monkeypatch, error):
    """Whatever stops a build half-way, the index before still answers, word for word; the half is gone."""
    expected = facts_of(load(folder))

    def dies(self, place):
        (place / "words.json").write_text("half")
        raise error("stopped")

    monkeypatch.setattr("rag.index.words.WordStore.save", dies)
    with pytest.raises(IndexUnwritable if error is OSError else error):
        save(build([interview("Ana Caridad: Gold is plenty.")], FakeEncoder()), folder)
    assert facts_of(load(folder)) == expected
    assert [path.name for path in folder.glob("build-*")] == [in_force(folder).name]


def test_killed_just_before_the_switch_the_old_index_answers(folder, monkeypatch):
    """Killed with the new manifest not yet in place, the old index answers; the next build wins."""
    expected = facts_of(load(folder))
    new = build([interview("Ana Caridad: Gold is plenty.")], FakeEncoder())

    def killed(*paths):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("rag.index.builds.os.replace", killed)
        with pytest.raises(KeyboardInterrupt):
            save(new, folder)
    assert facts_of(load(folder)) == expected
    save(new, folder)
    assert facts_of(load(folder)) == facts_of(new)


def test_leftovers_of_killed_builds_are_swept(folder):
    """A build that succeeds removes the one it replaces and whatever killed builds left behind."""
    leftover = folder / "build-0123456789ab"
    (leftover / "words").mkdir(parents=True)
    (leftover / "words" / "half").write_text("x")
    assert load(folder).passages  # in the way of nobody
    save(build([interview("Ana Caridad: Gold is plenty.")], FakeEncoder()), folder)
    assert [path.name for path in folder.glob("build-*")] == [in_force(folder).name]
    assert load(folder).articles[0].text.endswith("plenty.")
    assert not (folder / (builds.MANIFEST + ".new")).exists()


def test_a_reader_that_meets_a_newer_build_takes_it(folder, monkeypatch):
    """Where another process replaces the index between manifest and files, the newer one is read."""
    old = builds.read_manifest(folder)
    new = build([interview("Ana Caridad: Gold is plenty.")], FakeEncoder())
    save(new, folder)
    manifests = iter([old, builds.read_manifest(folder)])
    monkeypatch.setattr(builds, "read_manifest", lambda _: next(manifests))
    assert facts_of(load(folder)) == facts_of(new)


@pytest.mark.parametrize("inside", ["", "/deeper"])
def test_a_folder_that_cannot_be_is_unwritable(tmp_path, sources, inside):
    """A file where the index folder or its parent should be: IndexUnwritable, the file untouched."""
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(IndexUnwritable) as error:
        build_to(tmp_path / f"taken{inside}", [sources], FakeEncoder())
    assert "\n" not in str(error.value)
    assert "taken" in str(error.value)
    assert "--index" in str(error.value)
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_full_disk_is_unwritable(folder, sources, monkeypatch):
    """Where the vectors cannot be written the build says IndexUnwritable, and the old index answers."""
    expected = facts_of(load(folder))
    monkeypatch.setattr("rag.index.parts.RowFile", lambda path: RowFile(Path("/dev/full")))
    with pytest.raises(IndexUnwritable):
        build_to(folder, [sources], FakeEncoder())
    assert facts_of(load(folder)) == expected
