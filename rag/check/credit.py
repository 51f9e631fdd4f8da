"""Whom a draft credits with a quotation: read from the words around it, or nobody where they do not tell.

What stands around is read as grammar has it ("…," Mines said; Caridad argues that "…"; according to
USIP's Ana Caridad; he added), never by who is mentioned nearest.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.check import frames
from rag.check.draft import Draft, Paragraph
from rag.check.quotations import Quotation
from rag.fold import fold
from rag.reading.names import OFFICES, PARTICLES, core, names_something, one_of

# A credit stands so near: who is named farther off is somebody the text is about.
REACH = 400
# A quotation goes on over so many paragraphs at most, for what stands behind it to be looked at.
MOST_JOINED = 40
# A line over a quotation that names its speaker has so many words at most, an office among them.
HEADING_WORDS = 12
# A pronoun points back over so many sentences at most.
LOOKED_BACK = 3

# A quotation in the text around another one.
_HOLE = "\ufffc"


@dataclass(frozen=True, slots=True)
class Credit:
    """Whom a draft credits: the full name of a speaker, or a name as it stands in the draft.

    Both None where it credits nobody, or nobody that could be told. `asks` says that the words are
    given as a question that was asked.
    """

    name: str | None = None
    speaker: str | None = None
    asks: bool = False


NOBODY = Credit()


class Credits:
    """Reads whom a draft credits, quotation by quotation in order."""

    def __init__(
        self,
        draft: Draft,
        found: Sequence[Quotation],
        speakers: Sequence[str],
        bodies: Iterable[str] = (),
        texts: Iterable[str] = (),
    ) -> None:
        self.draft, self.found, self.speakers = draft, found, tuple(speakers)
        self.bodies = frozenset(_initials(each) for each in bodies) | {fold(each) for each in bodies}
        self.texts = texts  # the articles', which show what is a name
        self.credited: list[Credit] = []

    def all(self) -> tuple[Credit, ...]:
        """The credit of each quotation."""
        for number in range(len(self.found)):
            self.credited.append(self._of(number))
        return tuple(self.credited)

    # --- one quotation ---------------------------------------------------------------------------

    def _of(self, number: int) -> Credit:
        quotation = self.found[number]
        if quotation.byline is not None and (credit := self._first_name(quotation.byline)) is not None:
            return credit
        before, after = self._before(number), self._after(number)
        ending = self.draft.plain[quotation.span.start : quotation.outer.end].rstrip("\"'”’»“ \u00ad")[-1:]
        behind = self._behind(number, after, full=ending == ".", block=quotation.block)
        ahead = self._ahead(before)
        # A comma inside the marks ends nothing: who said it follows.
        first, second = (behind, ahead) if ending == "," or ahead is None else (ahead, behind)
        for credit in (first, second, self._noted(number)):
            if credit is not None:
                return self._back(number, before) if credit is _HE else credit
        return self._standing_alone(number, before)

    def _behind(self, number: int, after: str, *, full: bool, block: bool) -> Credit | None:
        """The credit in the words behind the quotation, as far as they are of its sentence."""
        for pattern in (frames.IN_PARENTHESES, frames.DASHED):
            if (match := pattern.match(after)) and (credit := self._credit(match["name"])) and credit.speaker:
                return credit
        if block:
            return self._so(number)
        if self.draft.paragraphs[self.found[number].paragraph].kind == "note":
            name = re.match(rf"[\s,.]*(?P<name>{frames.NAME})[,.]", after)
            if name and (speaker := self._speaker(name["name"])):
                return Credit(speaker, speaker)
        stop = frames.STOP.search(after)
        rest = after[: stop.start() + 1] if stop else after
        rest = rest.split(_HOLE)[0]
        opening = rest.lstrip(" ,—–-\u00ad\u00a0\n")
        if full and opening[:1].isupper() and not rest.lstrip(" \u00ad\u00a0\n").startswith((",", "—", "–")):
            return None  # a new sentence, about the next quotation
        if frames.TURNED_PRONOUN.match(rest) or frames.PRONOUN_FRAME.match(opening):
            return _HE
        for pattern in (frames.FRAME, frames.TURNED):
            if match := pattern.match(opening):
                return self._credit(match["name"], match["verb"])
        if (match := frames.ASKED.search(rest)) and len(rest[: match.start()].split()) <= 4 and not full:
            return Credit(asks=True)
        for pattern in (frames.SOURCE, frames.WORDS_OF, frames.FRAME):
            if (match := pattern.search(rest)) and len(rest[: match.start()].split()) <= 3:
                return self._credit(match["name"])
        return None

    def _so(self, number: int) -> Credit | None:
        """The credit in the line under a block quotation: "So Keith Mines of USIP."."""
        end = self.found[number].outer.end
        at = bisect_left(self.draft.starts, end)
        if at >= len(self.draft.paragraphs):
            return None
        line = self.draft.paragraphs[at].span.of(self.draft.plain)
        match = frames.SO.match(line) if len(line.split()) <= HEADING_WORDS else None
        return self._credit(match["name"]) if match else None

    def _ahead(self, before: str) -> Credit | None:
        """The credit in the words of the sentence before the quotation."""
        before = frames.UNLIKE.sub(lambda match: " " * len(match.group()), before)
        sentence = _last_sentence(before)
        if not sentence.strip(" \u00ad\n"):
            return None
        if match := frames.LABEL.search(before):
            return self._credit(match["name"])
        found: list[tuple[int, Credit]] = []
        for pattern in (frames.FRAME, frames.SOURCE, frames.WORDS_OF, frames.WHOSE, frames.TURNED):
            for match in pattern.finditer(sentence):
                verb = match.groupdict().get("verb")
                if pattern is frames.TURNED and match.end() < len(sentence.rstrip(" ,:\u00ad\n")) - 40:
                    continue
                if (credit := self._credit(match["name"], verb)) is not None:
                    if pattern is frames.FRAME and self._and_another(sentence, match):
                        credit = NOBODY
                    found.append((match.start(), credit))
            told = [each for each in found if each[1].name is not None] or found
            if told and pattern is not frames.TURNED:
                at = max(told, key=lambda each: each[0])
                clause = self._clause(sentence)
                at = clause if clause is not None and clause[0] > at[0] else at
                pronoun = [m.start() for m in frames.PRONOUN_FRAME.finditer(sentence)]
                if pronoun and pronoun[-1] > at[0]:
                    return _HE if len({c.speaker for _, c in found}) > 1 else at[1]
                return at[1]
        if frames.PRONOUN_FRAME.search(sentence):
            return _HE
        if found:
            return found[-1][1]
        if (clause := self._clause(sentence)) is not None:
            return clause[1]
        return (
            Credit(asks=True)
            if frames.ASKED.search(sentence[-60:]) and not self._mentioned(sentence)
            else None
        )

    def _clause(self, sentence: str) -> tuple[int, Credit] | None:
        """The subject of the last clause that opens with a name: "…, and Caridad is right that".

        Somebody who is no speaker counts only before a colon: "Maduro is defiant:".
        """
        sentence = frames.UNLIKE.sub(lambda match: " " * len(match.group()), sentence)
        if self._questioned(sentence):
            return None
        for match in reversed(list(re.finditer(frames.NAME, sentence))):
            behind = sentence[match.end() :]
            opens = frames.CLAUSE.search(sentence[: match.start()])
            if not opens or match.group().endswith(("'s", "’s")) or not behind.strip(" ,:\u00ad"):
                continue
            if frames.ANOTHER.match(behind) or self._and_another(sentence, match):
                return None
            credit = self._credit(match.group())
            told = sentence.rstrip(" \u00ad\n").endswith(":")
            if credit is not None and (credit.speaker or (told and credit.name)):
                return match.start(), credit
        return None

    def _and_another(self, sentence: str, match: re.Match[str]) -> bool:
        """Whether the verb has two subjects: "Mines and Caridad say"."""
        joined = frames.AND_ANOTHER.search(sentence[: match.start()])
        return bool(joined and self._speaker(joined["name"]))

    def _standing_alone(self, number: int, before: str) -> Credit:
        """The credit of a quotation without a frame: told in the sentence before, or by a sole name."""
        sentence = _last_sentence(before)
        bare = sentence.strip(" \u00ad\n")
        if bare and not bare.replace(_HOLE, "").strip(" .,;:\u00ad\n"):
            # Only other quotations stand before it: one person goes on.
            return self.credited[number - 1] if number else NOBODY
        if bare:
            told = frames.UNLIKE.sub(" ", sentence)
            return NOBODY if self._questioned(told) else self._only_one(told)
        head = before[: len(before) - len(sentence)].rstrip()
        if not head:
            return self._introduced(number)
        said = _last_sentence(head[:-1] if head[-1:] in ".?!:" else head)
        if said.strip(" .\u00ad\n") == _HOLE or said.rstrip(" .,\u00ad").endswith(_HOLE):
            return self.credited[number - 1] if number else NOBODY
        credit = self._ahead(said) if said.strip() else None
        if _HOLE in said and (credit is None or credit is _HE):
            # The sentence before quotes somebody: who goes on is the same.
            return self.credited[number - 1] if number else NOBODY
        if credit is _HE:
            return self._back(number, before)
        if credit is not None:
            return credit
        named = self._mentioned(said)
        if len(named) == 1 and self._opens_with(said, named[0]) and not self._questioned(said):
            return Credit(named[0], named[0])
        if re.match(rf"\s*{frames.PRONOUN}\b", said):
            return self._back(number, before[: max(0, len(head) - len(said))])
        return NOBODY

    def _introduced(self, number: int) -> Credit:
        """The credit of what opens a paragraph: the paragraph before ends with a colon, and tells."""
        at = self.found[number].paragraph
        if at == 0:
            return NOBODY
        start = self.draft.paragraphs[at - 1].span.start
        text = self._narrated(start, self.draft.paragraphs[at - 1].span.end)
        if (credit := self._headed(text)) is not None:
            return credit
        if (
            not text.rstrip(" \u00ad*_").endswith((":", ",", "—", "…", "..."))
            and not self.found[number].block
        ):
            last = _last_sentence(text.rstrip(" .\u00ad*_"))
            named = self._mentioned(last)
            tells = len(named) == 1 and _HOLE not in last and self._opens_with(last, named[0])
            return Credit(named[0], named[0]) if tells and not self._questioned(last) else NOBODY
        credit = self._ahead(text) or self._only_one(_last_sentence(text.rstrip(" .:\u00ad")))
        return self._back(number, text) if credit is _HE else credit

    def _headed(self, text: str) -> Credit | None:
        """The credit of a line that is a speaker's name and no sentence: "Keith Mines, USIP"."""
        line = text.strip(" :*_#\u00ad\n")
        if len(line.split()) > HEADING_WORDS or line.endswith((".", "?", "!")) or _HOLE in line:
            return None
        name = re.match(frames.NAME, line)
        return self._credit(name.group()) if name and self._speaker(name.group()) else None

    def _only_one(self, text: str) -> Credit:
        """The one person whom a text names; nobody where it names more, or something of theirs."""
        named = self._mentioned(text)
        theirs = any(
            match.group().endswith(("'s", "’s", "s'", "s’")) for match in re.finditer(frames.NAME, text)
        )
        return Credit(named[0], named[0]) if len(named) == 1 and not theirs else NOBODY

    def _back(self, number: int, before: str) -> Credit:
        """Whom a pronoun means: the one person credited or told of in the sentences before; else nobody."""
        quotation = self.found[number]
        start = self.draft.paragraphs[max(0, quotation.paragraph - 1)].span.start
        text = self._narrated(start, quotation.outer.start)
        sentences = re.split(r"(?<=[.?!:])[\"'”’)\]]*\s+|\n\s*\n", text[-4 * REACH :])
        before_it = number  # each quotation that stands in a sentence is the one before the last seen
        for sentence in list(reversed(sentences))[: LOOKED_BACK + 1]:
            subject = {
                credit.speaker
                for pattern in (frames.FRAME, frames.SOURCE)
                for match in pattern.finditer(sentence)
                if (credit := self._credit(match["name"])) and credit.speaker
            }
            if len(subject) == 1:
                return Credit(name := subject.pop(), name)
            named = self._mentioned(sentence)
            clause = self._clause(sentence) if len(named) > 1 else None
            if len(named) == 1:
                return Credit(named[0], named[0])
            if clause is not None and clause[1].speaker and len(self._mentioned(sentence[clause[0] :])) == 1:
                return clause[1]
            if len(named) > 1:
                return NOBODY
            for _ in range(sentence.count(_HOLE)):
                before_it -= 1
                if before_it >= 0 and self.credited[before_it].name is not None:
                    return self.credited[before_it]
        return NOBODY

    def _noted(self, number: int) -> Credit | None:
        """The credit in the footnote whose mark stands right behind the quotation, or its sentence."""
        quotation = self.found[number]
        limit = self.found[number + 1].outer.start if number + 1 < len(self.found) else len(self.draft.text)
        after = self.draft.text[quotation.outer.end : min(limit, quotation.outer.end + REACH)]
        stop = re.search(r"[.?!](?=\s+[^\W\d_a-z])|\n", after)
        end = quotation.outer.end + (stop.end() if stop else len(after)) + 2
        first = bisect_left(self._marks, quotation.span.start)
        for _, name in self.draft.marks[first : bisect_right(self._marks, end)]:
            if name in self._notes:
                return self._first_name(self._notes[name].span.of(self.draft.plain))
        return None

    @cached_property
    def _marks(self) -> list[int]:
        return [at for at, _ in self.draft.marks]

    @cached_property
    def _notes(self) -> dict[str, Paragraph]:
        """The first paragraph of each footnote by its name."""
        notes = [each for each in self.draft.paragraphs if each.kind == "note" and each.name]
        return {each.name: each for each in reversed(notes) if each.name}

    def _first_name(self, text: str) -> Credit | None:
        """The speaker whose name a line opens with; None where it opens with none."""
        text = text.replace("\u00ad", "").strip()
        head = re.match(rf"(?P<name>{frames.NAME})", text)
        if head and (credit := self._credit(head["name"])):
            return credit
        named = self._mentioned(re.split(r"[“”\"]", text)[0][:120])
        return Credit(named[0], named[0]) if len(named) == 1 else None

    # --- who a name is ---------------------------------------------------------------------------

    def _credit(self, name: str, verb: str | None = None) -> Credit | None:
        """The credit that a name in a credit's place makes; None where it is no name of a person."""
        asks = bool(verb and frames.ASKS.search(verb))
        if speaker := self._speaker(name):
            return Credit(speaker, speaker, asks)
        bare = _name_alone(name)
        parts = core(bare)
        if not parts or fold(bare) in self.bodies or bare.casefold() in self.bodies:
            return Credit(asks=asks) if parts else None
        if len(parts) == 1 and not self._is_a_name(bare.split()[-1]):
            return Credit(asks=asks) if bare.isupper() and len(bare) > 1 else None
        if names_something(parts) or all(part in OFFICES for part in parts):
            return Credit(asks=asks)
        return Credit(bare, None, asks)

    def _speaker(self, name: str) -> str | None:
        """The one speaker that a name stands for, what stands before it aside: "USIP’s Ana Caridad"."""
        words = frames.HONORIFIC.sub("", " ".join(name.split())).rstrip(".,").split()
        for at in range(len(words)):
            if at and not words[at - 1].endswith(("'s", "’s")) and len(words) - at < 2 and at > 2:
                break
            label = " ".join(words[at:])
            if label.endswith(("'s", "’s")):
                label = label[:-2]
            if fold(label) in PARTICLES or not core(label):
                continue
            if (found := one_of(label, self.speakers)) is not None:
                return found
        return None

    def _mentioned(self, text: str) -> list[str]:
        """The speakers whom a text names, each once."""
        found = (self._speaker(match.group()) for match in re.finditer(frames.NAME, text))
        return list(dict.fromkeys(each for each in found if each))

    def _opens_with(self, sentence: str, speaker: str) -> bool:
        """Whether a sentence is about the speaker: it opens with the name, after an office or a place."""
        head = " ".join(sentence.split()[:6])
        return speaker in self._mentioned(head)

    @staticmethod
    def _questioned(sentence: str) -> bool:
        return bool(frames.DENIES.search(sentence))

    def _is_a_name(self, word: str) -> bool:
        """Whether a single capitalised word is a name, by how the draft prints it amid sentences."""
        return word in self._capitals

    @cached_property
    def _capitals(self) -> frozenset[str]:
        found: set[str] = set()
        for text in (self.draft.plain, *self.texts):
            found |= {match[1].rstrip(".,") for match in frames.AMID.finditer(text)}
        return frozenset(found) | {re.sub(r"['’]s?$", "", word) for word in found}

    # --- the words around --------------------------------------------------------------------------

    def _narrated(self, start: int, end: int) -> str:
        """The draft between two offsets, each quotation in it one character."""
        parts, at = [], start
        for each in self._within(start, end):
            if each.outer.start >= at:
                parts += [self.draft.plain[at : each.outer.start], _HOLE]
                at = min(end, max(at, each.outer.end))
        return "".join([*parts, self.draft.plain[at:end]]).replace("\u00ad", "")

    def _within(self, start: int, end: int) -> Iterable[Quotation]:
        first = bisect_left(self._starts, start)
        while first < len(self.found) and self.found[first].outer.start < end:
            yield self.found[first]
            first += 1

    @cached_property
    def _starts(self) -> list[int]:
        return [each.outer.start for each in self.found]

    def _before(self, number: int) -> str:
        quotation = self.found[number]
        start = self.draft.paragraphs[quotation.paragraph].span.start
        return self._narrated(max(start, quotation.outer.start - REACH), quotation.outer.start)

    def _after(self, number: int) -> str:
        quotation = self.found[number]
        end = quotation.outer.end
        paragraph = max(
            (
                each
                for each in self.draft.paragraphs[quotation.paragraph : quotation.paragraph + MOST_JOINED]
                if each.span.start <= end
            ),
            key=lambda each: each.span.start,
            default=self.draft.paragraphs[quotation.paragraph],
        )
        return self._narrated(end, min(max(paragraph.span.end, end), end + REACH))


