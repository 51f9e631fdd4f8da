"""A fuzzer: whatever is put into On Record comes to an answer or to one clear line, never to a crash.

python -m tests.fuzz [--seconds N] [--target NAME]… [--seed S]

    mutation.py     a valid input to a broken one
    target.py       what can be fuzzed, and the promises that are held
    on_*.py         the targets and their seeds; a new one is a function with `@target`
    loop.py         tries inputs for so long, keeps what it finds, and makes it small
"""

# Each module names its targets as it is imported.
from tests.fuzz import on_documents, on_drafts, on_files, on_http, on_index, on_questions
from tests.fuzz.target import TARGETS

__all__ = ["TARGETS", "on_documents", "on_drafts", "on_files", "on_http", "on_index", "on_questions"]
