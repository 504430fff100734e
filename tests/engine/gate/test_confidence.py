"""How sure an approval rate is."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.gate.confidence import wilson

COUNTS = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_the_share_lies_inside(counts: tuple[int, int]) -> None:
    """The interval holds the observed share and stays within [0, 1]."""
    lower, upper = wilson(*counts)
    assert 0.0 <= lower <= counts[0] / counts[1] <= upper <= 1.0
    assert lower < upper


@given(COUNTS)
def test_it_mirrors(counts: tuple[int, int]) -> None:
    """Approvals and disapprovals changing places mirrors the interval."""
    approved, votes = counts
    lower, upper = wilson(approved, votes)
    mirrored = wilson(votes - approved, votes)
    assert mirrored == pytest.approx((1 - upper, 1 - lower), abs=1e-12)


@given(COUNTS, st.integers(2, 20))
def test_more_votes_narrow_it(counts: tuple[int, int], times: int) -> None:
    """The same share from more votes is surer."""
    lower, upper = wilson(*counts)
    closer = wilson(counts[0] * times, counts[1] * times)
    assert closer[1] - closer[0] < upper - lower


@given(COUNTS, st.floats(0.1, 4))
def test_its_ends_are_z_errors_away(counts: tuple[int, int], z: float) -> None:
    """An end inside (0, 1) is a share from which the observed one is z standard errors away."""
    approved, votes = counts
    for end in wilson(approved, votes, z):
        if 0.0 < end < 1.0:
            error = math.sqrt(end * (1 - end) / votes)
            assert abs(approved / votes - end) == pytest.approx(z * error, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("share", [0.5, 0.7, 0.85])
@pytest.mark.parametrize("votes", [20, 100])
def test_it_holds_the_truth_about_95_times_of_100(share: float, votes: int) -> None:
    """Over all counts, weighed by their chance, the truth lies inside with 0.92 to 0.98."""
    chance = 0.0
    for approved in range(votes + 1):
        lower, upper = wilson(approved, votes)
        if lower <= share <= upper:
            ways = math.comb(votes, approved)
            chance += ways * share**approved * (1 - share) ** (votes - approved)
    assert 0.92 <= chance <= 0.98


def test_a_published_value() -> None:
    """81 of 263, Newcombe (1998), Statistics in Medicine 17, table I: 0.2553 to 0.3662."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_nothing_is_known_without_votes() -> None:
    """No votes: every share is possible."""
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("counts", [(-1, 5), (6, 5), (0, -1)])
def test_impossible_counts_are_refused(counts: tuple[int, int]) -> None:
    """More approvals than votes, or fewer than none, is an error."""
    with pytest.raises(ValueError, match="approvals of"):
        wilson(*counts)


def test_a_z_that_is_none_is_refused() -> None:
    """NaN and zero are an error."""
    for z in (0.0, float("nan")):
        with pytest.raises(ValueError, match="positive"):
            wilson(1, 2, z)
