"""What a bot has stored about corrections, whichever platform they came from."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from storage.database import Database


class Running(Protocol):
    """A bot of either platform's tests."""

    database: Database


async def corrections(bot: Running) -> list[tuple[str, str, str]]:
    """(person, text, state) of every correction, oldest first."""
    rows = await bot.database.rows("SELECT person, text, state FROM corrections ORDER BY id")
    return [(row[0], row[1], row[2]) for row in rows]


async def votes(bot: Running) -> list[tuple[str, float]]:
    """(person, score) of everybody's verdict on corrections."""
    rows = await bot.database.rows(
        "SELECT person, score FROM verdicts WHERE correction_id IS NOT NULL ORDER BY person"
    )
    return [(row[0], row[1]) for row in rows]


async def become(look: Callable[[], Awaitable[Any]], wanted: object) -> None:
    """Wait until ``await look()`` is ``wanted``."""
    for _ in range(1000):
        if await look() == wanted:
            return
        await asyncio.sleep(0.01)
    assert await look() == wanted
