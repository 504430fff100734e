"""How each domain is doing: what was said, what was learned, what is live."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from bot.feedback.weights import approval
from bot.knowledge.thresholds import Promise, Thresholds
from bot.learning.outcome import RoundOutcome
from engine.adapters.layers import AdapterLayers, adapter_layers
from engine.errors import AdapterError
from engine.gate.confidence import wilson
from engine.memory import MIB, resident_bytes
from storage.pairs import Pairs
from storage.rounds import Round, Rounds
from storage.statistics import DomainStats, Stats, VersionApproval
from storage.versions import VersionRegistry

_JUDGED = ("promoted", "rejected", "inconclusive")
_LOOK_BACK = 30  # rounds: the live version was asked the golden questions in one of the last
_log = structlog.get_logger("statistics")


@dataclass(frozen=True, slots=True)
class Statistics:
    """One domain at one moment. Shares lie in [0, 1]; None: not known, or not yet.

    ``buffer``: labels that no round has used; ``target`` of them start one. ``layers``: of the
    live version. ``accuracy``: of the live version on the golden questions. ``seconds``: training
    on one example, in the last round that trained; ``peak_mb``: the memory it took, ``memory_mb``:
    ours now. ``promise``: of verified answers; None while no pair has been read. ``max_wrong``: the
    accepted share of wrong ones among them.
    """

    counts: DomainStats
    training: bool
    buffer: int
    target: int
    live: str | None
    layers: AdapterLayers | None
    versions: int
    last: Round | None
    accuracy: float | None
    seconds: float | None
    peak_mb: int | None
    memory_mb: int
    approval: float | None
    by_version: Sequence[VersionApproval]
    known: int
    promise: Promise | None
    max_wrong: float

    @property
    def quiet(self) -> bool:
        """Nothing has happened here yet."""
        return not (self.counts.questions or self.known or self.buffer or self.last)

    def as_json(self) -> dict[str, Any]:
        """As `reactune stats --json` prints it under the domain's name."""
        counts, layers = self.counts, self.layers
        return {
            "trainings": counts.trainings,
            "training_state": "running" if self.training else "idle",
            "buffer": self.buffer,
            "buffer_target": self.target,
            "lora_layers": layers.lora if layers else None,
            "adapter_layers": layers.others if layers else None,
            "active_version": self.live,
            "versions": self.versions,
            "last_round": _round(self.last) if self.last else None,
            "approval": self.approval,
            "approval_by_version": [_approval(votes) for votes in self.by_version],
            "verdicts": {"up": counts.up, "down": counts.down},
            "questions": counts.questions,
            "people": counts.people,
            "answers": counts.answered,
            "suggested": counts.suggested,
            "picks": counts.picks,
            "abstained": counts.abstained,
            "stopped": counts.stopped,
            "failed": counts.failed,
            "accuracy": self.accuracy,
            "seconds_per_example": self.seconds,
            "memory_mb": self.memory_mb,
            "training_peak_mb": self.peak_mb,
            "p50_ms": counts.p50_ms,
            "p95_ms": counts.p95_ms,
            "known_pairs": self.known,
            "verified": _verified(self.promise, self.max_wrong),
            "corrections": counts.corrections,
            "corrections_pending": counts.pending,
            "queue": None,  # only the process that serves knows
        }


class StatisticsReader:
    """Looks at what is stored. ``most``: nobody has a larger share of the approval."""

    def __init__(
        self,
        *,
        stats: Stats,
        rounds: Rounds,
        versions: VersionRegistry,
        pairs: Pairs,
        thresholds: Thresholds,
        home: Path,
        train_every: int,
        most: float,
    ) -> None:
        self._stats = stats
        self._rounds = rounds
        self._versions = versions
        self._pairs = pairs
        self._thresholds = thresholds
        self._home = home
        self._train_every = train_every
        self._most = most

    async def read(self, domains: Iterable[str]) -> list[Statistics]:
        """Each of ``domains`` as it is now, also where nothing has happened yet."""
        memory_mb = await asyncio.to_thread(resident_bytes) // MIB
        live = await self._versions.live()
        return [await self._of(domain, live.get(domain), memory_mb) for domain in domains]

    async def _of(self, domain: str, live: str | None, memory_mb: int) -> Statistics:
        counts = await self._stats.of_domain(domain)
        rounds = await self._rounds.latest(domain, last=_LOOK_BACK)
        judged = [RoundOutcome.of(r.report) for r in rounds if r.state in _JUDGED]
        trained = next((outcome for outcome in judged if outcome.examples), None)
        known = await self._pairs.count(domain)
        embedder = await self._pairs.embedder() if known else None
        return Statistics(
            counts=counts,
            training=any(r.state == "running" for r in rounds),
            buffer=await self._rounds.fresh(domain),
            target=self._train_every,
            live=live,
            layers=await asyncio.to_thread(self._layers, live),
            versions=len(await self._versions.all(domain)),
            last=next((r for r in rounds if r.state != "running"), None),
            accuracy=golden_accuracy(live, judged),
            seconds=seconds_per_example(trained) if trained else None,
            peak_mb=trained.peak_mb if trained else None,
            memory_mb=memory_mb,
            approval=approval(counts.verdicts, self._most),
            by_version=await self._stats.approval_by_version(domain),
            known=known,
            promise=await self._thresholds.promise(domain, embedder) if embedder else None,
            max_wrong=self._thresholds.most_wrong(domain),
        )

    def _layers(self, live: str | None) -> AdapterLayers | None:
        if live is None:
            return AdapterLayers()
        try:
            return adapter_layers(self._home / "versions" / live / "adapter")
        except AdapterError as error:  # the other numbers are worth telling all the same
            _log.warning("layers unknown", version=live, error=str(error))
            return None


def golden_accuracy(live: str | None, judged: Iterable[RoundOutcome]) -> float | None:
    """Share of golden questions that ``live`` answered rightly when it was last asked them.

    ``judged``: rounds with a verdict, the newest first; each asks the candidate and what was live.
    """
    for outcome in judged:
        asked, before, after = outcome.golden
        if asked and live is not None and outcome.version == live:
            return after / asked
        if asked and outcome.previous == live:
            return before / asked
    return None


def seconds_per_example(outcome: RoundOutcome) -> float | None:
    """Seconds of training alone for each example."""
    if not outcome.examples or "training" not in outcome.seconds:
        return None
    return round(outcome.seconds["training"] / outcome.examples, 3)


def _verified(promise: Promise | None, max_wrong: float) -> dict[str, Any]:
    return {
        "embedder": promise.embedder if promise else None,
        "threshold": promise.threshold if promise else None,  # 1: the same words alone
        "judged": promise.judged if promise else 0,
        "own": promise.own if promise else 0,
        "wrong": promise.wrong if promise else None,
        "max_wrong": max_wrong,
    }


def _round(last: Round) -> dict[str, Any]:
    return {
        "verdict": last.state,
        "version": last.report.get("version"),
        "ended_at": last.ended_at,
    }


def _approval(votes: VersionApproval) -> dict[str, Any]:
    low, high = wilson(votes.approved, votes.total)
    return {
        "version": votes.version,
        "approved": votes.approved,
        "total": votes.total,
        "share": votes.approved / votes.total,
        "low": low,
        "high": high,
    }
