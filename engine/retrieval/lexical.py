"""Shared words between a question and a stored pair: what meaning alone blurs."""

import math
import re
import unicodedata
from collections import Counter

_PACKED = "ㄱ-ㆎ가-힣぀-ヿ㐀-䶿一-鿿"  # scripts whose words are glued together: pairs of characters
_WORD = re.compile(f"[^\\W_{_PACKED}]+")
_NOT_PACKED = re.compile(f"[^{_PACKED}]+")
_PREFIX = 6  # letters of a word that count, so that plurals and endings meet
# Weight of what only the stored question says. People word questions alike whatever they ask: told
# in full, a question in the asker's manner about another fact beats the right answer.
_ASIDE = 1 / 3


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

    def overlap(
        self, asked: frozenset[str], question: frozenset[str], answer: frozenset[str]
    ) -> float:
        """Cosine in [0, 1] of what is asked and a pair, each gram weighted by its idf.

        A gram that the pair has in its question alone counts a third. The idf is
        log((N+1)/(df+1/2)) as in BM25's smoothing; N pairs, df of them with the gram.
        """
        aside = question - answer
        shared = self._square(asked & answer) + _ASIDE * self._square(asked & aside)
        if not shared:
            return 0.0
        pair = self._square(answer) + _ASIDE**2 * self._square(aside)
        return shared / math.sqrt(self._square(asked) * pair)

    def _square(self, pieces: frozenset[str]) -> float:
        total = self._pairs + 1
        return sum(math.log(total / (self._counts[p] + 0.5)) ** 2 for p in pieces)
