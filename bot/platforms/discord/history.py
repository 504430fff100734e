"""What was said before a message, read from Discord where storage does not know it."""

from collections.abc import Callable, Sequence

import aiohttp
import discord
import structlog

from bot.platforms.chat.service import ChatService
from bot.platforms.discord.events import replied_to, turns_of
from bot.platforms.discord.timing import retry
from engine.model.prompt import Turn

_log = structlog.get_logger("discord")
_STEPS_UP = 20  # of a reply chain; each may cost a request
_MESSAGES_BACK = 40


class History:
    """Names the conversation that a message is part of, and reads it."""

    def __init__(self, chat: ChatService, me: Callable[[], int]) -> None:
        self._chat = chat
        self._me = me

    async def conversation(self, message: discord.Message) -> str:
        """A thread and a direct message are one; in a channel it is the reply chain's root."""
        if message.guild is None or isinstance(message.channel, discord.Thread):
            return str(message.channel.id)
        for _ in range(_STEPS_UP):
            above = replied_to(message)
            if above is None:
                break
            known = await self._chat.parts.messages.conversation_of(
                str(message.channel.id), str(above)
            )
            if known:
                return known
            found = await replied(message)
            if found is None:
                return str(above)
            message = found
        return str(message.id)

    async def earlier(self, message: discord.Message) -> Sequence[Turn]:
        """The conversation before ``message``; empty where Discord does not let us read it."""
        try:
            if message.guild is None:
                exchanges = await self._before(message)
            elif isinstance(message.channel, discord.Thread):
                exchanges = [
                    *await self._above_thread(message.channel),
                    *await self._before(message),
                ]
            else:
                exchanges = (await self._chain(message))[:-1]
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.warning("history not read", channel=message.channel.id, error=str(error))
            return []
        return turns_of(exchanges, self._me())

    async def _before(self, message: discord.Message) -> list[discord.Message]:
        newest_first = message.channel.history(limit=_MESSAGES_BACK, before=message)
        return [found async for found in newest_first][::-1]

    async def _above_thread(self, thread: discord.Thread) -> list[discord.Message]:
        """What led to the message that the thread was started from; its id is the thread's."""
        if not isinstance(thread.parent, discord.TextChannel):
            return []
        try:
            start = await thread.parent.fetch_message(thread.id)
        except discord.NotFound:
            return []
        return await self._chain(start)

    async def _chain(self, message: discord.Message) -> list[discord.Message]:
        """The replies that lead to ``message``, oldest first, and itself."""
        chain = [message]
        while len(chain) < _STEPS_UP and (above := await replied(chain[-1])):
            chain.append(above)
        return chain[::-1]


async def replied(message: discord.Message) -> discord.Message | None:
    """The message that ``message`` replies to, unless it is gone or out of our sight."""
    above = replied_to(message)
    if above is None or message.reference is None:
        return None
    resolved = message.reference.resolved
    if isinstance(resolved, discord.Message):
        return resolved
    if isinstance(resolved, discord.DeletedReferencedMessage):
        return None
    channel = message.channel
    try:
        return await retry(lambda: channel.fetch_message(above))
    except (discord.NotFound, discord.Forbidden):
        return None
