"""What stands on a card beside the quote, in the language of the question."""

from dataclasses import dataclass

from rag import wording
from rag.wording import Forms, Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Buttons and headings of one exchange; `wording` has the sentences in the same language."""

    wording: Wording
    you_asked: str
    only: str
    since: str
    until: str
    newest: str
    literally: str  # takes back what a follow-up was understood as
    asked: str
    answers: str  # how sure, in words
    probably: str
    perhaps: str
    how_sure: str
    near: str
    more: Forms
    show: str
    copy: str
    copied: str
    cite: str
    style: str
    link: str
    pin: str
    pinned: str
    original: str
    new_tab: str
    wrong_person: str
    no_answer: str
    noted: str


ENGLISH = Labels(
    wording=wording.ENGLISH,
    you_asked="You asked: ",
    only="Only {}",
    since="since {}",
    until="until {}",
    newest="newest first",
    literally="Ask it as I typed it",
    asked="Asked:",
    answers="Answers",
    probably="Probably answers",
    perhaps="May answer",
    how_sure="Of a hundred sentences that are as likely as this one, about {} answer the question.",
    near="Near misses, not an answer",
    more=Forms("{} more quote", "{} more quotes"),
    show="Show in article",
    copy="Copy quote",
    copied="Copied",
    cite="Copy citation",
    style="Citation style",
    link="Copy link",
    pin="Pin",
    pinned="Pinned",
    original="Original",
    new_tab=" (opens a new tab)",
    wrong_person="Wrong person?",
    no_answer="Doesn’t answer?",
    noted="Noted, thank you",
)

SPANISH = Labels(
    wording=wording.SPANISH,
    you_asked="Usted preguntó: ",
    only="Solo {}",
    since="desde {}",
    until="hasta {}",
    newest="lo más reciente primero",
    literally="Preguntar tal como lo escribí",
    asked="Pregunta:",
    answers="Responde",
    probably="Probablemente responde",
    perhaps="Puede que responda",
    how_sure="De cien frases tan probables como esta, unas {} responden a la pregunta.",
    near="Se acercan, pero no responden",
    more=Forms("{} cita más", "{} citas más"),
    show="Ver en el artículo",
    copy="Copiar la cita",
    copied="Copiado",
    cite="Copiar la referencia",
    style="Estilo de la referencia",
    link="Copiar el enlace",
    pin="Guardar",
    pinned="Guardada",
    original="Original",
    new_tab=" (se abre en otra pestaña)",
    wrong_person="¿Otra persona?",
    no_answer="¿No responde?",
    noted="Anotado, gracias",
)

_CATALOGUES = {"en": ENGLISH, "es": SPANISH}


def of(language: str) -> Labels:
    """The catalogue of a language, English where it has none."""
    return _CATALOGUES.get(language, ENGLISH)
