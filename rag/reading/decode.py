"""Bytes to text: UTF-8, UTF-16 with its mark, and Windows-1252 where it is certain."""

import codecs
import re

from rag.errors import ArticleError

# Told apart by their first bytes; UTF-32 is so rare that it is refused with the rest.
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# What Western European text holds beside ASCII. Letters outside it (þ, ð, ý, ³ …) are what Turkish,
# Polish or a Mac's text looks like when it is taken for Windows-1252.
_WESTERN = frozenset(
    "áéíóúàèìòùâêîôûäëïöüãõåæøœñçßÁÉÍÓÚÀÈÌÒÙÂÊÎÔÛÄËÏÖÜÃÕÅÆØŒÑÇ¿¡«»‹›“”„‘’‚–—…•·°ºª€£©®™§½¼\u00a0\u00ad"
)
# charset-normalizer: no oddity at all, and at least half of the letters as frequent as a language's.
# Over samples in eight encodings nothing but Windows-1252 passes both and `_WESTERN`.
MIN_COHERENCE = 0.5


def decode(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of `data` without a byte-order mark, and what is to be told about how it was read."""
    told: tuple[str, ...] = ()
    try:
        text = data.decode("utf-16" if data.startswith(_UTF16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith(_UTF16):
            raise ArticleError(f"{name} is UTF-16 text cut short; save it as UTF-8 and try again") from None
        if b"\0" in data:
            raise _binary(name) from None
        western = _windows(data)
        if western is None:
            raise ArticleError(
                f"{name} is not UTF-8 text (byte {error.start}); save it as UTF-8 and try again"
            ) from None
        text, told = western, ("the file is not UTF-8; it was read as Windows-1252",)
    if "\0" in text:
        raise _binary(name)
    return text, told


def decode_page(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of an HTML page: in the encoding that it states, else as `decode` reads any text."""
    stated = re.search(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", data[:4096], re.I)
    if stated and not data.startswith((codecs.BOM_UTF8, *_UTF16)):
        label = stated[1].decode("ascii", "replace").lower()
        # As browsers do: pages that state Latin-1 or ASCII are Windows-1252.
        label = "cp1252" if label in {"iso-8859-1", "latin1", "us-ascii", "ascii"} else label
        try:
            text = data.decode(label)
        except (LookupError, UnicodeDecodeError, ValueError):
            return decode(data, name)
        if "\0" in text:
            raise _binary(name)
        return text, ()
    return decode(data, name)


def _windows(data: bytes) -> str | None:
    """The text if it is Windows-1252 beyond doubt, else None. Only then is the library imported."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    if any(c > "\x7f" and c not in _WESTERN for c in text):
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=["cp1252"]).best()
    sure = best is not None and best.chaos == 0 and best.coherence >= MIN_COHERENCE
    return text if sure else None


def _binary(name: str) -> ArticleError:
    return ArticleError(f"{name} holds NUL bytes, so it is no text; save it as UTF-8 text and try again")
