"""The article beside the conversation, and how one is chosen out of an archive."""

from collections.abc import Iterable, Iterator, Sequence

from rag import wording
from rag.index.parts import Spoken
from rag.reading.reported import through_interpreter
from rag.records import Article, Block, Span
from rag.web.page.text import Voices, escape, named, outside, titled, voiced, with_role

# Of more people or articles than this nobody scrolls through a list; they are searched.
MOST_IN_A_LIST = 60


def pane(count: int, shown: str) -> str:
    """The pane that shows one article, whose HTML is given; the others are sent for when they are wanted."""
    choose = (
        f'<button type="button" class="choose" aria-haspopup="dialog">{count:,} articles</button>'
        if count > 1
        else ""
    )
    return (
        '<div class="pane"><button type="button" class="back" hidden>'
        '<span aria-hidden="true">↑ </span>Back to the answer</button>'
        f'<div class="bar">{choose}<p class="which"></p><div class="find" role="search"><label class="unseen" for="find-words">Find in article</label>'
        '<input type="search" id="find-words" placeholder="Find in article" maxlength="200" autocomplete="off">'
        '<span class="count" role="status"></span>'
        '<button type="button" class="previous" aria-label="Previous place" disabled>↑</button>'
        '<button type="button" class="next" aria-label="Next place" disabled>↓</button></div></div>'
        '<div class="strip" role="slider" tabindex="0" aria-label="Relevance to the question, sentence by sentence" '
        'aria-valuemin="1" aria-valuemax="1" aria-valuenow="1" hidden></div>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="The article">{shown}</div>'
        f"{_picker() if count > 1 else ''}</div>"
    )


def _picker() -> str:
    """Where an article is chosen by title, speaker and date."""
    return (
        '<dialog class="picker" aria-labelledby="picker-title"><form method="dialog"><header>'
        '<h2 id="picker-title">Choose an article</h2><button class="close" value="">Close</button></header>'
        '<div class="wanted"><label>Title <input type="search" name="words" maxlength="200" autocomplete="off"></label>'
        '<label>Speaker <input type="search" name="who" maxlength="200" autocomplete="off"></label>'
        '<label>Since <input type="text" name="since" placeholder="YYYY-MM" maxlength="10"></label>'
        '<label>Until <input type="text" name="until" placeholder="YYYY-MM" maxlength="10"></label></div>'
        '<p class="total" role="status"></p><ul class="rows"></ul>'
        '<button type="button" class="further" hidden>Show more</button></form></dialog>'
    )


def rows(articles: Sequence[Spoken]) -> str:
    """Articles to choose from: each opens, or is what alone is asked."""
    made = []
    for each in articles:
        article = each.article
        when = wording.ENGLISH.month(article.date) if article.date else None
        who = wording.ENGLISH.listed(each.cast.interviewees) if each.cast.interviewees else None
        told = " · ".join(escape(part) for part in (when, who) if part)
        name = escape(article.id)
        made.append(
            f'<li><button type="button" class="open" data-article="{name}"><bdi>{escape(titled(article))}</bdi>'
            f'<span class="facts">{told}</span></button>'
            f'<button type="button" class="only" data-article="{name}" data-title="{escape(titled(article))}">'
            f'Ask only this one<span class="unseen">: {escape(titled(article))}</span></button></li>'
        )
    return "".join(made)


def narrow(articles: Sequence[Article], speakers: Sequence[str]) -> str:
    """What a question can be narrowed down to; nothing where one person speaks in one article."""
    archive = len(articles) > 1
    if not archive and len(speakers) < 2:
        return ""
    who = _among("speaker", "Who", "Anybody", [(name, name) for name in speakers])
    if not archive:
        return who
    where = _among("article", "Article", "Any", [(each.id, titled(each)) for each in articles])
    times = "".join(
        f'<label>{words}<input type="text" name="{name}" placeholder="YYYY-MM" maxlength="10"></label>'
        for name, words in (("since", "Since"), ("until", "Until"))
    )
    order = _select("order", "Order", "Best first", [("newest", "Newest first")])
    return f"<details><summary>Narrow down</summary><div>{who}{where}{times}{order}</div></details>"


def _among(name: str, words: str, default: str, options: Sequence[tuple[str, str]]) -> str:
    """A list to choose from, or a box whose completions come from the server where the list is long."""
    if len(options) <= MOST_IN_A_LIST:
        return _select(name, words, default, options)
    return (
        f'<label>{words}<input type="text" name="{name}" list="among-{name}" placeholder="{default}" '
        f'maxlength="200" autocomplete="off"></label><datalist id="among-{name}"></datalist>'
    )


