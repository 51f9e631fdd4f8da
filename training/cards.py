"""The card of a folder of rag/models/: what it is, and the sums of its files and of the card itself."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rag.reader import calibration
from rag.weights import CARD, sealed, sha256

# What a folder may hold that is read when a question is answered.
FILES = ("model.onnx", "tokenizer.json", "words.txt", calibration.FILE)


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Nothing; the folder's card says this, with the sums of the files that lie there now."""
    files = {name: sha256(folder / name) for name in FILES if (folder / name).exists()}
    record = sealed({**card, "files": files})
    (folder / CARD).write_text(json.dumps(record, indent=1) + "\n", "utf-8")


def renew_card(folder: Path) -> None:
    """Nothing; the folder's card is that of its files as they are now."""
    write_card(folder, json.loads((folder / CARD).read_text("utf-8")))
