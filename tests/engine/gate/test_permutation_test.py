"""The sign-flip permutation test."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.gate.permutation_test import sign_flip

FEW = st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=9)


@given(FEW)
def test_few_are_counted_out(values: list[float]) -> None:
    """Up to 14 differences p is the share of all sign patterns, ties included."""
    patterns = np.array(list(product((1, -1), repeat=len(values)))) @ np.abs(values)
    higher, lower = sign_flip(np.array(values), 0.05)
    assert higher == pytest.approx((patterns >= sum(values)).mean())
    assert lower == pytest.approx((patterns <= sum(values)).mean())


@given(FEW)
def test_the_two_sides_mirror(values: list[float]) -> None:
    """Turning every sign turns better into worse."""
    assert sign_flip(-np.array(values), 0.05) == sign_flip(np.array(values), 0.05)[::-1]


@given(FEW, st.floats(1e-3, 1e3))
def test_the_unit_does_not_matter(values: list[float], unit: float) -> None:
    """Nats or bits: the same p."""
    assert sign_flip(np.array(values) * unit, 0.05) == sign_flip(np.array(values), 0.05)


def test_drawn_patterns_agree_with_counted_ones() -> None:
    """Fifteen differences, one of them zero, are as likely as the fourteen: within 0.015."""
    values = np.random.default_rng(0).normal(0.3, 1.0, 14)
    counted, drawn = sign_flip(values, 0.05), sign_flip(np.append(values, 0.0), 0.05)
    assert drawn == pytest.approx(counted, abs=0.015)


@settings(max_examples=10)
@given(st.integers(15, 60), st.sampled_from([0.03, 0.0005]))
def test_p_is_never_zero(n: int, alpha: float) -> None:
    """Drawn patterns: at best (0 + 1) / (m + 1), and that is at most a twentieth of alpha."""
    smallest, _ = sign_flip(np.ones(n) + np.arange(n), alpha)
    assert 0.0 < smallest <= max(alpha / 20, 2.0 ** (1 - n) + 2e-4)


def test_the_same_seed_gives_the_same() -> None:
    """Drawing is seeded: a verdict can be checked again."""
    values = np.random.default_rng(1).normal(0.2, 1.0, 30)
    assert sign_flip(values, 0.05) == sign_flip(values, 0.05)
    assert sign_flip(values, 0.05) != sign_flip(values, 0.05, seed=1)


def test_no_difference_is_no_evidence() -> None:
    """Candidate equal to live: p is 1 both ways."""
    assert sign_flip(np.zeros(5), 0.05) == (1.0, 1.0)
    assert sign_flip(np.zeros(25), 0.05) == (1.0, 1.0)
