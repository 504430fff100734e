"""The form behind a thumb down: what should it have said?"""

from typing import Any

import pytest

from bot.platforms.slack.blocks import CORRECT
from bot.platforms.slack.retry import Timing
from bot.texts import say
from storage.errors import StorageError
from tests.bot.platforms.fakes.stored import become, corrections, votes
from tests.bot.platforms.slack.conftest import FEEDBACK, HURRY, StartBot
from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import FakeSlack, Fault
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons, shown
from tests.support.waiting import until

Form = dict[str, Any]


async def formed(slack: FakeSlack, people: People, user: str = "U2") -> tuple[str, Form]:
    """Ask, press 👎, open the form: the thread and the form."""
    thread = await people.asks("언제?")
    (answer,) = await until(
        lambda: [m for m in slack.thread(GENERAL, thread) if FEEDBACK in buttons(m)]
    )
    await people.clicks(FEEDBACK, "bad", answer["ts"], user=user)
    (whisper,) = await until(lambda: slack.whispers)
    assert whisper["user"] == user
    button = next(e for b in whisper["blocks"] for e in b.get("elements", []))
    assert button["text"]["text"] == "정정하기"
    await people.clicks(button["action_id"], button["value"], "1.0", user=user)
    (form,) = await until(lambda: slack.views.opened)
    return thread, form


async def posted(slack: FakeSlack, thread: str) -> Form:
    """What the bot says below its answer."""
    (message,) = await until(lambda: slack.thread(GENERAL, thread)[1:])
    return message


async def test_what_was_typed_becomes_a_correction(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """The bot posts who says what; reactions to that are votes on it."""
    slack.users["U2"] = {"profile": {"display_name": "보라"}}
    bot = await start_bot()
    thread, form = await formed(slack, people)
    assert await people.submits(form, "1월 25일", user="U2") is None
    message = await posted(slack, thread)
    assert "보라님의 정정" in shown(message)
    assert "1월 25일" in shown(message)
    assert await corrections(bot) == [("slack:U2", "1월 25일", "live")]
    await people.reacts("+1", message["ts"], user="U3")
    await become(lambda: votes(bot), [("slack:U3", 1.0)])


async def test_the_field_may_stay_empty(start_bot: StartBot, slack: FakeSlack, people: People):
    """It is optional, and the vote counts anyway."""
    bot = await start_bot()
    thread, form = await formed(slack, people)
    assert await people.submits(form, "  ", user="U2") is None
    await bot.settled()
    assert len(slack.thread(GENERAL, thread)) == 1
    assert await bot.labels() == [("slack:U2", "👎", -1.0)]


@pytest.mark.parametrize("value", ["good", "bad"])
async def test_only_a_thumb_down_that_counts_offers_it(
    start_bot: StartBot, slack: FakeSlack, people: People, value: str
):
    """Neither praise nor a vote that is taken back."""
    await start_bot()
    thread = await people.asks("언제?")
    (answer,) = await until(
        lambda: [m for m in slack.thread(GENERAL, thread) if FEEDBACK in buttons(m)]
    )
    for presses in (1, 2):
        await people.clicks(FEEDBACK, value, answer["ts"])
        await until(lambda presses=presses: len(slack.whispers) == presses)
    offered = [buttons(whisper) for whisper in slack.whispers]
    assert offered == ([[CORRECT], []] if value == "bad" else [[], []])


async def test_a_refusal_is_shown_in_the_form(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Which stays open, with what was typed; each time, not only the first."""
    bot = await start_bot(allowed_users=("slack:U1",))
    _, form = await formed(slack, people)
    for _ in range(2):
        reply = await people.submits(form, "25일", user="U2")
        assert reply
        assert reply["response_action"] == "errors"
        assert reply["errors"] == {form["blocks"][0]["block_id"]: say("user_not_allowed", "ko")}
    assert await corrections(bot) == []


async def test_a_form_outlives_a_restart_and_counts_once(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Sent twice by Slack it is one correction and one message."""
    first = await start_bot()
    thread, form = await formed(slack, people)
    await first.stop()
    bot = await start_bot()
    for _ in range(2):
        await people.submits(form, "25일", user="U2")
        await bot.settled()
    message = await posted(slack, thread)
    assert await corrections(bot) == [("slack:U2", "25일", "live")]
    await people.reacts("+1", message["ts"], user="U3")
    await become(lambda: votes(bot), [("slack:U3", 1.0)])


async def test_a_full_disk_is_told_in_the_form(
    start_bot: StartBot, slack: FakeSlack, people: People, monkeypatch: pytest.MonkeyPatch
):
    """And sent again with room on the disk, it counts."""

    async def full(*_: object, **__: object) -> int:
        raise StorageError("the disk is full")

    bot = await start_bot()
    _, form = await formed(slack, people)
    with monkeypatch.context() as bad_day:
        bad_day.setattr(bot.app.data.corrections, "add", full)
        reply = await people.submits(form, "25일", user="U2")
    assert reply
    assert "관리자" in reply["errors"][CORRECT]
    assert await people.submits(form, "25일", user="U2") is None
    assert await corrections(bot) == [("slack:U2", "25일", "live")]


async def test_a_slow_refusal_is_told_in_private(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Slack waits three seconds; with what was typed, which the closed form has lost."""
    await start_bot(pace=Timing(ack_s=0.1, lookup_s=1.0), allowed_users=("slack:U1",))
    _, form = await formed(slack, people)
    slack.fail("users.info", Fault(wait_s=0.4))
    slack.whispers.clear()
    assert await people.submits(form, "25일", user="U3") is None
    (whisper,) = await until(lambda: slack.whispers)
    assert say("user_not_allowed", "ko") in whisper["text"]
    assert "25일" in whisper["text"]


async def test_a_form_that_cannot_be_opened_breaks_nothing(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """A late click: the next one opens it."""
    slack.fail("views.open", Fault(error="expired_trigger_id"))
    bot = await start_bot(pace=HURRY)
    thread = await people.asks("언제?")
    (answer,) = await until(
        lambda: [m for m in slack.thread(GENERAL, thread) if FEEDBACK in buttons(m)]
    )
    place = f'["{GENERAL}", "{answer["ts"]}", "{thread}"]'
    await people.clicks(CORRECT, place, "1.0")
    await bot.settled()
    assert slack.views.opened == []
    await people.clicks(CORRECT, place, "1.0")
    await until(lambda: slack.views.opened)
