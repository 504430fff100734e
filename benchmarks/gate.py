"""``python -m benchmarks.gate``: how often the gate and the watch err, by simulation.

Differences have mean zero (or ``effect``) and standard deviation one, in any unit: nothing in the
gate's test depends on the unit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp

import numpy as np

from engine.gate.approval_test import Floats, log_evidence, lower_bound
from engine.gate.gate import Budget, Evidence, Question, judge
from engine.gate.permutation_test import sign_flip

Draw = Callable[[np.random.Generator, int], Floats]

# What a candidate that is no better may look like: mean 0, sd 1; most gain, few lose, but the first
NULLS: dict[str, Draw] = {
    "normal": lambda r, n: r.normal(size=n),
    "exponential": lambda r, n: 1.0 - r.exponential(size=n),
    "gamma ½": lambda r, n: (0.5 - r.gamma(0.5, size=n)) / 0.5**0.5,
    "lognormal σ = ½": lambda r, n: _lognormal(r, n, 0.5),
    "lognormal σ = 1": lambda r, n: _lognormal(r, n, 1.0),
    "10 % fail": lambda r, n: np.where(r.random(n) < 0.1, -2.7, 0.3) + 0.3 * r.normal(size=n),
}


def _lognormal(random: np.random.Generator, n: int, sigma: float) -> Floats:
    variance = (exp(sigma**2) - 1.0) * exp(sigma**2)
    return (exp(sigma**2 / 2) - random.lognormal(0.0, sigma, n)) / variance**0.5


def evidence(gains: Floats) -> Evidence:
    return Evidence([Question(str(i), 0.0, -gain) for i, gain in enumerate(gains)])


def promoted(draw: Draw, groups: int, tested: int, repeats: int, seed: int = 0) -> float:
    """The share of candidates promoted that were drawn by ``draw``."""
    random, budget = np.random.default_rng(seed), Budget(tested)
    outcomes = [judge(evidence(draw(random, groups)), budget).outcome for _ in range(repeats)]
    return outcomes.count("promoted") / repeats


def plain_test(draw: Draw, groups: int, alpha: float, repeats: int, seed: int = 0) -> float:
    """The same share with the sign-flip test alone."""
    random = np.random.default_rng(seed)
    ps = [sign_flip(draw(random, groups), alpha)[0] for _ in range(repeats)]
    return sum(p <= alpha for p in ps) / repeats


def better(effect: float) -> Draw:
    """Normal gains of ``effect`` standard deviations on average."""
    return lambda random, n: effect + random.normal(size=n)


def ever_promoted(draw: Draw, groups: int, rounds: int, repeats: int, seed: int = 0) -> float:
    """The share of runs of ``rounds`` in which anything was promoted, with growing hold-outs.

    Each round adds five groups, as new labels do.
    """
    random, hits = np.random.default_rng(seed), 0
    for _ in range(repeats):
        tested = 0
        for number in range(rounds):
            gains = draw(random, groups + 5 * number)
            verdict = judge(evidence(gains), Budget(tested))
            tested += verdict.tested
            if verdict.outcome == "promoted":
                hits += 1
                break
    return hits / repeats


@dataclass(frozen=True, slots=True)
class Watched:
    """Votes until roll-back, inf where none came in ``horizon`` votes, looking after each."""

    votes: Floats

    @property
    def share(self) -> float:
        return float(np.isfinite(self.votes).mean())

    def quantile(self, q: float) -> float:
        return float(np.quantile(self.votes, q, method="higher"))


def watched(
    old: float, old_votes: int, new: float, horizon: int, repeats: int, seed: int = 0
) -> Watched:
    """Simulated roll-backs, alpha 5 %, of a version approved at ``new`` after one at ``old``."""
    random, delays = np.random.default_rng(seed), np.full(repeats, np.inf)
    total = np.arange(1, horizon + 1)
    floors: dict[int, float] = {}
    for run in range(repeats):
        approved = int(random.binomial(old_votes, old))
        if approved not in floors:
            floors[approved] = lower_bound(approved, old_votes, 0.025)
        votes = (random.random(horizon) < new).cumsum()
        worse = log_evidence(votes, total, floors[approved]) >= np.log(40.0)
        if worse.any():
            delays[run] = worse.argmax() + 1
    return Watched(delays)


def main() -> None:
    repeats = 1000
    print("False promotions, round 1 (alpha 0.030) and 3 (0.0034); the sign-flip test alone at 5 %")
    print("| no better | n | alone | round 1 | round 3 |\n|---|---|---|---|---|")
    for name, draw in NULLS.items():
        for n in (12, 20, 30, 50):
            alone = plain_test(draw, n, 0.05, repeats)
            rates = [promoted(draw, n, tested, repeats) for tested in (0, 2)]
            print(f"| {name} | {n} | {alone:.3f} |", " | ".join(f"{r:.4f}" for r in rates), "|")
    print("\nPromotions of what is better (normal), round 1 and 3")
    print("| effect, sd | n = 12 | 20 | 30 | 50 |\n|---|---|---|---|---|")
    for effect in (0.5, 0.8, 1.2, 2.0):
        cells = [
            " / ".join(f"{promoted(better(effect), n, tested, 500):.2f}" for tested in (0, 2))
            for n in (12, 20, 30, 50)
        ]
        print(f"| {effect} |", " | ".join(cells), "|")
    print("\nTwelve rounds of candidates that are no better, n = 20, 25, …: ever promoted")
    for name in ("normal", "lognormal σ = 1"):
        print(f"| {name} | {ever_promoted(NULLS[name], 20, 12, 300):.3f} |", flush=True)
    print("\nRolled back, looking after each of 2,000 votes; votes until then, median / 90 %")
    print("| old votes | .85→.85 | .85→.70 | .85→.60 |\n|---|---|---|---|")
    for votes in (50, 100, 200, 500, 1000):
        cells = [f"{watched(0.85, votes, 0.85, 2000, 1000).share:.3f}"]
        for new in (0.7, 0.6):
            run = watched(0.85, votes, new, 2000, 400)
            cells.append(f"{run.share:.2f}: {run.quantile(0.5):.0f} / {run.quantile(0.9):.0f}")
        print(f"| {votes} |", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
