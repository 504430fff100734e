"""What the bot posts on Discord that is no answer: corrections, and reports on training."""

import io
import uuid
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import structlog

from bot.platforms.base import PlatformError, VersionAction
from bot.platforms.chat.split_text import split
from bot.platforms.discord.answer_view import LIMIT
from bot.platforms.discord.timing import retry
from bot.platforms.discord.views import choice_view, review_view
from bot.texts import Language, say

if TYPE_CHECKING:
    from discord.abc import MessageableChannel  # discord.py defines it for type checkers only

_log = structlog.get_logger("discord")
_ERRORS = (discord.HTTPException, discord.InvalidData, aiohttp.ClientError, OSError, ValueError)


class DiscordAdminMessages:
    """Implements Board. ``client``: the one that is signed in; ``language`` is the admins'."""

    def __init__(self, client: Callable[[], discord.Client | None], language: Language) -> None:
        self._client = client
        self._language: Language = language

    async def review(self, channel: str, text: str, correction: int) -> None:
        nonce = f"r{correction}.{channel[-10:]}"
        await self._post(channel, text, nonce, view=review_view(correction, self._language))

    async def post(self, channel: str, text: str) -> str:
        return await self._post(channel, text, _nonce())

    async def report(
        self, channel: str, text: str, picture: bytes | None, choices: Sequence[VersionAction]
    ) -> None:
        """In as many messages as it takes; the last one has the picture and the buttons.

        People's words are in it: what looks like a link or a headline there is shown as written.
        """
        *pieces, last = split(discord.utils.escape_markdown(text), LIMIT)
        for piece in pieces:
            await self.post(channel, piece)
        nonce, view = _nonce(), choice_view(choices, self._language)
        try:
            await self._post(channel, last, nonce, picture, view=view)
        except PlatformError as error:
            if picture is None:
                raise
            hint = "the bot needs Attach Files there"
            _log.warning("report without picture", channel=channel, error=str(error), hint=hint)
            await self._post(channel, last, nonce, view=view)

    async def below(self, channel: str, message: int, text: str, nonce: str) -> str:
        """Reply to ``message``; the reply's name."""
        above = discord.MessageReference(
            message_id=message, channel_id=int(channel), fail_if_not_exists=False
        )
        return await self._post(channel, text, nonce, reference=above)

    async def rewrite(self, channel: str, message: str, text: str) -> None:
        try:
            place, me = await self._place(channel)
            found = await place.fetch_message(int(message))
            if found.author.id == me:
                await retry(lambda: found.edit(content=text[:LIMIT]))
        except discord.NotFound:
            return  # deleted
        except _ERRORS as error:
            raise PlatformError(_told(error)) from error

    async def remove(self, channel: str, message: str) -> None:
        try:
            place, _ = await self._place(channel)
            found = await place.fetch_message(int(message))
            await retry(found.delete)
        except discord.NotFound:
            return  # deleted
        except _ERRORS as error:
            raise PlatformError(_told(error)) from error

    async def _post(
        self, channel: str, text: str, nonce: str, picture: bytes | None = None, **more: Any
    ) -> str:
        """With its nonce a post that is repeated appears once."""
        title = say("training_picture", self._language)

        async def send() -> discord.Message:  # a file that was sent once is closed
            files = [_png(picture, title)] if picture else []
            return await place.send(text[:LIMIT], nonce=nonce, files=files, **more)

        try:
            place, _ = await self._place(channel)
            sent = await retry(send)
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


def _png(picture: bytes, title: str) -> discord.File:
    return discord.File(io.BytesIO(picture), "training.png", description=title)


def _nonce() -> str:
    return uuid.uuid4().hex[:25]  # as long as they may be


def _told(error: Exception) -> str:
    text = str(error) or type(error).__name__
    if isinstance(error, discord.Forbidden | discord.NotFound):
        return f"{text}; the bot needs View Channel and Send Messages there"
    return text
