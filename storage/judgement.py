"""What people think of one reply, and what follows from it for what is known."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, Protocol

Ruling = Literal["approved", "rejected"]


class Rank(IntEnum):
    """Who stands behind a pair. A lower rank never replaces a higher one.

    What one person says is shown as theirs, and never as known.
    """

    PERSON = 1
    TEAM = 2
    TEACHER = 3
    SOURCED = 4


@dataclass(frozen=True, slots=True)
class PersonScore:
    """One person's latest score, from -1 to 1. ``decides``: they may teach."""

    person: str
    score: float
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction that counts, with its author's verdict (1) and what others think of it.

    ``decided``: somebody with authority has approved it. ``waits``: it does not count, for too few
    stand behind it.
    """

    id: int
    person: str
    text: str
    verdicts: tuple[PersonScore, ...]
    decided: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What answers a question by now: its rank, and how many people stand behind it."""

    rank: Rank
    people: float


@dataclass(frozen=True, slots=True)
class ReplyFeedback:
    """Everything that was said about one reply.

    ``place``: how many questions were asked in its conversation before it. ``verdicts`` are those
    on the reply and on replies that quote it. ``ruling``: what somebody with authority decided
    about the reply itself, None if nobody has; ``since``: the verdicts given afterwards.
    ``copies_known_pair``: the words are those of a pair that was known; ``taught``: one that was
    taught; ``answers_other_question``: one with another question, which verdicts here say nothing
    about. ``rival``: the best of what answers the question otherwise, the copied pair included.
    """

    reply_id: int
    domain: str
    question: str
    place: int
    answer: str
    status: str
    asker: str
    verdicts: tuple[PersonScore, ...]
    corrections: tuple[Proposal, ...]
    ruling: Ruling | None
    since: tuple[PersonScore, ...] = ()
    copies_known_pair: bool = False
    taught: bool = False
    answers_other_question: bool = False
    rival: Standing | None = None


@dataclass(frozen=True, slots=True)
class ApprovedAnswer:
    """The right answer to the question of a reply. ``key``: the question's normal form;
    ``people``: how many stand behind it; ``person``: whose words it is."""

    key: str
    answer: str
    score: float
    rank: Rank
    people: float
    person: str | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reply teaches (None: nothing), and whether somebody should look at it.

    ``waiting``: corrections that counted and must wait for more people or a decision;
    ``counting``: those that waited and count from now on.
    """

    approved: ApprovedAnswer | None
    disputed: bool
    waiting: tuple[int, ...] = ()
    counting: tuple[int, ...] = ()


class Judge(Protocol):
    """The application's rules; storage applies them in the transaction that changed an opinion."""

    def key_of(self, question: str) -> str:
        """A question's normal form."""

    def __call__(self, feedback: ReplyFeedback) -> Judgement: ...
