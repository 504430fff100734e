"""Training as the web page deals with it: what stands where, and who wants to hear of changes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from bot.errors import RefusedError
from bot.learning.news import News
from bot.learning.outcome import WATCH, Progress, RoundOutcome
from bot.learning.report import outcome_of
from bot.learning.report_chart import report_chart
from bot.learning.service import TrainingService
from bot.subscribers import Subscribers
from bot.texts import Language, say
from storage.rounds import Rounds
from storage.statistics import VersionApproval
from storage.versions import VersionRegistry

_LATEST = 10
_CHANGES = 100  # of what is live, among which those by the watch are looked for


class Approvals(Protocol):
    """How each version of a domain is liked."""

    async def approval_by_version(self, domain: str) -> Sequence[VersionApproval]: ...


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round that is over, and when (UTC, ISO 8601)."""

    outcome: RoundOutcome
    at: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version, or with ``name`` None the base model.

    ``waits``: for an admin's approval. ``contains_forgotten``: somebody it has learned from wants
    to be forgotten. ``disliked``: taken back by itself, for it was approved less. ``back_to``:
    with the live one, what a roll back would put live.
    """

    name: str | None
    approval: VersionApproval
    made_at: str = ""
    live: bool = False
    waits: bool = False
    contains_forgotten: bool = False
    disliked: bool = False
    back_to: str | None = None


@dataclass(frozen=True, slots=True)
class DashboardData:
    """``fresh``: labels that no round has used. The newest rounds and versions come first; the
    original model is the last."""

    fresh: int
    ended: Sequence[RoundRow]
    versions: Sequence[VersionRow]


class TrainingDashboard:
    """``target``: so many fresh labels start a round by themselves.

    ``subscribers`` are told each step of a running round, and None when anything else has changed.
    """

    def __init__(
        self,
        training: TrainingService,
        *,
        rounds: Rounds,
        versions: VersionRegistry,
        approvals: Approvals,
        target: int,
    ) -> None:
        self.training = training
        self.target = target
        self.subscribers: Subscribers[Progress | None] = Subscribers()
        self._rounds = rounds
        self._versions = versions
        self._approvals = approvals
        self._going_back = asyncio.Lock()
        training.news.subscribe(self._heard)

    async def read(self, domain: str) -> DashboardData:
        """What there is to show of ``domain``. Raises StorageError."""
        ended = await self._ended(domain)
        versions = await self._version_rows(domain, ended)
        return DashboardData(await self._rounds.fresh(domain), ended, versions)

    async def take_back(self, domain: str, version: str, by: str, language: Language) -> None:
        """Go back from ``version``: what came after it, or before, is not meant. Raises
        RefusedError when it is not live any more."""
        async with self._going_back:  # of two presses, the second is late
            if await self.training.current_version(domain) != version:
                raise RefusedError(say("training_not_live", language))
            await self.training.rollback(domain, by)

    async def picture(self, domain: str, round_id: int, language: Language) -> bytes | None:
        """The PNG to the report of a round that is shown; None when there is none."""
        ended = await self._ended(domain)
        for one in ended:
            if one.outcome.round == round_id:
                versions = await self._version_rows(domain, ended)
                approval = [row.approval for row in reversed(versions)]
                return await asyncio.to_thread(report_chart, one.outcome.losses, approval, language)
        return None

    async def _heard(self, news: News) -> None:
        self.subscribers.tell(news if isinstance(news, Progress) else None)

    async def _ended(self, domain: str) -> list[RoundRow]:
        """The newest first. What has been live waits no more, nor what a newer one has overtaken:
        only the latest promoted version can be approved."""
        tried = await self._versions.ever_live(domain)
        found, overtaken = list[RoundRow](), False
        for kept in await self._rounds.latest(domain, last=_LATEST):
            if kept.ended_at:
                outcome = outcome_of(kept)
                live = outcome.went_live or (outcome.waits and outcome.version in tried)
                waits = outcome.waits and not live and not overtaken
                found.append(RoundRow(replace(outcome, went_live=live, waits=waits), kept.ended_at))
                overtaken = overtaken or outcome.verdict == "promoted"
        return found

    async def _version_rows(self, domain: str, ended: Sequence[RoundRow]) -> list[VersionRow]:
        live = (await self._versions.live()).get(domain)
        back_to = await self._versions.before(domain)
        approval = {a.version: a for a in await self._approvals.approval_by_version(domain)}
        waiting = {one.outcome.version for one in ended if one.outcome.waits}
        versions = await self._versions.all(domain)
        changes = await self._versions.history(domain, last=_CHANGES)
        by_watch = f"rollback by {WATCH}"
        disliked = {old.version for new, old in pairwise(changes) if new.reason == by_watch}
        base = VersionRow(None, approval.get(None, VersionApproval(None, 0, 0)), live=live is None)
        return [
            *(
                VersionRow(
                    version.name,
                    approval.get(version.name, VersionApproval(version.name, 0, 0)),
                    version.created_at,
                    live=version.name == live,
                    waits=version.name in waiting,
                    contains_forgotten=version.contains_forgotten,
                    disliked=version.name in disliked and version.name != live,
                    back_to=back_to if version.name == live else None,
                )
                for version in versions
            ),
            base,
        ]
