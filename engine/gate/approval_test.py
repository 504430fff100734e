"""After promotion: is the new version's approval credibly worse than the old one's?

May be asked after every vote, for ever: the chance of ever calling a version worse that is not
stays within ``alpha``. Half of it goes to a lower bound of the old version's rate, fixed when it
was replaced; half to a test of the new one against that bound, valid at any time.
"""

from dataclasses import dataclass
from math import exp, lgamma

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# The declines that are looked for, as shares of the old rate, equally likely on a log scale.
_DECLINES = np.geomspace(0.05, 0.6, 40)


@dataclass(frozen=True, slots=True)
class Votes:
    """Replies that were approved, of those that were voted on."""

    approved: int
    total: int

    def __post_init__(self) -> None:
        if not 0 <= self.approved <= self.total:
            raise ValueError(f"{self.approved} approvals of {self.total} votes")


@dataclass(frozen=True, slots=True)
class Watch:
    """``worse``: roll back. ``evidence`` (odds) has reached ``needed``; ``floor`` is the rate that
    the old version surely had."""

    worse: bool
    evidence: float
    needed: float
    floor: float


def compare_approval(old: Votes, new: Votes, alpha: float = 0.05) -> Watch:
    """Compare the votes on the new version so far with all on the old one before it.

    Assumes that replies are judged independently: one vote a reply. Raises ValueError unless
    0 < alpha < 1.
    """
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha is {alpha}, but must lie between 0 and 1")
    floor = lower_bound(old.approved, old.total, alpha / 2)
    needed = 2.0 / alpha
    odds = log_evidence(np.array([new.approved]), np.array([new.total]), floor)[0]
    evidence = float(np.exp(min(odds, 700.0)))
    return Watch(evidence >= needed, evidence, needed, floor)


def log_evidence(approved: npt.ArrayLike, total: npt.ArrayLike, floor: float) -> Floats:
    """Log odds, shape of the counts (n,), of a rate below ``floor`` against one not below it.

    A mixture of likelihood ratios (Johari, Pekelis & Walsh 2015, 'Always valid inference',
    section 3; Robbins 1970). For each decline the ratio's expectation is ≤ 1 at any rate ≥ floor,
    so the mixture is a supermartingale, and by Ville's inequality it ever reaches 1/a with
    chance ≤ a (Howard et al. 2021, 'Time-uniform confidence sequences', section 2).
    """
    good = np.asarray(approved, float)
    bad = np.asarray(total, float) - good
    if floor <= 0.0:  # nothing is below
        return np.full(good.shape, -np.inf)
    rates = floor * (1.0 - _DECLINES)
    each = np.outer(good, np.log(rates / floor))
    each += np.outer(bad, np.log((1.0 - rates) / (1.0 - floor)))
    most = each.max(axis=1)
    odds: Floats = most + np.log(np.exp(each - most[:, None]).mean(axis=1))
    return odds


def lower_bound(approved: int, total: int, alpha: float) -> float:
    """The rate at which ``approved`` or more of ``total`` have chance ``alpha``; 0 for none.

    Clopper & Pearson (1934), one-sided: above the true rate with chance ≤ ``alpha``, exactly.
    """
    low, high = 0.0, approved / total if approved else 0.0
    for _ in range(50):
        middle = (low + high) / 2
        if _at_least(approved, total, middle) > alpha:
            high = middle
        else:
            low = middle
    return low


def _at_least(approved: int, total: int, rate: float) -> float:
    """The binomial chance of ``approved`` or more."""
    if rate <= 0.0:
        return float(approved == 0)
    log_good, log_bad = float(np.log(rate)), float(np.log1p(-rate)) if rate < 1.0 else -np.inf
    return sum(
        exp(
            lgamma(total + 1)
            - lgamma(k + 1)
            - lgamma(total - k + 1)
            + k * log_good
            + ((total - k) * log_bad if k < total else 0.0)
        )
        for k in range(approved, total + 1)
    )
