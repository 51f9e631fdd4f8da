"""What a draft quotes, held against the articles: lawful edits pass, and nothing else does."""

# mypy: allow-untyped-calls

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag import index as index_store
from rag.check import check, read_draft
from rag.index.parts import Spoken
from rag.ingest import spoken
from rag.reading.turns import turns
from tests.conftest import CARIDAD, MINES
from tests.generate import interview, interviews


def told(article):
    found = spoken(article)
    return Spoken(article, found, turns(article.text, found))


@pytest.fixture(scope="module")
def seed(index_folder):
    return index_store.contents(index_folder)


def checked(text, held, ending=".txt", near=lambda words: None):
    return check(read_draft(text.encode("utf-8"), "draft" + ending, ending), held, near)


def only(text, held, ending=".txt"):
    (finding,) = checked(text, held, ending)
    return finding


RICH = (
    "It has the world’s largest oil reserves and is arguably Russia’s closest strategic partner "
    "in the region."
)


# --- what holds for all input ----------------------------------------------------------------------

TYPOGRAPHY = (
    lambda words: words.replace("’", "'").replace("“", '"').replace("”", '"'),
    lambda words: words.replace(" ", "\u00a0"),
    lambda words: words.replace(" ", "  "),
    lambda words: words.rstrip(".") + ",",
    lambda words: words.rstrip("."),
    lambda words: f"[{words[0].swapcase()}]{words[1:]}" if words[0].isalpha() else words,
    lambda words: words[0].swapcase() + words[1:],
    lambda words: words.replace("-", "–"),
    lambda words: words.replace("-", "\u2011"),
    lambda words: words[:1] + "\u00ad" + words[1:],
    lambda words: "… " + words,
    lambda words: words + " [sic]",
    lambda words: words,
)
MARKS = ("“”", "‘’", "«»", "„“")


def drawn(data, made):
    """Some words in a row of one paragraph of a turn, with who says them."""
    one = told(made.article)
    turn = data.draw(st.sampled_from(one.turns))
    paragraph = data.draw(st.sampled_from(turn.paragraphs)).of(made.article.text)
    words = paragraph.split(" ")
    start = data.draw(st.integers(0, max(0, len(words) - 6)))
    said = " ".join(words[start : start + data.draw(st.integers(6, 30))])
    assume(len(said.split()) >= 6 and said[0].isalnum() and not said.endswith("-"))
    # Right behind "They said" the words are reported, which is another verdict.
    assume(start == 0 or words[start - 1] != "said")
    return one, turn, said


@given(interviews(), st.data())
def test_true_words_pass_in_any_typography(made, data):
    """Whatever a style guide does to marks, dashes, blanks, the first letter and the end, it passes."""
    one, turn, said = drawn(data, made)
    opening, closing = data.draw(st.sampled_from(MARKS))
    assume(opening not in said and closing not in said)
    edited = data.draw(st.sampled_from(TYPOGRAPHY))(said)
    finding = only(f"{turn.speaker} said that {opening}{edited}{closing} then.", [one])
    assert finding.ok, (finding.verdict, finding.differences)
    assert finding.verdict in ("exact", "typography")
    assert finding.said_by == turn.speaker == finding.credited


OTHERS = ("not", "never", "13", "could", "Nobody", "Moscow", "unless")


@given(interviews(), st.data())
def test_changed_words_never_pass(made, data):
    """One word put in, taken out, or changed: never passed, whatever the word."""
    one, turn, said = drawn(data, made)
    assume("“" not in said and "”" not in said)
    words = said.split()
    at = data.draw(st.integers(1, len(words) - 2))
    other = data.draw(st.sampled_from(OTHERS))
    edit = data.draw(st.sampled_from(("put in", "taken out", "changed")))
    changed = {
        "put in": [*words[:at], other, *words[at:]],
        "taken out": [*words[:at], *words[at + 1 :]],
        "changed": [*words[:at], other, *words[at + 1 :]],
    }[edit]
    here = " ".join(changed)
    assume(any(each.isalnum() for each in words[at]))
    assume(" ".join(here.split()) not in " ".join(made.article.text.split()))
    finding = only(f"{turn.speaker} said that “{here}” then.", [one])
    assert not finding.ok, (finding.verdict, here)


