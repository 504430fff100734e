"""The example of a chat platform, on a real ChatService around an engine that only pretends."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app import build_app, open_data
from bot.platforms.registry import chat_service_for, commands_of
from bot.settings import Settings
from engine.model.base_model import BaseModel
from examples.platform_file.doctor import examine
from examples.platform_file.platform import create
from storage.database import Database
from tests.support.fakes import FakeEngine, saying
from tests.support.waiting import until

ANSWER = "By 25 July."


@dataclass
class Room:
    """The files of a running bot."""

    folder: Path
    database: Database
    engine: FakeEngine

    def write(self, *lines: str) -> None:
        with (self.folder / "questions.txt").open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)

    async def line(self, number: int, words: str, file: str = "answers") -> str:
        """Line ``number`` of a file, once it holds ``words``."""

        def found() -> str | None:
            path = self.folder / f"{file}.txt"
            lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
            return (
                lines[number - 1] if number <= len(lines) and words in lines[number - 1] else None
            )

        return await until(found) or ""

    async def labels(self) -> list[tuple[str, str]]:
        rows = await self.database.rows("SELECT person, emoji FROM labels WHERE present")
        return [tuple(row) for row in rows]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        reactune_home=tmp_path,
        language="en",
        domain="general-en",
        unknown="mark",
        admins=("file:boss",),
        admin_channel=("file:admins",),
        corrections="review",
    )


@pytest.fixture
async def room(settings: Settings) -> AsyncIterator[Room]:
    engine = saying(ANSWER)
    async with open_data(settings, serving=True) as data:
        app = build_app(data, BaseModel("fake", gguf=None), engine)
        platform = create(settings, chat_service_for(app, "file"), commands_of(app))
        folder = Path(await platform.start())
        yield Room(folder, data.database, engine)
        await platform.stop()


async def test_a_question_is_answered_on_its_line(room: Room):
    """The answer stands on the line of the question, marked as unverified."""
    room.write("kim: Hello?", "lee: When is it due?")
    assert "unverified" in (await room.line(2, f"{ANSWER} |")).lower()


async def test_a_vote_is_a_label(room: Room):
    """A thumb on a line is a thumb on the answer there."""
    room.write("kim: When is it due?")
    await room.line(1, f"{ANSWER} |")
    room.write("lee: 👎 1")
    await room.line(2, "Counted")
    assert await room.labels() == [("file:lee", "👎")]


async def test_a_correction_that_waits_is_shown_to_admins(room: Room):
    """With CORRECTIONS=review it waits, and the admin channel's file says so."""
    room.write("kim: When is it due?")
    await room.line(1, f"{ANSWER} |")
    room.write("kim: correction: By 27 July.")
    await room.line(1, "By 27 July.", file="admins")


async def test_a_command_is_answered(room: Room):
    """Admins' commands are refused to others."""
    room.write("kim: /stats", "boss: /stats")
    await room.line(1, "admins")
    await room.line(2, "No questions yet")


async def test_a_line_is_answered_once_over_restarts(settings: Settings):
    """All lines are read again; the database knows what was handled."""
    engine = saying(ANSWER)
    for _ in range(2):
        async with open_data(settings, serving=True) as data:
            app = build_app(data, BaseModel("fake", gguf=None), engine)
            platform = create(settings, chat_service_for(app, "file"), commands_of(app))
            room = Room(Path(await platform.start()), data.database, engine)
            if not engine.prompts:
                room.write("kim: When is it due?")
            else:
                room.write("lee: And then?")
            await room.line(len(engine.prompts) + 1, f"{ANSWER} |")
            await platform.stop()
    assert len(engine.prompts) == 2


async def test_the_doctor_looks_at_the_folder(settings: Settings):
    """One line that is well where the folder can be written."""
    [check] = await examine(settings)
    assert check.ok
