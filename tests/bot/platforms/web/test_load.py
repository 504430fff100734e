"""A browser with much behind it must not make the others wait."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, expect

from storage.database import now
from tests.bot.platforms.web.conftest import OpenSite, Site
from tests.bot.platforms.web.tabs import Watched
from tests.bot.platforms.web.talking import hear

pytestmark = [pytest.mark.alone, pytest.mark.asyncio(loop_scope="session")]

LONG = "".join(random.Random(1).choices("가나다라마바사아자차카타파하 ", k=7900))  # noqa: S311
ANSWER = "**한 줄**\n\n" + "\n".join(f"- 항목 {n}: 설명이 이어집니다" for n in range(40))
BEAT_S, LATE_S = 0.05, 0.4
TRIES = 3  # a neighbour may take our processor at any moment; nobody can give us a free one


class Heartbeat:
    """How late the event loop came to what was due every 50 ms."""

    worst_s = 0.0

    async def beat(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + BEAT_S
            await asyncio.sleep(BEAT_S)
            self.worst_s = max(self.worst_s, loop.time() - due)


@asynccontextmanager
async def heartbeat() -> AsyncIterator[Heartbeat]:
    heart = Heartbeat()
    beating = asyncio.create_task(heart.beat())
    yield heart
    beating.cancel()


async def fill(site: Site, browser: str) -> None:
    """100 conversations of ``browser``; the newest, "newest-talk", has 200 exchanges."""
    talks = [f"old-talk-{number}" for number in range(99)] + ["newest-talk"] * 200
    async with site.database.transaction() as db:
        for id_, thread in enumerate(talks, start=1000):
            await db.execute(
                "INSERT OR IGNORE INTO conversations (platform, channel, thread, created_at) "
                "VALUES ('web', ?, ?, ?)",
                (browser, thread, now()),
            )
            await db.execute(
                "INSERT INTO questions (id, conversation_id, person, domain, text, created_at) "
                "SELECT ?, id, ?, 'general-en', ?, ? FROM conversations WHERE thread = ?",
                (id_, browser, f"{id_} {LONG}", now(), thread),
            )
            await db.execute(
                "INSERT INTO replies (question_id, text, status, model, prompt_tokens, tokens, "
                "queued_ms, first_token_ms, latency_ms, created_at) "
                "VALUES (?, ?, 'done', 'fake', 1, 1, 0, 0, 0, ?)",
                (id_, ANSWER, now()),
            )


async def visit(page: Page, address: str, asked: int) -> dict[str, float]:
    """Open the long conversation, ask, read back and leave; how late the loop was in each.

    ``asked``: how often it has been asked in then.
    """
    answers = page.locator(".turn .actions.ready")
    worst = {}
    async with heartbeat() as heart:
        await page.goto(address)
        await expect(answers).to_have_count(30)
        await expect(page.locator(".thread")).to_have_count(100)
        worst["open"], heart.worst_s = heart.worst_s, 0.0
        await page.fill("textarea", "And?")
        await page.keyboard.press("Enter")
        await expect(answers).to_have_count(31)
        worst["ask"], heart.worst_s = heart.worst_s, 0.0
        for shown in (61, 91, 121, 151, 181, 200 + asked):
            await page.get_by_role("button", name="Show earlier").click()
            await expect(answers).to_have_count(shown)
        worst["read back"], heart.worst_s = heart.worst_s, 0.0
        await page.locator(".thread").nth(3).click()
        await expect(answers).to_have_count(1)
        worst["leave"] = heart.worst_s
    return worst


async def test_nobody_waits_while_a_long_conversation_is_opened(
    open_site: OpenSite, watched: Watched
):
    """Opening, asking, reading back and leaving it each hold the loop up for less than 0.4 s."""
    tries: list[dict[str, float]] = []
    async with open_site() as site:
        page = await watched.tab(site.address)
        await hear(page, "First")
        rows = await site.database.rows("SELECT channel FROM conversations")
        await fill(site, rows[0]["channel"])
        while len(tries) < TRIES and (not tries or max(tries[-1].values()) >= LATE_S):
            tries.append(await visit(page, site.address, asked=len(tries) + 1))
    assert max(tries[-1].values()) < LATE_S, tries
