r"""The documentation says what is so: all that README.md and docs/*.md show is run, or looked up, here.

A page is read from top to bottom, in a folder of its own that holds `seeds/`, the index that `make chat`
builds (`index/`), `docs/examples/` and `tests/questions/`. What a block is, its language tells:

    console   `$ COMMAND`, a line that goes on after `\`, and below it all that it prints. `onrecord`,
              `curl`, `cat`, `echo`, `ls`, `python3 -m json.tool`, with `|`, `<` and `>` between them. An exit
              code other than 0 is told by `$ echo $?` next, or by a line that begins with "onrecord:"; the 1
              with which `check` and `locate` say that something is wrong need not be.
    python    run; the blocks of a page share their names. What it prints stands in a `text` block next.
    sh        what takes long, installs or does not end. It is not run: its programs, commands, options,
              targets and modules are looked up. `onrecord chat …` also tells how the server is started that
              the page's `curl` lines ask from there on (at 127.0.0.1:7860, wherever it really is).
    json, jsonl, toml, yaml, html   parsed
    text      what Python printed; after anything else a drawing

What is shown of an output is so to the letter. `…` stands for what is left out: in a line for the rest of it
or a part, as a line of its own for any number of lines. An output of a single line of JSON may be shown on
several. A block of another language fails, and so does a link to a page, a file or a heading that is missing.
"""

# mypy: allow-untyped-calls

import argparse
import contextlib
import functools
import http.client
import importlib.util
import io
import json
import re
import shlex
import shutil
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote as escaped
from urllib.parse import urlsplit

import lxml.html
import pytest
import uvicorn
import yaml

import rag.bot
import rag.cli.shared
import rag.encoder
import rag.interviews
from rag.cli import _parser, main
from rag.cli.chat import _settings
from rag.encoder import encoder_of
from rag.interviews import Interviews
from rag.reader import TrainedReader
from rag.schema import schemas
from rag.web.api.app import made
from rag.web.api.problems import KINDS
from rag.web.asking import Asking
from rag.web.guard import Guard
from rag.web.metrics import Metrics
from tests.conftest import ROOT
from tests.web.serving import free_port

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
SHOWN_AT = "127.0.0.1:7860"
# Programs of others that a page may tell a reader to start.
OTHERS = {"cd", "docker", "export", "git", "pip", "curl", "kill", "rsync"}
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Fence:
    """A block of a page: its language, what is in it, and the line on which it begins."""

    kind: str
    text: str
    line: int


@dataclass
class Place:
    """Where a page is followed: its folder, what was last started, and the server that is asked."""

    folder: Path
    serve: Callable[[tuple[str, ...]], str]
    chat: tuple[str, ...] = ("chat",)
    code: int = 0
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})


def fences(text: str) -> list[Fence]:
    return [Fence(m[1], m[2], text.count("\n", 0, m.start()) + 2) for m in _FENCE.finditer(text)]


# --- what is shown, beside what is printed -----------------------------------------------------------


def same(shown: str, real: str) -> bool:
    """Whether the output is as it is shown, what `…` stands for aside."""
    shown, real = _trimmed(shown), _trimmed(real)
    if "\n" not in real and real.startswith(("{", "[")):
        shown, real = " ".join(shown.split()), " ".join(real.split())
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "…" else ".*?".join(map(re.escape, line.split("…"))) + "\n"
        for line in shown.splitlines()
    )
    return re.fullmatch(pattern, real + "\n" * bool(real)) is not None


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()).strip("\n")


def told(page: str, line: int, shown: str, real: str) -> None:
    assert same(shown, real), f"{page}:{line} shows\n{shown}\nand this is printed:\n{real}"


# --- a console ---------------------------------------------------------------------------------------


