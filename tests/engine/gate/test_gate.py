"""Promoted, rejected or inconclusive."""

import json
from math import inf, log, nan, pi

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.gate.gate import (
    Budget,
    Evidence,
    Question,
    group_gains,
    judge,
    least_groups,
    outweighing,
)
from engine.gate.golden import GoldenResult
from engine.gate.reasons import ENGLISH, Reason

# mostly gains, so that some are promoted
GAINS = st.lists(st.floats(-0.2, 5), min_size=1, max_size=14)
FIRST = Budget()


def asked(gains: list[float]) -> list[Question]:
    return [Question(f"q{n}", 2.0, 2.0 - gain) for n, gain in enumerate(gains)]


CLEAR = asked([0.5, 0.6, 0.4, 0.7, 0.5] * 4)


def keys(evidence: Evidence, budget: Budget = FIRST) -> tuple[str, list[str], bool]:
    verdict = judge(evidence, budget)
    return verdict.outcome, [reason.key for reason in verdict.reasons], verdict.tested


def test_a_clear_gain_is_promoted() -> None:
    """Twenty questions, all better: promoted, and alpha is spent."""
    assert keys(Evidence(CLEAR)) == ("promoted", ["better"], True)


def test_clearly_worse_is_rejected() -> None:
    """Twenty questions, all worse: rejected, not merely inconclusive."""
    assert keys(Evidence(asked([-0.5, -0.4] * 10))) == ("rejected", ["worse"], True)


def test_no_difference_is_inconclusive() -> None:
    """As many up as down: neither verdict can be given."""
    assert keys(Evidence(asked([0.5, -0.5] * 10))) == ("inconclusive", ["unclear"], True)
    assert keys(Evidence(asked([0.0] * 20))) == ("inconclusive", ["unclear"], True)


def test_too_few_questions_spend_nothing() -> None:
    """Nine questions are too few in the first round; the budget stays as it was."""
    verdict = judge(Evidence(CLEAR[:9]), FIRST)
    assert (verdict.outcome, verdict.tested) == ("inconclusive", False)
    assert verdict.reasons == (Reason("too_few", {"groups": 9, "needed": 10}),)
    assert keys(Evidence([])) == ("inconclusive", ["too_few"], False)


def test_paraphrases_count_once() -> None:
    """Thirty phrasings of three facts are three questions."""
    questions = [Question(f"fact {n % 3}", 2.0, 1.0) for n in range(30)]
    assert judge(Evidence(questions), FIRST).reasons[0].values["groups"] == 3


def test_one_much_worse_question_withholds_promotion() -> None:
    """Nineteen gain, one loses a quarter of what they gain: significant, yet not promoted."""
    gains = [0.5] * 19 + [-2.4]
    verdict = judge(Evidence(asked(gains)), FIRST)
    assert (verdict.outcome, verdict.reasons[0].key) == ("inconclusive", "tail")
    assert verdict.reasons[0].values["group"] == "q19"
    assert keys(Evidence(asked([0.5] * 19 + [-0.1])))[0] == "promoted"


@pytest.mark.parametrize(
    ("veto", "key"),
    [
        ({"golden": [GoldenResult("세율?", live=True, candidate=False)]}, "golden"),
        ({"kl": 0.31, "kl_cap": 0.3}, "drift"),
    ],
)
def test_each_veto_outweighs_any_gain(veto: dict, key: str) -> None:
    """A lost golden question or drift: rejected, and no alpha is spent."""
    assert keys(Evidence(CLEAR, **veto)) == ("rejected", [key], False)


def test_all_vetoes_are_told() -> None:
    """Who asks why gets every reason."""
    evidence = Evidence(
        CLEAR,
        golden=[
            GoldenResult("a", live=True, candidate=False),
            GoldenResult("b", live=True, candidate=False),
        ],
        kl=1.0,
        kl_cap=0.5,
    )
    assert keys(evidence) == ("rejected", ["golden", "drift"], False)
    assert "2 golden question(s) turned from right to wrong, first: a" in str(
        judge(evidence, FIRST)
    )


def test_what_is_no_loss_is_no_veto() -> None:
    """Wrong before as after, won, KL at its cap: promoted."""
    evidence = Evidence(
        CLEAR,
        golden=[
            GoldenResult("a", live=False, candidate=False),
            GoldenResult("b", live=False, candidate=True),
        ],
        kl=0.5,
        kl_cap=0.5,
    )
    assert keys(evidence)[0] == "promoted"


