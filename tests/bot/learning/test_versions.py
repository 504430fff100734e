"""Which version answers, the way back, and which versions are kept."""

from pathlib import Path

import pytest

from bot.errors import RefusedError
from bot.knowledge.retriever import Retriever
from engine.adapters.published import AdapterVersion
from engine.errors import EngineError
from storage.database import Database
from tests.bot.learning.fakes import Workshop, round_of


async def test_there_is_a_way_back(workshop: Workshop):
    """Step by step, to the base model in the end; or to any version by name."""
    for _ in range(2):
        await round_of(workshop)
    assert await workshop.training.rollback("tax-ko", "me") == "tax-ko-1"
    assert workshop.live.of("tax-ko") == "tax-ko-1"
    assert await workshop.training.rollback("tax-ko", "me") is None
    assert workshop.live.of("tax-ko") is None
    with pytest.raises(RefusedError, match="되돌릴 버전이 없습니다"):
        await workshop.training.rollback("tax-ko", "me")
    assert await workshop.training.rollback("tax-ko", "me", "tax-ko-2") == "tax-ko-2"
    with pytest.raises(RefusedError, match="no version nine"):
        await workshop.training.rollback("tax-ko", "me", "nine")


async def test_old_versions_are_not_kept_for_ever(workshop: Workshop):
    """The ten newest are."""
    for _ in range(11):
        await round_of(workshop)
    kept = {path.name for path in workshop.settings.versions.iterdir()}
    assert kept == {f"tax-ko-{n}" for n in range(2, 12)}
    assert not workshop.engine.ready("tax-ko-1")


async def test_a_version_that_cannot_be_loaded_changes_nothing(workshop: Workshop):
    """What answered goes on, and the log names the version."""
    await round_of(workshop)
    await workshop.engine.unload("tax-ko-1")

    async def broken(version: object) -> None:
        raise EngineError("damaged")

    workshop.engine.load = broken
    with pytest.raises(RefusedError, match="damaged"):
        await workshop.training.rollback("tax-ko", "me", "tax-ko-1")
    assert workshop.live.of("tax-ko") == "tax-ko-1"


async def test_what_another_process_has_removed_leaves_the_memory(
    workshop: Workshop, tmp_path: Path, database: Database, retriever: Retriever
):
    """As `reactune train` does with a version that has learned from somebody forgotten."""
    await round_of(workshop)
    async with database.transaction() as db:
        await db.execute("UPDATE versions SET tainted_at = '2026-01-01'")
    await round_of(other := Workshop(tmp_path, database, retriever))
    await workshop.live.follow()
    assert workshop.engine.stats.versions == other.engine.stats.versions == ("tax-ko-2",)


async def test_going_back_holds_while_a_version_is_loaded(
    workshop: Workshop, tmp_path: Path, database: Database, retriever: Retriever
):
    """The load ends later; what it brought does not answer."""
    await round_of(workshop)
    other = Workshop(
        tmp_path, database, retriever
    )  # the running bot, the round was another process
    load = other.engine.load

    async def slow(version: AdapterVersion) -> None:
        await load(version)
        await workshop.training.rollback("tax-ko", "me")

    other.engine.load = slow
    await other.live.follow()
    assert other.live.of("tax-ko") is None


async def test_it_starts_with_what_is_live_and_what_was_before(
    workshop: Workshop, tmp_path: Path, database: Database, retriever: Retriever
):
    """Going back is then a matter of a moment. One that is damaged is named, and left out."""
    for _ in range(3):
        await round_of(workshop)
    again = Workshop(tmp_path, database, retriever)
    await again.live.start()
    assert again.live.of("tax-ko") == "tax-ko-3"
    assert again.engine.stats.versions == ("tax-ko-2", "tax-ko-3")
