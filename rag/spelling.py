"""A question with typing slips in the articles' own words mended, for finding only."""

import re
from collections.abc import Callable, Set

from rag.fold import words

# Shorter words have too many neighbours to tell a slip from another word.
SHORTEST = 4
# Words with a capital that does not begin the question or a sentence in it.
_NAME = re.compile(r"(?<=[\w,;)] )[^\W\d_a-zà-ÿ][\w’'-]*")


def mend(
    question: str, vocabulary: Set[str], is_word: Callable[[str], bool], *, names_only: bool = False
) -> str:
    """The question with each word that is no word at all replaced by the one it nearly is.

    A word is a slip when neither the articles nor `is_word` know it; it is mended when exactly one
    letter added, lost, changed or swapped makes it a word of `vocabulary`. `names_only` is for a question in
    another language, whose own words are no slips: only words with a capital inside it are mended.
    """
    from rapidfuzz.distance import OSA

    mended = question
    text = " ".join(_NAME.findall(question)) if names_only else question
    for word in dict.fromkeys(words(text)):
        if len(word) < SHORTEST or word in vocabulary or not word.isalpha() or is_word(word):
            continue
        near = [
            known
            for known in sorted(vocabulary)
            if abs(len(known) - len(word)) <= 1
            and len(known) >= SHORTEST
            and OSA.distance(word, known, score_cutoff=1) == 1
        ]
        # The first letter is seldom the slip, so a neighbour that keeps it goes first.
        near.sort(key=lambda known: known[0] != word[0])
        if near:
            mended = re.sub(rf"(?i)\b{re.escape(word)}\b", near[0], mended)
    return mended
