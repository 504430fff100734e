"""How an answer appears on Slack."""

import re

import pytest

from bot.platforms.base import Shown
from bot.platforms.chat import showing
from bot.platforms.slack.answer_view import SlackAnswerView
from bot.platforms.slack.poster import QuestionLocation
from bot.platforms.slack.retry import Timing
from tests.bot.platforms.slack.conftest import FEEDBACK, STOP, StartBot, heard_of, paragraphs
from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import BROKEN, FakeSlack, Fault
from tests.bot.platforms.slack.fake.workspace import GENERAL, TEAM, buttons, shown
from tests.support.fakes import FakeEngine, failing, saying
from tests.support.waiting import SOON_S, until


async def test_a_sign_of_life_comes_at_once(start_bot: StartBot, slack: FakeSlack, people: People):
    """A status line in the thread, long before the first word."""
    engine = saying("답")
    engine.hold()
    await start_bot(engine)
    asked = await people.asks("언제?")
    (status,) = await until(lambda: slack.statuses, within_s=SOON_S)
    assert (status["channel_id"], status["thread_ts"]) == (GENERAL, asked)
    assert slack.thread(GENERAL, asked) == []
    engine.go_on()
    await until(lambda: slack.thread(GENERAL, asked))


async def test_where_there_is_no_status_a_message_says_it(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """With a stop button; the answer then takes its place."""
    slack.fail("assistant.threads.setStatus", Fault(error="unknown_method"))
    engine = saying("답")
    engine.hold()
    await start_bot(engine)
    asked = await people.asks("언제?")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked), within_s=SOON_S)
    assert (shown(answer), buttons(answer)) == ("생각하는 중…", [STOP])
    engine.go_on()
    await until(lambda: shown(answer) == "답")
    assert buttons(answer) == [FEEDBACK]
    assert len(slack.thread(GENERAL, asked)) == 1


async def test_a_refusal_takes_the_place_of_that_message(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Nothing keeps saying that it thinks."""
    slack.fail("assistant.threads.setStatus", Fault(error="unknown_method"))
    await start_bot()
    asked = await people.asks("가" * 9000)
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    await until(lambda: "너무 깁니다" in shown(answer))
    assert buttons(answer) == []


async def test_in_a_channel_everybody_sees_it_grow(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """By edits, since a stream would grow for its one recipient only; it can be stopped."""
    engine = FakeEngine(lambda _: "하나 둘 셋 넷")
    engine.hold(after_words=2)
    await start_bot(engine)
    asked = await people.asks("언제?")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    assert shown(answer).startswith("하나")
    assert buttons(answer) == [STOP]
    engine.go_on()
    await until(lambda: shown(answer) == "하나 둘 셋 넷")
    assert buttons(answer) == [FEEDBACK]
    assert slack.called("chat.startStream") == []


async def test_a_long_answer_is_several_messages(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Whole, in order, in the thread; only the last has the buttons, and each leads back to it."""
    text = paragraphs(40)
    bot = await start_bot(saying(text))
    asked = await people.asks("다 알려 주세요")
    await until(lambda: any(FEEDBACK in buttons(m) for m in slack.thread(GENERAL, asked)))
    await until(lambda: not any(STOP in buttons(m) for m in slack.thread(GENERAL, asked)))
    pieces = slack.thread(GENERAL, asked)
    assert "".join("".join(map(shown, pieces)).split()) == "".join(text.split())
    assert [buttons(piece) for piece in pieces] == [[]] * (len(pieces) - 1) + [[FEEDBACK]]
    assert len(pieces) > 2
    assert await bot.count("pieces") == len(pieces)


async def test_a_message_that_is_full_is_not_edited_twice_in_a_row(
    start_bot: StartBot, slack: FakeSlack
):
    """Once when the answer runs over, once more to take its stop button away."""
    bot = await start_bot()
    asked = slack.written(GENERAL, {"user": "U1", "text": "?"})
    assert bot.platform._api
    place = QuestionLocation(GENERAL, asked, asked, "U1", TEAM, direct=False)
    view = SlackAnswerView(bot.platform._api, place, "ko", heard_of)
    await view.show(paragraphs(2))
    await view.end(Shown(paragraphs(12)))
    assert [buttons(m) for m in slack.thread(GENERAL, asked)] == [[], [FEEDBACK]]


async def test_an_answer_cannot_ping_anybody(start_bot: StartBot, slack: FakeSlack, people: People):
    """Whatever the model says: the fake checks each call, and so does this."""
    text = "<!channel> <!here> <@U1> <#C1> & <b> `<!everyone>` <!subteam^S1|팀>"
    await start_bot(saying(text))
    asked = await people.asks("모두를 불러 줘")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    assert "<!channel>" not in shown(answer)
    assert shown(answer).replace("\u200b", "") == text
    assert "&lt;!channel&gt;" in answer["text"]


async def test_a_failed_answer_is_an_apology_with_a_number(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """The error itself never reaches the channel."""
    await start_bot(FakeEngine(failing))
    asked = await people.asks("언제?")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    assert re.search(r"죄송합니다.*Q1", shown(answer))
    assert "told to fail" not in str(slack.calls)


async def test_a_broken_database_is_an_apology_too(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Even something that nobody thought of."""
    bot = await start_bot()
    bot.app.responder._domains = {}  # type: ignore[assignment]
    asked = await people.asks("언제?")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    assert "죄송합니다" in shown(answer)


@pytest.mark.slow
async def test_edits_come_at_most_once_a_second(
    start_bot: StartBot, slack: FakeSlack, people: People, monkeypatch: pytest.MonkeyPatch
):
    """The fake counts; a three-second answer has a handful of edits."""
    slack.edit_every_s = 1.0
    monkeypatch.setattr(showing, "EDIT_EVERY_S", 1.0)
    engine = FakeEngine(lambda _: " ".join(f"말{n}" for n in range(60)), pace_s=0.05)
    await start_bot(engine, pace=Timing())
    asked = await people.asks("세어 보세요")
    await until(lambda: slack.thread(GENERAL, asked))
    await until(lambda: FEEDBACK in buttons(slack.thread(GENERAL, asked)[0]))
    assert 2 <= len(slack.called("chat.update")) <= 5


@pytest.mark.slow
async def test_edits_that_fail_are_made_up_for(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Progress may be skipped, the end never is."""
    slack.fail("chat.update", BROKEN, Fault(status=429, retry_after=1), BROKEN)
    engine = FakeEngine(lambda _: " ".join(f"말{n}" for n in range(50)), pace_s=0.05)
    await start_bot(engine)
    asked = await people.asks("세어 보세요")
    await until(lambda: slack.thread(GENERAL, asked))
    await until(lambda: FEEDBACK in buttons(slack.thread(GENERAL, asked)[0]))
    (answer,) = slack.thread(GENERAL, asked)
    assert shown(answer) == " ".join(f"말{n}" for n in range(50))


async def test_blocks_that_slack_refuses_are_left_out(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """A plain answer is better than none."""
    slack.fail("chat.postMessage", Fault(error="invalid_blocks"))
    await start_bot()
    asked = await people.asks("언제?")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    assert (shown(answer), answer.get("blocks")) == ("7월 25일까지입니다.", None)
