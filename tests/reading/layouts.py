"""One made-up interview, written out in every layout that is read, with what must come of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import fill

from hypothesis import strategies as st

from rag.reading.names import initials

PEOPLE = (
    "Ana Ruiz",
    "Bo Day",
    "Cy Poe",
    "Verónica López",
    "Jean-Luc Roux",
    "Dee de la Cruz",
    "Li Wei",
    "John O’Neil",
)
_WORDS = (
    "flour wheat grain water stone bread oven morning village river the of and with into small old".split()
)


@dataclass(frozen=True)
class Exchange:
    """A question, and what each of those who answer says to it."""

    asked: str
    answers: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Interview:
    """An asker, who answers, and the exchanges."""

    asker: str
    guests: tuple[str, ...]
    exchanges: tuple[Exchange, ...]

    @property
    def title(self) -> str:
        """The title that names the guests."""
        return f"A conversation with {' and '.join(self.guests)}"


@st.composite
def interviews(draw: st.DrawFn, guests: int = 2) -> Interview:
    """An interview of three to six exchanges, with one guest, or up to so many; no two have like initials."""
    people = draw(
        st.lists(
            st.sampled_from(PEOPLE),
            min_size=2,
            max_size=guests + 1,
            unique_by=lambda name: min(initials(name)),
        )
    )
    asker, *asked = people
    number = 0

    def sentence(ending: str = ".") -> str:
        nonlocal number
        number += 1
        words = draw(st.lists(st.sampled_from(_WORDS), min_size=3, max_size=9))
        return f"{draw(st.sampled_from(('We', 'They', 'It', 'I')))} said {' '.join(words)} {number}{ending}"

    def paragraph() -> str:
        return " ".join(sentence() for _ in range(draw(st.integers(1, 3))))

    exchanges = []
    for at in range(draw(st.integers(3, 6))):
        # Everybody answers the first two questions, so that everybody's label comes twice.
        answering = asked if at < 2 else [draw(st.sampled_from(asked))]
        said = tuple((who, tuple(paragraph() for _ in range(draw(st.integers(1, 3))))) for who in answering)
        exchanges.append(Exchange(sentence("?"), said))
    return Interview(asker, tuple(asked), tuple(exchanges))


@dataclass(frozen=True)
class Layout:
    """How an interview is written out, and whether the asker and the answerers can be told by it."""

    name: str
    ending: str
    write: Callable[[Interview], str]
    guests: int = 2  # how many can be told apart
    asker: bool = True  # the asker is named


def _labelled(form: str, *, md: bool = True, first: str | None = None) -> Callable[[Interview], str]:
    """Both sides labelled: `form` with {name}, {initials}, {time}, {text}; `first` at their first turn."""

    def write(told: Interview) -> str:
        lines: list[str] = []
        met: set[str] = set()
        clock = 0

        def say(who: str, words: Sequence[str]) -> None:
            nonlocal clock
            clock += 7
            shape = first if first and who not in met else form
            met.add(who)
            lines.append(
                shape.format(
                    name=who,
                    capitals=who.upper(),
                    initials=_initials(who),
                    time=f"00:{clock // 60:02}:{clock % 60:02}",
                    text=words[0],
                )
            )
            lines.extend(words[1:])

        for each in told.exchanges:
            say(told.asker, [each.asked])
            for who, words in each.answers:
                say(who, words)
        return "\n\n".join(lines)

    return write


def _wrapped(write: Callable[[Interview], str]) -> Callable[[Interview], str]:
    """The same with its lines broken as typewriters and mail break them."""
    return lambda told: "\n".join(fill(line, 68) for line in write(told).split("\n"))


def _initials(name: str) -> str:
    return min(initials(name), key=lambda each: (-len(each), each)).upper()


def _apart(question: str, answer: str, *, title: bool = True) -> Callable[[Interview], str]:
    """Questions set apart as `question`; answers as `answer`, labelled before the first paragraph."""

    def write(told: Interview) -> str:
        lines = [f"---\ntitle: {told.title}\n---"] if title else []
        for number, each in enumerate(told.exchanges, 1):
            lines.append(
                question.format(
                    number=number, text=each.asked, name=told.asker, initials=_initials(told.asker)
                )
            )
            for who, words in each.answers:
                lines.append(answer.format(name=who, text=words[0], initials=_initials(who)))
                lines += words[1:]
        return "\n\n".join(lines)

    return write


def _cues(told: Interview) -> str:
    cues: list[str] = []

    def cue(text: str) -> None:
        at = len(cues)
        cues.append(
            f"{at + 1}\n00:{at // 60:02}:{at % 60:02},000 --> 00:{at // 60:02}:{at % 60:02},900\n{text}"
        )

    for each in told.exchanges:
        for who, words in ((told.asker, (each.asked,)), *each.answers):
            said = " ".join(words).split()
            half = max(1, len(said) // 2)
            cue(f"{who}: {' '.join(said[:half])}")
            cue(" ".join(said[half:]))
    return "\n\n".join(cues)


def _table(told: Interview) -> str:
    rows = ["speaker,words"]
    for each in told.exchanges:
        rows.append(f'{told.asker},"{each.asked}"')
        rows += [f'{who},"{" ".join(words)}"' for who, words in each.answers]
    return "\n".join(rows)


def _hearing(told: Interview) -> str:
    def title(name: str) -> str:
        return f"Mr. {name.split(' ', 1)[1].upper()}."

    lines: list[str] = []
    for each in told.exchanges:
        lines.append(f"{title(told.asker)} {each.asked}")
        for who, words in each.answers:
            lines += [f"{title(who)} {words[0]}", *words[1:]]
    return "\n".join(lines)


LAYOUTS = (
    Layout("labels", ".txt", _labelled("{name}: {text}")),
    Layout("labels in wrapped lines", ".txt", _wrapped(_labelled("{name}: {text}"))),
    Layout("labels in Markdown", ".md", _labelled("{name}: {text}")),
    Layout("labels with a blank before the colon", ".md", _labelled("{name} :\n\n{text}")),
    Layout("labels in bold, colon inside", ".md", _labelled("**{name}:** {text}")),
    Layout("labels in bold, colon outside", ".md", _labelled("**{name}**: {text}")),
    Layout("labels in capitals", ".txt", _labelled("{capitals}: {text}")),
    Layout("labels on their own line, in bold", ".md", _labelled("**{name}**\n\n{text}")),
    Layout("labels on their own line, in capitals", ".txt", _labelled("{capitals}\n{text}")),
    Layout("name and time", ".md", _labelled("{name} – {time}: {text}")),
    Layout("name and time in brackets", ".txt", _labelled("{name} ({time}): {text}")),
    Layout("time and name", ".txt", _labelled("[{time}] {name}: {text}")),
    Layout("bold name, time behind", ".md", _labelled("**{name}:** {time}\n\n{text}")),
    Layout("name, time and no colon", ".txt", _labelled("{name}  {time}\n{text}")),
    Layout(
        "full names, then initials",
        ".md",
        _labelled("**{initials}**: {text}", first="**{name} ({initials})**: {text}"),
    ),
    Layout(
        "full names, then initials undeclared",
        ".md",
        _labelled("**{initials}:** {text}", first="**{name}:** {text}"),
    ),
    Layout(
        "initials in brackets",
        ".md",
        _labelled("{initials}) {text}", first="**{name} ({initials})**: {text}"),
    ),
    Layout("bold question naming the asker", ".md", _apart("**{name}: {text}**", "**{name}:** {text}")),
    Layout("bold question, labelled answers", ".md", _apart("**{text}**", "**{name}**: {text}"), asker=False),
    Layout(
        "heading, labelled answers", ".md", _apart("## {number}. {text}", "**{name}**: {text}"), asker=False
    ),
    Layout(
        "bare question, labelled answers",
        ".txt",
        _apart("{text}", "{name}: {text}", title=False),
        asker=False,
    ),
    Layout("bold question", ".md", _apart("**{text}**", "{text}"), guests=1, asker=False),
    Layout("question in italics", ".md", _apart("*{text}*", "{text}"), guests=1, asker=False),
    Layout("numbered question", ".md", _apart("{number}. **{text}**", "{text}"), guests=1, asker=False),
    Layout("heading", ".md", _apart("### {text}", "{text}"), guests=1, asker=False),
    Layout("Q and A", ".md", _apart("Q: {text}", "A: {text}"), guests=1, asker=False),
    Layout("Q and A with dashes", ".md", _apart("Q - {text}", "A - {text}"), guests=1, asker=False),
    Layout("P and R", ".md", _apart("P: {text}", "R: {text}"), guests=1, asker=False),
    Layout("bold Q, unlabelled answer", ".md", _apart("**Q: {text}**", "{text}"), guests=1, asker=False),
    Layout("interviewer", ".md", _apart("Interviewer: {text}", "{name}: {text}"), asker=False),
    Layout(
        "interviewer and guest",
        ".md",
        _apart("**Interviewer**: {text}", "**Guest**: {text}"),
        guests=1,
        asker=False,
    ),
    Layout("a press briefing", ".md", _apart("Q\u00a0\u00a0 {text}", "{name}: {text}"), asker=False),
    Layout("PREGUNTA", ".md", _apart("PREGUNTA\n\n{text}", "**{name}:** {text}"), asker=False),
    Layout("cues", ".srt", _cues),
    Layout("a table", ".csv", _table),
    Layout("a hearing", ".txt", _hearing),
)
