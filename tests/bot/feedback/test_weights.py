"""What labels weigh together, whatever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.weights import approval, person_weights, score, spread
from storage.judgement import PersonScore
from tests.bot.feedback.verdicts import VERDICTS

COUNTS = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(1, 1000), min_size=1)


@given(VERDICTS)
def test_the_score_lies_between_the_verdicts(verdicts: tuple[PersonScore, ...]):
    """A mean, whatever the weights."""
    scores = [v.score for v in verdicts] or [0.0]
    assert min(scores) - 1e-9 <= score(verdicts, {"a": 0.1, "b": 0.5}) <= max(scores) + 1e-9


@given(VERDICTS, st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(verdicts, random):
    """Nor for how far they disagree."""
    shuffled = list(verdicts)
    random.shuffle(shuffled)
    assert score(shuffled) == pytest.approx(score(verdicts))
    assert spread(shuffled) == spread(verdicts)


@given(COUNTS, st.floats(0.05, 1))
def test_nobody_has_more_than_their_share(counts: dict[str, int], most: float):
    """Or, where there are too few people for that, all have the same."""
    weights = person_weights(counts, most)
    held = {person: weights[person] * n for person, n in counts.items()}
    bound = max(most, 1 / len(counts))
    assert max(held.values()) <= bound * sum(held.values()) * (1 + 1e-9)
    assert all(0 < weight <= 1 for weight in weights.values())


@given(COUNTS)
def test_without_a_cap_everybody_counts_in_full(counts: dict[str, int]):
    """Weights only ever take away."""
    if len(counts) > 1:
        assert set(person_weights(counts, 1.0).values()) == {1.0}


def test_one_busy_person_does_not_decide_the_approval():
    """A hundred thumbs of one count as three tenths of all."""
    verdicts = [("fan", 100, 0), *((person, 0, 5) for person in "abcdef")]
    assert approval(verdicts, 0.3) == pytest.approx(0.3)
    assert approval(verdicts, 1.0) == pytest.approx(100 / 130)
    assert approval([], 0.3) is None
