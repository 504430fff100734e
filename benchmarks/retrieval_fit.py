"""``python -m benchmarks.retrieval_fit``: fits the constants of engine/retrieval/scoring.py anew.

Packs of 1 to 329 pairs are drawn from the starter pack. A hit is right when it is the pair that
was meant; it is wrong for unanswerable questions (weight 2), for questions whose pair is not in
the pack (1), and when another pair came first (1). Every size of pack weighs the same.
"""

import numpy as np

from benchmarks.retrieval_data import korean
from engine.retrieval import scoring
from engine.retrieval.choose import choose_embedder
from engine.retrieval.embedders.base import Vectors
from engine.retrieval.lexical import Rarity, grams

SIZES = {1: 300, 3: 100, 10: 40, 40: 20, 150: 8, 329: 1}  # pairs: packs drawn
RIGHT, UNKNOWN, ABSENT, WRONG = range(4)
WEIGHTS = {UNKNOWN: 2.0, ABSENT: 1.0, WRONG: 1.0}


def main() -> None:
    rows, weights = samples()
    x = np.c_[rows[:, 1:3], np.ones(len(rows))]
    # likeness and lead differ by hundredths: scaled for the solver and back
    scale = np.array([20.0, 20.0, 1.0])
    shifted = (x - np.array([0.9, 0.0, 0.0])) * scale
    fitted = logistic(shifted, rows[:, 0] == RIGHT, weights)
    like, lead, base = fitted * scale
    print(f"_LIKENESS, _LEAD, _BASE = {like:.1f}, {lead:.1f}, {base - 0.9 * like:.1f}")


def samples() -> tuple[Vectors, Vectors]:
    """Rows of (kind, likeness, lead), and their weights."""
    random = np.random.default_rng(1)
    pairs, asked = korean()
    texts = [(row["question"], row["answer"]) for row in pairs]
    embedder = choose_embedder()
    cosines = (
        embedder.embed_queries([text for text, _ in asked]) @ embedder.embed_documents(texts).T
    )
    pieces = [(grams(question), grams(answer)) for question, answer in texts]
    asked_pieces = [grams(text) for text, _ in asked]
    rows, weights = [], []
    for size, draws in SIZES.items():
        found = []
        for _ in range(draws):
            pack = random.choice(len(pairs), size, replace=False)
            rarity = Rarity()
            for row in pack:
                rarity.add(pieces[row][0] | pieces[row][1])
            for n in chosen(pack, asked, random):
                near = [
                    scoring.likeness(cosines[n, row], rarity.overlap(asked_pieces[n], *pieces[row]))
                    for row in pack
                ]
                first = int(np.argmax(near))
                lead = scoring.lead(near[first], near[:first] + near[first + 1 :])
                found.append((kind(asked[n][1], pack, first), near[first], lead))
        block = np.array(found)
        rows.append(block)
        weights.append(balanced(block[:, 0]))
    return np.concatenate(rows), np.concatenate(weights)


def chosen(pack: Vectors, asked: list, random: np.random.Generator) -> list[int]:
    """All questions that the pack answers, and about as many of each other sort."""
    owners = np.array([-1 if owner is None else owner for _, owner in asked])
    here = np.flatnonzero(np.isin(owners, pack))
    absent = np.flatnonzero((owners >= 0) & ~np.isin(owners, pack))
    few = min(len(absent), max(4, len(here)))
    unknown = random.choice(np.flatnonzero(owners < 0), min(60, max(8, len(here))), replace=False)
    return [*here, *random.choice(absent, few, replace=False), *unknown]


def kind(owner: int | None, pack: Vectors, first: int) -> int:
    if owner is None:
        return UNKNOWN
    if owner not in pack:
        return ABSENT
    return RIGHT if pack[first] == owner else WRONG


def balanced(kinds: Vectors) -> Vectors:
    """Right and other hits weigh one each in total."""
    weights = np.zeros(len(kinds))
    weights[kinds == RIGHT] = 1.0 / np.sum(kinds == RIGHT)
    present = {kind: w for kind, w in WEIGHTS.items() if np.sum(kinds == kind) > 10}
    for one, weight in present.items():
        at = kinds == one
        weights[at] = weight / sum(present.values()) / np.sum(at)
    return weights


def logistic(x: Vectors, y: Vectors, weights: Vectors, ridge: float = 1e-4) -> Vectors:
    """Weighted logistic regression by Newton's method."""
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-x @ w))
        gradient = x.T @ (weights * (p - y)) + ridge * w
        curvature = (x * (weights * p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(w))
        w -= np.linalg.solve(curvature, gradient)
    return w


if __name__ == "__main__":
    main()
