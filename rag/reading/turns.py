"""A document to blocks and turns: who says what, who asked, and what is nobody's speech.

One walk over the paragraphs. What opens a turn is a label that the roster believes, or a question
set apart by its print; what carries it on is every unlabelled paragraph until something closes it: a
heading, a rule, an editor's words, a label that may be anybody's. Rules lean towards "unknown": a
wrong name is the worst fault there is, so whatever closes an answer closes it early.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.fold import fold
from rag.reading.credits import people_in
from rag.reading.document import Document, Kind, Piece
from rag.reading.facts import Facts
from rag.reading.labels import Label, candidates, is_about
from rag.reading.names import core, fits, parts, shaped_like_a_name
from rag.reading.prints import BOLD, asks, bold_share, cut, inside, stretches
from rag.reading.reported import reported, through_interpreter
from rag.reading.roles import Voice
from rag.reading.roster import Roster, roster
from rag.records import Block, Span, Turn

# What opens each voice of a dialogue in Spanish, French and Portuguese print.
_DASH = re.compile(r"[—–―-]+\s*(?=\S)")
# What captions print where another voice begins.
_CHANGE = re.compile(r"(?:>>+|[-–—]\s*(?=[^\W\d_]|[¿¡\"“«]))")
# Words about the interview, not of it.
_EDITORIAL = re.compile(
    r"(?i)\W*(?:editor.{0,2}s? note|(?:this|the) (?:interview|conversation|transcript|discussion|q&a) "
    r"(?:has been|was|is|took|originally|first|comes|forms)\b|(?:has been )?edited for|read (?:the|more|"
    r"our)\b|"
    r"we(?:['’]ve)? (?:have )?(?:published|edited|condensed)\b|below is (?:a|an|the)\b|"
    r"(?:interview(?:ed)?|transcrib\w+|translat\w+|photo\w*|image\w*|illustrat\w+|recorded|edited|text) "
    r"(?:by|courtesy)\b|"
    r"(?:esta|la) (?:entrevista|conversaci[oó]n|transcripci[oó]n) (?:ha sido|fue|se|forma)\b|nota (?:del|"
    r"de la) \w+|"
    r"(?:copyright |©|\(c\) ?\d{4}|all rights reserved|[\w ]{0,20}transcripts? (?:is|are|was|were) "
    r"(?:created|"
    r"produced|provided|prepared))|"
    r"cette (?:interview|conversation)|cet entretien|das (?:gespr[aä]ch|interview) (?:f[uü]hrte|wurde|ist|"
    r"erschien))"
)
# What sends readers on, when nothing else is said after it.
_OUTRO = re.compile(
    r"(?i)\W*(?:subscribe|sign up|follow us|stay tuned|originally published|reprinted|listen to (?:the|"
    r"more|our)|"
    r"if you (?:enjoyed|liked|(?:['’]re|are) interested in|(?:['’]d|would) like to (?:learn|read|get|join|"
    r"hear))|"
    r"want to (?:learn|read|hear|know|see) more|(?:to|for) (?:learn|find out|read|hear|more information|"
    r"more about|more on)\b|"
    r"posted in|filed under|share this|support (?:us|our)|check out (?:our|the (?:other|rest|full))|"
    r"find (?:us|more|out more) (?:on|at|about)|visit (?:our|the|https?)|learn more|suscr[ií]b|"
    r"s[ií]g[aeu]\w* (?:a|en)|"
    r"para m[aá]s informaci[oó]n)\b"
)
# A paragraph that is one remark in brackets: "(Laughter)", "[Music]", "(Editor's note: …)".
_BRACKETED = re.compile(r"\W*(?:\([^()]*\)|\[[^\[\]]*\])[\s.*_]*")
# What publishers put around an interview. A heading of this kind ends the interview.
_CLOSING = re.compile(
    r"(?i)(?:related (?:publications?|content|articles?|posts?|reading|links?|stories)|view all publications|"
    r"about the (?:authors?|interviewers?|speakers?|contributors?)|further reading|read (?:more|next)|"
    r"more from .{1,40}|"
    r"you may also like|(?:show )?notes and links|acknowledge?ments?|references|footnotes|"
    r"newsletter|subscribe|share this.{0,20}|tags?|topics|comments|recommended.{0,20}|"
    r"art[ií]culos relacionados|sobre (?:el|la|los) autor\w*|comentarios|etiquetas|lea tambi[eé]n|"
    r"newsletter)\W*"
)
# Lines that stand between paragraphs of an answer and are nobody's words.
_LANGUAGE_LINK = re.compile(r"(?i)(?:leer|lea|read|lire|ler) (?:\w+ ){0,2}(?:en|in|em) [^\W\d_]+")
_CREDIT = re.compile(
    r".*\((?>[^()]*?(?:/|photo|image|getty|reuters|\bAP\b|courtesy))[^()]*+\)\W*", re.I | re.S
)
_BOX = re.compile(r"(?i)\W*(?:newsletter|subscribe|share this.{0,20}|comments|recommended.{0,20})\W*")
_PROMOTION = re.compile(
    r"(?is)\W*(?:thanks for reading\b.{0,60}subscribe|subscribe (?:for free|now|today|to)|sign up (?:for|"
    r"to)|share this|"
    r"leave a comment|advertisement|(?:story|article) continues|suscr[ií]b[ae])\b.{0,120}"
)
_ADDRESS = re.compile(r"\W*(?:https?://|www\.)\S++\W*")
# "* END OF TAPE 1, SIDE B * 4:15 p.m., with all in brackets": a longer row of signs is none, and no pattern
# need try all the ways in which it could be parted.
MOST_OF_A_MARK = 160
_MARK = re.compile(
    r"\W*(?:end|# ?# ?#|-?30-?|\*+|end of (?:interview|transcript|extract|recording|tape.{0,20})|fin)\W*"
    r"(?:\d{1,2}:\d{2} ?[ap]\.?m\.?.{0,8})?\W*",
    re.I,
)
# "Tom Lee is a staff writer.", "Dr Ana Ruiz teaches …": who somebody is.
_BIOGRAPHY = re.compile(
    r"[\W_]*(?:[^\W\d_a-z][\w.'’-]*\s+){2,4}(?:is|was|es|fue|est|ist)\s(?:[\w’'-]+,?\s){0,12}?"
    r"(?:writer|journalist|editor|reporter|author|fellow|professor|director|contributor|columnist|"
    r"correspondent|"
    r"producer|host|historian|researcher|analyst|lecturer|photographer|novelist|poet|critic|scholar|"
    r"escritora?|periodista|editora?|autora?|profesora?|directora?|investigadora?)s?\b"
)
_PAGE = re.compile(r"(?i)[\W_]*(?:.{0,60}\b(?:page|p\.|página)\s*)?\d{1,4}[\W_]*")
_NUMBER = re.compile(r"\W*\d{1,3}\s*[.)\\:–-]+\s+|\W*\d{1,3}\s*[.)]")
# Somebody who speaks for themselves, in English, Spanish, French, German, Portuguese, Italian.
_FIRST_PERSON = re.compile(
    r"(?i)(?<!\w)(?:i|i['’](?:m|ve|d|ll)|me|my|mine|myself|we|we['’](?:re|ve|d|ll)|us|our|ours|"
    r"yo|mi|mis|nos|nosotr[oa]s|nuestr[oa]s?|soy|estoy|tengo|creo|hemos|he|je|j['’]\w+|moi|mon|ma|mes|"
    r"nous|notre|"
    r"nos|ich|mich|mir|mein\w*|wir|uns\w*|eu|meu|minha|n[oó]s|noss[oa]s?|io|mio|mia|noi|nostr[oaie]|"
    r"\w+(?:amos|emos|imos))(?!\w)"
)

# A heading in plain text is short and carries no sentence end: "Global Policy", "The Way Forward".
HEADING_WORDS = 8
# So long a paragraph is prose; shorter lines at the top are titles, places and dates.
PROSE_WORDS = 12
# A lone question is no longer than this, and a prompt between two of one speaker's labels no longer.
QUESTION_WORDS = 60
PROMPT_WORDS = 30
# Fewer words may well be said twice.
PULLED_WORDS = 4
# A talk: most of its sections open without a label, and this share of its paragraphs says "I" or "we".
SECTIONS = 0.5
FIRST_PERSON = 0.3
# No talk asks more often than this; where more paragraphs do, somebody else may be asking.
QUESTIONS = 0.15
# Nobody else says more than this share of a talk.
OTHERS = 0.15
# Where several speakers are stated, this share of a talk's words has no label.
UNLABELLED = 0.4
# Captions in which this share of the cues has a voice name each one's.
VOICED = 0.5
# So many questions in italics set the asker's words apart; fewer are an emphasis.
ITALIC_QUESTIONS = 3
# Paragraphs that open with a dash are a dialogue from so many on, where of every other one so many ask, and
# of those between so few.
DASHES, DASHED_ASK, DASHED_ANSWER = 6, 0.6, 0.2
# A statement of the asker's so soon after the last question is one too.
LAST_WORDS = 4
# Bare questions without any label make an interview of a text from this number on.
BARE_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class _Unit:
    """A paragraph, or what a label inside it cuts off."""

    span: Span  # label and all
    kind: Kind
    text: str
    depth: int
    label: Label | None  # a label that the roster believes
    voice: Voice | None
    doubtful: Label | None  # what may be somebody's label, though nothing says so
    about: bool  # opens with a label that tells of the document: "Location:"
    set_apart: bool  # and that label is in bold
    bold: bool  # its words are
    slanted: bool  # all of it is in italics

    @property
    def words(self) -> Span:
        """Where its words are, without the label."""
        return Span(self.span.start + (self.label.end if self.label else 0), self.span.end)

    @property
    def said(self) -> str:
        """Its words, without the label."""
        return self.text[self.label.end :] if self.label else self.text

    @property
    def asks(self) -> bool:
        """Whether it ends in a question, or asks for something."""
        return asks(self.said)

    @property
    def parts(self) -> bool:
        """Whether it is a heading or a rule."""
        return self.kind in ("heading", "rule")

    @property
    def numbered(self) -> bool:
        """Whether a number stands before its words."""
        return bool(_NUMBER.match(self.text))

    @property
    def unlabelled(self) -> bool:
        """Whether it is words under no label of their own."""
        return (
            self.label is None
            and self.doubtful is None
            and self.kind not in ("heading", "rule", "code", "caption")
        )


def blocks(document: Document, facts: Facts | None = None) -> tuple[Block, ...]:
    """Every paragraph of the document in order, with what it is and whose words it holds."""
    named = inside(people_in(document, facts))
    document = replace(
        document, pieces=tuple(part for piece in document.pieces for part in cut(piece, document.text, named))
    )
    believed = roster(document, facts)
    units = [unit for piece in document.pieces for unit in _units(piece, document.text, believed)]
    units = _italics_as_bold(units)
    return tuple(_Walk(units, believed, _layout(units, believed)).blocks())


def turns(text: str, found: tuple[Block, ...]) -> tuple[Turn, ...]:
    """What the blocks hold as turns, in order, each answer with the question last put before it.

    Paragraphs of one question are one span; a questioner's label parts them.
    """
    made: list[Turn] = []
    asked: Span | None = None
    paragraphs: list[Block] = []
    last: Block | None = None
    asking: Span | None = None  # the question block right before

    def close() -> None:
        if paragraphs and last is not None:
            question = asked if last.kind == "answer" else None
            spans = tuple(block.span for block in paragraphs)
            through = through_interpreter(paragraphs[0].label)
            made.append(Turn(last.speaker, question, spans, tuple(_reported(text, paragraphs)), through))
            paragraphs.clear()

    for block in found:
        if block.kind == "question":
            close()
            words = fold(block.span.of(text))
            if (
                asking is not None
                and asked is not None
                and block.label is None
                and fold(asking.of(text)) != words
            ):
                asked = Span(asked.start, block.span.end)
            else:
                asked = block.span
            asking = block.span
        elif block.kind == "other":
            asking = None
        else:
            asking = None
            if last is not None and (
                block.label is not None or block.speaker != last.speaker or block.kind != last.kind
            ):
                close()
            paragraphs.append(block)
            last = block
    close()
    return tuple(made)


def _reported(text: str, paragraphs: Sequence[Block]) -> Iterator[Span]:
    """What of a turn is given as the words of others; a turn that opens in a block quotation is none."""
    for block in paragraphs:
        if block.quoted and not paragraphs[0].quoted:
            yield block.span
        else:
            for each in reported(block.span.of(text)):
                yield Span(block.span.start + each.start, block.span.start + each.end)


def _units(piece: Piece, text: str, believed: Roster) -> Iterator[_Unit]:
    """The piece, cut before every believed label inside it."""
    for part in cut(piece, text, believed.inside):
        found = candidates(part, text)
        label = believed.pick(found)
        paragraph = part.span.of(text)
        begin = label.end if label else 0
        bold = [Span(each.start - begin, each.end - begin) for each in stretches(part) if each.start >= begin]
        yield _Unit(
            part.span,
            part.kind,
            paragraph,
            part.depth,
            label,
            believed.voice(label) if label else None,
            believed.doubtful(found) if label is None and part.kind not in ("item", "heading") else None,
            label is None and any(is_about(each.key) and each.form == "colon" for each in found),
            any(is_about(each.key) and each.bold for each in found),
            bold_share(paragraph[begin:], bold) > BOLD,
            part.slanted,
        )


def _italics_as_bold(units: list[_Unit]) -> list[_Unit]:
    """The units; where italics set the questions apart, and nothing in bold does, they count as bold.

    The asker says more than questions: what is in italics between the first question and the last is the
    asker's too, but for an editor's words.
    """
    free = [at for at, unit in enumerate(units) if unit.unlabelled]
    asking = [at for at in free if units[at].slanted and units[at].asks]
    labelled = any(unit.voice is not None and not unit.voice.sound for unit in units)
    if len(asking) < ITALIC_QUESTIONS or labelled or any(units[at].bold and units[at].asks for at in free):
        return units
    answered = {at for at, after in pairwise(free) if after == at + 1 and not units[after].slanted}
    spoken = [
        at
        for at in free
        if units[at].slanted
        and units[at].kind == "paragraph"
        and asking[0] <= at
        and (at <= asking[-1] or (at in answered and at <= asking[-1] + LAST_WORDS))
    ]
    asked = {
        at
        for at in spoken
        if units[at].asks or not any(each.match(units[at].text) for each in (_EDITORIAL, _OUTRO, _BIOGRAPHY))
    }
    return [replace(unit, bold=True) if at in asked else unit for at, unit in enumerate(units)]


def _dialogue(units: Sequence[_Unit]) -> dict[int, bool]:
    """The paragraphs that open with a dash, where two voices take turns so, with whether each asks."""
    dashed = [at for at, unit in enumerate(units) if unit.unlabelled and _DASH.match(unit.text)]
    if len(dashed) < DASHES or any(unit.label is not None for unit in units):
        return {}
    first = next((number for number, at in enumerate(dashed) if units[at].asks), 0)
    turns = dashed[first:]
    put, given = ([units[at].asks for at in turns[number::2]] for number in (0, 1))
    if sum(put) < DASHED_ASK * len(put) or sum(given) > DASHED_ANSWER * len(given):
        return {}
    return {at: number % 2 == 0 for number, at in enumerate(turns)}


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the document sets questions, answers and talk apart."""

    asker: bool  # the asker's turns are labelled
    answerers: bool  # so are the answers
    headings: frozenset[int]  # levels of the headings that are questions
    bold: bool  # questions are in bold
    numbered: bool  # numbered paragraphs are questions, in bold where any of them is
    bare: bool  # questions are paragraphs like any other, without a label
    sole: str | None  # the one person with a label, where questions are bare
    named: int  # up to which unit the format names each speaker, so that no name is nobody's; -1: it does not
    talks: bool  # unlabelled paragraphs are somebody's talk, from the start
    talker: str | None  # whose it is, None where several speakers are stated
    resumes: str | None  # whose words follow a heading, when they were speaking before it
    narrative: bool  # nothing parts one voice from another
    plain: bool  # the format knows no headings, so that they are told by their print
    dialogue: dict[int, bool]  # paragraphs that open with a dash, and whether each is the asker's


