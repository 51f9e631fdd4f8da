"""What an interview speaks of: names and things, the most spoken of first."""

import re
from collections import Counter
from collections.abc import Collection

from rag.fold import fold
from rag.index.parts import Spoken
from rag.index.words import telling
from rag.language import supported

# A name is one wherever it stands; a thing has to come more than once to be a topic.
OFTEN = 2
_NAME = re.compile(
    r"[^\W\d_a-z][\w’'-]*(?:\s+(?:(?:of|the|de|del|la|los|y|and)\s+){0,2}[^\W\d_a-z][\w’'-]*)*", re.UNICODE
)
_BEFORE = (
    r"the|a|an|of|on|in|for|to|about|with|by|from|and|its|their|our|any|some|this|that|these|those|more|between|"
    r"el|la|los|las|un|una|de|del|en|sobre|con|por|para|y|su|sus"
)
_AFTER = (
    r"of|on|in|for|to|about|with|by|from|and|or|but|is|are|was|were|has|have|had|will|would|could|should|that|which|"
    r"who|as|at|de|del|en|sobre|con|por|para|y|es|son|que|ha|han"
)
# What stands between such words, up to four of them, is a noun phrase for most of the time.
_PHRASE = re.compile(
    rf"(?i)\b(?:{_BEFORE})\s+(?P<words>(?:(?!(?:{_BEFORE}|{_AFTER})\b)[^\W\d_][\w’'-]*\s+){{0,3}}"
    rf"(?!(?:{_BEFORE}|{_AFTER})\b)[^\W\d_][\w’'-]*)(?=[.,;:?!)—]|\s+(?:{_AFTER})\b)"
)
# They end noun phrases everywhere, and are no topic anywhere.
_GENERIC = frozenset(
    """
    issue issues need needs side sides part parts time times thing things people person percent
    million billion year years month months week weeks some many most least first last kind sort
    number order addition fact case cases point points others other three four five today example
    course manner parte partes cosa cosas vez veces gente año años mes meses semana semanas ejemplo
    caso
    """.split()
)


def topics(spoken: Collection[Spoken], most: int = 100) -> list[str]:
    """Up to `most` names and things that the speakers speak of, as they are printed."""
    found: Counter[str] = Counter()
    printed: dict[str, str] = {}
    for each in spoken:
        language = supported(each.article.language)
        for turn in each.turns:
            for paragraph in turn.paragraphs:
                for words in (*_names(said := paragraph.of(each.article.text)), *_things(said, language)):
                    found[fold(words)] += 1
                    printed.setdefault(fold(words), words)
    people = {
        fold(part) for each in spoken for name in each.cast.interviewees for part in (name, *name.split())
    }
    kept = [key for key, count in found.most_common() if count >= OFTEN and key not in people]
    # "Human rights" says more than "rights", where that stands in nothing else.
    within: Counter[str] = Counter()
    for key in kept:
        for word in key.split() if " " in key else ():
            within[word] = max(within[word], found[key])
    return [printed[key] for key in kept if within[key] * 2 <= found[key]][:most]


def _names(text: str) -> list[str]:
    """Runs of words in capitals; the first word of a sentence alone is none."""
    made = []
    for match in _NAME.finditer(text):
        words = match.group().rstrip("’'s") if match.group().endswith(("’s", "'s")) else match.group()
        opens = match.start() == 0 or text[: match.start()].rstrip()[-1:] in ".?!“"
        if opens:
            first, _, rest = words.partition(" ")
            words = words if rest and first not in _OPENERS else rest
        if len(words) > 2 and words[0].isupper():
            made.append(words)
    return made


_OPENERS = frozenset(
    "The A An In On At By For If And But So As We I It This That These Those There When While".split()
)


def _things(text: str, language: str) -> list[str]:
    """Nouns as a noun phrase ends with them ("the partial agreement on"), alone and with the word before."""
    wanted = set(telling(text, supported(language)))
    made: list[str] = []
    for phrase in _PHRASE.finditer(text):
        words = [word for word in phrase["words"].split() if word.islower() and len(word) > 3]
        if not words or fold(words[-1]) not in wanted or words[-1] in _GENERIC:
            continue
        made.append(words[-1])
        if len(words) > 1 and fold(words[-2]) in wanted and phrase["words"].split()[-2:] == words[-2:]:
            made.append(" ".join(words[-2:]))
    return made
