"""Who says what, read out of documents as they were published: our blocks beside gold ones, in words.

    python -m benchmarks.attribution [--docs FOLDER] [--gold FOLDER] [--as-given] [--json] [-v]

Every document that has a gold file ID.jsonl is read: a row a block, in order, with `role` (q the
asker, a an answerer, s other speech, x no speech, ? unknown), `speaker`, `label`, `text`. Words of
ours and of the gold file are aligned; each figure is a share of gold words:

    wrong     we name somebody, gold names somebody else (of the words that gold gives to anybody)
    right     quotable and given to the right person, by full name or a part of it (of the answers and
              other speech that gold gives to somebody)
    nobody's  gold says it is no speech or does not say whose, and we serve it as speech (of the words that we
              serve); "named" are those that we give to somebody
    paired    the question that we keep for an answer is gold's question before it (of the answers with one)

The gold files were made by rules. Rows that their document contradicts are read as attribution_errata.jsonl
has them, each with its reason; --as-given leaves them as they are.
"""

import argparse
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from benchmarks.corpora import DATA, finish, there
from rag.evaluate import read_rows
from rag.fold import fold
from rag.reading import open_document
from rag.reading.document import Document
from rag.reading.names import fits, same_person
from rag.reading.turns import blocks, turns
from rag.records import Block, Turn

ERRATA = Path(__file__).with_name("attribution_errata.jsonl")

# Words in a row that make a place found again after a difference, and how far it is looked for.
ANCHOR = 4
AHEAD = 80
FAR = 1500
# A kept question is gold's when this share of either's words are the other's.
SAME_QUESTION = 0.8
# A question that is but an ellipsis stands in no row by its words.
WORDLESS = -1


@dataclass
class Figures:
    """Words, counted."""

    speech: int = 0  # of the asker, an answerer or other speech, by a speaker whom gold names
    wrong: int = 0
    said: int = 0  # answers and other speech of a speaker whom gold names
    right: int = 0
    nobody: int = 0  # gold: no speech, or nobody's for certain
    quotable: int = 0  # what we serve as speech
    served: int = 0  # and is nobody's
    named: int = 0
    answers: int = 0  # answers with a question before them
    paired: int = 0
    lost: int = 0  # words of gold that our text does not hold

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def shares(self) -> dict[str, float | None]:
        """The figures as shares, None where there is nothing to count."""
        return {
            "wrong": _share(self.wrong, self.speech),
            "right": _share(self.right, self.said),
            "nobody's": _share(self.served, self.quotable),
            "named": _share(self.named, self.quotable),
            "paired": _share(self.paired, self.answers),
        }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class Word:
    """A word of our text: folded, and which block and turn it is in."""

    text: str
    block: int
    turn: int | None


def main() -> None:
    """Nothing; prints the table by document and by layout, the total last."""
    parser = argparse.ArgumentParser(prog="benchmarks.attribution")
    parser.add_argument("--docs", type=Path, default=DATA / "interviews" / "docs", help="%(default)s")
    parser.add_argument("--gold", type=Path, default=DATA / "interviews" / "gold", help="%(default)s")
    parser.add_argument("--as-given", action="store_true", help="gold rows without the errata")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("-v", "--verbose", action="store_true", help="also show each stretch that differs")
    arguments = parser.parse_args()
    there(arguments.docs, "a folder of documents")
    there(arguments.gold, "a folder of gold files, one ID.jsonl each")
    rows: list[tuple[str, str, Figures]] = []
    for name, document, gold in with_gold(arguments.docs, arguments.gold, arguments.as_given):
        layout, figures, notes = measure(read_document(document), gold)
        rows.append((name, layout, figures))
        if arguments.verbose and notes:
            print(f"{name} ({layout})", *(f"  {note}" for note in notes), "", sep="\n")
    print(as_json(rows) if arguments.json else as_text(rows))


def with_gold(
    docs: Path, gold: Path, as_given: bool = False
) -> Iterator[tuple[str, Path, list[Mapping[str, Any]]]]:
    """Each document that has a gold file: its id, its path, its rows as the errata have them."""
    errata = {(row["id"], row["n"]): row for row, _ in read_rows(ERRATA)} if not as_given else {}
    for path in sorted(gold.glob("*.jsonl")):
        if document := next(iter(sorted(docs.glob(f"{path.stem}.*"))), None):
            rows = [row for row, _ in read_rows(path)]
            yield path.stem, document, [{**row, **errata.get((path.stem, row["n"]), {})} for row in rows]


def read_document(path: Path) -> Document:
    """The document in a file."""
    return open_document(path.read_bytes(), path.name, path.suffix)


