"""Corrections that wait for an admin's decision."""

from typing import Any

from bot.texts import say
from tests.bot.platforms.discord.conftest import OpenBot
from tests.bot.platforms.discord.fake.server import FakeDiscord, until
from tests.bot.platforms.discord.fake.world import ADMIN, BORA, GENERAL, RANDOM, TAX_TEAM, Payload
from tests.bot.platforms.fakes.stored import corrections
from tests.support.fakes import FakeEngine

REVIEW: dict[str, Any] = {
    "corrections": "review",
    "admins": f"discord:{ADMIN.id}",
    "admin_channel": f"slack:C1,discord:{RANDOM}",
}
MINE = f"discord:{BORA.id}"


async def waiting(fake: FakeDiscord) -> Payload:
    """Bora corrects an answer; the message in the admin channel."""
    answer = await fake.answer(await fake.ask("When is VAT due?"))
    message = await fake.say("정정: 25일", BORA, reply_to=answer)
    assert "once an admin has approved it" in await fake.reply_text(message)
    await until(lambda: fake.posts(RANDOM))
    return fake.posts(RANDOM)[0]


async def test_admins_see_what_waits_and_decide(fake: FakeDiscord, open_bot: OpenBot):
    """In the admin channel; the message then says who decided, and has no buttons."""
    async with open_bot(**REVIEW) as bot:
        message = await waiting(fake)
        for word in ("When is VAT due?", "A fine answer.", "Correction: 25일", MINE):
            assert word in message["content"]
        assert await (await fake.press(message, "Approve", ADMIN)).text() == "Approved by ada."
        assert message["content"].endswith("-# Approved by ada.")
        assert "Correction: 25일" in message["content"]
        assert message["components"] == []
        assert await corrections(bot) == [(MINE, "25일", "live")]


async def test_buttons_work_after_a_restart(fake: FakeDiscord, open_bot: OpenBot):
    """And reject as well; the thanks then say so, and nothing is announced again."""
    async with open_bot(**REVIEW) as bot:
        message = await waiting(fake)
        await bot.restart()
        await (await fake.press(message, "Reject", ADMIN)).text()
        thanks = "🚫 Correction, rejected by ada:\n25일"
        await until(lambda: thanks in [m["content"] for m in fake.posts(GENERAL)])
        assert len(fake.posts(RANDOM)) == 1
        assert await corrections(bot) == [(MINE, "25일", "rejected")]


async def test_others_are_politely_refused(fake: FakeDiscord, open_bot: OpenBot):
    """Only they see it; it goes on waiting."""
    async with open_bot(**REVIEW) as bot:
        message = await waiting(fake)
        reply = await (await fake.press(message, "Approve", BORA)).text()
        assert reply == say("review_admins_only", "ko")
        assert message["components"] != []
        assert await corrections(bot) == [(MINE, "25일", "pending")]


async def test_what_was_decided_elsewhere_says_so(fake: FakeDiscord, open_bot: OpenBot):
    """When it is pressed, on the web page for instance."""
    async with open_bot(**REVIEW) as bot:
        message = await waiting(fake)
        assert await bot.app.correction_service.decide(1, "rejected", "web:a")
        await (await fake.press(message, "Approve", ADMIN)).text()
        assert message["content"].endswith(say("review_over", "en"))
        assert message["components"] == []
        assert await corrections(bot) == [(MINE, "25일", "rejected")]


async def test_a_correction_from_the_web_is_shown_too(fake: FakeDiscord, open_bot: OpenBot):
    """Wherever it came from, cut for display; the fake checks that it calls nobody."""
    engine = FakeEngine(lambda _: " ".join(f"세금{n}" for n in range(300)))
    async with open_bot(engine, **REVIEW) as bot:
        await fake.answer(await fake.ask("When is VAT due? " + "나" * 900))
        await bot.app.correction_service.correct(1, "web:x", "@everyone " + "가" * 3900, "ko")
        await until(lambda: fake.posts(RANDOM))
        assert fake.posts(RANDOM)[0]["content"].count("…\n") == 3
        assert fake.posts(RANDOM)[0]["content"].endswith("web:x")


async def test_an_unreachable_admin_channel_breaks_nothing(fake: FakeDiscord, open_bot: OpenBot):
    """One that does not exist, one that is no number: others hear of it, the correction stands."""
    channels = f"discord:1,discord:general,discord:{RANDOM}"
    async with open_bot(**REVIEW | {"admin_channel": channels}) as bot:
        await waiting(fake)
        await bot.settled()
        assert await corrections(bot) == [(MINE, "25일", "pending")]


async def test_what_teachers_say_counts_at_once(fake: FakeDiscord, open_bot: OpenBot):
    """They may be named by a role; what others say waits."""
    teachers = {"corrections": "teachers", "teachers": f"discord:{TAX_TEAM}"}
    async with open_bot(**REVIEW | teachers | {"admins": "discord:1"}) as bot:
        answer = await fake.answer(await fake.ask("When is VAT due?"))
        for person in (ADMIN, BORA):
            await fake.reply_text(await fake.say("정정: 25일", person, reply_to=answer))
        await until(lambda: fake.posts(RANDOM))
        states = [state for _, _, state in await corrections(bot)]
        assert states == ["live", "pending"]
        assert len(fake.posts(RANDOM)) == 1
