"""``python -m benchmarks.retrieval``: how fast recall is, what it finds, and whether it knows.

Writes benchmarks/results/retrieval.json and prints the tables that docs/lab-notes.md quotes. About
three minutes of two cores.
"""

import json
from collections.abc import Sequence

import numpy as np

from benchmarks.near_misses import near_misses
from benchmarks.retrieval_data import ROOT, Asked, Rows, english, korean
from benchmarks.retrieval_phrasings import several
from benchmarks.retrieval_speed import embedding, speed
from engine.retrieval.choose import choose_embedder
from engine.retrieval.embedders.base import Embedder, Vectors
from engine.retrieval.index import Index, Pair
from engine.retrieval.lexical import Rarity, grams

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)


def main() -> None:
    embedder = choose_embedder()
    result: dict = {"embedder": embedder.name, "embedding": embedding(embedder)}
    result["search"] = {str(n): speed(n, embedder.dimensions) for n in (1_000, 10_000, 100_000)}
    for name, (pairs, asked) in {"ko": korean(), "en": english()}.items():
        result[name] = quality(embedder, pairs, asked)
    result["phrasings"] = several(embedder)
    result["near_misses"] = near_misses(embedder)
    for name in ("embedding", "search", "ko", "en", "phrasings", "near_misses"):
        print(name, json.dumps(result[name], indent=1, ensure_ascii=False))
    path = ROOT / "benchmarks" / "results" / "retrieval.json"
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")


def quality(embedder: Embedder, pairs: Rows, asked: Asked) -> dict:
    """What is found first, and the both errors; ``asked`` names the row of the pair or None."""
    texts = [(row["question"], row["answer"]) for row in pairs]
    questions = embedder.embed_queries([text for text, _ in asked])
    plain = embedder.embed_queries([question for question, _ in texts])
    index = Index(embedder.dimensions)
    stored = [Pair(n, question, 1.0, answer) for n, (question, answer) in enumerate(texts)]
    index.put_many(stored, embedder.embed_documents(texts))
    hits = [index.search(text, v, 5) for (text, _), v in zip(asked, questions, strict=True)]
    owners = [owner for _, owner in asked]
    return {
        "pairs": len(pairs),
        "known": sum(owner is not None for owner in owners),
        "unknown": sum(owner is None for owner in owners),
        "first_right": {
            "cosine of questions": share_first(questions @ plain.T, owners),
            "cosine of question and answer": share_first(
                questions @ embedder.embed_documents(texts).T, owners
            ),
            "words alone": share_first(words(asked, texts), owners),
            "ours": mean(
                [h[0].pair_id == o for h, o in zip(hits, owners, strict=True) if o is not None]
            ),
            "ours, among five": mean(
                [
                    o in [h.pair_id for h in hs]
                    for hs, o in zip(hits, owners, strict=True)
                    if o is not None
                ]
            ),
        },
        "ours": separation(
            [(h[0].score, h[0].pair_id, o) for h, o in zip(hits, owners, strict=True)], THRESHOLDS
        ),
        "plain cosine": separation(nearest(questions @ plain.T, owners), (0.86, 0.88, 0.9, 0.92)),
        "left out": left_out(index, asked, questions, stored, embedder),
    }


def nearest(table: Vectors, owners: list[int | None]) -> list[tuple[float, int, int | None]]:
    return [
        (float(row.max()), int(row.argmax()), owner)
        for row, owner in zip(table, owners, strict=True)
    ]


def separation(
    found: list[tuple[float, int, int | None]], thresholds: Sequence[float]
) -> dict[str, object]:
    """AUC and error rates of (score, pair found, pair meant)."""
    right = np.array([score for score, hit, owner in found if hit == owner])
    wrong = np.array([score for score, hit, owner in found if owner not in (hit, None)])
    unknown = np.array([score for score, _, owner in found if owner is None])
    rates = {
        str(at): {
            "unknown_as_known": mean(unknown >= at),
            "right_pair_as_unknown": mean(right < at),
            "wrong_pair_as_known": mean(wrong >= at),
        }
        for at in thresholds
    }
    return {
        "auc_right_or_unknown": auc(right, unknown),
        "auc_right_or_wrong": auc(right, wrong),
        "rates": rates,
    }


def left_out(
    index: Index,
    asked: Asked,
    questions: Vectors,
    stored: list[Pair],
    embedder: Embedder,
) -> dict[str, float]:
    """Share that passes for known at 0.5 when the pair that was meant is not there."""
    own = embedder.embed_queries([pair.question for pair in stored])
    as_stored = [
        index.search(pair.question, v, 1, without={pair.pair_id})[0].score
        for pair, v in zip(stored, own, strict=True)
    ]
    as_asked = [
        index.search(text, v, 1, without={owner})[0].score
        for (text, owner), v in zip(asked, questions, strict=True)
        if owner is not None
    ]
    return {
        "stored wording": mean(np.array(as_stored) >= 0.5),
        "asked wording": mean(np.array(as_asked) >= 0.5),
    }


def words(asked: Asked, texts: list[tuple[str, str]]) -> Vectors:
    rarity, pieces = Rarity(), [(grams(question), grams(answer)) for question, answer in texts]
    for question, answer in pieces:
        rarity.add(question | answer)
    rows = [[rarity.overlap(grams(text), *piece) for piece in pieces] for text, _ in asked]
    return np.array(rows, dtype=np.float32)


def share_first(table: Vectors, owners: list[int | None]) -> float:
    hits = table.argmax(axis=1)
    return mean([hit == o for hit, o in zip(hits, owners, strict=True) if o is not None])


def auc(higher: Vectors, lower: Vectors) -> float:
    """Probability that one of ``higher`` exceeds one of ``lower``; ties count half."""
    above = (higher[:, None] > lower[None]).mean() + (higher[:, None] == lower[None]).mean() / 2
    return round(float(above), 3)


def mean(values: Sequence[bool] | np.ndarray) -> float:
    return round(float(np.mean(values)), 3) if len(values) else 0.0


if __name__ == "__main__":
    main()
