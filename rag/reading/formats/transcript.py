"""Transcripts in JSON: lists of who said what, as speech recognisers and podcast hosts write them.

Read are lists of objects with a speaker and words, at the top or under a usual key, and the shapes of
Whisper and WhisperX, Otter, Deepgram, AssemblyAI, Rev, Amazon Transcribe and Podcasting 2.0.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rag.errors import ArticleError
from rag.reading.decode import decode
from rag.reading.document import Document, Found
from rag.reading.lines import is_finished
from rag.reading.pieces import NOBODY, Part, assemble, part, squeeze
from rag.reading.stated import stated

# Under which keys a list of speeches stands, its words, and its speaker, the best first.
LISTS = (
    "utterances monologues turns segments transcripts dialogue dialog conversation speeches paragraphs "
    "messages captions cues entries results transcript transcription interview items data content "
    "audio_segments"
).split()
WORDS = (
    "text words transcript body content utterance speech message value said sentence texto palabras".split()
)
SPEAKER = (
    "speaker_name speakername speaker speaker_label speaker_id speakerid name who participant author from "
    "role hablante orador persona nombre"
).split()
NESTED = ("sentences", "elements", "words", "segments")

# Words may come one by one; those of one speaker are joined until a sentence ends after so many characters.
LONG = 900


def read(data: bytes, name: str) -> Document:
    """The document in a transcript."""
    text, told = decode(data, name)
    document = parse(text, name)
    return replace(document, left_out=told + document.left_out)


def parse(text: str, name: str) -> Document:
    """The document of JSON `text`; `name` names the file in an ArticleError."""
    if not text.strip():
        return Document("", ())
    data = _load(text, name)
    found = _list(data)
    if found is None:
        keys = ", ".join(sorted(map(str, data))[:6]) if isinstance(data, dict) else type(data).__name__
        raise ArticleError(
            f"{name} holds no list of speeches (at its top: {keys}); "
            'expected [{"speaker": …, "text": …}, …], also under a key such as segments'
        )
    at, rows = found
    names = _names(data)
    speeches = list(_speeches(rows, at, names, name))
    if any(speaker is not None for speaker, _ in speeches):
        speeches = [(speaker or NOBODY, words) for speaker, words in speeches]
    stored, pieces = assemble(_paragraphs(speeches))
    return Document(stored, pieces, _facts(data), _told(speeches, data))


def _load(text: str, name: str) -> Any:
    """The JSON value; a key given twice is an error, as one of the two would be lost."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
            raise ArticleError(
                f"{name} gives the key {twice[:80]!r} twice in one object; keep one of the two"
            )
        return table

    try:
        return json.loads(text, object_pairs_hook=once)
    except RecursionError:
        raise ArticleError(f"{name} is nested without end; expected a list of speeches") from None
    except ValueError as error:
        raise ArticleError(f"{name} is no JSON, or it is cut short ({error}); export it again") from None


def _list(data: Any) -> tuple[str, list[Any]] | None:
    """Where the list of speeches stands and the list, or None: the first one that tells speakers."""
    found = [each for each in _lists(data, "", 0) if _is_speeches(each[1])]
    told = [each for each in found if any(_speaker(row) is not None for row in each[1])]
    return next(iter(told or found), None)


