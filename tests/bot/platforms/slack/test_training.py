"""Training in the admin channel: a live line, then a report with a picture and buttons."""

import asyncio

import structlog.testing

from bot.platforms.slack.auth import SCOPES
from bot.platforms.slack.blocks import GO_LIVE, ROLL_BACK
from bot.texts import say
from tests.bot.platforms.fakes.rounds import (
    BETTER,
    DOMAIN,
    LINE_EVERY_S,
    LONG,
    NEW,
    OLD,
    PICTURE,
    WAITING,
    WORSE,
    step,
    with_live,
)
from tests.bot.platforms.slack.conftest import StartBot
from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import Args, FakeSlack
from tests.bot.platforms.slack.fake.workspace import buttons, shown, small_print
from tests.support.fakes import FakeTraining
from tests.support.waiting import until

ADMINS = "C2"
ADMIN = {"admins": ("slack:U9",), "admin_channel": (f"slack:{ADMINS}", "discord:1")}


async def report(slack: FakeSlack, training: FakeTraining) -> Args:
    """Round 7 ends; the message in the admin channel."""
    slack.channels[ADMINS] = {"name": "admins", "is_member": True}
    await training.tell(WAITING if training.waiting else BETTER)
    message, _ = await until(lambda: len(posted := slack.posted(ADMINS)) == 2 and posted)
    return message


async def press(slack: FakeSlack, people: People, message: Args, user: str = "U9") -> None:
    (button,) = [e for b in message["blocks"] if b["type"] == "actions" for e in b["elements"]]
    await people.clicks(
        button["action_id"], button["value"], message["ts"], user=user, channel=ADMINS
    )


async def test_a_live_line_is_edited_now_and_then(start_bot: StartBot, slack: FakeSlack):
    """One message, which is gone when the report is there."""
    slack.channels[ADMINS] = {"name": "admins", "is_member": True}
    training = FakeTraining()
    bot = await start_bot(training=training, **ADMIN)
    for number in (1, 2):
        await training.tell(step(number))
        await bot.settled()
    (line,) = slack.posted(ADMINS)
    await asyncio.sleep(LINE_EVERY_S)
    assert shown(line) == "round 7: step 1"
    await training.tell(step(3))
    await until(lambda: shown(line) == "round 7: step 3")
    await training.tell(WORSE)
    await until(lambda: line not in slack.posted(ADMINS))
    assert shown(slack.posted(ADMINS)[0]) == "round 7: rejected"


async def test_the_report_has_a_picture_and_a_way_back(start_bot: StartBot, slack: FakeSlack):
    """The picture is the next message; whoever cannot see it reads what it shows."""
    training = with_live(NEW)
    await start_bot(training=training, **ADMIN)
    message = await report(slack, training)
    assert shown(message) == "round 7: promoted"
    assert buttons(message) == [ROLL_BACK]
    (file,) = slack.posted(ADMINS)[1]["files"]
    upload = slack.uploads.files[file["id"]]
    assert (upload.content, upload.alt) == (PICTURE, say("training_picture", "ko"))


async def test_an_admin_rolls_back(start_bot: StartBot, slack: FakeSlack, people: People):
    """The message then says who did, and what answers now."""
    slack.users["U9"] = {"profile": {"display_name": "아다"}}
    training = with_live(NEW)
    await start_bot(training=training, **ADMIN)
    message = await report(slack, training)
    await press(slack, people, message)
    await until(lambda: small_print(message))
    assert small_print(message) == say("training_rolled_back", "ko", by="아다", version=OLD)
    assert buttons(message) == []
    assert training.deeds == [f"slack:U9 rolls {DOMAIN} back"]


async def test_an_admin_approves_and_may_still_roll_back(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Where versions wait for approval."""
    training = with_live(OLD)
    training.waiting.add(NEW)
    await start_bot(training=training, **ADMIN)
    message = await report(slack, training)
    assert buttons(message) == [GO_LIVE]
    await press(slack, people, message)
    await until(lambda: small_print(message))
    assert training.deeds == [f"slack:U9 approves {NEW}"]
    assert buttons(message) == [ROLL_BACK]


async def test_buttons_work_after_a_restart(start_bot: StartBot, slack: FakeSlack, people: People):
    """They carry all they need."""
    first = with_live(NEW)
    bot = await start_bot(training=first, **ADMIN)
    message = await report(slack, first)
    await bot.stop()
    second = with_live(NEW)
    await start_bot(training=second, **ADMIN)
    await press(slack, people, message)
    await until(lambda: small_print(message))
    assert second.deeds == [f"slack:U9 rolls {DOMAIN} back"]


async def test_others_are_politely_refused(start_bot: StartBot, slack: FakeSlack, people: People):
    """They alone see it."""
    training = with_live(NEW)
    await start_bot(training=training, **ADMIN)
    message = await report(slack, training)
    await press(slack, people, message, user="U2")
    (whisper,) = await until(lambda: slack.whispers)
    assert (whisper["user"], whisper["text"]) == ("U2", say("training_admins_only", "ko"))
    assert training.deeds == []
    assert buttons(message) == [ROLL_BACK]


async def test_a_refused_picture_leaves_the_text(start_bot: StartBot, slack: FakeSlack):
    """An app without the scope for files works on; the log names the scope."""
    slack.scopes = ",".join(SCOPES)
    slack.channels[ADMINS] = {"name": "admins", "is_member": True}
    training = with_live(NEW)
    bot = await start_bot(training=training, **ADMIN)
    with structlog.testing.capture_logs() as logs:
        await training.tell(BETTER)
        await bot.settled()
    (message,) = slack.posted(ADMINS)
    assert buttons(message) == [ROLL_BACK]
    (log,) = logs
    assert log["event"] == "report without picture"
    assert "files:write" in log["error"]


async def test_a_long_report_is_shown_whole(start_bot: StartBot, slack: FakeSlack):
    """In parts that Slack takes, which the fake checks."""
    slack.channels[ADMINS] = {"name": "admins", "is_member": True}
    training = with_live(NEW)
    await start_bot(training=training, **ADMIN)
    await training.tell(LONG)
    message, _ = await until(lambda: len(posted := slack.posted(ADMINS)) == 2 and posted)
    assert shown(message).endswith(LONG.samples[-1].after)
    assert shown(message).count("\n") == len(LONG.samples)
