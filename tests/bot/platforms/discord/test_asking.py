"""People ask on Discord: where, how, and who is heard."""

import asyncio

import structlog.testing

from tests.bot.platforms.discord.conftest import Bot, OpenBot
from tests.bot.platforms.discord.fake.server import FakeDiscord, until
from tests.bot.platforms.discord.fake.world import (
    ALICE,
    BORA,
    BOT,
    BOT_ROLE,
    GENERAL,
    OTHER_BOT,
    RANDOM,
    TAX_TEAM,
)
from tests.support.fakes import FakeEngine

SILENCE_S = 0.15  # long enough for an answer that should not come
FILE = {
    "id": "1", "filename": "receipt.png", "size": 10, "url": "", "proxy_url": "",
}  # fmt: skip


async def silence(fake: FakeDiscord, channel: str = GENERAL) -> None:
    before = len(fake.posts(channel))
    await asyncio.sleep(SILENCE_S)
    assert len(fake.posts(channel)) == before


async def test_a_mention_is_answered_with_a_reply(fake: FakeDiscord, bot: Bot):
    """The question is what stands beside the mention."""
    question = await fake.ask("When is VAT due?")
    answer = await fake.answer(question)
    assert answer["content"] == "A fine answer."
    assert await bot.questions() == ["When is VAT due?"]


async def test_without_a_mention_nobody_is_answered(fake: FakeDiscord, bot: Bot):
    """In a channel people talk to each other."""
    await fake.say("When is VAT due?")
    await silence(fake)


async def test_a_direct_message_needs_no_mention(fake: FakeDiscord, bot: Bot):
    """It is one conversation, which the second question continues."""
    direct = fake.world.direct_channel(ALICE)
    await fake.answer(await fake.say("When is VAT due?", channel=direct))
    await fake.answer(await fake.say("And in July?", channel=direct))
    assert "When is VAT due?" in bot.engine.prompts[-1].text
    assert await bot.threads() == {direct}


async def test_a_reply_to_the_answer_follows_up(fake: FakeDiscord, bot: Bot):
    """Without a new mention, and with what was said before."""
    first = await fake.answer(await fake.ask("When is VAT due?"))
    second = await fake.say("And in July?", BORA, reply_to=first)
    await fake.answer(second)
    await fake.answer(await fake.say("And in May?", BORA, reply_to=second))
    assert "A fine answer." in bot.engine.prompts[1].text
    assert "And in July?" in bot.engine.prompts[2].text
    assert len(await bot.threads()) == 1


async def test_people_who_reply_to_each_other_are_left_alone(fake: FakeDiscord, bot: Bot):
    """Even below a question that the bot answered."""
    question = await fake.ask("When is VAT due?")
    await fake.answer(question)
    await fake.say("I wondered as well.", BORA, reply_to=question)
    await silence(fake)


async def test_a_thread_is_one_conversation(fake: FakeDiscord, bot: Bot):
    """Once mentioned there, the bot answers everybody, in the thread."""
    thread = await fake.start_thread("VAT")
    await fake.answer(await fake.ask("When is VAT due?", channel=thread))
    await fake.answer(await fake.say("And in July?", BORA, channel=thread))
    assert "When is VAT due?" in bot.engine.prompts[-1].text
    assert await bot.threads() == {thread}
    assert fake.posts(GENERAL) == []


async def test_a_thread_without_the_bot_is_not_its_own(fake: FakeDiscord, bot: Bot):
    """Until somebody mentions it."""
    thread = await fake.start_thread("Lunch")
    await fake.say("Pizza?", channel=thread)
    await silence(fake, thread)


async def test_a_thread_on_an_answer_continues_it(fake: FakeDiscord, bot: Bot):
    """The bot takes part in it from the start, and knows what was asked above."""
    answer = await fake.answer(await fake.ask("When is VAT due?"))
    thread = await fake.start_thread("VAT", on=answer)
    await fake.answer(await fake.say("And in July?", channel=thread))
    assert "When is VAT due?" in bot.engine.prompts[-1].text


async def test_in_a_thread_people_can_talk_to_each_other(fake: FakeDiscord, bot: Bot):
    """A message that mentions somebody else, or replies to them, is theirs."""
    thread = await fake.start_thread("VAT")
    question = await fake.ask("When is VAT due?", channel=thread)
    await fake.answer(question)
    await fake.say(f"{BORA.mention} did you know?", channel=thread)
    await fake.say("No.", BORA, channel=thread, reply_to=question)
    await silence(fake, thread)


