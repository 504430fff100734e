"""From which score a pair counts as known, so that few enough answers are wrong."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median_low

from bot.domains import Domain
from bot.messages import voice_of
from engine.retrieval.calibration import NEVER, Judgement, Threshold, find_threshold
from engine.retrieval.verifier import Verifier, verifier_for
from storage.picks import Judged, Picks

MAX_WRONG = 0.05
MOST_SHARE = 0.2
_WHOLE_TEAM = 200  # judgements of a team's own from which the shipped ones count no more


@dataclass(frozen=True, slots=True)
class Promise:
    """What a team may expect of verified answers in one domain, and what that rests on.

    ``embedder``: whose scores these are. ``own`` and ``shipped``: judgements of the team, and of
    those that come along what still counts. ``wrong``: the measured share of wrong answers from
    ``threshold`` on, None where no judgement lies there; ``max_wrong``: the accepted one.
    """

    embedder: str
    threshold: float
    own: int
    shipped: int
    wrong: float | None
    max_wrong: float

    @property
    def judged(self) -> int:
        return self.own + self.shipped

    @property
    def only_same_words(self) -> bool:
        """No score is sure enough: a question in other words is never known."""
        return self.threshold >= NEVER


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
        own = await self._own(domain, embedder)
        return steady_threshold(own, verifier.judged, self._most_share, self.most_wrong(domain))

    async def promise(self, domain: str, embedder: str) -> Promise:
        """The same with what it rests on; the embedder is not loaded. Raises StorageError."""
        own = await self._own(domain, embedder)
        shipped = verifier_for(embedder).judged
        found = steady_threshold(own, shipped, self._most_share, self.most_wrong(domain))
        return Promise(
            embedder,
            found.value,
            own=len(own),
            shipped=round(faded(own, self._most_share) * len(shipped)),
            wrong=found.wrong,
            max_wrong=self.most_wrong(domain),
        )

    async def _own(self, domain: str, embedder: str) -> list[Judged]:
        """What people judged; browsers without a name are one person."""
        judged = await self._picks.judged(domain, embedder)
        return [replace(one, person=voice_of(one.person)) for one in judged]

    def most_wrong(self, domain: str) -> float:
        """What the team accepts in ``domain``."""
        return self._most_wrong.get(domain, MAX_WRONG)


def accepted_wrong(domains: Mapping[str, Domain], otherwise: float) -> dict[str, float]:
    """By domain, what its file accepts, or ``otherwise``."""
    return {name: domain.max_wrong or otherwise for name, domain in domains.items()}


def steady_threshold(
    own: Sequence[Judged], shipped: Sequence[Judgement], most_share: float, most_wrong: float
) -> Threshold:
    """The threshold from all judgements, as far as it moves without any single person too.

    A few wrong answers above the threshold can lift it far, whatever they weigh: so each person is
    left out in turn, and of these thresholds the one counts that is nearest to where it would be
    without the team, or, once the shipped judgements have faded, to the middle of them.
    """

    def found(judged: Sequence[Judged]) -> Threshold:
        return find_threshold(weighed(judged, shipped, most_share), most_wrong)

    whole = found(own)
    without = [found([j for j in own if j.person != p]) for p in sorted({j.person for j in own})]
    if not without:
        return whole
    start = find_threshold(shipped, most_wrong).value
    if not faded(own, most_share):
        start = median_low(one.value for one in without)
    return min([whole, *without], key=lambda one: abs(one.value - start))


def weighed(
    own: Sequence[Judged], shipped: Sequence[Judgement], most_share: float
) -> list[Judgement]:
    """The team's judgements beside the shipped ones, which fade as the team's grow.

    Nobody weighs more than ``most_share`` of all, the shipped ones included, and nobody makes these
    fade by more than that. Of too few people, and nothing shipped, nothing counts.
    """
    counts, fade = Counter(one.person for one in own), faded(own, most_share)
    most = _most_of_one(counts.values(), fade * len(shipped), most_share)
    weights = {person: min(1.0, most / n) for person, n in counts.items()}
    return [
        *(Judgement(one.score, one.fits, weights[one.person]) for one in own),
        *(Judgement(one.score, one.right, fade) for one in shipped if fade),
    ]


def faded(own: Sequence[Judged], most_share: float) -> float:
    """For how much each shipped judgement counts beside ``own``, from 1 to 0."""
    counts = Counter(one.person for one in own)
    grown = sum(min(n, most_share * _WHOLE_TEAM) for n in counts.values())
    return max(0.0, 1.0 - grown / _WHOLE_TEAM)


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
