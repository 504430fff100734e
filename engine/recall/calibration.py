"""Where 'known' begins: a threshold from scores of questions that were and were not covered."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Threshold:
    """Scores ≥ ``value`` count as known; the rates are of the scores that it was chosen on."""

    value: float
    unknown_as_known: float
    known_as_unknown: float
    n_known: int
    n_unknown: int


# Measured on domains/tax-ko.unseen.jsonl: python -m benchmarks.recall
SHIPPED = Threshold(0.5, 0.1, 0.4, 350, 60)


def calibrate(
    known: Sequence[float],
    unknown: Sequence[float],
    *,
    unknown_weight: float = 2.0,
    at_least: int = 30,
) -> Threshold:
    """The threshold with the least weighted sum of both error rates.

    ``unknown_weight`` says how much worse an unknown question taken as known is than the reverse.
    With fewer than ``at_least`` scores of either sort, SHIPPED is returned. NaN is refused.
    """
    yes, no = np.sort(np.asarray(known, float)), np.sort(np.asarray(unknown, float))
    if np.isnan(yes).any() or np.isnan(no).any():
        raise ValueError("a score is NaN")
    if min(len(yes), len(no)) < at_least:
        return SHIPPED
    candidates = np.unique(np.concatenate([yes, np.nextafter(no, np.inf)]))
    missed = np.searchsorted(yes, candidates, side="left") / len(yes)
    invented = 1.0 - np.searchsorted(no, candidates, side="left") / len(no)
    best = int(np.argmin(missed + unknown_weight * invented))
    return Threshold(
        float(candidates[best]), float(invented[best]), float(missed[best]), len(yes), len(no)
    )
