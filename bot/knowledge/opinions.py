"""What people's picks say of one question: which pair answers it, and which do not. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.messages import voice_of
from storage.picks import Pick

_SECOND_PERSON = 2  # so many must say the same, or one who may teach, before it counts for all
_EVERYBODY = ""  # an asker who is nobody in particular


@dataclass(frozen=True, slots=True)
class Opinions:
    """``accepted``: the pair that answers the question for this asker; ``rejected``: pairs that do
    not, ``doubted_by_team`` those of them that only other people did not mean; ``doubted``: pairs
    that somebody else did not mean, and that are not offered any more."""

    accepted: int | None = None
    rejected: frozenset[int] = frozenset()
    doubted: frozenset[int] = frozenset()
    doubted_by_team: frozenset[int] = frozenset()


def opinions(picks: Sequence[Pick], asker: str) -> Opinions:
    """What ``picks`` on one question, each person's latest in order of time, mean to ``asker``.

    The asker's own word counts first, then the latest of who may teach, then that of the others:
    two people, and more than are of the other opinion, accept a pair or reject it. One is enough
    for a pair that nobody else means not to be offered, since what is not offered misleads nobody;
    what is known stays known, since nobody may turn that with one click.
    """
    by_pair: dict[int, list[Pick]] = {}
    for pick in picks:
        by_pair.setdefault(pick.pair_id, []).append(pick)
    found = {pair_id: _verdict(said, asker) for pair_id, said in by_pair.items()}
    rejected = frozenset(pair_id for pair_id, fits in found.items() if fits is False)
    doubted = frozenset(
        pair_id
        for pair_id, fits in found.items()
        if fits is None and _against(by_pair[pair_id]) >= max(_for(by_pair[pair_id]), 1)
    )
    standing = {pair_id: said for pair_id, said in by_pair.items() if found[pair_id]}
    by_team = frozenset(
        pair_id
        for pair_id in rejected
        if not any(p.decides or p.person == asker for p in by_pair[pair_id])
    )
    return Opinions(_accepted(picks, standing, asker), rejected, doubted, by_team)


def accepted_by_all(picks: Sequence[Pick]) -> int | None:
    """The pair that answers the question for everybody, whoever asks."""
    return opinions(picks, _EVERYBODY).accepted


def _verdict(said: Sequence[Pick], asker: str) -> bool | None:
    """Whether one pair, of which all this was ``said``, answers the question; None: undecided."""
    for own in (
        [p.fits for p in said if p.person == asker],
        [p.fits for p in said if p.decides],
    ):
        if own:
            return own[-1]
    fits, against = _for(said), _against(said)
    if max(fits, against) < _SECOND_PERSON or fits == against:
        return None
    return fits > against


def _accepted(
    picks: Sequence[Pick], standing: Mapping[int, Sequence[Pick]], asker: str
) -> int | None:
    """Of several pairs that stand the one that has the strongest word: nobody's later word on
    another pair, for or against, moves it. Of others' words two more are needed than stand for any
    other pair; else none is accepted, and the asker is offered them."""
    meant = [p for p in picks if p.fits and p.pair_id in standing]
    for strongest in (
        [p.pair_id for p in meant if p.person == asker],
        [p.pair_id for p in meant if p.decides],
    ):
        if strongest:
            return strongest[-1]
    support = sorted((_for(said) - _against(said), pair_id) for pair_id, said in standing.items())
    if len(support) > 1 and support[-1][0] - support[-2][0] < _SECOND_PERSON:
        return None
    return support[-1][1] if support else None


def _for(said: Sequence[Pick]) -> int:
    return len({voice_of(p.person) for p in said if p.fits})


def _against(said: Sequence[Pick]) -> int:
    return len({voice_of(p.person) for p in said if not p.fits})
