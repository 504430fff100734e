"""What every chat platform does with a question and a wish to stop."""

import asyncio
from dataclasses import replace

import pytest

from bot.access import Access
from storage.conversations import Conversations
from storage.database import Database
from storage.errors import StorageError
from storage.platform_events import MessageLinks
from tests.bot.platforms.chat.fakes import Question, Screen
from tests.support.fakes import FakeEngine, failing, saying


async def test_a_question_is_answered_on_the_surface(talk_with):
    """A sign of life first, the whole answer last."""
    talk, screen = talk_with(saying("7월 25일까지입니다.")), Screen()
    await talk.question(Question, screen)
    assert screen.signs == ["working"]
    assert (screen.answer, screen.said) == ("7월 25일까지입니다.", None)


@pytest.mark.parametrize("events", [("E1", "C1:M1"), ("E2", "C1:M1"), ("E1", "C1:M9")])
async def test_an_event_is_answered_once(talk_with, events: tuple[str, ...]):
    """Delivered again under the same name, or by its twin that shares one."""
    talk, again = talk_with(saying("예.")), Screen()
    await talk.question(Question, Screen())
    await talk.question(replace(Question, events=events), again)
    assert (again.signs, again.answer, again.said) == ([], None, None)


async def test_the_memory_survives_a_restart(talk_with):
    """A new process on the same database knows what was handled."""
    await talk_with(saying("예.")).question(Question, Screen())
    again = Screen()
    await talk_with(saying("예.")).question(Question, again)
    assert again.answer is None


async def test_twins_that_arrive_together_are_one(talk_with):
    """Whichever is first."""
    talk, screens = talk_with(saying("예.")), [Screen() for _ in range(8)]
    await asyncio.gather(*(talk.question(Question, screen) for screen in screens))
    assert sum(screen.answer is not None for screen in screens) == 1


async def test_a_refusal_is_said_politely(talk_with):
    """In the asker's language, once."""
    talk, screen = talk_with(saying("예."), Access(channels=["chat:C9"])), Screen()
    await talk.question(Question, screen, language="en")
    assert screen.said
    assert "not allowed" in screen.said
    assert screen.signs == []


async def test_a_failure_is_an_apology_with_a_reference(talk_with):
    """And the exception stays in the log."""
    talk, screen = talk_with(FakeEngine(failing)), Screen()
    await talk.question(Question, screen)
    assert screen.said
    assert "Q1" in screen.said
    assert "fake engine" not in screen.said


async def test_a_full_disk_is_an_apology_too(talk_with, messages: Conversations, monkeypatch):
    """The question could not even be stored."""

    async def full(**_: object) -> tuple[int, int]:
        raise StorageError("the disk is full")

    monkeypatch.setattr(messages, "add_question", full)
    talk, screen = talk_with(saying("예.")), Screen()
    await talk.question(Question, screen)
    assert screen.said
    assert "M1" in screen.said


@pytest.mark.parametrize(("user", "may"), [("U1", True), ("BOSS", True), ("U2", False)])
@pytest.mark.parametrize("message", ["P1", "M1"])
async def test_the_asker_and_admins_may_stop(talk_with, user: str, may: bool, message: str):
    """By the answer's message or the question's; others may not."""
    engine = saying("하나 둘 셋")
    engine.hold(after_words=1)
    talk, screen = talk_with(engine), Screen()
    asking = asyncio.create_task(talk.question(Question, screen))
    await screen.began.wait()
    assert await talk.stop("C1", message, user) is may
    engine.go_on()
    await asking
    assert ("답변을 멈췄습니다." in screen.notes) is may
    assert screen.answer == ("하나" if may else "하나 둘 셋")


async def test_a_person_who_may_not_ask_is_not_answered_in_a_thread(talk_with):
    """Nor refused, as long as it may have been said to somebody else."""
    engine, screen = saying("예."), Screen()
    talk = talk_with(engine, Access(users=["chat:BOSS"]))
    await talk.question(Question, screen, addressed=False)
    assert (screen.said, screen.signs, engine.prompts) == (None, [], [])
    await talk.question(replace(Question, events=("E2",)), screen)
    assert screen.said is not None


