"""What one question negates and another affirms. Pure text."""

from engine.retrieval.agreement_words import ASIDE, NEGATION
from engine.retrieval.words import WORD, noun_of, pieces_of, stands

_BEFORE, _AFTER = 2, 1  # words around a negation that it may be about
_BEFORE_VERBS = frozenset({"안", "못"})  # the others stand behind what they negate


def negated_otherwise(text: str, other: str) -> str:
    """The negation in ``text`` of something that ``other`` affirms; empty: there is none.

    "받을 수 없는" beside "받을 수 있는" is one. "안 알려주면" beside "모를 때" is none, for nothing
    there is told. Where nothing says what is negated, it counts.
    """
    theirs = [_about(place) for place in _negations(other)]
    pieces = pieces_of(other)
    for place in _negations(text):
        about = _about(place)
        shared = next((words for words in theirs if _meet(about, words)), None)
        if shared is not None:  # negated there as well
            theirs.remove(shared)
            continue
        if about and not any(stands(word, pieces) or word[:2] in pieces for word in about):
            continue
        if about or not theirs:
            return place[1]
    return ""


def _meet(some: frozenset[str], others: frozenset[str]) -> bool:
    """A word of one is part of a word of the other."""
    return any(a in b or b in a for a in some for b in others)


_Place = tuple[str, str, str]  # what stands before a negation, it, and what stands after it


def _negations(text: str) -> list[_Place]:
    found = []
    for match in NEGATION.finditer(text):
        start = text.rfind(" ", 0, match.start()) + 1
        end = text.find(" ", match.end())
        end = len(text) if end < 0 else end
        before_verb = match.group(0).strip() in _BEFORE_VERBS or match.group(0).isascii()
        after = f"{text[match.end() : end]} {text[end:]}" if before_verb else ""
        found.append((f"{text[:start]} {text[start : match.start()]}", match.group(0), after))
    return found


def _about(place: _Place) -> frozenset[str]:
    """The words that a negation may be about: nouns, and what begins its verb."""
    before, _, after = place
    near = 1 if after else _BEFORE  # what stands after it is nearer
    words = [*WORD.findall(before)[-near:], *WORD.findall(after)[:_AFTER]]
    return frozenset(filter(None, map(_bare, words)))


def _bare(word: str) -> str:
    """A noun, or the first two letters of a verb; empty for words of asking and light verbs."""
    if noun := noun_of(word):
        return noun
    return "" if ASIDE.search(word) or len(word) < 3 else word[:2]
