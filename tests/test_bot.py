"""What the bot promises: exact words, of one turn, of the right person, or none."""

# mypy: allow-untyped-calls

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import wording
from rag.bot import MAX_QUESTION, Bot, checked, some
from rag.errors import DateError, IndexMissing, IndexStale, QuestionError, UnknownArticle, UnknownSpeaker
from rag.index import build
from rag.ingest import spoken as blocks
from rag.reader import MOST_QUOTES, MOST_RELATED
from rag.reading.turns import turns
from rag.records import Article
from tests.conftest import CARIDAD, MINES, SEED, WORD_READER, FakeEncoder
from tests.generate import interview, interviews

SEED_WORDS = st.sampled_from(sorted(set(SEED.read_text("utf-8").split())))
JUNK = st.text(st.characters(exclude_categories=[]), max_size=12) | st.sampled_from(
    [
        "\u202e",
        "\u200f",
        "\x00",
        "\x1b[31m",
        "???",
        "“",
        "\ud800",
        "Caridad",
        "mines",
        "according to",
        "And",
        "hi",
        "'s",
    ]
)
QUESTIONS = st.lists(SEED_WORDS | JUNK, max_size=14).map(" ".join)


def printed_speakers(article):
    """For each character offset the person whose turn it is in, found from the blocks alone."""
    owner = {}
    for number, turn in enumerate(turns(article.text, blocks(article))):
        for span in turn.paragraphs:
            owner.update(dict.fromkeys(range(span.start, span.end), (number, turn.speaker)))
    return owner


def keeps_its_promises(answer):
    """Every quote and near miss is a slice of one turn of its speaker, and none shares a character."""
    shown = (*answer.quotes, *answer.related)
    for quote in shown:
        text, owner = quote.article.text, printed_speakers(quote.article)
        assert quote.text == text[quote.span.start : quote.span.end] != ""
        assert quote.text == quote.text.strip()
        of = {owner.get(at) for at in range(quote.span.start, quote.span.end) if not text[at].isspace()}
        assert len(of) == 1
        assert next(iter(of))[1] == quote.speaker
        assert 0 <= quote.score <= 1
    assert not [1 for a, b in combinations(shown, 2) if a.article is b.article and a.span.overlaps(b.span)]
    assert (answer.status == "answered") == bool(answer.quotes)
    assert len(answer.quotes) <= MOST_QUOTES
    assert len(answer.related) <= MOST_RELATED
    assert answer.message
    assert "\n" not in answer.message


@given(QUESTIONS)
def test_whatever_is_asked_quotes_are_slices_of_one_turn(bot, question):
    """For any run of the article's words and junk: quotes that keep every promise, or a QuestionError."""
    try:
        answer = bot.ask(question)
    except QuestionError:
        assert len(question) > MAX_QUESTION or not checked_or_empty(question)
        return
    assert answer.question == question
    keeps_its_promises(answer)


def checked_or_empty(question):
    try:
        return checked(question)
    except QuestionError:
        return ""


@given(QUESTIONS, st.sampled_from([("caridad", CARIDAD), ("Keith", MINES), ("Mnes", MINES)]))
def test_a_filter_gives_only_that_persons_words(bot, question, who):
    """For any question put to one speaker every quote is that speaker's."""
    typed, name = who
    try:
        answer = bot.ask(question, speaker=typed)
    except QuestionError:
        return
    keeps_its_promises(answer)
    assert {quote.speaker for quote in answer.quotes} <= {name}


@given(
    interviews(),
    st.sampled_from(["oil", "sanctions and trust", "What of it?", "Does Li Wei say oil?", "another U.S."]),
)
def test_any_interview_is_quoted_exactly(told, question):
    """For any interview in the seed's layout the answers keep every promise."""
    encoder = FakeEncoder()
    bot = Bot(build([told.article], encoder), encoder, WORD_READER)
    keeps_its_promises(bot.ask(question))
    assert all(
        quote.speaker in {speaker for speaker, _, _ in told.turns} for quote in bot.ask(question).quotes
    )


