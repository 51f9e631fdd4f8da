"""The command `onrecord`: arguments and exit codes. Turns an error into one line."""

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from rag.errors import (
    BatchError,
    DateError,
    IndexFault,
    InputError,
    OnRecordError,
    QuestionError,
    UnknownArticle,
)

if TYPE_CHECKING:
    from rag.bot import Bot
    from rag.records import Answer, Quote
    from rag.wording import Wording

HOME = Path(__file__).parent.parent
OK, BAD = 0, 2
INTERRUPTED = 130

# More than any batch a person writes; kept so that a stray device cannot fill the memory.
MAX_BATCH_LINE = 1_000_000


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, answered or declined; 2 bad usage or bad input."""
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except OnRecordError as error:
        _complain(str(error))
        return BAD
    except BrokenPipeError:
        # The reader of our output is gone, as after `| head`; that is no fault.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return INTERRUPTED


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line."""

    def error(self, message: str) -> NoReturn:
        _complain(f"{message}; see `{self.prog} --help`")
        sys.exit(BAD)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="onrecord", description="Ask an interview; get the speaker's own words.")
    parser.add_argument("--version", action="store_true", help="print the version")
    parser.add_argument(
        "--index", type=Path, metavar="DIR", default=_home() / "index", help="index folder (%(default)s)"
    )
    parser.set_defaults(run=_no_command)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    ask = commands.add_parser("ask", help="answer a question with quotes")
    ask.add_argument(
        "question", nargs="?", metavar="QUESTION", help="the question; without it, standard input"
    )
    ask.add_argument("--speaker", metavar="NAME", help="only this person's words may answer")
    ask.add_argument("--article", metavar="ID", help="only this article's words may answer")
    ask.add_argument(
        "--since", metavar="DATE", help="only articles from then on: 2022, 2022-03 or 2022-03-10"
    )
    ask.add_argument("--until", metavar="DATE", help="only articles up to then")
    ask.add_argument(
        "--order",
        choices=("best", "newest"),
        default="best",
        help="which of two equals is first (%(default)s)",
    )
    ask.add_argument("--json", action="store_true", help="one JSON object a question")
    ask.add_argument(
        "--batch",
        metavar="FILE",
        help='JSON lines {"id", "question", "history"?, "speaker"?, "article"?, "since"?, "until"?}; '
        "- is standard input",
    )
    ask.set_defaults(run=_ask)

    _add_library(commands)

    build = commands.add_parser("build", help="make the index from articles")
    _add_sources(build)
    build.set_defaults(run=_build)

    chat = commands.add_parser("chat", help="serve the page; builds the index if it is missing or stale")
    _add_sources(chat)
    chat.add_argument("--port", type=_port, default=7860, help="port on 127.0.0.1 (%(default)s)")
    chat.set_defaults(run=_chat)

    evaluate = commands.add_parser("eval", help="measure answers on labelled questions")
    evaluate.add_argument("files", nargs="+", type=Path, metavar="FILE", help="question sets, JSON lines")
    evaluate.add_argument("--json", action="store_true", help="the figures as JSON")
    evaluate.add_argument("--misses", action="store_true", help="also list what went wrong")
    evaluate.set_defaults(run=_eval)
    return parser


def _add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="*",
        type=Path,
        metavar="FILE_OR_FOLDER",
        help="articles to index (those that the index was made of; at first seeds/)",
    )
    parser.add_argument("--model", metavar="NAME", help="a sentence-transformers model or folder")


def _add_library(commands: Any) -> None:
    """The commands about what the index holds."""
    add = commands.add_parser("add", help="take interviews in: files, folders, web addresses")
    add.add_argument(
        "sources", nargs="+", metavar="SOURCE", help="a file, a folder (with all in it) or an address"
    )
    add.add_argument("--title", help="its title")
    add.add_argument("--date", help="when it was published: 2022, 2022-03 or 2022-03-10")
    add.add_argument("--url", help="where its readers find it")
    add.add_argument("--publisher", help="who published it")
    add.add_argument("--language", metavar="CODE", help="its language: en, es, …")
    add.add_argument("--speaker", action="append", metavar="NAME", help="who speaks in it; once for each")
    add.add_argument("--dry-run", action="store_true", help="only show what is understood of it")
    add.add_argument("--json", action="store_true", help="one JSON object a document")
    add.add_argument(
        "--allow-private", action="store_true", help="let addresses be of this machine or a private network"
    )
    add.set_defaults(run=_add)

    remove = commands.add_parser("remove", help="take articles out")
    remove.add_argument("ids", nargs="+", metavar="ID", help="an article's id, as `onrecord list` has it")
    remove.set_defaults(run=_remove)

    listing = commands.add_parser("list", help="list the articles")
    listing.add_argument("--json", action="store_true", help="one JSON object an article")
    listing.set_defaults(run=_list)

    show = commands.add_parser("show", help="show what is known of an article, and who speaks when")
    show.add_argument("id", metavar="ID", help="the article's id")
    show.add_argument("--json", action="store_true", help="as one JSON object")
    show.set_defaults(run=_show)


