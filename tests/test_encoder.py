"""The shipped encoder and those of sentence-transformers; asking never imports the slow ones."""

# mypy: allow-untyped-calls

import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.encoder import (
    BATCH,
    DEFAULT_FOLDER,
    DEFAULT_MODEL,
    OnnxEncoder,
    TorchEncoder,
    encoder_of,
)
from rag.errors import ModelError
from rag.trunk import FOLDER, KEPT, Trunk
from tests.conftest import MINILM, ROOT


@pytest.fixture(scope="module")
def torch_encoder():
    """A model that is named by its folder: the one that the package for training carries."""
    return TorchEncoder(MINILM)


@pytest.fixture
def copied(tmp_path):
    """Copies of the shipped model and trunk, to be harmed."""
    shutil.copytree(FOLDER, tmp_path / "trunk")
    return shutil.copytree(DEFAULT_FOLDER, tmp_path / "model")


def test_a_question_is_no_passage(encoder):
    """The same words have one vector as a question and another as a passage, near to each other."""
    (question,), (passage,) = encoder.encode_questions(["oil reserves"]), encoder.encode(["oil reserves"])
    assert 0.8 < question @ passage < 0.999


def test_a_named_model_is_of_one_kind(torch_encoder):
    """A model of sentence-transformers gives unit vectors and a fingerprint of its weights."""
    rows = torch_encoder.encode(["oil", "gold"])
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(2), abs=1e-5)
    assert torch_encoder.encode_questions(["oil"])[0] @ rows[0] > 0.99
    assert len(torch_encoder.fingerprint) == 64
    assert torch_encoder.fingerprint == TorchEncoder(torch_encoder.name).fingerprint


def test_rows_are_unit_vectors(encoder):
    """Rows are float32 of length one, also for odd texts; no texts are no rows of the same width."""
    rows = encoder.encode(["oil", "", "石油 نفط", "x" * 20_000, "\x00\u202e"])
    assert (rows.shape, rows.dtype) == ((5, 384), np.float32)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert encoder.encode([]).shape == (0, 384)


def test_a_texts_vector_does_not_depend_on_its_neighbours(encoder):
    """A text alone and in a batch beside longer ones has one direction, within int8's rounding."""
    texts = [
        "oil",
        "a much longer sentence about the oil sector and its needs " * 5,
        *["gold"] * BATCH,
        "oil",
    ]
    rows = encoder.encode(texts)
    alone = encoder.encode(["oil"])[0]
    assert len(rows) == BATCH + 3
    assert rows[[0, -1]] @ alone == pytest.approx([1, 1], abs=0.01)


@pytest.mark.parametrize(
    "question", ["What are the oil reserves?", "¿Cuánto petróleo hay?", "Combien de pétrole y a-t-il ?"]
)
def test_meaning_is_near_across_languages(encoder, question):
    """Asking the same in other words or another language is nearer than asking something else."""
    a, b, c = encoder.encode_questions(["How much oil is there?", question, "Who won the football match?"])
    assert a @ b > a @ c + 0.05


@pytest.mark.parametrize("file", ["model/model.onnx", "trunk/model.onnx", "trunk/tokenizer.json"])
@pytest.mark.parametrize("harm", ["flipped", "cut", "gone"])
def test_altered_weights_are_refused(copied, file, harm):
    """A model file with one bit flipped, cut short or missing is a ModelError of one line that names it."""
    path = copied.parent / file
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= harm == "flipped"
    path.write_bytes(data[: -1 if harm == "cut" else None])
    if harm == "gone":
        path.unlink()
    with pytest.raises(ModelError) as error:
        OnnxEncoder(copied, copied.parent / "trunk").encode(["oil"])
    assert file in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("card", ["", "{", "[]", "{}", '{"name": "x"}', "\ufffd"])
def test_a_model_card_that_is_none_is_refused(copied, card):
    """A model.json that is empty, cut, or lacks what it must say is a ModelError."""
    (copied / "model.json").write_text(card)
    with pytest.raises(ModelError):
        OnnxEncoder(copied).encode(["oil"])


@pytest.mark.parametrize(
    ("folder", "files"),
    [(DEFAULT_FOLDER, {"model.onnx"}), (FOLDER, {"model.onnx", "tokenizer.json", "words.txt"})],
)
def test_the_card_has_every_files_checksum(folder, files):
    """A model's card has the checksum of every file that is loaded."""
    assert set(json.loads((folder / "model.json").read_text())["files"]) == files


def test_states_are_kept_for_the_latest_texts():
    """The same text's states are made once while it is among the latest, and do not depend on others."""
    trunk = Trunk()
    texts = [(trunk.first, number, trunk.separator) for number in range(10, 10 + KEPT + 1)]
    first = trunk.of(texts[0])
    assert trunk.of(texts[0]) is first
    states, mask = trunk.states([texts[0], (*texts[1], 99)])
    assert states[0, :3] == pytest.approx(first, abs=1e-4)
    assert mask.tolist() == [[1, 1, 1, 0], [1, 1, 1, 1]]
    for text in texts[1:]:
        trunk.of(text)
    assert trunk.of(texts[0]) is not first


def test_a_missing_model_is_an_error(tmp_path):
    """A folder without a model, and a model name that is none, are ModelErrors of one line."""
    with pytest.raises(ModelError, match="no model"):
        OnnxEncoder(tmp_path)
    with pytest.raises(ModelError) as error:
        TorchEncoder(str(tmp_path)).encode(["oil"])
    assert "\n" not in str(error.value)


