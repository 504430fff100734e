"""What people think of answers: emoji on any piece of one, and feedback buttons."""

import asyncio
from datetime import UTC, datetime

from storage.database import Database
from tests.bot.platforms.chat.fakes import QUESTION, Screen
from tests.support.fakes import saying

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def emojis(database: Database) -> list[tuple[str, str]]:
    rows = await database.rows("SELECT person, emoji FROM labels WHERE present")
    return [tuple(row) for row in rows]


async def test_a_reaction_on_a_piece_is_a_label_on_the_answer(service_with, database: Database):
    """Taken off again it is none; on somebody else's message it never was."""
    service = service_with(saying("예."))
    await service.question(QUESTION, Screen())
    await service.parts.votes.reaction("C1", "P1", "U2", "👍", added=True, at=1.0)
    await service.parts.votes.reaction("C1", "P9", "U2", "👎", added=True, at=1.0)
    assert await emojis(database) == [("chat:U2", "👍")]
    await service.parts.votes.reaction("C1", "P1", "U2", "👍", added=False, at=2.0)
    assert await emojis(database) == []


async def test_a_reaction_may_come_before_the_answer_is_whole(service_with, database: Database):
    """It waits for it."""
    engine = saying("하나 둘 셋")
    engine.hold(after_words=1)
    service, screen = service_with(engine), Screen()
    asking = asyncio.create_task(service.question(QUESTION, screen))
    await screen.began.wait()
    reacting = asyncio.create_task(
        service.parts.votes.reaction("C1", "P1", "U2", "👍", added=True, at=1.0)
    )
    await asyncio.sleep(0.02)
    engine.go_on()
    await asyncio.gather(asking, reacting)
    assert await emojis(database) == [("chat:U2", "👍")]


async def test_a_vote_counts_once_and_can_be_taken_back(service_with, database: Database):
    """The last button counts, the same one again takes it back."""
    service = service_with(saying("예."))
    await service.question(QUESTION, Screen())
    assert await service.parts.votes.vote("C1", "P1", "U2", "👍") == "vote_counted"
    assert await service.parts.votes.vote("C1", "P1", "U2", "👎") == "vote_counted"
    assert await emojis(database) == [("chat:U2", "👎")]
    assert await service.parts.votes.vote("C1", "P1", "U2", "👎") == "vote_taken_back"
    assert await emojis(database) == []


async def test_a_vote_on_a_forgotten_answer_is_told(service_with, database: Database):
    """Unlike one that was taken back."""
    service = service_with(saying("예."))
    assert await service.parts.votes.vote("C1", "P1", "U2", "👍") == "vote_unknown"
    await service.question(QUESTION, Screen())
    async with database.transaction() as db:
        await db.execute("DELETE FROM questions")
    assert await service.parts.votes.vote("C1", "P1", "U2", "👍") == "vote_unknown"


async def test_missed_reactions_are_made_up_for(service_with, database: Database):
    """Those that stand are labels in the end, those that are gone are none; the rest stays."""
    service = service_with(saying("예."))
    await service.question(QUESTION, Screen())
    for user in ("U2", "U3"):
        await service.parts.votes.reaction("C1", "P1", user, "👍", added=True, at=1.0)
    (shown,) = await service.parts.messages.answers_since(LONG_AGO, last=9)
    assert (shown.channel, shown.thread, shown.messages) == ("C1", "T1", ["P1"])
    stand = {("U3", "👍"), ("U4", "🎉"), ("U4", "🦄")}
    assert await service.parts.votes.sync(shown, stand, at=2.0) == 2
    assert sorted(await emojis(database)) == [("chat:U3", "👍"), ("chat:U4", "🎉")]
    assert await service.parts.votes.sync(shown, stand, at=3.0) == 0


async def test_a_vote_by_button_is_no_reaction_that_was_taken_off(service_with, database: Database):
    """The platform does not show it among the reactions, and it stays."""
    service = service_with(saying("예."))
    await service.question(QUESTION, Screen())
    (shown,) = await service.parts.messages.answers_since(LONG_AGO, last=9)
    await service.parts.votes.vote("C1", "P1", "U2", "👍")
    await service.parts.votes.sync(shown, [], at=None)
    assert await emojis(database) == [("chat:U2", "👍")]


async def test_what_is_heard_after_a_look_at_the_reactions_counts_more(
    service_with, database: Database
):
    """Even when the event is handled first."""
    service = service_with(saying("예."))
    await service.question(QUESTION, Screen())
    (shown,) = await service.parts.messages.answers_since(LONG_AGO, last=9)
    await service.parts.votes.reaction("C1", "P1", "U2", "👍", added=False, at=6.0)
    await service.parts.votes.sync(shown, [("U2", "👍")], at=5.0)
    assert await emojis(database) == []


async def test_a_moderator_can_clear_reactions(service_with, database: Database):
    """All of one emoji, or all."""
    service = service_with(saying("예."))
    await service.question(QUESTION, Screen())
    for user in ("U2", "U3"):
        await service.parts.votes.reaction("C1", "P1", user, "👍", added=True, at=1.0)
        await service.parts.votes.reaction("C1", "P1", user, "🎉", added=True, at=1.0)
    await service.parts.votes.cleared("C1", "P1", "👍")
    assert {emoji for _, emoji in await emojis(database)} == {"🎉"}
    await service.parts.votes.cleared("C1", "P1", None)
    assert await emojis(database) == []