def _layout(units: Sequence[_Unit], believed: Roster) -> _Layout:
    """The layout, by what is labelled and what is set in bold or as a heading."""
    labelled = [unit for unit in units if unit.label and unit.voice and not unit.voice.sound]
    askers = [unit for unit in labelled if unit.voice and unit.voice.role == "asks"]
    asker = bool(askers)
    free = [unit for unit in units if unit.unlabelled]
    asking = [unit for unit in free if unit.bold and unit.asks]
    numbered = [unit for unit in free if unit.numbered and unit.depth < 2]
    if any(unit.bold for unit in numbered):
        numbered = [unit for unit in numbered if unit.bold]
    counted = len(numbered) > 1 and not labelled and 2 * sum(unit.asks for unit in numbered) >= len(numbered)
    levels = {unit.depth for unit in units if unit.kind == "heading" and unit.label is None and unit.asks}
    headings = (
        frozenset(level for level in levels if _asking_level(units, level)) if not asker else frozenset()
    )
    bold = bool(asking) and not (asker and len(asking) < 2)
    prose = [unit for unit in free if len(unit.text.split()) >= PROSE_WORDS and not unit.bold]
    lone = [unit for unit in free if _is_one_question(unit.text)]
    put = sum(
        unit.unlabelled and unit.asks and after.label is not None and after not in askers
        for unit, after in pairwise(units)
    )
    bare = (
        not bold
        and not headings
        and (put > len(askers) if asker else bool(labelled) or len(lone) >= BARE_QUESTIONS)
    )
    names = {unit.voice.name for unit in labelled if unit.voice}
    talks, talker, resumes = _talk(units, labelled, prose, believed)
    return _Layout(
        asker,
        len(labelled) > len(askers),
        headings,
        bold,
        counted,
        bare,
        names.pop() if bare and len(names) == 1 else None,
        _named(units),
        talks,
        talker,
        resumes,
        not labelled and not bold and not headings and len(lone) < BARE_QUESTIONS and not talks,
        not any(unit.parts for unit in units),
        _dialogue(units),
    )


