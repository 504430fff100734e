"""What every chat platform does with a question and a wish to stop."""

import asyncio
from dataclasses import replace

import pytest

from bot.access import Access
from storage.conversations import Conversations
from storage.database import Database
from storage.errors import StorageError
from storage.platform_events import MessageLinks
from tests.bot.platforms.chat.fakes import QUESTION, Screen
from tests.support.fakes import FakeEngine, failing, saying
from tests.support.waiting import until


async def test_a_question_is_answered_on_the_surface(service_with):
    """A sign of life first, the whole answer last."""
    service, screen = service_with(saying("7월 25일까지입니다.")), Screen()
    await service.question(QUESTION, screen)
    assert screen.signs == ["working"]
    assert (screen.answer, screen.notice) == ("7월 25일까지입니다.", None)


@pytest.mark.parametrize("events", [("E1", "C1:M1"), ("E2", "C1:M1"), ("E1", "C1:M9")])
async def test_an_event_is_answered_once(service_with, events: tuple[str, ...]):
    """Delivered again under the same name, or by its twin that shares one."""
    service, again = service_with(saying("예.")), Screen()
    await service.question(QUESTION, Screen())
    await service.question(replace(QUESTION, events=events), again)
    assert (again.signs, again.answer, again.notice) == ([], None, None)


async def test_the_memory_survives_a_restart(service_with):
    """A new process on the same database knows what was handled."""
    await service_with(saying("예.")).question(QUESTION, Screen())
    again = Screen()
    await service_with(saying("예.")).question(QUESTION, again)
    assert again.answer is None


async def test_twins_that_arrive_together_are_one(service_with):
    """Whichever is first."""
    service, screens = service_with(saying("예.")), [Screen() for _ in range(8)]
    await asyncio.gather(*(service.question(QUESTION, screen) for screen in screens))
    assert sum(screen.answer is not None for screen in screens) == 1


async def test_a_refusal_is_said_politely(service_with):
    """In the asker's language, once."""
    service, screen = service_with(saying("예."), Access(channels=["chat:C9"])), Screen()
    await service.question(QUESTION, screen, language="en")
    assert screen.notice
    assert "not allowed" in screen.notice
    assert screen.signs == []


async def test_a_failure_is_an_apology_with_a_reference(service_with):
    """And the exception stays in the log."""
    service, screen = service_with(FakeEngine(failing)), Screen()
    await service.question(QUESTION, screen)
    assert screen.notice
    assert "Q1" in screen.notice
    assert "fake engine" not in screen.notice


async def test_a_full_disk_is_an_apology_too(service_with, messages: Conversations, monkeypatch):
    """The question could not even be stored."""

    async def full(**_: object) -> tuple[int, int]:
        raise StorageError("the disk is full")

    monkeypatch.setattr(messages, "add_question", full)
    service, screen = service_with(saying("예.")), Screen()
    await service.question(QUESTION, screen)
    assert screen.notice
    assert "M1" in screen.notice


@pytest.mark.parametrize(("user", "may"), [("U1", True), ("BOSS", True), ("U2", False)])
@pytest.mark.parametrize("message", ["P1", "M1"])
async def test_the_asker_and_admins_may_stop(service_with, user: str, may: bool, message: str):
    """By the answer's message or the question's; others may not."""
    engine = saying("하나 둘 셋")
    engine.hold(after_words=1)
    service, screen = service_with(engine), Screen()
    asking = asyncio.create_task(service.question(QUESTION, screen))
    await screen.began.wait()
    assert await service.stop("C1", message, user) is may
    engine.go_on()
    await asking
    assert ("답변을 멈췄습니다." in screen.notes) is may
    assert screen.answer == ("하나" if may else "하나 둘 셋")


async def test_a_person_who_may_not_ask_is_not_answered_in_a_thread(service_with):
    """Nor refused, as long as it may have been said to somebody else."""
    engine, screen = saying("예."), Screen()
    service = service_with(engine, Access(users=["chat:BOSS"]))
    await service.question(QUESTION, screen, addressed=False)
    assert (screen.notice, screen.signs, engine.prompts) == (None, [], [])
    await service.question(replace(QUESTION, events=("E2",)), screen)
    assert screen.notice is not None


