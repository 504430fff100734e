"""Is the candidate better than what is live? Scores in, verdict with reasons out; pure.

Vetoes first: a golden question lost, too far from the base, another domain hurt. Then the mean
gain on held-out questions is tested, one value for each group of questions about the same thing,
since their errors go together (Miller 2024, 'Adding error bars to evals', section 2.2).

A sign-flip test alone takes 'most gain a little, few lose much' for a gain: 17 % false promotions
of 20 questions instead of 5. So the gain must also outweigh the worst loss, see outweighing().
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import floor, inf, isfinite, log, pi
from typing import Literal

import numpy as np

from engine.gate.golden import GoldenResult
from engine.gate.permutation_test import Floats, sign_flip
from engine.gate.reasons import Reason

# −ln 0.6915: at most that share gains although nothing is gained on the whole, in the most skewed
# family simulated (lognormal losses, σ = 1: Φ(½)).
_GAINERS = 0.3689
_WORSE = 0.05  # chance of rejecting as worse what is not; nothing goes live, so none is spent


@dataclass(frozen=True, slots=True)
class Question:
    """A held-out question's negative log likelihoods of the right answer, nats per token."""

    group: str  # what it is about; paraphrases share it
    live: float
    candidate: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a candidate; ``kl`` to the base in nats per token."""

    questions: Sequence[Question]
    golden: Sequence[GoldenResult] = ()
    kl: float = 0.0
    kl_cap: float = inf

    def __post_init__(self) -> None:
        """Raises ValueError on a score that is not a finite number."""
        scores = [self.kl, *chain(*((s.live, s.candidate) for s in self.questions))]
        if not all(map(isfinite, scores)) or self.kl_cap != self.kl_cap:
            raise ValueError("a score is not a finite number")


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be risked in this round: ``total`` over all rounds, however many there will be.

    The k-th test gets total · 6 / (π² k²): these add up to ``total`` (Basel series), so by the
    union bound a false promotion ever has at most that chance, whatever hangs together between
    rounds. ``tested`` counts earlier verdicts with ``tested`` set. Counted over the domain's life
    that holds for ever; counted anew after each promotion it holds for each live version, which
    is recommended: else the fiftieth round could hardly promote anything.
    """

    tested: int = 0
    total: float = 0.05

    def __post_init__(self) -> None:
        if self.tested < 0 or not 0.0 < self.total < 1.0:
            raise ValueError(f"{self.tested} tests made, {self.total} to spend")

    @property
    def alpha(self) -> float:
        """The chance of a false promotion that this round may take."""
        return self.total * 6.0 / (pi * (self.tested + 1)) ** 2


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """``rejected``: evidence against; ``inconclusive``: too little for; ``tested``: alpha spent."""

    outcome: Literal["promoted", "rejected", "inconclusive"]
    reasons: tuple[Reason, ...]
    tested: bool = False

    def __str__(self) -> str:
        return f"{self.outcome}: {'; '.join(map(str, self.reasons))}"


def judge(evidence: Evidence, budget: Budget) -> GateVerdict:
    """The verdict. The same evidence and budget always give the same."""
    if vetoes := _vetoes(evidence):
        return GateVerdict("rejected", vetoes)
    names, gains = group_gains(evidence.questions)
    n, alpha = len(gains), budget.alpha
    needed = least_groups(alpha)
    if n < needed:
        return GateVerdict("inconclusive", (Reason("too_few", {"groups": n, "needed": needed}),))
    p, p_worse = sign_flip(gains, alpha)
    gain = float(gains.mean())
    if p_worse <= _WORSE:
        reason = Reason("worse", {"groups": n, "loss": -gain, "p": p_worse})
        return GateVerdict("rejected", (reason,), tested=True)
    figures = {"groups": n, "gain": gain, "p": p, "alpha": alpha}
    if p > alpha:
        return GateVerdict("inconclusive", (Reason("unclear", figures),), tested=True)
    worst = int(gains.argmin())
    loss = max(0.0, -float(gains[worst]))
    others, factor = float(gains.sum()) + loss, outweighing(n, alpha)
    if others <= factor * loss:
        tail = {"group": names[worst], "loss": loss, "ratio": others / loss, "needed": factor}
        return GateVerdict("inconclusive", (Reason("tail", tail),), tested=True)
    return GateVerdict("promoted", (Reason("better", figures),), tested=True)


def group_gains(questions: Sequence[Question]) -> tuple[list[str], Floats]:
    """Names (n) of the groups as they first come, and the mean gain of each, (n,), nats/token."""
    gains: dict[str, list[float]] = {}
    for question in questions:
        gains.setdefault(question.group, []).append(question.live - question.candidate)
    return list(gains), np.array([sum(values) / len(values) for values in gains.values()])


def least_groups(alpha: float) -> int:
    """How many groups must be held out to judge at ``alpha``: 10 at 0.03, 19 at 0.001.

    With fewer, all of them gaining is likelier than ``alpha`` for a candidate that is no better.
    """
    return floor(-log(alpha) / _GAINERS) + 1


def outweighing(groups: int, alpha: float) -> float:
    """How many times the worst group's loss the others' gains together must be; ≥ 0, or inf.

    2x / (1 − x / (0.3689 n)) with x = ln(1/alpha): fitted to simulations so that for each of five
    skewed families with mean zero (exponential, gamma ½, lognormal losses with σ = ½, ¾ and 1;
    skewness to −6), n ≥ 10 and alpha ≤ 0.03 about ``alpha`` at most pass (docs/lab-notes.md). No
    test does so for every distribution (Bahadur & Savage 1956): losses too rare to be in the
    sample cannot be seen in it.
    """
    x = -log(alpha)
    room = 1.0 - x / (_GAINERS * groups)
    return 2.0 * x / room if room > 0.0 else inf


def _vetoes(evidence: Evidence) -> tuple[Reason, ...]:
    """Every reason that no gain can make up for."""
    reasons = []
    if lost := [outcome.question for outcome in evidence.golden if outcome.turned_wrong]:
        reasons.append(Reason("golden", {"lost": len(lost), "first": lost[0]}))
    if evidence.kl > evidence.kl_cap:
        reasons.append(Reason("drift", {"kl": evidence.kl, "cap": evidence.kl_cap}))
    return tuple(reasons)
