"""A question becomes a streamed, stored answer."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import structlog

from bot.answering.responder import Responder, Response
from bot.answering.suggestions import as_suggestion
from bot.errors import RefusedError
from bot.knowledge.retriever import SAME, Hit
from bot.messages import Incoming, Reply, Source
from bot.metrics import Metrics
from bot.privacy.masker import Masker
from bot.texts import Language, say
from engine.errors import BusyError, EngineError, PromptTooLongError
from engine.model.prompt import Turn, clean
from storage.conversations import Conversations, Exchange, StoredReply, UsedPair
from storage.errors import GoneError, StorageError, WithdrawnError

MAX_QUESTION_CHARS = 8000
_REMEMBERED_TURNS = 10
_FIRST_LOOK_S = 0.05
_STOP_S = 2.0
_log = structlog.get_logger("answering")
Earlier = Callable[[], Awaitable[Sequence[Turn]]]


class Answer:
    """One answer on its way; it goes on whether or not anybody looks.

    ``replaces``: the stored reply whose place it takes; None: it is the first to its question.
    """

    def __init__(
        self,
        incoming: Incoming,
        response: Response,
        question_id: int,
        replaces: int | None = None,
    ) -> None:
        self.incoming = incoming
        self.response = response
        self.question_id = question_id
        self.replaces = replaces
        self.reply: Reply | None = None
        self._ended = asyncio.Event()

    @property
    def text(self) -> str:
        """What was said so far."""
        return self.response.text

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def stop(self) -> None:
        """The asker has read enough: what was said so far stays."""
        self.response.stop()

    async def finished(self) -> Reply | None:
        """Wait for the end; None when the reply could not even be stored (the log says why)."""
        await self._ended.wait()
        return self.reply

    async def updates(self, every: float) -> AsyncIterator[str]:
        """The text so far, whenever it has grown, at most once in ``every`` seconds."""
        shown = ""
        while not self._ended.is_set():
            if self.text != shown:
                shown = self.text
                yield shown
            try:
                # The first words are shown as soon as they are there.
                pause = every if shown else min(every, _FIRST_LOOK_S)
                await asyncio.wait_for(self._ended.wait(), pause)
            except TimeoutError:
                continue
        text = self.reply.text if self.reply else self.text  # one that cannot be kept is read too
        if text != shown:
            yield text

    def end(self, reply: Reply | None) -> None:
        self.reply = reply
        self._ended.set()


class AnswerService:
    """Takes questions from every platform; knows which answers are on their way."""

    def __init__(
        self,
        responder: Responder,
        conversations: Conversations,
        metrics: Metrics,
        masker: Masker,
        *,
        model: str,
        language: Language,
    ) -> None:
        self._responder = responder
        self._conversations = conversations
        self._metrics = metrics
        self._masker = masker
        self._model = model
        self._language = language
        self._running: dict[asyncio.Task[None], Answer] = {}
        self._closing = False
        self._taking = 0  # questions that are not yet answers
        self._all_taken = asyncio.Event()
        self._all_taken.set()
        self.store_failed = False  # the last reply could not be written

    async def ask(
        self,
        incoming: Incoming,
        earlier: Earlier | None = None,
        language: Language | None = None,
    ) -> Answer:
        """Start answering. ``earlier`` fetches what was said in a thread unknown to storage.

        Raises RefusedError, whose text is for the asker; a refused question is not stored.
        """
        language = language or self._language
        question = self._checked(incoming.text, language)
        with self._taken():
            return await self._start(incoming, question, earlier, language)

    @contextmanager
    def _taken(self) -> Iterator[None]:
        """Somebody's question is becoming an answer, which ``close`` waits for."""
        self._taking += 1
        self._all_taken.clear()
        try:
            yield
        finally:
            self._taking -= 1
            if not self._taking:
                self._all_taken.set()

    async def _start(
        self, incoming: Incoming, question: str, earlier: Earlier | None, language: Language
    ) -> Answer:
        started = time.monotonic()
        turns = await self._turns(incoming, earlier)
        response = await self._respond(incoming, question, turns, language)
        try:
            _, question_id = await self._conversations.add_question(
                platform=incoming.platform,
                channel=incoming.channel,
                thread=incoming.thread,
                person=incoming.person,
                domain=incoming.domain,
                text=question,
                message=incoming.message,
            )
        except BaseException:
            response.stop()
            raise
        return self._begin(Answer(incoming, response, question_id), started)

    async def ask_again(
        self, reply_id: int, language: Language | None = None, *, offer: bool
    ) -> Answer:
        """Answer the question of a stored reply anew, in its place; ``offer``: known questions may
        be offered.

        Raises RefusedError, and GoneError when the reply was removed.
        """
        language, started = language or self._language, time.monotonic()
        self._check_open(language)
        with self._taken():
            return await self._start_again(reply_id, language, started, offer=offer)

    async def _start_again(
        self, reply_id: int, language: Language, started: float, *, offer: bool
    ) -> Answer:
        asked = await self._conversations.asked(reply_id)
        if asked is None:
            raise GoneError(f"the reply {reply_id} was removed")
        user = asked.person.partition(":")[2]
        incoming = Incoming(
            asked.platform, asked.channel, asked.thread, user, asked.text, asked.domain,
            asked.message,
        )  # fmt: skip
        turns = await self._turns(incoming, before=asked.question_id)
        response = await self._respond(incoming, asked.text, turns, language, offer=offer)
        return self._begin(Answer(incoming, response, asked.question_id, reply_id), started)

    async def _respond(
        self,
        incoming: Incoming,
        question: str,
        turns: Sequence[Turn],
        language: Language,
        *,
        offer: bool = True,
    ) -> Response:
        """Start a response. Raises RefusedError."""
        try:
            return await self._responder.respond(
                incoming.domain, question, turns, language, incoming.asker, offer=offer
            )
        except BusyError as busy:
            raise self._refusal("busy", language, position=busy.position) from busy
        except PromptTooLongError as error:
            raise self._refusal(
                "question_too_many_tokens", language, tokens=error.tokens, limit=error.limit
            ) from error

    def _begin(self, answer: Answer, started: float) -> Answer:
        task = asyncio.create_task(self._run(answer, started))
        self._running[task] = answer
        task.add_done_callback(self._running.pop)
        return answer

    @property
    def closing(self) -> bool:
        """No more questions are taken."""
        return self._closing

    def running(self, question_id: int) -> Answer | None:
        """The answer to this question, while it is on its way."""
        return next((a for a in self._running.values() if a.question_id == question_id), None)

    def replacing(self, reply_id: int) -> bool:
        """Another answer is about to take the place of this reply."""
        return any(answer.replaces == reply_id for answer in self._running.values())

    async def wait_for_conversation(self, place: Incoming) -> None:
        """Wait for the answers that are on their way in the conversation of ``place``."""
        for answer in list(self._running.values()):
            asked = answer.incoming
            if (asked.platform, asked.channel, asked.thread) == (
                place.platform, place.channel, place.thread,
            ):  # fmt: skip
                await answer.finished()

    async def close(self, grace_s: float) -> None:
        """Take no more questions; let answers finish for ``grace_s`` seconds, then stop them.

        An engine that does not stop within two seconds more is not waited for: what was said so far
        is stored without it.
        """
        self._closing = True
        await self._all_taken.wait()
        if self._running:
            await asyncio.wait(self._running, timeout=grace_s)
        for answer in self._running.values():
            answer.stop()
        if self._running:
            await asyncio.wait(self._running, timeout=_STOP_S)
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)

    def _check_open(self, language: Language) -> None:
        if self._closing:
            raise self._refusal("closing", language)

    def _checked(self, text: str, language: Language) -> str:
        self._check_open(language)
        if len(text) > MAX_QUESTION_CHARS:
            raise self._refusal(
                "question_too_long", language, size=len(text), limit=MAX_QUESTION_CHARS
            )
        question = self._masker.mask(clean(text))
        if not question:
            raise self._refusal("empty_question", language)
        return question

    def _refusal(self, reason: str, language: Language, **values: object) -> RefusedError:
        self._metrics.refused.labels(reason).inc()
        return RefusedError(say(reason, language, **values))

    async def _turns(
        self, incoming: Incoming, earlier: Earlier | None = None, *, before: int | None = None
    ) -> Sequence[Turn]:
        """What was said in the conversation, before the question ``before`` if one is given."""
        exchanges = await self._conversations.exchanges(
            incoming.platform,
            incoming.channel,
            incoming.thread,
            last=_REMEMBERED_TURNS,
            before=before,
        )
        if not exchanges and earlier:
            return (await earlier())[-_REMEMBERED_TURNS:]
        return [Turn(e.question, e.reply) for e in exchanges if _answered(e) and e.reply]

    async def _run(self, answer: Answer, started: float) -> None:
        """Read the response to the end, store the reply, then say that it has ended."""
        try:
            await answer.response.read()
        except EngineError as error:
            _log.error("answer failed", reference=answer.question_id, error=str(error))
        except asyncio.CancelledError:
            _log.info("answer cut off", reference=answer.question_id)  # by close
        latency = time.monotonic() - started
        answer.end(await self._store(answer, latency))
        self._count(answer, latency)

    async def _store(self, answer: Answer, latency: float) -> Reply | None:
        """Keep the reply; None when that fails."""
        response = answer.response
        stored = self._as_stored(response, latency)
        try:
            reply_id, kept = await self._keep(answer, stored)
        except GoneError:  # the asker was forgotten while the answer was on its way
            _log.info("reply not kept", reference=answer.question_id)
            return None
        except StorageError as error:
            self.store_failed = True
            _log.error("reply not stored", reference=answer.question_id, error=str(error))
            return None
        self.store_failed = False
        if not kept:
            return Reply(reply_id, answer.question_id, "", "failed", verified=False)
        rests_on = response.used_pairs if response.known else ()
        return Reply(
            reply_id,
            answer.question_id,
            stored.text,
            response.status,
            response.known,
            tuple(Source.of(r.pair, same=r.score == SAME) for r in rests_on),
            tuple(map(as_suggestion, response.offered)),
            response.said_by,
        )

    async def _keep(self, answer: Answer, stored: StoredReply) -> tuple[int, bool]:
        """(id of the reply, whether its words are kept): not where what it drew on was forgotten,
        withdrawn or replaced meanwhile. Such an answer counts as failed."""
        try:
            return await self._put(answer, stored), True
        except WithdrawnError as error:
            _log.info("words not kept", reference=answer.question_id, reason=str(error))
            empty = replace(
                stored, text="", status="failed", verified=False, quoted=False, used_pairs=(),
                suggestions=(),
            )  # fmt: skip
            return await self._put(answer, empty), False

    async def _put(self, answer: Answer, stored: StoredReply) -> int:
        if answer.replaces is None:
            return await self._conversations.add_reply(answer.question_id, stored)
        await self._conversations.replace_reply(answer.replaces, stored)
        return answer.replaces

    def _as_stored(self, response: Response, latency: float) -> StoredReply:
        result = response.result
        return StoredReply(
            text=self._masker.mask(response.text),
            status=response.status,
            model=self._model,
            version=response.version,
            prompt_tokens=result.prompt_tokens if result else 0,
            tokens=result.tokens if result else 0,
            queued_ms=round(1000 * result.queued_s) if result else 0,
            first_token_ms=round(1000 * result.first_token_s) if result else 0,
            latency_ms=round(1000 * latency),
            verified=response.known,
            quoted=response.known or response.unapproved is not None,
            small_talk=response.small_talk,
            used_pairs=tuple(map(_used, response.used_pairs)),
            suggestions=tuple(map(_used, response.offered)),
        )

    def _count(self, answer: Answer, latency: float) -> None:
        response = answer.response
        self._metrics.answers.labels(answer.incoming.platform, response.status).inc()
        if response.status != "failed":
            self._metrics.seconds.observe(latency)
        if response.result:
            self._metrics.tokens.inc(response.result.tokens)
            self._metrics.first_token_seconds.observe(response.result.first_token_s)


def _used(hit: Hit) -> UsedPair:
    return UsedPair(hit.pair.id, hit.score, hit.pair.answer)


def _answered(exchange: Exchange) -> bool:
    return exchange.status in ("done", "stopped")
