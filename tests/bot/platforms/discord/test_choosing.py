"""Which known question was meant, on Discord: offered, picked, denied."""

import asyncio

import pytest

from bot import app
from bot.texts import say
from storage.errors import StorageError
from tests.bot.platforms.discord.conftest import QUICK_EDITS_S, Bot, OpenBot
from tests.bot.platforms.discord.fake.server import (
    FakeDiscord,
    Interaction,
    has_feedback,
    has_stop,
    until,
)
from tests.bot.platforms.discord.fake.world import ADMIN, ALICE, BORA, GENERAL, TAX_TEAM, Payload
from tests.bot.platforms.fakes.knowledge import ANSWER, HOSTILE, KNOWN, NEAR, UNSURE, teach
from tests.bot.platforms.fakes.stored import become, corrections
from tests.support.fakes import FakeEmbedder, FakeEngine, failing

MARK = say("draft", "en")
VERIFIED = (
    f"{ANSWER}\n-# ✅ Verified · Based on: 부가가치세법 제49조 "
    f"(as of 2025-01-01, the answer to “{KNOWN}”)"
)
PICK, NONE = "reactune:pick:1", "reactune:pick:0"


@pytest.fixture(autouse=True)
def quick_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "choose_embedder", lambda *_: FakeEmbedder())


def buttons(message: Payload) -> list[Payload]:
    return [button for row in message["components"] for button in row["components"]]


async def offered(fake: FakeDiscord, bot: Bot, asked: str = UNSURE, **more: str) -> Payload:
    """Ask what nobody is sure about: the message with the choice."""
    question = await fake.ask(asked, **more)
    await until(lambda: any("pick" in str(m["components"]) for m in fake.replies(question)))
    await bot.settled()
    return fake.replies(question)[-1]


async def picks_of(bot: Bot) -> list[tuple[str, int]]:
    """(person, fits) of every pick, oldest first."""
    rows = await bot.database.rows("SELECT person, fits FROM picks ORDER BY id")
    return [(row[0], row[1]) for row in rows]


async def test_where_it_is_not_sure_known_questions_are_offered(
    fake: FakeDiscord, open_bot: OpenBot
):
    """One button below the other; there is nothing to vote on, and the model is not asked."""
    async with open_bot(unknown="mark") as bot:
        await teach(bot)
        choice = await offered(fake, bot)
        first, second = choice["content"].split("\n")
        assert first == say("did_you_mean", "en")
        assert second.startswith(f"1. {KNOWN} (differs: 일본")
        assert [b["label"] for b in buttons(choice)] == [f"1. {KNOWN}", say("none_of_these", "en")]
        assert [len(row["components"]) for row in choice["components"]] == [1, 1]
        assert bot.engine.prompts == []


async def test_the_words_that_differ_are_bold(fake: FakeDiscord, open_bot: OpenBot):
    """Where they stand in the known question; the others are named behind it."""
    async with open_bot(unknown="mark") as bot:
        await teach(bot, "2025년 부가가치세는 언제 내나요?")
        choice = await offered(fake, bot, "2031년 부가가치세는 언제 내나요?")
        assert "1. **2025" in choice["content"]
        assert "2031" in choice["content"].partition("(differs: ")[2]


async def test_a_pick_is_answered_in_the_same_message(fake: FakeDiscord, open_bot: OpenBot):
    """At once, verified, with its source and votes; it is a label, and asked again it is known."""
    async with open_bot(unknown="mark") as bot:
        await teach(bot)
        choice = await offered(fake, bot)
        pressed = await fake.press(choice, PICK)
        await until(lambda: has_feedback(choice))
        assert choice["content"] == VERIFIED
        assert [b["custom_id"] for b in buttons(choice)] == [
            "reactune:vote:up", "reactune:vote:down", "reactune:correct:0",
        ]  # fmt: skip
        assert await picks_of(bot) == [(f"discord:{ALICE.id}", 1)]
        assert pressed.texts == []
        await fake.react(choice, "👍", BORA)
        await become(bot.labels, {f"discord:{BORA.id} 👍": 1})
        assert (await fake.answer(await fake.ask(UNSURE)))["content"] == VERIFIED


