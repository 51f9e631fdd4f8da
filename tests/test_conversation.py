"""What a follow-up really asks."""

# mypy: allow-untyped-calls

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import wording
from rag.conversation import Understood, resolve
from rag.records import Answer
from rag.smalltalk import kind_of
from tests.conftest import CARIDAD, MINES, ROOT

SPEAKERS = (MINES, CARIDAD)
OIL = "What is said about oil production?"
FREED = "Did Maduro release prisoners?"
OF_MINES = "What does Mines say about sanctions?"
OF_BOTH = "What do Mines and Caridad say about oil?"
GUAIDO = "How popular is Guaidó?"
LIBERO = "¿Liberó Maduro a los presos?"
DE_MINES = "¿Qué dice Mines sobre las sanciones?"


def asked(question, *history):
    """The question that the follow-up stands for."""
    return resolve(question, history, SPEAKERS).question


def meant(question, *history):
    """Whose words the follow-up asks for."""
    return resolve(question, history, SPEAKERS).speakers


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("And Caridad?", CARIDAD),
        ("and caridad", CARIDAD),
        ("What about Keith Mines?", MINES),
        ("How about Mines?", MINES),
        ("But what about Ana?", CARIDAD),
        ("Caridad?", CARIDAD),
        ("And Cardad?", CARIDAD),
        ("so, and Mines", MINES),
        ("¿y Caridad?", CARIDAD),
        ("What does Caridad think?", CARIDAD),
        ("And what does Caridad say about it?", CARIDAD),
        ("Does Mines agree?", MINES),
        ("¿está de acuerdo Caridad?", CARIDAD),
        ("sorry, Caridad", CARIDAD),
    ],
)
def test_a_name_alone_asks_the_earlier_question_of_that_person(question, who):
    """A follow-up "And Caridad?" is the question before it, put to Caridad: its words and her name."""
    assert asked(question, OIL) == OIL
    assert meant(question, OIL) == {who}


@pytest.mark.parametrize("history", [[], [OIL], [OF_MINES], [LIBERO]])
@pytest.mark.parametrize(
    "question",
    [
        "sanctions",
        "Is there oil?",
        "What does Caridad say about elections?",
        "And Keith Richards?",
        "What about Mines and Caridad and oil?",
        "What do they say about tourism?",
        "What does it say about elections?",
        "Did Biden say he would lift sanctions?",
        "How does Russia treat its allies?",
        "How popular is the opposition and who leads it?",
        "Who are the people that left their homes?",
        "Is it true that there is oil?",
        "How much would it take to fix the oil sector?",
        "What happened to those who left?",
        "Was Maduro himself involved in the meetings?",
        "When was the last time senior American officials went to Venezuela before this visit?",
        "Are there elections this year?",
        "What else did Russia announce?",
        "¿Cuántos venezolanos viven en pobreza extrema?",
        "¿Qué le pasó a Guaidó?",
        "¿Quién es Alex Saab?",
        "thanks",
        "who are the speakers?",
        "???",
        "",
    ],
)
def test_a_question_that_stands_alone_comes_back_unchanged(question, history):
    """A question with a topic of its own, and small talk, are not touched, whatever was asked before."""
    assert resolve(question, history, SPEAKERS) == Understood(question)


@pytest.mark.parametrize(
    "question", ["And Caridad?", "And oil?", "What about Maduro?", "When did they meet?"]
)
def test_without_history_what_can_be_searched_is(question):
    """A first question that names something comes back as it is."""
    assert resolve(question, [], SPEAKERS) == Understood(question)


@pytest.mark.parametrize(
    "question",
    [
        *("why?", "since when does it?", "and the other one?", "anything else?", "more", "who else?"),
        *("and before that?", "did he agree?", "¿por qué?", "¿algo más?", "¿y antes?"),
    ],
)
@pytest.mark.parametrize("history", [[], ["hello"], ["why?", "thanks"]])
def test_what_nothing_tells_is_said_to_be_unresolved(question, history):
    """A follow-up without a topic, after no question or small talk alone, says that it is unresolved."""
    assert not resolve(question, history, SPEAKERS).resolved


