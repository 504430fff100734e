"""Direct messages are answered by Slack's own streaming."""

import pytest

from bot.platforms.base import Shown
from bot.platforms.slack.answer_view import SlackAnswerView
from bot.platforms.slack.poster import QuestionLocation
from tests.bot.platforms.slack.conftest import FEEDBACK, STOP, StartBot, heard_of, paragraphs
from tests.bot.platforms.slack.fake.people import People, direct
from tests.bot.platforms.slack.fake.server import FakeSlack, Fault
from tests.bot.platforms.slack.fake.workspace import TEAM, buttons, shown, small_print
from tests.support.fakes import FakeEngine
from tests.support.waiting import until


async def test_a_direct_message_is_streamed(start_bot: StartBot, slack: FakeSlack, people: People):
    """With the stop button on top while it runs, and the feedback below when it is done."""
    engine = FakeEngine(lambda _: " ".join(f"말{n}" for n in range(12)), pace_s=0.05)
    await start_bot(engine)
    asked = await people.says("언제?", channel=direct("U1"))
    (answer,) = await until(lambda: slack.thread(direct("U1"), asked))
    assert buttons(answer) == [STOP]
    await until(lambda: FEEDBACK in buttons(answer))
    assert shown(answer) == " ".join(f"말{n}" for n in range(12))
    assert buttons(answer) == [FEEDBACK]
    assert slack.called("chat.appendStream")
    assert len(slack.called("chat.update")) == 1


async def test_a_stream_that_dies_is_finished_by_an_edit(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Slack ends each after five minutes; nothing is lost and the message is the same."""
    slack.streams_for_s = 0.25
    engine = FakeEngine(lambda _: " ".join(f"말{n}" for n in range(12)), pace_s=0.05)
    await start_bot(engine)
    asked = await people.says("언제?", channel=direct("U1"))
    await until(lambda: slack.called("chat.appendStream"))
    await until(lambda: FEEDBACK in buttons(slack.thread(direct("U1"), asked)[0]))
    (answer,) = slack.thread(direct("U1"), asked)
    assert shown(answer) == " ".join(f"말{n}" for n in range(12))


async def test_where_slack_does_not_stream_it_is_edited(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """GovSlack and old workspaces."""
    slack.fail("chat.startStream", Fault(error="unknown_method"))
    engine = FakeEngine(lambda _: "하나 둘")
    engine.hold(after_words=1)
    await start_bot(engine)
    asked = await people.says("언제?", channel=direct("U1"))
    (answer,) = await until(lambda: slack.thread(direct("U1"), asked))
    engine.go_on()
    await until(lambda: shown(answer) == "하나 둘")


async def test_where_streams_take_no_buttons_they_go_without(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """The ❌ reaction stops them all the same."""
    slack.fail("chat.startStream", Fault(error="invalid_chunks"))
    engine = FakeEngine(lambda _: "하나 둘")
    engine.hold(after_words=1)
    await start_bot(engine)
    asked = await people.says("언제?", channel=direct("U1"))
    (answer,) = await until(lambda: slack.thread(direct("U1"), asked))
    assert buttons(answer) == []
    await people.reacts("x", asked, channel=direct("U1"))
    await until(lambda: "멈췄습니다" in small_print(answer))


@pytest.mark.slow
async def test_a_long_answer_grows_over_several_messages(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """In a direct message each is a stream; in the end all are complete and without stop button."""
    text = paragraphs(30)
    engine = FakeEngine(lambda _: text, pace_s=0.0012)
    await start_bot(engine)
    asked = await people.says("다 알려 주세요", channel=direct("U1"))
    home = direct("U1")
    await until(lambda: any(FEEDBACK in buttons(m) for m in slack.thread(home, asked)))
    await until(lambda: not any(STOP in buttons(m) for m in slack.thread(home, asked)))
    pieces = slack.thread(home, asked)
    assert "".join("".join(map(shown, pieces)).split()) == "".join(text.split())
    assert not any(piece.get("streaming") for piece in pieces)


async def test_a_ping_cannot_be_put_together_in_a_stream(start_bot: StartBot, slack: FakeSlack):
    """By being said in two halves, each of which is harmless."""
    bot = await start_bot()
    home, asked = direct("U1"), slack.written(direct("U1"), {"user": "U1", "text": "?"})
    assert bot.platform._api
    place = QuestionLocation(home, asked, asked, "U1", TEAM, direct=True)
    view = SlackAnswerView(bot.platform._api, place, "ko", heard_of)
    for text in ("앞 <!chan", "앞 <!channel> 뒤"):
        await view.show(text)
    await view.end(Shown("앞 <!channel> 뒤"))
    (answer,) = slack.thread(home, asked)
    assert shown(answer) == "앞 <\u200b!channel> 뒤"
