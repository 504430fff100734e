"""What labels weigh together: mean, spread, and nobody above a share. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from storage.judgement import PersonScore


def score(verdicts: Sequence[PersonScore], weights: Mapping[str, float] | None = None) -> float:
    """The quality score: the mean of the verdicts, weighted by person; 0 without any."""
    weight = [1.0 if weights is None else weights.get(v.person, 1.0) for v in verdicts]
    total = sum(weight)
    if not total:
        return 0.0
    return sum(w * v.score for w, v in zip(weight, verdicts, strict=True)) / total


def spread(verdicts: Iterable[PersonScore]) -> float:
    """How far the two most different verdicts lie apart."""
    scores = [v.score for v in verdicts]
    return max(scores) - min(scores) if scores else 0.0


def person_weights(counts: Mapping[str, float], most: float) -> Mapping[str, float]:
    """How much each label of a person counts, so that nobody has more than ``most`` of the whole.

    ``counts``: labels by person, or what they are worth together; weights lie in (0, 1]. Who would
    exceed the share is brought down to it, one after the other (the shares of those left rise by
    that). Where there are too few people for anybody to stay below, all count the same.
    """
    people = sorted((p for p in counts if counts[p] > 0), key=lambda p: (-counts[p], p))
    if len(people) * most <= 1:
        least = min((counts[p] for p in people), default=1)
        return {person: least / counts[person] for person in people}
    for capped in range(len(people)):
        rest = sum(counts[person] for person in people[capped:])
        # ``capped`` people hold ``most`` each; the others, uncapped, hold what is left.
        bound = most * rest / (1 - capped * most)
        if counts[people[capped]] <= bound * (1 + 1e-12):
            return {
                person: bound / counts[person] if place < capped else 1.0
                for place, person in enumerate(people)
            }
    return {}  # nobody


def approval(verdicts: Sequence[tuple[str, int, int]], most: float) -> float | None:
    """Share of verdicts that approve, nobody counting for more than ``most``; None without any.

    ``verdicts``: (person, how many approve, how many oppose).
    """
    weights = person_weights({person: up + down for person, up, down in verdicts}, most)
    whole = sum(weights[person] * (up + down) for person, up, down in verdicts)
    return sum(weights[person] * up for person, up, _ in verdicts) / whole if whole else None
