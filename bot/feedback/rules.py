"""What people's verdicts and corrections say about an answer. Pure: opinions in, judgement out."""

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

    def judge(opinions: ReplyFeedback) -> Judgement:
        split = spread(opinions.verdicts) > disagreement
        if opinions.ruling is not None:  # decided, until people see it otherwise again
            wanted = 1 if opinions.ruling == "approved" else -1
            disputed = any(v.score * wanted < 0 for v in opinions.since)
        else:
            opposed = any(v.score < 0 for v in opinions.verdicts)
            disputed = split or (opposed and (opinions.taught or opinions.answers_other_question))
        contested = tuple(
            c.id
            for c in opinions.corrections
            if not c.decided and spread(c.verdicts) > disagreement
        )
        if not stands_alone(opinions.question, opinions.place):
            return Judgement(None, disputed, contested)
        standing = [
            c for c in opinions.corrections if c.id not in contested and score(c.verdicts) >= 0
        ]
        found = (
            _corrected(standing, opinions.quote_depth)
            if standing
            else _answered(opinions, split=split)
        )
        if found is None:
            return Judgement(None, disputed, contested)
        answer, support, person, worth = found
        key = key_of(opinions.question)
        return Judgement(ApprovedAnswer(key, answer, worth, support, person), disputed, contested)

    return judge


def _corrected(
    standing: Sequence[Proposal], quote_depth: int
) -> tuple[str, float, str | None, float]:
    """The correction that others think best of; of equals the latest."""
    best = max(standing, key=lambda c: (len(c.verdicts) * score(c.verdicts), c.id))
    return best.text, _CORRECTED + quote_depth + _votes(best.verdicts), best.person, 1.0


def _answered(
    opinions: ReplyFeedback, *, split: bool
) -> tuple[str, float, str | None, float] | None:
    """The bot's own answer: approved by someone and opposed by nobody, or by a ruling.

    A copy of what is known already is no new knowledge: it would outlive its source.
    """
    has_answer = (
        opinions.status == "done" and opinions.answer.strip() and not opinions.copies_known_pair
    )
    if not has_answer or opinions.ruling == "rejected":
        return None
    if opinions.ruling == "approved":
        return opinions.answer, _RULED, None, 1.0
    worth = score(opinions.verdicts)
    if split or worth <= 0 or min(v.score for v in opinions.verdicts) < 0:
        return None
    return opinions.answer, _VOTED + _votes(opinions.verdicts), None, worth


def _votes(verdicts: Sequence[PersonScore]) -> float:
    """From 0 (nobody) towards 1 (many approve)."""
    approve = sum(v.score for v in verdicts)
    return max(0.0, approve) / (1 + max(0.0, approve))