@given(interviews(), st.data())
def test_a_quote_is_never_anybody_elses(made, data):
    """True words under any other speaker's name are told as said by somebody else."""
    one, turn, said = drawn(data, made)
    assume("“" not in said and "”" not in said)
    others = [each.speaker for each in one.turns if each.speaker != turn.speaker]
    assume(others)
    other = data.draw(st.sampled_from(others))
    theirs = " ".join(p.of(made.article.text) for t in one.turns if t.speaker == other for p in t.paragraphs)
    assume(" ".join(said.split()) not in " ".join(theirs.split()))
    finding = only(f"{other} said that “{said}” then.", [one])
    assert (finding.verdict, finding.ok) == ("wrong_speaker", False)
    assert (finding.credited, finding.said_by) == (other, turn.speaker)


@given(st.text(alphabet=st.sampled_from("“”‘’\"'«»„ab. \n>-[]…*_`\u00ad\u200b"), max_size=400))
def test_any_marks_at_all_are_read(text):
    """However marks stand, each quotation is a span of the draft, in order, and none overlaps another."""
    assume(text.strip())
    for ending in (".txt", ".md"):
        draft = read_draft(text.encode(), "a" + ending, ending)
        assert len(draft.plain) == len(draft.text)
        end = 0
        for finding in check(draft, [told(interview("Ana Caridad: aa bb ab."))], lambda words: None):
            span = finding.quotation.span
            assert end <= span.start < span.end <= len(draft.text)
            end = span.end


# --- each verdict ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "difference"),
    [
        (RICH.replace("largest", "second-largest"), ("words", "second", "")),
        (RICH.replace("arguably ", ""), ("words", "", "arguably")),
        (RICH.replace("Russia’s", "China’s"), ("words", "China’s", "Russia’s")),
        (RICH.replace("region.", "region?"), ("punctuation", "?", ".")),
        (RICH.replace("has the", "had the"), ("words", "had", "has")),
    ],
)
def test_an_altered_quote_is_told_word_by_word(seed, said, difference):
    finding = only(f"Mines said: “{said}”", seed)
    assert (finding.verdict, finding.ok, finding.said_by) == ("altered", False, MINES)
    first = finding.differences[0]
    assert (first.kind, first.draft, first.source) == difference
    assert finding.suggestion == RICH


def test_a_negation_in_brackets_does_not_pass(seed):
    """Brackets are for who and what is meant: never to turn a sentence round."""
    assert only("Mines said: “It has [not] the world’s largest oil reserves.”", seed).verdict == "altered"
    assert only("Mines said: “It has the world’s [12] largest oil reserves.”", seed).verdict == "altered"
    lawful = only("Mines said: “[Venezuela] has the world’s largest oil reserves.”", seed)
    assert (lawful.verdict, lawful.ok) == ("typography", True)
    assert [each.kind for each in lawful.differences if each.marked] == ["bracket"]


def test_a_marked_cut_passes_and_an_unmarked_one_does_not(seed):
    cut = "It has the world’s largest oil reserves {}Russia’s closest strategic partner in the region."
    marked = only(f"Mines said: “{cut.format('… ')}”", seed)
    assert (marked.verdict, marked.ok) == ("cut", True)
    bare = only(f"Mines said: “{cut.format('')}”", seed)
    assert (bare.verdict, bare.ok) == ("altered", False)  # three words: no cut, a change
    longer = "It has the world’s largest oil reserves strategic partner in the region."
    assert only(f"Mines said: “{longer}”", seed).verdict == "cut"
    assert not only(f"Mines said: “{longer}”", seed).ok


