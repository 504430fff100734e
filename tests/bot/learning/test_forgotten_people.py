"""Versions that learned from somebody who is forgotten no longer answer."""

from pathlib import Path
from typing import Any

import pytest

from bot.errors import RefusedError
from bot.knowledge.retriever import Retriever
from engine.errors import EngineError
from storage.corrections import Corrections
from storage.database import Database
from storage.errors import StorageError
from storage.personal_data import PersonalData
from tests.bot.conftest import JUDGE
from tests.bot.learning.fakes import ENOUGH, Workshop, answered, round_of


async def test_a_forgotten_person_leaves_the_weights(workshop: Workshop, database: Database):
    """The version that learned from them makes way for one that is not worse, and is deleted."""
    await round_of(workshop)
    async with database.transaction() as db:
        await db.execute("UPDATE versions SET tainted_at = '2026-01-01'")
    workshop.trainer.gain = 0.0
    outcome = await round_of(workshop)
    assert (outcome.verdict, outcome.went_live, outcome.state) == ("inconclusive", True, "replaced")
    assert workshop.live.of("tax-ko") == "tax-ko-2"
    assert not (workshop.settings.versions / "tax-ko-1").exists()


async def test_a_forgotten_person_leaves_even_without_a_successor(
    workshop: Workshop, database: Database
):
    """Then the base model answers."""
    await round_of(workshop)
    async with database.transaction() as db:
        await db.execute("UPDATE versions SET tainted_at = '2026-01-01'")
    workshop.trainer.gain = -0.5
    outcome = await round_of(workshop)
    assert outcome.state == "withdrawn"
    assert workshop.live.of("tax-ko") is None


async def test_a_forgotten_person_leaves_though_training_fails(
    workshop: Workshop, database: Database
):
    """Where memory is short for good, nothing would ever replace what has learned from them."""
    await round_of(workshop)
    async with database.transaction() as db:
        await db.execute("UPDATE versions SET tainted_at = '2026-01-01'")
    workshop.trainer.error = EngineError("no memory")
    outcome = await round_of(workshop)
    assert (outcome.verdict, outcome.state) == ("failed", "withdrawn")
    assert workshop.live.of("tax-ko") is None
    assert await workshop.versions.names() == frozenset()


async def test_a_kill_after_the_verdict_leaves_nobody_in_the_weights(
    workshop: Workshop, database: Database, monkeypatch: pytest.MonkeyPatch
):
    """What must go goes with the verdict itself: nothing is left to be done for it later."""
    await round_of(workshop)
    async with database.transaction() as db:
        await db.execute("UPDATE versions SET tainted_at = '2026-01-01'")
    workshop.trainer.gain = -0.5

    async def killed() -> None:
        if not await workshop.rounds.running():
            raise StorageError("as if nothing came after this")

    monkeypatch.setattr(workshop.live, "follow", killed)
    await round_of(workshop)
    assert await workshop.versions.live() == {}


async def test_the_way_back_passes_over_what_had_to_go(workshop: Workshop, database: Database):
    """One that learned from a forgotten person may not answer, even before it is deleted."""
    for _ in range(3):
        await round_of(workshop)
    async with database.transaction() as db:
        await db.execute("UPDATE versions SET tainted_at = '2026-01-01' WHERE name = 'tax-ko-2'")
    assert await workshop.training.rollback("tax-ko", "me") == "tax-ko-1"
    assert workshop.live.of("tax-ko") == "tax-ko-1"


async def test_nobody_can_let_a_version_answer_that_must_go(
    tmp_path: Path, database: Database, retriever: Retriever
):
    """Neither by approving it nor by going back to it."""
    workshop = Workshop(tmp_path, database, retriever, promote="approve")
    await workshop.teach(ENOUGH)
    await round_of(workshop)
    async with database.transaction() as db:
        await db.execute("UPDATE versions SET tainted_at = '2026-01-01'")
    for deed in (
        workshop.training.approve("tax-ko-1", "me"),
        workshop.training.rollback("tax-ko", "me", "tax-ko-1"),
    ):
        with pytest.raises(RefusedError, match="forgotten"):
            await deed


async def test_who_is_forgotten_while_a_round_runs_is_not_learned_from(
    workshop: Workshop, database: Database
):
    """What was trained on them meanwhile is dropped, and a round without them is wanted."""
    subject = await answered(database, "취득세는 언제 내나요?", "모릅니다.")
    corrections = Corrections(database, JUDGE)
    await corrections.add(subject.id, "web:x", "60일 안에 냅니다.", pending=False)
    train = workshop.trainer.train

    async def forgetting(*given: Any) -> Any:
        await PersonalData(database, JUDGE).forget("web:x")
        return await train(*given)

    workshop.trainer.train = forgetting
    outcome = await round_of(workshop)
    assert (outcome.verdict, outcome.went_live) == ("rejected", False)
    assert workshop.live.of("tax-ko") is None
    assert await workshop.rounds.wanted() == {"tax-ko": "forgotten"}
    assert await workshop.versions.names() == frozenset()


async def test_who_is_forgotten_while_examples_are_chosen_is_not_learned_from(
    workshop: Workshop, database: Database, retriever: Retriever, monkeypatch: pytest.MonkeyPatch
):
    """Their words have been read, and nothing says yet whose version this will be."""
    subject = await answered(database, "취득세는 언제 내나요?", "모릅니다.")
    corrections = Corrections(database, JUDGE)
    await corrections.add(subject.id, "web:x", "60일 안에 냅니다.", pending=False)
    find = retriever.find_for_training

    async def forgetting(*given: Any, **more: Any) -> Any:
        await PersonalData(database, JUDGE).forget("web:x")
        return await find(*given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(retriever, "find_for_training", forgetting)
        assert (await round_of(workshop)).state == "rejected"
    assert await workshop.rounds.wanted() == {"tax-ko": "forgotten"}
    assert (await round_of(workshop)).state == "promoted"
    assert await workshop.rounds.wanted() == {}
