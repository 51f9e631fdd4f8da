"""A brief as JSON, which can be read back."""

import json

from rag.brief.pins import Resolved, kept_as


def write(brief: Resolved) -> bytes:
    """The brief with what each quote says, in UTF-8."""
    return (json.dumps(kept_as(brief.brief, brief.pins), ensure_ascii=False, indent=1) + "\n").encode("utf-8")
