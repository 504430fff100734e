"""What people's opinions say about an answer: known, disputed, or nothing."""

from dataclasses import replace

from hypothesis import given

from engine.retrieval.follow_up import stands_alone
from storage.judgement import PersonScore, Proposal, ReplyFeedback
from tests.bot.conftest import JUDGE
from tests.bot.feedback.verdicts import VERDICTS

PLAIN = ReplyFeedback(1, "d", "언제 신고하나요?", 0, "5월입니다.", "done", (), (), None)


def votes(**scores: float) -> tuple[PersonScore, ...]:
    return tuple(PersonScore(person, s) for person, s in scores.items())


def corrected(text: str, number: int = 1, **scores: float) -> Proposal:
    return Proposal(number, "teacher", text, votes(**scores))


def answer(opinions: ReplyFeedback) -> str | None:
    approved = JUDGE(opinions).approved
    return approved.answer if approved else None


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
