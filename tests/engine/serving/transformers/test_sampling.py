"""Sampling follows the request's temperature, top-p and seed, and nothing else."""

from collections import Counter

import pytest
import torch

from engine.config import Sampling
from engine.serving.transformers.sampling import draw

LOGITS = torch.log(torch.tensor([0.05, 0.5, 0.15, 0.3]))


def _shares(sampling: Sampling, draws: int = 2000) -> dict[int, float]:
    drawn = Counter(draw(LOGITS, sampling, position) for position in range(draws))
    return {token: count / draws for token, count in drawn.items()}


def test_shares_are_the_probabilities() -> None:
    """At temperature 1 with everything allowed, tokens come as often as the model says."""
    shares = _shares(Sampling(temperature=1.0, top_p=1.0))
    assert shares == pytest.approx({0: 0.05, 1: 0.5, 2: 0.15, 3: 0.3}, abs=0.04)


def test_top_p_leaves_out_the_tail() -> None:
    """Only the fewest tokens that together reach top-p are drawn, in their proportions."""
    shares = _shares(Sampling(temperature=1.0, top_p=0.7))
    assert shares == pytest.approx({1: 0.625, 3: 0.375}, abs=0.04)


def test_low_temperature_is_nearly_greedy() -> None:
    """The colder, the more often the best token."""
    assert _shares(Sampling(temperature=0.1, top_p=1.0))[1] > 0.98


def test_a_wide_distribution_is_cut_exactly() -> None:
    """When the best thousand tokens hold less than top-p, the others count too."""
    logits = torch.zeros(3000)
    drawn = {draw(logits, Sampling(temperature=1.0, top_p=0.9), at) for at in range(60)}
    assert max(drawn) > 2000


def test_seed_and_position_decide() -> None:
    """The same seed and position draw the same token; other seeds other series."""
    series = [
        [draw(LOGITS, Sampling(temperature=1.0, seed=s), at) for at in range(20)]
        for s in (1, 1, -2)
    ]
    assert series[0] == series[1] != series[2]
