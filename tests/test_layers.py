"""Who may import whom, and which libraries only when they are needed."""

# mypy: allow-untyped-calls

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

RAG = ROOT / "rag"
# A file may import what stands above it here (architecture.md, with the rooms added since).
ORDER = [
    "errors",
    "logs",
    "schema",
    "records",
    "fold",
    "slips",
    "language",
    "dates",
    "wording",
    "reading",
    "passages",
    "disk",
    "weights",
    "trunk",
    "shelf",
    "fetch",
    "ingest",
    "library",
    "encoder",
    "index",
    "retrieve",
    "topics",
    "reader",
    "people",
    "spelling",
    "smalltalk",
    "conversation",
    "compare",
    "bot",
    "quotes",
    "cite",
    "brief",
    "check",
    "interviews",
    "batch",
    "answers",
    "retrievers",
    "transcript",
    "reports",
    "evaluate",
    "measured",
    "report",
    "cli",
    "web",
]
TOP = ("cli", "web")
# Slow to import, so only inside a function: `--help` answers at once and a question needs no torch.
LAZY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "gradio",
    "faiss",
    "bm25s",
    "onnxruntime",
    "tokenizers",
    "pymilvus",
    "psycopg",
    "numpy",
}
FILES = sorted(RAG.rglob("*.py"))


def room(path: Path) -> str:
    """The room of a file: its module or package right under rag/."""
    return path.relative_to(RAG).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> set[str]:
    """Every module that the nodes import, wherever in them, full names."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def at_import(node: ast.AST) -> set[str]:
    """What is imported when the module is: not in functions, not for type checking."""
    found: set[str] = set()
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        if isinstance(child, ast.Import | ast.ImportFrom):
            found |= imports(ast.Module([child], []))
        else:
            found |= at_import(child)
    return found


def rooms_of(names: set[str]) -> set[str]:
    """The rooms of rag/ among imported names; `from rag import x` is room x."""
    return {name.split(".")[1] for name in names if name.startswith("rag.")} & set(ORDER)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(RAG).as_posix())
def test_imports_point_upward(path):
    """A file imports, even lazily, only rooms above its own and its own; only cli/ may reach web/."""
    own = room(path)
    if own == "__init__":
        assert not rooms_of(imports(ast.parse(path.read_text("utf-8")))) & set(TOP)
        return
    assert own in ORDER, f"{own} has no place in the order yet"
    allowed = set(ORDER[: ORDER.index(own) + 1]) | (set(ORDER) if own in TOP else set())
    assert rooms_of(imports(ast.parse(path.read_text("utf-8")))) - allowed == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(RAG).as_posix())
def test_nothing_imports_the_surfaces(path):
    """Nothing but the surfaces imports cli/ or web/, and only web/ imports gradio."""
    names = imports(ast.parse(path.read_text("utf-8")))
    if room(path) not in TOP:
        assert not rooms_of(names) & set(TOP)
    if room(path) != "web":
        assert "gradio" not in {name.split(".")[0] for name in names}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(RAG).as_posix())
def test_slow_libraries_are_imported_when_needed(path):
    """No file imports a slow library when it is itself imported, but those that are opened only for it.

    web/ is opened by `chat`, and an engine's client by an index that is searched by it.
    """
    slow = {name.split(".")[0] for name in at_import(ast.parse(path.read_text("utf-8")))} & LAZY
    own = {"web": {"gradio"}, "milvus": {"pymilvus"}, "postgres": {"psycopg"}}
    assert slow - own.get(path.stem if path.parent.name == "engines" else room(path), set()) == set()


def test_nothing_shipped_imports_tests_training_or_benchmarks():
    """What ships stands alone: rag/ imports neither tests nor training nor benchmarks."""
    for path in FILES:
        tops = {name.split(".")[0] for name in imports(ast.parse(path.read_text("utf-8")))}
        assert not tops & {"tests", "training", "benchmarks"}, path


def test_the_rules_see_a_violation():
    """The checks are not blind: lazy and top-level imports are both seen, a type-only one is no cost."""
    tree = ast.parse(
        "from rag import cli\nimport torch.nn\ndef f():\n import faiss\nif TYPE_CHECKING:\n import gradio\n"
        "class A:\n import numpy\ntry:\n import bm25s\nexcept ImportError: pass\n"
    )
    assert rooms_of(imports(tree)) == {"cli"}
    assert {name.split(".")[0] for name in at_import(tree)} & LAZY == {"torch", "numpy", "bm25s"}
