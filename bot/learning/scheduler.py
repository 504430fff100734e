"""When rounds start: at the TRAIN_EVERY-th new label, at TRAIN_AT, and when somebody is forgotten.

Once a second it looks whether the database has changed, by whatever process; so a label that came
in anywhere, what `teach` did, and a promotion by another command all take effect at once.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import takewhile

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import RefusedError
from bot.learning.service import TrainingService
from bot.learning.versions import Deployment
from bot.settings import Settings
from storage.database import Database
from storage.errors import StorageError
from storage.rounds import INTERRUPTED, Round, Rounds

_LOOK_S = 1
_WATCH_S = 30  # counting the votes takes half a second with 100,000 answers
_ANYWAY_S = 60.0  # after which even an unchanged database is looked at: pauses run out
_PAUSE, _LONGEST_PAUSE = timedelta(minutes=10), timedelta(hours=12)
_UNDONE = ("failed", "cancelled")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_log = structlog.get_logger("scheduler")


class TrainingScheduler:
    """``check_votes`` is asked now and then whether a version must go back."""

    def __init__(
        self,
        settings: Settings,
        *,
        database: Database,
        rounds: Rounds,
        training: TrainingService,
        deployment: Deployment,
        check_votes: Callable[[str], Awaitable[None]],
        domains: tuple[str, ...],
    ) -> None:
        self._settings = settings
        self._database = database
        self._rounds = rounds
        self._training = training
        self._deployment = deployment
        self._check_votes = check_votes
        self._domains = domains
        self._seen: int | None = None
        self._tonight = set[str]()  # domains that one new label is enough for
        self._looked = _LONG_AGO
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin to look, in the running event loop."""
        self._scheduler.add_job(self.look, IntervalTrigger(seconds=_LOOK_S), max_instances=1)
        self._scheduler.add_job(self.watch, IntervalTrigger(seconds=_WATCH_S), max_instances=1)
        if at := self._settings.train_at:
            nightly = CronTrigger(hour=at.hour, minute=at.minute)  # of this machine's clock
            self._scheduler.add_job(self.nightly, nightly, max_instances=1)
        self._scheduler.start()

    def close(self) -> None:
        self._scheduler.shutdown(wait=False)

    async def look(self) -> None:
        """Act on what has changed; a failing database is looked at again."""
        try:
            version, now = await self._database.version(), datetime.now(UTC)
            if version == self._seen and (now - self._looked).total_seconds() < _ANYWAY_S:
                return
            self._seen, self._looked = version, now
            await self._training.news.report()
            await self._deployment.follow()
            if await self._rounds.running():
                await self._training.recover()  # unless it really runs
            for domain in self._domains:
                await self._begin(domain)
        except StorageError as error:
            _log.error("database not looked at", error=str(error))

    async def watch(self) -> None:
        """See whether what people think of a new version speaks against it."""
        for domain in self._domains:
            try:
                await self._check_votes(domain)
            except StorageError as error:
                _log.error("votes not looked at", domain=domain, error=str(error))

    async def nightly(self) -> None:
        """Learn from whatever is new, one domain after the other."""
        self._tonight.update(self._domains)
        self._seen = None  # ``look`` is due within a second; two at once would tell reports twice

    async def _begin(self, domain: str) -> None:
        """Start a round when it is due; one at a time, the others follow when it has ended."""
        at_least = 1 if domain in self._tonight else self._settings.train_every
        wanted = domain in await self._rounds.wanted()
        if not wanted and await self._rounds.fresh(domain) < at_least:
            self._tonight.discard(domain)
            return
        left = pause_until(await self._rounds.latest(domain, last=10)) - datetime.now(UTC)
        if timedelta() < left <= _LONGEST_PAUSE:  # more is left where the clock was set back
            return
        try:
            number, _ = await self._training.start(domain, at_least)
        except RefusedError:
            return
        self._tonight.discard(domain)
        _log.info("round started", round=number, domain=domain)


def pause_until(latest: list[Round]) -> datetime:
    """When the next try may begin, given the ``latest`` rounds, newest first.

    After n rounds in a row without verdict 10 · 2^(n−1) minutes, at most 12 hours: what is missing,
    such as memory, rarely comes back within a second. One that was killed with its process is no
    reason to wait, unless the try before it failed as well.
    """
    undone = list(takewhile(lambda ended: ended.state in _UNDONE, latest))
    failed = len(undone) - bool(undone and undone[0].report.get("reason") == INTERRUPTED)
    if failed < 1 or undone[0].ended_at is None:
        return _LONG_AGO
    ended = datetime.fromisoformat(undone[0].ended_at)
    return ended + min(_PAUSE * (1 << (failed - 1)), _LONGEST_PAUSE)
