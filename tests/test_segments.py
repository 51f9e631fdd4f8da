"""An index of several segments answers as one made at once of the same articles, and costs less to change."""

# mypy: allow-untyped-calls

import json
import shutil
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.bot import Bot
from rag.errors import IndexDamaged, IndexFault
from rag.index import archive, builds, contents, held, load, vectors
from rag.index import update as updates
from rag.index.runs import Rows, Runs
from rag.index.update import update
from rag.reading.facts import Facts
from rag.weights import sealed
from tests.conftest import WORD_READER, FakeEncoder
from tests.durability.work import Small

NAMES = ("oil", "gold", "rivers", "talks")
WHO = ("Ann Lee", "Bo Ray", "José Muñoz")
SAID = (
    "Oil is scarce in winter.",
    "Prices rise by spring, and oil prices most.",
    "Gold is plenty in the hills.",
    "Nobody digs there.",
    "It is so.",
    "Los ríos de Bogotá llevan limo.",
    "Las negociaciones siguen en Medellín.",
)
QUESTIONS = (
    "Is oil scarce?",
    "What do they say about gold prices?",
    "¿Llevan limo los ríos?",
    "Who digs, Muñoz?",
)


@pytest.fixture(autouse=True)
def _tiny(monkeypatch):
    """What is large in life is tiny here."""
    monkeypatch.setattr("os.fsync", lambda file: None)
    monkeypatch.setattr(updates, "MOST_REWRITTEN", 3)
    monkeypatch.setattr(updates, "MOST_BESIDE", 0.8)


def talk(asked, said, language="en"):
    who, asker = WHO[asked % 3], WHO[(asked + 1) % 3]
    lines = [f"{asker}: Why number {asked}?", *(f"{who}: {SAID[each]}" for each in said)]
    return "\n\n".join(lines), Facts(language=language)


def add(folder, place, name, text, facts=None, encoder=None):
    place.mkdir(exist_ok=True)
    (place / f"{name}.txt").write_text(text, "utf-8")
    named = list(archive.sources([str(place / f"{name}.txt")]))
    return archive.add(
        folder, named, facts or Facts(), archive.raise_it, lambda source, plan: None, encoder or FakeEncoder()
    )


def segments(folder):
    return json.loads((folder / builds.MANIFEST).read_text())["segments"]


def at_once(folder, fresh):
    """The index that is made at once of what the library holds."""
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    shutil.copytree(folder / "library", fresh / "library")
    with builds.only_writer(fresh, "build"):
        update(fresh, FakeEncoder())
    assert len(segments(fresh)) == 1
    return load(fresh)


def facts_of(index):
    """All that an index says of what it holds."""
    everything = range(len(index.passages))
    return {
        "articles": (index.articles, index.blocks, index.turns, dict(index.held)),
        "passages": (list(index.passages), index.article_of.tolist(), index.speaker_of.tolist()),
        "vectors": index.vectors.rows(0, len(index.vectors)).tolist(),
        "who": (index.speakers, index.askers, [index.speaker(number) for number in everything]),
        "asked": (tuple(index.questions), tuple(index.asked_of({WHO[0]})), index.questions[:2]),
        "words": (index.known, index.words.surface, dict(index.accented), len(index.words)),
        "shares": [index.words.scores(each).tolist() for each in QUESTIONS],
        "some": [index.words.shares(each, everything[::-2]).tolist() for each in QUESTIONS],
        "told": [index.words.known(each) for each in QUESTIONS],
        "said": [sorted(index.words.tokens.of(at, at + 1).used) for at in everything],
        "windows": [index.window(number) for number in everything],
    }


def answers(index):
    bot = Bot(index, FakeEncoder(), WORD_READER)
    for question in QUESTIONS:
        given = bot.ask(question)
        told = given.message, given.suggestions, given.related
        yield (
            [(q.article.id, q.span, q.speaker, q.also, q.core, round(q.score, 6)) for q in given.quotes],
            told,
        )


CHANGES = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(NAMES),
            st.integers(0, 5),
            st.lists(st.integers(0, len(SAID) - 1), min_size=1, max_size=4),
            st.sampled_from(["en", "en", "es"]),
        ),
        st.tuples(st.just("remove"), st.sampled_from(NAMES)),
        st.just(("compact",)),
    ),
    min_size=2,
    max_size=9,
)


@settings(max_examples=120)
@given(changes=CHANGES)
def test_whatever_is_done_it_is_what_is_made_at_once(tmp_path_factory, changes):
    """After any adding, replacing, removing, compacting: the same articles, numbers, words and answers."""
    top = tmp_path_factory.mktemp("s")
    folder = top / "index"
    there: set[str] = set()
    for change in changes:
        match change:
            case ("remove", name):
                if name not in there:
                    continue
                archive.remove(folder, [name])
                there.remove(name)
            case ("compact",):
                if there:
                    archive.make(folder, [], FakeEncoder())
                    assert len(segments(folder)) == 1
            case (name, asked, said, language):
                # The name in it, for an article of the same words is not taken in twice.
                text, facts = talk(asked, said, language)
                add(folder, top / "talks", name, f"{text}\n\n{WHO[asked % 3]}: So says {name}.", facts)
                there.add(name)
    if not there:
        return
    now, fresh = load(folder), at_once(folder, top / "fresh")
    assert set(now.held) == there
    mine, theirs = facts_of(now), facts_of(fresh)
    for what, each in theirs.items():
        assert mine[what] == each, what
    for stem in fresh.words._held[0].stems:
        for one, other in zip(now.words.postings(stem), fresh.words.postings(stem), strict=True):
            assert one.tolist() == other.tolist()
    assert list(answers(now)) == list(answers(fresh))


