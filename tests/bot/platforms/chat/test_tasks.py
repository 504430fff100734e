"""Work that events begin, up to the end of a run."""

import asyncio

from bot.platforms.chat.tasks import BackgroundTasks


async def test_what_was_begun_comes_to_its_end():
    """What it begins itself as well."""
    background, done = BackgroundTasks("x"), []

    async def second() -> None:
        await asyncio.sleep(0)
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0)
        background.start(second())
        done.append("first")

    background.start(first())
    await background.close(5)
    assert done == ["first", "second"]


async def test_what_takes_too_long_is_dropped():
    """The run has to end."""
    background = BackgroundTasks("x")
    background.start(asyncio.sleep(60))
    await background.close(0.01)
    assert not background.tasks


async def test_what_comes_after_the_end_is_not_begun():
    """The database is closed by then; the next start looks back."""
    background, done = BackgroundTasks("x"), []

    async def late() -> None:
        done.append("late")

    await background.close(0)
    background.start(late())
    await asyncio.sleep(0)
    assert done == []