def _lists(data: Any, at: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    if depth > 8:
        return
    if isinstance(data, list):
        yield at, data
        if len(data) == 1 or at in ("channels", "alternatives"):
            for row in data[:1]:
                yield from _lists(row, at, depth + 1)
    elif isinstance(data, Mapping):
        for key in sorted(data, key=lambda key: LISTS.index(key) if key in LISTS else len(LISTS)):
            yield from _lists(data[key], key, depth + 1)


def _is_speeches(rows: list[Any]) -> bool:
    """Whether most of a list's objects hold words."""
    tables = [row for row in rows if isinstance(row, Mapping)]
    return bool(tables) and 2 * sum(_words(row) is not None for row in tables) > len(rows)


def _words(row: Mapping[str, Any]) -> str | None:
    """The words of one object, or None where it holds none: from its text, or joined from its parts."""
    folded = {str(key).lower(): value for key, value in row.items()}
    for key in WORDS:
        if isinstance(folded.get(key), str):
            return str(folded[key])
    for key in NESTED:
        parts = folded.get(key)
        if isinstance(parts, list) and parts and all(isinstance(each, Mapping) for each in parts):
            texts = [_words(each) for each in parts]
            if all(text is not None for text in texts):
                # Rev's elements carry their own blanks; sentences and words do not.
                spaced = "" if key == "elements" else " "
                return spaced.join(str(text) for text in texts)
    return None


def _speaker(row: Any) -> str | int | None:
    """Who is stated to speak, as stated, or None."""
    if not isinstance(row, Mapping):
        return None
    folded = {re.sub(r"[^a-z_]", "", str(key).lower()): value for key, value in row.items()}
    for key in SPEAKER:
        value = folded.get(key)
        if isinstance(value, Mapping):
            value = next((value[each] for each in ("name", "label", "id") if each in value), None)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return value
    return None


def _names(data: Any) -> dict[str, str]:
    """Names by number or label, where the transcript lists its speakers."""
    table = data.get("speakers") if isinstance(data, Mapping) else None
    if isinstance(table, Mapping):
        table = [{"id": key, "name": value} for key, value in table.items()]
    names: dict[str, str] = {}
    for row in table if isinstance(table, list) else []:
        if isinstance(row, Mapping) and isinstance(row.get("name"), str) and row["name"].strip():
            for key in ("id", "speaker_id", "speaker", "label"):
                if isinstance(row.get(key), str | int):
                    names.setdefault(str(row[key]), squeeze(row["name"]))
    return names


def _called(speaker: str | int | None, names: Mapping[str, str]) -> str | None:
    """The speaker's name; a bare number or letter is "Speaker 1", which names nobody."""
    if speaker is None:
        return None
    if str(speaker) in names:
        return names[str(speaker)]
    text = squeeze(str(speaker)).rstrip(":： ")
    return f"Speaker {text}" if re.fullmatch(r"\d{1,4}|[A-Za-z]", text) else text or None


def _speeches(
    rows: Sequence[Any], at: str, names: Mapping[str, str], name: str
) -> Iterator[tuple[str | None, str]]:
    """Speaker and words of each entry; one without words where they are expected is an error."""
    for number, row in enumerate(rows, 1):
        words = _words(row) if isinstance(row, Mapping) else None
        if words is None:
            what = (
                f"has only {', '.join(map(str, list(row)[:5]))}"
                if isinstance(row, Mapping)
                else "is no object"
            )
            raise ArticleError(
                f"{name}: entry {number}{f' of {at}' if at else ''} {what}; "
                "expected its words under a key such as text in every entry"
            )
        yield _called(_speaker(row), names), words


def _paragraphs(speeches: Sequence[tuple[str | None, str]]) -> Iterator[Part]:
    """The paragraphs: short entries of one speaker joined, long ones as their blank lines part them."""
    held: list[str] = []
    by: str | None = None
    for speaker, words in speeches:
        for paragraph in re.split(r"\r?\n\s*\r?\n", words):
            text = squeeze(paragraph)
            if not text:
                continue
            done = bool(held) and is_finished(held[-1]) and sum(map(len, held)) + len(text) > LONG
            if held and (speaker != by or done or (paragraph is not words and len(words) > len(paragraph))):
                yield part("paragraph", " ".join(held), by)
                held = []
            held.append(text)
            by = speaker
    if held:
        yield part("paragraph", " ".join(held), by)


def _facts(data: Any) -> tuple[Found, ...]:
    """The facts beside the speeches."""
    if not isinstance(data, Mapping):
        return ()
    tables = [
        data,
        *(data[key] for key in ("metadata", "meta", "info", "speech") if isinstance(data.get(key), Mapping)),
    ]
    kept = ({key: value for key, value in table.items() if key not in LISTS} for table in tables)
    return tuple(each for table in kept for each in stated(table, "JSON") if not _anonymous(each))


def _anonymous(found: Found) -> bool:
    """Whether a "person" is a recogniser's number for one."""
    return found.field == "person" and bool(
        re.fullmatch(r"(?i)(?:speaker)?[\s_-]*(?:\d+|[a-z])", found.value)
    )


def _told(speeches: Sequence[tuple[str | None, str]], data: Any) -> tuple[str, ...]:
    """What is unknown, and what of a recording on several tracks is not read."""
    results = data.get("results") if isinstance(data, Mapping) else None
    channels = (
        results.get("channels") if isinstance(results, Mapping) and "utterances" not in results else None
    )
    if isinstance(channels, list) and len(channels) > 1:
        return (f"channels after the first: {len(channels) - 1}",)
    blank = sum(1 for speaker, words in speeches if speaker == NOBODY and words.strip())
    return (f"entries without a speaker (they stay unknown): {blank}",) if blank else ()
