"""The disk gets full while the real process answers."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import FakeSlack
from tests.bot.platforms.slack.fake.workspace import GENERAL, shown, small_print
from tests.flows.conftest import Running
from tests.support.full_disk import small_disk
from tests.support.waiting import until

pytestmark = pytest.mark.slow


async def test_it_goes_on_and_works_again_with_room(
    running: Callable[..., Running], on_slack: dict[str, str], slack: FakeSlack, tmp_path: Path
):
    """The reply that does not fit is shown with an apology; the next one is kept."""
    home = tmp_path / "data"
    home.mkdir()
    with small_disk(home, megabytes=4) as disk:
        if not disk:
            pytest.skip("only root may mount a small disk")
        bot = running(**on_slack)
        address = await asyncio.to_thread(bot.address)
        await until(lambda: slack.sockets, within_s=30)
        people, database = People(slack), sqlite3.connect(home / "reactune.db")
        async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=30) as client:
            first = await people.asks("부가가치세 신고는 언제 하나요?")
            await until(lambda: database.execute("SELECT * FROM questions").fetchall())
            disk.fill()
            await until(lambda: "Q1" in text_below(slack, first), within_s=60)
            assert (await client.get("/healthz")).status_code == 503
            disk.free()
            second = await people.asks("복식부기란 무엇인가요?")
            replies = "SELECT question_id FROM replies WHERE status = 'done'"
            await until(lambda: database.execute(replies).fetchall() == [(2,)], within_s=60)
            assert (await client.get("/healthz")).status_code == 200
        assert text_below(slack, second)
        database.close()
        assert await asyncio.to_thread(bot.end) == 0
        sound = sqlite3.connect(home / "reactune.db")
        assert sound.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        sound.close()


def text_below(slack: FakeSlack, asked: str) -> str:
    """Everything that is shown below a question."""
    messages = slack.thread(GENERAL, asked)
    return " ".join(f"{shown(message)} {small_print(message)}" for message in messages)
