"""Serves the page: a conversation on the left, the article on the right."""

import json
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from rag import logs, measured
from rag.bot import MAX_QUESTION
from rag.errors import ServeError
from rag.interviews import InForce, Interviews
from rag.web.asking import Asking
from rag.web.desk import Desk, formats
from rag.web.guard import Guard
from rag.web.metrics import Metrics
from rag.web.page import article as article_page
from rag.web.page import desk as desk_page
from rag.web.page import talk as talk_page
from rag.web.page.promise import promise
from rag.web.page.text import voices
from rag.web.settings import HERE, Settings
from rag.web.stack import Stack
from rag.web.talk import Talk

FILES = Path(__file__).parent
# In the order in which they overrule each other.
STYLES = ("colours", "frame", "talk", "ask", "article", "desk", "narrow", "embed", "print")
# What a part of the page does beside its own script, each in a block of its own.
MORE_SCRIPTS = {"reader": ("strip", "find", "picker")}

# Gradio and the Hugging Face client look things up on the network unless told not to. They read
# these while they are imported.
OFFLINE = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


# Seconds between two looks at whether another process has put a newer build into the folder.
LOOKS = 1.0
# Seconds for which an idle connection is kept. A browser, or a proxy such as nginx (60), that keeps it longer
# than the server may send a question into a connection that is just being closed: uvicorn's own 5 are too few.
KEEP_ALIVE = 75
# Connections at once: two hundred browsers hold six each, more than the 1,024 with which systems start.
CONNECTIONS = 10_000


def serve(folder: Path, settings: Settings, *, events: bool = False) -> None:
    """Nothing, once the reader at the terminal has ended it; ServeError when it cannot start.

    The page is up before the model is loaded, since most of the wait is the model's. With `events`
    whatever happens is logged.
    """
    _check_free(settings)
    let_in(CONNECTIONS)
    logs.start(events=events)
    metrics = Metrics()
    interviews = Interviews.opening(folder, observe=metrics.step)
    served: Served | None = None
    try:
        served = launch(interviews, settings, metrics)
        print(f"On Record: http://{settings.host}:{settings.port}", flush=True)
        while True:
            time.sleep(LOOKS)  # unlike a lock without end, sleep is woken by Ctrl-C on every system
            served.look()
    except KeyboardInterrupt:
        pass
    finally:
        if served is not None:
            served.close()
        interviews.close()  # an interpreter that ends under a loading library aborts


@dataclass(frozen=True)
class Rooms:
    """What answers the page's scripts, over one build."""

    now: InForce
    talk: Talk
    stack: Stack
    desk: Desk

    @classmethod
    def over(cls, now: InForce, asking: Asking, settings: Settings, folder: Path) -> "Rooms":
        """The rooms over a build. What readers report goes to `folder`."""
        voice = voices(now.index.speakers)
        talk = Talk(now, asking, talk_page.Cards(voice, now.index.held, embed=settings.embed), folder)
        return cls(now, talk, Stack(now.index, voice), Desk(now.index, now.bot, voice, settings))


class Served:
    """The page as it runs. What it shows follows the build in force."""

    def __init__(self, interviews: Interviews, settings: Settings, asking: Asking) -> None:
        self._interviews, self._settings, self._asking = interviews, settings, asking
        self._of: InForce | None = None
        self._parts: dict[str, Any] = {}
        self._rooms = self._made(interviews.now)
        self.demo: Any = None

    @property
    def rooms(self) -> Rooms:
        """What answers the page's scripts, over the build in force."""
        now = self._interviews.now
        if now is not self._of:
            self._rooms = self._made(now)
        return self._rooms

    def _made(self, now: InForce) -> Rooms:
        self._of = now
        return Rooms.over(now, self._asking, self._settings, self._interviews.folder)

    def look(self) -> None:
        """Nothing; where there is a newer build whoever opens the page sees it from now on."""
        before, rooms = self._rooms, self.rooms
        if rooms is not before:
            for name, markup in _markup(rooms, self._settings).items():
                self._parts[name].value = markup
            self.demo.config = self.demo.get_config_file()

    def part(self, name: str, markup: str, *functions: tuple[str, str]) -> None:
        """Nothing; a part of the page is there. Its functions are (room, method) of what is in force."""
        import gradio as gr

        scripts = (_file("scripts", f"{script}.js") for script in (name, *MORE_SCRIPTS.get(name, ())))
        self._parts[name] = gr.HTML(
            markup,
            js_on_load="\n".join(f"{{\n{script}}}" for script in scripts),
            elem_id=name,
            server_functions=[self._function(*each) for each in functions],
        )

    def _function(self, room: str, method: str) -> Callable[[Any], Any]:
        """A method of a room as a function of one value: Gradio marks what a script may call, and may await it."""
        if iscoroutinefunction(getattr(getattr(self._rooms, room), method)):

            async def awaited(given: Any = None) -> Any:
                return await getattr(getattr(self.rooms, room), method)(given)

            awaited.__name__ = method
            return awaited

        def called(given: Any = None) -> Any:
            return getattr(getattr(self.rooms, room), method)(given)

        called.__name__ = method
        return called

    def close(self) -> None:
        """Nothing; the page is not served any more."""
        self.demo.close(verbose=False)


