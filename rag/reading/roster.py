"""Who speaks in a document, under which labels, who asks and who answers.

A label needs evidence that it is a person's: it repeats, or front matter, title, intro or a pair of
name and initials states it. One person under several labels is one name, the full one. What two
people could be is nobody: a wrong name is the worst fault there is.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rag.fold import fold
from rag.reading import labels as print_of
from rag.reading.credits import INTRO_PIECES, Stated
from rag.reading.document import Document
from rag.reading.facts import Facts
from rag.reading.labels import Label, candidates, initialled, is_wording, nameable, usage
from rag.reading.names import (
    HONORIFICS,
    OFFICES,
    core,
    distinct,
    fits,
    initials,
    names_something,
    one_of,
    parts,
    same_person,
    shaped_like_a_name,
)
from rag.reading.prints import asks, inside, words_of
from rag.reading.roles import Voice, named_by_role, with_roles

# A label without a first name and a surname needs to come more often: "Mira:" comes twice in any talk.
SINGLE_TIMES = 3
SINGLE_SHARE = 0.08
# So often is always, and so many labels are enough to tell.
ALWAYS = 0.95
_CHAIR = re.compile(r"(?i:chair(?:man|woman|person)?)\b")
_MEMBER = re.compile(
    r"(?i)(?:the )?(?:chair(?:man|woman|person)?\b|sen\.|senator|rep\.|representative|congress)"
)
# "Juno Harwell, host:"
_HOST = re.compile(r"(?i),\s*(?:co-?)?(?:host|moderator|interviewer|presenter|anchor)\W*$")
_LOUD = re.compile(r"(?<![^\W_])[^\W\d_a-zà-ÿ]{3,}(?![^\W_])")
# "The Minister for Roads and Bridges" is an office still; more words are a sentence.
MOST_TITLE_WORDS = 6
_SAYS = re.compile(
    r"\s+(?:says|said|asks|asked|adds|added|replies|replied|responds|responded|continues|dice|dijo|pregunta|"
    r"responde|a[nñ]ade)$"
)
_FULL_NAME = r"[^\W\d_a-z][\w.'’-]*(?:\s+[^\W\d_a-z][\w.'’-]*){1,4}"
ENOUGH = 6


@dataclass(frozen=True, slots=True)
class Roster:
    """The labels of a document that are speakers', by key; and who alone is asked, if anybody."""

    voices: dict[str, Voice]
    forms: frozenset[tuple[str, str]]  # key and form of each label that was believed
    names: tuple[str, ...] = ()  # everybody who is named
    guest: str | None = None  # the one person who is interviewed, as title, front matter or intro states
    talker: str | None = None  # the one person whom facts or front matter state as the speaker
    stated: tuple[str, ...] = ()  # everybody whom they state
    common: frozenset[str] = field(default=frozenset(), repr=False)
    usage: frozenset[str] = frozenset()  # how labels are always printed here: "bold", "capitals", "timed"
    printed: frozenset[str] = frozenset()  # the names of believed labels as they are printed
    inside: re.Pattern[str] | None = field(
        default=None, repr=False
    )  # the blank before a label amid a paragraph

    @property
    def pointed(self) -> bool:
        """Whether labels end in a point here."""
        return any(form == "point" and len(key) > 1 for key, form in self.forms)

    @property
    def loud(self) -> bool:
        """Whether labels have words in capitals here."""
        return sum(bool(_LOUD.search(name)) for name in self.printed) > 1

    def pick(self, candidates: Sequence[Label]) -> Label | None:
        """The label that opens a paragraph, or None."""
        return next((each for each in candidates if (each.key, each.form) in self.forms), None)

    def voice(self, label: Label) -> Voice:
        """Who speaks under a label that was picked."""
        return self.voices[label.key]

    def doubtful(self, candidates: Sequence[Label]) -> Label | None:
        """A label that may be somebody's though nothing says so: its words are nobody's for certain."""
        for label in candidates:
            if label.form == "dash" and len(core(label.name)) > 1 and shaped_like_a_name(label.name):
                return label  # "Ana Ruiz — We grind." where other labels have a colon
            if label.form not in ("colon", "time", "point"):
                continue
            if label.form == "point" and not label.aside:
                # Where "Mr. Ruiz." opens turns, "Senator Cole." and "Voice." do too, though they come once.
                first = parts(label.name)[:1]
                titled = bool(first) and (first[0] in HONORIFICS or first[0] in OFFICES)
                if self.pointed and (titled or print_of.nameless(label.key)):
                    return label
                continue
            key = label.key
            if print_of.nameless(key) or print_of.asks(key) or (print_of.answers(key) and len(key) > 1):
                return label
            if self.usage - {"capitals"} and not self.usage - {"capitals"} <= usage(label):
                continue  # all labels here are in bold, or have a time; this is none
            inverted = re.match(r"[^\W\d_a-z][\w'’-]+, [^\W\d_a-z]\.", label.printed)
            if label.affiliated and len(core(label.name)) < 2 and not (label.name.isupper() or inverted):
                continue  # "However, as we know:"
            if not is_wording(label, self.common) and self._may_name(label):
                return label
            # "La diputada RUIZ LEÓN:" beside other labels with capitals is somebody's.
            if (
                self.loud
                and label.form == "colon"
                and _LOUD.search(label.name)
                and len(label.name.split()) < 8
            ):
                return label
        return None

    @staticmethod
    def _may_name(label: Label) -> bool:
        """Whether the label could stand for somebody, or for several: by a title, by one name, by two."""
        if nameable(label):
            return True
        name = _SAYS.sub("", label.name)
        words = name.split()
        if not 1 <= len(words) <= MOST_TITLE_WORDS:
            return False
        first, last = parts(name)[:1], words[-1]
        titled = {*first, *parts(name)[1:2]} & (HONORIFICS | OFFICES)
        if titled and (len(words) > 1 or label.bold):
            return True
        several = [part for part in re.split(r"\s+(?:and|y|&|und|et)\s+", name) if part]
        each = [re.sub(r"^(?:(?:van|von|der|den|de|la|del|di|al|el)\s+)+", "", part) for part in several]
        return last[0].isupper() and all(part and shaped_like_a_name(part) for part in each)


