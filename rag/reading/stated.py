"""What a source's own metadata state: keys and values to facts and people."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from rag.reading.document import Found
from rag.reading.names import initials
from rag.reading.pieces import squeeze

# Keys, folded to letters, in English and Spanish.
_KEYS = {
    "title": "title headline titulo",
    "date": "date published publisheddate datepublished publishdate pubdate fecha recorded recordedat",
    "publisher": "publisher publication sitename site medio editorial",
    "url": "url canonicalurl canonical originalurl sourceurl link permalink source",
    "language": "language lang locale idioma",
    "author": "author authors byline postauthors writtenby autor autora autores",
    "person": (
        "speaker speakers guest guests interviewee interviewees interviewer interviewers host hosts "
        "participant participants panelist panelists moderator moderators people persons person featuring "
        "invitado invitada invitados invitadas entrevistado entrevistada entrevistados entrevistadas "
        "entrevistador entrevistadora ponente ponentes presentador presentadora hablante hablantes "
        "participante participantes"
    ),
}
_FIELDS = {key: field for field, keys in _KEYS.items() for key in keys.split()}

# No fact is a larger number; one of thousands of digits cannot even be printed.
MOST_NUMBER = 10**40
# More persons or longer values than this are no credits of an interview.
MAX_PEOPLE = 100
MAX_VALUE = 500

_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for number, name in enumerate(names.split(), 1)
} | {"setiembre": 9}
_MONTH = r"(?P<month>[^\W\d_]{3,10})\.?"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>\d{4})-(?P<number>\d{2})(?:-(?P<day>\d{2}))?(?:[T ].*)?",
        r"(?P<year>\d{4})/(?P<number>\d{2})(?:/(?P<day>\d{2}))?",
        r"(?P<year>\d{4})",
        rf"(?:[^\W\d_]+,? )?{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
        rf"(?:[^\W\d_]+,? )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:de )?{_MONTH},? (?:del? )?(?P<year>\d{{4}})"
        r"(?: \d\d:\d\d.*)?",
        rf"{_MONTH},? (?:del? )?(?P<year>\d{{4}})",
    )
)


def stated(table: Mapping[Any, Any], where: str) -> tuple[Found, ...]:
    """The facts in a table of metadata, each with the key it stood under: "front matter speakers"."""
    found: list[Found] = []
    people = 0
    for key, value in table.items():
        # A key that is no text is a number at best, which may have more digits than can be printed.
        field = _FIELDS.get(re.sub(r"[^a-z]", "", key.lower())) if isinstance(key, str) else None
        if field is None:
            continue
        at = f"{where} {squeeze(str(key))}"
        if field in ("author", "person"):
            for name in _names(value):
                people += 1
                if people <= MAX_PEOPLE:
                    found.append(Found(field, name, at))
        elif (text := fact(field, value)) is not None:
            found.append(Found(field, text, at))
    return tuple(found)


def fact(field: str, value: Any) -> str | None:
    """The value as the field's fact, or None where it is none: a date that is unclear, an odd address."""
    if isinstance(value, datetime | date):
        value = value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    if isinstance(value, int) and abs(value) > MOST_NUMBER:
        return None
    text = squeeze(str(value))
    if not text or len(text) > MAX_VALUE:
        return None
    if field == "date":
        return stated_date(text)
    if field == "url":
        return text if re.match(r"https?://[^\s/]", text) else None
    if field == "language":
        code = re.match(r"([A-Za-z]{2,3})(?:[-_][\w-]+)?$", text)
        return code[1].lower() if code else None
    return text


def stated_date(text: str) -> str | None:
    """A date as precisely as stated ("2022", "2022-03", "2022-03-10"), or None.

    "03/04/2022" is March or April, so it is None: a day is never guessed.
    """
    for pattern in _DATES:
        match = pattern.fullmatch(squeeze(text))
        if not match:
            continue
        parts = match.groupdict()
        number = _month(parts["month"]) if parts.get("month") else int(parts.get("number") or 0)
        if number is None:
            return None
        day = int(parts.get("day") or 0)
        try:
            date(int(parts["year"]), number or 1, day or 1)
        except ValueError:
            return None
        return parts["year"] + (f"-{number:02}" if number else "") + (f"-{day:02}" if day else "")
    return None


def _month(word: str) -> int | None:
    """The month's number by its name or the first letters of it, in English or Spanish."""
    numbers = {number for name, number in _MONTHS.items() if name.startswith(word.lower())}
    return numbers.pop() if len(numbers) == 1 else None


def _names(value: Any) -> Iterator[str]:
    """The names in a value: text, a table with a name, or a list of those."""
    if isinstance(value, list | tuple):
        for each in value[:MAX_PEOPLE]:
            if not isinstance(each, list | tuple):
                yield from _names(each)
    elif isinstance(value, Mapping):
        yield from _names(next((value[key] for key in ("name", "nombre", "title") if key in value), None))
    elif isinstance(value, str):
        for name in re.split(r"\s*;\s*|\s+(?:and|y|&)\s+(?=[^\W\d_a-z])", squeeze(value)):
            yield from (_alone(text) for text in _listed(squeeze(name)) if _may_be_a_name(text))


def _alone(name: str) -> str:
    """The name without an affiliation in brackets: "Ana Ruiz (USIP)"; initials stay, labels may use them."""
    match = re.fullmatch(r"(?P<name>\S+ [^()]*\S)\s*\((?P<aside>[^()]+)\)", name)
    return match["name"] if match and match["aside"].lower() not in initials(match["name"]) else name


def straight(name: str) -> str:
    """The name as people say it, where it is printed as catalogues have it: "Ruiz, Ana"."""
    match = re.fullmatch(r"([^\W\d_a-z][\w'’-]+), ?([^\W\d_a-z][\w'’-]+)", name.strip())
    return f"{match[2]} {match[1]}" if match else name


def _may_be_a_name(text: str) -> bool:
    """Whether it has a letter, and is no address, handle or domain."""
    return (
        len(text) <= MAX_VALUE
        and any(c.isalpha() for c in text)
        and not re.search(r"://|@|^\S+\.[a-z]{2,}$", text)
    )


def _listed(names: str) -> list[str]:
    """Names parted by commas, if each has two words or more: "Ann Lee, PhD" is one."""
    parts = [part.strip() for part in names.split(",")]
    if (turned := straight(names)) != names:
        return [turned]
    several = len(parts) > 1 and all(len(part.split()) > 1 for part in parts)
    return parts if several else [names.strip(" ,")]