async def test_follow_ups_can_be_switched_off(fake: FakeDiscord, open_bot: OpenBot):
    """THREAD_FOLLOW_UPS=off: then every question needs its mention."""
    async with open_bot(thread_follow_ups="off"):
        answer = await fake.answer(await fake.ask("When is VAT due?"))
        await fake.say("And in July?", reply_to=answer)
        await silence(fake)


async def test_only_the_bots_own_mention_is_stripped(fake: FakeDiscord, bot: Bot):
    """Other people, roles, channels and custom emoji are there by their names."""
    question = await fake.ask(
        f"what does {BORA.mention} of <@&{TAX_TEAM}> say in <#{RANDOM}> <:happy:123>?"
    )
    await fake.answer(question)
    assert await bot.questions() == ["what does @bora of @tax team say in #random :happy:?"]


async def test_the_bots_role_is_the_bot(fake: FakeDiscord, bot: Bot):
    """Discord offers both under the same name."""
    await fake.answer(await fake.say(f"<@&{BOT_ROLE}> When is VAT due?"))
    assert await bot.questions() == ["When is VAT due?"]


async def test_bots_and_webhooks_are_not_heard(fake: FakeDiscord, bot: Bot):
    """Two bots would talk to each other for ever."""
    await fake.ask("When is VAT due?", OTHER_BOT)
    await fake.ask("When is VAT due?", BOT)
    await fake.ask("When is VAT due?", webhook_id="5")
    await fake.ask("pinned a message", type=6)
    await silence(fake)


async def test_an_empty_mention_gets_a_sentence(fake: FakeDiscord, bot: Bot):
    """Which says what to do."""
    assert "Write what you would like to know" in await fake.reply_text(await fake.say(BOT.mention))


async def test_a_mention_below_somebodys_question_asks_it(fake: FakeDiscord, bot: Bot):
    """Replying with nothing but the mention means the message above."""
    above = await fake.say("When is VAT due?", BORA)
    await fake.answer(await fake.say(BOT.mention, reply_to=above))
    assert await bot.questions() == ["When is VAT due?"]


async def test_what_is_replied_to_is_quoted(fake: FakeDiscord, bot: Bot):
    """A question about somebody else's message would make no sense without it."""
    above = await fake.say("VAT is due\non 25 July.", BORA)
    await fake.answer(await fake.ask("is that right?", reply_to=above))
    assert await bot.questions() == ["> VAT is due\n> on 25 July.\n\nis that right?"]


async def test_a_long_question_gets_a_sentence(fake: FakeDiscord, bot: Bot):
    """A forwarded text may have many characters."""
    assert "too long" in await fake.reply_text(await fake.ask("why " * 25_000))


async def test_four_thousand_characters_are_answered(fake: FakeDiscord, open_bot: OpenBot):
    """What Nitro lets people write."""
    async with open_bot(FakeEngine(lambda _: "Yes.", context=9000)):
        await fake.answer(await fake.ask("왜 " * 1980))


async def test_an_attachment_alone_gets_a_sentence(fake: FakeDiscord, bot: Bot):
    """Once; with words beside it the words are answered, and a note says so."""
    alone = await fake.say(BOT.mention, attachments=[FILE], again=True)
    assert "cannot read attachments" in await fake.reply_text(alone)
    both = await fake.ask("Is this deductible?", attachments=[FILE])
    answer = await fake.answer(both)
    assert answer["content"].startswith("A fine answer.\n-# ")
    assert "attachment" in answer["content"]
    assert len(fake.posts()) == 2


async def test_a_mention_added_afterwards_asks(fake: FakeDiscord, bot: Bot):
    """People forget it; once answered, further edits change nothing."""
    message = await fake.say("When is VAT due?")
    await fake.edit(message, f"{BOT.mention} When is VAT due?")
    await fake.answer(message)
    await fake.edit(message, f"{BOT.mention} When is VAT due in July?")
    await silence(fake)