@pytest.mark.parametrize(
    ("question", "earlier", "whole"),
    [
        ("why?", FREED, "Why did Maduro release prisoners?"),
        ("how so?", FREED, "How did Maduro release prisoners?"),
        ("But why?", FREED, "Why did Maduro release prisoners?"),
        ("When was that?", FREED, "When did Maduro release prisoners?"),
        ("Why is that?", "Could oil production rise?", "Why could oil production rise?"),
        ("since when?", "Are the talks suspended?", "Since when are the talks suspended?"),
        ("how many?", FREED, f"How many: {FREED}"),
        ("what year?", FREED, f"What year: {FREED}"),
        ("under what conditions?", FREED, f"Under what conditions: {FREED}"),
        ("why?", OF_MINES, f"Why: {OF_MINES}"),
        ("¿por qué?", LIBERO, "¿Por qué liberó Maduro a los presos?"),
        ("¿desde cuándo?", LIBERO, "¿Desde cuándo liberó Maduro a los presos?"),
        ("¿cuántos?", LIBERO, f"Cuántos: {LIBERO}"),
        ("and before that?", GUAIDO, "Before that? (How popular is Guaidó)"),
        ("what happened next?", FREED, f"What happened next: {FREED}"),
        ("¿y antes?", LIBERO, f"Antes: {LIBERO}"),
        ("and three years ago?", GUAIDO, f"Three years ago: {GUAIDO}"),
    ],
)
def test_a_question_word_alone_asks_it_of_the_earlier_question(question, earlier, whole):
    """A lone "why?" takes the topic of the question before it, in one sentence where that was yes-or-no."""
    assert asked(question, earlier) == whole


@pytest.mark.parametrize(
    ("question", "earlier", "whole"),
    [
        ("and oil?", OF_MINES, "What does Mines say about oil?"),
        ("what about drugs?", OF_MINES, "What does Mines say about drugs?"),
        ("And on oil?", OF_MINES, "What does Mines say about oil?"),
        ("and gold?", OF_BOTH, "What do Mines and Caridad say about gold?"),
        ("And Maduro?", GUAIDO, "How popular is Maduro?"),
        ("and in 2019?", GUAIDO, "How popular is Guaidó in 2019?"),
        ("in 2019?", "How popular was Guaidó in 2022?", "How popular was Guaidó in 2019?"),
        ("and in the US?", "Are the talks in Mexico suspended?", "Are the talks in the US suspended?"),
        ("and in Colombia?", GUAIDO, "How popular is Guaidó in Colombia?"),
        ("and in Colombia?", FREED, "Did Maduro release prisoners in Colombia?"),
        ("what about hostages?", FREED, f"{FREED} And hostages?"),
        ("And on elections?", "Do they agree on oil?", "Do they agree on elections?"),
        ("and elections?", "Do they disagree over oil?", "Do they disagree over elections?"),
        ("no, gold", OF_MINES, "What does Mines say about gold?"),
        ("sorry, I meant gold", OF_MINES, "What does Mines say about gold?"),
        ("¿y el petróleo?", DE_MINES, "¿Qué dice Mines sobre el petróleo?"),
        ("¿y el petróleo?", "¿Están de acuerdo sobre las drogas?", "¿Están de acuerdo sobre el petróleo?"),
        ("perdón, el oro", DE_MINES, "¿Qué dice Mines sobre el oro?"),
        ("¿y Guaidó?", LIBERO, "¿Liberó Guaidó a los presos?"),
        ("¿y los rehenes?", LIBERO, f"{LIBERO} ¿Y los rehenes?"),
    ],
)
def test_a_topic_alone_is_put_into_the_earlier_question(question, earlier, whole):
    """A lone "and oil?" asks the question before it, of the same person, with oil for its topic."""
    assert asked(question, earlier) == whole


@pytest.mark.parametrize(
    "question",
    ["who says so?", "who said that?", "says who?", "really?", "what?", "¿quién lo dice?", "¿según quién?"],
)
def test_who_says_so_asks_again(question):
    """Whoever doubts the answer gets the question before it again, with the name on each quote."""
    assert resolve(question, [FREED], SPEAKERS) == Understood(FREED)