@pytest.fixture
def large(tmp_path):
    """An archive that is large: 40 articles in one segment."""
    folder = tmp_path / "index"
    (tmp_path / "talks").mkdir()
    for number in range(40):
        text, _ = talk(number, [number % 4, (number + 1) % 4])
        (tmp_path / "talks" / f"talk{number:02}.txt").write_text(
            f"{text}\n\n{WHO[number % 3]}: So {number}.", "utf-8"
        )
    archive.make(folder, [tmp_path / "talks"], Small())
    return folder


@contextmanager
def unchanged(folder):
    """What is in the large segment stays as it is."""
    large = folder / segments(folder)[0]["name"]
    before = {path: path.stat().st_mtime_ns for path in large.rglob("*") if path.is_file()}
    yield
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_one_more_is_a_small_segment_beside_the_large_one(large, tmp_path, monkeypatch):
    """Adding one to many writes that one alone and reads no other; a new version keeps its old place."""
    monkeypatch.setattr(updates, "MOST_BESIDE", 0.1)
    (first,) = segments(large)
    with unchanged(large):
        made = add(large, tmp_path / "more", "silver", talk(1, [2])[0], encoder=Small())
    assert made.embedded == 1
    assert [each["name"] for each in segments(large)][:1] == [first["name"]]
    assert len(segments(large)) == 2
    assert load(large).articles[-1].id == "silver"
    with unchanged(large):
        add(large, tmp_path / "talks", "talk07", talk(1, [3])[0], encoder=Small())
    assert load(large).articles[7].text == talk(1, [3])[0]
    assert made.articles == 41
    assert made.passages == 121


def test_removing_writes_nothing_but_the_manifest(large):
    """One removed is in no run: no file of a segment is written, nothing of it is found or counted."""
    before = [path.name for path in large.iterdir()]
    with unchanged(large):
        archive.remove(large, ["talk07"])
    assert sorted(path.name for path in large.iterdir()) == sorted(before)
    index = load(large)
    assert "talk07" not in index.held
    assert len(index.passages) == len(index.words) == len(index.vectors) == 117
    assert index.words.nearest("seven 7", 5, None) == []


def test_all_becomes_one_when_too_much_stands_beside_or_was_removed(large, tmp_path, monkeypatch):
    """A tenth removed: the next change makes one segment of all and frees room, as `onrecord build` does."""
    monkeypatch.setattr(updates, "MOST_BESIDE", 0.1)
    size = sum(path.stat().st_size for path in large.glob("build-*/*.npy"))
    for number in range(3):
        archive.remove(large, [f"talk{number:02}"])
    assert len(load(large).articles) == 37
    assert segments(large)[0]["files"]["vectors.npy"][0] >= 120 * 32
    archive.remove(large, ["talk03", "talk04"])
    (only,) = segments(large)
    assert only["files"]["vectors.npy"][0] < 110 * 32
    assert sum(path.stat().st_size for path in large.glob("build-*/*.npy")) < size
    add(large, tmp_path / "more", "silver", talk(1, [2])[0], encoder=Small())
    assert len(segments(large)) == 2
    archive.make(large, [tmp_path / "talks"], Small())
    assert len(segments(large)) == 1


def test_there_are_never_many_segments(large, tmp_path):
    """Of twenty that are added one by one smaller segments are taken in: there are as many as doublings."""
    for number in range(20):
        add(large, tmp_path / "more", f"more{number}", f"{WHO[0]}: Point {number} stands.", encoder=Small())
        assert len(segments(large)) <= 6
        assert len(list(large.glob("build-*"))) == len(segments(large))
    assert [each.article.id for each in contents(large)][40:] == [f"more{number}" for number in range(20)]


def test_what_stands_beside_is_in_short_by_the_same_book(large, tmp_path, monkeypatch):
    """Above MOST_EXACT a small segment's codes are made with the large one's points; each row is found."""
    monkeypatch.setattr(vectors, "MOST_EXACT", 100)
    archive.make(large, [tmp_path / "talks"], Small())
    with unchanged(large):
        add(
            large,
            tmp_path / "more",
            "silver",
            f"{WHO[0]}: Silver shines.\n\n{WHO[0]}: Tin does not.",
            encoder=Small(),
        )
        archive.remove(large, ["talk05"])
    assert len(segments(large)) == 2
    index = load(large)
    for number in range(len(index.passages)):
        row = Small().encode([index.passages[number].span.of(index.article(number).text)])[0]
        best = index.vectors.nearest(row, 1, None)[0]
        assert np.allclose(index.vectors.rows(best, best + 1)[0], row)
        assert index.vectors.nearest(row, 1, np.array([number])) == [number]


