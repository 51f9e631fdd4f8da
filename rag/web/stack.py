"""What the page asks of the server about the articles: one to read, and one to choose out of many."""

from itertools import islice
from typing import Any

from rag.dates import between, within
from rag.errors import OnRecordError
from rag.fold import fold
from rag.index import Index
from rag.web.given import fields
from rag.web.page import article as markup
from rag.web.page.text import Voices, titled

# So many rows are taken in before one searches again.
A_PAGE = 25
MOST_COMPLETIONS = 30


class Stack:
    """Answers the page's scripts. What a browser sends may be forged: each value is checked here."""

    def __init__(self, index: Index, voice: Voices) -> None:
        self._index, self._voice = index, voice
        self._titles = [(fold(titled(each)), each) for each in index.articles]
        self._heard = [[fold(name) for name in head.speakers] for head in index.heads]

    def article(self, name: object) -> str:
        """An article's HTML, "" where there is none of that id."""
        spoken = self._index.held.get(str(name))
        return markup.article(spoken.article, spoken.blocks, self._voice) if spoken else ""

    def choose(self, wanted: object) -> dict[str, Any]:
        """A page of the articles that {"words", "who", "since", "until", "from"} leaves, as HTML, and how many there are."""
        row = fields(wanted)
        words, who, since, until = (
            str(row.get(key) or "").strip() for key in ("words", "who", "since", "until")
        )
        first = max(0, row["from"]) if isinstance(row.get("from"), int) else 0
        try:
            time = between(since or None, until or None) if since or until else None
        except OnRecordError as error:
            return {"html": "", "total": 0, "more": False, "wrong": str(error)}
        found = [
            number
            for number, ((title, article), heard) in enumerate(zip(self._titles, self._heard, strict=True))
            if all(word in title for word in fold(words).split())
            and (time is None or within(article.date, time))
            and (not who or any(fold(who) in name for name in heard))
        ]
        shown = [self._index.spoken[number] for number in found[first : first + A_PAGE]]
        return {"html": markup.rows(shown), "total": len(found), "more": first + A_PAGE < len(found)}

    def among(self, wanted: object) -> list[list[str]]:
        """Completions of {"name": "speaker" or "article", "words"}: [value, what it is called]."""
        row = fields(wanted)
        words = fold(str(row.get("words") or ""))
        if row.get("name") == "speaker":
            found = ([name, name] for name in self._index.speakers if words in fold(name))
        else:
            found = ([each.id, titled(each)] for title, each in self._titles if words in title)
        return list(islice(found, MOST_COMPLETIONS))
