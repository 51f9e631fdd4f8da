"""Who asks and who answers, where labels, bold print, question marks or the source itself tell."""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Literal

from rag.reading.credits import Stated
from rag.reading.document import Document
from rag.reading.labels import Label
from rag.reading.names import core, fits, same_person
from rag.reading.prints import BOLD, asks, bold_share, stretches
from rag.records import Span

Role = Literal["asks", "answers"]

# Of an asker's turns at least this share asks, and of an answerer's less than half as many do.
ASKING_SHARE = 0.4
# From this share of the turns on, those whose label is a role that asks are the ones who ask.
MODERATED = 0.2
# Of who speaks less often the habits tell nothing.
FEW_TURNS = 3
# An asker's turns have at most this share of the words that the others' have.
BRIEF = 0.6
# From so many questions without a label on, whoever has none asks.
BARE_ASKER = 3


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who speaks: the full name, or None where a label names nobody, and what they do."""

    name: str | None
    role: Role | None = None
    sound: bool = False  # music, a break: nobody's words


def named_by_role(voices: dict[str, Voice], guest: str | None, stated: Stated) -> dict[str, Voice]:
    """The voices, with roles that name nobody given to the one who has that role."""
    named = dict(voices)
    labelled = [voice.name for voice in voices.values() if voice.name]
    for key, voice in voices.items():
        if voice.name is None and voice.role == "answers":
            named[key] = Voice(guest or _only(labelled, stated), "answers")
        elif (
            voice.name is None
            and voice.role == "asks"
            and key.startswith(("host", "interviewer", "moderator", "entrevistador", "presentador"))
        ):
            named[key] = Voice(stated.by_role.get("host"), "asks")
    return named


def _only(labelled: Sequence[str], stated: Stated) -> str | None:
    """The sole person stated, where labels name nobody else."""
    if stated.guests is None or stated.guests:
        return None
    return stated.talker if all(name == stated.talker for name in labelled) else None


_BARE = "\0?"  # who puts a question without a label


@dataclass
class _Habit:
    """How somebody's turns look."""

    turns: int = 0
    asking: int = 0
    bold: int = 0
    words: int = 0
    after_question: int = 0


def with_roles(
    document: Document,
    opened: Sequence[Sequence[Label]],
    voices: dict[str, Voice],
    believed: frozenset[tuple[str, str]],
    stated: Stated,
    guest: str | None,
) -> dict[str, Voice]:
    """The voices with who asks and who answers, where that is clear."""
    habits: dict[str, _Habit] = defaultdict(_Habit)
    bare = 0  # questions that no label opens
    asked_by = {_who(key, voice): voice.role for key, voice in voices.items() if voice.role is not None}
    hosts: set[str] = set()  # who names another speaker in full when they first speak
    names = [voice.name for voice in voices.values() if voice.name and len(core(voice.name)) > 1]
    current = before = None
    waiting = alone = False
    picked = [next((each for each in found if (each.key, each.form) in believed), None) for found in opened]
    for at, (piece, label) in enumerate(zip(document.pieces, picked, strict=True)):
        paragraph = piece.span.of(document.text)
        if label is not None:
            current = _who(label.key, voices[label.key])
            habit = habits[current]
            habit.turns += 1
            habit.after_question += before == _BARE or (before is not None and asked_by.get(before) == "asks")
            before, waiting = current, True
            said = paragraph[label.end :]
            if habit.turns == 1 and any(name != current and name in said for name in names):
                hosts.add(current)
            bold = (
                Span(max(0, each.start - label.end), max(0, each.end - label.end))
                for each in stretches(piece)
            )
            habit.bold += bold_share(said, bold) > BOLD
            habit.words += len(said.split())
            alone = not said.strip()
            if "?" in said:
                habit.asking, waiting = habit.asking + 1, False
            continue
        apart = piece.kind == "heading" or bold_share(paragraph, stretches(piece)) > BOLD
        lone, alone = alone, False
        if not lone and asks(paragraph) and (apart or (at + 1 < len(picked) and picked[at + 1] is not None)):
            # Whose it is, nothing says: in bold the asker's, else perhaps the speaker's own.
            before, bare = (_BARE, bare + 1) if apart or current is None else (before, bare)
            current = None if piece.kind == "heading" else current
        elif piece.kind in ("heading", "rule"):
            current = None
        elif current is not None:
            habits[current].words += len(paragraph.split())
            if habits[current].turns == 1 and any(n != current and n in paragraph for n in names):
                hosts.add(current)
            if waiting and "?" in paragraph:
                habits[current].asking, waiting = habits[current].asking + 1, False
    roles = _roles(dict(habits), asked_by, stated, guest, bare, hosts)
    return {
        key: Voice(
            voice.name, voice.role or (None if voice.sound else roles.get(_who(key, voice))), voice.sound
        )
        for key, voice in voices.items()
    }


