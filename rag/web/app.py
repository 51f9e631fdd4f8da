"""Serves the page on this machine: a conversation on the left, the article on the right."""

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import wraps
from itertools import count, islice
from pathlib import Path
from typing import Any

from rag import index as index_store
from rag.bot import Bot, checked
from rag.errors import OnRecordError, QuestionError, ServeError
from rag.index import Index
from rag.records import Quote
from rag.web import page
from rag.web.desk import Desk, formats
from rag.web.guard import Guard

HOST = "127.0.0.1"
FILES = Path(__file__).parent

# Gradio answers one question at a time by default; more than this only wait for the processor.
AT_ONCE = 8

# A follow-up leans on the question before it; the rest is kept for a reader to come.
REMEMBERED = 20

# So many questions to begin with are taken in at a glance.
MOST_OFFERED = 12

# What a question can be narrowed down to, by the names that Bot.ask has for it.
FILTERS = ("speaker", "article", "since", "until", "order")

# Gradio and the Hugging Face client look things up on the network unless told not to. They read
# these while they are imported.
OFFLINE = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


def serve(folder: Path, port: int) -> None:
    """Nothing, once the reader at the terminal has ended it; ServeError when it cannot start.

    The page is up before the model is loaded, since most of the wait is the model's.
    """
    _check_free(port)
    index = index_store.load(folder)
    bot: Future[Bot] = Future()
    demo = launch(index, bot, port)
    opening = threading.Thread(target=_open, args=(folder, bot), daemon=True)
    try:
        print(f"On Record: http://{HOST}:{port}", flush=True)
        opening.start()
        while True:
            time.sleep(3600)  # unlike a lock without end, sleep is woken by Ctrl-C on every system
    except KeyboardInterrupt:
        demo.close(verbose=False)
        if opening.is_alive():
            opening.join()  # an interpreter that ends under a loading library aborts


def launch(index: Index, bot: "Future[Bot]", port: int) -> Any:
    """The running Gradio app. `bot` answers as soon as it is there; the page need not wait for it."""
    os.environ.update(OFFLINE)
    _reach_directly()
    import gradio as gr
    from starlette.middleware import Middleware

    demo = _blocks(index, bot)
    try:
        # `launch`, never `mount_gradio_app`: only `launch` keeps a client from naming files of this machine.
        demo.queue(default_concurrency_limit=AT_ONCE).launch(
            server_name=HOST,
            server_port=port,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            ssr_mode=False,
            footer_links=[],
            run_history=False,
            state_session_capacity=1000,
            theme=gr.themes.Base(
                font=["system-ui", "sans-serif"],  # fonts of the system: none is fetched
                font_mono=["ui-monospace", "monospace"],
            ),
            # Not `css=`: Gradio rewrites every selector of that.
            head=f"<style>{_file('style.css')}</style>",
            app_kwargs={"middleware": [Middleware(Guard)]},
        )
    except OSError:
        raise _taken(port) from None
    return demo


