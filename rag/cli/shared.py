"""What the commands share: exit codes, output, the index's folder, a bot over it."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import InputError, OnRecordError

if TYPE_CHECKING:
    from rag.bot import Bot

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


def put(text: str) -> None:
    """Nothing; the text stands on standard output, in UTF-8 whatever the terminal."""
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
