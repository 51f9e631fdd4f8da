"""Copies of one index behind a balancer: whichever is asked, the answer is the same, and so is its ETag."""

# mypy: allow-untyped-calls

import json
import shutil
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest

from rag.index import archive
from rag.index.builds import MANIFEST
from rag.reading.facts import Facts
from tests.web.serving import build, request, serving

QUESTIONS = (
    "Have both sides been playing hard to get?",
    "What about oil?",
    "Who is the best cook?",
    "And Caridad?",
)
TALK = "Why rivers?\n\nCy Moe: Rivers of mercury carry silt to the sea every spring.\n"


def copied(index: Path, copy: Path) -> None:
    """What docs/scale.md tells: the segments first, then the manifest that names them; no library."""
    manifest = copy / MANIFEST
    for path in sorted(index.rglob("*")):
        if path.is_file() and path.parts[len(index.parts)].startswith("build-"):
            place = copy / path.relative_to(index)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, place)
    shutil.copy2(index / MANIFEST, manifest.with_suffix(".next"))
    manifest.with_suffix(".next").replace(manifest)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """The index that the copies are made of."""
    folder = tmp_path_factory.mktemp("first") / "index"
    build(folder)
    return folder


@pytest.fixture(scope="module")
def copies(index, tmp_path_factory):
    """Two servers, each over a copy of its own, and the folders of these."""
    folders = [tmp_path_factory.mktemp("copy") / "index" for _ in range(2)]
    with ExitStack() as stack:
        for folder in folders:
            copied(index, folder)
        yield [stack.enter_context(serving(folder)) for folder in folders], folders


def asked(url, question, **headers):
    return request(url, "GET", f"/api/ask?question={quote(question)}", **headers)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answer_is_the_same_whichever_copy_is_asked(copies, question):
    """To the byte; and what one has given with an ETag the other knows as unchanged."""
    (one, other), _ = copies
    status, text, headers = asked(one, question)
    assert status == 200
    assert asked(other, question)[1] == text
    assert asked(other, question, **{"if-none-match": headers["etag"]})[0] == 304


def test_a_conversation_may_go_from_copy_to_copy(copies):
    """No copy remembers anything: a follow-up brings the questions before it."""
    (one, other), _ = copies
    body = json.dumps({"question": "And Caridad?", "history": ["What does Keith Mines say about sanctions?"]})
    answers = [json.loads(request(url, "POST", "/api/ask", body)[1]) for url in (one, other)]
    assert answers[0] == answers[1]
    assert answers[0]["understood"] == "What does Ana Caridad say about sanctions?"


def test_a_newer_index_reaches_every_copy_without_a_restart_and_without_an_error(copies, index, tmp_path):
    """Copied with the manifest last; until then the old one answers."""
    urls, folders = copies
    talk = tmp_path / "rivers.txt"
    talk.write_text(TALK, "utf-8")
    sources = list(archive.sources([str(talk)]))
    archive.add(index, sources, Facts(), archive.raise_it, lambda *_: None)
    for folder in folders:
        copied(index, folder)
    for url in urls:
        until = time.monotonic() + 60
        while True:
            status, text, _ = asked(url, "What do rivers of mercury carry?")
            assert status == 200, text
            answer = json.loads(text)
            if answer["quotes"] and "mercury" in answer["quotes"][0]["text"]:
                break
            assert time.monotonic() < until, answer
            time.sleep(0.5)
