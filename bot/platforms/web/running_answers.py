"""Answers on their way in web conversations, so that every tab that shows one can follow it."""

from collections import defaultdict
from collections.abc import Awaitable, Callable

from bot.answering.service import Answer, AnswerService
from bot.errors import RefusedError
from bot.messages import Incoming
from bot.subscribers import Subscribers
from bot.texts import Language, say


class RunningAnswers:
    """One answer at a time in each conversation; tabs are told when one begins."""

    def __init__(self, answers: AnswerService) -> None:
        self._answers = answers
        self._asking: set[str] = set()
        self._running: dict[int, Answer] = {}
        self._subscribers = defaultdict[str, Subscribers[Answer]](Subscribers)

    async def ask(self, incoming: Incoming, language: Language) -> Answer:
        """Start an answer to a question. Raises RefusedError."""
        return await self.start(
            incoming.channel,
            incoming.thread,
            lambda: self._answers.ask(incoming, language=language),
            refusal=say("web_still_answering", language),
        )

    async def start(
        self, channel: str, thread: str, begin: Callable[[], Awaitable[Answer]], *, refusal: str
    ) -> Answer:
        """Let an answer begin; who subscribed to its channel hears of it.

        Raises RefusedError, with the text ``refusal`` while there is another in the conversation.
        """
        if thread in self._asking or self.running(thread):
            raise RefusedError(refusal)
        self._asking.add(thread)
        try:
            answer = await begin()
        finally:
            self._asking.discard(thread)
        self._running[answer.question_id] = answer
        if channel in self._subscribers:
            self._subscribers[channel].tell(answer)
        return answer

    def running(self, thread: str) -> dict[int, Answer]:
        """The answers of ``thread`` that have not ended, by question."""
        self._running = {id_: a for id_, a in self._running.items() if not a.ended}
        return {id_: a for id_, a in self._running.items() if a.incoming.thread == thread}

    async def stop_all(self, channel: str) -> None:
        """Stop all answers in ``channel``, and wait until they are stored."""
        for answer in list(self._running.values()):
            if answer.incoming.channel == channel:
                answer.stop()
                await answer.finished()

    def subscribe(self, channel: str, subscriber: Callable[[Answer], None]) -> None:
        """``subscriber`` hears of each answer that begins in ``channel``."""
        self._subscribers[channel].subscribe(subscriber)

    def unsubscribe(self, channel: str, subscriber: Callable[[Answer], None]) -> None:
        self._subscribers[channel].unsubscribe(subscriber)
        if not self._subscribers[channel]:
            del self._subscribers[channel]