@pytest.mark.parametrize("direct", [False, True])
async def test_none_of_these_is_answered_anew_in_the_same_message(
    fake: FakeDiscord, open_bot: OpenBot, direct: bool
):
    """The draft grows there below its mark, can be stopped, and nothing more is offered."""
    engine = FakeEngine(lambda _: "one two three")
    engine.hold(after_words=2)
    async with open_bot(engine, unknown="mark") as bot:
        await teach(bot)
        place = fake.world.direct_channel(ALICE) if direct else GENERAL
        choice = await offered(fake, bot, channel=place)
        await fake.press(choice, NONE)
        await until(lambda: choice["content"] == f"{MARK}\n\none two")
        assert [b["custom_id"] for b in buttons(choice)] == ["reactune:stop"]
        engine.go_on()
        await until(lambda: has_feedback(choice))
        assert choice["content"].startswith(f"{MARK}\n\none two three\n-# ")
        assert await picks_of(bot) == [(f"discord:{ALICE.id}", 0)]
        assert len(fake.posts(place)) == 1


async def test_a_draft_in_its_place_can_be_stopped(fake: FakeDiscord, open_bot: OpenBot):
    """By the button that has taken the place of the choice."""
    engine = FakeEngine(lambda _: "one two three")
    engine.hold(after_words=2)
    async with open_bot(engine, unknown="mark") as bot:
        await teach(bot)
        choice = await offered(fake, bot)
        await fake.press(choice, NONE)
        await until(lambda: has_stop(choice) and "one two" in choice["content"])
        await fake.press(choice, "stop")
        await until(lambda: has_feedback(choice))
        assert f"{MARK}\n\none two\n-# {say('stopped', 'en')}" in choice["content"]


async def test_a_long_answer_in_its_place_goes_on_below(fake: FakeDiscord, open_bot: OpenBot):
    """In replies to the question, each marked; only the last has buttons."""
    text = " ".join(f"세금{n}" for n in range(900))
    async with open_bot(FakeEngine(lambda _: text), unknown="mark") as bot:
        await teach(bot)
        choice = await offered(fake, bot)
        await fake.press(choice, NONE)
        await until(lambda: any(has_feedback(m) for m in fake.posts()))
        await bot.settled()
        first, *_ = pieces = fake.posts()
        assert first["id"] == choice["id"]
        assert len(pieces) > 2
        assert all(p["content"].startswith(MARK) for p in pieces)
        assert [bool(p["components"]) for p in pieces] == [False] * (len(pieces) - 1) + [True]
        references = {p["message_reference"]["message_id"] for p in pieces}
        assert len({str(reference) for reference in references}) == 1


async def test_an_engine_that_fails_leaves_an_apology_without_buttons(
    fake: FakeDiscord, open_bot: OpenBot
):
    """In place of the choice."""
    async with open_bot(FakeEngine(failing), unknown="mark") as bot:
        await teach(bot)
        choice = await offered(fake, bot)
        await fake.press(choice, NONE)
        await until(lambda: "Sorry" in choice["content"])
        await bot.settled()
        assert choice["components"] == []
        assert len(fake.posts()) == 1


async def test_a_choice_outlives_a_restart(fake: FakeDiscord, open_bot: OpenBot):
    """Another run of the bot on the same data answers."""
    async with open_bot(unknown="mark") as bot:
        await teach(bot)
        choice = await offered(fake, bot)
        await bot.restart()
        await fake.press(choice, PICK)
        await until(lambda: has_feedback(choice))
        assert choice["content"] == VERIFIED
        assert await picks_of(bot) == [(f"discord:{ALICE.id}", 1)]