@pytest.mark.parametrize(
    "build",
    [
        lambda: Evidence([Question("a", nan, 1.0)]),
        lambda: Evidence([Question("a", 1.0, inf)]),
        lambda: Evidence([], kl=nan),
        lambda: Evidence([], kl_cap=nan),
    ],
)
def test_a_score_that_is_none_is_refused(build: object) -> None:
    """NaN and infinity never reach a comparison."""
    with pytest.raises(ValueError, match="finite"):
        build()  # type: ignore[operator]


@settings(max_examples=50)
@given(GAINS, st.integers(0, 4), st.randoms())
def test_order_does_not_matter(gains: list[float], tested: int, random: object) -> None:
    """The same questions in any order give the same verdict."""
    questions = asked(gains)
    shuffled = list(questions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    budget = Budget(tested)
    assert keys(Evidence(shuffled), budget) == keys(Evidence(questions), budget)


@settings(max_examples=50)
@given(GAINS, st.floats(0, 1))
def test_losing_less_never_costs_a_promotion(gains: list[float], left: float) -> None:
    """What is promoted would be promoted too had its worst question lost less."""
    if judge(Evidence(asked(gains)), FIRST).outcome == "promoted":
        less = [gain * left if gain < 0 and gain == min(gains) else gain for gain in gains]
        assert judge(Evidence(asked(less)), FIRST).outcome == "promoted"


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(-9, 9)), min_size=1))
def test_a_group_gains_what_its_questions_gain_on_average(rows: list[tuple[str, float]]) -> None:
    """One value for each group, the mean of its questions' differences."""
    names, gains = group_gains([Question(group, gain, 0.0) for group, gain in rows])
    for name, gain in zip(names, gains, strict=True):
        own = [value for group, value in rows if group == name]
        assert gain == pytest.approx(sum(own) / len(own))
    assert sorted(names) == sorted({group for group, _ in rows})


@given(st.floats(0.001, 0.5), st.integers(1, 3000))
def test_all_rounds_together_spend_at_most_the_total(total: float, rounds: int) -> None:
    """However many rounds, their alphas add up to less than the total; 1,000 nearly reach it."""
    spent = sum(Budget(tested, total).alpha for tested in range(rounds))
    assert spent < total
    if rounds >= 1000:
        assert spent == pytest.approx(total, rel=1e-3)


def test_the_first_round_gets_the_most() -> None:
    """Three per cent of the five, then a quarter of it, a ninth, …"""
    assert FIRST.alpha == pytest.approx(0.3 / pi**2)
    assert Budget(2).alpha == pytest.approx(FIRST.alpha / 9)


@pytest.mark.parametrize("odd", [(-1, 0.05), (0, 0.0), (0, 1.0), (0, nan)])
def test_an_impossible_budget_is_refused(odd: tuple[int, float]) -> None:
    """Fewer than no tests, or nothing or everything to spend, is an error."""
    with pytest.raises(ValueError, match="to spend"):
        Budget(*odd)


@given(st.floats(1e-6, 0.05), st.integers(1, 500))
def test_the_guard_loosens_with_questions_and_tightens_with_alpha(alpha: float, n: int) -> None:
    """More questions never demand more, a smaller alpha never less; too few demand the infinite."""
    factor = outweighing(n, alpha)
    assert outweighing(n + 1, alpha) <= factor <= outweighing(n, alpha / 2)
    assert (factor == inf) == (n < least_groups(alpha))
    assert factor >= -2 * log(alpha)


def test_every_reason_can_be_said() -> None:
    """The verdicts above use each key of the gate's; each makes an English sentence, and JSON."""
    evidences = [
        Evidence(CLEAR),
        Evidence(CLEAR[:3]),
        Evidence(asked([-0.5] * 12)),
        Evidence(asked([0.5, -0.5] * 10)),
        Evidence(asked([0.5] * 19 + [-2.4])),
        Evidence([], [GoldenResult("a", live=True, candidate=False)], kl=1.0, kl_cap=0.5),
    ]
    reasons = [reason for evidence in evidences for reason in judge(evidence, FIRST).reasons]
    elsewhere = {"canary", "forgotten", "forgotten_meanwhile", "failed"}
    assert {reason.key for reason in reasons} == ENGLISH.keys() - elsewhere
    assert all(str(reason) and "{" not in str(reason) for reason in reasons)
    assert all(json.loads(json.dumps(reason.values)) == reason.values for reason in reasons)
