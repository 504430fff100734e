"""What every chat platform does with a question, a reaction, a vote and a wish to stop."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import structlog

from bot.access import Access, AlreadyToldError
from bot.answering.service import Answer, AnswerService, Earlier
from bot.domains import Domain
from bot.errors import RefusedError
from bot.feedback.corrections import correction_in
from bot.messages import Incoming
from bot.platforms.base import MakeAnswerView
from bot.platforms.chat.choices import ChoiceHandler
from bot.platforms.chat.corrections import CorrectionHandler
from bot.platforms.chat.message_store import MessageStore
from bot.platforms.chat.review_queue import ReviewQueue
from bot.platforms.chat.showing import follow
from bot.platforms.chat.tasks import BackgroundTasks
from bot.platforms.chat.training_reports import TrainingAnnouncer
from bot.platforms.chat.votes import VoteHandler
from bot.texts import Language, say
from storage.errors import StorageError

_log = structlog.get_logger("chat")


@dataclass(frozen=True, slots=True)
class ChatParts:
    """What one platform's events are handed to: a part for each thing that people do."""

    messages: MessageStore
    votes: VoteHandler
    choices: ChoiceHandler
    corrections: CorrectionHandler
    reviews: ReviewQueue
    training: TrainingAnnouncer
    tasks: BackgroundTasks


class ChatService:
    """Connects one platform's events with answers and labels."""

    def __init__(
        self,
        platform: str,
        parts: ChatParts,
        *,
        answers: AnswerService,
        access: Access,
        domains: Mapping[str, Domain],
        language: Language,
    ) -> None:
        self.parts = parts
        self.start = parts.tasks.start
        self._platform = platform
        self._answers = answers
        self._access = access
        self._domains = domains
        self._language = language
        self._asking: dict[tuple[str, str | None], asyncio.Event] = {}  # not stored yet

    async def close(self, timeout_s: float = 5.0) -> None:
        """Let what was begun show its end, then drop it; answers themselves have ended before."""
        await self.parts.tasks.close(timeout_s)

    async def catch_up(self) -> None:
        """Tell of corrections what a crash or an outage kept back: what waits, what was decided."""
        await self.parts.reviews.catch_up()
        await self.parts.corrections.catch_up()

    async def question(
        self,
        incoming: Incoming,
        make_view: MakeAnswerView,
        *,
        earlier: Earlier | None = None,
        language: Language | None = None,
        addressed: bool = True,
    ) -> None:
        """Answer once, whatever happens: with an answer, a refusal or an apology.

        Nothing hears only who has just been refused, or may not have meant the bot (``addressed``).
        """
        if not await self.parts.messages.first(incoming.events):
            return
        language = language or self._language
        asked: list[int] = []

        async def on_piece(message: str) -> None:
            await self.parts.messages.shown_as(incoming.channel, message, asked[0])

        answer_view = make_view(on_piece)
        correction = correction_in(incoming.text)
        try:
            self._access.check(incoming, language, addressed=addressed or correction is not None)
            if correction is not None:
                # The answer may be on its way still.
                await self._answers.wait_for_conversation(incoming)
                await self.parts.corrections.reply(incoming, correction, answer_view, language)
                return
            await answer_view.working()
            answer = await self._ask(incoming, earlier, language)
        except AlreadyToldError:
            return
        except RefusedError as refusal:
            await answer_view.say(str(refusal))
            return
        except Exception as error:  # nobody is left without an answer
            reference = f"M{incoming.message}"
            reason = str(error) if isinstance(error, StorageError) else repr(error)
            _log.error("question not taken", reference=reference, error=reason)
            await answer_view.say(say("failed", language, reference=reference))
            return
        asked.append(answer.question_id)
        await follow(answer, answer_view, self._domains[incoming.domain], language)

    async def _ask(self, incoming: Incoming, earlier: Earlier | None, language: Language) -> Answer:
        """Ask; who wants to stop the answer meanwhile waits until it can be stopped."""
        place = incoming.channel, incoming.message
        asked = self._asking[place] = asyncio.Event()
        try:
            return await self._answers.ask(incoming, earlier, language)
        finally:
            del self._asking[place]
            asked.set()

    async def notice(
        self, incoming: Incoming, make_view: MakeAnswerView, key: str, language: Language
    ) -> None:
        """Say ``key`` instead of an answer, once, to somebody who may ask."""
        if not await self.parts.messages.first(incoming.events):
            return
        text = say(key, language)
        try:
            self._access.check(incoming, language)
        except AlreadyToldError:
            return
        except RefusedError as refusal:
            text = str(refusal)
        await make_view(_unmapped).say(text)

    async def stop(self, channel: str, message: str, user: str, roles: Iterable[str] = ()) -> bool:
        """Stop the answer that ``message`` (a piece of it, or the question) belongs to.

        Only its asker and admins may; True when it was stopped.
        """
        answer = await self._running(channel, message)
        if not answer:
            return False
        asker = answer.incoming.user == user
        if not asker and not self._access.is_admin(self._platform, user, roles):
            return False
        answer.stop()
        return True

    async def edited(self, incoming: Incoming, language: Language | None = None) -> None:
        """A person changed a message, which may be a correction."""
        known = await self.parts.messages.correction_in(incoming.channel, incoming.message or "")
        if known is not None and await self.parts.messages.first(incoming.events):
            await self.parts.corrections.edited(incoming, language or self._language)

    async def on_cross(
        self, channel: str, message: str, user: str, roles: Iterable[str] = ()
    ) -> bool:
        """A ❌ on ``message``: its answer stops, or its correction is withdrawn."""
        stopped = await self.stop(channel, message, user, roles)
        return stopped or await self.parts.corrections.withdraw(channel, message, user, roles)

    async def deleted(self, channel: str, message: str) -> None:
        """``message``, a question or a piece of its answer, was deleted: no more is written."""
        if answer := await self._running(channel, message):
            answer.stop()
        await self.parts.corrections.deleted(channel, message)

    async def _running(self, channel: str, message: str) -> Answer | None:
        """The answer on its way that ``message`` is a piece of, or the question."""
        if asked := self._asking.get((channel, message)):
            await asked.wait()
        question = await self.parts.messages.question_answered_in(channel, message)
        if question is None:
            question = await self.parts.messages.question_asked_in(channel, message)
        return self._answers.running(question) if question is not None else None


async def _unmapped(_: str) -> None:
    """Our own words are no answer that people vote on."""
