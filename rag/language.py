"""Which language a question is in, from the words and letters that only its language has.

Questions are short, often a bare keyword or a name, so the article's language is kept unless the
text clearly says otherwise. py3langid was measured beside this: as right on whole questions (.99 and
above), but "oil" and "Caracas" went to Romance languages, and its model takes 0.9 s to load, longer
than the whole first answer. lingua brings 96 MB, simplemma takes 6 s.
"""

import re
from typing import Literal

from rag.fold import fold

Language = Literal["en", "es", "fr", "pt", "de", "it"]

# Words that ask, join or are said in any talk, folded. A word of several languages stands in each.
FUNCTION_WORDS: dict[Language, frozenset[str]] = {
    "en": frozenset(
        """a about according after against all also an and any are article as ask asked at be because
        been being between both but by bye can could did do does during for from get give given going
        had has have he hello help her hey hi him his how i if in into is it its just kind know last
        make many may me mention might more most much my need no not of on one or other our out over
        part people please said same say says she should since so some speak take talk tell than thank
        thanks that the their them then there these they thing think this those to under up us was way
        we well were what when where whether which while who whom whose why will with work would yes
        you your ad alter am as com come dare die due fare hat man on once per plus pour sans sin son sous
        se sue tan uber war""".split()
    ),
    "es": frozenset(
        """a acerca adios ahi ahora al algo alguien algun alguna algunas algunos alli ambos ante antes
        aqui asi aun aunque ayuda bajo bien buenas buenos cada como con contra cosas cual cuales
        cualquier cuando cuanta cuantas cuanto cuantos cuyo de debe deben decir del desde dice dicen
        dijeron dijo donde dos durante e el ella ellas ellos en entonces entre era eran es esa esas ese
        eso esos esta estaba estaban estado estan estas este esto estos fue fueron gracias ha habia
        hablan hablar hace hacen hacer hacia han hasta hay hizo hola la las le les llama lo los luego
        mas menciona mencionan mi mientras mucha muchas mucho muchos muy nada ni ninguna ninguno no nos
        nosotros nunca o opina opinan otra otras otro otros para paso pero piensa piensan por porque
        puede pueden puedo que quien quienes quiere quieren resumen saludos se sea segun
        ser si sido sin sobre solo son su sus tal tambien tan tanto tener tenia tenian tiene tienen toda todas
        todo todos tras tu tuvo u un una unas uno unos usted ustedes va vamos van y ya yo""".split()
    ),
    "fr": frozenset(
        """a apres au aucun aussi autre autres aux avant avec avoir bonjour ce cela celle celui ces
        cette ceux chez combien comme comment contre d dans de depuis des deux dire disent dit doit
        donc dont du elle elles en encore entre est et etaient etait ete etre eux fait faut il ils je
        jusqu l la le les leur leurs lors lui mais meme merci moins n ne ni non nos notre nous on ont
        ou oui par parce parle parlent pas pense pensent peut peuvent plus pour pourquoi qu quand que
        quel quelle quelles quels qui quoi s sa sans se selon sera ses si son sont sous sur t tous tout
        toute toutes tres un une va vers veut voici voila vont vos votre vous""".split()
    ),
    "pt": frozenset(
        """a acha acham agora ainda algum alguma algumas alguns antes ao aos apos aquela aquele as assim
        ate cada com como contra da dar das de dela dele deles depois desde deve devem disse disseram
        diz dizem do dois dos durante e ela elas ele eles em entre era eram essa esse esta estao estava
        este eu fala falam faz fazer foi foram ha isso isto ja lhe mais mas mesmo muita muitas muito
        muitos na nao nas nem nenhum no nos nossa nosso num numa o obrigada obrigado ola onde os ou
        outra outras outro outros para pela pelas pelo pelos pensa pensam pode podem por porque qual
        quais quando quanta quantas quanto quantos que quem quer se segundo sem ser seu seus so sobre
        sua suas tambem tem tinha tinham toda todas todo todos um uma umas uns vai vao voce""".split()
    ),
    "de": frozenset(
        """aber alle allem allen alles als also am an andere anderen auch auf aus bei bin bis bitte da
        damit danke dann das dass dem den denn der des die dies diese diesem diesen dieser dieses doch
        du durch ein eine einem einen einer eines er es fur gab gegen gibt haben hallo hat hatte hatten
        hier ich ihr ihre ihren im ist ja jetzt kann kein keine konnen laut macht man mehr meint mit
        muss nach nicht nichts noch nun nur ob oder ohne sagen sagt schon sehr sein seine seinen seit
        sich sie sind so soll sollen sollte sollten uber um und uns unter viel viele vom von vor wann
        war waren warum was weil welche welchem welchen welcher welches wem wen wenig wenn wer werden
        weshalb wie wieso wieviel will wird wo wofur woher wohin wurde wurden zu zum zur zwei
        zwischen""".split()
    ),
    "it": frozenset(
        """a ad agli ai al alcuni alla alle allo anche ancora avere aveva aver che chi ci ciao cio
        come con contro cosa cui da dagli dai dal dalla dalle dei dell della delle dello dice dicono
        detto di dopo dove due durante e ed era erano essere fa fare fino fra gli grazie ha hanno i il
        in io l la le loro lui ma mentre molti molto ne nei nel nell nella nelle nello nessun nessuno
        noi non nostro o ogni oggi parla parlano pensa pensano per perche piu poco prima puo qual quale
        quali quando quanta quante quanti quanto quella quelli quello questa queste questi questo se
        secondo sei senza si sia siamo sono sta stanno stata stati stato su sua sue sugli sui sul
        sulla sulle suo suoi tra tutte tutti tutto un una uno vuole""".split()
    ),
}
# Letters and endings of one language, in words as they are written. A capital may begin a name
# ("Guaidó", "Peña"), so words with one tell nothing; signs always do. English has borrowed "café",
# "naïve" and "façade", so their letters are nobody's.
_WORD_MARKS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"(?:th|wh|sh)\w+|\w+(?:ings?|ness|ships?|ght|th)|\w+['’](?:s|t|re|ll|ve|d)"),
    "es": re.compile(r"\w*[áíóúñ]\w*|\w+cion"),
    "fr": re.compile(r"\w*[èêëùûœ]\w*|\w+(?:eaux|aient|ées|és)"),
    "pt": re.compile(r"\w*[ãõáíóúâêô]\w*"),
    "de": re.compile(r"\w*[äöüß]\w*"),
    "it": re.compile(r"\w+[àèìòù]|\w+zion[ei]"),
}
# Plurals that no name ends in: "Sanciones contra Rusia".
_PLURAL = re.compile(r"\w+(?:ciones|siones)")
_SIGNS: dict[Language, str] = {"es": "¿¡", "de": "ß"}
_WORD = re.compile(r"[^\W\d_]+(?:['’](?:s|t|re|ll|ve|d)\b)?")
# "Los Angeles", "Juan de la Rúa", "von der Leyen": a name, whatever the text around it is written in.
_PARTICLES = re.compile(
    r"\b(?:(?:[Dd]e|[Dd]el|[Ll]as?|[Ll]os|[Ee]l|[Ll]es?|[Dd][aiou]|[Dd]os|[Vv][ao]n|[Dd]er) )+(?=[^\W\d_a-z])"
)

