"""From which score a pair counts as known, so that few enough answers are wrong."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from engine.retrieval.calibration import Judgement, Threshold, find_threshold
from engine.retrieval.verifier import Verifier
from storage.picks import Judged, Picks

MAX_WRONG = 0.05
MOST_SHARE = 0.2
_WHOLE_TEAM = 200  # judgements of a team's own from which the shipped ones count no more


class Thresholds:
    """By domain, from what people judged; from shipped judgements while these are few."""

    def __init__(
        self,
        picks: Picks,
        most_wrong: Mapping[str, float] | None = None,
        most_share: float = MOST_SHARE,
    ) -> None:
        """``most_wrong``: by domain, the accepted share of wrong answers among verified ones
        (MAX_WRONG); ``most_share``: nobody has more of the whole than this."""
        self._picks = picks
        self._most_wrong = most_wrong or {}
        self._most_share = most_share

    async def of(self, domain: str, embedder: str, verifier: Verifier) -> Threshold:
        """The threshold of ``domain`` for scores by ``embedder``. Raises StorageError."""
        own = await self._picks.judged(domain, embedder)
        judged = weighed(own, verifier.judged, self._most_share)
        return find_threshold(judged, self.most_wrong(domain))

    def most_wrong(self, domain: str) -> float:
        """What the team accepts in ``domain``."""
        return self._most_wrong.get(domain, MAX_WRONG)


def weighed(
    own: Sequence[Judged], shipped: Sequence[Judgement], most_share: float
) -> list[Judgement]:
    """The team's judgements beside the shipped ones, which fade as the team's grow.

    Nobody weighs more than ``most_share`` of all, the shipped ones included, and nobody makes these
    fade by more than that. Of too few people, and nothing shipped, nothing counts.
    """
    counts = Counter(one.person for one in own)
    grown = sum(min(n, most_share * _WHOLE_TEAM) for n in counts.values())
    fade = max(0.0, 1.0 - grown / _WHOLE_TEAM)
    most = _most_of_one(counts.values(), fade * len(shipped), most_share)
    weights = {person: min(1.0, most / n) for person, n in counts.items()}
    return [
        *(Judgement(one.score, one.fits, weights[one.person]) for one in own),
        *(Judgement(one.score, one.right, fade) for one in shipped if fade),
    ]


def _most_of_one(counts: Collection[int], shipped: float, share: float) -> float:
    """What one person may weigh, so that it is at most ``share`` of the whole.

    Who has more is brought down to it, one after the other, and the whole gets smaller by that.
    """
    rest = float(sum(counts))
    for capped, count in enumerate(sorted(counts, reverse=True)):
        if capped * share >= 1.0:
            return 0.0
        most = share * (shipped + rest) / (1.0 - capped * share)
        if count <= most:
            return most
        rest -= count
    left = 1.0 - len(counts) * share
    return share * shipped / left if left > 0.0 else 0.0
