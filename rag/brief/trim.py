"""A quote cut down to whole sentences, and what a writer must see about the cut."""

import re
from collections.abc import Sequence

from rag.errors import InputError
from rag.passages import leans, sentences
from rag.records import Quote, Span

# What a reader who sees the cut must know was there: it takes back, limits or hands on what is said.
_NEGATION = re.compile(
    r"(?i)\b(?:not|never|no|nobody|nothing|neither|nor|cannot|without|hardly|scarcely|rarely|\w+n[’']t|"
    r"nunca|jamás|sin|ni|tampoco|apenas|nadie|nada|ningún|ninguna?s?)\b"
)
_CONDITION = re.compile(
    r"(?i)\b(?:if|unless|provided|as long as|only when|until|except|depend(?:s|ing) on|assuming|"
    r"si|siempre que|a menos que|salvo|excepto|hasta que|con tal de que)\b"
)
_CONTRAST = re.compile(
    r"(?i)\b(?:but|however|although|though|yet|nevertheless|nonetheless|even so|on the other hand|"
    r"pero|sin embargo|aunque|no obstante|en cambio)\b"
)
_ATTRIBUTION = re.compile(
    r"(?i)\b(?:according to|reportedly|allegedly|supposedly|"
    # What the speakers said themselves is nobody else's.
    r"(?<!\bI )(?<!\bwe )(?:said|says|told|announced|claims|claimed|wrote)(?: (?:that|us|me))?|"
    r"(?:claim|argued|stated|reported) (?:that|us|me)|"
    r"según|supuestamente|presuntamente|(?:dijo|dice|afirmó|anunció|aseguró|declaró)(?: que)?)\b"
)
_KINDS = (
    (_NEGATION, "a negation"),
    (_CONDITION, "a condition"),
    (_CONTRAST, "a contrast"),
    (_ATTRIBUTION, "whose words they are"),
)
# Openings that answer the question itself, beside those that lean on the sentence before. Some do so only
# where a pause follows ("No, …" but "No country …", "Right, …" but "Right now …"), or a pronoun.
_ANSWERS = re.compile(
    r"(?i)[“\"'‘¿¡\s]*(?:"
    r"(?:yes|yeah|yep|nope|not (?:really|at all|quite|yet|exactly|necessarily)|of course|exactly|precisely|"
    r"absolutely|definitely|certainly|indeed|maybe|perhaps|probably|well,? (?:yes|no)|"
    r"(?:i|we) (?:think|hope|believe|suppose|guess) (?:so|not)|no,? (?:i|we|you|he|she|it|they|that|there)|"
    r"sí|claro|por supuesto|exacto|exactamente|desde luego|quizás?|tal vez|así es|"
    r"no,? (?:l[aeo]s?|se l[ao]s?)|est[aeo]s?|es[aeo]s?|aquell[ao]s?|aquel|ell[ao]s?|él)\b|"
    r"(?:no|well|sure|right|true|correct|si|bueno|cierto|correcto)(?=\s*(?:[^\w\s’'-]|[-–—](?!\w)|\Z)))"
)


def parts(quote: Quote) -> tuple[Span, ...]:
    """The quote's sentences in order, each cut to what the quote has of it."""
    text, own = quote.article.text, quote.span
    found = (
        sentence
        for paragraph in quote.turn.paragraphs
        if paragraph.overlaps(own)
        for sentence in sentences(text, paragraph, quote.article.language)
        if sentence.overlaps(own)
    )
    return tuple(Span(max(each.start, own.start), min(each.end, own.end)) for each in found)


def kept(quote: Quote, keep: Sequence[Span]) -> tuple[Span, ...]:
    """The stretches of a quote that are kept, neighbours joined; the whole where `keep` is empty.

    InputError where one of them is not whole sentences of the quote, in order.
    """
    if not keep:
        return (quote.span,)
    found = parts(quote)
    starts, ends = {each.start for each in found}, {each.end for each in found}
    last = quote.span.start - 1
    for each in keep:
        if each.start not in starts or each.end not in ends or each.start <= last:
            whole = ", ".join(f"{part.start}–{part.end}" for part in found)
            raise InputError(
                f"characters {each.start} to {each.end} are not whole sentences of the quote in order; "
                f"its sentences are {whole}"
            )
        last = each.end - 1
    joined: list[Span] = []
    text = quote.article.text
    for each in keep:
        if joined and not text[joined[-1].end : each.start].strip():
            joined[-1] = Span(joined[-1].start, each.end)
        else:
            joined.append(each)
    return tuple(joined)


def lost(cut: Sequence[str]) -> list[str]:
    """What these words, cut away, take with them that a reader must know: a negation, a condition, …."""
    told = []
    for pattern, name in _KINDS:
        hits = dict.fromkeys(hit.group().lower() for words in cut for hit in pattern.finditer(words))
        if hits:
            told.append(f"the cut leaves out {name}: {', '.join(f'“{each}”' for each in hits)}")
    return told


def warnings(quote: Quote, stretches: Sequence[Span]) -> tuple[str, ...]:
    """What a cut takes away that the kept words need: fixed wording with the words concerned."""
    text, whole = quote.article.text, parts(quote)
    cut = [part.of(text) for part in whole if not any(each.covers(part) for each in stretches)]
    told = lost(cut)
    for each in stretches:
        first = next((part for part in whole if part.start == each.start), None)
        if first is None or first == whole[0]:
            continue
        if leans(first.of(text)) or _CONTRAST.match(first.of(text)):
            opening = " ".join(first.of(text).split()[:3])
            told.append(f"“{opening} …” leans on words that are cut")
    return tuple(told)


def depends(quote: Quote, start: int) -> bool:
    """Whether the words from `start` on cannot be understood without the question: "Yes", "This would …"."""
    if quote.turn.asked is None:
        return False
    # What a later sentence leans on stands in the quote itself.
    end = next((part.end for part in parts(quote) if part.end > start), quote.span.end)
    words = quote.article.text[start:end]
    return bool(_ANSWERS.match(words)) or leans(words)
