"""A question with typing slips in the articles' own words mended, for finding only."""

import re
from collections.abc import Callable

from rag.fold import words
from rag.slips import near

# Shorter words have too many neighbours to tell a slip from another word.
SHORTEST = 4
# Words with a capital that does not begin the question or a sentence in it.
_NAME = re.compile(r"(?<=[\w,;)] )[^\W\d_a-zà-ÿ][\w’'-]*")


def mend(
    question: str, vocabulary: frozenset[str], is_word: Callable[[str], bool], *, names_only: bool = False
) -> str:
    """The question with each word that is no word at all replaced by the one it nearly is.

    A word is a slip when neither the articles nor `is_word` know it; it is mended when exactly one
    letter added, lost, changed or swapped makes it a word of `vocabulary`. `names_only` is for a question in
    another language, whose own words are no slips: only words with a capital inside it are mended.
    """
    mended = question
    text = " ".join(_NAME.findall(question)) if names_only else question
    for word in dict.fromkeys(words(text)):
        if len(word) < SHORTEST or word in vocabulary or not word.isalpha() or is_word(word):
            continue
        meant = [known for known in near(word, vocabulary) if len(known) >= SHORTEST]
        # The first letter is seldom the slip, so a neighbour that keeps it goes first.
        if meant:
            best = min(meant, key=lambda known: (known[0] != word[0], known))
            mended = re.sub(rf"(?i)\b{re.escape(word)}\b", best, mended)
    return mended
