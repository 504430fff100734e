"""What a run that was killed leaves behind on Slack, and how the next one cleans up."""

import asyncio
from pathlib import Path

import pytest

from bot.texts import say
from storage.database import Database
from tests.bot.platforms.slack.conftest import STOP, StartBot
from tests.bot.platforms.slack.fake.people import People, direct
from tests.bot.platforms.slack.fake.server import FakeSlack, Fault
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons, shown, small_print
from tests.support.fakes import FakeEngine
from tests.support.waiting import until

NO_STATUS = Fault(error="missing_scope")  # then a message says that the bot is thinking


async def killed_at(
    start_bot: StartBot, slack: FakeSlack, people: People, words: int, channel: str = GENERAL
) -> str:
    """Ask, and kill the bot when it has shown so many words; the question's ts."""
    slack.fail("assistant.threads.setStatus", NO_STATUS)
    engine = FakeEngine(lambda _: "하나 둘 셋")
    engine.hold(after_words=words)
    bot = await start_bot(engine)
    asked = await (people.asks if channel == GENERAL else people.says)("언제?", channel=channel)
    await until(lambda: any(STOP in buttons(m) for m in slack.thread(channel, asked)))
    if words:
        await until(lambda: "둘" in shown(slack.thread(channel, asked)[0]))
    stored = bot.app.database
    while not await stored.rows("SELECT id FROM questions"):  # noqa: ASYNC110 - in the database
        await asyncio.sleep(0.01)
    await bot.kill()
    return asked


async def test_thinking_is_replaced(start_bot: StartBot, slack: FakeSlack, people: People):
    """By the word that it was interrupted, which is no answer when the thread is read back."""
    asked = await killed_at(start_bot, slack, people, 0)
    (left,) = slack.thread(GENERAL, asked)
    assert shown(left) == say("thinking", "ko")
    await start_bot()
    await until(lambda: not buttons(slack.thread(GENERAL, asked)[0]))
    (left,) = slack.thread(GENERAL, asked)
    assert shown(left) == say("not_answered", "ko")
    assert left["metadata"]["event_payload"]["kind"] == "words"


@pytest.mark.parametrize("channel", [GENERAL, direct("U1")])
async def test_half_an_answer_stays(
    start_bot: StartBot, slack: FakeSlack, people: People, channel: str
):
    """Without its stop button, and with a note below it; told only once, in their language."""
    slack.users["U1"] = {"locale": "en-GB"}
    asked = await killed_at(start_bot, slack, people, 2, channel)
    for _ in range(2):
        bot = await start_bot()
        await bot.settled()
        (left,) = slack.thread(channel, asked)
        assert shown(left) == "하나 둘"
        assert small_print(left) == say("not_answered", "en")
        assert buttons(left) == []
        await bot.stop()


async def test_without_a_trace_it_is_told_below_the_question(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Also when Slack does not let the thread be read."""
    asked = await killed_at(start_bot, slack, people, 0)
    slack.messages.pop((GENERAL, slack.thread(GENERAL, asked)[0]["ts"]))
    slack.fail("conversations.replies", Fault(error="internal"))
    await start_bot()
    (reply,) = await until(lambda: slack.thread(GENERAL, asked))
    assert shown(reply) == say("not_answered", "ko")


async def test_thinking_is_replaced_though_the_question_was_not_stored(
    start_bot: StartBot, slack: FakeSlack, people: People, tmp_path: Path
):
    """The kill came between the sign of life and the database."""
    asked = await killed_at(start_bot, slack, people, 0)
    database = await Database.open(tmp_path / "data" / "reactune.db")
    async with database.transaction() as db:
        await db.execute("DELETE FROM questions")
    await database.close()
    await start_bot()
    await until(lambda: not buttons(slack.thread(GENERAL, asked)[0]))
    (left,) = slack.thread(GENERAL, asked)
    assert shown(left) == say("not_answered", "ko")
