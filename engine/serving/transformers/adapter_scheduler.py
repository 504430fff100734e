"""Whose turn it is: requests of one adapter version compute together, the others wait.

Continuous batching packs all running requests into one forward pass, and a pass has one set of
weights. So versions take turns. As soon as another version waits, nobody else of the current one
is let in: what runs finishes, the weights are flipped, and everybody who waits for the new version
starts together. Nobody starves, because those who come later stand behind.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

Version = TypeVar("Version")


class AdapterScheduler(Generic[Version]):
    """``flip`` makes another version the one that computes; it is called while nothing runs."""

    def __init__(self, first: Version, flip: Callable[[Version], Awaitable[None]]) -> None:
        self._version = first
        self._flip = flip
        self._running = 0
        self._waiting: deque[tuple[Version, asyncio.Future[None]]] = deque()
        self._flipping: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def of(self, version: Version) -> AsyncIterator[None]:
        """Inside, ``version`` computes. Raises what ``flip`` raised; may be cancelled any time."""
        await self._enter(version)
        try:
            yield
        finally:
            self._running -= 1
            self._go_on()

    async def close(self) -> None:
        """Wait for a flip under way."""
        if self._flipping:
            await asyncio.wait({self._flipping})

    async def _enter(self, version: Version) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((version, turn))
        self._go_on()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._waiting.remove((version, turn))
            elif not turn.exception():  # let in at the same moment
                self._running -= 1
            self._go_on()
            raise

    def _go_on(self) -> None:
        """Let in whoever may go now."""
        if self._flipping or not self._waiting:
            return
        version = self._waiting[0][0]
        if version == self._version:
            while self._waiting and self._waiting[0][0] == version:
                self._let_in(self._waiting.popleft()[1])
        elif self._running == 0:
            self._flipping = asyncio.create_task(self._change(version))

    async def _change(self, version: Version) -> None:
        error: Exception | None = None
        try:
            await self._flip(version)
            self._version = version
        except Exception as failure:
            error = failure
        self._flipping = None
        for waiting in [item for item in self._waiting if item[0] == version]:
            self._waiting.remove(waiting)
            self._let_in(waiting[1], error)
        self._go_on()

    def _let_in(self, turn: asyncio.Future[None], error: Exception | None = None) -> None:
        if turn.done():  # cancelled, and about to leave by itself
            return
        if error:
            turn.set_exception(error)
        else:
            self._running += 1
            turn.set_result(None)
