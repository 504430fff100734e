"""What people say of the known questions that were offered, and what follows in every tab."""

from nicegui import background_tasks

from bot.answering.choices import ChoiceService
from bot.answering.service import Answer
from bot.errors import RefusedError
from bot.platforms.web.running_answers import RunningAnswers
from bot.subscribers import Subscribers
from bot.texts import Language, say
from storage.conversations import Conversations


class Picking:
    """``changes`` tells of replies that another took the place of, or whose choices may be gone."""

    def __init__(
        self,
        choices: ChoiceService,
        conversations: Conversations,
        running: RunningAnswers,
        changes: Subscribers[int],
    ) -> None:
        self._choices = choices
        self._conversations = conversations
        self._running = running
        self._changes = changes

    async def pick(
        self,
        reply_id: int,
        pair_id: int,
        person: str,
        language: Language,
        roles: frozenset[str] = frozenset(),
    ) -> None:
        """This was meant; its approved answer is shown. Raises RefusedError and StorageError."""
        try:
            await self._choices.pick(reply_id, pair_id, person, language, roles)
        finally:
            self._changes.tell(reply_id)

    async def reject(
        self, reply_id: int, person: str, language: Language, roles: frozenset[str] = frozenset()
    ) -> None:
        """None of these was meant, or not what was answered: the question is answered anew.

        Raises RefusedError, StorageError and EngineError.
        """
        asked = await self._conversations.asked(reply_id)
        if asked is None:
            raise RefusedError(say("pick_gone", language))
        try:
            answer = await self._running.start(
                asked.channel,
                asked.thread,
                lambda: self._choices.reject(reply_id, person, language, roles),
                refusal=say("web_choose_later", language),
            )
        except RefusedError:
            self._changes.tell(reply_id)
            raise
        background_tasks.create(self._tell_end(reply_id, answer))

    async def _tell_end(self, reply_id: int, answer: Answer) -> None:
        """Tabs followed the answer as it began; what else there was about the reply has gone."""
        await answer.finished()
        self._changes.tell(reply_id)
