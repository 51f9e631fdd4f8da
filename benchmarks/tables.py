"""Tables that measurements put into the pages of docs/, each between two marks that name its command."""

import re
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"


def put(page: str, module: str, table: str) -> None:
    """Nothing; the page of docs/ has this table between the marks of the module that made it."""
    path = DOCS / page
    path.write_text(rewritten(path.read_text("utf-8"), module, table), "utf-8", newline="\n")


def rewritten(text: str, module: str, table: str) -> str:
    """The page's text with this table between those marks; ValueError where they do not stand in it once."""
    begin, end = f"<!-- made by python -m {module} -->", "<!-- end -->"
    between = f"{re.escape(begin)}.*?{re.escape(end)}"
    made, count = re.subn(between, lambda _: f"{begin}\n\n{table}\n\n{end}", text, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"{begin} stands {count} times in the page; expected it once, and {end} after it")
    return made
