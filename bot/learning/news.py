"""What goes on in training, told to whoever wants to hear of it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from bot.learning.outcome import Progress, RolledBack, RoundOutcome
from bot.learning.report import outcome_of
from bot.subscribers import Subscribers
from storage.errors import StorageError
from storage.rounds import Rounds

_TELL_S = 5.0  # for what is being told when the bot stops
_log = structlog.get_logger("training")

News = Progress | RoundOutcome | RolledBack


class RoundNews:
    """Each step of a round, its outcome, and what follows from votes. ``close`` it."""

    def __init__(self, rounds: Rounds) -> None:
        self._rounds = rounds
        self._subscribers: Subscribers[News] = Subscribers()
        self._telling: set[asyncio.Task[None]] = set()
        self._reporting: set[int] = set()  # rounds that this process has begun to tell of

    def subscribe(self, subscriber: Callable[[News], Awaitable[None]]) -> None:
        self._subscribers.subscribe(subscriber)

    def tell(self, news: News) -> None:
        """Let the subscribers hear of it, beside what goes on."""
        self._start(self._subscribers.deliver(news))

    async def report(self) -> None:
        """Tell of every round that has ended untold: by this process, another one or a killed one.

        It is told when all have heard it: who is killed before that tells it again. Raises
        StorageError.
        """
        for ended in await self._rounds.unreported():
            if ended.id not in self._reporting:
                self._reporting.add(ended.id)
                self._start(self._report(ended.id, outcome_of(ended)))

    async def close(self) -> None:
        """Let what is being told come to its end, or drop it after five seconds."""
        if self._telling:
            _, late = await asyncio.wait(self._telling, timeout=_TELL_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, telling: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(telling)
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _report(self, number: int, outcome: RoundOutcome) -> None:
        await self._subscribers.deliver(outcome)
        try:
            await self._rounds.reported(number)
        except StorageError as error:  # not told again before the next start
            _log.error("round told, but that is not noted", round=number, error=str(error))
