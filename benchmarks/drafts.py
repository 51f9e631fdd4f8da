"""How drafts are checked: `python -m benchmarks.drafts [--index DIR]`.

Three sets. tests/check/drafts/seed.jsonl holds drafts over the first article, written and labelled by who
wrote the checker; tests/check/blind/ drafts written and labelled by somebody who had not seen it, over the
first article and, by pointers, the development interviews. The third is made of the published interviews
of others, where they are at hand: true quotes out of the gold rows of one speaker, edited in ways that are
lawful and in ways that are not, each in a sentence that credits somebody; who said what is the gold rows',
never our reading's.
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.attribution import read_document, with_gold
from benchmarks.corpora import DATA, finish
from rag import index as index_store
from rag.bot import NEAR, Bot
from rag.check import Near, check, read_draft
from rag.index.parts import Spoken
from rag.reading.turns import blocks, turns
from rag.records import Article
from tests.check.blind.compose import Draft, dev_drafts, seed_drafts

SEED = Path(__file__).parent.parent / "tests" / "check" / "drafts" / "seed.jsonl"
LAWFUL, UNLAWFUL = "lawful", "unlawful"
# So many quotes of each document are edited in each way.
OF_EACH = 12
# A quote has so many words.
SHORTEST, LONGEST = 9, 36

# Words that are swapped for another one of their kind: modals, tenses, amounts.
_SWAPS = dict(
    pair.split(":")
    for pair in (
        "would:could could:will can:must should:must may:will will:may is:was are:were was:is were:are "
        "has:had have:had do:did all:some some:all many:few more:less always:often never:always one:two "
        "two:three es:era son:eran está:estaba puede:debe más:menos"
    ).split()
)
FRAMES = (
    "{who} said that “{quote}” at the time.",
    "“{quote},” {who} said.",
    "According to {who}, “{quote}” is the point.",
    "As {who} put it: “{quote}”",
    "{who} was plain about it. “{quote}.”",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A draft with one quotation that counts: what may come of it, and whether it may pass."""

    kind: str
    draft: str
    passes: bool
    credited: str | None
    said_by: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case; `verdict` is None where no quotation was seen."""

    case: Case
    verdict: str | None
    passed: bool
    credited: str | None
    said_by: str | None


def main() -> None:
    """Nothing; prints both tables, and how near a paraphrase and other sentences are."""
    parser = argparse.ArgumentParser(prog="benchmarks.drafts")
    parser.add_argument(
        "--index", type=Path, default=Path("index"), help="of the first article (%(default)s)"
    )
    parser.add_argument("--misses", action="store_true", help="also print what went wrong")
    arguments = parser.parse_args()
    bot = Bot.open(arguments.index)
    held = index_store.contents(arguments.index)
    print(f"{SEED.name}\n\n{table(outcomes(seed_cases(), held, bot.near), arguments.misses)}\n")
    print(f"written blind, first article\n\n{table(blind_outcomes(held, bot.near), arguments.misses)}\n")
    print(f"a sentence is near another from a cosine of {NEAR} on\n")
    docs, gold = DATA / "interviews" / "docs", DATA / "interviews" / "gold"
    if gold.is_dir():
        print(f"written blind, interviews\n\n{table(blind_interviews(docs, gold), arguments.misses)}\n")
        print(f"published interviews\n\n{table(interview_outcomes(docs, gold), arguments.misses)}")


def seed_cases() -> list[Case]:
    """The drafts written by hand."""
    rows = [json.loads(line) for line in SEED.read_text("utf-8").splitlines()]
    return [Case(row["verdict"][0], row["draft"], row["ok"], row["credited"], row["said_by"]) for row in rows]


def blind_outcomes(held: Sequence[Spoken], near: Near) -> list[Outcome]:
    """What came of each quotation of the drafts over the first article that were written blind."""
    return [each for draft in seed_drafts() for each in _blind(draft, held, near)]


def blind_interviews(docs: Path, gold: Path) -> list[Outcome]:
    """What came of each quotation of those over the interviews of others."""
    held = {name: read_interview(name, path) for name, path, _ in with_gold(docs, gold)}
    return [
        each
        for draft in dev_drafts(gold)
        for each in _blind(draft, [held[draft.file or ""]], lambda words: None)
    ]


def _blind(draft: Draft, held: Sequence[Spoken], near: Near) -> Iterator[Outcome]:
    found = check(read_draft(draft.text.encode("utf-8"), "draft.md", ".md"), held, near)
    for quotation in draft.quotations:
        words = _letters(quotation.text)
        got = [each for each in found if _same(words, _letters(each.quotation.span.of(draft.text)))]
        # Where any of several verdicts is right, the one that was given counts.
        given = got[0].verdict if got and got[0].verdict in quotation.verdicts else quotation.verdicts[0]
        case = Case(given, draft.text, quotation.lawful, quotation.credited, quotation.said_by)
        if got:
            yield Outcome(case, got[0].verdict, got[0].ok, got[0].credited, got[0].said_by)
        else:
            yield Outcome(case, None, True, None, None)


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", text))


def _same(one: str, other: str) -> bool:
    return bool(one and other) and (one in other or other in one)


def read_interview(name: str, path: Path) -> Spoken:
    """A published interview with who says what in it."""
    document = read_document(path)
    read = blocks(document)
    return Spoken(Article(name, document.text), read, turns(document.text, read))


def interview_outcomes(docs: Path, gold: Path, of_each: int = OF_EACH) -> list[Outcome]:
    """What came of the drafts made of each interview, each held against that interview alone."""
    found: list[Outcome] = []
    for name, path, rows in with_gold(docs, gold):
        spoken = read_interview(name, path)
        made = list(cases(name, spoken.article.text, rows, of_each))
        found += outcomes(made, [spoken], lambda words: None)
    return found


def outcomes(given: Sequence[Case], held: Sequence[Spoken], near: Near) -> list[Outcome]:
    """What came of the last quotation of each draft."""
    done = []
    for case in given:
        found = check(read_draft(case.draft.encode("utf-8"), "draft.md", ".md"), held, near)
        last = found[-1] if found else None
        done.append(
            Outcome(case, last.verdict, last.ok, last.credited, last.said_by)
            if last
            else Outcome(case, None, True, None, None)
        )
    return done


def cases(name: str, text: str, gold: Sequence[Mapping[str, Any]], of_each: int = OF_EACH) -> Iterator[Case]:
    """Drafts made of an interview: the same ones each time."""
    draw = Random(name)  # noqa: S311 - a draw, no secret
    said = [row for row in gold if row["role"] in ("a", "s") and row["speaker"] and _plain(row["text"], text)]
    asked = [row for row in gold if row["role"] == "q" and _plain(row["text"], text)]
    speakers = sorted({row["speaker"] for row in said})
    whole = {who: " ".join(row["text"] for row in gold if row["speaker"] == who) for who in speakers}
    if not said:
        return
    for kind, passes, edit in EDITS:
        for _ in range(of_each):
            row = draw.choice(said)
            quote = _some(row["text"], draw)
            edited = edit(quote, draw) if quote else None
            if edited is None or (not passes and edited in text):
                continue
            frame = draw.choice(FRAMES)
            yield Case(
                kind, frame.format(who=row["speaker"], quote=edited), passes, row["speaker"], row["speaker"]
            )
    for _ in range(of_each):
        row = draw.choice(said)
        quote = _some(row["text"], draw)
        others = [who for who in speakers if who != row["speaker"] and quote and quote not in whole[who]]
        if others and quote:
            other = draw.choice(others)
            frame = draw.choice(FRAMES)
            yield Case("another speaker", frame.format(who=other, quote=quote), False, other, row["speaker"])
        first, second = draw.choice(said), draw.choice(said)
        one, two = _some(first["text"], draw), _some(second["text"], draw)
        if one and two and first is not second and _apart(first, second, gold):
            yield Case(
                "two turns as one", f"{first['speaker']} said: “{one} {two}”", False, first["speaker"], None
            )
        if (
            asked
            and (quote := _some(draw.choice(asked)["text"], draw))
            and quote not in " ".join(whole.values())
        ):
            who = draw.choice(speakers)
            yield Case("the question as an answer", f"{who} said that “{quote}” then.", False, who, None)


def _plain(words: str, text: str) -> bool:
    """Whether a gold row has words enough and no markup, and stands in the stored text as it is."""
    return (
        len(words.split()) >= SHORTEST + 4 and not re.search(r"[\[\]<>{}*_`“”\"|\\]", words) and words in text
    )


def _apart(first: Mapping[str, Any], second: Mapping[str, Any], gold: Sequence[Mapping[str, Any]]) -> bool:
    """Whether somebody else's words stand between two rows, so that they are of two turns."""
    low, high = sorted((first["n"], second["n"]))
    between = [row for row in gold if low < row["n"] < high]
    return any(row["role"] == "q" or row["speaker"] not in (None, first["speaker"]) for row in between)


