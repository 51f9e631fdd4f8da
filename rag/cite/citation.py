"""A citation as text in which some of the words are italic."""

import html
import re
from dataclasses import dataclass

# What CommonMark could take for markup is escaped wherever it stands.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$^-])")


@dataclass(frozen=True, slots=True)
class Run:
    """Some words in a row, all italic or none."""

    text: str
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """What a style makes of a quote."""

    runs: tuple[Run, ...]

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
        return "".join(f"*{_plain(run.text)}*" if run.italic else _plain(run.text) for run in self.runs)


def _plain(text: str) -> str:
    # A number and a point at a line's start would open a list.
    return re.sub(r"(?m)^(\s*\d+)([.)])", r"\1\\\2", _MARKUP.sub(r"\\\1", text))


def runs(*parts: "str | Run | None") -> Citation:
    """The citation of these parts in a row; None is left out."""
    made = [Run(part) if isinstance(part, str) else part for part in parts if part is not None]
    return Citation(tuple(run for run in made if run.text))
