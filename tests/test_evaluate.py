"""The labels, the counting, and the floors below which quality must not fall."""

# mypy: allow-untyped-calls

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import evaluate
from rag.bot import Bot
from rag.errors import InputError
from rag.evaluate import Labelled
from rag.ingest import spoken as blocks
from rag.reading.turns import turns
from rag.records import Answer, Quote, Span
from tests.conftest import CARIDAD, MINES, ROOT, SEED

SETS = ("dev", "test")
QUESTIONS = {name: evaluate.read_questions(ROOT / f"tests/questions/{name}.jsonl") for name in SETS}
EVERY = [question for name in SETS for question in QUESTIONS[name]]

MEDIAN_WORDS = 45
INTERVIEWS = {
    name: [row for row, _ in evaluate.read_rows(ROOT / f"tests/questions/{name}-interviews.jsonl")]
    for name in SETS
}


def test_there_are_questions_enough():
    """Each set has at least 200 questions, and at least a third of them cannot be answered."""
    for questions in QUESTIONS.values():
        assert len(questions) >= 200
        assert sum(not question.answerable for question in questions) >= len(questions) / 3


def test_ids_are_unique():
    """No id comes twice, within or over the sets, other interviews' included."""
    ids = [question.id for question in EVERY] + [row["id"] for rows in INTERVIEWS.values() for row in rows]
    assert len(set(ids)) == len(ids)


def test_no_question_comes_twice():
    """No question with the same ones before it comes twice, so nothing held out is in the other set."""
    asked = [(question.question.casefold(), question.history) for question in EVERY]
    assert len(set(asked)) == len(asked)
    of_others = [(row["article"], row["question"].casefold()) for rows in INTERVIEWS.values() for row in rows]
    assert len(set(of_others)) == len(of_others)


def test_a_twin_is_the_same_question_without_slips():
    """Each `of` names a question of the same set with the same answers."""
    for questions in QUESTIONS.values():
        by_id = {question.id: question for question in questions}
        twins = [(question, by_id[question.of]) for question in questions if question.of]
        assert all(one.answers == other.answers and one.kind == "slip" for one, other in twins)


def test_no_words_of_other_interviews_are_kept():
    """Other interviews' answers are places, without their words, and no interview is in both sets."""
    for rows in INTERVIEWS.values():
        assert {tuple(answer) for row in rows for answer in row["answers"]} == {("block", "start", "end")}
    of = {name: {row["article"] for row in rows} for name, rows in INTERVIEWS.items()}
    assert not of["dev"] & of["test"]


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
def test_every_quote_is_a_slice(rows, name):
    """On every question of the set no quote differs from the stored text."""
    assert rows[name]["all"].unfaithful == 0


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
    return evaluate.judge(asked, answer)


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
    right = outcome(article, [], quotes=[BILLION]).answer.quotes[0]
    wrong = Quote(article, replace(right.turn, speaker=CARIDAD), right.span, 1.0)
    asked = Labelled("x", "fact", "q", None, ())
    assert evaluate.judge(asked, Answer("q", "answered", "m", (wrong,))).wrong_names == 1


def value(share):
    """The share as a number."""
    return share.value


def test_the_table_by_hand(article):
    """Two answerable questions, one right first and one declined: .5 first, .5 in three, .5 answered."""
    right = outcome(article, ["77 percent"], quotes=[POVERTY])
    missed = outcome(article, ["83 percent"])
    off = outcome(article, [])
    report = evaluate.report([right, missed, off])
    rows_ = {row.kind: row for row in report.rows}
    row = rows_["all answerable"]
    assert (row.questions, row.answerable, row.words) == (2, 2, 4)
    assert [value(share) for share in (row.first, row.in_three, row.answered)] == [0.5, 0.5, 0.5]
    assert (row.declined, value(row.precision)) == (None, 1)
    assert value(rows_["all unanswerable"].declined) == 1
    assert rows_["all unanswerable"].first is None
    assert "| all answerable | 2 | 2 | .50 (.00–1.00) | .50 (.00–1.00) |" in evaluate.as_text(report)
    assert (report.stated, report.calibration, report.slips) == (1, 0.0, None)


def test_a_kind_may_be_partly_answerable(article):
    """Of a kind with both, places are shares of the answerable, refusals of the others."""
    right = outcome(article, ["77 percent"], quotes=[POVERTY])
    row = evaluate.table([right, outcome(article, []), outcome(article, [], quotes=[POVERTY])])[0]
    assert (row.questions, row.answerable) == (3, 1)
    assert [value(share) for share in (row.first, row.declined, row.precision)] == [1, 0.5, 0.5]


def test_an_interval_narrows_with_more_questions():
    """The interval holds the share, is the same each time, and is narrower over more questions."""
    few, many = evaluate.share([True, False] * 5), evaluate.share([True, False] * 50)
    assert few == evaluate.share([True, False] * 5)
    assert few
    assert many
    assert few.low < many.low < 0.5 < many.high < few.high
    assert [many.low, many.high] == pytest.approx([0.4, 0.6], abs=0.02)
    assert evaluate.share([]) is None


def test_calibration_error_by_hand():
    """Probabilities that come true as often as stated have no error; sure and wrong has all of it."""
    assert evaluate.calibration_error([(0.5, True), (0.5, False)], bins=1) == 0
    assert evaluate.calibration_error([(1.0, False)] * 20) == 1
    assert evaluate.calibration_error([(0.2, False), (0.8, True)], bins=2) == pytest.approx(0.2)
    assert evaluate.calibration_error([(0.2, False), (0.8, True)]) == pytest.approx(0.2)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60), st.integers(1, 12))
