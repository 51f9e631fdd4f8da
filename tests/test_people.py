"""Whom a question names: only a speaker named as one becomes a filter, and nobody else's name does."""

# mypy: allow-untyped-calls

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.people import named, speaker_named
from tests.conftest import CARIDAD, MINES

SPEAKERS = (MINES, CARIDAD)


@pytest.fixture(scope="module")
def who(bot):
    """Whom the seed's bot takes a question to name."""
    return bot._named


@pytest.mark.parametrize("verb", ["say about elections", "think", "recommend for the talks", "want"])
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Caridad", CARIDAD),
        ("Ana", CARIDAD),
        ("Ana Caridad", CARIDAD),
        ("caridad", CARIDAD),
        ("ana caridad", CARIDAD),
        ("CARIDAD", CARIDAD),
        ("Mines", MINES),
        ("mines", MINES),
        ("Keith", MINES),
        ("Keith Mines", MINES),
        ("keith mines", MINES),
        ("Mr. Mines", MINES),
        ("Mr Keith Mines", MINES),
        ("Dr. Caridad", CARIDAD),
        ("Ms Ana Caridad", CARIDAD),
        ("Ambassador Mines", MINES),
        ("Caridád", CARIDAD),
    ],
)
def test_a_name_means_its_person(who, typed, meant, verb):
    """Surname, first name, full name, in any case and with an honorific, all mean that speaker."""
    found = who(f"What does {typed} {verb}?")
    assert (found.speakers, found.stranger) == ({meant}, None)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Cardad", CARIDAD),
        ("Carridad", CARIDAD),
        ("Caridaf", CARIDAD),
        ("Cairdad", CARIDAD),
        ("cardad", CARIDAD),
        ("Mnes", MINES),
        ("Miness", MINES),
        ("Keth", MINES),
        ("Kieth Mines", MINES),
        ("Keith Mnies", MINES),
        ("Anna Caridad", CARIDAD),
        ("Anna", CARIDAD),
    ],
)
def test_one_slip_still_means_the_person(who, typed, meant):
    """One letter lost, added, changed or swapped where a name is expected still means that speaker."""
    found = who(f"What does {typed} say about sanctions?")
    assert (found.speakers, found.stranger) == ({meant}, None)


@pytest.mark.parametrize("typed", ["Crdda", "Caraddid", "Moines Keth", "Kit Minus"])
def test_two_slips_are_somebody_else(who, typed):
    """A name two slips away is nobody of the speakers."""
    assert not who(f"What does {typed} say about sanctions?").speakers


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("What is Caridad's position on sanctions?", CARIDAD),
        ("What is Caridad’s position on sanctions?", CARIDAD),
        ("What is Mines's view on oil?", MINES),
        ("What is Mines' view on oil?", MINES),
        ("What is Keith Mines’ opinion of Russia?", MINES),
        ("Mines's view on oil", MINES),
        ("keith's view on oil", MINES),
        ("Tell me Ana's thoughts about elections", CARIDAD),
        ("the opinion of Caridad on sanctions", CARIDAD),
        ("According to Mines, what is the oil sector like?", MINES),
        ("What is needed according to caridad?", CARIDAD),
        ("What about Caridad?", CARIDAD),
        ("And Mines?", MINES),
        ("Ask Mines about oil", MINES),
        ("Has Ana mentioned elections?", CARIDAD),
        ("Caridad on sanctions", CARIDAD),
        ("Why does Mines believe that the oil sector is degraded?", MINES),
        ("what mines says about oil", MINES),
    ],
)
def test_ways_of_asking_for_somebodys_words(who, question, meant):
    """Possessives, "according to", "what about", keywords: each asks for that speaker's words."""
    assert who(question).speakers == {meant}


@pytest.mark.parametrize(
    "question",
    [
        "What do Mines and Caridad say about Maduro?",
        "What do Caridad and Mines say about Maduro?",
        "What do Keith Mines and Ana Caridad say about Maduro?",
        "Do Mines and Caridad agree on sanctions?",
        "According to Mines and Caridad, what should happen?",
        "Mines and Caridad on sanctions",
        "what do mines and caridad think about oil?",
        "What do Mines or Caridad say about oil?",
        "What are Mines's and Caridad's views on oil?",
    ],
)
def test_two_people_named_may_both_answer(who, question):
    """A question to both speakers is answered by either."""
    assert who(question).speakers == {MINES, CARIDAD}


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("What does Mines say about Caridad?", MINES),
        ("What does Caridad say about Mines?", CARIDAD),
        ("What does Caridad think of Keith Mines?", CARIDAD),
        ("According to Mines, is Caridad right?", MINES),
        ("What is Caridad's opinion of Mines?", CARIDAD),
        ("what did keith say about ana", MINES),
    ],
)
def test_the_subject_of_the_verb_is_the_one_who_answers(who, question, meant):
    """Where one speaker is asked about the other, only the one who is to speak answers."""
    assert who(question).speakers == {meant}