# A word of one language alone says as much as two that several share, and so do a letter or an ending.
OWN, SHARED, MARK, SIGN = 2, 1, 2, 4
# What the other language needs, and by how much it must lead. On 612 pairs of public questions,
# English stays English for 1.000 and Spanish is told in 1.000, and so on the development questions.
LEAST, LEAD = 2, 1


def language_of(question: str, default: Language) -> Language:
    """The language that the question is clearly in, else the default."""
    points = {language: _points(question, language) for language in FUNCTION_WORDS}
    best = max(points, key=lambda language: (points[language], language == "es"))
    clear = points[best] >= LEAST and points[best] >= points[default] + LEAD
    return best if clear else default


def supported(language: str) -> Language:
    """The language where it is one of those told apart here, else English."""
    return next((each for each in FUNCTION_WORDS if each == language.lower()[:2]), "en")


def _points(question: str, language: Language) -> int:
    """How much of the question speaks for the language."""
    points = SIGN * any(sign in question for sign in _SIGNS.get(language, ""))
    for number, match in enumerate(_WORD.finditer(_PARTICLES.sub("", question))):
        word = fold(match.group())
        name = match.group()[0].isupper() and number > 0 and not question.isupper()
        if word in FUNCTION_WORDS[language] and not name:
            points += OWN if _SPOKEN_IN[word] == 1 else SHARED
        elif _is_marked(match.group(), language):
            points += MARK
    return points


def _is_marked(word: str, language: Language) -> bool:
    """Whether a word has a letter or an ending of the language."""
    if language == "es" and _PLURAL.fullmatch(word.lower()):
        return True
    return not word[0].isupper() and bool(_WORD_MARKS[language].fullmatch(word))


_SPOKEN_IN = {
    word: sum(word in words for words in FUNCTION_WORDS.values())
    for words in FUNCTION_WORDS.values()
    for word in words
}
