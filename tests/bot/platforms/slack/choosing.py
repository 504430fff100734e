"""What people see and press where they are asked which question they meant."""

from typing import Any

from bot.platforms.slack.blocks import NONE
from tests.bot.platforms.fakes.knowledge import UNSURE
from tests.bot.platforms.slack.conftest import Bot
from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import FakeSlack
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons
from tests.support.waiting import until

Message = dict[str, Any]


def elements(message: Message) -> list[Message]:
    return [e for block in message.get("blocks") or [] for e in block.get("elements", [])]


def value_of(message: Message, action: str) -> str:
    """What the first button of this action carries."""
    return next(e["value"] for e in elements(message) if e.get("action_id") == action)


async def offered(
    slack: FakeSlack, people: People, asked: str = UNSURE, channel: str = GENERAL
) -> Message:
    """Ask what nobody is sure about: the message with the choice."""
    say_it = people.asks if channel == GENERAL else people.says
    thread = await say_it(asked, channel=channel)
    found = await until(lambda: [m for m in slack.thread(channel, thread) if NONE in buttons(m)])
    return found[-1]


async def picks_of(bot: Bot) -> list[tuple[str, int]]:
    """(person, fits) of every pick, oldest first."""
    rows = await bot.database.rows("SELECT person, fits FROM picks ORDER BY id")
    return [(row[0], row[1]) for row in rows]


async def whisper_to(slack: FakeSlack, user: str, number: int = 1) -> Message:
    """What this person alone was told last."""
    told = await until(
        lambda: len(t := [w for w in slack.whispers if w["user"] == user]) >= number and t
    )
    return told[-1]
