"""How a text says whose words it quotes, as patterns: names, verbs of saying, and what stands between."""

import re

from rag.reading.names import PARTICLES

_CAPITAL = r"[^\W\d_a-zà-öø-ÿ]"
_PART = rf"(?:{_CAPITAL}[\w'’.\-]*)"
_SMALL = "|".join(sorted(PARTICLES - {"y", "e", "le"}, key=len, reverse=True))
_B = r"[ \u00a0\n]"  # a blank
NAME = rf"(?:{_PART}(?:{_B}(?:(?:{_SMALL}){_B})*{_PART}){{0,6}})"
PRONOUN = r"(?:[Hh]e|[Ss]he|[Tt]hey|[ÉéEe]l|[Ee]lla)"
_VERBS = (
    "say says said saying add adds added adding argue argues argued arguing explain explains explained "
    "explaining note notes noted noting tell tells told telling write writes wrote writing warn warns "
    "warned warning claim claims claimed claiming state states stated stating observe observes observed "
    "observing remark remarks remarked comment comments commented declare declares declared insist "
    "insists insisted maintain maintains maintained contend contends contended suggest suggests suggested "
    "suggesting conclude concludes concluded concluding continue continues continued reply replies "
    "replied answer answers answered respond responds responded ask asks asked acknowledge acknowledges "
    "acknowledged admit admits admitted agree agrees agreed assert asserts asserted believe believes "
    "believed caution cautions cautioned cautioning concede concedes conceded describe describes "
    "described emphasize emphasizes emphasized emphasise emphasises emphasised stress stresses stressed "
    "stressing point points pointed predict predicts predicted propose proposes proposed recall recalls "
    "recalled recommend recommends recommended report reports reported reckon reckons reckoned think "
    "thinks thought underline underlines underlined underscore underscores underscored urge urges urged "
    "call calls called put puts quip quips quipped see sees saw find finds found characterize "
    "characterizes characterized characterise characterises characterised highlight highlights "
    "highlighted estimate estimates estimated lament laments lamented hold holds held judge judges judged "
    "speak speaks spoke speaking quote quotes offer offers offered summarize summarizes summarized summed "
    "sums dismiss dismisses dismissed deem deems deemed label labels labeled labelled promise promises "
    "promised announce announces announced recount recounts recounted counter counters countered reflect "
    "reflects reflected went goes dice dijo decía diría diciendo afirma afirmó afirmaba señala señaló "
    "señalaba explica explicó explicaba sostiene sostuvo sostenía advierte advirtió advertía asegura "
    "aseguró aseguraba agrega agregó añade añadió apunta apuntó argumenta argumentó comenta comentó "
    "concluye concluyó considera consideró cree declara declaró destaca destacó indica indicó insiste "
    "insistió manifiesta manifestó opina opinó plantea planteó precisa precisó recalca recalcó reconoce "
    "reconoció recuerda recordó resume resumió responde respondió subraya subrayó escribe escribió "
    "pregunta preguntó describe describió calificó califica propone propuso"
    " sagt sagte erklärt erklärte meint meinte betont betonte warnt warnte schreibt schrieb dit déclare "
    "déclaré affirme explique estime souligne disse afirmou explicou declarou dice afferma spiega sottolinea"
).split()
_AUXILIARY = (
    r"has|have|had|would|will|also|then|later|further|once|thus|therefore|still|did|does|is|was|"
    r"goes on to|went on to|ha|había|también|luego"
)
# "has also firmly said"
SAYS = rf"(?:(?:{_AUXILIARY}){_B}|[a-z]+ly{_B}|[a-z]+mente{_B}){{0,3}}(?:{'|'.join(_VERBS)})\b"
# Between a name and its verb: "Mines, a former diplomat, said"; "Mines (USIP) said"; "Mines of USIP said".
_ASIDE = (
    rf"(?:,[^,.?!;:“”]{{1,120}},|{_B}\([^()]{{1,80}}\)|"
    rf"{_B}(?:of|from|at|del?|with){_B}(?:the{_B})?[^,.?!;:“”]{{1,60}}?)?"
)
_SOURCES = (
    rf"[Aa]ccording{_B}to|[Ii]n{_B}the{_B}(?:words|view|opinion|judgment){_B}of|[Pp]er|For|To|(?<=[;,]\s)(?:for|to)|"
    rf"[Qq]uoting|[Cc]iting|[Ss]egún|Para|[Ss]egundo|[Ss]econdo|[Ss]elon|[Ll]aut|"
    rf"[Ee]n{_B}(?:palabras|opinión){_B}de|por|"
    rf"(?:[Aa]rgued|[Ss]aid|[Mm]ade|[Pp]ut|[Oo]ffered|[Ww]ritten|[Nn]oted|[Gg]iven|[Ss]tated){_B}by"
)
_TELLING = (
    "words view phrase verdict answer assessment warning argument point judgment conclusion reply response "
    "take remark comment description advice claim explanation prescription recommendation diagnosis formula "
    "term statement observation estimate opinion"
).split()
_NOT_WITHIN = r"(?<![\w’'])"

