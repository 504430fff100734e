"""Whether two answers say the same."""

import re
from dataclasses import dataclass
from itertools import pairwise

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_SHARED = 0.7  # of the pairs of characters, both ways
_SHORT = 12  # pairs up to which an answer ("yes, it is") may be that of many questions


@dataclass(frozen=True, slots=True)
class AnswerFingerprint:
    """An answer by its numbers and its pairs of characters."""

    figures: frozenset[str]
    pairs: frozenset[str]

    @classmethod
    def of(cls, answer: str) -> "AnswerFingerprint":
        """``1,000`` is ``1000``, ``07`` is ``7``; case, spaces and signs do not count."""
        found = (number.replace(",", "") for number in _FIGURE.findall(answer))
        plain = "".join(character for character in answer.casefold() if character.isalnum())
        return cls(
            frozenset(number.lstrip("0") or "0" for number in found),
            frozenset(a + b for a, b in pairwise(plain)),
        )

    def same(self, other: "AnswerFingerprint") -> bool:
        """One fact: the same numbers, and most of the wording of each in the other.

        Short answers without a number say nothing about what they answer.
        """
        if self.figures != other.figures:
            return False
        short, long = sorted((len(self.pairs), len(other.pairs)))
        if not self.figures and short < _SHORT:
            return False
        return len(self.pairs & other.pairs) >= max(1, _SHARED * long)
