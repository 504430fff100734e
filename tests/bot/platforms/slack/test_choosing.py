"""Which known question was meant, on Slack: offered, picked, denied."""

import asyncio
from typing import Any

import pytest

from bot import app
from bot.platforms.slack.blocks import CORRECT, NONE, OTHER, PICK
from bot.texts import say
from storage.errors import StorageError
from tests.bot.platforms.fakes.knowledge import ANSWER, HOSTILE, KNOWN, NEAR, UNSURE, teach
from tests.bot.platforms.fakes.stored import corrections
from tests.bot.platforms.slack.conftest import FEEDBACK, HURRY, STOP, Bot, StartBot, paragraphs
from tests.bot.platforms.slack.fake.people import People, direct
from tests.bot.platforms.slack.fake.server import FakeSlack
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons, shown, small_print
from tests.support.fakes import FakeEmbedder, FakeEngine, failing, saying
from tests.support.waiting import until

Message = dict[str, Any]
VERIFIED = (
    "✅ 확인됨 · 근거: 부가가치세법 제49조 (2025-01-01 기준, ‘부가가치세는 언제 내나요?’에 대한 답)"
)


@pytest.fixture(autouse=True)
def quick_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "choose_embedder", lambda *_: FakeEmbedder())


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
