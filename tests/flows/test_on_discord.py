"""A team uses the whole program on Discord."""

import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import discord
import pytest
from discord.gateway import DiscordWebSocket

from bot.errors import SettingsError
from bot.texts import say
from tests.bot.platforms.discord.fake.server import TOKEN, FakeDiscord
from tests.bot.platforms.discord.fake.world import ALICE, BORA
from tests.flows.conftest import Running, Served, verdicts
from tests.support.waiting import until

pytestmark = pytest.mark.slow  # the whole program starts

START_S = 90.0  # of the real program and its model on a busy machine


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    """Discord; at the end, none of its rules may have been broken."""
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    fake = FakeDiscord()
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.rules.breaches == []


def settings(fake: FakeDiscord) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_URL": fake.api,
        "DISCORD_GATEWAY_URL": fake.gateway.address,
    }


async def asked_and_liked(fake: FakeDiscord, database: Path) -> str:
    """Somebody asks, reads the answer and likes it; what they read."""
    answer = await fake.answer(await fake.ask("부가가치세 신고는 언제 하나요?", ALICE), START_S)
    await fake.react(answer, "👍", BORA)
    await until(lambda: verdicts(database) == [(f"discord:{BORA.id}", 1.0)])
    return str(answer["content"])


async def test_a_question_an_answer_and_a_reaction(
    served: Callable[..., Served], fake: FakeDiscord
):
    """From the mention to the label in the database, until SIGTERM ends it cleanly."""
    async with served(**settings(fake)) as bot:
        assert "Ready on Discord: Discord as @reactune in 1 server" in bot.output
        answer = await asked_and_liked(fake, bot.database)
        assert answer.split("\n")[:3] == [say("draft", "ko"), "", "7월 25일까지입니다."]
        os.kill(os.getpid(), signal.SIGTERM)
    assert bot.output[-1] == "Stopped."
    await until(lambda: not fake.gateway.connected)


async def test_the_real_program_with_its_model(
    running: Callable[..., Running], fake: FakeDiscord, tmp_path: Path
):
    """The same as a process of its own, told by nothing but its environment."""
    bot = running(**settings(fake))
    await until(lambda: "Ready on Discord" in bot.output, START_S)
    assert await asked_and_liked(fake, tmp_path / "data" / "reactune.db")
    bot.process.send_signal(signal.SIGTERM)
    await until(lambda: bot.process.poll() is not None, START_S)
    assert bot.process.returncode == 0
    assert "Stopped." in bot.output
    assert "Traceback" not in bot.output
    assert "PyNaCl" not in bot.output


async def test_a_wrong_token_ends_the_start_in_one_line(
    served: Callable[..., Served], fake: FakeDiscord
):
    """It names the setting and where the right token is."""
    with pytest.raises(SettingsError, match=r"^DISCORD_TOKEN: .* Reset Token$"):
        async with served(**settings(fake) | {"DISCORD_TOKEN": "wrong"}):
            pass
