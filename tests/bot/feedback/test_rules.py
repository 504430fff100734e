"""What people's opinions say about an answer: known, disputed, or nothing."""

from dataclasses import replace

import pytest
from hypothesis import given

from bot.feedback.rules import ApprovalRules
from engine.retrieval.follow_up import stands_alone
from engine.retrieval.questions import question_key
from storage.judgement import PersonScore, Proposal, Rank, ReplyFeedback, Standing
from tests.bot.feedback.verdicts import VERDICTS

RULES = ApprovalRules(question_key, disagreement=1.0, approvals=2)
PLAIN = ReplyFeedback(1, "d", "언제 신고하나요?", 0, "5월입니다.", "done", "asker", (), (), None)


def votes(**scores: float) -> tuple[PersonScore, ...]:
    return tuple(PersonScore(person, s) for person, s in scores.items())


def corrected(text: str, number: int = 1, **scores: float) -> Proposal:
    """``author`` says so."""
    return Proposal(number, "author", text, votes(author=1, **scores))


def answer(opinions: ReplyFeedback) -> str | None:
    approved = RULES(opinions).approved
    return approved.answer if approved else None


def rank(opinions: ReplyFeedback) -> Rank | None:
    approved = RULES(opinions).approved
    return approved.rank if approved else None


@given(VERDICTS)
def test_an_answer_is_the_teams_if_two_approve_and_no_more_object(verdicts):
    """Whoever asked does not count, and one who may teach is not among them."""
    up, down = (sum(sign * v.score > 0 for v in verdicts) for sign in (1, -1))
    known = rank(replace(PLAIN, verdicts=verdicts)) == Rank.TEAM
    assert known == (up >= 2 and down <= up)


def test_one_person_makes_a_suggestion():
    """The asker alone does too, and is not counted among those who approve."""
    assert rank(replace(PLAIN, verdicts=votes(a=1))) == Rank.PERSON
    assert rank(replace(PLAIN, verdicts=votes(asker=1))) == Rank.PERSON
    assert rank(replace(PLAIN, verdicts=votes(asker=1, a=1))) == Rank.PERSON
    assert rank(replace(PLAIN, verdicts=votes(asker=1, a=1, b=1))) == Rank.TEAM


def test_one_who_may_teach_needs_nobody_else():
    """Also where they have asked themselves: a team of one works."""
    teacher = (PersonScore("asker", 1.0, decides=True),)
    assert rank(replace(PLAIN, verdicts=teacher)) == Rank.TEACHER


def test_browsers_without_a_name_are_one_person():
    """A second window is no second person."""
    several = (PersonScore("web:1", 1.0), PersonScore("web:2", 1.0))
    assert rank(replace(PLAIN, verdicts=several)) == Rank.PERSON
    asked = replace(PLAIN, asker="web:1", verdicts=(PersonScore("web:2", 1.0),))
    approved = RULES(asked).approved
    assert approved
    assert approved.people == 0


def test_one_objection_does_not_take_away_what_five_approved():
    """More objections than approvals do."""
    five = votes(a=1, b=1, c=1, d=1, e=1)
    assert rank(replace(PLAIN, verdicts=five + votes(f=-1))) == Rank.TEAM
    assert answer(replace(PLAIN, verdicts=votes(a=1, b=1, c=-1, d=-1, e=-1))) is None


def test_an_objection_of_one_who_may_teach_is_enough():
    """Until another who may teach approves."""
    against = (*votes(a=1, b=1, c=1), PersonScore("t", -1.0, decides=True))
    assert answer(replace(PLAIN, verdicts=against)) is None


def test_a_correction_does_not_outrank_what_more_people_approved():
    """It waits; with as many behind it, it counts."""
    liked = replace(PLAIN, verdicts=votes(a=1, b=1))
    alone = replace(liked, corrections=(corrected("6월"),))
    assert answer(alone) == "5월입니다."
    assert RULES(alone).waiting == (1,)
    second = replace(corrected("6월", c=1), waits=True)
    both = replace(liked, corrections=(second,))
    assert answer(both) == "6월"
    assert RULES(both).counting == (1,)


@pytest.mark.parametrize("standing", [Standing(Rank.SOURCED, 1), Standing(Rank.TEACHER, 1)])
def test_no_number_of_people_outranks_a_source_or_a_teacher(standing: Standing):
    """Their correction waits for a decision."""
    known = replace(PLAIN, copies_known_pair=True, rival=standing)
    many = corrected("6월", a=1, b=1, c=1, d=1)
    assert answer(replace(known, corrections=(many,))) is None
    assert answer(replace(known, corrections=(replace(many, decided=True),))) == "6월"


def test_a_teachers_correction_counts_but_not_against_a_source():
    """That takes a look at both texts."""
    own = PersonScore("t", 1.0, decides=True)
    correction = Proposal(1, "t", "6월", (own,))
    opinions = replace(PLAIN, verdicts=votes(a=1, b=1), corrections=(correction,))
    assert (answer(opinions), rank(opinions)) == ("6월", Rank.TEACHER)
    sourced = replace(opinions, copies_known_pair=True, rival=Standing(Rank.SOURCED, 1))
    assert answer(sourced) is None


def test_who_writes_the_same_words_stands_behind_them():
    """Two corrections with one text are one answer of two people."""
    same = (corrected("6월", 1), Proposal(2, "other", "6월 ", votes(other=1)))
    assert rank(replace(PLAIN, corrections=same)) == Rank.TEAM


def test_a_correction_can_be_voted_down():
    """Then the votes on the answer itself count again."""
    opinions = replace(PLAIN, verdicts=votes(a=1), corrections=(corrected("13월", b=-1),))
    assert RULES(opinions).waiting == (1,)
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
    assert RULES(split).disputed
    assert not RULES(replace(split, ruling="approved")).disputed
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
