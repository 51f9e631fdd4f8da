"""The labelled drafts agree with the stored words: no label is only an opinion about the letters."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from benchmarks.corpora import DATA
from tests.check.blind.compose import (
    VERDICTS,
    Draft,
    Quotation,
    all_quotations,
    dev_drafts,
    rows_of,
    seed_drafts,
)

SEED = Path(__file__).parents[3] / "seeds" / "usip-venezuela-2022.txt"
GOLD = DATA / "interviews" / "gold"
PEOPLE = ("Keith Mines", "Ana Caridad")
CUTS = re.compile(r"[\[(]\s*(?:…|\.\s?\.\s?\.)\s*[\])]|…|\.(?:\s?\.){2,3}")
QUOTES = "\"'‘’“”„«»"
STRIPPED = QUOTES + ".,;:!?()*"

Turn = tuple[str | None, str]  # who speaks, what; a question has nobody


def seed_turns() -> list[Turn]:
    """The seed cut into turns, by the labels and question marks that it prints."""
    turns: list[Turn] = []
    body = SEED.read_text(encoding="utf-8").split("Related Publications")[0]
    for block in filter(None, map(str.strip, body.split("\n\n"))):
        name = next((name for name in PEOPLE if block.startswith(f"{name}:")), None)
        if name:
            turns.append((name, block.removeprefix(f"{name}:").strip()))
        elif block.endswith("?") or turns == [] or turns[-1][0] is None:
            turns.append((None, block))
        else:
            turns[-1] = (turns[-1][0], f"{turns[-1][1]}\n\n{block}")
    return turns


def gold_turns(name: str) -> list[Turn]:
    """The turns of a gold file: a speaker's rows that follow each other are one."""
    turns: list[Turn] = []
    for row in rows_of(GOLD / f"{name}.jsonl"):
        who = row["speaker"] if row["role"] in "as" else None
        if who and turns and turns[-1][0] == who:
            turns[-1] = (who, f"{turns[-1][1]}\n\n{row['text']}")
        elif row["role"] != "x":
            turns.append((who, row["text"]))
    return turns


def words(text: str) -> list[str]:
    """Words without case, marks, dashes and stops."""
    text = re.sub(r"\[sic\]|\[emphasis added\]", " ", text)
    text = re.sub(r"\[(\w)\]", r"\1", text)
    text = re.sub(r"[-‐‑–—]", " ", text.translate(str.maketrans("‘’", "''")))
    return [word for word in (word.strip(STRIPPED).casefold() for word in text.split()) if word]


def found(part: Sequence[str], turn: Sequence[str], start: int = 0) -> int | None:
    """Where the turn goes on after the words, from start on; None where they are not."""
    size = len(part)
    return next(
        (n + size for n in range(start, len(turn) - size + 1) if turn[n : n + size] == list(part)), None
    )


def in_order(parts: Iterable[str], turn: str) -> bool:
    """Whether the parts stand in the turn, one after the other."""
    at: int | None = 0
    for part in filter(None, map(words, parts)):
        if at is not None:
            at = found(part, words(turn), at)
    return at is not None


def pieces(text: str) -> list[str]:
    """A quotation between its marked cuts and bracketed words, bracketed case undone."""
    text = re.sub(r"\[sic\]|\[emphasis added\]", " ", re.sub(r"\[(\w)\](?=\w)", r"\1", text))
    return re.split(r"\[[^\]]*\]", CUTS.sub("[…]", text))


def joined_of_two(text: str, turns: Sequence[Turn]) -> bool:
    """Whether the words are two or three runs, each of three words or more, no two from one place."""
    rest, runs = words(CUTS.sub(" ", text)), 0
    stored = [words(turn) for _, turn in turns]
    while rest:
        size = max(
            (n for n in range(1, len(rest) + 1) if any(found(rest[:n], turn) for turn in stored)), default=0
        )
        if size < 3:
            return False
        rest, runs = rest[size:], runs + 1
    return 1 < runs < 4


def longest_run(text: str, turns: Sequence[Turn]) -> int:
    """The most words in a row that the quotation shares with any turn."""
    asked, stored = words(text), [words(turn) for _, turn in turns]
    return max(
        (
            size
            for n in range(len(asked))
            for size in range(1, len(asked) - n + 1)
            if any(found(asked[n : n + size], turn) for turn in stored)
        ),
        default=0,
    )


