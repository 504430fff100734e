"""How much memory the real process takes when it works as hard as it can."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import psutil
import pytest

from bot.platforms.slack_sign_in import SCOPES
from tests.flows.conftest import Running
from tests.platforms.slack.fake_slack import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.platforms.slack.people import People
from tests.platforms.waiting import until

pytestmark = pytest.mark.slow
SLOTS, WORDS, LIMIT_BYTES = 8, 1650, 700e6  # so many words, a token each, nearly fill a context


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    fake = FakeSlack(scopes=",".join(SCOPES))
    await fake.start()
    yield fake
    await fake.stop()


async def test_eight_full_contexts_take_less_than_700_mb(
    running: Callable[..., Running], slack: FakeSlack, tmp_path: Path
):
    """While all are computed at once, asked over Slack; and torch is not in the process."""
    bot = running(SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_APP_TOKEN=APP_TOKEN, SLACK_API_URL=slack.api_url)
    address = await asyncio.to_thread(bot.address)
    await until(lambda: slack.sockets, within_s=30)
    process, people = psutil.Process(bot.process.pid), People(slack)
    for number in range(SLOTS):
        await people.asks(f"{number}" + " tax" * WORDS, user=f"U{number}")
    busiest = largest = 0
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=60) as client:
        while (running_now := (await client.get("/healthz")).json()["running"]) or not busiest:
            busiest, largest = max(busiest, running_now), max(largest, process.memory_info().rss)
            await asyncio.sleep(0.1)
    assert not [m.path for m in process.memory_maps() if "libtorch" in m.path]
    assert await asyncio.to_thread(bot.end) == 0
    database = sqlite3.connect(tmp_path / "data" / "reactune.db")
    prompts = database.execute("SELECT prompt_tokens FROM replies WHERE status = 'done'").fetchall()
    database.close()
    assert busiest == len(prompts) == SLOTS
    assert min(prompts)[0] > WORDS
    assert largest < LIMIT_BYTES
