"""What docs/publishers.md and the Dockerfile say is so."""

import re
import shlex

import pytest

from rag.cli import _parser
from rag.cli.chat import _settings
from rag.web import tokens
from rag.web.guard import HEALTH
from rag.web.line import MOST_WAITING
from rag.web.settings import COLOURS, MAX_BODY, MAX_PUBLIC_BODY, MAX_UPLOAD, UPLOADS, Settings
from tests.conftest import ROOT

DOCS = (ROOT / "docs" / "publishers.md").read_text("utf-8")
DOCKER = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COMMANDS = re.findall(r"^onrecord chat .+$", re.sub(r"\\\n\s*", "", DOCS), re.M)


def settings(command: str) -> Settings:
    return _settings(_parser().parse_args(shlex.split(command)[1:]))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_docs_is_understood(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tokens.new(tmp_path / "tokens.txt", "newsroom", ["ask"])  # the file that a command names
    assert isinstance(settings(command), Settings)


def test_there_are_commands_to_look_at():
    assert len(COMMANDS) == 3


def test_what_public_turns_on_and_off_is_what_the_docs_list():
    open_, public = (
        settings("onrecord chat"),
        settings("onrecord chat --public --site https://ask.example.org"),
    )
    assert (open_.host, public.host) == ("127.0.0.1", "0.0.0.0")
    assert open_.drafts
    assert not public.drafts
    assert (open_.most_bytes, public.most_bytes) == (MAX_BODY, MAX_PUBLIC_BODY) == (1_500_000, 256_000)
    assert "1.5 MB | 256 kB" in DOCS
    assert "ask.example.org" in public.hosts
    assert f"{MOST_WAITING} may wait" in DOCS
    assert all(kind in DOCS for kind in UPLOADS)
    assert f"up to {MAX_UPLOAD // 1_000_000} MB" in DOCS
    assert all(f"`{name}`" in DOCS for name in COLOURS)


def test_the_image_is_built_without_a_network_and_runs_as_nobody_much():
    installs = re.findall(r"pip install[^&\n]*", DOCKER)
    assert installs
    assert all("--no-index" in each for each in installs)
    assert re.search(r"^USER (?!root|0)", DOCKER, re.M)
    assert f"127.0.0.1:7860{HEALTH}" in DOCKER
    assert "apt-get" not in DOCKER


def test_what_the_image_starts_is_understood():
    entry = re.search(r'^ENTRYPOINT \["/venv/bin/onrecord", (.+)\]$', DOCKER, re.M)
    assert entry
    arguments = [each.strip().strip('"') for each in entry[1].split(",")]
    assert settings(shlex.join(["onrecord", *arguments, "--site", "https://ask.example.org"])).public


def test_the_image_holds_what_is_copied_into_it():
    ignored = (ROOT / ".dockerignore").read_text("utf-8")
    for name in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKER, re.M):
        for each in name.split():
            assert f"!{each}" in ignored
            assert each == "wheels" or (ROOT / each).exists()
