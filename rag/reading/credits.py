"""Whom a source states: in facts and front matter, in its title and in the prose before the interview.

Who is said to be interviewed is read from turns of phrase ("an interview with", "we spoke to"). Where
two statements conflict, nobody is.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rag.fold import fold
from rag.reading.document import Document, Found
from rag.reading.facts import Facts
from rag.reading.labels import Label, initialled, is_about, is_talk, is_wording
from rag.reading.names import (
    core,
    distinct,
    fits,
    initials,
    names_in,
    one_of,
    parts,
    same_person,
    shaped_like_a_name,
)
from rag.reading.prints import BOLD, asks, bold_share, stretches
from rag.reading.stated import straight
from rag.records import Span

# An intro is looked for names no further than this.
INTRO_PIECES = 40
_SOMEBODY = re.compile(r"(?i)\b(?:she|he|her|his|him|ella|[eé]l)\b")
_DOES = re.compile(
    r"(?:,[^,.]{2,80},)?\s+(?:is|was|has|had|runs?|ran|builds?|built|makes?|made|draws?|drew|writes?|wrote|"
    r"teaches|taught|works?|worked|keeps?|kept|spent|knows?|knew|lives?|lived|grew|began|started|became|"
    r"leads?|"
    r"led|founded|co-founded|directs?|directed|plays?|sings?|paints?|studies|studied|bakes?|es|fue|dirige|"
    r"escribe|trabaja|lleva)\b"
)
# Who talks with whom is told in so many characters of a paragraph, if it is told at all.
MOST_OF_AN_INTRO = 3_000
# So many paragraphs may be titles, of so many words.
SUBTITLES, SHORT_TITLE = 3, 25
# A label that comes so often is one, even where it is a word of the language too.
OFTEN = 3


def people_in(document: Document, facts: Facts | None) -> list[str]:
    """The people whom facts and the document's own metadata state."""
    given = [person.name for person in facts.people] if facts else []
    return distinct([*given, *(each.value for each in document.found if each.field == "person")])


@dataclass(frozen=True)
class Stated:
    """The people whom the source states, by how surely they speak."""

    given: tuple[str, ...]  # facts and front matter
    sure: tuple[str, ...]  # those, and "Guest: Ana Ruiz"
    told: tuple[str, ...]  # who is said to be interviewed, the authors
    others: tuple[str, ...]  # named where title or intro tells who talks with whom
    mentioned: tuple[str, ...]  # named at all
    authors: tuple[str, ...]
    guests: tuple[str, ...] | None  # who is said to be interviewed; None where statements conflict
    talker: str | None
    by_role: dict[str, str]  # "host", "guest" to the one name that a header line or front matter gives
    hosts: tuple[str, ...]  # who asks by a header line
    heard: tuple[str, ...]  # who answers by a header line
    aliases: dict[str, str]  # folded labels that facts or intro give for a person

    @staticmethod
    def of(
        document: Document, facts: Facts, opened: Sequence[Sequence[Label]], common: frozenset[str]
    ) -> "Stated":
        """What facts, front matter, title and intro state."""
        persons = [each for each in document.found if each.field == "person"]
        given = people_in(document, facts)
        authors = [straight(each.value) for each in document.found if each.field == "author"]
        titles = (
            [facts.title] if facts.title else [each.value for each in document.found if each.field == "title"]
        )
        intro = _intro(document, opened, common)
        headers = _header(intro, common)
        headed = [name for names in headers.values() for name in names]
        by_role = {role: names[0] for role, names in headers.items() if role and len(names) == 1}
        by_role |= _front_roles(persons)
        for paragraph in intro:
            if byline := _BYLINE.match(paragraph):
                authors += [name for name, _ in names_in(paragraph[byline.end() :], common)]
        whole = " ".join(document.text.split())
        mentioned = distinct(
            _settled(name, whole)
            for each in (*titles, *intro)
            for name, span in names_in(each, common)
            if not _opens(each, span)
        )
        # A byline of one word, "ana", is whoever alone is mentioned by that name.
        authors = [one_of(name, mentioned) or name if len(core(name)) < 2 else name for name in authors]
        sure = distinct([*given, *headed])
        guests = _guests(titles, intro, [*sure, *authors, *mentioned], authors, common, whole)
        # Whom a piece is about, where nothing else tells, is the one who is interviewed.
        about = [each.value for each in document.found if each.field == "about"]
        if guests == () and len(about) == 1:
            guests = (about[0],)
        others = [_settled(name, whole) for each in (*titles, *intro) for name in _talking(each, common)]
        aliases = _declared(intro, common)
        aliases |= {
            " ".join(parts(alias)): person.name for person in facts.people for alias in person.aliases
        }
        talker = given[0] if len(given) == 1 and given[0] != by_role.get("host") else None
        return Stated(
            tuple(given),
            tuple(sure),
            tuple(distinct([*(guests or ()), *(name for name in authors if len(core(name)) > 1)])),
            tuple(distinct(others)),
            tuple(mentioned),
            tuple(authors),
            guests,
            talker,
            by_role,
            tuple(headers.get("host", ())),
            tuple(headers.get("guest", ())),
            aliases,
        )

    def whose(self, label: str) -> str | None:
        """The one person stated whom the label may stand for, None where nobody or several fit."""
        if (name := self.aliases.get(" ".join(parts(label)))) is not None:
            return name
        for names in (self.sure, self.told, self.others):
            if name := one_of(label, names):
                return name
            if any(fits(label, name) for name in names):
                return None
        return None

    def names(self, label: str) -> bool:
        """Whether the label is the full name of somebody mentioned anywhere."""
        return any(
            same_person(label, name) for name in (*self.sure, *self.told, *self.others, *self.mentioned)
        )

    def guest(self) -> str | None:
        """The one who is interviewed, if it is one."""
        if self.guests is None:
            return None
        if self.guests:
            return self.guests[0] if len(self.guests) == 1 else None
        if "guest" in self.by_role:
            return self.by_role["guest"]
        people = [
            name
            for name in self.sure
            if not any(same_person(name, each) or fits(each, name) for each in self.authors)
            and name not in self.by_role.values()
        ]
        return people[0] if len(people) == 1 else None


