"""Who computes now and who waits: a bounded queue in front of the engine's slots."""

import asyncio
from collections.abc import Awaitable, Callable

from engine.errors import BusyError, EngineError
from engine.serving.stream import Stream


class Admission:
    """Runs at most ``slots`` requests at once; ``waiting`` more queue; the next one is refused."""

    def __init__(self, slots: int, waiting: int) -> None:
        self._slots = asyncio.Semaphore(slots)
        self._at_once = slots
        self._limit = slots + waiting
        self._tasks: dict[asyncio.Task[None], Stream] = {}
        self.running = 0

    @property
    def waiting(self) -> int:
        return max(0, len(self._tasks) - self._at_once)

    def admit(
        self,
        stream: Stream,
        compute: Callable[[], Awaitable[None]],
        when_over: Callable[[], None] = lambda: None,
    ) -> None:
        """Start ``compute`` as soon as there is a slot. Raises BusyError when the queue is full.

        ``when_over`` is called once the request has ended, computed or not.
        """
        if len(self._tasks) >= self._limit:
            raise BusyError(position=self.waiting + 1)
        task = asyncio.create_task(self._run(stream, compute))
        self._tasks[task] = stream
        task.add_done_callback(self._tasks.pop)
        task.add_done_callback(lambda _: when_over())

    async def close(self) -> None:
        """Cancel everything that runs or waits, and see it end."""
        for stream in self._tasks.values():
            stream.cancel()
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _run(self, stream: Stream, compute: Callable[[], Awaitable[None]]) -> None:
        if not await self._slot(stream):
            stream.finish()
            return
        self.running += 1
        stream.begin()
        try:
            await compute()
        except Exception as error:  # whatever the library raises reaches the reader, named
            known = isinstance(error, EngineError)
            stream.fail(error if known else EngineError(f"the engine failed: {error}"))
        finally:
            self.running -= 1
            self._slots.release()

    async def _slot(self, stream: Stream) -> bool:
        """Take a slot; False when the request was cancelled while it waited."""
        acquired = asyncio.create_task(self._slots.acquire())
        cancelled = asyncio.create_task(stream.cancelled())
        await asyncio.wait({acquired, cancelled}, return_when=asyncio.FIRST_COMPLETED)
        cancelled.cancel()
        if stream.over:
            if acquired.done():
                self._slots.release()
            acquired.cancel()
            return False
        return True
