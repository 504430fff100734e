"""How many different people stand behind an answer, and how many object. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.messages import voice_of
from storage.judgement import PersonScore, Rank


@dataclass(frozen=True, slots=True)
class Backing:
    """``people``, ``against``: how many different ones; ``decides``: somebody who may teach is for
    it; ``vetoed``: one is against it, and none for it."""

    people: int = 0
    against: int = 0
    decides: bool = False
    vetoed: bool = False

    def rank(self, approvals: int) -> Rank:
        """``approvals``: so many people make it the team's."""
        if self.decides:
            return Rank.TEACHER
        return Rank.TEAM if self.people >= approvals else Rank.PERSON

    @property
    def is_outvoted(self) -> bool:
        """Most are against it; of what only one person is for, as many."""
        if self.decides or self.vetoed:
            return self.vetoed
        return self.against > self.people or (self.people == self.against == 1)


def backing(verdicts: Iterable[PersonScore]) -> Backing:
    """What these people's latest verdicts amount to. A voice of several who disagree is for it
    and against it."""
    given = list(verdicts)
    in_favour = {voice_of(v.person) for v in given if v.score > 0}
    against = {voice_of(v.person) for v in given if v.score < 0}
    decides = any(v.decides and v.score > 0 for v in given)
    vetoed = not decides and any(v.decides and v.score < 0 for v in given)
    return Backing(len(in_favour), len(against), decides, vetoed)
