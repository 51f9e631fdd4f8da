"""The labels, the counting, and the floors below which quality must not fall."""

# mypy: allow-untyped-calls

import json

import pytest

from rag import evaluate
from rag.errors import InputError
from rag.evaluate import Labelled
from rag.reading.turns import blocks, turns
from rag.records import Answer, Quote, Span
from tests.conftest import CARIDAD, MINES, ROOT, SEED

SETS = ("dev", "test")
QUESTIONS = {name: evaluate.read_questions(ROOT / f"tests/questions/{name}.jsonl") for name in SETS}
EVERY = [question for name in SETS for question in QUESTIONS[name]]

# Floors of issue 3, on the seed whose SHA-256 test_reading.py pins. Lowering one is a visible act.
FIRST, IN_THREE, OFF_TOPIC, MEDIAN_WORDS = 0.75, 0.90, 0.90, 45


def test_there_are_questions_enough():
    """There are at least 80 questions, and at least a third of them cannot be answered."""
    assert len(EVERY) >= 80
    assert sum(not question.answers for question in EVERY) >= len(EVERY) / 3


def test_ids_and_questions_are_unique():
    """No id and no question comes twice, within or over the sets."""
    assert len({question.id for question in EVERY}) == len(EVERY)
    assert len({question.question.casefold() for question in EVERY}) == len(EVERY)


def test_each_label_is_words_of_one_turn(article):
    """Each answer occurs exactly once in the seed, within one turn, and the speaker wanted said it."""
    found = turns(article.text, blocks(article))
    for question in EVERY:
        for answer in question.answers:
            assert article.text.count(answer) == 1, (question.id, answer)
            start = article.text.index(answer)
            of = [turn for turn in found if turn.holds(Span(start, start + len(answer)), article.text)]
            assert len(of) == 1, (question.id, answer)
            assert question.speaker in (None, of[0].speaker), question.id


def test_each_label_lies_in_one_sentence(seed_index):
    """Each answer lies in one sentence, so that a quote of that sentence counts as right."""
    text = seed_index.articles[0].text
    said = [passage.span.of(text) for passage in seed_index.passages]
    lost = [(q.id, a) for q in EVERY for a in q.answers if not any(a in sentence for sentence in said)]
    assert lost == []


def test_speakers_wanted_are_people(article):
    """A question that wants somebody's words names one of the seed's people in full."""
    assert {q.speaker for q in EVERY} <= {None, *(person.name for person in article.people)}


@pytest.fixture(scope="module")
def rows(bot):
    """The tables of both sets, by kind."""
    return {
        name: {row.kind: row for row in evaluate.table(evaluate.run(bot, QUESTIONS[name]))} for name in SETS
    }


@pytest.mark.parametrize("name", SETS)
def test_no_wrong_name_and_no_word_changed(rows, name):
    """On every question of the set: no quote under a wrong name, none that is not a slice."""
    assert [
        (r.kind, r.wrong_names, r.unfaithful) for r in rows[name].values() if r.wrong_names or r.unfaithful
    ] == []


@pytest.mark.parametrize("name", SETS)
def test_the_right_sentence_comes_first(rows, name):
    """The right sentence is first for at least .75 of the answerable questions, in three for .90."""
    row = rows[name]["all answerable"]
    assert row.first >= FIRST
    assert row.in_three >= IN_THREE


@pytest.mark.parametrize("name", SETS)
def test_off_topic_questions_are_declined(rows, name):
    """At least .9 of the questions about something else are declined."""
    assert rows[name]["off_topic"].declined >= OFF_TOPIC


@pytest.mark.parametrize("name", SETS)
def test_quotes_are_short(rows, name):
    """The median first quote has under 45 words."""
    assert rows[name]["all answerable"].words < MEDIAN_WORDS