def _blocks(index: Index, bot: "Future[Bot]") -> Any:
    """The page's parts and what they do. No text of anybody's goes into a template or a script."""
    import gradio as gr

    voice = page.voices(index.speakers)
    places = {each.id: number for number, each in enumerate(index.articles)}
    archive = len(places) > 1
    desk = Desk(index, bot, voice)
    turn = count(1)

    def article(name: str) -> str:
        """An article's HTML, "" where there is none of that id."""
        at = places.get(str(name))
        return page.article(index.articles[at], index.blocks[at], voice) if at is not None else ""

    def answer(
        question: str, history: list[str], chosen: object
    ) -> Iterator[tuple[dict[str, Any], list[str]]]:
        """The turn as it stands and the questions so far: at once if it must wait, then the answer."""
        number = next(turn)
        if not bot.done():
            yield {"turn": number, "html": page.waiting(question), "say": "", "show": None}, history
        try:
            narrowed = filters(chosen)
            found = bot.result().ask(question, history=history, **narrowed)
        except OnRecordError as error:
            line = str(error)
            yield {"turn": number, "html": page.failed(question, line), "say": line, "show": None}, history
            return
        first = _place(found.quotes[0]) if found.quotes else None
        shown = {
            "turn": number,
            "html": page.answered(found, voice, archive=archive, only=told(narrowed)),
            "say": page.spoken(found),
            "show": first,
        }
        yield shown, [*history, question][-REMEMBERED:]

    def told(narrowed: dict[str, Any]) -> list[str]:
        """What a question was narrowed down to, as a reader chose it."""
        shown = {
            "article": lambda name: f"“{page.titled(index.articles[places[name]])}”",
            "since": "since {}".format,
            "until": "until {}".format,
            "order": "{} first".format,
        }
        return [shown.get(name, str)(value) for name, value in narrowed.items()]

    def typed(question: str, history: list[str], chosen: object) -> Iterator[dict[Any, Any]]:
        """What was typed is asked, and leaves the box only once it is good."""
        try:
            checked(question)
        except QuestionError as error:
            yield {notice: page.notice(str(error))}
            return
        emptied = {box: "", notice: ""}
        for shown, asked in answer(question, history, chosen):
            yield {talk: shown, questions: asked, **emptied}
            emptied = {}  # what is typed during the wait stays

    def pressed(history: list[str], chosen: object, event: gr.EventData) -> Iterator[dict[Any, Any]]:
        """A question that was offered is asked; what stands in the box stays there."""
        try:
            question = str(event.question)
            checked(question)
        except (AttributeError, QuestionError):
            return  # no button of the page sends this
        for shown, asked in answer(question, history, chosen):
            yield {talk: shown, questions: asked, notice: ""}

    with gr.Blocks(title="On Record", fill_width=True, analytics_enabled=False) as demo:
        # The conversation lives on the server: a client that could send it could send any of it.
        questions = gr.State([])
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="chat", min_width=0):
                gr.HTML(
                    "<header><h1>On Record</h1><p>An interview, answered only in the speakers’ own words</p></header>",
                    elem_id="brand",
                )
                talk = gr.HTML(
                    {"turn": 0, "html": page.start(offered(index)), "say": "", "show": None},
                    html_template='<div class="log"></div><p class="unseen said" role="status"></p>',
                    js_on_load=_file("talk.js"),
                    elem_id="talk",
                    server_functions=[_plain(desk.cite)],
                )
                with gr.Column(elem_id="ask", min_width=0):
                    box = gr.Textbox(
                        label="Your question",
                        show_label=False,
                        container=False,
                        placeholder="Ask the interview a question…",
                        max_lines=5,
                        submit_btn="Ask",
                        elem_id="box",
                    )
                    notice = gr.HTML("", elem_id="notice")
                    narrow = gr.HTML(
                        {},
                        html_template='<div class="narrow"></div>',
                        js_on_load=_file("narrow.js"),
                        elem_id="narrow",
                        markup=page.narrow(index.articles, index.speakers),
                    )
            with gr.Column(elem_id="read", min_width=0):
                gr.HTML(page.tabs(), js_on_load=_file("tabs.js"), elem_id="tabs")
                gr.HTML(
                    page.reader(index.articles, article(index.articles[0].id)),
                    js_on_load=_file("reader.js"),
                    elem_id="reader",
                    server_functions=[article],
                )
                gr.HTML(
                    page.brief(formats()),
                    js_on_load=_file("brief.js"),
                    elem_id="brief",
                    server_functions=[_plain(desk.pins), _plain(desk.export)],
                )
                gr.HTML(
                    page.draft(),
                    js_on_load=_file("check.js"),
                    elem_id="draft",
                    server_functions=[_plain(desk.check)],
                )
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        outputs = [talk, questions, box, notice]
        box.submit(typed, [box, questions, narrow], outputs, **quiet)
        talk.submit(pressed, [questions, narrow], [talk, questions, notice], **quiet)
    return demo


def filters(chosen: object) -> dict[str, Any]:
    """What a reader narrowed a question down to, out of what a client sent: any of it may be forged."""
    given = chosen if isinstance(chosen, dict) else {}
    return {name: value for name in FILTERS if isinstance(value := given.get(name), str) and value.strip()}


def offered(index: Index) -> tuple[str, ...]:
    """The interviewers' questions that the page opens with: all of one article, else one of each, up to some."""
    if len(index.articles) == 1:
        return index.questions
    firsts = (
        next((turn.asked.of(article.text) for turn in turns if turn.asked), None)
        for article, turns in zip(index.articles, index.turns, strict=True)
    )
    return tuple(islice((each for each in firsts if each), MOST_OFFERED))


def _open(folder: Path, bot: "Future[Bot]") -> None:
    """Fulfils `bot`, with a bot or with what went wrong, which is told to whoever asks."""
    try:
        opened = Bot.open(folder)
        opened.load()
        bot.set_result(opened)
    except OnRecordError as error:
        print(f"onrecord: {error}", file=sys.stderr)
        bot.set_exception(error)
    except BaseException as error:
        bot.set_exception(OnRecordError("the model could not be loaded; the terminal says why"))
        raise error


def _plain(method: Callable[..., Any]) -> Callable[..., Any]:
    """The method as a function of one value: Gradio marks what a script may call, and a method bears no mark."""

    @wraps(method)
    def called(given: Any) -> Any:
        return method(given)

    return called


def _place(quote: Quote) -> dict[str, Any]:
    return {"article": quote.article.id, "start": quote.span.start, "end": quote.span.end}


def _check_free(port: int) -> None:
    """Nothing; ServeError when the port cannot be had. Told before the seconds of importing Gradio."""
    with socket.socket() as probe:
        if os.name == "posix":  # elsewhere the option would let two servers share the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise _taken(port) from None


def _taken(port: int) -> ServeError:
    return ServeError(
        f"port {port} of {HOST} is in use or not allowed; choose another: `onrecord chat --port N`"
    )


def _reach_directly() -> None:
    """Keeps a proxy of the environment from standing between Gradio's start-up checks and itself."""
    for name in ("no_proxy", "NO_PROXY"):
        hosts = [host for host in os.environ.get(name, "").split(",") if host]
        os.environ[name] = ",".join(dict.fromkeys([*hosts, HOST]))


def _file(name: str) -> str:
    return (FILES / name).read_text("utf-8")