async def test_a_notice_is_said_once_and_only_to_those_who_may_ask(talk_with):
    """Others are refused."""
    talk = talk_with(saying("예."), Access(users=["chat:U1"]))
    mine, again, theirs = Screen(), Screen(), Screen()
    await talk.notice(Question, mine, "only_attachment", "en")
    await talk.notice(Question, again, "only_attachment", "en")
    await talk.notice(replace(Question, user="U2", events=("E2",)), theirs, "only_attachment", "en")
    assert "attachments" in (mine.said or "")
    assert again.said is None
    assert "not on the list" in (theirs.said or "")


async def test_the_bot_knows_the_threads_it_takes_part_in(talk_with):
    """For follow-ups without a mention."""
    talk = talk_with(saying("예."))
    assert not await talk.memory.takes_part("C1", "T1", "M2")
    await talk.question(Question, Screen())
    assert await talk.memory.takes_part("C1", "T1", "M2")


async def test_what_was_said_before_the_bot_came_is_no_follow_up(talk_with):
    """However late its event arrives; names of messages grow with time."""
    talk = talk_with(saying("예."))
    await talk.question(replace(Question, message="100"), Screen())
    assert not await talk.memory.takes_part("C1", "T1", "99")
    assert await talk.memory.takes_part("C1", "T1", "101")
    assert await talk.memory.takes_part("C1", "T1", "1000")


async def test_an_unknown_thread_is_read_from_the_platform(talk_with):
    """A thread that storage knows is not."""
    from engine.model.prompt import Turn

    engine, calls = saying("예."), []

    async def earlier() -> list[Turn]:
        calls.append(1)
        return [Turn("전에?", "그때.")]

    talk = talk_with(engine)
    await talk.question(Question, Screen(), earlier=earlier)
    second = replace(Question, events=("E2",), message="M2")
    await talk.question(second, Screen(), earlier=earlier)
    assert "질문: 전에?\n답: 그때." in engine.prompts[0].text
    assert len(calls) == 1


async def test_an_error_in_an_event_is_logged_not_raised(talk_with):
    """The platform's own handling goes on."""

    async def broken() -> None:
        raise ValueError("boom")

    talk = talk_with(saying("예."))
    talk.start(broken())
    await talk.close()


async def test_what_cannot_even_be_claimed_is_an_apology_once(talk_with, database, monkeypatch):
    """A redelivery is known in this run, with room on the disk again or without."""
    talk, screens = talk_with(saying("예.")), [Screen() for _ in range(3)]
    stores = Database.transaction

    def full(_: Database) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(Database, "transaction", full)
    await talk.question(Question, screens[0])
    await talk.question(Question, screens[1])
    monkeypatch.setattr(Database, "transaction", stores)
    await talk.question(Question, screens[2])
    assert "M1" in (screens[0].said or "")
    assert [s.said or s.answer for s in screens[1:]] == [None, None]
    assert await talk.memory.handled("E1")


async def test_an_answer_whose_pieces_cannot_be_kept_is_shown(talk_with, monkeypatch):
    """Reactions to it are lost, the answer is not."""

    async def full(*_: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(MessageLinks, "add", full)
    talk, screen = talk_with(saying("예.")), Screen()
    await talk.question(Question, screen)
    assert (screen.answer, screen.said) == ("예.", None)


async def test_what_comes_after_the_end_is_left_to_the_next_start(talk_with):
    """Storage is closed by then; the event is not claimed."""
    talk = talk_with(saying("예."))
    talk.start(asyncio.sleep(60))
    await talk.close(timeout_s=0)
    talk.start(talk.question(Question, Screen()))
    await asyncio.sleep(0)
    assert not await talk.memory.handled(Question.events[0])
