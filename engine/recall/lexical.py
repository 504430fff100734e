"""Shared words between a question and a stored pair: what meaning alone blurs."""

import math
import re
import unicodedata
from collections import Counter

_PACKED = "ㄱ-ㆎ가-힣぀-ヿ㐀-䶿一-鿿"  # scripts whose words are glued together: pairs of characters
_WORD = re.compile(f"[^\\W_{_PACKED}]+")
_NOT_PACKED = re.compile(f"[^{_PACKED}]+")
_PREFIX = 6  # letters of a word that count, so that plurals and endings meet


def grams(text: str) -> frozenset[str]:
    """Two-character pieces of Korean, Chinese and Japanese; beginnings of words and numbers."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    packed = _NOT_PACKED.sub("", folded)
    pieces = {packed[at : at + 2] for at in range(len(packed) - 1)}
    pieces.update(word[:_PREFIX] for word in _WORD.findall(folded))
    return frozenset(pieces)


class Rarity:
    """How often each gram occurs over the stored pairs, kept up to date one pair at a time."""

    def __init__(self) -> None:
        """No pairs yet."""
        self._pairs = 0
        self._counts: Counter[str] = Counter()

    def add(self, pieces: frozenset[str]) -> None:
        """Count a pair's grams."""
        self._pairs += 1
        self._counts.update(pieces)

    def drop(self, pieces: frozenset[str]) -> None:
        """Take a pair's grams back; those that occur nowhere else are forgotten."""
        self._pairs -= 1
        self._counts.subtract(pieces)
        for piece in pieces:
            if self._counts[piece] <= 0:
                del self._counts[piece]

    def overlap(self, a: frozenset[str], b: frozenset[str]) -> float:
        """Cosine in [0, 1] of two sets of grams, each weighted by its idf.

        The idf is log((N+1)/(df+1/2)) as in BM25's smoothing; N pairs, df of them with the gram.
        """
        shared = self._length(a & b)
        return shared**2 / (self._length(a) * self._length(b)) if shared else 0.0

    def _length(self, pieces: frozenset[str]) -> float:
        total = self._pairs + 1
        return math.sqrt(sum(math.log(total / (self._counts[p] + 0.5)) ** 2 for p in pieces))
