"""What people said becomes what a round trains on, each example as it would be served."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from bot.domains import Domain
from bot.feedback.weights import person_weights
from bot.knowledge.retriever import Retriever
from bot.learning.same_answer import AnswerFingerprint
from engine.model.prompt import Turn
from engine.retrieval.questions import Wording, question_key
from engine.training.examples import Example
from engine.training.selection import (
    Candidate,
    select,
    split_by_group,
    with_answer_in_context,
)
from storage.training_data import TrainingRow

_MOST = 360  # rows of a round: about ten minutes on two cores
_HELD_OUT, _MOST_HELD_OUT = 0.2, 1 / 2  # shares of groups
_FIRST_VOTE = 0.3  # weight of an answer that one person approved; each further one adds less


@dataclass(frozen=True, slots=True)
class Dataset:
    """The examples of a round. ``people``: everybody whose words or verdicts are in them."""

    examples: tuple[Example, ...]
    people: frozenset[str]

    @property
    def heldout(self) -> int:
        """How many groups are held out to judge by."""
        return len({e.together for e in self.examples if e.split == "heldout" and e.accepted})

    @property
    def trained(self) -> int:
        """How many rows are trained on."""
        return sum(e.split == "train" for e in self.examples)


async def build_dataset(
    training_rows: Sequence[TrainingRow],
    retriever: Retriever,
    domain: Domain,
    *,
    seed: int,
    most_of_one: float,
    groups_needed: int,
) -> Dataset:
    """Examples for a round of ``domain``, a part of them held out.

    ``most_of_one``: the share of weight that one person's labels may have. ``groups_needed``: how
    many groups must be held out to judge. Raises StorageError and EngineError.
    """
    weights = _weights(training_rows, most_of_one)
    candidates, rows = list[Candidate](), dict[int, TrainingRow]()
    for row in training_rows:
        example = _example(row, weights, domain)
        candidates.append(Candidate(example, row.fresh, row.pair_id or 0))
        rows[id(example)] = row
    drawn = select(candidates, most=_MOST, seed=seed)
    examples, authors = await _with_retrieved(
        [(e, rows[id(e)]) for e in drawn], training_rows, retriever, domain
    )
    grouped = await asyncio.to_thread(_grouped, list(map(with_answer_in_context, examples)))
    share = _heldout_share(len({e.together for e in grouped if e.accepted}), groups_needed)
    split = split_by_group(grouped, heldout=share, seed=seed)
    people = authors.union(*(rows[id(e)].people for e in drawn))
    return Dataset(tuple(split), people)


def _example(row: TrainingRow, weights: Mapping[str, float], domain: Domain) -> Example:
    return Example(
        row.question,
        row.answer,
        row.kind,
        _worth(row) * _share(row, weights),
        system=domain.system,
        language=domain.language,
    )


def _worth(row: TrainingRow) -> float:
    """From 0 to 1. A vote is weaker than words; what an admin ruled has no votes of its own."""
    if row.kind == "approved" and row.votes:
        return row.quality * (1 - (1 - _FIRST_VOTE) ** row.votes)
    return 1.0 if row.kind in ("correction", "approved") else abs(row.quality)


def _share(row: TrainingRow, weights: Mapping[str, float]) -> float:
    shares = [weights.get(person, 1.0) for person in row.judges]
    return sum(shares) / len(shares) if shares else 1.0


def _weights(training_rows: Iterable[TrainingRow], most: float) -> Mapping[str, float]:
    """Nobody's verdicts and corrections weigh more than ``most``; who teaches files is no user."""
    shares: defaultdict[str, float] = defaultdict(float)
    for row in training_rows:
        if row.kind != "taught":
            for person in row.judges:
                shares[person] += _worth(row) / len(row.judges)
    return person_weights(shares, most)


def _grouped(examples: Sequence[Example]) -> list[Example]:
    """The examples with their group: the same question, or answers that say the same, are one fact;
    it is called by its first question."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    stated = [(e, AnswerFingerprint.of(e.answer)) for e in examples if e.accepted]
    for (a, one), (b, other) in combinations(stated, 2):
        if one.same(other):
            leader[find(_asked(a))] = find(_asked(b))
    first: dict[str, str] = {}
    return [replace(e, group=first.setdefault(find(_asked(e)), e.question)) for e in examples]


def _asked(example: Example) -> str:
    wording = Wording.of(example.question)
    return wording.plain or wording.key


async def _with_retrieved(
    rows: Sequence[tuple[Example, TrainingRow]],
    training_rows: Sequence[TrainingRow],
    retriever: Retriever,
    domain: Domain,
) -> tuple[list[Example], frozenset[str]]:
    """The examples with what would stand before their questions if these were asked anew; and
    whose words these pairs are."""
    same: dict[str, set[int]] = {}
    for row in training_rows:
        if row.pair_id is not None and not row.picked:
            same.setdefault(question_key(row.question), set()).add(row.pair_id)
    asked: list[tuple[str, Collection[int]]] = [
        (example.question, same.get(example.key, set())) for example, _ in rows
    ]
    near = await retriever.find_for_training(domain.name, asked, most=domain.recalled)
    served = [
        replace(example, recalled=tuple(Turn(p.question, p.answer) for p in reversed(pairs)))
        for (example, _), pairs in zip(rows, near, strict=True)
    ]
    return served, await retriever.people_in({pair.id for pairs in near for pair in pairs})


def _heldout_share(groups: int, needed: int) -> float:
    """As many groups as judging needs, and two to spare, where half of them is enough."""
    return max(_HELD_OUT, min(_MOST_HELD_OUT, (needed + 2) / max(groups, 1)))
