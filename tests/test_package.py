"""The wheel and the source package: what is in them, and that each answers where there is no repository."""

# mypy: allow-untyped-calls

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT, SEED

INTERVIEW = """The bridge

Who will pay for the new bridge?

Ann Lee: The county will pay two thirds of the bridge, and the state the rest.

How long will the work take?

Ann Lee: We expect it to take eighteen months, if the winter is mild.
"""
QUESTION = "How long will the work take?"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> dict[str, Path]:
    """Both packages: the wheel as it is published, and the one that its source package makes."""
    at = tmp_path_factory.mktemp("built")
    hatch = f"from hatchling.build import *; build_sdist({str(at)!r}); build_wheel({str(at)!r})"
    subprocess.run([sys.executable, "-c", hatch], cwd=ROOT, check=True, capture_output=True)
    sdist, wheel = next(at.glob("*.tar.gz")), next(at.glob("*.whl"))
    pip(sys.executable, "wheel", "--no-build-isolation", "--wheel-dir", str(at / "again"), str(sdist))
    return {"sdist": sdist, "wheel": wheel, "again": next((at / "again").glob("*.whl"))}


def pip(python: str | Path, command: str, *arguments: str) -> None:
    """Nothing; pip has run for that Python, with no network and nothing else installed."""
    pip_for = [sys.executable, "-m", "pip", "--python", str(python), command, "--no-index", "--no-deps"]
    subprocess.run([*pip_for, "--quiet", *arguments], check=True)


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def sources(sdist: Path) -> dict[str, bytes]:
    """What the source package holds, by path in it."""
    with tarfile.open(sdist) as archive:
        files = [each for each in archive.getmembers() if each.isfile()]
        read = {each.name: archive.extractfile(each) for each in files}
        return {name.partition("/")[2]: file.read() for name, file in read.items() if file}


def tracked(*folders: str) -> set[str]:
    """What of the repository's folders is to ship: what lies there, but for what running leaves behind."""
    return {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_program_and_its_models_and_nothing_else(built):
    """All of rag/, models, scripts and styles included, and no test, text of others, benchmark or tool."""
    held = names(built["wheel"])
    own = {name for name in held if not name.startswith("onrecord-")}
    assert own == tracked("rag")
    assert {
        "rag/py.typed",
        "rag/measured.json",
        "rag/models/trunk/model.onnx",
        "rag/web/scripts/ask.js",
    } < own
    assert any(name.endswith("licenses/LICENSE") for name in held)


def test_the_source_package_holds_what_the_wheel_is_made_of(built):
    """rag/ and what its build needs; of it the same wheel is made as of the repository."""
    held = set(sources(built["sdist"]))
    beside = {"CHANGELOG.md", "LICENSE", "README.md", "PKG-INFO", "pyproject.toml", ".gitignore"}
    assert held - tracked("rag") <= beside
    assert tracked("rag") <= held
    assert names(built["again"]) == names(built["wheel"])


def test_no_text_of_others_ships(built):
    """No paragraph of the article that the repository holds is in either package."""
    paragraphs = [line.encode() for line in SEED.read_text("utf-8").splitlines() if len(line) > 200]
    assert paragraphs
    with zipfile.ZipFile(built["wheel"]) as archive:
        texts = [archive.read(name) for name in archive.namelist() if not name.endswith(".onnx")]
    texts += [text for name, text in sources(built["sdist"]).items() if not name.endswith(".onnx")]
    assert not [line for line in paragraphs for text in texts if line in text]


def test_the_version_and_the_command_are_the_packages(built):
    """The wheel says the version of rag/, needs what pyproject.toml names, and brings the one command."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    with zipfile.ZipFile(built["wheel"]) as archive:
        folder = next(name for name in archive.namelist() if name.endswith("/METADATA")).rpartition("/")[0]
        meta = archive.read(f"{folder}/METADATA").decode()
        assert archive.read(f"{folder}/entry_points.txt").decode().split("\n")[1] == "onrecord = rag.cli:main"
    needed = [canonicalize_name(Requirement(need).name) for need in project["dependencies"]]
    told = [Requirement(line[15:]) for line in meta.splitlines() if line.startswith("Requires-Dist: ")]
    assert sorted(needed) == sorted(canonicalize_name(each.name) for each in told if not each.marker)


@pytest.mark.parametrize("package", ["wheel", "again"])
def test_each_answers_in_an_empty_environment(built, tmp_path, package):
    """Installed where the repository is not, it takes an interview in and answers with a slice of it."""
    home, work = tmp_path / "venv", tmp_path / "work"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    pip(scripts / "python", "install", str(built[package]))
    # Only now. The repository's own link lies there too, and is not followed from here.
    own = next(home.rglob("site-packages"))
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    work.mkdir()
    (work / "interview.txt").write_text(INTERVIEW, "utf-8")

    def run(*command: str) -> str:
        free = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        done = subprocess.run(
            [str(scripts / command[0]), *command[1:]], cwd=work, env=free, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8")

    where = run("python", "-c", "import rag, rag.web; print(rag.__file__)").strip()
    assert Path(where).is_relative_to(own)
    run("onrecord", "add", "interview.txt")
    answer = json.loads(run("onrecord", "ask", QUESTION, "--json"))
    assert answer["status"] == "answered"
    quote = answer["quotes"][0]
    assert quote["speaker"] == "Ann Lee"
    assert "eighteen months" in quote["text"]
    stored = (work / "index" / "library" / quote["article"] / "text.txt").read_text("utf-8")
    assert quote["text"] == stored[quote["start"] : quote["end"]]
    assert quote["text"] in INTERVIEW