@pytest.mark.parametrize(
    ("question", "words", "speaker"),
    [
        ("Have both sides been playing hard to get?", "hard to get", MINES),
        ("How much would it take to fix the oil sector?", "up to $12 billion", MINES),
        ("What share of Venezuelans live in extreme poverty?", "77 percent", CARIDAD),
        ("Who has the world's largest oil reserves?", "It has the world’s largest oil reserves", MINES),
        ("What does Caridad say about sanctions?", "sanctions", CARIDAD),
        ("what does cardad say about elections?", "elections", CARIDAD),
        ("HOW POPULAR IS GUAIDO?", "Juan Guaidó", CARIDAD),
    ],
)
def test_the_seed_answers(bot, question, words, speaker):
    """Questions that the seed answers get the right sentence first, with the right name."""
    answer = bot.ask(question)
    assert answer.status == "answered"
    assert words in answer.quotes[0].text
    assert answer.quotes[0].speaker == speaker
    keeps_its_promises(answer)


def test_the_whole_first_answer(bot, article):
    """The question of the front page: the quote, its place, who said it, in what role, and what was asked."""
    quote = bot.ask("Have both sides been playing hard to get?").quotes[0]
    assert quote.text.endswith("Until now, both have played “hard to get”")
    assert article.text[quote.span.end] == "\n"
    assert (quote.speaker, quote.role) == (MINES, "USIP")
    assert quote.asked.startswith("What do we know about the meetings between U.S.")


@pytest.mark.parametrize(
    "question",
    [
        "What do they say about tourism?",
        "Who won the World Cup?",
        "How do I bake bread?",
        "What is the capital of Peru?",
    ],
)
def test_what_the_seed_does_not_say_is_declined(bot, question):
    """A question about something else is declined in our own words, without a quote."""
    answer = bot.ask(question)
    assert (answer.status, answer.quotes) == ("declined", ())


@pytest.mark.parametrize("name", ["Keith Richards", "Angela Merkel", "Noam Chomsky"])
def test_a_stranger_is_declined_by_name(bot, name):
    """Somebody who neither speaks nor is spoken of is declined by name, with who does speak."""
    answer = bot.ask(f"What does {name} say about oil?")
    assert (answer.status, answer.quotes) == ("declined", ())
    assert answer.message == f"{name} does not speak in this article. Keith Mines and Ana Caridad do."


ASKED = """\
Rosa Peña: Who built the old mill by the river?

Ana Caridad: My father built it with two friends.

Rosa Peña: And who runs it now?

Ana Caridad: Nobody does. I sold it.
"""


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (
            "What does Rosa Peña say about the mill?",
            "Rosa Peña asks the questions here, and does not answer them. Ana Caridad does.",
        ),
        (
            "¿Qué dice Rosa Peña sobre el molino?",
            "Rosa Peña hace aquí las preguntas y no las responde. Habla Ana Caridad.",
        ),
    ],
)
def test_the_interviewer_is_declined_as_the_one_who_asks(question, message):
    """Who only asks has no answers, and nobody else's are given in their name."""
    asked = Bot(build([Article("asked", ASKED)], FakeEncoder()), FakeEncoder(), WORD_READER)
    answer = asked.ask(question)
    assert (answer.status, answer.quotes, answer.message) == ("declined", (), message)


def test_the_other_speakers_words_never_stand_in(bot):
    """Asked of Caridad, what only Mines speaks to is declined; his words are near misses under his name."""
    answer = bot.ask("What does Caridad say about Alex Saab's imprisonment?")
    assert (answer.status, answer.quotes) == ("declined", ())
    assert answer.message == "Ana Caridad does not speak to this. Keith Mines does."
    assert {quote.speaker for quote in answer.related} == {MINES}


def test_two_people_asked_both_may_answer(bot):
    """A question to both speakers is not answered as if one had not been named."""
    answer = bot.ask("What do Mines and Caridad say about sanctions?")
    best = bot.ask("What is said about sanctions?").quotes[0]
    assert any(quote.shares(best) for quote in answer.quotes)
    assert bot.ask("What do Mines and Caridad say about the oil sector?").quotes[0].speaker == MINES


def test_a_speaker_given_outranks_one_named(bot):
    """With `speaker` given only that person's words answer, whoever the question names."""
    answer = bot.ask("What does Mines say about sanctions?", speaker="Caridad")
    assert {quote.speaker for quote in answer.quotes} <= {CARIDAD}


