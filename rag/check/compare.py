"""A quotation beside the words that it is from: what an editor may change, and what nobody may."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.check.match import Match, Step
from rag.check.words import Word, flat, points

# So many words left out without a mark are a cut; fewer are an alteration, as a dropped "not" is.
CUT_WORDS = 4
# An editor's square brackets stand for so many words at most ("he" for "[Mr. Maduro]"); for more an
# ellipsis has to stand there as well.
BRACKETED_WORDS = 6
# A prefix that makes another word with and without its hyphen: "re-sign", "resign".
_PREFIXES_THAT_TELL = frozenset({"re", "un", "dis"})

# What turns a sentence round: never an editor's to put in or to take out in brackets.
_TURNS = re.compile(
    r"(?i)(?:\d.*|not|never|no|none|nobody|nothing|neither|nor|cannot|without|hardly|.+n't|if|unless|only|"
    r"would|could|should|might|may|must|can|will|shall|all|every|always|most|nunca|sin|ni|jam[aá]s|si|"
    r"podr[ií]a|deber[ií]a|debe|puede)"
)

Kind = Literal[
    "words",
    "case",
    "punctuation",
    "cut",
    "bracket",
    "form",
    "marks",
    "dash",
    "space",
    "comma",
    "end",
    "capital",
]
# What no style guide lets an editor change.
UNLAWFUL: frozenset[Kind] = frozenset({"words", "case", "punctuation"})


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a draft's words are not the article's: both as they stand; `marked`: the draft says so."""

    kind: Kind
    draft: str
    source: str
    marked: bool = False


def differences(quoted: Sequence[Word], match: Match, draft: str, end: int) -> tuple[Difference, ...]:
    """Every difference in order. `draft` is the text that the quoted words are of, `end` where they end."""
    beside = _Beside(quoted, match, draft)
    return (*beside.all(), *beside.at_its_end(end))


