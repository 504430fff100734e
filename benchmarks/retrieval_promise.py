"""Whether few enough verified answers are wrong, by ten folds of facts; part of
``benchmarks.retrieval``.

Weights and threshold of a fold know nothing of its facts. What is shipped was fitted on all folds.
"""

from collections.abc import Callable

import numpy as np

from benchmarks.retrieval_fit import FOLDS, features, fit, folds_of, is_judged
from benchmarks.retrieval_samples import PACKS, WHOLE, Sample
from engine.retrieval.calibration import Judgement, find_threshold
from engine.retrieval.embedders.base import Vectors

MOST_WRONG = 0.05
Verdicts = list[tuple[Sample, bool]]  # with whether it is answered as verified


def promise(found: list[Sample]) -> dict[str, object]:
    """Shares and counts for the table in docs/learning.md."""
    verdicts = _verdicts(found)
    whole = [(s, v) for s, v in verdicts if PACKS[s.pack][:2] == WHOLE]
    unseen, colloquial = _of(whole, "answered"), _of(whole, "colloquial")
    asked = [*unseen, *_of(whole, "unknown")]
    return {
        "right_first": _share(unseen, lambda s, _: s.right),
        "right_among_three": _share(unseen, lambda s, _: s.among_three),
        "verified": _share(unseen, lambda _, v: v),
        "wrong_of_verified": _share([(s, v) for s, v in asked if v], lambda s, _: not s.right),
        "verified_or_offered_right": _share(unseen, _ends_right),
        "unknown_verified": _share(_of(whole, "unknown"), lambda _, v: v),
        "near_misses_verified": _share(_of(whole, "near miss"), lambda _, v: v),
        "held_out_near_misses_verified": _counts(_of(whole, "held-out near miss"), lambda _, v: v),
        "colloquial_verified": _counts(colloquial, lambda _, v: v),
        "colloquial_verified_wrong": _counts(colloquial, lambda s, v: v and not s.right),
        "colloquial_right_or_offered": _counts(colloquial, _ends_right),
        "colloquial_unknown_verified": _counts(_of(whole, "colloquial unknown"), lambda _, v: v),
        "by_pack": {
            f"{facts} facts in {wordings}": _pack([(s, v) for s, v in verdicts if s.pack == number])
            for number, (facts, wordings, _) in enumerate(PACKS)
        },
    }


def _verdicts(found: list[Sample]) -> Verdicts:
    folds = folds_of(found)
    verdicts: Verdicts = []
    for fold in range(FOLDS):
        others = [s for s, f in zip(found, folds, strict=True) if f != fold]
        weights = fit(others)
        judged = [
            Judgement(score, s.right)
            for s, score in zip(others, _scores(others, weights), strict=True)
            if is_judged(s)
        ]
        threshold = find_threshold(judged, MOST_WRONG).value
        here = [s for s, f in zip(found, folds, strict=True) if f == fold]
        verdicts += [
            (s, not s.vetoed and score >= threshold)
            for s, score in zip(here, _scores(here, weights), strict=True)
        ]
    return verdicts


def _scores(found: list[Sample], weights: Vectors) -> list[float]:
    scores: list[float] = np.minimum(
        0.999, 1.0 / (1.0 + np.exp(-features(found) @ weights))
    ).tolist()
    return scores


def _ends_right(sample: Sample, verified: bool) -> bool:
    """Answered right at once, or the right question is offered."""
    return sample.right if verified else sample.among_three


def _pack(verdicts: Verdicts) -> dict[str, float]:
    answered = _of(verdicts, "answered")
    return {
        "right_at_once": _share(answered, lambda s, v: v and s.right),
        "right_or_offered": _share(answered, _ends_right),
        "wrong_at_once": _share(answered, lambda s, v: v and not s.right),
        "near_misses_verified": _share(_of(verdicts, "near miss"), lambda _, v: v),
    }


def _of(verdicts: Verdicts, sort: str) -> Verdicts:
    return [(s, v) for s, v in verdicts if s.sort == sort]


def _share(verdicts: Verdicts, counts: Callable[[Sample, bool], bool]) -> float:
    return round(float(np.mean([counts(s, v) for s, v in verdicts])), 3) if verdicts else 0.0


def _counts(verdicts: Verdicts, counts: Callable[[Sample, bool], bool]) -> str:
    return f"{sum(counts(s, v) for s, v in verdicts)} of {len(verdicts)}"
