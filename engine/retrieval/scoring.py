"""From likeness to 'does this pair answer the question?': one number in [0, 1] for a hit.

The constants were fitted on domains/tax-ko.unseen.jsonl against packs of 1 to 329 pairs drawn
from domains/tax-ko.jsonl; `python -m benchmarks.retrieval_fit` prints them anew.
"""

import math
from collections.abc import Sequence

LEXICAL = 0.16  # weight of shared grams beside the cosine, see docs/lab-notes.md
RIVALS = 3  # other facts that a hit is compared with
NO_RIVAL = 0.035  # lead of a hit that has nothing to be compared with
_MOST = math.nextafter(1.0, 0.0)  # 1 is for the very same question
_LIKENESS, _LEAD, _BASE = 39.1, 56.2, -35.9


def likeness(cosine: float, overlap: float) -> float:
    """How near a pair is, about 0.75 to 1.1: it decides the order of hits."""
    return cosine + LEXICAL * overlap


def lead(own: float, rivals: Sequence[float]) -> float:
    """How far a hit's likeness is above the mean of its RIVALS best rivals (other facts)."""
    best = sorted(rivals, reverse=True)[:RIVALS]
    return own - sum(best) / len(best) if best else NO_RIVAL


def coverage(own: float, ahead: float) -> float:
    """Probability-like score in [0, 1] that the hit answers the question.

    Logistic in likeness and lead. The more pairs there are, the nearer is the nearest wrong one,
    and the nearer are its rivals too: the lead makes one threshold fit packs of any size.
    """
    z = _LIKENESS * own + _LEAD * ahead + _BASE
    return min(_MOST, 1.0 / (1.0 + math.exp(-max(-500.0, min(500.0, z)))))
