"""Starting and stopping on Discord: refused in one line, stopped with a word to those who wait."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import SettingsError
from tests.bot.platforms.discord.conftest import QUICK, Bot, OpenBot
from tests.bot.platforms.discord.fake.server import FakeDiscord, until
from tests.bot.platforms.discord.fake.world import RANDOM
from tests.support.fakes import FakeEngine


async def refused(open_bot: OpenBot, **settings) -> str:
    with pytest.raises(SettingsError) as refusal:
        async with open_bot(timing=replace(QUICK, login=2), **settings):
            pass
    line = str(refusal.value)
    assert "\n" not in line
    return line


async def test_it_says_where_it_is(fake: FakeDiscord, open_bot: OpenBot):
    """Under which name, and in how many servers."""
    async with open_bot() as bot:
        await bot.stop()
        where = await bot.start(FakeEngine(lambda _: "Yes."))
        assert where == "Discord as @reactune in 1 server"


async def test_a_bad_token_is_refused(fake: FakeDiscord, open_bot: OpenBot):
    """With the place where a good one is found."""
    line = await refused(open_bot, discord_token="wrong")
    assert line.startswith("DISCORD_TOKEN: ")
    assert "Reset Token" in line
    assert "wrong" not in line


@pytest.mark.parametrize("told_by", ["application", "gateway"])
async def test_the_missing_intent_is_named(fake: FakeDiscord, open_bot: OpenBot, told_by: str):
    """Without it messages arrive empty."""
    fake.rest.allows_message_content = told_by == "gateway"
    fake.gateway.allows_message_content = False
    assert "Message Content Intent" in await refused(open_bot)


@pytest.mark.slow
async def test_an_address_that_nobody_serves_is_named(fake: FakeDiscord, open_bot: OpenBot):
    """The API's or the gateway's."""
    nowhere = "127.0.0.1:9"
    line = await refused(open_bot, discord_api_url=f"http://{nowhere}/api/v10")
    assert line.startswith("DISCORD_API_URL: ")
    line = await refused(open_bot, discord_gateway_url=f"ws://{nowhere}/")
    assert line.startswith("DISCORD_GATEWAY_URL: ")


async def test_a_gateway_that_refuses_is_named(fake: FakeDiscord, open_bot: OpenBot):
    """discord.py itself ends with an AttributeError then."""
    fake.gateway.refuses = True
    assert (await refused(open_bot)).startswith("DISCORD_GATEWAY_URL: ")


@pytest.mark.slow
async def test_a_slow_discord_is_waited_for_only_so_long(fake: FakeDiscord, open_bot: OpenBot):
    """Then the start ends, instead of hanging."""
    fake.trouble("GET", "/users/@me", "slow", seconds=2.5)
    assert "no answer in time" in await refused(open_bot)


async def test_commands_that_cannot_be_published_do_not_matter(
    fake: FakeDiscord, open_bot: OpenBot
):
    """Those of the last start go on working."""
    fake.trouble("PUT", "commands", "status", status=400)
    async with open_bot():
        await fake.answer(await fake.ask("When is VAT due?"))


async def test_stopped_it_says_so(fake: FakeDiscord, open_bot: OpenBot):
    """As after SIGTERM: answers on their way show what there is, and that they were stopped."""
    engine = FakeEngine(lambda _: "one two three")
    async with open_bot(engine) as bot:
        engine.hold(after_words=2)
        seen, waiting = await fake.ask("When?"), await fake.ask("And?", channel=RANDOM)
        await until(lambda: fake.replies(seen) and fake.replies(waiting))
        await bot.stop()
        for question in (seen, waiting):
            assert fake.replies(question)[0]["content"] == "one two\n-# The answer was stopped."
        await bot.start(FakeEngine(lambda _: "Yes."))


async def test_stopping_lets_answers_finish(fake: FakeDiscord, open_bot: OpenBot):
    """For SHUTDOWN_GRACE_S; who asks meanwhile is told to come back."""
    engine = FakeEngine(lambda _: "one two three")
    async with open_bot(engine) as bot:
        engine.hold(after_words=2)
        question = await fake.ask("When?")
        await until(lambda: fake.replies(question))
        stopping = asyncio.create_task(bot.stop(grace_s=5))
        await until(lambda: bot.app.answers.closing)
        assert "shutting down" in await fake.reply_text(await fake.ask("And?", channel=RANDOM))
        engine.go_on()
        await stopping
        assert fake.replies(question)[0]["content"] == "one two three"
        await bot.start(FakeEngine(lambda _: "Yes."))


async def test_stopping_leaves_nothing_running(fake: FakeDiscord, bot: Bot):
    """No task of the bot or of discord.py goes on."""
    before = asyncio.all_tasks()
    await bot.stop()
    await until(lambda: not fake.gateway.connected)
    await asyncio.sleep(0.05)
    left = [task for task in asyncio.all_tasks() & before if not task.done()]
    assert not [task for task in left if "discord" in repr(task.get_coro()).lower()]
    await bot.start(FakeEngine(lambda _: "Yes."))


async def test_a_new_bot_answers_nothing_old(fake: FakeDiscord, open_bot: OpenBot):
    """What was said before its first day was not said to it."""
    old = await fake.ask("When is VAT due?")
    async with open_bot():
        await asyncio.sleep(0.2)
        assert fake.replies(old) == []
