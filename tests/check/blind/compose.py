"""The labelled drafts: those over the seed as they are written, those over others' interviews composed.

No text of others is kept here: a row of dev.jsonl points into a gold file and says what to do to the words.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VERDICTS = (
    "exact",
    "typography",
    "altered",
    "wrong_speaker",
    "stitched",
    "cut",
    "question",
    "reported",
    "paraphrase",
    "not_found",
)

Row = Mapping[str, Any]
Tokens = dict[int, list[str]]


@dataclass(frozen=True)
class Quotation:
    """One quotation of a draft and what is to be said about it; any of the verdicts is right."""

    text: str
    verdicts: tuple[str, ...]
    lawful: bool
    credited: str | None
    said_by: str | None
    note: str


@dataclass(frozen=True)
class Draft:
    """A draft's text with its labelled quotations; file names the interview, None is the seed."""

    id: str
    text: str
    quotations: tuple[Quotation, ...]
    file: str | None = None


def seed_drafts(path: Path = HERE / "seed.jsonl") -> list[Draft]:
    """The drafts over the seed article."""
    return [
        Draft(row["id"], row["draft"], tuple(map(_labelled, row.get("quotations", [row]))))
        for row in rows_of(path)
    ]


def dev_drafts(gold: Path, path: Path = HERE / "dev.jsonl") -> list[Draft]:
    """The drafts over the interviews whose gold files lie in the folder; none if it is not there."""
    return (
        [composed(row, rows_of(gold / f"{row['file']}.jsonl")) for row in rows_of(path)]
        if gold.is_dir()
        else []
    )


