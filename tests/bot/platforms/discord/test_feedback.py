"""What people think of an answer on Discord: reactions and buttons."""

import asyncio

import pytest

from tests.bot.platforms.discord.conftest import Bot, OpenBot
from tests.bot.platforms.discord.fake.server import FakeDiscord
from tests.bot.platforms.discord.fake.world import ALICE, BORA, BOT, OTHER_BOT, Payload
from tests.support.fakes import FakeEngine

LONG = " ".join(f"세금{n}" for n in range(900))


async def standing(bot: Bot, expected: dict[str, float]) -> None:
    """Wait until exactly these labels stand."""
    for _ in range(2000):
        if await bot.labels() == expected:
            break
        await asyncio.sleep(0.01)
    assert await bot.labels() == expected


@pytest.fixture
async def answer(fake: FakeDiscord, bot: Bot) -> Payload:
    answer = await fake.answer(await fake.ask("When is VAT due?"))
    await bot.settled()
    return answer


async def test_a_reaction_is_a_label(fake: FakeDiscord, bot: Bot, answer: Payload):
    """Of whoever put it there, until it is taken off."""
    await fake.react(answer, "👍", ALICE)
    await fake.react(answer, "👎", BORA)
    await standing(bot, {f"discord:{ALICE.id} 👍": 1, f"discord:{BORA.id} 👎": -1})
    await fake.unreact(answer, "👍", ALICE)
    await standing(bot, {f"discord:{BORA.id} 👎": -1})


async def test_any_piece_of_an_answer_can_be_rated(fake: FakeDiscord, open_bot: OpenBot):
    """They all belong to the same reply."""
    async with open_bot(FakeEngine(lambda _: LONG)) as bot:
        question = await fake.ask("Tell me everything")
        await fake.answer(question)
        for piece in fake.replies(question):
            await fake.react(piece, "👍")
        await standing(bot, {f"discord:{ALICE.id} 👍": 1})


@pytest.mark.parametrize(
    ("sent", "counted"), [("👍🏿", "👍"), ("❤️", "❤️"), ("❤", "❤️"), ("🎉", "🎉")]
)
async def test_forms_of_an_emoji_are_one(
    fake: FakeDiscord, bot: Bot, answer: Payload, sent: str, counted: str
):
    """Skin tones and the mark for colour make no difference."""
    await fake.react(answer, sent)
    await standing(bot, {f"discord:{ALICE.id} {counted}": 1})


async def test_custom_emoji_have_their_name(fake: FakeDiscord, open_bot: OpenBot):
    """As REACTIONS writes them."""
    async with open_bot(reactions=":correct:=1,👎=-1") as bot:
        answer = await fake.answer(await fake.ask("When is VAT due?"))
        await fake.react(answer, "correct", custom="777")
        await standing(bot, {f"discord:{ALICE.id} :correct:": 1})


async def test_bots_have_no_opinion(fake: FakeDiscord, bot: Bot, answer: Payload):
    """Neither others nor the bot itself; and other emoji are no verdict."""
    await fake.react(answer, "👍", BOT)
    await fake.react(answer, "👍", OTHER_BOT)
    await fake.react(answer, "👀", ALICE)
    await fake.react(answer, "🎉", ALICE)
    await standing(bot, {f"discord:{ALICE.id} 🎉": 1})


async def test_a_moderator_clears_reactions(fake: FakeDiscord, bot: Bot, answer: Payload):
    """Those of one emoji, or all."""
    await fake.react(answer, "👍", ALICE)
    await fake.react(answer, "🎉", ALICE)
    await fake.react(answer, "👎", BORA)
    await standing(
        bot,
        {
            f"discord:{ALICE.id} 👍": 1,
            f"discord:{ALICE.id} 🎉": 1,
            f"discord:{BORA.id} 👎": -1,
        },
    )
    await fake.clear_reactions(answer, "👍")
    await standing(bot, {f"discord:{ALICE.id} 🎉": 1, f"discord:{BORA.id} 👎": -1})
    await fake.clear_reactions(answer)
    await standing(bot, {})


async def test_a_button_is_one_vote(fake: FakeDiscord, bot: Bot, answer: Payload):
    """The other button changes it, the same one takes it back; each press is confirmed."""
    pressed = await fake.press(answer, "vote:up")
    assert await pressed.text() == "Counted. Thank you!"
    await standing(bot, {f"discord:{ALICE.id} 👍": 1})
    await fake.press(answer, "vote:down")
    await standing(bot, {f"discord:{ALICE.id} 👎": -1})
    pressed = await fake.press(answer, "vote:down")
    assert await pressed.text() == "Your vote was taken back."
    await standing(bot, {})


async def test_buttons_speak_the_persons_language(fake: FakeDiscord, bot: Bot, answer: Payload):
    """Whoever presses them."""
    pressed = await fake.press(answer, "vote:up", BORA)
    assert await pressed.text() == "평가를 반영했습니다. 고맙습니다!"


async def test_old_answers_can_be_rated(fake: FakeDiscord, bot: Bot, answer: Payload):
    """Buttons and reactions work after a restart."""
    await bot.restart()
    await fake.press(answer, "vote:up")
    await standing(bot, {f"discord:{ALICE.id} 👍": 1})
    await fake.react(answer, "🎉", BORA)
    await standing(bot, {f"discord:{ALICE.id} 👍": 1, f"discord:{BORA.id} 🎉": 1})


async def test_a_direct_answer_can_be_rated(fake: FakeDiscord, bot: Bot):
    """There Discord does not say who a member is."""
    direct = fake.world.direct_channel(ALICE)
    answer = await fake.answer(await fake.say("When is VAT due?", channel=direct))
    await fake.react(answer, "👍", BOT)
    await (await fake.press(answer, "vote:down")).text()
    await fake.react(answer, "🎉")
    await standing(bot, {f"discord:{ALICE.id} 👎": -1, f"discord:{ALICE.id} 🎉": 1})


async def test_other_messages_cannot_be_rated(fake: FakeDiscord, bot: Bot, answer: Payload):
    """Such as the question."""
    message = await fake.say("Hello all")
    await fake.react(message, "👍")
    await fake.react(answer, "🎉")
    await standing(bot, {f"discord:{ALICE.id} 🎉": 1})


async def test_the_same_emoji_twice_is_taken_off_twice(fake: FakeDiscord, open_bot: OpenBot):
    """It counts as long as it stands on any piece, in any skin tone."""
    async with open_bot(FakeEngine(lambda _: LONG)) as bot:
        question = await fake.ask("When is VAT due?")
        await fake.answer(question)
        first, second, *_ = fake.replies(question)
        marks = [(first, "👍"), (second, "👍"), (second, "👍🏽")]
        for piece, emoji in marks:
            await fake.react(piece, emoji)
        await standing(bot, {f"discord:{ALICE.id} 👍": 1})
        for piece, emoji in marks[:2]:
            await fake.unreact(piece, emoji)
            await bot.settled()
            assert await bot.labels() == {f"discord:{ALICE.id} 👍": 1}
        await fake.unreact(*marks[2])
        await standing(bot, {})
