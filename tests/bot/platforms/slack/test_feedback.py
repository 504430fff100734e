"""What people think of an answer, told by reactions and buttons."""

import asyncio
import time

import pytest

from bot.texts import say
from storage.errors import StorageError
from tests.bot.platforms.slack.conftest import FEEDBACK, Bot, StartBot, paragraphs
from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import FakeSlack
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons
from tests.support.fakes import saying
from tests.support.waiting import until

Labels = list[tuple[str, str, float]]


async def labels_become(bot: Bot, wanted: Labels) -> None:
    for _ in range(2000):
        if await bot.labels() == wanted:
            return
        await asyncio.sleep(0.01)
    assert await bot.labels() == wanted


async def answer_to(slack: FakeSlack, people: People) -> str:
    """Ask something; the ts of the answer's last message."""
    asked = await people.asks("언제?")
    done = await until(lambda: [m for m in slack.thread(GENERAL, asked) if FEEDBACK in buttons(m)])
    return str(done[0]["ts"])


@pytest.mark.parametrize(
    ("name", "emoji", "score"),
    [
        ("+1", "👍", 1.0),
        ("thumbsup", "👍", 1.0),
        ("+1::skin-tone-5", "👍", 1.0),
        ("heart", "❤️", 1.0),
        ("tada", "🎉", 1.0),
        ("-1", "👎", -1.0),
        ("party_parrot", ":party_parrot:", 0.5),
    ],
)
async def test_a_reaction_is_a_label(
    start_bot: StartBot, slack: FakeSlack, people: People, name: str, emoji: str, score: float
):
    """Under all of Slack's names, in any skin, and taken off again it is none."""
    table = {"👍": 1.0, "👎": -1.0, "❤️": 1.0, "🎉": 1.0, ":party_parrot:": 0.5}
    bot = await start_bot(reactions=table)
    answer = await answer_to(slack, people)
    await people.reacts(name, answer, user="U2")
    await labels_become(bot, [("slack:U2", emoji, score)])
    await people.reacts(name, answer, user="U2", removed=True)
    await labels_become(bot, [])


