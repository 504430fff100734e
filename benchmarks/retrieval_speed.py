"""Milliseconds and megabytes of recall."""

import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from benchmarks.retrieval_data import read
from engine.retrieval.embedders.base import Embedder, unit
from engine.retrieval.index import Index, Pair


def embedding(embedder: Embedder) -> dict[str, float]:
    """Milliseconds a question, alone (median) and in one batch."""
    texts = [row["question"] for row in read("domains/tax-ko.jsonl")[:100]]
    embedder.embed_queries(texts[:5])
    alone = [timed(lambda text=text: embedder.embed_queries([text])) for text in texts]
    together = timed(lambda: embedder.embed_queries(texts))
    return {"alone_ms": round(float(np.median(alone)), 1), "batched_ms": round(together / 100, 1)}


def speed(count: int, dimensions: int) -> dict[str, float]:
    """Search times and memory of an index with ``count`` pairs of pack-like length."""
    random = np.random.default_rng(0)
    pack = read("domains/tax-ko.jsonl")
    rows = (pack[n % len(pack)] for n in range(count))
    pairs = [
        Pair(n, f"{row['question']} {n}", 1.0, f"{row['answer']} {n}") for n, row in enumerate(rows)
    ]
    common = random.normal(size=dimensions)  # e5's vectors share most of their direction
    vectors = unit(random.normal(size=(count, dimensions)).astype(np.float32) + 2 * common)
    tracemalloc.start()
    index = Index(dimensions)
    began = time.perf_counter()
    for start in range(0, count, 1000):
        index.put_many(pairs[start : start + 1000], vectors[start : start + 1000])
    filled = time.perf_counter() - began
    own, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    at = random.integers(0, count, 200)
    times = [timed(lambda n=n: index.search(f"{pairs[n].question}?", vectors[n], 5)) for n in at]
    return {
        "p50_ms": round(float(np.percentile(times, 50)), 1),
        "p95_ms": round(float(np.percentile(times, 95)), 1),
        "index_mb": round(own / 1e6, 1),
        "filled_s": round(filled, 1),
    }


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - began)
