"""The loop's own arithmetic: schedule, sanity, and that parts of a batch add up."""

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.methods import METHODS, MethodConfig
from engine.config import EngineConfig
from engine.errors import DivergedError
from engine.model.base_model import BaseModel
from engine.model.checkpoint import answer_ending, read_checkpoint
from engine.training import trainer
from engine.training.answer_logits import head_of
from engine.training.config import RoundConfig
from engine.training.encoding import Encoder
from engine.training.trainer import Step, Trainer, check_sane, schedule
from tests.engine.training.rounds import EXAMPLES


@given(st.integers(1, 300), st.floats(0, 0.9))
def test_the_rate_rises_and_falls(steps: int, warmup: float) -> None:
    """Always above zero and at most one; up to the end of the warm-up, down from there."""
    rates = [schedule(step, steps, warmup) for step in range(steps)]
    assert all(0 < rate <= 1 for rate in rates)
    top = rates.index(max(rates))
    assert rates == sorted(rates[:top]) + sorted(rates[top:], reverse=True)


def test_a_hard_batch_is_no_divergence() -> None:
    """A number that is none is, and so are five batches that guessing would foretell better."""
    check_sane(9.0, 1.0, [0.4, 0.4, 12.0], words=1000)
    for loss, norm in ((math.nan, 1.0), (1.0, math.inf)):
        with pytest.raises(DivergedError, match="the loss is no number"):
            check_sane(loss, norm, [1.0], words=1000)
    with pytest.raises(DivergedError, match=r"risen to 9.0 nats a token, which is worse than"):
        check_sane(9.0, 1.0, [0.4, *[9.0] * 5], words=1000)


class _Round:
    """Everything that a Trainer needs, on the tiny model."""

    def __init__(self, base: BaseModel, cache: Path) -> None:
        self.checkpoint = read_checkpoint(
            base, EngineConfig(cache, context=256, slots=1, threads=1), torch.float32
        )
        ending = answer_ending(self.checkpoint)
        encode = Encoder(self.checkpoint.tokenizer, self.checkpoint.format, ending, 256)
        encoded = [encode(e) for e in EXAMPLES if e.split == "train"]
        self.rows = [row for row in encoded if row]

    def trainer(self, on_step: Any = lambda step: None, **config: Any) -> Trainer:
        settings = RoundConfig(rank=4, threads=1, lr=3e-3, **config)
        base = self.checkpoint.model
        model = METHODS["lora"].build(base, MethodConfig(rank=4), seed=0)
        weights = [parameter for _, parameter in METHODS["lora"].trainable(model)]
        return Trainer(model, weights, base, head_of(base), self.rows, settings, on_step)


@pytest.fixture(scope="module")
def tiny_round(tiny_gemma: BaseModel, tiny_cache: Path) -> _Round:
    return _Round(tiny_gemma, tiny_cache)


def test_a_batch_in_parts_has_the_same_gradient(
    tiny_round: _Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row by row or all at once: memory changes, the update does not."""
    gradients = []
    for tokens in (1, 100_000):
        monkeypatch.setattr(trainer, "TOKENS_AT_ONCE", tokens)
        one = tiny_round.trainer(kl_weight=0.5)
        with torch.no_grad():  # away from the base, where every part of the loss has a slope
            for parameter in one.weights:
                parameter.add_(0.05)
        one._look_up_references()
        one._gradients(list(range(len(tiny_round.rows))))
        gradients.append(torch.cat([p.grad.flatten() for p in one.weights if p.grad is not None]))
    torch.testing.assert_close(*gradients, rtol=1e-3, atol=1e-6)


def test_a_rejected_answer_becomes_less_likely(tiny_round: _Round) -> None:
    """While accepted ones become likelier, and the divergence from the base is watched."""
    steps: list[Step] = []
    one = tiny_round.trainer(steps.append, epochs=8)
    against = next(row for row in tiny_round.rows if not row.example.accepted)
    before = float(one._sum(one.base, against))
    one.run()
    assert float(one._sum(one.model, against)) < before
    assert steps[-1].nll is not None
    assert steps[0].nll is not None
    assert steps[-1].nll < steps[0].nll
    assert steps[0].kl == pytest.approx(0, abs=1e-4)
    assert (steps[-1].kl or 0) > 0.01
    assert steps[-1].left == 0
    assert [step.number for step in steps] == list(range(1, steps[0].of + 1))


def test_a_strong_pull_keeps_the_model_near_the_base(tiny_round: _Round) -> None:
    """More weight on the divergence, less of it."""
    ends = []
    for weight in (0.0001, 10.0):
        steps = tiny_round.trainer(epochs=8, kl_weight=weight).run()
        ends.append(sum(step.kl or 0 for step in steps[-4:]))
    assert ends[1] < ends[0] / 2
