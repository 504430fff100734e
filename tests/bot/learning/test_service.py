"""One round at a time, and rounds that are stopped."""

from pathlib import Path

import pytest

from bot.errors import RefusedError
from bot.knowledge.retriever import Retriever
from storage.database import Database
from tests.bot.learning.fakes import ENOUGH, Workshop
from tests.support.waiting import until


async def test_one_round_at_a_time(
    workshop: Workshop, tmp_path: Path, database: Database, retriever: Retriever
):
    """Neither this process nor another one starts a second."""
    workshop.trainer.hold = True
    await workshop.training.start("tax-ko")
    for other in (workshop, Workshop(tmp_path, database, retriever)):
        with pytest.raises(RefusedError, match="이미 진행"):
            await other.training.start("tax-ko", at_least=0)


async def test_a_round_can_be_stopped(workshop: Workshop):
    """Its labels are free again."""
    workshop.trainer.hold = True
    _, running = await workshop.training.start("tax-ko")
    await workshop.trainer.began.wait()
    assert await workshop.training.cancel()
    assert (await running).verdict == "cancelled"
    assert await workshop.rounds.fresh("tax-ko") == ENOUGH
    assert not await workshop.training.cancel()


async def test_closing_gives_up_the_round(workshop: Workshop):
    """As when the bot is stopped."""
    workshop.trainer.hold = True
    await workshop.training.start("tax-ko")
    await workshop.training.close()
    assert (await workshop.rounds.latest("tax-ko", last=1))[0].state == "cancelled"
    assert await workshop.rounds.fresh("tax-ko") == ENOUGH


async def test_a_round_that_nobody_has_judged_leaves_no_version(workshop: Workshop):
    """Such as one that is stopped while the candidate is asked."""
    workshop.engine.hold()
    _, running = await workshop.training.start("tax-ko")
    await until(lambda: workshop.engine.prompts)
    assert await workshop.training.cancel()
    assert (await running).verdict == "cancelled"
    workshop.engine.go_on()
    assert await workshop.versions.names() == frozenset()
    assert list(workshop.settings.versions.iterdir()) == []
    assert not workshop.engine.ready("tax-ko-1")
