"""Where "known" begins: the lowest score from which few enough answers are wrong. Pure.

Conformal risk control (Angelopoulos et al., 2024, arXiv 2208.02814, section 2): the threshold is
the lowest at which (wrong + 1) / (known + 1) of what was judged stays within what a team accepts.
The two ones are the price of having judged only so many: with few judgements hardly anything is
known, with more of them as much as the promise allows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NEVER = 1.0  # only the same words reach this score


@dataclass(frozen=True, slots=True)
class Judgement:
    """A score with which a pair was nearest to a question, and whether it answered it; ``weight``
    in [0, 1] says for how much it counts."""

    score: float
    right: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Threshold:
    """Scores ≥ ``value`` count as known. ``judged``: what it rests on, in whole judgements;
    ``wrong``: share of wrong ones among those at or above it, None where there are none."""

    value: float
    judged: float
    wrong: float | None


def find_threshold(judged: Sequence[Judgement], most_wrong: float) -> Threshold:
    """The lowest threshold that keeps the promise: at most ``most_wrong`` in [0, 1] wrong.

    NEVER where none does. Raises ValueError on a score outside [0, 1].
    """
    scores = np.array([j.score for j in judged], dtype=float)
    if not ((scores >= 0.0) & (scores <= 1.0)).all():
        raise ValueError("a score is not in [0, 1]")
    weights = np.array([j.weight for j in judged], dtype=float)
    total = float(weights.sum())
    wrong = weights * np.array([not j.right for j in judged], dtype=float)
    order = np.argsort(-scores, kind="stable")
    known, bad = np.cumsum(weights[order]), np.cumsum(wrong[order])
    descending = scores[order]
    kept = np.flatnonzero(
        # Equal scores are known together.
        np.append(descending[1:] < descending[:-1], True)[: len(descending)]
        & ((bad + 1.0) / (known + 1.0) <= most_wrong)
    )
    if not len(kept):
        return Threshold(NEVER, total, None)
    last = kept[-1]
    return Threshold(float(descending[last]), total, float(bad[last] / known[last]))
