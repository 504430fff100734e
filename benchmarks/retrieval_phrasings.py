"""What recall finds as facts are stored in several phrasings; part of ``benchmarks.retrieval``.

36 facts of the starter pack have three more phrasings each, one question in other words or two for
every fact. A phrasing is asked while it is left out; the stored question itself is never asked,
for people do not ask in a pack's words.
"""

from collections import defaultdict

import numpy as np

from benchmarks.retrieval_data import Rows, korean, read
from engine.retrieval.calibration import SHIPPED
from engine.retrieval.embedders.base import Embedder
from engine.retrieval.index import Index, Pair

KNOWN = SHIPPED.value
DRAWS = 4  # random choices of the facts beside the 36
Fact = int  # a row of the pack


class Phrasings:
    """Every phrasing of every fact, embedded once both as asked and as stored."""

    def __init__(self, embedder: Embedder) -> None:
        """Embed about 730 phrasings twice: half a minute."""
        self.pack, asked = korean()
        rows = {row["question"]: n for n, row in enumerate(self.pack)}
        others = [(text, owner) for text, owner in asked if owner is not None]
        written = [
            (r["question"], rows[r["same_as"]]) for r in read("benchmarks/training_ko.jsonl")
        ]
        self.many = {fact for _, fact in written}
        self.texts = [*((text, fact) for text, fact in rows.items()), *others, *written]
        self.of: dict[Fact, list[int]] = defaultdict(list)
        for n, (_, fact) in enumerate(self.texts):
            self.of[fact].append(n)
        self.asked = embedder.embed_queries([text for text, _ in self.texts])
        self.stored = embedder.embed_documents([(t, _answer(self.pack, f)) for t, f in self.texts])

    def index(self, phrasings: list[int]) -> Index:
        """An index of these phrasings."""
        index = Index(self.stored.shape[1])
        pairs = [
            Pair(n, self.texts[n][0], 1.0, _answer(self.pack, self.texts[n][1])) for n in phrasings
        ]
        index.put_many(pairs, self.stored[phrasings])
        return index

    def ask(self, stored: list[int], asked: list[int]) -> list[tuple[bool, float]]:
        """Whether the first hit is the right fact, and its score; what is asked is left out."""
        index = self.index(stored)
        hits = [index.search(self.texts[n][0], self.asked[n], 1, without={n})[0] for n in asked]
        return [
            (self.texts[hit.pair_id][1] == self.texts[n][1], hit.score)
            for hit, n in zip(hits, asked, strict=True)
        ]


def several(embedder: Embedder) -> dict[str, dict[str, float]]:
    """Shares of questions by what is stored: right first, known, and known but wrong."""
    all_, random = Phrasings(embedder), np.random.default_rng(1)
    once = [fact for fact in all_.of if fact not in all_.many]
    many = [n for fact in sorted(all_.many) for n in all_.of[fact]]
    asked = [n for fact in sorted(all_.many) for n in all_.of[fact][1:]]
    first = {fact: all_.of[fact][0] for fact in all_.of}
    halves = [random.choice(len(all_.of), len(all_.of) // 2, replace=False) for _ in range(DRAWS)]
    found = {
        "36 facts, three each": all_.ask(many, asked),
        "and 64 others once": [
            one
            for _ in range(DRAWS)
            for one in all_.ask([*many, *random.choice([first[f] for f in once], 64, False)], asked)
        ],
        "and 293 others once": all_.ask([*many, *(first[f] for f in once)], asked),
        "and 293 others, every other twice": all_.ask(
            [*many, *(n for at, f in enumerate(once) for n in all_.of[f][: 1 + at % 2])], asked
        ),
        "329 facts, half of them twice; asked about the other half": [
            one
            for half in halves
            for one in all_.ask(
                [*first.values(), *(all_.of[int(f)][1] for f in half)],
                [n for f in all_.of if f not in half for n in all_.of[f][1:]],
            )
        ],
    }
    return {name: _shares(hits) for name, hits in found.items()}


def _answer(pack: Rows, fact: Fact) -> str:
    return str(pack[fact]["answer"])


def _shares(hits: list[tuple[bool, float]]) -> dict[str, float]:
    right = np.array([right for right, _ in hits])
    known = np.array([score >= KNOWN for _, score in hits])
    return {
        "asked": len(hits),
        "first_right": round(float(right.mean()), 3),
        "known_and_right": round(float((known & right).mean()), 3),
        "known_but_wrong": round(float((known & ~right).mean()), 3),
    }
