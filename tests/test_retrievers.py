"""The retrievers for other libraries, with the libraries themselves: every quote is as Interviews has it."""

import asyncio
import json
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from rag import Interviews
from rag.answers import quote_json
from rag.bot import Bot
from rag.errors import DateError, QuestionError, UnknownSpeaker
from tests.conftest import MINES, ROOT

QUESTIONS = ["Have both sides been playing hard to get?", "What about sanctions?", "What is said about oil?"]
DECLINED = "What do they say about tourism?"
KINDS = ("langchain", "llamaindex")


@pytest.fixture(scope="module")
def interviews(bot: Bot, index_folder: Path) -> Interviews:
    loaded: Future[Bot] = Future()
    loaded.set_result(bot)
    return Interviews(bot.index, loaded, index_folder)


def found_by(kind: str, interviews: Interviews, question: str, later: Any = None, **fields: Any) -> Any:
    """What a library's retriever gives: (text, metadata, id, score or None) each; `later` without waiting."""
    if kind == "langchain":
        pytest.importorskip("langchain_core")
        from rag.retrievers.langchain import OnRecordRetriever as ForLangChain

        chain = ForLangChain(interviews=interviews, **fields)
        documents = asyncio.run(chain.ainvoke(question)) if later else chain.invoke(question)
        return [(each.page_content, each.metadata, each.id, None) for each in documents]
    pytest.importorskip("llama_index.core")
    from rag.retrievers.llamaindex import OnRecordRetriever as ForLlamaIndex

    engine = ForLlamaIndex(interviews, **fields)
    nodes = asyncio.run(engine.aretrieve(question)) if later else engine.retrieve(question)
    return [(each.node.get_content(), each.node.metadata, each.node.node_id, each.score) for each in nodes]


@pytest.mark.parametrize("later", [False, True], ids=["at once", "later"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_quote_is_as_python_gets_it(kind, later, interviews):
    """Text and metadata are the quote's, byte for byte, in the same order; its id is the quote's id."""
    for question in QUESTIONS:
        quotes = interviews.ask(question).quotes
        assert quotes
        found = found_by(kind, interviews, question, later=later)
        assert [text for text, *_ in found] == [quote.text for quote in quotes]
        rows = [quote_json(quote) for quote in quotes]
        assert json.dumps([metadata for _, metadata, *_ in found]) == json.dumps(rows)
        assert [name for *_, name, _ in found] == [row["id"] for row in rows]
        if kind == "llamaindex":
            assert [score for *_, score in found] == [quote.score for quote in quotes]


@pytest.mark.parametrize("kind", KINDS)
def test_a_declined_question_gives_nothing_unless_near_misses_are_wanted(kind, interviews):
    """Nothing is retrieved; where near misses are wanted, each says that it is one."""
    near = interviews.ask(DECLINED).related
    assert near
    assert found_by(kind, interviews, DECLINED) == []
    found = found_by(kind, interviews, DECLINED, related=True)
    assert [text for text, *_ in found] == [quote.text for quote in near]
    assert all(metadata["related"] is True for _, metadata, *_ in found)
    answered = found_by(kind, interviews, QUESTIONS[0], related=True)
    assert all("related" not in metadata for _, metadata, *_ in answered)


@pytest.mark.parametrize("kind", KINDS)
def test_what_may_answer_is_narrowed_down(kind, interviews):
    """Speaker, article and time are those of Interviews.ask, mistakes too."""
    for fields in ({"speaker": "mines"}, {"article": "usip-venezuela-2022", "since": "2022"}):
        quotes = interviews.ask(QUESTIONS[1], **fields).quotes
        found = found_by(kind, interviews, QUESTIONS[1], **fields)
        assert [text for text, *_ in found] == [quote.text for quote in quotes]
    assert {row["speaker"] for _, row, *_ in found_by(kind, interviews, QUESTIONS[0], speaker="mines")} == {
        MINES
    }
    assert found_by(kind, interviews, QUESTIONS[0], since="2023") == []
    for error, question, fields in (
        (UnknownSpeaker, QUESTIONS[0], {"speaker": "Biden"}),
        (DateError, QUESTIONS[0], {"until": "yesterday"}),
        (QuestionError, " ", {}),
    ):
        with pytest.raises(error):
            found_by(kind, interviews, question, **fields)


def test_it_is_a_part_of_a_langchain_chain(interviews):
    """It is invoked, awaited and asked many questions at once, alone and piped into what comes after it."""
    pytest.importorskip("langchain_core")
    from langchain_core.documents import Document
    from langchain_core.runnables import RunnableLambda

    from rag.retrievers.langchain import OnRecordRetriever

    def cited(documents: list[Document]) -> list[str]:
        return [f"{each.metadata['speaker']}: {each.page_content}" for each in documents]

    chain = OnRecordRetriever(interviews=interviews) | RunnableLambda(cited)
    wanted = [
        [f"{quote.speaker}: {quote.text}" for quote in interviews.ask(question).quotes]
        for question in QUESTIONS
    ]
    assert [chain.invoke(question) for question in QUESTIONS] == wanted
    assert chain.batch(QUESTIONS * 4) == wanted * 4

    async def awaited() -> list[list[str]]:
        assert await chain.abatch(QUESTIONS) == wanted
        return [await chain.ainvoke(question) for question in QUESTIONS]

    assert asyncio.run(awaited()) == wanted


def test_a_language_model_of_llamaindex_sees_who_speaks(interviews):
    """Beside the words it is shown name, title, date, link and id, no offsets; only words are embedded."""
    pytest.importorskip("llama_index.core")
    from llama_index.core.schema import MetadataMode

    from rag.retrievers.llamaindex import OnRecordRetriever

    (first, *_) = OnRecordRetriever(interviews).retrieve(QUESTIONS[0])
    shown = first.node.get_content(MetadataMode.LLM)
    assert f"speaker: {MINES}" in shown
    assert "core" not in shown
    assert "start" not in shown
    assert first.node.get_content(MetadataMode.EMBED) == interviews.ask(QUESTIONS[0]).quotes[0].text


@pytest.mark.parametrize(("kind", "package"), zip(KINDS, ("langchain_core", "llama_index"), strict=True))
def test_a_library_that_is_not_there_is_told_with_its_extra(kind, package):
    """It is one line, which catches as ImportError and as OnRecordError."""
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "from rag import OnRecordError\n"
        f"try: import rag.retrievers.{kind}\n"
        "except ImportError as error: print(error, isinstance(error, OnRecordError))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == f"{kind} is not installed; install it along: pip install 'onrecord[{kind}]' True\n"
