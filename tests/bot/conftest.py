"""The application around a fake engine, on a real database file."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.access import Access
from bot.answer import Answers
from bot.domains import Domain
from bot.label import Labeling
from bot.messages import Incoming
from bot.metrics import Metrics
from bot.platforms.talk import Talk
from bot.privacy.identifiers import Kind
from bot.privacy.masker import Masker
from storage.database import Database
from storage.events import Handled, Pieces
from storage.labels import Labels
from storage.messages import Messages
from tests.fakes import FakeEngine

DOMAINS = {"tax-ko": Domain(name="tax-ko", title="세무", language="ko", system="짧게 답한다.")}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "reactune.db")
    yield database
    await database.close()


@pytest.fixture
def messages(database: Database) -> Messages:
    return Messages(database)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def answers_of(
    database: Database, messages: Messages, metrics: Metrics
) -> Callable[[FakeEngine], Answers]:
    """The application around the given engine."""
    return lambda engine: Answers(
        engine, messages, DOMAINS, metrics, Masker(frozenset(Kind)), model="fake", language="ko"
    )


@pytest.fixture
def labeling(database: Database, metrics: Metrics) -> Labeling:
    return Labeling(Labels(database), {"👍": 1.0, "👎": -1.0, "🎉": 1.0}, metrics)


def incoming(text: str = "언제 신고하나요?", thread: str = "t", user: str = "u") -> Incoming:
    return Incoming("web", "c", thread, user, text, "tax-ko")


@pytest.fixture
def talk_with(database: Database, messages: Messages, answers_of, labeling: Labeling):
    """A platform's conversation around the given engine."""

    def make(engine: FakeEngine, access: Access | None = None) -> Talk:
        return Talk(
            platform="chat",
            answers=answers_of(engine),
            labeling=labeling,
            access=access or Access(admins=["chat:BOSS"]),
            messages=messages,
            handled=Handled(database),
            pieces=Pieces(database),
            language="ko",
        )

    return make
