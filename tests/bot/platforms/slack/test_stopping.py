"""Answers that end early."""

import asyncio

from tests.bot.platforms.slack.conftest import STOP, StartBot
from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import FakeSlack, Fault
from tests.bot.platforms.slack.fake.workspace import GENERAL, shown, small_print
from tests.support.fakes import FakeEngine, saying
from tests.support.waiting import until


async def test_its_asker_can_stop_it(start_bot: StartBot, slack: FakeSlack, people: People):
    """With the button; what was said stays, with a word about it. Others cannot, and are told."""
    engine = FakeEngine(lambda _: "하나 둘 셋")
    engine.hold(after_words=1)
    await start_bot(engine)
    asked = await people.asks("언제?")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    await people.clicks(STOP, asked, answer["ts"], user="U2")
    (whisper,) = await until(lambda: slack.whispers)
    assert whisper["user"] == "U2"
    assert engine.stats.running == 1
    await people.clicks(STOP, asked, answer["ts"], user="U1")
    await until(lambda: "멈췄습니다" in small_print(answer))
    assert shown(answer).strip() == "하나"


async def test_a_cross_stops_it_too(start_bot: StartBot, slack: FakeSlack, people: People):
    """Put on the question or the answer, by the asker or an admin."""
    engine = FakeEngine(lambda _: "하나 둘 셋")
    engine.hold(after_words=1)
    await start_bot(engine, admins=("slack:U9",))
    asked = await people.asks("언제?")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    await people.reacts("x", answer["ts"], user="U2")
    await people.reacts("x", answer["ts"], user="U9")
    await until(lambda: "멈췄습니다" in small_print(answer))


async def test_a_cross_may_be_quicker_than_slacks_word_that_the_answer_is_posted(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """People see a message before we know its number."""
    engine = FakeEngine(lambda _: "하나 둘 셋")
    engine.hold(after_words=1)
    slack.fail("chat.startStream", Fault(done=True, wait_s=0.15))
    await start_bot(engine)
    asked = await people.asks("언제?")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    await people.reacts("x", answer["ts"])
    await until(lambda: "멈췄습니다" in small_print(answer), within_s=5)


async def test_one_stopped_before_its_first_word_says_so(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """In the thread."""
    engine = saying("답")
    engine.hold()
    await start_bot(engine)
    asked = await people.asks("언제?")
    await until(lambda: engine.prompts)
    await people.reacts("x", asked)
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    assert "멈췄습니다" in shown(answer)


async def test_a_shutdown_says_that_it_stopped(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """After the grace; what was said stays, and a new question is refused meanwhile."""
    engine = FakeEngine(lambda _: "하나 둘 셋")
    engine.hold(after_words=1)
    bot = await start_bot(engine)
    asked = await people.asks("언제?")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    stopping = asyncio.create_task(bot.stop(grace_s=0.5))
    await until(lambda: bot.app.answers.closing)
    late = await people.asks("하나 더?")
    await stopping
    assert shown(answer).strip() == "하나"
    assert "멈췄습니다" in small_print(answer)
    assert "종료되는 중" in shown(slack.thread(GENERAL, late)[0])


async def test_a_deleted_question_leaves_nothing_behind(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Not even the message that says that it thinks."""
    slack.fail("assistant.threads.setStatus", Fault(error="unknown_method"))
    engine = saying("답")
    engine.hold()
    await start_bot(engine)
    asked = await people.asks("언제?")
    await until(lambda: slack.thread(GENERAL, asked))
    await people.deletes(asked)
    await until(lambda: not slack.thread(GENERAL, asked))
    await until(lambda: engine.stats.running == 0)


async def test_a_piece_that_was_deleted_does_not_hold_up_the_rest(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Whoever may delete messages may delete the bot's."""
    engine = FakeEngine(lambda _: "하나 둘 셋")
    engine.hold(after_words=1)
    bot = await start_bot(engine)
    asked = await people.asks("언제?")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    del slack.messages[GENERAL, answer["ts"]]
    engine.go_on()
    await until(lambda: not bot.platform._chat.parts.tasks.tasks)
    assert slack.called("chat.update")
    assert slack.thread(GENERAL, asked) == []
