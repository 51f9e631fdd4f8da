"""What is installed is what is locked, what ships is listed, and nothing in rag/ runs what it reads."""

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from rag.weights import MODELS, sha256
from tests.conftest import ROOT
from tools import lock, sbom

PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-cpu.lock", "requirements-cuda.lock"]
PIN = re.compile(
    r"([a-z0-9-]+)==([^\s;]+)(?: ; ([^\\]+?))? \\((?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+)"
)


def pins(name: str) -> dict[str, tuple[str, str | None]]:
    """Version and marker by name."""
    text = (ROOT / name).read_text("utf-8")
    return {each[1]: (each[2], each[3]) for each in PIN.finditer(text)}


def here(name: str) -> dict[str, str]:
    """The versions that a lock names for this system and Python."""
    return {
        name: version
        for name, (version, marker) in pins(name).items()
        if marker is None or Marker(marker).evaluate()
    }


# --- the locks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_is_a_pin_with_hashes(name):
    """Nothing stands in a lock but its heading and pins, each with one hash or more, in order."""
    text = (ROOT / name).read_text("utf-8")
    heading, _, rest = text.partition("\n")
    assert heading == lock.HEAD
    assert PIN.sub("", rest).strip() == ""
    assert list(pins(name)) == sorted(pins(name))


def test_the_environment_is_the_lock():
    """What the tests run in has the locked names and versions, all of them and no more."""
    wanted, cuda = here("requirements-dev.lock"), here("requirements-cuda.lock")
    found = {
        canonicalize_name(each.metadata["Name"]): Version(each.version).public
        for each in importlib.metadata.distributions()
    }
    assert {name: found[name] for name in found.keys() - {lock.OURS, "pip", *cuda}} == wanted


def test_what_is_installed_fits_together():
    """`pip check` finds nothing missing and nothing of a wrong version."""
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "No broken requirements found."


def test_what_runs_is_locked_as_what_tests():
    """Every pin of the lock that ships stands in the one of the tests, with the same version."""
    ships, tests = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: version for name, (version, _) in ships.items()}.items() <= {
        name: version for name, (version, _) in tests.items()
    }.items()


def test_the_lock_is_of_what_pyproject_says():
    """Every dependency, of every extra but training's, is locked within its range."""
    extras = PROJECT["optional-dependencies"]
    locked = pins("requirements-dev.lock")
    for need in map(
        Requirement,
        [*PROJECT["dependencies"], *extras["dev"], *extras["langchain"], *extras["llamaindex"]],
    ):
        assert Version(locked[canonicalize_name(need.name)][0]) in need.specifier, str(need)
    for need in map(Requirement, PROJECT["dependencies"]):
        assert canonicalize_name(need.name) in pins("requirements.lock"), str(need)


def test_a_lock_names_what_other_systems_need():
    """What this system has no use for is pinned too, with a marker that says where it is needed."""
    ships = pins("requirements.lock")
    assert ships["colorama"][1] == ships["pywin32"][1] == 'sys_platform == "win32"'
    assert ships["audioop-lts"][1] == 'python_version >= "3.13"'
    assert all(marker == 'sys_platform == "linux"' for _, marker in pins("requirements-cuda.lock").values())


def test_the_lock_is_installed_with_its_hashes():
    """Every install from a lock refuses what has none of its hashes, in the Makefile and in the image."""
    for name in ("Makefile", "Dockerfile"):
        installs = [line for line in (ROOT / name).read_text("utf-8").splitlines() if " -r " in line]
        assert installs
        assert all("--require-hashes" in line for line in installs), name


@pytest.mark.parametrize(
    ("where", "marker"),
    [
        (lock.EVERYWHERE, ""),
        ({("win32", python) for python in lock.PYTHONS}, 'sys_platform == "win32"'),
        ({(system, "3.14") for system in lock.SYSTEMS}, 'python_version >= "3.14"'),
        (
            {("linux", "3.11"), ("darwin", "3.11"), ("linux", "3.12")},
            '(sys_platform == "linux" or sys_platform == "darwin") and python_version <= "3.12"',
        ),
    ],
)
def test_a_marker_holds_where_a_package_is_needed(where, marker):
    assert lock.marker(set(where)) == marker
    for system, python in where:
        assert not marker or Marker(marker).evaluate({"sys_platform": system, "python_version": python})


def test_needs_are_walked_for_every_system():
    """Extras and markers of what is needed are followed; where a package is needed is told."""

    def resolved(name: str, *needs: str) -> dict[str, object]:
        return {"metadata": {"name": name, "version": "1", "requires_dist": list(needs)}, "download_info": {}}

    report = {
        "install": [
            resolved("OnRecord", "a[x]>=1", "tests; extra == 'dev'"),
            resolved("a", "b<2; sys_platform == 'win32'", "c.d; extra == 'x'", "e; extra == 'y'"),
            resolved("c.d", "b<3; python_version >= '3.13'", "pip"),
        ]
    }
    needed = lock.Resolved(report).needed("onrecord", ())
    assert sorted(needed) == ["a", "b", "c-d"]
    assert needed["a"] == (set(lock.EVERYWHERE), SpecifierSet(">=1"))
    where, versions = needed["b"]
    assert where == {each for each in lock.EVERYWHERE if each[0] == "win32" or each[1] >= "3.13"}
    assert versions == SpecifierSet("<2,<3")
    assert "tests" in lock.Resolved(report).needed("onrecord", ["dev"])


# --- dependencies ----------------------------------------------------------------------------------


