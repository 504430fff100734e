"""What people think of one reply, and what follows from it for what is known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Ruling = Literal["approved", "rejected"]


@dataclass(frozen=True, slots=True)
class PersonScore:
    """One person's latest score, from -1 to 1."""

    person: str
    score: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction that counts, with its author's verdict (1) and what others think of it.

    ``decided``: somebody with authority has approved it.
    """

    id: int
    person: str
    text: str
    verdicts: tuple[PersonScore, ...]
    decided: bool = False


@dataclass(frozen=True, slots=True)
class ReplyFeedback:
    """Everything that was said about one reply.

    ``place``: how many questions were asked in its conversation before it. ``verdicts`` are those
    on the reply and on replies that quote it. ``ruling``: what somebody with authority decided
    about the reply itself, None if nobody has; ``since``: the verdicts given afterwards.
    ``copies_known_pair``: the words are those of a pair that was known; ``taught``: one that was
    taught; ``answers_other_question``: one with another question, which verdicts here say nothing
    about. ``quote_depth``: how many answers to this question it goes back to, each a quote of one.
    """

    reply_id: int
    domain: str
    question: str
    place: int
    answer: str
    status: str
    verdicts: tuple[PersonScore, ...]
    corrections: tuple[Proposal, ...]
    ruling: Ruling | None
    since: tuple[PersonScore, ...] = ()
    copies_known_pair: bool = False
    taught: bool = False
    answers_other_question: bool = False
    quote_depth: int = 0


@dataclass(frozen=True, slots=True)
class ApprovedAnswer:
    """The right answer to the question of a reply. ``key``: the question's normal form."""

    key: str
    answer: str
    score: float
    support: float
    person: str | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reply teaches (None: nothing), and whether somebody should look at it.

    ``contested``: corrections that must wait for a decision, since people disagree about them.
    """

    approved: ApprovedAnswer | None
    disputed: bool
    contested: tuple[int, ...] = ()


# The rules are the application's; storage applies them in the transaction that changed an opinion.
Judge = Callable[[ReplyFeedback], Judgement]
