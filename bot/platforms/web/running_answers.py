"""Answers on their way in web conversations, so that every tab that shows one can follow it."""

from collections.abc import Callable

from bot.answering.service import Answer, AnswerService
from bot.errors import RefusedError
from bot.messages import Incoming
from bot.texts import Language, say

Watcher = Callable[[Answer], None]


class RunningAnswers:
    """One answer at a time in each conversation; tabs are told when one begins."""

    def __init__(self, answers: AnswerService) -> None:
        self._answers = answers
        self._asking: set[str] = set()
        self._running: dict[int, Answer] = {}
        self._watchers: dict[str, set[Watcher]] = {}

    async def ask(self, incoming: Incoming, language: Language) -> Answer:
        """Start an answer and tell everybody who watches this channel. Raises RefusedError."""
        if incoming.thread in self._asking or self.running(incoming.thread):
            raise RefusedError(say("web_still_answering", language))
        self._asking.add(incoming.thread)
        try:
            answer = await self._answers.ask(incoming, language=language)
        finally:
            self._asking.discard(incoming.thread)
        self._running[answer.question_id] = answer
        for watcher in list(self._watchers.get(incoming.channel, ())):
            watcher(answer)
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

    def watch(self, channel: str, watcher: Watcher) -> None:
        self._watchers.setdefault(channel, set()).add(watcher)

    def unwatch(self, channel: str, watcher: Watcher) -> None:
        watchers = self._watchers.get(channel, set())
        watchers.discard(watcher)
        if not watchers:
            self._watchers.pop(channel, None)
