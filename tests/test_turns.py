"""Who speaks, and what was asked: the seed, the shapes of labels, and any interview at all."""

# mypy: allow-untyped-calls

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.passages import passages
from rag.reading import make_article
from rag.reading.facts import Facts
from rag.reading.formats import text as plain
from rag.reading.turns import blocks, turns
from rag.records import Article, Person
from tests.conftest import CARIDAD, MINES
from tests.generate import interview, interviews

HERS, HIS = "Her words are those.", "His words are these."


def found_in(article):
    """The blocks of an article in plain text, with its people stated."""
    return blocks(plain.parse(article.text), Facts(people=article.people))


def read_turns(article):
    """Speaker, question and paragraphs of each turn, as text."""
    return [
        (
            turn.speaker,
            turn.asked.of(article.text) if turn.asked else None,
            [span.of(article.text) for span in turn.paragraphs],
        )
        for turn in turns(article.text, found_in(article))
    ]


def test_the_seeds_turns(article):
    """The seed has four turns: two of Mines's with 4 and 3 paragraphs, two of Caridad's with 3 and 5."""
    found = read_turns(article)
    assert [(speaker, len(said)) for speaker, _, said in found] == [
        (MINES, 4),
        (MINES, 3),
        (CARIDAD, 3),
        (CARIDAD, 5),
    ]


def test_the_seeds_questions(article):
    """Each turn of the seed has the interviewer's whole paragraph before its label as what was asked."""
    asked = [question for _, question, _ in read_turns(article)]
    assert [question[:30] for question in asked] == [
        "What do we know about the meet",
        "Venezuela has stood by its sig",
        "As a result of last week’s mee",
        "How can the democratic opposit",
    ]
    assert [question[-18:] for question in asked] == [
        "were they held now?"[-18:],
        "goals in Venezuela?"[-18:],
        "broader interests?",
        "is in the country?",
    ]


def test_the_seeds_first_and_last_words(article):
    """Each turn begins right after its label and ends with the last paragraph before the next question."""
    assert [(said[0][:16], said[-1][-7:]) for _, _, said in read_turns(article)] == [
        ("From all indicat", "to get”"),
        ("The U.S.-Venezue", "issues."),
        ("In this quickly ", "ground."),
        ("The democratic o", " needs."),
    ]


@pytest.mark.parametrize(
    "boilerplate",
    [
        "As the United States gauges",
        "USIP’s Ana Caridad and Keith Mines look at",
        "Leer en español",
        "An overview of Caracas",
        "Adriana Loureiro Fernandez",
        "Related Publications",
        "Asfandyar Mir",
        "Monday, April 1, 2024",
        "ISIS-K",
        "Type: Podcast",
        "Press reports suggest",
        "Global Policy",
        "View All Publications",
    ],
)
def test_the_seeds_boilerplate_is_nobodys(article, boilerplate):
    """Standfirst, captions, the link to a translation and all after "Related Publications" are in no turn."""
    assert boilerplate in article.text
    said = [span for turn in turns(article.text, found_in(article)) for span in turn.paragraphs]
    asked = [turn.asked for turn in turns(article.text, found_in(article)) if turn.asked]
    assert not [span for span in (*said, *asked) if boilerplate in span.of(article.text)]


def test_windows_line_ends_change_nothing(article):
    """The seed with CRLF line ends has the same turns, word for word."""
    windows = Article(article.id, article.text.replace("\n", "\r\n"), people=article.people)
    assert read_turns(windows) == read_turns(article)


@pytest.mark.parametrize(
    "label",
    [
        "Rosa Peña: ",
        "Q: ",
        "Interviewer: ",
        "Jean-Luc Picard: ",
    ],
)
def test_an_unknown_label_closes_the_turn_and_is_nobodys(label):
    """A label that names nobody stated ends the turn before it; all that follows is nobody's."""
    made = interview(f"{CARIDAD}: {HERS}", label + HIS, "More of it goes on.")
    assert read_turns(made) == [(CARIDAD, None, [HERS]), (None, None, [HIS, "More of it goes on."])]


