"""Citations as reference managers read them: BibTeX, RIS, CSL-JSON."""

import json
import re
from collections.abc import Iterator, Sequence

from rag.cite.citation import Citation, runs
from rag.cite.names import Name
from rag.cite.work import Work
from rag.fold import fold

# Words of a title that tell nothing: a key takes the first other one.
_SMALL = frozenset(
    "a an and are as at by can did do does for from has have how if in into is it its of on or that the "
    "their this to was we what when where which who why will with el la los las un una de del y en que por "
    "para".split()
)
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
# Two signs that LaTeX prints as one: "--" as a dash, "?`" as "¿".
_LIGATURE = re.compile(r"-(?=-)|`(?=`)|'(?=')|,(?=,)|<(?=<)|>(?=>)|[?!](?=`)")


def bibtex(work: Work) -> Citation:
    """A @misc entry, which every style of BibTeX knows; an interview has no type of its own there."""
    fields = [
        ("author", " and ".join(_tex_name(name) for name in work.interviewees)),
        # Double braces keep the capitals as they are.
        ("title", f"{{{_tex(work.title or _described(work))}}}"),
        ("howpublished", _tex(work.publisher or "")),
        ("month", work.date.macro if work.date else None),
        ("year", work.date.year if work.date else None),
        ("note", _tex(_kind(work))),
        ("url", _tex_url(work.url) if work.url else None),
        ("annote", _tex(_quoted(work))),
    ]
    rows = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in fields if value]
    return runs(f"@misc{{{key(work)},\n" + ",\n".join(rows) + "\n}")


def key(work: Work) -> str:
    """What the entry is called: "mines2022venezuela"; ASCII, the same each time."""
    family = work.interviewees[0].family if work.interviewees else work.publisher or "interview"
    telling = next((word for word in re.findall(r"\w+", fold(work.title or "")) if word not in _SMALL), "")
    plain = re.sub(r"[^a-z0-9]", "", fold(family)) or "interview"
    return f"{plain}{work.date.year if work.date else 'nd'}{re.sub(r'[^a-z0-9]', '', telling)}"


def _tex(text: str) -> str:
    """The text as LaTeX prints it; on one line, since BibTeX counts braces and not lines."""
    return _LIGATURE.sub(r"\g<0>{}", " ".join(text.split()).translate(_TEX))


def _tex_url(url: str) -> str:
    """An address as a url field takes it: not escaped; what would end the field is percent-encoded."""
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C").replace(" ", "%20")


def _tex_name(name: Name) -> str:
    if name.body or not name.given:
        return f"{{{_tex(name.family)}}}"
    parts = (name.family, name.suffix, name.given) if name.suffix else (name.family, name.given)
    # " and " within a name would part it; a comma too.
    return ", ".join(_tex(part) for part in parts)


def ris(work: Work) -> Citation:
    """A RIS record. RIS has no type for a published interview: it is a web page with "Interview" beside."""
    rows = [("TY", "ELEC"), *_ris(work), ("ER", "")]
    return runs("".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in rows))


def _ris(work: Work) -> Iterator[tuple[str, str]]:
    yield from (("AU", name.inverted) for name in work.interviewees)
    yield from (("A2", name.inverted) for name in work.interviewers)
    yield "TI", work.title or _described(work)
    if work.publisher:
        yield "PB", work.publisher
    if work.date:
        yield "PY", work.date.year
        month, day = (*work.date.parts[1:], None, None)[:2]
        yield "DA", "/".join([work.date.year, f"{month:02}" if month else "", f"{day:02}" if day else "", ""])
    if work.url:
        yield "UR", work.url
    yield "LA", work.language
    yield "M3", "Interview"
    yield "N1", _quoted(work)


def csl_json(work: Work) -> Citation:
    """A CSL-JSON list of one item (schema 1.0.2)."""
    item: dict[str, object] = {"id": key(work), "type": "interview"}
    for field, names in (("author", work.interviewees), ("interviewer", work.interviewers)):
        if names:
            item[field] = [_csl_name(name) for name in names]
    if work.title:
        item["title"] = work.title
    if work.publisher:
        item["publisher"] = work.publisher
    if work.date:
        item["issued"] = {"date-parts": [work.date.parts]}
    if work.url:
        item["URL"] = work.url
    item["language"] = work.language
    item["note"] = _quoted(work)
    return runs(json.dumps([item], ensure_ascii=False, indent=1))


def _csl_name(name: Name) -> dict[str, str]:
    if name.body or not name.given:
        return {"literal": name.whole}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}


def _kind(work: Work) -> str:
    by = _all(work.interviewers)
    return f"Interview by {by}" if by else "Interview"


def _described(work: Work) -> str:
    """What an interview without a title is called."""
    people = _all(work.interviewees)
    return f"Interview with {people}" if people else "Interview"


def _all(names: Sequence[Name]) -> str:
    whole = [name.whole for name in names]
    return " and ".join([", ".join(whole[:-1]), whole[-1]] if len(whole) > 1 else whole)


def _quoted(work: Work) -> str:
    said = f" ({work.speaker.whole})" if work.speaker else ""
    return f"“{work.quote.text}”{said}"
