"""From a question to a growing answer, with what is known about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.answering.drafts import may_draft
from bot.answering.small_talk import friendly_line, small_talk
from bot.domains import Domain
from bot.knowledge.retriever import ACCEPTED, Hit, Retrieved, Retriever
from bot.messages import Asker, OnePerson, Outcome, Status
from bot.privacy.plain_text import without_links
from bot.texts import Language, say
from engine.config import GREEDY
from engine.errors import EngineError
from engine.model.prompt import Turn
from engine.retrieval.follow_up import stands_alone
from engine.serving.base import Engine, fit_prompt
from engine.serving.stream import Result, Stream

_NOBODY = Asker()


@dataclass(slots=True)
class Response:
    """An answer that has begun: ``read`` lets ``text`` grow to its end.

    ``stream``: what the model says, by ``version`` (None: the base model); None where it is not
    asked. ``used_pairs``: the pairs before the question, the nearest first. ``known``: the text is
    the nearest pair's answer, word for word. ``offered``: known questions that stand in place of an
    answer. ``unapproved``: the text is what one person says, the pair's words.
    ``small_talk``: nothing was asked, and the text is a friendly line of ours.
    ``status``: as it would be kept at this moment. ``result``: how the model ended.
    """

    stream: Stream | None = None
    used_pairs: tuple[Hit, ...] = ()
    known: bool = False
    offered: tuple[Hit, ...] = ()
    unapproved: Hit | None = None
    version: str | None = None
    text: str = ""
    status: Status = "stopped"
    small_talk: bool = False
    result: Result | None = None
    _was_stopped: bool = field(default=False, init=False)

    @property
    def said_by(self) -> OnePerson | None:
        """Who says so, where nobody has approved it."""
        return OnePerson.of(self.unapproved.pair) if self.unapproved else None

    @property
    def outcome(self) -> Outcome:
        if self.offered:
            return "suggested"
        if self.status == "abstained":
            return "abstained"
        return "verified" if self.known else "unverified"

    def stop(self) -> None:
        """Somebody has read enough: what was said so far stays."""
        self._was_stopped = True
        if self.stream:
            self.stream.cancel()

    async def read(self) -> None:
        """Take the model's words until it has ended. Raises EngineError where it breaks down."""
        if self.stream is None:
            return
        try:
            said = ""
            async for piece in self.stream:
                said += piece
                self.text = without_links(said)
            self.result = self.stream.result
        except EngineError:
            if self._was_stopped:
                return
            self.text, self.status = "", "failed"
            raise
        self.text = without_links(self.result.text)
        self.status = "stopped" if self.result.reason == "cancelled" else "done"


class Responder:
    """Puts history and recalled pairs before a question and asks the engine.

    ``recall`` None: nothing is known, as if the bot had just been set up.
    """

    def __init__(
        self,
        engine: Engine,
        retriever: Retriever | None,
        domains: Mapping[str, Domain],
        version_of: Callable[[str], str | None] = lambda domain: None,
    ) -> None:
        self._engine = engine
        self._retriever = retriever
        self._domains = domains
        self._version_of = version_of

    async def respond(
        self,
        domain_name: str,
        question: str,
        turns: Sequence[Turn],
        language: Language,
        asker: Asker = _NOBODY,
        *,
        offer: bool = True,
    ) -> Response:
        """Start one answer, by the domain's live version.

        What is known is answered in the approved words: a model may turn around what it was given,
        and a deadline that nobody approved must not pass for knowledge. Where it is not sure which
        known question was meant, these are offered, unless ``offer`` is False. Small talk gets a
        friendly line, unless its very words were taught.

        Raises PromptTooLongError, BusyError and AdapterError.
        """
        domain = self._domains[domain_name]
        found = await self._found(domain, question, asker)
        kind, alone = small_talk(question), stands_alone(question, len(turns))
        if found.known and (found.same if kind else alone or found.near[0].score >= ACCEPTED):
            nearest = found.near[0]
            return Response(None, (nearest,), known=True, text=nearest.pair.answer, status="done")
        if kind:
            line = friendly_line(kind, domain, await self._known(domain), language)
            return Response(text=line, status="abstained", small_talk=True)
        if found.unapproved and alone:
            hit = found.unapproved
            return Response(None, (hit,), unapproved=hit, text=hit.pair.answer, status="done")
        version = self._version_of(domain.name)
        drafts = self._may_draft(domain, version)
        if offer and found.offered and (alone or not drafts):
            text = say("did_you_mean", language)
            return Response(offered=found.offered, text=text, status="abstained")
        if not drafts:
            return Response(text=say("abstained", language), status="abstained")
        return await self._generated(domain, question, turns, found.near, version)

    async def _generated(
        self,
        domain: Domain,
        question: str,
        turns: Sequence[Turn],
        near: tuple[Hit, ...],
        version: str | None,
    ) -> Response:
        """Let the model answer, with the pairs ``near`` before the question. Raises the same."""
        # The nearest pair stands right before the question; when room is short, history goes first.
        recalled = [Turn(r.pair.question, r.pair.answer) for r in reversed(near)]
        prompt = await fit_prompt(
            self._engine, question, system=domain.system, turns=[*turns, *recalled],
            language=domain.language,
        )  # fmt: skip
        stream = self._engine.stream(prompt, version, GREEDY)
        return Response(stream, near[: prompt.turns], version=version)

    async def respond_with_model(
        self, domain_name: str, question: str, version: str | None
    ) -> Response:
        """As ``respond``, but ``version`` itself answers (None: the base model), with what is known
        before the question.

        Raises the same.
        """
        domain = self._domains[domain_name]
        found = await self._found(domain, question, _NOBODY)
        return await self._generated(domain, question, (), found.near, version)

    def _may_draft(self, domain: Domain, version: str | None) -> bool:
        return may_draft(
            domain.unknown,
            is_chat_model=self._engine.format.chat_template is not None,
            has_live_version=version is not None,
        )

    async def _known(self, domain: Domain) -> int:
        """How many approved answers there are."""
        return await self._retriever.count(domain.name) if self._retriever else 0

    async def _found(self, domain: Domain, question: str, asker: Asker) -> Retrieved:
        if self._retriever is None:
            return Retrieved()
        return await self._retriever.find(domain.name, question, most=domain.recalled, asker=asker)