@pytest.mark.parametrize(
    "label",
    [
        f"{MINES}: ",
        f"{MINES} : ",
        "Keith\u00a0Mines: ",
        "Keith  Mines: ",
        f"{MINES}:\t",
        "Dr. Keith Mines: ",
        "Mines: ",
        "Keith: ",
    ],
)
def test_a_stated_persons_label_opens_a_turn(label):
    """The label of a stated person, however its blanks are set, opens that person's turn."""
    assert read_turns(interview(f"{CARIDAD}: {HERS}", label + HIS)) == [
        (CARIDAD, None, [HERS]),
        (MINES, None, [HIS]),
    ]


@pytest.mark.parametrize(
    "label",
    [
        "Keith Mines:\n",
        "Keith Mines:\n\n",
        "Keith Mines:",
        "Keith Mines (USIP): ",
        "Keith Mines, USIP: ",
        "Keith Mines：",
        "keith mines: ",
        "Ibn al-Walid: ",
        "Jean d'Arc: ",
        "**Keith Mines:** ",
    ],
)
def test_words_after_another_persons_label_are_never_the_first_ones(label):
    """However the next person's label is printed, what follows it is not credited to the one before."""
    found = read_turns(interview(f"{CARIDAD}: {HERS}", label + HIS))
    assert HIS not in " ".join(words for speaker, _, said in found if speaker == CARIDAD for words in said)


def test_two_people_answer_one_question():
    """Two labels after one question are two turns, each with that question."""
    asked = "What is it?"
    made = interview(asked, f"{MINES}: {HIS}", f"{CARIDAD}: {HERS}")
    assert read_turns(made) == [(MINES, asked, [HIS]), (CARIDAD, asked, [HERS])]


def test_a_question_that_stands_alone_is_nobodys_answer():
    """A paragraph that is one question may be the interviewer's: it is put, and never quoted."""
    made = interview("Why?", f"{MINES}: {HIS}", "And what would follow?", "Nobody knows that.")
    follows = "And what would follow?"
    assert read_turns(made) == [(MINES, "Why?", [HIS]), (MINES, follows, ["Nobody knows that."])]


def test_a_question_among_other_sentences_stays_speech():
    """A question inside a longer paragraph is the speaker's own."""
    said = "And what would follow? Nobody knows that."
    assert read_turns(interview("Why?", f"{MINES}: {HIS}", said)) == [(MINES, "Why?", [HIS, said])]


@pytest.mark.parametrize(
    "other",
    [
        f"[{MINES}]: {HIS}",
        f"“{MINES}”: {HIS}",
        f"– {MINES}: {HIS}",
        f"1. {MINES}: {HIS}",
        f"3:15 {MINES}: {HIS}",
        f"[Laughs] {MINES}: {HIS}",
        f"{MINES} (12:30): {HIS}",
        f"{MINES} — {HIS}",
        f"KEITH MINES. {HIS}",
        f"Speaker 2: {HIS}",
        f"audience member: {HIS}",
        f"Editor’s note: {HIS}",
        f"This interview has been edited. {HIS}",
        f"{CARIDAD} is a program officer. {HIS}",
        f"{MINES}, Director of a Very Long Institute of Strategic Studies in Central Europe: {HIS}",
    ],
)
def test_no_print_of_another_label_leaves_words_with_the_one_before(other):
    """Numbers, brackets, dashes, times, roles, notes, biographies: none goes to who spoke before."""
    found = read_turns(interview(f"{CARIDAD}: {HERS}", other))
    assert HIS not in " ".join(words for speaker, _, said in found if speaker == CARIDAD for words in said)


def test_a_label_inside_a_paragraph_opens_a_turn():
    """Two people in one paragraph are two turns."""
    made = interview(f"{CARIDAD}: {HERS} {MINES}: {HIS}")
    assert read_turns(made) == [(CARIDAD, None, [HERS]), (MINES, None, [HIS])]


def test_an_interviewers_labelled_question_is_a_question():
    """A labelled "Interviewer: Why?" before a speaker's label is what was asked, and nobody's words."""
    made = interview("Interviewer: Why now?", f"{MINES}: {HIS}")
    assert read_turns(made) == [(MINES, "Why now?", [HIS])]


def test_an_imperative_before_a_label_is_a_question():
    """An order, "Tell us…", before a label is the interviewer's."""
    made = interview(f"{MINES}: {HIS}", "Tell us about oil.", f"{MINES}: It is degraded.")
    assert read_turns(made)[1] == (MINES, "Tell us about oil.", ["It is degraded."])


