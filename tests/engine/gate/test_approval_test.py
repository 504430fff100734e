"""A new version's approval against the old one's."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.gate.approval_test import Votes, compare_approval, log_evidence, lower_bound

COUNTS = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_a_clear_decline_is_worse() -> None:
    """850 of 1,000 before, 60 of 90 now: roll back."""
    found = compare_approval(Votes(850, 1000), Votes(60, 90))
    assert found.worse
    assert found.evidence >= found.needed == 40.0
    assert 0.82 < found.floor < 0.85


def test_an_equal_version_stays() -> None:
    """The same share, however many votes, is not worse."""
    assert not compare_approval(Votes(850, 1000), Votes(85_000, 100_000)).worse


@given(COUNTS)
def test_nothing_is_worse_before_it_was_voted_on(old: tuple[int, int]) -> None:
    """Without votes on the new version, or with approvals only, it stays."""
    assert not compare_approval(Votes(*old), Votes(0, 0)).worse
    assert not compare_approval(Votes(*old), Votes(50, 50)).worse


def test_without_a_record_nothing_is_worse() -> None:
    """Five votes on the old version, or approvals of nothing, are no floor to fall through."""
    assert not compare_approval(Votes(0, 0), Votes(0, 10_000)).worse
    assert not compare_approval(Votes(0, 50), Votes(0, 10_000)).worse


@given(COUNTS.filter(lambda counts: counts[0] > 0), COUNTS)
def test_one_more_disapproval_never_helps(old: tuple[int, int], new: tuple[int, int]) -> None:
    """A 👎 in place of a 👍 raises the evidence, or leaves it."""
    approved, total = new
    if approved:
        less = compare_approval(Votes(*old), Votes(approved - 1, total)).evidence
        assert less >= compare_approval(Votes(*old), Votes(approved, total)).evidence * (1 - 1e-9)


@given(st.floats(0.05, 0.99), st.floats(0, 1), st.integers(1, 12))
def test_the_evidence_expects_no_gain_where_nothing_is_worse(
    floor: float, above: float, votes: int
) -> None:
    """At any rate from the floor up, the expected odds after any number of votes are at most 1."""
    rate = floor + above * (1 - floor)
    counts = np.arange(votes + 1)
    odds = np.exp(log_evidence(counts, np.full(votes + 1, votes), floor))
    chances = [math.comb(votes, k) * rate**k * (1 - rate) ** (votes - k) for k in counts.tolist()]
    assert float(odds @ chances) <= 1.0 + 1e-9


@given(COUNTS.filter(lambda counts: counts[0] > 0), st.floats(0.001, 0.4))
def test_the_floor_has_the_chance_that_it_says(counts: tuple[int, int], alpha: float) -> None:
    """At the floor, as many approvals or more come with chance alpha."""
    approved, total = counts
    rate = lower_bound(approved, total, alpha)
    chance = sum(
        math.comb(total, k) * rate**k * (1 - rate) ** (total - k)
        for k in range(approved, total + 1)
    )
    assert chance == pytest.approx(alpha, rel=1e-6)


def test_a_floor_in_closed_form() -> None:
    """All of n approved: the n-th root of alpha."""
    assert lower_bound(20, 20, 0.025) == pytest.approx(0.025 ** (1 / 20))
    assert lower_bound(0, 20, 0.025) == 0.0


def test_impossible_counts_and_levels_are_refused() -> None:
    """More approvals than votes, or an alpha outside (0, 1), is an error."""
    with pytest.raises(ValueError, match="approvals of"):
        Votes(3, 2)
    for alpha in (0.0, 1.0, math.nan):
        with pytest.raises(ValueError, match="between 0 and 1"):
            compare_approval(Votes(1, 2), Votes(1, 2), alpha)
