"""What was said and thought while no event reached the bot, and what a killed run left behind."""

import asyncio

from tests.bot.platforms.discord.conftest import Bot, OpenBot
from tests.bot.platforms.discord.fake.server import FakeDiscord, until
from tests.bot.platforms.discord.fake.world import ALICE, BORA, BOT, OTHER_BOT, RANDOM
from tests.bot.platforms.discord.test_connection import answered_once
from tests.bot.platforms.discord.test_feedback import standing
from tests.bot.platforms.fakes.stored import become
from tests.support.fakes import FakeEngine


async def test_after_a_new_session_it_catches_up(fake: FakeDiscord, bot: Bot):
    """No event tells what was said before it: in channels, threads and direct messages."""
    thread = await fake.start_thread("VAT")
    direct = fake.world.direct_channel(ALICE)
    await fake.answer(await fake.ask("When is VAT due?", channel=thread))
    await fake.answer(await fake.say("When is VAT due?", channel=direct))
    before = await fake.answer(await fake.ask("When is VAT due?"))
    fake.gateway.forget_session()
    fake.gateway.reset()
    missed = [
        await fake.ask("Missed?"),
        await fake.ask("Missed?", channel=RANDOM),
        await fake.say("Missed?", channel=thread),
        await fake.say("Missed?", channel=direct),
        await fake.say("Missed?", BORA, reply_to=before),
    ]
    await fake.say("Not for the bot.")
    for question in missed:
        await answered_once(fake, question)
    assert fake.gateway.identified == 2
    assert len(await bot.questions()) == 3 + len(missed)


async def test_what_was_handled_is_remembered(fake: FakeDiscord, bot: Bot):
    """After a restart an event that comes again is not answered again."""
    question = await fake.ask("When is VAT due?")
    await fake.answer(question)
    await bot.restart()
    await fake.gateway.dispatch("MESSAGE_CREATE", fake._event(question, ALICE))
    await asyncio.sleep(0.1)
    assert len(fake.replies(question)) == 1


async def test_questions_of_the_downtime_are_answered(fake: FakeDiscord, bot: Bot):
    """And follow-ups know what was said before."""
    answer = await fake.answer(await fake.ask("When is VAT due?"))
    await bot.stop()
    missed = await fake.say("And in July?", reply_to=answer)
    await bot.start(FakeEngine(lambda _: "In August."))
    assert (await fake.answer(missed))["content"] == "In August."
    assert "When is VAT due?" in bot.engine.prompts[-1].text


async def test_a_killed_bot_tells_whom_it_left(fake: FakeDiscord, open_bot: OpenBot):
    """Once, when it is back; the answer was half there."""
    engine = FakeEngine(lambda _: "one two three")
    async with open_bot(engine) as bot:
        engine.hold(after_words=2)
        question = await fake.ask("When?")
        await until(lambda: fake.replies(question))
        await bot.kill()
        for _ in range(2):
            await bot.start(FakeEngine(lambda _: "Yes."))
            await until(lambda: not fake.replies(question)[0]["components"])
            await asyncio.sleep(0.1)
            await bot.stop()
        (reply,) = fake.replies(question)
        assert reply["content"].startswith("one two\n-# ")
        assert reply["content"].count("interrupted before it was answered") == 1
        await bot.start(FakeEngine(lambda _: "Yes."))


async def test_a_killed_bot_that_showed_nothing_replies(fake: FakeDiscord, bot: Bot):
    """There is nothing to write it below."""
    bot.engine.hold()
    question = await fake.ask("When?")
    await until(lambda: fake.rest.called("POST", ".*/typing"))
    await become(bot.questions, ["When?"])  # it is stored a moment later
    await bot.kill()
    await bot.start(FakeEngine(lambda _: "Yes."))
    assert "interrupted" in await fake.reply_text(question)


async def test_what_was_missed_is_answered_in_its_order(fake: FakeDiscord, bot: Bot):
    """Whether something is a follow-up depends on what was said before it."""
    await fake.answer(await fake.ask("When is VAT due?"))
    thread = await fake.start_thread("VAT")
    await bot.stop()
    before = await fake.say("Only among us.", BORA, channel=thread)
    first = await fake.ask("And in July?", channel=thread)
    second = await fake.say("And in May?", channel=thread)
    await bot.start(FakeEngine(lambda _: "Late."))
    for question in (first, second):
        await answered_once(fake, question)
    assert fake.replies(before) == []


async def test_missed_reactions_are_made_up_for(fake: FakeDiscord, bot: Bot):
    """Added and removed ones, when the bot was down or its session lost; not those of bots."""
    answer = await fake.answer(await fake.ask("When is VAT due?"))
    await fake.react(answer, "👍")
    await standing(bot, {f"discord:{ALICE.id} 👍": 1})
    await bot.stop()
    await fake.unreact(answer, "👍")
    await fake.react(answer, "👎🏽", BORA)
    for robot in (OTHER_BOT, BOT):
        await fake.react(answer, "👎", robot)
    await bot.start(FakeEngine(lambda _: "Yes."))
    await standing(bot, {f"discord:{BORA.id} 👎": -1})
    fake.gateway.forget_session()
    fake.gateway.reset()
    await fake.react(answer, "❤️")
    await standing(bot, {f"discord:{BORA.id} 👎": -1, f"discord:{ALICE.id} ❤️": 1})


async def test_an_answer_that_was_deleted_keeps_its_labels(fake: FakeDiscord, bot: Bot):
    """Out of sight is not taken off."""
    answer = await fake.answer(await fake.ask("When is VAT due?"))
    await fake.react(answer, "👍")
    await standing(bot, {f"discord:{ALICE.id} 👍": 1})
    await bot.stop()
    await fake.delete(answer)
    await bot.start(FakeEngine(lambda _: "Yes."))
    await asyncio.sleep(0.2)
    await standing(bot, {f"discord:{ALICE.id} 👍": 1})