async def test_a_notice_is_said_once_and_only_to_those_who_may_ask(service_with):
    """Others are refused."""
    service = service_with(saying("예."), Access(users=["chat:U1"]))
    mine, again, theirs = Screen(), Screen(), Screen()
    await service.notice(QUESTION, mine, "only_attachment", "en")
    await service.notice(QUESTION, again, "only_attachment", "en")
    await service.notice(
        replace(QUESTION, user="U2", events=("E2",)), theirs, "only_attachment", "en"
    )
    assert "attachments" in (mine.notice or "")
    assert again.notice is None
    assert "not on the list" in (theirs.notice or "")


async def test_the_bot_knows_the_threads_it_takes_part_in(service_with):
    """For follow-ups without a mention."""
    service = service_with(saying("예."))
    assert not await service.parts.messages.takes_part("C1", "T1", "M2")
    await service.question(QUESTION, Screen())
    assert await service.parts.messages.takes_part("C1", "T1", "M2")


async def test_what_was_said_before_the_bot_came_is_no_follow_up(service_with):
    """However late its event arrives; names of messages grow with time."""
    service = service_with(saying("예."))
    await service.question(replace(QUESTION, message="100"), Screen())
    assert not await service.parts.messages.takes_part("C1", "T1", "99")
    assert await service.parts.messages.takes_part("C1", "T1", "101")
    assert await service.parts.messages.takes_part("C1", "T1", "1000")


async def test_an_unknown_thread_is_read_from_the_platform(service_with):
    """A thread that storage knows is not."""
    from engine.model.prompt import Turn

    engine, calls = saying("예."), []

    async def earlier() -> list[Turn]:
        calls.append(1)
        return [Turn("전에?", "그때.")]

    service = service_with(engine)
    await service.question(QUESTION, Screen(), earlier=earlier)
    second = replace(QUESTION, events=("E2",), message="M2")
    await service.question(second, Screen(), earlier=earlier)
    assert "질문: 전에?\n답: 그때." in engine.prompts[0].text
    assert len(calls) == 1


async def test_an_error_in_an_event_is_logged_not_raised(service_with):
    """The platform's own handling goes on."""

    async def broken() -> None:
        raise ValueError("boom")

    service = service_with(saying("예."))
    service.start(broken())
    await service.close()


async def test_what_cannot_even_be_claimed_is_an_apology_once(service_with, database, monkeypatch):
    """A redelivery is known in this run, with room on the disk again or without."""
    service, screens = service_with(saying("예.")), [Screen() for _ in range(3)]
    stores = Database.transaction

    def full(_: Database) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(Database, "transaction", full)
    await service.question(QUESTION, screens[0])
    await service.question(QUESTION, screens[1])
    monkeypatch.setattr(Database, "transaction", stores)
    await service.question(QUESTION, screens[2])
    assert "M1" in (screens[0].notice or "")
    assert [s.notice or s.answer for s in screens[1:]] == [None, None]
    assert await service.parts.messages.handled("E1")


async def test_an_answer_whose_pieces_cannot_be_kept_is_shown(service_with, monkeypatch):
    """Reactions to it are lost, the answer is not."""

    async def full(*_: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(MessageLinks, "add", full)
    service, screen = service_with(saying("예.")), Screen()
    await service.question(QUESTION, screen)
    assert (screen.answer, screen.notice) == ("예.", None)


async def test_what_comes_after_the_end_is_left_to_the_next_start(service_with):
    """Storage is closed by then; the event is not claimed."""
    service = service_with(saying("예."))
    service.start(asyncio.sleep(60))
    await service.close(timeout_s=0)
    service.start(service.question(QUESTION, Screen()))
    await asyncio.sleep(0)
    assert not await service.parts.messages.handled(QUESTION.events[0])


async def test_a_cross_while_the_question_is_stored_stops_its_answer(
    service_with, messages: Conversations, monkeypatch: pytest.MonkeyPatch
):
    """It waits until there is something to stop."""
    engine = saying("하나 둘 셋")
    engine.hold()
    service, add = service_with(engine), messages.add_question

    async def slowly(*given: object, **more: object) -> object:
        await asyncio.sleep(0.1)
        return await add(*given, **more)

    monkeypatch.setattr(messages, "add_question", slowly)
    service.start(service.question(QUESTION, Screen()))
    await until(lambda: engine.prompts)
    assert await service.on_cross(QUESTION.channel, QUESTION.message, QUESTION.user)
    await service.close()