def outcome(article, answers, spoken=None, quotes=(), wanted=None):
    """What is counted for a question with these labels and quotes, each given as (words, who)."""
    made = []
    for words, who in quotes:
        start = article.text.index(words)
        turn = next(t for t in turns(article.text, blocks(article)) if t.speaker == who)
        held = next(
            (
                t
                for t in turns(article.text, blocks(article))
                if t.holds(Span(start, start + 1), article.text)
            ),
            turn,
        )
        made.append(Quote(article, held, Span(start, start + len(words)), 1.0))
    asked = Labelled("x", "fact", "q", wanted, tuple(answers))
    answer = Answer("q", "answered" if made else "declined", "m", tuple(made))
    return evaluate._judge(asked, answer)


POVERTY, BILLION = ("77 percent of Venezuela", CARIDAD), ("up to $12 billion", MINES)


def test_places_count_from_one(article):
    """The place is that of the first quote that holds a labelled answer; None where none does."""
    assert outcome(article, ["77 percent"], quotes=[POVERTY]).place == 1
    assert outcome(article, ["77 percent"], quotes=[BILLION, POVERTY]).place == 2
    assert outcome(article, ["83 percent"], quotes=[BILLION, POVERTY]).place is None
    assert outcome(article, [], quotes=[BILLION]).place is None


def test_words_of_another_than_wanted_are_a_wrong_name(article):
    """A quote of Mines where Caridad was asked for is one wrong name; hers is none."""
    assert outcome(article, [], quotes=[BILLION, POVERTY], wanted=CARIDAD).wrong_names == 1
    assert outcome(article, [], quotes=[BILLION, POVERTY]).wrong_names == 0


def test_a_quote_credited_against_the_printed_label_is_a_wrong_name(article):
    """A quote whose turn has another name than the label printed above its words is counted."""
    from dataclasses import replace

    right = outcome(article, [], quotes=[BILLION]).answer.quotes[0]
    wrong = Quote(article, replace(right.turn, speaker=CARIDAD), right.span, 1.0)
    asked = Labelled("x", "fact", "q", None, ())
    assert evaluate._judge(asked, Answer("q", "answered", "m", (wrong,))).wrong_names == 1


def test_the_table_by_hand(article):
    """Two answerable questions, one right first and one declined: .5 first, .5 in three, .5 answered."""
    right = outcome(article, ["77 percent"], quotes=[POVERTY])
    missed = outcome(article, ["83 percent"])
    off = outcome(article, [])
    rows_ = {row.kind: row for row in evaluate.table([right, missed, off])}
    row = rows_["all answerable"]
    assert (row.questions, row.first, row.in_three, row.answered, row.words) == (2, 0.5, 0.5, 0.5, 4)
    assert rows_["all unanswerable"].declined == 1
    assert rows_["all unanswerable"].first is None
    assert "| all answerable | 2 | .50 | .50 | .50 |" in evaluate.as_text(list(rows_.values()))


@pytest.mark.parametrize(
    "line", ["{", "[]", "1", "{}", '{"id": 1}', '{"id":"a","kind":"b","question":"c","speaker":null}']
)
def test_a_bad_label_is_named_by_its_line(tmp_path, line):
    """A line that is no labelled question is an InputError with file and line number, in one line."""
    good = json.dumps({"id": "a", "kind": "b", "question": "c", "speaker": None, "answers": []})
    path = tmp_path / "set.jsonl"
    path.write_text(f"{good}\n\n{line}\n")
    with pytest.raises(InputError, match="line 3"):
        evaluate.read_questions(path)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_set_that_cannot_be_read_is_an_error(tmp_path, content):
    """A question set that is missing or no UTF-8 text is an InputError of one line."""
    path = tmp_path / "set.jsonl"
    if content:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"set\.jsonl"):
        evaluate.read_questions(path)


def test_labels_reach_nothing_that_answers():
    """Nothing in rag/ but evaluate.py and the command that prints its table reads the labelled questions."""
    readers = {p.name for p in (ROOT / "rag").rglob("*.py") if "evaluate" in p.read_text("utf-8")}
    assert readers <= {"evaluate.py", "cli.py"}
    assert SEED.exists()
