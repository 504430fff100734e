"""What a round has found out, put together: scores and answers in, outcome out. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.candidate import Examined
from bot.outcome import Outcome, Sample
from engine.gate.gate import Budget, Evidence, Question, Verdict, judge

# Nats a token from the base, mean over held-out answers: several times what a healthy adapter has
# where the answer is in sight, which is as far from the base as the base is from the answer.
_KL_CAP = 3.0
_ASKED = 5  # held-out questions that both versions answer
_SHOWN = 3  # of them in the report
Row = Mapping[str, Any]


def to_ask(rows: Sequence[Row]) -> list[str]:
    """Some of the held-out questions of scores.json, each about another fact."""
    first = {row["group"]: row["question"] for row in reversed(rows) if row["kind"] != "rejected"}
    return list(dict.fromkeys(first.values()))[:_ASKED]


def verdict_of(rows: Sequence[Row], kl: float, examined: Examined, budget: Budget) -> Verdict:
    """What the gate says. ``rows``: of scores.json; ``kl``: their mean, candidate to base."""
    if examined.broken:
        return Verdict("rejected", (examined.broken,))
    questions = [
        Question(row["group"], row["nll"].get("previous", row["nll"]["base"]),
                 row["nll"]["candidate"])
        for row in rows if row["kind"] != "rejected"
    ]  # fmt: skip
    return judge(Evidence(questions, examined.golden, kl=kl, kl_cap=_KL_CAP), budget)


def with_evidence(outcome: Outcome, verdict: Verdict, manifest: Row, examined: Examined) -> Outcome:
    """``outcome`` with all that the report tells. ``manifest``: of the trainer."""
    golden = examined.golden
    changed = [Sample(*answer) for answer in examined.answers if answer[1] != answer[2]]
    return replace(
        outcome,
        verdict=verdict.outcome,
        reasons=verdict.reasons,
        tested=verdict.tested,
        examples=manifest["examples"],
        by_kind=manifest["by_kind"],
        heldout=manifest["heldout"],
        nll=manifest["scores"].get("nll", {}),
        golden=(len(golden), sum(g.live for g in golden), sum(g.candidate for g in golden)),
        samples=tuple(changed[:_SHOWN]),
        losses=tuple(manifest["losses"]),
        parameters=manifest["parameters"],
        parameters_percent=manifest["parameters_percent"],
        peak_mb=manifest["peak_mb"],
    )