def rows_of(path: Path) -> list[Row]:
    """The objects of a file of one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def composed(row: Row, gold: Sequence[Row]) -> Draft:
    """The draft that a row of dev.jsonl stands for, from the gold rows of its interview."""
    by_n = {each["n"]: each for each in gold}
    speaker = by_n[row["n"]]["speaker"] if row["said_by"] == "speaker" else None
    names = _names(by_n[row["n"]]["speaker"], "speaker", "surname")
    if "other" in row:
        names |= _names(by_n[row["other"]]["speaker"], "other", "other_surname")
    credited = None if row["credited"] is None else row["credited"].format(**names)
    first = row["text"] if "text" in row else quoted(row, by_n)
    parts = [first]
    then = row.get("then")
    if then is not None:
        second = quoted(then, by_n)
        if "{second}" in row["frame"]:
            parts.append(second)
        else:
            parts = [first + then.get("join", " ") + second]
    opened, closed = row.get("marks", "“ ”").split(" ")
    fields = {
        "quote": opened + parts[0].replace("\n\n", "\n\n" + opened) + closed,
        "second": opened + parts[-1] + closed,
        "text": parts[0],
        "block": parts[0].replace("\n\n", "\n>\n> "),
    }
    verdicts = _several(row["verdict"])
    return Draft(
        row["id"],
        row["frame"].format(**names, **fields),
        tuple(Quotation(part, verdicts, row["lawful"], credited, speaker, row["note"]) for part in parts),
        row["file"],
    )


def span(row: Row, by_n: Mapping[int, Row]) -> str:
    """The stored words that a row points to, as they stand."""
    first, last = row["words"]
    words = by_n[row["n"]]["text"].split()
    if not 0 <= first <= last < len(words):
        raise IndexError(f"{row['n']}: no words {first} to {last}")
    return " ".join(words[first : last + 1])


def quoted(row: Row, by_n: Mapping[int, Row]) -> str:
    """The words that a row points to after all that its ops do to them."""
    tokens: Tokens = {n: [word] for n, word in enumerate(span(row, by_n).split())}
    ops = row.get("ops", [])
    for op in ops:
        if op["op"] in ON_WORDS:
            ON_WORDS[op["op"]](tokens, op)
    text = " ".join(word for n in sorted(tokens) for word in tokens[n])
    for op in ops:
        if op["op"] in ON_TEXT:
            text = ON_TEXT[op["op"]](text, op)
        elif op["op"] not in ON_WORDS:
            raise ValueError(f"no such op: {op['op']}")
    return text


def _replace(tokens: Tokens, op: Row) -> None:
    """Another word for the one at `at`; stops and marks around it stay."""
    word = tokens[op["at"]][-1]
    core = re.fullmatch(r"(\W*)(.*?)(\W*)", word, re.DOTALL)
    assert core is not None
    tokens[op["at"]][-1] = core[1] + op["with"] + core[3]


def _drop(tokens: Tokens, op: Row) -> None:
    """The word at `at`, or the words `from` to `to`, left out without a mark."""
    for n in range(op.get("from", op.get("at")), op.get("to", op.get("at")) + 1):
        tokens[n] = []


def _insert(tokens: Tokens, op: Row) -> None:
    """A word put in before the one at `at`."""
    tokens[op["at"]].insert(0, op["with"])


def _swap(tokens: Tokens, op: Row) -> None:
    """The word at `at` and the one at `to` change places; what stands around them stays."""
    at, to = op["at"], op["to"]
    one, two = (re.sub(r"^\W+|\W+$", "", tokens[n][-1]) for n in (at, to))
    _replace(tokens, {"at": at, "with": two})
    _replace(tokens, {"at": to, "with": one})


def _ellipsis(tokens: Tokens, op: Row) -> None:
    """The words `from` to `to` left out, `mark` in their place."""
    _drop(tokens, op)
    tokens[op["from"]] = [op["mark"]]


def _bracket(tokens: Tokens, op: Row) -> None:
    """What an editor writes in square brackets in the place of the word at `at`."""
    tokens[op["at"]] = [f"[{op['with']}]"]


def _nbsp(tokens: Tokens, op: Row) -> None:
    """A no-break space between the word at `at` and the next."""
    at = op["at"]
    tokens[at] = [tokens[at][-1] + "\u00a0" + tokens[at + 1][0]]
    tokens[at + 1] = []


def _text(change: Callable[[str], str]) -> Callable[[str, Row], str]:
    """An op on the whole text that asks nothing of its row."""
    return lambda text, _: change(text)


def _last(text: str, end: str) -> str:
    """The text without its last stop or comma, and with another end."""
    return text.rstrip(".,;:?!") + end


ON_WORDS: dict[str, Callable[[Tokens, Row], None]] = {
    "replace": _replace,
    "drop": _drop,
    "insert": _insert,
    "swap": _swap,
    "ellipsis": _ellipsis,
    "bracket": _bracket,
    "nbsp": _nbsp,
}
ON_TEXT: dict[str, Callable[[str, Row], str]] = {
    "straight": _text(lambda text: text.translate(str.maketrans("‘’“”", "''\"\""))),
    "curl": _text(lambda text: re.sub(r"(?<=\w)'(?=\w)", "’", text)),
    "single_inside": _text(lambda text: text.translate(str.maketrans("“”", "‘’"))),
    "dash": lambda text, op: re.sub(r" (?:—|–|-–|--) ", op["with"], text),
    "period_to_comma": _text(lambda text: _last(text, ",")),
    "drop_final": _text(lambda text: _last(text, "")),
    "end": lambda text, op: _last(text, op["with"]),
    "lower_first": _text(lambda text: text[0].lower() + text[1:]),
    "bracket_lower": _text(lambda text: f"[{text[0].lower()}]{text[1:]}"),
    "line_break": lambda text, op: re.sub(rf"((?: ?\S+){{{op['at']}}}) ", r"\1\n", text, count=1),
}


def _labelled(row: Row) -> Quotation:
    """A quotation as seed.jsonl labels it."""
    return Quotation(
        row["text"],
        _several(row["verdict"]),
        row["lawful"],
        row["credited"],
        row["said_by"],
        row["note"],
    )


def _several(verdict: str | Sequence[str]) -> tuple[str, ...]:
    """One verdict or several, as several."""
    return (verdict,) if isinstance(verdict, str) else tuple(verdict)


def _names(name: str | None, full: str, sur: str) -> dict[str, str]:
    """The fields of a frame that name somebody."""
    return {} if name is None else {full: name, sur: name.split()[-1]}


def all_quotations(drafts: Sequence[Draft]) -> Iterator[tuple[Draft, Quotation]]:
    """Every labelled quotation with its draft."""
    return ((draft, quotation) for draft in drafts for quotation in draft.quotations)
