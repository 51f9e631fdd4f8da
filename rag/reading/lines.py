"""Printed lines of one paragraph to paragraphs: joined where text is wrapped, apart where speech changes."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rag.reading.pieces import Run

_ENDS = re.compile(r"[.?!…:。！？][\"'”’»)\]*_]*$")
# "Ann Lee:", "Q:", "A -", "P.", "AL)", "Speaker 2 (00:10):" at the start of a line.
_LABEL = re.compile(
    r"(?:[QAPR]\d{0,3}\s*[.:：)–—-]{1,2}(?=\s|[¿¡])|"
    r"[^\W\d_a-z][\w.'’\u00a0-]*+(?:[ \u00a0][\w.'’-]+){0,4}(?:\s*[(\[][^()\[\]]{1,30}[)\]])?\s*[:：](?!//)|"
    r"[^\W\d_a-z]{1,4}\)\s)"
)


@dataclass(slots=True)
class Line:
    """One printed line. `soft`: the file wraps here, which need not be where the author breaks."""

    runs: list[Run] = field(default_factory=list)
    soft: bool = False

    def add(self, text: str, bold: bool = False, slanted: bool = False) -> None:
        """Nothing; afterwards the line is longer by `text`."""
        if text:
            self.runs.append(Run(text, bold, slanted))

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(run.text for run in self.runs)

    @property
    def slanted(self) -> bool:
        """Whether all of it is in italics."""
        return all(run.slanted for run in self.runs if run.text.strip())

    @property
    def bold(self) -> bool:
        """Whether all of it is in bold."""
        return any(run.text.strip() for run in self.runs) and all(
            run.bold for run in self.runs if run.text.strip()
        )


def is_finished(line: str) -> bool:
    """Whether a line ends as sentences and labels do."""
    return bool(_ENDS.search(line.strip()))


def label(line: str) -> str | None:
    """The label that a line begins with, or None; that it names anybody is not said."""
    match = _LABEL.match(line.lstrip("*_ \t"))
    return match.group().strip() if match else None


def labels(lines: Iterable[str]) -> frozenset[str]:
    """The labels that begin two lines or more: in mid-sentence too, such a one is a label."""
    counts = Counter(found for line in lines if (found := label(line)))
    return frozenset(found for found, times in counts.items() if times > 1)


def paragraphs(lines: Sequence[Line], known: frozenset[str] = frozenset()) -> Iterator[tuple[Run, ...]]:
    """The runs of each paragraph that the lines make; `known` are the document's `labels`.

    A hard break parts them where the line before is finished; a soft one, which is most often mere
    wrapping, only where a label or the answer to a bold question begins.
    """
    runs: list[Run] = []
    held: list[Line] = []
    for line in lines:
        if not line.text.strip():
            continue
        if held and _parts(held, line, known):
            yield tuple(runs)
            runs, held = [], []
        runs += [Run(" "), *line.runs]
        held.append(line)
    if held:
        yield tuple(runs)


def _parts(before: Sequence[Line], line: Line, known: frozenset[str]) -> bool:
    """Whether a new paragraph begins with `line`."""
    finished = is_finished(before[-1].text)
    if finished and not line.bold and all(each.bold for each in before):
        return True  # a question in bold, and its answer right under it
    opens = next(run for run in line.runs if run.text.strip())
    named = label(line.text)
    if named is not None and (opens.bold or finished or not line.soft or named in known):
        return True
    return not line.soft and (finished or opens.bold)