def commands(text: str) -> Iterator[tuple[int, str, str]]:
    """Each command of a console block: its line in the block, the command, and what is shown after it."""
    at, lines = 0, text.splitlines()
    while at < len(lines):
        assert lines[at].startswith("$ "), f"no command: {lines[at]!r}"
        first, command = at, lines[at][2:]
        while command.endswith("\\") or _is_open(command):
            at += 1
            command = command.removesuffix("\\") + ("" if command.endswith("\\") else "\n") + lines[at]
        at += 1
        output = []
        while at < len(lines) and not lines[at].startswith("$ "):
            output.append(lines[at])
            at += 1
        yield first, command, "\n".join(output)


def _is_open(command: str) -> bool:
    """Whether a quotation goes on in the next line."""
    try:
        shlex.split(command)
    except ValueError:
        return True
    return False


def run(command: str, place: Place) -> str:
    """What the command prints, to standard error too."""
    words = shlex.shlex(command, posix=True, punctuation_chars="|<>")
    words.whitespace_split = True
    stages: list[list[str]] = [[]]
    for word in words:
        if word == "|":
            stages.append([])
        else:
            stages[-1].append(word)
    complaints, data = "", b""
    for stage in stages:
        into = None
        if ">" in stage:
            at = stage.index(">")
            into, stage = stage[at + 1], stage[:at]
        if "<" in stage:
            at = stage.index("<")
            data, stage = Path(stage[at + 1]).read_bytes(), stage[:at]
        last = stage is stages[-1]
        name, *arguments = stage
        data, more = _PROGRAMS[name.removeprefix(".venv/bin/")](arguments, data, place, last and into is None)
        complaints += more
        if into is not None:
            Path(into).write_bytes(data)
            data = b""
    return complaints + data.decode("utf-8")


Ran = tuple[bytes, str]


def _onrecord(arguments: list[str], data: bytes, place: Place, last: bool) -> Ran:
    assert arguments[:1] not in (["chat"], ["mcp"]), "a server does not end: show it in a block `sh`"
    code, out, err = in_process(arguments, data, together=last)
    place.code = code
    return out, err.decode("utf-8")


def in_process(arguments: list[str], data: bytes, *, together: bool) -> tuple[int, bytes, bytes]:
    """Exit code, standard output and standard error of `onrecord`; `together`, in the order they came."""
    printed, complained = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(each, "utf-8", write_through=True) for each in (printed, complained))
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(data), "utf-8")
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out if together else err):
            code = main(["--index", "index", *arguments])
    except SystemExit as stop:
        code = int(stop.code or 0)
    finally:
        sys.stdin = before
    return code, printed.getvalue(), complained.getvalue()


