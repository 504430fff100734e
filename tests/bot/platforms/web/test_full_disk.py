"""The disk gets full while people ask, and has room again."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.bot.platforms.web.conftest import OpenSite, Site
from tests.bot.platforms.web.tabs import Watched
from tests.bot.platforms.web.talking import ANSWER, ask, hear
from tests.support.fakes import FakeEngine
from tests.support.full_disk import SmallDisk, small_disk

pytestmark = pytest.mark.asyncio(loop_scope="session")

TALE = " ".join(f"word{number}" for number in range(1500))  # more than the pages in use can hold
QUESTION = "why " * 1900


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A real one, where this user may mount one."""
    with small_disk(tmp_path, megabytes=4) as disk:
        if not disk:
            pytest.skip("only root may mount a small disk")
        yield disk


async def test_nothing_is_lost_but_what_did_not_fit(
    disk: SmallDisk, open_site: OpenSite, watched: Watched
):
    """A reply that finds the disk full is still read, and all goes on when there is room."""
    async with open_site(FakeEngine(lambda _: TALE, context=50_000)) as site:

        async def fill() -> None:
            disk.fill()

        async def free() -> None:
            disk.free()

        await full_and_free_again(site, watched, fill, free)


async def test_the_same_where_sqlite_gives_out_no_more_pages(open_site: OpenSite, watched: Watched):
    """Its own limit stands for the disk's where nothing can be mounted."""
    async with open_site(FakeEngine(lambda _: TALE, context=50_000)) as site:
        pages = site.database._writer.execute

        async def fill() -> None:
            await pages("PRAGMA max_page_count = 1")  # as many as there are now

        async def free() -> None:
            await pages("PRAGMA max_page_count = 1000000")

        await full_and_free_again(site, watched, fill, free)


async def full_and_free_again(
    site: Site,
    watched: Watched,
    fill: Callable[[], Awaitable[None]],
    free: Callable[[], Awaitable[None]],
) -> None:
    """One reply is lost and one question refused; neither leaves a trace."""
    page = await watched.tab(site.address)
    await hear(page, "First?")
    site.engine.hold(after_words=1)
    await ask(page, "Second?")
    await expect(page.locator(ANSWER)).to_have_text("word0")
    await fill()
    site.engine.go_on()
    await expect(page.locator(".answer-note.error")).to_contain_text("Q2")
    await expect(page.locator(ANSWER)).to_contain_text("word1499")
    assert (await site.health())[0] == 503
    await ask(page, QUESTION)
    await expect(page.locator(".notice")).to_contain_text("did not get through")
    await expect(page.locator("textarea")).to_have_value(QUESTION)
    await free()
    await hear(page, "Third?")
    assert await site.health() == (200, "")
    assert await site.replies() == [(TALE, "done")] * 2
    asked = await site.database.rows("SELECT text FROM questions")
    assert [row["text"] for row in asked] == ["First?", "Second?", "Third?"]
    assert [row[0] for row in await site.database.rows("PRAGMA integrity_check")] == ["ok"]
