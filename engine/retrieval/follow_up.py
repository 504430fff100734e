"""Does a question stand alone, or hang on what was said before it? Pure text."""

import re

_FOLLOW_UP = re.compile(
    r"^\s*(그럼|그러면|그런데|그건|그것|그거|그 |이건|이것|저건|그리고|그래서|왜|더 |또 |방금|아까|"
    r"위 |해당|(then|and|but|so|why|what about|how about)\b)"
    r"|\b(that|it|this|those|these|they)\b",
    re.IGNORECASE,
)

_PARTICLE = re.compile(r"(은|는|이|가|을|를|의|에|도|로|으로|에서|에게|와|과|만|란|이란)?[?.!,]*$")

# Tokens that name no topic: verbs and adjectives by their endings, and words of asking.
_NO_TOPIC = re.compile(
    r".*(요|까|다|지|죠|면|서|한|된|할|해|려고|나|니)$|(언제|얼마|무엇|어디|어떻|지금|여기).*"
)

_LEAST_TOPIC = {"ko": 3, "latin": 4}


def stands_alone(question: str, place: int) -> bool:
    """The question can be understood without what was said before it in the conversation: it is
    the first one, or names a topic and points back to nothing."""
    if place == 0:
        return True
    return not _FOLLOW_UP.search(question) and any(map(_is_topic, question.split()))


def _is_topic(token: str) -> bool:
    bare = _PARTICLE.sub("", token)
    least = _LEAST_TOPIC["latin" if bare.isascii() else "ko"]
    return len(bare) >= least and not _NO_TOPIC.fullmatch(bare) and not bare.isdigit()
