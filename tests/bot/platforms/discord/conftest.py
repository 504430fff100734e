"""The real Discord platform, wired as in production, between a fake engine and a fake Discord."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
import structlog.testing
from discord.gateway import DiscordWebSocket

from bot import app
from bot.app import open_data
from bot.platforms import registry
from bot.platforms.chat import showing
from bot.platforms.discord import answer_view
from bot.platforms.discord.platform import DiscordPlatform
from bot.platforms.discord.timing import Timing
from bot.settings import Settings
from engine.model.base_model import BaseModel
from tests.bot.platforms.discord.fake.server import TOKEN, FakeDiscord, until
from tests.bot.platforms.fakes.rounds import announcing
from tests.support.fakes import FakeEngine, FakeTraining

UNEXPECTED = ("event failed", "not looked back")  # what was raised where nobody caught it
QUICK_EDITS_S = 0.2  # instead of a second, so that tests take less time
QUICK = Timing(login=5, guilds=0.03, identify=0.05, reconnect=0.2, quiet=600, between=0)


class Bot:
    """One run of the bot after the other on the same data."""

    def __init__(
        self,
        home: Path,
        fake: FakeDiscord,
        timing: Timing,
        training: FakeTraining | None,
        **given: Any,
    ) -> None:
        given = {
            "reactune_home": home,
            "language": "en",
            "unknown": "answer",
            "discord_token": TOKEN,
            "discord_api_url": fake.api,
            "discord_gateway_url": fake.gateway.address,
        } | given
        self.settings = Settings(_env_file=None, **given)
        self.home = home
        self.training = training
        self._fake = fake
        self._timing = timing

    async def start(self, engine: FakeEngine) -> str:
        self.engine = engine
        self._opened = AsyncExitStack()
        store = await self._opened.enter_async_context(open_data(self.settings, serving=True))
        self.database = store.database
        self.app = app.build_app(store, BaseModel("fake", gguf=Path("fake.gguf")), engine)
        chat_service = registry.chat_service_for(self.app, "discord")
        if self.training:
            self.app = replace(self.app, training=self.training)
            reports = announcing(self.app, "discord", self.training)
            chat_service.parts = replace(chat_service.parts, training=reports)
        commands = registry.commands_of(self.app)
        self.platform = DiscordPlatform(self.settings, chat_service, commands, timing=self._timing)
        try:
            where = await self.platform.start()
        except BaseException:
            await self._close()
            raise
        await until(lambda: self._fake.gateway.connected)
        return where

    async def stop(self, grace_s: float = 0.0) -> None:
        """In the order of bot.cli.serve."""
        await self.app.answers.close(grace_s)
        await self.platform.stop()
        await self._close()

    async def kill(self) -> None:
        """What kill -9 would leave: nothing more is said, and no answer is stored."""
        for task in self.platform._chat.parts.tasks.tasks:
            task.cancel()
        await self.stop()
        with closing(sqlite3.connect(self.home / "reactune.db")) as database, database:
            database.execute("DELETE FROM replies")
        await asyncio.sleep(QUICK_EDITS_S)  # a new start takes longer than that

    async def settled(self) -> None:
        """Nothing is under way any more, the look at what was missed before the start included."""
        await until(lambda: (client := self.platform._connection._client) and client.is_ready())
        await asyncio.sleep(0.05)  # discord.py tells of it in a task
        await until(lambda: not self.platform._chat.parts.tasks.tasks)

    async def restart(self, engine: FakeEngine | None = None) -> None:
        await self.stop()
        await self.start(engine or FakeEngine(self.engine.script))

    async def _close(self) -> None:
        await self.engine.close()
        await self._opened.aclose()

    async def labels(self) -> dict[str, float]:
        """Everybody's verdict that stands: "person emoji" → score."""
        rows = await self.database.rows("SELECT person, emoji, score FROM labels WHERE present")
        return {f"{row['person']} {row['emoji']}": row["score"] for row in rows}

    async def questions(self) -> list[str]:
        rows = await self.database.rows("SELECT text FROM questions ORDER BY id")
        return [row["text"] for row in rows]

    async def threads(self) -> set[str]:
        rows = await self.database.rows("SELECT thread FROM conversations")
        return {row["thread"] for row in rows}


OpenBot = Callable[..., AbstractAsyncContextManager[Bot]]


def set_edit_pace(monkeypatch: pytest.MonkeyPatch, fake: FakeDiscord, seconds: float) -> None:
    """How often a message is edited; the rules watch over it."""
    for module in (showing, answer_view):
        monkeypatch.setattr(module, "EDIT_EVERY_S", seconds)
    fake.rules.edit_every_s = seconds


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    """Ends with the check that everything that was sent was in order."""
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    fake = FakeDiscord()
    set_edit_pace(monkeypatch, fake, QUICK_EDITS_S)
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.rules.breaches == []


@pytest.fixture
def open_bot(tmp_path: Path, fake: FakeDiscord, caplog: pytest.LogCaptureFixture) -> OpenBot:
    """Opens a bot; further arguments are settings."""

    @asynccontextmanager
    async def open_(
        engine: FakeEngine | None = None,
        timing: Timing = QUICK,
        training: FakeTraining | None = None,
        **given: Any,
    ) -> AsyncIterator[Bot]:
        bot = Bot(tmp_path, fake, timing, training, **given)
        with structlog.testing.capture_logs() as logs:
            await bot.start(engine or FakeEngine(lambda _: "A fine answer."))
            try:
                yield bot
            finally:
                await bot.stop()
        assert [log for log in logs if log["event"] in UNEXPECTED] == []
        errors = [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]
        assert [e for e in errors if "Attempting a reconnect" not in e] == []

    return open_


@pytest.fixture
async def bot(open_bot: OpenBot) -> AsyncIterator[Bot]:
    async with open_bot() as bot:
        yield bot
