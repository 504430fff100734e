"""``python -m benchmarks.retrieval_fit``: fits the verifiers of both embedders anew.

Writes engine/retrieval/verifiers/, some minutes each, and prints what ten folds by fact give.
EmbeddingGemma is left out where it is not in the cache. Every kind of pack weighs the same.
"""

import json
import sys
from pathlib import Path

import numpy as np

from benchmarks.retrieval_data import ROOT
from benchmarks.retrieval_samples import PACKS, Questions, Sample, samples
from engine.retrieval.calibration import Judgement, find_threshold
from engine.retrieval.choose import choose_embedder
from engine.retrieval.embedders.base import Vectors
from engine.retrieval.verifier import EMBEDDINGGEMMA, NANO_E5, Verifier

CACHE = Path.home() / ".cache" / "reactune"
# Weight of shared words, and the lead of a hit without rivals: docs/lab-notes.md.
LEXICAL = {NANO_E5: 0.16, EMBEDDINGGEMMA: 0.3}
ALONE = {NANO_E5: 0.035, EMBEDDINGGEMMA: 0.2}
FOLDS = 10
_JUDGED_PACK = (329, 1)  # the kind of pack whose unseen questions are the shipped judgements


def main() -> None:
    for kind in sys.argv[1:] or (NANO_E5, EMBEDDINGGEMMA):
        embedder = choose_embedder(kind, CACHE)
        blank = Verifier(LEXICAL[kind], 0.0, 0.0, 0.0, ALONE[kind], scale=embedder.verifier.scale)
        found = samples(Questions(embedder), blank)
        fitted = fit(found)
        scores = out_of_fold(found)
        print(kind, np.round(fitted, 3))
        show(found, scores)
        write(kind, fitted, found, scores)
        embedder.close()


def fit(found: list[Sample]) -> Vectors:
    """Weights of (likeness, lead, 1), by weighted logistic regression."""
    x = np.array([[s.likeness, s.lead, 1.0] for s in found])
    right = np.array([s.right for s in found], dtype=float)
    middle, spread = x.mean(0), x.std(0)
    middle[-1], spread[-1] = 0.0, 1.0
    weights = logistic((x - middle) / spread, right, _weights(found)) / spread
    weights[-1] -= (weights[:-1] * middle[:-1]).sum()
    return weights


def _weights(found: list[Sample]) -> Vectors:
    """What words decide is no business of the score; kinds of packs weigh the same."""
    packs = np.array([s.pack for s in found])
    counts = np.array([not s.vetoed for s in found])
    weights = np.zeros(len(found))
    for pack in np.unique(packs):
        at = (packs == pack) & counts
        weights[at] = 350 / at.sum()
    return weights


def out_of_fold(found: list[Sample]) -> Vectors:
    """Each sample's score by weights that were fitted without its fact."""
    facts = np.array([s.fact for s in found])
    order = np.unique(facts)
    fold_of = dict(
        zip(order, np.random.default_rng(0).permutation(len(order)) % FOLDS, strict=True)
    )
    folds = np.array([fold_of[fact] for fact in facts])
    scores = np.zeros(len(found))
    for fold in range(FOLDS):
        weights = fit([s for s, f in zip(found, folds, strict=True) if f != fold])
        at = folds == fold
        x = np.array([[s.likeness, s.lead, 1.0] for s, a in zip(found, at, strict=True) if a])
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


def show(found: list[Sample], scores: Vectors) -> None:
    """By kind of pack: right at once, wrong among verified, near misses taken."""
    for number, (facts, wordings, _) in enumerate(PACKS):
        here = [(s, p) for s, p in zip(found, scores, strict=True) if s.pack == number]
        for at in (0.6, 0.7, 0.8):
            known = [s for s, p in here if p >= at and not s.vetoed and s.sort != "near miss"]
            near = [not s.vetoed and p >= at for s, p in here if s.sort == "near miss"]
            answered = sum(s.sort == "answered" for s, _ in here)
            right = sum(s.right for s in known)
            print(
                f"{facts:4} facts in {wordings} wordings, from {at}: right {right / answered:.2f}, "
                f"wrong {1 - right / max(1, len(known)):.3f}, near misses {np.mean(near):.3f}"
            )


def write(kind: str, fitted: Vectors, found: list[Sample], scores: Vectors) -> None:
    """The weights, and the unseen questions put to the whole pack as judgements."""
    judged = [
        (round(float(p), 4), s.right)
        for s, p in zip(found, scores, strict=True)
        if PACKS[s.pack][:2] == _JUDGED_PACK and s.sort != "near miss" and not s.vetoed
    ]
    for most in (0.02, 0.05, 0.1, 0.2):
        print(most, find_threshold([Judgement(s, right=r) for s, r in judged], most))
    data = {
        "lexical": LEXICAL[kind],
        "likeness_weight": round(float(fitted[0]), 3),
        "lead_weight": round(float(fitted[1]), 3),
        "base": round(float(fitted[2]), 3),
        "alone": ALONE[kind],
        "right": sorted(s for s, right in judged if right),
        "wrong": sorted(s for s, right in judged if not right),
    }
    path = ROOT / "engine" / "retrieval" / "verifiers" / f"{kind}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(data) + "\n")


if __name__ == "__main__":
    main()