# A credit to a pronoun, to be looked up.
_HE = Credit("he")


def _last_sentence(text: str) -> str:
    """What stands behind the last sentence that ends in a text."""
    ends = [match.end() for match in frames.STOP.finditer(text)]
    if re.search(r"[.?!][\"'”’)\]]*\s*\Z", text):
        return ""
    return text[ends[-1] :] if ends else text


# Words with a capital that begin a sentence and no name: "As Alex Saab said".
_OPENERS = frozenset(
    "as but and when while then yet so if where in for to at on of because although though after before "
    "since that how why what the a an both even only still now here there today yesterday however meanwhile "
    "later "
    "asked said wrote according per según como pero cuando selon laut".split()
)


def _name_alone(name: str) -> str:
    """A name without what a sentence opens with, whose it is, and honorifics: "As USIP’s Dr. Ana Ruiz"."""
    words = name.split()
    while len(words) > 1 and (fold(words[0]) in _OPENERS or words[0].endswith(("'s", "’s"))):
        words.pop(0)
    return frames.HONORIFIC.sub("", " ".join(words)).rstrip(".,")


def _initials(name: str) -> str:
    """The letters that a body is known by: "United States Institute of Peace", "usip"."""
    return "".join(word[0] for word in name.split() if word[0].isupper()).casefold()