def _curl(arguments: list[str], data: bytes, place: Place, last: bool) -> Ran:
    """What curl would print of this machine's server; of its options those that the pages use."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("-X", dest="method")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("-d", "--data-binary", dest="data")
    parser.add_argument("--data-urlencode", dest="fields", action="append", default=[])
    for flag, name in (("-G", "get"), ("-s", "silent"), ("-i", "include"), ("-N", "unbuffered")):
        parser.add_argument(flag, dest=name, action="store_true")
    parser.add_argument("-o", dest="output")
    parser.add_argument("url")
    given = parser.parse_args(arguments)
    address = urlsplit(given.url)
    assert address.netloc == SHOWN_AT, f"{given.url} is none of the server's"
    target = address.path + (f"?{address.query}" if address.query else "")
    if given.fields:
        pairs = (each.partition("=") for each in given.fields)
        target += "?" + "&".join(f"{key}={escaped(value, safe='')}" for key, _, value in pairs)
    body = given.data.encode() if given.data is not None else None
    if given.data is not None and given.data.startswith("@"):
        body = data if given.data == "@-" else Path(given.data[1:]).read_bytes()
    headers = {"content-type": "application/x-www-form-urlencoded"} if body is not None else {}
    for header in given.headers:
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    connection = http.client.HTTPConnection(place.serve(place.chat), timeout=60)
    connection.request(
        given.method or ("POST" if body is not None else "GET"),
        target,
        body,
        {"host": SHOWN_AT.partition(":")[0], "accept": "*/*", **headers},
    )
    response = connection.getresponse()
    head = f"HTTP/1.1 {response.status} {response.reason}\n" if given.include else ""
    head += "".join(f"{key}: {value}\n" for key, value in response.getheaders()) if given.include else ""
    printed = response.read()
    connection.close()
    if given.output:
        Path(given.output).write_bytes(printed)
        printed = b""
    return (f"{head}\n" if head else "").encode() + printed, ""


def _cat(arguments: list[str], data: bytes, place: Place, last: bool) -> Ran:
    return (b"".join(Path(each).read_bytes() for each in arguments) if arguments else data), ""


def _echo(arguments: list[str], data: bytes, place: Place, last: bool) -> Ran:
    if arguments == ["$?"]:
        code, place.code = place.code, 0
        return f"{code}\n".encode(), ""
    return (" ".join(arguments) + "\n").encode(), ""


def _ls(arguments: list[str], data: bytes, place: Place, last: bool) -> Ran:
    names = sorted(each.name for each in Path(*arguments).iterdir() if not each.name.startswith("."))
    return "".join(f"{name}\n" for name in names).encode(), ""


def _python(arguments: list[str], data: bytes, place: Place, last: bool) -> Ran:
    assert arguments[:2] == ["-m", "json.tool"]
    assert set(arguments[2:]) <= {"--no-ensure-ascii"}
    return json.dumps(json.loads(data), indent=4, ensure_ascii=len(arguments) == 2).encode() + b"\n", ""


_PROGRAMS: dict[str, Callable[[list[str], bytes, Place, bool], Ran]] = {
    "onrecord": _onrecord,
    "curl": _curl,
    "cat": _cat,
    "echo": _echo,
    "ls": _ls,
    "python3": _python,
}


def console(page: str, fence: Fence, place: Place) -> None:
    asked = list(commands(fence.text))
    for number, (line, command, shown) in enumerate(asked):
        printed = run(command, place)
        told(page, fence.line + line, shown, printed)
        following = asked[number + 1][1] if number + 1 < len(asked) else ""
        if place.code and following != "echo $?":
            found = place.code == 1 and re.search(r"onrecord (?:check|locate)\b", command)
            where = f"{page}:{fence.line + line}"
            assert found or "onrecord: " in shown, f"{where}: exit code {place.code}, untold"
            place.code = 0


# --- Python, and what is only looked at --------------------------------------------------------------


def python(page: str, fence: Fence, shown: str, place: Place) -> None:
    out = io.StringIO()
    code = compile("\n" * (fence.line - 1) + fence.text, page, "exec")
    with contextlib.redirect_stdout(out):
        exec(code, place.names)  # noqa: S102 (the page's own example)
    told(page, fence.line, shown, out.getvalue())


def looked_up(page: str, fence: Fence, place: Place) -> None:
    """Nothing; what the lines start is there, with the options that they name."""
    for line in fence.text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if not words:
            continue
        name, *arguments = words
        name = name.removeprefix(".venv/bin/")
        where = f"{page}:{fence.line}: {line}"
        if name == "onrecord":
            parsed(arguments, where)
            place.chat = tuple(arguments) if arguments[0] == "chat" else place.chat
        elif name == "make":
            target = next(each for each in arguments if "=" not in each)
            assert re.search(rf"^{target}:", MAKEFILE, re.M), where
        elif name in ("python", "python3"):
            assert arguments[0] == "-m", where
            module = importlib.util.find_spec(arguments[1])
            assert module, where
            if not arguments[1].startswith(("pip", "venv")):
                source = Path(str(module.origin)).read_text("utf-8")
                assert all(each in source for each in arguments if each.startswith("--")), where
        else:
            assert name in OTHERS, where


def parsed(arguments: list[str], where: str) -> None:
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            _parser().parse_args(arguments)
    except SystemExit as stop:
        if stop.code:
            pytest.fail(where)


_PARSERS: dict[str, Callable[[str], Any]] = {
    "json": json.loads,
    "jsonl": lambda text: [json.loads(line) for line in text.splitlines()],
    "toml": tomllib.loads,
    "yaml": yaml.safe_load,
    "html": lxml.html.fragments_fromstring,
}


def follow(page: str, text: str, place: Place) -> None:
    """Nothing; every block of the page is as it says."""
    blocks = fences(text)
    assert len(blocks) * 2 == len(re.findall(r"^\s*(?:```|~~~)", text, re.M)), (
        f"{page}: a block is not closed"
    )
    for number, fence in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else Fence("", "", 0)
        match fence.kind:
            case "console":
                console(page, fence, place)
            case "python":
                python(page, fence, following.text if following.kind == "text" else "", place)
            case "sh":
                looked_up(page, fence, place)
            case "text":
                pass  # what Python printed was looked at with it
            case kind if kind in _PARSERS:
                _PARSERS[kind](fence.text)
            case kind:
                pytest.fail(f"{page}:{fence.line}: a block of {kind or 'no language'} is not known")


# --- the folder and the servers ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def loaded_once() -> Iterator[None]:
    """Models are loaded once, whichever command wants them."""
    with pytest.MonkeyPatch.context() as patch:
        once = functools.cache(encoder_of)
        for module in (rag.bot, rag.encoder, rag.interviews):
            patch.setattr(module, "encoder_of", once)
        reader = TrainedReader.shipped()
        patch.setattr(TrainedReader, "shipped", lambda: reader)
        patch.setenv("COLUMNS", "80")
        yield


@pytest.fixture(scope="module")
def made_folder(tmp_path_factory: pytest.TempPathFactory, loaded_once: None) -> Path:
    """A folder as it is after `make chat`."""
    folder = tmp_path_factory.mktemp("docs") / "onrecord"
    for name in ("seeds", "docs/examples", "tests/questions"):
        shutil.copytree(ROOT / name, folder / name)
    with contextlib.chdir(folder):
        assert in_process(["build", "seeds"], b"", together=True)[0] == 0
    return folder


@pytest.fixture(scope="module")
def serve(made_folder: Path) -> Iterator[Callable[[tuple[str, ...]], str]]:
    """Where a server is that was started as the arguments of `onrecord` say; one for each of them."""
    metrics = Metrics()
    interviews = Interviews.open(made_folder / "index", observe=metrics.step)
    running: dict[tuple[str, ...], tuple[str, uvicorn.Server, threading.Thread]] = {}

    def started(arguments: tuple[str, ...]) -> str:
        if arguments not in running:
            settings = _settings(_parser().parse_args(list(arguments)))
            programs = made(Asking(interviews, metrics), settings)
            port = free_port()
            app = Guard(_nothing, settings, threading.Event(), programs)
            server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
            thread = threading.Thread(target=server.run, daemon=True)
            thread.start()
            while not server.started:
                time.sleep(0.01)
            running[arguments] = f"127.0.0.1:{port}", server, thread
        return running[arguments][0]

    yield started
    for _, server, thread in running.values():
        server.should_exit = True
        thread.join()
    interviews.close()


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    """In place of the page, which other tests look at."""
    raise AssertionError(f"{scope['path']} is of the page")


@pytest.mark.parametrize("name", NAMES)
def test_what_a_page_shows_is_so(name, made_folder, serve, tmp_path, monkeypatch):
    """Every block of the page: run and printed as shown, or looked up."""
    folder = tmp_path / "onrecord"
    shutil.copytree(made_folder, folder)
    monkeypatch.chdir(folder)
    follow(name, (ROOT / name).read_text("utf-8"), Place(folder, serve))


# --- what is said between the blocks -----------------------------------------------------------------


def test_the_runner_sees_what_is_wrong(made_folder, serve, monkeypatch):
    """The test above is not blind: another output, an untold exit code, a strange block, no such option."""
    monkeypatch.chdir(made_folder)
    place = Place(made_folder, serve)
    follow("x", '```console\n$ echo "a b" | cat\na …\n```\n', place)
    for wrong in (
        "```console\n$ echo a\nb\n```\n",
        "```console\n$ echo a\n```\n",
        "```console\n$ onrecord show nothing\n…\n```\n",
        "```python\nprint(1)\n```\n",
        "```python\nprint(1)\n```\n\n```text\n2\n```\n",
        "```sh\nonrecord ask --loud x\n```\n",
        "```sh\nmake coffee\n```\n",
        "```sh\npython -m benchmarks.nothing\n```\n",
        "```sh\nrm -r index\n```\n",
        "```json\n{…}\n```\n",
        "```ruby\n```\n",
    ):
        with pytest.raises((AssertionError, ValueError, pytest.fail.Exception)):
            follow("x", wrong, place)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_that_is_named_exists(name):
    """`onrecord …` in running text is a command, with the options that stand beside it."""
    prose = _FENCE.sub("", (ROOT / name).read_text("utf-8"))
    subparsers = next(
        action.choices for action in _parser()._actions if isinstance(action, argparse._SubParsersAction)
    )
    for said in re.findall(r"`(?:\.venv/bin/)?onrecord ([^`]+)`", prose):
        words = re.sub(r"^--index \S+ ?", "", said).split()
        if not words or words[0] in ("…", "--version", "--help", "--index"):
            continue
        assert words[0] in subparsers, f"{name}: onrecord {said}"
        options = re.findall(r"(?<!\S)\[?(--[a-z-]+)", said)
        known = subparsers[words[0]]._option_string_actions
        assert set(options) <= set(known), f"{name}: onrecord {said}"
    for target in re.findall(r"`make (\w+)`", prose):
        assert re.search(rf"^{target}:", MAKEFILE, re.M), f"{name}: make {target}"
    for module in re.findall(r"`python -m ([\w.]+)", prose):
        assert importlib.util.find_spec(module), f"{name}: python -m {module}"


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name):
    """A link to a page or a file of the repository, and to a heading on a page, finds it."""
    page = ROOT / name
    for target in re.findall(r"\]\(([^)\s]+)\)", _FENCE.sub("", page.read_text("utf-8"))):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        found = page.parent / path if path else page
        assert found.exists(), f"{name}: {target}"
        if anchor:
            assert anchor in anchors(found.read_text("utf-8")), f"{name}: {target}"


def anchors(text: str) -> set[str]:
    """What the headings of a page are reached under."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_in_the_index():
    """Who reads docs/README.md finds all pages of the folder, and README.md leads there."""
    index = (DOCS / "README.md").read_text("utf-8")
    assert {page.name for page in DOCS.glob("*.md")} - {"README.md"} <= set(
        re.findall(r"\]\(([\w-]+\.md)", index)
    )
    assert "](docs/README.md)" in (ROOT / "README.md").read_text("utf-8")


def test_every_kind_of_problem_is_in_its_table():
    """docs/http.md lists each kind of problem with its status and what it is called."""
    page = (DOCS / "http.md").read_text("utf-8")
    for name, kind in KINDS.items():
        assert f"| `{name}` | {kind.status} | {kind.title} | {kind.help} |" in page, name


def test_the_published_schema_is_the_one_that_is_kept():
    """docs/schema.json is what `onrecord schema` prints."""
    assert json.loads((DOCS / "schema.json").read_text("utf-8")) == schemas()


def test_who_installed_a_wheel_is_told_how_to_begin(tmp_path, monkeypatch):
    """A wheel brings no article: what builds an index says so, and names the command that takes one in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rag.cli.shared, "HOME", tmp_path)
    code, out, _ = in_process(["build"], b"", together=True)
    assert (code, out) == (2, b"onrecord: there is no article yet; add one: `onrecord add FILE`\n")
