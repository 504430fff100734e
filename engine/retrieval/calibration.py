"""Where 'known' begins: a threshold from scores of questions that were and were not covered.

Good evidence is what people asked, in their own words: the best score of a question whose recalled
answer was approved (known), and of one whose answer was corrected (unknown, as it was when asked).
Stored questions compared with each other are not: the questions of one pack are worded alike, and
nine of ten would pass for known (docs/lab-notes.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_PRIOR = 30  # scores of each sort that weigh as much as the shipped threshold
_LEAST = 10  # scores of each sort below which nothing is concluded
_LOWEST, _HIGHEST = 0.2, 0.9  # however odd the evidence: never everything known, never nothing


@dataclass(frozen=True, slots=True)
class Threshold:
    """Scores ≥ ``value`` count as known; the rates are of the scores that it was measured on."""

    value: float
    unknown_as_known: float
    known_as_unknown: float
    n_known: int
    n_unknown: int


# Measured by python -m benchmarks.retrieval with domains/tax-ko.unseen.jsonl. Known are the
# questions whose own pair came first. Of the wrong pairs that come first 19 % pass, instead of
# 32 % at 0.6: what is known is answered in the pair's words, so these harm most.
SHIPPED = Threshold(0.7, 0.117, 0.438, 160, 60)


def calibrate(
    known: Sequence[float], unknown: Sequence[float], *, unknown_weight: float = 2.0
) -> Threshold:
    """The threshold with the least error, drawn towards SHIPPED while there is little evidence.

    An unknown question taken as known counts ``unknown_weight`` times the reverse. With fewer
    than ten scores of either sort SHIPPED is returned as it is. With n of the rarer sort the
    fitted value weighs n against 30. Raises ValueError on a score outside [0, 1].
    """
    yes, no = np.sort(np.asarray(known, float)), np.sort(np.asarray(unknown, float))
    for scores in (yes, no):
        if not ((scores >= 0.0) & (scores <= 1.0)).all():
            raise ValueError("a score is not in [0, 1]")
    least = min(len(yes), len(no))
    if least < _LEAST:
        return SHIPPED
    candidates = np.concatenate([[0.0], yes, np.nextafter(no, 2.0)])
    missed, invented = _rates(yes, no, candidates)
    cost = missed + unknown_weight * invented
    fitted = candidates[cost <= cost.min() + 1e-12].max()  # of equally good ones the careful one
    drawn = (least * fitted + _PRIOR * SHIPPED.value) / (least + _PRIOR)
    value = float(np.clip(drawn, _LOWEST, _HIGHEST))
    missed, invented = _rates(yes, no, np.array([value]))
    return Threshold(value, float(invented[0]), float(missed[0]), len(yes), len(no))


def _rates(yes: np.ndarray, no: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares of known scores below, and of unknown scores at or above, each threshold."""
    missed = np.searchsorted(yes, at, side="left") / len(yes)
    return missed, 1.0 - np.searchsorted(no, at, side="left") / len(no)
