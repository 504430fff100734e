"""People say in reply to an answer what it should have been."""

import pytest

from bot.texts import say
from tests.bot.platforms.discord.conftest import Bot, OpenBot
from tests.bot.platforms.discord.fake.server import FakeDiscord, until
from tests.bot.platforms.discord.fake.world import ADMIN, ALICE, BORA, GENERAL, Payload
from tests.bot.platforms.fakes.stored import become, corrections, votes
from tests.support.fakes import FakeEngine

LONG = " ".join(f"세금{n}" for n in range(900))
WITHDRAWN = say("correction_withdrawn", "en")
MINE = f"discord:{BORA.id}"


async def corrected(fake: FakeDiscord, text: str = "정정: 25일") -> tuple[Payload, Payload]:
    """Bora corrects an answer: her message and our thanks."""
    answer = await fake.answer(await fake.ask("When is VAT due?"))
    message = await fake.say(text, BORA, reply_to=answer)
    await until(lambda: fake.replies(message))
    return message, fake.replies(message)[0]


@pytest.mark.parametrize("follow_ups", [True, False])
async def test_a_reply_to_any_piece_is_about_that_answer(
    fake: FakeDiscord, open_bot: OpenBot, follow_ups: bool
):
    """Without a mention, and without follow-ups; the bot thanks, and does not answer."""
    engine = FakeEngine(lambda _: LONG)
    async with open_bot(engine, thread_follow_ups=follow_ups) as bot:
        question = await fake.ask("When is VAT due?")
        await fake.answer(question)
        await fake.answer(await fake.ask("And income tax?"))
        for piece in fake.replies(question):
            message = await fake.say("정정: 1월 25일", BORA, reply_to=piece)
            assert "1월 25일" in await fake.reply_text(message)
        assert await corrections(bot) == [(MINE, "1월 25일", "live")]
        rows = await bot.database.rows("SELECT reply_id FROM corrections")
        assert [row[0] for row in rows] == [1]
        assert len(engine.prompts) == 2


async def test_in_a_thread_it_needs_no_reply(fake: FakeDiscord, open_bot: OpenBot):
    """Neither where the bot was asked, nor in a thread begun from its answer."""
    async with open_bot(thread_follow_ups=False) as bot:
        answer = await fake.answer(await fake.ask("When is VAT due?"))
        begun = await fake.start_thread("VAT", on=answer)
        asked = await fake.start_thread("Income")
        await fake.answer(await fake.ask("And income tax?", channel=asked))
        for thread in (begun, asked):
            message = await fake.say("correction: the 25th", BORA, channel=thread)
            assert "the 25th" in await fake.reply_text(message)
        rows = await bot.database.rows("SELECT reply_id FROM corrections ORDER BY id")
        assert [row[0] for row in rows] == [1, 2]


async def test_elsewhere_it_needs_a_mention(fake: FakeDiscord, bot: Bot):
    """And then hears that it is about nothing."""
    hello = await fake.say("Hello")
    silent = [await fake.say("정정: 25일"), await fake.say("정정: 25일", BORA, reply_to=hello)]
    reply = await fake.reply_text(await fake.ask("정정: 25일"))
    assert reply == say("correction_of_nothing", "en")
    assert [fake.replies(message) for message in silent] == [[], []]
    assert await corrections(bot) == []


async def test_in_private_it_is_about_the_last_answer(fake: FakeDiscord, bot: Bot):
    """There everything is said to the bot."""
    direct = fake.world.direct_channel(ALICE)
    await fake.answer(await fake.say("When is VAT due?", channel=direct))
    message = await fake.say("correction: the 25th", channel=direct)
    assert "the 25th" in await fake.reply_text(message)
    assert await corrections(bot) == [(f"discord:{ALICE.id}", "the 25th", "live")]


async def test_a_redelivered_correction_is_one(fake: FakeDiscord, bot: Bot):
    """With one word of thanks, after a restart too."""
    message, _ = await corrected(fake)
    await fake.gateway.dispatch("MESSAGE_CREATE", fake._event(message, BORA), again=True)
    await bot.restart()
    await fake.gateway.dispatch("MESSAGE_CREATE", fake._event(message, BORA))
    await bot.settled()
    assert len(fake.replies(message)) == 1
    assert len(await corrections(bot)) == 1


