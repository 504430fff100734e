"""How well answers that were held out of training are foretold, with an adapter and without."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import torch
from torch import Tensor

from engine.training.answer_logits import Head, before_answers, hidden_of
from engine.training.batches import portions
from engine.training.encoding import Encoded
from engine.training.losses import answer_logps, divergence
from engine.training.memory_check import TOKENS_AT_ONCE


@dataclass(frozen=True, slots=True)
class Score:
    """One held-out row. ``nll``: nats a token of the answer, by who foretells it: "candidate",
    "base" and "previous", if there is one; ``kl``: candidate ‖ base, mean over the answer."""

    row: Encoded
    nll: Mapping[str, float]
    kl: float

    def as_row(self) -> dict[str, Any]:
        """A line for scores.json."""
        example = self.row.example
        return {
            "question": example.question,
            "kind": example.kind,
            "group": example.together,
            "tokens": self.row.answer,
            "nll": {name: round(value, 6) for name, value in self.nll.items()},
            "kl": round(self.kl, 6),
        }


@torch.no_grad()
def scored(
    models: Mapping[str, Any],
    head: Head,
    rows: Sequence[Encoded],
    after_each: Callable[[int], None] = lambda done: None,
) -> list[Score]:
    """The rows' scores under ``models``, which has at least "candidate" and "base"."""
    scores: dict[int, Score] = {}
    lengths = list(map(len, rows))
    for portion in portions(range(len(rows)), lengths, TOKENS_AT_ONCE):
        chosen = [rows[at] for at in portion]
        states, nlls = {}, {}
        for name, model in models.items():
            states[name], targets = before_answers(hidden_of(model, chosen), chosen)
            nlls[name] = by_row(-answer_logps(head, states[name], targets), chosen)
        kls = by_row(divergence(head, states["candidate"], states["base"]), chosen)
        for n, at in enumerate(portion):
            nll = {name: float(values[n].mean()) for name, values in nlls.items()}
            scores[at] = Score(chosen[n], nll, float(kls[n].mean()))
        after_each(len(scores))
    return [scores[at] for at in range(len(rows))]


def by_row(values: Tensor, rows: Sequence[Encoded]) -> tuple[Tensor, ...]:
    """Values of tokens (n,), parted into one tensor for each row's answer."""
    return torch.split(values, [row.answer for row in rows])


def summary(scores: Iterable[Score]) -> dict[str, Any]:
    """Means over accepted rows of NLL by model and of KL; empty when none was held out."""
    accepted = [score for score in scores if score.row.example.accepted]
    if not accepted:
        return {"n": 0}
    names = accepted[0].nll
    return {
        "n": len(accepted),
        "nll": {name: round(fmean(s.nll[name] for s in accepted), 6) for name in names},
        "kl": round(fmean(score.kl for score in accepted), 6),
    }
