"""Texts → unit vectors whose cosine says how alike their meanings are."""

import unicodedata
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.retrieval.verifier import Verifier

MAX_CHARACTERS = 1000  # of a text are read, its prompt included: a question, not a document

Vectors = NDArray[np.float32]


class EmbedderError(EngineError):
    """The embedder cannot be found or loaded, or has stopped."""


class Embedder(Protocol):
    """Anything that turns texts into vectors; safe to call from several threads."""

    @property
    def name(self) -> str:
        """Identity with version: vectors of different names must never be compared."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of one vector."""
        ...

    @property
    def verifier(self) -> Verifier:
        """How surely a hit by its vectors answers a question."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (n, dimensions) with which n questions are looked for.

        Free of NaN, whatever the texts contain. May raise EmbedderError.
        """
        ...

    def embed_documents(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Unit vectors (n, dimensions) under which n (question, answer) pairs are found.

        Free of NaN, whatever the texts contain. May raise EmbedderError.
        """
        ...

    def close(self) -> None:
        """Let go of what it holds; nothing can be embedded afterwards."""
        ...


def readable(text: str) -> str:
    """What of ``text`` is embedded: NFKC, controls and lone surrogates as spaces, cut to length.

    Compatibility forms are folded because the tokenizers do so as well; done here, texts that
    look alike get exactly the same vector. The cut comes first: a megabyte costs nothing.
    """
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])[:MAX_CHARACTERS]
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    return " ".join(plain.split())


def unit(vectors: NDArray[np.floating]) -> Vectors:
    """Rows of (n, d) scaled to length 1; a row without direction becomes the first axis."""
    finite = np.nan_to_num(np.asarray(vectors, dtype=np.float32), posinf=0.0, neginf=0.0)
    lengths = np.linalg.norm(finite, axis=1, keepdims=True)
    lost = lengths[:, 0] < 1e-12
    result = finite / np.where(lengths < 1e-12, 1.0, lengths)
    if lost.any():
        result[lost] = 0.0
        result[lost, 0] = 1.0
    return result.astype(np.float32, copy=False)
