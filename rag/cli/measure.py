"""`onrecord eval`: labelled questions to figures."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rag.cli.shared import OK, open_bot, put
from rag.errors import InputError


def commands(add: Any) -> None:
    """Nothing; the command is known."""
    evaluate = add.add_parser("eval", help="measure answers on labelled questions")
    evaluate.add_argument("files", nargs="*", type=Path, metavar="FILE", help="question sets, JSON lines")
    evaluate.add_argument("--json", action="store_true", help="the figures as JSON")
    evaluate.add_argument("--misses", action="store_true", help="also list what went wrong")
    evaluate.add_argument(
        "--reports",
        action="store_true",
        help="what readers of the page reported, and what is answered there now",
    )
    evaluate.add_argument(
        "--card",
        action="store_true",
        help="also write the last set's figures into the card that the page shows",
    )
    evaluate.set_defaults(run=_eval)


def _eval(arguments: argparse.Namespace) -> int:
    from rag import evaluate

    if arguments.reports:
        return _reports(arguments)
    if not arguments.files:
        raise InputError("no question set was given; expected files of JSON lines, or --reports")
    sets = {str(file): evaluate.read_questions(file) for file in arguments.files}
    bot = open_bot(arguments.index)
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
    if arguments.card:
        from rag import measured, wording

        people = wording.ENGLISH.listed(bot.index.speakers)
        measured.write(measured.of(report, "make eval", f"the words of {people}"))
    if arguments.json:
        print(json.dumps(results, indent=1))
    return OK


def _reports(arguments: argparse.Namespace) -> int:
    from rag import reports

    rows = reports.looked_at(reports.read(arguments.index), open_bot(arguments.index))
    put(json.dumps(rows, ensure_ascii=False, indent=1) if arguments.json else reports.as_text(rows))
    return OK
