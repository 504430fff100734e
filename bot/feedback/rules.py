"""What people's verdicts and corrections say about an answer. Pure: feedback in, judgement out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
        behind = _backings(feedback.corrections)
        standing, waiting, counting = self._sorted(feedback, own, behind)
        approved = self._corrected(feedback, standing, behind) or own
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
        liked = any(v.score > 0 for v in feedback.verdicts)
        if not liked or behind.is_outvoted or self._contradicts(feedback, feedback.answer):
            return None
        judged_by = behind.people + behind.against
        worth = behind.people / judged_by if judged_by else score(feedback.verdicts)
        return self._approved(
            feedback, feedback.answer, behind.rank(self.approvals), behind, None, worth
        )

    def _contradicts(self, feedback: ReplyFeedback, answer: str) -> bool:
        return self.is_wrong(feedback.domain, feedback.question, answer)

    def _sorted(
        self,
        feedback: ReplyFeedback,
        own: ApprovedAnswer | None,
        behind: Mapping[str, Backing],
    ) -> tuple[Sequence[Proposal], tuple[int, ...], tuple[int, ...]]:
        """(corrections that count, those of them that did and must wait, that waited and count)."""
        rival = _stronger(feedback.rival, Standing(own.rank, own.people) if own else None)
        counting = [
            c
            for c in feedback.corrections
            if c.decided or self._beats(c, behind[_words(c)], feedback, rival)
        ]
        counted = {c.id for c in counting}
        waiting = tuple(c.id for c in feedback.corrections if c.id not in counted and not c.waits)
        return counting, waiting, tuple(c.id for c in counting if c.waits)

    def _beats(
        self,
        correction: Proposal,
        behind: Backing,
        feedback: ReplyFeedback,
        rival: Standing | None,
    ) -> bool:
        """A higher rank counts; of equals the newer, with at least as many people behind it."""
        if behind.is_outvoted or self._contradicts(feedback, correction.text):
            return False
        rank = behind.rank(self.approvals)
        if rival is None or rank != rival.rank or rank >= Rank.TEACHER:
            return rival is None or rank >= rival.rank
        return behind.people >= rival.people

    def _corrected(
        self, feedback: ReplyFeedback, standing: Sequence[Proposal], behind: Mapping[str, Backing]
    ) -> ApprovedAnswer | None:
        """The correction with most behind it; of equals the latest."""

        def strength(correction: Proposal) -> tuple[Rank, int, int]:
            own = behind[_words(correction)]
            return self._rank(correction, own), own.people - own.against, correction.id

        if not standing:
            return None
        best = max(standing, key=strength)
        own = behind[_words(best)]
        return self._approved(feedback, best.text, self._rank(best, own), own, best.person)

    def _rank(self, correction: Proposal, behind: Backing) -> Rank:
        return Rank.TEACHER if correction.decided else behind.rank(self.approvals)

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
        people = 1 if rank >= Rank.TEACHER else behind.people  # of teachers the last word counts
        return ApprovedAnswer(key, answer, worth, rank, people, person)


def _backings(corrections: Iterable[Proposal]) -> Mapping[str, Backing]:
    """Who stands behind each text: whoever wrote the same words does too."""
    said: dict[str, dict[str, PersonScore]] = {}
    for correction in corrections:
        verdicts = said.setdefault(_words(correction), {})
        for verdict in correction.verdicts:
            verdicts.setdefault(verdict.person, verdict)
    return {words: backing(verdicts.values()) for words, verdicts in said.items()}


def _words(correction: Proposal) -> str:
    return correction.text.strip()


def _same_voice(one: str, other: str) -> bool:
    return voice_of(one) == voice_of(other)


def _stronger(one: Standing | None, other: Standing | None) -> Standing | None:
    both = [standing for standing in (one, other) if standing is not None]
    return max(both, key=lambda standing: (standing.rank, standing.people), default=None)
