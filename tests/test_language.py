"""Which language a question is in, and that the article's is kept unless another is clear."""

# mypy: allow-untyped-calls

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import evaluate
from rag.language import FUNCTION_WORDS, language_of, supported
from tests.conftest import ROOT

TOLD = {
    "es": """¿Qué dice Caridad sobre las sanciones?|petróleo|sanciones|¿y Caridad?|Caridad sobre el petróleo
        reservas de petróleo|quien habla|hola|gracias|que dice mines|precio del petroleo|Rusia y China
        la oposicion|Sanciones contra Rusia|QUE DICE MINES SOBRE EL PETROLEO
        cuanto apoyo le queda a guaido""",
    "fr": """Que dit Caridad sur les sanctions ?|Combien coûte le pétrole ?|Qui a rencontré Maduro ?|merci
        Quelle part de la population vit dans l’extrême pauvreté ?|Est-ce que Maduro va négocier ?""",
    "pt": """O que diz Caridad sobre as sanções?|Quanto custa o petróleo?|Por que as negociações pararam?
        Quanto caiu o apoio a Juan Guaidó?|Quantas pessoas deixaram o país?|obrigado""",
    "de": """Was sagt Caridad über die Sanktionen?|Wer hat Maduro getroffen?|danke|Wie viel kostet das Öl?
        Seit wann sind die Verhandlungen in Mexiko ausgesetzt?""",
    "it": """Cosa dice Caridad sulle sanzioni?|Quanto costa il petrolio?|Chi ha incontrato Maduro?|grazie
        Quali beni di prima necessità mancano?|Perché i negoziati sono stati sospesi?""",
}
CASES = [(each, q.strip()) for each, text in TOLD.items() for q in text.replace("\n", "|").split("|")]
UNCLEAR = """Guaidó?|Caridad|oil|oil reserves|Nicolás Maduro|La Paz|El Salvador|Juan de la Rúa|Los Angeles
    Peña Nieto|Tren de Aragua|El Niño|Von der Leyen|Lula da Silva|café|naïve hopes|de facto government
    per capita|ad hoc talks|war on drugs|Caracas|PDVSA debt|Chávez’s death|junta|US|status quo|???|42|石油"""


@pytest.mark.parametrize(("language", "question"), CASES)
def test_a_clear_question_is_told(language, question):
    """Whole questions, and keywords with a letter or an ending of their own, are told from English."""
    assert language_of(question, "en") == language


@pytest.mark.parametrize("question", [q.strip() for q in UNCLEAR.replace("\n", "|").split("|")])
def test_names_and_loans_keep_the_default(question):
    """Names with foreign particles and accents, words that English has borrowed: nothing is clear."""
    assert language_of(question, "en") == "en"


def test_labelled_english_questions_stay_english():
    """Every labelled development question without a sign or a kind of another language is English."""
    asked = evaluate.read_questions(ROOT / "tests/questions/dev.jsonl")
    other = ("spanish", "language")
    wrong = [
        q.question
        for q in asked
        if q.kind not in other and "¿" not in q.question and language_of(q.question, "en") != "en"
    ]
    assert wrong == []


def test_an_english_question_of_a_spanish_article_is_english():
    """The default gives way to any language, and stands where nothing is clear."""
    assert language_of("What does Mines say about oil?", "es") == "en"
    assert language_of("¿Qué dice Mines?", "es") == language_of("Mines", "es") == "es"


def test_languages_by_their_code():
    """A code with a region is its language; one that is not told apart is English."""
    assert [supported(code) for code in ("es", "es-VE", "PT", "zh", "")] == ["es", "es", "pt", "en", "en"]


@given(st.text(max_size=60), st.sampled_from(sorted(FUNCTION_WORDS)))
def test_any_text_has_a_language(text, default):
    """For any text: one of the languages, and the default where it has no letters."""
    found = language_of(text, default)
    assert found in FUNCTION_WORDS
    if not any(c.isalpha() or c in "¿¡" for c in text):
        assert found == default
