"""The label that opens a paragraph, by its print alone: whether it is a speaker's, the roster decides.

`Ana Ruiz:`, `Ana Ruiz (AR):`, `Ana – 00:02:02:`, `Speaker 1 (00:01)`, `AR)`, `Q - `, `Q   `,
`The CHAIRMAN. `, `Hon. Lee (Minister).- `, a name or a role on a line of its own.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.fold import fold
from rag.reading.document import Piece
from rag.reading.names import BLANKS, HONORIFICS, OFFICES, PARTICLES, initials, shaped_like_a_name
from rag.reading.pieces import NOBODY
from rag.reading.prints import stretches
from rag.records import Span

Form = Literal["colon", "dash", "bracket", "time", "point", "space", "bold", "line", "format"]

# A label without a colon has no more words: "Hon. Ana Ruiz, Minister of Public Works".
MOST_WORDS = 8
# Names, what stands in brackets behind them and the times take no more characters: a longer paragraph is not
# read to its end for them.
MOST_OF_A_LABEL = 800

TIME = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_TIMED = rf"[(\[]?{TIME}(?:\s*[-–—]+>?\s*{TIME})?[)\]]?"
# What may stand before a name: markup, brackets, dashes, numbers and times, "[Laughs]".
# Brackets without a letter are read one way alone: of two ways each, a row of them would be tried in as many
# ways as there are subsets of it.
BEFORE = r"(?:\[(?=[^\]\r\n]{0,29}[^\W\d_])[^\]\r\n]{0,30}\](?=\s*\S)|[\W\d_])*?"
_NAME = r"(?P<name>(?:\d{1,3}(?=[^\W\d_]))?[^\W\d_][^:：\r\n()\[\]]{0,140}?)"
_ASIDE = r"(?:\s*[(\[](?P<aside>[^()\[\]\r\n]{0,80})[)\]]){0,2}"
_UNTIL = r"[\s*_”’\"'\]]*"

# A committee numbers its questions: "Q12 Chair:".
_NUMBERED = r"(?P<numbered>Q\d{1,4}\.?[ \u00a0]+)?"
_COLON = re.compile(
    rf"{BEFORE}{_NUMBERED}{_NAME}{_ASIDE}(?:\s*+[-–—,|·]?\s*+{_TIMED})?{_UNTIL}(?:[-–—]\s*)?[:：](?![/\d])[*_]*"
    rf"(?:\s*{_TIMED}(?=\s|$))?[\s*_]*"
)
_TIME = re.compile(
    rf"(?P<name>[^\W\d_][^:：\r\n()\[\]]{{0,60}}?){_ASIDE}\s*+[-–—,|·*_]*+\s*+{_TIMED}[\s:*_-]*(?=\S|$)"
)
_TIME_BEFORE = re.compile(rf"{_TIMED}\s*[-–—|·]?\s*(?P<name>[^\W\d_][^:：\r\n()\[\].?!]{{0,60}}){_ASIDE}\s*$")
_BRACKET = re.compile(r"[*_\s]*(?P<name>[^\W\d_a-z]{1,4})\)\s*(?=\S)")
_LETTER = r"(?P<name>[QAPR]|[^\W\d_a-z]{2,4}|[^\W\d_]{5,12})"
_DASH = re.compile(rf"[*_\s]*{_LETTER}\s?\d{{0,3}}(?:\s+[-–—]{{1,2}}\s*|\.\s?[-–—]{{1,2}}\s*)(?=\S)")
_NAMED_DASH = re.compile(
    rf"[*_\s]*(?P<name>[^\W\d_][^:：\r\n()\[\].?!,;–—]{{1,50}}?){_ASIDE}\s+[–—]\s+(?=\S)"
)
_POINT_DASH = re.compile(
    rf"[*_\s]*(?P<name>[^\W\d_][^:：\r\n()\[\]?!]{{1,60}}?){_ASIDE}\s*\.\s?(?:[-–—]{{1,2}}\s+|—)(?=\S)"
)
_QA_POINT = re.compile(r"[*_\s]*(?P<name>[QAPR]|Pregunta|Respuesta|Question|Answer)\d{0,3}\.[*_]*\s+(?=\S)")
_QA_SPACE = re.compile(r"[*_\s]*(?P<name>[QA])(?:\s{2,}|[ \u00a0\t]+(?=[“\"¿¡(\[]?[^\W\d_a-z]))(?=\S)")
_TITLE = (
    r"(?:(?:The|El|La|Le|Der|Die)\s(?:[Ss]e[ñn]ora?\s)?|Mr|Mrs|Ms|Miss|Dr|Hon|Sen|Rep|Rev|Gen|Adm|Col|"
    r"Prof|Sir|"
    r"Sr|Sra|Srta|Senator|Representative|Secretary|Chairman|Chairwoman|Chair|Ambassador|Governor|"
    r"Congressman|Congresswoman|Mayor|Judge|Commissioner|Director|General|Admiral|President|Señora?)"
)
_POINT = re.compile(
    rf"[*_\s]*(?P<name>{_TITLE}\.?\s?(?:[^\W\d_a-z][\w'’-]*)(?:\s(?:[^\W\d_a-z][\w'’-]*|de|del|la|van|von|"
    rf"y|of))"
    rf"{{0,4}}){_ASIDE}\.\s+(?=[“\"¿¡(\[$€£—–-]?\s?[^\W_a-z])"
)
_VOICE_POINT = re.compile(
    r"[*_\s]*(?P<name>(?:An? |The )?(?:Voices?|Participant|Audience Member|Members?|Unidentified \w+))\."
    r"\s+(?=[“\"(\[]?[^\W_a-z])"
)
_LINE = re.compile(rf"{BEFORE}(?P<name>[^\W\d_][^:：\r\n()\[\]?!¿¡;“”]{{0,80}}?){_ASIDE}[\s.,*_]*$")
# These are labels only where nothing stands behind them.
_WHOLE = (_TIME_BEFORE, _LINE)
_CAPITALS = re.compile(
    r"(?P<name>[^\W\d_a-z]{2,14}(?:\s(?:[^\W\d_a-z]{2,14}|\d{1,2})){0,3})\s+"
    r"(?=[“\"¿¡(\[—–-]?\s?(?:[^\W\d_a-z]\s)?[^\W\d_a-z]?[a-zà-ÿ])"
)

# Roles that ask and roles that answer, folded; a number or a letter may follow them.
_ASKING = (
    "q|question|questioner|interviewer|interviewers|host|hosts|moderator|reporter|reporters|journalist|"
    "journalists|press|audience|audience member|audience question|student|attendee|p|pregunta|preguntas|"
    "periodista|entrevistador|entrevistadora|moderador|moderadora|presentador|presentadora|prensa|publico|"
    "frage|interviewerin|moderatorin|journaliste|intervieweur|animateur|animatrice|pergunta|repórter|"
    "entrevistador|domanda|intervistatore|giornalista"
)
_ANSWERING = (
    "a|answer|guest|interviewee|respondent|r|respuesta|respuestas|entrevistado|entrevistada|invitado|"
    "invitada|antwort|gast|reponse|invite|invitee|resposta|risposta|ospite"
)
_NAMELESS = (
    "speaker|spk|participant|narrator|voice|unidentified|unidentified speaker|unidentified male|"
    "unidentified female|unknown|unknown speaker|man|woman|male|female|interpreter|translator|operator|"
    "voiceover|all|both|others|several|voices|caller|panelist|panellist|member|witness|anchor|announcer|"
    "interlocutor|interlocutora|intervencion|interviniente|orador|oradora|hablante|voz|traductor|"
    "traductora|interprete|varios|participante|asistente|sprecher|sprecherin|intervenant|locuteur|"
    "orateur|voix"
)
_COUNT = r"(?:[ .#_-]*\d{1,3}|[ .#_-]+[a-z])?"
_ASKS = re.compile(rf"(?:{_ASKING}){_COUNT}")
_ANSWERS = re.compile(rf"(?:{_ANSWERING}){_COUNT}")
_NOBODY = re.compile(
    rf"(?:(?:an |the |el |la |un |una )?(?:{_NAMELESS}){_COUNT}|(?:{_NAMELESS})\b[\w .#-]{{0,25}})"
)

# Labels of things that are no speech; what they open is nobody's words.
_SOUND = re.compile(
    r"(?:break|jingle|outro|intro|music|theme|theme music|ad|ads|advert|advertisement|sponsor|sponsors|"
    r"sponsor message|teaser|trailer|sound|sound effects?|clip|soundbite|pausa|musica|anuncio|publicidad|"
    r"cortina|werbung|musik|publicite|musique)\b.{0,20}"
)
# Labels of what is told about the document.
_ABOUT = re.compile(
    r"(?:by|authors?|written by|words|text|interview(?:ed)? by|interview(?: conducted)? by|edited by|editor|"
    r"producers?|produced by|editors?.{0,2}s? note|note|notes|update|updated|correction|disclaimer|source|"
    r"sources|"
    r"via|credits?|photos?|photo(?:graphs?)? by|photograph|images?|picture|illustration|video|audio|"
    r"location|venue|where|"
    r"when|date|published|posted|recorded|duration|length|title|topic|subject|theme|episode|season|slides?|"
    r"slide deck|links?|url|website|web|site|blog|podcast|media|transcript|transcript by|transcribed by|"
    r"transcription|"
    r"translated by|translation|translator|tags?|categor(?:y|ies)|keywords|language|abstract|summary|"
    r"tl;?dr|bio|"
    r"biography|about|contact|email|e-mail|phone|twitter|github|linkedin|facebook|instagram|mastodon|"
    r"speakers?|"
    r"guests?|hosts?|participants?|panelists?|moderators?|present|attendees|interviewers?|interviewees?|"
    r"tema|lugar|fecha|diapositivas|enlace|enlaces|fuente|fuentes|foto|fotos|imagen|autor|autora|autores|"
    r"titulo|"
    r"resumen|nota|notas|nota del editor|nota de la redaccion|traduccion|transcripcion|traducido por|"
    r"transcrito por|invitados?|invitadas?|entrevista de|texto|"
    r"ort|datum|quelle|autorin|thema|lieu|date|auteur|autrice|traduction|references?|referencias|resources|"
    r"further reading|read more|watch|listen|see also|related|white paper|paper|article|artículo|articulo)"
)
# Words that open a sentence before a colon in any talk; folded.
_TALK = frozenset(
    "mira miren mire repito bueno bien claro entonces ademas primero segundo tercero finalmente ejemplo "
    "es decir "
    "digo pregunto ojo eso esto asi vale okay ok so well look listen remember note now again example warning "
    "tip hint step rule point reason result answer question conclusion problem solution idea fact truth "
    "bottom "
    "line first second third fourth finally lastly next then also or and but because meaning namely plus "
    "minus "
    "pros cons yes no right sure see think imagine guess update edit disclaimer caveat spoiler quote alors "
    "donc bref voila ecoutez regardez exemple reponse also nun schauen beispiel erstens zweitens "
    "drittens kurz "
    "olha veja exemplo guarda ecco esempio allora tambien luego resumen recuerda recuerden imaginense fijate "
    "atencion".split()
)


@dataclass(frozen=True, slots=True)
class Label:
    """A label as printed: its name, what it says beside, and where the words it is for begin."""

    printed: str
    name: str  # without aside, affiliation and time
    aside: str | None  # what stands in brackets behind the name
    start: int
    end: int  # offset in the paragraph; its length where the label stands alone
    form: Form
    bold: bool = False  # the label is printed in bold
    timed: bool = False
    numbered: bool = False  # the number of a question stands before the name: "Q12 Chair"
    affiliated: bool = False  # a comma and more stand behind the name: "Ana Ruiz, Minister of Mills"

    @property
    def key(self) -> str:
        """The folded name, by which one label is the other's like."""
        return " ".join(fold(self.name).replace(".", " ").replace("\u00ad", "").split())


