"""Bad days on Discord's side: nothing is lost and nothing is posted twice."""

import asyncio
from dataclasses import replace

import pytest
import structlog.testing

from tests.bot.platforms.discord.conftest import QUICK, Bot, OpenBot
from tests.bot.platforms.discord.fake.server import FakeDiscord, until
from tests.bot.platforms.discord.fake.world import ALICE, GENERAL
from tests.support.fakes import FakeEngine
from tests.support.waiting import SOON_S

SLOW = pytest.mark.slow
POSTS, EDITS = r"/messages$", r"/messages/\d+$"


async def answered_once(fake: FakeDiscord, question, timeout_s: float = 20) -> None:
    await fake.answer(question, timeout_s)
    await asyncio.sleep(0.1)
    assert len(fake.replies(question)) == 1


async def test_a_reconnect_is_survived(fake: FakeDiscord, bot: Bot):
    """Discord asks for it every few hours; what was said meanwhile comes with RESUME."""
    await fake.gateway.ask_to_reconnect()
    question = await fake.ask("When is VAT due?")
    await answered_once(fake, question)
    assert (fake.gateway.resumed, fake.gateway.identified) == (1, 1)


async def test_a_broken_connection_is_resumed(fake: FakeDiscord, bot: Bot):
    """TCP reset: the events since are replayed."""
    fake.gateway.reset()
    question = await fake.ask("When is VAT due?")
    await answered_once(fake, question)
    assert fake.gateway.resumed == 1


@pytest.mark.parametrize("code", [1000, 1001, 4000, 4009])
async def test_a_closed_connection_comes_back(fake: FakeDiscord, bot: Bot, code: int):
    """With the codes that Discord uses for it."""
    await fake.gateway.close(code)
    await answered_once(fake, await fake.ask("When is VAT due?"))


async def test_an_invalid_session_is_made_anew(fake: FakeDiscord, bot: Bot):
    """Whether or not Discord offers to resume it."""
    await fake.gateway.invalidate(resumable=True)
    await answered_once(fake, await fake.ask("When is VAT due?"))
    await fake.gateway.invalidate()
    await answered_once(fake, await fake.ask("And in July?"))
    assert (fake.gateway.resumed, fake.gateway.identified) == (1, 2)


async def test_an_answer_survives_a_reconnect(fake: FakeDiscord, open_bot: OpenBot):
    """It goes on, and ends where it began."""
    engine = FakeEngine(lambda _: "one two three")
    async with open_bot(engine):
        engine.hold(after_words=1)
        question = await fake.ask("When is VAT due?")
        await until(lambda: fake.replies(question))
        fake.gateway.forget_session()
        fake.gateway.reset()
        await until(lambda: fake.gateway.identified == 2)
        engine.go_on()
        await answered_once(fake, question)


@pytest.mark.parametrize("kind", ["lost", "reset", "limited"])
async def test_a_post_that_goes_wrong_is_posted_once(fake: FakeDiscord, bot: Bot, kind: str):
    """Also when Discord had taken it and only its answer was lost."""
    fake.trouble("POST", POSTS, kind)
    question = await fake.ask("When is VAT due?")
    await until(lambda: len(fake.rest.called("POST", ".*/messages")) == 2)
    await answered_once(fake, question)


@pytest.mark.parametrize(
    "status", [pytest.param(500, marks=SLOW), pytest.param(502, marks=SLOW), 503]
)
async def test_a_server_error_is_waited_out(fake: FakeDiscord, bot: Bot, status: int):
    """discord.py repeats some of them itself, others not."""
    fake.trouble("POST", POSTS, "status", status=status)
    await answered_once(fake, await fake.ask("When is VAT due?"))


@pytest.mark.parametrize("kind", [pytest.param("lost", marks=SLOW), "reset", "limited"])
async def test_an_edit_that_goes_wrong_is_repeated(fake: FakeDiscord, open_bot: OpenBot, kind: str):
    """So the whole answer is there in the end."""
    engine = FakeEngine(lambda _: "one two three")
    async with open_bot(engine):
        engine.hold(after_words=1)
        question = await fake.ask("When is VAT due?")
        await until(lambda: fake.replies(question))
        fake.rules.edit_every_s = 0.0  # repeating is no faster edit
        fake.trouble("PATCH", EDITS, kind)
        engine.go_on()
        assert (await fake.answer(question))["content"] == "one two three"


async def test_a_lost_confirmation_does_not_lose_the_vote(fake: FakeDiscord, bot: Bot):
    """Nor a typing indicator the answer."""
    fake.trouble("POST", "/typing$", "status", times=5, status=403)
    answer = await fake.answer(await fake.ask("When is VAT due?"))
    await bot.settled()
    fake.trouble("POST", "^/webhooks", "reset")
    await fake.press(answer, "vote:up")
    await asyncio.sleep(0.1)
    assert await bot.labels() == {f"discord:{ALICE.id} 👍": 1}


async def test_a_dead_connection_is_noticed(fake: FakeDiscord, open_bot: OpenBot):
    """Not even heartbeats are answered: discord.py gives it up and resumes."""
    fake.gateway.heartbeat_ms = 100
    async with open_bot(timing=replace(QUICK, heartbeat=0.4)):
        fake.gateway.die()
        await answered_once(fake, await fake.ask("When is VAT due?"))
        assert fake.gateway.resumed >= 1


async def test_a_dead_connection_does_not_hold_up_the_end(fake: FakeDiscord, bot: Bot):
    """Discord says no goodbye, and is not waited for."""
    await asyncio.sleep(0.1)
    fake.gateway.die()
    loop = asyncio.get_running_loop()
    began = loop.time()
    await bot.stop()
    assert loop.time() - began < SOON_S
    await bot.start(FakeEngine(lambda _: "Yes."))


async def test_a_deaf_connection_is_noticed(fake: FakeDiscord, open_bot: OpenBot):
    """It lives, but brings no events: somebody was not heard, who is answered, once."""
    async with open_bot(timing=replace(QUICK, quiet=0.3)):
        await fake.answer(await fake.ask("When is VAT due?"))
        await asyncio.sleep(0.1)  # it has caught up after its start
        fake.gateway.withholds = True
        question = await fake.ask("And in July?")
        await fake.answer(question)
        fake.gateway.withholds = False
        await until(lambda: fake.gateway.resumed == 1)
        await answered_once(fake, question)
        await answered_once(fake, await fake.ask("And in May?"))


async def test_a_quiet_server_is_left_in_peace(fake: FakeDiscord, open_bot: OpenBot):
    """Nobody says anything: the connection is kept."""
    async with open_bot(timing=replace(QUICK, quiet=0.1)):
        await asyncio.sleep(0.5)
        assert (fake.gateway.resumed, fake.gateway.identified) == (0, 1)


async def test_what_discord_closes_for_good_is_opened_again(fake: FakeDiscord, open_bot: OpenBot):
    """A token that was changed while we run may be put right; the log says what is wrong."""
    async with open_bot():
        await asyncio.sleep(0.1)  # discord.py leaves a task behind when it is closed before
        fake.gateway.token = "another"
        fake.gateway.forget_session()
        with structlog.testing.capture_logs() as logs:
            await fake.gateway.close(4004)
            await until(lambda: any(log["event"] == "still disconnected" for log in logs))
        reasons = [log["reason"] for log in logs if "reason" in log]
        assert all(reason.startswith("DISCORD_TOKEN: Discord refuses it") for reason in reasons)
        fake.gateway.token = "a-token"
        await until(lambda: fake.gateway.identified >= 2)
        await answered_once(fake, await fake.ask("When is VAT due?", channel=GENERAL))