def _some(words: str, draw: Random) -> str | None:
    """Some words in a row, from a word of letters to one; None where there are too few."""
    parts = words.split(" ")
    size = draw.randint(SHORTEST, LONGEST)
    start = draw.randint(0, max(0, len(parts) - size))
    taken = parts[start : start + size]
    while taken and not taken[0][:1].isalnum():
        taken.pop(0)
    while taken and not taken[-1][-1:].isalnum():
        taken.pop()
    return " ".join(taken) if len(taken) >= SHORTEST else None


# --- edits ---------------------------------------------------------------------------------------

Edit = Callable[[str, Random], str | None]


def _changed(quote: str, draw: Random, pick: Callable[[str], str | None]) -> str | None:
    """The quote with one of its inner words changed by `pick`; None where no word can be."""
    words = quote.split(" ")
    places = [at for at in range(1, len(words) - 1) if pick(words[at]) is not None]
    if not places:
        return None
    at = draw.choice(places)
    other = pick(words[at])
    return " ".join([*words[:at], *([other] if other else []), *words[at + 1 :]])


def _swap(quote: str, draw: Random) -> str | None:
    return _changed(quote, draw, lambda word: _SWAPS.get(word))


def _number(quote: str, draw: Random) -> str | None:
    digit = re.compile(r"\d")
    return _changed(
        quote,
        draw,
        lambda w: digit.sub(lambda m: str((int(m[0]) + 1) % 10), w, count=1) if digit.search(w) else None,
    )


