"""A quotation's words to the place in an article that they come from, however changed they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.check.sources import Run, Source, Sources, Stretch, grams
from rag.check.words import Word

# Of a quotation's words so many must stand in a place, in its order, for it to be an altered quotation
# of that place and no words of somebody's own. `python -m benchmarks.drafts` measures both.
LEAST_SHARE = 0.55
# A second place explains a part of a quotation by at least so many words, and this share of it.
STITCH_WORDS, STITCH_SHARE = 4, 0.15
# Runs of words with more places than this say nothing about where a quotation is from.
MOST_PLACES = 200
# Words between two runs are compared one by one while there are so many at most on either side.
COMPARED = 60
# Words that a draft has before the first run, or behind the last, may stand for so many more there.
SLACK = 3

Op = Literal["same", "replaced", "added", "left out"]
# Which of several runs to go on with: the larger, the better.
Prefer = Callable[[Run], float]


@dataclass(frozen=True, slots=True)
class Step:
    """What became of words `first` to `last` of a quotation: words `start` to `end` of the article."""

    op: Op
    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True)
class Match:
    """A quotation's place in one stretch of an article, word by word; `others` are further places of it."""

    source: Source
    article: int
    steps: tuple[Step, ...]
    others: tuple[tuple[Source, int, int], ...] = ()

    @property
    def start(self) -> int:
        """The first word of the article that is quoted."""
        return next(step.start for step in self.steps if step.op == "same")

    @property
    def stretch(self) -> Stretch:
        """Whose words they are."""
        return self.source.stretch(self.start)


def whole(sources: Sources, quoted: Sequence[Word]) -> list[Match]:
    """Every place where the quotation's words stand in a row as they are, but for case and marks."""
    return [
        Match(
            sources.source(run.article),
            run.article,
            (Step("same", 0, run.size, run.place, run.place + run.size),),
        )
        for run in sources.whole([word.key for word in quoted])
    ]


def nearest(sources: Sources, quoted: Sequence[Word], prefer: Prefer) -> Match | None:
    """The place that explains most of the quotation's words, None where none explains enough of them.

    Two places are told where each explains a part of its own.
    """
    keys = [word.key for word in quoted]
    runs = _runs(sources, keys, prefer)
    if not runs:
        return None
    groups = _grouped(sources, runs)
    groups.sort(key=lambda group: -sum(run.size for run in group))
    own = sum(not word.bracketed for word in quoted) or len(quoted)
    main = groups[0]
    others = [
        group
        for group in groups[1:]
        if (size := sum(run.size for run in group)) >= STITCH_WORDS and size >= STITCH_SHARE * own
    ]
    here = sources.source(main[0].article)
    steps = _steps(here, quoted, main)
    matched = sum(step.last - step.first for step in steps if step.op == "same")
    told = matched + sum(run.size for group in others for run in group)
    if min(told, own) / own < LEAST_SHARE:
        return None
    return Match(
        here,
        main[0].article,
        steps,
        tuple(
            (sources.source(group[0].article), group[0].place, group[-1].place + group[-1].size)
            for group in others
        ),
    )


def _runs(sources: Sources, keys: Sequence[str], prefer: Prefer) -> list[Run]:
    """From left to right the longest runs that stand in the articles, each near the last one if it can be."""
    looked_up = dict(grams(keys))
    found: list[Run] = []
    at = 0
    while at < len(keys):
        gram = looked_up.get(at)
        if gram is None or not 0 < len(sources.places(gram)) <= MOST_PLACES:
            at += 1
            continue
        here = list(sources.runs(keys, at, gram))
        if not here:
            at += 1
            continue
        best = max(here, key=lambda run: (_goes_on(sources, found, run), run.size, prefer(run)))
        found.append(best)
        at = best.at + best.size
    return found


def _goes_on(sources: Sources, found: Sequence[Run], run: Run) -> bool:
    """Whether a run stands behind the last one in the same stretch."""
    if not found:
        return False
    last = found[-1]
    here = sources.source(run.article)
    return (
        run.article == last.article
        and here.owner[run.place] == here.owner[last.place]
        and run.place >= last.place + last.size
    )


def _grouped(sources: Sources, runs: Sequence[Run]) -> list[list[Run]]:
    """The runs by the stretch that they stand in, those together that keep the article's order."""
    groups: list[list[Run]] = []
    for run in runs:
        group = next((each for each in groups if _goes_on(sources, each, run)), None)
        if group is None:
            groups.append([run])
        else:
            group.append(run)
    return groups


