"""Questions put to packs of many sizes: what the verifier is fitted and judged on.

Packs of 20 to 329 facts are drawn from the starter pack, each fact in one to three wordings. They
are asked the unseen questions that they answer, some that they do not, and the near misses of
their facts. The whole pack is also asked two sets that nothing is fitted on: colloquial questions,
and near misses that somebody wrote who knew neither the code nor the other set.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.retrieval_data import Rows, korean, read
from bot.domains import load_domains
from engine.retrieval.embedders.base import Embedder, Vectors
from engine.retrieval.index import Index, Pair
from engine.retrieval.verifier import Verifier

Sort = Literal[
    "answered", "absent", "unknown", "near miss",
    "colloquial", "colloquial unknown", "held-out near miss",
]  # fmt: skip
WHOLE = (329, 1)
# (facts in a pack, wordings of each, packs drawn)
PACKS = (
    (20, 1, 16), (36, 2, 6), (36, 3, 8), (60, 1, 6), (150, 1, 3), (150, 2, 2), (329, 1, 1),
    (329, 2, 1),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """The hit that came first. ``pack``: which kind of pack; ``fact``: what folds are made by.

    ``among_three``: the right fact is among the first three.

    ``vetoed``: words speak against it, so its score decides nothing.
    """

    pack: int
    sort: Sort
    fact: int
    likeness: float
    lead: float
    facts: int
    right: bool
    among_three: bool
    vetoed: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a fact (a row of the pack), as stored and, if anybody asks it, as asked."""

    text: str
    fact: int
    stored: Vectors
    asked: Vectors | None


class Questions:
    """All wordings and questions, embedded once."""

    def __init__(self, embedder: Embedder) -> None:
        """Embed about 1,900 texts: minutes."""
        self.pack, unseen = korean()
        self.agreement = load_domains(Path("none"))["tax-ko"].agreement()
        rows = {pair["question"]: n for n, pair in enumerate(self.pack)}
        taught = [(r["question"], rows[r["same_as"]]) for r in read("benchmarks/training_ko.jsonl")]
        asked = [*((text, fact) for text, fact in unseen if fact is not None), *taught]
        self.wordings = [
            *_wordings(embedder, self.pack, list(rows.items()), asked=False),
            *_wordings(embedder, self.pack, asked, asked=True),
        ]
        unknown = [text for text, fact in unseen if fact is None]
        self.unknown = list(zip(unknown, embedder.embed_queries(unknown), strict=True))
        near = [r for r in read("domains/tax-ko.near-misses.jsonl") if r["near"] in rows]
        vectors = embedder.embed_queries([r["question"] for r in near])
        self.near_misses = [
            (r["question"], v, rows[r["near"]]) for r, v in zip(near, vectors, strict=True)
        ]
        self.kept_apart = _kept_apart(embedder, rows)

    def is_vetoed(self, question: str, wordings: Sequence[str], fact: int) -> bool:
        """Words part ``question`` from a fact known in these ``wordings``."""
        pair = self.pack[fact]
        return bool(self.agreement.differences(question, wordings, pair["answer"], pair["source"]))


Question = tuple[Sort, str, Vectors, frozenset[int], int]  # facts that answer it; its fold's fact


def _kept_apart(embedder: Embedder, rows: Mapping[str, int]) -> list[Question]:
    """Colloquial questions and the held-out near misses."""
    read_rows: list[tuple[Sort, str, frozenset[int], int]] = []
    for n, row in enumerate(read("domains/tax-ko.colloquial.jsonl")):
        near = [row["near"], *row.get("also", [])] if row["near"] else []
        sort: Sort = "colloquial" if near else "colloquial unknown"
        facts = frozenset(rows[question] for question in near)
        read_rows.append((sort, row["question"], facts, min(facts, default=2000 + n)))
    read_rows += [
        ("held-out near miss", row["question"], frozenset(), rows[row["near"]])
        for row in read("benchmarks/near_misses_held_out_ko.jsonl")
    ]
    vectors = embedder.embed_queries([text for _, text, _, _ in read_rows])
    return [
        (sort, text, vector, facts, fold)
        for (sort, text, facts, fold), vector in zip(read_rows, vectors, strict=True)
    ]


