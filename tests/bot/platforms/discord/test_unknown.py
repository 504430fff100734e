"""What the bot says on Discord about what it does not know, and what an answer rests on."""

import pytest

from bot import app
from bot.texts import say
from tests.bot.platforms.discord.conftest import Bot, OpenBot
from tests.bot.platforms.discord.fake.server import FakeDiscord, until
from tests.bot.platforms.discord.fake.world import Payload
from tests.bot.platforms.fakes.knowledge import KNOWN, teach
from tests.bot.platforms.fakes.stored import corrections
from tests.support.fakes import FakeEmbedder, FakeEngine

MARK = say("draft", "en")
LONG = " ".join(f"세금{n}" for n in range(900))


async def read_again(fake: FakeDiscord, bot: Bot, answer: Payload) -> str:
    """Reply to an answer that the database has lost; the prompt."""
    async with bot.database.transaction() as db:
        await db.execute("DELETE FROM conversations")
    await fake.ask("And then?", reply_to=answer)
    await until(lambda: any("And then?" in p.text for p in bot.engine.prompts))
    return next(p.text for p in bot.engine.prompts if "And then?" in p.text)


async def test_an_unverified_answer_is_marked(fake: FakeDiscord, open_bot: OpenBot):
    """Above and below it, which is no part of the answer when it is read back."""
    async with open_bot(unknown="mark") as bot:
        answer = await fake.answer(await fake.ask("When is VAT due?"))
        assert answer["content"] == f"{MARK}\n\nA fine answer.\n-# {say('unverified', 'en')}"
        prompt = await read_again(fake, bot, answer)
        assert "When is VAT due?" in prompt
        assert "A fine answer." in prompt
        assert "Unverified" not in prompt


async def test_a_draft_is_marked_from_its_first_word_on(fake: FakeDiscord, open_bot: OpenBot):
    """In every message of it, and the form for corrections is one press away."""
    engine = FakeEngine(lambda _: LONG)
    engine.hold(after_words=2)
    async with open_bot(engine, unknown="mark") as bot:
        question = await fake.ask("When is VAT due?")
        await until(lambda: fake.replies(question))
        assert fake.replies(question)[0]["content"] == f"{MARK}\n\n세금0 세금1"
        engine.go_on()
        answer = await fake.answer(question)
        pieces = fake.replies(question)
        assert len(pieces) > 2
        assert all(piece["content"].startswith(f"{MARK}\n\n") for piece in pieces)
        opened = await fake.press(answer, "correct:")
        await (await fake.fill(opened, "the 25th")).text()
        assert [text for _, text, _ in await corrections(bot)] == ["the 25th"]


async def test_what_is_known_shows_its_source(
    fake: FakeDiscord, open_bot: OpenBot, monkeypatch: pytest.MonkeyPatch
):
    """And no warning."""
    monkeypatch.setattr(app, "choose_embedder", lambda *_: FakeEmbedder())
    async with open_bot(unknown="mark") as bot:
        await teach(bot)
        answer = await fake.answer(await fake.ask(KNOWN))
        assert answer["content"] == (
            "7월 25일까지입니다.\n-# ✅ Verified · Based on: 부가가치세법 제49조 (as of 2025-01-01)"
        )
        assert "Based on" not in await read_again(fake, bot, answer)


async def test_an_abstaining_bot_does_not_guess(fake: FakeDiscord, open_bot: OpenBot):
    """It says how to teach it, and that works."""
    async with open_bot(unknown="abstain") as bot:
        answer = await fake.answer(await fake.ask("When is VAT due?"))
        assert answer["content"] == say("abstained", "en")
        assert bot.engine.prompts == []
        message = await fake.say("correction: the 25th", reply_to=answer)
        assert "the 25th" in await fake.reply_text(message)
        assert [text for _, text, _ in await corrections(bot)] == ["the 25th"]


async def test_an_abstention_is_not_read_back_as_an_answer(fake: FakeDiscord, open_bot: OpenBot):
    """Nor are corrections, and our thanks for them."""
    async with open_bot(unknown="abstain"):
        answer = await fake.answer(await fake.ask("When is VAT due?"))
        message = await fake.say("correction: the 25th", reply_to=answer)
        await until(lambda: fake.replies(message))
        thanks = fake.replies(message)[0]
    async with open_bot(FakeEngine(lambda _: "Fine."), unknown="answer") as bot:
        prompt = await read_again(fake, bot, thanks)
        assert say("abstained", "en") not in prompt
        assert "the 25th" not in prompt