def _home() -> Path:
    """Where seeds/ and index/ stand: the project's folder, or here when installed elsewhere."""
    return HOME if (HOME / "seeds").is_dir() else Path()


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"the port is {text!r}; expected a number from 1 to 65535")
    return int(text)


def _complain(line: str) -> None:
    from rag.fold import visible

    print(f"onrecord: {visible(line)}", file=sys.stderr)


def _no_command(arguments: argparse.Namespace) -> int:
    if arguments.version:
        from importlib.metadata import version

        print(version("onrecord"))
        return OK
    raise InputError("no command given; see `onrecord --help`")


# --- ask ---------------------------------------------------------------------------------------


def _ask(arguments: argparse.Namespace) -> int:
    if arguments.batch is not None and arguments.question is not None:
        raise InputError("both a question and --batch were given; expected one of them")
    if arguments.batch is not None:
        return _ask_batch(arguments)
    question = arguments.question if arguments.question is not None else _standard_input()
    from rag.bot import checked

    checked(question)  # a bad question is told before anything is loaded
    bot = _bot(arguments.index)
    answer = bot.ask(question, order=arguments.order, **_filters(arguments, {}))
    _print(json.dumps(as_json(None, answer), ensure_ascii=False) if arguments.json else as_text(answer))
    return OK


FILTERS = ("speaker", "article", "since", "until")


def _filters(arguments: argparse.Namespace, row: dict[str, Any]) -> dict[str, Any]:
    """What may answer: as the row says, else as the command line does."""
    return {key: getattr(arguments, key) if row.get(key) is None else row[key] for key in FILTERS}


def _ask_batch(arguments: argparse.Namespace) -> int:
    """Answers every line that can be; each bad line is named, and makes the exit code 2."""
    lines = _batch_lines(arguments.batch)
    bot: Bot | None = None
    bad = False
    for number, line in lines:
        if not line.strip():
            continue
        row: dict[str, Any] = {}
        try:
            row = _batch_row(line)
            bot = bot or _bot(arguments.index)
            answer = bot.ask(
                row["question"],
                order=arguments.order,
                history=row.get("history") or (),
                **_filters(arguments, row),
            )
        except InputError as error:
            if not isinstance(error, BatchError | QuestionError) and not any(row.get(key) for key in FILTERS):
                raise  # what is wrong stands on the command line, for every row
            _complain(f"line {number}: {error}")
            bad = True
            if isinstance(error, BatchError):
                continue
            from rag.records import Answer

            answer = Answer(row["question"], "declined", str(error))
        if arguments.json:
            _print(json.dumps(as_json(row.get("id"), answer), ensure_ascii=False))
        else:
            _print(f"{row['question']}\n\n{as_text(answer)}\n")
    return BAD if bad else OK


def _batch_lines(file: str) -> Iterator[tuple[int, bytes]]:
    """Numbered lines, as they come."""
    try:
        with sys.stdin.buffer if file == "-" else Path(file).open("rb") as stream:
            number = 0
            while line := stream.readline(MAX_BATCH_LINE):
                number += 1
                if number == 1 and _is_binary(line):
                    raise InputError(f"the batch {file!r} is binary; expected a file of JSON lines")
                yield number, line
                while line and len(line) == MAX_BATCH_LINE and not line.endswith(b"\n"):
                    line = stream.readline(MAX_BATCH_LINE)  # the rest of a line that is too long
    except OSError as error:
        raise InputError(
            f"the batch {file!r} cannot be read ({error.strerror}); expected a file of JSON lines"
        ) from None


