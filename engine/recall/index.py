"""The approved pairs of one domain in memory, searched by meaning."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.recall.embedder import Vectors
from engine.recall.questions import same_question

_SPARE = 16  # more hits than asked for, so that duplicates can be skipped


@dataclass(frozen=True, slots=True)
class Found:
    """One hit. ``score`` in [0, 1]: at or above the domain's threshold means known."""

    pair_id: int
    score: float
    cosine: float


@dataclass(frozen=True, slots=True)
class Pair:
    """What ``put_many`` takes beside the vectors."""

    pair_id: int
    question: str
    support: float = 1.0


class Index:
    """Pairs by id; one writer or reader at a time (the bot's event loop)."""

    def __init__(self, dimensions: int) -> None:
        """An empty index of vectors with ``dimensions`` numbers."""
        self._vectors: Vectors = np.zeros((0, dimensions), dtype=np.float32)
        self._pairs: list[Pair] = []
        self._rows: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._pairs)

    def put(self, pair_id: int, question: str, vector: Vectors, support: float = 1.0) -> None:
        """Add a pair, or replace the one of this id; ``vector`` (d,) has unit length."""
        self.put_many([Pair(pair_id, question, support)], vector[None, :])

    def put_many(self, pairs: Sequence[Pair], vectors: Vectors) -> None:
        """Add or replace many; ``vectors`` (n, d) of unit length. ValueError on a wrong shape."""
        if vectors.shape != (len(pairs), self._vectors.shape[1]):
            wanted = (len(pairs), self._vectors.shape[1])
            raise ValueError(f"vectors have the shape {vectors.shape}, not {wanted}")
        self._grow(len(self._pairs) + len(pairs))
        for pair, vector in zip(pairs, vectors, strict=True):
            row = self._rows.setdefault(pair.pair_id, len(self._pairs))
            if row == len(self._pairs):
                self._pairs.append(pair)
            else:
                self._pairs[row] = pair
            self._vectors[row] = vector

    def remove(self, pair_id: int) -> None:
        """Forget a pair; an unknown id is no error. The last row moves into the gap."""
        row = self._rows.pop(pair_id, None)
        if row is None:
            return
        last = self._pairs.pop()
        if last.pair_id != pair_id:
            self._pairs[row], self._rows[last.pair_id] = last, row
            self._vectors[row] = self._vectors[len(self._pairs)]

    def search(self, question: str, vector: Vectors, k: int) -> list[Found]:
        """At most ``k`` hits, nearest first; of the same question only the best supported."""
        if not self._pairs or k < 1:
            return []
        cosines = self._vectors[: len(self._pairs)] @ vector
        wanted = min(k + _SPARE, len(cosines))
        nearest = np.argpartition(-cosines, wanted - 1)[:wanted]
        nearest = nearest[np.argsort(-cosines[nearest], kind="stable")]
        kept = self._without_duplicates([int(row) for row in nearest])[:k]
        return [
            Found(self._pairs[row].pair_id, float(np.clip(cosines[row], 0, 1)), float(cosines[row]))
            for row in kept
        ]

    def _without_duplicates(self, rows: list[int]) -> list[int]:
        better = sorted(rows, key=lambda row: (-self._pairs[row].support, rows.index(row)))
        kept: list[int] = []
        for row in better:
            question = self._pairs[row].question
            if not any(
                same_question(
                    question,
                    self._pairs[other].question,
                    float(self._vectors[row] @ self._vectors[other]),
                )
                for other in kept
            ):
                kept.append(row)
        return sorted(kept, key=rows.index)

    def _grow(self, rows: int) -> None:
        if rows > len(self._vectors):
            room = max(rows, 2 * len(self._vectors), 64)
            bigger = np.zeros((room, self._vectors.shape[1]), dtype=np.float32)
            bigger[: len(self._pairs)] = self._vectors[: len(self._pairs)]
            self._vectors = bigger