async def test_reactions_count_on_every_piece(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """They are about the whole answer; on other messages they are about nothing."""
    bot = await start_bot(saying(paragraphs(20)))
    asked = await people.asks("다?")
    pieces = await until(lambda: len(t := slack.thread(GENERAL, asked)) > 1 and t)
    await people.reacts("+1", pieces[0]["ts"], user="U2")
    await people.reacts("-1", pieces[-1]["ts"], user="U3")
    await people.reacts("+1", asked, user="U4")
    await labels_become(bot, [("slack:U2", "👍", 1.0), ("slack:U3", "👎", -1.0)])


async def test_the_same_emoji_twice_is_taken_off_twice(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """It counts as long as it stands on any piece, in any skin tone."""
    bot = await start_bot(saying(paragraphs(20)))
    asked = await people.asks("다?")
    pieces = await until(lambda: len(t := slack.thread(GENERAL, asked)) > 1 and t)
    first, second = pieces[0]["ts"], pieces[1]["ts"]
    marks = [("+1", first), ("+1", second), ("+1::skin-tone-3", second)]
    for name, piece in marks:
        await people.reacts(name, piece, user="U2")
    await labels_become(bot, [("slack:U2", "👍", 1.0)])
    for name, piece in marks[:2]:
        await people.reacts(name, piece, user="U2", removed=True)
        await bot.settled()
        assert await bot.labels() == [("slack:U2", "👍", 1.0)]
    await people.reacts(*marks[2], user="U2", removed=True)
    await labels_become(bot, [])


async def test_reactions_of_bots_do_not_count(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Neither the bot's own nor those of others."""
    slack.users["U7"] = {"is_bot": True}
    bot = await start_bot()
    answer = await answer_to(slack, people)
    for user in ("U0BOT", "U7", "U2"):
        await people.reacts("+1", answer, user=user)
    await labels_become(bot, [("slack:U2", "👍", 1.0)])


async def test_a_reaction_counts_after_a_restart(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """As does a button."""
    first = await start_bot()
    answer = await answer_to(slack, people)
    await first.stop()
    second = await start_bot()
    await people.reacts("heart", answer, user="U2")
    await people.clicks(FEEDBACK, "bad", answer, user="U3")
    await labels_become(second, [("slack:U2", "❤️", 1.0), ("slack:U3", "👎", -1.0)])


async def test_reactions_may_come_late_and_in_any_order(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """The time at which it was done decides, and the same event twice is one label."""
    bot = await start_bot()
    answer = await answer_to(slack, people)
    ago = time.time() - 60  # a time to come would be taken as now
    await people.reacts("+1", answer, user="U2", removed=True, at=ago + 2)
    await people.reacts("+1", answer, user="U2", at=ago + 1)
    for _ in range(2):
        await people.reacts("-1", answer, user="U3", at=ago + 3)
    await labels_become(bot, [("slack:U3", "👎", -1.0)])


async def test_a_button_is_one_vote_a_person(start_bot: StartBot, slack: FakeSlack, people: People):
    """The last counts, a second click takes it back, and each click is confirmed in private."""
    bot = await start_bot()
    answer = await answer_to(slack, people)
    for value, wanted in (
        ("good", [("slack:U2", "👍", 1.0)]),
        ("bad", [("slack:U2", "👎", -1.0)]),
        ("bad", []),
    ):
        await people.clicks(FEEDBACK, value, answer, user="U2")
        await labels_become(bot, wanted)
    await until(lambda: len(slack.whispers) == 3)
    texts = [whisper["text"] for whisper in slack.whispers]
    assert ["반영" in text for text in texts] == [True, True, False]
    assert {whisper["user"] for whisper in slack.whispers} == {"U2"}


async def test_a_vote_on_a_forgotten_answer_is_told(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Instead of nothing, or of thanks."""
    bot = await start_bot()
    answer = await answer_to(slack, people)
    async with bot.database.transaction() as db:
        await db.execute("DELETE FROM questions")
    await people.clicks(FEEDBACK, "good", answer, user="U2")
    (whisper,) = await until(lambda: slack.whispers)
    assert whisper["text"] == say("vote_unknown", "ko")


async def test_a_vote_that_cannot_be_stored_is_told(
    start_bot: StartBot, slack: FakeSlack, people: People, monkeypatch: pytest.MonkeyPatch
):
    """With a reference, so that an admin finds out why."""

    async def full(*_: object) -> None:
        raise StorageError("the disk is full")

    bot = await start_bot()
    answer = await answer_to(slack, people)
    monkeypatch.setattr(bot.app.label_service, "toggle", full)
    await people.clicks(FEEDBACK, "good", answer, user="U2")
    (whisper,) = await until(lambda: slack.whispers)
    assert "관리자" in whisper["text"]
    assert "full" not in whisper["text"]


async def test_the_last_verdict_counts_by_slacks_clock(
    start_bot: StartBot, slack: FakeSlack, people: People, monkeypatch: pytest.MonkeyPatch
):
    """Which may be ahead of ours: a click replaces a reaction that is, for us, in the future."""
    bot = await start_bot()
    answer = await answer_to(slack, people)
    ahead = time.time() + 100
    await people.reacts("+1", answer, user="U2", at=ahead)
    await labels_become(bot, [("slack:U2", "👍", 1.0)])
    monkeypatch.setattr(slack, "new_ts", lambda: f"{ahead + 1:.6f}")
    await people.clicks(FEEDBACK, "bad", answer, user="U2")
    await labels_become(bot, [("slack:U2", "👎", -1.0)])


async def test_a_click_that_slack_sends_twice_is_one(
    start_bot: StartBot, slack: FakeSlack, people: People, monkeypatch: pytest.MonkeyPatch
):
    """Otherwise the second would take the first back."""
    bot = await start_bot()
    answer = await answer_to(slack, people)
    monkeypatch.setattr(slack, "new_ts", lambda: "1790000000.000001")
    for _ in range(2):
        await people.clicks(FEEDBACK, "good", answer, user="U2")
    await until(lambda: slack.whispers)
    await asyncio.sleep(0.3)
    await labels_become(bot, [("slack:U2", "👍", 1.0)])
