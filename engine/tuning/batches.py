"""Which rows are computed together. Pure: lengths in, indices out."""

import random
from collections.abc import Iterator, Sequence

_GROUP = 8  # batches among which rows of like length are put together


def batches(lengths: Sequence[int], size: int, seed: int) -> list[list[int]]:
    """One epoch: every index once, in batches of ``size`` rows of like length, in random order.

    Rows are shuffled first and sorted only within groups of eight batches, so that every epoch
    (another ``seed``) mixes them anew.
    """
    luck = random.Random(seed)  # noqa: S311
    order = list(range(len(lengths)))
    luck.shuffle(order)
    found = []
    for start in range(0, len(order), size * _GROUP):
        group = sorted(order[start : start + size * _GROUP], key=lambda row: lengths[row])
        found += [group[at : at + size] for at in range(0, len(group), size)]
    luck.shuffle(found)
    return found


def portions(batch: Sequence[int], lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """``batch`` in parts of at most ``tokens`` tokens, padding included; a longer row stands alone.

    The gradient of a batch is the sum over its parts: this bounds memory and changes nothing else.
    """
    portion: list[int] = []
    for row in sorted(batch, key=lambda row: lengths[row]):
        if portion and lengths[row] * (len(portion) + 1) > tokens:
            yield portion
            portion = []
        portion.append(row)
    if portion:
        yield portion