def _named(units: Sequence[_Unit]) -> int:
    """The last unit that the format gives to somebody, where it names the speaker of each; else -1.

    Captions may name a voice only where another one begins.
    """
    given = [at for at, unit in enumerate(units) if unit.label is not None and unit.label.form == "format"]
    cues = sum(unit.kind == "cue" for unit in units)
    return given[-1] if given and len(given) >= VOICED * cues else -1


def _asking_level(units: Sequence[_Unit], level: int) -> bool:
    """Whether headings of that level are questions: two at least, and half of them."""
    every = [unit for unit in units if unit.kind == "heading" and unit.depth == level]
    ask = sum("?" in unit.text or unit.asks for unit in every)
    return ask > 1 and 2 * ask >= len(every)


def _talk(
    units: Sequence[_Unit], labelled: Sequence[_Unit], prose: Sequence[_Unit], believed: Roster
) -> tuple[bool, str | None, str | None]:
    """Whether unlabelled paragraphs are a talk, whose it is, and who goes on after a heading.

    The source states the speakers, the paragraphs say "I" and "we", and none tells of a speaker.
    """
    nobody = False, None, None
    stated = believed.stated
    if not stated or not prose or any(_tells_of(unit.text, name) for unit in prose for name in stated):
        return nobody
    if sum(bool(_FIRST_PERSON.search(unit.text)) for unit in prose) < FIRST_PERSON * len(prose):
        return nobody
    if sum(unit.asks for unit in prose) > QUESTIONS * len(prose):
        return nobody
    first: list[_Unit] = []  # of each section
    free = 0  # words before any label of their section
    begun = False
    for unit in units:
        if unit.parts:
            begun = False
        elif not begun and (unit.label is not None or unit in prose):
            first.append(unit)
            begun = True
        free += _length(unit) if begun and first[-1].label is None and unit.label is None else 0
    if sum(unit.label is None for unit in first) < SECTIONS * len(first):
        return nobody
    talker = believed.talker
    if first[0].label is not None:
        return False, None, talker if first[0].voice and first[0].voice.name == talker else None
    words = sum(map(_length, units))
    others = sum(_length(unit) for unit in labelled if unit.voice and unit.voice.name not in (None, talker))
    if any(unit.label and fits(unit.label.name, name) for unit in labelled for name in stated):
        return nobody  # whoever is labelled by name says nothing without the label
    if talker is not None and others <= OTHERS * words:
        return True, talker, talker
    return (True, None, None) if free >= UNLABELLED * words else nobody


