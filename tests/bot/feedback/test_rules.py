"""What people's opinions say about an answer: arithmetic, for any opinions."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.weights import approval, person_weights, score, spread
from engine.retrieval.follow_up import stands_alone
from storage.judgement import PersonScore, Proposal, ReplyFeedback
from tests.bot.conftest import JUDGE

SCORES = st.floats(-1, 1, allow_nan=False)
VERDICTS = st.dictionaries(st.sampled_from("abcdef"), SCORES).map(
    lambda found: tuple(PersonScore(person, s) for person, s in found.items())
)
COUNTS = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(1, 1000), min_size=1)
PLAIN = ReplyFeedback(1, "d", "언제 신고하나요?", 0, "5월입니다.", "done", (), (), None)


def votes(**scores: float) -> tuple[PersonScore, ...]:
    return tuple(PersonScore(person, s) for person, s in scores.items())


def corrected(text: str, number: int = 1, **scores: float) -> Proposal:
    return Proposal(number, "teacher", text, votes(**scores))


def answer(opinions: ReplyFeedback) -> str | None:
    approved = JUDGE(opinions).approved
    return approved.answer if approved else None


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


@given(VERDICTS)
def test_an_answer_is_known_if_someone_approves_and_nobody_objects(verdicts):
    """One against is enough to keep it out."""
    known = answer(replace(PLAIN, verdicts=verdicts)) is not None
    scores = [v.score for v in verdicts]
    assert known == (sum(scores) > 0 and min(scores) >= 0)


def test_a_correction_outranks_votes():
    """However many liked the wrong answer."""
    opinions = replace(PLAIN, verdicts=votes(a=1, b=1, c=1), corrections=(corrected("6월"),))
    assert answer(opinions) == "6월"


def test_a_correction_can_be_voted_down():
    """Then the votes on the answer itself count again."""
    opinions = replace(
        PLAIN, verdicts=votes(a=1), corrections=(corrected("13월", b=-1, c=-1, d=1),)
    )
    assert answer(opinions) == "5월입니다."


def test_of_two_corrections_the_better_liked_counts():
    """And of equals the latest."""
    first, second = corrected("6월", 1), corrected("7월", 2)
    assert answer(replace(PLAIN, corrections=(first, second))) == "7월"
    liked = corrected("6월", 1, a=1)
    assert answer(replace(PLAIN, corrections=(liked, second))) == "6월"


def test_disagreement_asks_for_a_review():
    """Until somebody decides; then it is over."""
    split = replace(PLAIN, verdicts=votes(a=1, b=-1))
    assert JUDGE(split).disputed
    assert not JUDGE(replace(split, ruling="approved")).disputed
    assert answer(replace(split, ruling="approved")) == "5월입니다."
    assert answer(replace(split, ruling="rejected")) is None


def test_an_abstention_teaches_nothing():
    """A thumb for "I do not know" is not an answer."""
    assert answer(replace(PLAIN, status="abstained", verdicts=votes(a=1))) is None


def test_a_question_that_needs_its_conversation_teaches_nothing():
    """It would be recalled where it means something else."""
    follow_up = replace(PLAIN, question="그럼 법인은?", place=1, corrections=(corrected("3월"),))
    assert answer(follow_up) is None
    assert stands_alone("그럼 법인은?", place=0)
    assert stands_alone("법인세는 언제까지 신고하나요?", place=3)