async def test_reactions_are_votes_on_the_correction(fake: FakeDiscord, bot: Bot):
    """On the person's message and on our thanks alike, until taken off both."""
    message, thanks = await corrected(fake)
    await fake.react(message, "👍", ALICE)
    await fake.react(thanks, "👍", ALICE)
    await fake.react(thanks, "👎", ADMIN)
    alice, ada = f"discord:{ALICE.id}", f"discord:{ADMIN.id}"
    await become(lambda: votes(bot), [(alice, 1.0), (ada, -1.0)])
    await fake.unreact(message, "👍", ALICE)
    await bot.settled()
    assert len(await votes(bot)) == 2
    await fake.unreact(thanks, "👍", ALICE)
    await become(lambda: votes(bot), [(ada, -1.0)])


async def test_an_edit_changes_the_correction(fake: FakeDiscord, bot: Bot):
    """And our thanks; votes are about its new words."""
    message, thanks = await corrected(fake)
    await fake.edit(message, "정정: 26일", BORA)
    await until(lambda: "26일" in thanks["content"])
    assert await corrections(bot) == [(MINE, "25일", "withdrawn"), (MINE, "26일", "live")]
    await fake.react(message, "👍", ALICE)
    await become(lambda: votes(bot), [(f"discord:{ALICE.id}", 1.0)])


async def test_an_edit_without_the_mark_withdraws(fake: FakeDiscord, bot: Bot):
    """It is an ordinary message then."""
    message, thanks = await corrected(fake)
    await fake.edit(message, "아, 아닙니다", BORA)
    await until(lambda: thanks["content"] == WITHDRAWN)
    assert await corrections(bot) == [(MINE, "25일", "withdrawn")]


async def test_deleting_the_message_withdraws(fake: FakeDiscord, bot: Bot):
    """The thanks say so."""
    message, thanks = await corrected(fake)
    await fake.delete(message)
    await until(lambda: thanks["content"] == WITHDRAWN)
    assert await corrections(bot) == [(MINE, "25일", "withdrawn")]


async def test_a_cross_of_its_author_or_an_admin_withdraws(fake: FakeDiscord, open_bot: OpenBot):
    """Nobody else's."""
    async with open_bot(admins=f"discord:{ADMIN.id}") as bot:
        for person in (BORA, ADMIN):
            message, thanks = await corrected(fake)
            await fake.react(message, "❌", ALICE)
            await bot.settled()
            assert (await corrections(bot))[-1] == (MINE, "25일", "live")
            await fake.react(thanks, "❌", person)
            await until(lambda thanks=thanks: thanks["content"] == WITHDRAWN)
            assert (await corrections(bot))[-1] == (MINE, "25일", "withdrawn")


async def test_who_may_not_ask_may_not_correct(fake: FakeDiscord, open_bot: OpenBot):
    """The refusal is said."""
    async with open_bot(allowed_users=f"discord:{ALICE.id}") as bot:
        _, refusal = await corrected(fake)
        assert refusal["content"] == say("user_not_allowed", "en")
        assert await corrections(bot) == []


async def test_long_words_are_cut_and_call_nobody(fake: FakeDiscord, bot: Bot):
    """In the thanks, as the fake checks; the whole of it is kept."""
    _, thanks = await corrected(fake, "정정: @everyone " + "가" * 1980)
    assert thanks["content"].endswith("…")
    ((_, kept, _),) = await corrections(bot)
    assert len(kept) > 1980


async def test_a_correction_that_was_missed_is_made_up_for(fake: FakeDiscord, bot: Bot):
    """Said while the bot was away."""
    answer = await fake.answer(await fake.ask("When is VAT due?"))
    await bot.stop()
    message = await fake.say("정정: 25일", BORA, reply_to=answer, channel=GENERAL)
    await bot.start(FakeEngine(bot.engine.script))
    assert "25일" in await fake.reply_text(message)
    assert await corrections(bot) == [(MINE, "25일", "live")]
