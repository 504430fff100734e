"""Which known question was meant, on Slack: offered, and picked or not."""

import asyncio

import pytest

from bot.platforms.slack.blocks import CORRECT, NONE, PICK
from bot.texts import say
from storage.errors import StorageError
from tests.bot.platforms.fakes.knowledge import ANSWER, HOSTILE, KNOWN, UNSURE, teach
from tests.bot.platforms.slack.choosing import (
    elements,
    offered,
    picks_of,
    value_of,
    whisper_to,
)
from tests.bot.platforms.slack.conftest import FEEDBACK, HURRY, STOP, StartBot, paragraphs
from tests.bot.platforms.slack.fake.people import People, direct
from tests.bot.platforms.slack.fake.server import FakeSlack
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons, shown, small_print
from tests.support.fakes import FakeEngine, failing, saying
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("quick_embedder")
VERIFIED = (
    "✅ 확인됨 · 근거: 부가가치세법 제49조 (2025-01-01 기준, ‘부가가치세는 언제 내나요?’에 대한 답)"
)


async def test_where_it_is_not_sure_known_questions_are_offered(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """With the word that differs; there is nothing to vote on, and the model is not asked."""
    bot = await start_bot(unknown="mark")
    await teach(bot)
    choice = await offered(slack, people)
    first, second = shown(choice).split("\n")
    assert first == say("did_you_mean", "ko")
    assert second.startswith(f"1. {KNOWN} (다른 점: 일본")
    assert buttons(choice) == [PICK, NONE]
    labels = [e["text"]["text"] for e in elements(choice)]
    assert labels == [f"1. {KNOWN}", say("none_of_these", "ko")]
    assert small_print(choice) == ""
    assert bot.engine.prompts == []


async def test_a_pick_is_answered_in_the_same_message(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """At once, verified, with its source and votes; it is a label, and asked again it is known."""
    bot = await start_bot(unknown="mark")
    await teach(bot)
    choice = await offered(slack, people)
    await people.clicks(PICK, value_of(choice, PICK), choice["ts"])
    await until(lambda: FEEDBACK in buttons(choice))
    assert (shown(choice), small_print(choice)) == (ANSWER, VERIFIED)
    assert buttons(choice) == [FEEDBACK, CORRECT]
    assert choice["metadata"]["event_payload"]["kind"] == "answer"
    assert await picks_of(bot) == [("slack:U1", 1)]
    await people.reacts("+1", choice["ts"], user="U2")
    again = await people.asks(UNSURE)
    (known,) = await until(lambda: slack.thread(GENERAL, again))
    assert shown(known) == ANSWER
    await bot.settled()
    assert await bot.labels() == [("slack:U2", "👍", 1.0)]


@pytest.mark.parametrize("channel", [GENERAL, direct("U1")])
async def test_none_of_these_is_answered_anew_in_the_same_message(
    start_bot: StartBot, slack: FakeSlack, people: People, channel: str
):
    """The draft grows there below its mark, can be stopped, and nothing more is offered."""
    engine = FakeEngine(lambda _: "하나 둘 셋")
    engine.hold(after_words=2)
    bot = await start_bot(engine, unknown="mark")
    await teach(bot)
    choice = await offered(slack, people, channel=channel)
    await people.clicks(NONE, NONE, choice["ts"], channel=channel)
    await until(lambda: shown(choice) == f"{say('draft', 'ko')}\n\n하나 둘")
    assert buttons(choice) == [STOP]
    engine.go_on()
    await until(lambda: FEEDBACK in buttons(choice))
    assert shown(choice) == f"{say('draft', 'ko')}\n\n하나 둘 셋"
    assert small_print(choice) == say("unverified", "ko")
    assert await picks_of(bot) == [("slack:U1", 0)]
    assert len(slack.thread(channel, choice["thread_ts"])) == 1


async def test_an_abstaining_bot_still_does_not_guess(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """After none of these either."""
    bot = await start_bot(unknown="abstain")
    await teach(bot)
    choice = await offered(slack, people)
    await people.clicks(NONE, NONE, choice["ts"])
    await until(lambda: shown(choice) == say("abstained", "ko"))
    assert NONE not in buttons(choice)
    assert bot.engine.prompts == []


async def test_an_engine_that_fails_leaves_an_apology_without_buttons(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """In place of the choice."""
    bot = await start_bot(FakeEngine(failing), unknown="mark")
    await teach(bot)
    choice = await offered(slack, people)
    await people.clicks(NONE, NONE, choice["ts"])
    await until(lambda: "죄송합니다" in shown(choice))
    assert buttons(choice) == []
    assert len(slack.thread(GENERAL, choice["thread_ts"])) == 1


async def test_a_choice_outlives_a_restart(start_bot: StartBot, slack: FakeSlack, people: People):
    """Another run of the bot on the same data answers."""
    first = await start_bot(unknown="mark")
    await teach(first)
    choice = await offered(slack, people)
    await first.stop()
    second = await start_bot(unknown="mark")
    await people.clicks(PICK, value_of(choice, PICK), choice["ts"])
    await until(lambda: FEEDBACK in buttons(choice))
    assert shown(choice) == ANSWER
    assert await picks_of(second) == [("slack:U1", 1)]


async def test_only_the_asker_and_teachers_may_choose(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Others are told in private, and the choice stays."""
    bot = await start_bot(unknown="mark", teachers="slack:UTEACH")
    await teach(bot)
    choice = await offered(slack, people)
    pair = value_of(choice, PICK)
    for action, value in ((PICK, pair), (NONE, NONE)):
        await people.clicks(action, value, choice["ts"], user="U2")
    whisper = await whisper_to(slack, "U2", 2)
    assert whisper["text"] == say("pick_not_yours", "ko")
    assert (buttons(choice), await picks_of(bot)) == ([PICK, NONE], [])
    await people.clicks(PICK, pair, choice["ts"], user="UTEACH")
    await until(lambda: shown(choice) == ANSWER)
    assert await picks_of(bot) == [("slack:UTEACH", 1)]


@pytest.mark.parametrize("gone", ["picked", "forgotten", "untaught"])
async def test_a_stale_button_says_so(
    start_bot: StartBot, slack: FakeSlack, people: People, gone: str
):
    """Picked already, the answer forgotten, or the known question gone: nothing changes."""
    bot = await start_bot(unknown="mark")
    await teach(bot)
    choice = await offered(slack, people)
    pair = value_of(choice, PICK)
    if gone == "picked":
        await people.clicks(PICK, pair, choice["ts"])
        await until(lambda: FEEDBACK in buttons(choice))
    else:
        async with bot.database.transaction() as db:
            await db.execute(f"DELETE FROM {'questions' if gone == 'forgotten' else 'pairs'}")
    await bot.settled()
    before = shown(choice)
    await people.clicks(PICK, pair, choice["ts"])
    whisper = await whisper_to(slack, "U1")
    assert whisper["text"] == say("pick_gone", "ko")
    assert shown(choice) == before
    if gone == "picked":
        await people.clicks(NONE, NONE, choice["ts"])
        await whisper_to(slack, "U1", 2)
        assert (shown(choice), await picks_of(bot)) == (ANSWER, [("slack:U1", 1)])


async def test_a_double_click_is_answered_once(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """The second hears that the answer is on its way; so does a pick after none of these."""
    engine = saying("하나 둘")
    engine.hold(after_words=1)
    bot = await start_bot(engine, unknown="mark")
    await teach(bot)
    choice = await offered(slack, people)
    pair = value_of(choice, PICK)
    for action, value in ((NONE, NONE), (NONE, NONE), (PICK, pair)):
        await people.clicks(action, value, choice["ts"])
    whisper = await whisper_to(slack, "U1", 2)
    assert whisper["text"] == say("pick_taken", "ko")
    engine.go_on()
    await until(lambda: FEEDBACK in buttons(choice))
    assert len(engine.prompts) == 1
    assert await picks_of(bot) == [("slack:U1", 0)]


async def test_a_click_that_slack_sends_twice_is_one(
    start_bot: StartBot, slack: FakeSlack, people: People, monkeypatch: pytest.MonkeyPatch
):
    """The second is not even refused."""
    bot = await start_bot(unknown="mark")
    await teach(bot)
    choice = await offered(slack, people)
    pair = value_of(choice, PICK)
    monkeypatch.setattr(slack, "new_ts", lambda: "1790000000.000001")
    for _ in range(2):
        await people.clicks(PICK, pair, choice["ts"])
    await until(lambda: FEEDBACK in buttons(choice))
    await bot.settled()
    assert slack.whispers == []


async def test_a_pick_that_cannot_be_stored_is_told(
    start_bot: StartBot, slack: FakeSlack, people: People, monkeypatch: pytest.MonkeyPatch
):
    """The choice stays, to be pressed again."""

    async def full(*_: object, **__: object) -> None:
        raise StorageError("the disk is full")

    bot = await start_bot(unknown="mark")
    await teach(bot)
    choice = await offered(slack, people)
    with monkeypatch.context() as patch:
        patch.setattr(bot.app.data.picks, "add", full)
        await people.clicks(PICK, value_of(choice, PICK), choice["ts"])
        assert "관리자" in (await whisper_to(slack, "U1"))["text"]
    await people.clicks(PICK, value_of(choice, PICK), choice["ts"])
    await until(lambda: shown(choice) == ANSWER)


async def test_a_hostile_question_means_nothing_to_slack(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """It mentions nobody, renders nothing, and its button keeps within Slack's limits; the whole
    question stands in the text."""
    bot = await start_bot(unknown="mark")
    await teach(bot, HOSTILE)
    choice = await offered(slack, people, f"일본 {HOSTILE}")
    assert [b["text"]["type"] for b in choice["blocks"] if b["type"] == "section"] == ["plain_text"]
    assert "\n# " not in shown(choice)
    assert shown(choice).count("`긴 질문`") == 40
    label = elements(choice)[0]["text"]["text"]
    assert len(label) <= 75
    assert label.endswith("…")
    assert "\u202e" not in label


async def test_a_choice_longer_than_a_message_leaves_nothing_behind(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Its messages become those of the answer; what is left over is deleted."""
    bot = await start_bot(unknown="mark")
    long = f"부가가치세는 언제 내나요? {paragraphs(12)}"
    await teach(bot, long)
    choice = await offered(slack, people, f"일본 {long}", channel=direct("U1"))
    first, *_ = pieces = slack.thread(direct("U1"), choice["thread_ts"])
    assert len(pieces) > 1
    assert slack.called("chat.startStream") == []
    await bot.settled()
    await asyncio.sleep(HURRY.edit_s)
    await people.clicks(PICK, value_of(choice, PICK), choice["ts"], channel=direct("U1"))
    await until(lambda: len(slack.thread(direct("U1"), choice["thread_ts"])) == 1)
    assert (shown(first), buttons(first)) == (ANSWER, [FEEDBACK, CORRECT])


async def test_a_choice_is_not_read_back_as_an_answer(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Where the database has lost the thread."""
    bot = await start_bot(unknown="mark")
    await teach(bot)
    choice = await offered(slack, people)
    await bot.settled()
    async with bot.database.transaction() as db:
        await db.execute("DELETE FROM conversations")
        await db.execute("DELETE FROM pairs")
    await people.asks("둘째?", thread=choice["thread_ts"])
    prompts = await until(lambda: [p for p in bot.engine.prompts if "둘째?" in p.text])
    assert say("did_you_mean", "ko") not in prompts[0].text
