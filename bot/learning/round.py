"""One training round, from what it claimed to a verdict; nothing here changes what is live."""

import asyncio
import json
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import compress
from math import ceil
from pathlib import Path
from typing import Any

from bot.domains import Domain, golden_file
from bot.evaluation.candidate import (
    CandidateAnswers,
    CandidateEvaluator,
    judge_candidate,
    sample_questions,
)
from bot.knowledge.retriever import SAME, Retriever
from bot.learning.dataset import Dataset, build_dataset
from bot.learning.outcome import BeforeAfter, Progress, RoundOutcome
from bot.learning.trainer_process import TrainerProcess
from bot.learning.versions import Deployment, VersionRetention
from bot.settings import Settings
from engine.adapters.published import publish
from engine.errors import EngineError
from engine.gate.gate import Budget, GateVerdict, least_groups
from engine.gate.golden import Golden, read_golden
from engine.gate.reasons import Reason
from engine.training.config import BATCH, RoundConfig
from engine.training.config import FILE as CONFIG
from engine.training.examples import FILE as EXAMPLES
from engine.training.examples import write_examples
from storage.training_data import TrainingData
from storage.versions import VersionRegistry

_SCORES = "scores.json"
_UPDATES, _MOST_EPOCHS = 6, 4
Tell = Callable[[Progress], None]
_SHOWN = 3  # of them in the report


@dataclass(frozen=True, slots=True)
class ClaimedRound:
    """A round that has begun. ``budget``: what the gate may risk; ``baseline``: the version that
    the candidate must be better than (None: the base model)."""

    number: int
    domain: Domain
    budget: Budget
    baseline: str | None

    @property
    def name(self) -> str:
        """Of the version that comes out of it."""
        return f"{self.domain.name}-{self.number}"

    @property
    def groups_needed(self) -> int:
        return least_groups(self.budget.alpha)


class RoundRunner:
    """Carries out rounds, one at a time. Its files lie in ``settings.round`` while one runs."""

    def __init__(
        self,
        settings: Settings,
        *,
        training_data: TrainingData,
        retriever: Retriever,
        versions: VersionRegistry,
        deployment: Deployment,
        retention: VersionRetention,
        trainer: TrainerProcess,
        evaluator: CandidateEvaluator,
    ) -> None:
        self._settings = settings
        self._training_data = training_data
        self._retriever = retriever
        self._versions = versions
        self._deployment = deployment
        self._retention = retention
        self._trainer = trainer
        self._evaluator = evaluator

    def cancel(self) -> bool:
        """Let the trainer end; False while something else is going on."""
        return self._trainer.cancel()

    async def run(self, claimed: ClaimedRound, tell: Tell) -> RoundOutcome:
        """Train and judge; ``tell`` hears how far it is. Raises EngineError and StorageError."""
        clock = _Clock()
        tell(_at(claimed, "preparing"))
        dataset = await self._build_dataset(claimed)
        outcome = RoundOutcome(claimed.number, claimed.domain.name, "inconclusive")
        outcome = replace(outcome, previous=claimed.baseline, method=self._settings.method)
        if dataset.heldout < claimed.groups_needed:
            few = {"groups": dataset.heldout, "needed": claimed.groups_needed}
            return replace(outcome, reasons=(Reason("too_few", few),))
        # Before it exists: whoever is forgotten meanwhile marks it.
        await self._versions.add(claimed.name, outcome.domain, claimed.number, dataset.people)
        try:
            return await self._judged(claimed, dataset, outcome, clock, tell)
        except BaseException:  # cancelled, too: nobody has judged it
            await self._retention.remove(claimed.name)
            raise

    async def _judged(
        self,
        claimed: ClaimedRound,
        dataset: Dataset,
        outcome: RoundOutcome,
        clock: "_Clock",
        tell: Tell,
    ) -> RoundOutcome:
        """Train the candidate, make it a version, and have it evaluated."""
        directory = self._settings.round
        try:
            await asyncio.to_thread(self._write, directory, claimed, dataset)
            clock.lap("preparing")
            manifest = await self._trainer.train(
                directory, lambda line: _pass_on(claimed, line, tell)
            )
            clock.lap("starting", manifest["seconds"])
            target = self._settings.versions / claimed.name
            await asyncio.to_thread(
                publish, directory, target, name=claimed.name, parent=claimed.baseline
            )
            rows = json.loads((directory / _SCORES).read_text())["rows"]
        finally:
            shutil.rmtree(directory, ignore_errors=True)  # people's words are in it
        await self._deployment.ready(claimed.name)
        clock.lap("loading the candidate")
        candidate_answers = await self._evaluate(claimed, sample_questions(rows), tell)
        clock.lap("asking")
        verdict = judge_candidate(
            rows, manifest["scores"].get("kl", 0.0), candidate_answers, claimed.budget
        )
        outcome = with_evidence(outcome, verdict, manifest, candidate_answers)
        return replace(outcome, version=claimed.name, seconds=clock.parts())

    async def _build_dataset(self, claimed: ClaimedRound) -> Dataset:
        return await build_dataset(
            await self._training_data.of(claimed.domain.name, claimed.number),
            self._retriever,
            claimed.domain,
            seed=claimed.number,
            most_of_one=self._settings.max_share_per_user,
            groups_needed=claimed.groups_needed,
        )

    def _write(self, directory: Path, claimed: ClaimedRound, dataset: Dataset) -> None:
        config = RoundConfig(
            model=self._settings.model,
            cache=self._settings.cache,
            previous=self._settings.versions / claimed.baseline / "adapter"
            if claimed.baseline
            else None,
            method=self._settings.method,
            seed=claimed.number,
            epochs=epochs_of(dataset.trained),
        )
        try:
            directory.mkdir(parents=True)
            write_examples(directory / EXAMPLES, dataset.examples)
            (directory / CONFIG).write_text(config.model_dump_json(), encoding="utf-8")
        except OSError as error:
            raise EngineError(f"{directory} cannot be written: {error.strerror}") from error

    async def _golden(self, domain: str) -> tuple[Golden, ...]:
        """What must not turn wrong: all that an admin wrote down. The shipped questions belong to
        the starter pack: what it does not make known, a model can only have guessed."""
        path = golden_file(self._settings.home, domain)
        golden = read_golden(path)
        if path.is_relative_to(self._settings.home):
            return golden
        found = [await self._retriever.find(domain, g.question, most=1) for g in golden]
        return tuple(compress(golden, (any(r.score == SAME for r in f.near) for f in found)))

    async def _evaluate(
        self, claimed: ClaimedRound, heldout: list[str], tell: Tell
    ) -> CandidateAnswers:
        domain = claimed.domain.name
        return await self._evaluator.evaluate(
            domain,
            await self._golden(domain),
            heldout,
            live=claimed.baseline,
            candidate=claimed.name,
            on_answer=lambda done, of: tell(replace(_at(claimed, "asking"), step=done, steps=of)),
        )


