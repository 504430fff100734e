"""Words and pieces of words of a question, lower case: nouns without their particles. Pure."""

import re

from engine.retrieval.agreement_words import ASIDE, KIND_OF

WORD = re.compile(r"[가-힣]+|[a-z]{2,}")
_PARTICLE = re.compile(
    r"(?<=[가-힣]{2})(?:으로부터|에서는|에서도|으로는|에게는|이라도|까지는|부터는|으로|에서|에게|에는|한테"
    r"|부터|까지|이란|라도|처럼|보다|마다|이나|은|는|이|가|을|를|의|에|도|로|과|와|만|란|나|랑)$"
)
# Nouns that end like a particle, and longer words that end in them: 공제한도, 연차휴가.
_ENDS_LIKE_A_PARTICLE = re.compile(
    r"(?:(?<!기)한도|(?<!공)제도|연도|년도|양도|휴가|허가|추가|국가|증가|평가|원가|단가|물가|인가"
    r"|초과|효과|부과|고속도로|기준시가|어린이)$"
)
_VERB = re.compile(
    r".+(?:요|까|니|죠|지|면|서|한|된|할|해|려고|나|하고|했|하는|되는|있는|없는|받는|인|던|어|야|네|데|때)$"
)
_NOUN_VERB = re.compile(r"([가-힣]{2,}?)(?:하|해|했|한|할|되|돼|됐|된|될|받|시키|시켜)")
_STANDS = 0.7  # share of a word's pieces that must stand in a text, for the word to stand there


def noun_of(word: str) -> str:
    """``word`` without its particle; empty where it is a verb, or a word of asking."""
    bare = _PARTICLE.sub("", word)
    verb = bare == word and not word.isascii() and _VERB.fullmatch(word)
    return "" if verb or len(bare) < 2 or ASIDE.search(bare) else KIND_OF.sub("", bare)


def without_particle(word: str) -> str:
    """``word`` as it is shown to people: 한도 of 한도는. Verbs and words of asking stay whole."""
    if not noun_of(word) or _ENDS_LIKE_A_PARTICLE.search(word):
        return word
    return _PARTICLE.sub("", word)


def verb_noun_of(word: str) -> str:
    """The noun in a verb that is made of one: 취소 of 취소하면; empty for all others."""
    found = _NOUN_VERB.match(word)
    return "" if not found or ASIDE.search(found[1]) else found[1]


def share(word: str, pieces: frozenset[str]) -> float:
    own = pieces_of(word)
    return len(own & pieces) / len(own) if own else 1.0


def pieces_of(text: str) -> frozenset[str]:
    """Two neighbouring letters within a Korean word; the beginning of a Latin one."""
    found = set[str]()
    for word in WORD.findall(text):
        if word.isascii():
            found.add(word[:5])
        else:
            found.update(word[at : at + 2] for at in range(len(word) - 1))
    return frozenset(found)


def stands(word: str, pieces: frozenset[str]) -> bool:
    """Enough of ``word`` is among the pieces of a text, for it to stand there."""
    return share(word, pieces) >= _STANDS