def test_calibration_error_is_a_share(pairs, bins):
    """For any pairs the error is from 0 to 1, no less than the totals' gap, and blind to their order."""
    error = evaluate.calibration_error(pairs, bins)
    gap = abs(sum(p for p, _ in pairs) - sum(right for _, right in pairs)) / len(pairs)
    assert gap - 1e-9 <= error <= 1
    assert evaluate.calibration_error(pairs[::-1], bins) == error


def test_what_would_have_been_answered_is_stated_too(article):
    """A declined question states its first near miss, which may be right; one without states nothing."""
    near = outcome(article, [], quotes=[POVERTY]).answer.quotes
    asked = Labelled("x", "fact", "q", None, ("77 percent",))
    declined = Answer("q", "declined", "m", (), near)
    assert evaluate.stated(evaluate.judge(asked, declined)) == (1.0, True)
    unanswerable = Labelled("x", "near_topic", "q", None, ())
    assert evaluate.stated(evaluate.judge(unanswerable, declined)) == (1.0, False)
    assert evaluate.stated(outcome(article, ["77 percent"])) is None


def test_slips_are_held_against_their_twins(article):
    """A question that names its twin is counted beside it, one whose twin is not there is not."""
    clean = outcome(article, ["77 percent"], quotes=[POVERTY])
    slipped = replace(outcome(article, ["77 percent"]), asked=replace(clean.asked, id="y", of="x"))
    lost = replace(slipped, asked=replace(clean.asked, id="z", of="gone"))
    assert evaluate.slips([clean, slipped, lost]) == evaluate.Slips(1, 0.0, 1.0, 0.0, 1.0)


def test_an_answer_may_be_a_place(article):
    """A quote that covers the place is right, one beside it or of half of it is not."""
    start = article.text.index(POVERTY[0])
    quotes = outcome(article, [], quotes=[POVERTY]).answer.quotes
    for place, found in ((Span(start + 3, start + 8), 1), (Span(start - 1, start + 8), None)):
        asked = Labelled("x", "fact", "q", None, (), (place,))
        assert asked.answerable
        assert evaluate.judge(asked, Answer("q", "answered", "m", quotes)).place == found


def test_earlier_questions_and_the_article_are_passed_on():
    """The bot is told the question, the ones before it and the article, and nothing of the labels."""
    told = []

    class Listening(Bot):
        def __init__(self):
            """Nothing is needed to listen."""

        def ask(self, question, **more):
            told.append((question, more))
            return Answer(question, "declined", "m")

    asked = Labelled("x", "k", "And she?", "Ann", ("w",), (), ("Why?",), "talk", "y")
    evaluate.run(Listening(), [asked])
    assert told == [("And she?", {"article": "talk", "history": ("Why?",)})]


def test_a_question_that_cannot_be_asked_is_named(bot):
    """A question about an article that is not in the index is an InputError with its id."""
    with pytest.raises(InputError, match=r"'x': no article 'gone'"):
        evaluate.run(bot, [Labelled("x", "k", "Why?", None, (), article="gone")])


GOOD: dict[str, Any] = {"id": "a", "kind": "b", "question": "c", "speaker": None, "answers": []}


def test_every_field_is_read(tmp_path):
    """Words, places, history, article and twin arrive as they were written."""
    row = {**GOOD, "answers": ["w", {"start": 1, "end": 3}], "history": ["q"], "article": "t", "of": "z"}
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(row))
    assert evaluate.read_questions(path) == [
        Labelled("a", "b", "c", None, ("w",), (Span(1, 3),), ("q",), "t", "z")
    ]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "1",
        "{}",
        '{"id": 1}',
        '{"id":"a","kind":"b","question":"c","speaker":null}',
        *(
            json.dumps({**GOOD, **bad})
            for bad in (
                {"question": " "},
                {"speaker": 1},
                {"answers": "words"},
                {"answers": [""]},
                {"answers": [1]},
                {"answers": [{"start": 2, "end": 1}]},
                {"answers": [{"start": 1, "end": 1}]},
                {"answers": [{"start": "1", "end": 2}]},
                {"answers": [{"block": 1, "start": 0, "end": 2}]},
                {"history": "Why?"},
                {"history": [1]},
            )
        ),
    ],
)
def test_a_bad_label_is_named_by_its_line(tmp_path, line):
    """A line that is no labelled question is an InputError with file and line number, in one line."""
    path = tmp_path / "set.jsonl"
    path.write_text(f"{json.dumps(GOOD)}\n\n{line}\n")
    with pytest.raises(InputError, match="line 3") as raised:
        evaluate.read_questions(path)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_set_that_cannot_be_read_is_an_error(tmp_path, content):
    """A question set that is missing or no UTF-8 text is an InputError of one line."""
    path = tmp_path / "set.jsonl"
    if content:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"set\.jsonl"):
        evaluate.read_questions(path)


def test_labels_reach_nothing_that_answers():
    """Nothing in rag/ but evaluate.py, its command and the card of its figures reads labelled questions."""
    readers = {p.name for p in (ROOT / "rag").rglob("*.py") if "evaluate" in p.read_text("utf-8")}
    assert readers <= {"evaluate.py", "measure.py", "measured.py"}
    assert SEED.exists()
