"""Near misses that are answered as if known; part of ``benchmarks.retrieval``.

A near miss stands one word away from a stored question, and no pair answers it. Each is asked
through the retriever that answers people, on a database that holds the pack alone.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.retrieval_data import Rows, english, korean, read
from bot.domains import load_domains
from engine.retrieval.embedders.base import Embedder
from engine.retrieval.questions import question_key
from storage.database import Database
from storage.pairs import Pairs, TaughtPair
from tests.support.retrieving import retriever_on

DOMAINS = {"tax-ko": korean, "general-en": english}


def near_misses(make: Callable[[], Embedder]) -> dict[str, dict[str, dict[str, int]]]:
    """For each domain and kind: how many are asked and how many pass for known, most of them with
    the answer of the pair that they are near to (``known_as_near``)."""
    return {
        domain: asyncio.run(_taken(make, domain, data()[0])) for domain, data in DOMAINS.items()
    }


async def _taken(
    make: Callable[[], Embedder], domain: str, pack: Rows
) -> dict[str, dict[str, int]]:
    kinds: dict[str, Counter[str]] = {}
    total = Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "near-misses.db")
        pairs = Pairs(database)
        await pairs.teach([_taught(domain, row) for row in pack])
        agreement = load_domains(Path(folder))[domain].agreement()
        recall = retriever_on(database, make, {domain: agreement})
        await recall.indexes.embed_all()
        for row in read(f"domains/{domain}.near-misses.jsonl"):
            found = await recall.find(domain, row["question"], most=1)
            meant = found.known and found.near[0].pair.question == row["near"]
            now = Counter(asked=1, known=int(found.known), known_as_near=int(meant))
            for counts in (kinds.setdefault(row["kind"], Counter()), total):
                counts.update(now)
        await recall.indexes.close()
        await database.close()
    return {kind: dict(counts) for kind, counts in (kinds | {"all": total}).items()}


def _taught(domain: str, row: dict) -> TaughtPair:
    question = row["question"]
    return TaughtPair(
        domain, question, question_key(question), row["answer"],
        source=row.get("source", ""), as_of="", score=1.0, person="benchmark",
    )  # fmt: skip