def measure(document: Document, gold: Sequence[Mapping[str, Any]]) -> tuple[str, Figures, list[str]]:
    """The document's layout, its figures, and each stretch that differs in words."""
    found = blocks(document)
    spoken = turns(document.text, found)
    ours = _words(document.text, found, spoken)
    theirs = [(word, at) for at, row in enumerate(gold) for word in plain_words(row["text"])]
    pairs = align([word.text for word in ours], [word for word, _ in theirs])
    asked_rows = {
        turn: _rows_of(spoken[turn], document.text, found, ours, theirs, pairs) for turn in range(len(spoken))
    }
    figures = Figures()
    notes: dict[tuple[int, int | None, str], int] = defaultdict(int)
    for at, (_, row_at) in enumerate(theirs):
        row = gold[row_at]
        mate = pairs.get(at)
        word = ours[mate] if mate is not None else None
        block = found[word.block] if word else None
        asked = asked_rows[word.turn] if word and word.turn is not None else None
        note = _count(figures, gold, row_at, block, asked)
        if note:
            notes[row_at, word.block if word else None, note] += 1
    told = []
    for (row_at, block_at, what), number in notes.items():
        row, mine = gold[row_at], found[block_at] if block_at is not None else None
        told.append(
            f"{what}: {number} words of {row['n']} {row['role']} {row.get('speaker')!r} "
            f"{' '.join(row['text'].split())[:60]!r} — ours {(mine.kind, mine.speaker) if mine else None}"
        )
    return layout_of(document, found), figures, told


def _count(
    figures: Figures, gold: Sequence[Mapping[str, Any]], at: int, block: Block | None, asked: set[int] | None
) -> str | None:
    """What is wrong with a word of a gold row, after it is counted."""
    row, before = gold[at], _questions_before(gold, at)
    who = re.sub(r"\s*\(.*", "", row.get("speaker") or "") or None
    role = row["role"]
    quotable = block is not None and block.kind in ("answer", "speech")
    name = block.speaker if block else None
    note = None
    if block is None:
        figures.lost += 1
    figures.quotable += quotable
    if role in "qas" and who:
        figures.speech += 1
        if name and not _same(name, who):
            figures.wrong += 1
            note = f"WRONG {name!r}"
    if role in "as" and who:
        figures.said += 1
        good = quotable and name is not None and _same(name, who)
        figures.right += good
        note = note or (None if good else "not given")
    if role in "x?":
        figures.nobody += 1
        figures.served += quotable
        figures.named += quotable and name is not None
        note = note or ("nobody's, served" if quotable else None)
    if role == "a" and before:
        figures.answers += 1
        words = [at for at in before if plain_words(gold[at]["text"])]
        good = (
            asked == {WORDLESS} if not words else asked is not None and set(words[-1:]) <= asked <= set(words)
        )
        figures.paired += good
        note = note or (None if good else "question not paired")
    if role == "q" and quotable:
        note = note or "question, served"
    return note


def _same(ours: str, gold: str) -> bool:
    return same_person(ours, gold) or fits(ours, gold) or fits(gold, ours)


def _questions_before(gold: Sequence[Mapping[str, Any]], at: int) -> list[int]:
    """The rows of the question last put before a row."""
    while at >= 0 and gold[at]["role"] != "q":
        at -= 1
    rows: list[int] = []
    while at >= 0 and gold[at]["role"] == "q":
        rows.insert(0, at)
        at -= 1
    return rows


def _words(text: str, found: Sequence[Block], spoken: Sequence[Turn]) -> list[Word]:
    """The words of our blocks, labels left out."""
    place = {span: number for number, turn in enumerate(spoken) for span in turn.paragraphs}
    return [
        Word(word, at, place.get(block.span))
        for at, block in enumerate(found)
        for word in plain_words(block.span.of(text), markup=False)
    ]


def _rows_of(
    turn: Turn,
    text: str,
    found: Sequence[Block],
    ours: Sequence[Word],
    theirs: Sequence[tuple[str, int]],
    pairs: Mapping[int, int],
) -> set[int] | None:
    """The gold rows that hold the question kept for a turn: most of either is in the other."""
    if turn.asked is None:
        return None
    inside = {
        at
        for at, block in enumerate(found)
        if turn.asked.covers(block.span) and block.span.start < block.span.end
    }
    kept = [at for at, word in enumerate(ours) if word.block in inside]
    mates = set(kept)
    shared: dict[int, int] = defaultdict(int)
    whole: dict[int, int] = defaultdict(int)
    for at, (_, row) in enumerate(theirs):
        whole[row] += 1
        shared[row] += pairs.get(at) in mates
    if not kept:
        return {WORDLESS}
    return {
        row
        for row, number in shared.items()
        if number and number >= SAME_QUESTION * min(whole[row], len(kept))
    }


