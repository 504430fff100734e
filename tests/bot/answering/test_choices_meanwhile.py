"""What changes, goes or comes at once while somebody chooses."""

import asyncio

import pytest

from bot.errors import RefusedError
from bot.knowledge.retriever import Retriever
from engine.errors import BusyError
from storage.conversations import Conversations
from storage.database import Database
from storage.pairs import Pairs
from storage.picks import Picks
from tests.bot.answering.desk import DRAFT, A, B, Desk, forget
from tests.bot.knowledge.test_retriever import taught


async def test_a_pick_of_a_pair_that_has_gone_is_refused(desk: Desk, database: Database):
    """The choice goes with it."""
    asked = await desk.ask()
    await forget(database, "cli:me")
    with pytest.raises(RefusedError, match="더 이상"):
        await desk.pick(asked)
    with pytest.raises(RefusedError, match="더 이상"):
        await desk.reject(asked)


async def test_a_pick_of_a_pair_that_was_ruled_wrong_is_refused(desk: Desk, database: Database):
    """And one that was picked before is known no more."""
    await desk.pick(await desk.ask(A), A)
    asked = await desk.ask(B)
    async with database.transaction() as db:  # as a ruling does
        await db.execute("UPDATE pairs SET score = 0")
    with pytest.raises(RefusedError, match="더 이상"):
        await desk.pick(asked, B)
    assert (await desk.ask(A, thread="again")).outcome == "unverified"


async def test_a_pick_shows_what_the_pair_says_by_now(desk: Desk, pairs: Pairs):
    """Also to words that were accepted before it changed."""
    asked = await desk.ask()
    await pairs.teach([taught(answer="10월 25일까지입니다.")])
    assert (await desk.pick(asked)).text == "10월 25일까지입니다."
    await pairs.teach([taught(answer="1월 25일까지입니다.")])
    again = await desk.ask(thread="again")
    assert (again.text, again.outcome) == ("1월 25일까지입니다.", "verified")


async def test_a_pair_that_changes_during_a_pick_is_not_shown_with_old_words(
    desk: Desk, pairs: Pairs, messages: Conversations, monkeypatch: pytest.MonkeyPatch
):
    """The pick is refused, and the choice stays."""
    replace_reply = messages.replace_reply

    async def late(*given) -> None:
        await pairs.teach([taught(answer="10월 25일까지입니다.")])
        await replace_reply(*given)

    asked = await desk.ask()
    monkeypatch.setattr(messages, "replace_reply", late)
    with pytest.raises(RefusedError, match="더 이상"):
        await desk.pick(asked)
    monkeypatch.undo()
    assert (await desk.pick(asked)).text == "10월 25일까지입니다."


async def test_a_reply_that_has_gone_has_no_choices(desk: Desk, database: Database):
    """Its asker was forgotten."""
    asked = await desk.ask()
    await forget(database, A)
    for decide in (desk.pick, desk.reject):
        with pytest.raises(RefusedError, match="더 이상"):
            await decide(asked)
    assert await desk.choices.suggestions([asked.id]) == {}


@pytest.mark.parametrize("decision", ["pick", "reject"])
async def test_an_asker_who_is_forgotten_meanwhile_gets_no_answer(
    desk: Desk, database: Database, picks: Picks, monkeypatch: pytest.MonkeyPatch, decision: str
):
    """Between the click and what follows from it; nothing of theirs comes back."""
    add = picks.add

    async def late(*given, **more) -> None:
        await forget(database, A)
        await add(*given, **more)

    asked = await desk.ask()
    monkeypatch.setattr(picks, "add", late)
    with pytest.raises(RefusedError, match="더 이상"):
        await getattr(desk, decision)(asked)
    assert await database.rows("SELECT 1 FROM picks") == []
    assert await database.rows("SELECT 1 FROM replies") == []


async def test_what_was_picked_cannot_be_picked_again(desk: Desk):
    """The choice is over, also in a tab that still shows it."""
    asked = await desk.ask()
    await desk.pick(asked)
    with pytest.raises(RefusedError, match="더 이상"):
        await desk.pick(asked)


async def test_of_clicks_at_once_one_counts(desk: Desk, database: Database):
    """On a choice, or on none of these, in several tabs."""
    asked = await desk.ask()
    clicks = [desk.pick(asked), desk.pick(asked), desk.choices.reject(asked.id, A, "ko")]
    done = await asyncio.gather(*clicks, return_exceptions=True)
    assert [isinstance(one, RefusedError) for one in done] == [False, True, True]
    assert len(await database.rows("SELECT 1 FROM picks")) == 1


async def test_a_pick_does_not_race_with_the_answer_that_follows_none_of_these(desk: Desk):
    """What was said first holds, until that answer has ended."""
    desk.engine.hold()
    asked = await desk.ask()
    answer = await desk.choices.reject(asked.id, A, "ko")
    with pytest.raises(RefusedError, match="이미"):
        await desk.pick(asked)
    desk.engine.go_on()
    reply = await answer.finished()
    assert reply
    assert reply.text == DRAFT


async def test_a_refused_answer_leaves_the_choice(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    """Too many are being answered: the asker may say it again later."""

    def full(*_: object) -> None:
        raise BusyError(position=3)

    asked = await desk.ask()
    monkeypatch.setattr(desk.engine, "stream", full)
    with pytest.raises(RefusedError, match="3번째"):
        await desk.reject(asked)
    monkeypatch.undo()
    assert (await desk.reject(asked)).text == DRAFT


async def test_nothing_begins_while_the_bot_closes(desk: Desk):
    """After ``close`` no answer may be on its way; the choice stays for the next start."""
    asked = await desk.ask()
    await desk.answers.close(grace_s=1)
    with pytest.raises(RefusedError, match="종료"):
        await desk.reject(asked)
    assert await desk.choices.suggestions([asked.id])


async def test_closing_waits_for_an_answer_that_is_about_to_begin(
    desk: Desk, retriever: Retriever, monkeypatch: pytest.MonkeyPatch
):
    """As for questions: it is stored before the database goes."""
    asked, may_search, find = await desk.ask(), asyncio.Event(), retriever.find

    async def slow(*given, **more):
        await may_search.wait()
        return await find(*given, **more)

    monkeypatch.setattr(retriever, "find", slow)
    rejecting = asyncio.create_task(desk.reject(asked))
    await asyncio.sleep(0.05)
    closing = asyncio.create_task(desk.answers.close(grace_s=5))
    await asyncio.sleep(0.05)
    assert not closing.done()
    may_search.set()
    await closing
    assert (await rejecting).text == DRAFT
