"""What the bot promises: exact words, of one turn, of the right person, or none."""

# mypy: allow-untyped-calls

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import wording
from rag.bot import MAX_QUESTION, Bot, checked
from rag.errors import IndexMissing, IndexStale, QuestionError, UnknownArticle, UnknownSpeaker
from rag.index import build
from rag.reader import MOST_QUOTES, MOST_RELATED
from rag.reading.turns import blocks, turns
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
    assert best.text in {quote.text for quote in answer.quotes}
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
        ("¿Qué dice Caridad?", "A Ana Caridad le hicieron estas preguntas:"),
        ("¿Qué dice Elon Musk?", "Elon Musk no habla en este artículo. Hablan Keith Mines y Ana Caridad."),
        ("¿Qué dicen de Elon Musk?", "En el artículo no aparece Elon Musk."),
        ("¿Cuál es la mejor receta de pan?", "El artículo no lo dice."),
        ("Wie wird das Wetter morgen sein?", "The article does not say."),
    ],
)
def test_our_words_are_in_the_language_of_the_question(bot, question, message):
    """A question in Spanish gets our sentences in Spanish; one in a language without them, English."""
    assert bot.ask(question).message == message
