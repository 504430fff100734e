"""After a promotion: when people like the answers credibly less, the version before returns."""

import structlog

from bot.errors import RefusedError
from bot.learning.outcome import WATCH, RolledBack
from bot.learning.service import TrainingService
from engine.gate.approval_test import Votes, compare_approval
from storage.statistics import Stats
from storage.versions import VersionRegistry

_BY_ROUND = ("round", "approved")  # what people chose themselves is not overruled
_log = structlog.get_logger("auto_rollback")


class AutoRollback:
    """Compares the votes on what is live with those on what it replaced, whenever asked."""

    def __init__(self, versions: VersionRegistry, stats: Stats, training: TrainingService) -> None:
        self._versions = versions
        self._stats = stats
        self._training = training

    async def check(self, domain: str) -> None:
        """Go back where votes say so. Raises StorageError."""
        history = await self._versions.history(domain, last=2)
        if not history or history[0].version is None:
            return
        if not history[0].reason.startswith(_BY_ROUND):
            return
        new = history[0].version
        old = history[1].version if len(history) > 1 else None
        votes = await self._stats.votes(domain, new, since_promotion=True)
        before = await self._stats.votes(domain, old)
        if not votes[1] or not compare_approval(Votes(*before), Votes(*votes)).worse:
            return
        if (
            await self._training.current_version(domain) != new
        ):  # somebody was faster than the counting
            return
        try:
            to = await self._training.rollback(domain, WATCH)
        except RefusedError as error:
            _log.error("did not go back", domain=domain, version=new, error=str(error))
            return
        _log.warning("went back", domain=domain, version=new, to=to, votes=votes, before=before)
        self._training.news.tell(RolledBack(domain, new, to, votes, before))
