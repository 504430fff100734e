"""Which known question was meant, told by buttons on Slack; and what a thumb down is about."""

import json
from collections.abc import Awaitable, Callable

from bot.platforms.base import OnPiece
from bot.platforms.chat.choices import ShownReply
from bot.platforms.chat.service import ChatService
from bot.platforms.slack.answer_view import SlackAnswerView
from bot.platforms.slack.blocks import OTHER, doubt_buttons, picked
from bot.platforms.slack.client import SlackClient
from bot.platforms.slack.correction_form import CorrectionForm
from bot.platforms.slack.events import Click, Reacted
from bot.platforms.slack.poster import QuestionLocation
from bot.texts import Language, say


class Choices:
    """What is chosen appears in the message that had the choice; refusals go to the clicker."""

    def __init__(
        self,
        api: SlackClient,
        chat: ChatService,
        form: CorrectionForm,
        is_answer: Callable[[str, str], Awaitable[bool]],
        *,
        votes: bool,
    ) -> None:
        """``is_answer`` waits for a message that was clicked before Slack told us its name."""
        self._api = api
        self._chat = chat
        self._form = form
        self._is_answer = is_answer
        self._votes = votes

    async def on_choice(self, click: Click, language: Language) -> str:
        """A question that was offered, or none. Raises RefusedError and StorageError."""
        channel, message = click.channel, click.ts
        if click.action == OTHER:  # in a message for the clicker alone, about another one
            channel, message, *_ = json.loads(click.value)

        def view(place: ShownReply, on_piece: OnPiece) -> SlackAnswerView:
            where = _location(channel, place, click.user)
            return SlackAnswerView(
                self._api,
                where,
                language,
                on_piece,
                votes=self._votes,
                replaces=place.messages,
            )

        await self._is_answer(channel, message)
        choice = picked(click.action, click.value)
        await self._chat.parts.choices.choose(channel, message, click.user, choice, view, language)
        return ""

    async def after_thumb_down(self, click: Click, line: str, language: Language) -> None:
        """What should it have said? Where it answers another question: or is that the fault?"""
        other = await self._chat.parts.choices.other_question(click.channel, click.ts, click.user)
        offer = self._form.offer(click, language)
        if other:
            place = json.dumps([click.channel, click.ts, click.thread])
            offer = doubt_buttons(place, other.pair_id, language)
            line = f"{line}\n{say('what_is_wrong', language)}"
        await self._form.post_ephemeral(click.channel, click.user, click.thread, line, offer)

    async def ask_what_is_wrong(self, reacted: Reacted, language: Language) -> None:
        """The same after an emoji, once, and only where there are two answers."""
        channel, ts, user = reacted.channel, reacted.ts, reacted.user
        other = await self._chat.parts.choices.other_question(channel, ts, user)
        if other is None:
            return
        if not await self._chat.parts.messages.first([f"doubt:{channel}:{ts}:{user}:{reacted.at}"]):
            return
        thread = await self._chat.parts.messages.conversation_of(channel, ts)
        buttons = doubt_buttons(json.dumps([channel, ts, thread]), other.pair_id, language)
        text = say("what_is_wrong", language)
        await self._form.post_ephemeral(channel, user, thread, text, buttons)


def _location(channel: str, place: ShownReply, user: str) -> QuestionLocation:
    """Never streamed: the messages are there already."""
    question = place.question or place.messages[0]
    return QuestionLocation(channel, place.thread, question, user, "", direct=False)
