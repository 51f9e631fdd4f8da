"""Rows of a table to speeches: which column tells who speaks, and which holds the words."""

import re
from collections.abc import Sequence

from rag.fold import fold
from rag.reading.pieces import NOBODY, Part, part, squeeze

# What the columns are called, folded, in English and Spanish.
SPEAKER = frozenset(
    "speaker speakers name speaker_name speakername who person participant voice author from role "
    "hablante orador oradora persona nombre quien participante interlocutor interlocutora voz autor autora "
    "interviniente ponente".split()
)
WORDS = frozenset(
    "words text speech utterance transcript transcription content said quote statement message body line "
    "sentence dialogue remarks comment "
    "palabras texto discurso intervencion transcripcion contenido dicho cita mensaje frase dialogo "
    "parlamento".split()
)
QUESTION = frozenset("question questions q pregunta preguntas".split())
ANSWER = frozenset("answer answers a response reply respuesta respuestas".split())

CREDITS = frozenset(
    "interviewee interviewees interviewer interviewers interviewedby narrator guest guests host moderator "
    "entrevistado entrevistada entrevistador entrevistadora".split()
)

# Without a header, a first column is of speakers while its cells are short, as names are, and few of
# them, said again and again: a table of "Date" and "Place" names nobody.
MAX_NAME = 60
MAX_NAMES_SHARE = 0.5
MIN_ROWS = 3


def spoken(rows: Sequence[Sequence[str]]) -> list[Part] | None:
    """A paragraph for each row's words with its speaker, or None where no column tells who speaks.

    A table of questions and answers gives headings and paragraphs, nobody's by the table itself.
    """
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    if not kept:
        return None
    header = [re.sub(r"\W+", "_", fold(squeeze(cell))).strip("_") for cell in kept[0]]
    speaker, words = _column(header, SPEAKER), _column(header, WORDS)
    asked, answered = _column(header, QUESTION), _column(header, ANSWER)
    if words is not None and speaker is not None and speaker != words:
        return [each for row in kept[1:] for each in _speech(_cell(row, words), _cell(row, speaker))]
    if asked is not None and answered is not None:
        return [
            each
            for row in kept[1:]
            for each in (
                part("heading", _cell(row, asked), depth=2),
                *_speech(_cell(row, answered), _cell(row, speaker) if speaker is not None else None),
            )
        ]
    if credited := _credits(kept):
        return credited
    if _names_first(kept):
        return [each for row in kept for each in _speech(row[1], row[0])]
    return None


def _credits(rows: Sequence[Sequence[str]]) -> list[Part]:
    """A line for each row of a table that says who took part: "Interviewer" beside "Tom Lee"."""
    if any(len(row) != 2 or len(row[0].split()) > 3 for row in rows):
        return []
    roles = [re.sub(r"\W+", "", fold(row[0])) in CREDITS for row in rows]
    return (
        [part("paragraph", f"{squeeze(a).rstrip(':： ')}: {squeeze(b)}") for a, b in rows]
        if any(roles)
        else []
    )


def _column(header: Sequence[str], names: frozenset[str]) -> int | None:
    """The one column of those names; None where there is none, or more than one."""
    at = [number for number, cell in enumerate(header) if cell in names]
    return at[0] if len(at) == 1 else None


def _names_first(rows: Sequence[Sequence[str]]) -> bool:
    """Whether two columns without a header are names and what they said."""
    if len(rows) < MIN_ROWS or any(len(row) != 2 for row in rows):
        return False
    names = [squeeze(row[0]).rstrip(":： ") for row in rows]
    if any(len(name) > MAX_NAME or name.endswith((".", "?", "!")) for name in names):
        return False
    if any(re.fullmatch(r"[\d\W]+", name) for name in names if name):
        return False
    longer = sum(len(row[1].split()) > len(row[0].split()) for row in rows)
    few = 0 < len(set(names) - {""}) <= max(2, MAX_NAMES_SHARE * len(rows))
    return few and longer > len(rows) / 2


def _cell(row: Sequence[str], at: int) -> str:
    return row[at] if at < len(row) else ""


def _speech(words: str, speaker: str | None) -> list[Part]:
    """The paragraphs of one cell."""
    name = None if speaker is None else squeeze(speaker).rstrip(":： ") or NOBODY
    return [part("paragraph", each, name) for each in re.split(r"\r?\n\s*\r?\n", words) if each.strip()]
