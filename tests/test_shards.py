"""A build parted among machines: together it is what one machine makes of all, and nothing half is taken."""

# mypy: allow-untyped-calls

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.cli import main
from rag.errors import ArticleError, IndexStale, InputError, ShardFault
from rag.index import archive, builds, check_fresh, load
from rag.index.shards import Shard, merge
from rag.library import Library
from rag.reading.facts import Facts
from tests.durability.work import Small

SAID = ("Oil is scarce", "Gold is plenty", "Rivers carry silt", "Talks go on", "Dams are built", "Roads end")


@pytest.fixture
def talks(tmp_path):
    """Six interviews in two folders, two of them of one file name, and one printed twice."""
    folders = [tmp_path / "early", tmp_path / "late"]
    for number, said in enumerate(SAID):
        folder = folders[number // 3]
        folder.mkdir(exist_ok=True)
        name = "talk" if number in (1, 4) else f"talk-about-{number}"
        (folder / f"{name}.txt").write_text(
            f"Why {number}?\n\nAnn Lee: {said} in {number} places.\n\nAnn Lee: {said} still.\n", "utf-8"
        )
    shutil.copy(folders[0] / "talk.txt", folders[1] / "zz.txt")
    return folders


def built(folder, talks, of=None, encoder=None):
    """An index, or all shards of one."""
    if of is None:
        archive.make(folder, talks, encoder or Small())
        return [folder]
    made = [folder.with_name(f"{folder.name}-{number}") for number in range(1, of + 1)]
    for number, each in enumerate(made, 1):
        archive.make(each, talks, encoder or Small(), shard=Shard(number, of))
    return made


def facts(folder):
    """All that an index answers from, in order."""
    index = load(folder)
    return (
        index.articles,
        tuple(index.turns),
        tuple(index.passages),
        index.vectors.rows(0, len(index.passages)).tolist(),
        index.words.scores("gold oil still").tolist(),
        index.known,
        index.model,
    )


class Blind(Small):
    """An encoder that must not be asked."""

    def encode(self, texts):
        """Fails."""
        raise AssertionError(f"{len(texts)} texts were embedded again")


@pytest.mark.parametrize("of", [1, 2, 3, 5])
def test_put_together_they_are_what_one_machine_makes_of_all(tmp_path, talks, of, monkeypatch):
    """Articles, their order and ids, passages, vectors and words; and nothing is embedded again."""
    (whole,) = built(tmp_path / "whole", talks)
    parts = built(tmp_path / "part", talks, of)
    monkeypatch.setattr("rag.index.update.encoders.encoder_of", lambda name: Blind())
    made = merge(tmp_path / "all", list(reversed(parts)))
    assert made.embedded == 0
    assert made.articles == len(SAID)
    assert facts(tmp_path / "all") == facts(whole)
    assert [h.id for h in Library(tmp_path / "all").members] == [h.id for h in Library(whole).members]


@given(st.integers(0, 500), st.integers(1, 40))
def test_shards_hold_every_document_once_and_in_order(count, of):
    """And none holds more than one document more than another."""
    own = [list(Shard(number, of).among(count)) for number in range(1, of + 1)]
    assert [number for each in own for number in each] == list(range(count))
    assert max(map(len, own)) - min(map(len, own)) <= 1


def test_run_again_it_changes_nothing(tmp_path, talks):
    """Merging the same shards once more leaves the same articles, under the same ids."""
    parts = built(tmp_path / "part", talks, 3)
    merge(tmp_path / "all", parts)
    before = facts(tmp_path / "all")
    merge(tmp_path / "all", parts)
    assert facts(tmp_path / "all") == before


def test_a_merge_that_was_stopped_goes_on(tmp_path, talks, monkeypatch):
    """Stopped between two articles it left the old index; run again it comes to the same as in one go."""
    (whole,) = built(tmp_path / "whole", talks)
    parts = built(tmp_path / "part", talks, 2)
    taken = []

    def stops(library, other, head, adopt=Library.adopt):
        taken.append(head.id)
        if len(taken) == 4:
            raise KeyboardInterrupt
        return adopt(library, other, head)

    with monkeypatch.context() as patch:
        patch.setattr(Library, "adopt", stops)
        with pytest.raises(KeyboardInterrupt):
            merge(tmp_path / "all", parts)
    assert not (tmp_path / "all" / builds.MANIFEST).exists()
    merge(tmp_path / "all", parts)
    assert facts(tmp_path / "all") == facts(whole)


def test_a_document_that_is_gone_from_its_shard_goes_and_one_that_changed_is_taken_anew(tmp_path, talks):
    """What was added to the whole by name stays."""
    parts = built(tmp_path / "part", talks, 2)
    merge(tmp_path / "all", parts)
    extra = tmp_path / "extra.txt"
    extra.write_text("Why?\n\nBo Ray: Nobody digs there.\n", "utf-8")
    sources = list(archive.sources([str(extra)]))
    archive.add(tmp_path / "all", sources, Facts(), archive.raise_it, lambda *_: None, Small())
    (talks[0] / "talk-about-0.txt").write_text("Why?\n\nAnn Lee: Oil is plenty now.\n", "utf-8")
    (talks[1] / "talk-about-5.txt").unlink()
    parts = built(tmp_path / "part", talks, 2)
    merge(tmp_path / "all", parts)
    said = [article.text for article in load(tmp_path / "all").articles]
    assert any("Oil is plenty now" in text for text in said)
    assert any("Nobody digs there" in text for text in said)
    assert not any("Oil is scarce" in text or "Roads end" in text for text in said)


def test_facts_that_a_person_edited_in_the_whole_stay(tmp_path, talks):
    """Merging again does not undo an edit."""
    parts = built(tmp_path / "part", talks, 2)
    merge(tmp_path / "all", parts)
    file = tmp_path / "all" / "library" / "talk-about-0" / "facts.toml"
    file.write_text(file.read_text("utf-8") + '\n[[people]]\nname = "Ann Lee"\nrole = "Miner"\n', "utf-8")
    merge(tmp_path / "all", parts)
    people = load(tmp_path / "all").articles[0].people
    assert any(person.role == "Miner" for person in people)


def test_the_whole_is_watched_and_a_shard_is_not(tmp_path, talks):
    """A shard holds a part of its folder on purpose; the whole is stale as soon as a document changes."""
    parts = built(tmp_path / "part", talks, 2)
    merge(tmp_path / "all", parts)
    for each in (*parts, tmp_path / "all"):
        check_fresh(each)
    (talks[0] / "talk-about-0.txt").write_text("Why?\n\nAnn Lee: Oil is plenty now.\n", "utf-8")
    check_fresh(parts[0])
    with pytest.raises(IndexStale):
        check_fresh(tmp_path / "all")


class Other(Small):
    """Another model."""

    name, fingerprint = "other", "6" * 64


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        ("missing", "of 3 shards 2 is not among those named"),
        ("twice", "are both shard 1/3"),
        ("damaged", "is damaged"),
        ("none", "no index in"),
        ("whole", "is no shard of a build"),
        ("model", "build both with one model"),
        ("of", "expected shards of one build"),
    ],
)
def test_what_is_no_whole_is_refused_in_one_line_and_nothing_changes(tmp_path, talks, spoilt, told):
    """A shard is missing, named twice, damaged, no index, no shard, of another model or another cut."""
    parts = built(tmp_path / "part", talks, 3)
    merge(tmp_path / "all", parts)
    before = facts(tmp_path / "all")
    if spoilt == "missing":
        del parts[1]
    elif spoilt == "twice":
        parts.append(shutil.copytree(parts[0], tmp_path / "again"))
    elif spoilt == "damaged":
        path = next(parts[1].glob("*/articles.jsonl"))
        path.write_bytes(path.read_bytes().replace(b"Talks", b"Walks"))
    elif spoilt == "none":
        parts[1] = tmp_path / "nowhere"
    elif spoilt == "whole":
        parts[1:2] = built(tmp_path / "whole", talks)
    elif spoilt == "model":
        archive.make(parts[1], talks, Other(), shard=Shard(2, 3))
    else:
        archive.make(parts[1], talks, Small(), shard=Shard(2, 4))
    with pytest.raises(ShardFault, match=told):
        merge(tmp_path / "all", parts)
    assert facts(tmp_path / "all") == before