def roster(document: Document, facts: Facts | None = None) -> Roster:
    """The roster of a document, with what its facts file states."""
    text = document.text
    common = words_of(text)
    opened = [candidates(piece, text) for piece in document.pieces]
    seen = _Seen(document, opened, common, Stated.of(document, facts or Facts(), opened, common))
    believed = seen.believed()
    stated = seen.stated
    guest = stated.guest()
    voices = named_by_role(seen.voices(believed), guest, stated)
    voices = with_roles(document, opened, voices, believed, stated, guest)
    names = tuple(distinct([*(voice.name for voice in voices.values() if voice.name), *stated.sure]))
    return Roster(
        voices,
        believed,
        names,
        guest,
        stated.talker,
        stated.given,
        common,
        seen.usage,
        frozenset(seen.printed(believed)),
        inside(seen.printed(believed)),
    )


class _Seen:
    """The labels that a document may have, counted, and which of them are believed."""

    def __init__(
        self, document: Document, opened: Sequence[Sequence[Label]], common: frozenset[str], stated: Stated
    ) -> None:
        self.document, self.opened, self.common, self.stated = document, opened, common, stated
        self.times: Counter[str] = Counter()
        self.by_form: Counter[tuple[str, str]] = Counter()
        self.example: dict[str, list[Label]] = defaultdict(list)
        self.questions: Counter[str] = Counter()
        for piece, found in zip(document.pieces, opened, strict=True):
            for key in {label.key for label in found if label.form != "line"}:
                self.times[key] += 1
                self.questions[key] += asks(piece.span.of(document.text))
            for key, form in {(label.key, label.form) for label in found}:
                self.by_form[key, form] += 1
            for label in found:
                self.example[label.key].append(label)
        for (key, printed), times in self.by_form.items():
            if printed == "line":
                self.times[key] += times
        self.colons = sum(
            any(label.form == "colon" and self.times[label.key] > 1 for label in found) for found in opened
        )
        self.by_core: Counter[tuple[tuple[str, ...], str]] = Counter()
        for found in opened:
            for each, form in {(core(label.name), label.form) for label in found}:
                self.by_core[each, form] += 1
        self.usage = self._usage()
        self.timed = sum(any(label.timed for label in found) for found in opened)
        self.pointed = sum(any(label.form == "point" for label in found) for found in opened)
        self.aliases = self._pairs()
        self.full = distinct(
            label.name
            for found in opened
            for label in found
            if label.form == "colon" and len(core(label.name)) > 1 and shaped_like_a_name(label.name)
        )

    def _usage(self) -> frozenset[str]:
        """How the two labels that come most often are always printed, if they come often enough to tell."""
        colons = Counter(
            {key: times for (key, form), times in self.by_form.items() if form == "colon" and times > 1}
        )
        often = [
            label for key, _ in colons.most_common(2) for label in self.example[key]
            if label.form == "colon" and not print_of.is_about(key)
        ]  # fmt: skip
        if len(often) < ENOUGH:
            return frozenset()
        counted = Counter(name for label in often for name in usage(label))
        return frozenset(name for name, times in counted.items() if times >= ALWAYS * len(often))

    def _pairs(self) -> dict[str, str]:
        """Initials that a label declares, "Ana Ruiz (AR):", each with the name beside; none twice."""
        declared: dict[str, set[str]] = defaultdict(set)
        for found in self.opened:
            for label in found:
                aside = label.aside
                if not aside or label.form not in ("colon", "format", "time", "line", "dash", "point"):
                    continue
                close = fold(aside) in initials(label.name)
                short = bool(re.fullmatch(r"[^\W\d_a-z]{2,4}", aside)) and fold(aside[0]) == fold(
                    label.name[0]
                )
                if (close or short) and shaped_like_a_name(label.name):
                    declared[fold(aside)].add(label.name)
        # A magazine's name once, then its initials: "The Meridian:", "TM:".
        for key, form in self.by_form:
            label = self.example[key][0]
            words = label.name.split()
            initial = fold("".join(word[0] for word in words))
            if (
                form == "colon"
                and len(words) > 1
                and all(word[0].isupper() for word in words)
                and self.by_form[initial, "colon"] > 1
                and _short(self.example[initial][0].name)
                and nameable(label)
            ):
                declared[initial].add(label.name)
        return {
            initial: max(names, key=len)
            for initial, names in declared.items()
            if all(same_person(a, b) or fits(a, b) or fits(b, a) for a in names for b in names)
        }

    def believed(self) -> frozenset[tuple[str, str]]:
        """The labels, by key and form, that are speakers'."""
        sure = {
            (key, form)
            for (key, form) in self.by_form
            if any(self._is_speaker(label) for label in self.example[key] if label.form == form)
        }
        # A key that is believed in one form is believed in the forms that hardly say anything else.
        keys = {key for key, form in sure if form != "line"}
        return frozenset(sure) | {
            (key, form)
            for key, form in self.by_form
            if key in keys
            and form in ("colon", "time", "bracket")
            and not (form == "bracket" and len(key) < 2)
        }

    def _is_speaker(self, label: Label) -> bool:
        """Whether something says that the label is a speaker's."""
        key, form = label.key, label.form
        if form == "format":
            return True
        times = max(
            self.by_form[key, form], self.by_core[core(label.name), form] if len(core(label.name)) > 1 else 0
        )
        if len(key) == 1:
            return self._is_letter(key, form)
        if print_of.is_sound(key):
            return form in ("colon", "time") and (label.bold or label.timed or times > 1)
        if form in ("colon", "time"):
            return self._is_colon(label, times)
        if form == "bracket":
            # "II)" counts; "VL)" does too, unless somebody has these initials.
            return self._vouched(label) or (times >= SINGLE_TIMES and not re.fullmatch(r"[ivxlc]+", key))
        if form == "dash":
            initial = label.name.isupper() and len(key) <= 4
            if print_of.asks(key) or print_of.answers(key):
                return times > 1
            return (
                (times >= SINGLE_TIMES and self._named(label))
                or (times > 1 and self._vouched(label))
                or (label.bold and self._vouched(label))
                or (initial and key in self.aliases)
            )
        if form == "point":
            if print_of.asks(key) or print_of.answers(key):
                # "Pregunta." in full once, then "P."
                return times > 1 or self.by_form["p", form] + self.by_form["q", form] > 0
            return self._is_point(label, times)
        if form == "space":
            role = print_of.asks(key) or print_of.answers(key)
            if role:
                return times > 1
            # "ANA RUIZ We grind." beside "PREGUNTA How?"
            roles = any(
                which == "space" and number > 1 and (print_of.asks(each) or print_of.answers(each))
                for (each, which), number in self.by_form.items()
            )
            return (
                len(core(label.name)) > 1
                and (self._vouched(label) or (roles and times > 1))
                and not is_wording(label, self.common)
            )
        if form == "bold":
            return self._named(label) and (times >= SINGLE_TIMES or self._vouched(label)) and times > 1
        return self._is_line(label, times)

    def _is_letter(self, key: str, form: str) -> bool:
        """Q and A, P and R: the one only with the other, or a Q that comes again and again."""
        other = {"q": "a", "a": "q", "p": "r", "r": "p"}.get(key)
        if other is None:
            return False
        forms = (
            ("colon", "dash", "point", "bracket", "time") if form != "space" else ("space", "colon", "point")
        )
        own, pair = (sum(self.by_form[each, which] for which in forms) for each in (key, other))
        if form == "space":
            return key == "q" and self.by_form[key, form] > 1
        questions = (
            self.by_form["q", "colon"]
            + self.by_form["q", "dash"]
            + self.by_form["p", "colon"]
            + self.by_form["p", "dash"]
        )
        if key in "ar" and not pair and questions > 1:
            return True  # the translation kept one "A" among the "R"
        return bool(own and pair) or (key == "q" and own > 1)

    def _is_colon(self, label: Label, times: int) -> bool:
        key = label.key
        role = print_of.asks(key) or print_of.answers(key)
        if role:
            return times > 1 or (print_of.asks(key) and self.questions[key] > 0) or label.timed
        if print_of.nameless(key):
            return times > 1 or label.timed
        if print_of.is_about(key) or (label.affiliated and re.search(r",.*\d", label.printed)):
            return False  # "Slow Freight, Episode 41:"
        if label.name in self.aliases.values():
            return True
        if initialled(label) or key in self.aliases or self._vouched(label):
            return self.times[key] > 1 or not self._loose_only(label) or nameable(label)
        if print_of.is_office(label.name):
            return times > 1
        if label.timed and self.timed > 3 and nameable(label):
            return True
        return self._repeats(label, times)

    def _repeats(self, label: Label, times: int) -> bool:
        """Whether it comes so often, printed as labels are here, that it is somebody's."""
        if times < 2 or not self._named(label) or not self.usage <= usage(label):
            return False
        words = core(label.name)
        share = times / max(1, self.colons)
        if len(words) > 1 and shaped_like_a_name(label.name):
            if is_wording(label, self.common) or names_something(words):
                return times >= SINGLE_TIMES and share > SINGLE_SHARE
            return bool(self.usage) or times >= SINGLE_TIMES or share > SINGLE_SHARE / 2
        if is_wording(label, self.common):
            # "Will:" and "Mark:" are words too; as speakers they open many turns.
            return times > SINGLE_TIMES and share > 2 * SINGLE_SHARE
        return share > SINGLE_SHARE or (times >= SINGLE_TIMES and share > SINGLE_SHARE / 2)

    def _named(self, label: Label) -> bool:
        return nameable(label) and not print_of.is_about(label.key) and not print_of.is_talk(label.key)

    def _vouched(self, label: Label) -> bool:
        """Whether a statement, or another label, says that this one is somebody's."""
        if label.key in self.aliases or self.stated.whose(label.name) is not None:
            return not (
                len(core(label.name)) == 1 and is_wording(label, self.common) and self.times[label.key] < 2
            )
        if len(core(label.name)) > 1 and self.stated.names(label.name):
            return True
        name = label.name
        if _short(name):
            # Initials, where one label alone spells them out.
            return self._spelt_out(name, self.full) is not None
        # The full name comes once, its initials too, or its first name again and again.
        return (
            len(core(name)) > 1
            and shaped_like_a_name(name)
            and any(
                (self.times[key] > 1 or _short(each.name)) and len(core(key)) == 1 and fits(each.name, name)
                for key in self.times
                for each in self.example[key][:1]
                if key != label.key and each.form != "line"
            )
        )

    def _loose_only(self, label: Label) -> bool:
        """Whether only prose mentions the person."""
        return one_of(label.name, self.stated.sure) is None

    def _is_point(self, label: Label, times: int) -> bool:
        if not (nameable(label) or print_of.is_office(label.name)):
            return False
        first = parts(label.name)[:1]
        titled = bool(first) and (
            first[0] in HONORIFICS
            or first[0] in OFFICES
            or print_of.is_office(label.name)
            or first[0] in ("the", "el", "la")
        )
        if titled or label.aside:
            return self.pointed >= SINGLE_TIMES and (times > 1 or self.pointed > 5)
        return (times > 1 and (len(core(label.name)) > 1 or times >= SINGLE_TIMES)) or self._vouched(label)

    def _is_line(self, label: Label, times: int) -> bool:
        """A name or role on a line of its own: in capitals or bold, or stated, and more than once."""
        key = label.key
        if print_of.is_about(key) or print_of.is_talk(key) or len(label.name.split()) > 7:
            return False
        if print_of.asks(key) or print_of.answers(key):
            return times > 1 and (label.name[0].isupper() or label.bold)
        if times < 2:
            return False
        loud = label.name.isupper() or label.bold
        if print_of.nameless(key) or print_of.is_office(label.name):
            return loud
        if (
            not shaped_like_a_name(label.name)
            or is_wording(label, self.common)
            or names_something(core(label.name))
        ):
            return False
        if len({each for (each, form), number in self.by_form.items() if form == "line" and number > 1}) < 2:
            return False
        return (self.stated.whose(label.name) is not None and len(core(label.name)) > 1) or (
            loud and (len(core(label.name)) > 1 or times >= SINGLE_TIMES)
        )

    def printed(self, believed: frozenset[tuple[str, str]]) -> set[str]:
        """The names of believed labels as they are printed."""
        return {
            label.name for key, form in believed for label in self.example[key] if form in ("colon", "format")
        }

    def voices(self, believed: frozenset[tuple[str, str]]) -> dict[str, Voice]:
        """Each believed label's key with whom it stands for."""
        keys = dict.fromkeys(key for key, _ in believed)
        labelled = distinct(
            self._printed(key)
            for key in keys
            if len(core(self._printed(key))) > 1 and shaped_like_a_name(self._printed(key))
        )
        found = {}
        for key in keys:
            if print_of.is_sound(key) and self.stated.whose(key) is None:
                found[key] = Voice(None, sound=True)
            elif print_of.asks(key) or print_of.answers(key):
                found[key] = Voice(None, "asks" if print_of.asks(key) else "answers")
            elif print_of.nameless(key):
                found[key] = Voice(None)
            else:
                # Who puts a numbered question of a committee asks, with or without its number.
                numbered = any(label.numbered for label in self.example[key])
                # Where witnesses are heard, members ask: "Senator Cole.", "The Chairwoman."
                member = bool(self.stated.heard) and bool(_MEMBER.match(self._printed(key)))
                host = any(_HOST.search(label.printed) for label in self.example[key])
                found[key] = Voice(self._whose(key, labelled), "asks" if numbered or member or host else None)
        # "RAY DAY" and "Ray Day" are one.
        people = distinct(voice.name for voice in found.values() if voice.name)
        one = {
            voice.name: next((each for each in people if core(each) == core(voice.name)), voice.name)
            for voice in found.values()
            if voice.name and len(core(voice.name)) > 1
        }
        return {
            key: replace(voice, name=one[voice.name]) if voice.name in one else voice
            for key, voice in found.items()
        }

    def _printed(self, key: str) -> str:
        """The label as it is printed most often, not in capitals where it also is printed otherwise."""
        names = Counter(label.name for label in self.example[key])
        return max(names, key=lambda name: (not name.isupper(), names[name]))

    def _whose(self, key: str, labelled: Sequence[str]) -> str | None:
        """The full name of the one for whom a label stands."""
        printed = self._printed(key)
        if print_of.is_office(printed):
            return self._chair(printed) or printed
        if self.stated.heard and _MEMBER.match(printed):
            return printed  # "Senator Hale" is not the Mr. Hale who is heard
        full = next((each.aside for each in self.example[key] if each.aside and _office_aside(each)), None)
        if full:
            return full
        stated = self.stated
        if (given := stated.aliases.get(key)) is not None:
            return given
        if key in self.aliases:
            printed = self.aliases[key]
        if (sure := one_of(printed, stated.sure)) is not None:
            return sure
        if printed.isupper() and (full := self._spelt_out(printed, labelled)) is not None:
            return full
        titled = len(parts(printed)) > 1 and parts(printed)[0] in HONORIFICS
        if len(core(printed)) > 1:
            everybody = (*stated.sure, *stated.told, *stated.others, *stated.mentioned, *labelled)
            if len(core(printed)[0]) == 1 and (whose := one_of(printed, everybody)) is not None:
                return _untitled(whose)
            same = distinct(_untitled(name) for name in everybody if same_person(name, printed))
            return same[0] if len(same) == 1 else _untitled(printed)
        if self._two_of_a_surname(printed):
            return printed if titled else None
        for names in ((*labelled, *stated.told), stated.others):
            if (whose := one_of(printed, names)) is not None:
                # "Ann" may be Ann Lee, who speaks, or Ann Day, with whom somebody is said to talk.
                rivals = (
                    []
                    if printed.isupper() and len(printed) <= 4
                    else [n for n in stated.others if fits(printed, n)]
                )
                return whose if all(same_person(whose, rival) for rival in rivals) else None
            if any(fits(printed, name) for name in names):
                return printed if titled else None
        # "Ruiz" is the one Ruiz whom title or intro mentions.
        if (whose := one_of(printed, stated.mentioned)) is not None and not titled:
            return whose
        surname = [
            each.aside
            for each in self.example[key]
            if each.aside
            and shaped_like_a_name(each.aside, most=2)
            and f"{fold(printed)} {fold(each.aside)}" in fold(self.document.text)
        ]
        return f"{printed} {surname[0]}" if surname else printed

    def _chair(self, printed: str) -> str | None:
        """Who holds the chair, where the head of the document says so of one person."""
        if not (office := _CHAIR.search(printed)):
            return None
        head = (piece.span.of(self.document.text) for piece in self.document.pieces[:INTRO_PIECES])
        held = rf"\s*(?:\(\s*{office.group()}\s*\)|,(?:[^,.;]{{1,30}},)?\s*{office.group()}\b)"
        named = [
            match["name"]
            for text in head
            for match in re.finditer(rf"(?P<name>{_FULL_NAME}){held}", text)
            if not re.search(r"(?i)(?:vice|deputy|ranking)\W*$", match["name"])
        ]
        mentioned = self.stated.mentioned
        people = distinct(next((e for e in mentioned if same_person(e, n)), _untitled(n)) for n in named)
        return people[0] if len(people) == 1 else None

    def _spelt_out(self, printed: str, labelled: Sequence[str]) -> str | None:
        """The one label in full whose initials these are, where they are no part of a name."""
        fitting = [name for name in labelled if core(printed) and core(printed)[0] in initials(name)]
        return (
            fitting[0]
            if len(fitting) == 1 and len(core(printed)) == 1 and core(printed)[0] not in core(fitting[0])
            else None
        )

    def _two_of_a_surname(self, printed: str) -> bool:
        """Whether labels tell a Mr. and a Ms. of one surname apart."""
        titles = {
            parts(label.name)[0]
            for found in self.example.values()
            for label in found
            if core(label.name) == core(printed)
            and len(parts(label.name)) > 1
            and parts(label.name)[0] in HONORIFICS
        }
        return (
            len(titles & {"mr", "sr", "senor", "herr", "sir"}) > 0
            and len(titles & {"mrs", "ms", "miss", "sra", "frau", "mme"}) > 0
        )


def _short(name: str) -> bool:
    """Whether the label is initials: "AR", "JLR"."""
    return name.isupper() and name.isalpha() and 2 <= len(name) <= 4


def _untitled(name: str) -> str:
    """The full name without "Hon." and the like before it; offices stay where too little would be left."""
    words = name.split()
    while len(words) > len(core(name)) >= 2 and len(core(" ".join(words[1:]))) >= 2 and not core(words[0]):
        words = words[1:]
    return " ".join(words)


def _office_aside(label: Label) -> bool:
    """Whether the name stands in brackets behind an office: "The Minister for Roads (Ana Ruiz)"."""
    return bool(
        label.aside
        and shaped_like_a_name(label.aside)
        and len(core(label.aside)) > 1
        and (re.match(r"(?i)the |el |la |le ", label.name) or print_of.is_office(label.name.split()[0]))
        and not re.search(r"(?i)interpret|translat|traduc", label.aside)
    )
