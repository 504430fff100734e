"""Questions in words that are not stored, and the pairs that they mean."""

import json
from collections.abc import Sequence
from pathlib import Path

from engine.gate.golden import occurs

ROOT = Path(__file__).parent.parent
Rows = Sequence[dict]
Asked = list[tuple[str, int | None]]  # a question, and the row of the pair that answers it


def korean() -> tuple[Rows, Asked]:
    pairs = read("domains/tax-ko.jsonl")

    def owner(row: dict) -> int | None:
        must = row.get("must")
        return next(
            (n for n, p in enumerate(pairs) if must and all(occurs(m, p["answer"]) for m in must)),
            None,
        )

    rows = read("domains/tax-ko.unseen.jsonl")
    return pairs, [(row["question"], owner(row)) for row in rows]


def english() -> tuple[Rows, Asked]:
    rows = read("benchmarks/retrieval_en.jsonl")  # the pairs come first
    return (
        [row for row in rows if "question" in row],
        [(row["asked"], n if "question" in row else None) for n, row in enumerate(rows)],
    )


def read(path: str) -> list[dict]:
    return [json.loads(line) for line in (ROOT / path).read_text().splitlines()]