def _name(quote: str, draw: Random) -> str | None:
    return _changed(quote, draw, lambda w: "Moscow" if re.fullmatch(r"[A-Z][a-z]{3,}", w) else None)


def _drop(quote: str, draw: Random) -> str | None:
    return _changed(quote, draw, lambda w: "" if re.fullmatch(r"[^\W\d_]{3,}", w) else None)


def _negate(quote: str, draw: Random) -> str | None:
    words = quote.split(" ")
    at = draw.randint(1, len(words) - 1)
    return " ".join([*words[:at], "not", *words[at:]])


def _turn(quote: str, draw: Random) -> str | None:
    words = quote.split(" ")
    places = [at for at in range(1, len(words) - 2) if words[at] != words[at + 1]]
    if not places:
        return None
    at = draw.choice(places)
    return " ".join([*words[:at], words[at + 1], words[at], *words[at + 2 :]])


_NO = re.compile(r"(?i)no|not|never|nobody|nothing|without|hardly|neither|nor|cannot|\w+n['’]t|sin|ni|nunca")


def _mark(quote: str, draw: Random) -> str | None:
    words = quote.split(" ")
    first = draw.randint(3, max(3, len(words) - 5))
    last = min(len(words) - 2, first + draw.randint(1, 5))
    # To leave out "not" right before what is kept turns it round: no lawful cut.
    if last <= first or any(_NO.fullmatch(word.strip(".,;:")) for word in words[first:last]):
        return None
    return " ".join([*words[:first], draw.choice(("…", "...", ". . .", "[…]")), *words[last:]])


