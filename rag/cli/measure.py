"""`onrecord eval`: labelled questions to figures."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rag.cli.shared import OK, open_bot


def commands(add: Any) -> None:
    """Nothing; the command is known."""
    evaluate = add.add_parser("eval", help="measure answers on labelled questions")
    evaluate.add_argument("files", nargs="+", type=Path, metavar="FILE", help="question sets, JSON lines")
    evaluate.add_argument("--json", action="store_true", help="the figures as JSON")
    evaluate.add_argument("--misses", action="store_true", help="also list what went wrong")
    evaluate.set_defaults(run=_eval)


def _eval(arguments: argparse.Namespace) -> int:
    from rag import evaluate

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
    if arguments.json:
        print(json.dumps(results, indent=1))
    return OK