def launch(interviews: Interviews, settings: Settings, metrics: Metrics | None = None) -> Served:
    """The running page. It answers as soon as the interviews' bot is there."""
    os.environ.update(OFFLINE)
    _reach_directly()
    import gradio as gr
    from starlette.middleware import Middleware

    from rag.web.api.app import made as programs_over

    asking = Asking(interviews, metrics or Metrics(), log_questions=settings.log_questions)
    served = Served(interviews, settings, asking)
    served.demo = demo = _blocks(served, settings)
    started = threading.Event()
    guard = Middleware(Guard, settings=settings, started=started, programs=programs_over(asking, settings))
    try:
        # `launch`, never `mount_gradio_app`: only `launch` keeps a client from naming files of this machine.
        demo.launch(
            server_name=settings.host,
            server_port=settings.port,
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
            head=_head(settings),
            app_kwargs={"middleware": [guard]},
        )
    except OSError:
        raise _taken(settings) from None
    demo.server.config.timeout_keep_alive = KEEP_ALIVE  # Gradio has no option for it
    started.set()
    return served


def _head(settings: Settings) -> str:
    """Styles and what all scripts share. Not Gradio's `css=`: that rewrites every selector."""
    colours = "".join(f"--{name}:{value};" for name, value in settings.colours.items())
    own = f":root,.dark{{{colours}}}" if colours else ""
    marks = "document.documentElement.classList.add('embed');" if settings.embed else ""
    sheets = "".join(_file("styles", f"{name}.css") for name in STYLES)
    script = f"{marks}{_file('scripts', 'shared.js')}onrecord.first({json.dumps(talk_page.brand())});"
    return f"<style>{sheets}{own}</style><script>{script}</script>"


def _markup(rooms: Rooms, settings: Settings) -> dict[str, str]:
    """The markup of each part, over a build. No text of anybody's goes into a template or a script."""
    index = rooms.now.index
    shown = rooms.stack.article(index.articles[0].id)
    parts = {
        "talk": talk_page.conversation(rooms.talk.offered(), promise(measured.read())),
        "ask": talk_page.box(
            article_page.narrow(index.articles, index.speakers), MAX_QUESTION, kept=settings.log_questions
        ),
        "tabs": desk_page.tabs(drafts=settings.drafts),
        "reader": article_page.pane(len(index.articles), shown),
        "brief": desk_page.brief(formats()),
    }
    return parts | ({"draft": desk_page.draft(uploads=settings.uploads)} if settings.drafts else {})


# What each part's script may ask of the server: a room and a method of it.
FUNCTIONS = {
    "talk": (
        ("talk", "ask"),
        ("talk", "starters"),
        ("talk", "keep"),
        ("talk", "report"),
        ("desk", "cite"),
    ),
    "ask": (("talk", "complete"), ("stack", "among")),
    "tabs": (),
    "reader": (("stack", "article"), ("stack", "choose"), ("talk", "relevance")),
    "brief": (("desk", "pins"), ("desk", "export")),
    "draft": (("desk", "check"), ("desk", "check_file")),
}
BESIDE = ("tabs", "reader", "brief", "draft")


def _blocks(served: Served, settings: Settings) -> Any:
    """The page's parts and what they do."""
    import gradio as gr

    markup = _markup(served.rooms, settings)
    with (
        gr.Blocks(title="On Record", fill_width=True, analytics_enabled=False) as demo,
        gr.Row(elem_id="panes"),
    ):
        with gr.Column(elem_id="chat", min_width=0):
            gr.HTML(talk_page.brand(), elem_id="brand")
            for name in ("talk", "ask"):
                served.part(name, markup[name], *FUNCTIONS[name])
        with gr.Column(elem_id="read", min_width=0):
            for name in BESIDE:
                if name in markup:
                    served.part(name, markup[name], *FUNCTIONS[name])
    return demo


def let_in(connections: int) -> None:
    """Nothing; this process may hold so many connections, or as many as the system lets it."""
    if os.name == "posix":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = connections if hard == resource.RLIM_INFINITY else min(connections, hard)
        if soft != resource.RLIM_INFINITY and soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _check_free(settings: Settings) -> None:
    """Nothing; ServeError when the port cannot be had. Told before the seconds of importing Gradio."""
    with socket.socket() as probe:
        if os.name == "posix":  # elsewhere the option would let two servers share the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            raise _taken(settings) from None


def _taken(settings: Settings) -> ServeError:
    return ServeError(
        f"port {settings.port} of {settings.host} is in use or not allowed; choose another: `onrecord chat --port N`"
    )


def _reach_directly() -> None:
    """Keeps a proxy of the environment from standing between Gradio's start-up checks and itself."""
    for name in ("no_proxy", "NO_PROXY"):
        hosts = [host for host in os.environ.get(name, "").split(",") if host]
        os.environ[name] = ",".join(dict.fromkeys([*hosts, HERE]))


def _file(*path: str) -> str:
    return FILES.joinpath(*path).read_text("utf-8")
