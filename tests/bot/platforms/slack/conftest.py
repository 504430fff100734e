"""A bot on a fake Slack, with a fake engine and a real database, joined as bot.app joins them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.app import App, build_app, open_data
from bot.platforms.chat import showing
from bot.platforms.registry import chat_service_for, commands_of
from bot.platforms.slack.auth import OPTIONAL_SCOPES, SCOPES
from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.slack.retry import Timing
from bot.settings import Settings
from engine.model.base_model import BaseModel
from tests.bot.platforms.fakes.rounds import announcing
from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.support.fakes import FakeEmbedder, FakeEngine, FakeTraining, saying
from tests.support.waiting import until

STOP, FEEDBACK = "reactune_stop", "reactune_feedback"
HURRY = Timing(
    start_s=10,
    backoff_s=0.1,
    patience_s=10,
    edit_s=0.1,
    again_s=(0, 0.1, 0.3),
    ping_s=0.2,
    idle_timeout_s=5,
    between_s=0,
)


class Bot:
    """One running bot. ``engine`` can be held and let go; stop it as SIGTERM does."""

    def __init__(
        self, settings: Settings, engine: FakeEngine, pace: Timing, training: FakeTraining | None
    ) -> None:
        self.settings = settings
        self.training = training
        self.engine = engine
        self.pace = pace
        self.running = False

    async def start(self) -> str:
        """Raises SettingsError."""
        self._opened = AsyncExitStack()
        store = await self._opened.enter_async_context(open_data(self.settings, serving=True))
        self.database = store.database
        self.app: App = build_app(store, BaseModel("fake", gguf=None), self.engine)
        chat_service = chat_service_for(self.app, "slack")
        if self.training:
            self.app = replace(self.app, training=self.training)
            reports = announcing(self.app, "slack", self.training)
            chat_service.parts = replace(chat_service.parts, training=reports)
        self.platform = SlackPlatform(self.settings, chat_service, commands_of(self.app), self.pace)
        try:
            where = await self.platform.start()
        except BaseException:
            await self._opened.aclose()
            raise
        self.running = True
        return where

    async def stop(self, grace_s: float = 2.0) -> None:
        """In the order of ``bot.cli.serve``."""
        if not self.running:
            return
        self.running = False
        await self.app.answers.close(grace_s)
        await self.platform.stop()
        await self.engine.close()
        await self._opened.aclose()

    async def kill(self) -> None:
        """What kill -9 would leave: nothing more is said, and no answer is stored."""
        for task in self.platform._chat.parts.tasks.tasks:
            task.cancel()
        await self.app.answers.close(0)
        async with self.database.transaction() as db:
            await db.execute("DELETE FROM replies")
        await self.stop()
        await asyncio.sleep(HURRY.edit_s)  # a new start takes longer than that

    async def settled(self) -> None:
        """Nothing is under way any more."""
        await until(lambda: not self.platform._chat.parts.tasks.tasks)

    async def labels(self) -> list[tuple[str, str, float]]:
        """(person, emoji, score) of every verdict that stands."""
        rows = await self.database.rows("SELECT person, emoji, score FROM verdicts ORDER BY person")
        return [tuple(row) for row in rows]

    async def count(self, table: str) -> int:
        return int((await self.database.rows(f"SELECT count(*) FROM {table}"))[0][0])


async def heard_of(_: str) -> None:
    """For tests to which pieces are of no interest."""


def paragraphs(number: int) -> str:
    """Prose without repetitions, which the engine's guard against loops would cut away."""
    return "\n\n".join(
        f"{n}번 문단입니다. " + " ".join(f"말{n * 1000 + k * k}" for k in range(60))
        for n in range(number)
    )


StartBot = Callable[..., Awaitable[Bot]]


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the developer's own settings."""
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(autouse=True)
def quick_edits(slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody in a hurry; the tests of the real pace set it back."""
    slack.edit_every_s = HURRY.edit_s
    monkeypatch.setattr(showing, "EDIT_EVERY_S", HURRY.edit_s)


@pytest.fixture
def quick_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "choose_embedder", lambda *_: FakeEmbedder())


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """Slack; at the end, none of its rules may have been broken."""
    fake = FakeSlack(scopes=",".join(SCOPES + OPTIONAL_SCOPES))
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.spoiled == []


@pytest.fixture
def people(slack: FakeSlack) -> People:
    return People(slack)


@pytest.fixture
def settings_of(slack: FakeSlack, tmp_path: Path) -> Callable[..., Settings]:
    def settings(**given: Any) -> Settings:
        basic = {
            "reactune_home": tmp_path / "data",
            "slack_bot_token": BOT_TOKEN,
            "slack_app_token": APP_TOKEN,
            "slack_api_url": slack.api_url,
            "unknown": "answer",
        }
        return Settings(_env_file=None, **basic | given)

    return settings


@pytest.fixture
async def start_bot(settings_of: Callable[..., Settings]) -> AsyncIterator[StartBot]:
    """``await start_bot(engine, SETTING=…)``; called again it starts another on the same data."""
    bots: list[Bot] = []

    async def start(
        engine: FakeEngine | None = None,
        pace: Timing = HURRY,
        training: FakeTraining | None = None,
        **given: Any,
    ) -> Bot:
        bot = Bot(settings_of(**given), engine or saying("7월 25일까지입니다."), pace, training)
        bots.append(bot)
        await bot.start()
        return bot

    yield start
    for bot in bots:
        await bot.stop()
