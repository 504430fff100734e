"""A candidate is asked, in the engine that would serve it, what it must still know."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.respond import Responder
from engine.errors import BusyError, EngineError, PromptTooLongError
from engine.gate.golden import Golden, Outcome, compare
from engine.gate.reasons import Reason

_PAUSE_S = 1.0  # people's questions go first


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of asking. ``answers``: (question, before, after) of the held-out questions.

    ``broken``: why the candidate cannot be served, whatever its scores are.
    """

    golden: tuple[Outcome, ...]
    answers: tuple[tuple[str, str, str], ...]
    broken: Reason | None


class Examiner:
    """Asks one question after another, so that people who ask meanwhile hardly wait.

    The model itself must answer, with what is known in front of it: approved words that stand in
    for it would hide whatever it says.
    """

    def __init__(self, responder: Responder) -> None:
        self._responder = responder

    async def examine(
        self,
        domain: str,
        golden: Sequence[Golden],
        heldout: Sequence[str],
        *,
        live: str | None,
        candidate: str,
        on_answer: Callable[[int, int], None] = lambda done, of: None,
    ) -> Examined:
        """Ask all of both versions; ``on_answer`` hears how many are done. Raises EngineError when
        the live version cannot answer."""
        questions = [*(g.question for g in golden), *heldout]
        before, after = dict[str, str](), dict[str, str]()
        broken: Reason | None = None
        for number, question in enumerate(questions):
            before[question] = await self._ask(domain, question, live)
            try:
                after[question] = await self._ask(domain, question, candidate)
            except EngineError as error:
                after[question], reason = "", str(error)
            else:
                reason = "no answer"
            if before[question] and not after[question]:
                broken = broken or Reason("canary", {"question": question, "error": reason})
            on_answer(number + 1, len(questions))
        return Examined(
            compare(golden, before, after),
            tuple((q, before[q], after[q]) for q in heldout),
            broken,
        )

    async def _ask(self, domain: str, question: str, version: str | None) -> str:
        while True:
            try:
                response = await self._responder.examine(domain, question, version)
            except BusyError:
                await asyncio.sleep(_PAUSE_S)
                continue
            except PromptTooLongError:
                return ""
            await response.read()
            return response.text
