"""The training loop: AdamW on an adapter, the frozen base beside it."""

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from engine.errors import DivergedError
from engine.training.answer_logits import Head, before_answers, hidden_of
from engine.training.batches import batches, portions
from engine.training.config import RoundConfig
from engine.training.encoding import Encoded
from engine.training.heldout_scores import by_row
from engine.training.losses import (
    Objective,
    answer_logps,
    divergence,
    kto_kl,
    kto_rejected,
    nll,
)
from engine.training.memory_check import TOKENS_AT_ONCE

_RECENT = 5  # batches


@dataclass(frozen=True, slots=True)
class Step:
    """One update. ``loss``: of the whole objective; ``nll`` and ``kl`` its parts in nats a token
    (None where the batch had none); ``left``: share of all tokens that is still to come."""

    number: int
    of: int
    loss: float
    nll: float | None
    kl: float | None
    lr: float
    seconds: float
    left: float


@dataclass
class Trainer:
    """Trains ``weights``, the adapter in ``model``, on ``rows`` beside the frozen ``base``."""

    model: Any
    weights: Sequence[Tensor]
    base: Any
    head: Head
    rows: Sequence[Encoded]
    config: RoundConfig
    on_step: Callable[[Step], None] = lambda step: None
    _mismatched: dict[int, Encoded] = field(default_factory=dict)
    _reference: dict[tuple[int, bool], Tensor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        config = self.config
        self._objective = Objective(config.kto_weight, config.kto_beta, config.kl_weight)
        self._lengths = [len(row) for row in self.rows]
        self._luck = random.Random(config.seed)  # noqa: S311
        self._words = int(self.base.config.get_text_config().vocab_size)

    def run(self) -> list[Step]:
        """All epochs. Raises DivergedError."""
        begun, config = time.monotonic(), self.config
        plan = [
            batch
            for epoch in range(config.epochs)
            for batch in batches(self._lengths, config.batch, config.seed + epoch)
        ]
        self._look_up_references()
        optimizer = torch.optim.AdamW(self.weights, lr=config.lr, weight_decay=config.weight_decay)
        rate = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: schedule(step, len(plan), config.warmup)
        )
        tokens, done, steps = config.epochs * sum(self._lengths), 0, list[Step]()
        likelihoods: list[float] = []
        for number, batch in enumerate(plan, start=1):
            lr = float(rate.get_last_lr()[0])
            loss, likelihood, kl = self._gradients(batch)
            norm = torch.nn.utils.clip_grad_norm_(self.weights, config.clip)
            likelihoods += [] if likelihood is None else [likelihood]
            check_sane(loss, float(norm), likelihoods, self._words)
            optimizer.step()
            optimizer.zero_grad()
            rate.step()
            done += sum(self._lengths[row] for row in batch)
            seconds = time.monotonic() - begun
            steps.append(
                Step(number, len(plan), loss, likelihood, kl, lr, seconds, 1 - done / tokens)
            )
            self.on_step(steps[-1])
        return steps

    def _gradients(self, batch: list[int]) -> tuple[float, float | None, float | None]:
        """Adds up the gradients of a batch; returns its loss, mean NLL and KL."""
        z = self._kto_kl(batch)
        watched = self._luck.choice(batch)  # whose divergence stands for the batch's
        total, kl = 0.0, None
        likelihoods: list[float] = []
        for portion in portions(batch, self._lengths, TOKENS_AT_ONCE):
            rows = [self.rows[at] for at in portion]
            hidden = hidden_of(self.model, rows)
            states, targets = before_answers(hidden, rows)
            losses = []
            for at, logps in zip(
                portion, by_row(answer_logps(self.head, states, targets), rows), strict=True
            ):
                losses.append(self._row_loss(at, logps, z))
                if self.rows[at].example.accepted:
                    likelihoods.append(float(nll(logps.detach())))
            loss = torch.stack(losses).sum() / len(batch)
            if watched in portion and self._objective.kl_weight:
                at = portion.index(watched)
                away = self._divergence(rows[at], by_row(states, rows)[at])
                loss, kl = loss + self._objective.kl_weight * away, float(away.detach())
            loss.backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        return total, sum(likelihoods) / len(likelihoods) if likelihoods else None, kl

    def _row_loss(self, at: int, logps: Tensor, z: Tensor) -> Tensor:
        example = self.rows[at].example
        if example.accepted:
            return example.weight * nll(logps)
        term = kto_rejected(logps.sum(), self._reference[at, False], z, self._objective.kto_beta)
        return example.weight * self._objective.kto_weight * term

    def _divergence(self, row: Encoded, states: Tensor) -> Tensor:
        with torch.no_grad():
            base_states, _ = before_answers(hidden_of(self.base, [row]), [row])
        return divergence(self.head, states, base_states).mean()

    def _look_up_references(self) -> None:
        """What the frozen base thinks of rejected answers, and of answers to other questions."""
        for at, row in enumerate(self.rows):
            if row.example.accepted:
                continue
            others = [other for other in self.rows if other.example.key != row.example.key]
            self._mismatched[at] = row.answered_as(self._luck.choice(others or [row]))
            self._reference[at, False] = self._sum(self.base, row)
            self._reference[at, True] = self._sum(self.base, self._mismatched[at])

    def _kto_kl(self, batch: list[int]) -> Tensor:
        pairs = [at for at in batch if at in self._mismatched]
        if not pairs:
            return torch.zeros((), device=self.model.device)
        ours = torch.stack([self._sum(self.model, self._mismatched[at]) for at in pairs])
        return kto_kl(ours, torch.stack([self._reference[at, True] for at in pairs]))

    @torch.no_grad()
    def _sum(self, model: Any, row: Encoded) -> Tensor:
        return answer_logps(self.head, *before_answers(hidden_of(model, [row]), [row])).sum()


def schedule(step: int, steps: int, warmup: float) -> float:
    """Share of the learning rate at ``step`` of 0 … steps − 1: up in a line, then down to zero."""
    rising = max(1, round(warmup * steps))
    if step < rising:
        return (step + 1) / (rising + 1)
    return (steps - step) / (steps - rising + 1)


def check_sane(loss: float, norm: float, likelihoods: Sequence[float], words: int) -> None:
    """Raises DivergedError when a loss or gradient is no number, or the model has come apart.

    ``likelihoods`` are the NLL of all batches so far: a mean of five above the first and above
    that of guessing among all ``words`` is no slow learning and no hard batch.
    """
    if not math.isfinite(loss) or not math.isfinite(norm):
        raise DivergedError(
            "training stopped: the loss is no number; lower lr or look for broken examples"
        )
    recent = likelihoods[-_RECENT:]
    if recent and sum(recent) / len(recent) > max(likelihoods[0], math.log(words)) + 1:
        raise DivergedError(
            f"training stopped: the loss has risen to {recent[-1]:.1f} nats a token, which is "
            "worse than guessing; lower lr"
        )
