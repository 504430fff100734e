"""Admins are shown what waits, once."""

import pytest

from bot.platforms.base import PlatformError
from storage.corrections import Corrections
from storage.database import Database
from storage.platform_events import HandledEvents
from tests.bot.platforms.chat.fakes import QUESTION, Screen
from tests.support.fakes import saying


class Desk:
    """AdminMessages that keep which correction was shown where; ``broken`` makes them refuse."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, int]] = []
        self.broken = False

    async def review(self, channel: str, text: str, correction: int) -> None:
        if self.broken:
            raise PlatformError("not now")
        self.shown.append((channel, correction))

    async def rewrite(self, channel: str, message: str, text: str) -> None:
        raise AssertionError("nothing is rewritten here")


@pytest.fixture
async def waiting(service_with, corrections: Corrections) -> int:
    """A correction that waits, and that no run has shown."""
    await service_with(saying("모릅니다.")).question(QUESTION, Screen())
    return await corrections.add(1, "web:a", "25일", pending=True)


async def test_what_a_crash_kept_from_admins_is_shown_once(service_with, waiting: int):
    """At the next start, and at no later one."""
    desk = Desk()
    for _ in range(3):
        service = service_with(saying(""))
        service.parts.reviews.show_on(desk, service.start)
        await service.parts.reviews.catch_up()
    assert desk.shown == [("ADMINS", waiting)]


async def test_what_an_outage_kept_from_admins_is_shown_after_it(service_with, waiting: int):
    """A post that was refused counts for nothing."""
    service, desk = service_with(saying("")), Desk()
    service.parts.reviews.show_on(desk, service.start)
    desk.broken = True
    await service.parts.reviews.catch_up()
    desk.broken = False
    await service.parts.reviews.catch_up()
    assert desk.shown == [("ADMINS", waiting)]


async def test_of_many_that_wait_the_last_is_shown_too(
    service_with, waiting: int, corrections: Corrections
):
    """More than are read at once."""
    others = [await corrections.add(1, f"web:{n}", "25일", pending=True) for n in range(100)]
    service, desk = service_with(saying("")), Desk()
    service.parts.reviews.show_on(desk, service.start)
    await service.parts.reviews.catch_up()
    assert desk.shown == [("ADMINS", number) for number in (waiting, *others)]


async def test_what_waits_for_weeks_is_not_shown_again(
    service_with, waiting: int, corrections: Corrections, database: Database
):
    """What was shown is known as long as it waits, and not for ever."""
    desk, handled = Desk(), HandledEvents(database)
    service = service_with(saying(""))
    service.parts.reviews.show_on(desk, service.start)
    await service.parts.reviews.catch_up()
    async with database.transaction() as db:
        await db.execute("UPDATE handled SET created_at = '2000-01-01'")
    await handled.forget_old()
    await service.parts.reviews.catch_up()
    assert desk.shown == [("ADMINS", waiting)]
    await corrections.move(waiting, "rejected", "chat:BOSS", only_from="pending")
    await handled.forget_old()
    assert not await handled.knows("chat/review", f"{waiting}:ADMINS")