def epochs_of(rows: int) -> int:
    """One pass over the rows is enough to learn to read what is recalled, where it makes at least
    six updates; more of it teaches answers by heart (docs/lab-notes.md)."""
    return min(_MOST_EPOCHS, max(1, ceil(_UPDATES * BATCH / max(rows, 1))))


def _at(claimed: ClaimedRound, stage: str) -> Progress:
    return Progress(claimed.number, claimed.domain.name, stage)


def _pass_on(claimed: ClaimedRound, line: Mapping[str, Any], tell: Tell) -> None:
    """What the trainer says of a stage or a step, in our words."""
    if "stage" in line:
        tell(_at(claimed, line["stage"]))
    elif "step" in line:
        known = {name: line[name] for name in ("step", "steps", "loss", "eta_s")}
        tell(replace(_at(claimed, "training"), **known))


class _Clock:
    """Seconds by part of the round."""

    def __init__(self) -> None:
        self._begun = self._last = time.monotonic()
        self._parts: dict[str, float] = {}

    def lap(self, name: str, within: Mapping[str, float] | None = None) -> None:
        """What has passed since the last lap is ``name``, but for what ``within`` names apart."""
        now = time.monotonic()
        parts = within or {}
        self._parts |= {name: round(now - self._last - sum(parts.values()), 2), **parts}
        self._last = now

    def parts(self) -> Mapping[str, float]:
        return {**self._parts, "total": round(time.monotonic() - self._begun, 2)}


def with_evidence(
    outcome: RoundOutcome,
    verdict: GateVerdict,
    manifest: Mapping[str, Any],
    candidate_answers: CandidateAnswers,
) -> RoundOutcome:
    """``outcome`` with all that the report tells. ``manifest``: of the trainer."""
    golden = candidate_answers.golden
    changed = [
        BeforeAfter(*answer) for answer in candidate_answers.answers if answer[1] != answer[2]
    ]
    return replace(
        outcome,
        verdict=verdict.outcome,
        reasons=verdict.reasons,
        tested=verdict.tested,
        examples=manifest["examples"],
        by_kind=manifest["by_kind"],
        heldout=manifest["heldout"],
        nll=manifest["scores"].get("nll", {}),
        golden=(len(golden), sum(g.live for g in golden), sum(g.candidate for g in golden)),
        samples=tuple(changed[:_SHOWN]),
        losses=tuple(manifest["losses"]),
        parameters=manifest["parameters"],
        parameters_percent=manifest["parameters_percent"],
        peak_mb=manifest["peak_mb"],
    )