def test_every_dependency_has_its_reason():
    """Beside or above each dependency of pyproject.toml a comment says what it is for."""
    lists = re.findall(r"^[\w-]+ = \[\n(.*?)^\]", PYPROJECT.partition("[project.scripts]")[0], re.M | re.S)
    assert len(lists) == 1 + len(PROJECT["optional-dependencies"])
    for each in lists:
        above = ""
        for line in each.splitlines():
            if line.strip().startswith('"'):
                assert above or re.search(r'", # \S+', line), f"no reason: {line.strip()}"
                above = ""
            else:
                above = line.strip().removeprefix("#").strip()


def test_what_is_imported_is_a_dependency_of_ours():
    """rag/ imports nothing that is only there because something else needs it."""
    extras = PROJECT["optional-dependencies"]
    own = [each for name in extras if name not in ("dev", "training") for each in extras[name]]
    ours = [Requirement(each) for each in (*PROJECT["dependencies"], *own)]
    allowed = {canonicalize_name(each.name) for each in ours}
    made_by = importlib.metadata.packages_distributions()
    imported = {
        name.partition(".")[0]
        for tree in TREES.values()
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    foreign = imported - set(sys.stdlib_module_names) - {"rag"}
    unnamed = {
        name for name in foreign if not {canonicalize_name(each) for each in made_by.get(name, [])} & allowed
    }
    assert unnamed == set()


# --- what ships ------------------------------------------------------------------------------------


def test_the_bill_of_materials_lists_what_ships():
    """CycloneDX: each locked package with its version and hashes, each model's file with its sum."""
    made = sbom.bom()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(made)) is None
    libraries = {each["name"]: each for each in made["components"] if each["type"] == "library"}
    locked = pins("requirements.lock")
    assert {name: each["version"] for name, each in libraries.items()} == {
        name: version for name, (version, _) in locked.items()
    }
    kept = lock.kept(ROOT / "requirements.lock")
    for name, each in libraries.items():
        hashes = {one["content"] for one in each["externalReferences"][0]["hashes"]}
        assert hashes == kept[f"{name}=={each['version']}"]
    files = {
        file["name"]: file["hashes"][0]["content"]
        for each in made["components"]
        if each["type"] == "machine-learning-model"
        for file in each["components"]
    }
    assert files == {name: sha256(ROOT / name) for name in files}
    assert set(files) >= {path.relative_to(ROOT).as_posix() for path in MODELS.rglob("*.onnx")}
    assert not {"serialNumber", "timestamp"} & {*made, *made["metadata"]}


# --- what rag/ never does --------------------------------------------------------------------------

TREES = {path: ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "rag").rglob("*.py"))}
# Modules whose reading runs what was written, or that start programs.
FORBIDDEN = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}
FORBIDDEN |= {"subprocess", "pty", "code", "codeop", "runpy"}
CALLS = {"eval", "exec", "compile", "__import__"}
ATTRIBUTES = {
    *(f"{module}.{name}" for module in ("os", "posix") for name in ("system", "popen", "startfile")),
    *("torch.load", "yaml.unsafe_load", "yaml.full_load", "yaml.load_all", "asyncio.create_subprocess_shell"),
}


def wrongs(tree: ast.AST) -> list[str]:
    """What a module does that could run what it reads, or another program."""
    found = []
    safe = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and [ast.unparse(base) for base in node.bases] == ["yaml.SafeLoader"]
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [each.name for each in node.names if each.name.partition(".")[0] in FORBIDDEN]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            found += [module] if module.partition(".")[0] in FORBIDDEN else []
            full = [f"{module}.{each.name}" for each in node.names]
            found += [each for each in full if each in ATTRIBUTES]
        elif isinstance(node, ast.Attribute):
            name = ast.unparse(node)
            found += (
                [name]
                if name in ATTRIBUTES or name.startswith(("os.exec", "os.spawn", "os.posix_spawn"))
                else []
            )
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            found += [called] if called in CALLS else []
            for keyword in node.keywords:
                risky = keyword.arg in ("allow_pickle", "shell", "trust_remote_code")
                if risky and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False):
                    found.append(f"{called}({keyword.arg})")
            if called == "yaml.load":
                loaders = [ast.unparse(each) for each in (*node.args[1:], *(k.value for k in node.keywords))]
                found += [] if len(loaders) == 1 and loaders[0] in {"yaml.SafeLoader", *safe} else [called]
    return found


@pytest.mark.parametrize("path", TREES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_runs_what_it_reads(path):
    """No pickle in any form, no code made of text, no unsafe YAML, no shell and no other program."""
    assert wrongs(TREES[path]) == []


@pytest.mark.parametrize(
    "line",
    [
        *("import pickle", "from pickle import loads", "import torch; torch.load('x')", "eval('1')"),
        *("from torch import load", "np.load('x', allow_pickle=True)", "np.load('x', allow_pickle=yes)"),
        *("yaml.load(text, yaml.Loader)", "yaml.load(text)", "yaml.unsafe_load(text)", "exec(text)"),
        *("os.system('ls')", "os.execv('ls', [])", "import subprocess", "run('ls', shell=True)"),
        *(
            "import joblib",
            "import marshal",
            "import shelve",
            "SentenceTransformer(x, trust_remote_code=True)",
        ),
        "class L(yaml.Loader): pass\nyaml.load(text, L)",
    ],
)
def test_the_rule_sees_each(line):
    assert wrongs(ast.parse(line))


def test_the_rule_lets_the_safe_forms_be():
    safe = "np.load('x', allow_pickle=False); re.compile('x')"
    safe += "\nclass L(yaml.SafeLoader): pass\nyaml.load(text, L)"
    assert wrongs(ast.parse(safe)) == []
