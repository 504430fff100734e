"""How an answer appears on Discord: typing, growing, cut into messages, stopped, failed."""

import asyncio
import time

import pytest

from tests.bot.platforms.discord.conftest import OpenBot
from tests.bot.platforms.discord.fake.server import FakeDiscord, has_feedback, has_stop, until
from tests.bot.platforms.discord.fake.world import ADMIN, ALICE, BORA, GENERAL
from tests.support.fakes import FakeEngine, failing
from tests.support.waiting import SOON_S

LONG = "\n\n".join(f"{n}. " + " ".join(f"세금{n}-{m}" for m in range(60)) for n in range(12))
CODE = "Look:\n```python\n" + "".join(f"v{n} = {n}\n" for n in range(400)) + "```\nThat is all."
TYPING = f"/channels/{GENERAL}/typing"


def slow(text: str = "one two three four") -> FakeEngine:
    """Waits after two words."""
    engine = FakeEngine(lambda _: text)
    engine.hold(after_words=2)
    return engine


async def test_typing_is_shown_at_once(fake: FakeDiscord, open_bot: OpenBot):
    """Before the first word, and no longer when the answer is there."""
    engine = FakeEngine(lambda _: "Yes.")
    async with open_bot(engine):
        engine.hold()
        asked = time.monotonic()
        question = await fake.ask("When?")
        await until(lambda: fake.rest.called("POST", TYPING))
        assert fake.rest.called("POST", TYPING)[0].at - asked < SOON_S
        engine.go_on()
        await fake.answer(question)
        assert len(fake.rest.called("POST", TYPING)) == 1


async def test_an_answer_grows_in_one_message(fake: FakeDiscord, open_bot: OpenBot):
    """With a stop button while it does, and feedback buttons in the end."""
    engine = slow()
    async with open_bot(engine):
        question = await fake.ask("When?")
        await until(lambda: fake.replies(question))
        (growing,) = fake.replies(question)
        assert growing["content"] == "one two"
        assert has_stop(growing)
        engine.go_on()
        answer = await fake.answer(question)
        assert answer["id"] == growing["id"]
        assert answer["content"] == "one two three four"
        assert not has_stop(answer)


@pytest.mark.parametrize("text", [LONG, CODE], ids=["paragraphs", "code"])
async def test_a_long_answer_is_several_messages(fake: FakeDiscord, open_bot: OpenBot, text: str):
    """Nothing of it is lost; only the last has feedback buttons."""
    async with open_bot(FakeEngine(lambda _: text)):
        question = await fake.ask("Tell me everything")
        await fake.answer(question)
        *others, last = fake.replies(question)
        assert others
        assert has_feedback(last)
        await until(lambda: not any(has_feedback(p) or has_stop(p) for p in others))
        shown = "\n".join(post["content"] for post in [*others, last])
        assert shown.replace("```python", "").replace("```", "").split() == (
            text.replace("```python", "").replace("```", "").split()
        )


async def test_a_long_answer_that_grew_loses_its_stop_button(fake: FakeDiscord, open_bot: OpenBot):
    """Which was on the first of its messages."""
    engine = FakeEngine(lambda _: LONG)
    async with open_bot(engine):
        engine.hold(after_words=600)
        question = await fake.ask("Tell me everything")
        await until(lambda: len(fake.replies(question)) >= 2)
        first = fake.replies(question)[0]
        assert has_stop(first)
        engine.go_on()
        await fake.answer(question, 10)
        await until(lambda: not has_stop(first))


async def test_nobody_is_pinged(fake: FakeDiscord, open_bot: OpenBot):
    """Whatever the model says; the fake checks allowed_mentions of every post and edit."""
    async with open_bot(FakeEngine(lambda _: f"@everyone {BORA.mention} look")):
        answer = await fake.answer(await fake.ask("Who?"))
        assert answer["content"] == f"@everyone {BORA.mention} look"


