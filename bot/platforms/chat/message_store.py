"""What is known of one platform's messages and events, in earlier runs too."""

from collections.abc import Iterable
from datetime import datetime

import structlog

from storage.conversations import Conversations
from storage.errors import StorageError
from storage.platform_events import HandledEvents, MessageLinks, ShownAnswer

_log = structlog.get_logger("chat")
_MOST_UNSTORED = 10_000


class MessageStore:
    """Storage as one platform sees it."""

    def __init__(
        self,
        platform: str,
        *,
        conversations: Conversations,
        handled: HandledEvents,
        pieces: MessageLinks,
    ) -> None:
        self._platform = platform
        self._conversations = conversations
        self._handled = handled
        self._pieces = pieces
        self._unstored: set[str] = set()  # events of this run that storage could not take

    async def first(self, events: Iterable[str]) -> bool:
        """This event has not been handled before, under any of its names.

        On a full disk that is remembered for this run only: who asks then hears once, not with
        every redelivery, that it did not work.
        """
        names = tuple(events)
        try:
            claimed = await self._handled.claim(self._platform, names)
        except StorageError as error:
            _log.error("event not stored", names=names, error=str(error))
            claimed = self._unstored.isdisjoint(names)
            if len(self._unstored) >= _MOST_UNSTORED:
                self._unstored.clear()
            self._unstored.update(names)
            return claimed
        return claimed and self._unstored.isdisjoint(names)

    async def handled(self, event: str) -> bool:
        """This event has been handled before; unlike ``first``, asking changes nothing."""
        return event in self._unstored or await self._handled.knows(self._platform, event)

    async def last_heard(self) -> datetime | None:
        """When this platform brought an event last, in an earlier run too."""
        return await self._handled.latest(self._platform)

    async def interrupted(self, since: datetime) -> list[tuple[str, str]]:
        """(channel, message) of questions that a killed run left unanswered; told only once.

        To be asked before people are let in: afterwards it would name those on their way.
        """
        return await self._conversations.take_interrupted(self._platform, since)

    async def channels_since(self, since: datetime, *, last: int) -> list[str]:
        """Where people asked after ``since``, the newest first."""
        return await self._conversations.channels_since(self._platform, since, last=last)

    async def answers_since(self, since: datetime, *, last: int) -> list[ShownAnswer]:
        """Answers to what was asked after ``since``, the newest first, and their corrections."""
        return await self._pieces.shown_since(self._platform, since, last=last)

    async def answer_shown_in(self, channel: str, message: str) -> ShownAnswer | None:
        """The answer that ``message`` is a piece of, with all its pieces."""
        return await self._pieces.shown_with(self._platform, channel, message)

    async def conversation_of(self, channel: str, message: str) -> str | None:
        """The thread that ``message``, a question or a piece of an answer, is part of."""
        return await self._pieces.thread_of(self._platform, channel, message)

    async def takes_part(self, channel: str, thread: str, message: str) -> bool:
        """The bot was asked in this thread before ``message`` was written.

        What is older was said among people, however late it reaches us.
        """
        first = await self._conversations.first_message(self._platform, channel, thread)
        return first is not None and age(first) < age(message)

    async def shows_answer(self, channel: str, message: str) -> bool:
        """``message`` is a piece of an answer."""
        return await self.question_answered_in(channel, message) is not None

    async def shown_as(self, channel: str, message: str, question: int) -> None:
        """``message`` is a piece of the answer to ``question``; a full disk loses that alone."""
        try:
            await self._pieces.add(self._platform, channel, message, question)
        except StorageError as error:
            _log.error("piece not stored", question=question, message=message, error=str(error))

    async def question_answered_in(self, channel: str, message: str) -> int | None:
        """The question that our ``message`` answers."""
        return await self._pieces.question_of(self._platform, channel, message)

    async def correction_in(self, channel: str, message: str) -> int | None:
        """The correction that ``message`` is."""
        return await self._pieces.correction_in(self._platform, channel, message)

    async def question_asked_in(self, channel: str, message: str) -> int | None:
        """The question that a person's ``message`` was."""
        return await self._pieces.question_asked_in(self._platform, channel, message)


def age(message: str) -> tuple[int, str]:
    """Platforms name messages by numbers that grow."""
    return len(message), message
