"""From a question to a growing answer, with what is known about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domains import Domain
from bot.figures import keeps_to
from bot.recall import SAME, Findings, Recall, Recalled
from bot.texts import Language, say
from engine.config import GREEDY
from engine.prompt import Prompt, Turn
from engine.serving.base import Engine, fit_prompt
from engine.serving.stream import Stream

LIVE = "live"  # not a name that a version can have


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that has begun. ``drew_on``: the pairs before the question, the nearest first.

    ``known``: they answer the question. ``version``: whose words they are (None: the base
    model's, or nobody's). ``quoted``: the answer is the first pair's, word for word.
    ``abstained``: the bot says that it does not know, instead of asking the model.
    """

    stream: Stream
    drew_on: tuple[Recalled, ...] = ()
    known: bool = False
    quoted: bool = False
    abstained: bool = False
    version: str | None = None

    def verified(self, text: str) -> bool:
        """Approved knowledge stands behind ``text``, the whole answer."""
        return self.known and (self.quoted or keeps_to(text, [r.pair.answer for r in self.drew_on]))


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
            return Response(_said(say("abstained", language)), abstained=True)
        if (
            found.near and found.near[0].score == SAME
        ):  # asked before: the approved words themselves
            return Response(
                _said(found.near[0].pair.answer), found.near[:1], known=True, quoted=True
            )
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


def _said(text: str) -> Stream:
    """Words of our own in the form of an answer."""
    stream = Stream(Prompt(""))
    stream.begin()
    stream.feed(text, tokens=0)
    stream.finish()
    return stream
