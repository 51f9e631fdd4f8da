"""An environment for every peer, made when it is missing or its pins have changed.

Each has its own packages under `.envs/NAME`, as `requirements/NAME.txt` pins them, and behind them, through a
`.pth` file, the packages of the Python that runs this: what fits there (torch, numpy, scipy) is not brought
twice. torch comes first, so that the build which is there, or which pip finds, is the one that all have.
"""

import hashlib
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from rag.errors import OnRecordError

HERE = Path(__file__).parent
ENVIRONMENTS = HERE / ".envs"
MODELS = ENVIRONMENTS / "models"
TORCH = "torch==2.13.0"
# As long as a slow line takes for a few hundred megabytes.
PATIENCE_S = 1_200


class NoEnvironment(OnRecordError):
    """The packages of a peer cannot be had."""


def python_of(name: str) -> Path:
    """The Python of the peer's environment, which is made first where need be; or NoEnvironment."""
    folder, pins = ENVIRONMENTS / name, HERE / "requirements" / f"{name}.txt"
    python, seal = folder / "bin" / "python", folder / "pins.sha256"
    wanted = hashlib.sha256(pins.read_bytes()).hexdigest()
    if not (seal.is_file() and seal.read_text("utf-8") == wanted and python.exists()):
        print(f"{name}: installing {pins.relative_to(HERE.parent.parent)}", file=sys.stderr)
        venv.EnvBuilder(symlinks=True, clear=True).create(folder)
        shared = sysconfig.get_path("purelib")
        own = next(folder.glob("lib/python*/site-packages"))
        (own / "shared.pth").write_text(f"{shared}\n", "utf-8")
        for what in ([TORCH], ["-r", str(pins)]):
            _pip(name, python, what)
        seal.write_text(wanted, "utf-8")
    return python


def _pip(name: str, python: Path, what: list[str]) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    except subprocess.TimeoutExpired:
        raise NoEnvironment(f"{name}: pip did not end in {PATIENCE_S} seconds") from None
    if done.returncode:
        why = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise NoEnvironment(f"{name}: its packages cannot be installed ({why[:160]})")


def versions(python: Path, packages: tuple[str, ...]) -> dict[str, str]:
    """The installed version of each package."""
    code = "import importlib.metadata as m, sys; print('\\n'.join(map(m.version, sys.argv[1:])))"
    done = subprocess.run([str(python), "-c", code, *packages], capture_output=True, text=True, check=True)
    return dict(zip(packages, done.stdout.split(), strict=True))


def quantised(script: str, python: Path, model: Path) -> Path:
    """The folder with the int8 weights that this peer's own exporter makes of the model."""
    folder = MODELS / script
    if not (folder / "made").exists():
        command = [str(python), "-m", f"benchmarks.peers.{script}", "export", str(model), str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent.parent, check=False)
        if done.returncode:
            why = (done.stderr.strip() or "no reason given").splitlines()[-1]
            raise NoEnvironment(f"{script}: its int8 weights cannot be made ({why[:160]})")
        (folder / "made").touch()
    return folder