def _length(unit: _Unit) -> int:
    return len(unit.said.split())


class _Walk:
    """The state of the walk: who has the floor, since what, and what was asked."""

    def __init__(self, units: Sequence[_Unit], believed: Roster, layout: _Layout) -> None:
        self.units, self.believed, self.layout = units, believed, layout
        self.open = False  # whether unlabelled words have an owner
        self.asking = False  # whether that is who asks
        self.who: str | None = None
        self.role: str | None = None
        self.asked = False  # whether a question waits for an answer
        self.set_apart = False  # whether that question is in bold, or a heading
        self.labelled_question = False  # whether it has a label
        self.answering = False  # whether the words are an answer to it
        self.fresh = False  # whether nobody has answered it yet
        self.heard = False  # whether anybody has spoken yet
        self.ended = False
        self.waiting: str | None = None  # a label that stands alone, until the words it is for
        # The last unit that surely is of the interview.
        self.last = max(
            (at for at, unit in enumerate(units) if unit.label is not None or (unit.bold and unit.asks)),
            default=0,
        )

    def blocks(self) -> Iterator[Block]:
        """The blocks in order."""
        for at, unit in enumerate(self.units):
            yield self.block(at, unit)

    def block(self, at: int, unit: _Unit) -> Block:
        """What the unit is."""
        other = Block(unit.span, "other")
        if self.ended or unit.kind in ("code", "caption"):
            return other
        if unit.label is not None:
            return self.labelled(unit)
        if self.layout.dialogue and unit.unlabelled:
            return self.dashed(at, unit)
        if _CLOSING.fullmatch(unit.text):
            # A box for readers may stand anywhere; the rest of the page begins behind the last question.
            self.ended = at > self.last or not _BOX.fullmatch(unit.text)
            return other
        if unit.parts:
            return self.parted(unit)
        if self.is_question(at, unit):
            return self.question(unit)
        if self.is_of_the_page(at):
            return other
        if self.is_heading(unit):
            return other if self.holds(at) else self.parted(unit)
        if self.is_aside(at):
            return other
        if unit.about and unit.set_apart:
            return other
        if (
            _EDITORIAL.match(unit.text)
            or (len(unit.text) <= MOST_OF_A_MARK and _MARK.fullmatch(unit.text))
            or (at > self.last and self.is_outro(at))
        ):
            self.close()
            return other
        if unit.doubtful is not None and not self.cut_short(at):
            return self.somebody(at, unit, unit.doubtful)
        return self.carried(at, unit)

    def close(self) -> None:
        """Nothing; no unlabelled words have an owner from here on."""
        self.open = self.asking = self.asked = False
        self.who = self.role = self.waiting = None

    def labelled(self, unit: _Unit) -> Block:
        """A paragraph with a label that is believed."""
        voice, label = unit.voice, unit.label
        if label is not None and label.form == "format" and _BRACKETED.fullmatch(unit.said):
            return Block(unit.span, "other")  # "[laughter]" in a column of words
        if voice is None or label is None or voice.sound:
            self.close()
            return Block(unit.span, "other")
        # A format that names the speaker of each paragraph names them again while they go on.
        goes_on = label.form == "format" and self.open and voice.name is not None and self.who == voice.name
        self.open = self.heard = True
        self.who, self.role, self.asking = voice.name, voice.role, voice.role == "asks"
        self.waiting = None if goes_on else label.printed
        if not unit.said.strip():
            return Block(unit.span, "other")
        return self.question(unit) if self.asking else self.speech(unit)

    def dashed(self, at: int, unit: _Unit) -> Block:
        """A paragraph of a dialogue that dashes part; one without a dash may be the narrator's."""
        asks = self.layout.dialogue.get(at)
        if asks is None:
            own = self.heard and bool(_FIRST_PERSON.search(unit.text))
            return Block(unit.span, "speech" if own else "other")
        dash = _DASH.match(unit.text)
        words = Span(unit.span.start + (dash.end() if dash else 0), unit.span.end)
        self.heard = True
        return Block(words, "question") if asks else Block(words, "answer", self.believed.guest)

    def somebody(self, at: int, unit: _Unit, label: Label) -> Block:
        """A paragraph with a label that may be anybody's, or nobody's."""
        if not self.open and not self.heard and not self.layout.narrative:
            return Block(unit.span, "other")
        words = Span(unit.span.start + label.end, unit.span.end)
        said = unit.text[label.end :]
        self.open = True
        self.who = self.role = None
        self.asking = self.before_label(at) and asks(said)
        if not said.strip():
            self.waiting = label.printed
            return Block(unit.span, "other")
        self.answering = self.asking
        if self.asking:
            self.asked, self.set_apart, self.fresh = True, False, True
        return Block(words, "question" if self.asking else "speech", None, label.printed)

    def parted(self, unit: _Unit) -> Block:
        """A heading or a rule: a question, or the end of what stands before."""
        # Where headings ask, one that is a sentence is the asker's too: "You were no gardener."
        put = unit.asks or unit.numbered or "?" in unit.text or _is_sentence(unit.text)
        if unit.kind == "heading" and unit.depth in self.layout.headings and put:
            return self.question(unit)
        layout = self.layout
        before = self.who if self.open and not self.asking else None
        self.close()
        if unit.kind == "heading" and before is not None and before == (layout.talker or layout.resumes):
            self.open, self.who = True, before
        elif unit.kind == "heading" and layout.talks:
            self.heard = False
        elif unit.kind == "rule":
            self.heard = True
        return Block(unit.span, "other")

    def question(self, unit: _Unit) -> Block:
        """The words of whoever asks."""
        if unit.label is None and not (self.open and self.asking and not unit.bold and not unit.parts):
            self.who = self.role = None
        self.open = self.asking = self.asked = self.heard = self.fresh = self.answering = True
        self.set_apart = unit.bold or unit.parts or (self.layout.numbered and unit.numbered)
        self.labelled_question = unit.label is not None
        label, self.waiting = self.waiting, None
        words = unit.words
        if unit.label is None and (number := _NUMBER.match(unit.text)) and number.end() < len(unit.text):
            words = Span(unit.span.start + number.end(), unit.span.end)
        return Block(words, "question", self.who, label)

    def speech(self, unit: _Unit) -> Block:
        """The words of whoever has the floor."""
        label, self.waiting = self.waiting, None
        self.heard = True
        if label is not None:
            self.answering = self.asked and (
                self.role == "answers" or (self.role is None and (self.fresh or not self.layout.asker))
            )
            self.fresh = False
            if not self.answering and self.layout.asker:
                self.asked = False  # others are talking: what was asked is left behind
        answers = self.answering and self.asked
        quoted = unit.kind == "quote" and unit.label is None
        return Block(unit.words, "answer" if answers else "speech", self.who, label, quoted)

    def carried(self, at: int, unit: _Unit) -> Block:
        """A paragraph without a label."""
        if at <= self.layout.named or (unit.kind == "cue" and _CHANGE.match(unit.text)):
            # Somebody else may be speaking: the format names no one here, though it does elsewhere.
            heard = self.heard
            self.close()
            return Block(unit.span, "speech" if heard else "other")
        if self.open and self.asking and self.layout.sole is not None and self.goes_on(at):
            self.asking, self.who, self.role = False, self.layout.sole, "answers"
        if self.open and self.asking and not self.answered_by(unit):
            if self.set_apart and not unit.bold:
                return Block(unit.span, "other")  # between a question and the labelled answer
            return self.question(unit)
        if self.open and self.asking:
            # Only what is set apart is surely a question; what follows a plain one may be the asker's too.
            self.asking, self.role = False, "answers"
            self.who = self.believed.guest if self.set_apart or self.labelled_question else None
        if self.open:
            if unit.kind != "cue" and self.tells(unit):
                self.who = None
            return self.speech(unit)
        if self.layout.talks and not self.heard and self.begins(unit):
            self.open, self.who = True, self.layout.talker
            return self.speech(unit)
        if self.layout.narrative and self.begins(unit):
            return Block(unit.span, "speech")
        return Block(unit.span, "other")

    def goes_on(self, at: int) -> bool:
        """Whether who answers goes on after a lone question: no label follows before the next question.

        Where one does, the paragraph may be the question's second.
        """
        for after in range(at, len(self.units)):
            unit = self.units[after]
            if unit.label is not None or unit.doubtful is not None:
                return False
            if unit.parts or (after > at and self.is_question(after, unit)):
                return True
        return True

    def answered_by(self, unit: _Unit) -> bool:
        """Whether an unlabelled paragraph after a question answers it."""
        return not self.layout.answerers and not (unit.bold and self.set_apart)

    def begins(self, unit: _Unit) -> bool:
        """Whether it is prose, and no title, place, date or link."""
        if unit.about or (_ADDRESS.search(unit.text[-200:]) and len(unit.text.split()) < PROSE_WORDS):
            return False
        return len(unit.text.split()) >= PROSE_WORDS or unit.text.rstrip("\"'”’»)_* ").endswith(
            (".", "!", "?", "…")
        )

    def before_label(self, at: int) -> bool:
        """Whether a label opens the next paragraph."""
        after = self.units[at + 1] if at + 1 < len(self.units) else None
        return after is not None and (after.label is not None or after.doubtful is not None)

    def cut_short(self, at: int) -> bool:
        """Whether a cue goes on amid a sentence, so that a word before a colon is no label."""
        if self.units[at].kind != "cue" or at == 0:
            return False
        return not self.units[at - 1].text.rstrip("\"'”’»)]").endswith((".", "!", "?", "…"))

    def is_question(self, at: int, unit: _Unit) -> bool:
        """Whether an unlabelled paragraph is the asker's, by its print or its place."""
        layout = self.layout
        if not unit.unlabelled or unit.kind == "cue" or self.waiting is not None:
            return False
        if layout.numbered and unit.numbered and unit.depth < 2 and (unit.bold or not layout.bold):
            return True
        said = unit.slanted or _is_sentence(unit.text)
        if unit.bold and (unit.asks or (layout.bold and not layout.asker and said)):
            return True
        if not layout.bare or unit.kind in ("item", "quote"):
            return False
        if unit.asks and self.before_label(at):
            return True
        if _is_one_question(unit.text) and (self.open or not layout.answerers):
            return True
        return self.is_prompt(at, unit)

    def is_prompt(self, at: int, unit: _Unit) -> bool:
        """Whether one short sentence alone stands between two labels of one person: the asker's, then.

        Why else would the label come again? "You were born in Leeds."
        """
        if not 0 < at < len(self.units) - 1 or len(unit.text.split()) > PROMPT_WORDS or not self.asked:
            return False
        before, after = self.units[at - 1], self.units[at + 1]
        return (
            before.label is not None
            and after.label is not None
            and before.label.key == after.label.key
            and bool(before.said.strip())
            and _is_sentence(unit.text)
            and not re.search(r"[.?!…]\s", unit.text)
        )

    def is_heading(self, unit: _Unit) -> bool:
        """Whether a paragraph is a heading by its print."""
        if unit.kind in ("cue", "item", "quote") or unit.about:
            return False
        if unit.bold and not _is_sentence(unit.text) and len(unit.text.split()) <= PROSE_WORDS:
            return True
        return self.layout.plain and _is_heading(unit.text)

    def holds(self, at: int) -> bool:
        """Whether a line in bold stands inside an answer: both sides are labelled, and more follow."""
        text = self.units[at].text
        return (
            self.units[at].bold
            and not (len(text.split()) > 1 and shaped_like_a_name(text))
            and self.open
            and not self.asking
            and self.layout.asker
            and self.layout.answerers
            and any(unit.label is not None for unit in self.units[at + 1 :])
        )

    def is_aside(self, at: int) -> bool:
        """Whether it is a remark in brackets, a caption, a link, or a line printed twice running."""
        unit = self.units[at]
        if unit.kind == "cue":
            return bool(_BRACKETED.fullmatch(unit.text))
        short = len(unit.text.split()) < PROSE_WORDS
        if unit.slanted and short and self.layout.asker and self.layout.answerers:
            return True  # what happens meanwhile, where whoever speaks has a label
        if self.is_pulled(at):
            return True
        near = [self.units[i] for i in (at - 1, at + 1) if 0 <= i < len(self.units)]
        twins = [each for each in near if each.text == unit.text]
        # Set as a quotation it is the one that was pulled out of the text.
        if unit.kind != "quote" and twins and all(each.kind == "quote" for each in twins):
            return False
        return bool(twins) or any(
            pattern.fullmatch(unit.text)
            for pattern in (_BRACKETED, _LANGUAGE_LINK, _CREDIT, _ADDRESS, _PROMOTION)
        )

    def is_outro(self, at: int) -> bool:
        """Whether a paragraph behind the last question takes leave, or tells who wrote the piece."""
        unit = self.units[at]
        if _OUTRO.match(unit.text):
            return True
        # In italics as no answer's paragraph before it is.
        apart = unit.slanted and not self.units[at - 1].slanted
        return not _FIRST_PERSON.search(unit.text) and (apart or bool(_BIOGRAPHY.match(unit.text)))

    def is_pulled(self, at: int) -> bool:
        """Whether words set apart stand in another paragraph too: a pull quote, whoever's turn it is in."""
        text = self.units[at].text.strip()
        marked = bool(re.fullmatch(r"[“\"«„].+[”\"»“]", text, re.S))
        words = fold(text.strip('“”"«»„ .,;:!?…'))
        if not (self.units[at].kind == "quote" or marked) or len(words.split()) < PULLED_WORDS:
            return False
        return any(
            words in fold(each.text) for i, each in enumerate(self.units) if i != at and each.kind != "quote"
        )

    def is_of_the_page(self, at: int) -> bool:
        """Whether a line in plain text is a page's number, or a heading again as the page's head."""
        unit = self.units[at]
        if not self.layout.plain or unit.kind == "cue":
            return False
        return bool(_PAGE.fullmatch(unit.text)) or (
            _is_head(unit.text) and any(unit.text == each.text for each in self.units[:at])
        )

    def tells(self, unit: _Unit) -> bool:
        """Whether a paragraph is about who would be its speaker, or opens with a speaker's name.

        "Ann Lee is a miller.", "ANN LEE. We…": about her or by her, so nobody's for certain.
        """
        own = bool(_FIRST_PERSON.search(unit.text))
        opening = " ".join(parts(re.sub(r"^[\W\d_]+", "", unit.text[:200])))
        for name in self.believed.names:
            words = " ".join(parts(name))
            if " " in words and re.match(rf"{re.escape(words)}(?![^\W_])", opening):
                rest = unit.text[len(unit.text[:200]) - len(unit.text[:200].lstrip(r"\W")) :]
                if not own or not re.match(rf"(?i)[\W\d_]*{_loosely(name)}['’\w]*\s+[^\W_]", rest):
                    return True
        return self.who is not None and not own and _tells_of(unit.text, self.who)


