"""Our own fixed words, all in one place and told apart from the quotes. Only quotes speak."""

from collections.abc import Sequence, Set

from rag.records import Article, Person

LOADING = "The model is still being loaded. Your question waits for it and is answered in a moment."
ANSWERED = "In the speaker’s own words:"
ANSWERED_MANY = "In the speakers’ own words:"
ANSWERED_UNKNOWN = "In words whose speaker the article does not make certain:"
PERHAPS = "This may answer it."
DECLINED = "The article does not say."
DECLINED_MANY = "None of the articles says."
UNKNOWN = "Speaker unknown"
NO_WORDS = "There are no words in that question. Ask it in a sentence or a few keywords."
GREETING = "Hello. Ask a question, and the answer comes in the speakers’ own words, or not at all."
THANKS = "You are welcome. Ask another question whenever you like."
GOODBYE = "Goodbye."
WHO_ARE_YOU = (
    "This is On Record. It answers only with quotes from the article, each with the name of the one "
    "who said it, and says so when the article does not answer."
)
WHAT_CAN_I_ASK = "Ask about anything the speakers talk about. The interviewer asked these questions:"

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def declined(articles: int) -> str:
    """That nobody answers."""
    return DECLINED if articles == 1 else DECLINED_MANY


def answered(speakers: Set[str | None], *, sure: bool) -> str:
    """What stands before quotes of these people; None is one who is unknown."""
    known = ANSWERED if len(speakers) == 1 else ANSWERED_MANY
    whose = ANSWERED_UNKNOWN if None in speakers else known
    return whose if sure else f"{PERHAPS} {whose}"


def not_said_by(names: Sequence[str], others: Sequence[str], *, sure: bool) -> str:
    """That these people do not speak to it, or not clearly so, and that others do."""
    how = "speak" if sure else "clearly speak"
    said = f"{listed(names)} {'does' if len(names) == 1 else 'do'} not {how} to this"
    if not others:
        return said + "."
    return f"{said}. {listed(others)} {'does' if len(others) == 1 else 'do'}."


def was_asked(names: Sequence[str]) -> str:
    """What stands before the questions that these people were asked."""
    return f"{listed(names)} {'was' if len(names) == 1 else 'were'} asked these questions:"


def stranger(name: str, speakers: Sequence[str], articles: int) -> str:
    """That this person does not speak here, and who does."""
    where = "this article" if articles == 1 else "these articles"
    who = f" {listed(speakers)} {'does' if len(speakers) == 1 else 'do'}." if speakers else ""
    return f"{name[:1].upper()}{name[1:]} does not speak in {where}.{who}"


def not_mentioned(name: str, articles: int) -> str:
    """That nothing is said of this name."""
    if articles == 1:
        return f"The article does not mention {name}."
    return f"None of the articles mentions {name}."


def who_speaks(people: Sequence[Person]) -> str:
    """Who speaks, with roles where a source states them."""
    if not people:
        return "The article does not name who speaks."
    names = [f"{person.name} ({person.role})" if person.role else person.name for person in people]
    return f"{listed(names)} {'speaks' if len(people) == 1 else 'speak'} here."


def about(articles: Sequence[Article]) -> str:
    """What the articles are, from their facts alone."""
    if len(articles) > 1:
        return f"These are {len(articles)} interviews. The interviewers asked these questions:"
    article = articles[0]
    title = f"“{article.title}”, an interview" if article.title else "An interview"
    names = [person.name for person in article.people]
    with_whom = f" with {listed(names)}" if names else ""
    source = f", published by the {article.publisher}" if article.publisher else ""
    when = f" in {month(article.date)}" if article.date and source else ""
    return f"{title}{with_whom}{source}{when}. The interviewer asked these questions:"


def month(date: str) -> str:
    """A date as people write it: "2022-03" is "March 2022", as precisely as it is known."""
    year, *rest = date.split("-")
    if not rest:
        return year
    name = _MONTHS[int(rest[0]) - 1]
    return f"{name} {year}" if len(rest) == 1 else f"{name} {int(rest[1])}, {year}"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them: "A", "A and B", "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
