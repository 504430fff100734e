"""What the bot says on Slack about what it does not know, and what an answer rests on."""

from bot.platforms.slack.blocks import CORRECT
from bot.texts import say
from engine.errors import EngineError
from tests.bot.platforms.fakes.knowledge import KNOWN, teach
from tests.bot.platforms.fakes.stored import corrections
from tests.bot.platforms.slack.conftest import FEEDBACK, StartBot, paragraphs
from tests.bot.platforms.slack.fake.people import People, direct
from tests.bot.platforms.slack.fake.server import FakeSlack
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons, shown, small_print
from tests.support.fakes import saying
from tests.support.waiting import until

Message = dict
MARK = say("draft", "ko")


async def answered(slack: FakeSlack, thread: str, channel: str = GENERAL) -> Message:
    """The last message of the first answer in a thread."""
    return (
        await until(lambda: [m for m in slack.thread(channel, thread) if FEEDBACK in buttons(m)])
    )[-1]


async def read_again(bot, people: People, thread: str) -> str:
    """Ask further in a thread that the database has lost; the prompt."""
    async with bot.database.transaction() as db:
        await db.execute("DELETE FROM conversations")
    await people.asks("둘째?", thread=thread)
    return (await until(lambda: [p for p in bot.engine.prompts if "둘째?" in p.text]))[0].text


async def test_an_unverified_answer_is_marked(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Above and below it, which is no part of the answer when the thread is read back; the form for
    corrections is one press away."""
    bot = await start_bot(unknown="mark")
    asked = await people.asks("첫째?")
    answer = await answered(slack, asked)
    assert shown(answer) == f"{MARK}\n\n7월 25일까지입니다."
    assert answer["text"].startswith(MARK)
    assert small_print(answer) == say("unverified", "ko")
    assert buttons(answer) == [FEEDBACK, CORRECT]
    prompt = await read_again(bot, people, asked)
    assert MARK not in prompt
    assert "질문: 첫째?\n답: 7월 25일까지입니다.\n\n질문: 둘째?" in prompt


async def test_a_streamed_answer_is_marked_too(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """In a direct message, from its first word on: above each piece, and below the last one."""
    await start_bot(saying(paragraphs(20)), unknown="mark")
    asked = await people.says("다?", channel=direct("U1"))
    await answered(slack, asked, direct("U1"))
    pieces = slack.thread(direct("U1"), asked)
    assert all(shown(piece).startswith(f"{MARK}\n\n") for piece in pieces)
    assert all(p["streamed"].startswith(MARK) for p in pieces if "streamed" in p)
    notes = [small_print(message) for message in pieces]
    assert len(notes) > 1
    assert notes == [""] * (len(notes) - 1) + [say("unverified", "ko")]


async def test_what_is_known_shows_its_source(
    start_bot: StartBot, slack: FakeSlack, people: People, quick_embedder: None
):
    """And as of when, behind the mark; no warning, and nothing grows."""
    bot = await start_bot(saying("지어낸 답"), unknown="mark")
    await teach(bot)
    asked = await people.asks(KNOWN)
    answer = await answered(slack, asked)
    assert (shown(answer), small_print(answer)) == (
        "7월 25일까지입니다.",
        "✅ 확인됨 · 근거: 부가가치세법 제49조 (2025-01-01 기준)",
    )
    assert slack.called("chat.update") == []
    assert "근거" not in await read_again(bot, people, asked)


async def test_an_abstaining_bot_does_not_guess(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """It says how to teach it, that works, and none of it is read back as an answer."""
    bot = await start_bot(saying("지어낸 답"), unknown="abstain")
    asked = await people.asks("첫째?")
    answer = await answered(slack, asked)
    assert (shown(answer), small_print(answer)) == (say("abstained", "ko"), "")
    assert bot.engine.prompts == []
    await people.says("정정: 25일", thread=asked)
    await until(lambda: len(slack.thread(GENERAL, asked)) == 2)
    assert await corrections(bot) == [("slack:U1", "25일", "live")]
    await bot.stop()
    guessing = await start_bot(unknown="answer")
    prompt = await read_again(guessing, people, asked)
    assert say("abstained", "ko") not in prompt
    assert "25일" not in prompt


async def test_a_draft_that_breaks_off_keeps_its_mark(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Above what was said of it."""
    engine = saying("하나 둘 셋")
    engine.hold(after_words=2)
    bot = await start_bot(engine, unknown="mark")
    asked = await people.asks("첫째?")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    await until(lambda: bot.app.answers.running(1))
    running = bot.app.answers.running(1)
    assert running
    assert running.response.stream
    running.response.stream.fail(EngineError("broken"))
    await until(lambda: "죄송합니다" in small_print(answer))
    assert shown(answer) == f"{MARK}\n\n하나 둘"
    assert buttons(answer) == []
