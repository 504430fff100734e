"""Who may change what is known, with the settings that come along: two people, or one teacher."""

from datetime import UTC, datetime

import pytest

from bot.messages import OnePerson
from storage.database import Database
from storage.labels import Subject
from storage.pairs import Pairs
from storage.personal_data import PersonalData
from tests.bot.feedback.team import LAW, RIGHT, TEACHER, WRONG, Team
from tests.bot.knowledge.test_retriever import NEAR, VAT, taught


async def test_one_persons_correction_is_shown_as_theirs(team: Team):
    """To everybody else, by whom and since when; never as verified."""
    await team.correct(RIGHT, "slack:a")
    shown = await team.ask(user="reader")
    assert (shown.text, shown.outcome) == (RIGHT, "unverified")
    assert shown.said_by == OnePerson("slack:a", datetime.now(UTC).date().isoformat())


async def test_a_second_person_makes_it_known(team: Team):
    """With a 👍 on the correction, or on the answer that shows it."""
    correction = await team.correct(RIGHT, "slack:a")
    await team.mark(Subject("correction", correction), "slack:b")
    assert await team.known() == RIGHT


async def test_a_thumb_on_the_suggestion_makes_it_known(team: Team):
    """Of another person than its author."""
    await team.correct(RIGHT, "slack:a")
    shown = await team.ask(user="b")
    await team.mark(Subject("reply", shown.id), "slack:a")
    assert await team.known() is None
    await team.mark(Subject("reply", shown.id), "slack:b")
    assert await team.known() == RIGHT


async def test_two_who_write_the_same_make_it_known(team: Team):
    """In two messages, to two answers."""
    await team.correct(RIGHT, "slack:a")
    shown = await team.ask(user="b")
    await team.corrections.correct(shown.id, "slack:b", RIGHT, "ko")
    assert await team.known() == RIGHT


async def test_a_teachers_word_is_enough(team: Team):
    """On the very next question."""
    await team.correct(RIGHT, TEACHER)
    assert await team.known() == RIGHT


async def test_the_askers_own_thumb_makes_nothing_known(team: Team):
    """Nor do those of more browsers than one."""
    reply = await team.ask()
    await team.mark(Subject("reply", reply.id), "slack:asker")
    for browser in "abc":
        await team.mark(Subject("reply", reply.id), f"web:{browser}")
    assert await team.known() is None
    await team.mark(Subject("reply", reply.id), "slack:b")
    assert await team.known() == "모르는 답"


@pytest.mark.parametrize("question", [VAT, NEAR])
async def test_nobody_replaces_what_rests_on_a_source(
    team: Team, database: Database, question: str
):
    """Neither the same question nor one in other words: forty corrections are proposals."""
    await Pairs(database).teach([taught(source="부가가치세법 제48조")])
    for n in range(40):
        await team.correct(WRONG, f"slack:{n}", question)
    assert await team.known(question) == LAW
    assert await team.known(VAT) == LAW


async def test_a_teacher_decides_about_a_source_on_the_review_page(team: Team, database: Database):
    """The proposal counts then; and who teaches the law again has the last word."""
    law = taught(source="부가가치세법 제48조")
    await Pairs(database).teach([law])
    proposal = await team.correct(RIGHT, TEACHER)
    assert await team.known() == LAW
    assert await team.corrections.decide(proposal, "approved", TEACHER)
    assert await team.known() == RIGHT
    await Pairs(database).teach([law])
    assert await team.known() == LAW


async def test_one_thumb_down_does_not_take_away_what_five_approved(team: Team):
    """More objections than approvals do; then it waits for a decision."""
    correction = Subject("correction", await team.correct(RIGHT, "slack:a"))
    for person in "bcde":
        await team.mark(correction, f"slack:{person}")
    await team.mark(correction, "slack:f", "👎")
    assert await team.known() == RIGHT
    for person in "ghijk":
        await team.mark(correction, f"slack:{person}", "👎")
    assert await team.known() is None
    assert [c.id for c in await team.corrections.waiting()] == [correction.id]


async def test_one_persons_words_teach_no_version(team: Team, database: Database):
    """What a round learns from is approved."""
    await team.correct(RIGHT, "slack:a")
    assert [pair async for pair in Pairs(database).approved()] == []
    assert await Pairs(database).count("tax-ko") == 0


async def test_a_suggestion_of_one_person_hides_nothing_that_is_known(
    team: Team, database: Database
):
    """It stands beside what is known, not among it: near questions stay known."""
    await Pairs(database).teach([taught(source="")])
    for n in range(10):
        await team.correct(f"{n}일", "slack:a", f"부가가치세 확정신고를 {n}번째로 하나요?")
    assert await team.known(NEAR) == LAW


@pytest.mark.parametrize("person", ["slack:a", TEACHER])
async def test_what_turns_a_golden_answer_wrong_waits_for_a_decision(guarded: Team, person: str):
    """Whoever says so, and however many."""
    proposal = await guarded.correct(WRONG, person)
    for fan in "bcd":
        await guarded.mark(Subject("correction", proposal), f"slack:{fan}")
    assert await guarded.known() is None
    assert [c.id for c in await guarded.corrections.waiting()] == [proposal]
    await guarded.corrections.decide(proposal, "approved", TEACHER)
    assert await guarded.known() == WRONG


async def test_what_agrees_with_a_golden_question_counts(guarded: Team):
    """As to any other question."""
    await guarded.correct(RIGHT, TEACHER)
    assert await guarded.known() == RIGHT


async def test_the_answer_to_a_near_question_is_no_golden_answer(guarded: Team):
    """Where it lacks what a right answer must have, it is not known, however near it is."""
    await guarded.correct(WRONG, TEACHER, NEAR)
    assert await guarded.known(NEAR) == WRONG
    assert await guarded.known(VAT) is None


async def test_who_takes_their_words_back_stands_behind_nobody_elses(team: Team):
    """Two wrote the same to two answers; one of them is not enough."""
    first = await team.correct(RIGHT, "slack:a")
    await team.correct(RIGHT, "slack:b")
    assert await team.known() == RIGHT
    assert await team.corrections.withdraw(first, "slack:a")
    assert await team.known() is None


async def test_who_is_forgotten_stands_behind_nothing(team: Team, database: Database):
    """What two said is one person's then; what a teacher decided stays decided."""
    await team.correct(RIGHT, "slack:a")
    await team.correct(RIGHT, "slack:b")
    other = await team.correct("3월 말입니다.", "slack:c", "법인세 신고는 언제까지 하나요?")
    assert await team.corrections.decide(other, "approved", TEACHER)
    for person in ("slack:a", TEACHER):
        await PersonalData(database, team.rules).forget(person)
    assert await team.known() is None
    assert await team.known("법인세 신고는 언제까지 하나요?") == "3월 말입니다."
