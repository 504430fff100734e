"""Which rows are computed together. Pure: lengths in, indices out."""

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise

_GROUP = 8  # batches among which rows of like length are put together


def batches(lengths: Sequence[int], size: int, seed: int) -> list[list[int]]:
    """One epoch: every index once, in batches of at most ``size`` rows of like length, shuffled.

    Rows are shuffled first and sorted only within groups of eight batches, so that every epoch
    (another ``seed``) mixes them anew.
    """
    luck = random.Random(seed)  # noqa: S311
    order = list(range(len(lengths)))
    luck.shuffle(order)
    found = []
    for start in range(0, len(order), size * _GROUP):
        group = sorted(order[start : start + size * _GROUP], key=lambda row: lengths[row])
        parts = -(-len(group) // size)  # of even size: no update by a single row left over
        edges = [part * len(group) // parts for part in range(parts + 1)]
        found += [group[at:end] for at, end in pairwise(edges)]
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
