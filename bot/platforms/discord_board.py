"""What the bot posts on Discord that is no answer: corrections for everybody and for admins."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.platforms.discord_pace import persistently
from bot.platforms.discord_surface import LIMIT
from bot.platforms.discord_views import review_view
from bot.platforms.surface import PlatformError
from bot.texts import Language

if TYPE_CHECKING:
    from discord.abc import MessageableChannel  # discord.py defines it for type checkers only

_ERRORS = (discord.HTTPException, discord.InvalidData, aiohttp.ClientError, OSError, ValueError)


class DiscordBoard:
    """Implements Board. ``client``: the one that is signed in; ``language`` is the admins'."""

    def __init__(self, client: Callable[[], discord.Client | None], language: Language) -> None:
        self._client = client
        self._language: Language = language

    async def review(self, channel: str, text: str, correction: int) -> None:
        nonce = f"r{correction}.{channel[-10:]}"
        await self._post(channel, text, nonce=nonce, view=review_view(correction, self._language))

    async def below(self, channel: str, message: int, text: str, nonce: str) -> str:
        """Reply to ``message``; the reply's name."""
        above = discord.MessageReference(
            message_id=message, channel_id=int(channel), fail_if_not_exists=False
        )
        return await self._post(channel, text, nonce=nonce, reference=above)

    async def rewrite(self, channel: str, message: str, text: str) -> None:
        try:
            place, me = await self._place(channel)
            found = await place.fetch_message(int(message))
            if found.author.id == me:
                await persistently(lambda: found.edit(content=text[:LIMIT]))
        except discord.NotFound:
            return  # deleted
        except _ERRORS as error:
            raise PlatformError(_told(error)) from error

    async def _post(self, channel: str, text: str, **more: Any) -> str:
        """With its nonce a post that is repeated appears once."""
        try:
            place, _ = await self._place(channel)
            sent = await persistently(lambda: place.send(text[:LIMIT], **more))
        except _ERRORS as error:
            raise PlatformError(_told(error)) from error
        return str(sent.id)

    async def _place(self, channel: str) -> tuple["MessageableChannel", int]:
        client = self._client()
        if client is None or client.user is None:
            raise PlatformError("Discord is not connected")
        number = int(channel)
        place = client.get_channel(number) or await client.fetch_channel(number)
        if not isinstance(place, discord.abc.Messageable):
            raise PlatformError(f"nobody can write in the channel {channel}")
        return place, client.user.id


def _told(error: Exception) -> str:
    text = str(error) or type(error).__name__
    if isinstance(error, discord.Forbidden | discord.NotFound):
        return f"{text}; the bot needs View Channel and Send Messages there"
    return text