def asks(key: str) -> bool:
    """Whether the folded label is a role that asks."""
    return bool(_ASKS.fullmatch(key))


def answers(key: str) -> bool:
    """Whether the folded label is a role that answers."""
    return bool(_ANSWERS.fullmatch(key))


def nameless(key: str) -> bool:
    """Whether the folded label says only that somebody speaks."""
    return bool(_NOBODY.fullmatch(key))


def is_sound(key: str) -> bool:
    """Whether the folded label is of music, a break, an advertisement."""
    return bool(_SOUND.fullmatch(key))


def is_about(key: str) -> bool:
    """Whether the folded label tells of the document: authors, place, slides."""
    return bool(_ABOUT.fullmatch(key)) or key.startswith(("editor", "transcrib", "translat"))


def is_talk(key: str) -> bool:
    """Whether the folded label is a word that opens a sentence in any talk."""
    return all(word in _TALK for word in key.split())


def is_office(name: str) -> bool:
    """Whether the label is one office, "The CHAIRMAN", "El señor PRESIDENTE": one person without a name."""
    words = [word for word in fold(name).replace(".", " ").split() if word not in PARTICLES | {"of", "the"}]
    return bool(words) and all(word in OFFICES or word in HONORIFICS for word in words)


def labels(paragraph: str, bold: Sequence[Span] = ()) -> list[Label]:
    """Every way in which the beginning of the paragraph may be a label, the likeliest first.

    `bold` are stretches of the paragraph, counted from its start.
    """
    found: list[Label] = []
    tries: Iterable[tuple[re.Pattern[str], Form]] = (
        (_BRACKET, "bracket"),
        (_POINT_DASH, "point"),
        (_QA_POINT, "point"),
        (_DASH, "dash"),
        (_COLON, "colon"),
        (_TIME, "time"),
        (_TIME_BEFORE, "time"),
        (_POINT, "point"),
        (_VOICE_POINT, "point"),
        (_QA_SPACE, "space"),
        (_CAPITALS, "space"),
        (_NAMED_DASH, "dash"),
        (_LINE, "line"),
    )
    longer = len(paragraph) > MOST_OF_A_LABEL
    for pattern, form in tries:
        if longer and pattern in _WHOLE:
            continue
        if match := pattern.match(paragraph, 0, MOST_OF_A_LABEL):
            label = _made(match, paragraph, bold, form)
            # Only a colon ends a label for certain: "Ann Lee, who runs a mill:".
            if label and (form == "colon" or len(match["name"].split()) <= MOST_WORDS):
                found.append(label)
    if bold and (label := _in_bold(paragraph, bold[0])):
        found.append(label)
    return found