def _is_binary(line: bytes) -> bool:
    """Whether bytes are no text at all: they hold control characters and are not UTF-8, or a NUL."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return any(byte < 32 and byte not in b"\t\r\n" for byte in line)
    return b"\0" in line


def _batch_row(line: bytes) -> dict[str, Any]:
    expected = 'expected one JSON object a line: {"id": …, "question": "…"}'
    try:
        row = json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise BatchError(f"not UTF-8 text; {expected}") from None
    except (ValueError, RecursionError):
        raise BatchError(f"not JSON; {expected}") from None
    if not isinstance(row, dict):
        raise BatchError(f"a JSON {type(row).__name__}; {expected}")
    if not isinstance(row.get("question"), str):
        raise BatchError(f"no question in words; {expected}")
    history = row.get("history")
    if history is not None and not (
        isinstance(history, list) and all(isinstance(earlier, str) for earlier in history)
    ):
        raise BatchError("history is no list of questions; expected earlier questions, oldest first")
    for key in FILTERS:
        if not isinstance(row.get(key), str | None):
            raise BatchError(f"{key} is a JSON {type(row[key]).__name__}; expected text, or leave it out")
    return row


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _standard_input() -> str:
    if sys.stdin is None or sys.stdin.isatty():
        raise QuestionError('no question was given; expected onrecord ask "QUESTION"')
    from rag.bot import MAX_QUESTION

    data = sys.stdin.buffer.read(4 * MAX_QUESTION + 1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if len(data) > 4 * MAX_QUESTION:
            return data.decode("utf-8", "replace")  # too long, whatever it is
        raise QuestionError("standard input is not UTF-8 text; expected a question in words") from None


def _bot(folder: Path) -> "Bot":
    from rag.bot import Bot

    return Bot.open(folder)


def as_json(question_id: Any, answer: "Answer") -> dict[str, Any]:
    """The answer as programs read it."""
    return {
        "id": question_id,
        "question": answer.question,
        "status": answer.status,
        "message": answer.message,
        "quotes": [_quote_json(quote) for quote in answer.quotes],
        "related": [_quote_json(quote) for quote in answer.related],
        "suggestions": list(answer.suggestions),
        "understood": answer.understood,
    }


def _quote_json(quote: "Quote") -> dict[str, Any]:
    from rag.cite import link

    return {
        "text": quote.text,
        "speaker": quote.speaker,
        "role": quote.role,
        "article": quote.article.id,
        "start": quote.span.start,
        "end": quote.span.end,
        "asked": quote.asked,
        "score": quote.score,
        "link": link(quote),
        "title": quote.article.title,
        "date": quote.article.date,
        "reported": [[each.start, each.end] for each in quote.reported],
        "interpreted": quote.turn.interpreted,
        "also": [
            {"article": place.article.id, "start": place.span.start, "end": place.span.end}
            for place in quote.also
        ],
    }


def as_text(answer: "Answer") -> str:
    """The answer as a person reads it in a terminal."""
    say = _words(answer)
    parts = [say.understood.format(answer.understood)] if answer.understood else []
    parts.append(answer.message)
    parts += [_quote_text(quote, say) for quote in answer.quotes]
    if answer.related and answer.status == "declined":
        parts.append(say.near)
        parts += [_quote_text(quote, say) for quote in answer.related]
    parts += ["\n".join(f"  - {question}" for question in answer.suggestions)] if answer.suggestions else []
    return "\n\n".join(parts)


def _words(answer: "Answer") -> "Wording":
    """The fixed wording in the language of the question."""
    from rag import wording
    from rag.language import language_of, supported

    told = next((quote.article.language for quote in (*answer.quotes, *answer.related)), "en")
    return wording.of(language_of(answer.question, supported(told)))


def _quote_text(quote: "Quote", say: "Wording") -> str:
    who = quote.speaker or say.unknown
    lines = [f"{who} ({quote.role})" if quote.role else who]
    lines += [f"  | {line}" if line.strip() else "  |" for line in quote.text.splitlines()]
    if quote.asked:
        lines.append(f"  {say.asked.format(quote.asked)}")
    if quote.article.title:
        lines.append(f"  {quote.article.title}" + (f", {quote.article.date}" if quote.article.date else ""))
    lines.append(f"  {say.place.format(quote.article.id, quote.span.start, quote.span.end)}")
    lines += [f"  {mark}" for mark in say.marks(quote)]
    if quote.also:
        lines.append(f"  {say.also.format(', '.join(place.article.id for place in quote.also))}")
    return "\n".join(lines)


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


# --- build, chat, add, remove, list, show, eval --------------------------------------------------


def _build(arguments: argparse.Namespace) -> int:
    from rag import index
    from rag.bot import some
    from rag.encoder import DEFAULT_MODEL, encoder_of
    from rag.index import archive

    encoder = encoder_of(arguments.model or DEFAULT_MODEL)
    if sys.stderr.isatty():
        print(f"loading {encoder.name} to embed the articles …", file=sys.stderr)
    refused = _Refused()
    sources, gone = list(arguments.sources), []
    if not sources:
        roots = index.roots(arguments.index)
        sources = [root for root in roots or () if root.exists()]
        gone = [root for root in roots or () if not root.exists()]
        sources = [_home() / "seeds"] if roots is None else sources
    made = archive.make(arguments.index, sources, encoder, refused, _bar(), gone=gone)
    if made is not None:
        speakers = some(made.speakers) or "nobody by name"
        print(
            f"{made.articles:,} article(s), {made.passages:,} passages, speakers: {speakers}; "
            f"index in {arguments.index}"
        )
    return refused.code


def _chat(arguments: argparse.Namespace) -> int:
    from rag import index
    from rag.web.app import serve

    try:
        index.check_fresh(arguments.index, arguments.sources or None, arguments.model)
        index.load(arguments.index)
    except IndexFault as fault:
        print(f"building: {fault}", file=sys.stderr)
        _build(arguments)
    serve(arguments.index, arguments.port)
    return OK


class _Refused:
    """Tells of documents that cannot be taken in, and remembers that there were any."""

    def __init__(self) -> None:
        self.code = OK

    def __call__(self, name: str, error: OnRecordError) -> None:
        """One line: the document, what was found, what was expected, what to do."""
        self.code = BAD
        _complain(f"{name}: {str(error).removeprefix(name).lstrip(': ')}")


def _add(arguments: argparse.Namespace) -> int:
    from rag import report
    from rag.index import archive

    sources = list(archive.sources(arguments.sources, allow_private=arguments.allow_private))
    flags = _flags(arguments, len(sources))
    refused = _Refused()

    def told(source: archive.Source, plan: Any) -> None:
        if arguments.json:
            _print(json.dumps(report.plan_json(plan, source.name), ensure_ascii=False))
        else:
            _print(report.understood(plan, source.name))

    if arguments.dry_run:
        archive.look_at(arguments.index, sources, flags, refused, told)
        return refused.code
    made = archive.add(arguments.index, sources, flags, refused, told, progress=_bar(), read=arguments.json)
    if made is not None and not arguments.json:
        print(f"{made.articles:,} article(s), {made.passages:,} passages; index in {arguments.index}")
    return refused.code


def _flags(arguments: argparse.Namespace, count: int) -> Any:
    """The facts given on the command line, if they can be facts."""
    from rag.dates import days
    from rag.reading.facts import Facts
    from rag.records import Person

    for key in ("title", "date", "url"):
        if getattr(arguments, key) is not None and count > 1:
            raise InputError(
                f"--{key} is of one document, and {count:,} are to be added; expected one at a time"
            )
    values = {key: getattr(arguments, key) for key in ("title", "date", "url", "publisher", "language")}
    names = [" ".join(name.split()) for name in arguments.speaker or ()]
    if empty := [key for key, value in values.items() if value is not None and not value.strip()]:
        raise InputError(f"--{empty[0]} is empty; expected text, or leave it out")
    if not all(names):
        raise InputError("--speaker is empty; expected a name, or leave it out")
    if arguments.date is not None and days(arguments.date) is None:
        raise DateError(f"--date is {arguments.date[:40]!r}; expected YYYY, YYYY-MM or YYYY-MM-DD")
    if arguments.language is not None and not re.fullmatch(r"[A-Za-z]{2,3}(?:-\w+)*", arguments.language):
        raise InputError(
            f"--language is {arguments.language[:40]!r}; expected a code of two letters, as en or es"
        )
    return Facts(**values, people=tuple(map(Person, dict.fromkeys(names))))


def _remove(arguments: argparse.Namespace) -> int:
    from rag.index import archive

    made = archive.remove(arguments.index, arguments.ids, _bar())
    gone = ", ".join(dict.fromkeys(arguments.ids))
    print(f"removed {gone}; {made.articles:,} article(s) in {arguments.index}")
    return OK


def _list(arguments: argparse.Namespace) -> int:
    from rag import index, report

    for spoken in index.contents(arguments.index):
        row = (
            json.dumps(report.row_json(spoken), ensure_ascii=False)
            if arguments.json
            else report.row_text(spoken)
        )
        _print(row)
    return OK


def _show(arguments: argparse.Namespace) -> int:
    from rag import index, report
    from rag.bot import some

    held = {spoken.article.id: spoken for spoken in index.contents(arguments.index)}
    if arguments.id not in held:
        raise UnknownArticle(f"no article {arguments.id[:80]!r}; expected one of: {some(list(held))}")
    spoken = held[arguments.id]
    if arguments.json:
        _print(json.dumps(report.article_json(spoken), ensure_ascii=False))
    else:
        _print(report.article_text(spoken))
    return OK


def _eval(arguments: argparse.Namespace) -> int:
    from rag import evaluate

    sets = {str(file): evaluate.read_questions(file) for file in arguments.files}
    bot = _bot(arguments.index)
    results = {}
    for name, questions in sets.items():
        outcomes = evaluate.run(bot, questions)
        report = evaluate.report(outcomes)
        results[name] = evaluate.as_json(report)
        if not arguments.json:
            print(f"{name}\n\n{evaluate.as_text(report)}\n")
        if arguments.misses:
            for line in evaluate.misses(outcomes):
                print(line, file=sys.stderr)
    if arguments.json:
        print(json.dumps(results, indent=1))
    return OK


def _bar() -> Any:
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


if __name__ == "__main__":
    sys.exit(main())