def test_damage_to_a_large_segment_is_not_made_whole_by_a_small_one(large, tmp_path, monkeypatch):
    """Where only sizes are looked at, a flipped bit is never answered from, and outlives no compaction."""
    monkeypatch.setattr(builds, "MOST_CHECKED", 0)
    monkeypatch.setattr(builds, "SMALL_FILE", 0)
    path = large / segments(large)[0]["name"] / "articles.jsonl"
    data = bytearray(path.read_bytes())
    data[data.index(b"So 9.") + 3] ^= 1  # in the text of one article
    path.write_bytes(data)
    index = load(large)
    assert index.held["talk08"].article.text
    for look in (lambda: index.held["talk09"], lambda: index.articles[9].text, lambda: held(large)["talk09"]):
        with pytest.raises(IndexDamaged, match="talk09"):
            look()
    add(large, tmp_path / "more", "silver", talk(1, [2])[0], encoder=Small())
    faults = list(builds.faults(large, segments(large)))
    assert ["articles.jsonl" in str(fault) for fault in faults] == [True]
    with pytest.raises(IndexDamaged, match=r"articles\.jsonl"):
        builds.checked(large, builds.read_manifest(large), whole=True)
    read = Small()
    archive.make(large, [tmp_path / "talks"], read)
    assert not list(builds.faults(large, segments(large)))
    assert load(large).held["talk09"].article.text.endswith("So 9.")


@pytest.mark.parametrize("removed", [True, False])
def test_damaged_words_of_a_large_segment_are_told(large, monkeypatch, removed):
    """Words that stand in passages that there are not: the question is refused in one line."""
    if removed:
        archive.remove(large, ["talk07"])
    monkeypatch.setattr(builds, "MOST_CHECKED", 0)
    monkeypatch.setattr(builds, "SMALL_FILE", 0)
    path = large / segments(large)[0]["name"] / "words" / "texts.npy"
    texts = np.load(path)
    texts[:] |= 1 << 30
    np.save(path, texts)
    with pytest.raises(IndexDamaged, match="onrecord build"):
        load(large).words.nearest("oil in winter", 3, None)


def test_passages_of_another_article_are_refused(large, monkeypatch):
    """Where a passage's row names another article than the one it stands with, the index does not open."""
    monkeypatch.setattr(builds, "MOST_CHECKED", 0)
    monkeypatch.setattr(builds, "SMALL_FILE", 0)
    path = large / segments(large)[0]["name"] / "passages.npy"
    rows = np.load(path)
    rows[5, 0] += 1
    np.save(path, rows)
    with pytest.raises(IndexDamaged, match="passages"):
        load(large)


@pytest.mark.parametrize("runs", [[[0, 0, 99]], [[0, 5, 9], [0, 0, 5]], [[0, 0, 5], [0, 4, 9]]])
def test_runs_that_cannot_be_are_refused(large, runs):
    """A forged manifest whose runs lead out of a segment, back, or twice over an article is damaged."""
    path = large / builds.MANIFEST
    manifest = {**json.loads(path.read_text()), "runs": runs}
    path.write_text(json.dumps(sealed(manifest)))
    with pytest.raises(IndexFault):
        load(large)


def test_what_was_open_stays_readable_when_it_is_swept(large, tmp_path):
    """An index that was opened before a compaction goes on answering: all its articles, words and vectors."""
    index = load(large)
    archive.remove(large, ["talk00"])
    archive.make(large, [tmp_path / "talks"], Small())
    assert next(spoken.article.id for spoken in index.spoken) == "talk00"
    assert all(article.text for article in index.articles)
    assert index.words.nearest("winter", 3, None)


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 6)), max_size=12),
)
def test_runs_are_their_rows(sizes, wanted):
    """For any rows of any files, in any order: each stands where it was put, alone, in slices, and back."""
    files = [np.array([[file, row] for row in range(size)]).reshape(-1, 2) for file, size in enumerate(sizes)]
    rows = list(dict.fromkeys((f, r) for f, r in wanted if f < len(sizes) and r < sizes[f]))
    runs = Runs.of(rows)
    assert len(runs) == len(rows)
    assert [runs.at(number) for number in range(len(rows))] == rows
    assert [tuple(each) for each in runs.taken(files).tolist()] == rows
    for file, size in enumerate(sizes):
        places = runs.places(file, size)
        own = list(range(size)) if places is None else places.tolist()
        assert own == [rows.index((file, row)) if (file, row) in rows else -1 for row in range(size)]
    if rows:
        joined = Rows(files, runs)
        assert [tuple(each) for each in joined[::2].tolist()] == rows[::2]
        assert [tuple(each) for each in joined[np.arange(len(rows))[::-1]].tolist()] == rows[::-1]
    with pytest.raises(IndexError):
        runs.at(len(rows))