@pytest.mark.parametrize(
    "question",
    [
        *("anything else?", "What else?", "more", "tell me more", "go on", "and?", "who else?"),
        *("anything else about prisoners?", "¿algo más?", "¿qué más?", "más"),
    ],
)
def test_more_is_the_earlier_question_without_what_was_given(question):
    """A lone "more" is the question before it, once further; said again, once further still."""
    assert resolve(question, [FREED], SPEAKERS) == Understood(FREED, further=1)
    assert resolve(question, [FREED, "more"], SPEAKERS) == Understood(FREED, further=2)


def test_more_from_another_person_starts_anew():
    """Asked after a question to Mines, "what else does Caridad say?" leaves out nothing: she said nothing."""
    again = resolve("What else does Caridad say?", [OF_MINES], SPEAKERS)
    assert again.speakers == {CARIDAD}
    assert again.further == 0


@pytest.mark.parametrize(
    ("question", "earlier", "whole"),
    [
        ("When did they meet?", "Who was in the two delegations?", "When did the two delegations meet?"),
        ("How many people back him?", GUAIDO, "How many people back Guaidó?"),
        ("What is his party?", GUAIDO, "What is Guaidó's party?"),
        ("Where is he now?", "Who is Alex Saab?", "Where is Alex Saab now?"),
        ("Who is he?", OF_MINES, "Who is Keith Mines?"),
        ("What is his job?", OF_MINES, "What is Keith Mines' job?"),
        ("Who is he?", "What does Mines say about Russia?", "Who is he? (Russia)"),
        ("Who is he?", "What does Caridad say about Guaidó?", "Who is Guaidó?"),
        ("Why were they imposed?", OF_MINES, "Why were sanctions imposed?"),
        ("who imposed them?", OF_MINES, "Who imposed sanctions?"),
        ("What does that show?", FREED, "What does that show? (Did Maduro release prisoners)"),
        ("Compare them on oil", FREED, "Compare them on oil"),
        ("What did these men do?", FREED, "What did these men do? (Did Maduro release prisoners)"),
        ("How many did they free?", FREED, "How many did they free? (Did Maduro release prisoners)"),
        ("¿Cuándo se reunieron?", LIBERO, "¿Cuándo se reunieron? (Liberó Maduro a los presos)"),
        ("¿Quién las impuso?", DE_MINES, "¿Quién las impuso? (las sanciones)"),
        ("¿Qué significa eso?", LIBERO, "¿Qué significa eso? (Liberó Maduro a los presos)"),
        (
            "Did he agree to it?",
            "Did Biden meet Maduro about oil?",
            "Did Biden meet Maduro about oil?",
        ),
    ],
)
def test_a_pronoun_gets_what_it_means(question, earlier, whole):
    """What a pronoun means takes its place, or stands beside the question where two things could be meant."""
    assert asked(question, earlier).casefold() == whole.casefold()


@pytest.mark.parametrize(
    ("question", "earlier", "who"),
    [
        ("What does he say about oil?", OF_MINES, {MINES}),
        ("What is his opinion on Guaidó?", OF_MINES, {MINES}),
        ("According to him, who won?", OF_MINES, {MINES}),
        ("Why does he think so?", OF_MINES, {MINES}),
        ("What does she say about it?", "What does Caridad say about oil?", {CARIDAD}),
        ("¿Qué opina de Rusia?", DE_MINES, {MINES}),
        ("And the other one?", OF_MINES, {CARIDAD}),
        ("What does she say about oil?", OF_MINES, {CARIDAD}),
        ("Does she agree?", OF_MINES, {CARIDAD}),
        ("And she?", OF_MINES, {CARIDAD}),
        ("what about her?", OF_MINES, {CARIDAD}),
        ("¿Y ella?", DE_MINES, {CARIDAD}),
        ("and him?", OF_MINES, {MINES}),
        ("What does he say about drugs?", OF_BOTH, set()),
        ("Did he agree?", OF_BOTH, set()),
        ("What does she say about it?", OIL, set()),
        ("When did he announce that?", OF_MINES, set()),
    ],
)
def test_a_pronoun_means_the_one_speaker_asked_before(question, earlier, who):
    """A "he" is the one speaker asked before, a "she" after a man the one woman who speaks; else nobody."""
    assert meant(question, earlier) == who


