"""What one admin channel shows of training: a live line while a round runs, then its report."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import structlog

from bot.outcome import Progress
from bot.platforms.surface import Board, Choice, PlatformError

_log = structlog.get_logger("training")


class AdminChannel:
    """``channel`` is the platform's id, ``name`` as in the settings. Nothing here raises.

    The live line is one message, edited at most once in ``every_s`` seconds. A report that could
    not be posted is tried again after each of ``again_s``: somebody may have to decide.
    """

    def __init__(
        self, board: Board, channel: str, name: str, every_s: float, again_s: Sequence[float]
    ) -> None:
        self._board = board
        self._channel = channel
        self._name = name
        self._every_s = every_s
        self._again_s = again_s
        self._round: int | None = None  # whose line was begun last
        self._line: str | None = None  # the message, where it could be posted
        self._next_at = 0.0  # on the clock of the event loop
        self._busy = asyncio.Lock()

    async def show(self, progress: Progress, words: Callable[[Progress], str]) -> None:
        """How far a round is; left out when it comes too soon after the last."""
        now = asyncio.get_running_loop().time()
        begins = progress.round != self._round
        if self._busy.locked() or (now < self._next_at and not begins):
            return
        async with self._busy:
            self._next_at = now + self._every_s
            with self._told_if_lost():
                if begins:
                    self._round, self._line = progress.round, None
                    self._line = await self._board.post(self._channel, words(progress))
                elif self._line:
                    await self._board.rewrite(self._channel, self._line, words(progress))

    async def report(self, text: str, picture: bytes | None, choices: Sequence[Choice]) -> None:
        """How a round has ended, in place of the live line."""
        for wait in (0.0, *self._again_s):
            await asyncio.sleep(wait)
            lost = True
            async with self._busy:
                with self._told_if_lost():
                    await self._board.report(self._channel, text, picture, choices)
                    lost = False
                line, self._line = self._line, None
                with self._told_if_lost():
                    if line:
                        await self._board.remove(self._channel, line)
            if not lost:
                return

    async def notice(self, text: str) -> None:
        """Something that is no round."""
        with self._told_if_lost():
            await self._board.post(self._channel, text)

    @contextmanager
    def _told_if_lost(self) -> Iterator[None]:
        """Training goes on where nobody hears of it."""
        try:
            yield
        except PlatformError as error:
            _log.error("admin channel not reached", setting="ADMIN_CHANNEL", channel=self._name,
                       error=str(error))  # fmt: skip
