"""What every chat platform does with corrections: takes them, shows whose they are, decides."""

from collections.abc import Iterable

from bot.access import Access
from bot.correct import Correcting
from bot.messages import Incoming, RefusedError
from bot.texts import Language, say
from storage.corrections import Correction
from storage.events import Pieces
from storage.messages import Messages
from storage.opinions import Ruling

_LOOKED_AT = 20  # exchanges of a thread, to find the answer that a correction is about


class Teaching:
    """Connects one platform's corrections with the answers that they are about."""

    def __init__(
        self,
        *,
        platform: str,
        correcting: Correcting,
        access: Access,
        messages: Messages,
        pieces: Pieces,
        language: Language,
    ) -> None:
        self._platform = platform
        self._correcting = correcting
        self._access = access
        self._messages = messages
        self._pieces = pieces
        self._language = language

    async def reply(self, incoming: Incoming, told: str, language: Language) -> str:
        """A message that begins with ``정정:``; our words about it. Raises RefusedError.

        It is about the answer that it replies to, else about the last one in its thread.
        """
        question = await self._question_of(incoming)
        if question is None:
            raise RefusedError(say("correction_of_nothing", language))
        reply_id = await self._messages.reply_to(question)
        if reply_id is None:
            raise RefusedError(say("correction_of_nothing", language))
        correction = await self._correcting.correct(
            reply_id, incoming.person, told, language, incoming.roles
        )
        if incoming.message:
            await self.shows(incoming.channel, incoming.message, question, correction)
        return thanks(correction, language)

    async def form(
        self,
        channel: str,
        message: str,
        user: str,
        told: str,
        *,
        roles: Iterable[str] = (),
        language: Language | None = None,
    ) -> tuple[int, Correction]:
        """What the form below an answer brought: (question, correction). Raises RefusedError.

        ``message`` is the piece of the answer that the form was opened from.
        """
        language = language or self._language
        question = await self._pieces.question_of(self._platform, channel, message)
        reply_id = None if question is None else await self._messages.reply_to(question)
        if question is None or reply_id is None:
            raise RefusedError(say("correction_of_nothing", language))
        person = f"{self._platform}:{user}"
        return question, await self._correcting.correct(
            reply_id, person, told, language, frozenset(roles)
        )

    async def shows(
        self, channel: str, message: str, question: int, correction: Correction
    ) -> None:
        """From now on, votes on ``message`` are votes on ``correction``."""
        await self._pieces.add(self._platform, channel, message, question, correction.id)

    async def withdraw(self, channel: str, message: str, user: str, roles: Iterable[str]) -> bool:
        """Take back the correction that ``message`` shows: its author may, and admins."""
        correction = await self._pieces.correction_in(self._platform, channel, message)
        if correction is None:
            return False
        return await self._correcting.withdraw(
            correction,
            f"{self._platform}:{user}",
            may_all=self._access.is_admin(self._platform, user, roles),
        )

    async def deleted(self, channel: str, message: str) -> bool:
        """``message`` is gone; if it was a correction, that goes with it."""
        correction = await self._pieces.correction_in(self._platform, channel, message)
        if correction is None:
            return False
        return await self._correcting.withdraw(correction, f"{self._platform}:", may_all=True)

    async def decide(
        self, correction: int, ruling: Ruling, user: str, roles: Iterable[str], language: Language
    ) -> str:
        """Approve or reject what waits, as an admin; our words about it. Raises RefusedError."""
        if not self._access.is_admin(self._platform, user, roles):
            raise RefusedError(say("admins_only", language))
        by = f"{self._platform}:{user}"
        if not await self._correcting.decide(correction, ruling, by):
            raise RefusedError(say("review_over", language))
        return say(f"review_{ruling}", language, by=by)

    async def _question_of(self, incoming: Incoming) -> int | None:
        if incoming.about:
            asked = await self._pieces.question_of(self._platform, incoming.channel, incoming.about)
            if asked is not None:
                return asked
        said = await self._messages.exchanges(
            self._platform, incoming.channel, incoming.thread, last=_LOOKED_AT
        )
        return next((e.question_id for e in reversed(said) if e.reply_id is not None), None)


def thanks(correction: Correction, language: Language) -> str:
    return say(f"correction_{correction.standing}", language, text=correction.text)


def review_words(correction: Correction, language: Language) -> str:
    """What an admin reads above the buttons that approve and reject."""
    return say(
        "review_correction",
        language,
        question=correction.question,
        answer=correction.answer,
        text=correction.text,
        person=correction.person,
    )
