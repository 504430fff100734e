"""One embedder at work: on a thread of its own, with what it need not compute again."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.shipped_vectors import ShippedVectors
from engine.retrieval.embedders.base import Embedder, readable

Text = TypeVar("Text")
Vectors = NDArray[np.float32]
_KEPT = 1000  # questions whose vectors are kept: 3 MB with 768 numbers each
_QUESTIONS = 4  # embedded together: more would let the first of them wait for the last
_PAIRS = 4  # embedded together: a question that comes meanwhile waits for so many


class Embedding:
    """Vectors of questions and of pairs by one embedder.

    Questions that come together are embedded together, and those seen before are remembered.
    """

    def __init__(self, embedder: Embedder, thread: ThreadPoolExecutor) -> None:
        self.embedder = embedder
        self._thread = thread
        self._shipped = ShippedVectors(embedder.name, embedder.dimensions)
        self._seen: OrderedDict[str, Vectors] = OrderedDict()
        self._waiting: dict[str, asyncio.Future[Vectors]] = {}
        self._working: asyncio.Task[None] | None = None

    @classmethod
    async def load(cls, make: Callable[[], Embedder]) -> "Embedding":
        """Load an embedder, off the event loop. Raises EmbedderError."""
        thread = ThreadPoolExecutor(1, thread_name_prefix="embed")
        try:
            return cls(await asyncio.get_running_loop().run_in_executor(thread, make), thread)
        except BaseException:
            thread.shutdown(wait=False)
            raise

    async def close(self) -> None:
        """Wait for what is being computed, and let the embedder go."""
        if self._working:
            await asyncio.wait({self._working})
        await asyncio.get_running_loop().run_in_executor(self._thread, self.embedder.close)
        self._thread.shutdown()

    async def question(self, question: str) -> Vectors:
        """The vector (d,) with which ``question`` is looked for. Raises EmbedderError."""
        text = readable(question)
        if (seen := self._seen.get(text)) is not None:
            self._seen.move_to_end(text)
            return seen
        if text not in self._waiting:
            self._waiting[text] = asyncio.get_running_loop().create_future()
        waiting = self._waiting[text]
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._embed_waiting())
        return await asyncio.shield(waiting)  # others may wait for it as well

    async def pairs(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """The vectors (n, d) under which (question, answer) pairs are stored.

        Those of a starter pack come along, the others are computed. Raises EmbedderError.
        """
        vectors = np.zeros((len(pairs), self.embedder.dimensions), dtype=np.float32)
        missing = []
        for row, pair in enumerate(pairs):
            if (shipped := self._shipped.get(*pair)) is None:
                missing.append(row)
            else:
                vectors[row] = shipped
        for start in range(0, len(missing), _PAIRS):
            rows = missing[start : start + _PAIRS]
            vectors[rows] = await self._on_thread(
                self.embedder.embed_documents, [pairs[row] for row in rows]
            )
        return vectors

    async def _embed_waiting(self) -> None:
        while texts := list(self._waiting)[:_QUESTIONS]:
            try:
                vectors = await self._on_thread(self.embedder.embed_queries, texts)
            except Exception as error:
                for text in texts:
                    self._waiting.pop(text).set_exception(error)
                continue
            for text, vector in zip(texts, vectors, strict=True):
                self._seen[text] = vector
                self._waiting.pop(text).set_result(vector)
            while len(self._seen) > _KEPT:
                self._seen.popitem(last=False)

    async def _on_thread(
        self, embed: Callable[[Sequence[Text]], Vectors], texts: Sequence[Text]
    ) -> Vectors:
        return await asyncio.get_running_loop().run_in_executor(self._thread, embed, texts)
