"""SubRip and WebVTT: cues joined to paragraphs, a cue's voice as the speaker.

A piece begins wherever somebody else may begin to speak: at another voice, at `Name:`, at a dash or
`>>`, and after a finished sentence and a pause. A name in the text stays in it, and so does a dash,
whose words are then nobody's for certain.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.errors import ArticleError
from rag.reading.decode import decode
from rag.reading.document import Document, Found
from rag.reading.lines import is_finished, label
from rag.reading.pieces import NOBODY, Part, assemble, part, squeeze
from rag.reading.stated import stated

# Seconds without words after which a finished sentence ends a paragraph.
PAUSE = 2.0
# Characters after which the next finished sentence ends it anyway: about a minute of talk.
LONG = 900
# Seconds that nobody can read in: captions that roll up show each line again for so long.
FLASH = 0.1

_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,60})?(?:[ \t]+(?P<name>[^>]{0,200}))?>|</v>")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>|<\d[\d:.]{0,20}>|\{\\[^{}]{0,100}\}")
_NOISE = re.compile(r"(?:\s|[♪♫*-]|\[[^\[\]]*\]|\([^()]*\)|【[^】]*】)*")
_SONG = re.compile(r"\s*[♪♫#].*[♪♫#]\s*")
_TURN = re.compile(r"(?:>>+|&gt;&gt;|[-–—]\s*(?=[^\W\d_]|[¿¡\"“«]))")
_CHANGE = re.compile(r"(?<!\s)\s++(?=>>|&gt;&gt;)")  # in mid-line too
_SKIPPED = ("NOTE", "STYLE", "REGION")


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words of one voice, shown from `start` to `end`, in seconds."""

    start: float
    end: float
    text: str
    voice: str | None = None


def read(data: bytes, name: str) -> Document:
    """The document in a file of subtitles."""
    text, told = decode(data, name)
    document = parse(text, name)
    return replace(document, left_out=told + document.left_out)


def parse(text: str, name: str) -> Document:
    """The document of subtitles in either format; `name` names the file in an ArticleError."""
    left_out: Counter[str] = Counter()
    cues = list(_cues(text.splitlines(), left_out))
    if not cues and not left_out["cues without speech"]:
        raise ArticleError(
            f'{name} has no cue such as "00:00:01,000 --> 00:00:02,000" with words under it; '
            "export the subtitles as .srt or .vtt again"
        )
    voiced = any(cue.voice for cue in cues)
    stored, pieces = assemble(_paragraphs([_named(cue, voiced) for cue in cues]))
    told = tuple(f"{what}: {number}" for what, number in left_out.items() if number)
    return Document(stored, pieces, _header(text), told)


def _header(text: str) -> tuple[Found, ...]:
    """What the lines under WEBVTT state."""
    lines = text.split("\n\n", 1)[0].splitlines()
    if not lines or not lines[0].startswith("WEBVTT"):
        return ()
    pairs = (line.partition(":") for line in lines[1:] if "-->" not in line)
    found = stated({key.strip(): value.strip() for key, _, value in pairs}, "header")
    title = squeeze(lines[0].removeprefix("WEBVTT").strip(" -\t"))
    return (*stated({"title": title}, "header"), *found) if title else found


def _cues(lines: Sequence[str], left_out: Counter[str]) -> Iterator[_Cue]:
    """The cues in order, each voice of a cue apart; what is no speech is counted."""
    shown: list[str] = []  # the lines of the cue before, which captions that roll up show again
    at = 0
    while at < len(lines):
        if lines[at].startswith(_SKIPPED) and "-->" not in lines[at]:
            while at < len(lines) and lines[at].strip():
                at += 1
            continue
        timing = _TIMING.fullmatch(lines[at])
        at += 1
        if not timing:
            continue
        held: list[str] = []
        while at < len(lines) and lines[at] and not _TIMING.fullmatch(lines[at]):
            held.append(lines[at])
            at += 1
        # A blank within a cue is printed as an empty line, and does not end it.
        if at < len(lines) and _TIMING.fullmatch(lines[at]) and held and held[-1].strip().isdigit():
            held.pop()  # the next cue's number, where no empty line stands before it
        clocks = timing.groups()
        start, end = _seconds(clocks[:4]), _seconds(clocks[4:])
        said = [line for line in held if _TAG.sub("", line).strip()]
        again = _again(shown, [_bare(line) for line in said], end - start)
        shown = [_bare(line) for line in said] or shown
        yield from _voices(start, end, said[again:], left_out)


