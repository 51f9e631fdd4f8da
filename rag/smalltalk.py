"""Questions that are not for the article: which of our fixed replies fits."""

import re
from typing import Literal

from rag.fold import fold

Kind = Literal["no_words", "greeting", "thanks", "goodbye", "identity", "task", "speakers", "about", "help"]

_POLITE = r"(?:(?:so|well|ok|okay|please|hi|hello|hey|and|but)[,!. ]+)*"
_THING = r"(?:this|that|it|(?:the|this) (?:article|interview|text|page|document|piece|conversation|q&a))"
_PERSON = r"(?:speakers?|people|persons?|experts?|interviewees?|guests?|participants?|authors?)"
_DAY = r"(?:morning|afternoon|evening|night|day)"
_PROGRAM = (
    r"(?:bot|chat ?bot|robot|ai|artificial intelligence|(?:chat ?)?gpt|llm|(?:large )?language model|machine|"
    r"computer|program|software|assistant|human|person|real)"
)
# What is said to a program that displeases, and asks nothing of an article.
_BAD = (
    r"(?:wrong|stupid|dumb|useless|bad|terrible|awful|rubbish|nonsense|boring|an idiot|no (?:good|use|help))"
)

# Each must fit the whole question, so that a real one which only begins like it is never swallowed.
_PATTERNS: dict[Kind, tuple[str, ...]] = {
    "greeting": (
        rf"(?:hi|hello|hey|good {_DAY}|greetings|howdy)(?: there| all| everyone| bot)?",
        r"(?:hi|hello|hey)?[, ]*how are you(?: doing)?(?: today)?",
        r"how do you do|what'?s up|nice to meet you|welcome",
        r"(?:is )?any(?:one|body) (?:there|here)|are you there",
        # Nothing is asked, and nothing need be said but that one may ask.
        r"test(?:ing)?|lol|ha(?:ha)+|hm+|oops|never ?mind|forget it",
        r"(?:sorry|pardon|excuse me)(?: me)?|(?:sorry[,. ]+)?wrong (?:window|chat|tab)",
    ),
    "thanks": (
        r"(?:(?:many|ok|okay|great|perfect|no|good answer)[,!. ]+)*(?:thanks|thank you|thx|cheers|ty)"
        r"(?: (?:a lot|so much|very much|again|you|for [^.?!,;]{1,40}))?(?:[,!. ]+(?:good)? ?bye)?",
        r"(?:great|perfect|nice|cool|ok|okay|good|wow|excellent)(?: (?:answer|job|work))?",
        r"(?:(?:thanks|thank you|thx|ok|okay|great)[,!. ]+)?(?:that|this|it)(?:'s| is| was)"
        r"(?: (?:very|really|so))? (?:helpful|useful|great|good|nice|clear|perfect|interesting|all)",
        r"(?:(?:ok|okay|yes|ah|oh)[,!. ]+)?(?:got it|i see|understood|makes sense|noted)",
        r"all ?right|fair enough",
    ),
    "goodbye": (r"(?:good ?)?bye(?: bye)?|see you(?: later)?|ciao",),
    "identity": (
        r"(?:who|what) (?:are|r) (?:you|u)|what is on record|what(?:'s| is) your name",
        r"who (?:made|built|created|trained|programmed) you|how old are you|where are you from",
        rf"(?:are you|is this|am i (?:talking|speaking) (?:to|with)) (?:an? )?{_PROGRAM}(?: {_PROGRAM})*",
        r"(?:can|should) i (?:trust|believe) (?:you|this)|how (?:accurate|reliable|good|sure) are you",
        r"do you (?:lie|hallucinate|make (?:it|this|that|things|stuff) up)|what(?:'s| is| are) your sources?",
        rf"(?:you(?:'re| are| r)|(?:this|that|it)(?:'s| is)) (?:so |really |very |just )?{_BAD}",
        rf"(?:(?:you|this|that)(?:'re| are|'s| is) )?(?:an? )?{_BAD} (?:answer|bot|robot|ai|program)",
        r"wrong|stupid|useless|nonsense|not (?:helpful|useful)|you suck|shut up|fuck (?:you|off)|"
        r"i (?:love|hate) you",
    ),
    # What one asks of a program that writes; this one only quotes.
    "task": (
        r"(?:(?:can|could|would|will) you )?(?:write(?! down)|compose|translate|rewrite|rephrase|paraphrase|"
        r"invent|make up (?:an?|some)|sing|pretend|act as|role-?play|imagine (?:that )?you(?:'re| are))\b.+",
        r"(?:(?:can|could|would|will) you )?(?:draft|generate|draw|create|give me|tell me|make me|show me) "
        r"(?:me )?(?:an?|another|some) (?:[a-z]+ ){0,2}(?:poem|joke|story|song|recipe|haiku|limerick|essay|"
        r"email|letter|tweet|speech|picture|image|cartoon|code|translation)s?\b.*",
        r"(?:ignore|forget|disregard|override|bypass) (?:[a-z]+ ){0,4}(?:instruction|rule|prompt|guideline|"
        r"restriction|constraint)s?\b.*",
        r"(?:(?:show|reveal|print|repeat|tell me|what(?:'s| is| are)) )+(?:me )?your (?:system )?"
        r"(?:prompt|instructions|rules)\b.*|repeat after me\b.*",
    ),
    "speakers": (
        rf"who (?:(?:is|are|was|were) )?(?:the |these |those |two |both )*"
        rf"(?:{_PERSON}|speaking|talking|interviewed|being interviewed|quoted|speaks|talks|answers)"
        rf"(?: (?:here|(?:in|of) {_THING}|quoted(?: (?:here|in {_THING}))?))?",
        r"who(?:'s| is| are)? in (?:this|the) (?:article|interview|text)",
        rf"(?:list|name|show)(?: me)? (?:all )?the {_PERSON}",
        rf"how many {_PERSON}(?: are there| speak)?|who are they",
        r"whose words are (?:these|they)|who said (?:this|that|it|these)",
    ),
    "about": (
        rf"(?:what(?:'s| is| are)|tell me(?: what)?) {_THING}(?: is)?(?: all)? about",
        rf"what(?:'s| is) (?:{_THING}|the topic|the subject)(?: of {_THING})?",
        r"what (?:are they|do they) (?:talking|talk|discussing|discuss)(?: about)?",
        rf"(?:give me )?(?:a )?summar(?:y|ise|ize)(?: (?:of )?{_THING})?",
        r"about|what did (?:the interviewer|they) ask",
    ),
    "help": (
        r"what (?:can|could|should|may|do) i ask(?: you| about| here| it)*",
        r"what (?:can|do) you (?:do|know|answer)|how can you help(?: me)?",
        r"(?:can|could|will) you help(?: me)?(?: out)?|i need (?:some )?help",
        r"(?:can|may|could) i ask(?: you)?(?: (?:something|anything|a question))?|i have a question",
        r"(?:do|can) you (?:speak|understand) [a-z]+|what languages? do you (?:speak|understand|know)",
        r"what questions (?:can|could|should) i ask(?: you| here| about it)*",
        r"how (?:does|do) (?:this|it|you|i use this|i use it) ?(?:work)?|help(?: me)?",
        r"(?:suggest|give me)(?: some| a few)? (?:questions?|examples?)",
        r"what are (?:some )?(?:good |example )?questions(?: (?:i can|to) ask)?",
    ),
}

