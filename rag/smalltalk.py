"""Questions that are not for the article: which of our fixed replies fits."""

import re
from typing import Literal

from rag.fold import fold

Kind = Literal["no_words", "greeting", "thanks", "goodbye", "identity", "speakers", "about", "help"]

_POLITE = r"(?:(?:so|well|ok|okay|please|hi|hello|hey|and|but)[,!. ]+)*"
_THING = r"(?:this|that|it|(?:the|this) (?:article|interview|text|page|document|piece|conversation|q&a))"
_PERSON = r"(?:speakers?|people|persons?|experts?|interviewees?|guests?|participants?|authors?)"
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    ("greeting", r"(?:hi|hello|hey|hola|good (?:morning|afternoon|evening|day)|greetings|howdy)(?: there| all| everyone)?"),
    ("greeting", r"(?:hi|hello|hey)?[, ]*how are you(?: doing)?(?: today)?|how do you do|what'?s up"),
    ("thanks", r"(?:many |ok |okay |great |perfect |no )*(?:thanks|thank you|thx|cheers|gracias|ty)(?: (?:a lot|so much|very much|again|you|for [^.?!,;]{1,40}))?|(?:great|perfect|nice|cool|ok|okay|good|wow|excellent)(?: (?:answer|job|work))?"),
    ("goodbye", r"(?:good)?bye(?: bye)?|see you(?: later)?|ciao|adios"),
    ("identity", r"(?:who|what) are you|what is on record|are you (?:an? )?(?:bot|ai|human|robot|person|real)(?: (?:bot|ai|human|robot|person))?|what(?:'s| is) your name|who made you"),
    ("speakers", rf"who (?:(?:is|are|was|were) )?(?:the |these |those |two |both )*(?:{_PERSON}|speaking|talking|interviewed|being interviewed|quoted|speaks|talks|answers)(?: (?:here|(?:in|of) {_THING}|quoted(?: (?:here|in {_THING}))?))?"),
    ("speakers", rf"who(?:'s| is| are)? in (?:this|the) (?:article|interview|text)|who (?:speaks|talks|is speaking|answers)(?: (?:here|in {_THING}))?|(?:list|name|show)(?: me)? (?:all )?the {_PERSON}|whose words are (?:these|they)|who said (?:this|that|it|these)"),
    ("about", rf"(?:what(?:'s| is| are)|tell me(?: what)?) {_THING}(?: is)?(?: all)? about|what(?:'s| is) (?:{_THING}|the topic|the subject)(?: of {_THING})?|what (?:are they|do they) (?:talking|talk|discussing|discuss)(?: about)?|(?:give me )?(?:a )?summar(?:y|ise|ize)(?: (?:of )?{_THING})?|about|what did (?:the interviewer|they) ask"),
    ("help", r"what (?:can|could|should|may|do) i ask(?: you| about| here| it)*|what (?:can|do) you (?:do|know|answer)|what questions (?:can|could|should) i ask.{0,20}|how (?:does|do) (?:this|it|you|i use this|i use it) ?(?:work)?|help(?: me)?|(?:suggest|give me)(?: some| a few)? (?:questions?|examples?)|what are (?:some )?(?:good |example )?questions.{0,20}|how can you help.{0,10}"),
)
_COMPILED = tuple((kind, re.compile(rf"{_POLITE}(?:{pattern})[\s?!.,:;)]*")) for kind, pattern in _PATTERNS)


def kind_of(question: str) -> Kind | None:
    """Which small talk the whole question is, or None when it is a real one."""
    if not re.search(r"[^\W_]", question):
        return "no_words"
    plain = " ".join(fold(question).split())
    return next((kind for kind, pattern in _COMPILED if pattern.fullmatch(plain)), None)
