"""The card that says how good the answers are, as they were measured."""

from rag import wording
from rag.measured import Measured
from rag.web.page.text import escape

# Kinds of question whose name is no plain word.
_CALLED = {"yesno": "yes or no", "spanish": "Spanish", "language": "other languages"}


def promise(measured: Measured | None) -> str:
    """The measured figures; nothing where nothing was measured."""
    if measured is None:
        return ""
    first = _of(measured.first_right, measured.answerable)
    rows = "".join(
        f"<tr><th scope=row>{escape(_CALLED.get(kind.name, kind.name.replace('_', ' ')))}</th><td>{kind.questions}</td>"
        f"<td>{_of(kind.first_right, kind.answerable)}</td>"
        f"<td>{_of(kind.declined, kind.questions - kind.answerable)}</td></tr>"
        for kind in measured.kinds
    )
    when = wording.ENGLISH.month(measured.date)
    return (
        '<details class="promise"><summary>How good is it? First quote right '
        f"{_percent(measured.first_right, measured.answerable)}, wrong names {measured.wrong_names}</summary>"
        f"<p>Measured on {measured.questions} labelled questions about {escape(measured.articles)}:</p><ul>"
        f"<li>the first quote was right for <b>{first}</b> questions that the text answers,</li>"
        f"<li>it declined <b>{_of(measured.declined_wrongly, measured.answerable)}</b> of these wrongly,</li>"
        f"<li>it answered <b>{_of(measured.answered_wrongly, measured.unanswerable)}</b> questions that the "
        "text does not answer,</li>"
        f"<li>wrong names: <b>{measured.wrong_names} of {measured.quotes}</b> quotes.</li></ul>"
        '<div class="kinds" tabindex="0" role="region" aria-label="By kind of question"><table><thead><tr>'
        "<th scope=col>Kind</th><th scope=col>Questions</th><th scope=col>First right</th>"
        f"<th scope=col>Declined rightly</th></tr></thead><tbody>{rows}</tbody></table></div>"
        f"<p>{escape(when)}, by <code>{escape(measured.command)}</code></p></details>"
    )


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else "–"


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else "–"