async def test_only_the_asker_and_teachers_may_choose(fake: FakeDiscord, open_bot: OpenBot):
    """Others are told in private, in their language, and the choice stays; a role may teach."""
    async with open_bot(unknown="mark", teachers=f"discord:{TAX_TEAM}") as bot:
        await teach(bot)
        choice = await offered(fake, bot)
        for button in (PICK, NONE):
            pressed = await fake.press(choice, button, BORA)
            assert await pressed.text() == say("pick_not_yours", "ko")
        assert len(buttons(choice)) == 2
        assert await picks_of(bot) == []
        await fake.press(choice, PICK, ADMIN)
        await until(lambda: has_feedback(choice))
        assert await picks_of(bot) == [(f"discord:{ADMIN.id}", 1)]


@pytest.mark.parametrize("gone", ["picked", "forgotten", "untaught"])
async def test_a_stale_button_says_so(fake: FakeDiscord, open_bot: OpenBot, gone: str):
    """Picked already, the answer forgotten, or the known question gone: nothing changes."""
    async with open_bot(unknown="mark") as bot:
        await teach(bot)
        choice = await offered(fake, bot)
        old = dict(choice)
        if gone == "picked":
            await fake.press(choice, PICK)
            await until(lambda: has_feedback(choice))
            await bot.settled()
        else:
            table = "questions" if gone == "forgotten" else "pairs"
            async with bot.database.transaction() as db:
                await db.execute(f"DELETE FROM {table}")
        before = choice["content"]
        pressed = await fake.press(old, PICK)
        assert await pressed.text() == say("pick_gone", "en")
        if gone == "picked":
            pressed = await fake.press(old, NONE)
            assert await pressed.text() == say("pick_gone", "en")
            assert await picks_of(bot) == [(f"discord:{ALICE.id}", 1)]
        assert choice["content"] == before


async def test_a_double_click_is_answered_once(fake: FakeDiscord, open_bot: OpenBot):
    """The second hears that the answer is on its way."""
    engine = FakeEngine(lambda _: "one two")
    engine.hold(after_words=1)
    async with open_bot(engine, unknown="mark") as bot:
        await teach(bot)
        choice = await offered(fake, bot)
        old = dict(choice)
        await fake.press(old, NONE)
        for button in (NONE, PICK):
            pressed = await fake.press(old, button)
            assert await pressed.text() == say("pick_taken", "en")
        engine.go_on()
        await until(lambda: has_feedback(choice))
        assert len(engine.prompts) == 1
        assert await picks_of(bot) == [(f"discord:{ALICE.id}", 0)]


async def test_a_pick_that_cannot_be_stored_is_told(
    fake: FakeDiscord, open_bot: OpenBot, monkeypatch: pytest.MonkeyPatch
):
    """The choice stays, to be pressed again."""

    async def full(*_: object, **__: object) -> None:
        raise StorageError("the disk is full")

    async with open_bot(unknown="mark") as bot:
        await teach(bot)
        choice = await offered(fake, bot)
        with monkeypatch.context() as patch:
            patch.setattr(bot.app.data.picks, "add", full)
            pressed = await fake.press(choice, PICK)
            assert "admin" in await pressed.text()
        await fake.press(choice, PICK)
        await until(lambda: choice["content"] == VERIFIED)


async def test_a_hostile_question_means_nothing_to_discord(fake: FakeDiscord, open_bot: OpenBot):
    """It mentions nobody, renders nothing, and its button keeps within Discord's limits; the whole
    question stands in the text."""
    async with open_bot(unknown="mark") as bot:
        await teach(bot, HOSTILE)
        choice = await offered(fake, bot, f"일본 {HOSTILE}")
        text = choice["content"].replace("**", "")
        assert f"<@{ALICE.id}>" not in text
        assert "@everyone" not in text
        assert "\\[내나요](" in text
        assert "\n#" not in text
        assert text.count("긴 질문") == 40
        label = buttons(choice)[0]["label"]
        assert len(label) <= 80
        assert label.endswith("…")
        assert "\u202e" not in label


