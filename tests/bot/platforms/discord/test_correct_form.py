"""The form behind a thumb down: what should it have said?"""

import pytest

from bot.texts import say
from storage.errors import StorageError
from tests.bot.platforms.discord.conftest import Bot, OpenBot
from tests.bot.platforms.discord.fake.server import FakeDiscord, Interaction, until
from tests.bot.platforms.discord.fake.world import ALICE, BORA, Payload
from tests.bot.platforms.fakes.stored import become, corrections, votes


async def formed(fake: FakeDiscord) -> tuple[Payload, Interaction]:
    """Ask, press 👎, open the form: the answer and what has shown the form."""
    answer = await fake.answer(await fake.ask("When is VAT due?"))
    pressed = await fake.press(answer, "vote:down", BORA)
    await pressed.text()
    opened = await fake.press(pressed.whispers[0], "정정하기", BORA)
    assert opened.form
    assert opened.form["title"] == "정정하기"
    return answer, opened


async def test_what_was_typed_becomes_a_correction(fake: FakeDiscord, bot: Bot):
    """The bot posts who says what; reactions to that are votes on it."""
    answer, opened = await formed(fake)
    reply = await (await fake.fill(opened, "1월 25일", BORA)).text()
    assert "다음 질문부터" in reply
    await until(lambda: fake.replies(answer))
    (posted,) = fake.replies(answer)
    assert posted["content"].startswith("✏️ Correction by bora")
    assert "1월 25일" in posted["content"]
    assert await corrections(bot) == [(f"discord:{BORA.id}", "1월 25일", "live")]
    await fake.react(posted, "👍", ALICE)
    await become(lambda: votes(bot), [(f"discord:{ALICE.id}", 1.0)])


async def test_the_field_may_stay_empty(fake: FakeDiscord, bot: Bot):
    """It is optional, and the vote counts anyway."""
    answer, opened = await formed(fake)
    await fake.fill(opened, "  ", BORA)
    await bot.settled()
    assert fake.replies(answer) == []
    assert await bot.labels() == {f"discord:{BORA.id} 👎": -1}


async def test_only_a_thumb_down_that_counts_offers_it(fake: FakeDiscord, bot: Bot):
    """Neither praise nor a vote that is taken back."""
    answer = await fake.answer(await fake.ask("When is VAT due?"))
    offered = []
    for vote in ("up", "up", "down", "down"):
        pressed = await fake.press(answer, f"vote:{vote}")
        await pressed.text()
        offered.append(bool(pressed.whispers[0]["components"]))
    assert offered == [False, False, True, False]


async def test_a_refusal_gives_the_text_back(fake: FakeDiscord, open_bot: OpenBot):
    """The form is closed: in private, each time and not only the first."""
    async with open_bot(allowed_users=f"discord:{ALICE.id}") as bot:
        _, opened = await formed(fake)
        for _ in range(2):
            sent = await fake.fill(opened, "25일" * 1000, BORA)
            await until(lambda sent=sent: len(sent.texts) == 2)
            reply = await sent.text()
            assert reply.startswith(say("user_not_allowed", "ko"))
            assert reply.count("25일") == 1000
        assert await corrections(bot) == []


async def test_a_form_outlives_a_restart(fake: FakeDiscord, bot: Bot):
    """Its name says which answer it is about; sent again it is the same correction."""
    answer, opened = await formed(fake)
    await bot.restart()
    for _ in range(2):
        await (await fake.fill(opened, "25일", BORA)).text()
    await bot.settled()
    assert await corrections(bot) == [(f"discord:{BORA.id}", "25일", "live")]
    assert fake.replies(answer)


async def test_a_full_disk_gives_the_text_back(
    fake: FakeDiscord, bot: Bot, monkeypatch: pytest.MonkeyPatch
):
    """With a reference."""

    async def full(*_: object, **__: object) -> int:
        raise StorageError("the disk is full")

    _, opened = await formed(fake)
    monkeypatch.setattr(bot.app.data.corrections, "add", full)
    reply = await (await fake.fill(opened, "25일", BORA)).text()
    assert "관리자" in reply
    assert reply.endswith("25일")


async def test_where_the_bot_may_not_write_it_counts_all_the_same(fake: FakeDiscord, bot: Bot):
    """The person hears so."""
    answer, opened = await formed(fake)
    fake.rest.forbidden.add(answer["channel_id"])
    reply = await (await fake.fill(opened, "25일", BORA)).text()
    assert "다음 질문부터" in reply
    assert await corrections(bot) == [(f"discord:{BORA.id}", "25일", "live")]
