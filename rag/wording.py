"""Our own fixed words, all in one place and told apart from the quotes. Only quotes speak.

One catalogue a language, all with the same fields, so that a sentence without its translation is a
type error. What stands on the page's cards beside them is in rag/web/page/labels.py.
"""

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from rag.fold import fold
from rag.records import Article, Person, Quote

LOOKING = "Looking for the answer …"
LOGGED = "Whoever runs this page keeps a record of the questions that are asked on it."
WAITING = "Still looking. The model is being loaded, or others are asking too: your question is in line."


# More names are no sentence any more.
MOST_LISTED = 8


@dataclass(frozen=True, slots=True)
class Forms:
    """A sentence for one and for several. `{}` stands for what they are called."""

    one: str
    many: str

    def of(self, count: int, *names: str) -> str:
        """The sentence for so many."""
        return (self.one if count == 1 else self.many).format(*names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Every fixed sentence of an answer in one language, and how that language puts them together."""

    answers: Forms  # before quotes of one speaker, of several
    answers_unknown: str
    perhaps: str
    declines: Forms  # by articles, as every Forms whose name ends in "_here"
    mentions: Forms
    unknown: str
    no_words: str
    ask_back: str  # where a follow-up leaves out what no earlier question tells
    no_more: str
    understood: str
    said_about: str  # a topic as a question, for whoever reads
    side_by_side: str  # before several people's quotes: only they speak
    greeting: str
    thanks: str
    goodbye: str
    who_are_you: str
    what_can_i_ask: str
    silent: Forms
    silent_clearly: Forms
    others_speak: Forms
    asked_these: Forms
    stranger_here: Forms
    asks_here: str
    speak_instead: Forms
    absent_here: Forms
    no_time: str  # where no article is known to be of the time that is asked for
    speak: Forms
    nobody_named: str
    interviews: str
    interview: str
    titled: str
    with_people: str
    published: str
    in_year: str
    in_month: str
    on_day: str
    their_questions: str
    months: tuple[str, ...]
    month_of: str
    day_of: str
    near: str
    asked: str
    place: str
    also: str
    interpreted: str
    reported: str
    others: str  # the rest of many names, in a list of some
    joined: Callable[[str, str], str]  # what is listed up to the last, and the last

    def answered(self, speakers: Set[str | None], *, sure: bool) -> str:
        """What stands before quotes of these people; None is one who is unknown."""
        whose = self.answers_unknown if None in speakers else self.answers.of(len(speakers))
        return whose if sure else f"{self.perhaps} {whose}"

    def declined(self, articles: int, *, mentioned: bool = False) -> str:
        """That nobody answers; `mentioned` where what is asked about is spoken of all the same."""
        return (self.mentions if mentioned else self.declines).of(articles)

    def not_said_by(self, names: Sequence[str], others: Sequence[str], *, sure: bool) -> str:
        """That these people do not speak to it, or not clearly so, and that others do."""
        silent = (self.silent if sure else self.silent_clearly).of(len(names), self.listed(names))
        return f"{silent} {self.others_speak.of(len(others), self.listed(others))}" if others else silent

    def was_asked(self, people: Sequence[Person]) -> str:
        """What stands before the questions that people were asked, with roles where a source states them."""
        return self.asked_these.of(len(people), self._introduced(people))

    def stranger(self, name: str, speakers: Sequence[str], articles: int) -> str:
        """That this person does not speak here, and who does."""
        absent = self.stranger_here.of(articles, _capital(name))
        if not speakers:
            return absent
        return f"{absent} {self.speak_instead.of(len(speakers), self.listed(speakers))}"

    def asker(self, name: str, speakers: Sequence[str]) -> str:
        """That this person asks here and does not answer, and who does."""
        asks = self.asks_here.format(name)
        return f"{asks} {self.speak_instead.of(len(speakers), self.listed(speakers))}" if speakers else asks

    def not_mentioned(self, name: str, articles: int) -> str:
        """That nothing is said of this name."""
        return self.absent_here.of(articles, name)

    def who_speaks(self, people: Sequence[Person]) -> str:
        """Who speaks, with roles where a source states them."""
        if not people:
            return self.nobody_named
        return self.speak.of(len(people), self._introduced(people))

    def _introduced(self, people: Sequence[Person]) -> str:
        return self.listed([f"{each.name} ({each.role})" if each.role else each.name for each in people])

    def about(self, articles: Sequence[Article]) -> str:
        """What the articles are, from their facts alone."""
        if len(articles) > 1:
            return self.interviews.format(len(articles))
        article = articles[0]
        names = [person.name for person in article.people]
        told = self.titled.format(article.title) if article.title else self.interview
        told += self.with_people.format(self.listed(names)) if names else ""
        told += self.published.format(article.publisher) if article.publisher else ""
        told += self._when(article.date) if article.date and article.publisher else ""
        return f"{told}. {self.their_questions}"

    def month(self, date: str) -> str:
        """A date as people write it: "2022-03" is "March 2022", as precisely as it is known."""
        year, *rest = date.split("-")
        if not rest:
            return year
        name = self.months[int(rest[0]) - 1]
        return (
            self.month_of.format(name, year)
            if len(rest) == 1
            else self.day_of.format(name, year, int(rest[1]))
        )

    def _when(self, date: str) -> str:
        """The date within a sentence."""
        return (self.in_year, self.in_month, self.on_day)[date.count("-")].format(self.month(date))

    def marks(self, quote: Quote) -> list[str]:
        """What a reader must know of a quote's words beside whose they are."""
        marks = ((self.interpreted, quote.turn.interpreted), (self.reported, bool(quote.reported)))
        return [words for words, holds in marks if holds]

    def listed(self, names: Sequence[str]) -> str:
        """Names as a sentence lists them: "A", "A and B", "A, B and C"; of very many the first ones."""
        if len(names) > MOST_LISTED:
            names = [*names[: MOST_LISTED - 1], self.others.format(len(names) - MOST_LISTED + 1)]
        return names[0] if len(names) == 1 else self.joined(", ".join(names[:-1]), names[-1])


def _capital(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}"


def _and(names: str, last: str) -> str:
    return f"{names} and {last}"


def _y(names: str, last: str) -> str:
    """Joined by "y", which is "e" before the sound of i, but not of a diphthong ("Hierro", "Yolanda")."""
    return f"{names} {'e' if re.match(r'h?i(?![aeou])|y(?![aeiou])', fold(last)) else 'y'} {last}"


ENGLISH = Wording(
    answers=Forms("In the speaker’s own words:", "In the speakers’ own words:"),
    answers_unknown="In words whose speaker the article does not make certain:",
    perhaps="This may answer it.",
    declines=Forms("The article does not say.", "None of the articles says."),
    mentions=Forms(
        "The article speaks of this, but does not say that.",
        "The articles speak of this, but do not say that.",
    ),
    unknown="Speaker unknown",
    no_words="There are no words in that question. Ask it in a sentence or a few keywords.",
    ask_back="What is that about? Please ask it as a whole question.",
    no_more="The article says no more on this.",
    understood="Understood as: {}",
    said_about="What is said about {}?",
    side_by_side="Side by side, each in their own words. Whether they agree is for you to judge.",
    greeting="Hello. Ask a question, and the answer comes in the speakers’ own words, or not at all.",
    thanks="You are welcome. Ask another question whenever you like.",
    goodbye="Goodbye.",
    who_are_you=(
        "This is On Record. It answers only with quotes from the article, each with the name of the one "
        "who said it, and says so when the article does not answer."
    ),
    what_can_i_ask="Ask about anything the speakers talk about. The interviewer asked these questions:",
    silent=Forms("{} does not speak to this.", "{} do not speak to this."),
    silent_clearly=Forms("{} does not clearly speak to this.", "{} do not clearly speak to this."),
    others_speak=Forms("{} does.", "{} do."),
    asked_these=Forms("{} was asked these questions:", "{} were asked these questions:"),
    stranger_here=Forms("{} does not speak in this article.", "{} does not speak in these articles."),
    asks_here="{} asks the questions here, and does not answer them.",
    speak_instead=Forms("{} does.", "{} do."),
    absent_here=Forms("The article does not mention {}.", "None of the articles mentions {}."),
    no_time="No article here is known to be of that time.",
    speak=Forms("{} speaks here.", "{} speak here."),
    nobody_named="The article does not name who speaks.",
    interviews="These are {} interviews. The interviewers asked these questions:",
    interview="An interview",
    titled="“{}”, an interview",
    with_people=" with {}",
    published=", published by the {}",
    in_year=" in {}",
    in_month=" in {}",
    on_day=" on {}",
    their_questions="The interviewer asked these questions:",
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    month_of="{} {}",
    day_of="{0} {2}, {1}",
    near="Near misses, not an answer:",
    asked="asked: {}",
    place="{}, characters {} to {}",
    also="also in {}",
    interpreted="Spoken through an interpreter.",
    reported="Words of somebody else are reported in it.",
    others="{} others",
    joined=_and,
)

SPANISH = Wording(
    answers=Forms("Con las palabras de quien habla:", "Con las palabras de quienes hablan:"),
    answers_unknown="Con palabras que el artículo no atribuye a nadie con certeza:",
    perhaps="Puede que esto responda a la pregunta.",
    declines=Forms("El artículo no lo dice.", "Ninguno de los artículos lo dice."),
    mentions=Forms(
        "El artículo habla de esto, pero no dice eso.", "Los artículos hablan de esto, pero no dicen eso."
    ),
    unknown="Hablante sin identificar",
    no_words="En esa pregunta no hay palabras. Escriba una frase o unas pocas palabras clave.",
    ask_back="¿A qué se refiere? Por favor, haga la pregunta completa.",
    no_more="El artículo no dice más sobre esto.",
    understood="Entendida como: {}",
    said_about="¿Qué se dice sobre {}?",
    side_by_side="Frente a frente, con las palabras de cada cual. Si coinciden o no, júzguelo usted.",
    greeting="Hola. Haga una pregunta: se responde con las palabras de quienes hablan, o no se responde.",
    thanks="De nada. Haga otra pregunta cuando quiera.",
    goodbye="Adiós.",
    who_are_you=(
        "Esto es On Record. Responde solo con citas del artículo, cada una con el nombre de quien lo "
        "dijo, y avisa cuando el artículo no responde."
    ),
    what_can_i_ask="Pregunte por cualquier asunto de la entrevista. En ella se hicieron estas preguntas:",
    silent=Forms("{} no habla de esto.", "{} no hablan de esto."),
    silent_clearly=Forms("{} no habla claramente de esto.", "{} no hablan claramente de esto."),
    others_speak=Forms("{} sí.", "{} sí."),
    asked_these=Forms("A {} le hicieron estas preguntas:", "A {} les hicieron estas preguntas:"),
    stranger_here=Forms("{} no habla en este artículo.", "{} no habla en estos artículos."),
    asks_here="{} hace aquí las preguntas y no las responde.",
    speak_instead=Forms("Habla {}.", "Hablan {}."),
    # "No menciona a Musk", but "no menciona el Orinoco": this way round the name takes no preposition.
    absent_here=Forms("En el artículo no aparece {}.", "En ninguno de los artículos aparece {}."),
    no_time="De ningún artículo consta que sea de esas fechas.",
    speak=Forms("Aquí habla {}.", "Aquí hablan {}."),
    nobody_named="El artículo no nombra a quien habla.",
    interviews="Son {} entrevistas. En ellas se hicieron estas preguntas:",
    interview="Una entrevista",
    titled="«{}», una entrevista",
    with_people=" con {}",
    published=", publicada por {}",
    in_year=" en {}",
    in_month=" en {}",
    on_day=" el {}",
    their_questions="En ella se hicieron estas preguntas:",
    months=(
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    month_of="{} de {}",
    day_of="{2} de {0} de {1}",
    near="Se acercan, pero no responden:",
    asked="pregunta: {}",
    place="{}, caracteres {} a {}",
    also="también en {}",
    interpreted="Dicho por medio de un intérprete.",
    reported="Contiene palabras que se atribuyen a otra persona.",
    others="{} personas más",
    joined=_y,
)

_CATALOGUES = {"en": ENGLISH, "es": SPANISH}


def of(language: str) -> Wording:
    """The catalogue of a language, English where it has none."""
    return _CATALOGUES.get(language, ENGLISH)