def test_a_colon_in_speech_is_no_label():
    """A clause before a colon, as in "Another aspect of note from the talks: This…", does not end a turn."""
    said = "Another aspect of note from the talks: This was the first time."
    assert read_turns(interview(f"{MINES}: {HIS}", said)) == [(MINES, None, [HIS, said])]


def test_a_heading_ends_the_answer():
    """What stands under a heading is nobody's until a label opens the next turn."""
    made = interview(f"{MINES}: {HIS}", "The Way Forward", "Somebody wrote this.", f"{CARIDAD}: {HERS}")
    assert read_turns(made) == [(MINES, None, [HIS]), (CARIDAD, None, [HERS])]


def test_captions_inside_an_answer_are_left_out_and_the_answer_goes_on():
    """A credited caption and a line printed twice are nobody's; the paragraphs around are one turn."""
    made = interview(
        f"{MINES}: {HIS}",
        "A road. (Jo Doe/AP)",
        "It goes on here.",
        "Twice it is.",
        "Twice it is.",
        "The end of it.",
    )
    assert read_turns(made) == [(MINES, None, [HIS, "It goes on here.", "The end of it."])]


def test_without_stated_people_a_label_needs_to_come_twice():
    """With no people stated, a name opens turns if it labels at least two paragraphs; once is nobody's."""
    made = interview("Ann Lee: One it is.", "Bo Day: Two it is.", "Ann Lee: Three it is.", people=())
    assert [(speaker, said) for speaker, _, said in read_turns(made)] == [
        ("Ann Lee", ["One it is."]),
        (None, ["Two it is."]),
        ("Ann Lee", ["Three it is."]),
    ]


def test_after_the_closing_heading_no_label_opens_a_turn():
    """After "Related Publications" even a stated person's label is boilerplate."""
    made = interview(f"{MINES}: {HIS}", "Related Publications", f"{CARIDAD}: {HERS}")
    assert read_turns(made) == [(MINES, None, [HIS])]


def letters(text):
    return "".join(text.split())


@given(
    st.lists(
        st.one_of(
            st.text(max_size=40),
            st.sampled_from(
                ["Ann Lee: Yes.", "Why?", "Related Publications", "\r", "(Jo/AP)", "Ann Lee:", " : x"]
            ),
        )
    )
)
@example(["Ann Lee: \u2028Ann Lee: x"])
def test_every_word_of_any_text_is_in_one_block_in_order(lines):
    """For any text the blocks, with their labels, hold every non-blank character once and in order."""
    text = "\n".join(lines)
    if not text.strip():
        return
    article = make_article(text, Facts(people=(Person("Ann Lee"),)), "any")
    found = found_in(article)
    at, skipped = 0, ""
    for block in found:
        assert at <= block.span.start <= block.span.end
        skipped = letters(text[at : block.span.start])
        # Between two blocks stands nothing but the label that opens the second.
        # A label that stands alone on its line is a block of its own.
        assert skipped in (("", letters(block.label) + ":") if block.label else ("",))
        at = block.span.end
    assert not letters(text[at:])


@given(interviews())
def test_any_interview_is_read_as_it_was_told(told):
    """For any interview in the seed's layout each turn has its speaker, question and paragraphs in order."""
    assert read_turns(told.article) == [(speaker, asked, list(said)) for speaker, asked, said in told.turns]


@given(interviews())
def test_no_paragraph_is_lost_or_reordered(told):
    """For any interview the blocks hold every non-blank character, labels apart, in order."""
    text = told.article.text
    found = found_in(told.article)
    assert letters(text) == "".join(
        letters(f"{block.label}:" if block.label else "") + letters(block.span.of(text)) for block in found
    )
    assert sorted(found, key=lambda block: block.span.start) == list(found)


@given(interviews())
def test_every_passage_lies_in_one_turn_and_none_is_lost(told):
    """For any interview each passage is in the turn it names and no other, and none is left out."""
    text = told.article.text
    all_turns = turns(text, found_in(told.article))
    found = passages(0, text, all_turns, "en")
    for passage in found:
        assert [n for n, turn in enumerate(all_turns) if turn.holds(passage.span, text)] == [passage.turn]
        assert all_turns[passage.turn].paragraphs[passage.paragraph].covers(passage.span)
    assert "".join(letters(passage.span.of(text)) for passage in found) == "".join(
        letters(span.of(text)) for turn in all_turns for span in turn.paragraphs
    )
