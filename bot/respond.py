"""From a question to a growing answer, with what is known about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from bot.domains import Domain
from bot.figures import keeps_to, strays, without_open_number
from bot.messages import Status
from bot.recall import SAME, Findings, Recall, Recalled
from bot.texts import Language, say
from engine.config import GREEDY
from engine.errors import EngineError
from engine.prompt import Turn
from engine.serving.base import Engine, fit_prompt
from engine.serving.stream import Result, Stream

_log = structlog.get_logger("respond")

LIVE = "live"  # not a name that a version can have


@dataclass(slots=True)
class Response:
    """An answer that has begun: ``read`` lets ``text`` grow to its end.

    ``stream``: what the model says, None where it is not asked, by ``version`` (None: the base
    model). ``drew_on``: the pairs before the question, the nearest first; ``known``: they answer
    it. ``status``: as it would be kept at this moment. ``result``: how the model ended.

    A small model garbles even an answer that it was given. So where the question is known and the
    model strays from the pairs, or breaks down, the nearest pair's own words take the place of its
    text: as soon as it has a number that no pair has, else at its end.
    """

    stream: Stream | None = None
    drew_on: tuple[Recalled, ...] = ()
    known: bool = False
    version: str | None = None
    text: str = ""
    status: Status = "stopped"
    result: Result | None = None
    _was_stopped: bool = field(default=False, init=False)

    @property
    def verified(self) -> bool:
        """Approved knowledge stands behind the whole answer."""
        return self.known and self.status == "done"

    @property
    def quoted(self) -> bool:
        """The answer is the nearest pair's, word for word."""
        return self.verified and self.text.strip() == self.drew_on[0].pair.answer.strip()

    def stop(self) -> None:
        """Somebody has read enough: what was said so far stays."""
        self._was_stopped = True
        if self.stream:
            self.stream.cancel()

    async def read(self) -> None:
        """Take the model's words until it has ended.

        Raises EngineError where it breaks down and nothing approved can take its place.
        """
        if self.stream is None:
            return
        said = ""
        try:
            async for piece in self.stream:
                said += piece
                if self._hear(said):
                    self.stream.cancel()
            self.result = self.stream.result
        except EngineError as error:
            if not (self.verified or self._may_quote):
                self.text, self.status = "", "failed"
                raise
            _log.error("the approved words stand in for the engine", error=str(error))
            self._quote()
        else:
            self._conclude(self.result)

    @property
    def _may_quote(self) -> bool:
        return self.known and not self._was_stopped

    @property
    def _approved(self) -> list[str]:
        return [recalled.pair.answer for recalled in self.drew_on]

    def _hear(self, said: str) -> bool:
        """``said``: the model's words so far. True when no more of them are wanted."""
        if self.verified:  # the approved words are there already
            return True
        self.text = without_open_number(said) if self.known else said
        if self._may_quote and strays(self.text, self._approved):
            self._quote()
            return True
        return False

    def _conclude(self, result: Result) -> None:
        """The model has ended by itself, or was made to."""
        if self.verified:
            return
        self.text = result.text
        self.status = "stopped" if result.reason == "cancelled" else "done"
        if self.verified and not keeps_to(self.text, self._approved):
            self._quote()

    def _quote(self) -> None:
        self.drew_on = self.drew_on[:1]
        self.text, self.status = self.drew_on[0].pair.answer, "done"


class Responder:
    """Puts history and recalled pairs before a question and asks the engine.

    ``recall`` None: nothing is known, as if the bot had just been set up.
    """

    def __init__(
        self,
        engine: Engine,
        recall: Recall | None,
        domains: Mapping[str, Domain],
        version_of: Callable[[str], str | None] = lambda domain: None,
    ) -> None:
        self._engine = engine
        self._recall = recall
        self._domains = domains
        self._version_of = version_of

    async def respond(
        self,
        domain_name: str,
        question: str,
        turns: Sequence[Turn],
        language: Language,
        version: str | None = LIVE,
    ) -> Response:
        """Start one answer, by the live version of the domain or another one (None: the base).

        Raises PromptTooLongError, BusyError and AdapterError.
        """
        domain = self._domains[domain_name]
        found = await self._found(domain, question)
        if not found.known and domain.unknown == "abstain":
            return Response(text=say("abstained", language), status="abstained")
        if found.near and found.near[0].score == SAME:  # the approved words themselves
            nearest = found.near[0]
            return Response(None, (nearest,), known=True, text=nearest.pair.answer, status="done")
        # The nearest pair stands right before the question; when room is short, history goes first.
        recalled = [Turn(r.pair.question, r.pair.answer) for r in reversed(found.near)]
        before = [*turns, *recalled]
        prompt = await fit_prompt(
            self._engine, question, system=domain.system, turns=before, language=domain.language
        )
        version = self._version_of(domain.name) if version == LIVE else version
        stream = self._engine.stream(prompt, version, GREEDY)
        kept = found.near[: prompt.turns]
        return Response(stream, kept, known=found.known and bool(kept), version=version)

    async def _found(self, domain: Domain, question: str) -> Findings:
        if self._recall is None:
            return Findings()
        return await self._recall.find(domain.name, question, most=domain.recalled)