class Trap:
    """What a pickle can hold: reading it makes a file."""

    def __init__(self, sprung: Path) -> None:
        self.sprung = sprung

    def __reduce__(self):
        return os.mkdir, (str(self.sprung),)


def lookalike(folder: Path) -> Path:
    """A copy of the model of a package, to be changed; its weights are that model's own file."""
    shutil.copytree(MINILM, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    (folder / "model.safetensors").symlink_to(Path(MINILM) / "model.safetensors")
    return folder


@pytest.fixture
def trapped(tmp_path):
    """A model of a folder's kind whose only weights in `part` are such a pickle, and what it would make."""

    def make(part: str, file: str) -> tuple[Path, Path]:
        folder = lookalike(tmp_path / "model")
        (folder / part).mkdir(exist_ok=True, parents=True)
        (folder / part / "model.safetensors").unlink(missing_ok=True)
        (folder / part / file).write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
        if part:
            kind = "sentence_transformers.sentence_transformer.modules.Dense"
            modules = json.loads((folder / "modules.json").read_text())
            modules.append({"idx": len(modules), "name": str(len(modules)), "path": part, "type": kind})
            (folder / "modules.json").write_text(json.dumps(modules))
            size = {"in_features": 384, "out_features": 384, "bias": True}
            (folder / part / "config.json").write_text(json.dumps(size))
        return folder, tmp_path / "sprung"

    return make


def test_the_trap_is_one(trapped):
    """The pickle of these tests does make a file when it is read, so that its absence tells something."""
    folder, sprung = trapped("", "pytorch_model.bin")
    pickle.loads((folder / "pytorch_model.bin").read_bytes())  # noqa: S301
    assert sprung.exists()


@pytest.mark.parametrize("part", ["", "2_Dense", "deep/2_Dense"])
@pytest.mark.parametrize("file", ["pytorch_model.bin", "weights.pt", "model.PKL", "model.ckpt"])
def test_a_pickle_is_refused_before_anything_is_read(trapped, monkeypatch, part, file):
    """Pickled weights alone, in any part of a model, are a ModelError of one line."""
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    folder, sprung = trapped(part, file)
    with pytest.raises(ModelError, match=r"is a pickle.*model\.safetensors") as error:
        TorchEncoder(str(folder)).encode(["oil"])
    assert "\n" not in str(error.value)
    assert not sprung.exists()


def test_what_reads_a_model_is_told_to_read_no_pickle(trapped, monkeypatch):
    """Were a pickle overlooked, the main weights' loader refuses it by itself."""
    monkeypatch.setattr("rag.encoder._PICKLED", ())
    folder, sprung = trapped("", "pytorch_model.bin")
    with pytest.raises(ModelError) as error:
        TorchEncoder(str(folder)).encode(["oil"])
    assert "\n" not in str(error.value)
    assert not sprung.exists()


def test_a_pickle_beside_safetensors_is_left_unread(tmp_path):
    """Models are often published in both forms: the safe one is taken, and OpenVINO's is no pickle."""
    folder = lookalike(tmp_path / "model")
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    (folder / "openvino").mkdir()
    (folder / "openvino" / "openvino_model_qint8.bin").write_bytes(b"weights")
    both = TorchEncoder(str(folder))
    assert both.fingerprint == TorchEncoder(MINILM).fingerprint
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("name", "asked"),
    [("some/model", "some/model"), ("a-model", "sentence-transformers/a-model"), ("gpt2", "gpt2")],
)
def test_of_the_hub_no_pickle_is_brought_and_a_kept_one_is_refused(trapped, monkeypatch, name, asked):
    """A name leaves pickles on the hub; where a part then has only one from before, it is refused."""
    folder, sprung = trapped("2_Dense", "pytorch_model.bin")
    brought: dict[str, Any] = {}

    def snapshot(repository, ignore_patterns):
        brought.update(repository=repository, without=ignore_patterns)
        return str(folder)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot)
    with pytest.raises(ModelError, match="2_Dense"):
        TorchEncoder(name).encode(["oil"])
    assert brought["repository"] == asked
    assert {"*.bin", "*.pt", "*.pkl", "*.ckpt"} <= set(brought["without"])
    assert not sprung.exists()


def test_code_that_a_model_brings_is_not_run(tmp_path):
    """A model that names a class of its own is a ModelError, and its file is not imported."""
    folder = lookalike(tmp_path / "model")
    sprung = tmp_path / "sprung"
    (folder / "own.py").write_text(f"open({str(sprung)!r}, 'w')\nclass Own: pass\n")
    modules = json.loads((folder / "modules.json").read_text())
    modules[0]["type"] = "own.Own"
    (folder / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(ModelError):
        TorchEncoder(str(folder)).encode(["oil"])
    assert not sprung.exists()


def test_the_shipped_model_needs_no_torch():
    """The shipped model runs on ONNX Runtime; any other through sentence-transformers."""
    assert isinstance(encoder_of(DEFAULT_MODEL), OnnxEncoder)
    assert isinstance(encoder_of("some/other"), TorchEncoder)


def test_asking_never_imports_torch(index_folder):
    """A process that opens the index and answers has imported none of the slow libraries."""
    program = (
        "import sys; from pathlib import Path; from rag.bot import Bot;"
        f"a = Bot.open(Path({str(index_folder)!r})).ask('Have both sides been playing hard to get?');"
        "assert a.quotes; print(sorted({'torch', 'transformers', 'sentence_transformers', 'gradio', 'onnx',"
        " 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"
