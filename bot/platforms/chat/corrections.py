"""What every chat platform does with corrections: takes, changes, withdraws them."""

from collections.abc import Iterable

import structlog

from bot.access import Access, AlreadyToldError
from bot.errors import RefusedError
from bot.feedback.corrections import CorrectionService, correction_in
from bot.messages import Incoming
from bot.platforms.base import AdminMessages, AnswerView, OnPiece, StartTask
from bot.platforms.chat.correction_replies import CorrectionReplies
from bot.platforms.chat.correction_texts import thanks
from bot.platforms.chat.message_store import age
from bot.texts import Language, say
from storage.conversations import Conversations
from storage.corrections import Correction
from storage.errors import StorageError
from storage.platform_events import MessageLinks

_log = structlog.get_logger("corrections")
_LOOKED_AT = 20  # exchanges of a thread, to find the answer that a correction is about


class CorrectionHandler:
    """Connects one platform's corrections with the answers that they are about."""

    def __init__(
        self,
        *,
        platform: str,
        correction_service: CorrectionService,
        access: Access,
        conversations: Conversations,
        pieces: MessageLinks,
        language: Language,
    ) -> None:
        self._platform = platform
        self._correction_service = correction_service
        self._access = access
        self._conversations = conversations
        self._pieces = pieces
        self._language = language
        self._replies = CorrectionReplies(
            platform, correction_service=correction_service, pieces=pieces, language=language
        )

    def use(self, admin_messages: AdminMessages, start: StartTask) -> None:
        """What is shown of corrections follows what becomes of them, from now on."""
        self._replies.use(admin_messages, start)

    async def catch_up(self) -> None:
        """Tell what became of corrections while nobody could be told."""
        await self._replies.catch_up()

    async def reply(
        self, incoming: Incoming, text: str, answer_view: AnswerView, language: Language
    ) -> None:
        """A message that begins with ``정정:``: take it and thank for it. Raises RefusedError.

        It is about the answer that it replies to, else about the last one in its thread. Votes on
        it, and on our thanks, are votes on the correction.
        """
        question = await self._question_of(incoming)
        reply_id = None if question is None else await self._conversations.reply_to(question)
        if question is None or reply_id is None:
            raise RefusedError(say("correction_of_nothing", language))
        correction = await self._correction_service.correct(
            reply_id, incoming.person, text, language, incoming.roles
        )
        if incoming.message:
            await self.shows(incoming.channel, incoming.message, question, correction)
        await answer_view.say(
            thanks(correction, language), self.showing(incoming.channel, question, correction)
        )

    async def form(
        self, incoming: Incoming, text: str, language: Language | None = None
    ) -> tuple[int, Correction]:
        """What the form below an answer brought: (question, correction). Raises RefusedError.

        ``incoming.about`` is the piece of the answer that the form was opened from.
        """
        language = language or self._language
        try:
            self._access.check(incoming, language)
        except AlreadyToldError as error:  # a form waits for its answer every time
            raise RefusedError(say(str(error), language, seconds=60)) from error
        place = self._platform, incoming.channel, incoming.about or ""
        question = await self._pieces.question_of(*place)
        reply_id = None if question is None else await self._conversations.reply_to(question)
        if question is None or reply_id is None:
            raise RefusedError(say("correction_of_nothing", language))
        return question, await self._correction_service.correct(
            reply_id, incoming.person, text, language, incoming.roles
        )

    async def edited(self, incoming: Incoming, language: Language) -> None:
        """A person changed the message that their correction is; our thanks change with it.

        Without its first word it is no correction any more.
        """
        place = self._platform, incoming.channel, incoming.message or ""
        old = await self._pieces.correction_in(*place)
        question = await self._pieces.question_of(*place)
        reply_id = None if question is None else await self._conversations.reply_to(question)
        text = correction_in(incoming.text)
        if old is None or reply_id is None:
            return
        if text is None:
            await self.withdraw(incoming.channel, place[2], incoming.user, incoming.roles)
            return
        try:
            new = await self._correction_service.correct(
                reply_id, incoming.person, text, language, incoming.roles
            )
        except RefusedError as refusal:
            await self._replies.rewrite(old, str(refusal))
            return
        await self._pieces.move(old, new.id)
        await self._replies.rewrite(new.id, thanks(new, language))

    async def shows(
        self, channel: str, message: str, question: int, correction: Correction
    ) -> None:
        """From now on, votes on ``message`` are votes on ``correction``."""
        try:
            await self._pieces.add(self._platform, channel, message, question, correction.id)
        except StorageError as error:
            _log.error("correction's message not stored", id=correction.id, error=str(error))

    def showing(self, channel: str, question: int, correction: Correction) -> OnPiece:
        """``shows`` for a message that is still to be posted."""

        async def posted(message: str) -> None:
            await self.shows(channel, message, question, correction)

        return posted

    async def withdraw(self, channel: str, message: str, user: str, roles: Iterable[str]) -> bool:
        """Take back the correction that ``message`` shows: its author may, and admins."""
        may_all = self._access.is_admin(self._platform, user, roles)
        return await self._withdraw(channel, message, user, may_all=may_all)

    async def deleted(self, channel: str, message: str) -> bool:
        """``message`` is gone; if it was a correction, that goes with it.

        Our thanks, which came after it, may be cleared away.
        """
        correction = await self._pieces.correction_in(self._platform, channel, message)
        if correction is None:
            return False
        shown = [m for _, m in await self._pieces.showing(self._platform, correction)]
        if message != min(shown, key=age):
            return False
        return await self._withdraw(channel, message, "", may_all=True)

    async def _withdraw(self, channel: str, message: str, user: str, *, may_all: bool) -> bool:
        correction = await self._pieces.correction_in(self._platform, channel, message)
        if correction is None:
            return False
        by = f"{self._platform}:{user}"
        if not await self._correction_service.withdraw(correction, by, may_all=may_all):
            return False
        await self._replies.rewrite(correction, say("correction_withdrawn", self._language))
        return True

    async def _question_of(self, incoming: Incoming) -> int | None:
        if incoming.about:
            place = self._platform, incoming.channel, incoming.about
            asked = await self._pieces.question_of(*place)
            if asked is None:
                asked = await self._pieces.question_asked_in(*place)
            if asked is not None:
                return asked
        earlier = await self._conversations.exchanges(
            self._platform, incoming.channel, incoming.thread, last=_LOOKED_AT
        )
        found = next((e.question_id for e in reversed(earlier) if e.reply_id is not None), None)
        if found is None and incoming.parent:  # a thread is named like the message it began from
            place = self._platform, incoming.parent, incoming.channel
            found = await self._pieces.question_of(*place)
        return found