@pytest.mark.parametrize("name", ["Maduro", "Keith Richards", "", "x" * 5_000, "\x00\u202e"])
def test_an_unknown_speaker_lists_the_known(bot, name):
    """A speaker who does not speak is an error of one line that lists who does, however long the name."""
    with pytest.raises(UnknownSpeaker) as error:
        bot.ask("Is there oil?", speaker=name)
    assert "Keith Mines, Ana Caridad" in str(error.value)
    assert len(str(error.value)) < 250


@pytest.mark.parametrize("name", ["other", "", "\n"])
def test_an_unknown_article_lists_the_known(bot, name):
    """An article that is not in the index is an error that lists those that are; the known one is taken."""
    with pytest.raises(UnknownArticle, match="usip-venezuela-2022"):
        bot.ask("Is there oil?", article=name)
    assert bot.ask("What of the oil sector?", article="usip-venezuela-2022").quotes


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "\x00\x07", "\u200f\u202e\u200b", "\ud800"])
def test_nothing_asked_is_an_error(bot, question):
    """An empty question, or one of invisible characters alone, is a QuestionError that says so."""
    with pytest.raises(QuestionError, match="empty"):
        bot.ask(question)


def test_the_longest_question(bot):
    """MAX_QUESTION characters are a question; one more, or 100,000, is an error with both numbers."""
    assert bot.ask("oil " * (MAX_QUESTION // 4)).status in ("answered", "declined")
    for length in (MAX_QUESTION + 1, 100_000):
        with pytest.raises(QuestionError) as error:
            bot.ask("x" * length)
        assert f"{length:,}" in str(error.value)
        assert f"{MAX_QUESTION:,}" in str(error.value)


@pytest.mark.parametrize(
    "question",
    [
        "\u202eHave both sides been playing hard to get?\u202c",
        "Have both sides \x00been playing hard to get?",
        "\ufeffHave both\nsides been\tplaying hard to get?\u200f",
        "Have both sides been playing “hard to get”?",
    ],
)
def test_invisible_characters_change_no_answer(bot, question):
    """Control and direction characters, line ends and printer's quotes change nothing in what is found."""
    plain = bot.ask("Have both sides been playing hard to get?")
    assert [quote.span for quote in bot.ask(question).quotes] == [quote.span for quote in plain.quotes]


@pytest.mark.parametrize(
    ("question", "message", "suggests"),
    [
        ("hi", wording.ENGLISH.greeting, True),
        ("thanks", wording.ENGLISH.thanks, False),
        ("bye", wording.ENGLISH.goodbye, False),
        ("???", wording.ENGLISH.no_words, False),
        ("who are you?", wording.ENGLISH.who_are_you, True),
        ("Write a poem about oil", wording.ENGLISH.who_are_you, True),
        ("what can I ask?", wording.ENGLISH.what_can_i_ask, True),
        ("who are the speakers?", "Keith Mines (USIP) and Ana Caridad (USIP) speak here.", True),
        (
            "what is this about?",
            "An interview with Keith Mines and Ana Caridad, published by the United States Institute of "
            "Peace in March 2022. The interviewer asked these questions:",
            True,
        ),
    ],
)
def test_small_talk(bot, question, message, suggests):
    """Small talk is declined with fixed wording, no quotes and, where it helps, suggestions."""
    answer = bot.ask(question)
    assert (answer.status, answer.message, answer.quotes, answer.related) == ("declined", message, (), ())
    assert answer.suggestions == (bot.index.questions if suggests else ())
    assert len(bot.index.questions) == 4


def test_an_interviewers_own_question_finds_its_answer(bot):
    """Each suggested question, asked as it is, is answered from the turn that it opened."""
    for question in bot.index.questions:
        answer = bot.ask(question)
        assert answer.status == "answered"
        assert question in {quote.asked for quote in answer.quotes}


def test_other_weights_are_refused(seed_index):
    """A bot whose encoder has other weights than the index was made with cannot be made."""
    with pytest.raises(IndexStale, match="onrecord build"):
        Bot(seed_index, FakeEncoder(), WORD_READER)


def test_opened_from_disk_it_answers_alike(bot, index_folder, tmp_path):
    """A bot opened from the saved index answers as the one in memory; without an index it says so."""
    opened = Bot.open(index_folder)
    for question in ("Have both sides been playing hard to get?", "What about tourism?", "who speaks?"):
        one, two = bot.ask(question), opened.ask(question)
        assert (one.message, one.suggestions) == (two.message, two.suggestions)
        assert [(q.span, q.score) for q in one.quotes] == [(q.span, q.score) for q in two.quotes]
    with pytest.raises(IndexMissing):
        Bot.open(tmp_path)


def test_words_of_nobody_known_are_answered_without_a_name():
    """What follows an unknown label can be quoted, but its speaker is None and no filter lets it in."""
    made = interview("Keith Mines: Oil is scarce.", "Rosa Peña: Gold is plenty there.")
    encoder = FakeEncoder()
    bot = Bot(build([made], encoder), encoder, WORD_READER)
    assert [(q.text, q.speaker) for q in bot.ask("gold plenty").quotes] == [("Gold is plenty there.", None)]
    assert bot.ask("gold plenty", speaker="Mines").quotes == ()


def test_a_repeated_sentence_is_quoted_where_it_stands():
    """The same sentence said by two people is quoted once for each, at its own place."""
    made = interview("Keith Mines: Oil is scarce.", "Ana Caridad: Oil is scarce.")
    encoder = FakeEncoder()
    bot = Bot(build([made], encoder), encoder, WORD_READER)
    found = bot.ask("is oil scarce?").quotes
    assert {(q.speaker, made.text.rfind(f"{q.speaker}: ", 0, q.span.start)) for q in found} == {
        (MINES, 0),
        (CARIDAD, made.text.index("Ana Caridad")),
    }


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("hola", wording.SPANISH.greeting),
        ("¿Quién eres?", wording.SPANISH.who_are_you),
        ("¿Qué puedo preguntar?", wording.SPANISH.what_can_i_ask),
        ("¿Quién habla?", "Aquí hablan Keith Mines (USIP) y Ana Caridad (USIP)."),
        ("¿Qué dice Caridad?", "A Ana Caridad (USIP) le hicieron estas preguntas:"),
        ("¿Qué dice Elon Musk?", "Elon Musk no habla en este artículo. Hablan Keith Mines y Ana Caridad."),
        ("¿Qué dicen de Elon Musk?", "En el artículo no aparece Elon Musk."),
        ("¿Cuál es la mejor receta de pan?", "El artículo no lo dice."),
        ("Wie wird das Wetter morgen sein?", "The article does not say."),
    ],
)
def test_our_words_are_in_the_language_of_the_question(bot, question, message):
    """A question in Spanish gets our sentences in Spanish; one in a language without them, English."""
    assert bot.ask(question).message == message


