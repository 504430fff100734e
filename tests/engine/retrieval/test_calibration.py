"""Where "known" begins: the lowest score at which the promise of few wrong answers is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.retrieval.calibration import NEVER, Judgement, find_threshold

JUDGED = st.lists(
    st.builds(Judgement, st.floats(0, 1), right=st.booleans(), weight=st.floats(0, 1)),
    max_size=200,
)
ACCEPTED = st.floats(0.01, 0.5)


def at_or_above(judged: list[Judgement], value: float) -> tuple[float, float]:
    """(weight, weight of wrong ones) of what counts as known."""
    known = [j for j in judged if j.score >= value]
    return sum(j.weight for j in known), sum(j.weight for j in known if not j.right)


@given(JUDGED, ACCEPTED)
def test_the_promise_is_kept_on_what_was_judged(judged: list[Judgement], accepted: float) -> None:
    """With one more of each, as the method asks for."""
    found = find_threshold(judged, accepted)
    if found.value < NEVER:
        known, wrong = at_or_above(judged, found.value)
        assert (wrong + 1) / (known + 1) <= accepted + 1e-9
        assert found.wrong == pytest.approx(wrong / known)


@given(JUDGED, ACCEPTED)
def test_no_lower_score_keeps_it(judged: list[Judgement], accepted: float) -> None:
    """As much is known as the promise allows."""
    found = find_threshold(judged, accepted)
    for lower in {j.score for j in judged if j.score < found.value}:
        known, wrong = at_or_above(judged, lower)
        assert (wrong + 1) / (known + 1) > accepted - 1e-9


@given(JUDGED, ACCEPTED, ACCEPTED)
def test_accepting_more_errors_never_raises_it(
    judged: list[Judgement], one: float, other: float
) -> None:
    """A looser promise knows as much or more."""
    strict, loose = sorted((one, other))
    assert find_threshold(judged, loose).value <= find_threshold(judged, strict).value


def test_few_judgements_promise_nothing() -> None:
    """Eighteen right ones say too little for one error in twenty; nineteen are enough."""
    right = [Judgement(0.9, right=True)] * 19
    assert find_threshold(right[1:], 0.05).value == NEVER
    assert find_threshold(right, 0.05).value == 0.9


def test_it_says_what_it_rests_on() -> None:
    """How much was judged, and the share of wrong ones among what is known."""
    judged = [Judgement(0.9, right=n > 0) for n in range(50)] + [Judgement(0.1, right=False)] * 50
    found = find_threshold(judged, 0.05)
    assert (found.value, found.judged, found.wrong) == (0.9, 100, 0.02)


@pytest.mark.parametrize("odd", [float("nan"), -0.1, 1.1])
def test_a_score_that_is_none_is_refused(odd: float) -> None:
    """NaN and numbers outside [0, 1] are an error, not a threshold."""
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        find_threshold([Judgement(odd, right=True)], 0.05)
