"""What was tried to turn the truth, found to work, and works no more."""

import pytest

from storage.database import Database
from storage.labels import Subject
from storage.pairs import Pairs
from storage.personal_data import PersonalData
from tests.bot.feedback.team import LAW, RIGHT, TEACHER, WRONG, Team
from tests.bot.knowledge.test_retriever import VAT, taught

SOURCE = "부가가치세법 제48조"
POLITE = "부가가치세 확정신고는 언제까지 합니까?"  # the same question
OFFERED = "부가가치세 예정신고는 언제까지 하나요?"  # near what is known, and another one


@pytest.mark.parametrize(("ruling", "emoji"), [("rejected", "👍"), ("approved", "👎")])
async def test_nobody_undoes_a_ruling_with_one_click(team: Team, ruling, emoji: str):
    """On, off and on again: it stands until somebody decides again, and is listed for that."""
    reply = await team.ask()
    subject = Subject("reply", reply.id)
    for person in "bc":
        await team.mark(subject, f"slack:{person}")
    await team.mark(subject, "slack:d", "👎")
    assert await team.corrections.rule(reply.id, ruling, TEACHER)
    before = await team.known()
    await team.mark(subject, "slack:h", emoji)
    await team.unmark(subject, "slack:h", emoji)
    await team.mark(subject, "slack:h", emoji)
    assert await team.known() == before
    assert await team.corrections.rule(reply.id, ruling, TEACHER)


async def test_an_author_does_not_take_along_what_others_approved(team: Team):
    """Five stand behind the words; the author's new ones wait for as many."""
    reply = await team.ask(user="x")
    correction = await team.corrections.correct(reply.id, "slack:h", RIGHT, "ko")
    for person in "bcde":
        await team.mark(Subject("correction", correction.id), f"slack:{person}")
    await team.corrections.correct(reply.id, "slack:h", WRONG, "ko")
    assert await team.known() == RIGHT


async def test_likes_do_not_keep_what_a_teacher_says_anew(team: Team, database: Database):
    """Nor what is taught anew: among those who decide the last word counts."""
    correction = Subject("correction", await team.correct(WRONG, TEACHER))
    for person in "bc":
        await team.mark(correction, f"slack:{person}")
    await team.correct(RIGHT, TEACHER)
    assert await team.known() == RIGHT
    await Pairs(database).teach([taught(source="")])
    assert await team.known() == LAW


async def test_five_who_write_the_same_replace_what_two_approved(team: Team):
    """Each to an answer of their own: proposals with the same words add up."""
    correction = Subject("correction", await team.correct(WRONG, "slack:a"))
    await team.mark(correction, "slack:b")
    for person in "cdefg":
        await team.correct(RIGHT, f"slack:{person}")
    assert await team.known() == RIGHT


async def test_browsers_do_not_outvote_a_team(team: Team):
    """Six of them are one person; nor does who asked count."""
    subject = Subject("reply", (await team.ask(user="asker")).id)
    for person in "bc":
        await team.mark(subject, f"slack:{person}")
    await team.mark(subject, "slack:asker", "👎")
    for browser in range(6):
        await team.mark(subject, f"web:{browser}", "👎")
    assert await team.known() == "모르는 답"


async def test_two_do_not_talk_a_source_out_of_its_own_question(team: Team, database: Database):
    """Both say that it is not their question, which is asked with another ending, and lie."""
    await Pairs(database).teach([taught(source=SOURCE)])
    for person in "xy":
        reply = await team.ask(POLITE, user=person)
        again = await team.reject(reply, f"slack:{person}")
        await team.corrections.correct(again.id, f"slack:{person}", WRONG, "ko")
    assert await team.known(POLITE) == LAW
    assert await team.known(VAT) == LAW


async def test_a_pick_does_not_take_the_place_of_what_five_approved(team: Team, database: Database):
    """For exactly these words. Two browsers without a name are one person, who decides nothing."""
    await Pairs(database).teach([taught(source=SOURCE)])
    for person in "xy":
        reply = await team.ask(OFFERED, user=person, platform="web")
        await team.choices.pick(reply.id, reply.suggestions[0].pair_id, f"web:{person}", "ko")
    reply = await team.ask(OFFERED, user="z")
    correction = await team.corrections.correct(reply.id, "slack:a", "4월 25일", "ko")
    for person in "bcde":
        await team.mark(Subject("correction", correction.id), f"slack:{person}")
    assert await team.known(OFFERED) == "4월 25일"


async def test_a_golden_question_is_golden_with_another_ending(guarded: Team):
    """Politeness is no other question."""
    correction = Subject("correction", await guarded.correct(WRONG, "slack:x", POLITE))
    await guarded.mark(correction, "slack:y")
    assert await guarded.known(POLITE) is None


async def test_a_reply_that_shows_its_own_correction_can_be_changed(team: Team, database: Database):
    """Corrected where a choice was offered, of which none was meant: it quotes itself."""
    await Pairs(database).teach([taught(source=SOURCE)])
    reply = await team.ask(OFFERED, user="h")
    correction = await team.corrections.correct(reply.id, "slack:h", WRONG, "ko")
    assert (await team.reject(reply, "slack:h")).text == WRONG
    await team.mark(Subject("reply", reply.id), "slack:z", "👎")
    assert await team.corrections.decide(correction.id, "rejected", TEACHER)
    assert (await team.ask(OFFERED)).text != WRONG
    await PersonalData(database, team.rules).forget("slack:z")