def faults(quotation: Quotation, turns: Sequence[Turn]) -> list[str]:
    """What to report where none of the verdicts agrees with the letters."""
    text = quotation.text
    anyone = [turn for who, turn in turns if who]
    asked = [turn for who, turn in turns if who is None]
    own = [turn for who, turn in turns if who and who == quotation.said_by] or asked
    whole = [text]
    tests: dict[str, Callable[[], bool]] = {
        "exact": lambda: any(text in turn for turn in own),
        "typography": lambda: (
            any(in_order(pieces(text), turn) for turn in own) and not any(text in turn for turn in anyone)
        ),
        "altered": lambda: not any(in_order(pieces(text), turn) for turn in anyone),
        "wrong_speaker": lambda: (
            any(in_order(whole, turn) for turn in own)
            and (quotation.credited or "?").split()[-1] != (quotation.said_by or "!").split()[-1]
        ),
        "cut": lambda: (
            not any(in_order(whole, turn) for turn in anyone)
            and (any(in_order(pieces(text), turn) for turn in own) or joined_of_two(text, turns))
        ),
        "stitched": lambda: not any(in_order(whole, turn) for turn in anyone) and joined_of_two(text, turns),
        "question": lambda: any(in_order(whole, turn) for turn in asked),
        "reported": lambda: any(in_order(whole, turn) for turn in own),
        "paraphrase": lambda: longest_run(text, turns) < 6,
        "not_found": lambda: longest_run(text, turns) < 8,
    }
    agreed = any(tests[verdict]() for verdict in quotation.verdicts)
    return [] if agreed else [f"not {' or '.join(quotation.verdicts)}: {text}"]


def all_faults(drafts: Sequence[Draft], turns_of: Callable[[str | None], list[Turn]]) -> list[str]:
    """The faults of all drafts, each with its draft's id."""
    return [
        f"{draft.id} {fault}"
        for draft, quotation in all_quotations(drafts)
        if not elsewhere(quotation)
        for fault in faults(quotation, turns_of(draft.file))
    ]


def elsewhere(quotation: Quotation) -> bool:
    """Whether the words stand in the file but in no turn: the standfirst, other publications."""
    return re.search("standfirst|other publications", quotation.note) is not None


def bare(text: str) -> str:
    """A text without marks, signs of a block quotation and white space."""
    return re.sub(rf"[{QUOTES}\s]|^>", "", text, flags=re.MULTILINE)


def test_every_label_of_the_seed_agrees_with_the_article():
    turns = seed_turns()
    assert [who for who, _ in turns if who] == [PEOPLE[0], PEOPLE[0], PEOPLE[1], PEOPLE[1]]
    assert all_faults(seed_drafts(), lambda _: turns) == []


@pytest.mark.skipif(not GOLD.is_dir(), reason="the interviews of others are not here")
def test_every_label_of_the_composed_agrees_with_the_interviews():
    assert all_faults(dev_drafts(GOLD), lambda name: gold_turns(name or "")) == []


@pytest.mark.parametrize("drafts", [seed_drafts(), dev_drafts(GOLD)], ids=["seed", "dev"])
def test_the_drafts_hold_what_is_labelled(drafts):
    assert len({draft.id for draft in drafts}) == len({draft.text for draft in drafts}) == len(drafts)
    for draft, quotation in all_quotations(drafts):
        assert bare(quotation.text) in bare(draft.text), draft.id
        assert set(quotation.verdicts) <= set(VERDICTS), draft.id
        assert quotation.credited is None or quotation.credited.split()[-1] in draft.text, draft.id


def test_the_drafts_are_as_many_lawful_as_not():
    quotations = [quotation for _, quotation in all_quotations(seed_drafts())]
    lawful = sum(quotation.lawful for quotation in quotations)
    assert 0.4 < lawful / len(quotations) < 0.6
    assert set(Counter(quotation.verdicts[0] for quotation in quotations)) == set(VERDICTS)


@pytest.mark.skipif(not GOLD.is_dir(), reason="the interviews of others are not here")
def test_a_row_of_others_holds_no_words_of_theirs():
    for row in rows_of(Path(__file__).parent / "dev.jsonl"):
        turns = gold_turns(row["file"])
        for text in (row["frame"], row["note"], row.get("text", "")):
            assert longest_run(text, turns) < 4, row["id"]
        assert all(len(op.get("with", "").split()) <= 2 for op in row.get("ops", []))
