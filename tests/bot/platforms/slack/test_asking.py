"""People ask on Slack."""

import asyncio

from bot.texts import say
from tests.bot.platforms.slack.conftest import StartBot
from tests.bot.platforms.slack.fake.people import BOT_MENTION, People, direct
from tests.bot.platforms.slack.fake.server import FakeSlack
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons, shown, small_print
from tests.support.fakes import FakeEngine, saying
from tests.support.waiting import until

NOTHING_S = 0.25  # long enough for an answer that should not come


async def test_a_mention_is_answered_in_its_thread(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Once, although Slack tells of it twice, and with buttons to judge it by."""
    bot = await start_bot()
    asked = await people.asks("부가세는 언제까지 신고하나요?")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    assert shown(answer) == "7월 25일까지입니다."
    assert buttons(answer) == ["reactune_feedback"]
    await asyncio.sleep(NOTHING_S)
    assert len(slack.thread(GENERAL, asked)) == 1
    assert await bot.count("questions") == 1


async def test_a_direct_message_needs_no_mention(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """It is answered in a thread below it."""
    await start_bot()
    asked = await people.says("원천세는?", channel=direct("U1"))
    (answer,) = await until(lambda: slack.thread(direct("U1"), asked))
    await until(lambda: shown(answer) == "7월 25일까지입니다.")


async def test_a_conversation_goes_on_in_its_thread(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Without a new mention, by anybody, and the engine sees what was said."""
    engine = FakeEngine(
        lambda prompt: "둘째 답" if "첫째?" in prompt and "둘째?" in prompt else "답"
    )
    await start_bot(engine)
    asked = await people.asks("첫째?")
    await until(lambda: slack.thread(GENERAL, asked))
    await people.says("둘째?", user="U2", thread=asked)
    answers = await until(lambda: len(a := slack.thread(GENERAL, asked)) == 2 and a)
    assert shown(answers[1]) == "둘째 답"


async def test_follow_ups_can_be_switched_off(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Then only a mention goes on with the thread; direct messages always do."""
    bot = await start_bot(thread_follow_ups=False)
    asked = await people.asks("첫째?")
    await until(lambda: slack.thread(GENERAL, asked))
    await people.says("둘째?", thread=asked)
    await people.asks("셋째?", thread=asked)
    await until(lambda: len(slack.thread(GENERAL, asked)) == 2)
    await people.says("하나?", channel=direct("U1"))
    await until(lambda: len(bot.engine.prompts) == 3)
    assert not any("둘째" in prompt.text for prompt in bot.engine.prompts)


async def test_other_talk_is_left_alone(start_bot: StartBot, slack: FakeSlack, people: People):
    """Messages that mention nobody, threads without the bot, and words meant for a colleague."""
    bot = await start_bot()
    asked = await people.asks("첫째?")
    await until(lambda: slack.thread(GENERAL, asked))
    top = await people.says("점심 뭐 먹죠?")
    await people.says("국밥이요", user="U2", thread=top)
    await people.says("<@U2> 어떻게 생각해요?", thread=asked)
    await asyncio.sleep(NOTHING_S)
    assert len(bot.engine.prompts) == 1


async def test_a_quick_follow_up_is_not_lost(start_bot: StartBot, slack: FakeSlack, people: People):
    """Even when it overtakes the question that it follows."""
    bot = await start_bot()
    asked = slack.written(GENERAL, {"user": "U1", "text": f"{BOT_MENTION} 첫째?"})
    await people.says("둘째?", thread=asked)
    mention = {**slack.messages[GENERAL, asked], "type": "app_mention", "channel": GENERAL}
    await people.tell(mention)
    await until(lambda: len(slack.thread(GENERAL, asked)) == 2)
    assert await bot.count("questions") == 2


async def test_a_question_is_read_as_people_see_it(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """The bot's own mention is gone; others, channels and links are legible, in any case once."""
    slack.users["U2"] = {"profile": {"display_name": "지민"}}
    bot = await start_bot()
    await people.asks(
        "<@U2> 님이 <#C9|세무>에 올린 <https://nts.go.kr|국세청> 글, A&amp;B &lt;맞나요?&gt;"
    )
    prompt = (await until(lambda: bot.engine.prompts))[0].text
    assert "질문: @지민 님이 #세무에 올린 국세청 (https://nts.go.kr) 글, A&B <맞나요?>" in prompt


async def test_what_was_said_is_read_back_from_slack(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """When the database does not know the thread: after a loss, or a move."""
    bot = await start_bot()
    asked = await people.asks("첫째?")
    await until(lambda: slack.thread(GENERAL, asked))
    async with bot.database.transaction() as db:
        await db.execute("DELETE FROM conversations")
    await people.asks("둘째?", thread=asked)
    await until(lambda: len(slack.thread(GENERAL, asked)) == 2)
    assert "질문: 첫째?\n답: 7월 25일까지입니다.\n\n질문: 둘째?" in bot.engine.prompts[-1].text


async def test_a_file_alone_is_answered_with_a_sentence(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """The bot reads no files yet; in somebody else's thread it does not meddle."""
    bot = await start_bot()
    files = [{"id": "F1", "name": "영수증.pdf"}]
    asked = await people.asks("", files=files, subtype="file_share")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    assert "첨부 파일은 아직 읽지 못합니다" in shown(answer)
    await people.says("", files=files, subtype="file_share", thread=asked)
    await asyncio.sleep(NOTHING_S)
    assert len(slack.thread(GENERAL, asked)) == 1
    assert bot.engine.prompts == []


async def test_a_file_with_a_question_is_answered_with_a_note(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """So that nobody thinks it was read."""
    await start_bot()
    asked = await people.asks("이거 맞나요?", files=[{"id": "F1"}], subtype="file_share")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    assert shown(answer) == "7월 25일까지입니다."
    assert "첨부 파일은 읽지 않고" in small_print(answer)


async def test_an_empty_mention_is_answered_with_a_sentence(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """As is one that holds nothing but spaces."""
    await start_bot()
    for text in ("", "  \n"):
        asked = await people.asks(text)
        (answer,) = await until(lambda ts=asked: slack.thread(GENERAL, ts))
        assert "질문이 비어 있습니다" in shown(answer)
        assert buttons(answer) == []


async def test_a_giant_message_is_answered_with_a_sentence(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """It says how long a question may be."""
    bot = await start_bot()
    asked = await people.asks("가" * 100_000)
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    assert "100,000자" in shown(answer)
    assert bot.engine.prompts == []


async def test_a_mention_added_by_an_edit_is_a_question(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Edits of a question that was answered, and link previews, are not."""
    bot = await start_bot()
    written = await people.says("이건 언제까지죠?")
    await people.edits(written, f"{BOT_MENTION} 이건 언제까지죠?")
    await until(lambda: slack.thread(GENERAL, written))
    await people.edits(written, f"{BOT_MENTION} 이건 언제까지죠??")
    await people.edits(written, "이건 언제까지죠?")
    await people.edits(written, f"{BOT_MENTION} 이건 언제까지죠?")
    await asyncio.sleep(NOTHING_S)
    assert len(slack.thread(GENERAL, written)) == 1
    assert len(bot.engine.prompts) == 1


async def test_a_deleted_question_is_answered_no_further(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """The engine is free for others at once."""
    engine = FakeEngine(lambda _: "하나 둘 셋")
    engine.hold(after_words=1)
    bot = await start_bot(engine)
    asked = await people.asks("언제?")
    await until(lambda: slack.thread(GENERAL, asked))
    await people.deletes(asked)
    await until(lambda: engine.stats.running == 0)
    assert [tuple(r) for r in await bot.database.rows("SELECT status FROM replies")] == [
        ("stopped",)
    ]


async def test_bots_are_not_answered(start_bot: StartBot, people: People):
    """Neither other bots, nor Slack's own, nor the bot itself."""
    bot = await start_bot(saying("답"))
    await people.asks("나는 봇", bot_id="BOTHER")
    await people.asks("나는 봇", bot_id="BOTHER", subtype="bot_message")
    await people.asks("알림", user="USLACKBOT")
    await people.asks("나", user="U0BOT", bot_id="B0BOT")
    await people.says("나", user="U0BOT", channel=direct("U1"))
    await asyncio.sleep(NOTHING_S)
    assert bot.engine.prompts == []


async def test_who_may_ask_is_checked(start_bot: StartBot, slack: FakeSlack, people: People):
    """A refusal is told in the asker's language, in the thread."""
    slack.users["U2"] = {"locale": "en-GB"}
    await start_bot(allowed_users=("slack:U1",))
    asked = await people.asks("When?", user="U2")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    assert "not on the list" in shown(answer)


async def test_somebody_new_is_greeted_once(start_bot: StartBot, slack: FakeSlack, people: People):
    """When they open the bot's direct messages for the first time."""
    await start_bot()
    opened = {"type": "app_home_opened", "user": "U1", "channel": direct("U1"), "tab": "messages"}
    for _ in range(2):
        await people.tell(opened)
    await people.tell(opened | {"tab": "home", "user": "U2", "channel": direct("U2")})
    await until(lambda: slack.called("chat.postMessage"))
    await asyncio.sleep(NOTHING_S)
    (hello,) = slack.called("chat.postMessage")
    assert hello["channel"] == direct("U1")
    assert "안녕하세요" in hello["text"]


async def test_who_may_not_ask_is_told_once(start_bot: StartBot, slack: FakeSlack, people: People):
    """Not again with every mention, and never for what is said among people in the thread."""
    bot = await start_bot(allowed_users=("slack:U1",))
    asked = await people.asks("언제?")
    await until(lambda: slack.thread(GENERAL, asked))
    await people.says("저도 궁금해요", user="U2", thread=asked)
    for _ in range(3):
        await people.asks("저는요?", user="U2", thread=asked)
    await until(lambda: len(slack.thread(GENERAL, asked)) == 2)
    await bot.settled()
    replies = [shown(m) for m in slack.thread(GENERAL, asked)]
    assert replies == ["7월 25일까지입니다.", say("user_not_allowed", "ko")]
    private = await people.says("저는요?", user="U2", channel=direct("U2"))
    await until(lambda: slack.thread(direct("U2"), private))


async def test_an_attachment_from_who_may_not_ask_is_refused(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """As any question is."""
    await start_bot(allowed_channels=("slack:C9",))
    asked = await people.asks("", files=[{"id": "F1"}])
    (refusal,) = await until(lambda: slack.thread(GENERAL, asked))
    assert shown(refusal) == say("channel_not_allowed", "ko")


async def test_who_answers_a_person_is_not_answered(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """In a thread with the bot; whoever asked goes on, and a mention turns to the bot again."""
    bot = await start_bot()
    asked = await people.asks("언제?")
    await until(lambda: slack.thread(GENERAL, asked))
    await people.says("<@U2> 맞나요?", thread=asked)
    await people.says("네, 맞아요", user="U2", thread=asked)
    await bot.settled()
    assert len(bot.engine.prompts) == 1
    await people.says("얼마?", thread=asked)
    await people.asks("어떻게?", user="U2", thread=asked)
    await people.says("어디서?", user="U2", thread=asked)
    await until(lambda: len(bot.engine.prompts) == 4)
