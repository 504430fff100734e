"""People say in a thread what an answer should have been."""

import pytest

from bot.texts import say
from tests.bot.platforms.fakes.stored import become, corrections, votes
from tests.bot.platforms.slack.conftest import FEEDBACK, StartBot
from tests.bot.platforms.slack.fake.people import People, twins
from tests.bot.platforms.slack.fake.server import FakeSlack
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons, shown
from tests.support.fakes import FakeEngine, saying
from tests.support.waiting import until


async def asked(slack: FakeSlack, people: People, **more: str) -> str:
    """Ask something and wait for the answer; the thread."""
    thread = await people.asks("언제?", **more)
    await until(lambda: [m for m in slack.thread(GENERAL, thread) if FEEDBACK in buttons(m)])
    return thread


async def corrected(slack: FakeSlack, people: People, text: str = "정정: 25일") -> tuple[str, str]:
    """Correct an answer as U2; the ts of that, and of the thanks."""
    thread = await asked(slack, people)
    ts = await people.says(text, user="U2", thread=thread)
    thanks = await until(lambda: slack.thread(GENERAL, thread)[1:])
    return ts, str(thanks[0]["ts"])


@pytest.mark.parametrize("follow_ups", [True, False])
async def test_a_correction_in_a_thread_needs_no_mention(
    start_bot: StartBot, slack: FakeSlack, people: People, follow_ups: bool
):
    """Whether or not the bot listens to follow-ups; it thanks, and does not answer."""
    bot = await start_bot(thread_follow_ups=follow_ups)
    thread = await asked(slack, people)
    await people.says("정정: 1월 25일입니다.", user="U2", thread=thread)
    thanks = (await until(lambda: slack.thread(GENERAL, thread)[1:]))[0]
    assert "다음 질문부터" in shown(thanks)
    assert "1월 25일입니다." in shown(thanks)
    assert buttons(thanks) == []
    assert await corrections(bot) == [("slack:U2", "1월 25일입니다.", "live")]
    assert len(bot.engine.prompts) == 1


async def test_elsewhere_it_needs_a_mention(start_bot: StartBot, slack: FakeSlack, people: People):
    """And then hears that it is about nothing."""
    bot = await start_bot()
    silent = await people.says("correction: the 25th")
    other = await people.says("정정: 26일", thread=silent)
    asked = await people.asks("correction: the 25th")
    (answer,) = await until(lambda: slack.thread(GENERAL, asked))
    assert shown(answer) == say("correction_of_nothing", "ko")
    await bot.settled()
    assert slack.thread(GENERAL, silent) == []
    assert other
    assert await corrections(bot) == []


