"""From a question to a growing answer, with what is known about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domains import Domain
from bot.figures import keeps_to
from bot.recall import SAME, Findings, Recall, Recalled
from bot.texts import Language, say
from engine.config import GREEDY
from engine.prompt import Prompt, Turn
from engine.serving.base import Engine, fit_prompt
from engine.serving.stream import Stream


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that has begun. ``drew_on``: the pairs before the question, the nearest first.

    ``known``: they answer the question. ``abstained``: the bot says that it does not know, instead
    of asking the model.
    """

    stream: Stream
    question: str
    drew_on: tuple[Recalled, ...] = ()
    known: bool = False
    abstained: bool = False

    def verified(self, text: str) -> bool:
        """Approved knowledge stands behind ``text``, the whole answer."""
        said = [part for r in self.drew_on for part in (r.pair.question, r.pair.answer)]
        return self.known and keeps_to(text, [self.question, *said])


class Responder:
    """Puts history and recalled pairs before a question and asks the engine.

    ``recall`` None: nothing is known, as if the bot had just been set up.
    """

    def __init__(
        self, engine: Engine, recall: Recall | None, domains: Mapping[str, Domain]
    ) -> None:
        self._engine = engine
        self._recall = recall
        self._domains = domains

    async def respond(
        self, domain_name: str, question: str, turns: Sequence[Turn], language: Language
    ) -> Response:
        """Start one answer. Raises PromptTooLongError and BusyError."""
        domain = self._domains[domain_name]
        found = await self._found(domain, question)
        if not found.known and domain.unknown == "abstain":
            return Response(_said(say("abstained", language)), question, abstained=True)
        if (
            found.near and found.near[0].score == SAME
        ):  # asked before: the approved words themselves
            return Response(_said(found.near[0].pair.answer), question, found.near[:1], known=True)
        # The nearest pair stands right before the question; when room is short, history goes first.
        recalled = [Turn(r.pair.question, r.pair.answer) for r in reversed(found.near)]
        before = [*turns, *recalled]
        prompt = await fit_prompt(
            self._engine, question, system=domain.system, turns=before, language=domain.language
        )
        stream = self._engine.stream(prompt, sampling=GREEDY)
        kept = found.near[: prompt.turns]
        return Response(stream, question, kept, known=found.known and bool(kept))

    async def _found(self, domain: Domain, question: str) -> Findings:
        if self._recall is None:
            return Findings()
        return await self._recall.find(domain.name, question, most=domain.recalled)


def _said(text: str) -> Stream:
    """Words of our own in the form of an answer."""
    stream = Stream(Prompt(""))
    stream.begin()
    stream.feed(text, tokens=0)
    stream.finish()
    return stream
