"""``python -m benchmarks.near_misses``: near misses that are answered as if known.

A near miss stands one word away from a stored question, and no pair answers it. Each is asked
through the retriever that answers people, on a database that holds the pack alone. Writes its part
of benchmarks/results/retrieval.json, whose others stay, and prints the table that docs/lab-notes.md
quotes. Half a minute of two cores; ``benchmarks.retrieval`` measures it too.
"""

import asyncio
import json
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.retrieval_data import ROOT, Rows, english, korean, read
from bot.domains import load_domains
from bot.knowledge.retriever import Retriever
from engine.retrieval.choose import choose_embedder
from engine.retrieval.embedders.base import Embedder
from engine.retrieval.questions import question_key
from storage.database import Database
from storage.pairs import Pairs, TaughtPair
from storage.picks import Picks

RESULTS = ROOT / "benchmarks" / "results" / "retrieval.json"
DOMAINS = {"tax-ko": korean, "general-en": english}


def main() -> None:
    kept = json.loads(RESULTS.read_text())
    kept["near_misses"] = near_misses(choose_embedder())
    RESULTS.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
    print(as_table(kept["near_misses"]))


def near_misses(embedder: Embedder) -> dict[str, dict[str, dict[str, int]]]:
    """For each domain and kind: how many are asked and how many pass for known, most of them with
    the answer of the pair that they are near to (``known_as_near``)."""
    return {
        domain: asyncio.run(_taken(embedder, domain, data()[0])) for domain, data in DOMAINS.items()
    }


def as_table(found: dict[str, dict[str, dict[str, int]]]) -> str:
    """The shares of both domains, a kind a line."""
    lines = [f"| kind | {' | '.join(found)} |", "|---|" + "---|" * len(found)]
    for kind in dict.fromkeys(kind for kinds in found.values() for kind in kinds):
        cells = [_share(kinds[kind]) if kind in kinds else "" for kinds in found.values()]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(counts: dict[str, int]) -> str:
    share = counts["known"] / counts["asked"]
    return f"{counts['known']} of {counts['asked']} ({share:.0%})"


async def _taken(embedder: Embedder, domain: str, pack: Rows) -> dict[str, dict[str, int]]:
    kinds: dict[str, Counter[str]] = {}
    total = Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "near-misses.db")
        pairs = Pairs(database)
        await pairs.teach([_taught(domain, row) for row in pack])
        agreement = load_domains(Path(folder))[domain].agreement()
        recall = Retriever(pairs, Picks(database), lambda: embedder, {domain: agreement})
        await recall.embed_all()
        for row in read(f"domains/{domain}.near-misses.jsonl"):
            found = await recall.find(domain, row["question"], most=1)
            meant = found.known and found.near[0].pair.question == row["near"]
            now = Counter(asked=1, known=int(found.known), known_as_near=int(meant))
            for counts in (kinds.setdefault(row["kind"], Counter()), total):
                counts.update(now)
        await recall.close()
        await database.close()
    return {kind: dict(counts) for kind, counts in (kinds | {"all": total}).items()}


def _taught(domain: str, row: dict) -> TaughtPair:
    question = row["question"]
    return TaughtPair(
        domain, question, question_key(question), row["answer"], source="", as_of="", score=1.0,
        person="benchmark",
    )  # fmt: skip


if __name__ == "__main__":
    main()
