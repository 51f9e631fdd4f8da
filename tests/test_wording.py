"""Our own sentences, in each language that has a catalogue."""

# mypy: allow-untyped-calls

from dataclasses import fields, replace

import pytest

from rag.records import Person
from rag.wording import ENGLISH, SPANISH, Forms, of
from tests.conftest import CARIDAD, MINES


def test_spanish_says_everything_in_its_own_words():
    """No sentence with words in it is the same in both; each takes as many names."""
    for field in fields(ENGLISH):
        one, other = getattr(ENGLISH, field.name), getattr(SPANISH, field.name)
        pairs = [(one.one, other.one), (one.many, other.many)] if isinstance(one, Forms) else [(one, other)]
        for a, b in pairs:
            assert a != b or field.name == "in_year"
            if isinstance(a, str):
                assert a.count("{") == b.count("{"), field.name


def test_a_language_without_a_catalogue_gets_english():
    """French questions are answered in English words."""
    assert (of("es"), of("en"), of("fr")) == (SPANISH, ENGLISH, ENGLISH)


@pytest.mark.parametrize(
    ("last", "listed"),
    [
        ("Caridad", "Mines y Caridad"),
        ("Ignacio", "Mines e Ignacio"),
        ("Íñigo", "Mines e Íñigo"),
        ("Hilda", "Mines e Hilda"),
        ("Yolanda", "Mines y Yolanda"),
        ("Hierro", "Mines y Hierro"),
    ],
)
def test_spanish_lists(last, listed):
    """The last name is joined by "y", or by "e" before the sound of i."""
    assert SPANISH.listed(["Mines", last]) == listed


def test_one_and_several():
    """Verbs agree with how many there are, in both languages."""
    both = [MINES, CARIDAD]
    assert ENGLISH.not_said_by(both, ["Ana"], sure=True) == (
        "Keith Mines and Ana Caridad do not speak to this. Ana does."
    )
    assert SPANISH.not_said_by([MINES], both, sure=False) == (
        "Keith Mines no habla claramente de esto. Keith Mines y Ana Caridad sí."
    )
    assert SPANISH.was_asked([Person(MINES, "USIP")]) == "A Keith Mines (USIP) le hicieron estas preguntas:"
    assert (
        SPANISH.was_asked([Person(name) for name in both])
        == "A Keith Mines y Ana Caridad les hicieron estas preguntas:"
    )
    assert SPANISH.stranger("trump", both, 1) == (
        "Trump no habla en este artículo. Hablan Keith Mines y Ana Caridad."
    )
    assert SPANISH.who_speaks([Person(MINES, "USIP")]) == "Aquí habla Keith Mines (USIP)."
    assert ENGLISH.who_speaks([]) == "The article does not name who speaks."


@pytest.mark.parametrize(
    ("date", "english", "spanish"),
    [
        ("2022", " in 2022", " en 2022"),
        ("2022-03", " in March 2022", " en marzo de 2022"),
        ("2022-03-21", " on March 21, 2022", " el 21 de marzo de 2022"),
    ],
)
def test_what_an_article_is(article, date, english, spanish):
    """The article's facts make a sentence, the date as precise as it is known."""
    dated = replace(article, title="Talks", date=date)
    assert ENGLISH.about([dated]) == (
        f"“Talks”, an interview with {MINES} and {CARIDAD}, published by the {article.publisher}{english}. "
        "The interviewer asked these questions:"
    )
    assert SPANISH.about([dated]) == (
        f"«Talks», una entrevista con {MINES} y {CARIDAD}, publicada por {article.publisher}{spanish}. "
        "En ella se hicieron estas preguntas:"
    )
