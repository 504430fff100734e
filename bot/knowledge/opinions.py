"""What people's picks say of one question: which pair answers it, and which do not. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.picks import Pick

_SECOND_PERSON = 2  # so many must mean a pair, or one who may teach, before it counts for all


@dataclass(frozen=True, slots=True)
class Opinions:
    """``accepted``: the pair that answers the question for this asker; ``rejected``: pairs that do
    not, and are not offered for it any more."""

    accepted: int | None = None
    rejected: frozenset[int] = frozenset()


def opinions(picks: Sequence[Pick], asker: str) -> Opinions:
    """What ``picks`` on one question, each person's latest in order of time, mean to ``asker``.

    The asker's own word counts first, then the latest of who may teach, then that of the others:
    two people accept a pair, and more who mean it than who do not; one is enough to reject what
    nobody else means, since a pair that is not shown misleads nobody.
    """
    found = {pair_id: _verdict(picks, pair_id, asker) for pair_id in {p.pair_id for p in picks}}
    accepted = [p.pair_id for p in picks if found[p.pair_id]]
    rejected = frozenset(pair_id for pair_id, fits in found.items() if fits is False)
    return Opinions(accepted[-1] if accepted else None, rejected)


def _verdict(picks: Sequence[Pick], pair_id: int, asker: str) -> bool | None:
    mine = [p for p in picks if p.pair_id == pair_id]
    for own in (
        [p.fits for p in mine if p.person == asker],
        [p.fits for p in mine if p.decides],
    ):
        if own:
            return own[-1]
    fits = sum(p.fits for p in mine)
    against = len(mine) - fits
    if fits >= _SECOND_PERSON and fits > against:
        return True
    return False if against >= max(fits, 1) else None
