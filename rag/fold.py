"""Text folded for matching. Matching folds; quoting never does."""

import re
import unicodedata

_MARKS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# The initials that would fold to a word that says nothing.
_COUNTRY = re.compile(r"\bUS\b")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")


def visible(text: str) -> str:
    """The text on one line, without control, formatting and direction characters."""
    kept = (" " if c.isspace() else c for c in text if unicodedata.category(c) not in _HIDDEN or c.isspace())
    return " ".join("".join(kept).split())


_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def fold(text: str) -> str:
    """Lower case, no accents, plain quotation marks and dashes. Length may change."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.translate(_MARKS)).casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The folded words in order: initials joined ("U.N." is "un"), possessives cut."""
    joined = fold(_COUNTRY.sub("USA", _INITIALS.sub(lambda m: m.group().replace(".", ""), text)))
    return [word.removesuffix("'s") for word in _WORD.findall(joined)]
