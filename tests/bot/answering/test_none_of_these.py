"""None of the offered questions was meant, or not the one that was answered."""

import pytest

from bot.errors import RefusedError
from storage.conversations import Conversations
from tests.bot.answering.desk import APPROVED, ASKED, DRAFT, TEACHER, A, B, C, Desk
from tests.bot.knowledge.test_retriever import NEAR, VAT


async def test_none_of_these_is_answered_with_a_draft(desk: Desk, messages: Conversations):
    """In the same place, without the pairs that were not meant."""
    asked = await desk.ask()
    answered = await desk.reject(asked)
    assert (answered.id, answered.text, answered.outcome) == (asked.id, DRAFT, "unverified")
    stored = await messages.reply(asked.id)
    assert stored
    assert (stored["text"], stored["verified"]) == (DRAFT, 0)
    assert APPROVED not in desk.engine.prompts[-1].text


async def test_none_of_these_is_never_offered_again(desk: Desk):
    """For these words, to nobody; for others it is."""
    await desk.reject(await desk.ask())
    assert (await desk.ask(A, thread="again")).outcome == "unverified"
    assert (await desk.ask(B)).outcome == "unverified"
    assert (await desk.ask(B, ASKED.replace("일본", "독일"))).outcome == "suggested"


async def test_not_my_question_keeps_the_pair_away(desk: Desk):
    """From these words, and from this asker; what comes next may be offered."""
    recalled = await desk.ask(text=NEAR)
    assert recalled.outcome == "verified"
    answered = await desk.reject(recalled)
    assert (answered.id, answered.text, answered.outcome) == (recalled.id, DRAFT, "unverified")
    assert (await desk.ask(A, NEAR, "again")).outcome == "unverified"


async def test_nobody_turns_a_recalled_answer_for_others_with_one_click(desk: Desk):
    """A second person does, or a teacher."""
    await desk.reject(await desk.ask(A, NEAR))
    known = await desk.ask(B, NEAR)
    assert known.outcome == "verified"
    await desk.reject(known, B)
    assert (await desk.ask(C, NEAR)).outcome == "unverified"


async def test_a_teacher_keeps_a_recalled_answer_away_from_all(desk: Desk):
    """With one click."""
    await desk.reject(await desk.ask(A, NEAR), TEACHER)
    assert (await desk.ask(C, NEAR)).outcome == "unverified"


async def test_an_answer_to_the_very_question_is_not_to_another_one(desk: Desk):
    """It may be wrong, and is then corrected; else one click would empty the reply of its votes."""
    same = await desk.ask(text=VAT)
    with pytest.raises(RefusedError):
        await desk.reject(same)
    assert (await desk.ask(text=VAT, thread="again")).outcome == "verified"


async def test_whoever_picked_by_mistake_takes_it_back(desk: Desk):
    """Not my question, under the answer that was picked."""
    asked = await desk.ask()
    picked = await desk.pick(asked)
    assert (await desk.reject(picked)).outcome == "unverified"
    assert (await desk.ask(thread="again")).outcome == "unverified"


async def test_a_draft_has_no_question_that_was_not_mine(desk: Desk):
    """Nothing was recalled: there is nothing to keep away."""
    draft = await desk.reject(await desk.ask())
    with pytest.raises(RefusedError):
        await desk.reject(draft)
