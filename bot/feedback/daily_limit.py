"""How much one person may say in a day of what changes what others read."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.errors import RefusedError
from bot.texts import Language, say

Counted = Callable[[str, datetime], Awaitable[int]]  # (person, since) → how many
_DAY = timedelta(days=1)


class DailyLimit:
    """At most ``limit`` in any 24 hours for each person; 0 is no limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    async def check(self, person: str, count: Counted, language: Language) -> None:
        """``count`` says how many there are since a moment. Raises RefusedError where one more is
        too much, and StorageError."""
        if self._limit and await count(person, datetime.now(UTC) - _DAY) >= self._limit:
            raise RefusedError(say("too_many_today", language, limit=self._limit))


NO_LIMIT = DailyLimit(0)
