"""Finds what was said while no event reached us: after a new session, or on a deaf connection."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import aiohttp
import discord
import structlog
from discord.utils import time_snowflake, utcnow

from bot.platforms.chat.service import ChatService
from bot.platforms.discord.events import event_of

Place = discord.TextChannel | discord.VoiceChannel | discord.Thread
_log = structlog.get_logger("discord")
_RECENTLY = timedelta(days=7)  # the bot took part in a conversation
_LONGEST = timedelta(days=1)  # nobody waits longer for an answer
_CHANNELS, _MESSAGES = 50, 200
_PAUSE_S = 0.05  # between channels: live questions go first
_OVERLAP = timedelta(minutes=1)  # clocks differ


async def missed(
    client: discord.Client, chat: ChatService, since: datetime
) -> AsyncIterator[discord.Message]:
    """Messages after ``since`` that were not handled, in channels where there may be some."""
    after = max(since - _OVERLAP, utcnow() - _LONGEST)
    for number in await _channels(client, chat, after):
        try:
            channel = client.get_channel(number) or await client.fetch_channel(number)
            if not isinstance(channel, discord.abc.Messageable):
                continue
            async for message in channel.history(after=after, limit=_MESSAGES, oldest_first=True):
                if not await chat.parts.messages.handled(event_of(message)):
                    yield message
        except (discord.HTTPException, discord.InvalidData, aiohttp.ClientError, OSError) as error:
            _log.info("channel not caught up", channel=number, error=str(error))
        await asyncio.sleep(_PAUSE_S)


async def _channels(client: discord.Client, chat: ChatService, after: datetime) -> list[int]:
    """Where the bot took part recently, and wherever Discord says that something was posted."""
    active = await chat.parts.messages.channels_since(utcnow() - _RECENTLY, last=_CHANNELS)
    mark = time_snowflake(after)
    posted = [
        place.id
        for guild in client.guilds
        for place in _text_places(guild)
        if (place.last_message_id or 0) > mark and _may_read(guild, place)
    ]
    return list(dict.fromkeys([*map(int, active), *posted[:_CHANNELS]]))


def _may_read(guild: discord.Guild, place: Place) -> bool:
    try:
        return place.permissions_for(guild.me).read_messages
    except discord.ClientException:  # a thread whose channel we do not see
        return False


def _text_places(guild: discord.Guild) -> list[Place]:
    return [*guild.text_channels, *guild.voice_channels, *guild.threads]