def _declared(intro: Sequence[str], common: frozenset[str]) -> dict[str, str]:
    """Initials that prose gives behind a name, "Ana Ruiz (AR) runs a mill", unless for two people."""
    found: dict[str, list[str]] = defaultdict(list)
    for paragraph in intro:
        for name, span in names_in(paragraph, common):
            match = re.match(r"\s*[(\[]([^\W\d_]{2,4})[)\]]", paragraph[span.end :])
            if match and fold(match[1]) in initials(name):
                found[fold(match[1])].append(name)
    return {initial: names[0] for initial, names in found.items() if len(distinct(names)) == 1}


_SINGLE_ROLE = re.compile(r"(?i)(?:ist|ician|orian|naut|maker|writer|laureate|winner)s?$")


def _settled(name: str, whole: str) -> str:
    """The name without a word before it that is none: "Physicist Ana Ruiz", where it stands alone too."""
    words = name.split()
    while len(words) > 2:
        rest = " ".join(words[1:])
        alone = re.search(rf"(?<!{re.escape(words[0])} )(?<![\w-]){re.escape(rest)}(?!\w)", whole)
        if not _SINGLE_ROLE.search(words[0]) and (
            alone is None or (len(words) > 3 and words[1][0].islower())
        ):
            break
        words = words[1:]
    return " ".join(words)


