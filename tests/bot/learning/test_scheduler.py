"""When rounds start by themselves, and when a version goes back by itself."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.retriever import Retriever
from bot.learning.auto_rollback import AutoRollback
from bot.learning.news import News
from bot.learning.outcome import RolledBack
from bot.learning.scheduler import TrainingScheduler, pause_until
from engine.errors import EngineError
from storage.database import Database
from storage.rounds import INTERRUPTED, Round
from storage.statistics import Stats
from tests.bot.learning.fakes import Workshop, answered, vote
from tests.support.waiting import until

EVERY = 40


@pytest.fixture
async def workshop(
    tmp_path: Path, database: Database, retriever: Retriever
) -> AsyncIterator[Workshop]:
    workshop = Workshop(tmp_path, database, retriever, train_every=EVERY)
    yield workshop
    await workshop.training.close()


def watching(workshop: Workshop) -> AutoRollback:
    return AutoRollback(workshop.versions, Stats(workshop.database), workshop.training)


def schedule_of(workshop: Workshop) -> TrainingScheduler:
    return TrainingScheduler(
        workshop.settings, database=workshop.database, rounds=workshop.rounds,
        training=workshop.training, deployment=workshop.live,
        check_votes=watching(workshop).check, domains=("tax-ko",),
    )  # fmt: skip


async def states(workshop: Workshop) -> list[str]:
    return [found.state for found in await workshop.rounds.latest("tax-ko", last=10)]


async def test_the_last_label_that_was_missing_starts_a_round(workshop: Workshop):
    """By itself, within a second; and no second one without new labels."""
    schedule = schedule_of(workshop)
    schedule.start()
    await workshop.teach(EVERY - 1)
    await schedule.look()
    assert await states(workshop) == []
    await vote(workshop.database, await answered(workshop.database, "하나 더?", "네."), 1)
    await until(lambda: workshop.live.of("tax-ko") == "tax-ko-1")
    await schedule.look()
    schedule.close()
    assert await states(workshop) == ["promoted"]


async def test_a_rejected_round_is_not_tried_again_on_the_same_labels(workshop: Workshop):
    """Only new ones start the next."""
    workshop.trainer.gain = -1.0
    schedule = schedule_of(workshop)
    await workshop.teach(EVERY)
    await schedule.look()
    await until(lambda: workshop.training.progress is None)
    await schedule.look()
    assert await states(workshop) == ["rejected"]


async def test_a_failed_round_waits_before_the_next_try(workshop: Workshop):
    """Its labels are free, and what made it fail is probably still there."""
    workshop.trainer.error = EngineError("no memory")
    schedule = schedule_of(workshop)
    await workshop.teach(EVERY)
    await schedule.look()
    await until(lambda: workshop.training.progress is None)
    await workshop.teach(1, start=100)
    await schedule.look()
    assert await states(workshop) == ["failed"]


async def test_a_clock_that_was_set_back_holds_up_no_round(workshop: Workshop):
    """A round that seems to have failed next year is no reason to wait until then."""
    workshop.trainer.error = EngineError("no memory")
    await workshop.teach(EVERY)
    _, running = await workshop.training.start("tax-ko")
    await running
    async with workshop.database.transaction() as db:
        await db.execute("UPDATE rounds SET ended_at = '2999-01-01T00:00:00+00:00'")
    await schedule_of(workshop).look()
    assert await states(workshop) == ["running", "failed"]


async def test_what_was_claimed_by_a_killed_command_is_free_again(workshop: Workshop):
    """As `reactune train` beside a running bot; a round that really runs goes on."""
    await workshop.teach(EVERY)
    assert await workshop.rounds.claim("tax-ko", at_least=1)
    workshop.trainer.hold = True
    schedule = schedule_of(workshop)
    await schedule.look()
    await workshop.trainer.began.wait()
    await schedule.look()
    assert await states(workshop) == ["running", "failed"]


async def test_the_nightly_round_needs_no_fifty_labels(
    tmp_path: Path, database: Database, retriever: Retriever
):
    """One new label is enough; without any nothing starts."""
    workshop = Workshop(tmp_path, database, retriever, train_at=time(3))
    schedule = schedule_of(workshop)
    await schedule.nightly()
    await schedule.look()
    assert await states(workshop) == []
    await workshop.teach(1)
    await schedule.nightly()
    await schedule.look()
    await until(lambda: workshop.training.progress is None)
    assert await states(workshop) == ["inconclusive"]


async def test_after_somebody_is_forgotten_a_round_starts(workshop: Workshop):
    """Without any new label."""
    async with workshop.database.transaction() as db:
        await db.execute("INSERT INTO wanted_rounds VALUES ('tax-ko', 'forgotten', '2026-01-01')")
    await schedule_of(workshop).look()
    await until(lambda: workshop.training.progress is None)
    assert await states(workshop) == ["inconclusive"]


async def test_what_another_process_has_trained_is_told_here(workshop: Workshop):
    """Its report reaches the admin channels of the running bot, once, over restarts too."""
    await workshop.teach(EVERY)
    _, running = await workshop.training.start("tax-ko")
    outcome = await running
    heard: list[News] = []

    async def listen(news: News) -> None:
        heard.append(news)

    workshop.training.news.subscribe(listen)
    for _ in range(2):
        await schedule_of(workshop).look()
        await asyncio.sleep(0)
    assert heard == [outcome]


async def test_a_promotion_by_another_process_takes_effect(workshop: Workshop):
    """As by `reactune rollback` beside a running bot."""
    await workshop.teach(EVERY)
    _, running = await workshop.training.start("tax-ko")
    await running
    schedule = schedule_of(workshop)
    await schedule.look()
    other = await Database.open(workshop.settings.home / "reactune.db")
    await Workshop(workshop.settings.home, other, None).versions.promote("tax-ko", None, "by hand")  # type: ignore[arg-type]
    await other.close()
    await schedule.look()
    assert workshop.live.of("tax-ko") is None


def ended(state: str, minute: int, report: dict[str, str] | None = None) -> Round:
    at = datetime(2026, 1, 1, 0, minute, tzinfo=UTC).isoformat()
    return Round(1, "tax-ko", state, report or {}, at, at)


@pytest.mark.parametrize(
    ("latest", "minutes"),
    [
        ([], None),
        ([ended("rejected", 5)], None),
        ([ended("failed", 5)], 15),
        ([ended("cancelled", 5), ended("failed", 3)], 25),
        ([ended("failed", 5)] * 9, 5 + 12 * 60),
        ([ended("failed", 5), ended("promoted", 3), ended("failed", 1)], 15),
        ([ended("failed", 5, {"reason": INTERRUPTED})], None),
        ([ended("failed", 5, {"reason": INTERRUPTED}), ended("failed", 3)], 15),
    ],
)
def test_each_failure_doubles_the_pause(latest: list[Round], minutes: int | None):
    """From ten minutes to twelve hours; being killed once is no reason to wait."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    wanted = None if minutes is None else start + timedelta(minutes=minutes)
    found = pause_until(latest)
    assert found == wanted if wanted else found < start


