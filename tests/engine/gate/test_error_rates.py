"""How often the gate and the watch err, simulated; the whole table: python -m benchmarks.gate."""

from math import sqrt

import pytest

from benchmarks.gate import NULLS, better, ever_promoted, plain_test, promoted, watched
from engine.gate.gate import Budget

ALPHA = Budget().alpha


def at_most(rate: float, repeats: int) -> float:
    """What a simulated rate stays below with 99.9 % if the true one is ``rate``."""
    return rate + 3.1 * sqrt(rate * (1 - rate) / repeats)


@pytest.mark.parametrize("name", ["normal", "lognormal σ = 1"])
def test_false_promotions_stay_within_alpha(name: str) -> None:
    """Twenty questions, first round: no more than three in a hundred, however skewed."""
    assert promoted(NULLS[name], 20, 0, 500) <= at_most(ALPHA, 500)


def test_the_test_alone_would_not_do() -> None:
    """Sign-flip without the guard promotes 17 % of the most skewed null at 5 %, n = 20."""
    assert plain_test(NULLS["lognormal σ = 1"], 20, 0.05, 500) == pytest.approx(0.17, abs=0.05)


def test_a_large_gain_is_found() -> None:
    """An effect of 1.2 standard deviations is promoted nine times of ten, n = 20."""
    assert promoted(better(1.2), 20, 0, 300) >= 0.9


def test_a_false_roll_back_is_rare() -> None:
    """Looked at after each of 500 votes, at most five of 100 equally good versions go back."""
    assert watched(0.85, 200, 0.85, 500, 200).share <= at_most(0.05, 200)


def test_a_bad_version_goes_back() -> None:
    """.85 → .60 after 200 votes on the old one: half of the time within 60 votes."""
    assert watched(0.85, 200, 0.6, 500, 200).quantile(0.5) <= 60


@pytest.mark.slow
@pytest.mark.parametrize("tested", [0, 2])
@pytest.mark.parametrize("groups", [12, 20, 30, 50])
@pytest.mark.parametrize("name", [name for name in NULLS if name != "10 % fail"])
def test_every_null_stays_within_alpha(name: str, groups: int, tested: int) -> None:
    """Five families, four sizes, rounds 1 and 3: never more than that round may spend."""
    assert promoted(NULLS[name], groups, tested, 1000) <= at_most(Budget(tested).alpha, 1000)


@pytest.mark.slow
@pytest.mark.parametrize("groups", [20, 30, 50])
def test_failures_are_caught_as_far_as_they_show(groups: int) -> None:
    """What fails in one of ten passes no oftener than the sample holds none of these."""
    unseen = max(ALPHA, 0.9**groups)
    assert promoted(NULLS["10 % fail"], groups, 0, 1000) <= at_most(unseen, 1000)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["normal", "lognormal σ = 1"])
def test_twelve_rounds_together_stay_within_the_total(name: str) -> None:
    """Twelve candidates that are no better: any promoted in at most 5 % (5 % each: 46 %)."""
    assert ever_promoted(NULLS[name], 20, 12, 100) <= at_most(0.05, 100)


@pytest.mark.slow
@pytest.mark.parametrize("old_votes", [50, 200, 1000])
def test_false_roll_backs_stay_within_alpha(old_votes: int) -> None:
    """After each of 2,000 votes, at most 5 % of equally good versions go back."""
    assert watched(0.85, old_votes, 0.85, 2000, 500).share <= at_most(0.05, 500)
