"""Whatever the wire does, each question is answered once and each message posted once."""

import asyncio

import pytest

from bot.texts import say
from tests.bot.platforms.slack.conftest import FEEDBACK, StartBot
from tests.bot.platforms.slack.fake.people import BOT_MENTION, People, direct
from tests.bot.platforms.slack.fake.server import BROKEN, CUT, LOST_ANSWER, FakeSlack, Fault
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons, shown
from tests.support.fakes import FakeEngine, saying
from tests.support.waiting import until

BUSY = Fault(status=429, retry_after=1)
SLOW = pytest.mark.slow


def mention(slack: FakeSlack, text: str = "언제?") -> dict[str, str]:
    """An event that can be delivered as often as a test likes."""
    ts = slack.written(GENERAL, {"user": "U1", "text": f"{BOT_MENTION} {text}"})
    return {**slack.messages[GENERAL, ts], "type": "app_mention", "channel": GENERAL}


async def test_an_event_delivered_again_is_answered_once(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """At the same time, later, and with another number."""
    bot = await start_bot()
    event = mention(slack)
    await asyncio.gather(*(people.tell(event, event_id="Ev7") for _ in range(5)))
    await until(lambda: slack.thread(GENERAL, event["ts"]))
    await people.tell(event, event_id="Ev7")
    await people.tell(event, event_id="Ev8")
    await asyncio.sleep(0.2)
    assert len(slack.thread(GENERAL, event["ts"])) == 1
    assert await bot.count("questions") == 1


async def test_a_restart_remembers_what_was_answered(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """And goes on with the conversation."""
    event = mention(slack, "첫째?")
    first = await start_bot()
    await people.tell(event)
    await until(lambda: slack.thread(GENERAL, event["ts"]))
    await first.stop()
    second = await start_bot()
    await people.tell(event)
    await people.says("둘째?", thread=event["ts"])
    await until(lambda: len(slack.thread(GENERAL, event["ts"])) == 2)
    assert "질문: 첫째?" in second.engine.prompts[0].text
    assert await second.count("questions") == 2


async def test_who_was_cut_off_by_a_kill_is_told(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Once, in the thread of the question, by the run that comes after."""
    event = mention(slack, "끊긴 질문?")
    killed = await start_bot()
    await killed.app.conversations.add_question(
        platform="slack",
        channel=GENERAL,
        thread=event["ts"],
        person="slack:U1",
        domain="tax-ko",
        text="끊긴 질문?",
        message=event["ts"],
    )
    await killed.stop()
    await (await start_bot()).stop()
    await (await start_bot()).stop()
    replies = [message["text"] for message in slack.thread(GENERAL, event["ts"])]
    assert replies == [say("not_answered", "ko")]


@pytest.mark.parametrize("fault", [LOST_ANSWER, CUT, BROKEN, Fault(status=502, done=True)])
async def test_a_broken_line_while_posting(
    start_bot: StartBot, slack: FakeSlack, people: People, fault: Fault
):
    """Whether or not Slack had taken it, in the end the answer is there once, and mapped."""
    slack.fail("chat.postMessage", fault)
    bot = await start_bot()
    asked = await people.asks("언제?")
    await until(lambda: slack.thread(GENERAL, asked))
    await until(lambda: not bot.platform._chat.parts.tasks.tasks)
    (answer,) = slack.thread(GENERAL, asked)
    assert shown(answer) == "7월 25일까지입니다."
    rows = await bot.database.rows("SELECT message FROM pieces")
    assert [row[0] for row in rows] == [answer["ts"]]


async def test_reading_back_may_break_as_well(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Nothing is posted again before it is known what became of the first."""
    slack.fail("chat.postMessage", LOST_ANSWER)
    slack.fail("conversations.replies", BROKEN, CUT)
    bot = await start_bot()
    asked = await people.asks("언제?")
    await until(lambda: slack.thread(GENERAL, asked))
    await until(lambda: not bot.platform._chat.parts.tasks.tasks)
    assert len(slack.thread(GENERAL, asked)) == 1


@pytest.mark.parametrize("fault", [LOST_ANSWER, CUT, Fault(status=429, retry_after=30)])
async def test_a_broken_line_while_a_stream_starts(
    start_bot: StartBot, slack: FakeSlack, people: People, fault: Fault
):
    """The stream is found, or there is none; a busy Slack is not waited for."""
    slack.fail("chat.startStream", fault)
    engine = FakeEngine(lambda _: "하나 둘 셋")
    engine.hold(after_words=2)
    await start_bot(engine)
    asked = await people.says("언제?", channel=direct("U1"))
    await until(lambda: slack.thread(direct("U1"), asked))
    engine.go_on()
    await until(lambda: any(FEEDBACK in buttons(m) for m in slack.thread(direct("U1"), asked)))
    (answer,) = slack.thread(direct("U1"), asked)
    assert shown(answer) == "하나 둘 셋"
    assert not answer.get("streaming")


@pytest.mark.parametrize("method", ["chat.appendStream", "chat.stopStream", "chat.update"])
@pytest.mark.parametrize(
    "fault", [LOST_ANSWER, *(pytest.param(f, marks=SLOW) for f in (CUT, BROKEN, BUSY))]
)
async def test_a_broken_line_while_an_answer_grows(
    start_bot: StartBot, slack: FakeSlack, people: People, method: str, fault: Fault
):
    """No word is said twice, none is lost."""
    slack.fail(method, fault)
    text = " ".join(f"말{n}" for n in range(8))
    await start_bot(FakeEngine(lambda _: text, pace_s=0.05))
    asked = await people.says("세어 보세요", channel=direct("U1"))
    await until(lambda: any(FEEDBACK in buttons(m) for m in slack.thread(direct("U1"), asked)))
    (answer,) = slack.thread(direct("U1"), asked)
    assert shown(answer) == text
    assert text.startswith(answer["streamed"])
    assert not answer.get("streaming")


@pytest.mark.slow
async def test_a_busy_slack_is_waited_for(start_bot: StartBot, slack: FakeSlack, people: People):
    """As long as it says."""
    slack.fail("chat.postMessage", BUSY)
    await start_bot()
    asked = await people.asks("언제?")
    await until(lambda: slack.thread(GENERAL, asked))
    first, second = [c.at for c in slack.calls if c.method == "chat.postMessage"]
    assert second - first >= 1


async def test_slow_look_ups_do_not_delay_an_answer(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Neither who is asking nor the status line is worth waiting for."""
    slack.fail("users.info", Fault(wait_s=20))
    slack.fail("assistant.threads.setStatus", Fault(status=503))
    await start_bot(saying("답"))
    asked = await people.asks("언제?")
    await until(lambda: slack.thread(GENERAL, asked), within_s=5)
