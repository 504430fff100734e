"""Which messages are for the bot."""

from collections.abc import Awaitable, Callable

import discord

from bot.correct import correction_in
from bot.platforms import discord_events as events
from bot.platforms.asides import Asides
from bot.platforms.discord_history import replied
from bot.platforms.talk import Talk


class Listening:
    """Mentions, direct messages, corrections, and with ``follow_ups`` what people go on to say.

    ``settled`` waits for posts of ours whose names are not known yet.
    """

    def __init__(
        self,
        follow_ups: bool,
        talk: Talk,
        me: Callable[[], int],
        settled: Callable[[int, int], Awaitable[None]],
    ) -> None:
        self._follow_ups = follow_ups
        self._talk = talk
        self._me = me
        self._settled = settled
        self._asides = Asides()

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
        await self._settled(message.channel.id, above)
        place = str(message.channel.id)
        return await self._talk.memory.conversation_of(place, str(above)) is not None

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
        return await self._talk.memory.conversation_of(place, str(above.id)) is not None

    async def _in(self, thread: discord.Thread, message: discord.Message) -> bool:
        """The bot was asked in the thread before, or the thread was started from its answer."""
        if await self._talk.memory.takes_part(str(thread.id), str(thread.id), str(message.id)):
            return True
        await self._settled(thread.parent_id, thread.id)
        start = await self._talk.memory.conversation_of(str(thread.parent_id), str(thread.id))
        return start is not None