class _Beside:
    def __init__(self, quoted: Sequence[Word], match: Match, draft: str) -> None:
        self.quoted, self.match, self.draft = quoted, match, draft
        self.text = match.source.spoken.article.text
        capitals = [word.plain for word in quoted if word.plain.lower() != word.plain.upper()]
        self.shouted = len(capitals) > 2 and all(each == each.upper() for each in capitals)

    def all(self) -> Iterator[Difference]:
        steps = self.match.steps
        for number, step in enumerate(steps):
            if step.op == "same":
                # Where a step that is none stands before, what stands between is that step's.
                fresh = number > 0 and steps[number - 1].op != "same"
                yield from self.same(step, fresh=fresh or number == 0)
            else:
                at_end = number in (0, len(steps) - 1)
                yield from self.changed(step, steps[number + 1] if number + 1 < len(steps) else None, at_end)

    # --- the same words ------------------------------------------------------------------------

    def same(self, step: Step, *, fresh: bool) -> Iterator[Difference]:
        source = self.match.source.words[step.start : step.end]
        for number, (own, theirs) in enumerate(zip(self.quoted[step.first : step.last], source, strict=True)):
            first = step.first + number == 0
            after_edit = number == 0 and fresh
            if number > 0 or not fresh:
                yield from self.gap(own, theirs)
            mine, stored = self.draft[own.start : own.end], self.text[theirs.start : theirs.end]
            if own.plain == theirs.plain and mine != stored:
                # A point in initials, a soft hyphen, the kind of an apostrophe.
                yield Difference("bracket" if own.bracketed else "form", mine, stored, own.bracketed)
            if own.plain != theirs.plain:
                yield from self.case(own, theirs, opens=first or own.cut or after_edit or own.bracketed)

    def case(self, own: Word, theirs: Word, *, opens: bool) -> Iterator[Difference]:
        mine, stored = self.draft[own.start : own.end], self.text[theirs.start : theirs.end]
        initial = own.plain[1:] == theirs.plain[1:]
        if (initial and opens) or self.shouted:
            yield Difference("capital", mine, stored, own.bracketed)
        else:
            yield Difference("case", mine, stored)

    def gap(self, own: Word, theirs: Word) -> Iterator[Difference]:
        """What stands between a word and the one before it, in the draft and in the article."""
        mine, stored = own.gap, theirs.gap
        before = self.text[max(0, theirs.start - len(stored) - 12) : theirs.start - len(stored)]
        if own.cut and "…" not in stored and "..." not in stored:
            yield Difference("cut", mine.strip(), stored.strip(), marked=True)
            return
        if points(mine) != points(stored) and not (own.bracketed or _abbreviated(before, mine, stored)):
            yield Difference("punctuation", mine.strip(), stored.strip())
            return
        mine, stored = _unmarked(mine), _unmarked(stored)
        if mine.count("-") != stored.count("-"):
            digits = own.plain[:1].isdigit() and before[-1:].isdigit()
            yield Difference("words" if digits else "dash", own.gap.strip(), theirs.gap.strip())
        elif mine.count(",") != stored.count(","):
            yield Difference("comma", own.gap.strip(), theirs.gap.strip())
        elif _wrapped(self.raw_gap(own)) != _wrapped(
            self.text[theirs.start - len(theirs.gap) : theirs.start]
        ):
            yield self.typography(own, theirs)

    def raw_gap(self, own: Word) -> str:
        return self.draft[own.start - len(own.gap) : own.start]

    def typography(self, own: Word, theirs: Word) -> Difference:
        mine = self.raw_gap(own)
        stored = self.text[theirs.start - len(theirs.gap) : theirs.start]
        blank = "".join(mine.split()) == "".join(stored.split())
        dash = not blank and "-" in flat(mine + stored)
        return Difference("space" if blank else "dash" if dash else "marks", mine, stored)

    # --- other words ---------------------------------------------------------------------------

    def changed(self, step: Step, after: Step | None, at_end: bool) -> Iterator[Difference]:
        own = self.quoted[step.first : step.last]
        theirs = self.match.source.words[step.start : step.end]
        if at_end and all(word.bracketed for word in own):
            theirs = ()  # it stands for none of the words that happen to go on there
        mine = self.draft[own[0].start : own[-1].end] if own else ""
        stored = self.text[theirs[0].start : theirs[-1].end] if theirs else ""
        next_word = self.quoted[after.first] if after is not None and after.first < len(self.quoted) else None
        marked = any(word.cut for word in own) or (next_word is not None and next_word.cut)
        if not own:
            if marked or len(theirs) >= CUT_WORDS:
                yield Difference("cut", "…" if marked else "", stored, marked)
            else:
                yield Difference("words", mine, stored)
            return
        if all(word.bracketed for word in own):
            sic = [word.key for word in own] == ["sic"] and not theirs
            few = len(theirs) <= BRACKETED_WORDS
            turns = any(_TURNS.fullmatch(word.plain) for word in (*own, *(theirs if not marked else ())))
            if sic or (not turns and (few or marked)):
                yield Difference("bracket", mine, stored, marked=True)
                if marked and not few:
                    yield Difference("cut", "…", stored, marked=True)
                return
        if theirs and self.one_word(own, theirs):
            yield Difference("dash", mine, stored)
            return
        yield Difference("words", mine, stored)

    def one_word(self, own: Sequence[Word], theirs: Sequence[Word]) -> bool:
        """Whether only a hyphen is there or not: "co-operation", or a word that a line's end parted."""
        if "".join(word.key for word in own) != "".join(word.key for word in theirs):
            return False
        parted = own if len(own) > len(theirs) else theirs
        if not all(_unmarked(word.gap).strip() in ("-", "") for word in parted[1:]):
            return False
        if any("\n" in word.gap for word in parted[1:]):
            return True
        hyphens = all("-" in word.gap for word in parted[1:])
        return hyphens and parted[0].key not in _PREFIXES_THAT_TELL and not parted[0].key.isdigit()

    # --- the end -------------------------------------------------------------------------------

    def at_its_end(self, end: int) -> Iterator[Difference]:
        """What stands behind the last word: a style guide may move a comma or a point in, and no more."""
        last = self.match.steps[-1]
        if last.op != "same":
            return
        mine = _bare(self.draft[self.quoted[-1].end : end])
        stored = _bare(self.text[self.match.source.words[last.end - 1].end :][:8].split("\n")[0])
        tail = mine.rstrip("…").replace("...", "")
        if tail and not stored.startswith(tail):
            telling = set("?!") & set(tail)
            yield Difference(
                "punctuation" if telling else "end", tail, "" if stored[:1].isalnum() else stored[:1]
            )


_MARKS = re.compile(r"[\"'“”„‟‘’‚«»‹›\[\]*_`>\\]")


def _wrapped(gap: str) -> str:
    """A gap in which it is all one where a line ends: that is no difference to anybody."""
    return re.sub(r"[ \t\r\n]+", " ", gap)


def _unmarked(gap: str) -> str:
    """A flat gap without quotation marks and a draft's markup."""
    return _MARKS.sub("", gap).replace("--", "-")


def _bare(tail: str) -> str:
    """What stands behind a word up to the next blank, without marks that are no punctuation."""
    return _MARKS.sub("", (tail.strip().split() or [""])[0])


def _abbreviated(before: str, mine: str, stored: str) -> bool:
    """Whether the points differ only by one that shows a short form: "U.S." for "US", "Dr" for "Dr."."""
    differ = points(mine).replace(".", "") == points(stored).replace(".", "")
    word = re.search(r"[^\W\d_]+\.?\Z|(?:[^\W\d_]\.)+\Z", before.strip())
    short = word is not None and (len(word.group().rstrip(".")) <= 3 or "." in word.group()[:-1])
    return differ and short