def _seconds(clock: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = (each or "0" for each in clock)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _bare(line: str) -> str:
    return squeeze(_TAG.sub("", line))


def _again(shown: Sequence[str], lines: Sequence[str], seconds: float) -> int:
    """How many of the first lines the cue before showed already, as its last ones.

    One line that is all of both cues may be said twice, unless it is but a flash.
    """
    most = min(len(shown), len(lines))
    same = next((n for n in range(most, 0, -1) if shown[-n:] == lines[:n]), 0)
    twice = same == len(lines) == len(shown) == 1 and seconds > FLASH
    return 0 if twice else same


def _voices(start: float, end: float, lines: Sequence[str], left_out: Counter[str]) -> Iterator[_Cue]:
    """What each voice of one cue says, and each line that a dash or `>>` gives to another one."""
    voice: str | None = None
    for lines_of_one in _turns(lines):
        text = "\n".join(lines_of_one)
        place = 0
        stretches: list[tuple[str | None, str]] = []
        for tag in _VOICE.finditer(text):
            stretches.append((voice, text[place : tag.start()]))
            voice = squeeze(html.unescape(tag["name"] or "")) or None
            place = tag.end()
        stretches.append((voice, text[place:]))
        for who, words in stretches:
            plain = squeeze(html.unescape(_TAG.sub("", words)))
            if not plain:
                continue
            if _NOISE.fullmatch(plain) or _SONG.fullmatch(plain):
                left_out["cues without speech"] += 1
            else:
                yield _Cue(start, end, plain, who)


def _turns(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines, parted before each that begins with a dash, `>>` or a label."""
    held: list[str] = []
    for line in (piece for each in lines for piece in _CHANGE.split(each)):
        if held and _opens(_bare(line)):
            yield held
            held = []
        held.append(line)
    if held:
        yield held


def _opens(line: str) -> bool:
    """Whether somebody else may begin to speak with `line`, in mid-sentence even."""
    return bool(_TURN.match(line)) or label(line) is not None


def _named(cue: _Cue, voiced: bool) -> _Cue:
    """The cue; nobody's where others have a voice, or where a dash or `>>` gives it to one not named."""
    turn = _TURN.match(cue.text)
    unnamed = label(cue.text[turn.end() :]) is None if turn else voiced
    return replace(cue, voice=NOBODY) if cue.voice is None and unnamed else cue


def _paragraphs(cues: Sequence[_Cue]) -> Iterator[Part]:
    """The paragraphs that the cues make."""
    held: list[_Cue] = []
    size = 0
    for cue in cues:
        own = _unrepeated(held[0], cue) if held else cue
        if held and _parts(held[-1], own, size):
            yield _joined(held)
            held, size = [], 0
            own = cue
        held.append(own)
        size += len(own.text)
    if held:
        yield _joined(held)


def _unrepeated(first: _Cue, cue: _Cue) -> _Cue:
    """The cue without the label that the paragraph has already: recorders print it in every cue."""
    name = label(cue.text)
    if name is None or name != label(first.text) or cue.voice != first.voice:
        return cue
    rest = cue.text.lstrip().removeprefix(name).lstrip()
    return replace(cue, text=rest) if rest else cue


def _parts(before: _Cue, cue: _Cue, size: int) -> bool:
    if before.voice != cue.voice or _opens(cue.text):
        return True
    return is_finished(before.text) and (cue.start - before.end >= PAUSE or size >= LONG)


def _joined(cues: Sequence[_Cue]) -> Part:
    return part("cue", " ".join(cue.text for cue in cues), cues[0].voice)
