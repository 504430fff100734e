"""Slash commands."""

from bot.platforms.slack_call import Pace
from tests.fakes import saying
from tests.platforms.slack.conftest import StartBot
from tests.platforms.slack.fake_slack import FakeSlack, Fault
from tests.platforms.slack.people import People
from tests.platforms.slack.workspace import GENERAL
from tests.platforms.waiting import until


async def test_stats_are_shown_to_admins_alone(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """In their language; others get a polite refusal, in theirs."""
    slack.users["U2"] = {"locale": "en-US"}
    bot = await start_bot(saying("답"), admins=("slack:U1",))
    asked = await people.asks("언제?")
    await until(lambda: slack.thread(GENERAL, asked))
    shown = await people.types("/stats")
    assert shown
    assert shown["response_type"] == "ephemeral"
    assert "질문 1 (사람 1명) · 답변 1" in shown["text"]
    refused = await people.types("/stats", user="U2")
    assert refused == {"text": "Only admins can use this command.", "response_type": "ephemeral"}
    assert await bot.count("questions") == 1


async def test_an_unknown_command_lists_what_there_is(start_bot: StartBot, people: People):
    """Instead of an error by Slack."""
    await start_bot()
    shown = await people.types("/nothing")
    assert shown
    assert "stats" in shown["text"]


async def test_a_slow_command_is_acknowledged_first(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Slack waits three seconds; the result follows."""
    slack.fail("users.info", Fault(wait_s=0.4))
    await start_bot(pace=Pace(ack_s=0.1))
    assert await people.types("/stats") is None
    (late,) = await until(lambda: slack.responses)
    assert late["response_type"] == "ephemeral"
    assert "관리자만" in late["text"]