def _wordings(
    embedder: Embedder, pack: Rows, texts: list[tuple[str, int]], *, asked: bool
) -> list[Wording]:
    stored = embedder.embed_documents([(text, pack[fact]["answer"]) for text, fact in texts])
    queries = embedder.embed_queries([text for text, _ in texts]) if asked else None
    return [
        Wording(text, fact, stored[n], None if queries is None else queries[n])
        for n, (text, fact) in enumerate(texts)
    ]


def samples(questions: Questions, verifier: Verifier) -> list[Sample]:
    """What came first, for every question put to every drawn pack."""
    random = np.random.default_rng(2)
    found = []
    for number, (size, wordings, draws) in enumerate(PACKS):
        for _ in range(draws):
            found += _asked(_Pack(questions, verifier, number, size, wordings, random), random)
    return found


class _Pack:
    """Some facts in an index, each in up to ``wordings`` wordings; the others are to be asked."""

    def __init__(
        self,
        questions: Questions,
        verifier: Verifier,
        number: int,
        size: int,
        wordings: int,
        random: np.random.Generator,
    ) -> None:
        self.questions, self.number = questions, number
        by_fact: dict[int, list[Wording]] = defaultdict(list)
        for wording in questions.wordings:
            by_fact[wording.fact].append(wording)
        rich = [fact for fact, known in by_fact.items() if len(known) > wordings or size > 300]
        drawn = random.choice(rich, min(size, len(rich)), replace=False)
        self.facts = {int(fact) for fact in drawn}
        self.stored: list[Wording] = []
        self.held_out: list[Wording] = []
        for fact in sorted(self.facts):
            first, *rest = by_fact[fact]
            random.shuffle(rest)
            kept = wordings - 1 if len(rest) >= wordings else 0
            self.stored += [first, *rest[:kept]]
            self.held_out += rest[kept:]
        dimensions = len(questions.wordings[0].stored)
        self._verifier, self._index = verifier, Index(dimensions, verifier)
        pairs = [
            Pair(n, w.text, 1.0, questions.pack[w.fact]["answer"])
            for n, w in enumerate(self.stored)
        ]
        self._index.put_many(pairs, np.stack([w.stored for w in self.stored]))

    def sample(
        self, sort: Sort, question: str, vector: Vectors, right: Collection[int], fact: int
    ) -> Sample:
        """What comes first for ``question``, which the facts ``right`` answer."""
        hits = self._index.search(question, vector, 12)
        first = self.stored[hits[0].pair_id].fact
        facts = list(dict.fromkeys(self.stored[h.pair_id].fact for h in hits))
        same = [self.stored[h.pair_id] for h in hits[:8] if self.stored[h.pair_id].fact == first]
        rivals = [h.likeness for h in hits if self.stored[h.pair_id].fact != first]
        return Sample(
            self.number,
            sort,
            fact,
            hits[0].likeness,
            self._verifier.lead(hits[0].likeness, rivals),
            len(self.facts),
            first in right,
            not set(facts[:3]).isdisjoint(right),
            self.questions.is_vetoed(question, [w.text for w in same], first),
        )


def _asked(pack: _Pack, random: np.random.Generator) -> list[Sample]:
    """Of absent questions an eighth of the answered ones, of unknown ones a twelfth."""
    random.shuffle(pack.held_out)
    absent = [w for w in pack.questions.wordings if w.fact not in pack.facts]
    absent = [w for w in absent if w.asked is not None]
    random.shuffle(absent)
    found = [_of(pack, "answered", w) for w in pack.held_out if w.asked is not None]
    few = len(found)
    found += [_of(pack, "absent", w) for w in absent[: few // 8]]
    for n in random.permutation(len(pack.questions.unknown))[: max(6, few // 12)]:
        text, vector = pack.questions.unknown[n]
        found.append(pack.sample("unknown", text, vector, (), 1000 + int(n)))
    for text, vector, fact in pack.questions.near_misses:
        if fact in pack.facts:
            found.append(pack.sample("near miss", text, vector, (), fact))
    if PACKS[pack.number][:2] == WHOLE:
        found += [pack.sample(*question) for question in pack.questions.kept_apart]
    return found


def _of(pack: _Pack, sort: Sort, wording: Wording) -> Sample:
    assert wording.asked is not None
    right = (wording.fact,) if sort == "answered" else ()
    return pack.sample(sort, wording.text, wording.asked, right, wording.fact)
