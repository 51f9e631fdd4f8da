"""The measurements on other corpora: how their files become articles, turns and labels."""

# mypy: allow-untyped-calls

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import interviews, qmsum, squad
from benchmarks.corpora import auroc
from rag.bot import Bot
from rag.errors import InputError
from rag.index import build_spoken
from rag.records import Span
from tests.conftest import ROOT, WORD_READER

GOLD = [
    {"n": 0, "role": "x", "speaker": None, "text": "A talk."},
    {"n": 1, "role": "q", "speaker": "Bo Ray", "text": "Well."},
    {"n": 2, "role": "q", "speaker": "Bo Ray", "text": "Why oats?"},
    {"n": 3, "role": "a", "speaker": "Ann Lee", "text": "Oats grow."},
    {"n": 5, "role": "a", "speaker": "Ann Lee", "text": "They keep."},
    {"n": 6, "role": "s", "speaker": "Cy Poe", "text": "Rye too."},
    {"n": 7, "role": "?", "speaker": None, "text": "So they say."},
]


def test_gold_turns_are_the_speakers_own():
    """An answer has its speaker, its paragraphs and the whole question; other speech has turns of its own."""
    talk = interviews.read_gold("talk", GOLD)
    text = talk.article.text
    told = [(t.speaker, t.asked and t.asked.of(text), [p.of(text) for p in t.paragraphs]) for t in talk.turns]
    asked = "Well.\n\nWhy oats?"
    assert told == [
        ("Ann Lee", asked, ["Oats grow.", "They keep."]),
        ("Cy Poe", asked, ["Rye too."]),
        (None, asked, ["So they say."]),
    ]
    assert [person.name for person in talk.article.people] == ["Ann Lee", "Cy Poe"]
    assert [talk.said_by(talk.article, talk.places[n]) for n in (0, 2, 3, 6, 7)] == [
        *(None, None, "Ann Lee", "Cy Poe", None)
    ]


def test_places_in_a_block_become_places_in_the_text():
    """A labelled place is the same words in the article; one that no block has is an InputError."""
    talk = interviews.read_gold("talk", GOLD)
    row = {"id": "a", "kind": "fact", "question": "Keep?", "speaker": None}
    found = interviews.labelled(
        {**row, "answers": [{"block": 5, "start": 5, "end": 9}]}, "line 1", talk.places
    )
    assert [place.of(talk.article.text) for place in found.places] == ["keep"]
    for block, end in ((4, 9), (5, 99)):
        answers = [{"block": block, "start": 5, "end": end}]
        with pytest.raises(InputError, match="line 1"):
            interviews.labelled({**row, "answers": answers}, "line 1", talk.places)


SQUAD = [
    {"title": "One", "paragraphs": [{"context": "Oats grow. Rye keeps.", "qas": []}]},
    {
        "title": "Two",
        "paragraphs": [
            {
                "context": "Figs rot. Plums dry.",
                "qas": [
                    {
                        "id": "p",
                        "question": "What dries?",
                        "answers": [{"text": "Plums", "answer_start": 10}],
                    },
                    {"id": "q", "question": "What sings?", "is_impossible": True, "answers": []},
                ],
            }
        ],
    },
]


def test_squad_paragraphs_are_turns_of_nobody():
    """Every paragraph is a turn of an unknown speaker, and a question's place is its answer's start."""
    article, spoken, asked = squad.read_squad("set", SQUAD, ["Two"])
    assert [(t.speaker, t.paragraphs[0].of(article.text)) for t in spoken] == [
        (None, "Oats grow. Rye keeps."),
        (None, "Figs rot. Plums dry."),
    ]
    assert [(q.id, [article.text[p.start :] for p in q.places]) for q in asked] == [
        ("p", ["Plums dry."]),
        ("q", []),
    ]
    assert squad.read_squad("set", SQUAD, ["One"])[2] == []
    with pytest.raises(InputError, match="question_es"):
        squad.read_squad("set", SQUAD, ["Two"], "question_es")


MEETING = {
    "meeting_transcripts": [
        {"speaker": "A", "content": "Yes ."},
        {"speaker": "B", "content": "Yes . We go ."},
        {"speaker": "A", "content": " "},
    ]
}


def test_evidence_is_found_in_its_own_turn():
    """A sentence that two turns hold is placed in the turn that is named; no evidence, no query."""
    article, spoken, starts = qmsum.read_meeting("m", MEETING)
    assert [turn.speaker for turn in spoken] == ["A", "B"]
    sentence = {"turn_index": 1, "content": "Yes ."}
    evidence = {
        "qmsum": {
            "specific_query_list": [
                {"query": "Who agrees?", "evidence": [[sentence]]},
                {"query": "Who else?", "evidence": [[]]},
            ]
        }
    }
    found = qmsum.queries(evidence, article.text, starts)
    assert found == [("Who agrees?", [Span(starts[1], starts[1] + 5)])]
    assert qmsum.hit([Span(0, 5), Span(starts[1] + 4, starts[1] + 9)], found[0][1])
    assert not qmsum.hit([Span(0, 5)], found[0][1])


def test_ranked_begins_with_what_is_shown(bot):
    """Everything put up is ranked once, and the best of it is the answer's first quote."""
    question = "What share of Venezuelans live in extreme poverty?"
    ranked = bot.ranked(question)
    first = bot.ask(question).quotes[0]
    assert first.span.covers(bot.index.passages[ranked[0].passage].span)
    assert len({hit.passage for hit in ranked}) == len(ranked) > 5


def test_given_turns_are_searched_as_they_are(encoder):
    """An index of given turns quotes an unlabelled text under the names that were given."""
    talk = interviews.read_gold("talk", GOLD)
    answer = Bot(build_spoken([talk.article], [talk.turns], encoder), encoder, WORD_READER).ask("Rye?")
    assert [(quote.text, quote.speaker) for quote in answer.quotes][:1] == [("Rye too.", "Cy Poe")]


def test_auroc_by_hand():
    """All above is 1, all below 0, a tie half; without both kinds there is none."""
    assert auroc([0.9, 0.8, 0.1], [True, True, False]) == 1
    assert auroc([0.1, 0.9], [True, False]) == 0
    assert auroc([0.5, 0.5, 0.9], [True, False, True]) == 0.75
    assert auroc([0.5], [True]) is None


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=30))
def test_auroc_counts_pairs(scored):
    """For any scores it is the share of pairs in order, ties as half."""
    good = [score for score, positive in scored if positive]
    bad = [score for score, positive in scored if not positive]
    won = [(g > b) + (g == b) / 2 for g in good for b in bad]
    found = auroc([score for score, _ in scored], [positive for _, positive in scored])
    assert found == (pytest.approx(sum(won) / len(won)) if won else None)


@pytest.mark.parametrize(
    "command",
    [
        ("interviews", "--gold", "nowhere"),
        ("squad", "nowhere.json"),
        ("qmsum", "--meetings", "nowhere"),
    ],
)
def test_a_corpus_that_is_not_there_is_skipped(command):
    """A measurement without its data says in one line what it looked for, and is no failure."""
    name, *arguments = command
    made = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert made.returncode == 0
    assert made.stdout.splitlines()[-1].startswith("skipped: nowhere")
