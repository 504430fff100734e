"""Corrections that wait for an admin's decision."""

import structlog.testing

from bot.platforms.slack.blocks import APPROVE, REJECT
from bot.texts import say
from tests.bot.platforms.fakes.stored import corrections
from tests.bot.platforms.slack.conftest import FEEDBACK, Bot, StartBot, paragraphs
from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import BROKEN, LOST_ANSWER, FakeSlack
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons, shown, small_print
from tests.support.fakes import saying
from tests.support.waiting import until

ADMINS = "C2"
REVIEW = {
    "corrections": "review",
    "admins": ("slack:U9",),
    "admin_channel": (f"slack:{ADMINS}", "discord:1"),
}


async def waiting(slack: FakeSlack, people: People, text: str = "25일") -> str:
    """Correct an answer as U2; the message in the admin channel."""
    slack.channels[ADMINS] = {"name": "admins", "is_member": True}
    thread = await people.asks("언제?")
    await until(lambda: [m for m in slack.thread(GENERAL, thread) if FEEDBACK in buttons(m)])
    await people.says(f"정정: {text}", user="U2", thread=thread)
    thanks = await until(lambda: slack.thread(GENERAL, thread)[1:])
    assert "관리자가 승인하면" in shown(thanks[0])
    return str((await until(lambda: slack.posted(ADMINS)))[0]["ts"])


async def press(slack: FakeSlack, people: People, ts: str, action: str, user: str = "U9") -> None:
    message = slack.messages[ADMINS, ts]
    value = next(e["value"] for b in message["blocks"] for e in b.get("elements", []))
    await people.clicks(action, value, ts, user=user, channel=ADMINS)


async def test_admins_see_what_waits_and_decide(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """In the admin channel; the message then says who decided, and has no buttons."""
    slack.users["U9"] = {"profile": {"display_name": "아다"}}
    bot = await start_bot(**REVIEW)
    ts = await waiting(slack, people)
    message = slack.messages[ADMINS, ts]
    for word in ("언제?", "7월 25일까지입니다.", "정정: 25일", "slack:U2"):
        assert word in shown(message)
    assert buttons(message) == [APPROVE, REJECT]
    await press(slack, people, ts, APPROVE)
    await until(lambda: small_print(message) == "아다님이 승인했습니다.")
    assert "정정: 25일" in shown(message)
    assert buttons(message) == []
    assert await corrections(bot) == [("slack:U2", "25일", "live")]


async def test_buttons_work_after_a_restart(start_bot: StartBot, slack: FakeSlack, people: People):
    """And reject as well; the thanks then say so, and nothing is announced again."""
    slack.users["U9"] = {"profile": {"display_name": "아다"}}
    first = await start_bot(**REVIEW)
    ts = await waiting(slack, people)
    await first.stop()
    bot = await start_bot(**REVIEW)
    await press(slack, people, ts, REJECT)
    await until(lambda: "반려" in small_print(slack.messages[ADMINS, ts]))
    thanks = "🚫 아다님이 정정을 반려했습니다:\n25일"
    await until(lambda: thanks in [shown(m) for m in slack.messages.values()])
    assert len(slack.posted(ADMINS)) == 1
    assert await corrections(bot) == [("slack:U2", "25일", "rejected")]


async def test_others_are_politely_refused(start_bot: StartBot, slack: FakeSlack, people: People):
    """Only they see it; it goes on waiting."""
    bot = await start_bot(**REVIEW)
    ts = await waiting(slack, people)
    await press(slack, people, ts, APPROVE, user="U2")
    (whisper,) = await until(lambda: slack.whispers)
    assert (whisper["user"], whisper["text"]) == ("U2", say("review_admins_only", "ko"))
    assert buttons(slack.messages[ADMINS, ts]) == [APPROVE, REJECT]
    assert await corrections(bot) == [("slack:U2", "25일", "pending")]


async def test_what_was_decided_elsewhere_says_so(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """When it is pressed, on the web page for instance."""
    bot = await start_bot(**REVIEW)
    ts = await waiting(slack, people)
    assert await bot.app.correction_service.decide(1, "rejected", "web:a")
    await press(slack, people, ts, APPROVE)
    await until(lambda: small_print(slack.messages[ADMINS, ts]) == say("review_over", "ko"))
    assert await corrections(bot) == [("slack:U2", "25일", "rejected")]


async def test_a_correction_from_the_web_is_shown_too(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Wherever it came from, with words that call nobody and are cut for display."""
    slack.channels[ADMINS] = {"name": "admins", "is_member": True}
    bot = await start_bot(saying("<!here> " + paragraphs(4)), **REVIEW)
    thread = await people.asks("언제?" + "나" * 1000)
    await until(lambda: [m for m in slack.thread(GENERAL, thread) if FEEDBACK in buttons(m)])
    await bot.app.correction_service.correct(1, "web:x", "<!channel> <@U5> " + "가" * 3900, "ko")
    (message,) = await until(lambda: slack.posted(ADMINS))
    assert shown(message).count("…\n") == 3
    assert "web:x" in shown(message)


async def test_an_unreachable_admin_channel_is_logged(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """The correction stands, and other channels hear of it."""
    slack.channels[ADMINS] = {"name": "admins", "is_member": True}
    channels = ("slack:C404", f"slack:{ADMINS}")
    bot: Bot = await start_bot(**REVIEW | {"admin_channel": channels})
    with structlog.testing.capture_logs() as logs:
        await waiting(slack, people)
        await bot.settled()
    (log,) = [log for log in logs if log["event"] == "admin channel not reached"]
    assert log["channel"] == "slack:C404"
    assert "invite" in log["error"]
    assert await corrections(bot) == [("slack:U2", "25일", "pending")]


async def test_a_broken_line_shows_it_once(start_bot: StartBot, slack: FakeSlack, people: People):
    """Outside threads as well a lost post is found again."""
    slack.channels[ADMINS] = {"name": "admins", "is_member": True}
    bot = await start_bot(**REVIEW)
    thread = await people.asks("언제?")
    await until(lambda: [m for m in slack.thread(GENERAL, thread) if FEEDBACK in buttons(m)])
    slack.fail("chat.postMessage", BROKEN, LOST_ANSWER)
    await bot.app.correction_service.correct(1, "web:x", "25일", "ko")
    await bot.settled()
    assert len(slack.posted(ADMINS)) == 1