@pytest.mark.parametrize(
    "question",
    [
        "What does Maduro say about negotiations?",
        "What does Nicolás Maduro want?",
        "what does maduro think?",
        "What does Biden think about sanctions?",
        "What is Biden's position on Venezuela?",
        "What does Guaidó say?",
        "what does guaido want",
        "According to Datanalisis, how many support Guaidó?",
        "What is Russia's view of Venezuela?",
        "What does the opposition say?",
        "Who is Alex Saab?",
        "What does the United States want?",
        "How many Venezuelans live in poverty?",
        "What do U.S. officials say about oil?",
        "Does Maduro want the talks to continue?",
    ],
)
def test_whoever_is_spoken_of_is_a_topic(who, question):
    """A name in the text that is no speaker's is part of the question: neither a filter nor a stranger."""
    found = who(question)
    assert (found.speakers, found.stranger, found.rest) == (frozenset(), None, question)


@pytest.mark.parametrize(
    ("question", "stranger"),
    [
        ("What does Keith Richards say about oil?", "Keith Richards"),
        ("what does keith richards say about oil?", "keith richards"),
        ("What is Keith Richards's view on oil?", "Keith Richards"),
        ("Keith Richards on oil", "Keith Richards"),
        ("What does Ana Torres think?", "Ana Torres"),
        ("What does Angela Merkel say about oil?", "Angela Merkel"),
        ("what does merkel say about oil?", "merkel"),
        ("According to Noam Chomsky, what is the oil sector like?", "Noam Chomsky"),
        ("What is Noam Chomsky's view on sanctions?", "Noam Chomsky"),
        ("What did Asfandyar Mir say?", "Asfandyar Mir"),
        ("What Does Angela Merkel Say About Oil?", "Angela Merkel"),
        ("WHAT DOES ANGELA MERKEL SAY ABOUT OIL?", "ANGELA MERKEL"),
        ("What about Henry Kissinger?", "Henry Kissinger"),
    ],
)
def test_a_stranger_is_told_by_name(who, question, stranger):
    """Somebody who neither speaks nor is spoken of is a stranger, named as typed."""
    found = who(question)
    assert (found.speakers, found.stranger) == (frozenset(), stranger)


@pytest.mark.parametrize(
    "question",
    [
        "What are the gold mines in Venezuela?",
        "Are there mines in Venezuela?",
        "the mines",
        "gold mines",
        "How many mines does Venezuela have?",
        "What is said about land mines?",
        "Who owns the mines?",
        "Has the country closed its mines?",
        "Which mines are open?",
        "WHAT IS SAID ABOUT THE MINES?",
        "What Is Said About The Gold Mines?",
        "What do miners say about oil?",
        "What is the mines' output?",
        "What do any experts say?",
        "Does anyone mention Iran?",
        "What do lines of credit mean?",
    ],
)
def test_a_word_that_looks_like_a_name_is_none(who, question):
    """Things and trades ("the mines", "gold mines", "miners") are nobody: no words are left out for them."""
    assert who(question).speakers == frozenset()


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("What Does Keith Mines Say About Oil?", {MINES}),
        ("What Does Caridad Say About Sanctions?", {CARIDAD}),
        ("WHAT DOES CARIDAD SAY ABOUT SANCTIONS?", {CARIDAD}),
        ("WHAT DOES KEITH MINES THINK?", {MINES}),
        ("WHAT DOES MADURO WANT?", frozenset()),
        ("What Does Biden Think About Oil?", frozenset()),
        ("VENEZUELA OIL RESERVES", frozenset()),
        ("How Degraded Is The Oil Sector?", frozenset()),
    ],
)
def test_capitals_everywhere_change_nothing(who, question, meant):
    """In Title Case and ALL CAPS the same people are named as in plain writing, and no stranger is seen."""
    found = who(question)
    assert (found.speakers, found.stranger) == (meant, None)


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("Who besides Mines talks about oil?", MINES),
        ("Who other than Caridad mentions sanctions?", CARIDAD),
        ("Does anybody except Keith Mines mention Russia?", MINES),
        ("Does anyone apart from Ana Caridad mention talks?", CARIDAD),
    ],
)
def test_an_excluded_person_is_no_filter(who, question, others):
    """A question "besides Mines" does not ask for his words."""
    assert others not in who(question).speakers


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Mines's view on oil", "view on oil"),
        ("What is Mines' view on oil?", "What is view on oil?"),
        ("What is Caridad’s position on sanctions?", "What is position on sanctions?"),
        ("keith's view on oil", "view on oil"),
        ("What does Ana Caridad say about sanctions?", "What does say about sanctions?"),
        ("Is there oil?", "Is there oil?"),
    ],
)
def test_the_rest_is_the_question_without_the_name(who, question, rest):
    """What is searched for is the question less the speakers' names and their possessive."""
    assert who(question).rest == rest


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("mines", {MINES}),
        ("KEITH", {MINES}),
        ("Mr. Mines", {MINES}),
        ("Ana Caridad", {CARIDAD}),
        ("Caridad, Ana", {CARIDAD}),
        ("Cardad", {CARIDAD}),
        ("Keith Caridad", frozenset()),
        ("Keith Richards", frozenset()),
        ("Maduro", frozenset()),
        ("", frozenset()),
        ("?!", frozenset()),
        ("Mr.", frozenset()),
    ],
)
def test_a_name_alone(name, meant):
    """`--speaker` takes surname, first name or both, any case and one slip; all else is nobody."""
    assert speaker_named(name, SPEAKERS) == meant


