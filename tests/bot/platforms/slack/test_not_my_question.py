"""A thumb down on the answer to another question, on Slack: which of the two is wrong?"""

import asyncio

import pytest

from bot.platforms.slack.blocks import CORRECT, NONE, OTHER, PICK
from bot.texts import say
from tests.bot.platforms.fakes.knowledge import ANSWER, KNOWN, NEAR, teach
from tests.bot.platforms.fakes.stored import corrections
from tests.bot.platforms.slack.choosing import (
    Message,
    elements,
    picks_of,
    value_of,
    whisper_to,
)
from tests.bot.platforms.slack.conftest import FEEDBACK, HURRY, StartBot
from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import FakeSlack
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons, shown
from tests.support.fakes import saying
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("quick_embedder")


async def doubted(slack: FakeSlack, people: People, user: str = "U1") -> tuple[Message, Message]:
    """Ask in other words, press 👎: the answer and what is asked then."""
    thread = await people.asks(NEAR)
    (answer,) = await until(
        lambda: [m for m in slack.thread(GENERAL, thread) if FEEDBACK in buttons(m)]
    )
    await people.clicks(FEEDBACK, "bad", answer["ts"], user=user)
    return answer, await whisper_to(slack, user)


async def test_a_thumb_down_on_another_questions_answer_asks_what_is_wrong(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """The answer or the question; a wrong answer opens the form."""
    bot = await start_bot(unknown="mark")
    await teach(bot)
    answer, whisper = await doubted(slack, people)
    assert say("what_is_wrong", "ko") in whisper["text"]
    assert [e["text"]["text"] for e in elements(whisper)] == ["답이 틀렸어요", "제 질문이 아니에요"]
    await people.clicks(CORRECT, value_of(whisper, CORRECT), "1.0")
    (form,) = await until(lambda: slack.views.opened)
    await people.submits(form, "1월 25일")
    assert await corrections(bot) == [("slack:U1", "1월 25일", "pending")]
    assert shown(answer) == ANSWER


async def test_not_my_question_is_answered_anew_without_that_pair(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """In place; asked again in these words it is not shown any more. Pressed again it is stale."""
    bot = await start_bot(saying("모릅니다."), unknown="mark")
    await teach(bot)
    answer, whisper = await doubted(slack, people)
    value = value_of(whisper, OTHER)
    await asyncio.sleep(HURRY.edit_s)
    await people.clicks(OTHER, value, "1.0")
    await until(lambda: shown(answer) == f"{say('draft', 'ko')}\n\n모릅니다.")
    await until(lambda: FEEDBACK in buttons(answer))
    assert await picks_of(bot) == [("slack:U1", 0)]
    await bot.settled()
    assert await bot.labels() == []
    again = await people.asks(NEAR)
    (second,) = await until(
        lambda: [m for m in slack.thread(GENERAL, again) if FEEDBACK in buttons(m)]
    )
    assert "모릅니다." in shown(second)
    await people.clicks(OTHER, value, "1.0")
    assert (await whisper_to(slack, "U1", 2))["text"] == say("pick_gone", "ko")


async def test_only_who_asked_is_asked_whether_it_was_their_question(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Others may correct it."""
    bot = await start_bot(unknown="mark")
    await teach(bot)
    _, whisper = await doubted(slack, people, user="U2")
    assert [e["action_id"] for e in elements(whisper)] == [CORRECT]


async def test_an_emoji_asks_what_is_wrong_too(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Once, however often Slack tells of it; only where another question was answered."""
    bot = await start_bot(unknown="mark")
    await teach(bot)
    thread = await people.asks(NEAR)
    (answer,) = await until(lambda: slack.thread(GENERAL, thread))
    for _ in range(2):
        await people.reacts("-1", answer["ts"], at=1790000000.5)
    whisper = await whisper_to(slack, "U1")
    assert whisper["text"] == say("what_is_wrong", "ko")
    assert [e["action_id"] for e in elements(whisper)] == [CORRECT, OTHER]
    exact = await people.asks(KNOWN)
    (same,) = await until(lambda: slack.thread(GENERAL, exact))
    await people.reacts("-1", same["ts"])
    await bot.settled()
    assert len(slack.whispers) == 1
    await people.clicks(OTHER, value_of(whisper, OTHER), "1.0")
    await until(lambda: shown(answer).startswith(say("draft", "ko")))


async def test_after_not_my_question_another_may_be_offered(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """In the same message, which is no answer then; a pick makes it one again."""
    bot = await start_bot(unknown="mark")
    await teach(bot)
    await teach(bot, "부가가치세 확정신고는 어디에 하나요?", "30일 안입니다.")
    answer, whisper = await doubted(slack, people)
    await asyncio.sleep(HURRY.edit_s)
    await people.clicks(OTHER, value_of(whisper, OTHER), "1.0")
    await until(lambda: NONE in buttons(answer))
    assert answer["metadata"]["event_payload"]["kind"] == "words"
    await bot.settled()
    await asyncio.sleep(HURRY.edit_s)
    await people.clicks(PICK, value_of(answer, PICK), answer["ts"])
    await until(lambda: shown(answer) == "30일 안입니다.")
    assert answer["metadata"]["event_payload"]["kind"] == "answer"