def _bracket(quote: str, draw: Random) -> str | None:
    pronouns = {"it", "they", "he", "she", "them", "this", "that", "ellos", "esto"}
    return _changed(quote, draw, lambda w: "[the network]" if w in pronouns else None)


def _unmarked(quote: str, draw: Random) -> str | None:
    words = quote.split(" ")
    if len(words) < 18:
        return None
    at = draw.randint(5, len(words) - 12)
    return " ".join([*words[:at], *words[at + 6 :]])


EDITS: tuple[tuple[str, bool, Edit], ...] = (
    ("as it is", True, lambda quote, draw: quote),
    ("straight apostrophes", True, lambda quote, draw: quote.replace("’", "'")),
    ("curly apostrophes", True, lambda quote, draw: re.sub(r"(?<=\w)'(?=\w)", "’", quote)),
    ("no-break spaces", True, lambda quote, draw: quote.replace(" ", "\u00a0", 3)),
    ("dashes", True, lambda quote, draw: quote.replace("-", "–").replace(" – ", "—")),
    ("first letter", True, lambda quote, draw: quote[0].swapcase() + quote[1:]),
    ("first letter in brackets", True, lambda quote, draw: f"[{quote[0].swapcase()}]{quote[1:]}"),
    ("a pronoun told in brackets", True, _bracket),
    ("sic", True, lambda quote, draw: f"{quote} [sic]"),
    ("a marked cut", True, _mark),
    ("points before and behind", True, lambda quote, draw: f"… {quote} …"),
    ("a wrapped line", True, lambda quote, draw: quote.replace(" ", "\n", 2)),
    ("another modal, tense or amount", False, _swap),
    ("another number", False, _number),
    ("another name", False, _name),
    ("a word left out", False, _drop),
    ("not put in", False, _negate),
    ("two words turned round", False, _turn),
    ("six words left out", False, _unmarked),
)


# --- the table -------------------------------------------------------------------------------------


def table(done: Sequence[Outcome], misses: bool = False) -> str:
    """By kind: how many, how many passed, and the three figures that count."""
    kinds: dict[tuple[bool, str], list[Outcome]] = defaultdict(list)
    for each in done:
        kinds[(not each.case.passes, each.case.kind)].append(each)
    rows = ["| edit | may pass | drafts | passed | credit as drafted |", "|---|---|---|---|---|"]
    for (wrong, kind), those in sorted(kinds.items()):
        passed = sum(each.passed for each in those)
        credited = sum(_credit_fits(each) for each in those)
        rows.append(f"| {kind} | {'no' if wrong else 'yes'} | {len(those)} | {passed} | {credited} |")
    told = figures(done)
    rows.append("")
    rows += [f"{name}: {part} of {whole}" for name, (part, whole) in told.items()]
    if misses:
        rows += [
            f"{each.case.kind}: {each.verdict}, credited {each.credited}, said by {each.said_by}: "
            f"{each.case.draft}"
            for each in done
            if each.passed != each.case.passes
        ]
    return "\n".join(rows)


def _credit_fits(each: Outcome) -> bool:
    """Whether the credit is the labelled one, which may be a surname."""
    told, wanted = each.credited, each.case.credited
    return told == wanted or bool(told and wanted and wanted in told)


def figures(done: Sequence[Outcome]) -> dict[str, tuple[int, int]]:
    """Unlawful ones that passed, lawful ones that were failed, wrong speakers that were found."""
    unlawful = [each for each in done if not each.case.passes]
    lawful = [each for each in done if each.case.passes]
    others = [each for each in done if each.case.kind in ("another speaker", "wrong_speaker")]
    return {
        "unlawful that passed": (sum(each.passed for each in unlawful), len(unlawful)),
        "lawful that were failed": (sum(not each.passed for each in lawful), len(lawful)),
        "wrong speakers found": (sum(each.verdict == "wrong_speaker" for each in others), len(others)),
    }


if __name__ == "__main__":
    finish(main)