def _loosely(name: str) -> str:
    """A pattern of the name, whatever blanks and points part its words."""
    return r"[\s.\u00ad]+".join(re.escape(word.rstrip(".")) for word in name.split())


def _tells_of(text: str, name: str) -> bool:
    """Whether a text speaks of the person by surname, and says neither "I" nor "we"."""
    words = core(name)
    if not words or len(words[-1]) < 3:
        return False
    return bool(
        re.search(rf"(?<![^\W_]){re.escape(words[-1])}(?![^\W_])", fold(text))
    ) and not _FIRST_PERSON.search(text)


def _is_one_question(paragraph: str) -> bool:
    return (
        paragraph.rstrip("\"'”’»*_ ").endswith("?")
        and not re.search(r"[.?!…]\s", paragraph)
        and len(paragraph.split()) <= QUESTION_WORDS
    )


def _is_sentence(paragraph: str) -> bool:
    """Whether it has the end and the length of a sentence, as no heading has."""
    return paragraph.rstrip("\"'”’»)*_ ").endswith((".", "!", "?", "…", ":")) and len(paragraph.split()) > 2


def _is_head(paragraph: str) -> bool:
    return 1 < len(paragraph.split()) <= 2 * HEADING_WORDS and paragraph.isupper()


def _is_heading(paragraph: str) -> bool:
    words = paragraph.split()
    if paragraph.isupper() and 1 < len(words) <= HEADING_WORDS and paragraph[-1].isalnum():
        return True
    return (
        1 < len(words) <= HEADING_WORDS
        and paragraph[-1].isalnum()
        and all(word[0].isupper() for word in words if len(word) > 3)
        and words[0][0].isupper()
        and any(len(word) > 3 for word in words)
    )
