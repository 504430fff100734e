"""The reactions that stand on recent answers, for those whose events were missed."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from datetime import timedelta

import aiohttp
import discord
import structlog
from discord.utils import utcnow

from bot.platforms.chat.service import ChatService
from bot.platforms.discord.events import emoji_name
from storage.platform_events import ShownAnswer

_log = structlog.get_logger("discord")
_RECENTLY = timedelta(days=7)
_ANSWERS, _PEOPLE = 50, 500


async def reactions_stand(
    client: discord.Client, chat: ChatService, scored: Collection[str], between_s: float
) -> None:
    """Labels follow what is on recent answers and corrections; live questions go first, so
    ``between_s`` lies between two."""
    changed = 0
    for answer in await chat.parts.messages.answers_since(utcnow() - _RECENTLY, last=_ANSWERS):
        at = time.time()
        try:
            found = await _verdicts(client, answer, scored)
        except (discord.HTTPException, discord.InvalidData, aiohttp.ClientError, OSError) as error:
            _log.info("reactions not read", channel=answer.channel, error=str(error))
        else:
            if found is not None:
                changed += await chat.parts.votes.sync(answer, found, at)
        await asyncio.sleep(between_s)
    if changed:
        _log.info("reactions caught up", number=changed)


async def stands_elsewhere(
    client: discord.Client,
    chat: ChatService,
    gone: discord.RawReactionActionEvent,
    emoji: str,
    scored: Collection[str],
) -> bool:
    """Whoever took a reaction off has the same ``emoji`` on the answer still.

    On another of its pieces, or in another skin tone.
    """
    answer = await chat.parts.messages.answer_shown_in(str(gone.channel_id), str(gone.message_id))
    try:
        async for message in _pieces(client, answer):
            for reaction in message.reactions:
                sign = str(reaction.emoji)
                other = (message.id, sign) != (gone.message_id, str(gone.emoji))
                if other and emoji_name(discord.PartialEmoji.from_str(sign), scored) == emoji:
                    people = [user.id async for user in reaction.users(limit=_PEOPLE)]
                    if gone.user_id in people:
                        return True
    except (discord.HTTPException, discord.InvalidData, aiohttp.ClientError, OSError) as error:
        _log.info("reactions not read", channel=gone.channel_id, error=str(error))
    return False


async def _pieces(
    client: discord.Client, answer: ShownAnswer | None
) -> AsyncIterator[discord.Message]:
    """The messages of an answer that are still there."""
    if answer is None:
        return
    number = int(answer.channel)
    channel = client.get_channel(number) or await client.fetch_channel(number)
    if not isinstance(channel, discord.abc.Messageable):
        return
    for piece in answer.messages:
        try:
            yield await channel.fetch_message(int(piece))
        except discord.NotFound:
            continue


async def _verdicts(
    client: discord.Client, answer: ShownAnswer, scored: Collection[str]
) -> set[tuple[str, str]] | None:
    """(user, emoji) of everybody's verdicts; None when nothing of the answer is there any more."""
    found: set[tuple[str, str]] | None = None
    async for message in _pieces(client, answer):
        found = (found or set()) | await _verdicts_on(message, scored)
    return found


async def _verdicts_on(message: discord.Message, scored: Collection[str]) -> set[tuple[str, str]]:
    found = set()
    for reaction in message.reactions:
        emoji = emoji_name(discord.PartialEmoji.from_str(str(reaction.emoji)), scored)
        if emoji in scored:
            async for user in reaction.users(limit=_PEOPLE):
                if not user.bot:
                    found.add((str(user.id), emoji))
    return found