async def test_a_redelivered_correction_is_one(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """With one word of thanks, after a restart too."""
    bot = await start_bot()
    ts, thanks = await corrected(slack, people)
    event = {**slack.messages[GENERAL, ts], "channel": GENERAL, "channel_type": "channel"}
    (twin,) = twins(event)
    await people.tell(twin)
    await bot.settled()
    await bot.stop()
    again = await start_bot()
    await people.tell(twin)
    await again.settled()
    assert [m["ts"] for m in slack.thread(GENERAL, event["thread_ts"])][1:] == [thanks]
    assert len(await corrections(again)) == 1


async def test_a_correction_waits_for_the_answer_it_is_about(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Not the answer before."""
    engine = FakeEngine(lambda text: "둘 셋" if "나중" in text else "하나")
    bot = await start_bot(engine)
    thread = await asked(slack, people)
    engine.hold(after_words=1)
    await people.asks("나중은?", thread=thread)
    await until(lambda: len(engine.prompts) == 2 and len(slack.thread(GENERAL, thread)) == 2)
    await people.says("정정: 넷", thread=thread)
    engine.go_on()
    await until(lambda: len(slack.thread(GENERAL, thread)) == 3)
    rows = await bot.database.rows("SELECT reply_id FROM corrections")
    assert [row[0] for row in rows] == [2]


async def test_reactions_are_votes_on_the_correction(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """On the person's message and on our thanks alike, until taken off both."""
    bot = await start_bot()
    ts, thanks = await corrected(slack, people)
    await people.reacts("+1", ts, user="U3")
    await people.reacts("+1", thanks, user="U3")
    await people.reacts("-1", thanks, user="U4")
    await become(lambda: votes(bot), [("slack:U3", 1.0), ("slack:U4", -1.0)])
    await people.reacts("+1", ts, user="U3", removed=True)
    await bot.settled()
    assert len(await votes(bot)) == 2
    await people.reacts("+1", thanks, user="U3", removed=True)
    await become(lambda: votes(bot), [("slack:U4", -1.0)])


async def test_missed_votes_on_a_correction_are_made_up_for(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Put on and taken off while the bot was down."""
    first = await start_bot()
    ts, thanks = await corrected(slack, people)
    await people.reacts("+1", thanks, user="U3")
    await become(lambda: votes(first), [("slack:U3", 1.0)])
    await first.stop()
    slack.gives_up = True
    await people.reacts("+1", thanks, user="U3", removed=True)
    await people.reacts("-1", ts, user="U4")
    slack.gives_up = False
    second = await start_bot()
    await become(lambda: votes(second), [("slack:U4", -1.0)])


async def test_a_vote_on_both_the_answer_and_the_correction_is_two(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Taking off one leaves the other."""
    bot = await start_bot()
    ts, _ = await corrected(slack, people)
    answer = slack.thread(GENERAL, slack.messages[GENERAL, ts]["thread_ts"])[0]["ts"]
    for message in (answer, ts):
        await people.reacts("+1", message, user="U3")
    await become(lambda: votes(bot), [("slack:U3", 1.0)])
    await people.reacts("+1", ts, user="U3", removed=True)
    await become(lambda: votes(bot), [])
    assert await bot.labels() == [("slack:U3", "👍", 1.0)]


async def test_an_edit_changes_the_correction(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """And our thanks; votes are about its new words."""
    bot = await start_bot()
    ts, thanks = await corrected(slack, people)
    await people.edits(ts, "정정: 26일")
    await until(lambda: "26일" in shown(slack.messages[GENERAL, thanks]))
    assert await corrections(bot) == [
        ("slack:U2", "25일", "withdrawn"),
        ("slack:U2", "26일", "live"),
    ]
    await people.reacts("+1", ts, user="U3")
    await become(lambda: votes(bot), [("slack:U3", 1.0)])


async def test_an_edit_without_the_mark_withdraws(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """It is an ordinary message then."""
    bot = await start_bot()
    ts, thanks = await corrected(slack, people)
    await people.edits(ts, "아, 아닙니다")
    await until(lambda: "거두었습니다" in shown(slack.messages[GENERAL, thanks]))
    assert await corrections(bot) == [("slack:U2", "25일", "withdrawn")]


async def test_deleting_the_message_withdraws(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """The thanks say so."""
    bot = await start_bot()
    ts, thanks = await corrected(slack, people)
    await people.deletes(ts)
    await until(lambda: "거두었습니다" in shown(slack.messages[GENERAL, thanks]))
    assert await corrections(bot) == [("slack:U2", "25일", "withdrawn")]


@pytest.mark.parametrize("user", ["U2", "U9"])
async def test_a_cross_of_its_author_or_an_admin_withdraws(
    start_bot: StartBot, slack: FakeSlack, people: People, user: str
):
    """Nobody else's."""
    bot = await start_bot(admins=("slack:U9",))
    ts, thanks = await corrected(slack, people)
    await people.reacts("x", ts, user="U3")
    await bot.settled()
    assert await corrections(bot) == [("slack:U2", "25일", "live")]
    await people.reacts("x", thanks, user=user)
    await until(lambda: "거두었습니다" in shown(slack.messages[GENERAL, thanks]))
    assert await corrections(bot) == [("slack:U2", "25일", "withdrawn")]


async def test_who_may_not_ask_may_not_correct(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """The refusal is said."""
    bot = await start_bot(allowed_users=("slack:U1",))
    thread = await asked(slack, people)
    await people.says("정정: 25일", user="U2", thread=thread)
    refusal = (await until(lambda: slack.thread(GENERAL, thread)[1:]))[0]
    assert shown(refusal) == say("user_not_allowed", "ko")
    assert await corrections(bot) == []


async def test_long_words_are_cut_and_call_nobody(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """In the thanks; the whole of it is kept."""
    bot = await start_bot(saying("답"))
    text = "<!channel> <@U5> & " + "가" * 3900
    ts, thanks = await corrected(slack, people, f"정정: {text}")
    assert shown(slack.messages[GENERAL, thanks]).endswith("…")
    ((_, kept, _),) = await corrections(bot)
    assert len(kept) > 3900
    assert ts
