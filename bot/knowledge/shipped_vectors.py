"""Vectors of starter packs, which come along: loading a pack takes seconds, not minutes."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from bot.domains import shipped_vector_files

Vectors = NDArray[np.float32]
_log = structlog.get_logger("knowledge")


class ShippedVectors:
    """What one embedder has made of the shipped pairs, by their words. Another wording, or another
    release of the embedder, finds nothing here."""

    def __init__(self, embedder: str, dimensions: int) -> None:
        """``embedder``: its name with its version; ``dimensions``: numbers of a vector."""
        self._vectors: dict[int, NDArray[np.float16]] = {}
        for path in shipped_vector_files(embedder):
            try:
                with np.load(path, allow_pickle=False) as file:
                    keys, vectors = file["keys"], file["vectors"]
            except (OSError, ValueError, KeyError) as error:
                _log.warning("shipped vectors not read", file=path.name, error=str(error))
                continue
            if vectors.shape == (len(keys), dimensions):
                self._vectors.update(zip(keys.tolist(), vectors, strict=True))

    def __len__(self) -> int:
        return len(self._vectors)

    def get(self, question: str, answer: str) -> Vectors | None:
        """The vector (d,) of this pair, if it came along."""
        if not self._vectors:
            return None
        found = self._vectors.get(pair_key(question, answer))
        return None if found is None else found.astype(np.float32)


def write_vectors(path: Path, pairs: Sequence[tuple[str, str]], vectors: Vectors) -> None:
    """Write the vectors (n, d) of n (question, answer) pairs as they are shipped."""
    keys = np.array([pair_key(*pair) for pair in pairs], dtype=np.uint64)
    np.savez_compressed(path, keys=keys, vectors=vectors.astype(np.float16))


def pair_key(question: str, answer: str) -> int:
    """64 bits of a pair's words."""
    digest = hashlib.sha256(f"{question}\0{answer}".encode(errors="replace")).digest()
    return int.from_bytes(digest[:8], "little")
