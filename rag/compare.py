"""Whether a question wants several speakers side by side, and about what. English and Spanish, by rules.

"What do they think about oil?", "Do Mines and Caridad agree on it?", "compare their views": who is meant
must be the speakers, and what is asked of them must be their words. "What do the two governments agree
on?" asks for an answer like any other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rag.fold import words as words_of
from rag.people import speaker_named


@dataclass(frozen=True, slots=True)
class Comparison:
    """What several speakers are asked for. `topic` is empty where the question leaves it out."""

    topic: str


# Each speaker's name is one sign while a question is looked at; nobody types these.
_FIRST_SIGN = 0xE000
MOST_SIGNS = 256
_SIGN = "[\ue000-\ue0ff]"

# What stands between the signs < and > in a frame; a part may hold others.
_PARTS = {
    "name": rf"{_SIGN}(?:['’]?s)?",
    "names": r"<name>(?: ?(?:,|&|/|and|n|or|vs?\.?|versus|with|against|to|from|than) ?<name>)+",
    "kind": "speakers?|experts?|interviewees?|guests?|analysts?|pan(?:el)?l?ists?|participants?|specialists?|"
    "commentators?|scholars?|authors?|respondents?",
    "two": "two|2|three|four",
    "the kind": r"(?:(?:these|those|the|all|both|each|either)(?: of)?(?: the)?(?: <two>)?(?: other)?(?: \w+)? )?<kind>",
    "them": "them|the <two>|the <kind>|the <two> <kind>|these <two>",
    "both": "both(?: of <them>)?|each(?: one)?(?: of <them>)?|either(?: of <them>)?|the <two>(?: of them)?",
    "who": "<names>|they(?: both| all| each| <two>)?|<both>|<the kind>|every(?:one|body)|all of <them>",
    "sure who": "<names>|they(?: both| each| <two>)|<both>|<the kind>",
    "whose": "their|both|each(?: <kind>(?:['’]s)?)?|the (?:<two> )?<kind>['’]s?|<name>(?: <views>)?"
    "(?: ?(?:,|&|/|and|n|or|vs?\\.?|versus|with|against|to) ?<name>)+",
    "how": r"(?: (?:each|both|all|also|really|actually|ever|generally|fully|even|respectively|completely|always))*",
    "say": "sa(?:y|ys|id|ying)|think(?:s|ing)?|thought|believe[sd]?|feels?|felt|argue[sd]?|views?|viewed|sees?|saw|"
    "make of|have to say|comment(?:ed)?|talk(?:ed)?|speak|spoke|tell us|told us|mention(?:ed|s)?|describe[sd]?|"
    "assess(?:ed)?|judge[sd]?|regard|rate|explain(?:ed|s)?|recommend(?:ed|s)?|suggest(?:ed|s)?|propose[sd]?|"
    "predict(?:ed|s)?|expect(?:ed|s)?|advise[sd]?|claim(?:ed|s)?|characteri[sz]e[sd]?|interpret(?:ed)?",
    "views": "views?|opinions?|positions?|thoughts?|takes?|stances?|perspectives?|points? of view|viewpoints?|"
    "assessments?|answers?|arguments?|statements?|words?|comments?|readings?|remarks?|views and opinions",
    "agree": "agree?(?!d? to\\b)|disagree|differ|diverge|concur|see eye to eye|think alike|think the same|clash|"
    "part ways|contradict <each other>|say the same(?: thing)?|compare|contrast|at odds|aligned|divided|"
    "share (?:the same|a|one|any) (?:common )?<views>|(?:in )?agreement|in disagreement|on the same page|"
    "have (?:the same|different|similar|differing|opposing) <views>|of (?:the same|one) (?:mind|opinion)",
    "each other": "each other|one another",
    "gap": "disagreements?|agreements?|diff?[ef]*rences?|consensus|common ground|daylight|overlaps?|contrasts?|"
    "similarit(?:y|ies)",
    "do": "do|does|did|would|have|has|are|is|were|can|could|might|will",
    "not": "(?:n['’]t| not)?",
    "on": "about|on|of|over|regarding|concerning|when it comes to|in terms of|with (?:respect|regard) to|as to|"
    "in relation to|as regards|re|in regard to|towards?|:",
    "same": "(?:in )?the same(?: way| light)?|alike|differently|similarly",
    "names es": "<name>(?: ?(?:,|/|&|y|e|o|u|con|contra|frente a|vs?\\.?|versus|que|de|a) ?<name>)+",
    "kind es": "expert[oa]s?|entrevistad[oa]s?|ponentes?|hablantes?|invitad[oa]s?|analistas?|participantes?|"
    "especialistas?|autor(?:es|as)|interlocutores|oradores",
    "each es": "cada un[oa](?: de (?:ell[oa]s|l[oa]s dos|l[oa]s(?: dos)? <kind es>))?|cada <kind es>",
    "who es": "<names es>|amb[oa]s(?: <kind es>)?(?! (?!<kind es>)\\w+[oae]s\\b)|"
    "l[oa]s dos(?: <kind es>|(?= <on es>\\b)|(?= ?[?,.:]|$))|"
    "ell[oa]s(?: dos)?|<each es>|"
    "l[oa]s <kind es>|todos|uno y otro",
    "say es": "dicen|dijeron|piensan|pensaron|opinan|opinaron|creen|afirman|sostienen|mencionan|comentan|explican|"
    "proponen|recomiendan|ven|consideran|valoran|esperan|sugieren|describen|hablan|señalan|senalan",
    "says es": "dice|piensa|opina|cree|propone|recomienda|sostiene|ve|considera",
    "views es": "opini[oó]n(?:es)?|posici[oó]n(?:es)?|posturas?|visi[oó]n(?:es)?|puntos? de vista|perspectivas?|"
    "ideas|respuestas?|argumentos?|valoraci[oó]n(?:es)?|palabras",
    "on es": "sobre|acerca del?|respecto (?:al?|del?)|en cuanto al?|en torno al?|del?|con|en|al?|que",
    "agree es": "est[aá]n (?:todos |ambos |los dos )?(?:de acuerdo|en desacuerdo)|coinciden|discrepan|difieren|"
    "concuerdan|piensan (?:igual|lo mismo)|opinan (?:igual|lo mismo)|dicen lo mismo|se contradicen|"
    "se diferencian|comparten (?:la|una)(?: misma)? <views es>",
    # A verb's subject may stand behind it: "¿Qué piensan los venezolanos?" is not asked of the speakers.
    "nobody else": "(?! (?!<who es>)(?:l[oa]s|amb[oa]s|el|la|sus|estos|estas) )(?! [A-ZÁÉÍÓÚ]\\w+ (?:y|e) )",
    "mid": ".+?",
    "sign": _SIGN,
    "some": "<sign>|they|both|each|either|the|these|those|all|<kind>",
    "some es": "<sign>|amb[oa]s|l[oa]s|ell[oa]s|cada|todos|uno",
}
# What a question says before or beside its topic; the topic is the rest of it. A part in round brackets
# with a question mark may be missing. The first that fits is taken.
# Before each stands what it never fits without: compiling all of them takes a fifth of a second, and most
# questions need none.
_FRAMES = (
    (
        "compar|contrast|juxtapos",
        "(?:compare|contrast|juxtapose|comparing|contrasting|comparison (?:of|between))(?: and (?:compare|contrast))?"
        r" (?:what <who><how> <say>|how <who><how> <say>|the (?:<views>) of <who>|"
        r"(?:<whose> |the )?(?:\w+ )?<views>(?: (?:of|by|from) <who>)?|<names>|<who>)(?: <on>)?",
    ),
    (
        "side|next",
        "(?:(?:put|set|show|place|give)(?: me)? )?(?:<who>|<whose> <views>|<views>)? ?"
        "(?:side[-\\s]by[-\\s]side|next to <each other>)(?: <on>)?",
    ),
    ("<agree>", "how <do> <who><how> <agree>(?: with <each other>)?(?: <on>| in)*"),
    (
        "<views>",
        "(?:how|where|in what|in which)(?: ways?)? (?:<do> )?<whose> <views> (?:<agree>|different|similar|the same)"
        "(?: (?:from|to) <name>)?(?: <on>)?",
    ),
    (
        "differ|diverge|compare",
        "how <do> <name>(?: <views>)?(?: <on> (?P<about><mid>))? (?:differ|diverge|compare)s? (?:from|with|to)"
        " (?:that of )?<name>(?: <views>)?(?: <on>)?",
    ),
    (
        "<gap>",
        "(?:what(?:['’]s| is| are) )?(?:the |any )?(?:main )?<gap> (?:bet?we+n|among|in) (?:<whose> <views>|"
        "the (?:<two> )?<views>(?: of <who>)?|what <who> <say>|<names>|them|<who>)(?: <on>| in)?",
    ),
    (
        "<gap>",
        "is there(?: any| a| much| some)? <gap>(?: (?:between|among) (?:<names>|them|<who>))?(?: <on>| in)",
    ),
    (
        "agree|says?|thinks?|argues?",
        "(?:who|which of (?:<them>)) (?:<how>(?:dis)?agrees?(?! to\\b)|(?:says?|thinks?|argues?) what)"
        "(?: with (?:whom|who|<name>|<each other>))?(?: <on>| that| with)?",
    ),
    ("which of", r"which of (?:<them>) is (?P<about>(?:more|less|most|the most) \w+(?: of| about)?)"),
    (
        "agree?|disagree|concur|differ",
        "<do> <name><how> (?:agree?|disagree|concur|differ) (?:with|from) <name>(?: <on>| that)?",
    ),
    ("share", "<do> <name><how> share <name> <views>(?: <on>| that)?"),
    (
        "<agree>",
        "(?:what|where|on what|how|how far|to what extent)? ?<do><not> <who><how> <agree>(?: with <each other>)?"
        "(?: <on>| that| with the (?:idea|view|claim) (?:that|of))?",
    ),
    ("<same>", "<do> <who><how> (?:see|view|judge|assess|interpret|read) (?P<about><mid>) (?:<same>)"),
    ("<say>", "(?:so )?(?:what|how) <do><not> <who><how> <say>(?: <on>)?"),
    ("<say>", "<do><not> (?!either)(?:<sure who>|they)<how> <say>(?: <on>| that)?"),
    ("stand|come|land|fall", "where <do> <who><how> (?:stand|come down|land|fall)(?: <on>)?"),
    ("<views>", r"(?:what(?:['’]?s| is| are| was| were) )?<whose> (?:\w+ )?<views> <on>"),
    ("<views>", "(?:what(?:['’]?s| is| are| was| were) )?(?:the )?<views> of (?:<sure who>)(?: <on>)?"),
    ("<say>", "what (?:<sure who>)<how> <say>(?: <on>)?"),
    ("according", "according to (?:<sure who>|<them>)"),
    ("^(?:and )?<some>", "^(?:and )?(?:<sure who>|the <two> of them) ?(?:<on>|,)"),
    (
        "<sign>|both|each|<kind>",
        "(?:from|by|[:,–—-]) ?(?:<names>|both(?: of them| <kind>)?|each <kind>|the <two> <kind>) ?[?.!]*$",
    ),
    (
        "comp[aá]ra|compare|contrasta|comparaci",
        "(?:comp[aá]ra(?:r|me|los|las)?|contrasta(?:r)?|comparaci[oó]n (?:de|entre)|compare)"
        "(?: lo que (?:<say es>(?: <who es>)?|<who es> <say es>)| (?:las?|los?|sus) (?:dos )?<views es>(?: de <who es>)?|"
        " a? ?<who es>| <views es>)(?: <on es>|:)?",
    ),
    (
        "<agree es>",
        "(?:¿ ?)?(?:en qu[eé]|c[oó]mo|hasta qu[eé] punto|d[oó]nde)? ?(?:<who es> )?(?:no )?<agree es><nobody else>"
        "(?: <who es>)?(?: entre s[ií]| <on es>)?(?: que)?",
    ),
    (
        "<sign>",
        "(?:est[aá]|coincide|discrepa|difiere)(?: de acuerdo| en desacuerdo)? <name> (?:de acuerdo )?(?:con|de) <name>"
        "(?: <on es>)?",
    ),
    ("<sign>", "<name> (?:est[aá] de acuerdo|coincide|discrepa|difiere) (?:con|de) <name>(?: <on es>)?"),
    (
        "entre",
        "(?:qu[eé] )?(?:diferencias?|coincidencias?|desacuerdos?|acuerdos?|similitud(?:es)?) (?:hay )?entre "
        "(?:(?:las?|los?|sus) (?:dos )?<views es>(?: de <who es>)?|<who es>)(?: <on es>)?",
    ),
    (
        "<say es>",
        "(?:(?:de|a|en|con|sobre) )?(?:lo que|qu[eé]|c[oó]mo) (?:<who es> )?<say es><nobody else>(?: (?!que\\b)<who es>)?"
        "(?: <on es>)?",
    ),
    ("<says es>", "(?:qu[eé]|lo que) <says es> (?:<each es>|<names es>)(?: <on es>)?"),
    (
        "ven ",
        "(?:¿ ?)?ven (?:<who es>) (?:del mismo modo|de la misma manera|igual|de forma distinta|diferente)(?: <on es>)?",
    ),
    ("qui[eé]n", r"qui[eé]n es (?P<about>m[aá]s \w+)(?=,)"),
    (
        "<views es>",
        "(?:cu[aá]l(?:es)? (?:es|son) )?(?:las?|los|sus) <views es> (?:de (?:<who es>) )?(?:sobre|acerca del?|respecto al?)",
    ),
    ("seg[uú]n", "seg[uú]n <who es>"),
    (
        "^[¿\\s]*(?:y )?<some es>",
        "^[¿\\s]*(?:y )?<who es> ?(?:sobre|acerca del?|respecto al?|en cuanto al?|,)",
    ),
)
# Nothing but that one wants to compare: with what was asked before.
_BARE = (
    "compare|contrast|comparison|versus|vs\\.?|side by side|(?:and )?(?:both|the two)(?: of them)?|the two of them|"
    "(?:and )?compared? (?:it |that |this |him |her |them )?(?:with |to )?(?:what )?<name>(?: <say>)?|"
    "how does (?:that|this|it) compare (?:to|with) (?:what )?<name>(?: <say>| <views>)?|"
    "comp[aá]ra(?:r|los|las)?|comparaci[oó]n|ambos|los dos|lado a lado|"
    "(?:y )?comp[aá]ra(?:lo|la|r|rlo)? (?:eso )?(?:con|a) (?:lo que dice )?<name>|"
    "(?:¿?y el otro\\? )?p[oó]nlos lado a lado"
)
_LEADS = (
    "(?:(?:and|so|ok|okay|well|but|then|now|please|hi|hello|can you|could you|would you|show me|tell me|"
    "i(?:['’]d| would) like to know|let me see|i want to know|y|pero|entonces|por favor|puedes|podr[ií]as|podr[ií]a|"
    "dime|mu[eé]strame|mostrarme)\\b[\\s,:]*)+"
)
# Each sign can be taken in one way alone: a row of them, tried in all ways of parting it, would take for ever.
_AROUND = re.compile(
    r"(?i)^(?:[\s,:;¿¡–—-]|(?:on|about|of|over|regarding|that|in|for|to|with|is|are|sobre|del?|en|que|if|whether|"
    r"vs|versus|and|y|o|or|than)\b\s*)+|"
    r"(?<![\s,:;?!.–—-])(?:[\s,:;?!.–—-]|\s(?:please|at all|por favor|side by side|together|too|on|about|of|over|vs|and|y|o|or))+$"
)
# "They", "this" and the like name no topic, nor do the words of a comparison.
_NO_TOPIC = frozenset(
    """
    it this that these those them they here all everything anything something things thing one any there each other
    the a an in article interview text topic matter issue subject question eso esto ello ellos todo algo entrevista
    articulo tema el la los las un una is are do does did there who what how compare vs agree disagree differ
    difference differences both same view views opinion opinions on and or with de en y o qué que
    """.split()
)
# Words that may be a name with a slip in it.
_WORD = re.compile(r"(?<!\w)[A-ZÀ-Þ]\w{4,}(?!\w)")


def _whole(frame: str) -> str:
    """The frame with its parts put in: a blank is any blank space."""
    while found := re.search(r"(?<!\?P)<([a-z ]+)>", frame):
        part = _PARTS[found[1]]
        whole = part if found[1] in ("not", "how", "nobody else", "mid") else f"(?:{part})"
        frame = frame[: found.start()] + whole + frame[found.end() :]
    return frame.replace(" ?", r"\s*").replace(" ", r"\s+")


@cache
def _compiled(frame: str) -> re.Pattern[str]:
    """The frame as a pattern."""
    frame = _whole(frame)
    opens = "" if frame.startswith(("^", "(?:from")) else r"(?<!\w)"
    return re.compile(rf"(?i:{opens}{frame})" + ("" if frame.endswith("$") else r"(?!\w)"))


_BARELY = re.compile(rf"{_compiled(f'(?:{_BARE})').pattern}$")
_LEADING = re.compile(f"(?i)^{_compiled(_LEADS).pattern}")


@cache
def _cue(cue: str) -> re.Pattern[str]:
    """What a frame never fits without."""
    return re.compile(f"(?i){_whole(cue)}")


def load() -> None:
    """Nothing; afterwards the first question need not wait for the frames."""
    for cue, frame in _FRAMES:
        _cue(cue)
        _compiled(frame)


def compared(question: str, speakers: Sequence[str]) -> Comparison | None:
    """What the question wants side by side; None where it does not. `speakers` are full names it may use."""
    plain = _LEADING.sub("", _with_signs(question, speakers[:MOST_SIGNS]).strip())
    if _BARELY.match(plain.strip(" ?!.,¿¡")):
        return Comparison("")
    named = re.findall(_SIGN, plain)
    for cue, frame in _FRAMES:
        if _cue(cue).search(plain) and (match := _compiled(frame).search(plain)):
            about = match.groupdict().get("about") or ""
            return Comparison(_topic(f"{plain[: match.start()]} {about} {plain[match.end() :]}"))
    # Whoever names two of the speakers wants both.
    return Comparison(_topic(plain)) if len(set(named)) > 1 else None


def _with_signs(question: str, speakers: Sequence[str]) -> str:
    """The question with a sign for each name of a speaker."""
    signs: dict[str, str] = {}
    for number, name in enumerate(speakers):
        for part in (name, *_parts(name)):
            signs.setdefault(part.lower(), chr(_FIRST_SIGN + number))
    if not signs:
        return question
    either = "|".join(re.escape(name) for name in sorted(signs, key=len, reverse=True))
    marked = re.sub(rf"(?i)(?<!\w)({either})(?=s?(?!\w))", lambda m: signs.get(m[1].lower(), m[1]), question)

    def slipped(match: re.Match[str]) -> str:
        who = speaker_named(match.group(), speakers)
        return signs.get(next(iter(who)).lower(), match.group()) if len(who) == 1 else match.group()

    return re.sub(rf"({_SIGN})(?:\s+\1)+", r"\1", _WORD.sub(slipped, marked))


def _parts(name: str) -> list[str]:
    """Given name and surname, as people use either alone."""
    parts = [part for part in name.split() if len(part) > 2 and part[0].isupper()]
    return [parts[0], parts[-1]] if len(parts) > 1 else []


def _topic(text: str) -> str:
    """What is left of the question, or nothing where that names no topic."""
    topic = re.sub(rf"\s*{_SIGN}(?:['’]?s\b)?", " ", text)
    while (shorter := _AROUND.sub("", topic)) != topic:
        topic = shorter
    topic = " ".join(topic.split())
    return topic if any(word not in _NO_TOPIC for word in words_of(topic)) else ""