def _front_roles(persons: Sequence[Found]) -> dict[str, str]:
    """Host and guest, by the keys under which front matter states people."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in persons:
        key = fold(each.where.split()[-1]) if each.where.split() else ""
        role = next((role for start, role in _ROLES if key.startswith(start)), None)
        if role:
            found[role].append(each.value)
    return {role: names[0] for role, names in found.items() if len(names) == 1}


def _opens(paragraph: str, name: Span) -> bool:
    """Whether the name is what stands before the first colon, as "Sunday Paper: https://…" has it."""
    return (
        bool(re.match(r"[^.?!,;:：]{0,40}[:：]", paragraph[name.end :]))
        and not paragraph[: name.start].strip()
    )


_BYLINE = re.compile(
    r"[\W_]*(?i:by|authors?|written by|interview(?:ed| conducted)? by|text|words|por|autor(?:a|es)?|von|par)"
    r"[\W_]*[:：\s][\W_]*(?=[^\W\d_a-z])"
)
_HEADED = re.compile(
    r"(?i)[\W_]*(?P<role>guests?|hosts?|interviewees?|interviewers?|speakers?|moderators?|participants?|"
    r"panel(?:l?ists)?|members present|witness(?:es)?|"
    r"invitad[oa]s?|entrevistad[oa]s?|entrevistador(?:a|es)?|presentador(?:a|es)?|gast|g[aä]ste|"
    r"invit[eé]e?s?)"
    r"[\s*_]*[:：][\s*_]*(?P<names>.+)"
)
# Over a list of those who are heard, a line each: "Ana Ruiz, Director of Mills".
_WITNESSES = re.compile(r"(?i)\W*(?:list of )?witness(?:es)?\W*")
_ROLES = (
    ("entrevistador", "host"),  # before "entrevistad", who is the guest
    ("interviewer", "host"),
    *((start, "guest") for start in ("guest", "interviewee", "invit", "entrevistad", "gast", "witness")),
    *((start, "host") for start in ("host", "moderator", "presentador", "members")),
)


def _header(intro: Sequence[str], common: frozenset[str]) -> dict[str, list[str]]:
    """Whom lines like "Guest: Ana Ruiz" name, by role: "host", "guest", or "" where they do not tell."""
    roles: dict[str, list[str]] = defaultdict(list)
    listed = False
    above = ""  # a role that stands alone on the line above
    for paragraph in intro:
        paragraph, above = f"{above}{paragraph}", ""
        if len(paragraph.split()) == 1 and _HEADED.fullmatch(f"{paragraph}: -"):
            above = f"{paragraph}: "
            continue
        if _WITNESSES.fullmatch(paragraph):
            listed = True
            continue
        if listed and (first := names_in(paragraph, common)[:1]) and first[0][1].start == 0:
            roles["guest"].append(first[0][0])
            continue
        listed = False
        match = _HEADED.fullmatch(paragraph)
        if not match or len(paragraph.split()) > 25:
            continue
        names = [name for name, _ in names_in(match["names"], common)]
        if not names or asks(paragraph):
            continue
        word = fold(match["role"])
        role = next((role for start, role in _ROLES if word.startswith(start)), "")
        roles[role] += names
    return roles


def _intro(document: Document, opened: Sequence[Sequence[Label]], common: frozenset[str]) -> list[str]:
    """The paragraphs before the interview itself: before the first label that repeats, or bold question."""
    times = Counter(key for found in opened for key in {label.key for label in found if label.form != "line"})
    taken: list[str] = []
    for piece, found in zip(document.pieces[:INTRO_PIECES], opened, strict=False):
        paragraph = piece.span.of(document.text)
        strong = [
            label
            for label in found
            if label.form in ("colon", "bracket", "dash", "time", "point", "format")
            and not is_about(label.key)
            and (not is_wording(label, common) or (times[label.key] >= OFTEN and not is_talk(label.key)))
            and (times[label.key] > 1 or initialled(label) or (label.bold and shaped_like_a_name(label.name)))
        ]
        title = piece is document.pieces[0] and piece.kind == "heading" and piece.depth < 2
        if strong or (
            not title
            and asks(paragraph)
            and (piece.kind == "heading" or bold_share(paragraph, stretches(piece)) > BOLD)
        ):
            break
        taken.append(paragraph[:MOST_OF_AN_INTRO])
    return taken


_WITH = (
    r"oral history (?:of|with)|interview(?:s|ed|ing)?(?: with| of)?(?! by)|in conversation with|"
    r"conversation with|q\s?(?:&|"
    r"and)\s?a (?:with|:)|"
    r"questions (?:with|for|to)|minutes with|(?:our|today['’]?s|this week['’]?s|my|special) guest(?: "
    r"today)?(?: is|,|:)|"
    r"(?:am |are |is |was |were |be |['’]m |['’]re )joined by|welcome to the show,?|introducing|"
    r"(?:we|i|i['’]ve|we['’]ve) (?:recently |just |also |had the (?:chance|opportunity|pleasure) to |got "
    r"to |got a chance to |"
    r"were able to |was able to |recently got to )*"
    r"(?:spoke|speak|talked|talk|chatted|chat|sat down|sit down|caught up|catch up|met(?: up)?|connected|"
    r"checked in) "
    r"(?:\w+ ){0,2}?(?:with|to)|(?:we|i) (?:recently )?(?:interviewed|asked|reached out to)|"
    r"entrevista (?:a|con|de)|entrevistamos a|entrevist[eé] a|conversaci[oó]n con|charla con|hablamos con|"
    r"conversamos con|"
    r"charlamos con|entretien avec|interview (?:de|mit|con|met)|nous avons rencontr[eé]|gespr[aä]ch mit|"
    r"wir sprachen mit|im gespr[aä]ch mit|entrevista com|conversa com|intervista (?:a|con|ad)|abbiamo "
    r"intervistato"
)
_GUEST = re.compile(rf"(?i)(?<![\w])(?:{_WITH})(?![\w])")
# Who of the two is the guest is told by the byline alone: "Ana Ruiz sat down with our Bo Day."
_EITHER = re.compile(
    r"(?i)(?<!\w)(?:(?:sat|sits?|sitting) down with|(?:caught|catch|catches) up with|chat(?:s|ted)? with|"
    r"(?:talk(?:s|ed)?|sp[eo]aks?|spoke|discussed .{0,60}?) (?:to|with)|conversa con|habla con|charla "
    r"con)(?!\w)"
)
_QUOTED_TITLE = re.compile(r"(?P<name>[^\W\d_][^:：\"“«,]{2,60})[:：,]\s*[\"“«‘']")
_SENTENCE_END = re.compile(r"[.!?;](?=\s+[^\W\da-z])|[;!?]|\n")
_BETWEEN = re.compile(
    r"(?:\s*\([^()]*\))?(?:['’]s)?\s*(?:,|and|&|,\s*and|y|,\s*y|e|et|und|with|con)?\s*(?:and|&|"
    r"y)?\s*(?:also\s+)?"
)


_MEET = re.compile(r"(?i)\W*meet(?:ing)?(?!\w)")
# A name right after such a word is what is talked about, not who talks.
_AFTER = re.compile(
    r"(?i)(?<!\w)(?:about|on|of|from|for|like|at|in|regarding|than|near|under|after|over|before|against|"
    r"sobre|de|del|"
    r"desde|en|para|uber|von|sur|du|des|d|di|da|do)\s+(?:the\s+)?$"
)
_BY = re.compile(
    r"(?i)(?:hosted|interviewed|joined|led|moderated|conducted|presented|asked|entrevistad[oa]) (?:by|por) $"
)
_TALKS = re.compile(
    r"(?i)(?<!\w)(?:sp(?:eaks?|oke|oken|eaking)|talk\w*|chat(?:s|ted|ting)?|discuss\w*|interview\w*|"
    r"conversation\w*|"
    r"sat down|sits? down|caught up|met|joined?|joins|joining|host\w*|guests?|asks?|asked|answer\w*|"
    r"questions?|initials|"
    r"moderat\w*|panel|podcast|episode|q&a|welcomes?|conducted|"
    r"entrevist\w*|convers\w*|charl\w*|habl\w*|pregunt\w*|entretien|gespr[aä]ch\w*|sprach\w*)(?!\w)"
)


def _talking(paragraph: str, common: frozenset[str]) -> list[str]:
    """The people whom a paragraph names as talking together, or introduces first thing in a list's item."""
    found: list[str] = []
    for name, span in names_in(paragraph, common):
        start = max([0, *(each.end() for each in _SENTENCE_END.finditer(paragraph, 0, span.start))])
        stop = _SENTENCE_END.search(paragraph, span.end)
        sentence = paragraph[start : stop.start() if stop else None]
        before = paragraph[start : span.start]
        possessed = re.match(r"['’]s\b", paragraph[span.end :])
        if possessed or (_AFTER.search(before) and not _BY.search(before)) or _opens(paragraph, span):
            continue
        first = not paragraph[: span.start].strip(" -–•*·\t") and re.match(
            r"\s+(?:is|was)\s", paragraph[span.end :]
        )
        if _TALKS.search(sentence) or first:
            found.append(name)
    return found