def _made(match: re.Match[str], paragraph: str, bold: Sequence[Span], form: Form) -> Label | None:
    name = _untitled(_bare(match["name"]))
    if not name:
        return None
    start, end = match.start("name"), match.end()
    aside = match.groupdict().get("aside")
    printed = paragraph[:end].rstrip(BLANKS + "*_:：—–-").lstrip("*_ ")
    if form in ("bracket", "point"):
        printed = paragraph[:end].rstrip(BLANKS + ").—–-") if aside is None else printed.rstrip(". ")
    printed = printed if form != "line" else paragraph.strip()
    named = Span(start, match.end("name"))
    return Label(
        printed,
        name,
        " ".join(aside.split())
        if aside and aside.strip() and not re.fullmatch(TIME, aside.strip())
        else None,
        start,
        end,
        form,
        any(stretch.covers(named) for stretch in bold),
        bool(re.search(TIME, match.group()[match.end("name") :]) or re.search(TIME, match.group()[:start])),
        bool(match.groupdict().get("numbered")),
        "," in match["name"],
    )


def _untitled(name: str) -> str:
    """The name without "La señora" before it, as parliaments print it; an office keeps it."""
    bare = re.sub(r"^(?:(?:El|La|O|A)\s+)?(?:[Ss]eñora?|[Ss]enhora?)\s+(?=[^\W\d_a-z])", "", name)
    return name if is_office(name) else bare