def plain_words(text: str, markup: bool = True) -> list[str]:
    """The folded words of a text, without markup and what Markdown hides."""
    if markup:
        text = re.sub(r"(?s)\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<[^<>]{1,300}>", " ", text)
        text = re.sub(r"!\[[^\]]*\]\([^()]*\)", " ", text)
        text = re.sub(
            r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)", r"\1", text
        )
        text = re.sub(r"(?<![^\W])[*_`]+|[*_`]+(?![^\W])|\\(?=\W)", "", text)
    return re.findall(r"[^\W_]+", fold(html.unescape(text)))


def align(ours: Sequence[str], gold: Sequence[str]) -> dict[int, int]:
    """For places in `gold` the place in `ours` of the same word: in order, in one pass over both."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in range(len(gold) - ANCHOR + 1):
        places[tuple(gold[at : at + ANCHOR])].append(at)
    found: dict[int, int] = {}
    i = j = 0
    while i < len(ours) and j < len(gold):
        if ours[i] == gold[j]:
            found[j] = i
            i, j = i + 1, j + 1
            continue
        i, j = _next(ours, gold, i, j, places)
    return found


def _next(
    ours: Sequence[str], gold: Sequence[str], i: int, j: int, places: Mapping[tuple[str, ...], Sequence[int]]
) -> tuple[int, int]:
    """The nearest place where both go on alike."""
    for skipped in range(1, 6):  # a word or two differ
        for more in range(skipped + 1):
            for a, b in ((skipped, more), (more, skipped)):
                if ours[i + a : i + a + 2] == gold[j + b : j + b + 2] and len(ours[i + a : i + a + 2]) == 2:
                    return i + a, j + b
    best: tuple[int, int, int] | None = None
    for ahead in range(FAR):
        if i + ahead + ANCHOR > len(ours) or (best is not None and ahead > min(best[0], AHEAD)):
            break
        for at in places.get(tuple(ours[i + ahead : i + ahead + ANCHOR]), ()):
            if j <= at <= j + FAR and (best is None or ahead + at - j < best[0]):
                best = (ahead + at - j, i + ahead, at)
    return (best[1], best[2]) if best else (i + 1, j + 1)


def layout_of(document: Document, found: Sequence[Block]) -> str:
    """How the document shows who speaks."""
    labels = {fold(block.label) for block in found if block.label}
    if any(piece.kind == "cue" for piece in document.pieces):
        return "cues"
    if any(piece.speaker for piece in document.pieces):
        return "columns, elements"
    if labels & {"q", "p"} or labels & {"question", "pregunta"}:
        return "Q and A"
    asked = [block for block in found if block.kind == "question"]
    if labels:
        return (
            "labels on both sides" if any(block.label for block in asked) or not asked else "labelled answers"
        )
    return "questions set apart" if asked else "no labels"


def as_text(rows: Sequence[tuple[str, str, Figures]]) -> str:
    """The table: a row a document, then a row a layout, then all."""
    head = ["", "words", "wrong", "right", "nobody's as speech", "named", "paired", "lost"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    lines += [_line(f"{name} ({layout})", figures) for name, layout, figures in rows]
    for layout in dict.fromkeys(layout for _, layout, _ in rows):
        lines.append(_line(f"**{layout}**", _sum([figures for _, each, figures in rows if each == layout])))
    return "\n".join([*lines, _line("**all**", _sum([figures for _, _, figures in rows]))])


def _line(name: str, figures: Figures) -> str:
    shares = ["" if value is None else f"{100 * value:.1f} %" for value in figures.shares().values()]
    return "| " + " | ".join([name, str(figures.speech + figures.nobody), *shares, str(figures.lost)]) + " |"


def _sum(figures: Sequence[Figures]) -> Figures:
    return sum(figures, Figures())


def as_json(rows: Sequence[tuple[str, str, Figures]]) -> str:
    """The same as JSON, in shares."""
    layouts = dict.fromkeys(layout for _, layout, _ in rows)
    return json.dumps(
        {
            "documents": {name: {"layout": layout, **figures.shares()} for name, layout, figures in rows},
            "layouts": {
                layout: _sum([figures for _, each, figures in rows if each == layout]).shares()
                for layout in layouts
            },
            "all": _sum([figures for _, _, figures in rows]).shares(),
        },
        indent=1,
        ensure_ascii=False,
    )


if __name__ == "__main__":
    finish(main)
