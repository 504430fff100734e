"""Keeps what is sent to one channel within Discord's limits, however many answers run there."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import aiohttp
import discord
import structlog

if TYPE_CHECKING:
    from discord.abc import MessageableChannel  # discord.py defines it for type checkers only

_log = structlog.get_logger("discord")
_WINDOW_S = 5.0
_IN_WINDOW = 4  # Discord takes about 5 posts and edits; one is left for what must be said
_TYPING_RENEWED_S = 8.0  # it is shown for 10
_WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient we are, in seconds."""

    login: float = 30.0
    guilds: float = 2.0  # silence after which the list of servers is taken as complete
    heartbeat: float = 60.0  # without any sign from Discord: the connection is dead
    quiet: float = 300.0  # without any event: look whether we miss something
    identify: float = 5.0  # between sign-ins on one connection; Discord demands it
    reconnect: float = 30.0  # before signing in again where Discord closed for good
    between: float = 0.3  # between looks at the reactions of one answer and the next


class ChannelRateLimit:
    """Counts posts and edits of a channel, so that previews leave room for ends of answers."""

    def __init__(self) -> None:
        self._sent: dict[int, deque[float]] = {}

    def count(self, channel: int) -> None:
        self._recent(channel).append(_now())

    def has_room(self, channel: int) -> bool:
        """An answer may be previewed now; if not, a later preview shows more at once."""
        return len(self._recent(channel)) < _IN_WINDOW

    def _recent(self, channel: int) -> deque[float]:
        sent = self._sent.setdefault(channel, deque())
        while sent and sent[0] <= _now() - _WINDOW_S:
            sent.popleft()
        return sent


class Typing:
    """ "… is typing" in a channel while at least one answer is being made there."""

    def __init__(self) -> None:
        self._answers: dict[int, int] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def begin(self, channel: "MessageableChannel") -> None:
        self._answers[channel.id] = self._answers.get(channel.id, 0) + 1
        if channel.id not in self._tasks:
            self._tasks[channel.id] = asyncio.create_task(_keep_typing(channel))

    def end(self, channel: "MessageableChannel") -> None:
        self._answers[channel.id] -= 1
        if not self._answers[channel.id]:
            del self._answers[channel.id]
            self._tasks.pop(channel.id).cancel()


async def _keep_typing(channel: "MessageableChannel") -> None:
    while True:
        try:
            await channel.typing()
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.debug("typing not shown", error=str(error))
        await asyncio.sleep(_TYPING_RENEWED_S)


async def retry(request: Callable[[], Awaitable[Result]]) -> Result:
    """Repeat a request that failed on the way; it must be one that does the same when repeated.

    discord.py itself repeats after 429 and some 5xx, but not after 503 or a lost connection.
    """
    for wait in _WAITS_S:
        try:
            return await request()
        except (discord.DiscordServerError, aiohttp.ClientError, OSError) as error:
            _log.warning("request repeated", error=str(error) or type(error).__name__)
            await asyncio.sleep(wait)
    return await request()


def _now() -> float:
    return asyncio.get_running_loop().time()