# --- several articles ------------------------------------------------------------------------------

OATS = "Oats grow best on the wet northern fields."
SEVERAL = (
    interview("Why oats?", f"Keith Mines: {OATS} Rye does not.", id="first", date="2021-05", title="On oats"),
    interview("Oats?", f"Keith Mines: Well. {OATS} Rye does not.", id="reprint", date="2022", title="Again"),
    interview("And oats?", "Ana Caridad: Oats grow on dry fields too.", id="other", date="2023-01-10"),
    interview("Rye?", f"Ana Caridad: {OATS}", id="undated"),
)


@pytest.fixture(scope="module")
def several():
    """A bot over four interviews, two of which print the same sentence of the same person."""
    encoder = FakeEncoder()
    return Bot(build(SEVERAL, encoder), encoder, WORD_READER)


def test_a_reprinted_sentence_is_one_quote(several):
    """The same person's same words in two articles are one quote, of the earlier, with the other place."""
    quotes = several.ask("Where do oats grow best, on wet northern fields?").quotes
    mines = [quote for quote in quotes if quote.speaker == MINES]
    assert [(quote.article.id, quote.text) for quote in mines] == [("first", OATS)]
    assert [(place.article.id, place.span.of(place.article.text)) for place in mines[0].also] == [
        ("reprint", OATS)
    ]
    # Another person's same words are their own.
    assert next(quote.article.id for quote in quotes if quote.speaker == CARIDAD) == "undated"
    assert all(not quote.also for quote in quotes if quote.speaker == CARIDAD)


