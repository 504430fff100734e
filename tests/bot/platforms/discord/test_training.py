"""Training in the admin channel: a live line, then a report with a picture and buttons."""

import asyncio
from dataclasses import replace
from typing import Any

from bot.learning.outcome import BeforeAfter
from bot.texts import say
from tests.bot.platforms.discord.conftest import OpenBot
from tests.bot.platforms.discord.fake.server import FakeDiscord, until
from tests.bot.platforms.discord.fake.world import ADMIN, BORA, RANDOM, Payload
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
from tests.support.fakes import FakeTraining

IN_RANDOM: dict[str, Any] = {
    "admins": f"discord:{ADMIN.id}",
    "admin_channel": f"slack:C1,discord:{RANDOM}",
}


async def report(fake: FakeDiscord, training: FakeTraining) -> Payload:
    """Round 7 ends; the message in the admin channel."""
    await training.tell(WAITING if training.waiting else BETTER)
    await until(lambda: fake.posts(RANDOM))
    return fake.posts(RANDOM)[0]


def labels(message: Payload) -> list[str]:
    return [button["label"] for row in message["components"] for button in row["components"]]


async def test_a_live_line_is_edited_now_and_then(fake: FakeDiscord, open_bot: OpenBot):
    """One message, which is gone when the report is there."""
    training = FakeTraining()
    async with open_bot(training=training, **IN_RANDOM) as bot:
        for number in (1, 2):
            await training.tell(step(number))
            await bot.settled()
        (line,) = fake.posts(RANDOM)
        await asyncio.sleep(LINE_EVERY_S)
        assert line["content"] == "round 7: step 1"
        await training.tell(step(3))
        await until(lambda: line["content"] == "round 7: step 3")
        await training.tell(WORSE)
        await until(lambda: line not in fake.posts(RANDOM))
        assert [post["content"] for post in fake.posts(RANDOM)] == ["round 7: rejected"]


async def test_the_report_has_a_picture_and_a_way_back(fake: FakeDiscord, open_bot: OpenBot):
    """All in one message; whoever cannot see the picture reads what it shows."""
    training = with_live(NEW)
    async with open_bot(training=training, **IN_RANDOM):
        message = await report(fake, training)
        assert message["content"] == "round 7: promoted"
        assert labels(message) == ["Roll back"]
        (file,) = message["attachments"]
        assert file["description"] == say("training_picture", "en")
        (call,) = [call for call in fake.rest.calls if call.files]
        assert call.files[0].content == PICTURE


async def test_an_admin_rolls_back(fake: FakeDiscord, open_bot: OpenBot):
    """The message then says who did, and what answers now; its picture stays."""
    training = with_live(NEW)
    async with open_bot(training=training, **IN_RANDOM):
        message = await report(fake, training)
        reply = await (await fake.press(message, "rollback", ADMIN)).text()
        assert reply == say("training_rolled_back", "en", by="ada", version=OLD)
        assert message["content"] == f"round 7: promoted\n-# {reply}"
        assert (labels(message), len(message["attachments"])) == ([], 1)
        assert training.deeds == [f"discord:{ADMIN.id} rolls {DOMAIN} back"]


async def test_an_admin_approves_and_may_still_roll_back(fake: FakeDiscord, open_bot: OpenBot):
    """Where versions wait for approval."""
    training = with_live(OLD)
    training.waiting.add(NEW)
    async with open_bot(training=training, **IN_RANDOM):
        message = await report(fake, training)
        await (await fake.press(message, "approve", ADMIN)).text()
        assert training.deeds == [f"discord:{ADMIN.id} approves {NEW}"]
        assert labels(message) == ["Roll back"]


async def test_buttons_work_after_a_restart(fake: FakeDiscord, open_bot: OpenBot):
    """They carry all they need."""
    first, second = with_live(NEW), with_live(NEW)
    async with open_bot(training=first, **IN_RANDOM):
        message = await report(fake, first)
    async with open_bot(training=second, **IN_RANDOM):
        await (await fake.press(message, "rollback", ADMIN)).text()
        assert second.deeds == [f"discord:{ADMIN.id} rolls {DOMAIN} back"]


async def test_others_are_politely_refused(fake: FakeDiscord, open_bot: OpenBot):
    """They alone see it."""
    training = with_live(NEW)
    async with open_bot(training=training, **IN_RANDOM):
        message = await report(fake, training)
        reply = await (await fake.press(message, "rollback", BORA)).text()
        assert reply == say("training_admins_only", "ko")
        assert training.deeds == []
        assert labels(message) == ["Roll back"]


async def test_a_refused_picture_leaves_the_text(fake: FakeDiscord, open_bot: OpenBot):
    """In a channel where the bot may write but not attach files."""
    fake.rest.without_files.add(RANDOM)
    training = with_live(NEW)
    async with open_bot(training=training, **IN_RANDOM):
        message = await report(fake, training)
        assert message["attachments"] == []
        assert labels(message) == ["Roll back"]


async def test_a_domain_with_a_long_name_has_its_button(fake: FakeDiscord, open_bot: OpenBot):
    """Discord refuses a message with a button whose own name is too long."""
    domain = "a" * 40
    training = FakeTraining()
    training.history[domain] += [f"{domain}-1", f"{domain}-1234567"]
    outcome = replace(BETTER, domain=domain, version=f"{domain}-1234567")
    async with open_bot(training=training, **IN_RANDOM):
        await training.tell(outcome)
        await until(lambda: fake.posts(RANDOM))
        await (await fake.press(fake.posts(RANDOM)[0], "rollback", ADMIN)).text()
        assert training.deeds == [f"discord:{ADMIN.id} rolls {domain} back"]


async def test_words_in_a_report_stay_words(fake: FakeDiscord, open_bot: OpenBot):
    """A question may look like a link that is ours."""
    asked = replace(
        BETTER, samples=(BeforeAfter("?", "", "[approve](https://evil.example) **now**"),)
    )
    training = with_live(NEW)
    async with open_bot(training=training, **IN_RANDOM):
        await training.tell(asked)
        await until(lambda: fake.posts(RANDOM))
        text = r"\[approve](https://evil.example) \*\*now\*\*"
        assert fake.posts(RANDOM)[0]["content"].endswith(text)


async def test_a_long_report_takes_several_messages(fake: FakeDiscord, open_bot: OpenBot):
    """Nothing of it is lost; the last one has the picture and the buttons."""
    training = with_live(NEW)
    async with open_bot(training=training, **IN_RANDOM):
        await training.tell(LONG)
        await until(lambda: len(fake.posts(RANDOM)) == 2)
        first, last = fake.posts(RANDOM)
        assert f"{first['content']}\n{last['content']}".endswith(LONG.samples[-1].after)
        assert f"{first['content']}\n{last['content']}".count("\n") == len(LONG.samples)
        assert (labels(first), labels(last)) == ([], ["Roll back"])
        assert (len(first["attachments"]), len(last["attachments"])) == (0, 1)
