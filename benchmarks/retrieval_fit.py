"""``python -m benchmarks.retrieval_fit``: fits the verifiers of both embedders anew.

Writes engine/retrieval/verifiers/, some minutes each; ``benchmarks.retrieval`` says how good they
are. Every kind of pack weighs the same.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np

from benchmarks.retrieval_data import ROOT
from benchmarks.retrieval_samples import PACKS, WHOLE, Questions, Sample, samples
from engine.retrieval.choose import choose_embedder
from engine.retrieval.embedders.base import Vectors
from engine.retrieval.verifier import EMBEDDINGGEMMA, NANO_E5, Verifier

CACHE = Path.home() / ".cache" / "reactune"
# Weight of shared words, and the lead of a hit without rivals: docs/lab-notes.md.
LEXICAL = {NANO_E5: 0.16, EMBEDDINGGEMMA: 0.3}
ALONE = {NANO_E5: 0.035, EMBEDDINGGEMMA: 0.2}
FOLDS = 10
_FITTED_ON = ("answered", "absent", "unknown", "near miss")


def main() -> None:
    for kind in sys.argv[1:] or (NANO_E5, EMBEDDINGGEMMA):
        embedder = choose_embedder(kind, CACHE)
        blank = Verifier(
            LEXICAL[kind], 0.0, 0.0, 0.0, 0.0, ALONE[kind], scale=embedder.verifier.scale
        )
        found = samples(Questions(embedder), blank)
        fitted = fit(found)
        print(kind, np.round(fitted, 3))
        write(kind, fitted, found, out_of_fold(found))
        embedder.close()


def fit(found: list[Sample]) -> Vectors:
    """Weights of (likeness, lead, log facts, 1), by weighted logistic regression.

    A lead that would count against a hit counts nothing.
    """
    weights = _fit(found, features(found))
    return weights if weights[1] >= 0 else _fit(found, features(found) * (1, 0, 1, 1))


def _fit(found: list[Sample], x: Vectors) -> Vectors:
    right = np.array([s.right for s in found], dtype=float)
    middle, spread = x.mean(0), x.std(0)
    spread[spread == 0] = 1.0  # a column without content
    middle[-1], spread[-1] = 0.0, 1.0
    weights = logistic((x - middle) / spread, right, _weights(found)) / spread
    weights[-1] -= (weights[:-1] * middle[:-1]).sum()
    return weights


def features(found: list[Sample]) -> Vectors:
    """What a verifier looks at: (likeness, lead, log facts, 1) of each sample."""
    return np.array([[s.likeness, s.lead, math.log(s.facts), 1.0] for s in found])


def _weights(found: list[Sample]) -> Vectors:
    """What words decide is no business of the score; kinds of packs weigh the same."""
    packs = np.array([s.pack for s in found])
    counts = np.array([not s.vetoed and s.sort in _FITTED_ON for s in found])
    weights = np.zeros(len(found))
    for pack in np.unique(packs):
        at = (packs == pack) & counts
        weights[at] = 350 / at.sum()
    return weights


def folds_of(found: list[Sample]) -> Vectors:
    """The fold of each sample: those about one fact are in one."""
    facts = np.array([s.fact for s in found])
    order = np.unique(facts)
    drawn = np.random.default_rng(0).permutation(len(order)) % FOLDS
    fold_of = dict(zip(order, drawn, strict=True))
    return np.array([fold_of[fact] for fact in facts])


def out_of_fold(found: list[Sample]) -> Vectors:
    """Each sample's score by weights that were fitted without its fact."""
    folds = folds_of(found)
    scores = np.zeros(len(found))
    for fold in range(FOLDS):
        weights = fit([s for s, f in zip(found, folds, strict=True) if f != fold])
        at = folds == fold
        x = features([s for s, a in zip(found, at, strict=True) if a])
        scores[at] = 1.0 / (1.0 + np.exp(-x @ weights))
    return np.minimum(scores, 0.999)


def logistic(x: Vectors, y: Vectors, weights: Vectors, ridge: float = 0.1) -> Vectors:
    """Weighted logistic regression by Newton's method; the last column is the constant."""
    penalty = np.full(x.shape[1], ridge)
    penalty[-1] = 1e-6
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-x @ w))
        gradient = x.T @ (weights * (p - y)) + penalty * w
        curvature = (x.T * (weights * p * (1 - p))) @ x + np.diag(penalty)
        w -= np.linalg.solve(curvature, gradient)
    return w


def is_judged(sample: Sample) -> bool:
    """The unseen questions put to the whole pack are what thresholds are first found on."""
    unseen = sample.sort in ("answered", "unknown")
    return PACKS[sample.pack][:2] == WHOLE and unseen and not sample.vetoed


def write(kind: str, fitted: Vectors, found: list[Sample], scores: Vectors) -> None:
    """The weights, and the unseen questions put to the whole pack as judgements."""
    judged = [
        (round(float(p), 4), s.right) for s, p in zip(found, scores, strict=True) if is_judged(s)
    ]
    data = {
        "lexical": LEXICAL[kind],
        "likeness_weight": round(float(fitted[0]), 3),
        "lead_weight": round(float(fitted[1]), 3),
        "size_weight": round(float(fitted[2]), 3),
        "base": round(float(fitted[3]), 3),
        "alone": ALONE[kind],
        "right": sorted(s for s, right in judged if right),
        "wrong": sorted(s for s, right in judged if not right),
    }
    path = ROOT / "engine" / "retrieval" / "verifiers" / f"{kind}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(data) + "\n")


if __name__ == "__main__":
    main()