_POLITE_ES = (
    r"(?:[¿¡]*(?:y|pues|bueno|bien|ok|vale|por favor|hola|pero|entonces|oye|muy|disculpe|perdon)"
    r"[,!. ]+)*[¿¡]*"
)
_THING_ES = (
    r"(?:est[aeo]|es[aeo]|(?:est[ae]|el|la|es[ae]) "
    r"(?:articulo|entrevista|texto|pagina|documento|conversacion))"
)
_PERSON_ES = (
    r"(?:ponentes?|personas?|expert[oa]s?|entrevistad[oa]s?|invitad[oa]s?|participantes?|hablantes?|"
    r"autor(?:es|as?)?)"
)
_SPANISH: dict[Kind, tuple[str, ...]] = {
    "greeting": (
        r"(?:hola|buenas|buen(?:os|as)? (?:dias?|tardes|noches)|saludos)(?: a todos| que tal)?",
        r"(?:que tal|como (?:estas?|esta usted|te va))(?: hoy)?|perdon|lo siento|(?:hay alguien|estas) ahi",
    ),
    "thanks": (
        r"(?:(?:muchas|muchisimas|mil|ok|perfecto|no)[,!. ]+)*gracias"
        r"(?: (?:por (?:todo|tu ayuda|su ayuda|la ayuda|la respuesta)|de nuevo))?(?:[,!. ]+adios)?",
        r"(?:te|se) lo agradezco|genial|perfecto|excelente|estupendo|buena respuesta",
    ),
    "goodbye": (r"(?:adios|hasta (?:luego|pronto|manana|la vista)|chao|nos vemos)",),
    "identity": (
        r"(?:quien|que) (?:eres|es usted)(?: tu)?|que es on record|como te llamas|como se llama usted",
        r"cual es (?:tu|su) nombre|quien te (?:hizo|creo|programo)|cuantos anos tienes|de donde eres",
        r"(?:eres|es usted|(?:estoy )?hablando con) (?:un |una )?(?:bot|robot|ia|inteligencia artificial|"
        r"(?:chat ?)?gpt|modelo(?: de lenguaje)?|programa|maquina|humano|persona|real)",
        r"(?:eres|esto es) (?:un |una |muy |tan )?(?:tont[oa]|inutil|estupid[oa]|mal[oa]|idiota)",
        r"no sirves?(?: para nada)?|mala respuesta|(?:esto )?esta mal|callate|te (?:quiero|odio)",
    ),
    "task": (
        r"(?:(?:puedes|podrias|puede) )?(?:escrib[aei]r?(?:me)?|redact[ae]r?(?:me)?|compon(?:er|me)?|"
        r"traduc[ei]r?(?:me|lo)?|invent[ae]r?(?:me)?|parafrase[ae]r?|cant[ae]r?(?:me)?|fing[ei]r?|"
        r"actuar? como|imagina que eres)\b.+",
        r"(?:dame|cuentame|hazme|dime|dibuja(?:me)?) (?:un|una|otro|otra) (?:poema|chiste|cuento|cancion|"
        r"receta|ensayo|carta|discurso|imagen|dibujo|traduccion|titular)\b.*",
        r"(?:ignora|olvida)(?:te de)? (?:[a-z]+ ){0,4}(?:instrucciones|reglas|indicaciones)\b.*",
    ),
    "speakers": (
        r"(?:quien(?:es)?) (?:habla|hablan|esta hablando|estan hablando|responden?|participan?|son)"
        rf"(?: aqui| en {_THING_ES})?",
        rf"(?:quien(?:es)?) (?:es|son|era|eran|fue|fueron) (?:el |la |los |las )?{_PERSON_ES}"
        rf"(?: (?:aqui|(?:en|de) {_THING_ES}))?",
        r"a quien(?:es)? (?:se )?(?:entrevistan?|entrevistaron|entrevisto)(?: aqui)?",
        rf"cuant[oa]s {_PERSON_ES}(?: (?:hay|hablan))?|quien (?:dijo|dice) (?:esto|eso)",
    ),
    "about": (
        rf"(?:de|sobre) que (?:trata|va|habla|es|se habla|hablan|tratan)"
        rf"(?: {_THING_ES}| aqui| en {_THING_ES})?",
        rf"(?:de que se trata|que es|cual es el tema)(?: (?:de )?{_THING_ES})",
        rf"de que se trata|cual es el tema|resum(?:e|a|eme|en|ir)(?: (?:de )?{_THING_ES}| del articulo)?",
    ),
    "help": (
        r"(?:que|sobre que|que cosas|que preguntas) (?:(?:te |le |se )?(?:puedo|podria|debo|puede uno)"
        r" (?:preguntar|hacer)(?:te|le)?)(?: aqui)?",
        r"(?:que|como) (?:puedes|puede) (?:hacer|ayudarme|responder)|que (?:sabes|haces)(?: hacer)?",
        r"(?:me )?(?:puedes|podrias|puede) ayudar(?:me)?|necesito ayuda",
        r"como (?:funciona|se usa|te uso)(?: (?:esto|eso))?|ayuda|ayudame|(?:habla|entiende)s [a-z]+",
        r"(?:sugiere|sugiereme|dame|propon)(?: unas| algunas| un par de)? (?:preguntas?|ejemplos?)",
    ),
}
_COMPILED = tuple(
    (kind, re.compile(rf"{polite}(?:{'|'.join(patterns)})[\s?!.,:;)]*"))
    for polite, kinds in ((_POLITE, _PATTERNS), (_POLITE_ES, _SPANISH))
    for kind, patterns in kinds.items()
)


def kind_of(question: str) -> Kind | None:
    """Which small talk the whole question is, or None when it is a real one."""
    if not re.search(r"[^\W_]", question):
        return "no_words"
    plain = " ".join(fold(question).split())
    return next((kind for kind, pattern in _COMPILED if pattern.fullmatch(plain)), None)
