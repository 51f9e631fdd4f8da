"""A question as hurried people type it, or another question altogether.

Hurried: slips, bare key words, dropped question words. Another: by a swapped name or number.
"""

import random
import re

_NEAR = dict(
    zip("qwertyuiopasdfghjklzxcvbnm", "wertyuiopqsdfghjklaxcvbnmz", strict=True)
)  # the key to the right
_SMALL = frozenset(
    "a an and are as at be been by can could did do does for from had has have he her his how i in is it its "
    "like many me much my of on or our she should so some than that the their them there they this to up us "
    "was we were what when where which who whom whose why will with would you your about according".split()
)
_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")


def slips(question: str, rng: random.Random) -> str:
    """The question with one or two of its longer words mistyped."""
    words = question.split()
    long = [n for n, word in enumerate(words) if len(word) > 4]
    for n in rng.sample(long, min(len(long), rng.choice((1, 1, 2)))):
        words[n] = _slip(words[n], rng)
    return " ".join(words)


def _slip(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 2)
    kind = rng.randrange(4)
    if kind == 0:  # a letter left out
        return word[:at] + word[at + 1 :]
    if kind == 1:  # two letters changed about
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 2:  # a letter twice
        return word[:at] + word[at] + word[at:]
    return word[:at] + _NEAR.get(word[at].lower(), word[at]) + word[at + 1 :]


def keywords(question: str) -> str:
    """What is left of the question without its small words; itself if too little is."""
    kept = [word for word in re.findall(r"[\w$%’'.-]+\w|\w+", question) if word.lower() not in _SMALL]
    return " ".join(kept).lower() if len(kept) > 1 else question


def plain(question: str) -> str:
    """In lower case, without its mark."""
    return question.lower().rstrip(" ?!.")


def hurried(question: str, rng: random.Random) -> str:
    """The question as it is most of the time; else as somebody in a hurry types it."""
    chance = rng.random()
    if chance < 0.12:
        question = slips(question, rng)
    elif chance < 0.2:
        question = keywords(question)
    if rng.random() < 0.15:
        question = plain(question)
    return question


def swapped(question: str, others: str, rng: random.Random) -> str | None:
    """The question about another name or number out of `others`; None where it has none to swap."""
    for pattern in rng.sample((_NUMBER, _NAME), 2):
        here = pattern.findall(question)
        there = [found for found in pattern.findall(others) if found not in question]
        if here and there:
            return question.replace(rng.choice(here), rng.choice(there), 1)
    return None
