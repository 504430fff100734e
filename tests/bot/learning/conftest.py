"""A workshop that has enough to learn from."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.knowledge.retriever import Retriever
from storage.database import Database
from tests.bot.learning.fakes import ENOUGH, Workshop


@pytest.fixture
async def workshop(
    tmp_path: Path, database: Database, retriever: Retriever
) -> AsyncIterator[Workshop]:
    workshop = Workshop(tmp_path, database, retriever)
    await workshop.teach(ENOUGH)
    yield workshop
    await workshop.training.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole rounds, from labels to what is live, take half a second each: they are slow."""
    for item in items:
        if "workshop" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")
