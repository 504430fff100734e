"""What people think of answers: emoji on any piece of one, and feedback buttons."""

from collections.abc import Collection
from typing import Literal

from bot.answering.service import AnswerService
from bot.feedback.labels import LabelService
from bot.messages import Reaction
from bot.platforms.chat.message_store import MessageStore
from storage.conversations import Conversations
from storage.labels import Subject
from storage.platform_events import ShownAnswer

Voted = Literal["vote_counted", "vote_taken_back", "vote_unknown"]


class VoteHandler:
    """Turns one platform's reactions and votes into labels on replies."""

    def __init__(
        self,
        platform: str,
        *,
        answers: AnswerService,
        label_service: LabelService,
        messages: MessageStore,
        conversations: Conversations,
    ) -> None:
        self._platform = platform
        self._answers = answers
        self._label_service = label_service
        self._messages = messages
        self._conversations = conversations

    async def reaction(
        self,
        channel: str,
        message: str,
        user: str,
        emoji: str,
        *,
        added: bool,
        at: float | None,
        roles: frozenset[str] = frozenset(),
    ) -> None:
        """An emoji on any piece of an answer, put on or taken off."""
        subject = await self._shown_in(channel, message)
        if subject is not None:
            person = self._person(user)
            await self._react(subject, person, emoji, added=added, at=at, roles=roles)

    async def cleared(self, channel: str, message: str, emoji: str | None) -> None:
        """A moderator took off all reactions, or all of one emoji."""
        subject = await self._shown_in(channel, message)
        if subject is not None:
            await self._label_service.clear(subject, emoji)

    async def vote(
        self,
        channel: str,
        message: str,
        user: str,
        emoji: str,
        *,
        at: float | None = None,
        roles: frozenset[str] = frozenset(),
    ) -> Voted:
        """A feedback button; the same one twice takes the vote back. The text that tells of it."""
        subject = await self._shown_in(channel, message)
        if subject is None:
            return "vote_unknown"
        stands = await self._label_service.toggle(subject, self._person(user), emoji, at, roles)
        return "vote_counted" if stands else "vote_taken_back"

    async def sync(
        self, shown: ShownAnswer, reactions: Collection[tuple[str, str]], at: float | None
    ) -> int:
        """These (user, emoji) are on an answer or a correction, and no others, since ``at``.

        Said where events may have been missed; how many of them there were.
        """
        if shown.correction_id is not None:
            subject = Subject("correction", shown.correction_id)
        elif (reply := await self._conversations.reply_to(shown.question_id)) is not None:
            subject = Subject("reply", reply)
        else:
            return 0
        wanted = {(self._person(u), e) for u, e in reactions if e in self._label_service.scores}
        known = set(await self._label_service.reactions(subject))
        if shown.correction_id is not None and await self._label_service.is_reworded(subject):
            wanted &= known  # what else is on the message may have been put on other words
        for person, emoji in wanted - known:
            await self._react(subject, person, emoji, added=True, at=at)
        for person, emoji in known - wanted:
            await self._react(subject, person, emoji, added=False, at=at)
        return len(wanted ^ known)

    async def _react(
        self,
        subject: Subject,
        person: str,
        emoji: str,
        *,
        added: bool,
        at: float | None,
        roles: frozenset[str] = frozenset(),
    ) -> None:
        await self._label_service.react(Reaction(subject, person, emoji, added, at, roles))

    def _person(self, user: str) -> str:
        return f"{self._platform}:{user}"

    async def _shown_in(self, channel: str, message: str) -> Subject | None:
        """What ``message`` shows, waiting for an answer on its way."""
        correction = await self._messages.correction_in(channel, message)
        if correction is not None:
            return Subject("correction", correction)
        question = await self._messages.question_answered_in(channel, message)
        if question is None:
            return None
        if running := self._answers.running(question):
            await running.finished()
        reply = await self._conversations.reply_to(question)
        return Subject("reply", reply) if reply is not None else None