def test_a_shared_surname_means_both():
    """Where two speakers share a surname, it means both, and a first name tells them apart."""
    speakers = ("Ann Lee", "Bo Lee")
    assert speaker_named("Lee", speakers) == {"Ann Lee", "Bo Lee"}
    assert speaker_named("Bo Lee", speakers) == {"Bo Lee"}


def test_no_slip_beats_a_slip():
    """A name that is exactly one speaker's is not also the other's who is a slip away."""
    assert speaker_named("Ana", ("Anna Lee", "Ana Day")) == {"Ana Day"}


PLAIN = st.sampled_from(
    [
        "what",
        "does",
        "oil",
        "sanctions",
        "about",
        "venezuela",
        "the",
        "is",
        "of",
        "and",
        "how",
        "many",
        "talks",
        "maduro",
        "biden",
        "russia",
        "need",
        "why",
    ]
)


@given(st.lists(PLAIN, min_size=1, max_size=10))
def test_a_question_without_a_name_names_nobody(words_):
    """For any run of ordinary words of the article no speaker is named."""
    known = {"oil", "sanctions", "venezuela", "talks", "maduro", "biden", "russia", "need"}
    assert not named(" ".join(words_), SPEAKERS, known, lambda word: True).speakers


@given(st.text(max_size=80))
def test_only_speakers_are_named_and_nothing_is_made_up(text):
    """For any text whoever is named speaks, a stranger is words of it, and the rest is no longer."""
    found = named(text, SPEAKERS, frozenset(), lambda word: False)
    assert found.speakers <= set(SPEAKERS)
    assert found.stranger is None or found.stranger in text
    assert len(found.rest) <= len(text)
    assert not (found.speakers and found.stranger)


@given(st.sampled_from(["Caridad", "Keith Mines", "Mines"]), st.data())
def test_any_one_slip_in_a_name_is_forgiven(name, data):
    """For any one letter lost, doubled or swapped in a surname the name alone still means its person."""
    at = data.draw(st.integers(1, len(name) - 2))
    how = data.draw(st.sampled_from(["lost", "doubled", "swapped"]))
    slipped = {
        "lost": name[:at] + name[at + 1 :],
        "doubled": name[:at] + name[at] + name[at:],
        "swapped": name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :],
    }[how]
    if " " not in {name[at], name[at - 1]}:
        assert speaker_named(slipped, SPEAKERS) == {CARIDAD if name == "Caridad" else MINES}


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("sanctions mines", {MINES}),
        ("professor mines on poverty", {MINES}),
        ("Kieth on sanctions", {MINES}),
        ("Mr Mnies on poverty", {MINES}),
        ("K. Mines on oil", {MINES}),
        ("Someone other than Keith on oil?", {CARIDAD}),
        ("Who besides Caridad talks of sanctions?", {MINES}),
        ("What about the mines?", set()),
        ("Gold mines in Venezuela", set()),
    ],
)
def test_what_a_sceptical_reader_typed(who, question, meant):
    """Keywords, slips, initials, exclusions and compounds mean whom a person would think."""
    assert who(question).speakers == meant


@pytest.mark.parametrize("question", ["Did Trump lift the sanctions?", "Does Obama support the talks?"])
def test_somebody_nowhere_in_the_article_is_absent(who, question):
    """A name in capitals that the article has nowhere is told, wherever it stands in the sentence."""
    assert who(question).absent in ("Trump", "Obama")


