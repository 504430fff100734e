"""Which messages are for the bot, and how they are asked."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import discord
import structlog
from discord.utils import utcnow

from bot.feedback.corrections import correction_in
from bot.platforms.base import OnPiece
from bot.platforms.chat.choices import ShownReply
from bot.platforms.chat.service import ChatService
from bot.platforms.chat.side_conversations import SideConversations
from bot.platforms.chat.split_text import close_fence
from bot.platforms.discord import events
from bot.platforms.discord.answer_view import LIMIT, DiscordAnswerView
from bot.platforms.discord.history import History, replied
from bot.platforms.discord.timing import ChannelRateLimit, Typing
from bot.settings import Settings
from bot.texts import Language, say

_log = structlog.get_logger("discord")
_JUST_EDITED = timedelta(minutes=5)  # Discord reports a pin or a link's preview as an edit too
_EDITED_AT_MOST_AFTER = timedelta(days=1)
_PERMISSIONS = (
    "in the channel's settings the bot needs View Channel, Send Messages, Send Messages in "
    "Threads and Read Message History"
)
_MESSAGES_BACK = 50  # after a question, in which its answer is looked for


class Addressing:
    """Mentions, direct messages, corrections, and with ``follow_ups`` what people go on to say.

    ``posted`` waits for posts of ours whose names are not known yet.
    """

    def __init__(
        self,
        follow_ups: bool,
        chat: ChatService,
        me: Callable[[], int],
        posted: Callable[[int, int], Awaitable[None]],
    ) -> None:
        self._follow_ups = follow_ups
        self._chat = chat
        self._me = me
        self._posted = posted
        self._asides = SideConversations()

    async def is_for_bot(self, message: discord.Message) -> bool:
        if not events.from_person(message):
            return False
        place, user = str(message.channel.id), str(message.author.id)
        if message.guild is None or events.mentions(message, self._me()):
            self._asides.spoke_to_bot(place, user)
            return True
        if correction_in(message.content) is not None and await self._corrects(message):
            return True
        if events.addresses_others(message, self._me()):
            self._asides.spoke_to(place, (str(m) for m in message.raw_mentions if str(m) != user))
            return False
        return self._follow_ups and await self._follows_up(message)

    async def _corrects(self, message: discord.Message) -> bool:
        """It begins as a correction does; here there is an answer that it can be about."""
        above = events.replied_to(message)
        if above is None:
            channel = message.channel
            return isinstance(channel, discord.Thread) and await self._in(channel, message)
        await self._posted(message.channel.id, above)
        place = str(message.channel.id)
        return await self._chat.parts.messages.conversation_of(place, str(above)) is not None

    async def _follows_up(self, message: discord.Message) -> bool:
        """In a reply chain or a thread with the bot, and not in answer to a person."""
        if events.replied_to(message) is not None:
            return await self._continues(message)
        if not (message.content.strip() and isinstance(message.channel, discord.Thread)):
            return False
        if self._asides.is_spoken_to(str(message.channel.id), str(message.author.id)):
            return False
        return await self._in(message.channel, message)

    async def _continues(self, message: discord.Message) -> bool:
        """It replies to the bot, or to its own author's question; others talk to each other."""
        above = await replied(message)
        if above is None or above.author.id == self._me():
            return above is not None
        if above.author.id != message.author.id:
            return False
        place = str(message.channel.id)
        return await self._chat.parts.messages.conversation_of(place, str(above.id)) is not None

    async def _in(self, thread: discord.Thread, message: discord.Message) -> bool:
        """The bot was asked in the thread before, or the thread was started from its answer."""
        if await self._chat.parts.messages.takes_part(
            str(thread.id), str(thread.id), str(message.id)
        ):
            return True
        await self._posted(thread.parent_id, thread.id)
        start = await self._chat.parts.messages.conversation_of(
            str(thread.parent_id), str(thread.id)
        )
        return start is not None


