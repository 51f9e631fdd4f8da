"""A citation as text in which some of the words are italic."""

import html
import re
from dataclasses import dataclass

# What CommonMark, and the footnotes and tables of its kin, could take for markup wherever it stands; a
# "_" within a word is none.
_MARKUP = re.compile(r"([\\`*\[\]<|~$]|&(?=[#\w])|(?<![^\W_])_|_(?![^\W_]))")
# … and at a line's start: a heading, a list, a quotation, a rule.
_OPENING = re.compile(r"(?m)^(\s*)([#>+=-])|^(\s*\d+)([.)])")
# Blank space that opens a later line makes code of it; CommonMark shows none of it anyway.
_INDENT = re.compile(r"(?<=\n)[ \t]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Some words in a row, all italic or none."""

    text: str
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """What a style makes of a quote; `style` is empty where text was put together elsewhere."""

    runs: tuple[Run, ...]
    style: str = ""

    @property
    def text(self) -> str:
        """Without italics."""
        return "".join(run.text for run in self.runs)

    @property
    def html(self) -> str:
        """As HTML, everything escaped that could be markup."""
        return "".join(
            f"<i>{html.escape(r.text)}</i>" if r.italic else html.escape(r.text) for r in self.runs
        )

    @property
    def markdown(self) -> str:
        """As Markdown that shows these very characters."""
        return "".join(f"*{escaped(run.text)}*" if run.italic else escaped(run.text) for run in self.runs)


def escaped(text: str) -> str:
    """The text as Markdown that shows these very characters."""
    plain = _MARKUP.sub(r"\\\1", _INDENT.sub("", text))
    return _OPENING.sub(lambda m: rf"{m[1] or m[3] or ''}\{m[2] or m[4]}", plain)


def runs(*parts: "str | Run | None") -> Citation:
    """The citation of these parts in a row; None is left out."""
    made = [Run(part) if isinstance(part, str) else part for part in parts if part is not None]
    return Citation(tuple(run for run in made if run.text))
