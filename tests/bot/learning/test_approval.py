"""PROMOTE=approve: a better version waits for an admin."""

from pathlib import Path

import pytest

from bot.knowledge.retriever import Retriever
from storage.database import Database
from tests.bot.learning.fakes import ENOUGH, Workshop, round_of


async def test_an_admin_may_have_the_last_word(
    tmp_path: Path, database: Database, retriever: Retriever
):
    """PROMOTE=approve: a better version waits; approved once, it answers."""
    workshop = Workshop(tmp_path, database, retriever, promote="approve")
    await workshop.teach(ENOUGH)
    outcome = await round_of(workshop)
    assert (outcome.verdict, outcome.waits, outcome.went_live) == ("promoted", True, False)
    assert workshop.live.of("tax-ko") is None
    assert await workshop.training.approve("tax-ko-1", "slack:BOSS")
    assert workshop.live.of("tax-ko") == "tax-ko-1"
    assert not await workshop.training.approve("tax-ko-1", "slack:BOSS")


@pytest.mark.slow
async def test_what_waits_is_kept_however_long(
    tmp_path: Path, database: Database, retriever: Retriever
):
    """Later rounds that found nothing better do not push it out."""
    workshop = Workshop(tmp_path, database, retriever, promote="approve")
    await workshop.teach(60)
    await round_of(workshop)
    workshop.trainer.gain = 0.0
    for _ in range(4):
        assert (await round_of(workshop)).verdict == "inconclusive"
    assert await workshop.training.approve("tax-ko-1", "slack:BOSS")
    assert workshop.live.of("tax-ko") == "tax-ko-1"
