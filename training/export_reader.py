"""A trained reader to ONNX with its checksums and card.

    python -m training.export_reader RUN [--base MODEL] [--layers N] [--to FOLDER]

RUN is a folder that `training.train` wrote. Writes rag/models/reader/ (or FOLDER): model.onnx with
8-bit weights, tokenizer.json, model.json.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch

from rag.reader.net import READER
from rag.weights import sha256
from training.export import shrink, to_onnx
from training.model import Pieces, ReaderNet, batch
from training.train import folder_of


def main(argv: Sequence[str] | None = None) -> None:
    """Nothing; writes the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("--base", default="all-MiniLM-L6-v2")
    parser.add_argument("--layers", type=int)
    parser.add_argument("--to", type=Path, default=READER)
    given = parser.parse_args(argv)
    base = folder_of(given.base)
    net = ReaderNet(base, given.layers, attention="eager")
    path = given.run / "reader.pt"
    if path.exists():
        net.load_state_dict(torch.load(path, weights_only=True))
    else:  # a run that is not finished, to look at
        net.load_state_dict(torch.load(given.run / "checkpoint.pt", weights_only=True)["net"])
    given.to.mkdir(parents=True, exist_ok=True)
    pieces = Pieces(base)
    example = batch(
        [pieces.example("Who?", "", ["One.", "Two of them."]), pieces.example("Why so?", "", ["Because."])],
        pieces.tokenizer.pad_token_id,
    )
    del example["right"]
    axes = {
        "input_ids": {0: "batch", 1: "piece"},
        "attention_mask": {0: "batch", 1: "piece"},
        "means": {0: "batch", 1: "sentence", 2: "piece"},
        "scores": {0: "batch", 1: "sentence_or_none"},
    }
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "float32.onnx"
        to_onnx(net, example, "scores", axes, whole)
        shrink(whole, given.to / "model.onnx")
    shutil.copy(Path(base) / "tokenizer.json", given.to / "tokenizer.json")
    card = {
        "name": f"reader on {Path(given.base).name}",
        "first": pieces.tokenizer.cls_token_id,
        "separator": pieces.tokenizer.sep_token_id,
        "files": {name: sha256(given.to / name) for name in ("model.onnx", "tokenizer.json")},
    }
    (given.to / "model.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    print((given.to / "model.onnx").stat().st_size / 1e6, "MB")


if __name__ == "__main__":
    main()
