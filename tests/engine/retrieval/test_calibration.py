"""Where 'known' begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.retrieval.calibration import SHIPPED, calibrate

SCORES = st.lists(st.floats(0, 1), min_size=10, max_size=200)


@given(SCORES, SCORES)
def test_rates_are_those_of_the_threshold(known: list[float], unknown: list[float]) -> None:
    """The reported rates can be counted again from the scores and the value."""
    threshold = calibrate(known, unknown)
    assert threshold.known_as_unknown == pytest.approx(
        sum(score < threshold.value for score in known) / len(known)
    )
    assert threshold.unknown_as_known == pytest.approx(
        sum(score >= threshold.value for score in unknown) / len(unknown)
    )
    assert (threshold.n_known, threshold.n_unknown) == (len(known), len(unknown))
    assert 0.2 <= threshold.value <= 0.9


@given(SCORES, SCORES, st.randoms())
def test_order_does_not_matter(known: list[float], unknown: list[float], random: object) -> None:
    """The same scores in any order give the same threshold."""
    shuffled = list(known)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert calibrate(shuffled, unknown[::-1]) == calibrate(known, unknown)


@given(SCORES, SCORES, st.floats(1, 5), st.floats(0, 5))
def test_fearing_invention_more_never_lowers_it(
    known: list[float], unknown: list[float], weight: float, more: float
) -> None:
    """The worse an invented answer counts, the higher the threshold or equal."""
    careful = calibrate(known, unknown, unknown_weight=weight + more)
    assert careful.value >= calibrate(known, unknown, unknown_weight=weight).value - 1e-9


def test_with_little_evidence_the_shipped_one_holds() -> None:
    """Nine scores of one sort conclude nothing."""
    assert calibrate([0.9] * 9, [0.1] * 500) == SHIPPED
    assert calibrate([], []) == SHIPPED


def test_with_much_evidence_it_parts_the_two() -> None:
    """Clearly parted scores, far from the shipped value, end up on their own sides."""
    threshold = calibrate([0.8, 0.85, 0.9] * 200, [0.6, 0.7] * 300)
    assert threshold.unknown_as_known == 0.0
    assert threshold.known_as_unknown == 0.0


@pytest.mark.parametrize("odd", [float("nan"), -0.1, 1.1])
def test_a_score_that_is_none_is_refused(odd: float) -> None:
    """NaN and numbers outside [0, 1] are an error, not a threshold."""
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        calibrate([0.5] * 20, [odd] * 20)
