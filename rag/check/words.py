"""Text to words with their places, so that only what typography changes is folded.

Two words are one when they differ in nothing that can change a meaning: letters, accents and digits
count, the kind of an apostrophe, a ligature or a soft hyphen does not. Case counts too, but is
compared apart: a quotation may open in the middle of a sentence.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

# One character for each that typography takes for the same; the text keeps its length. What nobody
# sees (soft hyphens, joiners, marks of direction) is in no word and parts none.
_UNSEEN = "\u00ad"
_FLAT = str.maketrans(
    dict.fromkeys("’ʼ‘´`ʹ＇", "'")
    | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e", _UNSEEN)
    | dict.fromkeys("\u2066\u2067\u2068\u2069", _UNSEEN)
    | dict.fromkeys("\u00a0\u202f\u2009\u2007\u2008\u200a\u3000", " ")
)

_LETTER = rf"(?:[^\W_](?:[\u0300-\u036f]|{_UNSEEN}(?=\w))*)"
_TOKEN = re.compile(
    r"(?P<ellipsis>[\[(] ?(?:…|\.(?: ?\.){2,3}) ?[\])]|…|\.(?: ?\.){2,3})"
    # A minus before a number is part of it; a dash behind a word or a number is none.
    r"|(?P<number>(?:(?<![\w\-.,)])-)?(?<!\w)\d+(?:[.,:]\d+)*(?![^\W_]))"
    r"|(?P<initials>(?<!\w)[^\W\d_](?:\.[^\W\d_])+(?!\w)\.?)"
    rf"|(?P<word>{_LETTER}+(?:'{_LETTER}+)*)"
    # What is neither word, blank nor mark and yet says something: "$12", "5%", "A & B".
    r"|(?P<symbol>[$€£¥%‰&@#+=<>/°§^~|])"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number or symbol at `start` to `end` of its text. `plain` is folded but for case.

    `gap` is what stands before it since the word before; `bracketed`: put in by an editor in square
    brackets, wholly or in part; `cut`: an ellipsis stands in the gap.
    """

    plain: str
    start: int
    end: int
    gap: str = field(default="", compare=False)
    bracketed: bool = False
    cut: bool = False

    @property
    def whole(self) -> bool:
        """Whether no bracket stands in its middle, as one does in "[t]he"."""
        return self.end - self.start == len(self.plain)

    @property
    def key(self) -> str:
        """What the word is found by: no case either."""
        return self.plain.casefold()


def flat(text: str) -> str:
    """The text with one kind of apostrophe, dash and blank, of the same length."""
    return text.translate(_FLAT)


def words(text: str, start: int = 0, end: int | None = None, *, edited: bool = False) -> tuple[Word, ...]:
    """The words of a `flat` text between two offsets, in order.

    With `edited` square brackets are an editor's: "[t]he" is one bracketed word, as is each in "[the
    government]", and an ellipsis is a cut. Without it they are marks like others.
    """
    return tuple(_words(text, start, len(text) if end is None else end, edited))


def _words(text: str, start: int, end: int, edited: bool) -> Iterator[Word]:
    inside = [each.span() for each in _BRACKETS.finditer(text, start, end)] if edited else []
    last, cut, at = start, False, 0
    held: Word | None = None  # a word in whose middle a bracket stands: [t]he
    for match in _TOKEN.finditer(text, start, end):
        if match.lastgroup == "ellipsis":
            cut = edited
            continue
        while at < len(inside) and inside[at][1] <= match.start():
            at += 1
        bracketed = at < len(inside) and inside[at][0] <= match.start()
        plain = plainly(match.group(), initials=match.lastgroup == "initials")
        if held is not None and match.lastgroup == "word" and text[held.end + 1 : match.start()] in ("", "'"):
            joint = text[held.end + 1 : match.start()]
            held = Word(held.plain + joint + plain, held.start, match.end(), held.gap, True, held.cut)
        else:
            if held is not None:
                yield held
            held = Word(plain, match.start(), match.end(), text[last : match.start()], bracketed, cut)
            cut = False
        last = match.end()
        glued = edited and last + 1 < end and text[last] in "[]" and _GLUED.match(text, last + 1)
        if not (glued and match.lastgroup == "word"):
            yield held
            held = None
    if held is not None:
        yield held


_GLUED = re.compile(r"'?[^\W\d_]")
# As long an insertion as an editor makes; a bracket that is not closed is none.
_BRACKETS = re.compile(r"\[[^\[\]]{0,200}\]")


def plainly(word: str, *, initials: bool = False) -> str:
    """The word without what typography may change: no ligature, no soft hyphen, no points in initials."""
    plain = unicodedata.normalize("NFKC", word.replace(_UNSEEN, ""))
    return plain.replace(".", "") if initials else plain


_POINTS = re.compile(r"[.;:!?()¿¡]")


def points(gap: str) -> str:
    """The marks in a gap that part sentences and clauses; commas, dashes and quotation marks aside."""
    return "".join(_POINTS.findall(gap))
