"""Teams with and without a golden question."""

from collections.abc import AsyncIterator

import pytest

from bot.knowledge.golden_guard import GoldenGuard
from bot.knowledge.retriever import Retriever
from bot.metrics import Metrics
from engine.gate.golden import Golden
from storage.database import Database
from tests.bot.feedback.team import Team
from tests.bot.knowledge.test_retriever import VAT
from tests.support.retrieving import retriever_on


@pytest.fixture
def team(database: Database, metrics: Metrics, retriever: Retriever) -> Team:
    return Team(database, metrics, retriever)


@pytest.fixture
async def guarded(database: Database, metrics: Metrics) -> AsyncIterator[Team]:
    """A team whose domain has a golden question."""
    golden = GoldenGuard({"tax-ko": [Golden(VAT, ("25일",))]})
    retriever = retriever_on(database, golden=golden)
    yield Team(database, metrics, retriever, golden)
    await retriever.indexes.close()