def _who(key: str, voice: Voice) -> str:
    return voice.name or f"\0{key}"


def _roles(
    habits: dict[str, _Habit],
    given: dict[str, Role],
    stated: Stated,
    guest: str | None,
    bare: int,
    introducing: Set[str],
) -> dict[str, Role]:
    """Who asks and who answers, by name; whoever is left out does both or neither for certain."""
    roles = dict(given)
    people = [who for who, habit in habits.items() if habit.turns and not who.startswith("\0")]
    open_ = [who for who in people if who not in roles]
    if not open_:
        return roles
    askers = {who for who, role in roles.items() if role == "asks" and who in habits}
    # The asker's questions are set in bold, the answers are not.
    bold = {who for who in open_ if habits[who].bold > 0.6 * habits[who].turns}
    if bold and len(bold) < len(habits):
        askers |= bold
    # Who is said to be interviewed answers; who wrote the piece asks.
    told = [*(stated.guests or ()), *([guest] if guest else []), *stated.heard]
    answering = {
        who for who in open_ if any(same_person(who, each) or fits(each, who) for each in told)
    } - askers
    answering |= {
        who
        for who in open_
        if len(stated.sure)
        and not stated.authors
        and stated.talker is not None
        and same_person(who, stated.talker)
    } - askers
    wrote = {
        who for who in open_ if any(same_person(who, each) or fits(each, who) for each in stated.authors)
    }
    hosts = {
        who
        for who in open_
        if who == stated.by_role.get("host") or any(same_person(who, each) for each in stated.hosts)
    }
    askers |= hosts - answering
    if wrote and len(wrote) < len(people):
        askers |= {who for who in wrote - answering if _share(habits[who]) >= ASKING_SHARE / 2}
    rest = [who for who in open_ if who not in askers and who not in answering]
    # Who is not said to be interviewed, where everybody else is, asks.
    if not askers and len(answering) > 1 and len(rest) == 1 and _share(habits[rest[0]]) >= ASKING_SHARE:
        askers.add(rest[0])
    if not askers and bare < BARE_ASKER:
        asking = [
            who
            for who in rest
            if _share(habits[who]) >= ASKING_SHARE
            and habits[who].asking > 1
            and all(
                other == who
                or habits[other].turns < FEW_TURNS
                or _share(habits[other]) <= _share(habits[who]) / 2
                for other in people
            )
        ]
        if len(people) == 2 and len(asking) == 1:
            askers.add(asking[0])
        elif len(people) == 2 and len(introducing) == 1 and introducing <= set(rest):
            host, other = sorted(people, key=lambda who: who not in introducing)
            if habits[host].asking > 1 and _share(habits[host]) > _share(habits[other]):
                askers.add(host)
        elif (
            len(people) == 2
            and len(rest) == 1
            and answering
            and _share(habits[rest[0]]) > _share(habits[next(iter(answering))])
        ):
            askers.add(rest[0])
        elif (
            len(asking) == 1
            and habits[asking[0]].turns >= 0.25 * sum(each.turns for each in habits.values())
            and (
                _share(habits[asking[0]]) >= 0.6 or _briefer(habits, asking[0]) or introducing == {asking[0]}
            )
        ):
            askers.add(asking[0])
    # Where a moderator or Q asks, who asks little answers.
    asked = sum(habit.turns for who, habit in habits.items() if who in askers)
    moderated = asked >= MODERATED * sum(habit.turns for habit in habits.values())
    for who in people:
        if who in roles:
            continue
        if who in askers:
            roles[who] = "asks"
        elif (
            who in answering
            or (moderated and _share(habits[who]) < ASKING_SHARE / 2)
            or ((askers or bare) and habits[who].after_question >= 0.5 * habits[who].turns)
            or (askers and len(people) == 2)
        ):
            roles[who] = "answers"
    if not askers and not roles and bare == 0:
        return {}
    return roles


def _briefer(habits: dict[str, _Habit], who: str) -> bool:
    """Whether somebody's turns are much shorter than those of the others."""
    own, others = habits[who], [habit for other, habit in habits.items() if other != who]
    turns = sum(habit.turns for habit in others)
    return own.words / own.turns <= BRIEF * sum(habit.words for habit in others) / max(1, turns)


def _share(habit: _Habit) -> float:
    """The share of somebody's turns in which something is asked."""
    return habit.asking / habit.turns if habit.turns else 0.0