@pytest.mark.parametrize(
    ("question", "earlier", "told"),
    [
        ("And Caridad?", "What do they say about oil?", "What does Ana Caridad say about oil?"),
        ("And Caridad?", "Do they agree on oil?", "Does Ana Caridad agree on oil?"),
        ("¿Y Caridad?", "¿Qué piensan sobre el oro?", "¿Qué piensa Ana Caridad sobre el oro?"),
        ("¿Y Caridad?", "¿Qué dicen ambos del oro?", "¿Qué dice Ana Caridad del oro?"),
        ("And Caridad?", OIL, f"Ana Caridad: {OIL}"),
    ],
)
def test_what_was_asked_of_all_is_told_as_asked_of_one(question, earlier, told):
    """The name stands where "they" stood, with the verb that goes with it, or before the question."""
    assert resolve(question, [earlier], SPEAKERS).told == told


@pytest.mark.parametrize(
    "question",
    [
        "Do they agree?",
        "Where do they disagree?",
        "What do both of them say?",
        "compare",
        "Compare with Mines",
    ],
)
def test_what_is_asked_of_all_who_speak_is_no_longer_put_to_one(question):
    """After a question to one speaker, "do they agree?" is that question put to all, and so is it told."""
    whole = "What do they say about sanctions?"
    assert resolve(question, [OF_MINES], SPEAKERS) == Understood(whole)
    assert resolve(question, [OF_MINES, "And Caridad?"], SPEAKERS) == Understood(whole)


@pytest.mark.parametrize("question", ["¿Están de acuerdo?", "¿En qué coinciden?", "compáralos"])
def test_what_is_asked_of_all_in_spanish_is_told_in_spanish(question):
    """The verb that was one speaker's becomes that of all."""
    assert resolve(question, [DE_MINES], SPEAKERS) == Understood("¿Qué dicen sobre las sanciones?")


def test_on_the_seed_all_stand_side_by_side_though_one_was_asked_before(bot):
    """Both have a column after "Do they agree?", though Caridad was asked before; "compare" is no topic."""
    history = ["What does Mines say about sanctions?", "And Caridad?"]
    for question in ("Do they agree?", "compare", "compare with Mines"):
        answer = bot.ask(question, history=history)
        assert [side.person.name for side in answer.sides] == [MINES, CARIDAD], question
        assert answer.understood == "What do they say about sanctions?"
    assert bot.ask("and oil?", history=[*history, "compare"]).understood == "What do they say about oil?"


def test_the_last_question_counts():
    """Of several earlier questions the last one is asked again."""
    assert asked("And Caridad?", OIL, "What of sanctions?") == "What of sanctions?"


@pytest.mark.parametrize(
    "earlier",
    [
        "What does Mines say about oil?",
        "what does keith mines think about oil?",
        "According to Mines, is there oil?",
        "What is Mines's view on oil?",
        "Mines on oil",
    ],
)
def test_a_follow_up_asks_the_new_person_only(earlier):
    """After a question to Mines, "And Caridad?" asks Caridad and no longer Mines."""
    assert meant("And Caridad?", earlier) == {CARIDAD}
    assert "mines" not in asked("And Caridad?", earlier).casefold()


@pytest.mark.parametrize(
    ("chain", "whole", "who"),
    [
        ([OF_MINES, "And Caridad?", "And Mines?"], "What does Keith Mines say about sanctions?", {MINES}),
        ([OF_MINES, "and oil?", "And Caridad?"], "What does Ana Caridad say about oil?", {CARIDAD}),
        ([OF_MINES, "And Caridad?", "and oil?"], "What does Ana Caridad say about oil?", set()),
        ([OIL, "And Caridad?", "why?"], f"Why: {OIL}", {CARIDAD}),
        ([OF_MINES, "What is his job?", "And she?"], "What is Ana Caridad's job?", {CARIDAD}),
        ([OF_MINES, "And she?", "What is her job?", "And Mines?"], "What is Keith Mines' job?", {MINES}),
        (["Who is Juan Guaidó?", "Does the US recognize him?", "How many people back him?"],
         "How many people back Juan Guaidó?", set()),
        ([FREED, "why?", "thanks", "since when?"], "Since when did Maduro release prisoners?", set()),
        ([OF_MINES, "Is there oil?", "why?"], "Why is there oil?", set()),
    ],
)  # fmt: skip
def test_a_follow_up_to_a_follow_up(chain, whole, who):
    """Each follow-up takes up what the one before it was understood to ask."""
    *history, question = chain
    assert asked(question, *history) == whole
    assert meant(question, *history) == who


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                "and what about why he she they it that else more oil Mines Caridad Guaidó the in 2019 "
                "says ¿y qué dice de él la se reunieron cuándo ? - ' \ud800".split(" ")
            ),
            max_size=7,
        ).map(" ".join),
        max_size=6,
    )
)
def test_whatever_is_asked_names_come_from_the_conversation(questions):
    """For any run of such words only speakers whom a question names, or the others, are asked."""
    *history, question = questions or [""]
    understood = resolve(question, history, SPEAKERS)
    assert understood.speakers <= set(SPEAKERS)
    if not any(name in " ".join(questions) for name in ("Mines", "Caridad")):
        assert not understood.speakers


