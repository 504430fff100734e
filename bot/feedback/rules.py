"""What people's verdicts and corrections say about an answer. Pure: feedback in, judgement out."""

from collections.abc import Callable, Sequence

from bot.feedback.weights import score, spread
from engine.retrieval.follow_up import stands_alone
from storage.judgement import ApprovedAnswer, Judge, Judgement, PersonScore, Proposal, ReplyFeedback

# How well a pair is supported, by where it comes from; within each, votes decide. Taught: 2 to 3.
# A correction of an answer that was quoted stands one above what it corrects, a correction of that
# one more: who objects to the newer one brings back the older.
_VOTED, _RULED, _CORRECTED = 1.0, 3.5, 4.0


def approval_rules(key_of: Callable[[str], str], disagreement: float) -> Judge:
    """The rules by which a reply becomes knowledge.

    ``key_of`` gives a question's normal form. Verdicts that lie more than ``disagreement`` apart
    make the reply, or its correction, disputed.
    """

    def judge(feedback: ReplyFeedback) -> Judgement:
        split = spread(feedback.verdicts) > disagreement
        if feedback.ruling is not None:  # decided, until people see it otherwise again
            wanted = 1 if feedback.ruling == "approved" else -1
            disputed = any(v.score * wanted < 0 for v in feedback.since)
        else:
            opposed = any(v.score < 0 for v in feedback.verdicts)
            disputed = split or (opposed and (feedback.taught or feedback.answers_other_question))
        contested = tuple(
            c.id
            for c in feedback.corrections
            if not c.decided and spread(c.verdicts) > disagreement
        )
        if not stands_alone(feedback.question, feedback.place):
            return Judgement(None, disputed, contested)
        standing = [
            c for c in feedback.corrections if c.id not in contested and score(c.verdicts) >= 0
        ]
        found = (
            _corrected(standing, feedback.quote_depth)
            if standing
            else _answered(feedback, split=split)
        )
        if found is None:
            return Judgement(None, disputed, contested)
        answer, support, person, worth = found
        key = key_of(feedback.question)
        return Judgement(ApprovedAnswer(key, answer, worth, support, person), disputed, contested)

    return judge


def _corrected(
    standing: Sequence[Proposal], quote_depth: int
) -> tuple[str, float, str | None, float]:
    """The correction that others think best of; of equals the latest."""
    best = max(standing, key=lambda c: (len(c.verdicts) * score(c.verdicts), c.id))
    return best.text, _CORRECTED + quote_depth + _votes(best.verdicts), best.person, 1.0


def _answered(
    feedback: ReplyFeedback, *, split: bool
) -> tuple[str, float, str | None, float] | None:
    """The bot's own answer: approved by someone and opposed by nobody, or by a ruling.

    A copy of what is known already is no new knowledge: it would outlive its source.
    """
    has_answer = (
        feedback.status == "done" and feedback.answer.strip() and not feedback.copies_known_pair
    )
    if not has_answer or feedback.ruling == "rejected":
        return None
    if feedback.ruling == "approved":
        return feedback.answer, _RULED, None, 1.0
    worth = score(feedback.verdicts)
    if split or worth <= 0 or min(v.score for v in feedback.verdicts) < 0:
        return None
    return feedback.answer, _VOTED + _votes(feedback.verdicts), None, worth


def _votes(verdicts: Sequence[PersonScore]) -> float:
    """From 0 (nobody) towards 1 (many approve)."""
    approve = sum(v.score for v in verdicts)
    return max(0.0, approve) / (1 + max(0.0, approve))