@pytest.mark.parametrize(
    "question",
    ["What about Chinese ties?", "Are Russians close?", "Is Gaidó popular?", "What did Americans want?"],
)
def test_other_forms_of_a_name_are_not_absent(who, question):
    """Plurals, adjectives and slips of what the article names are not called unmentioned."""
    named_here = who(question)
    assert named_here.absent is None
    assert named_here.stranger is None


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("¿Qué dice Caridad sobre las sanciones?", {CARIDAD}),
        ("que dice caridad sobre las sanciones", {CARIDAD}),
        ("¿Qué dice Cardad sobre el petróleo?", {CARIDAD}),
        ("¿Cómo describe Keith Mines la relación?", {MINES}),
        ("Según Mines, ¿cuánto petróleo hay?", {MINES}),
        ("¿Qué hace falta según caridad?", {CARIDAD}),
        ("¿Cuál es la opinión de Ana Caridad sobre las elecciones?", {CARIDAD}),
        ("¿Mines cree que habrá acuerdo?", {MINES}),
        ("¿Qué opinan Mines y Caridad sobre el diálogo?", {MINES, CARIDAD}),
        ("¿Y Caridad?", {CARIDAD}),
        ("¿Quién además de Mines habla de Rusia?", {CARIDAD}),
    ],
)
def test_ways_of_asking_in_spanish(who, question, meant):
    """Who says, according to, the opinion of, and, besides: each means that speaker in Spanish too."""
    assert (who(question).speakers, who(question).stranger) == (meant, None)


@pytest.mark.parametrize(
    ("question", "stranger"),
    [
        ("¿Qué dice Elon Musk sobre Rusia?", "Elon Musk"),
        ("que dice trump sobre maduro", "trump"),
        ("¿Qué opina el papa Francisco de la crisis?", "Francisco"),
        ("Según Boric, ¿qué hace falta?", "Boric"),
        ("¿Quién es Elon Musk?", "Elon Musk"),
    ],
)
def test_strangers_in_spanish(who, question, stranger):
    """Whoever is asked for by name in Spanish and neither speaks nor is spoken of is a stranger."""
    assert (who(question).speakers, who(question).stranger) == (frozenset(), stranger)


@pytest.mark.parametrize(
    "question",
    [
        "¿Cuál es la calidad de vida?",
        "Calidad de vida en Venezuela",
        "¿Hay minas de oro?",
        "¿Qué dice la oposición sobre Maduro?",
        "¿Qué dice el Presidente sobre el acuerdo?",
        "¿Qué dicen los expertos sobre las sanciones?",
        "¿Qué dice el artículo sobre Colombia?",
        "¿Qué piensa hacer Maduro?",
        "¿Qué opina la gente de Guaidó?",
        "¿Qué hicieron Estados Unidos y Turquía?",
        "¿Qué pasó en la Casa Blanca?",
        "¿Hubo votación en la Asamblea Nacional?",
        "¿Cuándo viajaron los funcionarios a Venezuela?",
        "Explícame la mesa paralela",
        "Seit wann sind die Verhandlungen ausgesetzt?",
        "Quelle part de la population vit dans l’extrême pauvreté ?",
    ],
)
def test_words_of_another_language_are_no_names(who, question):
    """Question words, nouns, offices and places of another language name nobody and nothing absent."""
    found = who(question)
    assert (found.speakers, found.stranger, found.absent) == (frozenset(), None, None)


@pytest.mark.parametrize(
    ("question", "name"), [("¿Qué dicen de Elon Musk?", "Elon Musk"), ("¿Y qué papel juega Japón?", "Japón")]
)
def test_a_name_that_a_spanish_question_has_and_the_article_lacks(who, question, name):
    """A capitalised name that the article never mentions, under its English name either, is absent."""
    assert who(question).absent == name


@pytest.mark.parametrize(
    ("question", "asker"),
    [
        ("What does Rosa Peña say about oil?", "Rosa Peña"),
        ("What does Peña think?", "Rosa Peña"),
        ("According to Rosa, who pays?", "Rosa Peña"),
        ("What did Mines tell Rosa Peña about oil?", None),
        ("Why did Rosa Peña ask about oil?", None),
        ("What does Keith Mines say?", None),
    ],
)
def test_one_who_only_asks_is_known_where_words_of_theirs_are_wanted(question, asker):
    """The interviewer's name is neither a speaker's nor a stranger's; elsewhere it is a topic."""
    known = frozenset("rosa peña oil who pays why ask".split())
    found = named(question, SPEAKERS, known, lambda word: True, askers=["Rosa Peña"])
    assert (found.asker, found.stranger) == (asker, None)