def _select(name: str, words: str, default: str, options: Sequence[tuple[str, str]]) -> str:
    made = "".join(
        f'<option value="{escape(value)}">{escape(shown)}</option>'
        for value, shown in (("", default), *options)
    )
    return f'<label>{words}<select name="{name}">{made}</select></label>'


def article(article: Article, found: Sequence[Block], voice: Voices) -> str:
    """An article's text by its blocks, so that a quote's place can be found in it."""
    found = found or [Block(Span(0, len(article.text)), "other")]
    last = max((at for at, block in enumerate(found) if block.kind != "other"), default=len(found) - 1)
    body = "".join(_paragraphs(found[: last + 1], article.text, voice))
    after = "".join(_paragraphs(found[last + 1 :], article.text, voice))
    rest = (
        f'<details class="rest"><summary>Not part of the interview</summary>{after}</details>'
        if after
        else ""
    )
    return (
        f'<article class="article" data-article="{escape(article.id)}" data-version="{article.version}" '
        f'data-called="{escape(_called(article, found))}" lang="{escape(article.language)}">'
        f"{_facts(article, voice)}{_contents(article, found)}{body}{rest}</article>"
    )


def _called(article: Article, found: Sequence[Block]) -> str:
    """What the article is called in one line: its title, or who speaks in it."""
    if article.title:
        return article.title
    names = list(dict.fromkeys(block.speaker for block in found if block.speaker and block.kind == "answer"))
    return wording.ENGLISH.listed(names) if names else article.id


def _facts(article: Article, voice: Voices) -> str:
    """What is known about the article; nothing stands for what is not."""
    title = (
        f'<h2 dir="auto">{escape(article.title)}</h2>'
        if article.title
        else '<h2 class="unseen">The article</h2>'
    )
    when = wording.ENGLISH.month(article.date) if article.date else None
    known = [escape(each) for each in (article.publisher, when) if each]
    original = outside(article.url, "Original page")
    stored = (
        f'<details class="stored"><summary>Stored text</summary><p>{len(article.text):,} characters, SHA-256 '
        f"<code>{article.version}</code></p></details>"
    )
    who = "".join(
        f'<li class="{voiced(person.name, voice)}">{named(person.name)}{with_role(person.role)}</li>'
        for person in article.people
    )
    people = f'<ul class="people">{who}</ul>' if who else ""
    return (
        f'<header>{title}<div class="facts"><span>{" · ".join(known)}</span> {original}{stored}</div>'
        f"{people}</header>"
    )


def _contents(article: Article, found: Sequence[Block]) -> str:
    """The interviewer's questions, each leading to its place."""
    asked = [block.span for block in found if block.kind == "question"]
    if len(asked) < 2:
        return ""
    items = "".join(
        f'<li><button type="button" class="to" data-to="{span.start}" dir="auto">{escape(span.of(article.text))}</button></li>'
        for span in asked
    )
    return (
        f'<nav aria-label="Contents" lang="en"><details class="contents"><summary>Contents: {len(asked)} questions</summary>'
        f'<ol lang="{escape(article.language)}">{items}</ol></details></nav>'
    )


def _paragraphs(found: Iterable[Block], text: str, voice: Voices) -> Iterator[str]:
    """Each paragraph, with where it starts in the text, so that a quote's place can be found in it."""
    speaking = False
    for block in found:
        words = f'dir="auto" data-start="{block.span.start}">{escape(block.span.of(text))}'
        if block.kind == "question":
            yield f'<h3 class="asks" tabindex="-1" {words}</h3>'
        elif block.kind == "other":
            yield f'<p class="other" {words}</p>'
        else:
            if block.label is not None or not speaking:
                yield f'<p class="turn {voiced(block.speaker, voice)}">{named(block.speaker)}{_label(block)}</p>'
            yield f'<p class="says {voiced(block.speaker, voice)}" {words}</p>'
        speaking = block.kind in ("answer", "speech")


def _label(block: Block) -> str:
    """The label as it is printed, where it names nobody we know by name, or tells of an interpreter."""
    printed = block.label if block.speaker is None or through_interpreter(block.label) else None
    return f' <span class="role">printed as “{escape(printed)}”</span>' if printed else ""
