"""Work that a platform's events begin, run beside its own event handling."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

import structlog

from bot.platforms.base import PlatformError

_log = structlog.get_logger("chat")


class BackgroundTasks:
    """``tasks`` are under way. Errors are logged, not raised."""

    def __init__(self, platform: str) -> None:
        self.tasks: set[asyncio.Task[None]] = set()
        self._platform = platform
        self._closed = False

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work``. What comes after ``close`` is left to the next start, which looks back."""
        if self._closed:
            work.close()
            return
        task = asyncio.create_task(self._guarded(work))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def close(self, timeout_s: float) -> None:
        """Let what was begun come to its end, then drop it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self.tasks:
                    await asyncio.wait(self.tasks)
        self._closed = True
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except PlatformError as error:
            _log.error("event failed", platform=self._platform, error=str(error))
        except Exception:
            _log.exception("event failed", platform=self._platform)
