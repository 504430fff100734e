"""Timing of several streams at once, the same for every contender."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answered:
    """One request: tokens generated, and seconds to the first of them."""

    tokens: int
    first_token_s: float


@dataclass(frozen=True, slots=True)
class Speed:
    """One contender at one number of streams; seconds are of the wall."""

    tokens: int
    seconds: float
    first_token_p50_ms: float

    @property
    def tokens_per_s(self) -> float:
        return self.tokens / self.seconds


async def timed(asks: Sequence[Callable[[], Awaitable[Answered]]], streams: int) -> Speed:
    """Ask everything, ``streams`` requests at a time, and count tokens over the whole time."""
    free = asyncio.Semaphore(streams)

    async def one(ask: Callable[[], Awaitable[Answered]]) -> Answered:
        async with free:
            return await ask()

    started = time.perf_counter()
    answered = await asyncio.gather(*(one(ask) for ask in asks))
    seconds = time.perf_counter() - started
    return Speed(
        tokens=sum(a.tokens for a in answered),
        seconds=seconds,
        first_token_p50_ms=1000 * statistics.median(a.first_token_s for a in answered),
    )


def together(speeds: Sequence[Speed]) -> Speed:
    """Several rounds as one."""
    return Speed(
        sum(s.tokens for s in speeds),
        sum(s.seconds for s in speeds),
        statistics.median(s.first_token_p50_ms for s in speeds),
    )
