"""What people can see and have forgotten about themselves."""

import pytest

from bot.operations.commands import Caller, forget_command, my_data_command
from storage.database import Database
from storage.personal_data import PersonalData
from tests.bot.conftest import JUDGE, incoming
from tests.support.fakes import saying

ME = Caller("web", "u", "en")


@pytest.fixture
def people(database: Database) -> PersonalData:
    return PersonalData(database, JUDGE)


async def test_one_sees_what_is_stored(people: PersonalData, answers_of):
    """How much, and the latest of it; others' things are not shown."""
    show = my_data_command(people).run
    assert await show(ME) == "Nothing is stored about you."
    answers = answers_of(saying("예."))
    await (await answers.ask(incoming("내 질문"))).finished()
    await (await answers.ask(incoming("남의 질문", thread="t2", user="b"))).finished()
    text = await show(ME)
    assert "questions 1" in text
    assert "내 질문" in text
    assert "남의 질문" not in text


async def test_a_long_history_fits_a_message(people: PersonalData, answers_of):
    """As much as fits, with the way to all of it."""
    answers = answers_of(saying("예."))
    for number in range(30):
        await (await answers.ask(incoming(f"{number} " + "가" * 100))).finished()
    text = await my_data_command(people).run(ME)
    assert len(text) < 2000
    assert "of 30" in text
    assert "--user web:u" in text


async def test_forgetting_must_be_confirmed(people: PersonalData, answers_of, database: Database):
    """By typing it again within two minutes, and not later."""
    await (await answers_of(saying("예.")).ask(incoming())).finished()
    times = iter([0.0, 200.0, 210.0])
    forget = forget_command(people, clock=lambda: next(times)).run
    assert "again" in await forget(ME)
    assert "again" in await forget(ME)
    assert (await forget(ME)).startswith("Removed: questions 1")
    assert await database.rows("SELECT * FROM questions") == []


async def test_one_persons_wish_confirms_no_other(people: PersonalData):
    """Each is asked for themselves."""
    forget = forget_command(people).run
    await forget(ME)
    assert "again" in await forget(Caller("web", "b", "en"))