async def voted(workshop: Workshop, version: str | None, ups: int, downs: int) -> None:
    for n in range(ups + downs):
        subject = await answered(
            workshop.database, f"{version} {n}번?", f"답 {n}", f"web:{n}", version
        )
        await vote(workshop.database, subject, 1 if n < ups else -1, [f"web:{n}"])


async def test_a_version_that_people_like_less_goes_back(workshop: Workshop):
    """By itself, and everybody hears why."""
    heard: list[News] = []

    async def listen(news: News) -> None:
        heard.append(news)

    await workshop.teach(EVERY)
    await voted(workshop, None, 95, 5)
    _, running = await workshop.training.start("tax-ko")
    await running
    workshop.training.news.subscribe(listen)
    await voted(workshop, "tax-ko-1", 3, 2)
    await watching(workshop).check("tax-ko")
    assert workshop.live.of("tax-ko") == "tax-ko-1"
    await voted(workshop, "tax-ko-1", 5, 25)
    await watching(workshop).check("tax-ko")
    await until(lambda: heard)
    assert workshop.live.of("tax-ko") is None
    assert heard == [RolledBack("tax-ko", "tax-ko-1", None, (8, 35), (95, 100))]


async def test_what_an_admin_took_back_meanwhile_is_not_taken_back_twice(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
):
    """Counting the votes takes a moment, in which somebody may be faster."""
    await workshop.teach(EVERY)
    for _ in range(2):
        _, running = await workshop.training.start("tax-ko", at_least=0)
        await running
    await voted(workshop, "tax-ko-1", 95, 5)
    await voted(workshop, "tax-ko-2", 0, 30)
    watch = watching(workshop)
    votes = Stats.votes

    async def slow(*given: Any, **more: Any) -> tuple[int, int]:
        if more:  # the first of two counts
            await workshop.training.rollback("tax-ko", "me")
        return await votes(*given, **more)

    monkeypatch.setattr(Stats, "votes", slow)
    await watch.check("tax-ko")
    assert workshop.live.of("tax-ko") == "tax-ko-1"


async def test_what_an_admin_chose_is_not_overruled(workshop: Workshop):
    """Whoever goes back by hand has their reasons."""
    await workshop.teach(EVERY)
    await voted(workshop, None, 95, 5)
    _, running = await workshop.training.start("tax-ko")
    await running
    await workshop.training.rollback("tax-ko", "me")
    await workshop.training.rollback("tax-ko", "me", "tax-ko-1")
    await voted(workshop, "tax-ko-1", 0, 30)
    await watching(workshop).check("tax-ko")
    assert workshop.live.of("tax-ko") == "tax-ko-1"