async def test_a_choice_longer_than_a_message_leaves_nothing_behind(
    fake: FakeDiscord, open_bot: OpenBot
):
    """Its messages become those of the answer; what is left over is deleted."""
    async with open_bot(unknown="mark") as bot:
        long = f"{KNOWN} " + " ".join(f"말{n}" for n in range(900))
        await teach(bot, long)
        choice = await offered(fake, bot, f"일본 {long[:1800]}")
        assert len(fake.posts()) > 1
        await asyncio.sleep(QUICK_EDITS_S)
        await fake.press(choice, PICK)
        await until(lambda: len(fake.posts()) == 1)
        (left,) = fake.posts()
        await until(lambda: has_feedback(left))
        assert left["content"].startswith(ANSWER)


async def test_a_choice_is_not_read_back_as_an_answer(fake: FakeDiscord, open_bot: OpenBot):
    """Where the database has lost the conversation."""
    async with open_bot(unknown="mark") as bot:
        await teach(bot)
        choice = await offered(fake, bot)
        async with bot.database.transaction() as db:
            await db.execute("DELETE FROM conversations")
            await db.execute("DELETE FROM pairs")
        await fake.ask("And then?", reply_to=choice)
        await until(lambda: bot.engine.prompts)
        assert "Did you mean" not in bot.engine.prompts[-1].text


async def doubted(fake: FakeDiscord, bot: Bot, person=ALICE) -> tuple[Payload, Interaction]:
    """Ask in other words, press 👎: the answer and what is asked then."""
    answer = await fake.answer(await fake.ask(NEAR))
    await bot.settled()
    pressed = await fake.press(answer, "vote:down", person)
    await pressed.text()
    return answer, pressed


async def test_a_thumb_down_on_another_questions_answer_asks_what_is_wrong(
    fake: FakeDiscord, open_bot: OpenBot
):
    """The answer or the question; a wrong answer opens the form."""
    async with open_bot(unknown="mark") as bot:
        await teach(bot)
        answer, pressed = await doubted(fake, bot)
        assert say("what_is_wrong", "en") in await pressed.text()
        (asked,) = pressed.whispers
        assert [b["label"] for b in buttons(asked)] == ["Wrong answer", "Not my question"]
        opened = await fake.press(asked, "Wrong answer")
        await (await fake.fill(opened, "1월 25일")).text()
        assert await corrections(bot) == [(f"discord:{ALICE.id}", "1월 25일", "pending")]
        assert answer["content"] == VERIFIED


async def test_not_my_question_is_answered_anew_without_that_pair(
    fake: FakeDiscord, open_bot: OpenBot
):
    """In place; asked again in these words it is not shown any more. Pressed again it is stale."""
    async with open_bot(FakeEngine(lambda _: "No idea."), unknown="mark") as bot:
        await teach(bot)
        answer, pressed = await doubted(fake, bot)
        await fake.press(pressed.whispers[0], "Not my question")
        await until(lambda: answer["content"].startswith(f"{MARK}\n\nNo idea."))
        await bot.settled()
        assert await picks_of(bot) == [(f"discord:{ALICE.id}", 0)]
        assert await bot.labels() == {}
        again = await fake.answer(await fake.ask(NEAR))
        assert again["content"].startswith(f"{MARK}\n\nNo idea.")
        stale = await fake.press(pressed.whispers[0], "Not my question")
        assert await stale.text() == say("pick_gone", "en")


async def test_only_who_asked_is_asked_whether_it_was_their_question(
    fake: FakeDiscord, open_bot: OpenBot
):
    """Others may correct it; an emoji asks nothing, since Discord has no private answer to it."""
    async with open_bot(unknown="mark") as bot:
        await teach(bot)
        answer, pressed = await doubted(fake, bot, BORA)
        assert [b["custom_id"] for b in buttons(pressed.whispers[0])] == [
            f"reactune:correct:{answer['id']}"
        ]
        await fake.react(answer, "👎")
        await bot.settled()
        assert len(fake.posts()) == 1
