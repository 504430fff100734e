"""Labels → round → gate → a better version goes live, or not; and the way back."""

import asyncio
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

import structlog
from filelock import FileLock, Timeout

from bot.domains import Domain
from bot.errors import RefusedError
from bot.learning.news import RoundNews
from bot.learning.outcome import Progress, RoundOutcome, RoundState
from bot.learning.report import outcome_of
from bot.learning.round import ClaimedRound, RoundRunner
from bot.learning.versions import Deployment, Promoter, VersionRetention
from bot.settings import Settings
from bot.texts import say
from engine.errors import CancelledError, EngineError
from engine.gate.gate import Budget
from engine.gate.reasons import Reason
from storage.errors import StorageError
from storage.rounds import Rounds
from storage.versions import VersionRegistry

_LOOKED_AT = 200  # rounds among which those since the last promotion are counted
_log = structlog.get_logger("training")


class TrainingService:
    """Training as everybody sees it: one round at a time, whichever process asks."""

    def __init__(
        self,
        settings: Settings,
        *,
        rounds: Rounds,
        versions: VersionRegistry,
        deployment: Deployment,
        retention: VersionRetention,
        runner: RoundRunner,
        domains: Mapping[str, Domain],
    ) -> None:
        self._settings = settings
        self._rounds = rounds
        self._versions = versions
        self._deployment = deployment
        self._retention = retention
        self._runner = runner
        self._promoter = Promoter(versions, deployment.ready, settings.language)
        self._domains = domains
        self._starting = asyncio.Lock()
        self._running: asyncio.Task[RoundOutcome] | None = None
        self._stoppable = False  # not any more once there is a verdict
        # Held by the process that trains; the system lets go of it when that dies.
        self._alone = FileLock(settings.home / "training.lock", thread_local=False)
        self.news = RoundNews(rounds)
        self.progress: Progress | None = None

    async def recover(self) -> None:
        """Free what a killed process had claimed, unless another one trains now."""
        async with self._starting:
            with suppress(RefusedError):
                self._claim_machine()
                try:
                    await self._tidy()
                finally:
                    self._alone.release()

    async def current_version(self, domain: str) -> str | None:
        """The version that answers in ``domain`` now; None: the base model."""
        return (await self._versions.live()).get(domain)

    async def begin(self, domain: str) -> int:
        """Start a round in the background; its number. Raises RefusedError as ``start`` does."""
        number, _ = await self.start(domain, at_least=0)
        return number

    async def start(self, domain: str, at_least: int = 1) -> tuple[int, asyncio.Task[RoundOutcome]]:
        """A round's number, and what will come of it.

        Raises RefusedError when a round runs, or fewer than ``at_least`` labels are new.
        """
        async with self._starting:
            self._claim_machine()
            try:
                await self._tidy()
                number = await self._rounds.claim(domain, at_least=at_least)
                if number is None:
                    fresh = await self._rounds.fresh(domain)
                    raise self._refusal("training_nothing", domain=domain, fresh=fresh)
                claimed = await self._claimed(domain, number)
            except BaseException:
                self._alone.release()
                raise
            self._running = asyncio.create_task(self._round(claimed))
            await asyncio.sleep(0)  # from here on it ends the round even when it is cancelled
            return number, self._running

    async def cancel(self) -> bool:
        """Stop the running round; False when there is none."""
        if self._running is None or not self._stoppable:
            return False
        if not self._runner.cancel():
            self._running.cancel()
        return True

    async def approve(self, version: str, by: str) -> bool:
        """Let a version that waits go live; False when it does not wait (any more)."""
        for domain in self._domains:
            waiting = await self._waiting(domain)
            if waiting and waiting.version == version:
                await self._go(domain, version, f"approved by {by}")
                done = replace(waiting, waits=False, went_live=True)
                await self._rounds.amend(waiting.round, done.as_json())
                return True
        return False

    async def rollback(self, domain: str, by: str, to: str | None = None) -> str | None:
        """Put ``to`` live, or what was live before; what is live now (None: the base model).

        Raises RefusedError when there is nothing to go back to, or it cannot be served.
        """
        target = await self._promoter.go_back(domain, by, to)
        await self._deployment.follow()
        return target

    async def close(self) -> None:
        """Give up a running round; what it claimed is free again."""
        if self._running and not self._running.done():
            self._running.cancel()
            await asyncio.wait({self._running})
        await self.news.close()

    async def _round(self, claimed: ClaimedRound) -> RoundOutcome:
        """Whatever happens, the round ends in the database, and everybody hears of it.

        Where the database cannot be written, ``recover`` ends it later.
        """
        try:
            outcome = await self._settled(claimed, await self._tried(claimed))
            await self._rounds.end(
                claimed.number, outcome.verdict, outcome.as_json(),
                live=outcome.version if outcome.went_live else None, withdrawn=outcome.withdrawn,
            )  # fmt: skip
            await self._deployment.follow()
            await self._clean(claimed.domain.name, outcome)
        except (StorageError, RefusedError) as error:
            _log.error("round not ended", round=claimed.number, error=str(error))
            outcome = self._undone(claimed, "failed", str(error))
        finally:
            self.progress = None
            self._alone.release()
        reasons = "; ".join(map(str, outcome.reasons))
        _log.info(
            "round ended",
            round=outcome.round,
            domain=outcome.domain,
            verdict=outcome.verdict,
            reasons=reasons,
            went_live=outcome.went_live,
        )
        return outcome

    async def _tried(self, claimed: ClaimedRound) -> RoundOutcome:
        self._stoppable = True
        try:
            return await self._runner.run(claimed, self._progressed)
        except (CancelledError, asyncio.CancelledError):
            return self._undone(claimed, "cancelled", "it was stopped")
        except (EngineError, StorageError) as error:
            return self._undone(claimed, "failed", str(error))
        except Exception as error:
            _log.exception("round failed", round=claimed.number)
            return self._undone(claimed, "failed", f"{type(error).__name__}: {error}")
        finally:
            self._stoppable = False

    def _undone(self, claimed: ClaimedRound, verdict: RoundState, error: str) -> RoundOutcome:
        reason = Reason("failed", {"error": error})
        outcome = RoundOutcome(claimed.number, claimed.domain.name, verdict, (reason,))
        return replace(outcome, previous=claimed.baseline, method=self._settings.method)

    async def _settled(self, claimed: ClaimedRound, outcome: RoundOutcome) -> RoundOutcome:
        """Whether the candidate answers from now on.

        In place of a version that must go, since somebody in it is forgotten, one will do that is
        not worse; where training fails, nothing takes it: the next try may fail as well.
        """
        domain = claimed.domain.name
        if outcome.verdict == "cancelled":
            return outcome
        if await self._contains_forgotten(domain, outcome.version):
            meanwhile = Reason("forgotten_meanwhile", {})
            outcome = replace(outcome, verdict="rejected", reasons=(meanwhile,))
        usable = outcome.version is not None and outcome.verdict != "rejected"
        if await self._contains_forgotten(domain, await self.current_version(domain)):
            reasons = (*outcome.reasons, Reason("forgotten", {}))
            return replace(outcome, went_live=usable, withdrawn=True, reasons=reasons)
        if outcome.verdict != "promoted":
            return outcome
        if await self._answering(domain) != claimed.baseline and outcome.version:
            await self._retention.remove(outcome.version)
            overtaken = "another version answers by now, and nobody has compared them"
            return self._undone(claimed, "failed", overtaken)
        waits = self._settings.promote == "approve"
        return replace(outcome, went_live=not waits, waits=waits)

    async def _clean(self, domain: str, outcome: RoundOutcome) -> None:
        """Nothing is kept that nobody can go back to."""
        if outcome.version and not (outcome.went_live or outcome.waits):
            await self._deployment.drop(outcome.version)
        waiting = await self._waiting(domain)
        await self._retention.retire(domain, waiting.version if waiting else None)

    async def _waiting(self, domain: str) -> RoundOutcome | None:
        """The round whose version an admin may approve: only the latest better one can wait."""
        ended = map(outcome_of, await self._rounds.latest(domain, last=_LOOKED_AT))
        latest = next((outcome for outcome in ended if outcome.verdict == "promoted"), None)
        return latest if latest and latest.waits else None

    async def _contains_forgotten(self, domain: str, name: str | None) -> bool:
        return any(v.contains_forgotten for v in await self._versions.all(domain) if v.name == name)

    async def _go(self, domain: str, version: str, reason: str) -> None:
        """Let ``version`` answer at once. Raises RefusedError when it cannot be served."""
        await self._promoter.go(domain, version, reason)
        await self._deployment.follow()

    def _claim_machine(self) -> None:
        if self._running and not self._running.done():
            raise self._refusal("training_runs")
        try:
            self._alone.acquire(blocking=False)
        except Timeout as error:
            raise self._refusal("training_runs") from error

    async def _tidy(self) -> None:
        """What a killed process left; only who alone may train can tell."""
        await self._rounds.recover()
        await asyncio.to_thread(shutil.rmtree, self._settings.round, ignore_errors=True)
        await self._retention.remove_orphans()

    async def _claimed(self, domain: str, number: int) -> ClaimedRound:
        tested = 0
        for earlier in await self._rounds.latest(domain, last=_LOOKED_AT):
            if earlier.report.get("live"):  # the gate has had a new version to beat since
                break
            tested += bool(earlier.report.get("tested"))
        return ClaimedRound(
            number, self._domains[domain], Budget(tested), await self._answering(domain)
        )

    async def _answering(self, domain: str) -> str | None:
        """What really answers: not the live version where it cannot be served, as with another
        MODEL than it was trained on."""
        await self._deployment.follow()
        return self._deployment.of(domain)

    def _progressed(self, progress: Progress) -> None:
        self.progress = progress
        self.news.tell(progress)

    def _refusal(self, key: str, **values: object) -> RefusedError:
        return RefusedError(say(key, self._settings.language, **values))
