"""What people think of one reply, and what follows from it for what is known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Ruling = Literal["approved", "rejected"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One person's latest score, from -1 to 1."""

    person: str
    score: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction that counts, with what others think of it."""

    id: int
    person: str
    text: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Opinions:
    """Everything that was said about one reply.

    ``place``: how many questions were asked in its conversation before it. ``ruling``: what
    somebody with authority decided about the reply itself, None if nobody has.
    """

    reply_id: int
    domain: str
    question: str
    place: int
    answer: str
    status: str
    verdicts: tuple[Verdict, ...]
    corrections: tuple[Proposal, ...]
    ruling: Ruling | None


@dataclass(frozen=True, slots=True)
class Approved:
    """The right answer to the question of a reply. ``key``: the question's normal form."""

    key: str
    answer: str
    score: float
    support: float
    person: str | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reply teaches (None: nothing), and whether somebody should look at it."""

    approved: Approved | None
    disputed: bool


# The rules are the application's; storage applies them in the transaction that changed an opinion.
Judge = Callable[[Opinions], Judgement]