def _in_bold(paragraph: str, first: Span) -> Label | None:
    """A name in bold with the words right behind it, as in `**Ana Ruiz** Yes`."""
    name = _bare(first.of(paragraph))
    rest = paragraph[first.end :].lstrip()
    if (
        paragraph[: first.start].strip()
        or not rest
        or not shaped_like_a_name(name, most=4)
        or rest[0] in ",.:;"
    ):
        return None
    end = len(paragraph) - len(rest)
    return Label(first.of(paragraph).strip(), name, None, first.start, end, "bold", bold=True)


def _bare(name: str) -> str:
    """The name without markup and affiliation: "Ann Lee, USIP" is "Ann Lee"."""
    return " ".join(re.sub(r"\s*,.*", "", name).strip(" *_–—-\"'“”‘’\u00a0").split())


_ADDRESS = re.compile(r"\W*(?:https?://|www\.)\S++\W*")


def candidates(piece: Piece, text: str) -> list[Label]:
    """Every way in which a piece may open with a label; one that the format states comes first."""
    if piece.kind in ("rule", "code", "caption"):
        return []
    if piece.speaker is not None and (name := piece.speaker.strip(" :\u00a0")):
        # A cell of brackets alone names nobody; what is in brackets alone is the name.
        bare = re.sub(r"\s*[(\[].*|\s*,.*", "", name) or name.strip(BLANKS + "()[],") or NOBODY
        aside = re.search(r"[(\[]([^()\[\]]*)", name)
        return [Label(name, bare, aside[1] if aside else None, 0, 0, "format")]
    paragraph = piece.span.of(text)
    found = [
        each for each in labels(paragraph, stretches(piece)) if not _ADDRESS.fullmatch(paragraph[each.end :])
    ]
    if piece.kind == "heading":
        # A heading is a label only as a whole: "## Ana Ruiz".
        return [
            each for each in found if each.end >= len(paragraph) and each.form in ("line", "colon", "time")
        ]
    return found


def usage(label: Label) -> frozenset[str]:
    """How the label is printed."""
    return frozenset(
        name
        for name, is_so in (
            ("bold", label.bold),
            ("capitals", label.name.isupper() and len(label.name) > 1),
            ("timed", label.timed),
        )
        if is_so
    )


def nameable(label: Label) -> bool:
    """Whether the label could be a name by its print, or an organisation's: "18F"."""
    name = label.name
    return shaped_like_a_name(name) or (
        len(name.split()) <= 3 and all(re.match(r"\d*[^\W\da-z_]", word) for word in name.split())
    )


def is_wording(label: Label, common: frozenset[str]) -> bool:
    """Whether the label is words of the language and no name: "Getting Started", "Mira"."""
    key = label.key
    if is_about(key) or is_talk(key):
        return True
    if label.name.isupper() and 2 <= len(label.name) <= 4:
        return False
    words = [word for word in re.findall(r"[^\W_]+(?:'[^\W_]+)?", key) if len(word) > 1]
    return bool(words) and all(word in common or word.isdigit() for word in words)


def initialled(label: Label) -> bool:
    """Whether the label gives its own initials: "Ana Ruiz (AR)"."""
    return bool(label.aside and fold(label.aside) in initials(label.name))
