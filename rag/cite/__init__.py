"""A quote to what a writer pastes: a footnote, a bibliography entry, a record for programs, a link."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from rag.cite import data, prose
from rag.cite.citation import Citation, Run
from rag.cite.link import link
from rag.cite.selector import Located, locate, selector
from rag.cite.work import Work, work_of
from rag.errors import InputError
from rag.records import Cast, Quote

__all__ = ["STYLES", "Citation", "Located", "Run", "cite", "link", "locate", "selector", "style_of"]

_MAKERS: Mapping[str, Callable[[Work], Citation]] = {
    "chicago": prose.chicago_note,
    "chicago-bibliography": prose.chicago_bibliography,
    "apa": prose.apa,
    "mla": prose.mla,
    "bluebook": prose.bluebook,
    "plain": prose.plain,
    "bibtex": data.bibtex,
    "ris": data.ris,
    "csl-json": data.csl_json,
}
STYLES = tuple(_MAKERS)
# What else people call them.
_ALIASES = {
    "chicago-note": "chicago",
    "note": "chicago",
    "chicago-bib": "chicago-bibliography",
    "bibliography": "chicago-bibliography",
    "apa7": "apa",
    "mla9": "mla",
    "text": "plain",
    "bib": "bibtex",
    "csl": "csl-json",
    "csljson": "csl-json",
}


def style_of(name: str) -> str:
    """The style that is called so, in capitals or small letters; InputError for no such style."""
    plain = name.strip().casefold().replace("_", "-").replace(" ", "-")
    style = _ALIASES.get(plain, plain)
    if style not in _MAKERS:
        raise InputError(f"no citation style {name[:40]!r}; expected one of: {', '.join(STYLES)}")
    return style


def cite(quote: Quote, cast: Cast, style: str) -> Citation:
    """The quote's citation. `cast` has who is interviewed in its article; InputError for no such style."""
    known = style_of(style)
    return replace(_MAKERS[known](work_of(quote, cast)), style=known)
