"""`onrecord schema`: what programs may rely on in the JSON."""

import argparse
import json
from typing import Any

from rag.cli.shared import OK, put


def commands(add: Any) -> None:
    """Nothing; the command is known."""
    schema = add.add_parser("schema", help="print the JSON Schema of all that comes as JSON")
    schema.set_defaults(run=_schema)


def _schema(_: argparse.Namespace) -> int:
    from rag.schema import schemas

    put(json.dumps(schemas(), ensure_ascii=False, indent=1))
    return OK