def test_a_cut_that_drops_a_condition_is_noted(seed):
    said = "While there are … constraints, the changing geopolitical context may have shifted the calculus."
    assert only(f"Caridad said: “{said}”", seed).notes == ()
    said = "The two sides needle each other at every opportunity … as those core interests go unfulfilled."
    assert only(f"Mines said: “{said}”", seed).ok


def test_two_turns_never_make_one_quote(seed):
    """Not even with an ellipsis: what two people said, or one to two questions, is stitched."""
    said = "It has the world’s largest oil reserves {} sanctions relief should be coupled with more."
    for joint in ("and", "…", "[…]"):
        finding = only(f"Mines said: “{said.format(joint)}”", seed)
        assert (finding.verdict, finding.ok) == ("stitched", False)


def test_the_interviewers_words_are_no_answer(seed):
    question = "How does this continued relationship affect Biden’s pursuit of new approaches and goals"
    assert only(f"Mines said: “{question}”", seed).verdict == "question"
    assert only(f"“{question},” the interviewer asked.", seed).ok


def test_reported_words_are_not_the_reporters(seed):
    """What Maduro announced is no view of Caridad's, until her sentence says that he did."""
    said = "his government would return to the negotiations in Mexico"
    assert only(f"Caridad said that “{said}.”", seed).verdict == "reported"
    assert only(f"Caridad said that “Maduro announced that {said}.”", seed).ok


def test_what_limits_the_words_from_outside_is_noted(seed):
    """Exact words pass, and a word that the quotation leaves out right before them is told."""
    said = "$12 billion in investments and several years"
    finding = only(f"Mines said it would take “{said}.”", seed)
    assert finding.ok
    assert finding.notes == ("right before these words stands “up to”; see that the sense stays",)
    assert only(f"Mines said it would take up to “{said}.”", seed).notes == ()
    bets = "antagonize one of its few consistent friends in the world"
    assert "“not”" in only(f"Venezuela will “{bets},” Mines said.", seed).notes[0]


def test_where_a_line_ends_is_no_difference(seed):
    assert only("Mines said “And that’s\njust for starters.”", seed).verdict == "exact"


def test_the_caption_is_nobodys(seed):
    finding = only("“An overview of Caracas, Venezuela. December 20, 2019.” Caridad said.", seed)
    assert finding.said_by is None
    assert only("Caridad says: “An overview of Caracas, Venezuela.”", seed).verdict == "wrong_speaker"


def test_what_is_in_no_article_is_not_found(seed):
    finding = only("“We will build a bridge over the Orinoco within two years,” Mines said.", seed)
    assert (finding.verdict, finding.ok, finding.said_by, finding.span) == ("not_found", False, None, None)


def test_titles_and_turns_of_phrase_are_no_quotations(seed):
    text = "The so-called “reset” was covered in “The World Today and Tomorrow” by “Foreign Desk.”"
    assert checked(text, seed) == ()
    assert only("Mines called it “a reset”", seed).verdict == "not_found"  # he is credited with it


def test_a_quote_that_is_printed_twice_is_whose_the_draft_says(seed):
    """Where two people say the same words, the one whom the draft credits has said them."""
    one = told(interview("Keith Mines: We want talks now.", "Ana Caridad: We want talks now."))
    for who in (MINES, CARIDAD):
        finding = only(f"“We want talks now,” {who} said.", [one])
        assert (finding.said_by, finding.ok) == (who, True)


def test_a_hundred_thousand_marks_take_no_quadratic_time(seed):
    """Work grows with the draft: no mark makes all behind it be read again."""
    for text in (
        "‘a " * 50_000,
        '"' * 100_000,
        "“a “b " * 25_000,
        "[" * 100_000 + "“a b c d”",
        "( “a" * 30_000,
    ):
        checked(text, seed)
