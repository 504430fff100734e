"""Many people ask at once on Discord."""

import asyncio

import pytest

from tests.bot.platforms.discord.conftest import OpenBot, set_edit_pace
from tests.bot.platforms.discord.fake.server import FakeDiscord
from tests.bot.platforms.discord.fake.world import GENERAL, PEOPLE, RANDOM
from tests.support.fakes import FakeEngine

ASKERS = [person for person in PEOPLE.values() if not person.bot]


def echo(prompt: str) -> str:
    return "About " + prompt.rsplit("question ", 1)[1].partition("?")[0]


async def test_fifty_at_once_are_each_answered_once(fake: FakeDiscord, open_bot: OpenBot):
    """With the answer to their own question, while every event comes twice."""
    async with open_bot(FakeEngine(echo, slots=8, waiting=50)):
        questions = [
            await fake.ask(
                f"question {number}?",
                ASKERS[number % len(ASKERS)],
                channel=(GENERAL, RANDOM)[number % 2],
                again=True,
            )
            for number in range(50)
        ]
        await asyncio.gather(*(fake.answer(question, 60) for question in questions))
        await asyncio.sleep(0.2)
        for number, question in enumerate(questions):
            (reply,) = fake.replies(question)
            assert reply["content"] == f"About {number}"


@pytest.mark.slow
async def test_a_busy_channel_stays_within_the_limit(
    fake: FakeDiscord, open_bot: OpenBot, monkeypatch: pytest.MonkeyPatch
):
    """Discord takes 5 posts and edits in 5 seconds: previews make room for the answers."""
    set_edit_pace(monkeypatch, fake, 1.0)
    fake.rest.limits_sends = True
    engine = FakeEngine(
        lambda _: " ".join(f"word{n}" for n in range(40)), pace_s=0.1, slots=6, waiting=6
    )
    async with open_bot(engine):
        loop = asyncio.get_running_loop()
        began = loop.time()
        questions = [await fake.ask(f"question {number}?") for number in range(6)]
        await asyncio.gather(*(fake.answer(question, 40) for question in questions))
        took = loop.time() - began
        for question in questions:
            (reply,) = fake.replies(question)
            assert reply["content"].endswith("word39")
        print(f"6 answers of 4 s in one channel took {took:.1f} s")  # noqa: T201
        assert took < 13  # 15 without making room
        assert fake.rest.rejected <= 2