@pytest.mark.parametrize("person", [ALICE, ADMIN], ids=["asker", "admin"])
async def test_the_stop_button_stops(fake: FakeDiscord, open_bot: OpenBot, person):
    """For the asker and for admins; what was said stays and can be rated."""
    async with open_bot(slow(), admins=f"discord:{ADMIN.id}"):
        question = await fake.ask("When?")
        await until(lambda: fake.replies(question))
        pressed = await fake.press(fake.replies(question)[0], "stop", person)
        answer = await fake.answer(question)
        assert answer["content"] == "one two\n-# The answer was stopped."
        assert await pressed.text() == "The answer was stopped."


async def test_others_cannot_stop_it(fake: FakeDiscord, open_bot: OpenBot):
    """They are told why, in their language."""
    engine = slow()
    async with open_bot(engine):
        question = await fake.ask("When?")
        await until(lambda: fake.replies(question))
        pressed = await fake.press(fake.replies(question)[0], "stop", BORA)
        assert "질문한 사람과 관리자만" in await pressed.text()
        engine.go_on()
        assert (await fake.answer(question))["content"] == "one two three four"


async def test_a_cross_stops_it_too(fake: FakeDiscord, open_bot: OpenBot):
    """On the answer or on the question, from the asker only."""
    async with open_bot(slow()):
        question = await fake.ask("When?")
        await until(lambda: fake.replies(question))
        await fake.react(question, "❌", BORA)
        await asyncio.sleep(0.1)
        assert has_stop(fake.replies(question)[0])
        await fake.react(question, "❌", ALICE)
        assert "stopped" in (await fake.answer(question))["content"]


async def test_a_note_stands_outside_of_code(fake: FakeDiscord, open_bot: OpenBot):
    """An answer that is stopped within a code block has it closed."""
    async with open_bot(slow("```python\nx two three")):
        question = await fake.ask("When?")
        await until(lambda: fake.replies(question))
        await fake.press(fake.replies(question)[0], "stop")
        answer = await fake.answer(question)
        assert answer["content"] == "```python\nx two\n```\n-# The answer was stopped."


async def test_a_failed_answer_is_an_apology(fake: FakeDiscord, open_bot: OpenBot):
    """With a reference that the log has too, and without the exception."""
    async with open_bot(FakeEngine(failing)):
        text = await fake.reply_text(await fake.ask("When?"))
        assert "Tell your admin this number: Q1" in text
        assert "fake engine" not in text


async def test_a_full_queue_is_told(fake: FakeDiscord, open_bot: OpenBot):
    """With the position in it."""
    engine = FakeEngine(lambda _: "Yes.", slots=1, waiting=0)
    async with open_bot(engine):
        engine.hold()
        await fake.ask("One?")
        await until(lambda: engine.stats.running)
        assert "Many questions are waiting" in await fake.reply_text(await fake.ask("Two?", BORA))
        engine.go_on()


async def test_a_piece_that_a_moderator_deletes_stays_deleted(fake: FakeDiscord, open_bot: OpenBot):
    """The answer stops, and nothing is posted in its place."""
    engine = slow()
    async with open_bot(engine) as bot:
        question = await fake.ask("When?")
        # The bot knows what it has posted a moment after everybody sees it.
        while not await bot.database.rows("SELECT * FROM pieces"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await fake.delete(fake.replies(question)[0])
        await until(lambda: not engine.stats.running)
        await asyncio.sleep(0.1)
        assert fake.replies(question) == []


async def test_history_comes_from_discord_where_storage_has_none(
    fake: FakeDiscord, open_bot: OpenBot
):
    """In a reply chain and in a thread, after the database was lost."""
    async with open_bot() as bot:
        thread = await fake.start_thread("VAT")
        await fake.answer(await fake.ask("When is VAT due?", channel=thread))
        answer = await fake.answer(await fake.ask("And income tax?"))
        async with bot.database.transaction() as database:
            await database.execute("DELETE FROM conversations")
        await fake.answer(await fake.say("In July?", reply_to=answer))
        assert "And income tax?" in bot.engine.prompts[-1].text
        assert "A fine answer." in bot.engine.prompts[-1].text
        await fake.answer(await fake.ask("In July?", channel=thread))
        assert "When is VAT due?" in bot.engine.prompts[-1].text
