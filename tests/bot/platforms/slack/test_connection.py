"""Sockets come and go; nothing that was said meanwhile is lost."""

import asyncio
from dataclasses import replace

import pytest
import structlog.testing

from bot.platforms.slack.retry import Timing
from tests.bot.platforms.slack.conftest import HURRY, StartBot
from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import BROKEN, FakeSlack, Fault
from tests.bot.platforms.slack.fake.workspace import GENERAL, shown
from tests.support.fakes import FakeEngine
from tests.support.waiting import until


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_a_request_to_reconnect_is_followed(
    start_bot: StartBot, slack: FakeSlack, people: People, reason: str
):
    """An answer on its way goes on, and what comes in between is answered."""
    engine = FakeEngine(lambda prompt: "둘째" if "둘째" in prompt else "첫째 답")
    engine.hold(after_words=1)
    await start_bot(engine)
    first = await people.asks("하나?")
    await until(lambda: slack.thread(GENERAL, first))
    old = slack.sockets[-1]
    await slack.disconnect(reason)
    second = await people.asks("둘째?")
    await until(lambda: old not in slack.sockets)
    engine.go_on()
    (answer,) = slack.thread(GENERAL, first)
    await until(lambda: shown(answer) == "첫째 답")
    assert len(await until(lambda: slack.thread(GENERAL, second))) == 1


async def test_a_broken_line_is_mended(start_bot: StartBot, slack: FakeSlack, people: People):
    """Even when Slack itself has trouble at first."""
    await start_bot()
    old = slack.sockets[-1]
    slack.fail("apps.connections.open", BROKEN)
    slack.cut_sockets()
    await until(lambda: slack.sockets and slack.sockets[-1] is not old)
    asked = await people.asks("언제?")
    assert len(await until(lambda: slack.thread(GENERAL, asked))) == 1


async def test_a_socket_without_a_pulse_is_replaced(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """It is still open, but nobody answers at the other end."""
    await start_bot(pace=Timing(ping_s=30, idle_timeout_s=0.6))
    slack.answers_pings = False
    old = slack.sockets[-1]
    await until(lambda: slack.sockets and slack.sockets[-1] is not old)
    slack.answers_pings = True
    asked = await people.asks("언제?")
    assert len(await until(lambda: slack.thread(GENERAL, asked))) == 1


async def test_an_address_that_has_run_out_is_not_tried_for_ever(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """As the SDK does when the first try to reconnect fails."""
    await start_bot(pace=Timing(ping_s=0.2, idle_timeout_s=0.8))
    old = slack.sockets[-1]
    slack.refuses_sockets = 1
    slack.cut_sockets()
    await until(lambda: slack.sockets and slack.sockets[-1] is not old)
    asked = await people.asks("언제?")
    assert len(await until(lambda: slack.thread(GENERAL, asked))) == 1
    assert len(slack.sockets) == 1


async def test_a_deaf_socket_is_replaced(start_bot: StartBot, slack: FakeSlack, people: People):
    """Pings are answered, but no event arrives any more."""
    await start_bot(pace=Timing(ping_s=0.2, quiet_s=0.5))
    old = slack.sockets[-1]
    slack.drops_events = True
    asking = asyncio.create_task(people.asks("언제?"))
    await until(lambda: slack.sockets and slack.sockets[-1] is not old)
    slack.drops_events = False
    asked = await asking
    assert len(await until(lambda: slack.thread(GENERAL, asked))) == 1


@pytest.mark.parametrize(
    ("error", "named"),
    [
        ("token_revoked", "SLACK_BOT_TOKEN: Slack does not take it"),
        ("missing_scope", "lacks the scopes chat:write; add them at api.slack"),
        (
            "not_in_channel",
            "not_in_channel; the bot is not in the channel: /in",
        ),
    ],
)
async def test_what_slack_refuses_while_running_is_told_in_one_line(
    start_bot: StartBot, slack: FakeSlack, people: People, error: str, named: str
):
    """It names what to change and where, without a traceback."""
    slack.fail("chat.postMessage", Fault(error=error, needed="chat:write"))
    bot = await start_bot()
    with structlog.testing.capture_logs() as logs:
        await people.asks("언제?")
        await until(lambda: logs and not bot.platform._chat.parts.tasks.tasks)
    (error_log,) = [log for log in logs if log["log_level"] == "error"]
    assert named in error_log["error"]
    assert "exc_info" not in error_log


async def test_an_app_token_that_was_revoked_is_named(start_bot: StartBot, slack: FakeSlack):
    """When no new socket can be opened with it; the bot goes on trying."""
    await start_bot(pace=replace(HURRY, idle_timeout_s=0.4))
    slack.fail("apps.connections.open", *[Fault(error="token_revoked")] * 20)
    with structlog.testing.capture_logs() as logs:
        slack.cut_sockets()
        await until(lambda: any(log["event"] == "no new socket" for log in logs))
    error_log = next(log for log in logs if log["event"] == "no new socket")
    assert error_log["error"].startswith("SLACK_APP_TOKEN: Slack does not take it (token_revoked)")


async def test_plain_words_on_the_socket_are_no_harm(
    start_bot: StartBot, slack: FakeSlack, people: People, caplog: pytest.LogCaptureFixture
):
    """Slack may send something that is no event at all."""
    await start_bot()
    await until(lambda: slack.sockets)
    await slack.sockets[-1].send_str("Ping from applink")
    asked = await people.asks("언제?")
    await until(lambda: slack.thread(GENERAL, asked))
    assert not caplog.records


async def test_everything_is_acknowledged(start_bot: StartBot, slack: FakeSlack, people: People):
    """What means nothing to the bot too, or Slack would send it again and again."""
    await start_bot()
    await people.tell({"type": "channel_rename", "channel": {"id": GENERAL}, "event_ts": "1.1"})
    await people.tell({"type": "message", "subtype": "channel_join", "channel": GENERAL})
    await people.tell({"type": "reaction_added", "item": {"type": "file"}, "event_ts": "x"})
    await people.types("/nothing")
    await people.clicks("unknown", "x", "1.1")
    for kind in ("message_action", "shortcut", "view_submission"):
        await slack.deliver(
            "interactive",
            {
                "type": kind,
                "callback_id": "x",
                "team": {"id": "T1"},
                "user": {"id": "U1"},
                "view": {"type": "modal", "callback_id": "x"},
            },
        )
    assert len(slack.acks_s) == 8
    assert max(slack.acks_s) < 1


async def test_two_hundred_questions_at_once(start_bot: StartBot, slack: FakeSlack, people: People):
    """Each is answered exactly once, in its thread; every event is acknowledged within a second."""
    engine = FakeEngine(lambda p: f"답 {p.rsplit('질문: ', 1)[1][:3]}", slots=200, waiting=200)
    bot = await start_bot(engine)
    numbers = range(100, 300)
    asked = await asyncio.gather(*(people.asks(f"{n}번?", user=f"U{n}") for n in numbers))
    await until(lambda: all(slack.thread(GENERAL, ts) for ts in asked), within_s=60)
    await until(lambda: not bot.platform._chat.parts.tasks.tasks)
    for number, ts in zip(numbers, asked, strict=True):
        assert [shown(m) for m in slack.thread(GENERAL, ts)] == [f"답 {number}"]
    assert await bot.count("questions") == 200
    assert len(slack.acks_s) == 400
    assert max(slack.acks_s) < 1
