"""Writes the vectors that come along with the starter packs: one file a pack and embedder.

``python -m benchmarks.shipped_vectors`` after a change of a pack or of an embedder's release;
EmbeddingGemma must be in the cache (``reactune models get embeddinggemma``).
"""

import json
import time
from pathlib import Path

from bot.knowledge.shipped_vectors import write_vectors
from bot.settings import load_settings
from engine.retrieval.choose import EMBEDDINGGEMMA, NANO_E5, choose_embedder

DOMAINS = Path(__file__).parents[1] / "domains"


def main() -> None:
    cache = load_settings().cache
    for name in (NANO_E5, EMBEDDINGGEMMA):
        embedder = choose_embedder(name, cache)
        for pack in packs():
            began = time.perf_counter()
            pairs = read_pairs(pack)
            for old in DOMAINS.glob(f"{pack.stem}.vectors.{embedder.name.rsplit('-', 1)[0]}-*.npz"):
                old.unlink()
            path = DOMAINS / f"{pack.stem}.vectors.{embedder.name}.npz"
            write_vectors(path, pairs, embedder.embed_documents(pairs))
            seconds = time.perf_counter() - began
            print(
                f"{path.name}: {len(pairs)} pairs, {path.stat().st_size:,} bytes, {seconds:.0f} s"
            )
        embedder.close()


def packs() -> list[Path]:
    """Pairs that come along: NAME.jsonl, not NAME.golden.jsonl and the like."""
    return [path for path in sorted(DOMAINS.glob("*.jsonl")) if "." not in path.stem]


def read_pairs(pack: Path) -> list[tuple[str, str]]:
    rows = map(json.loads, pack.read_text(encoding="utf-8").splitlines())
    return [(row["question"], row["answer"]) for row in rows]


if __name__ == "__main__":
    main()