async def test_old_messages_are_not_asked_again(fake: FakeDiscord, bot: Bot):
    """A pin or a link's preview reaches us as an edit too."""
    message = await fake.ask("When is VAT due?")
    await fake.answer(message)
    bot_memory = "DELETE FROM handled"
    async with bot.database.transaction() as database:
        await database.execute(bot_memory)
    await fake.gateway.dispatch("MESSAGE_UPDATE", message | {"pinned": True})
    await silence(fake)


async def test_a_deleted_question_is_answered_no_further(fake: FakeDiscord, open_bot: OpenBot):
    """Nothing appears for it, and the engine is free."""
    engine = FakeEngine(lambda _: "one two three")
    async with open_bot(engine) as bot:
        engine.hold()
        question = await fake.ask("When is VAT due?")
        await until(lambda: engine.stats.running)
        await fake.delete(question)
        await until(lambda: not engine.stats.running)
        await silence(fake)
        assert await bot.questions() == ["When is VAT due?"]


async def test_the_same_message_twice_is_answered_once(fake: FakeDiscord, bot: Bot):
    """A RESUME may bring it again."""
    question = await fake.ask("When is VAT due?", again=True)
    await fake.answer(question)
    await silence(fake)
    assert len(fake.replies(question)) == 1


async def test_a_limit_is_told(fake: FakeDiscord, open_bot: OpenBot):
    """With the time to wait."""
    async with open_bot(user_questions_per_minute=1):
        await fake.answer(await fake.ask("When is VAT due?"))
        assert "ask again in" in await fake.reply_text(await fake.ask("And in July?"))


async def test_allowed_channels_include_their_threads(fake: FakeDiscord, open_bot: OpenBot):
    """Elsewhere the asker is told."""
    async with open_bot(allowed_channels=f"discord:{GENERAL}"):
        thread = await fake.start_thread("VAT")
        await fake.answer(await fake.ask("When is VAT due?", channel=thread))
        elsewhere = await fake.ask("When is VAT due?", channel=RANDOM)
        assert "not allowed to answer" in await fake.reply_text(elsewhere)


async def test_roles_decide_who_may_ask(fake: FakeDiscord, open_bot: OpenBot):
    """By their ids, which come with each message."""
    async with open_bot(allowed_roles=f"discord:{BOT_ROLE}"):
        assert "not on the list" in await fake.reply_text(await fake.ask("When is VAT due?"))


async def test_where_it_may_not_write_it_is_silent(fake: FakeDiscord, bot: Bot):
    """The log names the permissions, and the next question elsewhere is answered."""
    fake.rest.forbidden.add(RANDOM)
    with structlog.testing.capture_logs() as logs:
        await fake.ask("When is VAT due?", channel=RANDOM)
        await fake.answer(await fake.ask("When is VAT due?"))
        await until(lambda: any("Send Messages" in log.get("hint", "") for log in logs))
    assert fake.posts(RANDOM) == []


async def test_who_may_not_ask_is_told_once(fake: FakeDiscord, open_bot: OpenBot):
    """Not again with every mention, and never for what is said among people in the thread."""
    async with open_bot(allowed_users=(f"discord:{ALICE.id}",)):
        thread = await fake.start_thread("VAT")
        await fake.answer(await fake.ask("When is VAT due?", channel=thread))
        await fake.say("I wonder too.", BORA, channel=thread)
        asked = [await fake.ask("And mine?", BORA, channel=thread) for _ in range(3)]
        await until(lambda: any(map(fake.replies, asked)))
        await asyncio.sleep(0.2)
        (refusal,) = [reply for question in asked for reply in fake.replies(question)]
        assert "not on the list" in refusal["content"]
        assert len(fake.posts(thread)) == 2


async def test_who_answers_a_person_is_not_answered(fake: FakeDiscord, bot: Bot):
    """In a thread with the bot; whoever asked goes on, and a mention turns to the bot again."""
    thread = await fake.start_thread("VAT")
    await fake.answer(await fake.ask("When is VAT due?", channel=thread))
    await fake.say(f"{BORA.mention} is that right?", channel=thread)
    message = await fake.say("Yes, it is.", BORA, channel=thread)
    for question in (
        await fake.say("How much?", channel=thread),
        await fake.ask("How?", BORA, channel=thread),
        await fake.say("Where?", BORA, channel=thread),
    ):
        await fake.answer(question)
    assert fake.replies(message) == []