def _guests(
    titles: Sequence[str],
    intro: Sequence[str],
    known: Sequence[str],
    authors: Sequence[str],
    common: frozenset[str],
    whole: str,
) -> tuple[str, ...] | None:
    """Who is said to be interviewed: nobody where nothing says it, None where two statements conflict."""
    stated: list[list[str]] = []
    for paragraph in (*titles, *intro):
        stated += [_named_next(paragraph, match.end(), known, common) for match in _GUEST.finditer(paragraph)]
        stated += [_either(paragraph, match, known, authors, common) for match in _EITHER.finditer(paragraph)]
    for title in titles:
        if match := _MEET.match(title):
            stated.append(_named_next(title, match.end(), known, common))
        if match := _QUOTED_TITLE.match(title):
            stated.append([name for name, _ in names_in(match["name"], common)][:1])
    if not any(stated):
        stated = [_introduced(intro, authors, common)]
    if not any(stated):
        stated = [_speaks_on(title, common) for title in (*titles, *intro[:SUBTITLES])]
    people = [distinct(_settled(name, whole) for name in each) for each in stated if each]
    if not people:
        return ()
    most = max(people, key=len)
    for each in people:
        if not all(any(same_person(name, other) or fits(name, other) for other in most) for name in each):
            return None
    return tuple(most)