# "Mines said"
FRAME = re.compile(rf"{_NOT_WITHIN}(?P<name>{NAME}){_ASIDE}{_B}(?P<verb>{SAYS})")
# "he said"
PRONOUN_FRAME = re.compile(rf"{_NOT_WITHIN}{PRONOUN}{_ASIDE}{_B}(?P<verb>{SAYS})")
# "said Mines", "said the analyst Keith Mines"
TURNED = re.compile(
    rf"{_NOT_WITHIN}(?P<verb>{SAYS}){_B}(?:(?:the|el|la|[a-zñáéíóú-]+){_B}){{0,4}}?(?P<name>{NAME})"
)
# "said he"
TURNED_PRONOUN = re.compile(rf"\A[\s,—–-]*(?P<verb>{SAYS}){_B}{PRONOUN}\b")
# "according to Mines"
SOURCE = re.compile(
    rf"{_NOT_WITHIN}(?:{_SOURCES}){_B}(?:(?:the|a|an|el|la){_B})?(?:[a-zñáéíóú-]+{_B}){{0,4}}?(?P<name>{NAME})"
)
# "in Mines’s words"
WORDS_OF = re.compile(
    rf"{_NOT_WITHIN}(?:[Ii]n|[Tt]o{_B}use|[Uu]sing){_B}(?P<name>{NAME})['’]s?{_B}(?:own{_B})?"
    r"(?:words|phrase|view|account|telling)"
)
# "Mines’s verdict"
WHOSE = re.compile(
    rf"{_NOT_WITHIN}(?P<name>{NAME})['’]s?{_B}(?:own{_B})?(?:[a-z]+{_B}){{0,2}}(?:{'|'.join(_TELLING)})\b"
)
# "Mines:"
LABEL = re.compile(
    rf"(?:\A|[\n.!?\ufffc])[\s*]*(?P<name>{NAME})(?:[ \u00a0]\([^()]{{1,60}}\)|,[^.:“”]{{1,60}})?:[\s*]*\Z"
)
# "(Mines)"
IN_PARENTHESES = re.compile(rf"\A[\s.,]*\([^()]{{0,20}}?(?P<name>{NAME})[^()]{{0,80}}\)")
# "— Mines", and no new sentence behind the dash
DASHED = re.compile(
    rf"\A[\s.]*(?:[—–]|--)[ \u00a0]*(?P<name>{NAME})(?![^.\n]{{0,60}}[ \u00a0]{SAYS}[ \u00a0][a-z])"
)
# "Mines and" before another name
AND_ANOTHER = re.compile(rf"(?P<name>{NAME}){_B}(?:and|y|e|&){_B}\Z")
# A verb of asking, and words by which nobody by name asks: "the interviewer asked"
ASKS = re.compile(r"(?:ask|asks|asked|asking|pregunta|preguntó|question)")
ASKED = re.compile(r"(?i)\b(?:asks?|asked|asking|interviewer[’']s question|the question|preguntó|pregunta)\b")
# What takes a person's word away: who is named is not who says it.
DENIES = re.compile(
    r"(?i)\b(?:unlike|contrary to|den(?:y|ies|ied)|disput(?:e|es|ed)|reject(?:s|ed)?|"
    rf"(?:not|never)\s+(?:\w+\s+)?(?:{'|'.join(_VERBS)}))\b"
)
# "…, unlike Mines, …": who is only compared with
UNLIKE = re.compile(
    rf",?{_B}*(?:[Uu]nlike|[Ll]ike|[Ii]n{_B}contrast{_B}(?:to|with)|[Cc]ontrary{_B}to|[Aa]s{_B}opposed{_B}to|"
    rf"[Aa]{_B}diferencia{_B}de|[Cc]omo){_B}{NAME},?"
)
# Where a clause begins, right before its subject
CLAUSE = re.compile(r"(?:\A|[,;:—–]|\b(?:and|but|while|whereas|yet|though|y|pero|mientras))[\s\u00ad]*\Z")
# Another name right behind one: two people, or a list
ANOTHER = re.compile(rf"\A(?:,{_B}|{_B}(?:and|y|e|&|or){_B}){NAME}")
# The line under a block quotation: "So Keith Mines of USIP."
SO = re.compile(rf"\A[\s*_]*(?:So|Thus|Así){_B}(?:says{_B}|said{_B})?(?P<name>{NAME})")
# A name amid a sentence
AMID = re.compile(rf"(?<=[a-zà-öø-ÿ,;] )({_PART})")
HONORIFIC = re.compile(rf"(?:(?:Dr|Mr|Mrs|Ms|Prof|Sen|Gov|Amb|Gen|Sr|Sra|Dra)\.?{_B})+")
# Where a sentence ends in a text in which a quotation is one character.
_SHORT_FORMS = "".join(
    rf"(?<!\b{each})" for each in "Mr Mrs Ms Dr Prof Sen Gov Rep Amb Gen Sr Sra Dra St Jr U.S U.N".split()
)
STOP = re.compile(
    rf"(?:{_SHORT_FORMS}(?<!\b[A-Z])\.|[?!])[\"'”’)\]]*[\s\u00ad]+(?=[\W\d_]*[^\W\d_a-z])|\n\s*\n"
)
