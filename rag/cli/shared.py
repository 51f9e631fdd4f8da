"""What the commands share: exit codes, output, the index's folder, a bot over it."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import InputError, OnRecordError

if TYPE_CHECKING:
    from rag.bot import Bot
    from rag.index.engines import Where

HOME = Path(__file__).parent.parent.parent
# What was asked was done; it was, and something is wrong with what was looked at; it could not be done.
OK, WRONG, BAD = 0, 1, 2
INTERRUPTED = 130


def home() -> Path:
    """Where seeds/ and index/ stand: the project's folder, or here when installed elsewhere."""
    return HOME if (HOME / "seeds").is_dir() else Path()


def complain(line: str) -> None:
    """Nothing; the line stands on standard error."""
    from rag.fold import visible

    print(f"onrecord: {visible(line)}", file=sys.stderr)


# What would move a terminal's cursor, rename its window or worse, were it written there as it is in a text.
_CONTROLS = dict.fromkeys({*range(32), *range(127, 160)} - {*b"\t\n"}, "\N{REPLACEMENT CHARACTER}")


def put(text: str) -> None:
    """Nothing; the text stands on standard output, in UTF-8 whatever the terminal.

    A terminal is shown no control characters; a file or a program gets every character as it is.
    """
    if sys.stdout.isatty():
        text = text.translate(_CONTROLS)
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def read_given(name: str, most: int, what: str, expected: str) -> bytes:
    """The first `most` bytes of a file, - for standard input; InputError says what it was to be."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(most)
        with Path(name).open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise InputError(f"the {what} {name[:80]!r} cannot be read ({error.strerror}); {expected}") from None


def port(text: str) -> int:
    """The port of an option; an ArgumentTypeError for what is none."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"the port is {text!r}; expected a number from 1 to 65535")
    return int(text)


def open_bot(folder: Path) -> "Bot":
    """A bot over the index in a folder."""
    from rag.bot import Bot

    return Bot.open(folder)


def bar() -> Any:
    """A progress callback that shows a bar once the step has taken a second, on a terminal."""
    from tqdm import tqdm

    bar: Any = None

    def progress(done: int, total: int) -> None:
        nonlocal bar
        bar = bar or tqdm(
            total=total, unit="article", desc="embedding", delay=1, disable=not sys.stderr.isatty()
        )
        bar.update(done - bar.n)
        if done == total:
            bar.close()

    return progress


class Refused:
    """Tells of documents that cannot be taken in, and remembers that there were any."""

    def __init__(self) -> None:
        self.code = OK

    def __call__(self, name: str, error: OnRecordError) -> None:
        """One line: the document, what was found, what was expected, what to do."""
        self.code = BAD
        complain(f"{name}: {str(error).removeprefix(name).lstrip(': ')}")


def with_sources(parser: argparse.ArgumentParser) -> None:
    """Nothing; the parser takes what articles are to be indexed, and a model."""
    parser.add_argument(
        "sources",
        nargs="*",
        type=Path,
        metavar="FILE_OR_FOLDER",
        help="articles to index (those that the index was made of; at first seeds/)",
    )
    parser.add_argument("--model", metavar="NAME", help="a sentence-transformers model or folder")


def with_store(parser: argparse.ArgumentParser) -> None:
    """Nothing; the parser takes an engine in which passages are looked for, and its address."""
    parser.add_argument(
        "--store",
        metavar="ENGINE",
        help="where passages are looked for: faiss (here), milvus or postgres (the one that the index has)",
    )
    parser.add_argument("--store-url", metavar="URL", help="the address of that engine (ONRECORD_STORE_URL)")


def store(arguments: argparse.Namespace) -> "Where | None":
    """The engine that is named; None where none is."""
    from rag.index.engines import Where

    name, url = getattr(arguments, "store", None), getattr(arguments, "store_url", None)
    if name is None and url is not None:
        raise InputError("--store-url is of no store; expected --store milvus or --store postgres too")
    return None if name is None else Where.parse(name, url)


def with_style(
    parser: argparse.ArgumentParser, flag: str = "--style", default: str | None = "chicago"
) -> None:
    """Nothing; the parser takes a style of citation."""
    from rag.cite import STYLES, style_of

    def style(name: str) -> str:
        try:
            return style_of(name)
        except OnRecordError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    parser.add_argument(
        flag, type=style, default=default, metavar="STYLE", help=f"of citations: {', '.join(STYLES)}"
    )