def _introduced(intro: Sequence[str], authors: Sequence[str], common: frozenset[str]) -> list[str]:
    """The one person whom the intro tells of: "Ana Ruiz has run the ferry for forty years. She …"."""
    text = " ".join(intro)
    if not _SOMEBODY.search(text):
        return []
    told = distinct(
        name
        for paragraph in intro
        for name, span in names_in(paragraph, common)
        if _DOES.match(paragraph[span.end :])
        and not any(same_person(name, each) or fits(each, name) for each in authors)
    )
    return told if len(told) == 1 else []


def _speaks_on(title: str, common: frozenset[str]) -> list[str]:
    """Whose words a title announces: "Ana Ruiz on bread", "The miller Ana Ruiz on floods and flour"."""
    if len(title.split()) > SHORT_TITLE or title.rstrip().endswith("."):
        return []
    return [
        name
        for name, span in names_in(title, common)
        if re.match(r"\s+(?:on|sobre|über)\s+[^\W\d_]", title[span.end :])
    ][:1]


def _named_next(paragraph: str, at: int, known: Sequence[str], common: frozenset[str]) -> list[str]:
    """The people named right after `at`: one, or a list of them."""
    stop = _SENTENCE_END.search(paragraph, at)
    rest = paragraph[at : stop.start() if stop else None]
    named: list[str] = []
    end = 0
    for name, span in names_in(rest, common):
        between = rest[end : span.start]
        if not named and (
            len(between.split()) > 8 or re.search(r"[,:(]\s", between) or _AFTER.search(between)
        ):
            break
        if named and not _BETWEEN.fullmatch(between):
            break
        named.append(name)
        end = span.end
    return named or _first_names(rest, known)


def _first_names(rest: str, known: Sequence[str]) -> list[str]:
    """Those whose first names or surnames alone are listed: "Maria, Eddie, and Luke"."""
    named: list[str] = []
    end = 0
    for token in re.finditer(r"[^\W\d_][\w’'-]*", rest):
        between = rest[end : token.start()]
        if not shaped_like_a_name(token.group()):
            if named and not _BETWEEN.fullmatch(f"{between}{token.group()} "):
                break
            continue
        if (named and not _BETWEEN.fullmatch(between)) or (not named and len(between.split()) > 3):
            break
        whose = one_of(token.group(), known)
        if whose is None:
            break
        named.append(whose)
        end = token.end()
    return named


def _either(
    paragraph: str, match: re.Match[str], known: Sequence[str], authors: Sequence[str], common: frozenset[str]
) -> list[str]:
    """Who is the guest of "X sat down with Y": the one of them who did not write the piece."""
    start = max([0, *(each.end() for each in _SENTENCE_END.finditer(paragraph, 0, match.start()))])
    before = [name for name, _ in names_in(paragraph[start : match.start()], common)]
    after = _named_next(paragraph, match.end(), known, common)

    def wrote(name: str) -> bool:
        return any(same_person(name, each) or fits(each, name) for each in authors)

    if before and after and any(wrote(name) for name in before) and not any(wrote(name) for name in after):
        return after
    if len(before) == 1 and after and all(wrote(name) for name in after) and not wrote(before[0]):
        return before
    return []
