"""What the measurements on other corpora share: a bot over given turns, and figures on rankings."""

import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from rag import index
from rag.bot import Bot
from rag.encoder import DEFAULT_MODEL, encoder_of
from rag.errors import OnRecordError
from rag.records import Article, Encoder, Turn

# Where texts lie that are not ours to keep here.
DATA = Path(__file__).parent.parent.parent / "shared"


class DataMissing(OnRecordError):
    """A corpus is not there."""


def bot_over(article: Article, turns: Sequence[Turn]) -> Bot:
    """A bot over one article whose turns are given, saved and opened as the product does it."""
    built = index.build_spoken([article], [tuple(turns)], _builder())
    with tempfile.TemporaryDirectory() as folder:
        index.save(built, Path(folder) / "index")
        return Bot.open(Path(folder) / "index")


@cache
def _builder() -> Encoder:
    return encoder_of(DEFAULT_MODEL)


def there(path: Path, what: str) -> Path:
    """The path; DataMissing says what was looked for when nothing is there."""
    if not path.exists():
        raise DataMissing(f"{path} is not there; expected {what}")
    return path


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """How often a positive's score is above a negative's, ties as half; None without both."""
    won = 0.0
    below = 0
    pairs = sorted(zip(scores, positive, strict=True))
    for _, group in groupby(pairs, key=lambda pair: pair[0]):
        tied = [good for _, good in group]
        good, bad = sum(tied), len(tied) - sum(tied)
        won += good * (below + bad / 2)
        below += bad
    both = below * (len(pairs) - below)
    return won / both if both else None


def finish(main: Callable[[], None]) -> None:
    """Nothing; runs a measurement, and says in one line why it was skipped or could not be made."""
    try:
        main()
    except DataMissing as missing:
        print(f"skipped: {missing}")
    except OnRecordError as error:
        sys.exit(f"error: {error}")
