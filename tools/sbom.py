"""What ships, as CycloneDX: the packages of requirements.lock, and the model weights with their sums."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from rag import __version__
from rag.weights import MODELS

ROOT = Path(__file__).parent.parent


def bom() -> dict[str, Any]:
    """The bill of materials. The same of the same lock and models, without a time or a number of its own."""
    listed = subprocess.run(
        [
            *(sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements"),
            *("--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application"),
            *("--output-reproducible", "--output-format", "JSON", str(ROOT / "requirements.lock")),
        ],
        check=True,
        capture_output=True,
    )
    found: dict[str, Any] = json.loads(listed.stdout)
    found["metadata"]["component"]["version"] = __version__
    for component in found["components"]:
        # It repeats the line of the lock; its hashes stand below it already.
        del component["description"]
    found["components"] += [_weights(card) for card in sorted(MODELS.glob("*/model.json"))]
    return found


def _weights(card: Path) -> dict[str, Any]:
    """A folder of weights: one component, and in it one for each file that is loaded."""
    said = json.loads(card.read_text("utf-8"))
    reference = f"model-{card.parent.name}"
    return {
        "type": "machine-learning-model",
        "bom-ref": reference,
        "name": said["name"],
        "version": __version__,
        "components": [
            {
                "type": "file",
                "bom-ref": f"{reference}-{name}",
                "name": f"rag/models/{card.parent.name}/{name}",
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
            for name, digest in said["files"].items()
        ],
    }


def main() -> None:
    """Writes sbom.cdx.json at the root."""
    (ROOT / "sbom.cdx.json").write_text(json.dumps(bom(), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