def test_a_reprint_answers_where_only_it_may(several):
    """Asked of the reprint alone its words are quoted there, and the first print is the other place."""
    quote = several.ask("Where do oats grow best?", article="reprint").quotes[0]
    assert (quote.article.id, [place.article.id for place in quote.also]) == ("reprint", ["first"])


@pytest.mark.parametrize(
    ("since", "until", "articles"),
    [
        ("2021", None, {"first", "other"}),
        ("2022", None, {"reprint", "other"}),
        ("2022-02", None, {"other"}),
        (None, "2021", {"first"}),
        (None, "2021-05-30", set()),
        (None, "2021-05-31", {"first"}),
        ("2023-01-10", "2023-01-10", {"other"}),
        ("2023-01-11", None, set()),
    ],
)
def test_dates_let_in_only_what_is_known_to_fit(several, since, until, articles):
    """Between two dates only articles all of whose possible days lie there answer; undated ones never do."""
    answer = several.ask("Where do oats grow?", since=since, until=until)
    assert {quote.article.id for quote in (*answer.quotes, *answer.related)} == articles
    assert (answer.message == wording.ENGLISH.no_time) == (not articles)


@pytest.mark.parametrize(
    ("since", "until"), [("x", None), (None, "2022-13"), ("2022-1", None), ("2023", "2022")]
)
def test_a_bad_date_is_told(several, since, until):
    """What is no date, or a time that ends before it begins, is a DateError of one line."""
    with pytest.raises(DateError) as error:
        several.ask("oats?", since=since, until=until)
    assert "\n" not in str(error.value)


def test_newest_first_among_equals(several):
    """With order "newest" the newer of two quotes that are as sure comes first, else the likelier one."""
    question = "oats grow best on fields"
    best = several.ask(question, since="2021").quotes
    newest = several.ask(question, since="2021", order="newest").quotes
    assert [quote.article.date for quote in best] == ["2021-05", "2023-01-10"]
    assert newest == best[::-1]


def test_an_error_over_many_names_lists_some(several):
    """With more names than a line holds the message has some of them and how many more there are."""
    assert some(["a", "b"]) == "a, b"
    assert some([str(n) for n in range(1_010)]).endswith("6, 7 and 1,002 more")


@pytest.mark.parametrize(
    "question",
    [
        *("asdf qwer zxcv", "sdfkjhsdf", "hjkl hjkl hjkl?", "flurble the wumpus", "What about flurble?"),
        *("What do they think about flurble?", "What does Caridad say about flurble?", "qwertyuiop!!"),
    ],
)
def test_what_is_no_word_to_anybody_is_answered_by_nobody(bot, question):
    answer = bot.ask(question)
    assert answer.status == "declined"
    assert answer.quotes == () == answer.related
    assert not any(side.quotes for side in answer.sides)


def test_a_word_of_another_language_is_understood_where_it_is_clear(bot):
    (first, *_) = bot.ask("oliereserves").quotes  # Dutch
    assert "oil reserves" in first.text


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("hi Keith", wording.of("en").greeting),
        ("Thanks, Ana Caridad!", wording.of("en").thanks),
        ("bye Mines", wording.of("en").goodbye),
        ("hola Keith", wording.of("es").greeting),
    ],
)
def test_who_greets_somebody_by_name_is_greeted(bot, said, reply):
    answer = bot.ask(said)
    assert (answer.message, answer.quotes) == (reply, ())


@pytest.mark.parametrize(
    "question",
    [
        f"Who is {MINES}?",
        f"What is {MINES}'s job?",
        f"What does {MINES} do?",
        f"¿Cuál es el cargo de {MINES}?",
    ],
)
def test_who_somebody_is_stands_in_the_facts(bot, question):
    answer = bot.ask(question)
    assert f"{MINES} (USIP)" in answer.message
    assert answer.quotes == () == answer.related
    assert set(answer.suggestions) == {
        turn.asked.of(bot.index.articles[0].text)
        for turn in bot.index.turns[0]
        if turn.speaker == MINES and turn.asked
    }
