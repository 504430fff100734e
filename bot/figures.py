"""Whether an answer keeps to the knowledge that it draws on."""

import re
from collections.abc import Iterable
from itertools import pairwise

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_AT_THE_END = re.compile(r"\d[\d.,]*\Z")
_SPELLED = re.compile(r"[일이삼사오육칠팔구십백천만억조]{2,}(?=\s*(?:원|퍼센트|프로|%|개월|년))")
# Shares of pairs of characters: of an answer's in the known text (a negation or another topic has
# fewer), and of the known text's in the answer (one that says hardly anything has fewer).
_SHARED, _SAID = 0.4, 0.5


def figures(text: str) -> frozenset[str]:
    """The numbers in ``text``: ``1,000`` is ``1000``, ``07`` is ``7``; spelled ones as they are."""
    found = (number.replace(",", "") for number in _FIGURE.findall(text))
    return frozenset(number.lstrip("0") or "0" for number in found) | frozenset(
        _SPELLED.findall(text)
    )


def keeps_to(answer: str, known: Iterable[str]) -> bool:
    """``answer`` says what one of the ``known`` texts says, as far as that can be seen.

    It has the same numbers, most of its wording is there, and half of that text's wording in it. A
    small model may garble the approved answer in front of it: a deadline that nobody approved, or
    none where there is one, must not pass for knowledge.
    """
    return any(_keeps_to(answer, text) for text in known)


def without_open_number(text: str) -> str:
    """``text`` without a number at its very end: more digits of it may be on their way."""
    return _AT_THE_END.sub("", text)


def strays(text: str, known: Iterable[str]) -> bool:
    """``text`` has a number that is in none of the ``known`` texts.

    An answer that begins like this does not keep to any of them, however it goes on.
    """
    return not figures(text) <= frozenset().union(*map(figures, known))


def _keeps_to(answer: str, text: str) -> bool:
    if figures(answer) != figures(text):
        return False
    mine, theirs = _pairs(answer), _pairs(text)
    both = len(mine & theirs)
    return bool(mine) and both >= _SHARED * len(mine) and both >= _SAID * len(theirs)


def _pairs(text: str) -> frozenset[str]:
    plain = "".join(character for character in text.casefold() if character.isalnum())
    return frozenset(a + b for a, b in pairwise(plain))