class Questions:
    """Hears every message and answers those that are for the bot."""

    def __init__(self, settings: Settings, chat: ChatService, client: discord.Client) -> None:
        self._settings = settings
        self._client = client
        self._chat = chat
        self._history = History(chat, self._me)
        self._pace = ChannelRateLimit()
        self._typing = Typing()
        self._views: set[DiscordAnswerView] = set()
        listening = Addressing(settings.thread_follow_ups, chat, self._me, self.posted)
        self.is_for_bot = listening.is_for_bot

    def _me(self) -> int:
        return self._client.user.id if self._client.user else 0

    async def heard(self, message: discord.Message) -> None:
        if await self.is_for_bot(message):
            await self._ask(message)

    async def edited(self, message: discord.Message) -> None:
        """A correction is changed; somebody who forgot to mention the bot adds it afterwards."""
        now = utcnow()
        if (
            not events.from_person(message)
            or message.edited_at is None
            or now - message.edited_at >= _JUST_EDITED
        ):
            return
        text = events.question_text(message, self._me())
        await self._chat.edited(events.change(message, text, self._settings.domain))
        recent = now - message.created_at < _EDITED_AT_MOST_AFTER
        if recent and events.mentions(message, self._me()):
            await self._ask(message)

    async def deleted(self, channel: int, message: int) -> None:
        """A question, or a piece of an answer on its way, is gone: no more of it is shown."""
        for answer_view in self._views:
            if answer_view.shows(message):
                answer_view.withdrawn = True
        await self._chat.deleted(str(channel), str(message))

    async def interrupted(self, channel: int, message: int) -> None:
        """Tell somebody whose answer ended with a killed run."""
        try:
            place = self._client.get_channel(channel) or await self._client.fetch_channel(channel)
            if isinstance(place, discord.abc.Messageable):
                await self._tell_interrupted(place, await place.fetch_message(message))
        except (discord.Forbidden, discord.NotFound) as error:
            _log.info("not told of an interruption", channel=channel, error=error.text)

    async def _tell_interrupted(
        self, place: discord.abc.Messageable, question: discord.Message
    ) -> None:
        """Below what was shown of the answer, whose stop button goes; else as a reply."""
        text = say("not_answered", self._settings.language)
        after = place.history(after=question, limit=_MESSAGES_BACK, oldest_first=True)
        left = [
            message
            async for message in after
            if message.author.id == self._me() and events.replied_to(message) == question.id
        ]
        for piece in left[:-1]:
            await piece.edit(view=None)
        whole = f"{close_fence(left[-1].content)}\n{events.NOTE}{text}" if left else ""
        if left and len(whole) <= LIMIT:
            await left[-1].edit(content=whole, view=None)
        else:
            await self._answer_view(question).say(text)

    async def posted(self, channel: int, message: int) -> None:
        """People may react to a post before Discord has told us its name: wait for that."""
        if await self._chat.parts.messages.conversation_of(str(channel), str(message)) is None:
            for answer_view in tuple(self._views):
                await answer_view.shown(channel)

    async def _ask(self, message: discord.Message) -> None:
        text = await self._text(message)
        answer_view = self._answer_view(message)
        self._views.add(answer_view)
        try:
            thread = await self._history.conversation(message)
            incoming = events.incoming(message, thread, text, self._settings.domain)
            if not text and message.attachments:
                language = self._settings.language
                await self._chat.notice(incoming, answer_view.hearing, "only_attachment", language)
                return
            await self._chat.question(
                incoming,
                answer_view.hearing,
                earlier=lambda: self._history.earlier(message),
                addressed=events.addresses(message, self._me()),
            )
        except (discord.Forbidden, discord.NotFound) as error:
            _log.error(
                "cannot answer here",
                channel=message.channel.id,
                error=error.text,
                hint=_PERMISSIONS,
            )
            await self._chat.deleted(str(message.channel.id), str(message.id))
        finally:
            self.shown(answer_view)
        if answer_view.withdrawn:  # it may have been stored only now
            await self._chat.deleted(str(message.channel.id), str(message.id))

    def replacing(
        self, channel: int, place: ShownReply, on_piece: OnPiece, language: Language, nonce: int
    ) -> DiscordAnswerView:
        """Where another answer takes the place of one; to be handed to ``shown`` in the end."""
        where = self._client.get_partial_messageable(channel)
        pieces = [where.get_partial_message(int(message)) for message in place.messages]
        question = where.get_partial_message(int(place.question)) if place.question else pieces[0]
        answer_view = DiscordAnswerView(
            question,
            pace=self._pace,
            typing=self._typing,
            language=language,
            replaces=pieces,
            nonce=nonce,
        )
        self._views.add(answer_view)
        return answer_view.hearing(on_piece)

    def shown(self, answer_view: DiscordAnswerView) -> None:
        """Nothing more is coming."""
        self._views.discard(answer_view)
        answer_view.close()

    def _answer_view(self, message: discord.Message) -> DiscordAnswerView:
        language = self._settings.language
        note = say("attachment_unread", language) if message.attachments else None
        return DiscordAnswerView(
            message, pace=self._pace, typing=self._typing, language=language, note=note
        )

    async def _text(self, message: discord.Message) -> str:
        """The question, with what it is about where it replies to somebody else's message."""
        text = events.question_text(message, self._me())
        above = None if correction_in(text) is not None else await replied(message)
        if above is None or above.author.id == self._me():
            return text
        if await self._chat.parts.messages.conversation_of(str(message.channel.id), str(above.id)):
            return text  # it is in the history
        quoted = events.question_text(above, self._me())
        if not (text and quoted):
            return text or quoted
        return "\n".join(f"> {line}" for line in quoted.split("\n")) + f"\n\n{text}"
