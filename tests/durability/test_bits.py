"""A flipped bit or a cut file is found and named, and never answered from."""

# mypy: allow-untyped-calls

import json
import os
import random
import shutil

import pytest

from rag import index as index_store
from rag.bot import Bot
from rag.cli import main
from rag.encoder import DEFAULT_FOLDER, OnnxEncoder
from rag.errors import IndexStale, ModelError, OnRecordError
from rag.index import contents, load
from rag.library import Library
from rag.reader import TrainedReader
from rag.reader.calibration import shipped
from rag.reader.net import READER, OnnxReader
from rag.trunk import FOLDER
from rag.weights import MODELS
from tests.durability.work import said, start

FLIPS, CUTS = 3, 1
MODEL_FILES = sorted(
    path.relative_to(MODELS).as_posix()
    for path in MODELS.rglob("*")
    if path.is_file() and path.name != "README.md"
)


def harmed(data, draw, flips=FLIPS, cuts=CUTS):
    """The file with a bit flipped here and there, cut short, and empty."""
    for _ in range(flips):
        flipped = bytearray(data)
        flipped[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        yield bytes(flipped)
    # A card's last byte is a line's end, without which it says the same.
    yield from (data[: draw.randrange(len(data.rstrip()))] for _ in range(cuts))
    yield b""


@pytest.fixture(params=["add", "compact"])
def folder(expected, tmp_path, request):
    """An index of one segment, and one of two."""
    start(request.param, expected.place, tmp_path / "index")
    return tmp_path / "index"


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


def verified(folder, capfd):
    """The exit code of `onrecord verify` and the lines that it prints."""
    code = main(["--index", str(folder), "verify"])
    return code, capfd.readouterr().out.splitlines()


def test_every_file_of_an_index_is_checked(folder, monkeypatch, capfd):
    """A bit flipped or a cut anywhere: opening names a file of the build, `verify` any file, exit code 2."""
    monkeypatch.setattr("rag.cli.verify._models", lambda seen: iter(()))
    draw, expected = random.Random(3), said(folder)
    looked = files(folder)
    assert len(looked) > 20
    for path in looked:
        whole = path.read_bytes()
        stored = path.is_relative_to(folder / "library")
        for data in harmed(whole, draw):
            if data == whole:
                continue
            path.write_bytes(data)
            if stored:
                assert said(folder) == expected  # nothing is answered from it
            else:
                with pytest.raises(OnRecordError) as error:
                    load(folder)
                assert path.name in str(error.value)
            code, lines = verified(folder, capfd)
            assert code == 2
            assert any(path.name in line for line in lines), (path, lines)
            if stored:
                assert any(path.parent.name in line for line in lines)
        path.write_bytes(whole)
    assert verified(folder, capfd)[0] == 0


def test_every_missing_file_is_named(folder, monkeypatch, capfd):
    """A file that is gone is named, too; only the facts of an article may be taken away."""
    monkeypatch.setattr("rag.cli.verify._models", lambda seen: iter(()))
    for path in files(folder):
        if path.name == "facts.toml":
            continue
        path.rename(path.with_name(".aside"))
        code, lines = verified(folder, capfd)
        assert code == 2
        assert any(path.name in line or "no index" in line for line in lines)
        path.with_name(".aside").rename(path)


def test_what_is_whole_is_said_to_be(folder, capfd):
    """`verify` counts what it looked at: index, library and models."""
    count, articles = len(files(folder)) + len(MODEL_FILES), len(contents(folder))
    assert verified(folder, capfd) == (0, [f"whole: {articles} articles, {count} files"])


def test_an_article_of_an_older_version_is_read(folder, capfd):
    """An origin without a seal, as older versions wrote it, is no damage."""
    path = folder / "library" / "oil" / "origin.json"
    record = json.loads(path.read_text())
    del record["sha256"]
    path.write_text(json.dumps(record))
    assert Library(folder).entry("oil").head.id == "oil"
    assert verified(folder, capfd)[0] == 0


def test_an_article_that_a_stopped_writer_put_makes_no_index_stale(expected, nursery, tmp_path):
    """Stopped after a new version was taken in and before the index followed, the old index still answers."""
    start("change", expected.place, tmp_path / "counted")
    steps = nursery("change", tmp_path / "counted")["steps"]
    ahead = 0
    for at in range(1, steps, 12):
        folder = tmp_path / str(at)
        start("change", expected.place, folder)
        nursery("change", folder, kill=at)
        facts = folder / "library" / "gold" / "facts.toml"
        if not expected.holds("change", folder) and facts.exists():
            ahead += "Gold again" in facts.read_text()
        index_store.check_fresh(folder)
    assert ahead > 0
    facts.write_text(facts.read_text().replace("Gold again", "Mended"))
    with pytest.raises(IndexStale, match="gold"):
        index_store.check_fresh(folder)


@pytest.mark.parametrize("file", MODEL_FILES)
def test_every_file_of_the_models_is_checked(file, seed_index, tmp_path, monkeypatch, capfd):
    """A bit flipped or a cut in any model file: no answer, but a ModelError with its name."""
    draw = random.Random(file)
    whole, kept = (MODELS / file).read_bytes(), list(MODELS.iterdir())
    for number, data in enumerate(harmed(whole, draw, 2, 1)):
        models = tmp_path / str(number)
        shutil.copytree(MODELS, models, copy_function=os.symlink)
        (models / file).unlink()
        (models / file).write_bytes(data)
        # What is whole is opened once for all.
        own = {each.name: models / each.name if file.startswith(each.name) else each for each in kept}
        with pytest.raises(ModelError) as error:
            ask(seed_index, own[DEFAULT_FOLDER.name], own[FOLDER.name], own[READER.name])
        assert file in str(error.value)
        assert "\n" not in str(error.value)
    monkeypatch.setattr("rag.encoder.DEFAULT_FOLDER", own[DEFAULT_FOLDER.name])
    monkeypatch.setattr("rag.trunk.FOLDER", own[FOLDER.name])
    monkeypatch.setattr("rag.reader.net.READER", own[READER.name])
    code, lines = verified(tmp_path / "none", capfd)
    assert code == 2
    assert any(file in line for line in lines)


def ask(index, encoder, trunk, reader):
    """An answer with these models."""
    bot = Bot(index, OnnxEncoder(encoder, trunk), TrainedReader(OnnxReader(reader, trunk), shipped(reader)))
    return bot.ask("Have both sides been playing hard to get?")


def test_the_models_that_ship_answer(seed_index):
    """The test above is not blind: with all models whole there is an answer."""
    assert ask(seed_index, DEFAULT_FOLDER, FOLDER, READER).status == "answered"
