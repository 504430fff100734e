"""What people's verdicts and corrections say about an answer. Pure: feedback in, judgement out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.feedback.backing import Backing, backing
from bot.feedback.weights import score, spread
from bot.messages import voice_of
from engine.retrieval.follow_up import stands_alone
from storage.judgement import (
    ApprovedAnswer,
    Judgement,
    PersonScore,
    Proposal,
    Rank,
    ReplyFeedback,
    Standing,
)

IsWrong = Callable[[str, str, str], bool]


@dataclass(frozen=True, slots=True)
class ApprovalRules:
    """The rules by which a reply becomes knowledge.

    ``key_of`` gives a question's normal form. Verdicts that lie more than ``disagreement`` apart
    make a reply disputed. ``approvals``: so many different people make an answer the team's.
    ``is_wrong``: an answer to a question of a domain contradicts what a golden question says; only
    a decision lets it count.
    """

    key_of: Callable[[str], str]
    disagreement: float
    approvals: int
    is_wrong: IsWrong = lambda domain, question, answer: False

    def __call__(self, feedback: ReplyFeedback) -> Judgement:
        own = self._answered(feedback)
        standing, waiting, counting = self._sorted(feedback, own)
        approved = self._corrected(feedback, standing) or own
        if not stands_alone(feedback.question, feedback.place):
            approved = None
        return Judgement(approved, self._disputed(feedback), waiting, counting)

    def _disputed(self, feedback: ReplyFeedback) -> bool:
        """Somebody should look: people disagree, or object to what stands for everybody."""
        if feedback.ruling is not None:  # decided, until people see it otherwise again
            wanted = 1 if feedback.ruling == "approved" else -1
            return any(v.score * wanted < 0 for v in feedback.since)
        if spread(feedback.verdicts) > self.disagreement:
            return True
        opposed = any(v.score < 0 for v in feedback.verdicts)
        return opposed and (feedback.taught or feedback.answers_other_question)

    def _answered(self, feedback: ReplyFeedback) -> ApprovedAnswer | None:
        """The bot's own answer: approved by people, and opposed by no majority, or by a ruling.

        A copy of what is known already is no new knowledge: it would outlive its source. Whoever
        asked has not looked it up: their own word counts for the version, not for the truth.
        """
        has_answer = (
            feedback.status == "done" and feedback.answer.strip() and not feedback.copies_known_pair
        )
        if not has_answer or feedback.ruling == "rejected":
            return None
        behind = backing(
            v for v in feedback.verdicts if v.decides or not _same_voice(v.person, feedback.asker)
        )
        if feedback.ruling == "approved":
            return self._approved(feedback, feedback.answer, Rank.TEACHER, behind, None)
        worth = score(feedback.verdicts)
        if worth <= 0 or behind.is_outvoted or self._contradicts(feedback, feedback.answer):
            return None
        return self._approved(
            feedback, feedback.answer, behind.rank(self.approvals), behind, None, worth
        )

    def _contradicts(self, feedback: ReplyFeedback, answer: str) -> bool:
        return self.is_wrong(feedback.domain, feedback.question, answer)

    def _sorted(
        self, feedback: ReplyFeedback, own: ApprovedAnswer | None
    ) -> tuple[Sequence[Proposal], tuple[int, ...], tuple[int, ...]]:
        """(corrections that count, those of them that did and must wait, that waited and count)."""
        rival = _stronger(feedback.rival, Standing(own.rank, own.people) if own else None)
        counting = [c for c in feedback.corrections if c.decided or self._beats(c, feedback, rival)]
        waiting = tuple(c.id for c in feedback.corrections if c not in counting and not c.waits)
        return counting, waiting, tuple(c.id for c in counting if c.waits)

    def _beats(self, correction: Proposal, feedback: ReplyFeedback, rival: Standing | None) -> bool:
        """A higher rank counts; of equals the newer, with at least as many people behind it."""
        behind = _behind(correction, feedback.corrections)
        if behind.is_outvoted or self._contradicts(feedback, correction.text):
            return False
        mine = (behind.rank(self.approvals), behind.people)
        return rival is None or mine >= (rival.rank, rival.people)

    def _corrected(
        self, feedback: ReplyFeedback, standing: Sequence[Proposal]
    ) -> ApprovedAnswer | None:
        """The correction with most behind it; of equals the latest."""
        if not standing:
            return None
        ranked = []
        for correction in standing:
            behind = _behind(correction, feedback.corrections)
            rank = Rank.TEACHER if correction.decided else behind.rank(self.approvals)
            ranked.append((rank, behind.people - behind.against, correction.id, correction, behind))
        rank, _, _, best, behind = max(ranked, key=lambda one: one[:3])
        return self._approved(feedback, best.text, rank, behind, best.person)

    def _approved(
        self,
        feedback: ReplyFeedback,
        answer: str,
        rank: Rank,
        behind: Backing,
        person: str | None,
        worth: float = 1.0,
    ) -> ApprovedAnswer:
        key = self.key_of(feedback.question)
        people = max(0, behind.people - behind.against)
        return ApprovedAnswer(key, answer, worth, rank, people, person)


def _behind(correction: Proposal, all_of_them: Iterable[Proposal]) -> Backing:
    """Who stands behind a correction: whoever wrote the same words does too."""
    said: dict[str, PersonScore] = {}
    for other in all_of_them:
        if other.text.strip() == correction.text.strip():
            said |= {v.person: v for v in other.verdicts if v.person not in said}
    return backing(said.values())


def _same_voice(one: str, other: str) -> bool:
    return voice_of(one) == voice_of(other)


def _stronger(one: Standing | None, other: Standing | None) -> Standing | None:
    both = [standing for standing in (one, other) if standing is not None]
    return max(both, key=lambda standing: (standing.rank, standing.people), default=None)