def _steps(here: Source, quoted: Sequence[Word], runs: Sequence[Run]) -> tuple[Step, ...]:
    """How the quotation's words stand to the article's, from its first to its last."""
    runs = _beyond_cuts(here, quoted, runs)
    first, last = runs[0], runs[-1]
    owner = here.owner[first.place]
    start = first.place
    while start > 0 and here.owner[start - 1] == owner and first.place - start < first.at + SLACK:
        start -= 1
    start = start if first.at else first.place
    steps = _between(here, quoted, 0, first.at, start, first.place)
    while steps and steps[0].op == "left out":
        steps = steps[1:]
    for before, run in zip([None, *runs[:-1]], runs, strict=True):
        if before is not None:
            steps += _between(
                here, quoted, before.at + before.size, run.at, before.place + before.size, run.place
            )
        steps.append(Step("same", run.at, run.at + run.size, run.place, run.place + run.size))
    done, ended = last.at + last.size, last.place + last.size
    end = ended
    rest = len(quoted) - done
    while rest and end < len(here.keys) and here.owner[end] == owner and end - ended < rest + SLACK:
        end += 1
    steps += _between(here, quoted, done, len(quoted), ended, end)
    while steps and steps[-1].op == "left out":
        steps.pop()
    return tuple(steps)


def _beyond_cuts(here: Source, quoted: Sequence[Word], runs: Sequence[Run]) -> list[Run]:
    """The runs, with few words that an ellipsis parts from them at either end where these stand as well."""
    found = list(runs)
    first, last = runs[0], runs[-1]
    owner = here.owner[first.place]
    done, ended = last.at + last.size, last.place + last.size
    if done < len(quoted) and quoted[done].cut:
        rest = tuple(word.key for word in quoted[done:])
        for place in range(ended, len(here.keys) - len(rest) + 1):
            if here.owner[place + len(rest) - 1] != owner:
                break
            if here.keys[place : place + len(rest)] == rest:
                found.append(Run(done, last.article, place, len(rest)))
                break
    if first.at and quoted[first.at].cut:
        head = tuple(word.key for word in quoted[: first.at])
        for place in range(first.place - len(head), -1, -1):
            if here.owner[place] != owner:
                break
            if here.keys[place : place + len(head)] == head:
                found.insert(0, Run(0, first.article, place, len(head)))
                break
    return found


def _between(here: Source, quoted: Sequence[Word], first: int, last: int, start: int, end: int) -> list[Step]:
    """The steps between two runs: word by word where the words are few, else as a whole."""
    if first == last and start == end:
        return []
    if first == last:
        return [Step("left out", first, last, start, end)]
    if start == end:
        return [Step("added", first, last, start, end)]
    if last - first > COMPARED:
        return [Step("replaced", first, last, start, end)]
    if end - start > COMPARED:
        # A long cut: what is quoted beside it stands at one of its ends.
        return _around(here, quoted, first, last, start, end)
    from rapidfuzz.distance import Indel

    # What an editor put in whole matches no word of the speaker's, even if it is the same by chance.
    keys = ["" if word.bracketed and word.whole else word.key for word in quoted[first:last]]
    ops = Indel.opcodes(keys, here.keys[start:end])
    return _joined(
        [
            Step(
                _NAMES[op.tag],
                first + op.src_start,
                first + op.src_end,
                start + op.dest_start,
                start + op.dest_end,
            )
            for op in ops
        ]
    )


def _around(here: Source, quoted: Sequence[Word], first: int, last: int, start: int, end: int) -> list[Step]:
    ahead = _between(here, quoted, first, last, start, min(end, start + last - first))
    behind = _between(here, quoted, first, last, max(start, end - (last - first)), end)

    def same(steps: Sequence[Step]) -> int:
        return sum(step.last - step.first for step in steps if step.op == "same")

    if same(ahead) > same(behind):
        return _joined([*ahead, Step("left out", last, last, min(end, start + last - first), end)])
    return _joined([Step("left out", first, first, start, max(start, end - (last - first))), *behind])


_NAMES: dict[str, Op] = {"equal": "same", "insert": "left out", "delete": "added", "replace": "replaced"}


def _joined(steps: Sequence[Step]) -> list[Step]:
    """Words added and left out in one place are one replacement; neighbours of a kind are one step."""
    found: list[Step] = []
    for step in steps:
        before = found[-1] if found else None
        if before is not None and (before.op == step.op or "same" not in (before.op, step.op)):
            op = step.op if before.op == step.op else "replaced"
            found[-1] = Step(op, before.first, step.last, before.start, step.end)
        else:
            found.append(step)
    return found
