"""A candidate is asked, in the engine that would serve it, what it must still know."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.answering.responder import Responder
from engine.errors import BusyError, EngineError, PromptTooLongError
from engine.gate.gate import Budget, Evidence, GateVerdict, Question, judge
from engine.gate.golden import Golden, GoldenResult, compare
from engine.gate.reasons import Reason

_PAUSE_S = 1.0  # people's questions go first
# Nats a token from the base, mean over held-out answers: several times what a healthy adapter has
# where the answer is in sight, which is as far from the base as the base is from the answer.
_KL_CAP = 3.0
_ASKED = 5  # held-out questions that both versions answer
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CandidateAnswers:
    """What came of asking. ``answers``: (question, before, after) of the held-out questions.

    ``failure``: why the candidate cannot be served, whatever its scores are.
    """

    golden: tuple[GoldenResult, ...]
    answers: tuple[tuple[str, str, str], ...]
    failure: Reason | None


class CandidateEvaluator:
    """Asks one question after another, so that people who ask meanwhile hardly wait.

    The model itself must answer, with what is known in front of it: approved words that stand in
    for it would hide whatever it says.
    """

    def __init__(self, responder: Responder) -> None:
        self._responder = responder

    async def evaluate(
        self,
        domain: str,
        golden: Sequence[Golden],
        heldout: Sequence[str],
        *,
        live: str | None,
        candidate: str,
        on_answer: Callable[[int, int], None] = lambda done, of: None,
    ) -> CandidateAnswers:
        """Ask all of both versions; ``on_answer`` hears how many are done. Raises EngineError when
        the live version cannot answer."""
        questions = [*(g.question for g in golden), *heldout]
        before, after = dict[str, str](), dict[str, str]()
        failure: Reason | None = None
        for number, question in enumerate(questions):
            before[question] = await self._ask(domain, question, live)
            try:
                after[question] = await self._ask(domain, question, candidate)
            except EngineError as error:
                after[question], reason = "", str(error)
            else:
                reason = "no answer"
            if before[question] and not after[question]:
                failure = failure or Reason("canary", {"question": question, "error": reason})
            on_answer(number + 1, len(questions))
        return CandidateAnswers(
            compare(golden, before, after),
            tuple((q, before[q], after[q]) for q in heldout),
            failure,
        )

    async def _ask(self, domain: str, question: str, version: str | None) -> str:
        while True:
            try:
                response = await self._responder.respond_with_model(domain, question, version)
            except BusyError:
                await asyncio.sleep(_PAUSE_S)
                continue
            except PromptTooLongError:
                return ""
            await response.read()
            return response.text


def sample_questions(rows: Sequence[Row]) -> list[str]:
    """Some of the held-out questions of scores.json, each about another fact."""
    first = {row["group"]: row["question"] for row in reversed(rows) if row["kind"] != "rejected"}
    return list(dict.fromkeys(first.values()))[:_ASKED]


def judge_candidate(
    rows: Sequence[Row], kl: float, candidate_answers: CandidateAnswers, budget: Budget
) -> GateVerdict:
    """What the gate says. ``rows``: of scores.json; ``kl``: their mean, candidate to base."""
    if candidate_answers.failure:
        return GateVerdict("rejected", (candidate_answers.failure,))
    questions = [
        Question(row["group"], row["nll"].get("previous", row["nll"]["base"]),
                 row["nll"]["candidate"])
        for row in rows if row["kind"] != "rejected"
    ]  # fmt: skip
    return judge(Evidence(questions, candidate_answers.golden, kl=kl, kl_cap=_KL_CAP), budget)