def test_more_shards_than_documents_are_refused(tmp_path, talks):
    """The last of 40 shards of seven documents would hold none."""
    with pytest.raises(ArticleError, match="no more shards than documents"):
        archive.make(tmp_path / "part", talks, Small(), shard=Shard(1, 40))


@pytest.mark.parametrize("text", ["", "3", "0/2", "3/2", "1/0", "-1/2", "a/b", "1/2/3", "1 / 2", "9999999/1"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(InputError, match="expected one of how many"):
        Shard.parse(text)


def test_the_commands(tmp_path, seed_folder_of_two, capsys):
    """Two machines build their shards, one puts them together; each tells what it has."""
    texts = str(seed_folder_of_two)
    for number in (1, 2):
        assert main(["--index", str(tmp_path / f"s{number}"), "build", "--shard", f"{number}/2", texts]) == 0
    assert main(["--index", str(tmp_path / "all"), "merge", str(tmp_path / "s1"), str(tmp_path / "s2")]) == 0
    assert "2 article(s)" in capsys.readouterr().out
    assert main(["--index", str(tmp_path / "s1"), "build"]) == 2
    assert "expected `onrecord build --shard" in capsys.readouterr().err
    assert main(["--index", str(tmp_path / "all"), "merge", str(tmp_path / "s1")]) == 2
    assert "of 2 shards 2 is not among those named" in capsys.readouterr().err


@pytest.fixture
def seed_folder_of_two(tmp_path):
    """A folder with two interviews."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for name, said in (("one", "Oil is scarce"), ("two", "Gold is plenty")):
        (folder / f"{name}.txt").write_text(f"Why?\n\nAnn Lee: {said} here.\n", "utf-8")
    return folder
