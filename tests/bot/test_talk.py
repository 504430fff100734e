"""What every chat platform does with a question, a reaction and a wish to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest

from bot.access import Access
from bot.correct import Correcting
from bot.label import Labeling
from bot.messages import Incoming
from bot.platforms.talk import Talk
from bot.platforms.teaching import Teaching
from storage.database import Database
from storage.errors import StorageError
from storage.events import Handled, Pieces
from storage.messages import Messages
from tests.bot.conftest import DOMAINS
from tests.fakes import FakeEngine, failing, saying

Question = Incoming(
    "chat", "C1", "T1", "U1", "언제?", "tax-ko", message="M1", events=("E1", "C1:M1")
)


class Screen:
    """A surface that keeps what was shown; its one message is P1."""

    def __init__(self) -> None:
        self.signs: list[str] = []
        self.shown: list[str] = []
        self.answer: str | None = None
        self.notes: Sequence[str] = ()
        self.said: str | None = None
        self.began = asyncio.Event()

    def __call__(self, on_piece: Callable[[str], Awaitable[None]]) -> "Screen":
        self._on_piece = on_piece
        return self

    async def working(self) -> None:
        self.signs.append("working")

    async def show(self, text: str) -> None:
        if not self.shown:
            await self._on_piece("P1")
        self.shown.append(text)
        self.began.set()

    async def end(self, text: str, notes: Sequence[str]) -> None:
        await self.show(text)
        self.answer, self.notes = text, notes

    async def say(self, text: str) -> None:
        self.said = text


@pytest.fixture
def talk_with(
    database: Database, messages: Messages, answers_of, labeling: Labeling, correcting: Correcting
):
    """A platform's conversation around the given engine."""

    def make(engine: FakeEngine, access: Access | None = None) -> Talk:
        access = access or Access(admins=["chat:BOSS"])
        pieces = Pieces(database)
        teaching = Teaching(
            platform="chat",
            correcting=correcting,
            access=access,
            messages=messages,
            pieces=pieces,
            language="ko",
        )
        return Talk(
            platform="chat",
            answers=answers_of(engine),
            labeling=labeling,
            access=access,
            messages=messages,
            handled=Handled(database),
            pieces=pieces,
            teaching=teaching,
            domains=DOMAINS,
            language="ko",
        )

    return make


async def emojis(database: Database) -> list[tuple[str, str]]:
    rows = await database.rows("SELECT person, emoji FROM labels WHERE present")
    return [tuple(row) for row in rows]


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


async def test_a_full_disk_is_an_apology_too(talk_with, messages: Messages, monkeypatch):
    """The question could not even be stored."""

    async def full(**_: object) -> tuple[int, int]:
        raise StorageError("the disk is full")

    monkeypatch.setattr(messages, "add_question", full)
    talk, screen = talk_with(saying("예.")), Screen()
    await talk.question(Question, screen)
    assert screen.said
    assert "M1" in screen.said


async def test_a_reaction_on_a_piece_is_a_label_on_the_answer(talk_with, database: Database):
    """Taken off again it is none; on somebody else's message it never was."""
    talk = talk_with(saying("예."))
    await talk.question(Question, Screen())
    await talk.reaction("C1", "P1", "U2", "👍", added=True, at=1.0)
    await talk.reaction("C1", "P9", "U2", "👎", added=True, at=1.0)
    assert await emojis(database) == [("chat:U2", "👍")]
    await talk.reaction("C1", "P1", "U2", "👍", added=False, at=2.0)
    assert await emojis(database) == []


async def test_a_reaction_may_come_before_the_answer_is_whole(talk_with, database: Database):
    """It waits for it."""
    engine = saying("하나 둘 셋")
    engine.hold(after_words=1)
    talk, screen = talk_with(engine), Screen()
    asking = asyncio.create_task(talk.question(Question, screen))
    await screen.began.wait()
    reacting = asyncio.create_task(talk.reaction("C1", "P1", "U2", "👍", added=True, at=1.0))
    await asyncio.sleep(0.02)
    engine.go_on()
    await asyncio.gather(asking, reacting)
    assert await emojis(database) == [("chat:U2", "👍")]


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


async def test_a_vote_counts_once_and_can_be_taken_back(talk_with, database: Database):
    """The last button counts, the same one again takes it back."""
    talk = talk_with(saying("예."))
    await talk.question(Question, Screen())
    assert await talk.vote("C1", "P1", "U2", "👍") == "👍"
    assert await talk.vote("C1", "P1", "U2", "👎") == "👎"
    assert await emojis(database) == [("chat:U2", "👎")]
    assert await talk.vote("C1", "P1", "U2", "👎") is None
    assert await emojis(database) == []


async def test_a_moderator_can_clear_reactions(talk_with, database: Database):
    """All of one emoji, or all."""
    talk = talk_with(saying("예."))
    await talk.question(Question, Screen())
    for user in ("U2", "U3"):
        await talk.reaction("C1", "P1", user, "👍", added=True, at=1.0)
        await talk.reaction("C1", "P1", user, "🎉", added=True, at=1.0)
    await talk.cleared("C1", "P1", "👍")
    assert {emoji for _, emoji in await emojis(database)} == {"🎉"}
    await talk.cleared("C1", "P1", None)
    assert await emojis(database) == []


async def test_the_bot_knows_the_threads_it_takes_part_in(talk_with):
    """For follow-ups without a mention."""
    talk = talk_with(saying("예."))
    assert not await talk.takes_part("C1", "T1")
    await talk.question(Question, Screen())
    assert await talk.takes_part("C1", "T1")


async def test_an_unknown_thread_is_read_from_the_platform(talk_with):
    """A thread that storage knows is not."""
    from engine.prompt import Turn

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
    talk.begin(broken())
    await talk.close()
