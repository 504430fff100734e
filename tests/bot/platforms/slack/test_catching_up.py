"""What was said and thought while no event reached the bot."""

import asyncio
import time
from dataclasses import replace

import pytest

from bot.platforms.slack.blocks import NONE
from tests.bot.platforms.slack.conftest import FEEDBACK, HURRY, Bot, StartBot
from tests.bot.platforms.slack.fake.people import People, direct
from tests.bot.platforms.slack.fake.server import FakeSlack, Fault
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons, shown
from tests.bot.platforms.slack.test_feedback import answer_to, labels_become
from tests.support.fakes import saying
from tests.support.waiting import until


async def answered(slack: FakeSlack, ts: str, channel: str = GENERAL) -> None:
    await until(lambda: any({FEEDBACK, NONE} & {*buttons(m)} for m in slack.thread(channel, ts)))


@pytest.fixture
async def missed(start_bot: StartBot, slack: FakeSlack, people: People) -> Bot:
    """Two conversations, then a night without the bot, of which Slack tells nothing."""
    first = await start_bot()
    asked, private = await people.asks("첫째?"), await people.says("첫째?", channel=direct("U1"))
    await answered(slack, asked)
    await answered(slack, private, direct("U1"))
    chat = await people.says("점심 어때요?")
    await first.stop()
    slack.gives_up = True
    await people.asks("둘째?", user="U2")
    await people.says("셋째?", thread=asked)
    await people.says("넷째?", channel=direct("U1"))
    await people.says("다섯째?", user="U5", channel=direct("U5"))
    await people.says("국수요", thread=chat)
    await people.asks("여섯째?", thread=chat)
    await people.says("<@U3> 맞나요?", thread=asked)
    await people.says("좋아요")
    slack.gives_up = False
    second = await start_bot(saying("늦은 답"))
    await until(lambda: len(second.engine.prompts) >= 5)
    await second.settled()
    return second


async def test_what_was_asked_meanwhile_is_answered(missed: Bot, slack: FakeSlack):
    """Mentions, direct messages and follow-ups, each once and in its thread; nothing else."""
    rows = await missed.database.rows("SELECT text FROM questions ORDER BY text")
    asked = ["첫째?", "첫째?", "둘째?", "셋째?", "넷째?", "다섯째?", "여섯째?"]
    assert [row["text"] for row in rows] == sorted(asked)
    late = [m for m in slack.messages.values() if shown(m) == "늦은 답"]
    assert len(late) == 5


async def test_nothing_is_answered_twice_by_the_next_start(missed: Bot, start_bot: StartBot):
    """Looking back covers the same hours again."""
    asked = await missed.count("questions")
    await missed.stop()
    third = await start_bot()
    await asyncio.sleep(0.3)
    await third.settled()
    assert await third.count("questions") == asked
    assert third.engine.prompts == []


async def test_a_long_gap_is_made_up_for(start_bot: StartBot, slack: FakeSlack, people: People):
    """The line was broken for longer than Slack sends its events again."""
    bot = await start_bot(pace=replace(HURRY, gap_s=0.2, ping_s=0.1, idle_timeout_s=0.8))
    answer = await answer_to(slack, people)
    slack.gives_up = True
    slack.refuses_sockets = 1
    old = slack.sockets[-1]
    slack.cut_sockets()
    asked = await people.asks("둘째?")
    await people.reacts("+1", answer, user="U2")
    await until(lambda: slack.sockets and slack.sockets[-1] is not old)
    await answered(slack, asked)
    await labels_become(bot, [("slack:U2", "👍", 1.0)])
    assert len(slack.thread(GENERAL, asked)) == 1


async def test_a_short_gap_is_slacks_to_make_up_for(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """It sends its events again; reading everything back each time would be a nuisance."""
    await start_bot()
    old = slack.sockets[-1]
    await slack.disconnect()
    await until(lambda: slack.sockets and slack.sockets[-1] is not old)
    await asyncio.sleep(0.2)
    assert slack.called("users.conversations") == []


async def test_a_deaf_socket_has_missed_something(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """What it did not bring is looked for where the bot was asked last."""
    await start_bot(pace=replace(HURRY, quiet_s=0.5))
    await answer_to(slack, people)
    slack.gives_up = True
    asked = await people.asks("둘째?")
    await answered(slack, asked)


async def test_missed_reactions_are_made_up_for(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Added ones and removed ones, by however many people; bots count no more than before."""
    slack.users["U7"] = {"is_bot": True}
    first = await start_bot()
    answer = await answer_to(slack, people)
    for user in ("U2", "U3"):
        await people.reacts("+1", answer, user=user)
    await labels_become(first, [("slack:U2", "👍", 1.0), ("slack:U3", "👍", 1.0)])
    await first.stop()
    slack.gives_up = True
    await people.reacts("+1", answer, user="U2", removed=True)
    for user in ("U4", "U5", "U6", "U7", "U0BOT"):
        await people.reacts("-1::skin-tone-2", answer, user=user)
    slack.gives_up = False
    second = await start_bot()
    minus = [(f"slack:U{n}", "👎", -1.0) for n in (4, 5, 6)]
    await labels_become(second, [("slack:U3", "👍", 1.0), *minus])
    await people.reacts("-1::skin-tone-2", answer, user="U4", removed=True, at=time.time() + 1)
    await labels_become(second, [("slack:U3", "👍", 1.0), *minus[1:]])


async def test_a_slack_that_does_not_tell_is_no_harm(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """What cannot be read back is left as it is, and the rest is made up for."""
    first = await start_bot()
    answer = await answer_to(slack, people)
    await people.reacts("+1", answer, user="U2")
    await labels_become(first, [("slack:U2", "👍", 1.0)])
    await first.stop()
    slack.gives_up = True
    asked = await people.asks("둘째?")
    slack.gives_up = False
    slack.fail("users.conversations", Fault(error="missing_scope"))
    slack.fail("conversations.replies", Fault(error="thread_not_found"))
    second = await start_bot()
    await answered(slack, asked)
    await second.settled()
    assert await second.labels() == [("slack:U2", "👍", 1.0)]
