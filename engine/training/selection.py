"""Which examples a round trains on and which it is judged by.

Pure, and independent of order where it draws: the same rows and seed give the same choice.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.model.prompt import Turn, clean
from engine.retrieval.questions import question_key
from engine.training.examples import ACCEPTED, SPLITS, Example

_LONGEST = 8000  # characters of a question or an answer


@dataclass(frozen=True, slots=True)
class Candidate:
    """An example that may be chosen. ``fresh``: the round was started for it; ``order``: of equally
    strong answers to a question the one with the highest order, the newest, counts."""

    example: Example
    fresh: bool
    order: int = 0


def select(candidates: Sequence[Candidate], *, most: int, seed: int) -> list[Example]:
    """What a round learns from, at most ``most`` examples.

    All that is fresh and can teach anything, one accepted answer a question and at most half as
    many rejected ones; then older ones, drawn by ``seed``.
    """
    worth = [c for c in candidates if worth_learning(c.example)]
    oldest_first = sorted(worth, key=lambda c: (c.fresh, c.order))
    chosen = set(map(id, deduplicated([c.example for c in oldest_first])))
    kept = [c for c in worth if id(c.example) in chosen]
    new = [c.example for c in kept if c.fresh][:most]
    older = [c.example for c in kept if not c.fresh]
    return with_replay(balanced(new, seed=seed), older, most=most - len(new), seed=seed)


def worth_learning(example: Example) -> bool:
    """Whether an example can teach anything: text on both sides, of sane length, no echo."""
    question, answer = clean(example.question), clean(example.answer)
    if not question or not answer or max(len(question), len(answer)) > _LONGEST:
        return False
    return example.weight > 0 and question_key(answer) != question_key(question)


def deduplicated(examples: Sequence[Example]) -> list[Example]:
    """One accepted answer a question, the strongest kind's latest; and each rejected one once.

    Questions are the same when their normal forms are. A rejected answer that is also the accepted
    one of its question is dropped: people have changed their minds, or disagree.
    """
    accepted: dict[str, Example] = {}
    rejected: dict[tuple[str, str], Example] = {}
    for example in examples:
        if not example.accepted:
            rejected[example.key, clean(example.answer)] = example
            continue
        known = accepted.get(example.key)
        if not known or ACCEPTED.index(example.kind) >= ACCEPTED.index(known.kind):
            accepted[example.key] = example
    kept = [
        row
        for (key, answer), row in rejected.items()
        if key not in accepted or clean(accepted[key].answer) != answer
    ]
    return [*accepted.values(), *kept]


def balanced(examples: Sequence[Example], *, rejected: float = 0.5, seed: int = 0) -> list[Example]:
    """All accepted examples, and at most ``rejected`` times as many rejected ones, drawn."""
    accepted = [example for example in examples if example.accepted]
    against = [example for example in examples if not example.accepted]
    return [*accepted, *_drawn(against, int(rejected * len(accepted)), seed)]


def with_answer_in_context(example: Example) -> Example:
    """The same example with its answer in sight: among what is recalled before the question.

    Where it is missing there (a fact with one phrasing, a neighbour that was nearer), the own pair
    takes the farthest one's place, nearest last. A prompt without the answer teaches a small model
    to ignore what is recalled: see docs/lab-notes.md. Rejected answers stay as they are.
    """
    if not example.accepted or answer_in_context(example):
        return example
    own = Turn(example.question, example.answer)
    return replace(example, recalled=(*example.recalled[1:], own))


def answer_in_context(example: Example) -> bool:
    """Whether the answer stands, word for word, in what is recalled before the question."""
    answer = question_key(example.answer)
    return any(question_key(turn.answer) == answer for turn in example.recalled)


def split_by_group(
    examples: Sequence[Example], *, heldout: float = 0.2, seed: int = 0
) -> list[Example]:
    """The same examples with ``split`` set: whole groups are held out, by seed.

    The share is of groups with an accepted answer, since only these can be judged by; with two or
    more of them at least one is on either side.
    """
    judged = {example.together for example in examples if example.accepted}
    groups = sorted(judged, key=lambda g: _luck(g, seed))
    count = min(max(round(heldout * len(groups)), 1), len(groups) - 1) if heldout > 0 else 0
    out = set(groups[: max(count, 0)])
    return [replace(e, split=SPLITS[e.together in out]) for e in examples]


def with_replay(
    new: Sequence[Example], older: Sequence[Example], *, most: int, seed: int = 0
) -> list[Example]:
    """``new`` and at most ``most`` of the ``older`` examples whose questions are not in it; beside
    an answer that was rejected the accepted one is welcome."""
    asked = {(example.key, example.accepted) for example in new}
    return [*new, *_drawn([e for e in older if (e.key, e.accepted) not in asked], most, seed)]


def _drawn(examples: Sequence[Example], most: int, seed: int) -> Iterator[Example]:
    lucky = sorted(examples, key=lambda e: _luck(f"{e.key}\n{e.answer}", seed))[: max(most, 0)]
    chosen = set(map(id, lucky))
    return (example for example in examples if id(example) in chosen)


def _luck(name: str, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}:{name}".encode()).digest()