def test_a_long_chain_stays_short():
    """After fifty follow-ups of every kind the question is still one that can be read."""
    chain = ["why?", "and hostages?", "and talks?", "When did they meet?", "What does that show?"] * 10
    for length in range(len(chain)):
        whole = asked("why?", FREED, *chain[:length])
        assert len(whole) < 120
        assert whole.count("(") <= 1


def speakers_of(answer: Answer):
    return {quote.speaker for quote in answer.quotes}


def test_on_the_seed_a_follow_up_gives_only_the_new_persons_words(bot):
    """On the seed, sanctions asked of Mines and then "And Caridad?" gives Caridad's words alone."""
    answer = bot.ask("And Caridad?", history=[OF_MINES])
    assert speakers_of(answer) == {CARIDAD}
    assert answer.question == "And Caridad?"
    assert answer.understood == "What does Ana Caridad say about sanctions?"


def test_on_the_seed_more_gives_other_quotes_until_none_is_left(bot):
    """Asked for more on oil it gives quotes that no answer gave yet, and at last says that none is left."""
    history, given = ["What is said about oil?"], set()
    first = bot.ask(history[0])
    assert first.understood is None
    given |= {quote.span for quote in first.quotes}
    for _ in range(5):
        more = bot.ask("more", history=history)
        assert more.understood in (history[0], None)
        if more.status == "declined":
            break
        assert not any(quote.span.overlaps(other) for quote in more.quotes for other in given)
        given |= {quote.span for quote in more.quotes}
        history.append("more")
    assert len(given) > len(first.quotes)
    assert (more.message, more.quotes) == (wording.ENGLISH.no_more, ())
    assert not any(quote.span.overlaps(other) for quote in more.related for other in given)


@pytest.mark.parametrize(("question", "say"), [("why?", wording.ENGLISH), ("¿por qué?", wording.SPANISH)])
def test_on_the_seed_what_is_not_understood_is_asked_back(bot, question, say):
    """A first question "why?" is asked back in its language, with questions to go on with."""
    answer = bot.ask(question)
    assert (answer.status, answer.message, answer.quotes) == ("declined", say.ask_back, ())
    assert answer.suggestions == bot.index.questions


@pytest.mark.parametrize("earlier", ["oil \ud800", "\x00\u202e", "", " ", "oil " * 50_000, "???"])
def test_no_history_breaks_an_answer(bot, earlier):
    """Surrogates, control characters, nothing, or 200,000 characters in the history: still an answer."""
    for question in ("And Caridad?", "why?", "more", "When did they meet?"):
        assert bot.ask(question, history=[earlier]).status in ("answered", "declined")


def test_what_people_type_in_passing_is_taken_as_it_was_labelled_blind():
    """Sixty lines of small talk, follow-ups and questions, written by somebody who had not seen the rules."""
    wrong = []
    for line in (ROOT / "tests" / "questions" / "typed.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        understood = resolve(row["question"], row["history"], SPEAKERS)
        leans = understood.told != row["question"] or understood.further or understood.speakers
        taken = "small_talk" if kind_of(understood.question) else "follow_up" if leans else "question"
        wrong += [row["question"]] if taken != row["expect"] else []
    assert wrong == []
